package evict

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// A node is what lately happened to a node.
type node struct {
	changes []*record // cordons, taints and the deletion, in the order of their times
	deletes []nodeDelete
}

// A nodeDelete is a pod of the node that a client deleted.
type nodeDelete struct {
	who identity
	at  time.Time
}

// nodeRecord takes in a change or the deletion of a node.
func (t *tracker) nodeRecord(r *record) {
	if r.name == "" {
		return
	}
	n := t.node(r.name)
	n.changes = append(n.changes, r)
}

func (t *tracker) node(name string) *node {
	n := t.nodes[name]
	if n == nil {
		n = &node{}
		t.nodes[name] = n
	}
	return n
}

// cordon returns the request that made the node unschedulable and still held at
// that time, if it came within an hour before. Of several the first counts. A
// put of the whole node has unschedulable in it for as long as it is cordoned.
func (n *node) cordon(at time.Time) *record {
	if n == nil {
		return nil
	}
	var found *record
	cordoned := false
	for _, r := range n.changes {
		switch {
		case r.at.After(at.Add(tolerance)):
			return found
		case r.node == nil:
		case r.node.cordon:
			if found == nil && at.Sub(r.at) <= QuietAfter && !(cordoned && r.node.whole) {
				found = r
			}
			cordoned = true
		case r.node.uncordon:
			found, cordoned = nil, false
		}
	}
	return found
}

// first returns the first change from that time on that ok accepts.
func (n *node) first(from time.Time, ok func(*record) bool) *record {
	if n == nil {
		return nil
	}
	for _, r := range n.changes {
		if !r.at.Before(from) && ok(r) {
			return r
		}
	}
	return nil
}

// uncordonAfter returns the first request after that time that made the node
// schedulable again. A put of the whole node that leaves unschedulable out is
// one only if the node was cordoned.
func (n *node) uncordonAfter(at time.Time) *record {
	return n.first(at, func(r *record) bool {
		return r.node != nil && r.node.uncordon && (!r.node.whole || n.cordon(r.at.Add(-tolerance)) != nil)
	})
}

// deletion returns the deletion of the node that came before an effect at that
// time.
func (n *node) deletion(at time.Time) *record {
	if n == nil {
		return nil
	}
	for _, r := range slices.Backward(n.changes) {
		if r.kind == nodeDeleted && soon(r, at) {
			return r
		}
	}
	return nil
}

// evictingTaint returns the request that last put a taint with the effect
// NoExecute on the node, but for those of the node controller. A request has all
// taints of the node in it, also those that were there before.
func (n *node) evictingTaint(at time.Time) *record {
	if n == nil {
		return nil
	}
	for _, r := range slices.Backward(n.changes) {
		if r.node == nil || r.node.whole || !soon(r, at) || controllerOf(&r.request.Actor) == "node-controller" {
			continue
		}
		for key, effect := range r.node.taints {
			if strings.Contains(effect, "NoExecute") && !strings.HasPrefix(key, "node.kubernetes.io/") {
				return r
			}
		}
	}
	return nil
}

// drainMarks are taints and labels that drainers put on a node. A text that
// ends with a slash stands for all that begin with it. Sources: karpenter
// pkg/apis/v1/taints.go (and v1beta1), cluster-autoscaler
// utils/taints/taints.go, aws-node-termination-handler pkg/node/node.go,
// medik8s node-maintenance-operator; the label is observed of EKS node groups.
var drainMarks = []string{
	"karpenter.sh/disrupted",
	"karpenter.sh/disruption",
	"ToBeDeletedByClusterAutoscaler",
	"aws-node-termination-handler/",
	"medik8s.io/drain",
	"node.kubernetes.io/exclude-from-external-load-balancers",
}

func isDrainMark(key string) bool {
	return slices.ContainsFunc(drainMarks, func(m string) bool {
		return key == m || strings.HasSuffix(m, "/") && strings.HasPrefix(key, m)
	})
}

// marks returns the marks of drainers that the node got in the hour before, in
// the order of their times.
func (t *tracker) marks(name string, at time.Time) []string {
	var keys []string
	for _, m := range t.nodes[name].marks(at.Add(-QuietAfter), at.Add(tolerance), true) {
		keys = append(keys, m.key)
	}
	return keys
}

// A nodeMark is a taint or a label of a drainer, and the request that set it.
type nodeMark struct {
	key string
	by  *record
}

func (n *node) marks(from, to time.Time, labels bool) []nodeMark {
	if n == nil {
		return nil
	}
	var list []nodeMark
	for _, r := range n.changes {
		if r.node == nil || r.at.Before(from) || r.at.After(to) {
			continue
		}
		keys := slices.Sorted(maps.Keys(r.node.taints))
		if labels {
			keys = append(keys, slices.Sorted(maps.Keys(r.node.labels))...)
		}
		for _, key := range keys {
			known := slices.ContainsFunc(list, func(m nodeMark) bool { return m.key == key })
			if isDrainMark(key) && !known {
				list = append(list, nodeMark{key, r})
			}
		}
	}
	return list
}

// pruneNodes forgets what happened to nodes before that time, but for those
// with a drain under way.
func (t *tracker) pruneNodes(before time.Time) {
	busy := map[string]bool{}
	for key := range t.drains {
		busy[key.node] = true
	}
	for name, n := range t.nodes {
		if busy[name] {
			continue
		}
		n.changes = slices.DeleteFunc(n.changes, func(r *record) bool { return r.at.Before(before) })
		n.deletes = slices.DeleteFunc(n.deletes, func(d nodeDelete) bool { return d.at.Before(before) })
		if len(n.changes)+len(n.deletes) == 0 {
			delete(t.nodes, name)
		}
	}
}
