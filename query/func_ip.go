package query

import (
	"encoding/binary"
	"net/netip"
	"slices"
)

var ipFunctions = []function{
	{
		name: "ipv4ToNumber", syntax: "ipv4ToNumber(address)", least: 1, most: 1,
		doc: "The IPv4 address as a number; missing for anything else.",
		eval: ofText(func(s string) Value {
			a, ok := parseAddr(s)
			if !ok || !a.Is4() {
				return Value{}
			}
			bytes := a.As4()
			return intValue(int64(binary.BigEndian.Uint32(bytes[:])))
		}),
	},
	{
		name: "isIpInSubnet", syntax: "isIpInSubnet(address, subnet)", least: 2, most: 2,
		doc:     "1 if the text is an address in the subnet, such as 192.0.2.0/24, else 0.",
		prepare: inSubnet("a subnet such as 192.0.2.0/24 or 2001:db8::/32", func(netip.Addr) bool { return true }),
	},
	{
		name: "isIpv4InSubnet", syntax: "isIpv4InSubnet(address, subnet)", least: 2, most: 2,
		doc:     "1 if the text is an IPv4 address in the subnet, such as 192.0.2.0/24, else 0.",
		prepare: inSubnet("an IPv4 subnet such as 192.0.2.0/24", netip.Addr.Is4),
	},
	{
		name: "isIpv6InSubnet", syntax: "isIpv6InSubnet(address, subnet)", least: 2, most: 2,
		doc:     "1 if the text is an IPv6 address in the subnet, such as 2001:db8::/32, else 0.",
		prepare: inSubnet("an IPv6 subnet such as 2001:db8::/32", netip.Addr.Is6),
	},
	{
		name: "isPrivateIP", syntax: "isPrivateIP(address)", least: 1, most: 1,
		doc: "1 if the text is an address for private networks (RFC 1918), else 0.", eval: addrCondition(isPrivate),
	},
	{
		name: "isPublicIP", syntax: "isPublicIP(address)", least: 1, most: 1,
		doc:  "1 if the text is an address that is neither private nor reserved, else 0.",
		eval: addrCondition(func(a netip.Addr) bool { return !isPrivate(a) && !isReservedAddr(a) }),
	},
	{
		name: "isReservedIP", syntax: "isReservedIP(address)", least: 1, most: 1,
		doc: "1 if the text is an address that is reserved, but not for private networks, else 0.", eval: addrCondition(isReservedAddr),
	},
	{
		name: "isValidIp", syntax: "isValidIp(text)", least: 1, most: 1,
		doc: "1 if the text is an IPv4 or IPv6 address, else 0.", eval: addrCondition(netip.Addr.IsValid),
	},
	{
		name: "isValidIpV4", syntax: "isValidIpV4(text)", least: 1, most: 1,
		doc: "1 if the text is an IPv4 address, else 0.", eval: addrCondition(netip.Addr.Is4),
	},
	{
		name: "isValidIpV6", syntax: "isValidIpV6(text)", least: 1, most: 1,
		doc: "1 if the text is an IPv6 address, else 0.", eval: addrCondition(netip.Addr.Is6),
	},
}

// parseAddr reads an address. One with a zone is that of an interface, and no
// address as logs have them.
func parseAddr(s string) (netip.Addr, bool) {
	a, err := netip.ParseAddr(s)
	return a, err == nil && a.Zone() == ""
}

// addrCondition is a function of a text that is 1 for addresses that fit.
func addrCondition(fits func(netip.Addr) bool) func([]Value) Value {
	return func(args []Value) Value {
		s, _ := args[0].asText()
		a, ok := parseAddr(s)
		return boolValue(ok && fits(a))
	}
}

// inSubnet is a function of an address and a subnet whose own address fits. A
// subnet that is no constant and does not fit gives a missing value.
func inSubnet(want string, fits func(netip.Addr) bool) func(*preparation) body {
	return func(c *preparation) body {
		read := func(v Value) (netip.Prefix, bool) {
			s, _ := v.asText()
			subnet, err := netip.ParsePrefix(s)
			return subnet, err == nil && fits(subnet.Addr())
		}
		if v, ok := c.constant(1); ok {
			subnet, ok := read(v)
			if !ok {
				c.refuse(1, ErrUse, c.call.fn.name+" takes "+want, "")
			}
			return func(_ *frame, args []Value) Value { return addrCondition(subnet.Contains)(args) }
		}
		return func(_ *frame, args []Value) Value {
			subnet, ok := read(args[1])
			if !ok {
				return Value{}
			}
			return addrCondition(subnet.Contains)(args)
		}
	}
}

func isPrivate(a netip.Addr) bool { return inAny(privateSubnets, a) }

func isReservedAddr(a netip.Addr) bool { return inAny(reservedSubnets, a) }

func inAny(subnets []netip.Prefix, a netip.Addr) bool {
	return slices.ContainsFunc(subnets, func(s netip.Prefix) bool { return s.Contains(a) })
}

// privateSubnets are those of RFC 1918.
var privateSubnets = prefixes("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")

// reservedSubnets are the others that no packet on the internet comes from, and
// those of multicast.
// Source: the special-purpose and multicast address registries of IANA (RFC 6890).
var reservedSubnets = prefixes(
	"0.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"::/128", "::1/128", "::ffff:0:0/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16",
	"3fff::/20", "5f00::/16", "fc00::/7", "fe80::/10", "ff00::/8",
)

func prefixes(texts ...string) []netip.Prefix {
	out := make([]netip.Prefix, len(texts))
	for i, s := range texts {
		out[i] = netip.MustParsePrefix(s)
	}
	return out
}
