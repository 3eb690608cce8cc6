package query

import (
	"encoding/csv"
	"strings"
)

// A csvPattern takes the columns of the first CSV record of a text, without the
// white space round them. Surplus columns are left out, and the names of columns
// that are not there are missing.
type csvPattern struct{ span }

func (csvPattern) write(b *strings.Builder) { b.WriteString("csv") }

func (csvPattern) outputs(as []string) []string { return as }

func (csvPattern) take(text string, out []Value) error {
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord, r.LazyQuotes, r.TrimLeadingSpace = -1, true, true
	record, err := r.Read()
	if err != nil { // there is no record
		return nil
	}
	for i := range out[:min(len(out), len(record))] {
		out[i] = stringValue(strings.TrimSpace(record[i]))
	}
	return nil
}
