package evict

import (
	"bytes"
	"reflect"
	"slices"
	"testing"
	"time"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// everyRecordType lets cmp look into records.
var everyRecordType = cmp.AllowUnexported(record{}, podState{}, nodeChange{}, ownerChange{})

// filled returns a record whose every field has a value of its own.
func filled() *record {
	r := new(record)
	n := 0
	fill(reflect.ValueOf(r).Elem(), &n)
	return r
}

// fill gives every field in v a value that no other has, unexported ones too.
func fill(v reflect.Value, n *int) {
	*n++
	v = reflect.NewAt(v.Type(), unsafe.Pointer(v.UnsafeAddr())).Elem()
	if t, ok := v.Addr().Interface().(*time.Time); ok {
		*t = time.Unix(int64(*n), int64(*n)).UTC()
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i), n)
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), n)
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 2, 2))
		for i := range v.Len() {
			fill(v.Index(i), n)
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for range 2 {
			key, value := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			fill(key, n)
			fill(value, n)
			v.SetMapIndex(key, value)
		}
	case reflect.String:
		v.SetString("\xff\x00" + string(rune('a'+*n)))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Uint8:
		v.SetUint(uint64(*n % 256))
	default:
		v.SetInt(-int64(*n))
	}
}

// TestRecordText checks that no field is lost on the way through a file: one
// that is added to a record, and forgotten there, fails here.
func TestRecordText(t *testing.T) {
	empty := &record{
		request: Request{Actor: Actor{Groups: []string{}}, Annotations: map[string]string{}},
		pods:    []podState{{labels: map[string]string{}}},
		attempt: new(Attempt), node: new(nodeChange), owner: new(ownerChange),
	}
	for name, r := range map[string]*record{"filled": filled(), "zero": {}, "empty": empty} {
		text := appendRecord([]byte("before"), r)
		got, err := readRecord(bytes.TrimPrefix(text, []byte("before")))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if diff := cmp.Diff(r, got, everyRecordType); diff != "" {
			t.Errorf("%s (-written +read):\n%s", name, diff)
		}
	}
}

// TestRecordContent checks that what a record says does not depend on where it
// was found, and on nothing else.
func TestRecordContent(t *testing.T) {
	r, other := filled(), filled()
	other.pos, other.stream = audit.Pos{File: "elsewhere"}, "other"
	other.attempt.Pos, other.attempt.Evidence[0].Pos = audit.Pos{Line: 3}, audit.Pos{Offset: 7}
	if !bytes.Equal(r.content(), other.content()) {
		t.Error("the place of a record is a part of what it says")
	}
	other.pods[1].exitCodes["c"] = 137
	if bytes.Equal(r.content(), other.content()) {
		t.Error("an exit code is not a part of what a record says")
	}
}

// TestRecordMemory checks that the estimate follows what a record holds.
func TestRecordMemory(t *testing.T) {
	small, large := new(record), filled()
	large.pods = slices.Repeat(large.pods, 100)
	large.pods[0].message = string(make([]byte, 1<<10))
	least := int(unsafe.Sizeof(record{}))
	if got := small.memory(); got < least || got > 3*least {
		t.Errorf("an empty record is estimated to take %d bytes, and takes %d", got, least)
	}
	least = 1<<10 + len(large.pods)*int(unsafe.Sizeof(podState{}))
	if got := large.memory(); got < least || got > 3*least {
		t.Errorf("a large record is estimated to take %d bytes, and takes at least %d", got, least)
	}
}

// FuzzRecordText checks that any text either is no record or one that is
// written as it was read.
func FuzzRecordText(f *testing.F) {
	f.Add(appendRecord(nil, filled()))
	f.Add(appendRecord(nil, new(record)))
	f.Add([]byte{})
	f.Fuzz(func(t *testing.T, text []byte) {
		r, err := readRecord(text)
		if err != nil {
			return
		}
		again, err := readRecord(appendRecord(nil, r))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(r, again, everyRecordType); diff != "" {
			t.Errorf("read again (-first +second):\n%s", diff)
		}
	})
}
