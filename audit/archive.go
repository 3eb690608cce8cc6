package audit

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"iter"
	"path"
	"path/filepath"
	"strings"
	"sync"

	"github.com/evictlog/evictlog/audit/internal/ahead"
)

// An Archive is a tree of audit logs. It is a [Source]: each file is a part,
// or several. The fields can be set before it is first read; FS alone must be.
//
// While fewer files are read than Go uses processors, in the whole process, gzip
// and zstd files are decompressed by goroutines of their own. They have ended when
// the loop over the events has.
type Archive struct {
	// FS holds the files.
	FS fs.FS

	// Roots are the files and directories to read, in this order; nil means
	// ".". Directories are read with all that is below them, in the order of
	// the names. A root that is a file is read whatever its name.
	Roots []string

	// Match selects the files below a directory by their whole name. nil
	// means every regular file, but none whose name begins with a dot or that
	// is in a directory whose name does. Symbolic links are followed to
	// files, not to directories.
	Match func(name string) bool

	// Group, Stream and MaxEventBytes are as for a [Reader].
	Group, Stream string
	MaxEventBytes int
	// MaxUnpackedBytes is as for a [Reader], for each file.
	MaxUnpackedBytes int64

	// PartBytes is the size of the ranges into which Parts cuts plain files
	// that are larger than two of them, so that they can be read side by side.
	// 0 means 16 MiB, a negative number that no file is cut. In all ranges but
	// the first of a file the line numbers of events are not known; Line finds
	// them.
	PartBytes int64

	mu    sync.Mutex
	stats Stats // of all that was read

	counting sync.Mutex
	marks    map[string]*counted // what Line knows, by file
}

const defaultPartBytes = 16 << 20

// Events gives the events of all files, one after the other. The sequence can
// be walked any number of times.
//
// A file that cannot be read, or in which there is something to read but no
// event, is an [*EventError], and the next one follows; so does one that has
// nothing but lines of other log streams, without an error. If there is no
// event in the whole archive, the last item wraps [ErrNoEvents].
//
// It reads whole files, so that all line numbers are known.
func (a *Archive) Events(ctx context.Context) iter.Seq2[Event, error] {
	return Events(ctx, wholeFiles{a}, Need{})
}

// wholeFiles is an archive of which no file is cut.
type wholeFiles struct{ *Archive }

func (a wholeFiles) Parts(ctx context.Context) iter.Seq2[Part, error] { return a.parts(ctx, 0) }

// Stats returns the counts of everything that was read from the archive so
// far, over all walks. A part counts when its reading ends.
func (a *Archive) Stats() Stats {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stats
}

// Parts lists the files, or the ranges of them, in the order of the roots and
// of the names below them. What cannot be listed is an [*EventError].
func (a *Archive) Parts(ctx context.Context) iter.Seq2[Part, error] {
	if a.PartBytes == 0 {
		return a.parts(ctx, defaultPartBytes)
	}
	return a.parts(ctx, max(a.PartBytes, 0))
}

// parts lists the files, cut into ranges of so many bytes; 0 means not at all.
func (a *Archive) parts(ctx context.Context, size int64) iter.Seq2[Part, error] {
	return func(yield func(Part, error) bool) {
		roots := a.Roots
		if roots == nil {
			roots = []string{"."}
		}
		w := walker{a, ctx, size, yield}
		for _, root := range roots {
			if !w.root(root) {
				break
			}
		}
	}
}

// A walker lists an archive. Its methods report whether the caller wants more.
type walker struct {
	*Archive
	ctx   context.Context
	size  int64 // of the ranges to cut; 0 for none
	yield func(Part, error) bool
}

func (w walker) fail(name string, err error) bool {
	return w.yield(Part{}, fileError(name, err))
}

// root lists one root: a directory, or anything else that can be read, which
// may be a pipe.
func (w walker) root(name string) bool {
	if _, ok := w.FS.(osFiles); ok && name == stdin {
		return w.yield(Part{File: name}, nil)
	}
	info, err := fs.Stat(w.FS, name)
	switch {
	case err != nil:
		return w.fail(name, err)
	case info.IsDir():
		return w.dir(name)
	}
	return w.file(name, info)
}

// dir lists a directory.
func (w walker) dir(name string) bool {
	entries, err := fs.ReadDir(w.FS, name)
	for _, e := range entries {
		if w.ctx.Err() != nil {
			w.yield(Part{}, context.Cause(w.ctx))
			return false
		}
		if !w.entry(name, e) {
			return false
		}
	}
	return err == nil || w.fail(name, err)
}

// entry lists one entry of the directory called dir.
func (w walker) entry(dir string, e fs.DirEntry) bool {
	name := path.Join(dir, e.Name())
	if _, ok := w.FS.(osFiles); ok {
		name = filepath.Join(dir, e.Name())
	}
	hidden := w.Match == nil && strings.HasPrefix(e.Name(), ".")
	switch kind := e.Type(); {
	case hidden:
		return true
	case kind.IsDir():
		return w.dir(name)
	case kind&^fs.ModeSymlink != 0 || w.Match != nil && !w.Match(name):
		return true
	}
	info, err := fs.Stat(w.FS, name) // of what a link leads to
	if err != nil {
		return w.fail(name, err)
	}
	return !info.Mode().IsRegular() || w.file(name, info)
}

// file lists one file, as a whole or in ranges.
func (w walker) file(name string, info fs.FileInfo) bool {
	whole := Part{File: name}
	if !info.Mode().IsRegular() {
		return w.yield(whole, nil)
	}
	whole.Size = info.Size()
	ranges := int64(1)
	if w.size > 0 {
		ranges = whole.Size / w.size
	}
	if ranges < 2 || !w.divisible(name) {
		return w.yield(whole, nil)
	}
	step := (whole.Size + ranges - 1) / ranges
	for from := int64(0); from < whole.Size; from += step {
		p := Part{File: name, Offset: from, Length: step, Size: step}
		if from+step >= whole.Size { // up to the end, wherever that is by then
			p.Length, p.Size = 0, whole.Size-from
		}
		if !w.yield(p, nil) {
			return false
		}
	}
	return true
}

// divisible tells whether a file can be cut into ranges: one can go to any
// place of it, it is plain, and it begins with a form in which each line stands
// for itself. A file that cannot be opened is not; reading it will say why.
func (a *Archive) divisible(name string) bool {
	f, err := a.FS.Open(name)
	if err != nil {
		return false
	}
	defer f.Close()
	if _, ok := f.(io.Seeker); !ok {
		return false
	}
	head := make([]byte, sniffBytes)
	n, _ := io.ReadFull(f, head)
	head = head[:n]
	if packed(head) {
		return false
	}
	return standAlone(head) && !needsLook(head)
}

// Read gives the events of one part. It has one file open, and for the line of
// an error in a range, which it has to count, another one for a moment.
func (a *Archive) Read(ctx context.Context, p Part, need Need) iter.Seq2[Event, error] {
	return a.readNoting(ctx, p, need, nil)
}

// readNoting is Read that notes what a summary wants to know, if n is not nil.
func (a *Archive) readNoting(ctx context.Context, p Part, need Need, n *notes) iter.Seq2[Event, error] {
	return func(yield func(Event, error) bool) {
		if ctx.Err() != nil {
			yield(Event{}, context.Cause(ctx))
			return
		}
		r := Reader{Name: p.File, Group: a.Group, Stream: a.Stream, MaxEventBytes: a.MaxEventBytes, MaxUnpackedBytes: a.MaxUnpackedBytes, Need: need, notes: n}
		defer func() {
			a.mu.Lock()
			defer a.mu.Unlock()
			a.stats.Add(r.stats)
		}()
		err := a.read(r.job(ctx, yield), p)
		switch {
		case err == nil || err == errStopped:
		case ctx.Err() != nil && errors.Is(err, context.Cause(ctx)):
			yield(Event{}, context.Cause(ctx))
		case isEventError(err):
			yield(Event{}, err)
		default:
			yield(Event{}, fileError(p.File, err))
		}
	}
}

// read reads one part.
func (a *Archive) read(j *job, p Part) error {
	f, err := a.FS.Open(p.File)
	if err != nil {
		return err
	}
	defer f.Close()
	defer ahead.Work()()
	if p.Offset <= 0 && p.Length <= 0 {
		info, err := f.Stat()
		j.ahead = err == nil && info.Mode().IsRegular()
		return j.all(p.File, ctxReader{j.ctx, f})
	}
	sp := span{from: p.Offset}
	if p.Length > 0 {
		sp.to = p.Offset + p.Length
	}
	if p.Offset > 0 {
		if err := skip(f, p.Offset-1); err != nil {
			return err
		}
		sp.linesBefore = sync.OnceValue(func() int {
			line, _ := a.Line(Pos{File: p.File, Offset: p.Offset - 1})
			return line - 1
		})
	}
	return j.plain(p.File, f, sp)
}

// skip moves f to the given offset.
func skip(f fs.File, offset int64) error {
	if s, ok := f.(io.Seeker); ok {
		_, err := s.Seek(offset, io.SeekStart)
		return err
	}
	_, err := io.CopyN(io.Discard, f, offset)
	return err
}

// fileError is an error that concerns the whole of a file.
func fileError(name string, err error) *EventError {
	return &EventError{Pos: Pos{File: name}, Err: bare(err)}
}

// bare returns err without the name of the file that the errors of package fs
// repeat.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}
