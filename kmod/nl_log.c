// SPDX-License-Identifier: GPL-2.0-only
/*
 * What rules tell about frames, as messages to a multicast group. It must not know
 * which frames are told.
 */
#include <linux/skbuff.h>
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_log.h"
#include "nl_msg.h"
#include "nl_notify.h"
#include "rule.h"

/** struct vnet_nl_told - a message: what is told, and what is not */
struct vnet_nl_told {
	const struct vnet_told *told;
	u32 suppressed;
};

/* Room for all of the attributes, so that the message need not be cut to size. */
#define LOG_SIZE	(NLMSG_HDRLEN + GENL_HDRLEN + VNET_LOG_FRAME_MAX +	\
			 2 * (VNET_NAME_MAX + 1) + IFNAMSIZ + 13 * (NLA_HDRLEN + 8))

static int put_frame(struct sk_buff *skb, const struct sk_buff *frame)
{
	unsigned int len = min_t(unsigned int, frame->len, VNET_LOG_FRAME_MAX);
	struct nlattr *attr = nla_reserve(skb, VNET_A_LOG_FRAME, len);

	if (!attr)
		return -EMSGSIZE;
	return skb_copy_bits(frame, 0, nla_data(attr), len) ? -EMSGSIZE : 0;
}

static int fill_told(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		     unsigned int how)
{
	const struct vnet_told *told = subject->told->told;
	const struct vnet_rule_spec *spec = &told->rule->spec;
	u32 suppressed = subject->told->suppressed;

	if (nla_put_string(skb, VNET_A_NETWORK, told->network->spec.name) ||
	    vnet_nl_put_member(skb, told->member) ||
	    nla_put_string(skb, VNET_A_LOG_RULE, spec->name) ||
	    nla_put_u8(skb, VNET_A_LOG_DIRECTION, spec->direction) ||
	    nla_put_u8(skb, VNET_A_LOG_ACTION, spec->action) ||
	    nla_put_u8(skb, VNET_A_LOG_AUDIT, told->audit) ||
	    nla_put_u32(skb, VNET_A_LOG_LENGTH, told->skb->len) ||
	    put_frame(skb, told->skb))
		return -EMSGSIZE;
	return suppressed ? nla_put_u32(skb, VNET_A_LOG_SUPPRESSED, suppressed) : 0;
}

static struct sk_buff *build(const struct vnet_nl_told *message)
{
	const struct vnet_nl_message head = { .cmd = VNET_CMD_RULE_LOG_NTF };
	const struct vnet_nl_subject subject = { .told = message };
	struct sk_buff *skb = nlmsg_new(LOG_SIZE, GFP_ATOMIC | __GFP_NOWARN);

	if (skb && vnet_nl_put(skb, &head, fill_told, &subject)) {
		nlmsg_free(skb);
		return NULL;
	}
	return skb;
}

/**
 * vnet_nl_log - tell whoever listens what a rule said about a frame
 * @told: what it said
 *
 * Context: bottom halves off, RCU read side.
 */
void vnet_nl_log(const struct vnet_told *told)
{
	struct vnet_network *network = told->network;
	struct net *net = network->vn->net;
	struct vnet_nl_told message = { .told = told };
	struct sk_buff *skb;

	if (!genl_has_listeners(&vnet_nl_family, net, VNET_NL_GROUP_LOG) ||
	    !vnet_log_admit(&network->log, &message.suppressed))
		return;
	skb = build(&message);
	if (skb)
		genlmsg_multicast_netns(&vnet_nl_family, net, skb, 0,
					VNET_NL_GROUP_LOG, GFP_ATOMIC);
	else
		vnet_log_lost(&network->log, message.suppressed + 1);
}
