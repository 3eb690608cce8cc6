package fields

import "bytes"

// headKeys are the keys that the API server writes first, up to the verb, on
// which most lines are refused. All their values are strings.
// Source: k8s.io/apiserver, pkg/apis/audit/v1/types.go.
var headKeys = [...]string{"kind", "apiVersion", "level", "auditID", "stage", "requestURI", "verb"}

// userKeys are the keys that follow, unless the request was impersonated.
var userKeys = [...]string{"user", "sourceIPs", "userAgent"}

// The numbers of the last two of headKeys.
const (
	verb = len(headKeys) - 1
	uri  = verb - 1
)

// What the API server writes between the values of the headKeys. The first two
// values never change.
const (
	runLevel = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"`
	runID    = `,"auditID":"`
	runStage = `,"stage":"`
	runURI   = `,"requestURI":"`
	runVerb  = `,"verb":"`

	runComplete = `ResponseComplete"` + runURI // nearly all have this stage
)

// A span is the place of a string: from behind its first quote to behind its
// last.
type span struct{ start, end int }

// A head is what refuses most lines: where the path of the request and the verb
// stand.
type head struct{ uri, verb span }

// apiServerHead returns the head of a line that begins as the API server writes
// it, and of others one in which nothing stands.
//
// Fast path: the general one is [walker.members].
func apiServerHead(line []byte) (h head) {
	i := follows(line, 0, runLevel)
	if i >= 0 {
		i = follows(line, skipShort(line, i), runID)
	}
	if i >= 0 {
		i = follows(line, skipUUID(line, i), runStage)
	}
	if at := follows(line, i, runComplete); at >= 0 {
		i = at
	} else if i >= 0 {
		i = follows(line, skipShort(line, i), runURI)
	}
	if i >= 0 {
		h.uri.start, h.uri.end = i, skipString(line, i)
		i = follows(line, h.uri.end, runVerb)
	}
	if i < 0 {
		return head{}
	}
	end, plain := skipKey(line, i)
	if end < 0 || !plain || end+1 >= len(line) || line[end] != ',' || line[end+1] != '"' {
		return head{}
	}
	h.verb = span{i, end}
	return h
}

// takeEarly takes the verb and the path of the request, in this order, if the set
// wants them. It reports false if one was refused: then there need be no walker.
func (s *Set) takeEarly(line []byte, h head, values []Value, accept func(i int, v Value) bool) bool {
	for _, early := range [...]struct {
		n     *node
		place span
	}{{s.headNodes[verb], h.verb}, {s.headNodes[uri], h.uri}} {
		if early.n == nil || early.n.leaf < 0 {
			continue
		}
		raw := line[early.place.start : early.place.end-1]
		v := Value{String, bytes.IndexByte(raw, '\\') >= 0, raw}
		if !s.give(early.n, v, values, accept) {
			return false
		}
	}
	return true
}

// afterVerb walks over the other members up to the verb. It returns the place of
// the key behind it.
func (w *walker) afterVerb(h head) int {
	for _, n := range [...]*node{w.set.headNodes[verb], w.set.headNodes[uri]} {
		if n == nil {
			continue
		}
		if n.leaf >= 0 {
			w.head.names--
		}
		w.settle(n)
		if w.next(h.verb.end) < 0 {
			return stop
		}
	}
	if w.set.beforeURI && w.beforeURI() < 0 {
		return stop
	}
	return h.verb.end + 1
}

// beforeURI takes the values of the first headKeys.
func (w *walker) beforeURI() int {
	i := len(runLevel)
	if w.takeHead(0, span{9, 15}) < 0 || w.takeHead(1, span{30, 46}) < 0 { // in runLevel
		return stop
	}
	for k, run := range [...]string{runID, runStage, runURI} {
		end := skipString(w.line, i)
		if w.takeHead(2+k, span{i, end}) < 0 {
			return stop
		}
		i = end + len(run)
	}
	return i
}

// What the API server writes before the values of the userKeys.
const (
	runUser      = `"user":{`
	runSourceIPs = `,"sourceIPs":[`
	runUserAgent = `,"userAgent":"`
)

// afterUser passes the members with the userKeys, of which the first one is at i,
// if the set wants none of them and they stand as the API server writes them. It
// returns the place of the key behind them, or else i.
//
// Fast path: the general one is [walker.members].
func (w *walker) afterUser(i int) int {
	if w.set.ofUser {
		return i
	}
	line := w.line
	k := follows(line, i, runUser)
	if k >= 0 {
		k = follows(line, skipObject(line, k), runSourceIPs)
	}
	if k >= 0 {
		k = follows(line, skipNested(line, k, '[', 1), runUserAgent)
	}
	if k >= 0 {
		k = follows(line, skipString(line, k), `,"`)
	}
	if k < 0 {
		return i
	}
	return k - 1
}

// follows returns the place behind run if that stands at i, and else -1.
func follows(line []byte, i int, run string) int {
	if i < 0 || len(line)-i < len(run) || string(line[i:i+len(run)]) != run {
		return -1
	}
	return i + len(run)
}

// takeHead takes the value of the k-th of headKeys, if the set wants it.
func (w *walker) takeHead(k int, s span) int {
	n := w.set.headNodes[k]
	if n == nil {
		return s.end
	}
	if n.leaf >= 0 && w.takeString(n, s.start, s.end) < 0 {
		return stop
	}
	w.settle(n)
	return w.next(s.end)
}
