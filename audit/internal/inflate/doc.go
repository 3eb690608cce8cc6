// Package inflate decompresses gzip (RFC 1952, RFC 1951), about twice as fast
// as compress/gzip and its kin. Exported logs are gzip, one member of it cannot
// be divided, and to decompress it is nearly all the time that reading it takes.
//
// # The way of a byte
//
// A [Reader] takes one member from a [bufio.Reader], in whose buffer it looks at
// the compressed bytes. Read decodes straight into the buffer that it is given. A
// match that reaches back to what an earlier Read gave is taken from a copy of its
// last 32 KiB; all others are copied within the buffer. A buffer that is small goes
// by way of one that is not.
//
// # Two loops
//
// [Reader.fast] decodes while neither the input nor the output is near its end, and
// need not look for them. It fills up its bits with eight bytes at once, takes
// several literals for one filling, and copies beyond the end of a match if that is
// cheaper. [Reader.careful] decodes one symbol with all the checks. It is what fast
// is held equal to, and what it leaves every end and all damage to.
//
// # Errors
//
// Damage gives the errors of compress/gzip and compress/flate, with the same
// offsets, after all bytes that stand before it. The input behind a member is left
// alone. Fuzzing holds that it is so.
package inflate
