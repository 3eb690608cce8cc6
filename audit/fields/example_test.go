package fields_test

import (
	"fmt"
	"time"

	"github.com/evictlog/evictlog/audit/fields"
)

const line = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"1f710e6e-12cc-4188-8c5d-b7a5f4516a57",` +
	`"stage":"ResponseComplete","requestURI":"/api/v1/namespaces/web/pods/web-0/eviction?dryRun=All\u0026pretty=true","verb":"create",` +
	`"user":{"username":"alice","groups":["dev","ops"]},"objectRef":{"resource":"pods","subresource":"eviction"},` +
	`"responseStatus":{"code":201},"requestReceivedTimestamp":"2026-11-23T07:24:24.803005Z",` +
	`"stageTimestamp":"2026-11-23T07:24:24.904110Z","annotations":{"authorization.k8s.io/decision":"allow"}}`

func ExampleSet_Walk() {
	names := []string{"user.groups.1", "requestURI", "responseStatus.code", "annotations.authorization.k8s.io/decision", "user.uid"}
	set := fields.Compile(names...)
	values := make([]fields.Value, len(names))
	set.Walk([]byte(line), values, nil)
	for i, name := range names {
		fmt.Printf("%s: %v %s\n", name, values[i].Kind, values[i].AppendText(nil))
	}
	// Output:
	// user.groups.1: String ops
	// requestURI: String /api/v1/namespaces/web/pods/web-0/eviction?dryRun=All&pretty=true
	// responseStatus.code: Number 201
	// annotations.authorization.k8s.io/decision: String allow
	// user.uid: Missing
}

// A selection ends the walk at the first field that does not match. Fields that
// are missing are not asked about: they are what is left to look at.
func ExampleSet_Walk_selection() {
	want := []string{"create", "pods", "eviction"}
	set := fields.Compile("verb", "objectRef.resource", "objectRef.subresource")
	values := make([]fields.Value, len(want))
	var text []byte
	for _, line := range []string{line, `{"verb":"get","objectRef":{"resource":"pods"}}`, `{"verb":"create","objectRef":{"resource":"pods"}}`} {
		result := set.Walk([]byte(line), values, func(i int, v fields.Value) bool {
			text = v.AppendText(text[:0]) // v.Raw may spell it with escapes
			return string(text) == want[i]
		})
		selected := result.State == fields.Settled || result.State == fields.End
		for _, v := range values {
			selected = selected && v.Kind != fields.Missing
		}
		fmt.Println(result.State, selected)
	}
	// Output:
	// Settled true
	// Refused false
	// Settled false
}

func ExampleTime() {
	nanos, ok := fields.Time([]byte(line))
	fmt.Println(time.Unix(0, nanos).UTC(), ok)
	// Output: 2026-11-23 07:24:24.90411 +0000 UTC true
}
