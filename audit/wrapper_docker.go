package audit

import "bytes"

// dockerLog is the form of Docker's json-file log driver. A line is logged in
// parts of 16 KiB, of which only the last ends with a newline. Source:
// moby/moby daemon/logger/jsonfilelog and daemon/logger/copier.go.
var dockerLog = wrapper{
	name: "Docker json-file",
	doc: "the lines of Docker's default log driver, of an API server that logs to its output; " +
		"lines in parts are put together.",
	keys:   []string{"log", "stream", "time"},
	unwrap: unwrapDocker,
}

func unwrapDocker(o object, m *message) []byte {
	log := o.get("log")
	if log[0] != '"' || len(o) > 4 || len(o) == 4 && o.get("attrs") == nil {
		return nil // what a shipper made of it
	}
	m.channel = string(o.text("stream"))
	m.more = !bytes.HasSuffix(log, []byte(`\n"`))
	m.logged = rfc3339(o.text("time"))
	return log
}
