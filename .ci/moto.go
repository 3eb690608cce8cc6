// Moto puts logs into a CloudWatch Logs that somebody else wrote, has them
// exported to S3, and holds what package audit reads there to what was put in.
package main

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
)

const (
	group   = "/aws/eks/prod/cluster"
	bucket  = "exports"
	prefix  = "exportedlogs"
	streams = "kube-apiserver-audit-"

	// The most that one request may put. Source: AWS, PutLogEvents.
	batchEvents = 1000
	batchBytes  = 1 << 20
)

// An entry is a log event.
type entry struct {
	Timestamp int64  `json:"timestamp"` // milliseconds since 1970
	Message   string `json:"message"`
}

func main() {
	log.SetFlags(0)
	c := client{os.Args[1]}
	if err := c.wait(); err != nil {
		log.Fatal(err)
	}
	if err := c.roundTrip(os.Args[2:]); err != nil {
		log.Fatal(err)
	}
}

// roundTrip puts each file into a stream of its own, and compares.
func (c client) roundTrip(files []string) error {
	if err := c.do("CreateLogGroup", map[string]any{"logGroupName": group}, nil); err != nil {
		return err
	}
	want := map[string][]string{}
	for i, name := range files {
		stream := fmt.Sprintf("%s%032x", streams, i)
		entries, err := load(name)
		if err != nil {
			return err
		}
		if err := c.put(stream, entries); err != nil {
			return err
		}
		for _, e := range entries {
			want[stream] = append(want[stream], e.Message)
		}
	}
	dir, err := os.MkdirTemp("", "export")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	if err := c.export(dir); err != nil {
		return err
	}
	return compare(dir, want)
}

// load reads a file as log events. Their times are whole seconds, because that
// is all that moto keeps of them, and in order, because it sorts by them.
func load(name string) ([]entry, error) {
	var entries []entry
	for ev, err := range audit.Files(name).Events(context.Background()) {
		if err != nil {
			return nil, err
		}
		entries = append(entries, entry{ev.Time().Truncate(time.Second).UnixMilli(), string(ev.Raw)})
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	return entries, nil
}

// compare reads the export back.
func compare(dir string, want map[string][]string) error {
	got := map[string][]string{}
	src := audit.Files(dir)
	for ev, err := range src.Events(context.Background()) {
		if err != nil {
			return err
		}
		if !ev.Logged.Equal(ev.Time().Truncate(time.Second)) {
			return fmt.Errorf("%v: logged at %v, and its time is %v", ev.Pos, ev.Logged, ev.Time())
		}
		got[ev.Stream] = append(got[ev.Stream], string(ev.Raw))
	}
	total := 0
	for stream, messages := range want {
		if !slices.Equal(got[stream], messages) {
			return fmt.Errorf("stream %s: %d messages came back, not the %d that were put in", stream, len(got[stream]), len(messages))
		}
		total += len(messages)
	}
	if len(got) != len(want) {
		return fmt.Errorf("%d streams came back, of %d", len(got), len(want))
	}
	if other := src.Stats().Other.Lines; other != 1 {
		return fmt.Errorf("%d lines of no stream, and there is the test object", other)
	}
	fmt.Printf("%d messages in %d streams came back as they were\n", total, len(want))
	return nil
}

// A client talks to the server without an SDK.
type client struct{ url string }

// wait waits until the server answers.
func (c client) wait() error {
	for range 300 {
		resp, err := http.Get(c.url)
		if err == nil {
			return resp.Body.Close()
		}
		time.Sleep(100 * time.Millisecond)
	}
	return fmt.Errorf("no server at %s", c.url)
}

// put puts log events into a new stream.
func (c client) put(stream string, entries []entry) error {
	if err := c.do("CreateLogStream", map[string]any{"logGroupName": group, "logStreamName": stream}, nil); err != nil {
		return err
	}
	for len(entries) > 0 {
		n, size := 0, 0
		for n < len(entries) && n < batchEvents && (n == 0 || size+len(entries[n].Message) < batchBytes) {
			size += len(entries[n].Message)
			n++
		}
		in := map[string]any{"logGroupName": group, "logStreamName": stream, "logEvents": entries[:n]}
		if err := c.do("PutLogEvents", in, nil); err != nil {
			return err
		}
		entries = entries[n:]
	}
	return nil
}

// export runs an export task and copies what it wrote to dir.
func (c client) export(dir string) error {
	if _, err := c.s3(http.MethodPut, bucket); err != nil {
		return err
	}
	in := map[string]any{
		"taskName": "all", "logGroupName": group, "from": 0, "to": time.Now().AddDate(10, 0, 0).UnixMilli(),
		"destination": bucket, "destinationPrefix": prefix,
	}
	if err := c.do("CreateExportTask", in, nil); err != nil {
		return err
	}
	body, err := c.s3(http.MethodGet, bucket+"?list-type=2")
	if err != nil {
		return err
	}
	var list struct {
		Contents []struct{ Key string }
	}
	if err := xml.Unmarshal(body, &list); err != nil {
		return err
	}
	for _, object := range list.Contents {
		data, err := c.s3(http.MethodGet, bucket+"/"+object.Key)
		if err != nil {
			return err
		}
		name := filepath.Join(dir, filepath.FromSlash(object.Key))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(name, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// do calls an operation of CloudWatch Logs.
func (c client) do(operation string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(http.MethodPost, c.url, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("X-Amz-Target", "Logs_20140328."+operation)
	answer, err := c.send(req, "logs")
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(answer, out)
}

// s3 makes a request to S3.
func (c client) s3(method, path string) ([]byte, error) {
	req, err := http.NewRequest(method, c.url+"/"+path, nil)
	if err != nil {
		return nil, err
	}
	return c.send(req, "s3")
}

// send sends a request. The server goes by the service in its signature, which
// it does not check.
func (c client) send(req *http.Request, service string) ([]byte, error) {
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=test/20260101/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode/100 != 2 {
		err = fmt.Errorf("%s %s: %s: %s", req.Method, req.URL, resp.Status, strings.TrimSpace(string(body)))
	}
	return body, err
}
