package query_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/evictlog/evictlog/query"
)

func TestOrder(t *testing.T) {
	for _, test := range []struct {
		query     string
		order     []query.SortKey
		limit     int
		any       bool
		separable bool
	}{
		{"fields verb", []query.SortKey{{Name: "@timestamp", Desc: true}}, 0, false, true},
		{"fields @timestamp | sort @timestamp | limit 20 | limit 10", []query.SortKey{{Name: "@timestamp"}}, 10, false, true},
		{"sort verb desc, code | limit any 5", []query.SortKey{{Name: "verb", Desc: true}, {Name: "code"}}, 5, true, true},
		{"parse @message /(?<w>a)/ multi | sort w", []query.SortKey{{Name: "w"}}, 0, false, true},
		{"stats count(*) by verb", []query.SortKey{}, 0, false, false},
		{"stats count(*) by bin(5m)", []query.SortKey{{Name: "bin(5m)", Desc: true}}, 0, false, false},
		{"stats count(*) as n by verb | sort n desc", []query.SortKey{{Name: "n", Desc: true}}, 0, false, false},
		{"dedup verb", []query.SortKey{}, 0, false, false},
		{"filter verb in (filter code = 1 | fields verb)", []query.SortKey{{Name: "@timestamp", Desc: true}}, 0, false, false},
		{"filter @timestamp > now() * 1000", []query.SortKey{{Name: "@timestamp", Desc: true}}, 0, false, false},
		{"fields queryTimeRange() as r", []query.SortKey{{Name: "@timestamp", Desc: true}}, 0, false, false},
		{"SOURCE 'a' | fields verb", []query.SortKey{{Name: "@timestamp", Desc: true}}, 0, false, true},
	} {
		q := query.MustParse(test.query)
		limit, any := q.Limit()
		if diff := cmp.Diff(test.order, q.Order()); diff != "" || limit != test.limit || any != test.any || q.Separable() != test.separable {
			t.Errorf("%s: limit %d, any %v, separable %v, order (-want +got):\n%s", test.query, limit, any, q.Separable(), diff)
		}
	}
}

func TestParseValue(t *testing.T) {
	for _, test := range []struct {
		text string
		kind query.Kind
		json string // the text as a JSON string if empty
	}{
		{"2026-11-23 07:40:00.125", query.KindTime, ""},
		{"2026-11-23 07:40:00", query.KindString, ""},
		{"2026-11-23 07:40:00.1250", query.KindString, ""},
		{"2026-02-30 07:40:00.125", query.KindString, ""},
		{"200", query.KindNumber, "200"},
		{"-1.50", query.KindNumber, "-1.50"},
		{"9007199254740993", query.KindNumber, "9007199254740993"},
		{"1e400", query.KindString, ""},
		{"007", query.KindString, ""},
		{"+1", query.KindString, ""},
		{" 1", query.KindString, ""},
		{"true", query.KindString, ""},
		{`["a"]`, query.KindString, `"[\"a\"]"`},
		{"", query.KindString, ""},
	} {
		v := query.ParseValue(test.text)
		want := test.json
		if want == "" {
			want = `"` + test.text + `"`
		}
		got, err := v.MarshalJSON()
		if v.Kind() != test.kind || v.String() != test.text || string(got) != want || err != nil {
			t.Errorf("%q: %v %q, as JSON %s (error %v); want %v, as JSON %s", test.text, v.Kind(), v, got, err, test.kind, want)
		}
	}
}

func TestNewRow(t *testing.T) {
	columns := []string{"verb", "code", "who"}
	values := []query.Value{query.StringValue("7"), query.ParseValue("7"), {}}
	row := query.NewRow(columns, values)
	columns[0], values[0] = "x", query.Value{}
	if got, want := row.String(), `{"verb":"7","code":7}`; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	if diff := cmp.Diff([]string{"verb", "code", "who"}, row.Columns()); diff != "" {
		t.Errorf("columns (-want +got):\n%s", diff)
	}
	defer func() {
		if recover() == nil {
			t.Error("two values for three columns are taken")
		}
	}()
	query.NewRow([]string{"a", "b", "c"}, values[:2])
}
