// Package cli has what the example programs share: flags, times, the forms of
// output, and how trouble is reported.
//
// A program prints rows to standard output and everything else to standard
// error, and exits with one of the statuses below.
package cli

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"time"
)

// The exit statuses of the programs.
const (
	OK      = 0 // also if nothing matched
	Damaged = 1 // some input could not be read; what could be was
	Usage   = 2 // wrong flags, or a query that was refused
)

// Settings are what every program takes from its command line.
type Settings struct {
	Paths      []string
	Format     string
	Start, End TimeFlag // of the span of time that is looked at
	Quick      bool     // events are not checked
}

// Flags returns the flags of a program, with those of the settings defined: its
// own are to be added. start and end are the names of the flags for the span.
func (s *Settings) Flags(program, usage, start, end string, stderr io.Writer, now time.Time) *flag.FlagSet {
	s.Start.Now, s.End.Now, s.End.End = now, now, true
	flags := flag.NewFlagSet(program, flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Usage = func() {
		fmt.Fprintf(stderr, "usage: %s %s\n", program, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&s.Format, "o", "table", "output `format`: "+Formats)
	flags.Var(&s.Start, start, "leave out what happened before this `time`: RFC 3339, a date, or a duration back from now such as 2h")
	flags.Var(&s.End, end, "leave out what happened after this `time`; a date includes its whole day")
	flags.BoolVar(&s.Quick, "quick", false, "check no event beyond what is asked of it: several times faster, but damage inside an event goes unnoticed")
	return flags
}

// Parse parses args. wrong, if it is not nil, says what is wrong with the
// program's own flags. If ok is false Parse has said why, and status is the
// exit status.
func (s *Settings) Parse(flags *flag.FlagSet, args []string, wrong func() string) (status int, ok bool) {
	if s.Paths, status, ok = ParseFlags(flags, args); !ok {
		return status, false
	}
	text := ""
	if wrong != nil {
		text = wrong()
	}
	if _, err := NewWriter(s.Format, io.Discard, nil); err != nil && text == "" {
		text = err.Error()
	}
	if text == "" {
		return OK, true
	}
	fmt.Fprintf(flags.Output(), "%s: %s\n", flags.Name(), text)
	flags.Usage()
	return Usage, false
}

// ParseFlags parses args, in which flags and paths may be mixed, and returns
// the paths. After "--" there are only paths. On failure, or if help was asked
// for, it has printed why to the set's output and returns ok false with the
// status to exit with.
func ParseFlags(flags *flag.FlagSet, args []string) (paths []string, status int, ok bool) {
	for {
		err := flags.Parse(args)
		switch {
		case errors.Is(err, flag.ErrHelp):
			return nil, OK, false
		case err != nil:
			return nil, Usage, false
		}
		rest := flags.Args()
		if len(rest) == 0 {
			return paths, OK, true
		}
		if parsed := len(args) - len(rest); parsed > 0 && args[parsed-1] == "--" {
			return append(paths, rest...), OK, true
		}
		paths, args = append(paths, rest[0]), rest[1:]
	}
}

// A Reporter tells of trouble on standard error and remembers that there was
// some.
type Reporter struct {
	w       io.Writer
	program string
	status  int
}

// NewReporter returns a Reporter for the named program.
func NewReporter(w io.Writer, program string) *Reporter {
	return &Reporter{w: w, program: program}
}

// Say prints a remark that is no trouble.
func (r *Reporter) Say(format string, args ...any) {
	fmt.Fprintf(r.w, "%s: %s\n", r.program, Visible(fmt.Sprintf(format, args...)))
}

// Damage reports an error of reading, after which the status is [Damaged].
func (r *Reporter) Damage(err error) {
	r.status = Damaged
	r.Say("%v", err)
}

// Status is the status to exit with.
func (r *Reporter) Status() int { return r.status }
