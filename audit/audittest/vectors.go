// Package audittest holds what the tests of packages audit, query and evict
// share. It reads no flags and knows no *testing.T.
package audittest

import (
	"fmt"
	"io/fs"
	"slices"
	"strings"
)

// A Vector is one test case kept as a txtar file: one file, one fact.
//
//	# filter: like with a quoted string is a case-sensitive substring match
//	insights: documented https://...
//	-- query --
//	filter verb like "crea"
//	-- want --
//	{"verb":"create"}
//
// The lines before the first marker are the header: lines that begin with #
// are the title, the others are keys with a value, blank lines mean nothing.
type Vector struct {
	// Path is the name of the file in the file system it was loaded from.
	Path string
	// Title is the text of the # lines, joined by blanks.
	Title string
	// Header has the value of every key; it is never nil.
	Header map[string]string
	// Files are the members, in the order of the file.
	Files []File
}

// A File is one member of a [Vector]. Data ends with a newline unless it is
// empty.
type File struct {
	Name string
	Data []byte
}

// File returns the text of the member called name, and whether there is one.
func (v Vector) File(name string) (string, bool) {
	i := slices.IndexFunc(v.Files, func(f File) bool { return f.Name == name })
	if i < 0 {
		return "", false
	}
	return string(v.Files[i].Data), true
}

// Load returns the vectors of the files of fsys that match pattern (see
// [fs.Glob]), in the order of their names. The keys are all that a header may
// have: a header with another key, a member that is there twice and a pattern
// that matches nothing are errors, since each is a test that would not run.
func Load(fsys fs.FS, pattern string, keys ...string) ([]Vector, error) {
	names, err := fs.Glob(fsys, pattern)
	if err != nil {
		return nil, fmt.Errorf("audittest: %s: %w", pattern, err)
	}
	if len(names) == 0 {
		return nil, fmt.Errorf("audittest: %s: no such file", pattern)
	}
	vectors := make([]Vector, 0, len(names))
	for _, name := range names {
		data, err := fs.ReadFile(fsys, name)
		if err != nil {
			return nil, fmt.Errorf("audittest: %w", err)
		}
		v, err := parse(name, string(data), keys)
		if err != nil {
			return nil, fmt.Errorf("audittest: %w", err)
		}
		vectors = append(vectors, v)
	}
	return vectors, nil
}

// parse reads one vector. As in any txtar file, a line that is no marker is
// part of what stands above it, so that only the header can be wrong.
func parse(path, text string, keys []string) (Vector, error) {
	v := Vector{Path: path, Header: make(map[string]string)}
	n := 0
	for line := range strings.Lines(text) {
		n++
		if name, ok := marker(line); ok {
			if _, twice := v.File(name); twice {
				return v, fmt.Errorf("%s:%d: member %q is there twice", path, n, name)
			}
			v.Files = append(v.Files, File{Name: name})
			continue
		}
		if len(v.Files) > 0 {
			data := &v.Files[len(v.Files)-1].Data
			*data = append(append(*data, strings.TrimSuffix(line, "\n")...), '\n')
			continue
		}
		if err := v.header(strings.TrimSpace(line), keys); err != nil {
			return v, fmt.Errorf("%s:%d: %w", path, n, err)
		}
	}
	return v, nil
}

// marker returns the name in a line "-- name --".
func marker(line string) (name string, ok bool) {
	name, ok = strings.CutPrefix(strings.TrimRight(line, "\r\n"), "-- ")
	if !ok {
		return "", false
	}
	name, ok = strings.CutSuffix(name, " --")
	return strings.TrimSpace(name), ok && strings.TrimSpace(name) != ""
}

// header takes in one line of the header.
func (v *Vector) header(line string, keys []string) error {
	if line == "" {
		return nil
	}
	if title, ok := strings.CutPrefix(line, "#"); ok {
		v.Title = strings.TrimSpace(v.Title + " " + strings.TrimSpace(title))
		return nil
	}
	key, value, ok := strings.Cut(line, ":")
	if !ok {
		return fmt.Errorf("header line %q is not \"key: value\"", line)
	}
	if !slices.Contains(keys, key) {
		return fmt.Errorf("unknown header key %q", key)
	}
	if _, twice := v.Header[key]; twice {
		return fmt.Errorf("header key %q is there twice", key)
	}
	v.Header[key] = strings.TrimSpace(value)
	return nil
}
