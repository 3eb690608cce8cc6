package fields

// headKeys are the keys that the API server writes first, up to the verb, on
// which most lines are refused. All their values are strings.
// Source: k8s.io/apiserver, pkg/apis/audit/v1/types.go.
var headKeys = [...]string{"kind", "apiVersion", "level", "auditID", "stage", "requestURI", "verb"}

// userKeys are the keys that follow, unless the request was impersonated.
var userKeys = [...]string{"user", "sourceIPs", "userAgent"}

// verb is the number of the verb in headKeys.
const verb = len(headKeys) - 1

// What the API server writes between the values of the headKeys. The first two
// values never change.
const (
	runLevel = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"`
	runID    = `,"auditID":"`
	runStage = `,"stage":"`
	runURI   = `,"requestURI":"`
	runVerb  = `,"verb":"`
)

// A span is the place of a string: from behind its first quote to behind its
// last.
type span struct{ start, end int }

// apiServerHead returns the place of the verb, if the line begins as the API
// server writes it, and else a span that is empty.
//
// Fast path: the general one is [walker.members].
func apiServerHead(line []byte) span {
	i := follows(line, 0, runLevel)
	if i >= 0 {
		i = follows(line, skipShort(line, i), runID)
	}
	if i >= 0 {
		i = follows(line, skipString(line, i), runStage)
	}
	if i >= 0 {
		i = follows(line, skipShort(line, i), runURI)
	}
	if i >= 0 {
		i = follows(line, skipString(line, i), runVerb)
	}
	if i < 0 {
		return span{}
	}
	end, plain := skipKey(line, i)
	if end < 0 || !plain || end+1 >= len(line) || line[end] != ',' || line[end+1] != '"' {
		return span{}
	}
	return span{i, end}
}

// takeVerb takes the verb of a line that begins as the API server writes it, if
// the set wants it. It comes first, since it is what refuses most lines: those
// need no walker.
func (s *Set) takeVerb(text []byte, values []Value, accept func(i int, v Value) bool) bool {
	n := s.headNodes[verb]
	if n == nil {
		return true
	}
	v := Value{Kind: String, Raw: text}
	for k := n.leaf; k >= 0; k = s.same[k] {
		values[k] = v
		if accept != nil && !accept(int(k), v) {
			return false
		}
	}
	return true
}

// afterVerb walks over the other members up to the verb, which was taken. It
// returns the place of the key behind them.
func (w *walker) afterVerb(v span) int {
	if n := w.set.headNodes[verb]; n != nil {
		if n.leaf >= 0 {
			w.head.names--
		}
		w.settle(n)
		if w.next(v.end) < 0 {
			return stop
		}
	}
	if w.set.beforeVerb && w.beforeVerb() < 0 {
		return stop
	}
	return v.end + 1
}

// beforeVerb takes the values of the headKeys before the verb.
func (w *walker) beforeVerb() int {
	i := len(runLevel)
	if w.takeHead(0, span{9, 15}) < 0 || w.takeHead(1, span{30, 46}) < 0 { // in runLevel
		return stop
	}
	for k, run := range [...]string{runID, runStage, runURI, runVerb} {
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
