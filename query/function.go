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
	eval   func(args []Value) Value
}

// functions are all functions, in groups that each have a file.
var functions = slices.Concat(generalFunctions, numberFunctions, stringFunctions, timeFunctions)

// unsupportedFunctions are those of the service that the table lacks.
// Source: the Logs Insights functions page.
var unsupportedFunctions = []string{
	"avg", "base64decode", "base64encode", "bin", "case", "count", "countDistinct", "count_distinct", "countOverTime",
	"dateceil", "datefloor", "decToHex", "earliest", "endsWith", "formatDate", "haversine", "hexToAscii", "hexToDec",
	"histogram", "if", "ipv4ToNumber", "isIpInSubnet", "isIpv4InSubnet", "isIpv6InSubnet", "isPrivateIP", "isPublicIP",
	"isReservedIP", "isValidIp", "isValidIpV4", "isValidIpV6", "jsonArrayContains", "jsonArraySize", "jsonParse",
	"jsonStringify", "latest", "log", "ltrim", "max", "md5", "median", "messageSize", "min", "now", "parseDate", "pct",
	"queryEndTime", "queryStartTime", "queryTimeRange", "rate", "regexReplace", "replace", "round", "rtrim", "sha256",
	"sortsFirst", "sortsLast", "split", "sqrt", "startsWith", "stddev", "strftime", "substr", "sum", "sumOverTime",
	"toDouble", "toInt", "toLong", "toNumber", "topk", "trim", "unmask", "urldecode", "urlencode", "values", "variance",
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

// arity says how many arguments the function takes.
func (fn *function) arity() string {
	least := fmt.Sprintf("%d arguments", fn.least)
	if fn.least == 1 {
		least = "1 argument"
	}
	switch {
	case fn.most == fn.least:
		return least
	case fn.most < 0:
		return least + " or more"
	}
	return fmt.Sprintf("%d to %d arguments", fn.least, fn.most)
}
