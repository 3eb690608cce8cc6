package audit

import (
	"io/fs"
	"os"
)

// stdin is the name of standard input among the arguments of [Files].
const stdin = "-"

// Files returns an [Archive] of files and directories under their ordinary
// paths, which may be absolute or contain "..", and under which they are
// reported. The path "-" is standard input, which can be read only once. A
// file that is called so is "./-".
func Files(paths ...string) *Archive {
	if paths == nil {
		paths = []string{} // nothing, and not the working directory
	}
	return &Archive{FS: osFiles{}, Roots: paths}
}

// osFiles is the file system of the machine, with the names that package os
// takes, which a proper [fs.FS] would refuse.
type osFiles struct{}

func (osFiles) Open(name string) (fs.File, error) {
	if name == stdin {
		return unclosed{os.Stdin}, nil
	}
	return os.Open(name)
}

func (osFiles) ReadDir(name string) ([]fs.DirEntry, error) { return os.ReadDir(name) }

func (osFiles) Stat(name string) (fs.FileInfo, error) { return os.Stat(name) }

// unclosed is a file that belongs to somebody else.
type unclosed struct{ fs.File }

func (unclosed) Close() error { return nil }
