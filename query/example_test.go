package query_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/query"
)

// log stands for what a program would read from files with audit.Files.
var log = audit.List{
	{Raw: json.RawMessage(`{"verb":"get","user":{"username":"jane"},"stageTimestamp":"2026-01-02T03:04:05.000001Z"}`)},
	{Raw: json.RawMessage(`{"verb":"delete","user":{"username":"joe"},"responseStatus":{"code":403},"stageTimestamp":"2026-01-02T03:04:06.000001Z"}`)},
	{Raw: json.RawMessage(`{"verb":"delete","user":{"username":"jane"},"responseStatus":{"code":200},"stageTimestamp":"2026-01-02T03:04:07.000001Z"}`)},
}

func Example() {
	q, err := query.Parse(`fields @timestamp, user.username as who, responseStatus.code
		| filter verb = "delete"
		| sort @timestamp desc`)
	if err != nil {
		fmt.Println(err)
		return
	}
	for row, err := range q.Run(context.Background(), log, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(row)
	}
	// Output:
	// {"@timestamp":"2026-01-02 03:04:07.000","who":"jane","responseStatus.code":200}
	// {"@timestamp":"2026-01-02 03:04:06.000","who":"joe","responseStatus.code":403}
}

func ExampleParse() {
	_, err := query.Parse(`filter verb = "delete" | tail 10`)
	fmt.Println(err)
	fmt.Println("unsupported:", errors.Is(err, errors.ErrUnsupported))
	// Output:
	// query:1:26: tail is a Logs Insights command that this package does not support
	// unsupported: true
}

func ExampleQuery_Run() {
	q := query.MustParse(`fields verb, user.username`)
	opts := &query.Options{Limit: 1}
	for row, err := range q.Run(context.Background(), log, opts) {
		fmt.Println(row, err)
	}
	// Output:
	// {"verb":"delete","user.username":"jane"} <nil>
}

func ExampleQuery_Explain() {
	q := query.MustParse(`limit 10 | fields concat(verb, " ", objectRef.resource) as what | filter user.username = "jane"`)
	fmt.Print(q.Explain())
	// Output:
	// scan: every event, in any order
	//   contains "jane"
	//   read     user.username
	//   filter   user.username = "jane"
	// merge: the events that are left
	//   read     @timestamp
	//   order    @timestamp desc, then as in the log
	//   limit    10
	// rows: the events that are kept
	//   read     verb, objectRef.resource
	//   compute  what = concat(verb, " ", objectRef.resource)
	//   columns  what
}

func ExampleQuery_Diagnostics() {
	q := query.MustParse(`filter @logstream like ".*audit"
| limit 5
| sort verb`)
	for _, d := range q.Diagnostics() {
		fmt.Println(d)
	}
	// Output:
	// query:1:8: trap: audit events have no field @logstream (did you mean @logStream?)
	// query:1:24: trap: a quoted pattern is searched for as it stands, wildcards included (a regular expression stands between slashes)
	// query:3:3: remark: this sort acts before the limit, although it stands behind it
}

func ExampleError_Snippet() {
	_, err := query.Parse(`fields verb
| fliter verb = "delete"`)
	if e, ok := errors.AsType[*query.Error](err); ok {
		fmt.Println(e)
		fmt.Println(e.Snippet())
	}
	// Output:
	// query:2:3: unknown command "fliter" (did you mean "filter"?)
	// 	| fliter verb = "delete"
	// 	  ^^^^^^
}

func ExampleRow() {
	q := query.MustParse(`fields @timestamp, responseStatus.code, user.uid | limit 1`)
	for row, err := range q.Run(context.Background(), log, nil) {
		if err != nil {
			fmt.Println(err)
			return
		}
		for name, value := range row.All() {
			fmt.Println(name, value.Kind(), value)
		}
		fmt.Println(row.Columns(), row.Get("user.uid").Missing())
	}
	// Output:
	// @timestamp time 2026-01-02 03:04:07.000
	// responseStatus.code number 200
	// [@timestamp responseStatus.code user.uid] true
}
