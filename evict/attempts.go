package evict

import (
	"context"
	"errors"
	"iter"
	"runtime"
	"slices"
	"time"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
)

// Options narrow down what [Attempts], [Evictions], [Removals] and [Drains]
// give. A nil *Options, and a zero field, ask for everything.
type Options struct {
	// Start and End bound [Attempt.Time], the time of any of the attempts of an
	// [Eviction], and the times of a [Removal] and a [Drain]. Both are inclusive.
	// The log is read beyond them for what happened to the pod before and after.
	Start, End time.Time

	// Namespace and Pod are the names that the pod must have, Node that of the
	// node it must have run on. [Attempts] take no notice of Node, since no
	// request to evict names one.
	Namespace, Pod string
	Node           string

	// Strict has the source read and validate also what cannot be an
	// eviction, so that damage anywhere in the log is reported, events that
	// have a key twice among it. Without it, an event is passed over as soon as
	// what was read of it is about something else, and a line that is proved
	// not to have the word in it. The attempts in a log of an API server are
	// the same.
	Strict bool

	// Rules say who is behind a request, before the rules of the package do.
	Rules []Rule

	// Hint tells what the log may not: which pods run on Fargate.
	Hint Hint

	// Memory bounds what the records that wait to be put in order take, in
	// bytes; 0 means 256 MiB. Beyond it they are written to temporary files in
	// TempDir, or the default directory for those, which are removed at the end.
	// [Attempts] need none.
	Memory  int
	TempDir string

	// Workers is how many goroutines read the source; 0 means as many as Go
	// runs at a time. The attempts do not depend on it.
	Workers int
}

func (o *Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// wants reports whether the options ask for this attempt.
func (o *Options) wants(at *Attempt) bool {
	switch {
	case o.Namespace != "" && at.Namespace != o.Namespace,
		o.Pod != "" && at.Pod != o.Pod,
		!o.Start.IsZero() && at.Time.Before(o.Start),
		!o.End.IsZero() && at.Time.After(o.End):
		return false
	}
	return true
}

// Attempts gives every attempt in src once, in the order in which the log has
// the answers. The sequence can be walked again if src can be read again.
//
// The stages of one request make one attempt, whatever their order in the log:
// events belong together if they have the same audit ID, time of arrival and
// request URI. An answer that is in the log twice counts once. Requests whose
// answer is not in the log come last, as Unanswered, in log order. Events that
// lost their audit ID cannot be paired: each counts.
//
// Memory is bounded by the requests in flight, not by the log. At least 65,536
// unanswered requests, and as many answered ones, are remembered; if there are
// more between two stages of one request, as in logs that were shuffled or
// that leave out the stage of the answers, the oldest come out as Unanswered
// there and then, and a late stage counts as another attempt.
//
// An [*audit.EventError] concerns one place, and the loop may go on; any other
// error is the last item. An event that might be an eviction and cannot be
// decoded is such a place.
func Attempts(ctx context.Context, src audit.Source, opts *Options) iter.Seq2[Attempt, error] {
	return func(yield func(Attempt, error) bool) {
		o := Options{}
		if opts != nil {
			o = *opts
		}
		p := newPairing(maxRemembered)
		var last error
		for f, err := range audit.InOrder(ctx, src, o.workers(), o.part(src)) {
			if err != nil {
				if _, ok := errors.AsType[*audit.EventError](err); !ok {
					last = err
					break
				}
				if !yield(Attempt{}, err) {
					return
				}
				continue
			}
			for _, at := range p.add(f.Attempt, f.key) {
				if !yield(at, nil) {
					return
				}
			}
		}
		for _, at := range p.rest() {
			if !yield(at, nil) {
				return
			}
		}
		if last == nil {
			last = audit.NoEvents(src)
		}
		if last != nil {
			yield(Attempt{}, last)
		}
	}
}

// A found attempt is one on its way to a pairing, by a pointer: room for many
// of them waits between the goroutines.
type found struct {
	Attempt
	key requestKey
}

// part returns what reads a part of src and gives the attempts in it.
func (o *Options) part(src audit.Source) func(ctx context.Context, worker, n int, p audit.Part, give func(*found, error) bool) {
	return func(ctx context.Context, _, _ int, p audit.Part, give func(*found, error) bool) {
		sel := new(selection)
		need := audit.Need{Literals: []string{"eviction"}, Wanted: sel.wants, Refuses: sel.refuses, Unchecked: true, Strict: o.Strict}
		for ev, err := range src.Read(ctx, p, need) {
			var f *found
			if err == nil {
				f, err = sel.read(ev)
				if err == nil && (f == nil || !o.wants(&f.Attempt)) {
					continue
				}
			}
			if !give(f, err) {
				return
			}
		}
	}
}

// maxRemembered is how many requests of each kind a pairing remembers at
// least.
const maxRemembered = 1 << 16

// A pairing makes one attempt of the stages of a request. It keeps two
// generations of requests: when the young one is full it becomes the old one,
// and the one that was old is given up.
type pairing struct {
	max      int
	n        int // attempts seen, for log order
	waiting  [2]map[requestKey]numbered
	answered [2]map[requestKey]struct{}
}

// A requestKey tells requests apart. The audit ID alone does not, since the
// client may choose it.
type requestKey struct {
	auditID  string
	received int64 // nanoseconds since 1970, or one and the same number if not logged
	uri      string
}

type numbered struct {
	n int
	Attempt
}

func newPairing(limit int) *pairing {
	p := &pairing{max: limit}
	for i := range 2 {
		p.waiting[i] = make(map[requestKey]numbered)
		p.answered[i] = make(map[requestKey]struct{})
	}
	return p
}

// add takes in an attempt and returns those that are ready.
func (p *pairing) add(at Attempt, key requestKey) []Attempt {
	if key.auditID == "" {
		return []Attempt{at} // nothing to pair it by
	}
	p.n++
	if p.isAnswered(key) {
		return nil
	}
	if at.Stage != auditv1.StageRequestReceived {
		p.answer(key)
		return []Attempt{at}
	}
	if p.isWaiting(key) {
		return nil
	}
	p.waiting[0][key] = numbered{p.n, at}
	if len(p.waiting[0]) < p.max {
		return nil
	}
	tooOld := p.waiting[1]
	p.waiting = [2]map[requestKey]numbered{make(map[requestKey]numbered), p.waiting[0]}
	return inOrder(tooOld)
}

func (p *pairing) isAnswered(key requestKey) bool {
	_, young := p.answered[0][key]
	_, old := p.answered[1][key]
	return young || old
}

func (p *pairing) isWaiting(key requestKey) bool {
	_, young := p.waiting[0][key]
	_, old := p.waiting[1][key]
	return young || old
}

// answer notes that the request has its answer.
func (p *pairing) answer(key requestKey) {
	delete(p.waiting[0], key)
	delete(p.waiting[1], key)
	p.answered[0][key] = struct{}{}
	if len(p.answered[0]) >= p.max {
		p.answered = [2]map[requestKey]struct{}{make(map[requestKey]struct{}), p.answered[0]}
	}
}

// rest returns the requests that still wait for their answer.
func (p *pairing) rest() []Attempt {
	return append(inOrder(p.waiting[1]), inOrder(p.waiting[0])...)
}

// inOrder returns the attempts in the order of the log.
func inOrder(m map[requestKey]numbered) []Attempt {
	byNumber := make([]numbered, 0, len(m))
	for _, at := range m {
		byNumber = append(byNumber, at)
	}
	slices.SortFunc(byNumber, func(a, b numbered) int { return a.n - b.n })
	list := make([]Attempt, len(byNumber))
	for i, at := range byNumber {
		list[i] = at.Attempt
	}
	return list
}
