package audittest

import (
	"container/heap"
	"io"
	"time"
)

// A Generator makes the audit log of an Amazon EKS cluster that does not
// exist: the order of the keys, the escapes and the forms of time are those of
// the API server, and the mix of requests, their sizes and how well they
// compress are like those of real logs. The same fields give the same bytes on
// every machine. The zero Generator makes a log of 1 MiB.
//
// It is a cluster of 40 nodes in normal operation, in which nodes are drained
// now and then: one event in 2,000 is an eviction, and ten times as many lines
// have the word in them. Lines are in the order of the answers, with small
// inversions, and a watch is answered minutes after it was asked for.
type Generator struct {
	// Seed chooses one of many logs of the same kind.
	Seed uint64

	// Bytes is the size of the log: it ends with the line that reaches it.
	// 0 means 1 MiB. From 256 MiB on, one line has 16 MiB.
	Bytes int64

	// Start is the time of the first event, cut to microseconds. The zero
	// time means 2026-03-02T08:00:00Z.
	Start time.Time
}

const (
	defaultBytes = 1 << 20
	hugeFrom     = 256 << 20 // the size from which a log has one huge line
	hugeBytes    = 16 << 20
	flushBytes   = 256 << 10
)

// Generate writes the log and returns what is true of it. It holds no more of
// the log than its longest line. The error is that of w.
func (g Generator) Generate(w io.Writer) (Truth, error) {
	size := g.Bytes
	if size <= 0 {
		size = defaultBytes
	}
	start := g.Start
	if start.IsZero() {
		start = time.Date(2026, time.March, 2, 8, 0, 0, 0, time.UTC)
	}
	s := newServer(g.Seed, start.UnixMicro())
	for s.truth.Bytes < size {
		s.step()
		if size >= hugeFrom && !s.hadHuge && s.truth.Bytes > size/2 {
			s.hadHuge = true
			s.largeWrite(hugeBytes)
		}
		if len(s.out) >= flushBytes {
			if _, err := w.Write(s.out); err != nil {
				return Truth{}, err
			}
			s.out = s.out[:0]
		}
	}
	if _, err := w.Write(s.out); err != nil {
		return Truth{}, err
	}
	s.truth.finish()
	return s.truth, nil
}

// A server is the state of the API server that writes the log.
type server struct {
	*cluster
	rng     rng
	now     int64     // microseconds since the Unix epoch
	version int       // the latest resource version
	later   queue     // what is to happen at a known time
	tasks   int       // how many there were
	drained int       // how many evictions were planned
	current *workload // being rolled out
	reading *identity // who read last
	hadHuge bool

	ev       event  // the one being made
	req, res []byte // room for its bodies
	uri      []byte // and for its path
	clock    clock
	out      []byte // lines that were not yet written
	truth    Truth
}

func newServer(seed uint64, start int64) *server {
	s := &server{rng: rng(seed), now: start, version: 48_113_207, truth: newTruth()}
	s.cluster = newCluster(&s.rng, start/1e6)
	return s
}

// step makes the next event: one that is due, else a new request.
func (s *server) step() {
	s.now += s.pause()
	if s.truth.Events >= s.drained*evictionEvery {
		s.planDrain()
	}
	if len(s.later) > 0 && s.later[0].due <= s.now {
		heap.Pop(&s.later).(task).do(s)
		return
	}
	n := s.rng.n(kindsTotal)
	for i := range kinds {
		if n -= kinds[i].weight; n < 0 {
			kinds[i].make(s)
			return
		}
	}
}

// pause returns the microseconds until the next event: about 30 events a
// second on average, in bursts.
func (s *server) pause() int64 {
	switch n := s.rng.n(100); {
	case n < 55:
		return int64(200 + s.rng.n(6_000))
	case n < 98:
		return int64(5_000 + s.rng.n(80_000))
	}
	return int64(50_000 + s.rng.n(1_100_000))
}

// begin clears the event for a request by an actor.
func (s *server) begin(by *identity, verb, level string) *event {
	s.ev = event{
		id: s.rng.uuid(), by: by, verb: verb, level: level, stage: complete,
		ip: pick(&s.rng, by.ips), code: 200,
		micros: int64(400 + s.rng.n(4_000)),
	}
	if s.rng.n(16) == 0 {
		s.ev.micros += int64(s.rng.n(180_000))
	}
	s.req, s.res = s.req[:0], s.res[:0]
	return &s.ev
}

// emit writes the event. One line in a hundred comes a little late, as when
// two API servers write to one log.
func (s *server) emit() {
	at := s.now
	if s.rng.n(100) == 0 {
		at -= int64(s.rng.n(50_000))
	}
	s.write(at)
}

// write writes the event as answered at the given time.
func (s *server) write(at int64) {
	s.ev.at = at
	before := len(s.out)
	s.out = s.ev.append(s.out, s.req, s.res, &s.clock)
	s.truth.add(&s.ev, s.out[before:])
}

// nextVersion returns the resource version after a write.
func (s *server) nextVersion() int {
	s.version += 1 + s.rng.n(3)
	return s.version
}

// A task is something that happens later.
type task struct {
	due   int64
	order int // breaks ties
	do    func(*server)
}

// queue is a heap of tasks.
type queue []task

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(task)) }

func (q queue) Less(i, j int) bool {
	if q[i].due != q[j].due {
		return q[i].due < q[j].due
	}
	return q[i].order < q[j].order
}

func (q *queue) Pop() any {
	last := len(*q) - 1
	t := (*q)[last]
	(*q)[last] = task{} // let go of what it holds
	*q = (*q)[:last]
	return t
}

// after has something done when so many microseconds have passed.
func (s *server) after(micros int64, do func(*server)) {
	heap.Push(&s.later, task{due: s.now + micros, order: s.tasks, do: do})
	s.tasks++
}

// rng is the generator splitmix64: small, and the same everywhere for ever.
type rng uint64

func (r *rng) next() uint64 {
	*r += 0x9e3779b97f4a7c15
	z := uint64(*r)
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// n returns a number from 0 to n-1.
func (r *rng) n(n int) int { return int(r.next() >> 33 % uint64(n)) }

func (r *rng) uuid() uuid { return uuid{r.next(), r.next()} }

// pick returns one of a list.
func pick[T any](r *rng, list []T) T { return list[r.n(len(list))] }

// skewed returns a number from 0 to n-1, small ones more often.
func (r *rng) skewed(n int) int { return min(r.n(n), r.n(n)) }
