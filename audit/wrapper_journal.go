package audit

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

// journalEntry is an entry of systemd's journal, as journalctl -o json prints
// it. A text that is no plain UTF-8 is an array of its bytes, and one that is
// longer than 4096 bytes is null, unless --all was asked for. A line that is
// longer than LineMax (48 KiB) was logged in parts, as was one of a container
// that logs to the journal. Source: journalctl(1), systemd.journal-fields(7),
// journald.conf(5); moby/moby daemon/logger/journald.
var journalEntry = wrapper{
	name: "journald JSON",
	doc: "the entries that journalctl -o json and its kin print; lines in parts are put together, and what other " +
		"programs log is of other streams.",
	keys:   []string{"MESSAGE", "__REALTIME_TIMESTAMP"},
	unwrap: unwrapJournal,
}

// errLeftOut is what is wrong with an entry whose message is null.
var errLeftOut = fmt.Errorf("%w: journalctl leaves out long messages, unless it is run with --all", ErrCut)

func unwrapJournal(o object, m *message) []byte {
	fillJournal(func(key string) []byte {
		if text := o.text(key); text != nil {
			return text
		}
		return o.get(key)
	}, m)
	text := o.get("MESSAGE")
	switch text[0] {
	case '[':
		made := journalBytes(text)
		if made == nil {
			return nil
		}
		m.copied = true
		return made
	case 'n':
		m.fault = errLeftOut
	}
	return text
}

// fillJournal takes in the fields of an entry of the journal that say something
// about its message.
func fillJournal(field func(key string) []byte, m *message) {
	if stamp, err := strconv.ParseInt(string(field("__REALTIME_TIMESTAMP")), 10, 64); err == nil && stamp > 0 {
		m.logged = time.UnixMicro(stamp).UTC()
	}
	m.id = string(field("__CURSOR"))
	m.foreign = true
	if container := field("CONTAINER_ID_FULL"); container != nil {
		m.channel = string(container)
		m.more = string(field("CONTAINER_PARTIAL_MESSAGE")) == "true"
	} else if stream := field("_STREAM_ID"); stream != nil {
		m.channel = string(stream)
		m.more = string(field("_LINE_BREAK")) == "line-max"
	}
}

// journalBytes returns the bytes in a JSON array as a JSON string, or nil.
func journalBytes(array []byte) []byte {
	var text []byte
	for _, e := range elements(nil, array) {
		b, err := strconv.ParseUint(string(e), 10, 8)
		if err != nil {
			return nil
		}
		text = append(text, byte(b))
	}
	quoted, err := json.Marshal(string(bytes.ToValidUTF8(text, []byte("\ufffd"))))
	if err != nil {
		return nil
	}
	return quoted
}
