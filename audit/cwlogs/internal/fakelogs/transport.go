package fakelogs

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"sync"
)

// RoundTrip answers a request without a network. The answer is there when its
// header is written; its body comes as the handler writes it, which waits for
// the reader.
func (s *Server) RoundTrip(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	body, err := requestBody(r)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancelCause(r.Context())
	served := r.Clone(ctx)
	served.Body = body

	from, to := io.Pipe()
	w := &responseWriter{header: http.Header{}, body: to, ready: make(chan struct{})}
	go func() {
		s.ServeHTTP(w, served)
		w.WriteHeader(http.StatusOK)
		to.Close()
	}()
	// As with a connection, the end of the request's context ends the body, and
	// the reader's end of the body is that of the handler's context.
	unregister := context.AfterFunc(ctx, func() { from.CloseWithError(context.Cause(ctx)) })
	select {
	case <-w.ready:
	case <-ctx.Done():
		cancel(nil)
		return nil, context.Cause(ctx)
	}
	return &http.Response{
		Status:        http.StatusText(w.status),
		StatusCode:    w.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        w.header.Clone(),
		ContentLength: -1,
		Request:       r,
		Body: &responseBody{PipeReader: from, close: func() {
			unregister()
			cancel(io.ErrClosedPipe)
		}},
	}, nil
}

// requestBody reads the body of a request, which is closed however it ends.
func requestBody(r *http.Request) (io.ReadCloser, error) {
	if r.Body == nil {
		return http.NoBody, nil
	}
	defer r.Body.Close()
	data, err := io.ReadAll(r.Body)
	return io.NopCloser(bytes.NewReader(data)), err
}

// A responseWriter writes a body into a pipe.
type responseWriter struct {
	header http.Header
	body   *io.PipeWriter
	status int
	once   sync.Once
	ready  chan struct{} // closed with the header
}

func (w *responseWriter) Header() http.Header { return w.header }

func (w *responseWriter) WriteHeader(status int) {
	w.once.Do(func() {
		w.status = status
		close(w.ready)
	})
}

func (w *responseWriter) Write(data []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	return w.body.Write(data)
}

// Flush does what is done at every Write; with it the header goes out alone.
func (w *responseWriter) Flush() { w.WriteHeader(http.StatusOK) }

// A responseBody tells the handler when its reader has gone.
type responseBody struct {
	*io.PipeReader
	close func()
}

func (b *responseBody) Close() error {
	b.close()
	return b.PipeReader.Close()
}
