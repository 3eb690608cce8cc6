package audit

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/evictlog/evictlog/audit/internal/lines"
	"github.com/evictlog/evictlog/audit/internal/values"
)

// The names of the forms of tables, for the documentation and for summaries.
const (
	csvName = "CSV"
	csvDoc  = "a table with the names of its columns in its first row, as the consoles of CloudWatch Logs and Logs Insights " +
		"export it; a row is read like the object that its columns make."
	markdownName = "Markdown table"
	markdownDoc  = "the same in Markdown, as the console of Logs Insights copies it."
)

// A table is rows of cells under the names of their columns. Source: RFC 4180;
// AWS, "Export log data from Logs Insights".
type table struct {
	columns []string
	sep     byte // between the cells; a bar if it is Markdown
	reads   bool // a row of it can hold a message
	row     csvRow
	text    []byte // of the object that a row makes
}

// eventFields are columns by which a query over audit events is known, if none
// is of the log service.
var eventFields = []string{"verb", "auditID", "requestURI", "user.username", "objectRef.name", "objectRef.namespace", "responseStatus.code"}

// tableOf returns the table whose header is line, or nil. first says that the
// line is the first one of the file.
func tableOf(line []byte, first bool) *table {
	if !first && bytes.IndexByte(line, '@') < 0 {
		return nil
	}
	for _, sep := range []byte(",;\t|") {
		t := &table{sep: sep}
		cells := t.cells(line)
		for _, c := range cells {
			name := string(bytes.Trim(t.unquoted(nil, c), blanks))
			if name == "" || strings.ContainsFunc(name, notPlain) || strings.ContainsAny(name, `{}"=`) {
				cells = nil
			}
			t.columns = append(t.columns, name)
		}
		if cells != nil && t.known(first) {
			return t
		}
	}
	return nil
}

// known tells whether the columns are those of something that is read, or of
// results of a query that has no messages.
func (t *table) known(first bool) bool {
	var o object
	for _, name := range t.columns {
		o = append(o, member{[]byte(name), []byte{'0'}})
	}
	for i := range wrappers {
		if w := &wrappers[i]; w.elements == nil && o.has(w.keys) {
			t.reads = len(o) > 1 || w.name == insightsRow.name
		}
		if t.reads {
			return true
		}
	}
	for _, name := range t.columns {
		for _, field := range eventFields {
			if len(o) > 1 && (name[0] == '@' || first && name == field) {
				return true
			}
		}
	}
	return false
}

// cells returns the cells of a line, with their quotes, or nil if it is no row.
func (t *table) cells(line []byte) [][]byte {
	if t.sep == '|' {
		return t.bars(line)
	}
	t.row.reset()
	if t.row.scan(line, t.sep, true) != values.Done {
		return nil
	}
	return t.row.take(line)
}

// bars returns the cells of a line of Markdown, or nil. A message may have bars
// in it: if there are too many, they are of it.
func (t *table) bars(line []byte) (cells [][]byte) {
	line, ok := bytes.CutPrefix(line, []byte{'|'})
	if !ok {
		return nil
	}
	line = bytes.TrimSuffix(line, []byte{'|'})
	cells = bytes.Split(line, []byte{'|'})
	if extra := len(cells) - len(t.columns); extra > 0 && len(t.columns) > 0 {
		i := 0
		for i < len(t.columns)-1 && t.columns[i] != "@message" {
			i++
		}
		message := bytes.Join(cells[i:i+extra+1], []byte{'|'})
		cells = append(append(cells[:i:i], message), cells[i+extra+1:]...)
	}
	for i, c := range cells { // what else is there may be of the message
		cells[i] = bytes.TrimSuffix(bytes.TrimPrefix(c, []byte{' '}), []byte{' '})
	}
	return cells
}

// unquoted appends the text of a cell to dst.
func (t *table) unquoted(dst, cell []byte) []byte {
	if t.sep == '|' {
		return append(dst, bytes.ReplaceAll(cell, []byte(`\|`), []byte{'|'})...)
	}
	if len(cell) < 2 || cell[0] != '"' {
		return append(dst, cell...)
	}
	cell = cell[1 : len(cell)-1]
	for {
		before, after, ok := bytes.Cut(cell, []byte(`""`))
		dst = append(dst, before...)
		if !ok {
			return dst
		}
		dst = append(dst, '"')
		cell = after
	}
}

// object returns the object that a row makes of its columns: numbers are
// numbers, and all else is text.
func (t *table) object(cells [][]byte) []byte {
	t.text = append(t.text[:0], '{')
	for i, c := range cells[:min(len(cells), len(t.columns))] {
		if i > 0 {
			t.text = append(t.text, ',')
		}
		t.text = appendJSONString(t.text, []byte(t.columns[i]))
		t.text = append(t.text, ':')
		text := t.unquoted(nil, c)
		if len(text) > 0 && text[0] != '0' && len(bytes.Trim(text, "0123456789")) == 0 {
			t.text = append(t.text, text...)
		} else {
			t.text = appendJSONString(t.text, text)
		}
	}
	return append(t.text, '}')
}

// appendJSONString appends text as a JSON string.
func appendJSONString(dst, text []byte) []byte {
	dst = append(dst, '"')
	for _, c := range text {
		switch {
		case c == '"' || c == '\\':
			dst = append(dst, '\\', c)
		case c < ' ':
			dst = fmt.Appendf(dst, "\\u%04x", c)
		default:
			dst = append(dst, c)
		}
	}
	return append(dst, '"')
}

// isHeader tells whether a row is the header once more, or the line below it.
func (t *table) isHeader(cells [][]byte) bool {
	for i, c := range cells {
		if t.sep == '|' && len(bytes.Trim(c, " :-")) == 0 {
			continue
		}
		if i >= len(t.columns) || string(bytes.Trim(t.unquoted(nil, c), blanks)) != t.columns[i] {
			return false
		}
	}
	return true
}

// columnsOnly is what a table is that has no messages.
var columnsOnly = sight{
	"a table of results of a query without the column @message",
	"columns alone are no audit events: run the query with fields @timestamp, @logStream, @message",
}

// header takes in the header of a table.
func (s *scan) header(m *message) bool {
	if m.depth > 0 || s.ranged() || s.held != nil {
		return false
	}
	t := tableOf(m.text, s.unit.line == 1)
	if t == nil {
		return false
	}
	s.table = t
	if t.sep == '|' {
		s.notes.form(markdownName)
	} else {
		s.notes.form(csvName)
	}
	return true
}

// inTable reads the row that begins with the line p. done is false if it is none:
// what else stands between rows is read as ever.
func (s *scan) inTable(p *lines.Piece) (done, more bool) {
	t, text := s.table, bytes.Trim(p.Text, blanks)
	if text[0] == '{' || text[0] == '[' { // a cell with quotes in it has quotes around it
		return false, true
	}
	if text[0] == '@' {
		if next := tableOf(text, false); next != nil {
			s.table, t = next, next
		}
	}
	if t.sep == '|' {
		if cells := t.bars(text); cells != nil {
			return true, s.tableRow(lineUnit(*p), cells)
		}
		return false, true
	}
	s.in.Back(*p)
	n, ok := s.csvEnd()
	window := s.in.Window()
	var cells [][]byte
	if ok {
		window = window[:n:n]
		cells = t.row.take(window)
	}
	if len(cells) < len(t.columns) {
		*p, _ = s.in.Next() // the same once more
		text = bytes.Trim(p.Text, blanks)
		if ok || findHead(text) >= 0 || s.fit(text, &message{}) != nil {
			return false, true
		}
		s.unit = lineUnit(*p) // a quote too many: the line is lost, and no more
		s.unit.text = p.Text
		return true, s.refuse(&message{text: text, at: p.Offset}, ErrNotJSON)
	}
	from := s.here()
	s.in.Use(n)
	u := s.since(from)
	u.text = window
	return true, s.tableRow(u, cells)
}

// csvEnd returns the length of the row that comes next, with its line end. ok is
// false if it has none.
func (s *scan) csvEnd() (n int, ok bool) {
	r := &s.table.row
	r.reset()
	for last := false; ; {
		st := r.scan(s.in.Window(), s.table.sep, last)
		switch {
		case st == values.Done:
			return r.at, true
		case st == values.Bad || last || r.at > s.maxBytes || !s.tries():
			s.vain += int64(r.at)
			return 0, false
		}
		last = !s.in.More()
	}
}

// tableRow reads a row.
func (s *scan) tableRow(u unit, cells [][]byte) bool {
	t := s.table
	s.unit = u
	if t.isHeader(cells) {
		s.finish()
		return true
	}
	m := &s.messages[0]
	*m = message{text: t.object(cells), at: u.offset, copied: true}
	if !t.reads {
		if s.seen == (sight{}) {
			s.seen = columnsOnly
		}
		return s.refuse(m, ErrNotEvent)
	}
	o := members(s.objects[0][:0], m.text)
	s.objects[0] = o
	more := s.wrapped(m, o)
	s.finish()
	return more
}

// A csvRow finds the cells of a row, which may come in pieces.
type csvRow struct {
	at     int   // what was read
	ends   []int // of the cells
	begin  int   // of the cell that is being read
	quoted bool  // it has quotes
	open   bool  // they are open
}

func (r *csvRow) reset() { *r = csvRow{ends: r.ends[:0]} }

// scan reads on in text, which is what was there before and more. last says that
// there is no more.
func (r *csvRow) scan(text []byte, sep byte, last bool) values.Status {
	for r.at < len(text) {
		if r.open {
			i := bytes.IndexByte(text[r.at:], '"')
			if i < 0 {
				r.at = len(text)
				break
			}
			r.at += i
			switch {
			case r.at+1 < len(text) && text[r.at+1] == '"':
				r.at += 2
			case r.at+1 < len(text) || last:
				r.open = false
				r.at++
			default:
				return values.More
			}
			continue
		}
		switch c := text[r.at]; {
		case c == sep:
			r.ends = append(r.ends, r.at)
			r.at++
			r.begin, r.quoted = r.at, false
			continue
		case c == '\n':
			r.ends = append(r.ends, r.at)
			r.at++
			return values.Done
		case c == '"' && r.at == r.begin:
			r.quoted, r.open = true, true
		case c == 0, c == '"', r.quoted && c != '\r':
			return values.Bad
		}
		r.at++
	}
	if !last {
		return values.More
	}
	if r.open {
		return values.Bad
	}
	r.ends = append(r.ends, r.at)
	return values.Done
}

// take returns the cells of a row that was read.
func (r *csvRow) take(text []byte) (cells [][]byte) {
	begin := 0
	for _, end := range r.ends {
		cells = append(cells, bytes.TrimRight(text[begin:end], "\r"))
		begin = end + 1
	}
	return cells
}
