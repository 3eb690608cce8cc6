package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"testing/fstest"

	"github.com/evictlog/evictlog/audit"
)

// exampleLog has two events, with a line between them that is none.
const exampleLog = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"ResponseComplete","verb":"create","objectRef":{"resource":"pods","namespace":"web","name":"web-0","subresource":"eviction"},"responseStatus":{"code":201},"stageTimestamp":"2026-11-23T07:24:24.803005Z"}
not an event
{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"2","stage":"ResponseComplete","verb":"delete","objectRef":{"resource":"pods","namespace":"web","name":"web-1"},"responseStatus":{"code":200},"stageTimestamp":"2026-11-23T07:24:25.1Z"}
`

// Read a tree of logs, and go on behind what cannot be read.
func Example() {
	logs := &audit.Archive{FS: fstest.MapFS{
		"2026/11/audit.log": {Data: []byte(exampleLog)},
		"2026/11/notes.txt": {Data: []byte("call Ann\n")},
	}}
	for ev, err := range logs.Events(context.Background()) {
		if e, ok := errors.AsType[*audit.EventError](err); ok {
			text, _, _ := strings.Cut(e.Error(), ";") // and the forms that are known
			fmt.Println("left out:", text)
			continue
		}
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(ev.Pos, ev.Time())
	}
	// Output:
	// 2026/11/audit.log:1 2026-11-23 07:24:24.803005 +0000 UTC
	// left out: audit: 2026/11/audit.log:2: not valid JSON (offset 272, 13 bytes)
	// 2026/11/audit.log:3 2026-11-23 07:24:25.1 +0000 UTC
	// left out: audit: 2026/11/notes.txt: no audit event found: text
}

func ExampleReader() {
	r := audit.NewReader(strings.NewReader(exampleLog))
	r.Name = "audit.log"
	for ev, err := range r.Events() {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(ev.Pos, len(ev.Raw), "bytes")
	}
	stats := r.Stats()
	fmt.Println(stats.Events.Count, "events in", stats.Lines, "lines,", stats.Damaged.Lines, "damaged")
	// Output:
	// audit.log:1 271 bytes
	// audit: audit.log:2: not valid JSON (offset 272, 13 bytes)
	// audit.log:3 241 bytes
	// 2 events in 3 lines, 1 damaged
}

// Read parts of a source one by one, as workers would that share them.
func ExampleArchive_Parts() {
	ctx := context.Background()
	logs := &audit.Archive{
		FS:        fstest.MapFS{"audit.log": {Data: []byte(exampleLog)}},
		PartBytes: 200,
	}
	for part, err := range logs.Parts(ctx) {
		if err != nil {
			log.Fatal(err)
		}
		n := 0
		for _, err := range logs.Read(ctx, part, audit.Need{}) {
			if err == nil {
				n++
			}
		}
		fmt.Println(part, n, "events")
	}
	// Output:
	// audit.log[0:264] 1 events
	// audit.log[264:] 1 events
}

// Count the events of an archive by several workers. The results of the parts
// come in their order.
func ExampleInOrder() {
	a := &audit.Archive{FS: fstest.MapFS{"audit.log": {Data: []byte(exampleLog)}, "old.log": {Data: []byte(exampleLog)}}}
	count := func(ctx context.Context, _, _ int, p audit.Part, give func(int, error) bool) {
		n := 0
		for _, err := range a.Read(ctx, p, audit.Need{Unchecked: true}) {
			if err == nil {
				n++
			} else if !give(0, err) {
				return
			}
		}
		give(n, nil)
	}
	for n, err := range audit.InOrder(context.Background(), a, 2, count) {
		if err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Println(n, "events")
	}
	// Output:
	// audit: audit.log:2: not valid JSON (offset 272, 13 bytes)
	// 2 events
	// audit: old.log:2: not valid JSON (offset 272, 13 bytes)
	// 2 events
}

func ExampleFiles() {
	dir, err := os.MkdirTemp("", "logs")
	if err != nil {
		log.Fatal(err)
	}
	defer os.RemoveAll(dir)
	if err := os.WriteFile(dir+"/audit.log", []byte(exampleLog), 0o600); err != nil {
		log.Fatal(err)
	}
	logs := audit.Files(dir, dir+"/audit.log")
	for range logs.Events(context.Background()) {
	}
	fmt.Println(logs.Stats().Events.Count, "events")
	// Output:
	// 4 events
}

func ExampleEvent_Decode() {
	for raw, err := range audit.NewReader(strings.NewReader(exampleLog)).Events() {
		if err != nil {
			continue
		}
		ev, err := raw.Decode()
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(ev.Verb, ev.ObjectRef.Name, ev.ObjectRef.Subresource, ev.ResponseStatus.Code)
	}
	// Output:
	// create web-0 eviction 201
	// delete web-1  200
}
