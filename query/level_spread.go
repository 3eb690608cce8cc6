package query

import "slices"

// A spread makes several rows of one, between the filters that the row has to
// pass as a whole and those that each of its rows has to pass.
type spread struct {
	source     stage // provides what the values are made of
	eval       evaluator
	first, end int // the slots of what differs from row to row
	each       spreader
	text       string // for people
}

// buildSpreads builds the spreads in the order of the text, except that one
// which looks at what another gives comes behind it.
func (l *level) buildSpreads() {
	for _, made := range l.producers {
		if made.each != nil && made.state == notBegun {
			l.buildSpread(made)
		}
	}
}

func (l *level) buildSpread(made *producer) {
	out := spread{first: made.slot, end: made.slot + len(made.names), each: made.each, text: made.text()}
	made.state = begun
	l.need(&out.source, made.source, made.place)
	made.state = done
	out.eval = made.source.compile(levelScope{l, made.place})
	l.spreads = append(l.spreads, out)
}

// isSpread reports whether x looks at a value that a spread gives, be it by way
// of other names.
func (l *level) isSpread(x expr, place int) bool {
	return l.reaches(x, place, map[*producer]bool{})
}

func (l *level) reaches(x expr, place int, passed map[*producer]bool) bool {
	return slices.ContainsFunc(namesIn(x), func(name *nameExpr) bool {
		def := l.binding(name.name(), place)
		if def == nil {
			return false
		}
		if def = def.root(); passed[def.from] {
			return false
		}
		passed[def.from] = true
		return def.from.each != nil || l.reaches(def.from.source, def.from.place, passed)
	})
}
