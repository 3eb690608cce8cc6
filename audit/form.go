package audit

import (
	"bytes"

	"github.com/evictlog/evictlog/audit/internal/lines"
	"github.com/evictlog/evictlog/audit/internal/values"
)

// A form is one way in which a line of text holds a message, with something
// before or behind it: what a row of the table of forms says, nothing else
// knows.
type form struct {
	name string
	doc  string // one sentence for the package documentation
	// unwrap finds the message that a line holds, and sets the text of m and
	// whatever the line says about it. ok says that the line has this form,
	// whether or not it holds an event. line has no blanks around it, is not
	// empty and does not begin like JSON; the text is a part of it.
	unwrap func(line []byte, m *message) (ok bool)
	// multiline says that a message may hold newlines: in a file that begins
	// with this form, a line without it continues the message before. Such a
	// file cannot be cut into ranges, nor one of which a line may hold a part
	// of a message only.
	multiline, partial bool
	// made says that the text of m is not the event as it stands in the line:
	// nothing can be proved of it from the line.
	made bool
	// open says that an object may begin at the end of the line and go on on
	// the next ones.
	open bool
	// next, if it is not nil, says that lines may follow each other with
	// nothing between them. It finds the next one in text, which stands behind
	// the message m, or returns -1.
	next func(text []byte, m *message) int
}

// forms lists the forms of lines that are read, in the order they are tried. A
// new one is a file and a row.
var forms = []form{
	exportTask, criLog, logcliLine, fluentFile, legacyText, basicText,
	awsText, tailLog, awslogsLine, sawLine, cwLine, cloudWatch2S3,
	kubectlLogs, syslogLine, nodeLogs,
}

const jsonLinesName = "JSON lines"

// jsonLines says what needs no row: a line that is an event, or several.
const jsonLines = jsonLinesName + ": an event on each line, as the API server writes its log file, or several, with tabs or nothing " +
	"between them; the keys may stand in any order, with blanks between them."

// fit sets the text of m to what line wraps. It tries the form that fit last
// before the others, and returns the one that fits, or nil.
func (s *scan) fit(line []byte, m *message) *form {
	if s.last != nil && s.last.unwrap(line, m) {
		return s.last
	}
	for i := range forms {
		if f := &forms[i]; f != s.last && f.unwrap(line, m) {
			s.last = f
			return f
		}
	}
	return nil
}

// words reads a message that does not begin like JSON.
func (s *scan) words(m *message) bool {
	if s.impacted.lists(m.text) {
		return s.others(m)
	}
	if s.uncolour(m); len(m.text) == 0 {
		return true
	}
	in := s.inside(m)
	if f := s.fit(m.text, in); f != nil {
		s.notes.form(f.name)
		if !f.made {
			in.text = in.text[:len(in.text)+m.blanksBehind(in.text)]
		}
		if in.fault != nil {
			return s.refuse(m, in.fault)
		}
		if f.made {
			in.at, in.copied = m.at, true
		} else {
			in.at = s.offsetOf(m, in.text)
		}
		if done, more := s.beyond(f, m, in); done {
			return more
		}
		whole := !in.more && s.parts[in.channel] == nil
		if text := bytes.Trim(in.text, blanks); whole && !f.made && s.skips(text) {
			return s.leave(m)
		}
		return s.join(in)
	}
	if s.header(m) {
		return true
	}
	if i := findHead(m.text); i >= 0 {
		in.text = m.text[i:]
		in.at = s.offsetOf(m, in.text)
		return s.read(in)
	}
	if s.lacks(m.text) {
		return s.leave(m)
	}
	continues := m.depth == 0 && s.other && s.head != nil && s.head.multiline
	if continues || isOther(m.text) {
		return s.others(m)
	}
	return s.refuse(m, ErrNotJSON)
}

// heads are how events and lists of them begin, for when they stand behind
// something that is not known.
var heads = [][]byte{
	eventHead,
	[]byte(`{"kind":"EventList","apiVersion":"audit.k8s.io/`),
	[]byte(`{"level":"`),
	[]byte(`{"annotations":{"authorization.k8s.io/`),
	[]byte(`{"apiVersion":"audit.k8s.io/`),
}

// findHead returns the index of the first of the heads in text, or -1.
func findHead(text []byte) int { return values.Index(text, heads...) }

// lacks tells whether it has been proved that no event can be needed whose
// strings stand in text as JSON has them. Until there was an event nothing is: a
// file without any must not pass for one that was read. A text that may go on is
// not left out either.
func (s *scan) lacks(text []byte) bool {
	if s.strict || !s.found || s.held != nil || s.unit.end != lines.Newline {
		return false
	}
	for i := range s.literals {
		if s.literals[i].absent(text) {
			return true
		}
	}
	return false
}

// skips is lacks for a text that is a whole event, or several. Of what stands in
// an envelope of JSON nothing can be proved: it has escapes of its own.
func (s *scan) skips(text []byte) bool {
	return len(s.literals) > 0 && s.lacks(text) && (bytes.HasPrefix(text, eventHead) && text[len(text)-1] == '}' || s.looksLikeEvent(text)) && !standsApart(text)
}

// leave leaves out a message that is not needed.
func (s *scan) leave(m *message) bool {
	if !s.settle() || !s.report() {
		return false
	}
	s.stats.Skipped.Count++
	s.share(&s.stats.Skipped, m)
	return true
}

// sniffBytes is how much of a file is looked at to tell whether its lines stand
// for themselves.
const sniffBytes = 256 << 10

// bom is the byte order mark of UTF-8, which some editors and shells put in
// front of a text.
var bom = []byte("\xef\xbb\xbf")

// blanks may stand around an event on its line.
const blanks = " \t\r"

// firstLine returns the first line of a file that is not blank, from its first
// bytes, without the blanks around it. whole says that its end is there.
func firstLine(head []byte) (line []byte, whole bool) {
	head = bytes.TrimLeft(bytes.TrimPrefix(head, bom), blanks+"\n\x00")
	line, _, whole = bytes.Cut(head, []byte{'\n'})
	return bytes.TrimRight(line, blanks), whole
}

// standAlone tells whether each line of a file that begins with head stands for
// itself: the first one holds a message, and its form does not join lines.
func standAlone(head []byte) bool {
	line, whole := firstLine(head)
	switch {
	case !whole || len(line) == 0:
		return false
	case line[0] == '{':
		return recognize(line) == nil
	}
	var m message
	f := (&scan{}).fit(line, &m)
	return f != nil && !f.multiline && !f.partial
}
