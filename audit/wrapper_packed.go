package audit

import "bytes"

// The payloads of a subscription are packed with gzip, and written in base64
// where they stand in JSON. These are the objects that hold one.

// lambdaEvent is what a subscription gives a Lambda function. Source: AWS, "Log
// group-level subscription filters".
var lambdaEvent = wrapper{
	name:   "Lambda event",
	doc:    "what a subscription gives a function: awslogs.data, in base64 and gzip.",
	keys:   []string{"awslogs"},
	unwrap: func(o object, m *message) []byte { return packedIn(o.get("awslogs"), "data", m) },
}

// kinesisRecord is a record as aws kinesis get-records prints it, and
// kinesisEvent one that a function is given. Source: AWS, "Amazon Kinesis Data
// Streams API Reference", Record; "AWS Lambda Developer Guide", "Using Lambda
// with Kinesis".
var (
	kinesisRecord = wrapper{
		name:   "Kinesis record",
		doc:    "an object with Data in base64, as it stands in the documents below.",
		keys:   []string{"Data", "SequenceNumber"},
		unwrap: func(o object, m *message) []byte { return packed64(o.get("Data"), m) },
	}
	kinesisEvent = wrapper{
		name:   "Kinesis event",
		doc:    "an object with kinesis.data in base64, as a function is given it.",
		keys:   []string{"kinesis"},
		unwrap: func(o object, m *message) []byte { return packedIn(o.get("kinesis"), "data", m) },
	}
)

// firehoseRecord is a record as Firehose posts it to an HTTP endpoint or gives
// it to a function, and firehoseError what it writes to S3 of one that it could
// not deliver, of which there may be no other copy. Source: AWS, "Amazon Data
// Firehose Developer Guide", "HTTP endpoint delivery request and response
// specifications" and "Data transformation failure handling".
var (
	firehoseRecord = wrapper{
		name:   "Firehose record",
		doc:    "an object with data in base64, as it stands in the documents below.",
		keys:   []string{"data"},
		unwrap: func(o object, m *message) []byte { return packed64(o.get("data"), m) },
	}
	firehoseError = wrapper{
		name:   "Firehose error",
		doc:    "what could not be delivered, with rawData in base64, as it is written under an error prefix.",
		keys:   []string{"rawData", "errorCode"},
		unwrap: func(o object, m *message) []byte { return packed64(o.get("rawData"), m) },
	}
)

// packedIn is packed64 for the member of an object.
func packedIn(value []byte, key string, m *message) []byte {
	if value[0] != '{' {
		return nil
	}
	return packed64(members(nil, value).get(key), m)
}

// packed64 returns value if it is a string that may be base64, and notes in m
// that it is to be unpacked.
func packed64(value []byte, m *message) []byte {
	if len(value) < 6 || value[0] != '"' {
		return nil
	}
	// It goes on like it begins: what decodes it says what else is wrong.
	if len(bytes.Trim(value[1:5], "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=\\")) > 0 {
		return nil
	}
	m.packed = true
	return value
}

// kinesisRecords is what aws kinesis get-records prints, and what a function is
// given. firehoseRecords is what Firehose posts to an HTTP endpoint, and gives
// to a function.
var (
	kinesisRecords = document{
		name: "Kinesis records",
		doc:  "the output of aws kinesis get-records, and events that hold such records.",
		keys: []string{"Records"},
		list: "Records[]",
	}
	firehoseRecords = document{
		name: "Firehose records",
		doc:  "the bodies that Firehose posts to an HTTP endpoint.",
		keys: []string{"requestId", "records"},
		list: "records[]",
	}
)
