package audittest

import (
	"strconv"
	"time"
)

// The stages and levels of events.
const (
	started  = "ResponseStarted"
	complete = "ResponseComplete"

	metadata        = "Metadata"
	request         = "Request"
	requestResponse = "RequestResponse"
)

// An event is one line in the making. Its texts are already as JSON strings
// have them.
type event struct {
	level, stage, verb string
	id                 uuid
	uri                []byte
	by                 *identity
	ip                 string
	ref                reference
	code               int
	failure            failure
	status             string // Success or nothing
	at                 int64  // microseconds since the Unix epoch
	micros             int64  // how long it took
	forbidden          bool
	issued             bool // a token
	mentions           bool // says "eviction" and is none
	micron             int  // how many µ are in it
}

// A reference says what a request was about.
type reference struct {
	resource, namespace, name, group, version, subresource string
	uid                                                    uuid
	resourceVersion                                        int
}

// A failure is the answer to a request that failed.
type failure struct {
	message, reason, details string // details is JSON
}

type uuid [2]uint64

// append writes the event as a line, in the order of the API server. A body
// that is empty is left out.
func (e *event) append(b, req, res []byte, c *clock) []byte {
	b = append(b, `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"`...)
	b = append(b, e.level...)
	b = append(b, `","auditID":"`...)
	b = e.id.append(b)
	b = append(b, `","stage":"`...)
	b = append(b, e.stage...)
	b = append(b, `","requestURI":"`...)
	b = append(b, e.uri...)
	b = append(b, `","verb":"`...)
	b = append(b, e.verb...)
	b = append(b, `","user":`...)
	b = append(b, e.by.user...)
	b = append(b, `,"sourceIPs":["`...)
	b = append(b, e.ip...)
	b = append(b, `"],"userAgent":"`...)
	b = append(b, e.by.agent...)
	b = append(b, '"')
	if e.ref.resource != "" {
		b = e.ref.append(append(b, `,"objectRef":`...))
	}
	b = append(b, `,"responseStatus":{"metadata":{}`...)
	b = e.appendStatus(b)
	if len(req) > 0 {
		b = append(append(b, `,"requestObject":`...), req...)
	}
	if len(res) > 0 {
		b = append(append(b, `,"responseObject":`...), res...)
	}
	b = append(b, `,"requestReceivedTimestamp":"`...)
	b = c.append(b, e.at-e.micros)
	b = append(b, `","stageTimestamp":"`...)
	b = c.append(b, e.at)
	b = append(b, '"')
	b = e.appendAnnotations(b)
	return append(b, '}', '\n')
}

// appendStatus writes the rest of a Status, with its closing brace.
func (e *event) appendStatus(b []byte) []byte {
	switch {
	case e.failure.message != "":
		b = append(b, `,"status":"Failure","message":"`...)
		b = append(b, e.failure.message...)
		if e.failure.reason != "" {
			b = append(append(b, `","reason":"`...), e.failure.reason...)
		}
		b = append(b, '"')
		if e.failure.details != "" {
			b = append(append(b, `,"details":`...), e.failure.details...)
		}
	case e.status != "":
		b = append(append(b, `,"status":"`...), e.status...)
		b = append(b, '"')
	}
	b = append(b, `,"code":`...)
	b = strconv.AppendInt(b, int64(e.code), 10)
	return append(b, '}')
}

// slow is how long a request takes that the API server notes the latency of.
const slow = 500_000

func (e *event) appendAnnotations(b []byte) []byte {
	if e.code == 401 {
		return b
	}
	b = append(b, `,"annotations":{`...)
	if e.micros >= slow && e.verb != "watch" {
		b = append(b, `"apiserver.latency.k8s.io/etcd":"`...)
		b = appendMillis(b, e.micros-e.micros/3)
		b = append(b, `","apiserver.latency.k8s.io/response-write":"`...)
		b = strconv.AppendInt(b, 1+e.micros%89, 10)
		b = append(b, '.')
		b = strconv.AppendInt(b, 100+e.micros%900, 10)
		b = append(b, `µs","apiserver.latency.k8s.io/serialize-response-object":"`...)
		b = appendMillis(b, e.micros/3)
		b = append(b, `","apiserver.latency.k8s.io/total":"`...)
		b = appendMillis(b, e.micros)
		b = append(b, `",`...)
		e.micron++
	}
	if e.issued {
		b = append(b, `"authentication.kubernetes.io/issued-credential-id":"JTI=`...)
		b = uuid{e.id[1], e.id[0]}.append(b)
		b = append(b, `",`...)
	}
	b = append(b, `"authorization.k8s.io/decision":"`...)
	if e.forbidden {
		return append(b, `forbid","authorization.k8s.io/reason":""}`...)
	}
	b = append(b, `allow","authorization.k8s.io/reason":"`...)
	b = append(b, e.by.allowed...)
	return append(b, `"}`...)
}

// appendMillis writes a duration in milliseconds, or seconds, as Go does.
func appendMillis(b []byte, micros int64) []byte {
	return append(b, (time.Duration(micros) * time.Microsecond).String()...)
}

func (r *reference) append(b []byte) []byte {
	b = append(b, `{"resource":"`...)
	b = append(b, r.resource...)
	if r.namespace != "" {
		b = append(append(b, `","namespace":"`...), r.namespace...)
	}
	if r.name != "" {
		b = append(append(b, `","name":"`...), r.name...)
	}
	if r.uid != (uuid{}) {
		b = r.uid.append(append(b, `","uid":"`...))
	}
	if r.group != "" {
		b = append(append(b, `","apiGroup":"`...), r.group...)
	}
	b = append(append(b, `","apiVersion":"`...), r.version...)
	if r.resourceVersion != 0 {
		b = strconv.AppendInt(append(b, `","resourceVersion":"`...), int64(r.resourceVersion), 10)
	}
	if r.subresource != "" {
		b = append(append(b, `","subresource":"`...), r.subresource...)
	}
	return append(b, '"', '}')
}

const hexDigits = "0123456789abcdef"

// append writes the form of a random UUID.
func (u uuid) append(b []byte) []byte {
	hi, lo := u[0]&^0xf000|0x4000, u[1]&^(3<<62)|2<<62
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, hexDigits[hi>>shift&15])
		if shift == 32 || shift == 16 || shift == 0 {
			b = append(b, '-')
		}
	}
	for shift := 60; shift >= 0; shift -= 4 {
		b = append(b, hexDigits[lo>>shift&15])
		if shift == 48 {
			b = append(b, '-')
		}
	}
	return b
}

// A clock writes times, and remembers the last second.
type clock struct {
	second int64
	text   []byte
}

// append writes a time as audit events have it.
func (c *clock) append(b []byte, micros int64) []byte {
	second, frac := micros/1e6, micros%1e6
	if c.text == nil || second != c.second {
		c.second = second
		c.text = time.Unix(second, 0).UTC().AppendFormat(c.text[:0], "2006-01-02T15:04:05.")
	}
	b = append(b, c.text...)
	for unit := int64(100_000); unit > 0; unit /= 10 {
		b = append(b, byte('0'+frac/unit%10))
	}
	return append(b, 'Z')
}
