//go:build unix

package main

import (
	"os"
	"runtime"
	"syscall"
)

// peakBytes returns the peak memory of a process that has ended: of a pipeline,
// that of its largest part. It is 0 if it is not known.
func peakBytes(state *os.ProcessState) int64 {
	usage, ok := state.SysUsage().(*syscall.Rusage)
	switch {
	case !ok:
		return 0
	case runtime.GOOS == "darwin" || runtime.GOOS == "ios":
		return int64(usage.Maxrss)
	}
	return int64(usage.Maxrss) << 10
}
