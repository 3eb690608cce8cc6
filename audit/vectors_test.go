package audit_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/audittest"
)

var update = flag.Bool("update", false, "write what the vectors give into their files")

const vectorDir = "../testdata/audit"

// line is how a vector states an event or an error.
type line struct {
	At       string     `json:"at,omitempty"`
	Offset   int64      `json:"offset,omitempty"`
	Raw      string     `json:"raw,omitempty"`
	Group    string     `json:"group,omitempty"`
	Stream   string     `json:"stream,omitempty"`
	Logged   *time.Time `json:"logged,omitempty"`
	Ingested *time.Time `json:"ingested,omitempty"`
	ID       string     `json:"id,omitempty"`
	Cut      bool       `json:"cut,omitempty"`
	Mapped   string     `json:"mapped,omitempty"`
	Error    string     `json:"error,omitempty"`
}

func some(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return &t
}

// TestVectors reads the log of each vector.
func TestVectors(t *testing.T) {
	vectors, err := audittest.Load(os.DirFS(vectorDir), "*.txtar", "source")
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors {
		log, _ := v.File("log")
		want, _ := v.File("want")
		if v.Title == "" || v.Header["source"] == "" || log == "" {
			t.Errorf("%s: no title, source or log", v.Path)
		}
		got := give(t, log)
		if diff := cmp.Diff(want, got); diff != "" && !*update {
			t.Errorf("%s: %s (-want +got):\n%s", v.Path, v.Title, diff)
		} else if diff != "" {
			path := filepath.Join(vectorDir, v.Path)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			head, _, _ := strings.Cut(string(text), "-- want --\n")
			if err := os.WriteFile(path, []byte(head+"-- want --\n"+got), 0o666); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// give is what a log gives, a JSON object on each line.
func give(t *testing.T, log string) string {
	t.Helper()
	r := audit.NewReader(strings.NewReader(log))
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	for ev, err := range r.Events() {
		l := line{
			At: ev.Pos.String(), Offset: ev.Pos.Offset, Raw: string(ev.Raw), Group: ev.Group, Stream: ev.Stream,
			Logged: some(ev.Logged), Ingested: some(ev.Ingested), ID: ev.ID, Cut: ev.Cut, Mapped: ev.Mapped,
		}
		if err != nil {
			l = line{Error: err.Error()}
		}
		if err := enc.Encode(l); err != nil {
			t.Fatal(err)
		}
	}
	balance(t, r.Stats())
	return b.String()
}
