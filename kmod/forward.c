// SPDX-License-Identifier: GPL-2.0-only
/*
 * Forwarding: learning where senders are, choosing who gets a frame, and giving
 * it to an interface. It must not know rules, guards or classes.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include <net/pkt_sched.h>
#include "drop.h"
#include "forward.h"
#include "tag.h"
#include "transmit.h"

/* A member that does not learn is still held to the sticky entries of others. */
static enum vnet_verdict refuse_sticky(struct vnet_pkt *pkt)
{
	struct vnet_fdb_info info;

	if (!vnet_fdb_get(&pkt->network->fdb, pkt->key.src, &info) &&
	    info.kind == VNET_FDB_STICKY && info.owner != &pkt->from->fdb)
		return VNET_REFUSED(MAC_STICKY);
	return VNET_CONTINUE;
}

/**
 * vnet_forward_learn - remember where a source address is
 * @pkt: a frame in switch form
 *
 * Return: %VNET_CONTINUE, or the reason when the address is sticky elsewhere.
 */
enum vnet_verdict vnet_forward_learn(struct vnet_pkt *pkt)
{
	if (unlikely(!(READ_ONCE(pkt->from->flags) & VNET_MEMBER_LEARNING)))
		return refuse_sticky(pkt);
	return (enum vnet_verdict)vnet_fdb_learn(&pkt->network->fdb, pkt->key.src,
						 &pkt->from->fdb);
}

/**
 * vnet_forward_remember - what was found of the addresses of a frame
 * @pkt: a frame that goes to one target, pkt->to
 * @addresses: filled in
 *
 * Return: true if the next one like it can go by that.
 */
bool vnet_forward_remember(const struct vnet_pkt *pkt, struct vnet_fdb_pair *addresses)
{
	bool learns = READ_ONCE(pkt->from->flags) & VNET_MEMBER_LEARNING;

	return vnet_fdb_remember(&pkt->network->fdb, pkt->key.src,
				 learns ? &pkt->from->fdb : NULL, pkt->key.dst,
				 &pkt->to->fdb, addresses);
}

static bool isolated(const struct vnet_member *from, const struct vnet_member *to)
{
	return READ_ONCE(from->flags) & READ_ONCE(to->flags) & VNET_MEMBER_ISOLATED;
}

static bool hairpin_refused(const struct vnet_member *from, const struct vnet_member *to)
{
	return from == to && !(READ_ONCE(from->flags) & VNET_MEMBER_HAIRPIN);
}

/* The switch of the target that lets a frame to many through. */
static u32 flood_switch(const u8 *dst)
{
	if (is_broadcast_ether_addr(dst))
		return VNET_MEMBER_FLOOD_BROADCAST;
	if (is_multicast_ether_addr(dst))
		return VNET_MEMBER_FLOOD_MULTICAST;
	return VNET_MEMBER_FLOOD_UNICAST;
}

static bool wants_flooded(const struct vnet_member *from,
			  const struct vnet_member *to, u32 wanted)
{
	return READ_ONCE(to->flags) & wanted && !hairpin_refused(from, to) &&
	       !isolated(from, to) && vnet_transmit_is_up(to->port->dev);
}

static void count_copy(struct vnet_member *from)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(from->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->copies);
	u64_stats_update_end(&cpu->syncp);
}

/* A copy of the frame for @to. The copy is counted even if it cannot be made:
 * then it is a frame that was dropped.
 */
static void deliver_copy(const struct vnet_pkt *pkt, struct vnet_member *to,
			 void (*deliver)(struct vnet_pkt *pkt, struct vnet_member *to))
{
	struct vnet_pkt copy = *pkt;

	count_copy(pkt->from);
	copy.skb = skb_clone(pkt->skb, GFP_ATOMIC);
	if (likely(copy.skb))
		deliver(&copy, to);
	else
		vnet_drop(&copy, VNET_DROP_COPY_FAILED);
}

/*
 * All targets but the last get a copy, the last one the frame itself: one member
 * behind, as the bridge does it.
 */
static enum vnet_verdict flood(struct vnet_pkt *pkt,
			       void (*deliver)(struct vnet_pkt *pkt,
					       struct vnet_member *to))
{
	struct vnet_member *to, *previous = NULL;
	u32 wanted = flood_switch(pkt->key.dst);

	if (unlikely(!vnet_member_may_flood(pkt->from)))
		return VNET_REFUSED(FLOOD_RATE);
	pkt->flooded = true;
	list_for_each_entry_rcu(to, &pkt->network->members, node) {
		if (!wants_flooded(pkt->from, to, wanted))
			continue;
		if (previous)
			deliver_copy(pkt, previous, deliver);
		previous = to;
	}
	if (!previous)
		return VNET_REFUSED(NO_TARGET);
	deliver(pkt, previous);
	return VNET_CONSUMED;
}

/**
 * vnet_forward - give a frame to whoever is to get it
 * @pkt: a frame in switch form that may leave its sender
 * @deliver: the rest of the way, for each target; consumes its packet
 *
 * Return: %VNET_CONSUMED, or the reason when nobody gets it.
 */
enum vnet_verdict vnet_forward(struct vnet_pkt *pkt,
			       void (*deliver)(struct vnet_pkt *pkt,
					       struct vnet_member *to))
{
	struct vnet_fdb_owner *owner;
	struct vnet_member *to;

	if (is_multicast_ether_addr(pkt->key.dst))
		return flood(pkt, deliver);
	owner = vnet_fdb_find(&pkt->network->fdb, pkt->key.dst);
	if (!owner)
		return flood(pkt, deliver);
	to = vnet_member_of(owner);
	if (unlikely(hairpin_refused(pkt->from, to)))
		return VNET_REFUSED(HAIRPIN);
	if (unlikely(isolated(pkt->from, to)))
		return VNET_REFUSED(ISOLATED);
	deliver(pkt, to);
	return VNET_CONSUMED;
}

/* As is_skb_forwardable(), but a GSO frame passes only if its segments fit. */
static bool fits(const struct sk_buff *skb, const struct net_device *dev)
{
	unsigned int max = vnet_transmit_max(dev);

	if (likely(skb->len <= max))
		return true;
	return skb_is_gso(skb) && skb_gso_validate_mac_len(skb, max);
}

/*
 * A frame that keeps a tag in its payload came with the network header at that
 * tag; whoever completes its checksum looks for IP there.
 */
static void fix_network_header(struct sk_buff *skb)
{
	int depth;

	if (likely(skb->ip_summed != CHECKSUM_PARTIAL || !eth_type_vlan(skb->protocol)))
		return;
	if (__vlan_get_protocol(skb, skb->protocol, &depth))
		skb_set_network_header(skb, depth);
}

/* Puts the tag on and gives a frame to the interface; as vnet_forward_transmit(). */
static enum vnet_verdict hand_over(struct vnet_pkt *pkt)
{
	struct net_device *dev = pkt->to->port->dev;
	struct sk_buff *skb = pkt->skb;
	enum vnet_verdict verdict;
	int err;

	if (unlikely(!vnet_transmit_is_up(dev)))
		return VNET_REFUSED(PORT_DOWN);
	if (unlikely(!fits(skb, dev)))
		return VNET_REFUSED(MTU);
	vnet_transmit_scrub(skb);
	verdict = vnet_tag_push(pkt);
	if (unlikely(verdict != VNET_CONTINUE))
		return verdict;
	fix_network_header(skb);
	skb->dev = dev;
	skb->tc_index = VNET_HOPS_MAGIC | pkt->hops;
	pkt->skb = NULL;
	err = dev_queue_xmit(skb);
	return unlikely(net_xmit_eval(err)) ? VNET_REFUSED(TRANSMIT) : VNET_CONSUMED;
}

/**
 * vnet_forward_transmit - put the tag on and give a frame to the interface
 * @pkt: a frame in switch form with pkt->to set
 *
 * Return: %VNET_CONSUMED, or the reason; pkt->skb is NULL then if the interface
 * refused it.
 */
enum vnet_verdict vnet_forward_transmit(struct vnet_pkt *pkt)
{
	enum vnet_verdict verdict = hand_over(pkt);

	if (likely(verdict == VNET_CONSUMED))
		vnet_transmit_count(pkt->to, pkt->len);
	return verdict;
}

/**
 * vnet_forward_answer - give a frame that the switch made to a member
 * @pkt: a frame in switch form with pkt->to set; its skb is consumed
 *
 * It is counted as an answer and nowhere else. One that cannot be sent is nobody's loss.
 */
void vnet_forward_answer(struct vnet_pkt *pkt)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(pkt->to->stats);

	if (hand_over(pkt) != VNET_CONSUMED) {
		kfree_skb(pkt->skb);
		return;
	}
	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->answers);
	u64_stats_update_end(&cpu->syncp);
}
