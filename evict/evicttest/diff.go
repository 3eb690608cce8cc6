package evicttest

import (
	"reflect"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
)

// A Result is what the functions of package evict read from a log.
type Result interface {
	evict.Attempt | evict.Eviction | evict.Removal | evict.Drain | evict.Verdict
}

// Diff compares results with those that a test wants, one by one, and returns
// what differs, "-" before what is wanted and "+" before what came; empty if
// nothing does.
//
// A test says what matters to it: a field that want leaves zero is not
// compared, those of the structs within it alike. [evict.Outcome], [evict.Way]
// and [evict.Answer] are always compared, since not to know is an answer too.
// A list that want leaves nil is not compared either; an empty one that is not
// nil says that there is none. Times are compared as instants.
func Diff[T Result](want, got []T) string {
	shown := make([]T, len(got))
	for i := range got {
		shown[i] = got[i]
		if i < len(want) {
			v := reflect.ValueOf(&shown[i]).Elem()
			v.Set(stated(reflect.ValueOf(want[i]), v))
		}
	}
	if want == nil {
		want = []T{}
	}
	return cmp.Diff(want, shown)
}

// always are the types whose zero value is compared too.
var always = map[reflect.Type]bool{
	reflect.TypeFor[evict.Outcome](): true,
	reflect.TypeFor[evict.Way]():     true,
	reflect.TypeFor[evict.Answer]():  true,
}

// whole are the structs that are compared with all their fields.
var whole = map[reflect.Type]bool{
	reflect.TypeFor[time.Time](): true,
	reflect.TypeFor[audit.Pos](): true,
}

// stated returns a copy of got that is zero where want does not state anything.
func stated(want, got reflect.Value) reflect.Value {
	t := want.Type()
	switch {
	case always[t]:
		return got
	case want.IsZero():
		if t.Kind() != reflect.Struct || whole[t] {
			return want
		}
	}
	switch t.Kind() {
	case reflect.Struct:
		if whole[t] {
			return got
		}
		part := reflect.New(t).Elem()
		for i := range t.NumField() {
			part.Field(i).Set(stated(want.Field(i), got.Field(i)))
		}
		return part
	case reflect.Slice:
		part := reflect.MakeSlice(t, got.Len(), got.Len())
		for i := range got.Len() {
			if i < want.Len() {
				part.Index(i).Set(stated(want.Index(i), got.Index(i)))
			} else {
				part.Index(i).Set(got.Index(i))
			}
		}
		return part
	}
	return got
}
