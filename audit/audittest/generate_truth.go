package audittest

import (
	"cmp"
	"slices"
	"time"
	"unicode/utf8"
)

// RefusedPattern is the regular expression whose matches a [Truth] counts: the
// requests that were turned down for what they asked.
const RefusedPattern = `"reason":"(Forbidden|TooManyRequests|Conflict)"`

// ClientPattern is the regular expression whose only group [Truth.Clients] is
// by: the name of the program in userAgent.
const ClientPattern = `^([^/ ]+)`

// Bin is the width of the bins of [Truth.ByUser].
const Bin = 5 * time.Minute

const newest = 20

// A Truth is what is known about a generated log. A field that an event does
// not have counts as empty.
type Truth struct {
	Events int   // lines
	Bytes  int64 // of the log

	// Attempts are the requests about the subresource eviction of a pod.
	// Evictions are those of verb create, EvictionsOfPod those of [Pod].
	Attempts, Evictions, EvictionsOfPod int

	// Codes counts the Evictions by the code of the answer.
	Codes map[int]int

	// Mentions are the lines with "eviction" in quotes.
	Mentions int

	// Refused are the lines that match [RefusedPattern].
	Refused int

	// ByResource counts the events by verb and objectRef.resource, ByUser by
	// user.username and stageTimestamp, Clients by ClientPattern.
	ByResource map[VerbResource]int
	ByUser     map[UserBin]int
	Clients    map[string]int

	// Newest are the latest 20 values of stageTimestamp, the latest first.
	Newest []time.Time

	// lengths counts the lines by objectRef.resource and length.
	lengths map[string]map[int]int
	last    []int64 // the latest values, ascending, in microseconds
}

// VerbResource is a key of [Truth.ByResource].
type VerbResource struct{ Verb, Resource string }

// UserBin is a key of [Truth.ByUser]. Bin is when it begins.
type UserBin struct {
	User string
	Bin  int64 // seconds since the Unix epoch
}

func newTruth() Truth {
	return Truth{
		Codes: make(map[int]int), ByResource: make(map[VerbResource]int),
		ByUser: make(map[UserBin]int), Clients: make(map[string]int),
		lengths: make(map[string]map[int]int),
	}
}

// LengthQuantile returns a percentile, by nearest rank, of the lengths of the
// lines about an objectRef.resource: code points, without the line end. It is 0
// if there are no such lines.
func (t *Truth) LengthQuantile(resource string, percent int) int {
	lengths := make([]int, 0, len(t.lengths[resource]))
	total := 0
	for length, n := range t.lengths[resource] {
		lengths = append(lengths, length)
		total += n
	}
	slices.Sort(lengths)
	rank := (total*percent + 99) / 100
	for _, length := range lengths {
		if rank -= t.lengths[resource][length]; rank <= 0 {
			return length
		}
	}
	return 0
}

// add counts an event, given with its line.
func (t *Truth) add(e *event, line []byte) {
	t.Events++
	t.Bytes += int64(len(line))
	t.ByResource[VerbResource{e.verb, e.ref.resource}]++
	second := e.at / 1e6
	t.ByUser[UserBin{e.by.name, second - second%int64(Bin/time.Second)}]++
	t.Clients[e.by.client]++
	switch e.failure.reason {
	case "Forbidden", "TooManyRequests", "Conflict":
		t.Refused++
	}
	of := t.lengths[e.ref.resource]
	if of == nil {
		of = make(map[int]int)
		t.lengths[e.ref.resource] = of
	}
	of[len(line)-1-e.micron*(len("µ")-utf8.RuneCountInString("µ"))]++
	t.addTime(e.at)
	if e.ref.resource == "pods" && e.ref.subresource == "eviction" {
		t.addAttempt(e)
	} else if e.mentions {
		t.Mentions++
	}
}

func (t *Truth) addAttempt(e *event) {
	t.Attempts++
	t.Mentions++
	if e.verb != "create" {
		return
	}
	t.Evictions++
	t.Codes[e.code]++
	if e.ref.namespace == Namespace && e.ref.name == Pod {
		t.EvictionsOfPod++
	}
}

// addTime keeps the latest times.
func (t *Truth) addTime(at int64) {
	if len(t.last) == newest {
		if at <= t.last[0] {
			return
		}
		t.last = slices.Delete(t.last, 0, 1)
	}
	i, _ := slices.BinarySearchFunc(t.last, at, cmp.Compare[int64])
	t.last = slices.Insert(t.last, i, at)
}

// finish sets what is known only at the end.
func (t *Truth) finish() {
	for _, at := range slices.Backward(t.last) {
		t.Newest = append(t.Newest, time.UnixMicro(at).UTC())
	}
}
