// Package cwlogs reads audit logs where they are: in the log groups of Amazon
// CloudWatch Logs.
//
// [Events] is an [audit.Source], so that what works on files works on a log
// group:
//
//	cfg, err := config.LoadDefaultConfig(ctx)
//	if err != nil {
//		return err
//	}
//	src := &cwlogs.Events{
//		Client: cloudwatchlogs.NewFromConfig(cfg),
//		Group:  "/aws/eks/prod/cluster",
//		Start:  time.Now().Add(-24 * time.Hour),
//	}
//	for e, err := range evict.Evictions(ctx, src, nil) {
//		...
//	}
//
// [Tail] follows a log group, as far as the service lets it be followed.
//
// [Query] has the service run a query, and gives rows that are those of package
// query:
//
//	q := &cwlogs.Query{
//		Client: cloudwatchlogs.NewFromConfig(cfg),
//		Text:   `filter verb = "delete" | fields @timestamp, user.username`,
//		Groups: []string{"/aws/eks/prod/cluster"},
//		Start:  end.Add(-24 * time.Hour),
//		End:    end, // in whole seconds
//	}
//	for row, err := range q.Rows(ctx) {
//		...
//	}
//
// [Compare] runs one on both sides and tells the first difference.
//
// Callers bring a client that is configured. Nothing here reads credentials, the
// environment or flags, or logs anything.
//
// # Permissions
//
// Events needs logs:FilterLogEvents, Tail needs logs:StartLiveTail, and Query
// needs logs:StartQuery, each on the log group. Query also needs
// logs:GetQueryResults and logs:StopQuery, which are for no log group:
//
//	{
//		"Version": "2012-10-17",
//		"Statement": [{
//			"Effect": "Allow",
//			"Action": ["logs:FilterLogEvents", "logs:StartLiveTail", "logs:StartQuery"],
//			"Resource": [
//				"arn:aws:logs:us-west-2:123456789012:log-group:/aws/eks/prod/cluster",
//				"arn:aws:logs:us-west-2:123456789012:log-group:/aws/eks/prod/cluster:*"
//			]
//		}, {
//			"Effect": "Allow",
//			"Action": ["logs:GetQueryResults", "logs:StopQuery"],
//			"Resource": "*"
//		}]
//	}
//
// Where a data protection policy masks text in the log group, what comes is
// masked: nothing here asks to unmask it, which logs:Unmask would allow. Sources:
// AWS, FilterLogEvents; "CloudWatch Logs permissions reference".
//
// # Filter patterns
//
// FilterLogEvents can be given a filter pattern, so that only messages that match
// it are sent. A pattern is derived from the literals of an [audit.Need], which
// package query takes from the filters of a query: for requests to evict, and for
// evict.Attempts, it is %eviction%. It is a regular expression that matches
// anywhere in a message, be it whole, cut or no JSON; only letters, digits, dashes
// and underscores go into it, which stand in messages as they are, whatever the
// encoder escapes. So every event comes that has the text. A Need without such a
// literal, and a strict one, send no pattern; evict.Evictions and what builds on
// it have none, since they follow the pods to their ends. To have the evictions
// without that, set [Events].Pattern to %eviction%.
//
// One thing differs from reading all messages. Of an event that the service
// split into several log events only those come that have the text: the head of
// an event alone is given as cut, or is an error, where it would be put together
// with its rest; the rest alone is an error.
//
// A pattern for JSON, such as [EvictionPattern], asks for a field, and not for a
// word anywhere; fewer messages come, and it has to be asked for ([Events].Pattern).
// It costs more, because it matches only messages that are valid JSON and have the
// field at that path. An event that was cut, or split, comes no more, and neither
// does one that is wrapped in another object, as agents other than that of EKS
// do it. Nothing tells that they are missing. For a log group of EKS that is the
// events longer than 1 MiB, or 256 KiB before April 2025.
//
// # Rates
//
// The quota of FilterLogEvents is 5 requests a second for each account and region,
// 10 in some, and a request scans a part of the log only, so that pages may well
// be empty. All parts of an Events wait for one another: they do not make more
// than [Events].Rate requests a second together. What the service refuses all the
// same, because others use up the quota too, is asked again later, at intervals
// that double and have a random part. The retries of the client are turned off
// for that. Sources: AWS, FilterLogEvents; "CloudWatch Logs quotas".
//
// # Queries
//
// The service bills a query by what it scans, also one that is stopped. What
// [query.ModeStrict] refuses is not sent. A query runs for up to 60 minutes, 100
// of them at a time, over up to 50 log groups, and gives up to 100,000 rows, in
// pages of up to 10,000. Where there are more, the window is split if the query
// is such that rows can be put together again, and else the end is an error: see
// [Query.Rows]. Sources: AWS, StartQuery and GetQueryResults.
package cwlogs
