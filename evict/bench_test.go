package evict_test

import (
	"os"
	"strings"
	"testing"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

// BenchmarkAttempts walks over a log in memory: one with an eviction in a
// hundred events, and one of evictions only.
func BenchmarkAttempts(b *testing.B) {
	read := func(name string) string {
		text, err := os.ReadFile("../testdata/evict/" + name + ".txtar")
		if err != nil {
			b.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			if strings.HasPrefix(line, "{") {
				return line
			}
		}
		b.Fatalf("%s: no event", name)
		return ""
	}
	eviction := read("budget-blocked")
	other := strings.Replace(strings.Replace(eviction, `,"subresource":"eviction"`, "", 1), "/eviction", "", 1)
	for _, bench := range []struct {
		name string
		log  audit.List
	}{
		{"few", lines(eviction + strings.Repeat(strings.ReplaceAll(other, "Eviction", "Pod"), 99))},
		{"all", lines(strings.Repeat(eviction, 100))},
	} {
		b.Run(bench.name, func(b *testing.B) {
			size := int64(0)
			for _, ev := range bench.log {
				size += int64(len(ev.Raw))
			}
			b.SetBytes(size)
			b.ReportAllocs()
			for b.Loop() {
				for _, err := range evict.Attempts(b.Context(), bench.log, nil) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

// BenchmarkFromEvent classifies one decoded event.
func BenchmarkFromEvent(b *testing.B) {
	for _, v := range vectors(b) {
		if v.Path != "accepted.txtar" && v.Path != "budget-blocked.txtar" && v.Path != "uid-mismatch.txtar" {
			continue
		}
		text, _ := v.File("events")
		ev, err := lines(text)[0].Decode()
		if err != nil {
			b.Fatal(err)
		}
		b.Run(strings.TrimSuffix(v.Path, ".txtar"), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				evict.FromEvent(ev)
			}
		})
	}
}
