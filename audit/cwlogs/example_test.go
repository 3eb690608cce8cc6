package cwlogs_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

	"github.com/aws/aws-sdk-go-v2/config"
	"github.com/aws/aws-sdk-go-v2/service/cloudwatchlogs"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/cwlogs"
	"github.com/evictlog/evictlog/evict"
)

// List the requests to evict of the last day, from four windows at a time.
func ExampleEvents() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	src := &cwlogs.Events{
		Client:  cloudwatchlogs.NewFromConfig(cfg),
		Group:   "/aws/eks/prod/cluster",
		Start:   time.Now().Add(-24 * time.Hour),
		Windows: 24,
	}
	for try, err := range evict.Attempts(ctx, src, &evict.Options{Workers: 4}) {
		if err != nil {
			log.Print(err)
			continue
		}
		fmt.Println(try.Time, try.Namespace, try.Pod, try.Outcome)
	}
}

// Tell of evictions as they happen.
func ExampleTail() {
	ctx := context.Background()
	cfg, err := config.LoadDefaultConfig(ctx)
	if err != nil {
		log.Fatal(err)
	}
	tail := &cwlogs.Tail{
		Client:  cloudwatchlogs.NewFromConfig(cfg),
		Group:   "arn:aws:logs:us-west-2:123456789012:log-group:/aws/eks/prod/cluster",
		Pattern: cwlogs.EvictionPattern,
	}
	for {
		src := audit.Sequence(tail.Events(ctx))
		for try, err := range evict.Attempts(ctx, src, nil) {
			_, onePlace := errors.AsType[*audit.EventError](err)
			switch {
			case err == nil:
				fmt.Println(try.Time, try.Namespace, try.Pod, try.Outcome)
			case onePlace, errors.Is(err, cwlogs.ErrSessionEnded):
				log.Print(err) // and go on: something was missed
			default:
				log.Fatal(err)
			}
		}
	}
}
