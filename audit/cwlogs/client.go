package cwlogs

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"
)

// EventsAPI is what [Events] calls of a client; a *[cloudwatchlogs.Client] has
// it.
type EventsAPI interface {
	FilterLogEvents(context.Context, *cloudwatchlogs.FilterLogEventsInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.FilterLogEventsOutput, error)
}

// TailAPI is what [Tail] calls of a client; a *[cloudwatchlogs.Client] has it.
type TailAPI interface {
	StartLiveTail(context.Context, *cloudwatchlogs.StartLiveTailInput, ...func(*cloudwatchlogs.Options)) (*cloudwatchlogs.StartLiveTailOutput, error)
}

// once turns off the retries of the client for a call, because retry makes them:
// so each request waits for its turn, and is counted.
func once(o *cloudwatchlogs.Options) { o.Retryer = aws.NopRetryer{} }
