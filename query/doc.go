// Package query runs CloudWatch Logs Insights queries over Kubernetes audit
// logs, offline.
package query
