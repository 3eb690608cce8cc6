package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"sync/atomic"
	"time"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"

	"github.com/evictlog/evictlog/audit"
	"github.com/evictlog/evictlog/evict"
	"github.com/evictlog/evictlog/query"
)

// The first arguments by which the program calls itself. Nobody else is meant
// to.
const (
	innerMeasure = "inner-measure" // USAGE COMMAND...: run a command and write its usage to a file
	innerQuery   = "inner-query"   // QUERY COLUMNS FILE...
	innerEvict   = "inner-evict"   // FILE...
	innerRead    = "inner-read"    // FILE...
	innerDecode  = "inner-decode"  // FILE...
)

// inner does what the program calls itself for, and reports whether it is such
// a call.
func inner(args []string, stdout, stderr io.Writer) (status int, ok bool) {
	if len(args) < 2 {
		return 0, false
	}
	out := bufio.NewWriter(stdout)
	var err error
	switch args[0] {
	case innerMeasure:
		err = runMeasured(args[1], args[2:], stdout, stderr)
	case innerQuery:
		err = runQuery(out, args[1], strings.Split(args[2], "\t"), args[3:])
	case innerEvict:
		err = runEvict(out, args[1:])
	case innerRead:
		err = runRead(out, args[1:])
	case innerDecode:
		err = runDecode(out, args[1:])
	default:
		return 0, false
	}
	if err == nil {
		err = out.Flush()
	}
	if err != nil {
		fmt.Fprintln(stderr, err)
		return 1, true
	}
	return 0, true
}

// A usage is what one run took.
type usage struct {
	Wall time.Duration `json:"wall"`
	CPU  time.Duration `json:"cpu"`
	Peak int64         `json:"peak"` // bytes
}

// runMeasured runs a command. It is a process between the program and the
// command because a process starts out with the peak memory of the one that
// started it, and this one is small.
func runMeasured(usageFile string, command []string, stdout, stderr io.Writer) error {
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdout, cmd.Stderr = stdout, stderr
	start := time.Now()
	if err := cmd.Run(); err != nil {
		return err
	}
	u := usage{Wall: time.Since(start), CPU: cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime(), Peak: peakBytes(cmd.ProcessState)}
	data, err := json.Marshal(u)
	if err != nil {
		return err
	}
	return os.WriteFile(usageFile, data, 0o644)
}

// runQuery runs a query and writes some of its columns.
func runQuery(w *bufio.Writer, text string, columns, files []string) error {
	q, err := query.Parse(text)
	if err != nil {
		return err
	}
	for row, err := range q.Run(context.Background(), audit.Files(files...), nil) {
		if err != nil {
			return err
		}
		for i, column := range columns {
			if i > 0 {
				w.WriteByte('\t')
			}
			w.WriteString(row.Get(column).String())
		}
		w.WriteByte('\n')
	}
	return nil
}

// runEvict writes a line for each attempt.
func runEvict(w *bufio.Writer, files []string) error {
	for a, err := range evict.Attempts(context.Background(), audit.Files(files...), nil) {
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t%v\n", a.Time.Format(time.RFC3339Nano), a.Namespace, a.Pod, a.Outcome)
	}
	return nil
}

const blockBytes = 1 << 20

// runRead reads the files and does nothing with them: what the machine can do.
func runRead(w io.Writer, files []string) error {
	var total atomic.Int64
	tasks := make(chan func() error)
	go func() {
		defer close(tasks)
		for _, name := range files {
			info, err := os.Stat(name)
			if err != nil {
				tasks <- func() error { return err }
				continue
			}
			share := info.Size()/int64(runtime.GOMAXPROCS(0)) + 1
			for at := int64(0); at < info.Size(); at += share {
				tasks <- func() error { return readRange(name, at, min(at+share, info.Size()), &total) }
			}
		}
	}()
	if err := inParallel(tasks); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, total.Load())
	return err
}

func readRange(name string, from, to int64, total *atomic.Int64) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	block := make([]byte, blockBytes)
	for from < to {
		n, err := f.ReadAt(block[:min(blockBytes, to-from)], from)
		from += int64(n)
		total.Add(int64(n))
		if err != nil {
			return err
		}
	}
	return nil
}

// runDecode decompresses the files, each on one processor, and does nothing
// with what comes out.
func runDecode(w io.Writer, files []string) error {
	var total atomic.Int64
	tasks := make(chan func() error, len(files))
	for _, name := range files {
		tasks <- func() error { return decode(name, &total) }
	}
	close(tasks)
	if err := inParallel(tasks); err != nil {
		return err
	}
	_, err := fmt.Fprintln(w, total.Load())
	return err
}

func decode(name string, total *atomic.Int64) error {
	f, err := os.Open(name)
	if err != nil {
		return err
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, blockBytes)
	magic, err := in.Peek(2)
	if err != nil {
		return err
	}
	var out io.Reader
	if magic[0] == 0x1f {
		if out, err = gzip.NewReader(in); err != nil {
			return err
		}
	} else {
		zr, err := zstd.NewReader(in, zstd.WithDecoderConcurrency(1))
		if err != nil {
			return err
		}
		defer zr.Close()
		out = zr
	}
	n, err := io.CopyBuffer(struct{ io.Writer }{io.Discard}, struct{ io.Reader }{out}, make([]byte, blockBytes))
	total.Add(n)
	return err
}
