package audit

import "fmt"

// Stats counts what was read. Every byte after decompression, and every line,
// is counted in Bytes and Lines and in exactly one of the tallies, so that
//
//	Lines = Events.Lines + Wrapping.Lines + ... + Damaged.Lines
//	Bytes = Events.Bytes + Wrapping.Bytes + ... + Damaged.Bytes
//
// A line counts where it begins. What was not reached, because the loop ended
// before, does not count.
type Stats struct {
	Lines, Bytes int64

	Events   Tally // events given to the caller
	Wrapping Tally // what events are wrapped in: prefixes, line ends, envelopes
	Other    Tally // lines known to be of other streams, such as the API server's own log
	Blank    Tally // blank lines, runs of NUL bytes, byte order marks
	Skipped  Tally // left out because of a [Need]
	Damaged  Tally // left out and reported; Count is the number of errors

	Cut     int64 // of the events, those that the log service cut: see [Event]
	Control int64 // of Other, the messages by which the log service tests a subscription

	Duplicates int64 // of Events, those that repeat one before: see [Unique]
}

// A Tally counts one kind of thing that was read: how many there were, the
// lines that begin in them, and their bytes.
type Tally struct {
	Count, Lines, Bytes int64
}

// Add adds the counts of t to s.
func (s *Stats) Add(t Stats) {
	s.Lines += t.Lines
	s.Bytes += t.Bytes
	s.Cut += t.Cut
	s.Control += t.Control
	s.Duplicates += t.Duplicates
	for _, pair := range [...]struct{ to, from *Tally }{
		{&s.Events, &t.Events},
		{&s.Wrapping, &t.Wrapping},
		{&s.Other, &t.Other},
		{&s.Blank, &t.Blank},
		{&s.Skipped, &t.Skipped},
		{&s.Damaged, &t.Damaged},
	} {
		pair.to.Count += pair.from.Count
		pair.to.Lines += pair.from.Lines
		pair.to.Bytes += pair.from.Bytes
	}
}

// noEvents is the error for a log that is not empty and has no event in it.
func (s Stats) noEvents() error {
	if s.Events.Count > 0 || s.Skipped.Count > 0 || s.Bytes == s.Blank.Bytes {
		return nil
	}
	lines := fmt.Sprint(s.Lines, " lines")
	if s.Lines == 1 {
		lines = "1 line"
	}
	err := fmt.Errorf("audit: %w in %s (%d bytes)", ErrNoEvents, lines, s.Bytes)
	switch {
	case s.Wrapping.Bytes+s.Blank.Bytes == s.Bytes:
		return fmt.Errorf("%w: there are envelopes, and no message in them", err)
	case s.Other.Lines == 0:
		return err
	case s.Other.Lines+s.Blank.Lines == s.Lines:
		return fmt.Errorf("%w: they are of other log streams, such as the API server's own log", err)
	}
	return fmt.Errorf("%w, %d of them of other log streams", err, s.Other.Lines)
}
