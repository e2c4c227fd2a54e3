// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of a frame that is not delivered. It must not know why a stage
 * refused it, only under which reason.
 */
#include "drop.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

/* Whose counters a reason belongs to is said above VNET_DROP_REASONS. */
static struct vnet_member *charged(const struct vnet_pkt *pkt)
{
	return pkt->to ?: pkt->from;
}

static void count_member(struct vnet_member *member, enum vnet_drop reason)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(member->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->drops[reason]);
	u64_stats_update_end(&cpu->syncp);
}

static void count_port(struct vnet_port *port, enum vnet_drop reason)
{
	struct vnet_drops_cpu *cpu = this_cpu_ptr(port->drops);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->drops[reason]);
	u64_stats_update_end(&cpu->syncp);
}

/* The kernel's own list has few reasons that fit; drop monitors see the nearest. */
static enum skb_drop_reason nearest(enum vnet_drop reason)
{
	switch (reason) {
	case VNET_DROP_RULE_EGRESS:
	case VNET_DROP_RULE_INGRESS:
	case VNET_DROP_POLICY_EGRESS:
	case VNET_DROP_POLICY_INGRESS:
	case VNET_DROP_CONNECTIONS:
	case VNET_DROP_RECHECK:
	case VNET_DROP_CONNECTION_RATE:
	case VNET_DROP_STATE_FULL:
		return SKB_DROP_REASON_NETFILTER_DROP;
	case VNET_DROP_MTU:
		return SKB_DROP_REASON_PKT_TOO_BIG;
	case VNET_DROP_QUEUE_EGRESS:
	case VNET_DROP_QUEUE_INGRESS:
	case VNET_DROP_UPLINK_EGRESS:
	case VNET_DROP_UPLINK_INGRESS:
	case VNET_DROP_DELAY_EGRESS:
	case VNET_DROP_DELAY_INGRESS:
	case VNET_DROP_PACKET_RATE_EGRESS:
	case VNET_DROP_PACKET_RATE_INGRESS:
		return SKB_DROP_REASON_QDISC_DROP;
	case VNET_DROP_COPY_FAILED:
	case VNET_DROP_TAG_FAILED:
		return SKB_DROP_REASON_NOMEM;
	default:
		return SKB_DROP_REASON_NOT_SPECIFIED;
	}
}

/**
 * vnet_drop - count and free a frame
 * @pkt: the frame; pkt->skb is consumed and may be NULL
 * @reason: why
 *
 * Context: RCU read side, bottom halves off.
 */
void vnet_drop(struct vnet_pkt *pkt, enum vnet_drop reason)
{
	struct vnet_member *member = charged(pkt);

	trace_vnet_drop(pkt->network ? pkt->network->id : 0,
			member ? member->id : 0, pkt->skb, reason);
	if (member)
		count_member(member, reason);
	else
		count_port(pkt->port, reason);
	kfree_skb_reason(pkt->skb, nearest(reason));
	pkt->skb = NULL;
}
