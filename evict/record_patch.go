package evict

import (
	"encoding/json"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	kjson "k8s.io/apimachinery/pkg/util/json"
)

// asMerge returns the body of a patch as an object that has the fields which
// the patch sets, as they stand in the object, and null for those that it takes
// away. Merge patches, strategic ones and applied configurations are such objects
// already; the log does not say which of them a body is.
//
// A JSON patch is a list of operations, and what it tests, moves or copies
// cannot be known. Of an element of a list, its index is not kept: the list
// has those elements that are set.
func asMerge(body *runtime.Unknown) *runtime.Unknown {
	if body == nil || first(body.Raw) != '[' {
		return body
	}
	var ops []struct {
		Op    string          `json:"op"`
		Path  string          `json:"path"`
		Value json.RawMessage `json:"value"`
	}
	if err := kjson.Unmarshal(body.Raw, &ops); err != nil {
		return nil
	}
	root := map[string]any{}
	for _, op := range ops {
		switch op.Op {
		case "add", "replace":
			set(root, op.Path, op.Value)
		case "remove":
			set(root, op.Path, json.RawMessage("null"))
		}
	}
	raw, err := json.Marshal(root)
	if err != nil {
		return nil
	}
	return &runtime.Unknown{Raw: raw}
}

// unescape undoes the escapes of a JSON pointer. Source: RFC 6901.
var unescape = strings.NewReplacer("~1", "/", "~0", "~")

// maxDepth is how deep a path of a JSON patch may lead. None that matters is
// deeper than that of an annotation of a pod template.
const maxDepth = 16

// set puts a value where a JSON pointer leads to.
func set(root map[string]any, path string, value json.RawMessage) {
	keys := strings.Split(path, "/")
	if keys[0] != "" || len(keys) < 2 || len(keys) > maxDepth || len(value) == 0 {
		return
	}
	keys = keys[1:]
	at := root
	for i, key := range keys[:len(keys)-1] {
		key = unescape.Replace(key)
		if next := keys[i+1]; isIndex(next) {
			if i+2 == len(keys) && string(value) != "null" {
				list, _ := at[key].([]json.RawMessage)
				at[key] = append(list, value)
			}
			return // of what is inside an element nothing is needed
		}
		inner, ok := at[key].(map[string]any)
		if !ok {
			inner = map[string]any{}
			at[key] = inner
		}
		at = inner
	}
	at[unescape.Replace(keys[len(keys)-1])] = value
}

// isIndex reports whether a part of a JSON pointer names an element of a list.
// No object that matters has keys of digits.
func isIndex(key string) bool {
	return key == "-" || key != "" && strings.Trim(key, "0123456789") == ""
}
