package audit

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"
)

// binaryField is a field of a journal whose value is not written as text.
func binaryField(name, value string) string {
	return name + "\n" + string(binary.LittleEndian.AppendUint64(nil, uint64(len(value)))) + value + "\n"
}

func TestJournalExport(t *testing.T) {
	const (
		head = "__CURSOR=s=1;i=2\n__REALTIME_TIMESTAMP=1795418664818157\n"
		e1   = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"Panic"}`
		e2   = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"2","stage":"Panic"}`
	)
	second := head + "MESSAGE=" + e2 + "\n\n"
	for _, tt := range []struct {
		name, text string
		ids        []string
		errs       []error
		other      int64
	}{
		{name: "text", text: head + "MESSAGE=" + e1 + "\n_PID=1\n\n" + second, ids: []string{"1", "2"}},
		{name: "no blank line at the end", text: head + "MESSAGE=" + e1 + "\n", ids: []string{"1"}},
		{name: "binary", text: head + binaryField("MESSAGE", e1) + "_PID=1\n\n" + second, ids: []string{"1", "2"}},
		{name: "binary with newlines", text: head + binaryField("A", "\n\n__CURSOR=\n\n\x00") + "MESSAGE=" + e1 + "\n\n" + second, ids: []string{"1", "2"}},
		{
			name: "parts", ids: []string{"2", "1"},
			text: head + "_STREAM_ID=a\n_LINE_BREAK=line-max\nMESSAGE=" + e1[:30] + "\n\n" + second + head + "_STREAM_ID=a\nMESSAGE=" + e1[30:] + "\n\n",
		},
		{name: "another program", text: head + "MESSAGE=x\n\n" + head + "_PID=1\n\n" + second, ids: []string{"2"}, other: 2},
		{name: "bad length", text: head + "MESSAGE\n\xff\xff\xff\xff\xff\xff\xff\xff" + e1 + "\n\n" + second, ids: []string{"2"}, errs: []error{ErrNotEvent}},
		{name: "no newline behind a value", text: head + strings.TrimSuffix(binaryField("MESSAGE", e1), "\n") + "x\n\n" + second, ids: []string{"2"}, errs: []error{ErrNotEvent}},
		{name: "cut in a value", text: second + (head + binaryField("MESSAGE", e1))[:120], ids: []string{"2"}, errs: []error{ErrCut}},
		{name: "cut in a line", text: second + (head + "MESSAGE=" + e1)[:80], ids: []string{"2"}, errs: []error{ErrCut}},
		{name: "too long", text: head + binaryField("MESSAGE", `{"a":"`+strings.Repeat("x", 1<<20)+`"}`) + "\n" + second, ids: []string{"2"}, errs: []error{ErrTooLong}},
		{name: "broken event", text: head + "MESSAGE=" + e1[:70] + "\n\n" + second, ids: []string{"2"}, errs: []error{ErrNotJSON}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			r := NewReader(iotest.OneByteReader(strings.NewReader(tt.text)))
			r.MaxEventBytes = 300 << 10
			var ids []string
			var errs []error
			for ev, err := range r.Events() {
				if err != nil {
					for _, reason := range []error{ErrNotEvent, ErrCut, ErrTooLong, ErrNotJSON} {
						if errors.Is(err, reason) {
							errs = append(errs, reason)
						}
					}
					continue
				}
				ids = append(ids, idIn(string(ev.Raw)))
				if at := strings.Index(tt.text, `{"kind"`); len(ids) == 1 && tt.errs == nil && ev.Pos.Offset != int64(at) && ids[0] == "1" {
					t.Errorf("%v, want offset %d", ev.Pos, at)
				}
				if want := time.UnixMicro(1795418664818157).UTC(); !ev.Logged.Equal(want) || ev.ID != "s=1;i=2" {
					t.Errorf("logged %v as %q", ev.Logged, ev.ID)
				}
			}
			if diff := cmp.Diff(tt.ids, ids); diff != "" {
				t.Errorf("events (-want +got):\n%s", diff)
			}
			if len(errs) != len(tt.errs) || len(errs) > 0 && errs[0] != tt.errs[0] {
				t.Errorf("errors %v, want %v", errs, tt.errs)
			}
			stats := r.Stats()
			if stats.Other.Count != tt.other || stats.Bytes != int64(len(tt.text)) {
				t.Errorf("stats %+v of %d bytes", stats, len(tt.text))
			}
		})
	}
}
