// Package query runs CloudWatch Logs Insights queries over Kubernetes audit
// logs, without CloudWatch.
//
// [Parse] a query, [Query.Run] it over a log, and range over the rows:
//
//	q, err := query.Parse(`filter verb = "delete" | fields @timestamp, user.username | limit 20`)
//	if err != nil {
//		return err
//	}
//	for row, err := range q.Run(ctx, audit.Files("/var/log/kubernetes/audit"), nil) {
//		if err != nil {
//			return err
//		}
//		fmt.Println(row)
//	}
//
// A query either runs as the service would run it, or is refused with an
// [*Error] that says where and why: nothing in it is ever passed over. What is
// remarkable about a query that runs is in [Query.Diagnostics], which used alone
// make a linter. [Query.Explain] tells how a query is run.
//
// # Modes and parameters
//
// There is more that has a sensible meaning than the service takes. [Parse] runs
// it, with a [Diagnostic] of the kind [Refusal] for each such place: a name that
// is defined twice, sort behind dedup, a limit of more than 100,000. [ParseWith]
// in [ModeStrict] refuses it, with the service's own words where somebody has
// quoted them. What it does not refuse gives the same rows in both modes. A
// [Diagnostic] of the kind [Trap] is about what runs in the service as well, but
// most likely does not mean what it was meant to: bin(300s), pct(x, 0.95), a
// field in the wrong case. A [Remark] says how something is run.
//
// A saved query can have parameters, written {{name}}. The values in
// [ParseOptions] take their place as text, so that one can be a number, a text
// with its quotation marks, or any other piece of a query.
//
// A saved query can also be called by its name, in the place of a command:
// $Name(p="x") | limit 5. The call stands for the text that [ParseOptions] have
// under the name. A query with calls whose text is not known is parsed and checked
// as far as that goes, and [Query.Run] refuses it before it reads anything:
// [Query.Calls] tells whose texts are missing.
//
// # Expressions
//
// From the loosest to the tightest: or, and, not; then = (or ==), !=, <, <=, >,
// >=, like (or =~, ~=), in, each also with not before like and in, which do not
// chain; then + and -, then *, / and %, then the signs - and + and !, then ^,
// which binds to the right.
//
// A text stands in single or double quotes, where \\ \" \' \n \r \t are escapes
// and any other backslash is itself. Like finds a text anywhere, or the match of
// a regular expression, which stands between slashes. Expressions are those of
// package regexp, in time that is linear in the text; only one that looks around
// or refers back is matched by backtracking, with a limit of a second. A number
// with a unit, such as 5m, is a duration: as an operand, its milliseconds.
//
// # Fields
//
// A field is named by the keys and the places in lists on the way to it, with dots
// between them: user.groups.0. A name with other characters than letters, digits,
// _, @ and dots needs backticks round it or round a part of it:
// annotations.`authorization.k8s.io/decision`. Objects and lists of an event have
// no value of their own, but jsonParse and split give maps and lists. A name that
// is defined as one also stands for what is in it: behind jsonParse(a) as m there
// are m.key, m.list[0] and m.`a key`, also as the value of other names. Where an
// event has a name twice, which no API server writes, the first value holds, as
// package audit/fields has it; with [Options.Strict] such an event is damage.
//
// Of the log service's fields there are @timestamp, @message, @logStream, @log and
// @ingestionTime, as far as the log has them. @message is the event byte for byte.
// A key that itself begins with @ has another @ before it.
//
// # Names, not positions
//
// Commands do not act one after the other. A name that fields or display
// defines with as is known in the whole query: it stands for its last definition
// before the place, or else for the first behind it. All filters act before the
// order, wherever they stand. The last sort decides the order, and without one
// the newest event comes first; where the order leaves a choice, rows stand as
// their events do in the log. Then the smallest limit takes its rows. The last
// display decides the columns; without one they are those of all fields, or
// @timestamp and @message if there are none, and the names that parse makes.
//
// # Levels
//
// A query is in levels: the first is that of the events, and each stats begins
// another, whose rows are those that it gives. A name belongs to the level where
// it stands. On the events any name is known; on the rows of stats those of its
// keys and aggregates are, and what fields and parse behind it define. Any other
// is refused there: Unknown symbols found in or after stats.
//
// Within a level names count, not positions, and so they do for filters between
// levels. One before stats that looks at an alias which stats defines acts on
// the rows of stats, unless stats itself looks at a field of that name. One behind
// the only stats that looks at nothing which stats gives acts on the events.
//
// What stands before stats decides neither columns nor order: fields only gives
// names there, display and sort do nothing, and limit bounds the rows of the
// result. Behind stats by bin the newest period comes first without a sort, and
// groups otherwise stand as their first events do in the log. To sort by
// @timestamp or bin means the period there, by count the column count(*), and by
// the field of a key that key.
//
// A group is told from others by the texts of its keys, as they are printed; a
// missing key makes a group of its own.
//
// Dedup, accum, autoregress, filldown, fillmissing, sessionize, outlier and
// appendcols, and addtotals with col=true, go over all rows in their order. Each
// begins a level too, but its rows have all names of the level below, and they stay
// in the order of the sort before the command, or in the one in which it went over
// them. Filters behind it act on what it gives. Only sessionize takes the rows from
// the oldest, whatever the sort: it numbers sessions from 1 as they begin, and a row
// whose time is not known is in none.
//
// The rows of countFrequent are those of stats count(*) as _approxcount by its
// fields, in the order of that column. Those of relevantfields have its columns
// and no other names. Estimate looks at nothing but the size of the events, yet
// the query before it is checked as if it ran.
//
// Pattern begins a level like stats, and so do diff and logcompare without it: its
// rows have its columns and no names else.
//
// Unnest, expand and parse with multi make several rows of one. Filters that look
// at what differs between those act on each, all others on the row as a whole.
//
// # Several logs
//
// SOURCE stands before all other commands of a query, and says which log groups
// are read. [Options.Resolve] is asked for them; [Named] makes it of logs by name:
//
//	opts := &query.Options{Resolve: query.Named(map[string]audit.Source{
//		"/aws/eks/one/cluster": audit.Files("one"),
//		"/aws/eks/two/cluster": audit.Files("two"),
//	})}
//
// Several SOURCE that only name log groups are one of all the names. Without
// Resolve the log that [Query.Run] is given is read, whatever SOURCE says but for
// its window. A window there replaces that of the Options, bound by bound.
//
// Subqueries stand in parentheses: behind in, at the end of join, and at that of
// appendcols. They are run first, each once, on their own, and do not nest. They
// have the window of the query unless their SOURCE has one. One without a SOURCE
// reads the log of the query, which then has to be such that it can be read again;
// join needs one. Damage that a subquery meets is reported as that of the query is,
// once for each time that a log is read.
//
// What is looked for with in is the column that the last display of the subquery
// names, or else the last fields or stats; of several, that with the name of the
// field. A value is among those of the subquery if it equals one of them.
//
// Join begins a level on pairs of rows. Behind it, a.x is the field x of the left
// side, which is that of the query, b.x that of the right side, and x that of the
// left one too. A row of the left side has as many pairs as there are rows with
// equal fields on the right: they stand in the order of the left side, and then of
// the right one, which both have the newest first without a sort. Fields are
// equal if their texts are, as for groups; what is missing equals nothing. The
// number of different keys on the right, which the service limits to 50,000, is
// not limited here. Without a fields behind join, the columns of the right side
// stand behind those of the left one. Filters behind join act on the pairs.
//
// # Relevant fields
//
// How the service finds relevant fields is not published. Here the score of a
// field is how far apart the rows for which the condition holds and the others
// are in its values, from 0 to 1: what the values gain in share from the others to
// those, or what they lose, whichever is more. To lack the field is a value too. A
// row is compared with the rest of its kind, without itself, so that a value which
// is there once has no share, and identifiers do not come out on top. If all values
// of the field are numbers, or texts that spell some, the score is at least Cliff's
// delta: in which part of the pairs of a row of either kind the one number is
// greater, less that in which it is smaller.
//
// Such a field has the medians of both kinds, by nearest rank as pct has them. Any
// other has a list of up to five maps, of the values that shift most: the value,
// with its share of the rows for which the condition holds as conditional and of
// the others as baseline. Without fields those of the event are compared, by their
// flattened names, and the columns so far. If the condition holds for no row, or
// for all, there is no score.
//
// # Patterns
//
// What the texts of a log have in common, pattern finds by the method Drain (P. He,
// J. Zhu, Z. Zheng and M. R. Lyu, "Drain: An Online Log Parsing Approach with Fixed
// Depth Tree", ICWS 2017). The service does not say how it does, so its patterns are
// others. A text is words, cut at white space and punctuation, and what stands
// between them, to which the keys of JSON belong. Times, addresses, identifiers and
// numbers of four digits or more become tokens at once: <Time-1>, <IP-1>, <UUID-1>,
// <ID-1> and <Number-1>, each with its number in the pattern. Texts that are the
// same then are counted together, and taken one after the other, the most frequent
// first and of those as frequent the one that sort puts first. A text belongs to a
// pattern with the same between its words, the same first word, unless there are
// digits in it, and at least half of its words. Where words differ the pattern gets
// a token, which is <Token-1> if nothing is known of what it stands for. So events
// in JSON have a pattern for each set of fields, and mostly for each verb and
// resource; pattern user.username has one for what kinds of users there are.
//
// Patterns depend on which texts there are and how many of each, and on nothing
// else: neither on their order nor on how the log was read. A row that lacks the
// text has no pattern; @ratio is a share of those that have one. @severityLabel is
// FATAL, ERROR, WARN or DEBUG if that word is part of the pattern, in any case and
// the first of them, and else INFO.
//
// Anomaly tells all patterns, those first that are unusual, by a definition of our
// own. The time from the first row to the last is cut into 33 to 64 periods of a
// power of two of milliseconds, fewer only in a log of less than 64 milliseconds. A
// pattern is new if it comes up in the second half of the rows, and so late that it
// would do so once in a thousand times if its rows were spread as all are. It is
// frequent if one period has more of its rows than six standard deviations above the
// mean of the other periods. Either is in @description; @priority is HIGH for FATAL
// and ERROR, MEDIUM for WARN, and else LOW. What the values of tokens are, and which
// codes of HTTP there are, it does not look at, as the service does.
//
// Diff and logcompare look at two windows of time, that of [Options.Start] and
// [Options.End], which have to be set, and an earlier one of equal length. The
// window right before ends where the later one begins, and an event of that instant
// belongs to the later. Others have both their ends, and where the two overlap an
// event counts in both. A month earlier is the same day of the month, or the last
// day of one that is too short, in UTC. Of a pattern there is @sampleCount in the
// later window, @diffEventCount more than in the earlier, and in words
// @differenceDescription: new, gone, no change, or by how many percent of the earlier
// number it increased or decreased.
//
// # Values
//
// A [Value] is a string, a number, a boolean, a time, a list, a map, or missing.
// To functions of texts, numbers and times a list or a map is as good as missing,
// and it compares with nothing. A number meets a text as a number if the text
// spells one, and two texts meet as texts: "007" = 7 holds, "007" = "7" does not.
// Only < and its kin also compare two texts as numbers if both spell one. A
// boolean is 1 or 0. A time is its milliseconds where it meets a number.
// Arithmetic with anything else, or with no finite result, is missing.
//
// Of a missing value =, <, like and in do not hold, and !=, not like and not in
// do: a condition and its negation share out the events. As a condition itself, a
// value does not hold if it is missing, false, 0, "0" or the empty text.
//
// Sort puts missing values first, then texts, in which runs of digits are compared
// by value, then numbers and texts that spell one, then times.
//
// # Limits
//
// There is no limit to the number of fields and rows but what the query and
// [Options] say. A query has up to 256 KiB, its expressions nest up to 1000 deep,
// a regular expression has up to 10,000 bytes and bounded repeats, and up to 1000
// commands go over all rows.
//
// Memory is that of the rows and groups that are kept, up to [Options.Memory],
// and of the longest event for each worker: with a limit there are as many rows,
// else all that the filters select. What is more is written to temporary files.
// One group is always held as a whole, with all the different values of its
// count_distinct, values, topk, pct, median and histogram. With subqueries, each
// of them and the query have an equal part. The rows of a subquery are written to
// files too; the different values that in looks among are held in memory, and are
// an error where they take more than that part and than 16 MiB. A query has up to
// 32 subqueries. An event that is not selected costs no memory, unless parse finds
// something in it. Pattern besides holds up to 10,000 patterns with 64 MiB of text,
// and up to 100 that have the same first word and the same between their words:
// what is like none of those then joins the one that it is most like, and what
// would be one more of the others is counted under the pattern <Token-1>.
//
// Several workers read parts of the log side by side. What they keep is such that
// it can be put together in any order: the rows are the same for any number of
// workers, and whether they fit into memory or not.
//
// Unless [Options.Strict] is set an event is not checked where the query does not
// look: one that begins and ends as an event does is taken for one, whatever is
// between the fields that were asked for.
//
// # Errors
//
// An [*Error] is of one of four kinds, for [errors.Is]: [ErrSyntax], [ErrName],
// [ErrUse], and [errors.ErrUnsupported] for what is right in Logs Insights and
// not to be had here. Error is one line, Snippet draws the place. A run gives an
// [*audit.EventError] for each damaged place of the log, after which it goes on,
// and also for each event that cannot be evaluated, which then counts for
// nothing: one on which a match that backtracks takes more than a second, or of
// which a function makes a text of more than 4 MiB. Any other error is its last
// item, such as that more than 4 Mi rows are made of one event.
package query
