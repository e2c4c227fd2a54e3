// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sets that a rule names, as attributes. It must not know tables of rules, or what
 * sets consist of.
 */
#include <linux/bits.h>
#include <linux/in.h>
#include "nl_match.h"
#include "nl_policy.h"

/* The attribute of each part of a key that can be asked for in a set. */
static const u8 attr_of[VNET_SET_WHATS] = {
	[VNET_SET_SRC_IP] = VNET_A_RULE_SRC_SET,
	[VNET_SET_DST_IP] = VNET_A_RULE_DST_SET,
	[VNET_SET_SPORT] = VNET_A_RULE_SPORT_SET,
	[VNET_SET_DPORT] = VNET_A_RULE_DPORT_SET,
	[VNET_SET_SRC_MAC] = VNET_A_RULE_SRC_MAC_SET,
	[VNET_SET_DST_MAC] = VNET_A_RULE_DST_MAC_SET,
	[VNET_SET_SRC_PAIR] = VNET_A_RULE_SRC_PAIR_SET,
	[VNET_SET_DST_PAIR] = VNET_A_RULE_DST_PAIR_SET,
	[VNET_SET_MEMBER] = VNET_A_RULE_MEMBER_SET,
};

static int check_type(const struct nlattr *attr, enum vnet_set_what what,
		      enum vnet_set_type type, struct netlink_ext_ack *extack)
{
	switch (what) {
	case VNET_SET_SRC_IP:
	case VNET_SET_DST_IP:
		return type == VNET_SET_ADDRESSES ? 0 :
		       vnet_nl_refuse(extack, attr, -EINVAL,
				      "here a set of addresses is asked; this one has another type");
	case VNET_SET_SPORT:
	case VNET_SET_DPORT:
		return type == VNET_SET_PORTS ? 0 :
		       vnet_nl_refuse(extack, attr, -EINVAL,
				      "here a set of ports is asked; this one has another type");
	case VNET_SET_SRC_MAC:
	case VNET_SET_DST_MAC:
		return type == VNET_SET_MACS ? 0 :
		       vnet_nl_refuse(extack, attr, -EINVAL,
				      "here a set of MACs is asked; this one has another type");
	case VNET_SET_MEMBER:
		return type == VNET_SET_MEMBERS ? 0 :
		       vnet_nl_refuse(extack, attr, -EINVAL,
				      "here a set of members is asked; this one has another type");
	default:
		return type == VNET_SET_PAIRS ? 0 :
		       vnet_nl_refuse(extack, attr, -EINVAL,
				      "here a set of pairs is asked; this one has another type");
	}
}

/* All frames have it. */
static bool is_of_any_frame(enum vnet_set_what what)
{
	return what == VNET_SET_SRC_MAC || what == VNET_SET_DST_MAC ||
	       what == VNET_SET_MEMBER;
}

static bool is_of_addresses(enum vnet_set_what what)
{
	return what == VNET_SET_SRC_IP || what == VNET_SET_DST_IP;
}

static bool is_ip(__be16 ethertype)
{
	return ethertype == htons(ETH_P_IP) || ethertype == htons(ETH_P_IPV6);
}

/* Whether a rule wants a field, and wants it as it is said. */
static bool wants(struct nlattr **attrs, const struct vnet_match *match, u32 field, u8 attr)
{
	const struct nlattr *inverted = attrs[VNET_A_RULE_INVERTED];

	return match->fields & field &&
	       !(inverted && nla_get_u64(inverted) & BIT_ULL(attr));
}

/* Other fields of the rule may say that no frame has what is asked for. */
static int check_fields(struct nlattr **attrs, enum vnet_set_what what,
			const struct vnet_match *match, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[attr_of[what]];

	if (is_of_any_frame(what))
		return 0;
	if (wants(attrs, match, VNET_MATCH_ETHERTYPE, VNET_A_RULE_ETHERTYPE) &&
	    !is_ip(match->ethertype))
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "only IPv4 and IPv6 packets have this, not frames of this ethertype");
	if (!is_of_addresses(what) && match->fields & VNET_MATCH_ND_TARGET)
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "neighbour discovery has no ports");
	if (is_of_addresses(what) || vnet_nl_has_ports(match->proto) ||
	    !wants(attrs, match, VNET_MATCH_PROTO, VNET_A_RULE_PROTO))
		return 0;
	return vnet_nl_refuse(extack, attr, -EINVAL,
			      "this protocol has no ports; TCP, UDP, UDP-Lite, SCTP and DCCP have");
}

static int get_set(struct nlattr **attrs, enum vnet_set_what what,
		   struct vnet_set_list *sets, struct vnet_match *match,
		   struct netlink_ext_ack *extack)
{
	const struct nlattr *attr = attrs[attr_of[what]];
	struct vnet_named_set *named = vnet_set_list_find(sets, nla_data(attr));
	int err;

	if (!named)
		return vnet_nl_refuse(extack, attr, -ENOENT,
				      "the network has no set of this name; add it first (set add)");
	err = check_type(attr, what, vnet_set_type(named->set), extack) ?:
	      check_fields(attrs, what, match, extack);
	if (err)
		return err;
	match->fields |= VNET_MATCH_IN(what);
	match->sets[what] = named->set;
	return 0;
}

/**
 * vnet_nl_get_match_sets - read which sets a rule names
 * @attrs: VNET_A_RULE_*_SET
 * @sets: those that may be named
 * @match: what else the rule wants; gets the sets, which the caller does not own
 * @extack: gets the sentence
 *
 * Context: config mutex held.
 * Return: 0; -ENOENT if there is no such set, -EINVAL if it does not fit.
 */
int vnet_nl_get_match_sets(struct nlattr **attrs, struct vnet_set_list *sets,
			   struct vnet_match *match, struct netlink_ext_ack *extack)
{
	unsigned int what;
	int err = 0;

	for (what = 0; what < VNET_SET_WHATS && !err; what++)
		if (attrs[attr_of[what]])
			err = get_set(attrs, what, sets, match, extack);
	return err;
}

/**
 * vnet_nl_put_match_sets - tell which sets a rule names
 * @skb: where
 * @match: as vnet_nl_get_match_sets() made it
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_match_sets(struct sk_buff *skb, const struct vnet_match *match)
{
	unsigned int what;
	int err = 0;

	for (what = 0; what < VNET_SET_WHATS && !err; what++)
		if (match->fields & VNET_MATCH_IN(what))
			err = nla_put_string(skb, attr_of[what],
					     vnet_named_set_of(match->sets[what])->name);
	return err;
}
