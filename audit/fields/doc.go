// Package fields finds a few fields of a Kubernetes audit event in one walk
// over its JSON text.
package fields
