package cwlogs

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"

	"github.com/evictlog/evictlog/query"
)

// Whatever the service says of a place, it is one in the text and can be shown.
func FuzzPlace(f *testing.F) {
	f.Add("fields verb,\n\t'🚀' as x, n", "at line 2 and position 12", int32(7), int32(11))
	f.Add("", "at line 1 and position 0", int32(0), int32(0))
	f.Add("a\xff\n\n", "at line 2 and position 9", int32(-1), int32(1<<30))
	f.Fuzz(func(t *testing.T, text, message string, start, end int32) {
		location := &types.QueryCompileErrorLocation{StartCharOffset: &start, EndCharOffset: &end}
		for _, e := range []*types.MalformedQueryException{
			{Message: &message},
			{Message: &message, QueryCompileError: &types.QueryCompileError{Location: location}},
		} {
			from, to, ok := place(text, e)
			if !ok {
				continue
			}
			if from < 0 || to < from || len(text) < to {
				t.Fatalf("%q: from %d to %d", text, from, to)
			}
			shown := query.Error{Query: text, Pos: posAt(text, from), End: posAt(text, to)}
			_ = shown.Snippet()
		}
	})
}
