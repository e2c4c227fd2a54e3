// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow cache: a table of decisions, and which of them makes room for a new one.
 * Layer 1: it must not know skbs, or what decides.
 */
#include "cache_table.h"

#include <linux/jiffies.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * DOC: Flow cache
 *
 * The problem: for nearly every frame guard, rules and addresses say what they said for
 * the frame before it, and to ask them is most of what a frame costs.
 *
 * Each CPU has a table of what was decided, by sender and headers: all of them that
 * anything looks at. In a network that has no rules, for a sender that has no guard,
 * only the Ethernet header is (the short key); else the frame is parsed, and those are
 * left out that more than the key is known of: fragments, neighbour discovery, ARP,
 * what cannot be parsed. So are all that do not simply pass to one target: frames that
 * are dropped, flooded, logged or changed. In a network that tracks connections it is
 * remembered what was decided about established ones; that a frame is one of those is
 * still for nf_conntrack to say.
 *
 * Nothing is ever flushed. Three generations say when a decision does not hold any
 * more: of the rules (with sets, policies and audit), of the addresses that moved or
 * went, and of the members and settings of the network. A frame takes them before
 * anything is asked, and the decision is valid while they are the same: O(1) for a
 * change, nothing for other networks. Ages of addresses are looked at once a jiffy. What
 * a decision points at is freed a grace period after its generation has ended, so who
 * finds the generation unchanged may use it for as long as the RCU read side lasts.
 *
 * A change cannot be missed. Generations only go up, and those of members and addresses
 * are one sum; 32 bits of them take longer to go round than the minute after which a
 * decision that nobody used is forgotten.
 *
 * Sets of four: a decision goes where its hash says, in place of one that was not used
 * for a second, or else of the oldest one of the network that has most of the set, the
 * new one counted (as limits of addresses are shared, fdb_limit.c). So whoever sends
 * random headers makes room for them among his own, and nobody is put out who has no
 * more of a set than who comes.
 */

#define CACHE_IDLE	HZ		/* jiffies; who is not used for so long makes room */

/**
 * vnet_cache_create - an empty table
 * @node: where its CPU is
 *
 * Context: process context; may sleep.
 * Return: the table, or NULL when there is no memory.
 */
struct vnet_cache *vnet_cache_create(int node)
{
	struct vnet_cache *cache;

	BUILD_BUG_ON(sizeof(struct vnet_cache_entry) > 128);
	BUILD_BUG_ON(VNET_CACHE_SETS & (VNET_CACHE_SETS - 1));
	cache = kvzalloc_node(sizeof(*cache), GFP_KERNEL | __GFP_NOWARN, node);
	if (cache)
		cache->secret = (u64)get_random_u32() << 32 | get_random_u32();
	return cache;
}

/**
 * vnet_cache_destroy - free a table
 * @cache: the table, or NULL
 *
 * Context: process context; nobody asks it any more.
 */
void vnet_cache_destroy(struct vnet_cache *cache)
{
	kvfree(cache);
}

/* How many of a set are of the network of @entry; a new one is of @network. */
static unsigned int share_of(const struct vnet_cache_set *set,
			     const struct vnet_cache_entry *entry, u32 network)
{
	unsigned int i, share = entry->network == network;

	for (i = 0; i < VNET_CACHE_WAYS; i++)
		share += set->way[i].network == entry->network;
	return share;
}

/* Which of two is to make room: of who has more; of the network itself; the older one. */
static bool goes_before(const struct vnet_cache_set *set, const struct vnet_cache_entry *a,
			const struct vnet_cache_entry *b, u32 network, u32 now)
{
	unsigned int more_a = share_of(set, a, network), more_b = share_of(set, b, network);
	bool own_a = a->network == network, own_b = b->network == network;

	if (more_a != more_b)
		return more_a > more_b;
	if (own_a != own_b)
		return own_a;
	return now - a->decision.used > now - b->decision.used;
}

/* Where a decision goes; NULL: it has to stay outside. */
static struct vnet_cache_entry *room_for(struct vnet_cache_set *set,
					 const struct vnet_cache_query *query, u32 now)
{
	u32 network = query->network;
	struct vnet_cache_entry *entry, *victim = NULL;

	for (entry = set->way; entry < set->way + VNET_CACHE_WAYS; entry++)
		if (vnet_cache_same(entry, query, query->words))
			return entry;
	for (entry = set->way; entry < set->way + VNET_CACHE_WAYS; entry++) {
		if (!entry->network || now - entry->decision.used > CACHE_IDLE)
			return entry;
		if (!victim || goes_before(set, entry, victim, network, now))
			victim = entry;
	}
	/* Each of others has no more than the new one would have. */
	return share_of(set, victim, network) > 1 ? victim : NULL;
}

/**
 * vnet_cache_keep - remember what was decided
 * @cache: the table of this CPU
 * @query: the frame, for which vnet_cache_find() found nothing
 * @decision: the decision, made from what was found after the generations in @query
 * @now: in jiffies
 *
 * Context: RCU read side, bottom halves off.
 */
void vnet_cache_keep(struct vnet_cache *cache, const struct vnet_cache_query *query,
		     const struct vnet_decision *decision, u32 now)
{
	struct vnet_cache_entry *entry = room_for(&cache->set[query->set], query, now);

	if (!entry)
		return;
	memcpy(entry->word, query->word, query->words * sizeof(u64));
	entry->network = query->network;
	entry->generation = query->generation;
	entry->decision = *decision;
	entry->decision.used = now;
}
