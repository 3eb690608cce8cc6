package query

import (
	"cmp"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// samples are values of every kind, among them the awkward ones.
func samples() []Value {
	at := time.Date(2026, 1, 2, 3, 4, 5, 123456000, time.UTC)
	out := []Value{
		{}, boolValue(true), boolValue(false), timeValue(at), timeValue(at.Add(time.Microsecond)), timeValue(time.UnixMilli(-1)),
		listValue(nil), listValue([]Value{stringValue("a"), numberValue(1)}), numberValue(0.1), numberValue(math.Copysign(0, -1)),
	}
	for _, s := range []string{
		"0", "-0", "1", "01", "1.0", "1e0", "-1", "2", "10", "1e1", "0.5", "1e-9", "1e300",
		"9007199254740992", "9007199254740993", "9007199254740992.0", "-9007199254740993", "-9007199254740992.5",
		"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "1e19", "1767323045123",
	} {
		out = append(out, writtenNumber(s), stringValue(s))
	}
	for _, s := range []string{
		"", " ", "true", "false", "a", "A", "a1", "a01", "a10", "a2", "1a", "10a", "a1b2", "!:", "@", "@_", "é", "e", "+", "-", ".", "1e", "Inf", "NaN",
		"0x10", "2026-01-02 03:04:05.123", "\xff", "1_000",
	} {
		out = append(out, stringValue(s))
	}
	return out
}

func TestEqual(t *testing.T) {
	at := timeValue(time.Date(2026, 1, 2, 3, 4, 5, 123456000, time.UTC))
	for _, test := range []struct {
		a, b Value
		want bool
	}{
		{stringValue("a"), stringValue("a"), true},
		{stringValue("a"), stringValue("A"), false},
		{stringValue("007"), stringValue("7"), false},
		{stringValue("007"), writtenNumber("7"), true},
		{stringValue("7.0"), writtenNumber("7"), true},
		{stringValue("seven"), writtenNumber("7"), false},
		{stringValue(""), writtenNumber("0"), false},
		{writtenNumber("1.50"), writtenNumber("1.5"), true},
		{writtenNumber("9007199254740993"), writtenNumber("9007199254740992"), false},
		{writtenNumber("9007199254740993"), writtenNumber("9007199254740992.0"), false},
		{writtenNumber("9007199254740993"), stringValue("9007199254740993"), true},
		{writtenNumber("9007199254740993"), stringValue("9007199254740992"), false},
		{boolValue(true), writtenNumber("1"), true},
		{boolValue(true), writtenNumber("2"), false},
		{boolValue(true), stringValue("true"), true},
		{boolValue(true), stringValue("TRUE"), false},
		{boolValue(false), stringValue("0"), true},
		{boolValue(false), Value{}, false},
		{at, stringValue("2026-01-02 03:04:05.123"), true},
		{at, stringValue("2026-01-02T03:04:05.123Z"), false},
		{at, writtenNumber("1767323045123"), true},
		{at, at, true},
		{Value{}, Value{}, false},
		{listValue(nil), listValue(nil), false},
	} {
		if got := test.a.equal(test.b); got != test.want {
			t.Errorf("%v = %v: %t", test.a, test.b, got)
		}
		if got := test.b.equal(test.a); got != test.want {
			t.Errorf("%v = %v: %t", test.b, test.a, got)
		}
	}
}

// TestCompareProperties checks, over all samples, that = is symmetric, and that
// < agrees with = and with > the other way round.
func TestCompareProperties(t *testing.T) {
	for _, a := range samples() {
		for _, b := range samples() {
			if a.equal(b) != b.equal(a) {
				t.Errorf("%#v = %#v is not symmetric", a, b)
			}
			c, ok := a.compare(b)
			d, okBack := b.compare(a)
			if ok != okBack || c != -d {
				t.Errorf("%#v and %#v: %d, %t; back %d, %t", a, b, c, ok, d, okBack)
			}
			if ok && a.equal(b) && c != 0 {
				t.Errorf("%#v = %#v, and compare gives %d", a, b, c)
			}
			if numeric := a.kind == KindNumber || b.kind == KindNumber; ok && numeric && c == 0 && !a.equal(b) {
				t.Errorf("%#v != %#v, and compare gives 0", a, b)
			}
		}
	}
}

// TestCompareNaturalIsOrder checks, over all samples, what sorting needs.
func TestCompareNaturalIsOrder(t *testing.T) {
	all := samples()
	for _, a := range all {
		for _, b := range all {
			ab := sign(a.CompareNatural(b))
			if ab != -sign(b.CompareNatural(a)) {
				t.Errorf("%#v and %#v: not antisymmetric", a, b)
			}
			if a.kind == b.kind && a.String() == b.String() && a.kind != KindTime && ab != 0 {
				t.Errorf("%#v and %#v are the same, and give %d", a, b, ab)
			}
			for _, c := range all {
				if ab <= 0 && b.CompareNatural(c) <= 0 && a.CompareNatural(c) > 0 {
					t.Errorf("%v <= %v <= %v, but not %v <= %v", a, b, c, a, c)
				}
			}
		}
	}
}

func sign(c int) int { return cmp.Compare(c, 0) }

// documentedOrder is the example of natural sorting that the reference gives.
// Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax-Sort.html
var documentedOrder = []string{
	"!:", "#", "*%04", "0#", "5A", "111A", "2345_", "@", "@_", "A", "A9876fghj", "a12345hfh", "0", "01", "1", "2", "3",
}

func TestDocumentedOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 1000 {
		got := slices.Clone(documentedOrder)
		random.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
		slices.SortFunc(got, func(a, b string) int { return stringValue(a).CompareNatural(stringValue(b)) })
		if !slices.Equal(got, documentedOrder) {
			t.Fatalf("sorted: %q", got)
		}
	}
}

// TestNaturalOrder checks, over shuffled values of all kinds, that the order of
// sort does not depend on the order in which they come, and that desc is its
// exact reverse.
func TestNaturalOrder(t *testing.T) {
	random := rand.New(rand.NewPCG(3, 4))
	all := samples()
	for _, text := range documentedOrder {
		all = append(all, stringValue(text))
	}
	order := func(desc bool) []string {
		rows := sorted{order: []orderKey{{"v", 0, desc}}, room: room{1 << 30, ""}}
		for _, i := range random.Perm(len(all)) {
			seen := place{event: i}
			if desc { // so that ties come the other way round too
				seen.event = len(all) - i
			}
			if err := rows.add(all[i:i+1], all[i:i+1], audit.Pos{}, seen); err != nil {
				t.Fatal(err)
			}
		}
		var out []string
		for c, err := range sortedResult([]*sorted{&rows}) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, fmt.Sprintf("%v %q", c.values[0].kind, c.values[0]))
		}
		return out
	}
	want := order(false)
	for range 200 {
		if got := order(false); !slices.Equal(got, want) {
			t.Fatalf("%q\nand then\n%q", want, got)
		}
		reversed := order(true)
		slices.Reverse(reversed)
		if !slices.Equal(reversed, want) {
			t.Fatalf("%q\nand descending, from the end\n%q", want, reversed)
		}
	}
}

func TestNumberText(t *testing.T) {
	for _, test := range []struct {
		value Value
		text  string
		json  string
	}{
		{writtenNumber("1.50"), "1.50", "1.50"},
		{writtenNumber("007"), "007", "7"},
		{writtenNumber("+5"), "+5", "5"},
		{writtenNumber(".5"), ".5", "0.5"},
		{writtenNumber("5."), "5.", "5"},
		{writtenNumber("1E3"), "1E3", "1E3"},
		{writtenNumber("12345678901234567890"), "12345678901234567890", "12345678901234567890"},
		{numberValue(1), "1", "1"},
		{numberValue(-0.5), "-0.5", "-0.5"},
		{numberValue(math.Copysign(0, -1)), "0", "0"},
		{numberValue(1e15), "1000000000000000", "1000000000000000"},
		{numberValue(1 << 53), "9007199254740992", "9007199254740992"},
		{numberValue(1e20), "100000000000000000000", "100000000000000000000"},
		{numberValue(1e21), "1e+21", "1e+21"},
		{numberValue(1e-7), "0.0000001", "0.0000001"},
		{numberValue(1.5e-8), "1.5e-08", "1.5e-08"},
		{numberValue(math.NaN()), "", "null"},
		{numberValue(math.Inf(1)), "", "null"},
	} {
		if got := test.value.String(); got != test.text {
			t.Errorf("text %q, want %q", got, test.text)
		}
		if got, err := test.value.MarshalJSON(); string(got) != test.json || err != nil {
			t.Errorf("JSON %q, want %q: %v", got, test.json, err)
		}
	}
}

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]float64{"0": 0, "-0": 0, "12": 12, "+1.5": 1.5, ".5": 0.5, "5.": 5, "1e3": 1000, "1E-2": 0.01} {
		if got, ok := parseNumber(text); !ok || got != want {
			t.Errorf("%q: %v, %t", text, got, ok)
		}
	}
	for _, text := range []string{"", " 1", "1 ", "x", "0x10", "1_000", "inf", "Infinity", "NaN", "1e", "e", "+", "-", ".", "--1", "1e999", "1p3", "1,5", "١"} {
		if got, ok := parseNumber(text); ok {
			t.Errorf("%q: %v", text, got)
		}
	}
}

func TestTimes(t *testing.T) {
	for _, at := range []time.Time{
		time.Date(2026, 1, 2, 3, 4, 5, 123456000, time.UTC),
		time.Date(1, 1, 1, 0, 0, 0, 1000, time.UTC),
		time.Date(9999, 12, 31, 23, 59, 59, 999999000, time.UTC),
		time.Date(1969, 12, 31, 23, 59, 59, 999000000, time.UTC),
	} {
		v := timeValue(at)
		if got, ok := v.Time(); !ok || !got.Equal(at) {
			t.Errorf("%v, want %v", got, at)
		}
		if want := at.Format(timeLayout); v.String() != want {
			t.Errorf("%q, want %q", v, want)
		}
		if ms, _ := v.Float64(); ms != float64(at.UnixMilli()) {
			t.Errorf("%v ms, want %d", ms, at.UnixMilli())
		}
		if ms := millisValue(float64(at.UnixMilli())); ms.String() != v.String() {
			t.Errorf("from milliseconds %q, want %q", ms, v)
		}
	}
	for _, ms := range []float64{math.NaN(), math.Inf(1), minMillis - 1, maxMillis + 1, -1e300} {
		if v := millisValue(ms); !v.Missing() {
			t.Errorf("%v ms is %q", ms, v)
		}
	}
}

func TestKinds(t *testing.T) {
	for _, v := range samples() {
		if v.Kind().String() == "" || v.Missing() != (v.Kind() == KindMissing) {
			t.Errorf("%#v has kind %v", v, v.Kind())
		}
		if _, ok := v.Time(); ok != (v.Kind() == KindTime) {
			t.Errorf("%#v: Time reports %t", v, ok)
		}
		if _, err := v.MarshalJSON(); err != nil {
			t.Errorf("%#v: %v", v, err)
		}
	}
}
