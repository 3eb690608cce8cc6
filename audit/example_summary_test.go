package audit_test

import (
	"context"
	"fmt"
	"log"
	"testing/fstest"

	"github.com/evictlog/evictlog/audit"
)

// Look at an archive before anything is asked of it.
func ExampleSummarize() {
	logs := &audit.Archive{FS: fstest.MapFS{
		"new.log": {Data: []byte(exampleLog)},
		"old.log": {Data: []byte(exampleLog + "E1123 07:25:18.569124   13026 metrics.go:110] " +
			"Error in audit plugin 'log' affecting 12 audit events: no space left on device\n")},
	}}
	sum, err := audit.Summarize(context.Background(), logs, audit.SummaryOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range sum.Files {
		fmt.Println(f.File, f.Forms, f.Stats.Events.Count, "events, damaged places:", f.Stats.Damaged.Count)
	}
	all := sum.Total
	fmt.Println(all.First.Format("15:04:05"), "to", all.Last.Format("15:04:05"))
	fmt.Println("stages", all.Stages)
	fmt.Println("other logs", all.Others)
	fmt.Println("events that repeat others:", all.Duplicates)
	fmt.Println("lost by the API server:", all.Lost.Events, "at", all.Lost.First.Format("15:04:05"))
	// Output:
	// new.log [{JSON lines 2}] 2 events, damaged places: 1
	// old.log [{JSON lines 2}] 2 events, damaged places: 1
	// 07:24:24 to 07:24:25
	// stages [{ResponseComplete 4}]
	// other logs [{klog 1}]
	// events that repeat others: 2
	// lost by the API server: 12 at 07:25:18
}

// Read what two exports have in common once.
func ExampleUnique() {
	logs := &audit.Archive{FS: fstest.MapFS{
		"07h.log": {Data: []byte(exampleLog)},
		"08h.log": {Data: []byte(exampleLog)},
	}}
	once := &audit.Unique{Source: logs}
	for ev, err := range audit.Events(context.Background(), once, audit.Need{}) {
		if err == nil {
			fmt.Println(ev.Pos)
		}
	}
	fmt.Println(once.Stats().Duplicates, "left out")
	// Output:
	// 07h.log:1
	// 07h.log:3
	// 2 left out
}
