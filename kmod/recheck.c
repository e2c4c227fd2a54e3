// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recheck: connections that began under older rules. It must not know how frames are
 * counted.
 *
 * Rules that let through what is established never see such a frame anew, however
 * they change. So a network has a round, which an operator ends, and a connection
 * remembers in which one it was judged. In a new round, its next frame stands for the
 * one that began it: turned round if it is an answer, and as the beginning that the
 * first one was. If the rules would not let that pass now, the connection is over.
 */
#include <linux/minmax.h>
#include <linux/string.h>
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
	key->state = began->related ? VNET_STATE_RELATED : VNET_STATE_NEW;
	if (key->flags & VNET_KEY_TCP)
		key->tcp_flags = TCP_FLAG_SYN_ONLY;
	if (key->flags & VNET_KEY_ICMP) {
		key->icmp_type = began->icmp_type;
		key->icmp_code = began->icmp_code;
	}
}

static bool passes(struct vnet_network *network, enum vnet_direction direction,
		   const struct vnet_key *key, const struct vnet_member *member)
{
	unsigned int dir = vnet_dir(direction);
	const struct vnet_rule *rule;
	enum vnet_action action;

	if (READ_ONCE(network->audit[dir]))
		return true;
	rule = vnet_rule_decide(vnet_rule_active(&network->rules), direction,
				key, member->id).rule;
	action = rule ? rule->spec.action : READ_ONCE(network->policy[dir]);
	return action == VNET_ACTION_ALLOW;
}

static bool may_begin(struct vnet_pkt *pkt, const struct vnet_began *began)
{
	const struct vnet_member *sender = began->reply ? pkt->to : pkt->from;
	const struct vnet_member *receiver = began->reply ? pkt->from : pkt->to;
	struct vnet_key key;

	first_key(pkt, began, &key);
	return passes(pkt->network, VNET_DIR_EGRESS, &key, sender) &&
	       passes(pkt->network, VNET_DIR_INGRESS, &key, receiver);
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
	u8 round = READ_ONCE(zone->round);
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
