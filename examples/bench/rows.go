package main

import (
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/evictlog/evictlog/audit/audittest"
	"github.com/evictlog/evictlog/evict"
)

// A row is one piece of work.
type row struct {
	name, title string
	files       func(*logs) []string
	query       string   // run by the library; nothing stands for the evictions
	columns     []string // of the result, in the order in which to write them
	check       check
	sortsAll    bool // it orders all rows that it selects, without a limit
	peers       []peer
}

// A peer is another way to do the work of a row.
type peer struct {
	name    string
	ours    bool     // part of this program
	tools   []string // that must be on the PATH
	command func(files []string) []string
	check   check   // other than the row's
	limit   float64 // the target: the most that ours may take, in times of this
}

func plain(l *logs) []string { return l.plain }
func gz(l *logs) []string    { return l.gz }
func parts(l *logs) []string { return l.parts }
func zst(l *logs) []string   { return l.zst }

// article is the query that people know.
var article = evict.Query(audittest.Namespace, audittest.Pod)

var articleColumns = []string{"@timestamp", "user.username", "user.extra.canonicalArn.0", "@message"}

// rows is the table.
var rows = []row{
	{
		name: "plain", title: "the article's query, plain file", files: plain,
		query: article, columns: articleColumns, check: lines(evictionsOfPod),
		peers: []peer{
			withJQ("rg | jq", 1, rgPlain, "rg"),
			bareReads(1.6),
			duckDB("DuckDB, raw lines", duckArticle, 0),
			clickHouse("ClickHouse, raw lines", houseArticle),
		},
	},
	{
		name: "gz", title: "the article's query, one .gz", files: gz,
		query: article, columns: articleColumns, check: lines(evictionsOfPod),
		peers: []peer{
			decoder(1.1),
			duckDB("DuckDB, raw lines", duckArticle, 1),
			duckDB("DuckDB, typed columns, no @message", duckArticleTyped, 1),
			withJQ("igzip | rg | jq", 0, pipe("igzip -dc"), "igzip", "rg"),
			withJQ("gzip | rg | jq", 0, pipe("gzip -dc"), "gzip", "rg"),
			clickHouse("ClickHouse, raw lines", houseArticle),
		},
	},
	{
		name: "16gz", title: "the article's query, 16 .gz", files: parts,
		query: article, columns: articleColumns, check: lines(evictionsOfPod),
		peers: []peer{
			decoder(1.1),
			duckDB("DuckDB, raw lines", duckArticle, 0),
			withJQ("xargs -P (igzip | rg) | jq", 0, pipes("igzip -dc"), "igzip", "rg", "xargs"),
			clickHouse("ClickHouse, raw lines", houseArticle),
		},
	},
	{
		name: "zst", title: "the article's query, .zst", files: zst,
		query: article, columns: articleColumns, check: lines(evictionsOfPod),
		peers: []peer{
			decoder(1.1),
			duckDB("DuckDB, raw lines", duckArticle, 0),
			withJQ("zstd | rg | jq", 0, pipe("zstd -dcq"), "zstd", "rg"),
			clickHouse("ClickHouse, raw lines", houseArticle),
		},
	},
	{
		name: "stats", title: "stats by verb and resource", files: plain,
		query:   `stats count(*) as n by verb, objectRef.resource`,
		columns: []string{"verb", "objectRef.resource", "n"}, check: counts(byResource),
		peers: []peer{
			duckDB("DuckDB, typed columns", duckStats, 0.4),
			clickHouse("ClickHouse, typed columns", houseStats),
		},
	},
	{
		name: "topk", title: "the newest 20", files: plain,
		query:   `fields @timestamp, @message | sort @timestamp desc | limit 20`,
		columns: []string{"@timestamp", "@message"}, check: newest,
		peers: []peer{
			duckDB("DuckDB, raw lines", duckTop, 0.25),
			duckDB("DuckDB, typed columns, no @message", duckTopTyped, 0),
			clickHouse("ClickHouse, raw lines", houseTop),
		},
	},
	{
		name: "users", title: "stats by user and 5 minutes", files: plain,
		query:   `stats count(*) as n by user.username, bin(5m) as t`,
		columns: []string{"user.username", "t", "n"}, check: counts(byUser),
		peers: []peer{duckDB("DuckDB, typed columns", duckUsers, 1)},
	},
	{
		name: "regex", title: "filter @message like /regex/", files: plain,
		query:   `fields @timestamp, @message | filter @message like /` + audittest.RefusedPattern + `/`,
		columns: []string{"@timestamp", "@message"}, check: lines(refused), sortsAll: true,
		peers: []peer{
			duckDB("DuckDB, raw lines", duckRegex, 1),
			{name: "rg (no fields, no order)", tools: []string{"rg"}, command: rgRegex},
		},
	},
	{
		name: "parse", title: "parse with a regex, stats", files: plain,
		query:   `parse userAgent /^(?<client>[^\/ ]+)/ | stats count(*) as n by client`,
		columns: []string{"client", "n"}, check: counts(byClient),
		peers: []peer{duckDB("DuckDB, typed columns", duckParse, 1)},
	},
	{
		name: "pct", title: "percentiles by resource", files: plain,
		query:   `fields strlen(@message) as size | stats count(*) as n, pct(size, 50) as p50, pct(size, 99) as p99 by objectRef.resource`,
		columns: []string{"objectRef.resource", "n", "p50", "p99"}, check: percentiles,
		peers: []peer{duckDB("DuckDB, raw lines", duckPercentiles, 1)},
	},
	{
		name: "evict", title: "all attempts to evict", files: plain, check: lines(attempts),
		peers: []peer{{
			name: "the article's query", ours: true, limit: 1.2, check: lines(evictionsOfPod),
			command: func(files []string) []string { return row{query: article, columns: articleColumns}.ours(files) },
		}},
	},
}

// self returns the command that has this program do a part of the work.
func self(part string, args []string) []string {
	name, err := os.Executable()
	if err != nil {
		name = os.Args[0]
	}
	return slices.Concat([]string{name, part}, args)
}

// ours returns the command that does the row with the library.
func (r row) ours(files []string) []string {
	if r.query == "" {
		return self(innerEvict, files)
	}
	return self(innerQuery, append([]string{r.query, strings.Join(r.columns, "\t")}, files...))
}

// bareReads is what the machine needs to read the file.
func bareReads(limit float64) peer {
	return peer{
		name: "bare reads", ours: true, limit: limit, check: wholeLog,
		command: func(files []string) []string { return self(innerRead, files) },
	}
}

// decoder is the decompression alone.
func decoder(limit float64) peer {
	return peer{
		name: "klauspost's decoder alone", ours: true, limit: limit, check: wholeLog,
		command: func(files []string) []string { return self(innerDecode, files) },
	}
}

// peakLimit is the most memory that the library may take: query.Options.Memory
// is for rows that wait to be ordered.
func (r *row) peakLimit() int64 {
	limit := 64 + 32*int64(runtime.GOMAXPROCS(0))
	if r.sortsAll {
		limit += 256
	}
	return limit << 20
}
