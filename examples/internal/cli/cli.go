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

	"github.com/evictlog/evictlog/audit"
)

// The exit statuses of the programs.
const (
	OK      = 0 // also if nothing matched
	Damaged = 1 // some input could not be read; what could be was
	Usage   = 2 // wrong flags, or a query that was refused
)

// QuickUsage says what the flag -quick does.
const QuickUsage = "check no event beyond what is asked of it: several times faster, but damage inside an event goes unnoticed"

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

// Source returns a source over the paths: files and directories, and "-" for
// standard input.
func Source(paths []string) *audit.Archive { return audit.Files(paths...) }
