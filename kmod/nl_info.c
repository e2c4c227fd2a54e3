// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about a namespace as a whole: what this module is, and flush.
 */
#include <linux/module.h>
#include "netns.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"

const struct nla_policy vnet_nl_flush_policy[VNET_A_KEEP_UP + 1] = {
	[VNET_A_KEEP_UP] = VNET_NL_FLAG,
};

static int fill_info(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		     unsigned int how)
{
	const struct vnet_netns *vn = subject->vn;

	if (nla_put_string(skb, VNET_A_INFO_VERSION,
			   THIS_MODULE->version ?: "unknown") ||
	    nla_put_u32(skb, VNET_A_INFO_NETWORKS, vn->network_count) ||
	    nla_put_u32(skb, VNET_A_INFO_PORTS, vn->port_count) ||
	    nla_put_u32(skb, VNET_A_INFO_MEMBERS, vn->member_count) ||
	    nla_put_u32(skb, VNET_A_INFO_DROP_REASONS, VNET_DROP_MAX))
		return -EMSGSIZE;
	return 0;
}

/* VNET_CMD_INFO_GET */
int vnet_nl_info_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_nl_subject subject = { .vn = vnet_nl_request(info)->vn };

	return vnet_nl_reply(info, fill_info, &subject, 0);
}

/* VNET_CMD_FLUSH */
int vnet_nl_flush(struct sk_buff *skb, struct genl_info *info)
{
	vnet_netns_flush(vnet_nl_request(info)->vn, info->attrs[VNET_A_KEEP_UP]);
	return 0;
}
