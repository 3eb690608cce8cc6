package audit_test

import (
	"context"
	"testing"
	"testing/fstest"

	"github.com/evictlog/evictlog/audit"
)

// TestExportTree reads what an export task makes of the log group of an EKS
// cluster: of the streams that hold no audit log nothing is damage, whatever
// stands in them.
func TestExportTree(t *testing.T) {
	const task = "exportedlogs/cda45419-90ea-4db5-9833-aade86253e66/"
	const at = "2020-09-08T04:00:24.125Z "
	packed := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: gzipped(text)} }
	fsys := fstest.MapFS{
		"exportedlogs/aws-logs-write-test":            file("Permission Check Successful"),
		task + "kube-apiserver-audit-a/000000.gz":     packed(at + e1 + "\n"),
		task + "kube-apiserver-audit-a/000001.gz":     packed(at + e2 + "\n"),
		task + "kube-apiserver-audit-b/000000.gz":     packed(at + event(3) + "\n"),
		task + "kube-apiserver-a/000000.gz":           packed(at + "I0908 04:00:24.277787   13026 a.go:1] x\ngoroutine 1 [running]:\n"),
		task + "authenticator-a/000000.gz":            packed(at + `time="2020-09-08T04:00:24Z" level=info msg=x` + "\n" + at + "Error: no configuration\n"),
		task + "kube-controller-manager-a/000000.gz":  packed(at + `{"ts":1,"msg":"x"}` + "\n"),
		task + "cloud-controller-manager-a/000000.gz": packed(at + "Flag --cloud-config has been deprecated\n"),
		task + "kube-scheduler-a/000000.gz":           packed(at + "leader lost\n"),
	}
	a := &audit.Archive{FS: fsys, Roots: []string{"."}}
	streams := make(map[string]int)
	for ev, err := range a.Events(context.Background()) {
		if err != nil {
			t.Error(err)
			continue
		}
		streams[ev.Stream]++
		if ev.Logged.IsZero() {
			t.Errorf("%v: no time", ev.Pos)
		}
	}
	stats := a.Stats()
	balance(t, stats)
	if streams["kube-apiserver-audit-a"] != 2 || streams["kube-apiserver-audit-b"] != 1 || stats.Damaged.Count != 0 || stats.Other.Count != 8 {
		t.Errorf("streams %v, stats %+v", streams, stats)
	}
}
