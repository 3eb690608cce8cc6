package main

import (
	"bytes"
	"cmp"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sync"

	"github.com/klauspost/compress/zstd"

	"github.com/evictlog/evictlog/audit/audittest"
)

// seed is that of the log. Another would do as well.
const seed = 1

const partCount = 16

// logs are the forms of the one log.
type logs struct {
	plain, gz, zst []string // one file each
	parts          []string // .gz
	truth          audittest.Truth
}

// A recipe says what the files in a directory were made of.
type recipe struct {
	Seed uint64 `json:"seed"`
	Size int64  `json:"size"`
	CRC  uint32 `json:"crc32"`
}

// prepare makes the log in a directory, unless it is there already.
func prepare(dir string, size int64, stderr io.Writer) (*logs, error) {
	if err := os.MkdirAll(filepath.Join(dir, "parts"), 0o755); err != nil {
		return nil, err
	}
	log := &logs{
		plain: []string{filepath.Join(dir, "audit.log")},
		gz:    []string{filepath.Join(dir, "audit.log.gz")},
		zst:   []string{filepath.Join(dir, "audit.log.zst")},
	}
	for i := range partCount {
		log.parts = append(log.parts, filepath.Join(dir, "parts", fmt.Sprintf("audit-%02d.log.gz", i)))
	}
	want, err := log.generate(size, io.Discard)
	if err != nil {
		return nil, err
	}
	recipeFile := filepath.Join(dir, "recipe.json")
	var have recipe
	if data, err := os.ReadFile(recipeFile); err == nil && json.Unmarshal(data, &have) == nil && have == want {
		return log, nil
	}
	if err := os.RemoveAll(recipeFile); err != nil {
		return nil, err
	}
	fmt.Fprintf(stderr, "bench: making %d MiB of log\n", size>>20)
	if err := log.write(size); err != nil {
		return nil, err
	}
	data, err := json.Marshal(want)
	if err != nil {
		return nil, err
	}
	return log, os.WriteFile(recipeFile, data, 0o644)
}

// generate writes the log to w, and learns the truth.
func (l *logs) generate(size int64, w io.Writer) (recipe, error) {
	sum := crc32.New(crc32.MakeTable(crc32.Castagnoli))
	truth, err := audittest.Generator{Seed: seed, Bytes: size}.Generate(io.MultiWriter(sum, w))
	l.truth = truth
	return recipe{seed, size, sum.Sum32()}, err
}

// write writes all files.
func (l *logs) write(size int64) error {
	f, err := os.Create(l.plain[0])
	if err != nil {
		return err
	}
	_, err = l.generate(size, f)
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	cuts, err := lineCuts(l.plain[0], partCount)
	if err != nil {
		return err
	}
	end := cuts[partCount]
	tasks := make(chan func() error, partCount+2)
	tasks <- func() error { return pack(l.gz[0], l.plain[0], 0, end, newGzip) }
	tasks <- func() error { return pack(l.zst[0], l.plain[0], 0, end, newZstd) }
	for i, name := range l.parts {
		tasks <- func() error { return pack(name, l.plain[0], cuts[i], cuts[i+1], newGzip) }
	}
	close(tasks)
	return inParallel(tasks)
}

// inParallel does the tasks on all processors.
func inParallel(tasks <-chan func() error) error {
	var wg sync.WaitGroup
	errs := make([]error, runtime.GOMAXPROCS(0))
	for i := range errs {
		wg.Go(func() {
			for task := range tasks {
				errs[i] = errors.Join(errs[i], task())
			}
		})
	}
	wg.Wait()
	return errors.Join(errs...)
}

// lineCuts returns where to cut a file into n pieces at line ends, from 0 to
// its end.
func lineCuts(name string, n int64) ([]int64, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	cuts := []int64{0}
	block := make([]byte, 64<<10)
	for i := int64(1); i < n; i++ {
		at := max(info.Size()*i/n, cuts[i-1])
		for {
			k, err := f.ReadAt(block, at)
			if j := bytes.IndexByte(block[:k], '\n'); j >= 0 {
				at += int64(j) + 1
				break
			}
			at += int64(k)
			if err == io.EOF {
				break
			} else if err != nil {
				return nil, err
			}
		}
		cuts = append(cuts, at)
	}
	return append(cuts, info.Size()), nil
}

func newGzip(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriterLevel(w, 6) }

func newZstd(w io.Writer) (io.WriteCloser, error) {
	return zstd.NewWriter(w, zstd.WithEncoderLevel(zstd.EncoderLevelFromZstd(3)), zstd.WithEncoderConcurrency(1))
}

// pack compresses a range of a file.
func pack(to, from string, start, end int64, packer func(io.Writer) (io.WriteCloser, error)) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	zw, err := packer(out)
	if err != nil {
		return errors.Join(err, out.Close())
	}
	_, err = io.Copy(zw, io.NewSectionReader(in, start, end-start))
	return cmp.Or(err, zw.Close(), out.Close())
}
