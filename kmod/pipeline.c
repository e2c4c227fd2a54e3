// SPDX-License-Identifier: GPL-2.0-only
/*
 * The pipeline: the ordered stages of a frame's way, and nothing else. Only the
 * pipeline drops: a stage says why.
 */
#include <linux/etherdevice.h>
#include <linux/percpu.h>
#include "class_node.h"
#include "drop.h"
#include "forward.h"
#include "fragment.h"
#include "guard.h"
#include "judge.h"
#include "packet_rate.h"
#include "parse.h"
#include "pipeline.h"
#include "recall.h"
#include "recheck.h"
#include "state.h"
#include "tag.h"
#include "trace.h"
#include "uplink.h"

/**
 * DOC: Packet path
 *
 * A frame comes in through the receive handler of a port (hook.c), in softirq
 * or with bottom halves off, under RCU. Of most frames all is known that the stages
 * would say, because others like it went before (cache.c, recall_find.h): these are sent
 * on at once (hit.c). Those go by the stages that are new, special, or held by a class:
 *
 *   parse    its Ethernet header is sane
 *   hops     it has not been here too often
 *   tag      port + VLAN tag -> member -> network; the tag comes off
 *   count    from here on it is a frame of the member
 *   rate     packets/s of the member and its network
 *   known    what guard, rules and addresses said is said again, if that is known
 *   guard    the member may claim what the frame claims
 *   state    what its connection is, if a rule of the network asks for that
 *   rule     the network's egress rules; what they write or want answered
 *   learn    the table knows where the source is
 *   class    the sender's egress class, or the rule's: now, or it is held
 *   uplink   what its network may send through the port now: likewise
 *   forward  the table or flooding says who gets it
 *
 * and then once for each target:
 *
 *   rule     the network's ingress rules
 *   rate     packets/s of the target and its network
 *   state    a connection that is new becomes known, one that is old may be judged again
 *   class    the target's ingress class, or the rule's: now, or it is held
 *   uplink   what its network may send through the port now: likewise
 *   transmit MTU, tag, interface
 *
 * A held frame comes back through vnet_pipeline_release(), or through
 * vnet_pipeline_release_shared(), and goes on behind the stage that held it.
 * Either stage may want a GSO frame split: then each segment goes on from there by
 * itself.
 *
 * Loops: an interface that hands frames straight back (a bridge device that is
 * a port, say) would recurse, so a per-CPU depth ends that. Most devices go
 * through the backlog instead; for these the number of hops travels with the
 * frame in skb->tc_index, marked so that a foreign value counts as none.
 */
#define MAX_DEPTH	4

DEFINE_PER_CPU(unsigned int, vnet_pipeline_depth);

static enum vnet_verdict check_hops(struct vnet_pkt *pkt)
{
	u16 index = pkt->skb->tc_index;

	pkt->hops = 1;
	if ((index & ~VNET_HOPS_MASK) == VNET_HOPS_MAGIC)
		pkt->hops += index & VNET_HOPS_MASK;
	if (unlikely(pkt->hops > VNET_HOPS_MAX ||
		     __this_cpu_read(vnet_pipeline_depth) > MAX_DEPTH))
		return VNET_REFUSED(LOOP);
	return VNET_CONTINUE;
}

static enum vnet_verdict count_egress(struct vnet_pkt *pkt)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(pkt->from->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->egress_packets);
	u64_stats_add(&cpu->egress_bytes, pkt->len);
	u64_stats_update_end(&cpu->syncp);
	return likely(READ_ONCE(pkt->network->up)) ? VNET_CONTINUE :
						     VNET_REFUSED(NETWORK_DOWN);
}

static enum vnet_verdict check_rate(struct vnet_pkt *pkt, enum vnet_direction direction,
				    struct vnet_member *member)
{
	if (likely(!vnet_packet_rate_limits(member)) ||
	    vnet_packet_rate_take(member, direction, vnet_parse_packets(pkt->skb)))
		return VNET_CONTINUE;
	return direction == VNET_DIR_EGRESS ? VNET_REFUSED(PACKET_RATE_EGRESS) :
					      VNET_REFUSED(PACKET_RATE_INGRESS);
}

static enum vnet_verdict check_guard(struct vnet_pkt *pkt)
{
	const struct vnet_guard *guard = rcu_dereference(pkt->from->guard);

	return guard ? vnet_guard_check(pkt, guard) : VNET_CONTINUE;
}

static enum vnet_verdict confirm_state(struct vnet_pkt *pkt)
{
	const struct vnet_zone *zone = rcu_dereference(pkt->network->zone);
	enum vnet_verdict verdict = VNET_CONTINUE;

	if (likely(!pkt->stateful))
		return VNET_CONTINUE;
	if (zone)
		verdict = vnet_recheck(pkt, zone);
	return verdict == VNET_CONTINUE ? vnet_state_confirm(pkt, zone) : verdict;
}

static void fill_hold(struct vnet_pkt *pkt, u32 bytes)
{
	*vnet_hold(pkt->skb) = (struct vnet_hold) {
		.source = pkt->from,
		.target = pkt->to,
		.source_closed = &pkt->from->closed,
		.target_closed = pkt->to ? &pkt->to->closed : NULL,
		.bytes = bytes,
		.generation = pkt->generation,
		.pcp = pkt->pcp,
		.tagged = pkt->tagged,
		.hops = pkt->hops,
		.old_dscp = pkt->old_dscp,
		.flooded = pkt->flooded,
		.state = pkt->key.state,
		.stateful = pkt->stateful,
		.round = pkt->round,
	};
}

static void count_held(struct vnet_member *member, bool held)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(member->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(held ? &cpu->held : &cpu->released);
	u64_stats_update_end(&cpu->syncp);
}

/* The reason for the "no" of a class, or with @shared of an uplink. */
static enum vnet_verdict refused(enum vnet_class_verdict why, enum vnet_direction direction,
				 bool shared)
{
	bool egress = direction == VNET_DIR_EGRESS;

	switch (why) {
	case VNET_CLASS_FULL:
		if (shared)
			return egress ? VNET_REFUSED(UPLINK_EGRESS) :
					VNET_REFUSED(UPLINK_INGRESS);
		return egress ? VNET_REFUSED(QUEUE_EGRESS) : VNET_REFUSED(QUEUE_INGRESS);
	case VNET_CLASS_LATE:
		return egress ? VNET_REFUSED(DELAY_EGRESS) : VNET_REFUSED(DELAY_INGRESS);
	default:
		return VNET_REFUSED(MEMBER_GONE);
	}
}

/* Asks @share, or without one @class. */
static enum vnet_class_verdict admit(struct vnet_pkt *pkt, enum vnet_direction direction,
				     struct vnet_class *class, struct vnet_share *share,
				     u32 bytes, bool divisible)
{
	fill_hold(pkt, bytes);
	if (share)
		return vnet_share_admit(share, direction, pkt->skb, divisible);
	return vnet_class_admit(class, direction, pkt->skb, divisible);
}

static enum vnet_verdict split(struct vnet_pkt *pkt, enum vnet_direction direction,
			       struct vnet_member *member, struct sk_buff *segments,
			       bool shared);

/* The segments of a frame; NULL: it cannot be split, now or ever. */
static struct sk_buff *segments_of(struct sk_buff *skb)
{
	/* Whatever the target can do itself: checksums are completed where it cannot. */
	struct sk_buff *segments = skb_gso_segment(skb, NETIF_F_SG | NETIF_F_HW_CSUM);

	return IS_ERR(segments) ? NULL : segments;
}

/* With the lock of the class, or of the share. */
static enum vnet_verdict take_turn(struct vnet_pkt *pkt, enum vnet_direction direction,
				   struct vnet_member *member, struct vnet_class *class,
				   struct vnet_share *share, u32 bytes)
{
	struct sk_buff *segments, *skb = pkt->skb;
	enum vnet_class_verdict said;

	said = admit(pkt, direction, class, share, bytes, vnet_parse_divisible(skb));
	if (unlikely(said == VNET_CLASS_SPLIT)) {
		segments = segments_of(skb);
		if (segments)
			return split(pkt, direction, member, segments, share);
		said = admit(pkt, direction, class, share, bytes, false);
	}
	if (likely(said == VNET_CLASS_PASS))
		return VNET_CONTINUE;
	if (said != VNET_CLASS_HELD)
		return refused(said, direction, share);
	count_held(member, true);
	trace_vnet_enqueue(pkt->network->id, member->id, skb, direction);
	pkt->skb = NULL;
	return VNET_CONSUMED;
}

static enum vnet_verdict shape(struct vnet_pkt *pkt, enum vnet_direction direction,
			       struct vnet_member *member)
{
	struct vnet_class *class = pkt->class ?:
				   rcu_dereference(member->class[vnet_dir(direction)]);

	u32 bytes = vnet_parse_wire_bytes(pkt->skb, vnet_class_overhead(class, direction));

	if (likely(vnet_class_pass(class, direction, bytes)))
		return VNET_CONTINUE;
	return take_turn(pkt, direction, member, class, NULL, bytes);
}

/* Only at members of ports that have a capacity. */
static enum vnet_verdict share_uplink(struct vnet_pkt *pkt, enum vnet_direction direction,
				      struct vnet_member *member)
{
	struct vnet_share *share = rcu_dereference(member->share);
	struct vnet_class *root;
	u32 bytes;

	if (likely(!share))
		return VNET_CONTINUE;
	root = vnet_class_root(pkt->network->classes);
	bytes = vnet_parse_wire_bytes(pkt->skb, vnet_class_overhead(root, direction));
	if (likely(vnet_share_pass(share, direction, bytes)))
		return VNET_CONTINUE;
	return take_turn(pkt, direction, member, root, share, bytes);
}

static void count_forwarded(struct vnet_pkt *pkt)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(pkt->from->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->forwarded);
	u64_stats_update_end(&cpu->syncp);
	cpu = this_cpu_ptr(pkt->to->stats);
	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->offered);
	u64_stats_update_end(&cpu->syncp);
}

static void finish(struct vnet_pkt *pkt, enum vnet_verdict verdict)
{
	if (unlikely(verdict > VNET_CONTINUE))
		vnet_drop(pkt, (enum vnet_drop)verdict);
}

static enum vnet_verdict leave_class(struct vnet_pkt *pkt, enum vnet_direction direction);

/* The way of a frame that the rules allow to its target. */
static enum vnet_verdict enter(struct vnet_pkt *pkt)
{
	enum vnet_verdict verdict = check_rate(pkt, VNET_DIR_INGRESS, pkt->to);

	if (verdict == VNET_CONTINUE)
		verdict = confirm_state(pkt);
	if (verdict == VNET_CONTINUE)
		verdict = shape(pkt, VNET_DIR_INGRESS, pkt->to);
	if (verdict == VNET_CONTINUE)
		verdict = leave_class(pkt, VNET_DIR_INGRESS);
	return verdict;
}

/*
 * Nothing but a class is asked about each frame: so the hit path (hit.c) asks nothing else.
 * What is asked here, and that the network is up, has to raise its generation when it changes.
 */
static bool is_simple(const struct vnet_pkt *pkt)
{
	return !vnet_packet_rate_limits(pkt->from) && !vnet_packet_rate_limits(pkt->to) &&
	       !rcu_access_pointer(pkt->from->share) && !rcu_access_pointer(pkt->to->share) &&
	       !vnet_tag_cvid(pkt->to->tag);
}

/* What was decided about a frame that went by all stages holds for others like it. */
static void remember(const struct vnet_pkt *pkt)
{
	struct vnet_decision decision = {
		.rule = { pkt->rule[0], pkt->rule[1] },
		.simple = !pkt->stateful && is_simple(pkt),
		.established = pkt->stateful,
	};

	if (pkt->stateful && pkt->key.state != VNET_STATE_ESTABLISHED)
		return;
	if (unlikely(!vnet_judge_knows(pkt, pkt->query->generation >> 32)))
		return;
	if (likely(pkt->plain && !pkt->flooded && vnet_forward_remember(pkt, &decision.addresses)))
		vnet_recall_keep(pkt, &decision);
}

/* The way to one target. Consumes the frame. */
static void deliver(struct vnet_pkt *pkt, struct vnet_member *to)
{
	enum vnet_verdict verdict;

	pkt->to = to;
	count_forwarded(pkt);
	verdict = vnet_judge_ingress(pkt);
	if (verdict == VNET_CONTINUE) {
		if (pkt->query)
			remember(pkt);
		verdict = enter(pkt);
	}
	finish(pkt, verdict);
}

static void count_cached(struct vnet_member *member)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(member->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->cached);
	u64_stats_update_end(&cpu->syncp);
}

/* The way of a frame about whose like everything was decided. */
static enum vnet_verdict pass_again(struct vnet_pkt *pkt, const struct vnet_decision *known)
{
	struct vnet_member *to = vnet_member_of(known->addresses.to);
	const struct vnet_rule *ingress = known->rule[vnet_dir(VNET_DIR_INGRESS)];
	enum vnet_verdict verdict;

	count_cached(pkt->from);
	vnet_judge_same(pkt, VNET_DIR_EGRESS, pkt->from, known->rule[vnet_dir(VNET_DIR_EGRESS)]);
	verdict = shape(pkt, VNET_DIR_EGRESS, pkt->from);
	if (verdict == VNET_CONTINUE)
		verdict = share_uplink(pkt, VNET_DIR_EGRESS, pkt->from);
	if (verdict != VNET_CONTINUE)
		return verdict;
	pkt->to = to;
	count_forwarded(pkt);
	vnet_judge_same(pkt, VNET_DIR_INGRESS, to, ingress);
	return enter(pkt);
}

/* What comes behind the uplink stage of a direction. */
static enum vnet_verdict leave_uplink(struct vnet_pkt *pkt, enum vnet_direction direction)
{
	return direction == VNET_DIR_EGRESS ? vnet_forward(pkt, deliver) :
					      vnet_forward_transmit(pkt);
}

/* What comes behind the class stage of a direction. */
static enum vnet_verdict leave_class(struct vnet_pkt *pkt, enum vnet_direction direction)
{
	enum vnet_verdict verdict = share_uplink(pkt, direction, pkt->to ?: pkt->from);

	return verdict == VNET_CONTINUE ? leave_uplink(pkt, direction) : verdict;
}

static void count_copy(struct vnet_member *member)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(member->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->copies);
	u64_stats_update_end(&cpu->syncp);
}

/*
 * Each segment of a frame asks for itself where the frame did, and goes the rest of the
 * way. The first one counts as the frame, the others as copies of it that were made for
 * @member.
 */
static enum vnet_verdict split(struct vnet_pkt *pkt, enum vnet_direction direction,
			       struct vnet_member *member, struct sk_buff *segments,
			       bool shared)
{
	struct sk_buff *segment, *next;
	enum vnet_verdict verdict;
	bool first = true;

	consume_skb(pkt->skb);
	pkt->skb = NULL;
	skb_list_walk_safe(segments, segment, next) {
		struct vnet_pkt part = *pkt;

		skb_mark_not_on_list(segment);
		part.skb = segment;
		part.len = segment->len;
		if (!first) {
			count_copy(member);
			/* The first one told all that there is to know. */
			part.query = NULL;
		}
		first = false;
		verdict = shared ? share_uplink(&part, direction, member) :
				   shape(&part, direction, member);
		if (verdict == VNET_CONTINUE)
			verdict = shared ? leave_uplink(&part, direction) :
					   leave_class(&part, direction);
		finish(&part, verdict);
	}
	return VNET_CONSUMED;
}

/* The packet that a held frame was. */
static void restore(struct vnet_pkt *pkt, struct sk_buff *skb)
{
	const struct vnet_hold *hold = vnet_hold(skb);

	*pkt = (struct vnet_pkt) {
		.skb = skb,
		.from = hold->source,
		.to = hold->target,
		.network = ((struct vnet_member *)hold->source)->network,
		.len = skb->len,
		.generation = hold->generation,
		.pcp = hold->pcp,
		.tagged = hold->tagged,
		.hops = hold->hops,
		.old_dscp = hold->old_dscp,
		.flooded = hold->flooded,
	};
	vnet_parse_key(pkt);
	vnet_state_note(pkt, hold->state);
	pkt->stateful = hold->stateful;
	pkt->round = hold->round;
}

static void let_go(struct vnet_pkt *pkt, struct sk_buff *skb,
		   enum vnet_direction direction)
{
	struct vnet_member *member;

	restore(pkt, skb);
	member = pkt->to ?: pkt->from;
	count_held(member, false);
	trace_vnet_dequeue(pkt->network->id, member->id, skb, direction);
}

/**
 * vnet_pipeline_lose - a fragment that waited for others is given up
 * @skb: the frame, with its struct vnet_hold; consumed
 * @reason: why
 *
 * Context: bottom halves off, RCU read side.
 */
void vnet_pipeline_lose(struct sk_buff *skb, enum vnet_drop reason)
{
	struct vnet_pkt pkt;

	let_go(&pkt, skb, VNET_DIR_EGRESS);
	vnet_drop(&pkt, reason);
}

/* The way from the rules to the point where the targets are known. */
static enum vnet_verdict pass_rules(struct vnet_pkt *pkt)
{
	enum vnet_verdict verdict;

	/* Behind the state, which says what it was found by. */
	vnet_judge_begin(pkt);
	verdict = vnet_judge_egress(pkt);
	if (verdict == VNET_CONTINUE)
		verdict = vnet_forward_learn(pkt);
	if (verdict == VNET_CONTINUE)
		verdict = shape(pkt, VNET_DIR_EGRESS, pkt->from);
	if (verdict == VNET_CONTINUE)
		verdict = leave_class(pkt, VNET_DIR_EGRESS);
	return verdict;
}

/* A packet is whole: its frames go on with the rules. */
static void resume(struct sk_buff *skb)
{
	struct vnet_pkt pkt;

	let_go(&pkt, skb, VNET_DIR_EGRESS);
	finish(&pkt, pass_rules(&pkt));
}

static enum vnet_verdict collect(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	struct vnet_member *from = pkt->from;
	enum vnet_verdict verdict;

	fill_hold(pkt, pkt->skb->len);
	count_held(from, true);
	verdict = vnet_fragment_collect(pkt, zone, resume, vnet_pipeline_lose);
	if (verdict != VNET_CONSUMED)
		count_held(from, false);
	return verdict;
}

/* Only where some rule of the network asks. */
static enum vnet_verdict find_state(struct vnet_pkt *pkt)
{
	const struct vnet_zone *zone = rcu_dereference(pkt->network->zone);

	if (likely(!zone))
		return VNET_CONTINUE;
	/* Before the rules are asked: who ends the round later asks them again. */
	pkt->round = READ_ONCE(zone->round);
	vnet_parse_network(pkt);
	/* The rules say what becomes of it. */
	if (unlikely(vnet_parse_failed(&pkt->key)))
		return VNET_CONTINUE;
	if (unlikely(pkt->key.flags & VNET_KEY_FRAGMENT))
		return collect(pkt, zone);
	return vnet_state_find(pkt, zone);
}

/* The way from the port to what has to be decided. */
static enum vnet_verdict leave_port(struct vnet_pkt *pkt)
{
	enum vnet_verdict verdict;

	verdict = vnet_parse_ethernet(pkt);
	if (verdict == VNET_CONTINUE)
		verdict = check_hops(pkt);
	if (verdict == VNET_CONTINUE)
		verdict = vnet_tag_resolve(pkt);
	if (verdict != VNET_CONTINUE)
		return verdict;
	vnet_parse_key(pkt);
	verdict = count_egress(pkt);
	if (verdict == VNET_CONTINUE)
		verdict = check_rate(pkt, VNET_DIR_EGRESS, pkt->from);
	return verdict;
}

/* The way on, by what is decided now. */
static enum vnet_verdict pass_anew(struct vnet_pkt *pkt)
{
	enum vnet_verdict verdict = check_guard(pkt);

	if (verdict == VNET_CONTINUE)
		verdict = find_state(pkt);
	if (verdict == VNET_CONTINUE)
		verdict = pass_rules(pkt);
	return verdict;
}

/* What is known holds if the frame's connection, if it is to have one, is established. */
static enum vnet_verdict pass_known(struct vnet_pkt *pkt, const struct vnet_recall *recall)
{
	const struct vnet_decision *known = recall->known;
	enum vnet_verdict verdict = find_state(pkt);

	if (verdict != VNET_CONTINUE)
		return verdict;
	if (unlikely(known->established != pkt->stateful ||
		     (pkt->stateful && pkt->key.state != VNET_STATE_ESTABLISHED))) {
		pkt->query = &recall->query;
		return pass_rules(pkt);
	}
	/* For its segments; if a class holds it, newer rules than those it was judged by count. */
	vnet_judge_begin(pkt);
	pkt->generation = vnet_recall_rules(recall);
	return pass_again(pkt, known);
}

static enum vnet_verdict pass(struct vnet_pkt *pkt, const struct vnet_recall *recall)
{
	/* Nested; or the tag is another member's since the cache was asked. */
	if (unlikely(!recall || recall->from != pkt->from))
		return pass_anew(pkt);
	if (recall->known)
		return pass_known(pkt, recall);
	if (recall->query.words)
		pkt->query = &recall->query;
	return pass_anew(pkt);
}

/**
 * vnet_pipeline_receive - the whole way of a received frame
 * @port: where it came in
 * @skb: the frame, as a receive handler gets it, not shared; consumed
 * @recall: what is known of it, and how to keep what is decided; NULL: neither
 *
 * Context: RCU read side, bottom halves off.
 */
void vnet_pipeline_receive(struct vnet_port *port, struct sk_buff *skb,
			   const struct vnet_recall *recall)
{
	struct vnet_pkt pkt = { .skb = skb, .port = port, .plain = true };
	enum vnet_verdict verdict = leave_port(&pkt);

	if (verdict == VNET_CONTINUE)
		verdict = pass(&pkt, recall);
	finish(&pkt, verdict);
}

/* A held frame goes on; @shared: it had to wait for its network's share already. */
static void release(struct sk_buff *skb, enum vnet_direction direction, bool shared)
{
	enum vnet_verdict verdict;
	struct vnet_pkt pkt;

	let_go(&pkt, skb, direction);
	verdict = vnet_judge_again(&pkt);
	if (verdict == VNET_CONTINUE)
		verdict = shared ? leave_uplink(&pkt, direction) :
				   leave_class(&pkt, direction);
	finish(&pkt, verdict);
}

/**
 * vnet_pipeline_release - a frame that a class held goes on
 * @skb: the frame, with its struct vnet_hold; consumed
 * @direction: which class stage held it
 *
 * Context: softirq, RCU read side.
 */
void vnet_pipeline_release(struct sk_buff *skb, enum vnet_direction direction)
{
	release(skb, direction, false);
}

/**
 * vnet_pipeline_release_shared - a frame that waited for its share of an uplink goes on
 * @skb: the frame, with its struct vnet_hold; consumed
 * @direction: which uplink stage held it
 *
 * Context: softirq, RCU read side.
 */
void vnet_pipeline_release_shared(struct sk_buff *skb, enum vnet_direction direction)
{
	release(skb, direction, true);
}

/**
 * vnet_pipeline_drop_held - a frame that a class held is given up
 * @skb: the frame, with its struct vnet_hold; consumed
 * @direction: which class stage held it
 * @why: what became of it there
 *
 * Context: bottom halves off, RCU read side.
 */
void vnet_pipeline_drop_held(struct sk_buff *skb, enum vnet_direction direction,
			     enum vnet_class_verdict why)
{
	struct vnet_pkt pkt;

	let_go(&pkt, skb, direction);
	vnet_drop(&pkt, (enum vnet_drop)refused(why, direction, false));
}

/**
 * vnet_pipeline_drop_shared - a frame that waited for its share of an uplink is given up
 * @skb: the frame, with its struct vnet_hold; consumed
 * @direction: which uplink stage held it
 * @why: what became of it there
 *
 * Context: bottom halves off, RCU read side.
 */
void vnet_pipeline_drop_shared(struct sk_buff *skb, enum vnet_direction direction,
			       enum vnet_class_verdict why)
{
	struct vnet_pkt pkt;

	let_go(&pkt, skb, direction);
	vnet_drop(&pkt, (enum vnet_drop)refused(why, direction, true));
}
