package evict

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"
)

// readNode reads a change of a node, and reports whether it says anything of
// what matters.
//
// In a patch, unschedulable is set by true and unset by false or null. A put
// that is a whole Node and has none is how a client writes a node that takes
// pods, since the field is left out if it is false (k8s.io/api
// core/v1/types.go): it is an uncordon if the node was cordoned, which only
// earlier records tell. A put without a body says nothing.
func (r *record) readNode(ev *auditv1.Event) bool {
	b := decode[struct {
		Kind     string   `json:"kind"`
		Metadata metadata `json:"metadata"`
		Spec     struct {
			Unschedulable json.RawMessage `json:"unschedulable"`
			Taints        []taint         `json:"taints"`
		} `json:"spec"`
	}](asMerge(ev.RequestObject))
	whole := ev.Verb == "update" && b.Kind == "Node"
	set := string(b.Spec.Unschedulable)
	n := nodeChange{
		cordon:   set == "true",
		uncordon: set == "false" || set == "null" || set == "" && whole,
		taints:   effects(b.Spec.Taints),
		labels:   b.Metadata.labels(),
		whole:    whole,
	}
	if !n.cordon && !n.uncordon && len(n.taints) == 0 && len(n.labels) == 0 {
		return false
	}
	r.node = &n
	r.uid = cmp.Or(r.uid, b.Metadata.UID)
	return true
}

// A taint is one of a node. Requests set the whole list of them, since it has
// no merge key (k8s.io/api core/v1/types.go), unless it is a JSON patch.
type taint struct {
	Key    string `json:"key"`
	Effect string `json:"effect"`
}

// effects returns the effects by key. A key may have several effects: the node
// controller sets node.kubernetes.io/unreachable with two of them (observed).
func effects(taints []taint) map[string]string {
	var set map[string]string
	for _, t := range taints {
		if t.Key == "" {
			continue
		}
		if set == nil {
			set = make(map[string]string)
		}
		list := strings.FieldsFunc(set[t.Key], func(c rune) bool { return c == ',' })
		if !slices.Contains(list, t.Effect) {
			list = append(list, t.Effect)
		}
		slices.Sort(list)
		set[t.Key] = strings.Join(list, ",")
	}
	return set
}
