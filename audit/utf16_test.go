package audit

import (
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
)

// FuzzUTF16 holds decoding to that of package unicode/utf16.
func FuzzUTF16(f *testing.F) {
	f.Add([]byte("{\x00}\x00\n\x00"), false)
	f.Add([]byte{0x3d, 0xd8, 0x00, 0xde, 0x00, 0xd8, 0x41, 0x00, 0x00, 0xdc, 0x00, 0xd8}, false)
	f.Add([]byte{0x3d, 0xd8, 0x00, 0xd8, 0xd8, 0x3d, 0xde, 0x00, 0x41}, true)
	f.Fuzz(func(t *testing.T, data []byte, big bool) {
		order, mark := binary.ByteOrder(binary.LittleEndian), utf16Marks[0]
		if big {
			order, mark = binary.BigEndian, utf16Marks[1]
		}
		units := []uint16{0xfeff}
		for i := 0; i+1 < len(data); i += 2 {
			units = append(units, order.Uint16(data[i:]))
		}
		want := string(utf16.Decode(units))
		if len(data)%2 != 0 && !(len(units) > 1 && units[len(units)-1]&^0x3ff == 0xd800) {
			want += "\ufffd"
		}
		text := mark + string(data)
		for _, in := range []io.Reader{strings.NewReader(text), iotest.OneByteReader(strings.NewReader(text)), iotest.DataErrReader(strings.NewReader(text))} {
			got, err := io.ReadAll(decoded([]byte(text), in))
			if string(got) != want || err != nil {
				t.Errorf("%x decoded as %q, want %q, %v", text, got, want, err)
			}
		}
	})
}

// TestUTF16 reads a log as a shell of Windows redirects it.
func TestUTF16(t *testing.T) {
	log := "\ufeff" + strings.Join(fuzzEvents(3, 0), "\r\n") + "\r\n"
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(log)) {
		b.Write([]byte{byte(unit), byte(unit >> 8)})
	}
	var ids []string
	for ev, err := range NewReader(strings.NewReader(b.String())).Events() {
		if err != nil {
			t.Fatal(err)
		}
		ids = append(ids, string(ev.Raw))
	}
	if len(ids) != 3 {
		t.Errorf("events %v", ids)
	}
}
