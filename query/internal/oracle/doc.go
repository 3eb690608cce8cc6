// Package oracle holds package query to another program: DuckDB, a database.
// It has tests only, in a module of its own, so that nobody who uses package
// query gets the database too.
//
// A generator makes random queries, each in two languages side by side: Logs
// Insights QL, and the SQL that means the same. Package query runs the one over
// a log, DuckDB the other over a table with a row for each event, and they must
// give the same rows in the same order: package query leaves no order open. The
// generator knows neither the parser nor the planner. It only knows what package
// query documents, and the SQL is written from that.
//
// # What is compared
//
// The commands fields, display, filter, sort, limit, dedup and stats, several of
// each and in the order in which they may stand; stats after stats, and filters on
// what stats gives. Comparisons, like with texts and regular expressions, in, the
// logical operators and those of arithmetic, with no more parentheses than the
// precedences ask for. The aggregates count, count_distinct, sum, avg, min, max, pct
// and median, of events also earliest and latest, by fields, expressions and bin.
// Functions of texts, numbers and times as far as DuckDB has their like. And the
// reading of fields: DuckDB takes them from the JSON itself.
//
// # Where the languages differ
//
// The SQL says what package query documents:
//
//   - a condition is never NULL: of a missing value =, <, like and in do not
//     hold, and their negations do
//   - a text meets a number as a number if it spells one, and as nothing else;
//     two texts are only compared as numbers by < and its kin, if both spell one
//   - booleans are 1 and 0, and texts, numbers and times are conditions too
//   - texts are sorted in natural order, which a macro makes a sort key of, and
//     missing values come first
//   - rows that the order does not tell apart stand as in the log, groups as their
//     first events do, and without a sort the newest event or period comes first
//   - objects and lists have no value of their own, and JSON null is missing
//   - what is no finite number is missing
//   - a time is its microseconds, cut to milliseconds where it is printed, meets a
//     number or is a key of stats
//   - where a command stands among those of its level does not matter
//
// # What is not compared
//
//   - the texts of computed fractions, and so concat of them: the two programs
//     write them differently, and how the service does is not known
//   - sums of numbers that a float64 cannot hold exactly: package query adds
//     without loss, DuckDB does not
//   - log and ^ beyond small powers, whose last digit is that of a library
//   - lower and upper case beyond ASCII, and trim of white space, which are other
//     sets of characters
//   - fields that hold values of several kinds, which have no type in SQL
//   - limit any, which may take other rows; lists and maps; tables; the commands
//     that SQL has no like of
package oracle
