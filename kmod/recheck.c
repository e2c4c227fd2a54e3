// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recheck: connections that began under older rules. It must not know how frames are
 * counted.
 *
 * Rules that let through what is established never see such a frame anew, however
 * they change. So a network has a round, which an operator ends, and a connection
 * remembers in which one it was judged. In a new round, its next frame stands for the
 * one that began it: turned round if it is an answer, and as the beginning that the
 * first one was, with the DSCP that it came with. If the rules would not let that pass
 * now, the connection is over.
 */
#include <linux/minmax.h>
#include <linux/string.h>
#include "mark.h"
#include "parse.h"
#include "recheck.h"
#include "state.h"

#define TCP_FLAG_SYN_ONLY	0x02

static void turn_round(struct vnet_key *key)
{
	unsigned int i;

	swap(key->saddr, key->daddr);
	swap(key->sport, key->dport);
	for (i = 0; i < ETH_ALEN; i++)
		swap(key->src[i], key->dst[i]);
}

/* The headers of the frame that began the connection, as far as they are known. */
static void first_key(const struct vnet_pkt *pkt, const struct vnet_began *began,
		      struct vnet_key *key)
{
	*key = pkt->key;
	if (began->reply)
		turn_round(key);
	key->flags &= ~(VNET_KEY_FRAGMENT | VNET_KEY_LATER);
	key->dscp = vnet_mark_first_dscp(pkt);
	key->state = began->related ? VNET_STATE_RELATED : VNET_STATE_NEW;
	if (key->flags & VNET_KEY_TCP)
		key->tcp_flags = TCP_FLAG_SYN_ONLY;
	if (key->flags & VNET_KEY_ICMP) {
		key->icmp_type = began->icmp_type;
		key->icmp_code = began->icmp_code;
	}
}

/* As the pipeline decides, with what a rule that allows would write into the frame. */
static bool passes(const struct vnet_ruleset *rules, enum vnet_direction direction,
		   struct vnet_key *key, const struct vnet_member *member)
{
	const struct vnet_rule *rule = vnet_rule_decide(rules, direction, key,
							member->id).rule;
	const struct vnet_network *network = member->network;
	unsigned int dir = vnet_dir(direction);

	if (!rule)
		return READ_ONCE(network->policy[dir]) == VNET_ACTION_ALLOW ||
		       READ_ONCE(network->audit[dir]);
	if (rule->spec.action != VNET_ACTION_ALLOW)
		return READ_ONCE(network->audit[dir]);
	if (rule->spec.set_dscp)
		key->dscp = rule->spec.set_dscp & ~VNET_RULE_SETS_DSCP;
	return true;
}

static bool may_begin(struct vnet_pkt *pkt, const struct vnet_began *began)
{
	const struct vnet_member *sender = began->reply ? pkt->to : pkt->from;
	const struct vnet_member *receiver = began->reply ? pkt->from : pkt->to;
	/* Those of now: they are asked about the connection, not about this frame. */
	const struct vnet_ruleset *rules = vnet_rule_active(&pkt->network->rules);
	struct vnet_key key;

	first_key(pkt, began, &key);
	return passes(rules, VNET_DIR_EGRESS, &key, sender) &&
	       passes(rules, VNET_DIR_INGRESS, &key, receiver);
}

/**
 * vnet_recheck - judge a frame's connection again, if it has to be
 * @pkt: a frame in switch form that may reach its target, pkt->to
 * @zone: of its network
 *
 * Copies of flooded frames do not tell who talks to whom: they wait for another one.
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONTINUE, or the reason when the connection is over.
 */
enum vnet_verdict vnet_recheck(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	/* Before the rules are asked: those of a round are there before it. */
	u8 round = smp_load_acquire(&zone->round);
	struct vnet_began began;

	if (likely(vnet_state_is_judged(pkt, zone)) || pkt->flooded)
		return VNET_CONTINUE;
	vnet_parse_network(pkt);
	if (pkt->key.flags & VNET_KEY_LATER)
		vnet_state_complete(&pkt->key, pkt->skb);
	vnet_state_began(pkt, &began);
	if (may_begin(pkt, &began)) {
		vnet_state_judged(pkt, round);
		return VNET_CONTINUE;
	}
	vnet_state_end(pkt);
	return VNET_REFUSED(RECHECK);
}
