package evict

import (
	"encoding/binary"
	"errors"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// A walker goes over the fields of a record to write them as a text, to read
// them from one, or to estimate the memory they take. So the fields are listed
// once, and what is written can be read.
type walker struct {
	mode   walkMode
	places bool   // the places of events are to be written too
	text   []byte // what was written, or is left to read
	size   int    // of memory, in bytes
	err    error
}

type walkMode uint8

const (
	writing walkMode = iota
	reading
	measuring
)

// appendRecord appends r as a text that readRecord reads.
func appendRecord(dst []byte, r *record) []byte {
	w := walker{mode: writing, places: true, text: dst}
	w.record(r)
	return w.text
}

// readRecord reads a record that appendRecord has written.
func readRecord(text []byte) (*record, error) {
	w := walker{mode: reading, places: true, text: text}
	r := new(record)
	w.record(r)
	if w.err == nil && len(w.text) > 0 {
		w.err = errRecord
	}
	return r, w.err
}

// content returns what r says, without where it was found.
func (r *record) content() []byte {
	w := walker{mode: writing}
	w.record(r)
	return w.text
}

// memory estimates how many bytes r takes.
func (r *record) memory() int {
	w := walker{mode: measuring, size: sizeOf[record]()}
	w.record(r)
	return w.size
}

// errRecord says that a text is no record. It comes of a file that was changed
// by someone else.
var errRecord = errors.New("a record cannot be read")

func (w *walker) record(r *record) {
	walkNumber(w, &r.kind)
	w.time(&r.at)
	w.time(&r.done)
	walkText(w, &r.stage)
	walkText(w, &r.auditID)
	w.request(&r.request)
	walkNumber(w, &r.code)
	walkNumber(w, &r.dryRun)
	w.grace(&r.grace)
	walkText(w, &r.group)
	walkText(w, &r.namespace)
	walkText(w, &r.name)
	walkText(w, &r.uid)
	walkPointer(w, &r.attempt, w.attempt)
	walkList(w, &r.pods, w.pod)
	walkPointer(w, &r.node, w.node)
	walkPointer(w, &r.owner, w.owner)
	walkText(w, &r.requester)
	if w.places {
		w.pos(&r.pos)
		walkText(w, &r.stream)
	}
}

func (w *walker) request(q *Request) {
	w.actor(&q.Actor)
	walkText(w, &q.Verb)
	walkText(w, &q.Resource)
	walkText(w, &q.Subresource)
	walkText(w, &q.URI)
	walkText(w, &q.RBAC)
	walkText(w, &q.APIVersion)
	walkMap(w, &q.Annotations, walkText[string])
	walkText(w, &q.Webhook)
	walkText(w, &q.Message)
	walkNumber(w, &q.Compute)
	walkList(w, &q.NodeMarks, func(s *string) { walkText(w, s) })
}

func (w *walker) actor(a *Actor) {
	walkText(w, &a.User)
	walkText(w, &a.UID)
	walkList(w, &a.Groups, func(s *string) { walkText(w, s) })
	walkText(w, &a.Impersonated)
	walkText(w, &a.CanonicalARN)
	walkText(w, &a.SessionName)
	walkText(w, &a.PodName)
	walkText(w, &a.UserAgent)
	walkText(w, &a.SourceIP)
}

func (w *walker) attempt(at *Attempt) {
	w.time(&at.Time)
	w.time(&at.Answered)
	walkText(w, &at.AuditID)
	walkText(w, &at.Namespace)
	walkText(w, &at.Pod)
	walkText(w, &at.UID)
	walkText(w, &at.LiveUID)
	walkText(w, &at.Verb)
	walkNumber(w, &at.Outcome)
	walkNumber(w, &at.Code)
	walkText(w, &at.Reason)
	walkText(w, &at.Message)
	walkList(w, &at.Budgets, w.budget)
	walkNumber(w, &at.RetryAfter)
	walkNumber(w, &at.DryRun)
	w.grace(&at.GracePeriodSeconds)
	walkText(w, &at.APIVersion)
	walkText(w, &at.Webhook)
	walkText(w, &at.Policy)
	w.actor(&at.Actor)
	walkText(w, &at.Level)
	walkText(w, &at.Stage)
	walkList(w, &at.Evidence, w.evidence)
	if w.places {
		walkText(w, &at.Group)
		walkText(w, &at.Stream)
		w.pos(&at.Pos)
	}
}

func (w *walker) budget(b *Budget) {
	walkText(w, &b.Name)
	walkNumber(w, &b.Needs)
	walkNumber(w, &b.Has)
	w.flag(&b.Counted)
}

func (w *walker) evidence(e *Evidence) {
	walkText(w, &e.Field)
	walkText(w, &e.Value)
	if w.places {
		w.pos(&e.Pos)
	}
}

func (w *walker) pod(p *podState) {
	walkText(w, &p.namespace)
	walkText(w, &p.name)
	walkText(w, &p.uid)
	walkText(w, &p.node)
	w.ownerName(&p.owner)
	walkMap(w, &p.labels, walkText[string])
	walkMap(w, &p.protections, walkText[string])
	walkText(w, &p.scheduler)
	walkText(w, &p.priority)
	w.time(&p.created)
	w.time(&p.deleting)
	walkText(w, &p.phase)
	walkText(w, &p.reason)
	walkText(w, &p.message)
	walkText(w, &p.disrupted)
	walkText(w, &p.disruptedMessage)
	w.time(&p.disruptedAt)
	walkText(w, &p.ready)
	w.time(&p.readyAt)
	walkMap(w, &p.exitCodes, walkNumber[int32])
}

func (w *walker) node(n *nodeChange) {
	w.flag(&n.cordon)
	w.flag(&n.uncordon)
	walkMap(w, &n.taints, walkText[string])
	walkMap(w, &n.labels, walkText[string])
	w.flag(&n.whole)
}

func (w *walker) owner(o *ownerChange) {
	walkText(w, &o.kind)
	walkPointer(w, &o.replicas, func(n *int32) { walkNumber(w, n) })
	w.flag(&o.restart)
	w.flag(&o.template)
	w.ownerName(&o.owner)
	walkText(w, &o.uid)
}

func (w *walker) ownerName(o *Owner) {
	walkText(w, &o.Kind)
	walkText(w, &o.Name)
	walkText(w, &o.UID)
}

func (w *walker) pos(p *audit.Pos) {
	walkText(w, &p.File)
	walkNumber(w, &p.Line)
	walkNumber(w, &p.Offset)
}

func (w *walker) grace(seconds **int64) { walkPointer(w, seconds, func(n *int64) { walkNumber(w, n) }) }

// time keeps the instant, and UTC as its zone.
func (w *walker) time(t *time.Time) {
	seconds, nanos := t.Unix(), t.Nanosecond()
	walkNumber(w, &seconds)
	walkNumber(w, &nanos)
	if w.mode == reading {
		*t = time.Unix(seconds, int64(nanos)).UTC()
	}
}

func (w *walker) flag(b *bool) {
	n := 0
	if *b {
		n = 1
	}
	walkNumber(w, &n)
	*b = n != 0
}

// walkNumber goes over an integer. Those of 64 bits without a sign do not fit.
func walkNumber[T ~int | ~int32 | ~int64 | ~uint8](w *walker, n *T) {
	switch w.mode {
	case writing:
		w.text = binary.AppendVarint(w.text, int64(*n))
	case reading:
		v, size := binary.Varint(w.text)
		if size <= 0 {
			w.fail()
			return
		}
		*n, w.text = T(v), w.text[size:]
	}
}

// walkText goes over a string.
func walkText[T ~string](w *walker, s *T) {
	switch w.mode {
	case writing:
		w.text = append(binary.AppendUvarint(w.text, uint64(len(*s))), *s...)
	case reading:
		n, size := binary.Uvarint(w.text)
		if size <= 0 || n > uint64(len(w.text)-size) {
			w.fail()
			return
		}
		end := size + int(n)
		*s, w.text = T(w.text[size:end]), w.text[end:]
	case measuring:
		w.size += len(*s)
	}
}

// fail ends the reading: of an empty text nothing can be read.
func (w *walker) fail() { w.err, w.text = errRecord, nil }

// length goes over the number of elements of a list or a map, which is -1 for
// nil. It returns 0 where there is none to read.
func (w *walker) length(n int) int {
	n++
	walkNumber(w, &n)
	if n < 0 || n-1 > len(w.text) && w.mode == reading { // each takes a byte at least
		w.fail()
		return 0
	}
	return n - 1
}

// sizeOf returns how many bytes a value takes without what it points to.
func sizeOf[T any]() int { return int(reflect.TypeFor[T]().Size()) }

// maxRoom is for how many elements room is made before they are read: their
// number may be a lie.
const maxRoom = 1024

// walkPointer goes over a value that may not be there.
func walkPointer[T any](w *walker, p **T, value func(*T)) {
	there := *p != nil
	w.flag(&there)
	if !there {
		return
	}
	if w.mode == reading {
		*p = new(T)
	}
	if w.mode == measuring {
		w.size += sizeOf[T]()
	}
	value(*p)
}

// walkList goes over a list.
func walkList[T any](w *walker, elements *[]T, element func(*T)) {
	n := -1
	if *elements != nil {
		n = len(*elements)
	}
	n = w.length(n)
	if w.mode == reading && n >= 0 {
		*elements = make([]T, 0, min(n, maxRoom))
	}
	if w.mode == measuring {
		w.size += len(*elements) * sizeOf[T]()
	}
	for i := 0; i < n && w.err == nil; i++ {
		if w.mode == reading {
			var none T
			*elements = append(*elements, none)
		}
		element(&(*elements)[i])
	}
}

// walkMap goes over a map, in the order of its keys.
func walkMap[T any](w *walker, m *map[string]T, value func(*walker, *T)) {
	n := -1
	if *m != nil {
		n = len(*m)
	}
	n = w.length(n)
	if w.mode == measuring {
		w.size += len(*m) * (sizeOf[string]() + sizeOf[T]())
	}
	if w.mode != reading {
		for _, key := range slices.Sorted(maps.Keys(*m)) {
			v := (*m)[key]
			walkText(w, &key)
			value(w, &v)
		}
		return
	}
	if n >= 0 {
		*m = make(map[string]T, min(n, maxRoom))
	}
	for range n {
		var key string
		var v T
		walkText(w, &key)
		value(w, &v)
		if w.err != nil {
			return
		}
		(*m)[key] = v
	}
}
