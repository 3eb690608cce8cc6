// Evictions tells from Kubernetes audit logs which pods somebody wanted to
// evict, which were removed, by whom, and whether it was Fargate OS patching.
//
//	go run ./examples/evictions [flags] [PATH...]
//
// A row is an eviction, unless a flag asks for something else: -attempts,
// -removals, -drains, -verdict, -timeline or -summary.
//
// A PATH is a file, a directory, or - for standard input. Without one the
// program reads a sample log that it carries with it: sample.log, of a real API
// server, for evictions and attempts, and night.log, which was made with
// package evicttest, for the others. Rows go to standard output; damage in the
// logs, with file and line, to standard error. The exit status is 0 whatever
// the answer is, also if nothing matched, 1 if some input could not be read or
// was damaged, and 2 for wrong flags.
//
// # Keys
//
// In the forms for programs, -o json, jsonl and csv, a row has these keys, in this
// order. One that the log tells nothing about is left out. Times are in UTC, as
// RFC 3339 has them.
//
// One object for each eviction: the attempts of one client to evict one pod.
//
//	time          of the first try
//	namespace     the pod's
//	pod           its name
//	uid           its uid, if the log tells
//	node          the node it ran on, if the log tells
//	owner         what controlled it, as Kind/name
//	outcome       that of the try that decided, else of the last: accepted, blocked-by-budget, not-found and so on
//	tries         how many requests it took
//	refusals      a list of {outcome, count, first, last}: tries with the same outcome, and the times of the first and the last
//	budgets       a list of {name, needs, has}: the PodDisruptionBudgets that refused, with their last numbers
//	initiator     who is behind it: karpenter, eks-node-group, eks-fargate, kubectl and so on
//	confidence    how sure that is: high, medium or low
//	user          the user that the API server authenticated; whom they impersonated is in the evidence
//	canonicalArn  their IAM role or user
//	userAgent     what the client says of itself
//	dryRun        whether nothing was meant to happen: yes, no or unknown
//	acceptedAt    when it was accepted; nothing for a dry run
//	goneAt        when the pod was gone, if the log tells
//	evidence      a list of {field, value, file, line}: the fields that all this was read from; without a value if what tells is that the field is not there
//
// -attempts: one object for each request to evict.
//
//	time               when the API server received it
//	answeredAt         when it had answered
//	namespace          the pod's
//	pod                its name
//	uid                the uid that the client named
//	liveUid            the uid that the pod had instead
//	verb               create, if it is to evict anything
//	outcome            what became of it
//	dryRun             as above
//	code               the HTTP status of the answer
//	reason             the reason that the answer gives
//	message            its message
//	budgets            as above
//	retryAfterSeconds  how long the client was asked to wait
//	webhook            the admission webhook that refused, or could not be called
//	policy             the ValidatingAdmissionPolicy that refused
//	user               as above
//	impersonatedUser   whose rights they took on
//	canonicalArn       as above
//	callerPod          the pod that the client runs in
//	userAgent          as above
//	sourceIP           the address that connected
//	auditID            that of the event
//	file               the file that the event is in
//	line               its line in that
//
// -removals: one object for each pod that was removed, in whatever way.
//
//	time          when that was decided, or if the log does not tell when the pod was gone
//	namespace     the pod's
//	pod           its name
//	uid           its uid, if the log tells
//	node          the node it ran on, if the log tells
//	owner         what controlled it, as Kind/name
//	compute       fargate, instance or unknown
//	way           how: evicted, deleted, eviction-forced, scaled-down, node-pressure and so on
//	initiator     who is behind it
//	confidence    how sure that is
//	user          the user of the initiator
//	canonicalArn  their IAM role or user
//	userAgent     what their client says of itself
//	carriedOutBy  the user that made the request, where that is another: a controller, say
//	createdAt     when the pod was made
//	decidedAt     when the deciding request was accepted
//	goneAt        when the pod was gone
//	replacement   the pod that its owner made in its place
//	readyAt       when that was ready
//	down          how many pods of the owner were down at once, this one included
//	protections   the annotations of the pod that ask not to be evicted
//	exitCodes     those of its containers
//	evidence      as above
//
// -drains: one object for each node that was drained.
//
//	time          of the cordon, else of the first try
//	node          its name
//	compute       as above
//	outcome       done, blocked, unfinished, or rehearsed for a dry run
//	pods          a list of the pods it was about, as namespace/name
//	blocked       those that did not go, and why
//	tries         how many requests to evict
//	refused       how many of those were refused
//	initiator     as above
//	confidence    as above
//	user          as above
//	canonicalArn  as above
//	userAgent     as above
//	dryRun        as above
//	cordonedAt    when the node was made unschedulable
//	cordonedBy    the user who did
//	taints        those that drainers put on it
//	endedAt       when the last pod was gone, or the last try made
//	uncordonedAt  when the node was made schedulable again
//	deletedAt     when it was deleted
//	deletedBy     the user who did
//	evidence      as above
//
// -verdict: one object.
//
//	namespace   the pod that was asked about
//	pod         its name
//	node        the node that was asked about
//	answer      fargate-patching, other-cause or undecided
//	confidence  how sure that is; never high for fargate-patching
//	summary     the answer in a sentence
//	why         a list of sentences
//	time        of what the answer is about
//	way         as for removals
//	initiator   as above
//	user        as for removals
//	missing     a list of {what, query}: the lines that the log lacks, and a query that fetches them
//	removals    all of them, as above
//	evictions   those that removed nothing, as above
//	drains      as above
//	evidence    as above
//
// -timeline: one object for each thing that happened to the pod, or meanwhile
// to its node, its owners or its namespace.
//
//	time          when it had happened
//	what          created, bound, ready, attempt, deleted, gone, cordoned, node-deleted and so on
//	kind          of the object it happened to: Pod, Node, Deployment and so on
//	name          its name
//	uid           that of the pod
//	text          what happened, in a clause
//	initiator     who is behind the request
//	confidence    as above
//	user          as above
//	canonicalArn  as above
//	userAgent     as above
//	outcome       of an attempt to evict
//	file          the file that the event is in
//	line          its line in that
//
// -summary: one object for each file, and at the end one for all together if
// there are several.
//
//	file           the name of the file; nothing for all files together
//	containers     a list of what it is packed in, the outermost first
//	forms          a list of {name, count}: how the events are wrapped, and how often each wrapping was met
//	mapped         a list of {name, count}: the schemas of the records that events were made from
//	bytes          how much was read, after decompression
//	lines          how many lines that were
//	events         how many audit events
//	first          the time of the earliest event
//	last           the time of the latest
//	streams        a list of {group, stream, events, others, first, last, holes, moreHoles}: the log streams, with a list of {from, to}, the times without an event
//	stages         a list of {name, count}: the events by stage
//	levels         a list of {name, count}: the events by level
//	others         a list of {name, count}: lines of other logs, by kind
//	lost           {reports, events, first, last}: what the API server's own log says that it could not log
//	cut            how many events were cut by the log service
//	duplicates     how many events repeat one before them
//	estimated      whether that is an estimate, because there are too many events
//	partial        a list of {name, count}: why the file is a part of a longer result: page, running or limit
//	damagedPlaces  how many places could not be read
//	damagedBytes   how much that is
//	warnings       a list of sentences
package main
