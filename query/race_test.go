//go:build race

package query

// underRace says that the race detector is at work, under which a sync.Pool
// loses things at random.
const underRace = true
