package evict_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"iter"
	"os"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/audittest"
	"github.com/evictlog/evictlog/evict"
)

// TestVectors holds Attempts to the vectors of testdata/evict. A vector has a
// log, the attempts that it holds and the errors, and says in its header where
// the answer's text is from.
func TestVectors(t *testing.T) {
	shown := map[evict.Outcome]bool{}
	for _, v := range vectors(t) {
		t.Run(strings.TrimSuffix(v.Path, ".txtar"), func(t *testing.T) {
			if v.Title == "" || v.Header["source"] == "" {
				t.Error("a vector needs a title and a source")
			}
			log, _ := v.File("events")
			want, ok := v.File("want")
			if !ok {
				t.Fatal("no member want")
			}
			wantErrors, _ := v.File("errors")
			events := lines(log)

			var got []evict.Attempt
			for at, err := range evict.Attempts(t.Context(), events, nil) {
				if err != nil {
					rest, found := strings.CutPrefix(wantErrors, err.Error()+"\n")
					if wantErrors = rest; !found {
						t.Errorf("unexpected error: %v", err)
					}
					continue
				}
				got = append(got, at)
				shown[at.Outcome] = true
			}
			if wantErrors != "" {
				t.Errorf("errors that did not come: %s", wantErrors)
			}
			if diff := cmp.Diff(want, render(got)); diff != "" {
				t.Errorf("attempts (-want +got):\n%s", diff)
			}
			checkPrefixes(t, events, got)
			checkReversed(t, events, got)
			checkArchive(t, log, got)
		})
	}
	for o := evict.Unknown; o <= evict.ServerError; o++ {
		if !shown[o] {
			t.Errorf("no vector shows %v", o)
		}
	}
}

// checkPrefixes checks that the loop can be left at any attempt.
func checkPrefixes(t *testing.T, events audit.List, all []evict.Attempt) {
	t.Helper()
	for n := 1; n < len(all); n++ {
		got := collect(t, limit(evict.Attempts(t.Context(), events, nil), n))
		if diff := cmp.Diff(all[:n], got); diff != "" {
			t.Errorf("left after %d (-want +got):\n%s", n, diff)
		}
	}
}

// checkReversed checks that a log read backwards holds the same attempts.
func checkReversed(t *testing.T, events audit.List, want []evict.Attempt) {
	t.Helper()
	events = slices.Clone(events)
	slices.Reverse(events)
	got := collect(t, evict.Attempts(t.Context(), events, nil))
	if diff := cmp.Diff(inLogOrder(want), inLogOrder(got)); diff != "" {
		t.Errorf("reversed (-want +got):\n%s", diff)
	}
}

// checkArchive checks that an archive, which leaves out what it can prove not
// to be an eviction, has the same attempts at the same places, also if it is
// compressed or has to read all.
func checkArchive(t *testing.T, log string, want []evict.Attempt) {
	t.Helper()
	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	if _, err := io.WriteString(zip, log); err != nil {
		t.Fatal(err)
	}
	if err := zip.Close(); err != nil {
		t.Fatal(err)
	}
	for _, data := range [][]byte{[]byte(log), packed.Bytes()} {
		for _, strict := range []bool{false, true} {
			archive := &audit.Archive{FS: fstest.MapFS{"log": {Data: data}}, Stream: "kube-apiserver-audit"}
			got := collect(t, evict.Attempts(t.Context(), archive, &evict.Options{Strict: strict}))
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("archive of %d bytes, strict %v (-want +got):\n%s", len(data), strict, diff)
			}
		}
	}
}

// vectors loads the vectors of this package.
func vectors(tb testing.TB) []audittest.Vector {
	tb.Helper()
	v, err := audittest.Load(os.DirFS("../testdata/evict"), "*.txtar", "source")
	if err != nil {
		tb.Fatal(err)
	}
	return v
}

// lines makes a log of the lines of a text, one event each.
func lines(text string) audit.List {
	var list audit.List
	n, offset := 0, int64(0)
	for line := range strings.Lines(text) {
		n++
		if raw := bytes.TrimSpace([]byte(line)); len(raw) > 0 {
			list = append(list, audit.Event{
				Raw:    raw,
				Stream: "kube-apiserver-audit",
				Pos:    audit.Pos{File: "log", Line: n, Offset: offset},
			})
		}
		offset += int64(len(line))
	}
	return list
}

// collect returns the attempts of a sequence, without the errors that concern
// one place.
func collect(tb testing.TB, seq iter.Seq2[evict.Attempt, error]) []evict.Attempt {
	tb.Helper()
	var list []evict.Attempt
	for at, err := range seq {
		if err == nil {
			list = append(list, at)
		} else if _, ok := errors.AsType[*audit.EventError](err); !ok {
			tb.Fatal(err)
		}
	}
	return list
}

// limit leaves a sequence after n attempts.
func limit(seq iter.Seq2[evict.Attempt, error], n int) iter.Seq2[evict.Attempt, error] {
	return func(yield func(evict.Attempt, error) bool) {
		for at, err := range seq {
			if !yield(at, err) {
				return
			}
			if err == nil {
				if n--; n == 0 {
					return
				}
			}
		}
	}
}

// inLogOrder sorts attempts by their place in the log.
func inLogOrder(list []evict.Attempt) []evict.Attempt {
	list = slices.Clone(list)
	slices.SortFunc(list, func(a, b evict.Attempt) int { return int(a.Pos.Offset - b.Pos.Offset) })
	return list
}

// render writes attempts as the vectors have them: a line for every field that
// is set, a blank line between attempts.
func render(list []evict.Attempt) string {
	var b strings.Builder
	for i, at := range list {
		if i > 0 {
			b.WriteByte('\n')
		}
		renderOne(&b, at)
	}
	return b.String()
}

func renderOne(b *strings.Builder, at evict.Attempt) {
	put := func(key string, value any) {
		if s := fmt.Sprint(value); s != "" && s != "0" && s != "0s" && s != "[]" {
			fmt.Fprintf(b, "%s: %s\n", key, s)
		}
	}
	clock := func(t time.Time) string {
		if t.IsZero() {
			return ""
		}
		return t.Format(time.RFC3339Nano)
	}
	put("pos", at.Pos)
	put("time", clock(at.Time))
	put("answered", clock(at.Answered))
	put("audit id", at.AuditID)
	put("pod", at.Namespace+"/"+at.Pod)
	put("uid", at.UID)
	put("live uid", at.LiveUID)
	put("verb", at.Verb)
	put("outcome", at.Outcome)
	put("code", at.Code)
	put("reason", at.Reason)
	put("message", at.Message)
	for _, budget := range at.Budgets {
		put("budget", fmt.Sprintf("%+v", budget))
	}
	put("retry after", at.RetryAfter)
	put("dry run", at.DryRun)
	if at.GracePeriodSeconds != nil {
		put("grace period", fmt.Sprintf("%d seconds", *at.GracePeriodSeconds))
	}
	put("api version", at.APIVersion)
	put("webhook", at.Webhook)
	put("policy", at.Policy)
	put("user", at.Actor.User)
	put("user uid", at.Actor.UID)
	put("groups", at.Actor.Groups)
	put("impersonated", at.Actor.Impersonated)
	put("canonical arn", at.Actor.CanonicalARN)
	put("session name", at.Actor.SessionName)
	put("pod name", at.Actor.PodName)
	put("user agent", at.Actor.UserAgent)
	put("source ip", at.Actor.SourceIP)
	put("level", at.Level)
	put("stage", at.Stage)
	for _, e := range at.Evidence {
		put("evidence", strings.TrimSpace(fmt.Sprintf("%s = %s", e.Field, e.Value)))
	}
}
