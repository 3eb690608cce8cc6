package query

import (
	"bytes"
	"fmt"
	"iter"
	"slices"

	"github.com/evictlog/evictlog/audit"
)

// A Row is one row of a result: values in columns, in the order of the query.
// It owns its memory. The zero Row has no columns.
type Row struct {
	columns []column
	values  []Value
	pos     audit.Pos
}

// NewRow returns a row of a result that was not computed here, such as one of
// the service: it has the values in the columns of these names, one for each. It
// has no place in a log. NewRow panics if there are not as many values as
// columns.
func NewRow(columns []string, values []Value) Row {
	if len(columns) != len(values) {
		panic(fmt.Sprintf("query: %d values for %d columns", len(values), len(columns)))
	}
	row := Row{columns: make([]column, len(columns)), values: slices.Clone(values)}
	for i, name := range columns {
		row.columns[i].name = name
	}
	return row
}

// Columns returns the names of all columns of the result, also of those for
// which this row has no value.
func (r Row) Columns() []string { return columnNames(r.columns) }

func columnNames(columns []column) []string {
	names := make([]string, len(columns))
	for i, c := range columns {
		names[i] = c.name
	}
	return names
}

// Get returns the value in the named column, a missing one if there is none.
func (r Row) Get(name string) Value {
	for i, c := range r.columns {
		if c.name == name {
			return r.values[i]
		}
	}
	return Value{}
}

// All walks over the columns for which the row has a value, in order. The
// sequence can be walked again.
func (r Row) All() iter.Seq2[string, Value] {
	return func(yield func(string, Value) bool) {
		for i, c := range r.columns {
			if !r.values[i].Missing() && !yield(c.name, r.values[i]) {
				return
			}
		}
	}
}

// Pos returns the place in the log of the event that the row was made of.
func (r Row) Pos() audit.Pos { return r.pos }

// String returns the row as a JSON object, as MarshalJSON does.
func (r Row) String() string {
	text, _ := r.MarshalJSON()
	return string(text)
}

// MarshalJSON returns the row as a JSON object: its keys in the order of the
// columns, missing values left out, numbers (and booleans, as 1 or 0) as
// numbers, @message and times as strings.
func (r Row) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for name, value := range r.All() {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		key, err := marshalText(name)
		if err != nil {
			return nil, err
		}
		text, err := value.MarshalJSON()
		if err != nil {
			return nil, err
		}
		b.Write(key)
		b.WriteByte(':')
		b.Write(text)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}
