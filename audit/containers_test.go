package audit_test

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/snappy"

	"github.com/evictlog/evictlog/audit"
)

// snappied is text as a stream of framed snappy.
func snappied(text string) []byte {
	var b bytes.Buffer
	w := snappy.NewBufferedWriter(&b)
	io.WriteString(w, text)
	w.Close()
	return b.Bytes()
}

// hadooped is text as Hadoop's codec packs it: blocks of so many bytes, each in
// chunks of half as many.
func hadooped(text string, block int) []byte {
	var out []byte
	for text != "" {
		part := text[:min(len(text), block)]
		text = text[len(part):]
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		for part != "" {
			chunk := snappy.Encode(nil, []byte(part[:min(len(part), block/2)]))
			part = part[min(len(part), block/2):]
			out = append(binary.BigEndian.AppendUint32(out, uint32(len(chunk))), chunk...)
		}
	}
	return out
}

// wrapped64 is data in base64, in lines of 76.
func wrapped64(data []byte) []byte {
	text := base64.StdEncoding.EncodeToString(data)
	var b strings.Builder
	for len(text) > 76 {
		b.WriteString(text[:76] + "\r\n")
		text = text[76:]
	}
	return []byte(b.String() + text + "\r\n")
}

// A packedFile is a file of a bundle.
type packedFile struct{ name, text string }

func tarred(files ...packedFile) []byte {
	var b bytes.Buffer
	w := tar.NewWriter(&b)
	w.WriteHeader(&tar.Header{Name: "dir/", Typeflag: tar.TypeDir, Mode: 0o755})
	for _, f := range files {
		w.WriteHeader(&tar.Header{Name: f.name, Size: int64(len(f.text)), Mode: 0o644})
		io.WriteString(w, f.text)
	}
	w.Close()
	return b.Bytes()
}

// zipped is a zip archive by a method; sized says that the sizes stand in front of
// the files, and not behind them.
func zipped(method uint16, sized bool, files ...packedFile) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	w.Create("dir/")
	for _, f := range files {
		h := &zip.FileHeader{Name: f.name, Method: method}
		if !sized {
			fw, _ := w.CreateHeader(h)
			io.WriteString(fw, f.text)
			continue
		}
		one := zipped(method, false, f)
		r, err := zip.NewReader(bytes.NewReader(one), int64(len(one)))
		if err != nil {
			panic(err)
		}
		src := r.File[1]
		src.FileHeader.Flags &^= 8
		raw, _ := src.OpenRaw()
		fw, _ := w.CreateRaw(&src.FileHeader)
		io.Copy(fw, raw)
	}
	w.Close()
	return b.Bytes()
}

// bzip2Text is one line of an event, "b0", by bzip2(1), which Go cannot write.
const bzip2Text = "425a6839314159265359f844ecd200002c5f8000101005e0500e20110036afdf0a2000486a9e506464d0003d351ea110686a6406464d341b5195efd3" +
	"5ef090811131d71a3d84f964b007706e2433024c27546e4455fb4b150159b241aa62af522fbbdbf6e6b82f0068905cccbf177245385090f844ecd2"

func bzip2ed(t testing.TB) []byte {
	data, err := hex.DecodeString(bzip2Text)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// bundles pack files.
var bundles = []struct {
	name string
	pack func(files ...packedFile) []byte
}{
	{"tar", tarred},
	{"tar in gzip", func(files ...packedFile) []byte { return gzipped(string(tarred(files...))) }},
	{"zip", func(files ...packedFile) []byte { return zipped(zip.Deflate, false, files...) }},
	{"zip with sizes", func(files ...packedFile) []byte { return zipped(zip.Deflate, true, files...) }},
	{"stored zip", func(files ...packedFile) []byte { return zipped(zip.Store, false, files...) }},
	{"stored zip with sizes", func(files ...packedFile) []byte { return zipped(zip.Store, true, files...) }},
}

// TestBundles reads what stands in bundles: files, packed ones, what a Mac adds,
// and what is no log.
func TestBundles(t *testing.T) {
	for _, b := range bundles {
		data := b.pack(
			packedFile{"./a.log", events("a", 2)},
			packedFile{"dir/b.log.gz", string(gzipped(events("b", 2)))},
			packedFile{"dir/._b.log.gz", "\x00\x05"},
			packedFile{"__MACOSX/dir/x", "\x00\x05"},
			packedFile{"version", "4.12\n"},
			packedFile{"empty", ""},
			packedFile{"exportedlogs/cda45419-90ea-4db5-9833-aade86253e66/kube-apiserver-audit-1/000000.gz", string(gzipped("2026-11-23T07:24:23.852Z " + event("c0") + "\n"))},
			packedFile{strings.Repeat("long/", 40) + "d", events("d", 1)},
		)
		r := audit.NewReader(iotest.HalfReader(bytes.NewReader(data)))
		r.Name = "x"
		var got []string
		for ev, err := range r.Events() {
			if err != nil {
				got = append(got, err.Error()[:len("audit: x!/version: no audit event found")])
			} else {
				got = append(got, fmt.Sprint(ev.Pos, " ", ev.Stream))
			}
		}
		want := []string{
			"x!/a.log:1 kube-apiserver-audit", "x!/a.log:2 kube-apiserver-audit",
			"x!/dir/b.log.gz:1 kube-apiserver-audit", "x!/dir/b.log.gz:2 kube-apiserver-audit",
			"audit: x!/version: no audit event found",
			"x!/exportedlogs/cda45419-90ea-4db5-9833-aade86253e66/kube-apiserver-audit-1/000000.gz:1 kube-apiserver-audit-1",
			"x!/" + strings.Repeat("long/", 40) + "d:1 kube-apiserver-audit",
		}
		if strings.Join(got, "\n") != strings.Join(want, "\n") {
			t.Errorf("%s: got\n%s\nwant\n%s", b.name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
		balance(t, r.Stats())
	}
}

// TestBundleDamage cuts and flips the files between others: those are read, in
// order, and the damage is reported.
func TestBundleDamage(t *testing.T) {
	for _, b := range bundles {
		if b.name == "tar in gzip" {
			continue // one member, of which nothing follows the damage
		}
		whole := b.pack(packedFile{"a", events("a", 2)}, packedFile{"b", mixed("b", 10)}, packedFile{"c", events("c", 2)})
		begin, end := bytes.Index(whole, []byte("b\x00")), bytes.Index(whole, []byte("c\x00"))
		if strings.Contains(b.name, "zip") {
			end = bytes.LastIndex(whole[:bytes.Index(whole, []byte("PK\x01\x02"))], []byte("PK\x03\x04"))
			begin = bytes.LastIndex(whole[:end], []byte("PK\x03\x04"))
		}
		for at := begin; at < end; at++ {
			items, last := walk(t, audit.NewReader(bytes.NewReader(flipped(whole, at))).Events())
			got := ids(t, items)
			lengths := b.name == "stored zip with sizes" && at-begin >= 18 && at-begin < 30 // where the file ends is not known then
			if last != nil || !strings.HasPrefix(got, "a0 a1") || !strings.HasSuffix(got, "c0 c1") && !lengths {
				t.Errorf("%s flipped at %d: events %s, last error %v", b.name, at, got, last)
			}
		}
		for at := begin; at < len(whole); at += 7 {
			items, _ := walk(t, audit.NewReader(bytes.NewReader(whole[:at])).Events())
			if got := ids(t, items); !strings.HasPrefix(got, "a0 a1") {
				t.Errorf("%s cut at %d: events %s", b.name, at, got)
			}
		}
	}
}

// TestContainers reads what has one stream in it.
func TestContainers(t *testing.T) {
	a := events("a", 2000)
	all := idRange("a", 0, 2000)
	bz := bzip2ed(t)
	for _, tt := range []struct {
		name string
		data []byte
		want string
	}{
		{"snappy", snappied(a), all},
		{"snappy streams", join(snappied(a), snappied(events("b", 1))), all + " b0"},
		{"Hadoop", hadooped(a, 1<<18), all},
		{"Hadoop, small", hadooped(a, 1000), all},
		{"base64 of gzip", wrapped64(gzipped(a)), all},
		{"base64 of gzip, on one line", []byte(base64.StdEncoding.EncodeToString(gzipped(a))), all},
		{"base64 of JSON", wrapped64([]byte(a)), all},
		{"base64, one text after the other", join(wrapped64(gzipped(a)), wrapped64(gzipped(events("b", 1)))), all + " b0"},
		{"bzip2", bz, "b0"},
		{"bzip2 streams", join(bz, bz, bz), "b0 b0 b0"},
		{"bzip2 in gzip", gzipped(string(bz)), "b0"},
		{"tar after tar", join(tarred(packedFile{"a", events("a", 1)}), tarred(packedFile{"b", events("b", 1)})), "a0 b0"},
		{"zip after zip", join(zipped(8, false, packedFile{"a", events("a", 1)}), zipped(8, false, packedFile{"b", events("b", 1)})), "a0 b0"},
	} {
		r := audit.NewReader(iotest.HalfReader(bytes.NewReader(tt.data)))
		items, last := walk(t, r.Events())
		if got := ids(t, items); got != tt.want || last != nil || errorsOf(items) != nil {
			t.Errorf("%s: %d events, %d wanted, errors %v, last %v", tt.name, len(strings.Fields(got)), len(strings.Fields(tt.want)), errorsOf(items), last)
		}
		balance(t, r.Stats())
	}
}

// TestContainersDamaged reads what stands before the damage, and what of the
// rest can be told.
func TestContainersDamaged(t *testing.T) {
	a := events("a", 3000)
	bz := bzip2ed(t)
	for _, tt := range []struct {
		name        string
		data        []byte
		first, last string // of the events
	}{
		{"snappy, a chunk", flipped(snappied(a), -20), "a0", "a2999"},
		{"snappy cut", snappied(a)[:len(snappied(a))-20], "a0", ""},
		{"Hadoop, a chunk", flipped(hadooped(a, 1000), 5000), "a0", "a2999"},
		{"Hadoop cut", hadooped(a, 1000)[:5000], "a0", ""},
		{"base64, a letter", join(wrapped64([]byte(a))[:7600], []byte("!!\r\n"), wrapped64([]byte(a))[7800:]), "a0", ""},
		{"bzip2, trailing garbage", join(bz, []byte("GARBAGE")), "b0", "b0"},
		{"bzip2, a stream", join(bz, flipped(bz, 30), bz), "b0", "b0"},
		{"bzip2 cut", join(bz, bz[:60]), "b0", "b0"},
	} {
		r := audit.NewReader(bytes.NewReader(tt.data))
		items, last := walk(t, r.Events())
		got := " " + ids(t, items) + " "
		if len(errorsOf(items)) == 0 || last != nil || !strings.HasPrefix(got, " "+tt.first+" ") || tt.last != "" && !strings.HasSuffix(got, " "+tt.last+" ") {
			t.Errorf("%s: events %.40s, errors %v, last %v", tt.name, got, errorsOf(items), last)
		}
		balance(t, r.Stats())
	}
}

// TestRefusedFiles wants a reason for each file of a bundle that is not read.
func TestRefusedFiles(t *testing.T) {
	encrypted := zipped(zip.Deflate, true, packedFile{"secret", events("x", 1)}, packedFile{"open", events("a", 1)})
	at := bytes.Index(encrypted, []byte("secret")) - 30
	encrypted[at+6] |= 1
	method := zipped(zip.Deflate, true, packedFile{"odd", events("x", 1)}, packedFile{"open", events("a", 1)})
	method[bytes.Index(method, []byte("odd"))-30+8] = 9
	for name, data := range map[string][]byte{
		"f!/secret: an encrypted file":              encrypted,
		"f!/odd: a file that is packed by method 9": method,
	} {
		r := audit.NewReader(bytes.NewReader(data))
		r.Name = "f"
		var errs []error
		n := 0
		for _, err := range r.Events() {
			if err == nil {
				n++
			} else {
				errs = append(errs, err)
			}
		}
		if n != 1 || len(errs) != 1 || !errors.Is(errs[0], errors.ErrUnsupported) || !strings.Contains(errs[0].Error(), name) {
			t.Errorf("%s: %d events, errors %v", name, n, errs)
		}
	}
	for _, data := range [][]byte{tarred(), zipped(8, false)} {
		if items, last := walk(t, audit.NewReader(bytes.NewReader(data)).Events()); len(items) != 0 || !errors.Is(last, audit.ErrNoEvents) {
			t.Errorf("empty bundle: %v, %v", items, last)
		}
	}
}

// TestBombs holds what is unpacked to the bound.
func TestBombs(t *testing.T) {
	var zeros bytes.Buffer
	w := gzip.NewWriter(&zeros)
	io.CopyN(w, nuls{}, 64<<20)
	w.Close()
	text := events("a", 3)
	for name, data := range map[string][]byte{
		"gzip":         join(gzipped(text), zeros.Bytes()),
		"gzip in gzip": gzipped(string(join(gzipped(text), zeros.Bytes()))),
		"tar":          gzipped(string(tarred(packedFile{"a", text}, packedFile{"b", zeros.String()}, packedFile{"c", text}))),
		"zip":          zipped(8, false, packedFile{"a", text}, packedFile{"b", zeros.String()}),
		"appended":     join([]byte(text), zeros.Bytes()),
	} {
		r := audit.NewReader(&limited{t: t, in: bytes.NewReader(data), limit: 16 << 20})
		r.MaxUnpackedBytes = 1 << 20
		items, last := walk(t, r.Events())
		if ids(t, items) != "a0 a1 a2" || !errors.Is(last, audit.ErrTooLarge) || !strings.Contains(last.Error(), "MaxUnpackedBytes") {
			t.Errorf("%s: events %s, last error %v", name, ids(t, items), last)
		}
		r = audit.NewReader(bytes.NewReader(data))
		if _, last := walk(t, r.Events()); last != nil {
			t.Errorf("%s, without a bound: last error %v", name, last)
		}
	}
}

// FuzzContainers reads damaged containers: it ends, in bounded memory, and what
// is intact before the damage comes out.
func FuzzContainers(f *testing.F) {
	a, b := packedFile{"a", events("a", 3)}, packedFile{"b", mixed("b", 5)}
	bz := bzip2ed(f)
	for _, bundle := range bundles {
		f.Add(bundle.pack(a, b), 600, byte(1))
	}
	for _, data := range [][]byte{snappied(a.text), hadooped(a.text, 100), wrapped64([]byte(a.text)), wrapped64(gzipped(a.text)),
		join(bz, bz), join([]byte(a.text), gzipped(b.text)), gzipped(string(tarred(a, b)))} {
		f.Add(data, len(data)/2, byte(7))
	}
	f.Fuzz(func(t *testing.T, data []byte, at int, with byte) {
		read := func(data []byte) (string, audit.Stats) {
			r := audit.NewReader(bytes.NewReader(data))
			r.MaxUnpackedBytes, r.MaxEventBytes = 1<<22, fuzzMax
			var b strings.Builder
			for ev, err := range r.Events() {
				fmt.Fprintf(&b, "%s %v\n", ev.Raw, err)
			}
			balance(t, r.Stats())
			return b.String(), r.Stats()
		}
		whole, _ := read(data)
		r := audit.NewReader(iotest.OneByteReader(bytes.NewReader(data)))
		r.MaxUnpackedBytes, r.MaxEventBytes = 1<<22, fuzzMax
		var b strings.Builder
		for ev, err := range r.Events() {
			fmt.Fprintf(&b, "%s %v\n", ev.Raw, err)
		}
		if b.String() != whole {
			t.Errorf("bytewise:\n%s\nwant\n%s", b.String(), whole)
		}
		if at >= 0 && at < len(data) {
			read(flipped(data, at))
			read(data[:at])
			read(join(data[:at], []byte{with}, data[at:]))
		}
	})
}
