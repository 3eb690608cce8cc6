package evict

import (
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// A telling is how a way is told.
type telling struct {
	// told follows the one who made the request, passive "the pod". A @ is where
	// the time stands; without one it stands at the end.
	told, passive string

	// caused follows the one who asked for what a controller carried out; empty
	// if that is told alike.
	caused string
}

// ways are the tellings by Way.
var ways = [...]telling{
	WayUnknown:        {told: "had the pod go", passive: "was ended by its kubelet"},
	Evicted:           {told: "evicted the pod", passive: "was evicted"},
	Deleted:           {told: "deleted the pod", passive: "was deleted"},
	ForceDeleted:      {told: "deleted the pod by force", passive: "was deleted by force"},
	DrainDeleted:      {told: "deleted the pod@ in a drain of its node that did without the Eviction API", passive: "was deleted@ in a drain of its node"},
	EvictionForced:    {told: "deleted the pod@ after its own evictions of it had been refused", passive: "was deleted@ after evictions of it had been refused"},
	ScaledDown:        {told: "scaled the workload down and deleted the pod", passive: "was deleted@ as its workload was scaled down", caused: "scaled the workload down, and its controller deleted the pod"},
	RolledOut:         {told: "rolled the workload out and deleted the pod", passive: "was deleted in a rollout of its workload", caused: "rolled the workload out anew, and its controller deleted the pod"},
	ControllerDeleted: {told: "deleted the pod@, for a reason that the log does not tell", passive: "was deleted by its controller"},
	Cascaded:          {told: "deleted the pod@ because its owner was gone", passive: "was deleted@ because its owner was", caused: "deleted the owner of the pod, and the garbage collector deleted the pod"},
	JobExpired:        {told: "deleted the pod@ because its Job had expired", passive: "was deleted@ because its Job had expired", caused: "deleted the Job, whose ttlSecondsAfterFinished was over, and the garbage collector deleted its pod"},
	NamespaceDeleted:  {told: "emptied the namespace@, which was being deleted", passive: "was deleted with its namespace", caused: "deleted the namespace, and the pod went with it@"},
	CollectionDeleted: {told: "deleted a collection of pods@, this one among them", passive: "was deleted with a collection of pods"},
	Preempted:         {told: "preempted the pod@ for one of higher priority", passive: "was preempted@ for one of higher priority"},
	TaintEvicted:      {told: "deleted the pod@ because of a taint of its node", passive: "was deleted@ because of a taint of its node", caused: "put a taint on the node, because of which the taint manager deleted the pod"},
	GarbageCollected:  {told: "deleted the pod@ as garbage: its node was gone, it had finished, or it was never scheduled", passive: "was deleted by the pod garbage collector", caused: "deleted the node, and the pod garbage collector deleted the pod@"},
	NodePressure:      {told: "ended the pod@ because its node ran low on a resource", passive: "was ended@ because its node ran low on a resource"},
	NodeShutdown:      {told: "ended the pod@ because its node shut down", passive: "was ended@ because its node shut down"},
	CriticalAdmission: {told: "ended the pod@ to make room for a critical one", passive: "was ended@ to make room for a critical one"},
}

// withTime puts the time into a telling.
func withTime(text string, at time.Time) string {
	if !strings.Contains(text, "@") {
		text += "@"
	}
	return strings.Replace(text, "@", atTime(at), 1)
}

// went tells how the pod went, after "the pod".
func (q *inquiry) went(at time.Time) string { return withTime(ways[q.Way].passive, at) }

// story tells who removed the pod and how, as a clause.
func (q *inquiry) story(by *Initiator, at time.Time) string {
	w := ways[q.Way]
	switch {
	case by.Kind == "" && by.Actor.User == "":
		return "the pod " + q.went(at)
	case w.caused != "" && by.Actor.User != q.Actor.User:
		return by.who() + " " + withTime(w.caused, at)
	}
	return by.who() + " " + withTime(w.told, at)
}

// kindNames are the names of kinds in a sentence, where it is not the kind
// itself.
var kindNames = map[Kind]string{
	EKSFargate:     "Amazon EKS",
	EKSPlatform:    "Amazon EKS",
	EKSNodeGroup:   "an EKS managed node group",
	ServiceAccount: "a program",
	KubernetesUser: "Kubernetes",
	WebUI:          "a user interface",
}

// who names the initiator and the user, such as "karpenter
// (system:serviceaccount:kube-system:karpenter)".
func (i *Initiator) who() string {
	name, ok := kindNames[i.Kind]
	if !ok {
		name = string(i.Kind)
	}
	user := i.Actor.name()
	switch {
	case name == "":
		return user
	case i.Actor.User == "":
		return name
	}
	return name + " (" + user + ")"
}

// name names the user, and whom they impersonated.
func (a *Actor) name() string {
	switch {
	case a.User == "":
		return "somebody"
	case a.Impersonated != "":
		return plain(a.User) + " as " + plain(a.Impersonated)
	}
	return plain(a.User)
}

// tried tells an eviction that was refused at least once, as a clause.
func (e *Eviction) tried() string {
	var reasons []string
	for _, r := range e.Refusals {
		reasons = append(reasons, fmt.Sprintf("%v %s", r.Outcome, times(r.Count)))
	}
	text := fmt.Sprintf("%s tried %s to evict the pod, %s, and was refused: %s",
		e.Initiator.who(), times(e.Tries), between(e.First, e.Last), strings.Join(reasons, ", "))
	if len(e.Budgets) > 0 {
		text += "; " + budgetsText(e.Budgets)
	}
	if !e.AcceptedAt.IsZero() {
		text += "; accepted in the end"
	}
	return text
}

// budgetsText names budgets with what they said.
func budgetsText(budgets []Budget) string {
	var list []string
	for _, b := range budgets {
		text := "budget " + plain(b.Name)
		if b.Counted {
			text += fmt.Sprintf(" needs %d and has %d", b.Needs, b.Has)
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func times(n int) string {
	switch n {
	case 0:
		return "never"
	case 1:
		return "once"
	case 2:
		return "twice"
	}
	return strconv.Itoa(n) + " times"
}

// counted is a number of things, such as "2 pods".
func counted(n int, what string) string {
	switch n {
	case 0:
		return "no " + what
	case 1:
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

func between(first, last time.Time) string {
	if first.Equal(last) {
		return "at " + clock(first)
	}
	return "from " + clock(first) + " to " + clock(last)
}

// onNode names the node after "Fargate" or "the pod"; empty if it is not known.
func (q *inquiry) onNode() string {
	if q.Node == "" {
		return ""
	}
	return " node " + plain(q.Node)
}

// onCompute is told after "the pod".
func onCompute(c Compute) string {
	if c == Fargate {
		return " on Fargate"
	}
	return ""
}

// clock writes a time to the second, in UTC.
func clock(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// atTime is " at" and the time; empty if it is not known.
func atTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return " at " + clock(t)
}

func orUnknown(s string) string {
	if s == "" {
		return "somebody whom the log does not name"
	}
	return plain(s)
}

// plain returns a text of the log for a sentence: quoted, if something in it
// would break the line or change how it is read.
func plain(s string) string {
	if strings.ContainsFunc(s, func(c rune) bool { return !unicode.IsPrint(c) }) || !utf8.ValidString(s) {
		return strconv.Quote(s)
	}
	return s
}

// sentence begins a clause with a capital, unless its first word is a name, as
// that of a tool or a user is.
func sentence(clause string) string {
	for _, word := range []string{"the ", "an ", "a ", "somebody"} {
		if strings.HasPrefix(clause, word) {
			return strings.ToUpper(clause[:1]) + clause[1:]
		}
	}
	return clause
}
