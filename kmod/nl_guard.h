/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Guard lists as attributes. It must not know members, only their lists.
 */
#ifndef VNET_NL_GUARD_H
#define VNET_NL_GUARD_H

#include <net/netlink.h>
#include "member.h"

extern const struct nla_policy vnet_nl_guard_macs_policy[VNET_A_GUARD_ADDRESS + 1];
extern const struct nla_policy vnet_nl_guard_ips_policy[VNET_A_GUARD_PREFIX + 1];

/* Bytes that full lists need in a message, in the nests of a member. */
#define VNET_NL_GUARD_SIZE						\
	(2 * NLA_HDRLEN + VNET_GUARD_ADDRESSES_MAX *			\
	 ((NLA_HDRLEN + NLA_ALIGN(ETH_ALEN)) +				\
	  (NLA_HDRLEN + NLA_HDRLEN + 16 + NLA_HDRLEN + NLA_ALIGN(1))))

int vnet_nl_get_guard_macs(const struct nlattr *nest, u8 mac[][ETH_ALEN],
			   u16 *count, struct netlink_ext_ack *extack);
int vnet_nl_get_guard_ips(const struct nlattr *nest, struct vnet_prefix *prefix,
			  u16 *count, struct netlink_ext_ack *extack);
int vnet_nl_put_guard(struct sk_buff *skb, const struct vnet_guard *guard);

#endif /* VNET_NL_GUARD_H */
