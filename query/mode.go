package query

// A Mode says what becomes of a query that Logs Insights refuses and that can
// be run all the same.
type Mode uint8

const (
	// ModeLenient runs the query, with a [Diagnostic] of the kind [Refusal]
	// for each thing in it that the service refuses.
	ModeLenient Mode = iota

	// ModeStrict refuses the query where the service does, with an [*Error] at
	// the first such place. A query that it takes gives the same rows as in
	// ModeLenient.
	ModeStrict
)

// String returns lenient or strict.
func (m Mode) String() string {
	if m == ModeStrict {
		return "strict"
	}
	return "lenient"
}

// ParseOptions say how the text of a query is read. A nil *ParseOptions, and a
// zero field, stand for the default. How the query is run, and how much of the
// log is checked, is up to [Options].
type ParseOptions struct {
	// Mode says what becomes of a query that the service refuses. It is about
	// the query only: [Options.Strict] is about damage in the log.
	Mode Mode

	// Parameters are the values of the placeholders {{name}} that a saved query
	// has. A value is a piece of the query, put in as it stands wherever the
	// placeholder is, also in texts, expressions and comments: a text needs its
	// quotation marks, as in `"ERROR"`, and who gives the value can write any
	// query. Placeholders in a value are not replaced. Each placeholder needs a
	// value, and each value a placeholder. Without Parameters, two braces in a
	// text are two braces.
	Parameters map[string]string

	// Saved are the saved queries that the query can call, by name. A call, such
	// as $Errors(level="WARN") or $`Errors by level`() | limit 5, stands in the
	// place of a command. The text of the saved query takes its place, with the
	// arguments, as they are written in the call, in the place of its
	// parameters. Each of those needs an argument or a default, and each argument
	// and default a parameter. Values of Parameters are put into the query before
	// that, also into arguments, and into no saved query. If Saved is nil a call
	// stands for itself: see [Query.Calls].
	Saved map[string]SavedQuery
}

// A DiagnosticKind says what a [Diagnostic] is about.
type DiagnosticKind uint8

const (
	// Remark: how something is run that might be expected otherwise.
	Remark DiagnosticKind = iota

	// Trap: something runs, here as in Logs Insights, that is most likely not
	// what was meant.
	Trap

	// Refusal: Logs Insights refuses this, and it was run in a sensible way.
	Refusal
)

var diagnosticKinds = [...]string{"remark", "trap", "refused by the service"}

// String returns the kind as the line of a [Diagnostic] has it.
func (k DiagnosticKind) String() string {
	if int(k) < len(diagnosticKinds) {
		return diagnosticKinds[k]
	}
	return "unknown"
}

// A note is a [Diagnostic] to be.
type note struct {
	at        span
	kind      DiagnosticKind
	msg, hint string
	here      string // of a refusal: what becomes of it
}

// note remarks on how something is run.
func (p *parser) note(at span, msg, hint string) {
	p.notes = append(p.notes, note{at: at, kind: Remark, msg: msg, hint: hint})
}

// trap remarks on what most likely is not what was meant.
func (p *parser) trap(at span, msg, hint string) {
	p.notes = append(p.notes, note{at: at, kind: Trap, msg: msg, hint: hint})
}

// refused remarks on what the service refuses for a reason, in its own words
// where they are known, and on what becomes of it here. In strict mode the
// reason is the error.
func (p *parser) refused(at span, why, here, hint string) {
	p.notes = append(p.notes, note{at, Refusal, why, hint, here})
}

// refuseStrictly ends the parse of a query that the service refuses, at the
// first place at which it does.
func (p *parser) refuseStrictly() {
	for _, n := range p.sortedNotes() {
		if n.kind == Refusal {
			p.fail(n.at, ErrUse, n.msg, n.hint)
		}
	}
}
