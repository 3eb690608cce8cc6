//go:build !amd64 || purego

package delim

// Index returns the index of the first newline or NUL byte in b, or -1.
func Index(b []byte) int { return index(b) }
