package fields

import (
	"testing"
	"time"
)

// TestParseMicroTime tries each day of the years that there are.
func TestParseMicroTime(t *testing.T) {
	day := time.Date(firstYear, 1, 1, 12, 34, 56, 987654000, time.UTC)
	for ; day.Year() <= lastYear; day = day.AddDate(0, 0, 1) {
		text := day.Format(microTime)
		got, ok := parseMicroTime((*[len(microTime)]byte)([]byte(text)))
		if !ok || got != day.UnixNano() {
			t.Fatalf("%s: got %d, %v, want %d", text, got, ok, day.UnixNano())
		}
	}
	for year := firstYear; year <= lastYear; year++ {
		for month := 1; month <= 12; month++ {
			if got, want := daysIn(year, month), time.Date(year, time.Month(month+1), 0, 0, 0, 0, 0, time.UTC).Day(); got != want {
				t.Fatalf("%d-%02d has %d days, want %d", year, month, got, want)
			}
		}
	}
}
