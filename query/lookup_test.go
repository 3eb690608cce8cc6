package query

import (
	"strings"
	"testing"

	"github.com/evictlog/evictlog/audit"
)

// TestLookupRefused checks that a run ends at once, and says why, if it does not
// have what the query looks into.
func TestLookupRefused(t *testing.T) {
	table, err := ReadTable(strings.NewReader("id,name\n1,ann\n"))
	if err != nil {
		t.Fatal(err)
	}
	opts := &Options{Tables: map[string]*Table{"users": table}}
	for text, want := range map[string]string{
		"lookup user id output name":     `query: no lookup table "user" is given`,
		"lookup users id output email":   `query: the lookup table "users" has no column "email", only id, name`,
		"lookup users key output name":   `query: the lookup table "users" has no column "key", only id, name`,
		"cidrlookup users a output name": `query: the lookup table "users" has no column "cidr", only id, name`,
	} {
		rows, err := collect(MustParse(text).Run(t.Context(), audit.List{{Raw: []byte(`{"id":1}`)}}, opts))
		if len(rows) > 0 || err == nil || err.Error() != want {
			t.Errorf("%s: %d rows, %v", text, len(rows), err)
		}
	}
}

// TestReadTable checks what is no table.
func TestReadTable(t *testing.T) {
	for _, text := range []string{"", "a,b\n1\n", "a,b\n\"1,2\n"} {
		if _, err := ReadTable(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), "query: ") {
			t.Errorf("%q: %v", text, err)
		}
	}
}
