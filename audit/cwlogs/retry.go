package cwlogs

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/smithy-go"
)

// How long retries wait: half a second at first, twice as long each time, and no
// longer than 20 seconds, which is the longest that the SDK waits. Ten of them
// take two minutes at most.
const (
	defaultRetries = 10
	firstDelay     = 500 * time.Millisecond
	longestDelay   = 20 * time.Second
)

// delay returns how long to wait before the n-th retry, counting from 0. It is
// drawn by lot from the upper half of its range, so that callers who were
// refused together do not come back together.
func delay(n int) time.Duration {
	d := longestDelay
	if n < 8 {
		d = min(d, firstDelay<<n)
	}
	return d/2 + rand.N(d/2+1)
}

// retries is how many retries the number in an option asks for.
func retries(n int) int {
	if n == 0 {
		return defaultRetries
	}
	return max(n, 0)
}

// again makes the requests of do until one is answered, or fails for a reason
// that stays, or limit of them have been made again. Each waits for its turn
// at p. The error is the cause of ctx when that is done.
func again[T any](ctx context.Context, p *pacer, limit int, do func() (T, error)) (T, error) {
	var none T
	for n := 0; ; n++ {
		if err := p.wait(ctx); err != nil {
			return none, err
		}
		out, err := do()
		switch {
		case err == nil:
			return out, nil
		case ctx.Err() != nil:
			return none, context.Cause(ctx)
		case !passes(err):
			return none, err
		case n == limit:
			return none, fmt.Errorf("%w (request %d, the last)", err, n+1)
		}
		if err := sleep(ctx, delay(n)); err != nil {
			return none, err
		}
	}
}

// passes tells whether an error may pass: that the service refuses because of
// its rates, that it fails, or that the connection broke. What the SDK would
// try again is one, and so is any failure that the service takes the blame for.
func passes(err error) bool {
	if retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err).Bool() {
		return true
	}
	if e, ok := errors.AsType[interface {
		error
		HTTPStatusCode() int
	}](err); ok && e.HTTPStatusCode() >= 500 {
		return true
	}
	e, ok := errors.AsType[smithy.APIError](err)
	return ok && e.ErrorFault() == smithy.FaultServer
}

// A pacer spaces requests. A nil pacer lets all of them pass.
type pacer struct {
	every time.Duration
	mu    sync.Mutex
	next  time.Time // before which no request is made
}

// wait waits for the next turn, or returns the cause of ctx.
func (p *pacer) wait(ctx context.Context) error {
	if p == nil {
		return context.Cause(ctx)
	}
	p.mu.Lock()
	turn := time.Now()
	if turn.Before(p.next) {
		turn = p.next
	}
	p.next = turn.Add(p.every)
	p.mu.Unlock()
	return sleep(ctx, time.Until(turn))
}

// sleep waits for d, or returns the cause of ctx when that is done first.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 || ctx.Err() != nil {
		return context.Cause(ctx)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
