package query

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"slices"
	"strings"
)

// A Table is a lookup table. It is immutable, and safe for concurrent use.
type Table struct {
	columns []string
	rows    [][]string
}

// ReadTable reads a lookup table: CSV in UTF-8, with a header that names the
// columns.
func ReadTable(r io.Reader) (*Table, error) {
	in := csv.NewReader(r)
	header, err := in.Read()
	if errors.Is(err, io.EOF) {
		return nil, errors.New("query: a lookup table needs a header")
	}
	if err != nil {
		return nil, fmt.Errorf("query: reading a lookup table: %w", err)
	}
	header[0] = strings.TrimPrefix(header[0], "\ufeff")
	rows, err := in.ReadAll()
	if err != nil {
		return nil, fmt.Errorf("query: reading a lookup table: %w", err)
	}
	return &Table{header, rows}, nil
}

// A lookup is what a lookup command asks of a table.
type lookup struct {
	table   string
	match   []string // the columns that are compared
	outputs []string // the columns that it gives
	cidr    bool     // match is one column of address ranges
}

// A found finds the row that a lookup gives for values; nil if there is none.
type found func(values []Value) []Value

// open finds the table of the lookup and makes it ready.
func (l *lookup) open(tables map[string]*Table) (found, error) {
	t := tables[l.table]
	if t == nil {
		return nil, fmt.Errorf("query: no lookup table %q is given", l.table)
	}
	var places [2][]int
	for i, names := range [][]string{l.match, l.outputs} {
		for _, name := range names {
			at := slices.Index(t.columns, name)
			if at < 0 {
				return nil, fmt.Errorf("query: the lookup table %q has no column %q, only %s", l.table, name, strings.Join(t.columns, ", "))
			}
			places[i] = append(places[i], at)
		}
	}
	if l.cidr {
		return t.openRanges(places[0][0], places[1]), nil
	}
	return t.openExact(places[0], places[1]), nil
}

// openExact finds the first row whose columns have the texts of the values.
func (t *Table) openExact(match, outputs []int) found {
	rows := make(map[string][]Value, len(t.rows))
	for _, row := range t.rows {
		var key []byte
		for _, at := range match {
			key = appendText(key, row[at])
		}
		if rows[string(key)] == nil {
			rows[string(key)] = pick(row, outputs)
		}
	}
	return func(values []Value) []Value {
		var key []byte
		for _, v := range values {
			text, ok := v.asText()
			if !ok {
				return nil
			}
			key = appendText(key, text)
		}
		return rows[string(key)]
	}
}

// openRanges finds the row with the narrowest range that the address is in, the
// first of equals. A single address is a range too.
func (t *Table) openRanges(match int, outputs []int) found {
	ranges := map[netip.Prefix][]Value{}
	for _, row := range t.rows {
		prefix, err := netip.ParsePrefix(row[match])
		if err != nil {
			addr, err := netip.ParseAddr(row[match])
			if err != nil {
				continue
			}
			prefix = netip.PrefixFrom(addr, addr.BitLen())
		}
		if prefix = prefix.Masked(); ranges[prefix] == nil {
			ranges[prefix] = pick(row, outputs)
		}
	}
	return func(values []Value) []Value {
		text, _ := values[0].asText()
		addr, err := netip.ParseAddr(text)
		if err != nil {
			return nil
		}
		for bits := addr.BitLen(); bits >= 0; bits-- {
			prefix, _ := addr.WithZone("").Prefix(bits)
			if row := ranges[prefix]; row != nil {
				return row
			}
		}
		return nil
	}
}

func pick(row []string, outputs []int) []Value {
	values := make([]Value, len(outputs))
	for i, at := range outputs {
		values[i] = stringValue(row[at])
	}
	return values
}

// A lookupExpr is the row that a lookup finds for values, as a list. The first
// of its operands are those values; the others, if there are any, what the
// outputs are where they are not missing.
type lookupExpr struct {
	leaf
	table  string
	number int // of the lookup in the plan
	values int
	of     []expr
}

func (x *lookupExpr) children() []expr { return x.of }

func (x *lookupExpr) write(b *strings.Builder) {
	writeString(b, x.table)
	b.WriteString(" of ")
	writeList(b, x.of)
}

func (x *lookupExpr) compile(lookup scope) evaluator {
	operands, number, n := compileAll(x.of, lookup), x.number, x.values
	return func(f *frame) Value {
		values := make([]Value, len(operands))
		for i, eval := range operands {
			values[i] = eval(f)
		}
		row := f.lookups[number](values[:n])
		if n == len(values) {
			return listValue(row)
		}
		out := values[n:]
		for i := range out {
			if out[i].Missing() && row != nil {
				out[i] = row[i]
			}
		}
		return listValue(out)
	}
}
