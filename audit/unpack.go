package audit

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"

	"github.com/evictlog/evictlog/audit/internal/values"
)

// unpack reads the messages in payload, a part of m that is a string of base64,
// in which there may be containers. in is what is known of them.
func (s *scan) unpack(m, in *message, payload []byte) bool {
	s.take(m, in, payload)
	text, err := unpackText(in.text, s.maxBytes)
	if err != nil {
		text = s.mendLast(text)
	}
	if len(text) == 0 && err != nil {
		return s.refuse(in, err)
	}
	*in = message{
		group: in.group, stream: in.stream, id: in.id, logged: in.logged, ingested: in.ingested,
		text: text, at: in.at, copied: true, depth: in.depth, spoiled: in.spoiled,
	}
	s.unit.several = true
	outer := *in
	if !s.readAll(in) {
		return false
	}
	return err == nil || s.refuse(&outer, err)
}

// mendLast returns text, which is cut, with what is complete of its last value. An
// event that is cut is none.
func (s *scan) mendLast(text []byte) []byte {
	begin := 0
	for begin < len(text) {
		rest := bytes.TrimLeft(text[begin:], spaces+",")
		n, st := s.scanner.All(rest)
		if st != values.Done || n == 0 {
			break
		}
		begin = len(text) - len(rest) + n
	}
	last := bytes.TrimLeft(text[begin:], spaces+",")
	text = text[:begin:begin]
	if mended, ok := values.Mend(nil, last); ok && recognize(mended) == ErrNotEvent {
		return append(text, mended...)
	}
	return text
}

// readAll reads the messages in the text of m, which may be one JSON value,
// several, or lines.
func (s *scan) readAll(m *message) bool {
	n, st := s.scanner.All(m.text)
	switch {
	case st == values.Done && len(bytes.Trim(m.text[n:], spaces)) == 0:
		m.valid = true
		return s.read(m)
	case st == values.Done && s.isSequence(m.text):
		return s.split(m)
	}
	all := *m
	for text := range bytes.Lines(all.text) {
		*m = all
		m.text = text
		if !s.read(m) {
			return false
		}
	}
	return true
}

// notBase64 is the damage that err of a decoder of base64 tells, or nil.
func notBase64(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%w: %w", ErrDamaged, err)
}

// unpackText returns what is packed in text, which is base64: what was in it
// before its containers were put around it, one after the other if there are
// several. Of what is damaged, and of what is longer than limit, it returns what
// there is, and an error.
func unpackText(text []byte, limit int) ([]byte, error) {
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(text)))
	n, err := base64.StdEncoding.Decode(raw, text)
	if err != nil && n == 0 {
		return nil, notBase64(err)
	}
	var out bytes.Buffer
	bad := notBase64(err)
	first := func(_ string, err error) error { return err }
	err = open("", bytes.NewReader(raw[:n]), 0, outlet{meter: new(meter), failed: first, stream: func(_ string, r io.Reader) error {
		for {
			_, err := io.Copy(&out, io.LimitReader(r, int64(limit-out.Len()+1)))
			if out.Len() > limit {
				return ErrTooLong
			}
			if _, ok := err.(*damage); !ok {
				return err
			}
			bad = err
		}
	}})
	if err == nil && bad != nil {
		err = bad
	}
	return out.Bytes(), err
}
