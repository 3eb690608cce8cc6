package query

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestTokens cuts texts into tokens. Every token begins at a mark § of the
// text and ends before the next mark or before white space.
func TestTokens(t *testing.T) {
	for _, test := range []struct {
		src  string
		want []string // kind and text
	}{
		{"", nil},
		{" \t\r\n\u00a0\ufeff", nil},
		{"# only\n#comments", nil},
		{"§fields §verb§, §@timestamp", []string{"name fields", "name verb", "symbol ,", "name @timestamp"}},
		{"§a.b.0.c §_x9 §@@v §@a.b", []string{"name a.b.0.c", "name _x9", "name @@v", "name @a.b"}},
		{"§`a b` §`a`.b §a.`b/c.d`.0 §@`a:b`", []string{"quoted a b", "name a.b", "name a.b/c.d.0", "name @a:b"}},
		{"§`a\\`b\\\\c\\d`", []string{"quoted a`b\\c\\d"}},
		{"§größe§=§'ü'", []string{"name größe", "symbol =", "string ü"}},
		{"§a§. §a§.§.§b", []string{"name a", "symbol .", "name a", "symbol .", "symbol .", "name b"}},
		{`§"a\"b\\\n\d" §'it'§'s'`, []string{`string a"b\` + "\n" + `\d`, "string it", "string s"}},
		{`§"#" §a#b` + "\n§c", []string{"string #", "name a", "name c"}},
		{"§0 §12 §0.5 §1e9 §1E+9 §2e-3 §5§.", []string{"number 0", "number 12", "number 0.5", "number 1e9", "number 1E+9", "number 2e-3", "number 5", "symbol ."}},
		{"§5m §300s §1.5h §2MONTHS §1e3d", []string{"duration 5m", "duration 300s", "duration 1.5h", "duration 2MONTHS", "duration 1e3d"}},
		{"§a§==§b§!=§c§<>§d§<=§e§>=§f§=~§g§~=§h§!~§i§&&§j§||§k", []string{
			"name a", "symbol ==", "name b", "symbol !=", "name c", "symbol <>", "name d", "symbol <=", "name e", "symbol >=",
			"name f", "symbol =~", "name g", "symbol ~=", "name h", "symbol !~", "name i", "symbol &&", "name j", "symbol ||", "name k",
		}},
		{"§(§)§[§]§{§}§|§=§< §>§+§-§*§/§%§^§!§?§:§;§$§&§{{§}§}", strings.Split(
			"symbol (,symbol ),symbol [,symbol ],symbol {,symbol },symbol |,symbol =,symbol <,symbol >,symbol +,symbol -,symbol *,symbol /,"+
				"symbol %,symbol ^,symbol !,symbol ?,symbol :,symbol ;,symbol $,symbol &,symbol {{,symbol },symbol }", ",")},
	} {
		src, marks := cutMarks(test.src)
		l := lexer{src: src}
		var got []string
		for i := 0; ; i++ {
			tok, err := l.next()
			if err != nil {
				t.Errorf("%q: %v", src, err)
				break
			}
			if tok.kind == tokenEnd {
				break
			}
			got = append(got, tokenKindNames[tok.kind]+" "+tok.text)
			if i >= len(marks) || tok.from != marks[i] {
				t.Errorf("%q: token %d is [%d:%d], marks are %v", src, i, tok.from, tok.to, marks)
				break
			}
			end := len(src)
			if i+1 < len(marks) {
				end = marks[i+1]
			}
			if behind, _, _ := strings.Cut(src[min(tok.to, end):end], "#"); tok.to > end || strings.TrimSpace(behind) != "" {
				t.Errorf("%q: token %d is [%d:%d], marks are %v", src, i, tok.from, tok.to, marks)
			}
		}
		if diff := cmp.Diff(test.want, got); diff != "" {
			t.Errorf("%q (-want +got):\n%s", src, diff)
		}
	}
}

var tokenKindNames = map[tokenKind]string{
	tokenName: "name", tokenQuoted: "quoted", tokenString: "string", tokenNumber: "number",
	tokenDuration: "duration", tokenRegex: "regex", tokenSymbol: "symbol",
}

// cutMarks takes the marks § out of a text and returns where they stood.
func cutMarks(marked string) (text string, marks []int) {
	parts := strings.Split(marked, "§")
	for _, part := range parts[:len(parts)-1] {
		text += part
		marks = append(marks, len(text))
	}
	return text + parts[len(parts)-1], marks
}

// TestErrorPositions checks where errors are. The offending text stands
// between two marks §; one mark stands for a place where something is missing.
func TestErrorPositions(t *testing.T) {
	for _, marked := range []string{
		"§",
		"filter§",
		"filter§   ",
		"filter a =§ # nothing\n",
		"fields a §|§ # nothing\n\n",
		"§fliter§ a = 1",
		"fields a\n| §fliter§ b",
		"fields §strlenn§(a)",
		"fields a, §strcontains(a)§ as b",
		"filter a = 1 and§",
		"filter a §stat§ \"x\"",
		"filter (a = 1§",
		"filter a in [1, 2§",
		"filter a in §(§1)",
		"filter a like §/(/§",
		"filter a like /x/§i§",
		"filter a like §/§x",
		"filter ü like /é/ and b = §\"§x",
		"filter 'é' = §`§x",
		"filter a = §5x§",
		"filter a §<>§ 1",
		"filter a < 1 §<§ 2",
		"filter a not §=§ 1",
		"fields a as §\"b\"§",
		"sort §abs(§a)",
		"limit §ten§",
		"limit §0§",
		"fields b as a, §a§ as b",
		"filter a = §€§",
		"filter a = §\xff§",
		"filter a = 1§\x00§",
	} {
		src, marks := cutMarks(marked)
		_, err := Parse(src)
		if err == nil {
			t.Errorf("%q: no error", marked)
			continue
		}
		e := err.(*Error)
		if want := [2]int{marks[0], marks[len(marks)-1]}; want != [2]int{e.Pos.Offset, e.End.Offset} {
			t.Errorf("%q: at [%d:%d], want %v: %v", marked, e.Pos.Offset, e.End.Offset, want, e)
		}
		checkPos(t, src, e.Pos)
		checkPos(t, src, e.End)
	}
}

// checkPos checks that line and column are those of the offset.
func checkPos(t *testing.T, src string, pos Pos) {
	t.Helper()
	if pos.Offset < 0 || pos.Offset > len(src) {
		t.Fatalf("%q: offset %d", src, pos.Offset)
	}
	before := src[:pos.Offset]
	want := Pos{pos.Offset, 1 + strings.Count(before, "\n"), len(before) - strings.LastIndex(before, "\n")}
	if pos != want {
		t.Errorf("%q: %+v, want %+v", src, pos, want)
	}
}

func TestSnippet(t *testing.T) {
	long := strings.Repeat("a, ", 2000)
	for _, test := range []struct{ src, want string }{
		{"filter a = §\"x\"§ y", "\tfilter a = \"x\" y\n\t           ^^^"},
		{"fields a\n| §b§ c\n| d", "\t| b c\n\t  ^"},
		{"\tfilter\t§b§", "\t\tfilter\tb\n\t\t      \t^"},
		{"größe über §x§", "\tgröße über x\n\t           ^"},
		{"日本 §語語§", "\t日本 語語\n\t   ^^"},
		{"a\x00b\r §c§\r\nd", "\ta b  c \n\t     ^"},
		{"a §b\nc§ d", "\ta b\n\t  ^"},
		{"a §\nb§", "\ta \n\t  ^"},
		{"a\u202e §b§", "\ta  b\n\t   ^"},
		{"a§", "\ta\n\t ^"},
		{"§", "\t\n\t^"},
		{"a\n§", "\t\n\t^"},
		{"a\xff\xfe §b§", "\ta\ufffd\ufffd b\n\t    ^"},
		{"a §\xff§", "\ta \ufffd\n\t  ^"},
		{long + "§b§", "\t" + long + "b\n\t" + strings.Repeat(" ", len(long)) + "^"},
	} {
		src, marks := cutMarks(test.src)
		e := newError(src, span{marks[0], marks[len(marks)-1]}, ErrSyntax, "x", "")
		if diff := cmp.Diff(test.want, e.Snippet()); diff != "" {
			t.Errorf("%q (-want +got):\n%s", test.src, diff)
		}
	}
}

func TestErrorIsOneLine(t *testing.T) {
	e := newError("x", span{0, 1}, ErrUse, "a\nb\x1b[31m", "c\r\u2028d")
	if want := "query:1:1: a b [31m (c  d)"; e.Error() != want {
		t.Errorf("%q, want %q", e.Error(), want)
	}
	if want := fmt.Sprint(e); want != e.Error() {
		t.Errorf("%q", want)
	}
}

func TestNearest(t *testing.T) {
	names := []string{"fields", "filter", "limit", "sort", "strlen", "isNumeric"}
	for word, want := range map[string]string{
		"fliter": "filter", "filtre": "filter", "filer": "filter", "FILTR": "filter", "feilds": "fields", "limt": "limit",
		"srot": "sort", "sor": "sort", "isnumber": "", "isnumerc": "isNumeric", "a": "", "": "", "so": "", "strln": "strlen", "xyz": "",
	} {
		if got := nearest(word, names); got != want {
			t.Errorf("nearest(%q) = %q, want %q", word, got, want)
		}
	}
}
