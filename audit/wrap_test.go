package audit

import (
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// An envelope wraps texts as a form does. Each row of the tables has one here,
// so that what holds for all forms is tried on it.
type envelope struct {
	name string
	// wrap returns the texts as one file.
	wrap func(texts []string) string
	// lines says that each text stands on lines of its own, so that damage to
	// one does no harm to another.
	lines bool
}

// holds tells whether events in the envelope in may stand in e: the text forms
// hold no text, a prefix that is not known only events, and oc adm node-logs only
// what an API server writes.
func (e envelope) holds(in envelope) bool {
	switch e.name {
	case "prefix", legacyText.name, basicText.name:
		return false
	case nodeLogs.name:
		return slices.Contains([]string{jsonLinesName, legacyText.name, basicText.name}, in.name)
	}
	return true
}

// eachLine wraps each text by itself.
func eachLine(name string, wrap func(text string) string) envelope {
	return envelope{name, func(texts []string) string {
		var b strings.Builder
		for _, text := range texts {
			b.WriteString(wrap(text) + "\n")
		}
		return b.String()
	}, true}
}

// asString is text as a JSON string.
func asString(text string) string {
	quoted, err := json.Marshal(text)
	if err != nil {
		panic(err)
	}
	return string(quoted)
}

// inList wraps all texts into one document: each by item, with commas between
// them.
func inList(name, before, after string, item func(i int, text string) string) envelope {
	return envelope{name, func(texts []string) string {
		var items []string
		for i, text := range texts {
			items = append(items, item(i, text))
		}
		return before + strings.Join(items, ",\n  ") + after
	}, false}
}

func itself(_ int, text string) string { return text }

func logEventItem(i int, text string) string {
	return fmt.Sprintf("{\n    \"logStreamName\": \"s\",\n    \"timestamp\": %d,\n    \"message\": %s,\n    \"eventId\": \"%d\"\n}", 1795418663852+int64(i), asString(text), i)
}

// envelopes are those of the rows, by their names, and of what has no row.
var envelopes = []envelope{
	eachLine("JSON lines", func(text string) string { return text }),
	{"JSON lines", func(texts []string) string { return strings.Join(texts, "\t") + "\n" }, false},
	{"JSON lines", func(texts []string) string { return strings.Join(texts, "") }, false},
	eachLine("prefix", func(text string) string { return "ip-10-0-0-1.ec2.internal " + text }),
	eachLine(exportTask.name, func(text string) string { return "2026-11-23T07:24:23.852Z " + text }),
	eachLine(criLog.name, func(text string) string {
		const head = "2026-11-23T07:24:24.818157345Z stdout "
		if len(text) < 40 {
			return head + "F " + text
		}
		return head + "P " + text[:20] + "\n2026-11-23T07:24:24.8Z stderr F I1123 07:24:21.277787 1 a.go:1] x\n" + head + "F " + text[20:]
	}),
	eachLine(legacyText.name, func(text string) string {
		return `2026-11-23T07:29:35.24864296Z AUDIT: id="` + idIn(text) + `" stage="Panic" ip="::1" method="get" user="u" groups="\"g\"" as="<self>" asgroups="<lookup>" user-agent="a" namespace="<none>" uri="/healthz" response="200"`
	}),
	eachLine(basicText.name, func(text string) string {
		return `2017-02-15T17:10:38.123456789+01:00 AUDIT: id="` + idIn(text) + `" response="200"`
	}),
	eachLine(kubectlLogs.name, func(text string) string {
		return "[pod/kube-apiserver-a/kube-apiserver] 2026-11-23T07:24:24.818157345Z " + text
	}),
	eachLine(kubectlLogs.name, func(text string) string { return "2026-11-23T08:24:24.818157345+01:00 " + text }),
	eachLine(syslogLine.name, func(text string) string {
		return `<134>1 2026-11-23T07:24:24.818157Z host kube-apiserver 1 - [a@1 k="]\"x"][b] ` + text
	}),
	eachLine(syslogLine.name, func(text string) string { return "Nov 23 07:24:24 host kube-apiserver[13026]: " + text }),
	{journalExportName, func(texts []string) string {
		var b strings.Builder
		for _, text := range texts {
			b.WriteString("__CURSOR=s=1\n__REALTIME_TIMESTAMP=1795418664818157\nMESSAGE=" + text + "\n\n")
		}
		return b.String()
	}, false},
	eachLine(nodeLogs.name, func(text string) string { return "ip-10-0-0-1.ec2.internal " + text }),
	eachLine(journalEntry.name, func(text string) string {
		const tail = `,"__REALTIME_TIMESTAMP":"1795418664818157","_STREAM_ID":"1"`
		if len(text) < 40 {
			return `{"MESSAGE":` + asString(text) + tail + "}"
		}
		return `{"MESSAGE":` + asString(text[:20]) + tail + `,"_LINE_BREAK":"line-max"}` + "\n" + `{"MESSAGE":` + asString(text[20:]) + tail + "}"
	}),
	eachLine(dockerLog.name, func(text string) string {
		const tail = `,"stream":"stdout","time":"2026-11-23T07:24:24.818157345Z"}`
		if len(text) < 40 {
			return `{"log":` + asString(text+"\n") + tail
		}
		return `{"log":` + asString(text[:20]) + tail + "\n" + `{"log":` + asString(text[20:]+"\n") + tail
	}),
	eachLine(logEvent.name, func(text string) string { return `{"timestamp":1795418663852,"message":` + asString(text) + "}" }),
	inList(arrayDocument.name, "[\n  ", "\n]\n", itself),
	inList(arrayDocument.name, "[", "]", func(_ int, text string) string { return asString(text) }),
	inList(listDocument.name, `{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[`, "]}", itself),
	inList(logEventsDocument.name, "{\n  \"events\": [\n  ", "\n  ],\n  \"searchedLogStreams\": []\n}\n", logEventItem),
	inList(subscription.name, `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],"logEvents":[`, "]}",
		func(i int, text string) string {
			return fmt.Sprintf(`{"id":"%d","timestamp":%d,"message":%s}`, i, 1795418663852+int64(i), asString(text))
		}),
}

// idIn is the audit ID of an event, for the forms that hold no JSON.
func idIn(text string) string { return idOf.FindStringSubmatch(text)[1] }

var idOf = regexp.MustCompile(`"auditID\\*":\\*"(\w*)`)

// TestEnvelopes holds that each row of the tables is tried.
func TestEnvelopes(t *testing.T) {
	tried := make(map[string]bool)
	for _, e := range envelopes {
		tried[e.name] = true
	}
	var names []string
	for _, f := range forms {
		names = append(names, f.name)
	}
	for _, w := range wrappers {
		names = append(names, w.name)
	}
	for _, d := range documents {
		names = append(names, d.name)
	}
	for _, name := range names {
		if !tried[name] {
			t.Errorf("no envelope wraps texts as the form %q does", name)
		}
	}
}

// fuzzEvents are n events, some of them with what is hard to tell from
// envelopes.
func fuzzEvents(n int, seed uint64) []string {
	bodies := []string{`{}`, `"}{"`, `{"items":[{"level":"x"}],"events":[1]}`, `"\t\"\\\u003c [Truncated..."`, `[{"message":"m","timestamp":1}]`}
	var texts []string
	for i := range n {
		body := bodies[(seed+uint64(i))%uint64(len(bodies))]
		texts = append(texts, fmt.Sprintf(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Request","auditID":"id%d","stage":"ResponseComplete","requestObject":%s}`, i, body))
	}
	return texts
}

// idsIn are the audit IDs of a file, with the sum of the counts checked.
func idsIn(t *testing.T, file string, need Need) (ids []string, errs int) {
	t.Helper()
	r := NewReader(strings.NewReader(file))
	r.Need = need
	for ev, err := range r.Events() {
		if err != nil {
			errs++
			continue
		}
		var doc struct{ AuditID string }
		if err := json.Unmarshal(ev.Raw, &doc); err != nil {
			t.Fatalf("%v of %q", err, file)
		}
		ids = append(ids, doc.AuditID)
	}
	stats := r.Stats()
	var sum Tally
	for _, tally := range []Tally{stats.Events, stats.Wrapping, stats.Other, stats.Blank, stats.Skipped, stats.Damaged} {
		sum.Bytes += tally.Bytes
		sum.Lines += tally.Lines
	}
	lines := int64(strings.Count(file, "\n"))
	if file != "" && !strings.HasSuffix(file, "\n") {
		lines++
	}
	if sum.Bytes != int64(len(file)) || sum.Lines != lines || stats.Bytes != sum.Bytes || stats.Lines != sum.Lines {
		t.Errorf("counted %+v in %d bytes, %d lines of %q", stats, len(file), lines, file)
	}
	return ids, errs
}

// TestMixedLines reads lines of forms that are easily taken for each other.
func TestMixedLines(t *testing.T) {
	const (
		basic  = `2017-02-15T17:10:38.123456789+01:00 AUDIT: id="1" response="200"` + "\n"
		legacy = `2026-11-23T07:29:35.24864296Z AUDIT: id="1" stage="Panic" ip="::1" uri="/healthz" response="200"` + "\n"
		event  = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"Panic"}` + "\n"
		stamp  = "2026-11-23T07:24:24.818157345Z "
		staged = `2017-02-15T17:10:38.123456789+01:00 AUDIT: id="1" user="a stage=" uri="/healthz"` + "\n"
	)
	damaged := strings.Replace(legacy, "stage", "stbge", 1)
	for _, test := range []struct {
		name, file   string
		events, errs int
	}{
		{"basic text of a node", "node-1 " + basic, 1, 0},
		{"basic text in a record", `{"message":` + asString(strings.TrimSpace(basic)) + "}\n", 1, 0},
		{"basic text behind kubectl logs", stamp + event + basic, 2, 0},
		{"CRI log behind kubectl logs", stamp + event + stamp + "stdout P " + event[:20] + "\n" + stamp + "stdout F " + event[20:], 2, 0},
		{"legacy text behind CSV", "@timestamp,@message\n" + legacy, 1, 0},
		{"legacy text behind basic text", basic + legacy + legacy, 3, 0},
		{"legacy text with a damaged stage", damaged + legacy, 2, 0},
		{"basic text with a key in a value", staged + basic, 1, 0},
		{"the middle of a line of saw", event + "] (s) " + event, 2, 0},
	} {
		ids, errs := idsIn(t, test.file, Need{})
		if len(ids) != test.events || errs != test.errs {
			t.Errorf("%s: events %v, %d errors, want %d, %d", test.name, ids, errs, test.events, test.errs)
		}
	}
}

// FuzzEnvelopes puts events into envelopes, one within the other, joins files of
// two kinds, and damages the result: every event that is intact comes out once,
// in order, and every byte is counted.
func FuzzEnvelopes(f *testing.F) {
	for i := range envelopes {
		f.Add(uint8(i), uint8(0), uint8(1), uint8(3), uint64(i), -1, byte(0))
		f.Add(uint8(i), uint8(i+1), uint8(9), uint8(4), uint64(i), 300+40*i, byte('x'))
		f.Add(uint8(i), uint8(i), uint8(i), uint8(2), uint64(i), 250, byte('"'))
	}
	f.Fuzz(func(t *testing.T, outer, inner, next, n uint8, seed uint64, at int, with byte) {
		texts := fuzzEvents(int(n%8)+1, seed)
		var wrapped []string
		in := envelopes[int(inner)%len(envelopes)]
		for _, text := range texts {
			wrapped = append(wrapped, strings.TrimSuffix(in.wrap([]string{text}), "\n"))
		}
		out := envelopes[int(outer)%len(envelopes)]
		if all := strings.Join(wrapped, ""); !in.lines || strings.Contains(all, "\n") || !out.lines && all[0] != '{' || !out.holds(in) {
			wrapped = texts // only what stands on one line can be wrapped in any other
		}
		first := out.wrap(wrapped)
		file := first + envelopes[int(next)%len(envelopes)].wrap([]string{`{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"last","stage":"Panic"}`})
		want := append(idsOf(len(texts)), "last")
		got, errs := idsIn(t, file, Need{})
		if behind := envelopes[int(next)%len(envelopes)].name; behind == journalExportName && out.name != behind {
			errs = 0 // entries of a journal are known only behind others: here, their fields are lines that say nothing
		}
		if strings.Join(got, " ") != strings.Join(want, " ") || errs != 0 {
			t.Errorf("%s in %s: events %v, want %v, %d errors, in %q", in.name, out.name, got, want, errs, file)
		}
		if strings.HasSuffix(first, "\n") || strings.HasPrefix(file[len(first):], `{"`) { // else what is glued passes for an event
			unchecked, _ := idsIn(t, file, Need{Unchecked: true})
			if strings.Join(unchecked, " ") != strings.Join(want, " ") {
				t.Errorf("%s in %s: unchecked events %v, want %v, in %q", in.name, out.name, unchecked, want, file)
			}
		}
		literal, _ := idsIn(t, file, Need{Literals: []string{"last"}})
		if len(literal) == 0 || literal[len(literal)-1] != "last" {
			t.Errorf("%s in %s: events %v with the literal, in %q", in.name, out.name, literal, file)
		}
		if at < 0 || at >= len(first) || '0' <= with && with <= '9' { // a digit may make one ID of another
			return
		}
		damaged, _ := idsIn(t, file[:at]+string(with)+file[at+1:], Need{})
		// A request of basic text that has lost its answer waits for it to
		// the end.
		check := inOrder
		if out.name == basicText.name || in.name == basicText.name {
			check = once
		}
		check(t, want, damaged)
		// Where envelopes that are objects stand on one line, the damage
		// may take all behind it on the line.
		line := out.name == jsonLinesName && !out.lines && wrapped[0] != texts[0]
		if lost := len(want) - len(damaged); with == 'x' && at > 150 && lost > 2 && !line {
			t.Errorf("%s in %s, damaged at %d: %d events lost of %d, in %q", in.name, out.name, at, lost, len(want), file)
		}
		cut, _ := idsIn(t, file[:at], Need{})
		check(t, want, cut)
	})
}

func idsOf(n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprint("id", i))
	}
	return ids
}

// once checks that got has each of want no more than once.
func once(t *testing.T, want, got []string) {
	t.Helper()
	for _, id := range want {
		if n := len(got) - len(slices.DeleteFunc(slices.Clone(got), func(other string) bool { return other == id })); n > 1 {
			t.Errorf("event %s comes %d times: %v", id, n, got)
		}
	}
}

// inOrder checks that got is want without some.
func inOrder(t *testing.T, want, got []string) {
	t.Helper()
	i := 0
	for _, id := range got {
		if !slices.Contains(want, id) {
			continue // the damage is in an ID
		}
		for i < len(want) && want[i] != id {
			i++
		}
		if i == len(want) {
			t.Errorf("events %v, of %v", got, want)
			return
		}
		i++
	}
}
