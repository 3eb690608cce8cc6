// Package fields finds a few fields of a Kubernetes audit event in one walk
// over its JSON text, without decoding it.
//
// [Compile] the names once, then [Set.Walk] over each line. The walk hands
// each field to a function as it finds it, and ends when that refuses one or
// when nothing more can come; so it reads no more of most lines than what
// stands before the verb. What it gives are parts of the line:
// [Value.AppendText] takes their escapes away. [Time] gives the time of an
// event. None of this allocates on the events of an API server.
//
// # Names
//
// A field is known by its flattened name: the keys and array indexes on the
// way to it, with dots between them, as in user.extra.canonicalArn.0 and
// annotations.authorization.k8s.io/decision. So {"a.b":1} and {"a":{"b":1}}
// share the name a.b. A key at the top that begins with @ gets another @
// before it. Keys are compared without their escapes, as encoding/json reads
// them, and case counts. Objects, arrays and null are no fields: they are
// missing.
//
// # Names that occur twice
//
// A walk stops early, so the first value holds. A key at the top settles all
// names that begin with it: where it is met again, also as the first part of
// a key with dots, it is passed over. A key with dots settles nothing. Below
// the top, the first leaf that has the name holds.
//
// The keys that the API server writes behind the bodies are also looked for
// from the end of the line: requestReceivedTimestamp, stageTimestamp and
// annotations. Where a line has one of these twice, also as the first part of
// a key with dots, either may hold; for Time so may either of any key that
// tells a time.
//
// # What is checked
//
// What a walk passes over is scanned for its end, and not validated. What it
// does not reach is not looked at: after [Settled] and [Refused], the rest of
// the line may be anything. Text that is no JSON may give any fields, but
// never a panic, and never a field that is not a part of the line.
//
// # How it is fast
//
// Each of these has a slower path that does the same, and the tests hold all
// of it against a twin that decodes the line with encoding/json:
//
//   - head.go: lines of the API server begin with the same members in the
//     same order, up to the verb, which is what refuses most of them.
//   - skip.go: values that nobody wants are passed from quote to quote.
//   - back.go: what stands behind the bodies is found from the end.
//   - set.go: the names are a tree, so that a walk looks at each key once,
//     however many names there are.
package fields
