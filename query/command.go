package query

import (
	"slices"
	"strings"
)

// A command is one command of a parsed query. It never changes once parsed.
type command interface {
	// String is the canonical text, which parses back to an equal command.
	String() string

	// plan tells the planner what the command does.
	plan(*planner)
}

// A commandInfo is one row of the command table.
type commandInfo struct {
	name    string // as the reference writes it
	aliases []string
	syntax  string
	doc     string // one sentence
	parse   func(p *parser, word token) command
}

// commands are all commands. A new one is one file and one row.
var commands []commandInfo

// The table is filled here since the parser that it calls looks into it.
func init() {
	commands = []commandInfo{
		accumInfo,
		addtotalsInfo,
		anomalyInfo,
		appendcolsInfo,
		autoregressInfo,
		cidrlookupInfo,
		countFrequentInfo,
		dedupInfo,
		diffInfo,
		displayInfo,
		estimateInfo,
		expandInfo,
		fieldsInfo,
		filldownInfo,
		fillmissingInfo,
		filterInfo,
		filterIndexInfo,
		joinInfo,
		jsonInfo,
		limitInfo,
		logcompareInfo,
		lookupInfo,
		outlierInfo,
		parseInfo,
		patternInfo,
		relevantFieldsInfo,
		sessionizeInfo,
		sortInfo,
		sourceInfo,
		statsInfo,
		unnestInfo,
	}
}

// unsupportedCommands are those of the service that the table lacks.
// Source: the Logs Insights query syntax page; search and tail are words of the
// service's own error messages.
var unsupportedCommands = []string{
	"search", "tail",
}

// commandNamed finds a command by its name or alias in any case; nil if there
// is none.
func commandNamed(name string) *commandInfo {
	same := func(other string) bool { return strings.EqualFold(name, other) }
	for i := range commands {
		if c := &commands[i]; same(c.name) || slices.ContainsFunc(c.aliases, same) {
			return c
		}
	}
	return nil
}

func commandNames() []string {
	var names []string
	for _, c := range commands {
		names = append(append(names, c.name), c.aliases...)
	}
	return names
}
