package audit

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/evictlog/evictlog/audit/fields"
)

// A key tells events apart: it is made of the audit ID, the stage and the time
// at which the API server received the request. Two events have the same one if
// the log has one event twice, and else only if SHA-256 is broken.
type key [16]byte

// begin is how the key begins, which tells a few million of them apart.
func (k key) begin() uint64 { return binary.BigEndian.Uint64(k[:]) }

// keyFields are what a key is made of, and what else a [Summary] tells of an
// event.
var keyFields = fields.Compile("auditID", "stage", "requestReceivedTimestamp", "level")

// keyOf returns the key of an event, from the values of keyFields. ok is false
// if the event has no audit ID, so that nothing can be said to repeat it.
func keyOf(values []fields.Value) (k key, ok bool) {
	id, stage, received := values[0], values[1], values[2]
	if id.Kind != fields.String || len(id.Raw) == 0 {
		return key{}, false
	}
	buf := make([]byte, 0, 128)
	buf = append(id.AppendText(buf), 0)
	buf = append(stage.AppendText(buf), 0)
	text := received.AppendText(nil)
	if nanos, ok := fields.ParseTime(text); ok { // however it is written
		text = binary.BigEndian.AppendUint64(nil, uint64(nanos))
	}
	sum := sha256.Sum256(append(buf, text...))
	return key(sum[:len(k)]), true
}

// A sample counts how often keys occur. It holds all keys up to a limit; beyond
// it every second one, then every fourth, and so on, chosen by the keys
// themselves: which ones it holds in the end depends neither on the order of the
// keys nor on how samples were merged. Source: P. Gibbons, "Distinct Sampling
// for Highly-Accurate Answers to Distinct Values Queries", VLDB 2001.
type sample struct {
	limit  int
	level  uint // of the bits of a key, those at its end that are zero
	counts map[uint64]uint32
}

func newSample(limit int) *sample {
	return &sample{limit: limit, counts: make(map[uint64]uint32)}
}

// add counts n occurrences of the key with this beginning.
func (s *sample) add(begin uint64, n uint32) {
	if !s.holds(begin) {
		return
	}
	s.counts[begin] += n
	for len(s.counts) > s.limit {
		s.level++
		s.thin()
	}
}

func (s *sample) holds(begin uint64) bool { return begin&(1<<s.level-1) == 0 }

// thin leaves out what the level no longer holds.
func (s *sample) thin() {
	for begin := range s.counts {
		if !s.holds(begin) {
			delete(s.counts, begin)
		}
	}
}

// merge adds what t has.
func (s *sample) merge(t *sample) {
	if t.level > s.level {
		s.level = t.level
		s.thin()
	}
	for begin, n := range t.counts {
		s.add(begin, n)
	}
}

// repeats returns how many events have the key of another one before them. It
// is an estimate if the sample does not hold all keys.
func (s *sample) repeats() (n int64, estimated bool) {
	for _, count := range s.counts {
		n += int64(count) - 1
	}
	return n << s.level, s.level > 0
}
