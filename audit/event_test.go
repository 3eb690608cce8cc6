package audit_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime"
	auditv1 "k8s.io/apiserver/pkg/apis/audit/v1"

	"github.com/evictlog/evictlog/audit"
)

// decodeTests are events as real logs hold them.
var decodeTests = []struct {
	name, raw string
	// want checks the decoded event; it may be nil if err is set.
	want func(*auditv1.Event) bool
	err  string
	time string // RFC 3339; "" for none
}{
	{
		name: "bodies of internal versions",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","requestObject":{"kind":"DeleteOptions","apiVersion":"meta.k8s.io/__internal"},"stageTimestamp":"2026-11-23T07:24:24.803005Z"}`,
		want: func(e *auditv1.Event) bool {
			return string(e.RequestObject.Raw) == `{"kind":"DeleteOptions","apiVersion":"meta.k8s.io/__internal"}`
		},
		time: "2026-11-23T07:24:24.803005Z",
	},
	{
		name: "bodies that are strings and arrays",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","requestObject":[{"op":"add"}],"responseObject":"skipped-too-big-size-object"}`,
		want: func(e *auditv1.Event) bool {
			return string(e.RequestObject.Raw) == `[{"op":"add"}]` && string(e.ResponseObject.Raw) == `"skipped-too-big-size-object"`
		},
	},
	{
		name: "unknown fields, and cases that differ",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","p_log_type":1,"VERB":"delete","verb":"create"}`,
		want: func(e *auditv1.Event) bool { return e.Verb == "create" },
	},
	{
		name: "keys that repeat",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"get","verb":"create","stageTimestamp":"2026-11-23T07:24:24Z","stageTimestamp":"2026-11-23T07:24:25Z"}`,
		want: func(e *auditv1.Event) bool { return e.Verb == "create" && e.StageTimestamp.Second() == 25 },
		time: "2026-11-23T07:24:25Z",
	},
	{
		name: "401 without a user",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","stage":"ResponseStarted","user":{},"responseStatus":{"metadata":{},"status":"Failure","message":"Unauthorized","code":401},"requestReceivedTimestamp":"2026-11-23T07:24:24.1Z"}`,
		want: func(e *auditv1.Event) bool { return e.User.Username == "" && e.ResponseStatus.Code == 401 },
		time: "2026-11-23T07:24:24.1Z",
	},
	{
		name: "v1beta1",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1beta1","metadata":{"creationTimestamp":"2018-01-02T03:04:05Z"},"level":"Request","timestamp":"2018-01-02T03:04:06Z","auditID":"x","stage":"ResponseComplete","verb":"create","user":{"username":"u"},"requestReceivedTimestamp":null,"stageTimestamp":null}`,
		want: func(e *auditv1.Event) bool { return e.Verb == "create" && e.User.Username == "u" },
		time: "2018-01-02T03:04:06Z",
	},
	{
		name: "v1alpha1",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1alpha1","metadata":{"creationTimestamp":"2018-01-02T03:04:05Z"},"auditID":"x","verb":"create"}`,
		want: func(e *auditv1.Event) bool { return e.Verb == "create" },
		time: "2018-01-02T03:04:05Z",
	},
	{
		name: "times in another zone",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","stageTimestamp":"2026-11-23T09:24:24.803005+02:00"}`,
		want: func(e *auditv1.Event) bool { return e.StageTimestamp.Location() == time.UTC },
		time: "2026-11-23T07:24:24.803005Z",
	},
	{
		name: "times that are none",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","stageTimestamp":"secret","metadata":7,"timestamp":["secret"]}`,
		err:  "audit: a.log:7: not an audit event: a time cannot be read (offset 99)",
	},
	{
		name: "times of Panther",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","stageTimestamp":"2022-11-29 00:09:04.38"}`,
		want: func(e *auditv1.Event) bool { return e.StageTimestamp.Nanosecond() == 380e6 },
		time: "2022-11-29T00:09:04.38Z",
	},
	{
		name: "field of the wrong kind",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","user":{"username":["secret"]}}`,
		err:  "audit: a.log:7: not an audit event: field user.username is a JSON array (offset 99)",
	},
	{
		name: "number that is none",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","responseStatus":{"code":12345678901234567890}}`,
		err:  "audit: a.log:7: not an audit event: field responseStatus.code is a JSON number (offset 99)",
	},
	{
		name: "annotation of the wrong kind",
		raw:  `{"kind":"Event","apiVersion":"audit.k8s.io/v1","annotations":{"secret":["secret"]}}`,
		err:  "audit: a.log:7: not an audit event: field annotations is a JSON array (offset 99)",
	},
	{
		name: "no JSON",
		raw:  `{"kind":"Event","secret`,
		err:  "audit: a.log:7: not an audit event: a field has a value of the wrong kind (offset 99)",
	},
}

func TestDecode(t *testing.T) {
	for _, tt := range decodeTests {
		ev := audit.Event{Raw: []byte(tt.raw), Pos: audit.Pos{File: "a.log", Line: 7, Offset: 99}}
		got, err := ev.Decode()
		switch {
		case tt.err != "":
			if err == nil || err.Error() != tt.err || !errors.Is(err, audit.ErrNotEvent) {
				t.Errorf("%s: error %v\nwant %s", tt.name, err, tt.err)
			}
			if got != nil {
				t.Errorf("%s: an event and an error", tt.name)
			}
		case err != nil:
			t.Errorf("%s: %v", tt.name, err)
		case !tt.want(got):
			t.Errorf("%s: decoded as %+v", tt.name, got)
		}
		want := time.Time{}
		if tt.time != "" {
			want, _ = time.Parse(time.RFC3339, tt.time)
		}
		if got := ev.Time(); !got.Equal(want) || got.Location() != time.UTC {
			t.Errorf("%s: time %v, want %v", tt.name, got, want)
		}
	}
}

// TestDecodeOwns changes the memory of the reader under a decoded event.
func TestDecodeOwns(t *testing.T) {
	raw := []byte(`{"kind":"Event","apiVersion":"audit.k8s.io/v1","verb":"create","requestObject":{"a":"b"}}`)
	ev := audit.Event{Raw: raw}
	clone := ev.Clone()
	decoded, err := ev.Decode()
	if err != nil {
		t.Fatal(err)
	}
	clear(raw)
	want := &auditv1.Event{Verb: "create", RequestObject: &runtime.Unknown{Raw: []byte(`{"a":"b"}`), ContentType: "application/json"}}
	want.Kind, want.APIVersion = "Event", "audit.k8s.io/v1"
	want.RequestReceivedTimestamp.Time = decoded.RequestReceivedTimestamp.Time
	want.StageTimestamp.Time = decoded.StageTimestamp.Time
	if diff := cmp.Diff(want, decoded); diff != "" {
		t.Errorf("decoded (-want +got):\n%s", diff)
	}
	if !strings.HasPrefix(string(clone.Raw), `{"kind"`) {
		t.Error("the clone changed")
	}
}

func TestTimeOfLog(t *testing.T) {
	logged := time.Date(2020, 9, 8, 4, 0, 24, 0, time.UTC)
	ev := audit.Event{Raw: []byte(decodeTests[0].raw), Logged: logged}
	if got := ev.Time(); got != logged {
		t.Errorf("time %v, want that of the log, %v", got, logged)
	}
}

func TestPosString(t *testing.T) {
	for _, tt := range []struct {
		pos  audit.Pos
		want string
	}{
		{audit.Pos{}, "-"},
		{audit.Pos{Line: 3, Offset: 9}, "line 3"},
		{audit.Pos{Offset: 9}, "offset 9"},
		{audit.Pos{File: "a"}, "a"},
		{audit.Pos{File: "a", Offset: 9}, "a@9"},
		{audit.Pos{File: "a", Line: 3, Offset: 9}, "a:3"},
	} {
		if got := tt.pos.String(); got != tt.want {
			t.Errorf("%#v is %q, want %q", tt.pos, got, tt.want)
		}
	}
}

func TestEventErrorString(t *testing.T) {
	for _, tt := range []struct {
		err  audit.EventError
		want string
	}{
		{audit.EventError{Err: errAny}, "audit: any"},
		{audit.EventError{Pos: audit.Pos{File: "a"}, Err: errAny}, "audit: a: any"},
		{audit.EventError{Pos: audit.Pos{File: "a"}, Lines: 2, Bytes: 9, Err: errAny}, "audit: a: any (2 lines, 9 bytes)"},
		{audit.EventError{Pos: audit.Pos{File: "a", Line: 1}, Lines: 1, Bytes: 9, Err: errAny}, "audit: a:1: any (offset 0, 9 bytes)"},
		{audit.EventError{Pos: audit.Pos{Line: 4, Offset: 77}, Err: errAny}, "audit: line 4: any (offset 77)"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("error %q, want %q", got, tt.want)
		}
	}
}

// TestDecodeLevel decodes an event as OpenShift's log collector writes it.
func TestDecodeLevel(t *testing.T) {
	raw := `{"apiVersion":"audit.k8s.io/v1","auditID":"1","k8s_audit_level":"Request","kind":"Event","level":"default","stage":"Panic"}`
	got, err := (audit.Event{Raw: []byte(raw)}).Decode()
	if err != nil || got.Level != "Request" {
		t.Errorf("level %v, %v", got, err)
	}
}
