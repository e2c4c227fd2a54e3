/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The table of the flow cache, for cache.c, and for the packet path what is too short
 * for a call. Layer 1.
 */
#ifndef VNET_CACHE_TABLE_H
#define VNET_CACHE_TABLE_H

#include <linux/bitops.h>
#include <linux/jiffies.h>
#include "cache.h"

#ifndef VNET_CACHE_SETS
#define VNET_CACHE_SETS	1024		/* a power of two; 512 KiB for each CPU */
#endif
#define VNET_CACHE_WAYS	4
#define VNET_CACHE_OLD	(60 * HZ)	/* jiffies; what is not used for so long is forgotten */
#define VNET_CACHE_MIX	0x9e3779b97f4a7c15ULL	/* 2^64 / golden ratio, odd */

/**
 * struct vnet_cache_entry - one decision; two cache lines
 * @word: as in the query, as the next two
 * @generation: see @word
 * @network: 0: there is none
 * @decision: the decision
 */
struct vnet_cache_entry {
	u64 word[VNET_CACHE_WORDS];
	u64 generation;
	u32 network;
	struct vnet_decision decision;
};

struct vnet_cache_set {
	struct vnet_cache_entry way[VNET_CACHE_WAYS];
};

struct vnet_cache {
	struct vnet_cache_set set[VNET_CACHE_SETS];
	u64 secret;
};

/*
 * Strangers choose the headers; who finds some that collide harms himself (see cache.c).
 * Half of the hash finds the set, the other half is compared first. Multiplying carries
 * bits up, turning brings them back down.
 */
static __always_inline void vnet_cache_place(const struct vnet_cache *cache,
					     struct vnet_cache_query *query,
					     unsigned int words)
{
	u32 sender = query->word[0];
	u64 hash = cache->secret ^ ((u64)query->network << 32 | sender);
	unsigned int i;

#pragma GCC unroll 8
	for (i = 1; i < words; i++)
		hash = rol64(hash * VNET_CACHE_MIX, 29) ^ query->word[i];
	hash *= VNET_CACHE_MIX;
	query->words = words;
	query->set = hash >> 32 & (VNET_CACHE_SETS - 1);
	query->word[0] = hash << 32 | sender;
}

static __always_inline bool vnet_cache_same(const struct vnet_cache_entry *entry,
					    const struct vnet_cache_query *query,
					    unsigned int words)
{
	u64 different = entry->network ^ query->network;
	unsigned int i;

	if (entry->word[0] != query->word[0])
		return false;
#pragma GCC unroll 8
	for (i = 1; i < words; i++)
		different |= entry->word[i] ^ query->word[i];
	return !different;
}

/**
 * vnet_cache_find - what was decided about frames like this one
 * @cache: the table of this CPU
 * @query: the frame; its place is filled in
 * @words: how many words of it count, a constant
 * @now: in jiffies
 *
 * Who uses the decision says so in its @used.
 *
 * Context: RCU read side, bottom halves off.
 * Return: the decision, until the next one is kept; NULL: it is to be made.
 */
static __always_inline struct vnet_decision *
vnet_cache_find(struct vnet_cache *cache, struct vnet_cache_query *query, unsigned int words,
		u32 now)
{
	struct vnet_cache_entry *entry, *end;

	vnet_cache_place(cache, query, words);
	entry = cache->set[query->set].way;
	for (end = entry + VNET_CACHE_WAYS; entry < end; entry++) {
		if (!vnet_cache_same(entry, query, words))
			continue;
		if (entry->generation != query->generation)
			return NULL;
		if (likely(entry->decision.used == now))
			return &entry->decision;
		return now - entry->decision.used > VNET_CACHE_OLD ? NULL : &entry->decision;
	}
	return NULL;
}

#endif /* VNET_CACHE_TABLE_H */
