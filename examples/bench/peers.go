package main

import (
	"runtime"
	"strconv"
	"strings"

	"github.com/evictlog/evictlog/audit/audittest"
)

// The commands that peers.sh installs: they run one SQL text, print rows with
// tabs between the columns, and nothing for NULL.
const (
	duckTool  = "duckdb-tsv"
	houseTool = "clickhouse-tsv"
)

// path is what the URIs of the pod have in common.
const path = "/api/v1/namespaces/" + audittest.Namespace + "/pods/" + audittest.Pod + "/"

const jqArticle = `jq -c 'select(.verb == "create" and .objectRef.subresource == "eviction" and (.requestURI | contains("` + path + `")))
	| [.stageTimestamp, .user.username, .user.extra.canonicalArn[0], .]'`

// withJQ is a pipeline of the shell that ends in jq.
func withJQ(name string, limit float64, script string, tools ...string) peer {
	return peer{
		name: name, limit: limit, tools: append(tools, "sh", "jq"),
		command: func(files []string) []string {
			return append([]string{"sh", "-c", script + " | " + jqArticle, "sh"}, files...)
		},
	}
}

const (
	rgPlain = `rg --no-mmap -F '"eviction"' "$1"`
	rgPiped = `rg -F '"eviction"'`
)

// pipe decompresses one file.
func pipe(unpack string) string { return unpack + ` "$1" | ` + rgPiped }

// pipes decompresses many files side by side. Each has an output of its own:
// on one pipe long lines would mix.
func pipes(unpack string) string {
	each := `'` + unpack + ` "$0" | rg -F "\"eviction\"" >"$0.hits"; :'`
	return `{ printf '%s\0' "$@" | xargs -0 -P` + strconv.Itoa(runtime.GOMAXPROCS(0)) + ` -n1 sh -c ` + each +
		`; for f in "$@"; do cat "$f.hits"; rm "$f.hits"; done; }`
}

func rgRegex(files []string) []string {
	return append([]string{"rg", "--no-mmap", "-e", audittest.RefusedPattern}, files...)
}

// sqlText writes a string literal.
func sqlText(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// duckDB is a query for DuckDB, made from the files.
func duckDB(name string, sql func(files string) string, limit float64) peer {
	return peer{
		name: name, limit: limit, tools: []string{duckTool},
		command: func(files []string) []string {
			var list []string
			for _, f := range files {
				list = append(list, sqlText(f))
			}
			return []string{duckTool, sql("[" + strings.Join(list, ", ") + "]")}
		},
	}
}

// longest is what DuckDB has to be told: more than the longest line of a log.
// Its buffers must be no larger: with the 1 GiB that it chooses otherwise it
// takes twice the time.
const longest = "17825792"

// duckLines reads lines as they are, which is the fastest for a filter.
func duckLines(files string) string {
	return "read_csv(" + files + `, columns = {'line': 'VARCHAR'}, header = false, auto_detect = false, delim = '\x01', quote = '', escape = '', max_line_size = ` + longest + `, buffer_size = ` + longest + `)`
}

// duckTyped reads columns, which is the fastest for a few fields of all lines.
// Without records = true a single column is read six times as slowly.
func duckTyped(files, columns string) string {
	return "read_json(" + files + ", format = 'newline_delimited', records = true, maximum_object_size = " + longest + ", columns = {" + columns + "})"
}

func duckArticle(files string) string {
	return `SELECT line ->> '$.stageTimestamp' AS t, line ->> '$.user.username', line ->> '$.user.extra.canonicalArn[0]', line FROM ` + duckLines(files) +
		` WHERE line LIKE '%"eviction"%' AND (line ->> '$.verb') = 'create' AND (line ->> '$.objectRef.subresource') = 'eviction'` +
		` AND contains(line ->> '$.requestURI', ` + sqlText(path) + `) ORDER BY t DESC`
}

func duckArticleTyped(files string) string {
	return `SELECT stageTimestamp, "user".username, "user".extra.canonicalArn[1] FROM ` +
		duckTyped(files, `verb: 'VARCHAR', requestURI: 'VARCHAR', stageTimestamp: 'VARCHAR', objectRef: 'STRUCT(subresource VARCHAR)', "user": 'STRUCT(username VARCHAR, extra STRUCT(canonicalArn VARCHAR[]))'`) +
		` WHERE verb = 'create' AND objectRef.subresource = 'eviction' AND contains(requestURI, ` + sqlText(path) + `) ORDER BY stageTimestamp DESC`
}

func duckStats(files string) string {
	return `SELECT verb, objectRef.resource, count(*) FROM ` + duckTyped(files, `verb: 'VARCHAR', objectRef: 'STRUCT(resource VARCHAR)'`) + ` GROUP BY ALL`
}

func duckTop(files string) string {
	return `SELECT line ->> '$.stageTimestamp' AS t, line FROM ` + duckLines(files) + ` ORDER BY t DESC LIMIT 20`
}

func duckTopTyped(files string) string {
	return `SELECT stageTimestamp FROM ` + duckTyped(files, `stageTimestamp: 'VARCHAR'`) + ` ORDER BY stageTimestamp DESC LIMIT 20`
}

func duckUsers(files string) string {
	return `SELECT "user".username, strftime(time_bucket(INTERVAL '5 minutes', stageTimestamp), '%Y-%m-%d %H:%M:%S') AS t, count(*) FROM ` +
		duckTyped(files, `"user": 'STRUCT(username VARCHAR)', stageTimestamp: 'TIMESTAMP'`) + ` GROUP BY ALL`
}

func duckRegex(files string) string {
	return `SELECT line ->> '$.stageTimestamp' AS t, line FROM ` + duckLines(files) + ` WHERE regexp_matches(line, ` + sqlText(audittest.RefusedPattern) + `) ORDER BY t DESC`
}

func duckParse(files string) string {
	return `SELECT regexp_extract(userAgent, ` + sqlText(audittest.ClientPattern) + `, 1), count(*) FROM ` + duckTyped(files, `userAgent: 'VARCHAR'`) + ` GROUP BY ALL`
}

func duckPercentiles(files string) string {
	return `SELECT r, n, q[1], q[2] FROM (SELECT line ->> '$.objectRef.resource' AS r, count(*) AS n, quantile_disc(length(line), [0.5, 0.99]) AS q FROM ` + duckLines(files) + ` GROUP BY r)`
}

// clickHouse is a query for ClickHouse, made from the files.
func clickHouse(name string, sql func(files string) string) peer {
	return peer{
		name: name, tools: []string{houseTool},
		command: func(files []string) []string {
			pattern := files[0]
			if len(files) > 1 {
				slash := strings.LastIndexAny(pattern, `/\`) + 1
				pattern = pattern[:slash] + "*.gz"
			}
			return []string{houseTool, sql(sqlText(pattern))}
		},
	}
}

const houseLines = ", LineAsString, 'line String')"

func houseArticle(file string) string {
	return `SELECT JSONExtractString(line, 'stageTimestamp') AS t, JSONExtractString(line, 'user', 'username'), line FROM file(` + file + houseLines +
		` WHERE line LIKE '%"eviction"%' AND JSONExtractString(line, 'verb') = 'create' AND JSONExtractString(line, 'objectRef', 'subresource') = 'eviction'` +
		` AND position(JSONExtractString(line, 'requestURI'), ` + sqlText(path) + `) > 0 ORDER BY t DESC`
}

func houseStats(file string) string {
	return `SELECT verb, tupleElement(objectRef, 'resource') AS r, count(*) FROM file(` + file + `, JSONEachRow, 'verb String, objectRef Tuple(resource String)') GROUP BY verb, r` +
		` SETTINGS input_format_skip_unknown_fields = 1, input_format_json_ignore_unknown_keys_in_named_tuple = 1`
}

func houseTop(file string) string {
	return `SELECT JSONExtractString(line, 'stageTimestamp') AS t, line FROM file(` + file + houseLines + ` ORDER BY t DESC LIMIT 20`
}
