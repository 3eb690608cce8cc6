//go:build !unix

package main

import "os"

// peakBytes returns 0: the peak memory of a process is not known here.
func peakBytes(*os.ProcessState) int64 { return 0 }
