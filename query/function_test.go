package query

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/audit"
)

// call is the value of a function that needs no preparation.
func call(t *testing.T, name string, args ...Value) Value {
	t.Helper()
	fn := functionNamed(name)
	if fn == nil || fn.eval == nil {
		t.Fatalf("no function %s", name)
	}
	return fn.eval(args)
}

// TestInverse checks that what one function does another takes back.
func TestInverse(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	for range 2000 {
		bytes := make([]byte, random.IntN(20))
		for i := range bytes {
			bytes[i] = byte(random.Uint32())
		}
		text := stringValue(string(bytes))
		for encode, decode := range map[string]string{"base64encode": "base64decode", "urlencode": "urldecode"} {
			if back := call(t, decode, call(t, encode, text)); back.text != text.text {
				t.Errorf("%s and %s of %q: %q", encode, decode, text.text, back.text)
			}
		}
		if hex := fmt.Sprintf("%x", bytes); call(t, "hexToAscii", stringValue(hex)).text != text.text {
			t.Errorf("hexToAscii of %q: %q", hex, text.text)
		}
		number := intValue(int64(random.Uint64()) >> random.IntN(64))
		if back := call(t, "hexToDec", call(t, "decToHex", number)); back.String() != number.String() {
			t.Errorf("hexToDec of decToHex of %v: %v", number, back)
		}
	}
}

// TestSubstr holds substr to a twin that cuts a list of code points.
func TestSubstr(t *testing.T) {
	for _, text := range []string{"", "a", "abc", "é🚀x", "\xffa\xfe"} {
		points := strings.Split(text, "")
		for start := range 6 {
			for length := range 6 {
				from := min(start, len(points))
				want := strings.Join(points[from:min(from+length, len(points))], "")
				src := fmt.Sprintf("fields substr(a, %d, %d) as r", start, length)
				f := &frame{slots: []Value{stringValue(text)}}
				item := MustParse(src).commands[0].(*fieldsCommand).items[0].expr.(*callExpr)
				if got := item.eval(f, []Value{stringValue(text), intValue(int64(start)), intValue(int64(length))}); got.text != want {
					t.Errorf("%s of %q: %q, not %q", src, text, got.text, want)
				}
			}
		}
	}
}

// TestAddressKinds checks that every address is one of private, reserved and
// public, and that what is no address is none.
func TestAddressKinds(t *testing.T) {
	random := rand.New(rand.NewPCG(5, 6))
	count := func(text string) (n int) {
		for _, name := range []string{"isPrivateIP", "isReservedIP", "isPublicIP"} {
			if call(t, name, stringValue(text)).truth() {
				n++
			}
		}
		return n
	}
	for range 5000 {
		var bytes [16]byte
		for i := range bytes {
			bytes[i] = byte(random.Uint32())
		}
		for _, a := range []netip.Addr{netip.AddrFrom16(bytes), netip.AddrFrom4([4]byte(bytes[:4]))} {
			if n := count(a.String()); n != 1 {
				t.Errorf("%v is %d of private, reserved and public", a, n)
			}
		}
	}
	for _, subnet := range append(privateSubnets, reservedSubnets...) {
		if subnet != subnet.Masked() {
			t.Errorf("%v is not written by its first address", subnet)
		}
		if n := count(subnet.Addr().String()); n != 1 || call(t, "isPublicIP", stringValue(subnet.Addr().String())).truth() {
			t.Errorf("%v: %d", subnet, n)
		}
	}
	if n := count("10.0.0.0/8"); n != 0 {
		t.Errorf("a subnet is %d of private, reserved and public", n)
	}
}

// TestStructures holds paths into JSON to the twin that finds fields in events,
// and jsonStringify to package json.
func TestStructures(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 8))
	for range 500 {
		raw := randomJSON(random, 4)
		if raw[0] != '{' {
			continue
		}
		v := parseStructure(raw)
		fields := slowFields([]byte(raw))
		for _, field := range fields {
			if strings.HasPrefix(field.name, "@") {
				continue
			}
			want := slowLookup(fields, field.name)
			if got := v.at(field.name); got.String() != want.String() && !got.isStructure() {
				t.Errorf("%s of %s: %v, not %v", field.name, raw, got, want)
			}
		}
		var once, twice any
		if err := json.Unmarshal([]byte(raw), &once); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(v.String()), &twice); err != nil {
			t.Fatalf("%s: %v", v, err)
		}
		if diff := cmp.Diff(once, twice); diff != "" {
			t.Errorf("%s (-json +query):\n%s", raw, diff)
		}
	}
}

// randomJSON is a JSON text without empty structures or keys that repeat.
func randomJSON(random *rand.Rand, depth int) string {
	n := 1 + random.IntN(3)
	var parts []string
	switch {
	case depth == 0 || random.IntN(4) == 0:
		return []string{"1", "1.50", "true", "null", `"x"`, `"\u00e9<&>"`, `""`, "-2e3"}[random.IntN(8)]
	case random.IntN(3) == 0:
		for range n {
			parts = append(parts, randomJSON(random, depth-1))
		}
		return "[" + strings.Join(parts, ",") + "]"
	}
	for i := range n {
		parts = append(parts, fmt.Sprintf("%q:%s", []string{"a", "b.c", "a b", "1"}[(i+n)%4], randomJSON(random, depth-1)))
	}
	return "{" + strings.Join(parts, ",") + "}"
}

// TestLongText checks that a text which grows from call to call ends in an
// error for its event, and that the run goes on.
func TestLongText(t *testing.T) {
	events := audit.List{{Raw: []byte(`{"a":"aaaaaaaaaaaaaaaa"}`)}, {Raw: []byte(`{"a":"b"}`)}}
	nest := func(head, tail string) string { return strings.Repeat(head, 30) + "a" + strings.Repeat(tail, 30) }
	doubled := "fields concat(a, a) as c0"
	for i := range 40 {
		doubled += fmt.Sprintf(", concat(c%d, c%[1]d) as c%d", i, i+1)
	}
	for name, src := range map[string]string{
		"replace":      "fields " + nest("replace(", `, "a", "aaaaaaaaaa")`) + " as r",
		"regexReplace": "fields " + nest("regexReplace(", `, "a", "$0$0$0$0$0$0")`) + " as r",
		"concat":       doubled + " | filter ispresent(c40)",
		"sort":         "fields a | sort a | filter strlen(" + nest("replace(", `, "a", "aaaaaaaaaa")`) + ") > 0",
		"stats":        "stats max(" + nest("replace(", `, "a", "aaaaaaaaaa")`) + ") as m by a",
	} {
		t.Run(name, func(t *testing.T) {
			begun := time.Now()
			var failed, rows int
			for _, line := range rowsOrErrors(MustParse(src), events, nil) {
				if strings.Contains(line, errTooLong.Error()) {
					failed++
				} else {
					rows++
				}
			}
			if name == "concat" { // it doubles a text of any length
				failed, rows = failed-1, rows+1
			}
			if failed != 1 || rows != 1 {
				t.Errorf("%d errors, %d rows", failed, rows)
			}
			if took := time.Since(begun); took > 10*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestNow checks that now is the time of the run where no other is given.
func TestNow(t *testing.T) {
	q := MustParse("fields now() as n")
	before := time.Now().Unix()
	for row, err := range q.Run(t.Context(), audit.List{{Raw: []byte("{}")}}, nil) {
		n, _ := row.Get("n").Float64()
		if err != nil || int64(n) < before || int64(n) > time.Now().Unix() {
			t.Errorf("%v, %v", row, err)
		}
	}
}
