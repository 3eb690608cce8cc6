package evict

import "github.com/evictlog/evictlog/audit"

// Wants is [audit.Need.Wanted] as Attempts sets it.
func Wants(ev *audit.Event) bool { return new(selection).wants(ev) }

// Refuses is [audit.Need.Refuses] as Attempts sets it.
func Refuses(head []byte) bool { return new(selection).refuses(head) }
