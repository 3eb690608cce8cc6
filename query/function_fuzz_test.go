package query

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// argumentTexts are texts that mean something to some function.
var argumentTexts = []string{
	"%Y-%m-%dT%H:%M:%S%z", "%", "%Q", "yyyy-MM-dd'T'HH:mm:ss[.SSS]XXX", "yyyy", "[[yyyy]]", "y'", "UTC", "Europe/Berlin", "+02:00", "-1900",
	"2026-01-02", "2026-01-02T03:04:05+01:00", "1767323045123", "10.0.0.1", "10.0.0.0/8", "2001:db8::1", "2001:db8::/32", "::ffff:10.0.0.1",
	"0xff", "-0x10", "48656c6c6f", "aGVsbG8=", "a%2Fb+c", "%zz", `{"a":[1,{"b":null}],"a.c":"x"}`, `[1,"1",true,null,[]]`, "[", "{}",
	"(?<x>a)(b)?", "(", "a(?!b)", `(a)\1`, "x*", "$1", "${x}", `\1`, "$", "é🚀", "\u2003 x", "a,b,,c", ",",
}

// randomArgument is an argument of a call: a constant, a field of the event
// that is added to it, or a call that gives a list.
func randomArgument(random *rand.Rand, event map[string]any, texts []string) string {
	var b strings.Builder
	text := texts[random.IntN(len(texts))]
	switch random.IntN(8) {
	case 0:
		return "nothing"
	case 1:
		return fmt.Sprint(random.IntN(7) - 2)
	case 2:
		return []string{"1e300", "-0.5", "true", "9007199254740993", "2147483648", "@timestamp", "[1, \"a\"]"}[random.IntN(7)]
	case 3:
		b.WriteString("jsonParse(")
		writeString(&b, text)
		b.WriteString(")")
		return b.String()
	case 4, 5:
		name := fmt.Sprintf("f%d", len(event))
		event[name] = text
		return name
	}
	writeString(&b, text)
	return b.String()
}

// FuzzFunctions calls functions with arguments of all kinds. A call is refused
// at its place or gives the same value each time, in little time.
func FuzzFunctions(f *testing.F) {
	for i := range functions {
		for seed := range 3 {
			f.Add(uint64(seed), uint8(i), "")
		}
	}
	f.Fuzz(func(t *testing.T, seed uint64, n uint8, own string) {
		random := rand.New(rand.NewPCG(seed, 21))
		fn := &functions[int(n)%len(functions)]
		texts := argumentTexts
		if own != "" {
			texts = append(slices.Clone(texts), own, own, own)
		}
		event := map[string]any{"stageTimestamp": "2026-01-02T03:04:05.678901Z"}
		src := randomCall(random, fn, event, texts)
		begun := time.Now()
		q, err := Parse(src)
		if err != nil {
			checkError(t, src, err)
			return
		}
		raw, err := json.Marshal(event)
		if err != nil {
			t.Fatal(err)
		}
		events := audit.List{{Raw: raw}}
		opts := &Options{Now: time.Unix(1767323045, 0), Start: time.Unix(0, 0)}
		want := rowsOrErrors(q, events, opts)
		if got := rowsOrErrors(MustParse(q.String()), events, opts); !slices.Equal(got, want) {
			t.Errorf("%s\n%q, and then\n%q", src, want, got)
		}
		if took := time.Since(begun); took > 10*time.Second {
			t.Errorf("%s takes %v", src, took)
		}
	})
}

// randomCall is a query that calls the function.
func randomCall(random *rand.Rand, fn *function, event map[string]any, texts []string) string {
	most := fn.most
	if most < 0 || most > fn.least+4 {
		most = fn.least + 4
	}
	var args []string
	for range fn.least + random.IntN(most-fn.least+1) {
		args = append(args, randomArgument(random, event, texts))
	}
	if fn.period != nil {
		args[len(args)-1] = []string{"5m", "1mo", "7w", "90s", "250ms"}[random.IntN(5)]
	}
	call := fn.name + "(" + strings.Join(args, ", ") + ")"
	if fn.structure || fn.picks {
		return "fields " + call + " as r | fields r.a as a, r.0 as b, " + call + "[0] as c"
	}
	return "fields " + call + " as r"
}

// rowsOrErrors are the rows of a run, and the errors that it goes on after.
func rowsOrErrors(q *Query, src audit.Source, opts *Options) []string {
	var out []string
	for row, err := range q.Run(context.Background(), src, opts) {
		if err != nil {
			out = append(out, err.Error())
			continue
		}
		out = append(out, row.String())
	}
	return out
}
