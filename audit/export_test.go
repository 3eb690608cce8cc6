package audit

import "bytes"

// Packed tells whether text would be taken for a container, or has one in it.
func Packed(text []byte) bool {
	return packed(text[:min(len(text), headBytes)]) || bytes.Contains(text, gzipMagic)
}
