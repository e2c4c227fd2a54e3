// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rule wants of a frame, as attributes, and which wishes make no sense
 * together. It must not know tables of rules.
 */
#include <linux/bits.h>
#include <linux/etherdevice.h>
#include <linux/in.h>
#include <linux/in6.h>
#include "nl_match.h"
#include "nl_policy.h"

static __be16 ethertype_of(u8 version)
{
	return version == 4 ? htons(ETH_P_IP) : htons(ETH_P_IPV6);
}

static int get_mac(const struct nlattr *address, const struct nlattr *bits,
		   u8 *mac, u8 *mask, struct netlink_ext_ack *extack)
{
	unsigned int i;

	if (!address && bits)
		return vnet_nl_refuse(extack, bits, -EINVAL,
				      "a mask needs the address that it belongs to");
	if (!address)
		return 0;
	eth_broadcast_addr(mask);
	if (bits)
		nla_memcpy(mask, bits, ETH_ALEN);
	nla_memcpy(mac, address, ETH_ALEN);
	for (i = 0; i < ETH_ALEN; i++)
		mac[i] &= mask[i];
	return 0;
}

static int get_macs(struct nlattr **attrs, struct vnet_match *match,
		    struct netlink_ext_ack *extack)
{
	if (attrs[VNET_A_RULE_SRC_MAC])
		match->fields |= VNET_MATCH_SRC_MAC;
	if (attrs[VNET_A_RULE_DST_MAC])
		match->fields |= VNET_MATCH_DST_MAC;
	return get_mac(attrs[VNET_A_RULE_SRC_MAC], attrs[VNET_A_RULE_SRC_MAC_MASK],
		       match->src_mac, match->src_mac_mask, extack) ?:
	       get_mac(attrs[VNET_A_RULE_DST_MAC], attrs[VNET_A_RULE_DST_MAC_MASK],
		       match->dst_mac, match->dst_mac_mask, extack);
}

/* Also sets the version, or checks that it is the other address's. */
static int get_ip(const struct nlattr *ip, const struct nlattr *len,
		  struct vnet_match *match, union vnet_addr *addr, u8 *prefix_len,
		  struct netlink_ext_ack *extack)
{
	struct vnet_prefix prefix;
	int err;

	if (!ip && len)
		return vnet_nl_refuse(extack, len, -EINVAL,
				      "a prefix length needs the address that it belongs to");
	if (!ip)
		return 0;
	err = vnet_nl_get_prefix(ip, len, &prefix, extack);
	if (err)
		return err;
	if (match->version && match->version != prefix.version)
		return vnet_nl_refuse(extack, ip, -EINVAL,
				      "one address is IPv4 and the other IPv6");
	match->version = prefix.version;
	*addr = prefix.addr;
	*prefix_len = prefix.len;
	return 0;
}

static int get_ips(struct nlattr **attrs, struct vnet_match *match,
		   struct netlink_ext_ack *extack)
{
	if (attrs[VNET_A_RULE_SRC_IP])
		match->fields |= VNET_MATCH_SRC_IP;
	if (attrs[VNET_A_RULE_DST_IP])
		match->fields |= VNET_MATCH_DST_IP;
	return get_ip(attrs[VNET_A_RULE_SRC_IP], attrs[VNET_A_RULE_SRC_PREFIX_LEN],
		      match, &match->src_ip, &match->src_prefix_len, extack) ?:
	       get_ip(attrs[VNET_A_RULE_DST_IP], attrs[VNET_A_RULE_DST_PREFIX_LEN],
		      match, &match->dst_ip, &match->dst_prefix_len, extack);
}

/* The address that neighbour discovery is about; the others of the packet are its own. */
static int get_nd(struct nlattr **attrs, struct vnet_match *match,
		  struct netlink_ext_ack *extack)
{
	const struct nlattr *target = attrs[VNET_A_RULE_TARGET];

	if (attrs[VNET_A_RULE_ARP_SENDER])
		return vnet_nl_refuse(extack, target, -EINVAL,
				      "the sender of an ARP message is IPv4, and so is its target");
	if (match->version == 4)
		return vnet_nl_refuse(extack, target, -EINVAL,
				      "neighbour discovery is of IPv6, and the other addresses are IPv4");
	match->fields |= VNET_MATCH_ND_TARGET;
	return get_ip(target, attrs[VNET_A_RULE_TARGET_PREFIX_LEN], match,
		      &match->target, &match->target_prefix_len, extack);
}

/* The addresses of an ARP message; they stand where those of IP packets do. */
static int get_arp(struct nlattr **attrs, struct vnet_match *match,
		   struct netlink_ext_ack *extack)
{
	const struct nlattr *sender = attrs[VNET_A_RULE_ARP_SENDER];
	const struct nlattr *target = attrs[VNET_A_RULE_TARGET];
	int err;

	if (target && nla_len(target) == sizeof(struct in6_addr))
		return get_nd(attrs, match, extack);
	if ((sender || target) && match->version)
		return vnet_nl_refuse(extack, sender ?: target, -EINVAL,
				      "a frame is an ARP message or an IP packet, not both");
	err = get_ip(sender, attrs[VNET_A_RULE_ARP_SENDER_PREFIX_LEN], match,
		     &match->src_ip, &match->src_prefix_len, extack) ?:
	      get_ip(target, attrs[VNET_A_RULE_TARGET_PREFIX_LEN], match,
		     &match->dst_ip, &match->dst_prefix_len, extack);
	if (err || (!sender && !target))
		return err;
	match->version = 0;
	match->fields |= (sender ? VNET_MATCH_ARP_SENDER : 0) |
			 (target ? VNET_MATCH_ARP_TARGET : 0) | VNET_MATCH_ETHERTYPE;
	match->ethertype = htons(ETH_P_ARP);
	return 0;
}

static int get_ethertype(struct nlattr **attrs, struct vnet_match *match,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[VNET_A_RULE_ETHERTYPE];

	if (!attr && !match->version)
		return 0;
	if (match->fields & VNET_MATCH_ETHERTYPE)
		return match->ethertype == htons(nla_get_u16(attr)) ? 0 :
		       vnet_nl_refuse(extack, attr, -EINVAL,
				      "ARP messages have another ethertype (0x0806)");
	match->fields |= VNET_MATCH_ETHERTYPE;
	match->ethertype = attr ? htons(nla_get_u16(attr)) :
				  ethertype_of(match->version);
	if (match->version && match->ethertype != ethertype_of(match->version))
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "frames of this ethertype have no such addresses");
	return 0;
}

static bool has_fields(const struct vnet_match *match, u32 fields)
{
	return (match->fields & fields) == fields;
}

/* Whether it is about neighbour discovery that has a target. */
static bool is_nd(const struct vnet_match *match)
{
	return has_fields(match, VNET_MATCH_ND_TARGET);
}

static int get_proto(struct nlattr **attrs, struct vnet_match *match,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[VNET_A_RULE_PROTO];

	if (!attr)
		return 0;
	match->fields |= VNET_MATCH_PROTO;
	match->proto = nla_get_u8(attr);
	if (has_fields(match, VNET_MATCH_ETHERTYPE) &&
	    match->ethertype != htons(ETH_P_IP) &&
	    match->ethertype != htons(ETH_P_IPV6))
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "only IPv4 and IPv6 have a protocol, not this ethertype");
	if (is_nd(match) && match->proto != IPPROTO_ICMPV6)
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "neighbour discovery has protocol 58 (ICMPv6), and only it has such a target");
	return 0;
}

static bool has_ports(const struct vnet_match *match)
{
	return has_fields(match, VNET_MATCH_PROTO) && vnet_nl_has_ports(match->proto);
}

static int get_range(const struct nlattr *first, const struct nlattr *last,
		     const struct vnet_match *match, u16 *min, u16 *max,
		     struct netlink_ext_ack *extack)
{
	if (!first && !last)
		return 0;
	if (!first)
		return vnet_nl_refuse(extack, last, -EINVAL,
				      "a range of ports needs its first port");
	if (!has_ports(match))
		return vnet_nl_refuse(extack, first, -EINVAL,
				      "ports need a protocol that has them: TCP, UDP, UDP-Lite, SCTP or DCCP");
	*min = nla_get_u16(first);
	*max = last ? nla_get_u16(last) : *min;
	if (*min > *max)
		return vnet_nl_refuse(extack, last, -EINVAL,
				      "the range of ports ends before it begins");
	return 0;
}

static int get_ports(struct nlattr **attrs, struct vnet_match *match,
		     struct netlink_ext_ack *extack)
{
	if (attrs[VNET_A_RULE_SRC_PORT_MIN])
		match->fields |= VNET_MATCH_SPORT;
	if (attrs[VNET_A_RULE_DST_PORT_MIN])
		match->fields |= VNET_MATCH_DPORT;
	return get_range(attrs[VNET_A_RULE_SRC_PORT_MIN],
			 attrs[VNET_A_RULE_SRC_PORT_MAX], match,
			 &match->sport_min, &match->sport_max, extack) ?:
	       get_range(attrs[VNET_A_RULE_DST_PORT_MIN],
			 attrs[VNET_A_RULE_DST_PORT_MAX], match,
			 &match->dport_min, &match->dport_max, extack);
}

/* Whether frames of the ethertype can carry this version of ICMP. */
static bool is_icmp(const struct vnet_match *match)
{
	__be16 wanted;

	if (!has_fields(match, VNET_MATCH_PROTO))
		return false;
	if (match->proto == IPPROTO_ICMP)
		wanted = htons(ETH_P_IP);
	else if (match->proto == IPPROTO_ICMPV6)
		wanted = htons(ETH_P_IPV6);
	else
		return false;
	return !has_fields(match, VNET_MATCH_ETHERTYPE) || match->ethertype == wanted;
}

static int get_icmp(struct nlattr **attrs, struct vnet_match *match,
		    struct netlink_ext_ack *extack)
{
	const struct nlattr *type = attrs[VNET_A_RULE_ICMP_TYPE];
	const struct nlattr *code = attrs[VNET_A_RULE_ICMP_CODE];

	if (!type && code)
		return vnet_nl_refuse(extack, code, -EINVAL,
				      "an ICMP code needs the type that it belongs to");
	if (!type)
		return 0;
	if (!is_icmp(match))
		return vnet_nl_refuse(extack, type, -EINVAL,
				      "an ICMP type needs protocol 1 (IPv4) or 58 (IPv6)");
	match->fields |= VNET_MATCH_ICMP_TYPE;
	match->icmp_type = nla_get_u8(type);
	if (is_nd(match) && !vnet_nd_has_target(match->icmp_type))
		return vnet_nl_refuse(extack, type, -EINVAL,
				      "only neighbour solicitations (135) and advertisements (136) and redirects (137) have a target");
	if (code) {
		match->fields |= VNET_MATCH_ICMP_CODE;
		match->icmp_code = nla_get_u8(code);
	}
	return 0;
}

static int get_tcp_flags(struct nlattr **attrs, struct vnet_match *match,
			 struct netlink_ext_ack *extack)
{
	const struct nlattr *flags = attrs[VNET_A_RULE_TCP_FLAGS];
	const struct nlattr *mask = attrs[VNET_A_RULE_TCP_FLAGS_MASK];

	if (!flags && mask)
		return vnet_nl_refuse(extack, mask, -EINVAL,
				      "a mask needs the TCP flags that it belongs to");
	if (!flags)
		return 0;
	if (!has_fields(match, VNET_MATCH_PROTO) || match->proto != IPPROTO_TCP)
		return vnet_nl_refuse(extack, flags, -EINVAL,
				      "TCP flags need protocol 6 (TCP)");
	match->fields |= VNET_MATCH_TCP_FLAGS;
	match->tcp_flags_mask = nla_get_u8(mask ?: flags);
	match->tcp_flags = nla_get_u8(flags) & match->tcp_flags_mask;
	if (!match->tcp_flags_mask)
		return vnet_nl_refuse(extack, mask ?: flags, -EINVAL,
				      "no TCP flag is compared");
	return 0;
}

/* Whether frames of the ethertype, if one is wanted, are IP packets. */
static bool may_be_ip(const struct vnet_match *match)
{
	return !has_fields(match, VNET_MATCH_ETHERTYPE) ||
	       match->ethertype == htons(ETH_P_IP) ||
	       match->ethertype == htons(ETH_P_IPV6);
}

static int get_header_bits(struct nlattr **attrs, struct vnet_match *match,
			   struct netlink_ext_ack *extack)
{
	const struct nlattr *fragment = attrs[VNET_A_RULE_FRAGMENT];
	const struct nlattr *dscp = attrs[VNET_A_RULE_DSCP];

	if ((fragment || dscp) && !may_be_ip(match))
		return vnet_nl_refuse(extack, fragment ?: dscp, -EINVAL,
				      "only IPv4 and IPv6 packets have this field, not this ethertype");
	if (fragment) {
		match->fields |= VNET_MATCH_FRAGMENT;
		match->fragment = nla_get_u8(fragment);
	}
	if (dscp) {
		match->fields |= VNET_MATCH_DSCP;
		match->dscp = nla_get_u8(dscp);
	}
	if (attrs[VNET_A_RULE_PCP]) {
		match->fields |= VNET_MATCH_PCP;
		match->pcp = nla_get_u8(attrs[VNET_A_RULE_PCP]);
	}
	return 0;
}

static int get_state(struct nlattr **attrs, struct vnet_match *match,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[VNET_A_RULE_STATE];

	if (!attr)
		return 0;
	if (!may_be_ip(match))
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "only IPv4 and IPv6 packets belong to connections, not this ethertype");
	if (is_nd(match))
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "neighbour discovery belongs to no connection");
	match->fields |= VNET_MATCH_STATE;
	match->states = nla_get_u8(attr);
	return 0;
}

/* The attribute that begins each field, for VNET_A_RULE_INVERTED. */
static const struct {
	u8 attr;
	u32 field;
} beginnings[] = {
	{ VNET_A_IFNAME, VNET_MATCH_MEMBER },
	{ VNET_A_RULE_SRC_MAC, VNET_MATCH_SRC_MAC },
	{ VNET_A_RULE_DST_MAC, VNET_MATCH_DST_MAC },
	{ VNET_A_RULE_ETHERTYPE, VNET_MATCH_ETHERTYPE },
	{ VNET_A_RULE_SRC_IP, VNET_MATCH_SRC_IP },
	{ VNET_A_RULE_DST_IP, VNET_MATCH_DST_IP },
	{ VNET_A_RULE_PROTO, VNET_MATCH_PROTO },
	{ VNET_A_RULE_SRC_PORT_MIN, VNET_MATCH_SPORT },
	{ VNET_A_RULE_DST_PORT_MIN, VNET_MATCH_DPORT },
	{ VNET_A_RULE_ICMP_TYPE, VNET_MATCH_ICMP_TYPE },
	{ VNET_A_RULE_ICMP_CODE, VNET_MATCH_ICMP_CODE },
	{ VNET_A_RULE_TCP_FLAGS, VNET_MATCH_TCP_FLAGS },
	{ VNET_A_RULE_FRAGMENT, VNET_MATCH_FRAGMENT },
	{ VNET_A_RULE_DSCP, VNET_MATCH_DSCP },
	{ VNET_A_RULE_PCP, VNET_MATCH_PCP },
	{ VNET_A_RULE_ARP_SENDER, VNET_MATCH_ARP_SENDER },
	{ VNET_A_RULE_TARGET, VNET_MATCH_ARP_TARGET | VNET_MATCH_ND_TARGET },
	{ VNET_A_RULE_SRC_SET, VNET_MATCH_IN(VNET_SET_SRC_IP) },
	{ VNET_A_RULE_DST_SET, VNET_MATCH_IN(VNET_SET_DST_IP) },
	{ VNET_A_RULE_SPORT_SET, VNET_MATCH_IN(VNET_SET_SPORT) },
	{ VNET_A_RULE_DPORT_SET, VNET_MATCH_IN(VNET_SET_DPORT) },
	{ VNET_A_RULE_SRC_MAC_SET, VNET_MATCH_IN(VNET_SET_SRC_MAC) },
	{ VNET_A_RULE_DST_MAC_SET, VNET_MATCH_IN(VNET_SET_DST_MAC) },
	{ VNET_A_RULE_SRC_PAIR_SET, VNET_MATCH_IN(VNET_SET_SRC_PAIR) },
	{ VNET_A_RULE_DST_PAIR_SET, VNET_MATCH_IN(VNET_SET_DST_PAIR) },
	{ VNET_A_RULE_MEMBER_SET, VNET_MATCH_IN(VNET_SET_MEMBER) },
	{ VNET_A_RULE_STATE, VNET_MATCH_STATE },
};

/* What other fields of the rule rely on: it must be what it says. */
static u32 relied_on(const struct vnet_match *match)
{
	u32 fields = 0;

	if (match->version || match->fields & (VNET_MATCH_ARP_SENDER | VNET_MATCH_ARP_TARGET))
		fields |= VNET_MATCH_ETHERTYPE;
	if (match->fields & (VNET_MATCH_SPORT | VNET_MATCH_DPORT | VNET_MATCH_ICMP_TYPE |
			     VNET_MATCH_TCP_FLAGS | VNET_MATCH_ND_TARGET))
		fields |= VNET_MATCH_PROTO;
	if (match->fields & VNET_MATCH_ICMP_CODE)
		fields |= VNET_MATCH_ICMP_TYPE;
	return fields;
}

static int get_inverted(struct nlattr **attrs, struct vnet_match *match,
			struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[VNET_A_RULE_INVERTED];
	unsigned int i;
	u64 left;

	if (!attr)
		return 0;
	left = nla_get_u64(attr);
	for (i = 0; i < ARRAY_SIZE(beginnings); i++) {
		if (!(left & BIT_ULL(beginnings[i].attr)))
			continue;
		left &= ~BIT_ULL(beginnings[i].attr);
		if (!(match->fields & beginnings[i].field))
			return vnet_nl_refuse(extack, attr, -EINVAL,
					      "a field that the rule does not have cannot be inverted");
		match->inverted |= match->fields & beginnings[i].field;
	}
	if (left)
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "only the attributes that begin a field of the match can be inverted");
	if (match->inverted & relied_on(match))
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "another field of the rule needs the one that is inverted");
	return 0;
}

/**
 * vnet_nl_get_match - read what a rule wants of a frame's headers
 * @attrs: VNET_A_RULE_*
 * @sets: those that may be named
 * @match: zero, but perhaps for the member; the result, masked and without what is
 *	implied left open
 * @extack: gets the sentence
 *
 * Return: 0, -EINVAL or -ENOENT (no such set).
 */
int vnet_nl_get_match(struct nlattr **attrs, struct vnet_set_list *sets,
		      struct vnet_match *match, struct netlink_ext_ack *extack)
{
	return get_macs(attrs, match, extack) ?:
	       get_ips(attrs, match, extack) ?:
	       get_arp(attrs, match, extack) ?:
	       get_ethertype(attrs, match, extack) ?:
	       get_proto(attrs, match, extack) ?:
	       get_ports(attrs, match, extack) ?:
	       get_icmp(attrs, match, extack) ?:
	       get_tcp_flags(attrs, match, extack) ?:
	       get_header_bits(attrs, match, extack) ?:
	       get_state(attrs, match, extack) ?:
	       vnet_nl_get_match_sets(attrs, sets, match, extack) ?:
	       get_inverted(attrs, match, extack);
}

static int put_mac(struct sk_buff *skb, int type, const u8 *mac, int mask_type,
		   const u8 *mask)
{
	if (nla_put(skb, type, ETH_ALEN, mac))
		return -EMSGSIZE;
	if (is_broadcast_ether_addr(mask))
		return 0;
	return nla_put(skb, mask_type, ETH_ALEN, mask);
}

static int put_ip(struct sk_buff *skb, int type, const union vnet_addr *addr,
		  u8 version, int len_type, u8 len)
{
	return nla_put(skb, type, version == 4 ? 4 : 16, addr->bytes) ?:
	       nla_put_u8(skb, len_type, len);
}

static int put_range(struct sk_buff *skb, int min_type, u16 min, int max_type,
		     u16 max)
{
	return nla_put_u16(skb, min_type, min) ?: nla_put_u16(skb, max_type, max);
}

static int put_ethernet(struct sk_buff *skb, const struct vnet_match *match)
{
	u32 fields = match->fields;

	if (fields & VNET_MATCH_SRC_MAC &&
	    put_mac(skb, VNET_A_RULE_SRC_MAC, match->src_mac,
		    VNET_A_RULE_SRC_MAC_MASK, match->src_mac_mask))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_DST_MAC &&
	    put_mac(skb, VNET_A_RULE_DST_MAC, match->dst_mac,
		    VNET_A_RULE_DST_MAC_MASK, match->dst_mac_mask))
		return -EMSGSIZE;
	/* Told only where the addresses do not imply it. */
	if (fields & VNET_MATCH_ETHERTYPE && !match->version &&
	    !(fields & (VNET_MATCH_ARP_SENDER | VNET_MATCH_ARP_TARGET)) &&
	    nla_put_u16(skb, VNET_A_RULE_ETHERTYPE, ntohs(match->ethertype)))
		return -EMSGSIZE;
	return 0;
}

static int put_network(struct sk_buff *skb, const struct vnet_match *match)
{
	u32 fields = match->fields;

	if (fields & VNET_MATCH_SRC_IP &&
	    put_ip(skb, VNET_A_RULE_SRC_IP, &match->src_ip, match->version,
		   VNET_A_RULE_SRC_PREFIX_LEN, match->src_prefix_len))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_DST_IP &&
	    put_ip(skb, VNET_A_RULE_DST_IP, &match->dst_ip, match->version,
		   VNET_A_RULE_DST_PREFIX_LEN, match->dst_prefix_len))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_PROTO &&
	    nla_put_u8(skb, VNET_A_RULE_PROTO, match->proto))
		return -EMSGSIZE;
	return 0;
}

static int put_messages(struct sk_buff *skb, const struct vnet_match *match)
{
	if (match->fields & VNET_MATCH_ARP_SENDER &&
	    put_ip(skb, VNET_A_RULE_ARP_SENDER, &match->src_ip, 4,
		   VNET_A_RULE_ARP_SENDER_PREFIX_LEN, match->src_prefix_len))
		return -EMSGSIZE;
	if (match->fields & VNET_MATCH_ARP_TARGET &&
	    put_ip(skb, VNET_A_RULE_TARGET, &match->dst_ip, 4,
		   VNET_A_RULE_TARGET_PREFIX_LEN, match->dst_prefix_len))
		return -EMSGSIZE;
	if (match->fields & VNET_MATCH_ND_TARGET &&
	    put_ip(skb, VNET_A_RULE_TARGET, &match->target, 6,
		   VNET_A_RULE_TARGET_PREFIX_LEN, match->target_prefix_len))
		return -EMSGSIZE;
	return 0;
}

static int put_header_bits(struct sk_buff *skb, const struct vnet_match *match)
{
	u32 fields = match->fields;

	if (fields & VNET_MATCH_TCP_FLAGS &&
	    (nla_put_u8(skb, VNET_A_RULE_TCP_FLAGS, match->tcp_flags) ||
	     nla_put_u8(skb, VNET_A_RULE_TCP_FLAGS_MASK, match->tcp_flags_mask)))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_FRAGMENT &&
	    nla_put_u8(skb, VNET_A_RULE_FRAGMENT, match->fragment))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_DSCP && nla_put_u8(skb, VNET_A_RULE_DSCP, match->dscp))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_PCP && nla_put_u8(skb, VNET_A_RULE_PCP, match->pcp))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_STATE &&
	    nla_put_u8(skb, VNET_A_RULE_STATE, match->states))
		return -EMSGSIZE;
	return 0;
}

static int put_inverted(struct sk_buff *skb, const struct vnet_match *match)
{
	u64 inverted = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(beginnings); i++)
		if (match->inverted & beginnings[i].field)
			inverted |= BIT_ULL(beginnings[i].attr);
	return inverted ? nla_put_u64_64bit(skb, VNET_A_RULE_INVERTED, inverted,
					    VNET_A_PAD) : 0;
}

static int put_transport(struct sk_buff *skb, const struct vnet_match *match)
{
	u32 fields = match->fields;

	if (fields & VNET_MATCH_SPORT &&
	    put_range(skb, VNET_A_RULE_SRC_PORT_MIN, match->sport_min,
		      VNET_A_RULE_SRC_PORT_MAX, match->sport_max))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_DPORT &&
	    put_range(skb, VNET_A_RULE_DST_PORT_MIN, match->dport_min,
		      VNET_A_RULE_DST_PORT_MAX, match->dport_max))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_ICMP_TYPE &&
	    nla_put_u8(skb, VNET_A_RULE_ICMP_TYPE, match->icmp_type))
		return -EMSGSIZE;
	if (fields & VNET_MATCH_ICMP_CODE &&
	    nla_put_u8(skb, VNET_A_RULE_ICMP_CODE, match->icmp_code))
		return -EMSGSIZE;
	return 0;
}

/**
 * vnet_nl_put_match - tell what a rule wants of a frame's headers
 * @skb: where
 * @match: as vnet_nl_get_match() made it
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_match(struct sk_buff *skb, const struct vnet_match *match)
{
	return put_ethernet(skb, match) ?: put_network(skb, match) ?:
	       put_messages(skb, match) ?: put_transport(skb, match) ?:
	       put_header_bits(skb, match) ?: vnet_nl_put_match_sets(skb, match) ?:
	       put_inverted(skb, match);
}
