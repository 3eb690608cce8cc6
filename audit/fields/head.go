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
// values never change, and the level and the stage are most often the usual ones.
const (
	runLevel = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"`
	runID    = `,"auditID":"`
	runStage = `,"stage":"`
	runURI   = `,"requestURI":"`
	runVerb  = `,"verb":"`

	usualLevel = `Metadata"` + runID
	usualStage = `ResponseComplete"` + runURI
)

// A span is the place of a string: from behind its first quote to behind its
// last.
type span struct{ start, end int }

// apiServerHead walks over the members up to the verb, if the line begins as
// the API server writes it. It returns the place of the key behind them; or 0,
// if the line begins otherwise, and then it has done nothing.
//
// Fast path: the general one is [walker.members].
func (w *walker) apiServerHead() int {
	line := w.line
	level, id := pass(line, follows(line, 0, runLevel), usualLevel, runID)
	idEnd, stage := pass(line, id, "", runStage)
	stageEnd, uri := pass(line, stage, usualStage, runURI)
	uriEnd, start := pass(line, uri, "", runVerb)
	if start < 0 {
		return 0
	}
	end, plain := skipKey(line, start)
	if end < 0 || !plain || end+1 >= len(line) || line[end] != ',' || line[end+1] != '"' {
		return 0
	}
	// The verb comes first: it is what refuses most lines.
	if w.takeHead(verb, span{start, end}) < 0 {
		return stop
	}
	if w.set.beforeVerb {
		for k, s := range [verb]span{
			{9, 15}, {30, 46}, // in runLevel
			{len(runLevel), level}, {id, idEnd}, {stage, stageEnd}, {uri, uriEnd},
		} {
			if w.takeHead(k, s) < 0 {
				return stop
			}
		}
	}
	return end + 1
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

// pass passes the string whose first quote stands before i, and the run behind
// it: usual is the most common string with that run, or empty. It returns where
// the string and the run end; next is -1 if they are not there.
func pass(line []byte, i int, usual, run string) (end, next int) {
	if usual != "" {
		if next = follows(line, i, usual); next >= 0 {
			return next - len(run), next
		}
	}
	if i < 0 {
		return i, -1
	}
	end = skipString(line, i)
	return end, follows(line, end, run)
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
