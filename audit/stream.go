package audit

import (
	"bytes"
	"errors"
	"slices"

	"github.com/evictlog/evictlog/audit/internal/lines"
	"github.com/evictlog/evictlog/audit/internal/values"
)

// lookAhead is how much of a value is looked at before it is read. A document
// that is no longer is known as a whole before its first message is given; of a
// longer one what stands behind a list is not known there. It is half of what
// most buffers have, so that none grows for it.
const lookAhead = 512 << 10

// tries tells whether to look for a value where there may be none. What was
// looked at for nothing is held to a multiple of what was read, so that no input
// takes more than linear time.
func (s *scan) tries() bool {
	offset, _ := s.in.Place()
	return s.vain <= 4*offset+16*lookAhead
}

// value reads what begins at the next byte as a JSON value, on however many
// lines it stands. done is false if it is none, and nothing was used up then.
func (s *scan) value() (done, more bool) {
	s.scanner.Reset()
	seen, st := s.scanTo(0, s.within(lookAhead))
	head := bytes.TrimLeft(s.in.Window()[:seen], spaces)
	d := s.documentOf(head, st)
	if d == nil && st == values.More {
		seen, st = s.scanTo(seen, s.maxBytes)
	}
	switch {
	case d != nil:
		m := message{depth: 1}
		if st == values.Done && d.list[0] != '[' {
			d.top("", members(nil, head), &m)
		}
		from, _ := s.in.Place()
		more = s.walk(d, m)
		to, _ := s.in.Place()
		s.vain += max(0, int64(seen)-(to-from))
		return true, more
	case st != values.Bad && seen > s.maxBytes:
		return true, s.tooLong()
	case st == values.Done:
		return true, s.whole(seen)
	}
	s.vain += int64(seen)
	s.cutOff = st == values.More
	return false, true
}

// within is how many bytes can be looked at where n are wanted. It is the same
// however the input comes.
func (s *scan) within(n int) int { return min(n, max(s.maxBytes, lines.HeadSize)) }

// scanTo reads on until the value ends, or has more than limit bytes: it looks at
// one byte more and at nothing behind, so that what it finds does not depend on
// how the input comes.
func (s *scan) scanTo(seen, limit int) (int, values.Status) {
	for {
		window := s.in.Window()
		n, st := s.scanner.Scan(window[min(seen, limit+1):min(len(window), limit+1)])
		if seen += n; st != values.More || seen > limit || !s.in.More() {
			return seen, st
		}
	}
}

// documentOf returns the document that begins with head, or nil. Of one that is
// damaged in its head there must be a message at least.
func (s *scan) documentOf(head []byte, st values.Status) *document {
	var o object
	if len(head) > 0 && head[0] == '{' {
		o = members(s.objects[0][:0], head)
		s.objects[0] = o
		if string(o.text("kind")) == "Event" {
			return nil
		}
	}
	for i := range documents {
		d := &documents[i]
		if len(head) == 0 || !d.fits(head, o) || head[0] == '[' && isRecord(head) {
			continue
		}
		if st == values.Done || slices.ContainsFunc(objectStarts, func(start []byte) bool { return bytes.Contains(head, start) }) {
			return d
		}
	}
	return nil
}

// objectStarts are how an object begins that has members, also in a string.
var objectStarts = [][]byte{[]byte(`{"`), []byte(`{\"`), []byte("{\n"), []byte("{\r\n")}

// mark is a place up to which all was counted.
type mark struct {
	offset int64
	line   int
	begun  int
}

// here is the place of the next byte.
func (s *scan) here() mark {
	offset, line := s.in.Place()
	return mark{offset, line, s.in.Begun()}
}

// since returns the unit from a mark up to the next byte.
func (s *scan) since(from mark) unit {
	now := s.here()
	return unit{offset: from.offset, line: from.line, size: now.offset - from.offset, lines: int64(now.begun - from.begun)}
}

// whole reads the value of n bytes that comes next as a unit.
func (s *scan) whole(n int) bool {
	from := s.here()
	end := s.lineEnd(n)
	spoiled := s.spoils(end)
	text := s.in.Window()[:n:n]
	s.in.Use(end)
	u := s.since(from)
	u.text = text
	if head := itemHead(text); !bytes.Equal(head, s.begin) {
		s.begin = bytes.Clone(head)
	}
	return s.readUnit(u, message{text: text, valid: true, spoiled: spoiled})
}

// spoils reports whether something stands behind the next n bytes, on the same
// line, that shows them to be garbage.
func (s *scan) spoils(n int) bool {
	if s.in.Window()[n-1] == '\n' {
		return false
	}
	for len(s.in.Window()) < n+maxMark && s.in.More() {
	}
	rest := s.in.Window()[n:]
	rest = bytes.TrimLeft(rest[:min(len(rest), maxMark)], spaces+",")
	return len(rest) > 0 && rest[0] != '{' && rest[0] != '['
}

// lineEnd returns n and the length of the rest of the line behind the next n
// bytes, if nothing but a few blanks stands there.
func (s *scan) lineEnd(n int) int {
	for end := n; end <= n+maxMark; end++ {
		if end == len(s.in.Window()) && !s.in.More() {
			return end
		}
		switch s.in.Window()[end] {
		case ' ', '\t', '\r':
		case '\n':
			return end + 1
		default:
			return n
		}
	}
	return n
}

// tooLong skips a value that is longer than can be held, as far as it is one.
func (s *scan) tooLong() bool {
	from := s.here()
	values.NewReader(s.in).Skip() // what is wrong, is so behind the limit
	s.in.Use(s.lineEnd(0))
	return s.lose(from, ErrTooLong)
}

// lose counts what was used up since from as damaged.
func (s *scan) lose(from mark, reason error) bool {
	if !s.settle() {
		return false
	}
	u := s.since(from)
	s.unit = u
	size, begun := s.spend(&s.stats.Damaged, u.size)
	return s.bad(u.offset, u.line, size, begun, reason)
}

// resync reports what is damaged within a line, and goes on at its end, or at
// the next value that is known by its beginning. A line of values that follow
// each other may be as long as a file.
func (s *scan) resync() bool {
	from := s.here()
	marks := append(documentHeads[:len(documentHeads):len(documentHeads)], []byte("\n"))
	if len(s.begin) > 0 {
		marks = append(marks, s.begin)
	}
	if n := s.upTo(marks); n > 0 {
		text := bytes.Trim(s.in.Window()[:n], spaces+",")
		if mended, _ := mendFragment(text); mended != nil {
			s.in.Use(n)
			s.unit = s.since(from)
			more := s.fragment(&message{text: text, at: from.offset}, ErrNotJSON)
			s.finish()
			return more
		}
	}
	reason := ErrNotJSON
	if !values.NewReader(s.in).Find(marks...) && s.cutOff {
		reason = ErrCut
	}
	return s.lose(from, reason)
}

// upTo returns the number of bytes before the next place, but for this one, where
// one of the marks stands, or the input ends. It is 0 if there is much before it.
func (s *scan) upTo(marks [][]byte) int {
	limit := s.within(4 * lookAhead)
	head := s.in.Peek(maxMark)
	for seen := len(head) - len(bytes.TrimLeft(head, spaces+",")) + 1; ; {
		window := s.in.Window()
		window = window[:min(len(window), limit)]
		if i := values.Index(window[min(seen, len(window)):], marks...); i >= 0 {
			return seen + i
		}
		if len(window) == limit {
			return 0
		}
		seen = max(seen, len(window)-maxMark)
		if !s.in.More() {
			return len(s.in.Window())
		}
	}
}

// maxMark is longer than how anything begins that is looked for.
const maxMark = 256

// A walk is the reading of one document, message by message.
type walk struct {
	*scan
	d       *document
	doc     *values.Reader
	counted mark   // up to which all was counted
	head    []byte // how messages begin
}

// errLost says that the rest of a document is not to be found.
var errLost = errors.New("the document is damaged")

// walk reads the document that comes next. It reports whether the caller wants
// more.
func (s *scan) walk(d *document, m message) bool {
	w := &walk{scan: s, d: d, doc: values.NewReader(s.in), counted: s.here()}
	s.notes.document(d)
	err := w.descend("", m)
	if err != nil && err != errStopped && err != errLost {
		err = w.resync(err)
	}
	if err == nil {
		s.in.Use(s.lineEnd(0))
	}
	w.wrapping()
	return err != errStopped
}

// wrapping counts what was used up as wrapping.
func (w *walk) wrapping() {
	if u := w.since(w.counted); u.size > 0 {
		w.stats.Wrapping.Count++
		w.count(&w.stats.Wrapping, u.lines, u.size)
	}
	w.counted = w.here()
}

// descend reads the messages in the next value, to which path leads.
func (w *walk) descend(path string, m message) error {
	next, key := w.d.step(path)
	if next == path {
		return w.item(m)
	}
	begin, end := byte('['), byte(']')
	if key != "" {
		begin, end = '{', '}'
	}
	switch c, err := w.doc.Peek(); {
	case err != nil:
		return err
	case c != begin:
		return w.doc.Skip()
	}
	if err := w.doc.Enter(); err != nil {
		return err
	}
	for {
		ok, err := w.doc.Next(end)
		switch {
		case err == nil && !ok:
			return nil
		case err == nil && key != "":
			err = w.member(path, key, &m)
		case err == nil:
			err = w.descend(next, m)
		}
		if next == w.d.list && (err == values.ErrSyntax || err == values.ErrCut) {
			err = w.resync(err)
		}
		if err != nil {
			return err
		}
	}
}

// member reads a member of the object to which path leads. key is that which
// leads on.
func (w *walk) member(path, key string, m *message) error {
	quoted, err := w.doc.Key()
	if err != nil {
		return err
	}
	next, _ := w.d.step(path)
	name := string(quoted[1 : len(quoted)-1])
	if name == key {
		return w.descend(next, *m)
	}
	value, err := w.doc.Value(maxHeader)
	if err == values.ErrTooLong {
		return nil
	}
	if err == nil {
		w.d.top(path, object{{[]byte(name), value}}, m)
		w.notes.member(w.d, path, member{[]byte(name), value})
	}
	return err
}

// maxHeader is how long a value that stands beside a list can be to be looked
// at.
const maxHeader = 64 << 10

// item reads the message that comes next.
func (w *walk) item(m message) error {
	if _, err := w.doc.Peek(); err != nil {
		return err
	}
	w.wrapping()
	text, err := w.doc.Value(w.maxBytes)
	switch {
	case err == values.ErrTooLong && !w.lose(w.counted, ErrTooLong):
		return errStopped
	case err == values.ErrTooLong:
		w.counted = w.here()
		return nil
	case err != nil:
		w.vain += int64(w.doc.Seen())
		return err
	}
	if w.head == nil {
		w.head = bytes.Clone(itemHead(text))
	}
	u := w.since(w.counted)
	w.counted = w.here()
	u.text, m.text, m.valid = text, text, true
	if !w.readUnit(u, m) {
		return errStopped
	}
	return nil
}

// itemHead returns how a message begins by which others beside it can be told:
// an object with its first key.
func itemHead(text []byte) []byte {
	if text[0] == '{' {
		key := bytes.TrimLeft(text[1:], spaces)
		if n := len(text) - len(key); len(key) > 0 && key[0] == '"' && stringEnd(key) > 0 {
			return text[:n+stringEnd(key)]
		}
	}
	return text[:min(len(text), 6)]
}

// resync reports what is damaged, because of err, and goes on at the next
// message of the list. It returns errLost if there is none, or another document
// comes first.
func (w *walk) resync(err error) error {
	w.wrapping()
	if window := w.scan.in.Window(); w.head == nil && len(window) > 0 {
		w.head = bytes.Clone(itemHead(window))
	}
	marks := documentHeads
	if len(w.head) > 0 {
		marks = append(marks[:len(marks):len(marks)], w.head)
	}
	found := w.doc.Find(marks...) && w.tries()
	reason := ErrNotJSON
	if err == values.ErrCut {
		reason = ErrCut
	}
	if !w.lose(w.counted, reason) {
		return errStopped
	}
	w.counted = w.here()
	if !found || len(w.head) == 0 || !bytes.HasPrefix(w.scan.in.Window(), w.head) {
		return errLost
	}
	return nil
}

// documentHeads are how what may follow a damaged document begins.
var documentHeads = [][]byte{
	eventHead,
	[]byte(`{"kind":"EventList"`),
	[]byte(`{"messageType"`),
	[]byte(`{"events"`),
	[]byte("\n{\n"),
}
