// Package audit reads Kubernetes audit logs: whatever they are packed in and
// however the events are wrapped, it gives the events, one after the other.
//
// To read files and directories, standard input among them, walk the events of
// [Files]; for any other file system fill in an [Archive]; for one stream of
// bytes use [NewReader].
//
//	for ev, err := range audit.Files("/var/log/kubernetes/audit").Events(ctx) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(ev.Time(), len(ev.Raw))
//	}
//
// An [Event] is the JSON text of an event and its place. [Event.Decode] turns it
// into the type of the audit API for those who want that; nobody else pays
// for it.
//
// # What is read
//
// Logs are told by their content, never by their names. They may be plain or
// packed in these containers, up to four of them within each other:
//
//   - gzip
//   - zstd
//
// The events may be wrapped in these forms, which one file can mix:
//
//   - JSON lines: an event on each line, as the API server writes its log file;
//     the keys may stand in any order, with blanks between them.
//   - CloudWatch export: the lines of an export task of CloudWatch Logs to S3:
//     the time of the log event, a blank, the event; the log stream is taken
//     from the path of the file.
//
// An audit event is a JSON object of kind Event in any version of audit.k8s.io
// or, like the items that an API server posts to a webhook, without a kind but
// with an auditID and a stage. Each is checked to be valid JSON.
//
// A log group of a cluster has other streams too. Their lines are counted and
// are no error:
//
//   - klog, the API server's own log
//   - logfmt, the log of the authenticator
//   - the test object of an export task
//
// Byte order marks, carriage returns, blank lines and NUL bytes mean nothing. A
// sparse file may have NUL bytes by the gigabyte: they end the line that they
// stand in, and cost no memory.
//
// # Errors
//
// An [*EventError] concerns one place, and the walk may go on: what can be read
// behind the place follows. Any other error is the last item of its sequence.
// Which of them are worth ending a walk for is up to the caller; one who
// counts events should at least say that some could not be read.
//
// Errors come where their place is: after all events before it, and before the
// next one. Compressed data that is damaged is read on behind the damage. A
// log in which there is something, and no event, is an error that wraps
// [ErrNoEvents]: the last item of a [Reader] or of an archive without any
// event, an EventError for one file among others. Errors never quote the log,
// since audit events hold secrets; they name keys of JSON objects at most.
//
// # Memory
//
// A log of any size is read in a buffer that grows with its longest line, up
// to a limit ([Reader.MaxEventBytes]). Event.Raw is part of that buffer, and
// valid until the next step of the walk; [Event.Clone] keeps it longer.
// Decoded events own their memory.
//
// # Accounting
//
// Every byte and every line is counted once: as part of an event, of what it
// is wrapped in, of other streams, as blank, as left out because of a [Need],
// or as damaged. See [Stats].
//
// # Sources and parts
//
// A [Source] is a log that can be read in parts, in any order and side by side.
// An Archive is one; [Sequence] and [List] make one of what is at hand. Package
// query and package evict read Sources.
package audit
