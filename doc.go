// Package evictlog is the root of a module that answers questions about
// Kubernetes audit logs offline. It has no code of its own; this is the map.
//
// [github.com/evictlog/evictlog/audit] turns bytes into events. It takes off
// compression and whatever the events are wrapped in, and gives each event as
// it was logged, with the place where it was found. An Archive is a tree of
// files, a Reader one stream.
//
// [github.com/evictlog/evictlog/query] runs queries in the language of
// CloudWatch Logs Insights over such a source and gives rows.
//
// [github.com/evictlog/evictlog/evict] gives typed answers: each request to
// evict a pod, who made it and what became of it.
//
// A module of its own, audit/cwlogs, reads log groups of CloudWatch Logs in the
// place of files.
//
// Imports run one way: query and evict import audit, and the programs under
// examples import all three. Nothing in the packages prints, logs, or reads
// flags or the environment.
//
// # Which one to use
//
// For the evictions in a log:
//
//	for try, err := range evict.Attempts(ctx, audit.Files("logs/"), nil) { ... }
//
// For any other question:
//
//	q, err := query.Parse(`filter verb = "delete" | fields @timestamp, user.username`)
//	for row, err := range q.Run(ctx, audit.Files("logs/"), nil) { ... }
//
// For the events themselves, as the types of the audit API:
//
//	for ev, err := range audit.Files("logs/").Events(ctx) {
//		e, err := ev.Decode()
//	}
//
// # Two kinds of error
//
// Sequences yield errors in place of values. An [*audit.EventError] concerns
// one place in a log, and the loop may go on: what stands behind the damage
// still follows. Any other error is the last item. A loop that drops errors
// may take a damaged log for a quiet one.
//
// [*audit.EventError]: https://pkg.go.dev/github.com/evictlog/evictlog/audit#EventError
package evictlog
