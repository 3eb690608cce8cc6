package audit

import (
	"fmt"
	"io"
	"sync"
)

// A meter holds what is unpacked of one file to a bound, since a few bytes can
// be made to unpack to any number.
type meter struct {
	limit int64 // of bytes unpacked; 0 for the default, negative for none

	mu     sync.Mutex // what is unpacked ahead is counted then
	stored int64      // bytes read of the file
	given  int64      // bytes that came out of its containers, each counted
}

// What a file may unpack to if nobody says: as much as logs of days have, or a
// hundred times its size. Audit logs are known to be packed up to 27 times.
const (
	defaultMaxUnpacked = 16 << 30
	maxRatio           = 100
)

// take counts n bytes that came out of a container.
func (m *meter) take(n int) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.given += int64(n)
	limit := m.limit
	if limit == 0 {
		limit = max(defaultMaxUnpacked, m.stored*maxRatio)
	}
	if limit < 0 || m.given <= limit {
		return nil
	}
	return fmt.Errorf("%w: %d bytes so far, of %d that are stored", ErrTooLarge, m.given, m.stored)
}

// A stored reads a file and tells the meter how much there was of it.
type stored struct {
	r     io.Reader
	meter *meter
}

func (s *stored) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.meter.mu.Lock()
	defer s.meter.mu.Unlock()
	s.meter.stored += int64(n)
	return n, err
}

// A metered reads what comes out of a container, within the bound of the meter.
type metered struct {
	r     io.Reader
	meter *meter
}

func (m *metered) Read(p []byte) (int, error) {
	n, err := m.r.Read(p)
	if too := m.meter.take(n); too != nil {
		return 0, too
	}
	return n, err
}
