package cwlogs_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/evictlog/evictlog/audit/cwlogs/internal/fakelogs"
	"github.com/evictlog/evictlog/query"
)

func TestMalformed(t *testing.T) {
	const text = "fields verb,\n\t'🚀' as x, n"
	for _, test := range []struct {
		name          string
		answer        http.Handler
		want, snippet string // no snippet if the place is not known
	}{
		{
			"offsets", fakelogs.Malformed("unexpected symbol found n", 25, 26),
			"query:2:15: the service refuses this: unexpected symbol found n", "\t\t'🚀' as x, n\n\t\t          ^",
		},
		{
			"a span", fakelogs.Malformed("no such field", 7, 11),
			"query:1:8: the service refuses this: no such field", "\tfields verb,\n\t       ^^^^",
		},
		{
			"beyond the end", fakelogs.Malformed("unexpected symbol found <EOF>", 99, 100),
			"query:2:16: the service refuses this: unexpected symbol found <EOF>", "\t\t'🚀' as x, n\n\t\t           ^",
		},
		{
			"a line in the message", fakelogs.Malformed("unexpected symbol found n at line 2 and position 12", 0, 0),
			"query:2:15: the service refuses this: unexpected symbol found n at line 2 and position 12", "\t\t'🚀' as x, n\n\t\t          ^",
		},
		{"no place", fakelogs.Malformed("Ephemeral field is already defined: x", 0, 0), "", ""},
		{"no such line", fakelogs.Malformed("unexpected symbol found n at line 9 and position 12", 0, 0), "", ""},
	} {
		inBubble(t, func(t *testing.T, ctx context.Context) {
			s := &fakelogs.Server{Events: events(1, time.Second)}
			s.Script("StartQuery", test.answer)
			_, err := collect(ctx, newQuery(s, text))
			if _, ok := errors.AsType[*types.MalformedQueryException](err); !ok {
				t.Fatalf("%s: error %v", test.name, err)
			}
			e, ok := errors.AsType[*query.Error](err)
			if ok != (test.snippet != "") {
				t.Fatalf("%s: error %v", test.name, err)
			}
			if ok && (e.Error() != test.want || e.Snippet() != test.snippet) {
				t.Errorf("%s: got\n%v\n%s\nwant\n%s\n%s", test.name, e, e.Snippet(), test.want, test.snippet)
			}
		})
	}
}

// Other refusals are the errors of the SDK.
func TestRefusedOtherwise(t *testing.T) {
	inBubble(t, func(t *testing.T, ctx context.Context) {
		s := &fakelogs.Server{Events: events(1, time.Second)}
		s.Script("StartQuery", fakelogs.Fail("ResourceNotFoundException", "Log group does not exist"))
		_, err := collect(ctx, newQuery(s, "fields verb"))
		if _, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok {
			t.Errorf("error %v", err)
		}
	})
}
