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
// # Commands
//
// The commands of a query stand between bars, and # begins a comment. Words are
// found in any case; the case of fields counts.
//
//	accum field [as name]
//		Gives each row the sum of the field over the rows up to it, in the order of the sort before it, or from the oldest; without a name the field itself becomes the sum.
//	addtotals [fieldname=name] [row=true or false] [col=true or false] [field, ...]
//		Gives each row the sum of the fields, of all columns without any, as Total or under another name; with col=true there is a last row with the sum of each column.
//	anomaly
//		Behind pattern, tells as @description which patterns are new, or have more rows in one period than in the others, and as @priority how much that matters; those come first.
//	autoregress field [as name] [p=n or p=n-m]
//		Gives each row the value that the field has so many rows before it, 1 without p: in name_p1 and so on, where the name is that of the field if none is given.
//	cidrlookup table field [as column] output or outputnew column [as name], ...
//		Adds columns of the row of a table with the narrowest address range that the field is in; without a name the ranges stand in the first column called cidr.
//	dedup field, ...
//		Keeps the first of the rows with equal values in all the fields, in the order of the sort before it, and all rows that lack one of them.
//	diff [previousDay or previousWeek or previousMonth]
//		Compares the patterns of the window that [Options] give with those of the window of equal length right before it, or a day, week or month earlier: behind pattern, or else those of @message. @diffEventCount is how many more rows a pattern has, and @differenceDescription says it in words; what changed most comes first.
//	display item [as name], ...
//		Says which columns appear, and in which order; the last display holds.
//	expand field
//		Makes a row of each element of a JSON array, which stands in the place of the field; a field that is no array stays as it is, and a row whose array is empty becomes none.
//	fields item [as name], ...
//		Adds columns, and names for the values of expressions.
//	filldown [field or wildcard* ...]
//		Fills fields that a row lacks with what they were in the row before, in the order of the sort before it, or from the oldest; without fields, all columns.
//	fillmissing [with value for field, ...]
//		Behind stats by bin, gives rows for the periods between the first and the last that have none, with values for fields.
//	filter condition
//		Keeps the events for which the condition holds. Also called where.
//	filterIndex field = value or field in [value, ...]
//		Keeps the events for which the condition holds, as filter does: logs in files have no index.
//	json [field=name] "path" as name, ...
//		Gives names to values in a text that is JSON, by their keys and places in lists with dots between them; without a field, of @message.
//	limit [any] n
//		Keeps the first n rows of the result; with any, of the first n that the log has. Also called head.
//	logcompare timeshift duration
//		Compares as diff does, with the window of equal length that lies so far back, such as 7d.
//	lookup table column [as field], ... output or outputnew column [as name], ...
//		Adds columns of the first row of a table whose columns equal the fields; output replaces fields of that name, outputnew only gives those that are missing.
//	parse [field] "glob with *" as name, ... | /regex with (?<name>...) groups/ [as name, ...] [multi] | logfmt as name | csv as name, ...
//		Gives names to the parts of a text that a pattern finds, of @message without a field: what the wildcards of a glob or the groups of a regular expression match, a map of the pairs of a logfmt text, or the columns of a CSV record. With multi there is a row for each match.
//	pattern text
//		Gives one row for each pattern of the texts, such as "deleted pod <Token-1>": with the pattern, its share of the rows, its number of rows and its severity as @pattern, @ratio, @sampleCount and @severityLabel, the most frequent first.
//	sort [by] name [asc|desc], ...
//		Puts the rows in order, ascending unless it says desc; the last sort holds. Also called order.
//	stats aggregate [as name], ... [by key [as name], ...]
//		Gives one row for each combination of keys, or one in all, with what the aggregates come to.
//	unnest list into name
//		Makes a row of each element of a list, with a name for the element; a row that lacks the list stays one row, and one whose list is empty becomes none.
//
// # Functions
//
//	case(condition, value, ...[, otherwise]) The value behind the first of up to 10 conditions that holds; if none does the last argument, or missing if it belongs to a condition.
//	coalesce(a, b, ...)                    The first value that is not missing.
//	if(condition, then, otherwise)         One of two values, by whether the condition holds.
//	isNumeric(value)                       1 if the value is a number or a text that spells one, else 0.
//	ispresent(field)                       1 if the event has the field, else 0.
//	messageSize(text)                      The length of the text in bytes of UTF-8.
//	unmask(field)                          The value as it is: nothing is masked in a log that is read from files.
//	abs(a)                                 The number without its sign.
//	ceil(a)                                The smallest integer that is not less.
//	floor(a)                               The largest integer that is not greater.
//	greatest(a, b, ...)                    The greatest of the numbers; what is no number is passed over.
//	haversine(lat1, lon1, lat2, lon2)      The distance of two places on the globe in kilometers, along a great circle of radius 6371; latitudes and longitudes are in degrees.
//	least(a, b, ...)                       The least of the numbers; what is no number is passed over.
//	log(a)                                 The natural logarithm; missing for 0 and less.
//	round(a[, digits])                     The nearest integer, or number with so many digits behind the point; halves are rounded away from 0.
//	sqrt(a)                                The square root; missing for a negative number.
//	toDouble(value)                        The value as a number of double precision; missing if it is no number.
//	toInt(value)                           The value as an integer of 32 bits, without a fraction; missing if it is no number or too large.
//	toLong(value)                          The value as an integer of 64 bits, without a fraction; missing if it is no number or too large.
//	toNumber(value)                        The value as a number; missing if it is none.
//	concat(a, b, ...)                      The texts one after another; a missing one is empty.
//	endsWith(text, end)                    1 if the text ends so, else 0.
//	isblank(field)                         1 if the field is missing, empty or only white space, else 0.
//	isempty(field)                         1 if the field is missing or the empty text, else 0.
//	ltrim(text[, characters])              The text without white space, or any of the characters, at its start.
//	regexReplace(text, regex, by)          The text with every match of a regular expression, which stands in quotes, replaced; $1, ${1} or \1 is what the first group matches, ${name} one with a name.
//	replace(text, part, by)                The text with the part replaced everywhere.
//	rtrim(text[, characters])              The text without white space, or any of the characters, at its end.
//	split(text, delimiter)                 The list of the texts between the delimiters; with an empty one, of the characters.
//	startsWith(text, start)                1 if the text starts so, else 0.
//	strcontains(text, part[, ignoreCase])  1 if the text has the part in it, else 0; case counts unless the third argument is true.
//	strlen(text)                           The length of the text in code points.
//	substr(text, start[, length])          The part of the text from a code point on, counted from 0, to the end or of that length.
//	tolower(text)                          The text in lower case.
//	toupper(text)                          The text in upper case.
//	trim(text[, characters])               The text without white space, or any of the characters, at both ends.
//	base64decode(text)                     The text that the base64 stands for, with padding or without; missing if it is not valid.
//	base64encode(text)                     The text in base64, with padding.
//	decToHex(number)                       The integer in hexadecimal, with 0x or -0x before it; a fraction is cut off.
//	hexToAscii(text)                       The text whose bytes the pairs of hexadecimal digits are; missing if they are none.
//	hexToDec(text)                         The integer of 64 bits that the text is in hexadecimal, with 0x before it or without; missing if it is none.
//	md5(text)                              The MD5 hash of the text, in hexadecimal.
//	sha256(text)                           The SHA-256 hash of the text, in hexadecimal.
//	urldecode(text)                        The text that the percent encoding stands for, a plus sign for a space; missing if it is not valid.
//	urlencode(text)                        The text in percent encoding, as in the query of a URL: a space becomes a plus sign.
//	jsonArrayContains(text, value)         1 if the text is a JSON array with an element that equals the value, else 0.
//	jsonArraySize(text)                    The number of elements of the JSON array that the text is; missing if it is none.
//	jsonParse(text)                        The map or list that a text of JSON stands for; missing for anything else.
//	jsonStringify(structure)               The map or list as a text of JSON; missing for anything else.
//	ipv4ToNumber(address)                  The IPv4 address as a number; missing for anything else.
//	isIpInSubnet(address, subnet)          1 if the text is an address in the subnet, such as 192.0.2.0/24, else 0.
//	isIpv4InSubnet(address, subnet)        1 if the text is an IPv4 address in the subnet, such as 192.0.2.0/24, else 0.
//	isIpv6InSubnet(address, subnet)        1 if the text is an IPv6 address in the subnet, such as 2001:db8::/32, else 0.
//	isPrivateIP(address)                   1 if the text is an address for private networks (RFC 1918), else 0.
//	isPublicIP(address)                    1 if the text is an address that is neither private nor reserved, else 0.
//	isReservedIP(address)                  1 if the text is an address that is reserved, but not for private networks, else 0.
//	isValidIp(text)                        1 if the text is an IPv4 or IPv6 address, else 0.
//	isValidIpV4(text)                      1 if the text is an IPv4 address, else 0.
//	isValidIpV6(text)                      1 if the text is an IPv6 address, else 0.
//	bin(period) or bin(time, period)       The start of the period that the time, @timestamp if none is given, lies in.
//	dateceil(time, period)                 The end of the period that the time lies in; a time on a boundary is left as it is.
//	datefloor(time, period)                The start of the period that the time lies in.
//	formatDate(time, format[, zone])       The time as the format of strftime has it, such as "%Y-%m-%d", in UTC or another time zone. Also called strftime.
//	fromMillis(number)                     The time so many milliseconds after the Unix epoch.
//	now()                                  The time of [Options.Now], by default that at which the run began, in seconds since the Unix epoch.
//	parseDate(text, format[, zone])        The time that the text is in a format of Java's DateTimeFormatter, such as "yyyy-MM-dd", in milliseconds since the Unix epoch; in UTC or another time zone unless the text says one.
//	queryEndTime()                         The end of the window that [Options] give, in milliseconds since the Unix epoch; missing if there is none.
//	queryStartTime()                       The start of the window that [Options] give, in milliseconds since the Unix epoch; missing if there is none.
//	queryTimeRange()                       The length of the window that [Options] give, in milliseconds; missing unless it has a start and an end.
//	toMillis(time)                         The time in milliseconds since the Unix epoch.
//
// # Aggregates
//
// Functions of many rows, which only stats can call. What they come to can be
// computed with: stats sum(a) / count(*) as ratio. They are exact, and the same
// whatever the order in which events are read.
//
// No aggregate looks at missing values, and only count at structures; those of
// numbers pass over what spells none. A time that min, max, earliest, latest,
// sortsFirst or sortsLast choose is its milliseconds, which fromMillis makes a
// time again. What values and topk give is a list, and what histogram gives a map,
// for m[0], m.key and unnest. Earliest, latest and rate go by @timestamp: rows
// without one count for nothing, and behind another stats it has to give a column
// of that name. Where the place in the log decides, the order of the rows does
// behind dedup and other commands that go over all rows.
//
// A name that stats gives can be used anywhere in it, also alone for another one:
// stats max(a) as x, min(a) as y, x - y as span, x as top. Of stats ... by bin(5m)
// offset 1h it is not known which way it shifts the periods, nor whether the window
// of the query goes with them: it is refused.
//
//	avg(field)                             The mean of the values that are numbers; missing if there is none.
//	count(*) or count(field)               The number of rows, or of those that have the field.
//	count_distinct(field)                  The number of different values, counted exactly. Also called countDistinct.
//	countOverTime(field)                   The number of rows of each period that have the field, in stats by bin. Also called count_over_time.
//	earliest(field)                        The value in the earliest row that has the field, by @timestamp; of several the first in the log.
//	histogram(field, ranges)               A map of so many ranges, equally wide, between the least and the greatest of the numbers: where each range begins, and how many numbers lie in it, with the greatest in the last one; missing if there is none.
//	latest(field)                          The value in the latest row that has the field, by @timestamp; of several the last in the log.
//	max(field)                             The greatest of the values, in the order of sort; missing if there is none.
//	median(field)                          The value that half of the numbers do not exceed, which is pct(field, 50).
//	min(field)                             The least of the values, in the order of sort; missing if there is none.
//	pct(field, percent)                    The value that so many percent of the numbers do not exceed: the nearest rank, without interpolation.
//	rate(field, period)                    How much the number changes in a period: from the earliest row to the latest, by @timestamp, divided by the time between them; missing if there is none.
//	sortsFirst(field)                      The value that sort puts first; missing if there is none.
//	sortsLast(field)                       The value that sort puts last; missing if there is none.
//	stddev(field)                          The population standard deviation of the values that are numbers, the root of their variance; missing if there is none.
//	sum(field)                             The sum of the values that are numbers; missing if there is none.
//	sumOverTime(field)                     The sum of the values of each period that are numbers, in stats by bin; missing if there is none. Also called sum_over_time.
//	topk(k, field)                         The list of the k values that most rows have, as texts, the most frequent first, and equally frequent ones in the order of sort; missing if there is none. No other aggregate and no key can stand beside it.
//	values(field)                          The list of the different values, as texts, in the order in which the log has them; missing if there is none. Also called collect_values.
//	variance(field)                        The population variance of the values that are numbers: the mean of the squared distances from their mean; missing if there is none.
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
// Dedup, accum, autoregress, filldown and fillmissing, and addtotals with
// col=true, go over all rows in their order. Each begins a level too, but its
// rows have all names of the level below, and they stay in the order of the sort
// before the command, or in the one in which it went over them. Filters behind it
// act on what it gives.
//
// Pattern begins a level like stats, and so do diff and logcompare without it: its
// rows have its columns and no names else.
//
// Unnest, expand and parse with multi make several rows of one. Filters that look
// at what differs between those act on each, all others on the row as a whole.
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
// # Differences from Logs Insights
//
// The package differs from the service on purpose in these points:
//
//   - latest can give its field's name to what it gives (the service says Cycle found in operation dependency graph)
//   - a filter behind dedup acts on the rows that it keeps (the service takes only limit behind dedup)
//   - a sort behind dedup orders the rows that it keeps (the service takes only limit behind dedup)
//   - stats behind dedup counts the rows that it keeps (the service takes only limit behind dedup)
//   - two dedup act one after the other (the service takes only limit behind dedup)
//   - of two aliases of one name the later holds behind it (the service says Ephemeral field is already defined)
//   - before an alias that takes the name of its field, the name is the field (the service refuses such an alias)
//   - an alias can take the name of the field that it is made of (the service refuses it, since what fields a log has is not known before)
//   - a limit can be larger than 100,000 (it is the largest limit of the service)
//   - parse can take the name of the field it looks at (the service says Ephemeral field is already defined)
//   - of two parse of one name the later holds behind it (the service says Ephemeral field is already defined)
//   - of two groups of one name the later holds (the service says Ephemeral field is already defined)
//   - pattern behind dedup looks at the rows that it keeps (the service takes only limit behind dedup)
//   - pattern can stand behind sort (the service refuses pattern behind sort)
//   - large integers are sorted without loss (numbers of the service are double precision, as far as is known)
//   - an alias that takes the name of a key hides it (the service says Ephemeral field is already defined)
//   - an alias can take the name of the field in its aggregate (the service says Cycle found in operation dependency graph)
//   - integers of 64 bits are compared without loss (numbers of the service are double precision, as far as is known)
//
// # Unverified
//
// The reference is silent on these points, and nothing that the service did is
// known to be published. The package does what follows:
//
//   - countOverTime in an expression
//   - countOverTime of no rows is 0
//   - without periods countOverTime counts all events that have the field
//   - histogram by a key
//   - histogram of equal numbers has one range
//   - histogram in an expression
//   - histogram of numbers at both ends of what there is
//   - a range that begins at a fraction has a dot in its name
//   - histogram passes over missing values and texts that spell no number
//   - histogram of no numbers is missing
//   - the ranges of histogram can be taken by where they begin
//   - ranges of histogram can begin below 0 and have fractions
//   - histogram counts numbers in ranges of equal width, from the least to the greatest
//   - behind dedup the order of its rows takes the place of that of the log
//   - a filter behind stats can look at what latest gives
//   - earliest and latest keep a number as it is written
//   - earliest and latest of no events are missing
//   - behind stats earliest and latest go by the @timestamp that it gives
//   - of events of the same time earliest takes the first in the log and latest the last
//   - a row of stats whose @timestamp is missing counts for no latest
//   - earliest and latest pass over events without a time
//   - median by a key
//   - of an even count of numbers median is the lower of the middle ones
//   - median in an expression
//   - median passes over missing values and texts that spell no number
//   - median of no numbers is missing
//   - median is pct of 50
//   - rate in periods is that within each
//   - rate by a key
//   - rate in an expression
//   - rate passes over missing values and texts that spell no number
//   - rate of no rows is missing
//   - rate needs two numbers at different times
//   - the period of a rate is as long as it says
//   - rate is the change from the earliest to the latest number, divided by the time between
//   - sortsFirst passes over missing values, which sort puts first
//   - sortsFirst and sortsLast of no rows are missing
//   - sortsFirst and sortsLast put texts before numbers
//   - sortsFirst and sortsLast of a time are its milliseconds
//   - stddev by a key
//   - stddev passes over missing values
//   - stddev passes over texts that spell no number
//   - stddev is that of a population, as variance is
//   - sumOverTime in an expression
//   - sumOverTime of no numbers is missing
//   - sumOverTime takes texts that spell numbers, and passes over all else
//   - topk passes over missing values
//   - topk gives as many values as there are
//   - topk of no rows is missing
//   - topk counts values as they are written
//   - of equally frequent values topk takes the first in the order of sort
//   - unnest makes rows of what topk gives
//   - the elements of values can be taken
//   - in looks for an element of what values gives
//   - values passes over missing values, and is missing if there are no others
//   - values of no rows are missing
//   - values are alike if they are written alike
//   - values of a time are as it is printed
//   - unnest makes rows of what values gives
//   - rows of one event stand in their order for values, earliest and latest
//   - values are the different ones, in the order of the log
//   - variance loses nothing to numbers that are large against it
//   - variance of numbers at both ends of what there is
//   - variance passes over missing values
//   - variance of no numbers is missing
//   - variance of one number is 0
//   - variance takes texts that spell numbers, and booleans as 1 and 0
//   - a pattern with far more rows in one period than in others is unusual
//   - what only comes early is not new
//   - a filter can stand between pattern and anomaly
//   - a filter can ask for what is unusual
//   - rows without a time count, and are in no period
//   - what begins early and keeps coming is not unusual
//   - in a log of fewer than eight periods nothing is unusual
//   - queryStartTime is that of the later window
//   - the end of the window right before belongs to the later one
//   - the month before the 31st may end earlier, and its last day counts
//   - a filter behind diff acts on what it tells
//   - an event without a time is in neither window
//   - where the windows overlap an event is in both
//   - the description is in percent of the earlier number
//   - base64decode of what is not valid is missing
//   - base64decode can do without padding
//   - a call of case is a column under its own text
//   - stats can group by case
//   - case does not go on where the value that it chooses is missing
//   - a missing argument of concat is empty
//   - a time on a boundary is its own end of period
//   - there is no period behind the last time
//   - dateceil leaves a time on a boundary as it is
//   - periods before 1970 are cut the same way
//   - datefloor takes periods as bin does
//   - February has 29 days in a leap year
//   - datefloor takes a number of milliseconds, also one that is a text
//   - there is no period before the first time
//   - weeks begin on Monday
//   - decToHex holds integers of 64 bits
//   - a format can have no conversion
//   - stats can group by what formatDate gives
//   - formatDate knows the conversions of POSIX
//   - formatDate knows %c, %f, %s, %n and %t
//   - formatDate takes a number of milliseconds, and no text
//   - the weeks of formatDate are those of the year
//   - formatDate takes the name of a time zone, or an offset
//   - the radius of haversine is 6371 kilometers
//   - haversine of what is no number is missing
//   - hexToAscii of what is no pairs of digits is missing
//   - hexToDec of what is not hexadecimal is missing
//   - hexToDec of more than 64 bits with a sign is missing
//   - hexToDec takes the sign that decToHex writes
//   - a text is a condition that holds unless it is empty or 0
//   - if gives what is missing where that is chosen
//   - ipv4ToNumber of what is no IPv4 address is missing
//   - a subnet can be everything or one address
//   - the subnet can be a field; where it is none the result is missing
//   - a subnet can be written by an address inside of it
//   - a time is not numeric
//   - no IPv6 address is private, and a unique local one is reserved
//   - a private address is not reserved
//   - an IPv4 address inside of an IPv6 address is an IPv6 address
//   - other ways to write an address are not valid
//   - jsonArrayContains compares as = does
//   - jsonArrayContains does not look inside of elements
//   - jsonArraySize takes a list
//   - jsonArraySize of what is no array is missing
//   - a boolean in JSON is 1 or 0
//   - a call can have the dot and the brackets behind it
//   - the canonical text keeps dots and brackets
//   - what if or coalesce may choose is a map too
//   - attributes of attributes are behind more dots
//   - a key with a dot has the name of a path
//   - a name that no function makes a map keeps its fields
//   - a map as a key of stats is its text
//   - a filter can look at an attribute of a map that is made later
//   - a number in JSON is printed as it is written there
//   - a part of a map can have a name of its own
//   - parse can look at an attribute of a map
//   - rows can be sorted by an attribute
//   - white space round JSON is passed over
//   - of a key that is there twice the first value holds
//   - jsonStringify of what is no structure is missing
//   - what jsonStringify gives is a text
//   - log of what has none is missing
//   - md5 is the hash of a text in hexadecimal
//   - messageSize of a number counts its digits
//   - what parseDate gives can be rounded down
//   - one letter stands for any number of digits, more for just so many
//   - parseDate goes by milliseconds
//   - parseDate knows the names of months and days
//   - an offset in the text counts more than the time zone
//   - what stands in square brackets may be left out
//   - what a format does not have is the first of its kind
//   - letters of a format stand in single quotes
//   - a date that does not exist is missing
//   - the whole text has to be in the format
//   - parseDate knows the hours of a.m. and p.m.
//   - parseDate takes a time zone
//   - without a window the query functions are missing
//   - a window without an end has no length
//   - the query functions are known on the rows of stats
//   - (?i) makes regexReplace ignore case
//   - digits belong to a reference as long as there is a group
//   - a dollar that names no group is itself
//   - an expression can match nothing, everywhere
//   - the expression and the replacement can be fields
//   - the replacement can name groups
//   - regexReplace can look ahead
//   - a group that takes no part in a match is empty
//   - replace of nothing leaves the text as it is
//   - replace takes texts, not expressions
//   - replace with something missing is missing
//   - round with as many digits as there are changes nothing
//   - the digits of round can be a field
//   - round goes away from 0 at a half
//   - round of what is no number is missing
//   - round with negative digits rounds before the point
//   - sha256 is the hash of a text in hexadecimal
//   - an element of a list that has a name can be taken
//   - split with an empty delimiter gives the characters
//   - in looks for an element of what split gives
//   - split of a missing text is missing
//   - split without the delimiter in the text is a list of one
//   - sqrt of a negative number is missing
//   - startsWith and endsWith look at a number as it is written
//   - substr ends with the text
//   - an index that is larger than any text is its end
//   - substr with no such index is missing
//   - substr counts code points
//   - toDouble rounds an integer that no double holds
//   - toInt and toLong cut a fraction off
//   - toInt of what 32 bits do not hold is missing
//   - toLong of what 64 bits do not hold is missing
//   - toNumber holds integers of 64 bits exactly
//   - toNumber of a text that spells no number is missing
//   - trim with no characters takes nothing off
//   - trim of a missing text is missing
//   - trim knows the white space and the characters of Unicode
//   - urldecode of what is not valid is missing
//   - a plus sign is a space to urldecode
//   - a space is a plus sign in what urlencode gives
//   - without a sort the rows of limit any are still the newest first
//   - of several limits the smallest holds
//   - a shift by the length of the window has its end in both
//   - a shift of months is as long as they were
//   - logcompare goes with pattern
//   - a filter can use a name that fields defines later
//   - an alias can be used before its definition in the same command
//   - a column that is named before it is defined has the value that it is given
//   - fields behind limit still adds its column
//   - a filter behind stats can use a name that fields defines before it
//   - a filter on the alias of a key acts on the rows of the stats
//   - a filter on an alias acts on the rows of the stats that defines it
//   - a filter before stats on a field that it looks at acts on the events
//   - a condition on keys and aggregates acts on the rows of stats
//   - a filter behind stats and limit acts on the events all the same
//   - names can be made of names, in any order
//   - sort can use a name that is defined later
//   - bin stands for the period behind stats by bin
//   - count stands for the column count(*)
//   - a key can be sorted by under the name of its field
//   - @timestamp stands for the period behind stats by bin
//   - a name that stats does not give changes no order
//   - events of the same time stand as in the log, and those without a time come last
//   - behind two stats the newest period comes first
//   - pattern of a name that fields defines
//   - a small number stands for itself as long as it is the same
//   - fields before pattern make no columns
//   - display behind pattern says which columns appear
//   - the empty text has an empty pattern
//   - a text is looked at without the escapes of JSON
//   - fields behind pattern add columns to its own
//   - a filter behind pattern acts on the patterns, and not on the ratio of the others
//   - keys of JSON are never tokens
//   - events with the same fields and mostly the same words have one pattern
//   - a limit before pattern bounds the patterns
//   - limit behind pattern keeps the most frequent
//   - rows that lack the text have no pattern and count for nothing
//   - pattern of no events gives no rows
//   - pattern of a number is one of its text
//   - pattern of the rows that unnest makes
//   - pattern of patterns
//   - pattern behind stats looks at its rows
//   - of patterns with equally many rows the one that comes first by code point comes first
//   - FATAL, ERROR, WARN and DEBUG are found in any case, the gravest first
//   - sorting patterns by a name that they lack keeps their order
//   - white space is part of a pattern as it is
//   - stats behind pattern looks at the patterns
//   - a list or a map has no pattern
//   - what a token stands for has a name if its values have
//   - names with colons have patterns by their parts
//   - words that differ in at most half of the places become tokens
//   - the last sort holds
//   - descending, missing values come last
//   - missing values come before all others
//   - the descending order of mixed values is the reverse
//   - missing values, texts, numbers and times in one order
//   - runs of digits are compared by length and then by value, and leading zeros count
//   - texts that spell numbers, decimals and signs are sorted as numbers
//   - order is sort
//   - rows with equal keys stand as in the log
//   - sorting by a name that nothing has keeps the order of the log
//   - a computed number has as many digits as it takes
//   - a condition can look at nothing
//   - escapes in a key or in a text of the event mean what they stand for
//   - a list is printed as JSON
//   - arithmetic with a missing value is missing
//   - no comparison for order, like or = holds for a missing field
//   - not turns what a missing field gives round
//   - null is missing
//   - a number of the event is printed as it is written there
//   - two texts are equal if they are the same, also if they spell numbers
//   - < on a number and a text that spells none never holds
//   - < on texts that both spell numbers goes by number
//   - < on texts that spell no numbers goes by code point
//   - a time has no order with a text
//   - a time and a number of milliseconds make a time, two times a number
//   - a time equals the text that it is printed as
//   - an event without a readable time has no @timestamp
//   - there are no times outside the years 1 to 9999
//   - a condition holds unless it is missing, 0, false or an empty text
//   - a field that no event has is no error
//
// # Limits
//
// There is no limit to the number of fields and rows but what the query and
// [Options] say. A query has up to 1 MiB, its expressions nest up to 1000 deep,
// and a regular expression has up to 10,000 bytes and bounded repeats.
//
// Memory is that of the rows and groups that are kept, up to [Options.Memory],
// and of the longest event for each worker: with a limit there are as many rows,
// else all that the filters select. What is more is written to temporary files.
// One group is always held as a whole, with all the different values of its
// count_distinct, values, topk, pct, median and histogram. An event that is not
// selected costs no memory, unless parse finds something in it. Pattern besides
// holds up to 10,000 patterns with 64 MiB of text, and up to 100 that have the same
// first word and the same between their words: what is like none of those then joins
// the one that it is most like, and what would be one more of the others is counted
// under the pattern <Token-1>.
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
// item.
package query
