package oracle

import (
	"context"
	"database/sql"
	"flag"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	_ "github.com/duckdb/duckdb-go/v2" // the driver

	"github.com/evictlog/evictlog/query"
)

var (
	questions = flag.Int("questions", 3000, "how many random queries are compared")
	seed      = flag.Uint64("seed", 1, "the seed of the first of them; the others follow")
)

// An oracle has DuckDB answer questions about logs.
type oracle struct {
	logs []*log
	db   *sql.DB
}

func newOracle(t testing.TB) *oracle {
	logs := readLogs(t)
	return &oracle{logs, openTables(t, logs)}
}

// TestOracle compares what package query and DuckDB say to random queries.
func TestOracle(t *testing.T) {
	o := newOracle(t)
	rows := 0
	for i := range uint64(*questions) {
		data := make([]byte, 200)
		random := rand.New(rand.NewPCG(*seed+i, 0))
		for j := range data {
			data[j] = byte(random.Uint32())
		}
		n, difference := o.compare(t.Context(), data)
		rows += n
		if difference == "" {
			continue
		}
		data = shrunk(data, func(data []byte) bool {
			_, difference := o.compare(t.Context(), data)
			return difference != ""
		})
		_, difference = o.compare(t.Context(), data)
		t.Errorf("-seed %d -questions 1, made smaller: %s", *seed+i, difference)
	}
	t.Logf("%d queries, %d rows", *questions, rows)
}

// compare asks both what the choices say, and returns how many rows there are
// and how the two differ.
func (o *oracle) compare(ctx context.Context, data []byte) (rows int, difference string) {
	c := &choices{data}
	l := one(c, o.logs)
	q := ask(c, l)
	report := func(what string) string {
		run := fmt.Sprintf("log %s, %d workers, memory %d, limit %d", l.name, q.opts.Workers, q.opts.Memory, q.opts.Limit)
		return strings.Join([]string{what, run, q.ql, q.sql}, "\n")
	}
	parsed, err := query.Parse(q.ql)
	if err != nil {
		return 0, report(err.Error())
	}
	got, err := rowsOf(ctx, parsed, l, q)
	if err != nil {
		return 0, report(err.Error())
	}
	want, err := o.answer(ctx, q)
	if err != nil {
		return 0, report(err.Error())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		return len(want), report("(-DuckDB +package query):\n" + diff)
	}
	return len(want), ""
}

// rowsOf are the rows that package query gives.
func rowsOf(ctx context.Context, parsed *query.Query, l *log, q question) ([]string, error) {
	var names []string
	for _, n := range q.columns {
		names = append(names, strings.ReplaceAll(n.ql, "`", ""))
	}
	if diff := cmp.Diff(names, parsed.Columns()); diff != "" {
		return nil, fmt.Errorf("columns (-want +got):\n%s", diff)
	}
	var out []string
	for row, err := range parsed.Run(ctx, l.events, &q.opts) {
		if err != nil {
			return nil, err
		}
		cells := make([]string, len(names))
		for i, name := range names {
			cells[i] = valueCell(row.Get(name))
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return out, nil
}

// valueCell writes a value with its kind. Booleans are numbers in a result.
func valueCell(v query.Value) string {
	switch v.Kind() {
	case query.KindMissing:
		return "-"
	case query.KindTime:
		t, _ := v.Time()
		return "@" + strconv.FormatInt(t.UnixMicro(), 10)
	case query.KindString:
		return strconv.Quote(v.String())
	}
	f, _ := v.Float64()
	return strconv.FormatFloat(f, 'g', -1, 64)
}

// answer are the rows that DuckDB gives.
func (o *oracle) answer(ctx context.Context, q question) ([]string, error) {
	rows, err := o.db.QueryContext(ctx, q.sql)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	values := make([]any, len(q.columns))
	into := make([]any, len(values))
	for i := range values {
		into[i] = &values[i]
	}
	var out []string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		cells := make([]string, len(values))
		for i, v := range values {
			cells[i] = cell(v)
		}
		out = append(out, strings.Join(cells, " | "))
	}
	return out, rows.Err()
}

// cell writes what DuckDB gives as valueCell does.
func cell(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case int64:
		return "@" + strconv.FormatInt(v, 10)
	case string:
		return strconv.Quote(v)
	case bool:
		if v {
			return "1"
		}
		return "0"
	case float64:
		return strconv.FormatFloat(v+0, 'g', -1, 64)
	}
	return fmt.Sprintf("%T %v", v, v)
}

// FuzzOracle compares what the bytes ask.
func FuzzOracle(f *testing.F) {
	o := newOracle(f)
	for seed := range byte(8) {
		f.Add([]byte{seed, seed * 3, 2, 1, 0, seed})
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		if _, difference := o.compare(ctx, data); difference != "" {
			t.Error(difference)
		}
	})
}
