package evict

import (
	"bytes"
	"context"
	"errors"
	"iter"
	"slices"
	"time"

	"github.com/tidwall/gjson"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
)

// Options narrow down what [Attempts] gives. A nil *Options, and a zero field,
// ask for everything.
type Options struct {
	// Start and End bound [Attempt.Time]. Both are inclusive.
	Start, End time.Time

	// Namespace and Pod are the names that the pod must have.
	Namespace, Pod string

	// Strict has the source read and validate also what cannot be an
	// eviction, so that damage anywhere in the log is reported. Without it,
	// damage is reported unless the damaged line can be proved to hold no
	// eviction. The attempts are the same.
	Strict bool
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
		need := audit.Need{Literals: []string{"eviction"}, Strict: o.Strict}
		p := newPairing(maxRemembered)
		var last error
		for ev, err := range audit.Events(ctx, src, need) {
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
			at, key, ok, err := read(ev)
			if err != nil && !yield(Attempt{}, err) {
				return
			}
			if !ok || !o.wants(&at) {
				continue
			}
			for _, at := range p.add(at, key) {
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
		if last != nil {
			yield(Attempt{}, last)
		}
	}
}

// read returns the attempt that ev belongs to, if any, and what it is paired by.
func read(ev audit.Event) (at Attempt, key requestKey, ok bool, err error) {
	if !mayBeEviction(ev.Raw) {
		return Attempt{}, requestKey{}, false, nil
	}
	decoded, err := ev.Decode()
	if err != nil {
		return Attempt{}, requestKey{}, false, err
	}
	at, ok = FromEvent(decoded)
	if !ok {
		return Attempt{}, requestKey{}, false, nil
	}
	at.place(ev)
	if at.Time.IsZero() {
		at.Time = ev.Time()
	}
	key = requestKey{at.AuditID, decoded.RequestReceivedTimestamp.UnixNano(), decoded.RequestURI}
	return at, key, true, nil
}

// mayBeEviction reports whether the event can be about the subresource
// eviction. It is there to spare the others the decoder, and must hold for
// whatever the decoder may make an eviction of: the word may be escaped, which
// only \u can do to its letters, and of keys that are there twice the decoder
// takes the last, or joins the objects.
func mayBeEviction(raw []byte) bool {
	if !bytes.Contains(raw, []byte("eviction")) && !bytes.Contains(raw, []byte(`\u`)) {
		return false
	}
	found := false
	gjson.ParseBytes(raw).ForEach(func(key, value gjson.Result) bool {
		if key.Str == "objectRef" {
			value.ForEach(func(key, value gjson.Result) bool {
				found = found || key.Str == "subresource" && value.Str == "eviction"
				return !found
			})
		}
		return !found
	})
	return found
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
