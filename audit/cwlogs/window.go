package cwlogs

import (
	"fmt"
	"strings"
	"time"

	"github.com/evictlog/evictlog/audit"
)

// A window is a span of time, in milliseconds since 1970, both ends inclusive:
// the service counts no finer, so that windows which follow each other share no
// log event.
type window struct{ from, to int64 }

// cut cuts the window into n windows, of one length but for a millisecond.
func (w window) cut(n int) []window {
	total := w.to - w.from + 1
	count := max(min(int64(n), total), 1)
	windows := make([]window, 0, count)
	from := w.from
	for i := range count {
		length := total / count
		if i < total%count {
			length++
		}
		windows = append(windows, window{from, from + length - 1})
		from += length
	}
	return windows
}

// layout is how a part names its ends.
const layout = "2006-01-02T15:04:05.000Z"

// part returns the window as a part of a log group: "group@from/to". No name of
// a group has an at sign.
func (w window) part(group string) audit.Part {
	from, to := time.UnixMilli(w.from).UTC(), time.UnixMilli(w.to).UTC()
	return audit.Part{File: group + "@" + from.Format(layout) + "/" + to.Format(layout)}
}

// windowOf returns the window that a part of the log group is.
func windowOf(group string, p audit.Part) (window, error) {
	if name, span, ok := strings.Cut(p.File, "@"); ok && name == group {
		from, to, _ := strings.Cut(span, "/")
		first, err := time.Parse(layout, from)
		last, lastErr := time.Parse(layout, to)
		if err == nil && lastErr == nil && p.Offset == 0 && p.Length == 0 {
			return window{first.UnixMilli(), last.UnixMilli()}, nil
		}
	}
	return window{}, fmt.Errorf("cwlogs: %v is no part of the log group %s", p, group)
}

// ceil returns the first whole millisecond that is not before t.
func ceil(t time.Time) int64 { return t.Add(time.Millisecond - time.Nanosecond).UnixMilli() }
