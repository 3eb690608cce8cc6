// Package inflate decompresses gzip (RFC 1952, RFC 1951), about twice as fast
// as compress/gzip and its kin. Exported logs are gzip, one member of it cannot
// be divided, and to decompress it is nearly all the time that reading it takes.
//
// # The way of a byte
//
// A [Reader] takes one member from a [bufio.Reader]. Read decodes straight into
// the buffer that it is given. A match that reaches back to what an earlier Read
// gave is taken from a copy of its last 32 KiB; all others are copied within the
// buffer. A buffer that is small goes by way of one that is not.
//
// The compressed bytes are looked at in the buffer of the bufio.Reader (chunk).
// Up to 64 bits of them stand in an integer (bits), of which n count; those above
// are the next ones too, as far as they go, so that putting in the same bytes once
// more changes nothing.
//
// # Two loops
//
// [Reader.fast] decodes while neither the chunk nor the output is near its end,
// and need not look for them: each turn takes at most 16 bytes and gives at most
// outRoom. It fills up the bits with eight bytes at once, takes several literals
// for one filling, and copies by words, beyond the end of a match if that is
// cheaper. [Reader.careful] decodes one symbol with all the checks. It is what
// fast is held equal to, and handles every end and all damage: where fast meets
// something that is wrong it leaves it to careful.
//
// # Errors
//
// Damage gives the errors of compress/gzip and compress/flate, after all bytes
// that stand before it, with the same offsets. Fuzzing holds that it is so, by
// byte and by error, and that the bytes of the input behind the member are left
// alone.
package inflate
