package fields

// headKeys are the keys that the API server writes first, up to the verb, on
// which most lines are refused. All their values are strings.
// Source: k8s.io/apiserver, pkg/apis/audit/v1/types.go.
var headKeys = [...]string{"kind", "apiVersion", "level", "auditID", "stage", "requestURI", "verb"}

// verb is the number of the verb in headKeys.
const verb = len(headKeys) - 1

// What the API server writes before the values of the headKeys. The first two
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

// apiServerHead walks over the members up to the verb, if the line begins as
// the API server writes it. It returns the place of the key behind them; or 0,
// if the line begins otherwise, and then it has done nothing.
//
// Fast path: the general one is [walker.members].
func (w *walker) apiServerHead() int {
	line := w.line
	if len(line) < len(runLevel) || string(line[:len(runLevel)]) != runLevel {
		return 0
	}
	level := skipString(line, len(runLevel))
	if level < 0 || len(line)-level < len(runID) || string(line[level:level+len(runID)]) != runID {
		return 0
	}
	id := skipString(line, level+len(runID))
	if id < 0 || len(line)-id < len(runStage) || string(line[id:id+len(runStage)]) != runStage {
		return 0
	}
	stage := skipString(line, id+len(runStage))
	if stage < 0 || len(line)-stage < len(runURI) || string(line[stage:stage+len(runURI)]) != runURI {
		return 0
	}
	uri := skipString(line, stage+len(runURI))
	if uri < 0 || len(line)-uri < len(runVerb) || string(line[uri:uri+len(runVerb)]) != runVerb {
		return 0
	}
	end := skipString(line, uri+len(runVerb))
	if end < 0 || end+1 >= len(line) || line[end] != ',' || line[end+1] != '"' {
		return 0
	}
	// The verb comes first: it is what refuses most lines.
	if w.takeHead(verb, span{uri + len(runVerb), end}) < 0 {
		return stop
	}
	if w.set.beforeVerb {
		for k, s := range [verb]span{
			{9, 15}, {30, 46}, // in runLevel
			{len(runLevel), level}, {level + len(runID), id}, {id + len(runStage), stage}, {stage + len(runURI), uri},
		} {
			if w.takeHead(k, s) < 0 {
				return stop
			}
		}
	}
	return end + 1
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
