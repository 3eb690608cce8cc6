package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

func writeJSON(w io.Writer, results []result) error {
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	return e.Encode(results)
}

// writeTable writes the table, and below it what does not fit into it.
func writeTable(w io.Writer, results []result) error {
	tw := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	fmt.Fprintln(tw, "row\twork\ts\tcpu s\tMiB\tagainst\ts\tcpu s\tMiB\tratio (least .. most)\tof cpu\ttarget")
	var notes []string
	for _, r := range results {
		fmt.Fprintf(tw, "%s\t%s\t", r.Row, r.Title)
		switch {
		case r.Unsupported != "":
			fmt.Fprint(tw, "not supported yet")
			notes = append(notes, fmt.Sprintf("%s: not supported yet: %s", r.Row, r.Unsupported))
		case r.Wrong != "":
			fmt.Fprint(tw, "WRONG")
			notes = append(notes, fmt.Sprintf("%s: WRONG: %s", r.Row, r.Wrong))
		default:
			r.writeFigures(tw)
			if r.Ours.Peak > r.PeakLimit {
				notes = append(notes, fmt.Sprintf("%s: took %d MiB of memory, more than %d", r.Row, mebibytes(r.Ours.Peak), mebibytes(r.PeakLimit)))
			}
		}
		fmt.Fprintln(tw)
	}
	err := tw.Flush()
	for _, note := range slices.Compact(notes) {
		fmt.Fprintln(w, note)
	}
	return err
}

// writeFigures writes the columns from the first time on.
func (r result) writeFigures(w io.Writer) {
	r.Ours.write(w)
	if r.Theirs == nil {
		return
	}
	fmt.Fprintf(w, "%s\t", r.Peer)
	r.Theirs.write(w)
	fmt.Fprintf(w, "%.2f (%.2f .. %.2f)\t%.2f\t", r.Ratio.Median, r.Ratio.Min, r.Ratio.Max, r.Ours.CPU/r.Theirs.CPU)
	switch {
	case r.Target == 0:
		fmt.Fprint(w, "-")
	case r.Met:
		fmt.Fprintf(w, "%.2f met", r.Target)
	default:
		fmt.Fprintf(w, "%.2f MISSED", r.Target)
	}
}

func (f *figure) write(w io.Writer) {
	fmt.Fprintf(w, "%.3f\t%.3f\t%d\t", f.Wall, f.CPU, mebibytes(f.Peak))
}

// mebibytes rounds up.
func mebibytes(n int64) int64 { return (n + 1<<20 - 1) >> 20 }
