package query

import (
	"fmt"
	"slices"
)

// What the service refuses of names that are defined in a query, which it calls
// ephemeral fields, is known from the messages of it that people quote. Here the
// names have a meaning all the same, and only strict mode refuses them.

// refuseCycle remarks on an alias that takes the name of the field it is made
// of.
func (l *level) refuseCycle(alias *nameExpr) {
	l.p.refused(alias.span, "Cycle found in operation dependency graph", "the name is the field in what it is made of, and the new value behind it", "use another name")
}

// refuseTwice remarks on a name that stands for something already.
func (l *level) refuseTwice(at span, name, here string) {
	l.p.refused(at, "Ephemeral field is already defined: "+name, here, "")
}

// judgeName remarks on a name that is being defined although it has a definition,
// was given just before by the same command, is that of a key of stats, or is
// that of a field which every audit log has.
func (l *level) judgeName(at span, name string, given bool) {
	_, key := l.raw[name]
	switch {
	case len(l.named[name]) > 0, given, l.stats != nil && key, l.isOutput(name):
		l.refuseTwice(at, name, "the later one holds behind it")
	case l.isEvents() && systemFieldNamed(name) != nil:
		l.refuseTwice(at, name, "the name is no longer that of the field")
	case l.isEvents() && auditFields[name]:
		l.p.trap(at, fmt.Sprintf("every audit event has a field %s, and of such a log the service says: Ephemeral field is already defined", name), "use another name")
	}
}

// auditFields are the fields at the top of an audit event that are no objects or
// lists, and which the service therefore finds in every audit log.
// Source: the type Event of k8s.io/apiserver pkg/apis/audit/v1.
var auditFields = map[string]bool{
	"kind": true, "apiVersion": true, "level": true, "auditID": true, "stage": true, "requestURI": true, "verb": true,
	"userAgent": true, "requestReceivedTimestamp": true, "stageTimestamp": true,
}

// judgeColumn remarks on a column of fields that is the name of something which
// the query defines: display can show it again, and fields cannot.
func (l *level) judgeColumn(x placed) {
	name := x.expr.(*nameExpr).name()
	once := slices.ContainsFunc(l.named[name], func(d *definition) bool { return d.from.once })
	if once || l.isKeyAlias(name) {
		l.refuseTwice(x.expr.extent(), name, "it is the column of that name")
	}
}

// isKeyAlias reports whether the stats of the level gives a key the name.
func (l *level) isKeyAlias(name string) bool {
	return l.stats != nil && slices.ContainsFunc(l.stats.keys, func(it item) bool { return it.alias != nil && it.name() == name })
}

// refuseStructure remarks on a list or a map where the service takes none. What
// is in one may be a text or a number, so that is no matter.
// Source: the structure types of the functions page.
func (l *level) refuseStructure(x expr, place int, command, here string) {
	if l.isWhole(x, place) {
		l.p.refused(x.extent(), command+" takes no list and no map", here, "use what is in it, or jsonStringify")
	}
}

// isWhole reports whether the value of x is a list or a map wherever there is
// one.
func (l *level) isWhole(x expr, place int) bool {
	switch x := x.(type) {
	case *listExpr:
		return true
	case *callExpr:
		return x.fn.structure
	case *aggregateExpr:
		return x.fn.structure
	case *nameExpr:
		def := l.defined(x.name(), place)
		return def != nil && def.from.copies && l.isWhole(def.from.source, def.from.place)
	}
	return false
}

// maxStats is how many stats the service takes in a query.
// Source: the Logs Insights stats page.
const maxStats = 10

// judgeOrder remarks on sort and limit before stats. The reference refuses them
// before the last of several; with only one its authors write them.
func (pl *planner) judgeOrder() {
	var stats []*statsCommand
	var last *statsCommand // of those and of the commands that are stats by another name
	for _, l := range pl.levels {
		if l.stats == nil {
			continue
		}
		last = l.stats
		if last.word == "stats" {
			stats = append(stats, last)
		}
	}
	if last == nil {
		return
	}
	if len(stats) > maxStats {
		pl.p.refused(stats[maxStats].at, "a query has at most 10 stats", "there can be any number", "")
	}
	for _, o := range pl.orders {
		switch {
		case o.at.from > last.at.from:
		case len(stats) > 1 && o.limit:
			pl.p.refused(o.at, "limit can only stand behind the last stats", "it bounds the rows of the result", "")
		case len(stats) > 1:
			pl.p.refused(o.at, "sort can only stand behind the last stats", "stats does not keep the order", "")
		case o.limit:
			pl.p.trap(o.at, fmt.Sprintf("a limit before %[1]s bounds the rows that %[1]s gives, not those that it sees", last.word), "")
		case slices.Contains(pl.idle, o.at):
			pl.p.trap(o.at, "this sort stands before "+last.word+" and does nothing", "")
		}
	}
}

// defines reports whether the query defines the name on the level, or on one
// whose names the level has.
func (l *level) defines(name string) bool {
	return len(l.named[name]) > 0 || l.isOutput(name) || l.pass != nil && l.below.defines(name)
}
