//go:build !race

package query

const underRace = false
