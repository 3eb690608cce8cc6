// Package fields finds a few fields of a Kubernetes audit event in one walk
// over its JSON text, without decoding it.
//
// # Names
//
// A field is known by its flattened name: the keys and array indexes on the
// way to it, with dots between them. So {"a.b":1} and {"a":{"b":1}} share the
// name a.b. A key at the top that begins with @ gets another @ before it.
// Keys are compared without their escapes, and case counts. Objects, arrays
// and null are no fields: they are missing.
//
// # Names that occur twice
//
// A walk stops early, so the first value holds. A key at the top settles all
// names that begin with it: where it is met again, also as the first part of
// a key with dots, it is passed over. Below the top, the first leaf that has
// the name holds. The keys that the API server writes behind the bodies
// (requestReceivedTimestamp, stageTimestamp and annotations) are also looked
// for from the end of the line: where one of them is there twice, either may
// hold.
//
// # What is checked
//
// What a walk passes over is scanned for its end, and not validated; what
// stands behind the last field is not looked at. Bytes that are no JSON give
// any result, but are never more than that: no panic, and no text from
// elsewhere.
package fields
