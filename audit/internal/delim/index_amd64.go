//go:build !purego

package delim

import "golang.org/x/sys/cpu"

// Index returns the index of the first newline or NUL byte in b, or -1.
func Index(b []byte) int {
	if cpu.X86.HasAVX2 {
		return indexAVX2(b)
	}
	return index(b)
}

// indexAVX2 is index for a processor that has AVX2.
//
//go:noescape
func indexAVX2(b []byte) int
