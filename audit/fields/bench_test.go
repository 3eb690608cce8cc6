package fields

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"

	"github.com/tidwall/gjson"
)

var benchLines = flag.String("lines", "", "benchmark the lines of this `file`, and not those of testdata")

// eventLines are the lines to benchmark.
func eventLines(b *testing.B) [][]byte {
	if *benchLines == "" {
		return seedLines(b)
	}
	data, err := os.ReadFile(*benchLines)
	if err != nil {
		b.Fatal(err)
	}
	return bytes.Split(bytes.TrimSpace(data), []byte("\n"))
}

// linesWith are the lines whose verb is create, or is not.
func linesWith(b *testing.B, create bool) (lines [][]byte) {
	for _, line := range eventLines(b) {
		if (gjson.GetBytes(line, "verb").Str == "create") == create {
			lines = append(lines, line)
		}
	}
	return lines
}

// sorted rewrites lines with sorted keys.
func sorted(b *testing.B, lines [][]byte) [][]byte {
	var out [][]byte
	for _, line := range lines {
		var event map[string]any
		if err := json.Unmarshal(line, &event); err != nil {
			b.Fatal(err)
		}
		line, err := json.Marshal(event)
		if err != nil {
			b.Fatal(err)
		}
		out = append(out, line)
	}
	return out
}

// withBodies gives the lines a body of 100 KB.
func withBodies(lines [][]byte) [][]byte {
	var pods bytes.Buffer
	pods.WriteString(`"responseObject":{"items":[{}`)
	for pods.Len() < 100_000 {
		pods.WriteString(`,{"metadata":{"name":"web-0","uid":"e7e160ca-7c41-41e8-8438-1654b8dd2eb7"},"spec":{"nodeName":"n","ports":[{"port":80}]}}`)
	}
	pods.WriteString(`]},"requestReceivedTimestamp":`)
	var out [][]byte
	for _, line := range lines {
		out = append(out, bytes.Replace(line, []byte(`"requestReceivedTimestamp":`), pods.Bytes(), 1))
	}
	return out
}

// each calls f for each line, again and again.
func each(b *testing.B, lines [][]byte, f func(line []byte)) {
	size := 0
	for _, line := range lines {
		size += len(line)
	}
	b.SetBytes(int64(size))
	b.ReportAllocs()
	for b.Loop() {
		for _, line := range lines {
			f(line)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(len(lines)), "ns/line")
}

// walkEach walks over each line.
func walkEach(b *testing.B, lines [][]byte, accept func(i int, v Value) bool, names ...string) {
	set := Compile(names...)
	values := make([]Value, len(names))
	each(b, lines, func(line []byte) { set.Walk(line, values, accept) })
}

func isCreate(i int, v Value) bool { return i != 0 || string(v.Raw) == "create" }

var evictionNames = []string{"verb", "objectRef.resource", "objectRef.subresource", "requestURI", "stage", "responseStatus.code"}

func BenchmarkWalk(b *testing.B) {
	b.Run("refused", func(b *testing.B) { walkEach(b, linesWith(b, false), isCreate, evictionNames...) })
	b.Run("selected", func(b *testing.B) { walkEach(b, linesWith(b, true), isCreate, evictionNames...) })
	b.Run("verb+resource", func(b *testing.B) { walkEach(b, eventLines(b), nil, "verb", "objectRef.resource") })
	b.Run("username+stageTimestamp", func(b *testing.B) {
		walkEach(b, eventLines(b), nil, "user.username", "stageTimestamp")
	})
	b.Run("annotation", func(b *testing.B) {
		walkEach(b, eventLines(b), nil, "annotations.authorization.k8s.io/decision")
	})
	b.Run("annotation,100KB", func(b *testing.B) {
		walkEach(b, withBodies(eventLines(b)), nil, "annotations.authorization.k8s.io/decision")
	})
	b.Run("body", func(b *testing.B) { walkEach(b, eventLines(b), nil, "responseObject.metadata.uid") })
	b.Run("missing", func(b *testing.B) { walkEach(b, eventLines(b), nil, "impersonatedUser.username") })
	b.Run("missing,100KB", func(b *testing.B) {
		walkEach(b, withBodies(eventLines(b)), nil, "impersonatedUser.username")
	})
	b.Run("sorted", func(b *testing.B) {
		lines := sorted(b, eventLines(b))
		walkEach(b, lines, nil, "verb", "objectRef.resource")
	})
}

func BenchmarkTime(b *testing.B) {
	find := func(line []byte) { Time(line) }
	b.Run("line", func(b *testing.B) { each(b, eventLines(b), find) })
	b.Run("100KB", func(b *testing.B) { each(b, withBodies(eventLines(b)), find) })
	b.Run("no annotations", func(b *testing.B) {
		var lines [][]byte
		for _, line := range eventLines(b) {
			if n := bytes.LastIndex(line, []byte(`,"annotations":{`)); n >= 0 {
				line = append(bytes.Clone(line[:n]), '}')
			}
			lines = append(lines, line)
		}
		each(b, lines, find)
	})
	b.Run("sorted", func(b *testing.B) { each(b, sorted(b, eventLines(b)), find) })
	b.Run("parse", func(b *testing.B) {
		text := []byte("2026-11-23T07:24:24.803005Z")
		for b.Loop() {
			ParseTime(text)
		}
	})
}

// BenchmarkPeers are other ways to do parts of the same job.
func BenchmarkPeers(b *testing.B) {
	b.Run("gjson/verb", func(b *testing.B) {
		each(b, linesWith(b, false), func(line []byte) { gjson.GetBytes(line, "verb") })
	})
	b.Run("gjson/verb+resource", func(b *testing.B) {
		each(b, eventLines(b), func(line []byte) { gjson.GetManyBytes(line, "verb", "objectRef.resource") })
	})
	b.Run("gjson/stageTimestamp", func(b *testing.B) {
		each(b, eventLines(b), func(line []byte) { gjson.GetBytes(line, "stageTimestamp") })
	})
	b.Run("newline", func(b *testing.B) {
		text := bytes.Join(eventLines(b), []byte("\n"))
		b.SetBytes(int64(len(text)))
		for b.Loop() {
			for rest := text; len(rest) > 0; {
				n := bytes.IndexByte(rest, '\n')
				if n < 0 {
					break
				}
				rest = rest[n+1:]
			}
		}
	})
}
