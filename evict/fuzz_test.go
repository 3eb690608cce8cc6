package evict_test

import (
	"bytes"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

// FuzzAttempts checks, for a log of any lines, that nothing panics; that the
// cheap selection leaves out nothing that FromEvent takes; that an event gives
// the same attempt each time; and that the attempts do not depend on the order
// of the lines.
func FuzzAttempts(f *testing.F) {
	for _, v := range vectors(f) {
		text, _ := v.File("events")
		f.Add([]byte(text), uint64(1))
	}
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		log := lines(string(bytes.ToValidUTF8(text, []byte("?"))))
		stages := map[key][]evict.Attempt{}
		for _, ev := range log {
			decoded, err := ev.Decode()
			if err != nil {
				continue
			}
			path, _, _ := strings.Cut(decoded.RequestURI, "?")
			if repeats(ev.Raw) || !strings.Contains(path, "eviction") {
				return // no API server writes such events, and they are found or not
			}
			at, ok := evict.FromEvent(decoded)
			again, okAgain := evict.FromEvent(decoded)
			if diff := cmp.Diff(at, again); ok != okAgain || diff != "" {
				t.Fatalf("the same event twice:\n%s", diff)
			}
			if ok {
				k := key{at.AuditID, decoded.RequestURI, decoded.RequestReceivedTimestamp.UnixNano()}
				stages[k] = append(stages[k], at)
			}
		}
		want := 0
		for k, list := range stages {
			if k.auditID == "" {
				want += len(list)
			} else {
				want++
			}
		}

		got := collect(t, evict.Attempts(t.Context(), log, nil))
		if len(got) != want {
			t.Fatalf("%d attempts, want %d", len(got), want)
		}
		for _, list := range stages {
			if len(list) > 2 || len(list) == 2 && (list[0].Stage == list[1].Stage || !slices.ContainsFunc(list, arrived)) {
				return // of stages that are there twice and differ, any may be taken
			}
		}
		shuffled := slices.Clone(log)
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(shuffled), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		other := collect(t, evict.Attempts(t.Context(), shuffled, nil))
		if diff := cmp.Diff(inLogOrder(got), inLogOrder(other), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("shuffled (-want +got):\n%s", diff)
		}
	})
}

// A key is what makes events one request.
type key struct {
	auditID, uri string
	received     int64
}

func arrived(at evict.Attempt) bool { return at.Stage == "RequestReceived" }

// FuzzMutated changes single bytes of whole events, which a fuzzer of free
// text would rarely get right.
func FuzzMutated(f *testing.F) {
	all := vectors(f)
	for i := range all {
		f.Add(uint16(i), uint16(i*7), byte('0'))
	}
	f.Fuzz(func(t *testing.T, vector, at uint16, with byte) {
		text, _ := all[int(vector)%len(all)].File("events")
		raw := []byte(text)
		raw[int(at)%len(raw)] = with
		var log audit.List
		for _, ev := range lines(string(raw)) {
			if decoded, err := ev.Decode(); err == nil {
				evict.FromEvent(decoded)
			}
			log = append(log, ev)
		}
		for at, err := range evict.Attempts(t.Context(), log, nil) {
			if err == nil && (len(at.Evidence) == 0 || at.Outcome.String() == "") {
				t.Errorf("%v: no evidence for %v", at.Pos, at.Outcome)
			}
		}
	})
}
