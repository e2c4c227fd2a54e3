/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a rule wants of a frame, as attributes. It must not know tables of rules.
 */
#ifndef VNET_NL_MATCH_H
#define VNET_NL_MATCH_H

#include <linux/in.h>
#include <net/netlink.h>
#include "match.h"
#include "set_list.h"

/* Whether packets of an IP protocol have ports where parse.c looks for them. */
static inline bool vnet_nl_has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ||
	       proto == IPPROTO_SCTP || proto == IPPROTO_DCCP;
}

int vnet_nl_get_match(struct nlattr **attrs, struct vnet_set_list *sets,
		      struct vnet_match *match, struct netlink_ext_ack *extack);
int vnet_nl_put_match(struct sk_buff *skb, const struct vnet_match *match);

/* In nl_match_set.c: its part of these. */
int vnet_nl_get_match_sets(struct nlattr **attrs, struct vnet_set_list *sets,
			   struct vnet_match *match, struct netlink_ext_ack *extack);
int vnet_nl_put_match_sets(struct sk_buff *skb, const struct vnet_match *match);

#endif /* VNET_NL_MATCH_H */
