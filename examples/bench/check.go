package main

import (
	"bytes"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit/audittest"
)

// A check compares what a run printed, rows with tabs between their columns,
// with the truth.
type check func(truth *audittest.Truth, out []byte) error

func evictionsOfPod(t *audittest.Truth) int { return t.EvictionsOfPod }
func attempts(t *audittest.Truth) int       { return t.Attempts }
func refused(t *audittest.Truth) int        { return t.Refused }

// lines checks how many rows there are.
func lines(want func(*audittest.Truth) int) check {
	return func(truth *audittest.Truth, out []byte) error {
		if got, want := bytes.Count(out, []byte("\n")), want(truth); got != want {
			return fmt.Errorf("%d rows, and there are %d", got, want)
		}
		return nil
	}
}

// wholeLog checks the one number that is the size of the log.
func wholeLog(truth *audittest.Truth, out []byte) error {
	if got := string(bytes.TrimSpace(out)); got != strconv.FormatInt(truth.Bytes, 10) {
		return fmt.Errorf("read %s bytes, and there are %d", got, truth.Bytes)
	}
	return nil
}

func byResource(t *audittest.Truth) map[string]int {
	m := make(map[string]int)
	for key, n := range t.ByResource {
		m[key.Verb+"\t"+key.Resource] += n
	}
	return m
}

const minute = "2006-01-02 15:04"

func byUser(t *audittest.Truth) map[string]int {
	m := make(map[string]int)
	for key, n := range t.ByUser {
		m[key.User+"\t"+time.Unix(key.Bin, 0).UTC().Format(minute)] += n
	}
	return m
}

func byClient(t *audittest.Truth) map[string]int { return t.Clients }

// counts checks rows whose last column counts how often the others occur. A
// time among those counts by its minute.
func counts(want func(*audittest.Truth) map[string]int) check {
	return func(truth *audittest.Truth, out []byte) error {
		got := make(map[string]int)
		for line := range strings.Lines(string(out)) {
			key, count := cutLast(strings.TrimSuffix(line, "\n"))
			n, err := strconv.Atoi(count)
			if err != nil {
				return err
			}
			first, last := cutLast(key)
			if at, err := time.Parse(time.DateTime, last); err == nil {
				key = first + "\t" + at.Format(minute)
			}
			if _, twice := got[key]; twice {
				return fmt.Errorf("two rows for %q", key)
			}
			got[key] = n
		}
		return sameCounts(got, want(truth))
	}
}

// cutLast cuts off the last column.
func cutLast(line string) (first, last string) {
	i := strings.LastIndexByte(line, '\t')
	return line[:max(i, 0)], line[i+1:]
}

func sameCounts(got, want map[string]int) error {
	for _, key := range slices.Sorted(maps.Keys(want)) {
		if got[key] != want[key] {
			return fmt.Errorf("%d of %q, and there are %d", got[key], key, want[key])
		}
	}
	for key := range got {
		if want[key] == 0 {
			return fmt.Errorf("%d of %q, and there is none", got[key], key)
		}
	}
	return nil
}

// newest checks rows that begin with the latest times, to the millisecond.
func newest(truth *audittest.Truth, out []byte) error {
	const millis = "2006-01-02 15:04:05.000"
	var got, want []string
	for line := range strings.Lines(string(out)) {
		at, _, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		at = strings.Replace(at, "T", " ", 1)
		got = append(got, at[:min(len(at), len(millis))])
	}
	for _, at := range truth.Newest {
		want = append(want, at.Format(millis))
	}
	if !slices.Equal(got, want) {
		return fmt.Errorf("the newest are %q, and should be %q", got, want)
	}
	return nil
}

// percentiles checks rows of a resource, the number of its lines, and two
// percentiles of their lengths. Those may be off by one percent of the lines
// and two of the length: there are many definitions, and sketches.
func percentiles(truth *audittest.Truth, out []byte) error {
	got, want := make(map[string]int), make(map[string]int)
	for key, n := range truth.ByResource {
		want[key.Resource] += n
	}
	for line := range strings.Lines(string(out)) {
		columns := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(columns) != 4 {
			return fmt.Errorf("a row with %d columns", len(columns))
		}
		n, err := strconv.Atoi(columns[1])
		if err != nil {
			return err
		}
		got[columns[0]] = n
		for i, percent := range []int{50, 99} {
			size, err := strconv.ParseFloat(columns[2+i], 64)
			if err != nil {
				return err
			}
			low := math.Floor(0.98 * float64(truth.LengthQuantile(columns[0], percent-1)))
			high := math.Ceil(1.02 * float64(truth.LengthQuantile(columns[0], percent+1)))
			if size < low || size > high {
				return fmt.Errorf("percentile %d of %q is %v, and should be from %v to %v", percent, columns[0], size, low, high)
			}
		}
	}
	return sameCounts(got, want)
}
