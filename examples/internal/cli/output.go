package cli

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"text/tabwriter"
	"time"
	"unicode"

	"github.com/evictlog/evictlog/audit"
)

// Formats is what an -o flag may say.
const Formats = "table, json, jsonl or csv"

// A Cell is one value of a row. A nil Value is missing. Other values are
// written with their MarshalJSON or as encoding/json does in JSON, and as fmt
// prints them elsewhere; a time.Time is printed by [FormatTime] everywhere.
type Cell struct {
	Name  string
	Value any
}

// An Object is a Value that is a row of its own.
type Object []Cell

// MarshalJSON writes the cells that are there, in their order.
func (o Object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	err := writeObject(&b, o)
	return b.Bytes(), err
}

// String lists the cells that are there.
func (o Object) String() string {
	var parts []string
	for _, c := range o {
		if text := c.text(); text != "" {
			parts = append(parts, c.Name+": "+text)
		}
	}
	return strings.Join(parts, ", ")
}

// A Writer writes rows in one format.
type Writer interface {
	// Write writes one row, whose cells are in the order of the columns.
	// Missing ones may be left out.
	Write(cells []Cell) error
	// Close writes what comes after the last row.
	Close() error
}

// NewWriter returns a Writer for a format of [Formats]. The columns are the
// header of a table or of CSV.
func NewWriter(format string, w io.Writer, columns []string) (Writer, error) {
	switch format {
	case "table":
		t := &tableWriter{w: w, columns: columns}
		t.aligned = tabwriter.NewWriter(&t.lines, 0, 8, 2, ' ', 0)
		return t, t.line(columns)
	case "csv":
		c := &csvWriter{csv.NewWriter(w), columns}
		return c, c.w.Write(columns)
	case "jsonl":
		return &jsonWriter{w: w, after: "\n"}, nil
	case "json":
		return &jsonWriter{w: w, first: "[\n", between: ",\n", last: "\n]\n", empty: "[]\n"}, nil
	}
	return nil, fmt.Errorf("unknown output format %q: it is one of %s", format, Formats)
}

// FormatTime prints a time in UTC as RFC 3339 with milliseconds.
func FormatTime(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }

// text is the cell as a table or CSV shows it; a missing value is empty.
func (c Cell) text() string {
	switch v := c.Value.(type) {
	case nil:
		return ""
	case time.Time:
		return FormatTime(v)
	case []string:
		return strings.Join(v, ", ")
	}
	return fmt.Sprint(c.Value)
}

// texts are the cells under the columns, in the columns' order.
func texts(columns []string, cells []Cell) []string {
	out := make([]string, len(columns))
	for i, name := range columns {
		for _, c := range cells {
			if c.Name == name {
				out[i] = c.text()
			}
		}
	}
	return out
}

// A tableWriter aligns columns for people. Whatever could move a terminal's
// cursor or change its state is shown as an escape: logs hold what attackers
// chose to write. The table is held until it is closed.
type tableWriter struct {
	w       io.Writer
	columns []string
	aligned *tabwriter.Writer
	lines   bytes.Buffer
}

func (t *tableWriter) line(cells []string) error {
	visible := make([]string, len(cells))
	for i, s := range cells {
		visible[i] = Visible(s)
	}
	_, err := fmt.Fprintln(t.aligned, strings.Join(visible, "\t"))
	return err
}

func (t *tableWriter) Write(cells []Cell) error { return t.line(texts(t.columns, cells)) }

func (t *tableWriter) Close() error {
	if err := t.aligned.Flush(); err != nil {
		return err
	}
	for line := range bytes.Lines(t.lines.Bytes()) {
		line = append(bytes.TrimRight(line, " \n"), '\n')
		if _, err := t.w.Write(line); err != nil {
			return err
		}
	}
	return nil
}

// Visible replaces what does not print (control characters, directional
// marks, bytes that are no UTF-8) by escapes as Go writes them.
func Visible(s string) string {
	if strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	var b strings.Builder
	for _, r := range s {
		switch {
		case !hidden(r):
			b.WriteRune(r)
		case r < 0x100 && r != '\n' && r != '\r' && r != '\t':
			fmt.Fprintf(&b, `\x%02x`, r)
		default:
			quoted := fmt.Sprintf("%+q", r)
			b.WriteString(quoted[1 : len(quoted)-1])
		}
	}
	return b.String()
}

func hidden(r rune) bool { return r == unicode.ReplacementChar || !unicode.IsGraphic(r) }

type csvWriter struct {
	w       *csv.Writer
	columns []string
}

func (c *csvWriter) Write(cells []Cell) error { return c.w.Write(texts(c.columns, cells)) }

func (c *csvWriter) Close() error {
	c.w.Flush()
	return c.w.Error()
}

// A jsonWriter writes objects, with text before, between and after them.
type jsonWriter struct {
	w                           io.Writer
	first, between, after, last string
	empty                       string // all there is if there is no object
	wrote                       bool
}

func (j *jsonWriter) Write(cells []Cell) error {
	var b bytes.Buffer
	if j.wrote {
		b.WriteString(j.between)
	} else {
		b.WriteString(j.first)
	}
	j.wrote = true
	if err := writeObject(&b, cells); err != nil {
		return err
	}
	b.WriteString(j.after)
	_, err := j.w.Write(b.Bytes())
	return err
}

func (j *jsonWriter) Close() error {
	end := j.last
	if !j.wrote {
		end = j.empty
	}
	_, err := io.WriteString(j.w, end)
	return err
}

// writeObject writes the cells that are there as one JSON object, in their
// order.
func writeObject(b *bytes.Buffer, cells []Cell) error {
	enc := json.NewEncoder(b)
	enc.SetEscapeHTML(false)
	value := func(v any) error {
		if t, ok := v.(time.Time); ok {
			v = FormatTime(t)
		}
		if err := enc.Encode(v); err != nil {
			return err
		}
		b.Truncate(b.Len() - 1) // the encoder's line end
		return nil
	}
	b.WriteByte('{')
	n := 0
	for _, c := range cells {
		if c.Value == nil {
			continue
		}
		if n++; n > 1 {
			b.WriteByte(',')
		}
		if err := value(c.Name); err != nil {
			return err
		}
		b.WriteByte(':')
		if err := value(c.Value); err != nil {
			return err
		}
	}
	b.WriteByte('}')
	return nil
}

// WriteAll writes a row of cells for every item and closes the Writer. Damage is
// reported as it is met. It returns the number of rows, and an error of writing
// or one that ended the items.
func WriteAll[T any](items iter.Seq2[T, error], cells func(T) []Cell, out Writer, report *Reporter) (rows int, err error) {
	for item, err := range items {
		if err != nil {
			if _, onePlace := errors.AsType[*audit.EventError](err); !onePlace {
				return rows, errors.Join(err, out.Close())
			}
			report.Damage(err)
			continue
		}
		rows++
		if err := out.Write(cells(item)); err != nil {
			return rows, err
		}
	}
	return rows, out.Close()
}
