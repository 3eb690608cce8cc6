package cwlogs

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs/types"
)

// moto takes no notice of commands but fields, sort and limit, sorts in
// descending order unless a query says asc, gives no statistics, and gives times
// in milliseconds since 1970.
func TestQueryMoto(t *testing.T) {
	client := moto(t)
	if client == nil {
		return
	}
	if _, err := client.CreateLogGroup(t.Context(), &cloudwatchlogs.CreateLogGroupInput{LogGroupName: aws.String(testGroup)}); err != nil {
		t.Fatal(err)
	}
	from := time.Now().Add(-time.Hour).Truncate(time.Second)
	var messages []string
	for i := range 30 {
		messages = append(messages, auditEvent(fmt.Sprint("event-", i)))
	}
	put(t, client, "kube-apiserver-audit-0", from, messages...)
	for _, text := range []string{
		"fields @timestamp, @message, @logStream | sort @timestamp desc",
		"fields @timestamp, @message | sort @timestamp asc | limit 10",
	} {
		q := &Query{Client: client, Text: text, Groups: []string{testGroup}, Start: from, End: from.Add(time.Minute)}
		src := &Events{Client: client, Group: testGroup, Start: q.Start, End: q.End.Add(time.Second), Rate: 1e6}
		c, err := Compare(t.Context(), q, src, nil)
		if err != nil || !c.Equal() || c.Rows == 0 {
			t.Errorf("%s: %v, error %v", text, c, err)
		}
	}
	q := &Query{Client: client, Text: "fields @message", Groups: []string{"none"}, Start: from, End: from}
	for _, err := range q.Rows(t.Context()) {
		if _, ok := errors.AsType[*types.ResourceNotFoundException](err); !ok {
			t.Errorf("error %v", err)
		}
	}
}
