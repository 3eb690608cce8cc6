package audit

import (
	"bytes"

	"github.com/tidwall/gjson"

	"github.com/evictlog/evictlog/audit/fields"
)

// A column says which member of an event a field of a record is, for stores that
// keep the members of an event apart.
type column struct {
	from, to string
	// nested says that the member is an object or an array, which a store may
	// keep as a string of its JSON text.
	nested bool
}

// eventColumns are the members of an event under their own names.
var eventColumns = []column{
	{"level", "level", false},
	{"auditID", "auditID", false},
	{"stage", "stage", false},
	{"requestURI", "requestURI", false},
	{"verb", "verb", false},
	{"user", "user", true},
	{"impersonatedUser", "impersonatedUser", true},
	{"authenticationMetadata", "authenticationMetadata", true},
	{"sourceIPs", "sourceIPs", true},
	{"userAgent", "userAgent", false},
	{"objectRef", "objectRef", true},
	{"responseStatus", "responseStatus", true},
	{"requestObject", "requestObject", true},
	{"responseObject", "responseObject", true},
	{"requestReceivedTimestamp", "requestReceivedTimestamp", false},
	{"stageTimestamp", "stageTimestamp", false},
	{"annotations", "annotations", true},
}

// madeHead begins each event that is made of columns, which do not keep the kind
// and the version.
const madeHead = `{"kind":"Event","apiVersion":"audit.k8s.io/v1"`

// appendEvent appends the event that the columns of a record make, in the order
// of the columns. What is empty or null is left out.
func appendEvent(dst []byte, record object, columns []column) []byte {
	dst = append(dst, madeHead...)
	for _, c := range columns {
		value := record.get(c.from)
		if len(value) == 0 || string(value) == `""` || string(value) == `"null"` || string(value) == "null" {
			continue
		}
		dst = append(dst, `,"`...)
		dst = append(dst, c.to...)
		dst = append(dst, `":`...)
		if c.nested {
			value = nestedJSON(value)
		}
		dst = append(dst, value...)
	}
	return append(dst, '}')
}

// nestedJSON returns the object or the array of which value is a string, else
// value as it is.
func nestedJSON(value []byte) []byte {
	if len(value) < 4 || value[0] != '"' {
		return value
	}
	text := bytes.Trim(unquoted(value), spaces)
	if len(text) == 0 || text[0] != '{' && text[0] != '[' || tooDeep(text) || !gjson.ValidBytes(text) {
		return value
	}
	return text
}

// unquoted returns what a JSON string means.
func unquoted(value []byte) []byte {
	v := fields.Value{Kind: fields.String, Raw: value[1 : len(value)-1]}
	if v.Escaped = bytes.IndexByte(v.Raw, '\\') >= 0; !v.Escaped {
		return v.Raw
	}
	return v.AppendText(nil)
}
