package query

import (
	"fmt"
	"strings"
	"time"
)

// zone is the time zone that the n-th argument names, UTC if there is none. The
// rules of a zone are those of the system, or of package time/tzdata in programs
// that import it.
func (c *preparation) zone(n int) *time.Location {
	name := c.text(n)
	if n >= len(c.call.args) || name == "UTC" || name == "Z" {
		return time.UTC
	}
	if zone, ok := parseOffset(name); ok {
		return zone
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		c.refuse(n, ErrUse, fmt.Sprintf("no time zone %q is known", preview(name)), `write one such as "Europe/Berlin" or "+02:00"`)
	}
	return zone
}

// parseOffset reads an offset from UTC: +02, +0200 or +02:00.
func parseOffset(s string) (*time.Location, bool) {
	if s == "" || s[0] != '+' && s[0] != '-' {
		return nil, false
	}
	digits := s[1:]
	if len(digits) == 5 && digits[2] == ':' {
		digits = digits[:2] + digits[3:]
	}
	if len(digits) == 2 {
		digits += "00"
	}
	if len(digits) != 4 || strings.Trim(digits, "0123456789") != "" {
		return nil, false
	}
	hours, minutes := int(digits[0]-'0')*10+int(digits[1]-'0'), int(digits[2]-'0')*10+int(digits[3]-'0')
	if hours > 18 || minutes > 59 { // Java knows offsets up to 18 hours
		return nil, false
	}
	seconds := hours*3600 + minutes*60
	if s[0] == '-' {
		seconds = -seconds
	}
	return time.FixedZone(s, seconds), true
}
