package audit_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/klauspost/compress/zstd"

	"github.com/evictlog/evictlog/audit"
)

// TestZstdSums changes each byte of frames with and without a checksum. Damage
// is reported for those that the decompressor refuses when it computes the
// checksums itself, and for no others.
func TestZstdSums(t *testing.T) {
	text := events("a", 40)
	plain, err := zstd.NewWriter(nil, zstd.WithEncoderCRC(false))
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	defer z.Close()
	unsummed := plain.EncodeAll([]byte(text), nil)
	for name, frame := range map[string][]byte{"sum": zstded(text), "no sum": unsummed, "both": join(zstded(text), unsummed)} {
		refused := 0
		for i := range frame {
			for _, by := range []byte{0x01, 0x80, 0xff} {
				data := bytes.Clone(frame)
				data[i] ^= by
				_, wrong := z.DecodeAll(data, nil)
				damaged := false
				for _, err := range audit.NewReader(bytes.NewReader(data)).Events() {
					damaged = damaged || errors.Is(err, audit.ErrDamaged)
				}
				if wrong != nil {
					refused++
				}
				if i >= 4 && damaged != (wrong != nil) { // before that it is no zstd
					t.Errorf("%s, byte %d changed by %#x: damaged is %v, the decompressor says %v", name, i, by, damaged, wrong)
				}
			}
		}
		if refused == 0 {
			t.Errorf("%s: nothing is refused", name)
		}
	}
}
