package audit

// subscription is what a subscription of CloudWatch Logs sends to Kinesis,
// Lambda and Firehose. Messages of the type CONTROL_MESSAGE test whether it
// arrives. Source: AWS, "Log group-level subscription filters".
var subscription = document{
	name: "CloudWatch subscription",
	doc: "the payloads of a subscription of CloudWatch Logs, one after the other with or without newlines, as " +
		"Firehose writes them to S3.",
	keys:   []string{"logEvents"},
	list:   "logEvents[]",
	header: subscriptionHeader,
}

func subscriptionHeader(path string, value []byte, m *message) {
	text := object{{[]byte(path), value}}.text(path)
	switch path {
	case "messageType":
		m.control = string(text) == "CONTROL_MESSAGE"
	case "logGroup":
		m.group = string(text)
	case "logStream":
		m.stream = string(text)
	}
}
