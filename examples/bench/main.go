// Bench measures the library against the tools that one would use instead.
//
//	go run ./examples/bench [-size 1GiB] [-dir DIR] [-rows NAME,...] [-runs 5] [-peers=false] [-o table|json]
//
// It generates an audit log, plain, as one .gz, as 16 .gz and as .zst, and runs
// each row of a table over it: with the library, and with each peer that it
// finds on the PATH. peers.sh, beside this file, installs them. Every run is a
// process of its own, so that start-up and peak memory count. Runs alternate,
// A B A B, after one of each that does not count: the figures are medians,
// and the ratio, which is what to quote, is that of neighbours.
//
// Every answer is compared with what the generator says is true. The exit
// status is 1 if one is wrong or a run failed, and 2 for wrong flags.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

func main() {
	if status, ok := inner(os.Args[1:], os.Stdout, os.Stderr); ok {
		os.Exit(status)
	}
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// settings are what the command line says.
type settings struct {
	size   int64
	dir    string
	rows   []row
	runs   int
	peers  bool
	format string
}

// run is the program. Its result is the exit status.
func run(args []string, stdout, stderr io.Writer) int {
	set, err := parseArgs(args, stderr)
	if err != nil {
		return 2
	}
	results, err := measureAll(set, stderr)
	if err == nil {
		if set.format == "json" {
			err = writeJSON(stdout, results)
		} else {
			err = writeTable(stdout, results)
		}
	}
	if err != nil {
		fmt.Fprintf(stderr, "bench: %v\n", err)
		return 1
	}
	if slices.ContainsFunc(results, func(r result) bool { return r.Wrong != "" }) {
		return 1
	}
	return 0
}

func parseArgs(args []string, stderr io.Writer) (set settings, err error) {
	set.size = 1 << 30
	names := ""
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(stderr)
	flags.Func("size", "`size` of the log, such as 64MiB (default 1GiB)", func(text string) (err error) {
		set.size, err = parseSize(text)
		return err
	})
	flags.StringVar(&set.dir, "dir", "", "keep the log in this `directory`, and use what is there (default: one that is removed at the end)")
	flags.StringVar(&names, "rows", "", "only these rows, by their `names`: "+strings.Join(rowNames(), ","))
	flags.IntVar(&set.runs, "runs", 5, "how often to run each pair")
	flags.BoolVar(&set.peers, "peers", true, "run what others wrote, too")
	flags.StringVar(&set.format, "o", "table", "output `format`: table or json")
	if err := flags.Parse(args); err != nil {
		return set, err
	}
	set.rows, err = chooseRows(names)
	switch {
	case err != nil:
	case flags.NArg() > 0:
		err = fmt.Errorf("unexpected argument %q", flags.Arg(0))
	case set.runs < 1:
		err = fmt.Errorf("-runs takes a number from 1")
	case set.format != "table" && set.format != "json":
		err = fmt.Errorf("-o takes table or json")
	}
	if err != nil {
		fmt.Fprintf(stderr, "bench: %v\n", err)
	}
	return set, err
}

var sizes = regexp.MustCompile(`^([1-9][0-9]{0,9})([KMG]?)(i?B)?$`)

// parseSize reads a size; MB and MiB are the same here.
func parseSize(text string) (int64, error) {
	m := sizes.FindStringSubmatch(text)
	if m == nil {
		return 0, fmt.Errorf("want a number and KiB, MiB or GiB")
	}
	n, err := strconv.ParseInt(m[1], 10, 64)
	shift := map[string]int{"": 0, "K": 10, "M": 20, "G": 30}[m[2]]
	return n << shift, err
}

// chooseRows returns the rows with the given names, all if there are none.
func chooseRows(names string) ([]row, error) {
	if names == "" {
		return rows, nil
	}
	var chosen []row
	for name := range strings.SplitSeq(names, ",") {
		i := slices.IndexFunc(rows, func(r row) bool { return r.name == name })
		if i < 0 {
			return nil, fmt.Errorf("there is no row %q: the rows are %s", name, strings.Join(rowNames(), ", "))
		}
		chosen = append(chosen, rows[i])
	}
	return chosen, nil
}

func rowNames() []string {
	var names []string
	for _, r := range rows {
		names = append(names, r.name)
	}
	return names
}

// measureAll makes the log and runs the rows over it.
func measureAll(set settings, stderr io.Writer) ([]result, error) {
	dir := set.dir
	if dir == "" {
		temporary, err := os.MkdirTemp("", "evictlog-bench")
		if err != nil {
			return nil, err
		}
		defer os.RemoveAll(temporary)
		dir = temporary
	}
	log, err := prepare(dir, set.size, stderr)
	if err != nil {
		return nil, err
	}
	m, err := newMeter(dir, set.runs)
	if err != nil {
		return nil, err
	}
	missing := make(map[string]bool)
	var results []result
	for _, r := range set.rows {
		fmt.Fprintf(stderr, "bench: %s\n", r.name)
		var peers []peer
		for _, p := range r.peers {
			lacks := p.lacks()
			if !p.ours && !set.peers || lacks != "" {
				if lacks != "" && set.peers && !missing[lacks] {
					missing[lacks] = true
					fmt.Fprintf(stderr, "bench: %s is not installed\n", lacks)
				}
				continue
			}
			peers = append(peers, p)
		}
		results = append(results, m.row(log, r, peers)...)
	}
	return results, nil
}

// lacks returns the first of the peer's tools that is not installed.
func (p peer) lacks() string {
	for _, tool := range p.tools {
		if _, err := exec.LookPath(tool); err != nil {
			return tool
		}
	}
	return ""
}
