package query

import "strings"

// An answer is one that is given once.
type answer uint8

// While a question is open the answer is no.
const (
	notAsked answer = iota
	no
	yes
)

// member is the definition of a part of a structure that has a name: where m
// stands for a map, m.a.b stands for the value in it. It is nil if no part of
// the name before a dot stands for a structure; then the name is a field.
func (l *level) member(name string, place int) *definition {
	end := min(len(name), l.longest+1)
	for {
		end = strings.LastIndexByte(name[:end], '.')
		if end < 0 {
			return nil
		}
		if base := l.defined(name[:end], place); base != nil && l.isStructure(base) {
			return l.memberOf(base, name[end+1:])
		}
	}
}

func (l *level) memberOf(base *definition, path string) *definition {
	if def := base.members[path]; def != nil {
		return def
	}
	name := base.name + "." + path
	made := &producer{source: &nameExpr{parts: []string{base.name}}, place: base.from.place, names: []string{name}, slot: l.newSlot(), of: base}
	made.take = func(v Value, out []Value) error {
		out[0] = v.at(path)
		return nil
	}
	def := &definition{name: name, slot: made.slot, from: made, structure: yes}
	if base.members == nil {
		base.members = map[string]*definition{}
	}
	base.members[path] = def
	return def
}

// root is the definition that a part of a structure belongs to, and otherwise
// the definition itself.
func (d *definition) root() *definition {
	if d.from.of != nil {
		return d.from.of
	}
	return d
}

// isStructure reports whether the definition stands for a list or a map, as far
// as the query tells.
func (l *level) isStructure(def *definition) bool {
	if def.structure == notAsked {
		def.structure = no
		if def.from.structures || l.givesStructure(def.from.source, def.from.place) {
			def.structure = yes
		}
	}
	return def.structure == yes
}

// givesStructure reports whether the value of x can be a list or a map. Fields
// of events never are.
func (l *level) givesStructure(x expr, place int) bool {
	switch x := x.(type) {
	case *listExpr:
		return true
	case *nameExpr:
		def := l.binding(x.name(), place)
		return def != nil && l.isStructure(def)
	case *indexExpr:
		return l.givesStructure(x.of, place)
	case *memberExpr:
		return l.givesStructure(x.of, place)
	case *aggregateExpr:
		return x.fn.structure
	case *callExpr:
		if !x.fn.picks {
			return x.fn.structure
		}
		for _, arg := range x.args {
			if l.givesStructure(arg, place) {
				return true
			}
		}
	}
	return false
}
