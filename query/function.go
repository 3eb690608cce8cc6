package query

import (
	"fmt"
	"slices"
	"strings"
)

// A function is one row of the function table.
type function struct {
	name   string // as it is printed; it is found in any case
	syntax string
	doc    string // one sentence
	least  int    // fewest arguments
	most   int    // most arguments; -1 for any number
	// eval computes the value. The arguments are gone when it returns; their
	// texts may stay part of it.
	eval func(args []Value) Value

	// period, in the place of eval, is for functions of a time and a duration.
	period func(t Value, d duration) Value
}

// functions are all functions, in groups that each have a file.
var functions = slices.Concat(generalFunctions, numberFunctions, stringFunctions, timeFunctions)

// unsupportedFunctions are those of the service that the table lacks.
// Source: the Logs Insights functions page.
var unsupportedFunctions = []string{
	"base64decode", "base64encode", "case", "decToHex", "endsWith", "formatDate", "haversine", "hexToAscii", "hexToDec",
	"if", "ipv4ToNumber", "isIpInSubnet", "isIpv4InSubnet", "isIpv6InSubnet", "isPrivateIP", "isPublicIP", "isReservedIP",
	"isValidIp", "isValidIpV4", "isValidIpV6", "jsonArrayContains", "jsonArraySize", "jsonParse", "jsonStringify", "log",
	"ltrim", "md5", "messageSize", "now", "parseDate", "queryEndTime", "queryStartTime", "queryTimeRange", "regexReplace",
	"replace", "round", "rtrim", "sha256", "split", "sqrt", "startsWith", "strftime", "substr", "toDouble", "toInt",
	"toLong", "toNumber", "trim", "unmask", "urldecode", "urlencode",
}

// functionNamed finds a function by its name in any case; nil if there is none.
func functionNamed(name string) *function {
	for i := range functions {
		if strings.EqualFold(functions[i].name, name) {
			return &functions[i]
		}
	}
	return nil
}

func functionNames() []string {
	var names []string
	for _, fn := range functions {
		names = append(names, fn.name)
	}
	return names
}

// arity says how many arguments something takes. A most of -1 is none.
func arity(least, most int) string {
	switch {
	case most == least:
		return counted(least, "argument")
	case most < 0:
		return counted(least, "argument") + " or more"
	case least == 0:
		return "at most " + counted(most, "argument")
	}
	return fmt.Sprintf("%d to %d arguments", least, most)
}

// counted says how many there are of something.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
