// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recalling: which frames the flow cache may know, and by what. It must not know how
 * decisions are made or what becomes of frames.
 */
#include "recall.h"

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include "parse.h"

static DEFINE_PER_CPU(struct vnet_cache *, cache);

/* More than the key is known of, or there is too little in it. */
static bool is_special(const struct vnet_key *key)
{
	u32 wanted = VNET_KEY_IP | VNET_KEY_PROTO;
	u32 unwanted = VNET_KEY_FRAGMENT | VNET_KEY_LATER | VNET_KEY_CUT | VNET_KEY_ND;

	if ((key->flags & (wanted | unwanted)) != wanted)
		return true;
	return key->proto == IPPROTO_ICMPV6 && key->icmp_type >= 128 &&
	       key->icmp_type != ICMPV6_ECHO_REQUEST && key->icmp_type != ICMPV6_ECHO_REPLY;
}

/* Addresses of IPv4 are one word; @key->version tells them from those of IPv6. */
static unsigned int add_addresses(u64 *word, const struct vnet_key *key)
{
	if (likely(key->version == 4)) {
		word[0] = (u64)(__force u32)key->saddr.v4 << 32 | (__force u32)key->daddr.v4;
		return 1;
	}
	memcpy(word, &key->saddr, 16);
	memcpy(word + 2, &key->daddr, 16);
	return 4;
}

/* The first sixteen bytes of a key end with its flags, the next eight with the state. */
static void add_headers(struct vnet_cache_query *query, const struct vnet_key *key)
{
	BUILD_BUG_ON(offsetofend(struct vnet_key, flags) != 16);
	BUILD_BUG_ON(offsetof(struct vnet_key, version) != 16);
	BUILD_BUG_ON(offsetofend(struct vnet_key, state) != 24);

	memcpy(query->word + 1, key, 16);
	query->words = 3;
	if (!(key->flags & VNET_KEY_IP))
		return;
	memcpy(query->word + 3, (const u8 *)key + 16, 8);
	query->word[4] = (u64)(__force u16)key->sport << 16 | (__force u16)key->dport;
	query->words = 5 + add_addresses(query->word + 5, key);
}

/* Its connections, its rules or its target say something else for each frame. */
static bool is_unlike_others(const struct vnet_pkt *pkt)
{
	return rcu_access_pointer(pkt->network->zone) ||
	       unlikely(is_multicast_ether_addr(pkt->key.dst));
}

/* Whether anything looks at more than the Ethernet header of a frame. */
static bool is_looked_into(const struct vnet_pkt *pkt)
{
	return rcu_access_pointer(pkt->from->guard) ||
	       vnet_rule_any(pkt->rules, VNET_DIR_EGRESS) ||
	       vnet_rule_any(pkt->rules, VNET_DIR_INGRESS);
}

/**
 * vnet_recall - what was decided about frames like this one
 * @pkt: a frame that may leave its sender's port, with vnet_judge_begin() done;
 *	pkt->query is set when it is worth while to keep what is decided now
 * @query: lives as long as the frame is on its way
 *
 * Context: RCU read side, bottom halves off.
 * Return: the decision, until the next one is kept; NULL: it is to be made.
 */
const struct vnet_decision *vnet_recall(struct vnet_pkt *pkt, struct vnet_cache_query *query)
{
	if (is_unlike_others(pkt))
		return NULL;
	/* Before anything is looked at: what changes from here on is worth nothing later. */
	query->state = smp_load_acquire(&pkt->network->generation);
	/* Likewise. */
	query->state += smp_load_acquire(&pkt->network->fdb.generation);
	query->rules = pkt->generation;
	query->network = pkt->network->number;
	if (is_looked_into(pkt)) {
		vnet_parse_network(pkt);
		if (unlikely(is_special(&pkt->key)))
			return NULL;
	}
	query->word[0] = pkt->from->id;
	add_headers(query, &pkt->key);
	pkt->query = query;
	return vnet_cache_find(this_cpu_read(cache), query, jiffies);
}

/**
 * vnet_recall_keep - remember what was decided
 * @pkt: the frame, with pkt->query
 * @decision: the decision
 *
 * Context: the RCU read side of vnet_recall().
 */
void vnet_recall_keep(const struct vnet_pkt *pkt, const struct vnet_decision *decision)
{
	vnet_cache_keep(this_cpu_read(cache), pkt->query, decision, jiffies);
}

/**
 * vnet_recall_exit - undo vnet_recall_init()
 *
 * Context: process context; no frame comes any more.
 */
void vnet_recall_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		vnet_cache_destroy(per_cpu(cache, cpu));
		per_cpu(cache, cpu) = NULL;
	}
}

/**
 * vnet_recall_init - make empty caches
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vnet_recall_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(cache, cpu) = vnet_cache_create(cpu_to_node(cpu));
		if (!per_cpu(cache, cpu)) {
			vnet_recall_exit();
			return -ENOMEM;
		}
	}
	return 0;
}
