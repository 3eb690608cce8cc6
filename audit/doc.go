// Package audit reads Kubernetes audit logs.
package audit
