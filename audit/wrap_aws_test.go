package audit

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
)

// packed64Of is text as a subscription packs it.
func packed64Of(text string) string {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	z.Write([]byte(text))
	z.Close()
	return base64.StdEncoding.EncodeToString(b.Bytes())
}

// payload is text as the one message of a payload of a subscription.
func payload(text string) string {
	return `{"messageType":"DATA_MESSAGE","owner":"1","logGroup":"g","logStream":"s","subscriptionFilters":["f"],` +
		`"logEvents":[{"id":"1","timestamp":1795418663852,"message":` + asString(text) + "}]}"
}

func field(name, text string) string {
	return `{"field":"` + name + `","value":` + asString(text) + "}"
}

// awsEnvelopes are those of the forms of CloudWatch Logs.
var awsEnvelopes = []envelope{
	eachLine(awsText.name, func(text string) string {
		return "EVENTS\t" + strings.Repeat("3", idDigits) + "\t1795418664852\ts\t" + text + "\t1795418663852"
	}),
	eachLine(awsText.name, func(text string) string { return "EVENTS\t1795418664852\t" + text + "\t1795418663852" }),
	eachLine(awsText.name, func(text string) string {
		return "RESULTS\t@timestamp\t2026-11-23 07:24:23.852\nRESULTS\t@message\t" + text + "\nRESULTS\t@ptr\tx"
	}),
	eachLine(tailLog.name, func(text string) string { return "2026-11-23T07:24:23.852000+00:00 s " + text }),
	eachLine(tailLog.name, func(text string) string { return "2026-11-23T07:24:23 " + text }),
	eachLine(tailLog.name, func(text string) string {
		return "\x1b[32m2026-11-23T07:24:23+00:00\x1b[0m \x1b[36ms\x1b[0m " + text
	}),
	eachLine(tailLog.name, func(text string) string { return "2026-11-23T07:24:23.852000+00:00 s \n" + text }),
	eachLine(awslogsLine.name, func(text string) string { return "/aws/eks/c/cluster stream   " + text }),
	eachLine(awslogsLine.name, func(text string) string {
		return "\x1b[32m/aws/eks/c/cluster\x1b[0m \x1b[36mstream\x1b[0m \x1b[33m2026-11-23T07:24:23.852Z\x1b[0m " + text
	}),
	eachLine(sawLine.name, func(text string) string { return "[2026-11-23T07:24:23Z] (s) " + text }),
	eachLine(cwLine.name, func(text string) string { return "2026-11-23T07:24:23 - /aws/eks/c/cluster - s - " + text }),
	eachLine(cloudWatch2S3.name, func(text string) string { return "/aws/eks/c/cluster:s\t1795418663852\t" + text }),
	{cloudWatch2S3.name, func(texts []string) string {
		var b strings.Builder
		for _, text := range texts {
			b.WriteString("/aws/eks/c/cluster:s\t1795418663852\t" + text)
		}
		return b.String() + "\n"
	}, false},
	eachLine(insightsRow.name, func(text string) string {
		return `{"@timestamp":"2026-11-23 07:24:23.852","@message":` + asString(text) + "}"
	}),
	inList(queryResults.name, "{\n  \"results\": [\n  ", "],\n  \"status\": \"Complete\"\n}\n", func(_ int, text string) string {
		return "[" + field("@timestamp", "2026-11-23 07:24:23.852") + "," + field("@message", text) + "," + field("@ptr", "x") + "]"
	}),
	{csvName, func(texts []string) string {
		var b strings.Builder
		b.WriteString("@logStream,@timestamp,verb,@message\n")
		for _, text := range texts {
			b.WriteString(`s,2026-11-23 07:24:23.852,"a, ""b""` + "\n" + `c","` + strings.ReplaceAll(text, `"`, `""`) + "\"\n")
		}
		return b.String()
	}, true},
	{markdownName, func(texts []string) string {
		var b strings.Builder
		b.WriteString("| @timestamp | @message | verb |\n| --- | --- | --- |\n")
		for _, text := range texts {
			b.WriteString("| 2026-11-23 07:24:23.852 | " + text + " | create |\n")
		}
		return b.String()
	}, true},
	eachLine(lambdaEvent.name, func(text string) string { return `{"awslogs":{"data":"` + packed64Of(payload(text)) + `"}}` }),
	inList(kinesisRecords.name, "{\n  \"Records\": [\n", "],\n  \"MillisBehindLatest\": 0\n}\n", func(i int, text string) string {
		return fmt.Sprintf("{\"SequenceNumber\":\"%d\",\"Data\":\"%s\",\"PartitionKey\":\"p\"}", i, packed64Of(payload(text)))
	}),
	eachLine(kinesisRecord.name, func(text string) string {
		return `{"SequenceNumber":"1","Data":"` + packed64Of(payload(text)) + `"}`
	}),
	eachLine(kinesisEvent.name, func(text string) string {
		return `{"kinesis":{"sequenceNumber":"1","data":"` + packed64Of(payload(text)) + `"}}`
	}),
	inList(firehoseRecords.name, `{"requestId":"r","timestamp":1795418663852,"records":[`, "]}", func(_ int, text string) string {
		return `{"data":"` + packed64Of(payload(text)) + `"}`
	}),
	eachLine(firehoseRecord.name, func(text string) string { return `{"data":"` + packed64Of(text) + `"}` }),
	eachLine(firehoseError.name, func(text string) string {
		return `{"attemptsMade":4,"errorCode":"e","rawData":"` + packed64Of(payload(text)) + `"}`
	}),
}

func init() { envelopes = append(envelopes, awsEnvelopes...) }

// TestLongEvents puts events that the log service cut, or split into two log
// events, into every envelope in which they can come: none is lost.
func TestLongEvents(t *testing.T) {
	const (
		first = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"1","stage":"Panic"}`
		head  = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"2","stage":"Panic","requestObject":{"b":1,"a":"resource `
		rest  = `stored - mutated\":false","c":[1]}}`
		last  = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","auditID":"3","stage":"Panic"}`
	)
	for _, e := range longEnvelopes() {
		for _, test := range []struct {
			texts []string
			cut   int64
		}{
			{[]string{first, head, rest, last}, 0},
			{[]string{first, head + string(cutMark), last}, 1},
			{[]string{first, head + string(cutMark), rest, last}, 1},
		} {
			file := e.wrap(test.texts)
			r := NewReader(strings.NewReader(file))
			var got []string
			for ev, err := range r.Events() {
				if err != nil {
					t.Errorf("%s: %v of %q", e.name, err, file)
					continue
				}
				got = append(got, string(ev.Raw))
			}
			want := first + head + rest + last
			if test.cut > 0 {
				want = first + head[:strings.Index(head, `,"a"`)] + "}}" + last
			}
			if strings.Join(got, "") != want || r.Stats().Cut != test.cut {
				t.Errorf("%s: events %q of %q", e.name, got, file)
			}
			idsIn(t, file, Need{})
		}
	}
}

// longEnvelopes are those in which what the log service cut can come.
func longEnvelopes() []envelope {
	const joined = "a\tb\n" // as --query and --output text join messages
	all := awsEnvelopes[:len(awsEnvelopes):len(awsEnvelopes)]
	for _, e := range envelopes {
		switch e.name {
		case jsonLinesName, arrayDocument.name:
			if text := e.wrap([]string{"a", "b"}); e.lines || text == joined || strings.Contains(text, `"a"`) {
				all = append(all, e)
			}
		case exportTask.name, logEvent.name, logEventsDocument.name, subscription.name:
			all = append(all, e)
		}
	}
	return all
}
