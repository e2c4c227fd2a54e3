// SPDX-License-Identifier: GPL-2.0-only
/*
 * Guard lists as attributes. It must not know members, only their lists.
 */
#include "nl_guard.h"
#include "nl_policy.h"

static const struct nla_policy prefix_policy[VNET_A_GUARD_PREFIX_LEN + 1] = {
	[VNET_A_GUARD_IP] = VNET_NL_IP,
	[VNET_A_GUARD_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
};

const struct nla_policy vnet_nl_guard_macs_policy[VNET_A_GUARD_ADDRESS + 1] = {
	[VNET_A_GUARD_ADDRESS] = VNET_NL_UNICAST,
};

const struct nla_policy vnet_nl_guard_ips_policy[VNET_A_GUARD_PREFIX + 1] = {
	[VNET_A_GUARD_PREFIX] = NLA_POLICY_NESTED(prefix_policy),
};

static int refuse_more(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	/* No limit that can be raised, hence not -ENOSPC. */
	return vnet_nl_refuse(extack, attr, -E2BIG,
			      "a guard list has at most 256 entries");
}

/**
 * vnet_nl_get_guard_macs - read a list of MAC addresses
 * @nest: of vnet_nl_guard_macs_policy
 * @mac: room for %VNET_GUARD_ADDRESSES_MAX
 * @count: how many there are
 * @extack: gets the sentence
 *
 * Return: 0 or -E2BIG.
 */
int vnet_nl_get_guard_macs(const struct nlattr *nest, u8 mac[][ETH_ALEN],
			   u16 *count, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rest;

	*count = 0;
	nla_for_each_nested(attr, nest, rest) {
		if (*count == VNET_GUARD_ADDRESSES_MAX)
			return refuse_more(attr, extack);
		memcpy(mac[(*count)++], nla_data(attr), ETH_ALEN);
	}
	return 0;
}

static int get_prefix(const struct nlattr *nest, struct vnet_prefix *prefix,
		      struct netlink_ext_ack *extack)
{
	struct nlattr *attrs[VNET_A_GUARD_PREFIX_LEN + 1];
	int err;

	err = nla_parse_nested(attrs, VNET_A_GUARD_PREFIX_LEN, nest, prefix_policy,
			       extack);
	if (err)
		return err;
	err = vnet_nl_require(extack, nest, attrs, VNET_A_GUARD_IP);
	if (err) {
		NL_SET_BAD_ATTR(extack, nest);
		return err;
	}
	return vnet_nl_get_prefix(attrs[VNET_A_GUARD_IP],
				  attrs[VNET_A_GUARD_PREFIX_LEN], prefix, extack);
}

/**
 * vnet_nl_get_guard_ips - read a list of prefixes
 * @nest: of vnet_nl_guard_ips_policy
 * @prefix: room for %VNET_GUARD_ADDRESSES_MAX
 * @count: how many there are
 * @extack: gets the sentence
 *
 * Return: 0, -E2BIG, -EINVAL.
 */
int vnet_nl_get_guard_ips(const struct nlattr *nest, struct vnet_prefix *prefix,
			  u16 *count, struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	int rest, err;

	*count = 0;
	nla_for_each_nested(attr, nest, rest) {
		if (*count == VNET_GUARD_ADDRESSES_MAX)
			return refuse_more(attr, extack);
		err = get_prefix(attr, &prefix[(*count)++], extack);
		if (err)
			return err;
	}
	return 0;
}

static int put_macs(struct sk_buff *skb, const struct vnet_guard *guard)
{
	struct nlattr *nest = nla_nest_start(skb, VNET_A_MEMBER_GUARD_MACS);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < guard->macs; i++)
		if (nla_put(skb, VNET_A_GUARD_ADDRESS, ETH_ALEN, guard->mac[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_prefix(struct sk_buff *skb, const struct vnet_prefix *prefix)
{
	struct nlattr *nest = nla_nest_start(skb, VNET_A_GUARD_PREFIX);

	if (!nest ||
	    nla_put(skb, VNET_A_GUARD_IP, prefix->version == 4 ? 4 : 16,
		    prefix->addr.bytes) ||
	    nla_put_u8(skb, VNET_A_GUARD_PREFIX_LEN, prefix->len))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

static int put_prefixes(struct sk_buff *skb, const struct vnet_guard *guard)
{
	struct nlattr *nest = nla_nest_start(skb, VNET_A_MEMBER_GUARD_IPS);
	unsigned int i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < guard->prefixes; i++)
		if (put_prefix(skb, &guard->prefix[i]))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vnet_nl_put_guard - tell what a member may claim to be
 * @skb: where
 * @guard: the guard, or NULL for none; a list that is empty is not told
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_guard(struct sk_buff *skb, const struct vnet_guard *guard)
{
	if (guard && guard->macs && put_macs(skb, guard))
		return -EMSGSIZE;
	if (guard && guard->prefixes && put_prefixes(skb, guard))
		return -EMSGSIZE;
	if (nla_put_u8(skb, VNET_A_MEMBER_GUARD_DHCP, guard && guard->dhcp) ||
	    nla_put_u8(skb, VNET_A_MEMBER_GUARD_RA, guard && guard->ra))
		return -EMSGSIZE;
	return 0;
}
