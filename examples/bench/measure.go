package main

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evictlog/evictlog/query"
)

// A result is one line of the table: a row, and one way to do it otherwise.
type result struct {
	Row   string  `json:"row"`
	Title string  `json:"title"`
	Ours  *figure `json:"ours,omitempty"`

	// PeakLimit is the most memory that the library may take, in bytes.
	PeakLimit int64 `json:"peakLimit,omitempty"`

	Peer   string  `json:"peer,omitempty"`
	Theirs *figure `json:"theirs,omitempty"`

	// Ratio is the time of ours in times of theirs: the median of the pairs,
	// the least and the most.
	Ratio *spread `json:"ratio,omitempty"`

	// Target is the most that the ratio should be, 0 if there is no target.
	Target float64 `json:"target,omitempty"`
	Met    bool    `json:"met,omitempty"`

	// Unsupported says why the library cannot do the row.
	Unsupported string `json:"unsupported,omitempty"`

	// Wrong says which run failed or gave a wrong answer, and how.
	Wrong string `json:"wrong,omitempty"`
}

// A figure is what the runs of one way took.
type figure struct {
	Wall float64 `json:"wall"` // seconds, median
	CPU  float64 `json:"cpu"`
	Peak int64   `json:"peak"` // bytes, the most of all runs
}

type spread struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
}

// A meter runs commands and measures them.
type meter struct {
	self   string
	dir    string
	runs   int
	errors bytes.Buffer // what the last command wrote to standard error
}

func newMeter(dir string, runs int) (*meter, error) {
	self, err := os.Executable()
	return &meter{self: self, dir: dir, runs: runs}, err
}

// row does a row with the library and with each peer.
func (m *meter) row(log *logs, r row, peers []peer) []result {
	blank := result{Row: r.name, Title: r.title}
	if r.query != "" {
		if _, err := query.Parse(r.query); err != nil {
			blank.Unsupported = err.Error()
			return []result{blank}
		}
	}
	if len(peers) == 0 {
		peers = []peer{{}}
	}
	var results []result
	for _, p := range peers {
		res := blank
		res.Peer, res.Target = p.name, p.limit
		if err := m.pairs(log, r, p, &res); err != nil {
			res.Wrong = err.Error()
		}
		results = append(results, res)
	}
	return results
}

// pairs runs the library and a peer in turns. A peer without a name is none.
func (m *meter) pairs(log *logs, r row, p peer, res *result) error {
	files := r.files(log)
	ours, theirs := r.ours(files), r.check
	if p.check != nil {
		theirs = p.check
	}
	var a, b []usage
	for i := range m.runs + 1 {
		u, err := m.run(log, ours, r.check)
		if err != nil {
			return fmt.Errorf("ours: %w", err)
		}
		var v usage
		if p.name != "" {
			if v, err = m.run(log, p.command(files), theirs); err != nil {
				return fmt.Errorf("%s: %w", p.name, err)
			}
		}
		if i > 0 { // the first was to warm up
			a, b = append(a, u), append(b, v)
		}
	}
	res.Ours = newFigure(a)
	res.PeakLimit = r.peakLimit()
	if p.name != "" {
		res.Theirs = newFigure(b)
		res.Ratio = newSpread(a, b)
		res.Met = res.Ratio.Median <= p.limit
	}
	return nil
}

// run runs a command once and checks its answer.
func (m *meter) run(log *logs, command []string, check check) (usage, error) {
	answerFile, usageFile := filepath.Join(m.dir, "answer.tsv"), filepath.Join(m.dir, "usage.json")
	answer, err := os.Create(answerFile)
	if err != nil {
		return usage{}, err
	}
	defer os.Remove(answerFile)
	m.errors.Reset()
	cmd := exec.Command(m.self, append([]string{innerMeasure, usageFile}, command...)...)
	cmd.Stdout, cmd.Stderr = answer, &m.errors
	if err := cmp.Or(cmd.Run(), answer.Close()); err != nil {
		return usage{}, errors.Join(err, errors.New(strings.TrimSpace(m.errors.String())))
	}
	out, err := os.ReadFile(answerFile)
	if err != nil {
		return usage{}, err
	}
	if err := check(&log.truth, out); err != nil {
		return usage{}, err
	}
	data, err := os.ReadFile(usageFile)
	if err != nil {
		return usage{}, err
	}
	var u usage
	err = cmp.Or(json.Unmarshal(data, &u), os.Remove(usageFile))
	return u, err
}

func newFigure(runs []usage) *figure {
	var wall, cpu []float64
	f := new(figure)
	for _, u := range runs {
		wall = append(wall, u.Wall.Seconds())
		cpu = append(cpu, u.CPU.Seconds())
		f.Peak = max(f.Peak, u.Peak)
	}
	f.Wall, f.CPU = median(wall), median(cpu)
	return f
}

// newSpread compares the pairs.
func newSpread(a, b []usage) *spread {
	var ratios []float64
	for i := range a {
		ratios = append(ratios, a[i].Wall.Seconds()/b[i].Wall.Seconds())
	}
	return &spread{median(ratios), slices.Min(ratios), slices.Max(ratios)}
}

func median(values []float64) float64 {
	slices.Sort(values)
	n := len(values)
	return (values[(n-1)/2] + values[n/2]) / 2
}
