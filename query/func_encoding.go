package query

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"math"
	"net/url"
	"strconv"
	"strings"
)

var encodingFunctions = []function{
	{
		name: "base64decode", syntax: "base64decode(text)", least: 1, most: 1,
		doc: "The text that the base64 stands for, with padding or without; missing if it is not valid.", eval: ofText(decodeBase64),
	},
	{
		name: "base64encode", syntax: "base64encode(text)", least: 1, most: 1,
		doc:  "The text in base64, with padding.",
		eval: ofText(func(s string) Value { return stringValue(base64.StdEncoding.EncodeToString([]byte(s))) }),
	},
	{
		name: "decToHex", syntax: "decToHex(number)", least: 1, most: 1,
		doc: "The integer in hexadecimal, with 0x or -0x before it; a fraction is cut off.", eval: decToHex,
	},
	{
		name: "hexToAscii", syntax: "hexToAscii(text)", least: 1, most: 1,
		doc: "The text whose bytes the pairs of hexadecimal digits are; missing if they are none.", eval: ofText(hexToASCII),
	},
	{
		name: "hexToDec", syntax: "hexToDec(text)", least: 1, most: 1,
		doc: "The integer of 64 bits that the text is in hexadecimal, with 0x before it or without; missing if it is none.", eval: ofText(hexToDec),
	},
	{
		name: "md5", syntax: "md5(text)", least: 1, most: 1,
		doc: "The MD5 hash of the text, in hexadecimal.",
		eval: ofText(func(s string) Value {
			sum := md5.Sum([]byte(s))
			return stringValue(hex.EncodeToString(sum[:]))
		}),
	},
	{
		name: "sha256", syntax: "sha256(text)", least: 1, most: 1,
		doc: "The SHA-256 hash of the text, in hexadecimal.",
		eval: ofText(func(s string) Value {
			sum := sha256.Sum256([]byte(s))
			return stringValue(hex.EncodeToString(sum[:]))
		}),
	},
	{
		name: "urldecode", syntax: "urldecode(text)", least: 1, most: 1,
		doc: "The text that the percent encoding stands for, a plus sign for a space; missing if it is not valid.",
		eval: ofText(func(s string) Value {
			s, err := url.QueryUnescape(s)
			if err != nil {
				return Value{}
			}
			return stringValue(s)
		}),
	},
	{
		name: "urlencode", syntax: "urlencode(text)", least: 1, most: 1,
		doc:  "The text in percent encoding, as in the query of a URL: a space becomes a plus sign.",
		eval: ofText(func(s string) Value { return stringValue(url.QueryEscape(s)) }),
	},
}

func decodeBase64(s string) Value {
	encoding := base64.RawStdEncoding
	if strings.HasSuffix(s, "=") {
		encoding = base64.StdEncoding
	}
	text, err := encoding.DecodeString(s)
	if err != nil {
		return Value{}
	}
	return stringValue(string(text))
}

func decToHex(args []Value) Value {
	i, ok := args[0].asInt()
	switch {
	case !ok:
		return Value{}
	case i < 0:
		return stringValue("-0x" + strconv.FormatUint(-uint64(i), 16))
	}
	return stringValue("0x" + strconv.FormatInt(i, 16))
}

// hexToDec takes no signs or underscores but those that decToHex writes.
func hexToDec(s string) Value {
	digits, negative := strings.CutPrefix(s, "-")
	digits = cutHexPrefix(digits)
	n, err := strconv.ParseUint(digits, 16, 64)
	switch {
	case err != nil:
		return Value{}
	case !negative && n <= math.MaxInt64:
		return intValue(int64(n))
	case negative && n <= 1<<63:
		return intValue(-int64(n))
	}
	return Value{}
}

func hexToASCII(s string) Value {
	text, err := hex.DecodeString(cutHexPrefix(s))
	if err != nil {
		return Value{}
	}
	return stringValue(string(text))
}

func cutHexPrefix(s string) string {
	if len(s) >= 2 && s[0] == '0' && s[1]|0x20 == 'x' {
		return s[2:]
	}
	return s
}
