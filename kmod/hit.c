// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hit path: the whole way of a frame about which all is known, in one go. It must
 * not decide anything: what is not simple is left to the pipeline, as it was.
 */
#include "hit.h"

#include "class_node.h"
#include "drop.h"
#include "recall_find.h"
#include "transmit.h"
#include "trace.h"

/* The class that shapes a frame: the rule's that allowed it, or the member's. */
static struct vnet_class *class_of(const struct vnet_decision *known,
				   const struct vnet_member *member,
				   enum vnet_direction direction)
{
	const struct vnet_rule *rule = known->rule[vnet_dir(direction)];

	if (rule && rule->spec.class)
		return rule->spec.class;
	return rcu_dereference(member->class[vnet_dir(direction)]);
}

/* It has passed other switches; or it is segments, each of which has to ask for itself. */
static bool is_special(const struct sk_buff *skb)
{
	return (skb->tc_index & ~VNET_HOPS_MASK) == VNET_HOPS_MAGIC || skb_is_gso(skb);
}

static void count_sender(const struct vnet_member *from, unsigned int bytes)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(from->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->egress_packets);
	u64_stats_add(&cpu->egress_bytes, bytes);
	u64_stats_inc(&cpu->cached);
	u64_stats_inc(&cpu->forwarded);
	u64_stats_update_end(&cpu->syncp);
}

static void count_receiver(const struct vnet_member *to)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(to->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->offered);
	u64_stats_update_end(&cpu->syncp);
}

static __always_inline void count_rule(const struct vnet_rule *rule,
				       const struct vnet_member *member,
				       enum vnet_direction direction,
				       const struct sk_buff *skb, unsigned int bytes)
{
	const struct vnet_network *network = member->network;

	vnet_stats_count(rule ? rule->hits : network->policy_hits[vnet_dir(direction)],
			 bytes);
	trace_vnet_verdict(network->id, member->id, skb, direction, rule ? rule->id : 0,
			   VNET_ACTION_ALLOW);
}

/* The tag comes off; with the Ethernet header in front, nothing is known of a sum. */
static u16 take_tag(struct sk_buff *skb)
{
	u16 priority = 0;

	if (skb_vlan_tag_present(skb)) {
		priority = skb_vlan_tag_get(skb) & VLAN_PRIO_MASK;
		__vlan_hwaccel_clear_tag(skb);
	}
	skb_forward_csum(skb);
	__skb_push(skb, ETH_HLEN);
	return priority;
}

/* There is no other tag: such frames are not known. */
static void put_tag(struct sk_buff *skb, u32 tag, u16 priority)
{
	if (tag != VNET_TAG_NONE)
		__vlan_hwaccel_put_tag(skb, htons(vnet_tag_proto(tag)),
				       priority | vnet_tag_vid(tag));
}

/* As for any frame that an interface refuses. */
static noinline void count_refused(struct vnet_member *from, struct vnet_member *to)
{
	vnet_drop(&(struct vnet_pkt) { .from = from, .network = from->network, .to = to },
		  VNET_DROP_TRANSMIT);
}

static __always_inline void transmit(struct sk_buff *skb, struct vnet_member *from,
				     struct vnet_member *to, unsigned int bytes)
{
	u16 priority = take_tag(skb);
	int err;

	vnet_transmit_scrub(skb);
	put_tag(skb, to->tag, priority);
	skb->dev = to->port->dev;
	skb->tc_index = VNET_HOPS_MAGIC | 1;
	err = dev_queue_xmit(skb);
	count_receiver(to);
	if (likely(!net_xmit_eval(err)))
		vnet_transmit_count(to, bytes);
	else
		count_refused(from, to);
}

/* All or nothing: either the frame is on its way, and everything counted, or as it was. */
static __always_inline bool go(struct sk_buff *skb, struct vnet_member *from,
			       const struct vnet_decision *known)
{
	struct vnet_member *to = vnet_member_of(known->addresses.to);
	struct vnet_class *egress = class_of(known, from, VNET_DIR_EGRESS);
	struct vnet_class *ingress = class_of(known, to, VNET_DIR_INGRESS);
	struct vnet_lease *leave = vnet_class_lease(egress, VNET_DIR_EGRESS);
	struct vnet_lease *enter = vnet_class_lease(ingress, VNET_DIR_INGRESS);
	unsigned int bytes = skb->len + ETH_HLEN;
	u32 leaving = bytes + vnet_class_overhead(egress, VNET_DIR_EGRESS);
	u32 entering = bytes + vnet_class_overhead(ingress, VNET_DIR_INGRESS);

	if (unlikely(!known->simple || is_special(skb)))
		return false;
	if (unlikely(!vnet_transmit_is_up(to->port->dev) ||
		     bytes > vnet_transmit_max(to->port->dev)))
		return false;
	if (unlikely(!vnet_lease_has(leave, leaving) || !vnet_lease_has(enter, entering)))
		return false;
	vnet_lease_spend(leave, leaving);
	vnet_lease_spend(enter, entering);
	count_sender(from, bytes);
	count_rule(known->rule[vnet_dir(VNET_DIR_EGRESS)], from, VNET_DIR_EGRESS, skb, bytes);
	count_rule(known->rule[vnet_dir(VNET_DIR_INGRESS)], to, VNET_DIR_INGRESS, skb, bytes);
	transmit(skb, from, to, bytes);
	return true;
}

/**
 * vnet_hit - have a frame go the way of those like it
 * @recall: of this CPU; gets what is known of the frame
 * @port: where it came in
 * @skb: the frame, as received; consumed if it goes
 *
 * Context: RCU read side, bottom halves off; not from within itself.
 * Return: false when it has to go the long way.
 */
bool vnet_hit(struct vnet_recall *recall, struct vnet_port *port, struct sk_buff *skb)
{
	return likely(vnet_recall(recall, port, skb)) && go(skb, recall->from, recall->known);
}
