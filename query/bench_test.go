package query

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/audit/audittest"
)

// articleQuery is the query of the article on Fargate patching, for one pod.
// Source: https://repost.aws/knowledge-center/eks-fargate-patching-deleted-nodes
const articleQuery = `filter @logStream like /^kube-apiserver-audit/ | fields @timestamp, user.username, user.extra.canonicalArn.0, @message
 | sort @timestamp desc
 | filter verb == "create" and objectRef.subresource == 'eviction'
 | filter requestURI like "/api/v1/namespaces/shop/pods/web-7/"`

// benchEvent has the keys, their order and about the size that events have at
// level Metadata.
const benchEvent = `{"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"00000000-0000-4000-8000-%012d","stage":"ResponseComplete",` +
	`"requestURI":"/api/v1/namespaces/shop/pods/web-%d/%s","verb":"%s","user":{"username":"system:node:ip-10-0-0-%d","uid":"aws-iam-authenticator:111122223333:AROAEXAMPLE",` +
	`"groups":["system:bootstrappers","system:nodes","system:authenticated"],"extra":{"accessKeyId":["ASIAEXAMPLE"],"arn":["arn:aws:sts::111122223333:assumed-role/node/i-0123456789abcdef0"],` +
	`"canonicalArn":["arn:aws:iam::111122223333:role/node"],"principalId":["AROAEXAMPLE"],"sessionName":["i-0123456789abcdef0"]}},"sourceIPs":["10.0.0.%d"],` +
	`"userAgent":"kubelet/v1.33.0 (linux/amd64) kubernetes/0123456","objectRef":{"resource":"pods","namespace":"shop","name":"web-%d","apiVersion":"v1","subresource":"%s"},` +
	`"responseStatus":{"metadata":{},"code":%d},"requestReceivedTimestamp":"2026-01-02T03:%02d:%02d.000001Z","stageTimestamp":"2026-01-02T03:%02d:%02d.250000Z",` +
	`"annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":""}}`

// benchLog is a log of n events, one in 200 of them an eviction.
func benchLog(n int) []byte {
	var log bytes.Buffer
	for i := range n {
		verb, sub, code := "patch", "status", 200
		if i%200 == 7 {
			verb, sub, code = "create", "eviction", 201
		}
		minute, second := i/60%60, i%60
		fmt.Fprintf(&log, benchEvent+"\n", i, i%30, sub, verb, i%250, i%250, i%30, sub, code, minute, second, minute, second)
	}
	return log.Bytes()
}

func BenchmarkArticle(b *testing.B) {
	log := benchLog(10_000)
	var zipped bytes.Buffer
	w := gzip.NewWriter(&zipped)
	w.Write(log)
	if err := w.Close(); err != nil {
		b.Fatal(err)
	}
	list := readAll(b, audit.NewReader(bytes.NewReader(log)))
	read := func(in []byte) audit.Source { return audit.Sequence(audit.NewReader(bytes.NewReader(in)).Events()) }

	for _, bench := range []struct {
		name string
		src  func() audit.Source
	}{
		{"list", func() audit.Source { return list }},
		{"plain", func() audit.Source { return read(log) }},
		{"gzip", func() audit.Source { return read(zipped.Bytes()) }},
	} {
		b.Run(bench.name, func(b *testing.B) {
			q := MustParse(articleQuery)
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			for b.Loop() {
				rows := 0
				for _, err := range q.Run(b.Context(), bench.src(), nil) {
					if err != nil {
						b.Fatal(err)
					}
					rows++
				}
				if rows == 0 {
					b.Fatal("no rows")
				}
			}
		})
	}
}

func BenchmarkSortLimit(b *testing.B) {
	log := benchLog(10_000)
	list := readAll(b, audit.NewReader(bytes.NewReader(log)))
	q := MustParse("fields @timestamp, verb, user.username | sort @timestamp desc | limit 20")
	b.SetBytes(int64(len(log)))
	b.ReportAllocs()
	for b.Loop() {
		for _, err := range q.Run(b.Context(), list, nil) {
			if err != nil {
				b.Fatal(err)
			}
		}
	}
}

// generated is a log like those of a cluster.
var generated = sync.OnceValue(func() []byte {
	var log bytes.Buffer
	audittest.Generator{Bytes: 8 << 20}.Generate(&log) // a bytes.Buffer gives no error
	return log.Bytes()
})

func BenchmarkRun(b *testing.B) {
	for _, bench := range []struct {
		name, query string
		memory      int
	}{
		{"stats/two-fields", "stats count(*) by verb, objectRef.resource", 0},
		{"stats/user", "stats count(*) by user.username", 0},
		{"stats/bin", "stats count(*) by bin(5m)", 0},
		{"stats/pct", "stats pct(strlen(requestURI), 99) by objectRef.resource", 0},
		{"stats/sum", "stats sum(responseStatus.code), avg(responseStatus.code) by verb", 0},
		{"stats/many-groups", "stats count(*), max(@timestamp) by auditID", 0},
		{"stats/many-groups-spilled", "stats count(*), max(@timestamp) by auditID", 1 << 20},
		{"top", "fields @timestamp, verb, user.username | sort @timestamp desc | limit 20", 0},
		{"regex", "filter @message like /" + audittest.RefusedPattern + "/ | stats count(*)", 0},
		{"parse", "parse userAgent /" + strings.ReplaceAll(audittest.ClientPattern, "/", `\/`) + "/ as client | stats count(*) by client", 0},
		{"sort", "fields @timestamp, verb, requestURI | sort requestURI, verb", 0},
		{"sort-spilled", "fields @timestamp, verb, requestURI | sort requestURI, verb", 1 << 20},
	} {
		b.Run(bench.name, func(b *testing.B) {
			log := generated()
			src := &audit.Archive{FS: fstest.MapFS{"log": {Data: log}}, PartBytes: 1 << 20}
			q := MustParse(bench.query)
			opts := &Options{Memory: bench.memory, TempDir: b.TempDir()}
			b.SetBytes(int64(len(log)))
			b.ReportAllocs()
			for b.Loop() {
				for _, err := range q.Run(b.Context(), src, opts) {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	b.SetBytes(int64(len(articleQuery)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(articleQuery); err != nil {
			b.Fatal(err)
		}
	}
}
