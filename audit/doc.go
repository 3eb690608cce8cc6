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
//   - bzip2
//   - framed snappy
//   - Hadoop snappy
//   - base64
//   - zip
//   - tar
//
// Log files that were appended to each other are read as one, also if some of
// them are packed with gzip and some are not. What comes out of the containers
// of a file is held to a bound ([Reader].MaxUnpackedBytes).
//
// Each file of a bundle is read like a file of its own, called by the name of
// the bundle, "!/", and its own name, as in "logs.zip!/audit/audit.log". Damage
// in one does no harm to the others. A bundle is one part all the same, since it
// is read from the front, which any stream can be. What a Mac adds to bundles
// (names that begin with "._", .DS_Store, __MACOSX) is left out; links are not
// followed, and files that are encrypted or sparse are errors.
//
// Text may be in UTF-8 or, with a byte order mark, in UTF-16. The events may be
// wrapped in these forms, which one file can mix, and up to ten of them around
// each other. Lines:
//
//   - JSON lines: an event on each line, as the API server writes its log file,
//     or several, with tabs or nothing between them; the keys may stand in any
//     order, with blanks between them.
//   - CloudWatch export: the lines of an export task of CloudWatch Logs to S3:
//     the time of the log event, a blank, the event; the log stream is taken
//     from the path of the file.
//   - CRI log: the lines of a container runtime under /var/log/pods, of an API
//     server that logs to its output: a time, stdout or stderr, P or F, the
//     text; lines in parts are put together.
//   - logcli: the lines of Loki's logcli in its default output: a time, labels
//     in braces, the text.
//   - Fluentd file: the lines of its output to files: a time, a tag and a
//     record, with tabs between them.
//   - legacy text: the lines that an API server writes with
//     --audit-log-format=legacy; an event is made of what they tell: its
//     objectRef is taken from the URI, level, bodies and messages are not
//     known, and the time of a stage only where the request was received.
//   - basic text: what API servers before 1.8 wrote, a line for a request and
//     one for its answer: the two are put together by their id, to an event as
//     of legacy text, with the verb that method and URI mean and the stage
//     ResponseComplete; of a request without an answer it is RequestReceived.
//   - aws logs --output text: the lines of filter-log-events, get-log-events
//     and get-query-results in text: EVENTS or RESULTS, and the values with
//     tabs between them.
//   - aws logs tail: its formats detailed, short and json: the time, the log
//     stream, the event; with colours or without, as in all that people watch
//     in a terminal.
//   - awslogs: the lines of that program: the log group, which begins with a
//     slash, the log stream, the times if asked for, the event.
//   - saw: the lines of that program: the time in brackets, the log stream in
//     parentheses, the event, which may go on on the next lines.
//   - cw: the lines of that program: what its options ask for of time, log
//     group, log stream and id, each with a dash behind it, and the event.
//   - CloudWatch2S3: its raw files: log group and stream with a colon between
//     them, the time in milliseconds, the event, with tabs between them, one
//     after the other with or without newlines.
//   - kubectl logs: the output of kubectl logs with --prefix, --timestamps or
//     both, of an API server that logs to its output; without them a line is as
//     it was logged.
//   - syslog: the lines of syslog as of RFC 5424 and RFC 3164, with and without
//     their priority, and of journalctl in its outputs short and short-iso;
//     events that were cut on their way are given as cut, and what other
//     programs log is of other streams.
//   - oc adm node-logs: what it prints of the log files of several nodes: the
//     name of the node, a blank, the line of the file.
//   - journald export: the entries that journalctl -o export prints, also those
//     whose values are binary; else as journald JSON.
//   - CSV: a table with the names of its columns in its first row, as the
//     consoles of CloudWatch Logs and Logs Insights export it; a row is read
//     like the object that its columns make.
//   - Markdown table: the same in Markdown, as the console of Logs Insights
//     copies it.
//
// JSON objects that hold a message:
//
//   - Docker json-file: the lines of Docker's default log driver, of an API
//     server that logs to its output; lines in parts are put together.
//   - journald JSON: the entries that journalctl -o json and its kin print;
//     lines in parts are put together, and what other programs log is of other
//     streams.
//   - CloudWatch log event: an object with message and timestamp, as it stands
//     in the documents below.
//   - Logs Insights row: an object with @message, which may be an event or a
//     string, as the console exports the results of a query.
//   - Lambda event: what a subscription gives a function: awslogs.data, in
//     base64 and gzip.
//   - Kinesis record: an object with Data in base64, as it stands in the
//     documents below.
//   - Kinesis event: an object with kinesis.data in base64, as a function is
//     given it.
//   - Firehose error: what could not be delivered, with rawData in base64, as
//     it is written under an error prefix.
//   - Firehose record: an object with data in base64, as it stands in the
//     documents below.
//   - AKS log record: the lines of an AKS cluster in a storage account, with
//     the text under properties.log; of what AKS cut there is the beginning,
//     and what is of other categories is counted.
//   - AzureDiagnostics row: a row of Log Analytics with the text under log_s;
//     of what is cut there is the beginning.
//   - AKSAudit row: a row of Log Analytics with the members of an event as
//     columns, of which the event is made.
//   - Alibaba SLS: an event of which the objects are strings of JSON, as the
//     Simple Log Service keeps it; the event is made of them.
//   - parsed event: the record of a shipper with the event as an object under
//     kubernetes.audit, json, log, message, event, attributes or
//     properties.log.
//   - Fluent Bit and Fluentd: the records with the text under log; lines in
//     parts are put together where they say so.
//   - Fluentd record: an array of a time and a record, perhaps with a tag
//     before them.
//   - shipper message: the record of Filebeat, Logstash, Vector, Datadog or
//     Graylog with the text under message.
//   - ECS original: a record in the Elastic Common Schema with the text under
//     event.original.
//   - GELF: a message in the Graylog Extended Log Format, with the text under
//     full_message or short_message.
//   - Elasticsearch document: an object with _source, as it stands in the
//     answers to searches and on the lines of elasticdump.
//   - Elasticsearch bulk request: lines of index or create before the
//     documents, which are skipped.
//   - Kibana fields: a document with fields, which are arrays, in the place of
//     _source, with the text under message, event.original or log.
//   - Loki line: an object with line and timestamp, as logcli prints it with
//     --output=jsonl.
//   - Loki entry: an array of a time in nanoseconds and a text, as it stands in
//     the documents below.
//   - OTLP log record: a log record of OpenTelemetry in JSON with the text
//     under body.stringValue.
//   - OTLP parsed record: a log record of OpenTelemetry with the parsed event
//     under body.kvlistValue, of which the event is made.
//   - Splunk event: an object with the text under _raw, as it stands in
//     results.
//   - Splunk export: the lines of an export in JSON, with the event under
//     result._raw.
//   - Splunk input: the bodies that the HTTP event collector takes, with the
//     text under event.
//   - Datadog log: an object with the log under attributes, as it stands in the
//     answers to searches.
//   - flat event: an event with names like objectRef.name, also behind others
//     and under fields, of which the event is made; its bodies are left out.
//
// JSON documents with messages in a list, of any size and on any number of
// lines, one after the other with or without newlines between them:
//
//   - JSON array: an array of events, or of strings or objects that hold them.
//   - EventList: the batches that the API server posts to a webhook, and any
//     other List of the Kubernetes API.
//   - CloudWatch log events: the output of aws logs filter-log-events and
//     get-log-events, one document or several.
//   - CloudWatch subscription: the payloads of a subscription of CloudWatch
//     Logs, one after the other with or without newlines, as Firehose writes
//     them to S3.
//   - Logs Insights results: the output of aws logs get-query-results.
//   - Kinesis records: the output of aws kinesis get-records, and events that
//     hold such records.
//   - Firehose records: the bodies that Firehose posts to an HTTP endpoint.
//   - Azure records: the batches of log records that Azure sends to an Event
//     Hub.
//   - Azure query: the answer of Log Analytics to a query, as tables of columns
//     and rows.
//   - Elasticsearch search: the answer of Elasticsearch or OpenSearch to a
//     search or a scroll, one or several.
//   - Elasticsearch multi search: the answers to several searches.
//   - Elasticsearch async search: the answer to a search in the background.
//   - Loki query: the answers of query and query_range; the newest entries are
//     usually first.
//   - Loki streams: the body of a push, or a message of a tail.
//   - OTLP logs: the logs of OpenTelemetry in JSON, one document on each line
//     or one after the other.
//   - Splunk results: the answer to a search in JSON.
//   - Datadog search: the answer to a search for logs, one page or several.
//   - Graylog search: the answer of the search API.
//
// JSON records of other schemas, of which events are made ([Event].Mapped):
//
//   - Cloud Audit Logs: the log entries of GKE, from a sink or from gcloud
//     logging read --format=json; entries of other services are other
//     streams; the query of a request, the user's groups and the code of a
//     success without a body are not known.
//   - OCSF: records of the class API Activity, of the source EKS, as JSON:
//     what Security Lake stores and what a log group with the transformer
//     parseToOCSF gives; records of other sources are other streams; of
//     what is under unmapped only annotations, bodies, details and extra
//     are taken.
//
// What else stands before an event on its line is taken off, if the event begins
// as the API server begins it. Of a document that has no more than 512 KiB the
// whole is known before its first message is given; of a longer one, what its
// header says behind the list is not known.
//
// An audit event is a JSON object of kind Event in any version of audit.k8s.io
// or, like the items that an API server posts to a webhook, without a kind but
// with an auditID and a stage. Each is checked to be valid JSON, unless the
// caller does without ([Need.Unchecked]).
//
// A log group of a cluster has other streams too. Their lines are counted and
// are no error:
//
//   - klog, the API server's own log
//   - logfmt, the log of the authenticator
//   - the test object of an export task
//   - the listings of must-gather
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
// event, an EventError for one file among others. What people take for an audit
// log, such as CloudTrail or the output of kubectl get events, it names, and says
// what to do instead. Data that is no text, such as Parquet, is refused as a
// whole: events that are found in it by chance would pass for all of them.
//
// Errors never quote the log, since audit events hold secrets; they name keys of
// JSON objects at most.
//
// # Memory
//
// A log of any size is read in a buffer that grows with its longest line, up
// to a limit ([Reader.MaxEventBytes]). Event.Raw is part of that buffer, and
// valid until the next step of the walk or its end, from when on other walks
// may use the buffer; [Event.Clone] keeps it longer. Decoded events own their
// memory.
//
// # Accounting
//
// Every byte and every line is counted once: as part of an event, of what it
// is wrapped in, of other streams, as blank, as left out because of a [Need],
// or as damaged. See [Stats].
//
// # A first look
//
// [Summarize] says what is in an archive, before anything is asked of it: forms,
// streams and times, and what would make an answer wrong. That is damage, but
// also times without an event, events that were cut or that repeat others, a
// page of a longer result, and what the API server says in its own log that it
// could not write. [Unique] leaves out the events that repeat one before them.
//
// # Sources and parts
//
// A [Source] is a log that can be read in parts, in any order and side by side.
// An Archive is one; [Sequence] and [List] make one of what is at hand. Package
// query and package evict read Sources.
//
// The parts of an Archive are its files and, of a large plain file in which
// each line stands for itself, ranges of [Archive].PartBytes: a range has the
// lines that begin in it. [Events] reads the parts one after the other, and
// [InOrder] by several workers, with the results in the order of the parts and
// a bounded number of them waiting.
//
// The lines before a range are not counted, so its events have an offset and no
// line number; [Archive.Line] counts where one is wanted. The errors in a range
// have it. Archive.Events reads whole files, in which all lines have numbers.
//
// # Needs
//
// A [Need] tells a Source what its caller does without. What is left out for it
// is counted as skipped.
//
// Literals are texts that every needed event contains. A line is left out if it
// can be proved to lack one, whatever escapes it has; what is wrong with such a
// line is not reported. Nothing is left out before the first event of a part, so
// that a file without any does not pass for one that was read.
//
// Wanted is asked about each event before it is given, and Refuses about the
// beginning of very long ones, so that what is not wanted need not be held.
//
// Unchecked spares the validation, which takes most of the time of reading: a
// line that begins and ends like an event is one, unless lines of the first 256
// KiB hold several. Other lines are read as always. To skip an event that is neither checked nor wanted allocates
// nothing.
//
// Strict takes all of this back, for those who want to hear of all damage.
//
// # Keys that occur twice
//
// JSON allows an object to have a key twice, and its readers differ in which of
// the values they take: [Event.Decode] takes the last, package audit/fields the
// first. The API server writes no such event. Strict reading refuses one that
// has a key twice at the top or in its user, impersonatedUser, objectRef or
// responseStatus.
package audit
