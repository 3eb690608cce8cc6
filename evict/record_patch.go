package evict

import (
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
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
	if body == nil || firstByte(body.Raw) != '[' {
		return body
	}
	var ops []struct {
		Op    string `json:"op"`
		Path  string `json:"path"`
		Value any    `json:"value"`
	}
	if err := json.Unmarshal(body.Raw, &ops); err != nil {
		return nil
	}
	root := map[string]any{}
	for _, op := range ops {
		switch op.Op {
		case "add", "replace":
			setPath(root, op.Path, op.Value)
		case "remove":
			setPath(root, op.Path, nil)
		}
	}
	raw, err := json.Marshal(root)
	if err != nil {
		return nil
	}
	return &runtime.Unknown{Raw: raw}
}

// unescapePointer undoes the escapes of a JSON pointer. Source: RFC 6901.
var unescapePointer = strings.NewReplacer("~1", "/", "~0", "~")

// maxDepth is how deep a path of a JSON patch may lead. None that matters is
// deeper than that of an annotation of a pod template.
const maxDepth = 16

// setPath puts a value where a JSON pointer leads to.
func setPath(root map[string]any, path string, value any) {
	keys := strings.Split(path, "/")
	if keys[0] != "" || len(keys) < 2 || len(keys) > maxDepth {
		return
	}
	at, keys := root, keys[1:]
	for i, key := range keys {
		key = unescapePointer.Replace(key)
		switch {
		case i == len(keys)-1:
			at[key] = value
		case isIndex(keys[i+1]):
			if list, _ := at[key].([]any); i+2 == len(keys) && value != nil {
				at[key] = append(list, value)
			}
			return // what is deeper inside an element does not matter
		default:
			inner, ok := at[key].(map[string]any)
			if !ok {
				inner = map[string]any{}
				at[key] = inner
			}
			at = inner
		}
	}
}

// isIndex reports whether a part of a JSON pointer names an element of a list.
// No field that matters has a name of digits.
func isIndex(key string) bool {
	return key == "-" || key != "" && strings.Trim(key, "0123456789") == ""
}
