package cli

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A TimeFlag is a flag for one end of a span of time: an RFC 3339 time, a date
// (UTC), or a duration such as 90m, 2h or 3d, which counts back from now. As
// the end of a span a date includes its whole day. The zero Time means that
// the flag was not given.
type TimeFlag struct {
	Time time.Time
	Now  time.Time
	End  bool // the flag is the later end
	text string
}

// String returns the flag as it was given.
func (f *TimeFlag) String() string { return f.text }

// Set parses the flag.
func (f *TimeFlag) Set(s string) error {
	t, err := f.parse(s)
	if err != nil {
		return err
	}
	f.Time, f.text = t, s
	return nil
}

// layouts are the forms of a time, besides a date. One without a zone is UTC.
var layouts = []string{
	time.RFC3339Nano,
	"2006-01-02T15:04:05",
	"2006-01-02 15:04:05",
	"2006-01-02T15:04",
	"2006-01-02 15:04",
}

func (f *TimeFlag) parse(s string) (time.Time, error) {
	for _, layout := range layouts {
		if t, err := time.Parse(layout, s); err == nil {
			return t.UTC(), nil
		}
	}
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		if f.End {
			t = t.AddDate(0, 0, 1).Add(-time.Nanosecond)
		}
		return t, nil
	}
	if d, ok := parseDuration(s); ok {
		return f.Now.Add(-d).UTC(), nil
	}
	return time.Time{}, fmt.Errorf("%q is no time: give 2026-11-23T07:40:00Z, 2026-11-23, or a duration such as 2h", s)
}

// parseDuration reads a duration as Go does, with days (d) and weeks (w) too,
// which stand first: 1w2d3h.
func parseDuration(s string) (time.Duration, bool) {
	var total time.Duration
	for _, unit := range []struct {
		name   string
		length time.Duration
	}{{"w", 7 * 24 * time.Hour}, {"d", 24 * time.Hour}} {
		count, rest, found := strings.Cut(s, unit.name)
		if !found {
			continue
		}
		n, err := strconv.ParseUint(count, 10, 16)
		if err != nil {
			return 0, false
		}
		total += time.Duration(n) * unit.length
		s = rest
	}
	if s == "" {
		return total, total > 0
	}
	d, err := time.ParseDuration(s)
	return total + d, err == nil && d >= 0
}
