/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The flow cache: what was decided about frames with the same headers. Layer 1: it
 * must not know skbs, or what decides.
 */
#ifndef VNET_CACHE_H
#define VNET_CACHE_H

#include <linux/types.h>
#include "fdb.h"
#include "key.h"

struct vnet_cache;
struct vnet_rule;

/**
 * struct vnet_decision - what rules and addresses said of an allowed frame
 * @addresses: where its source and its destination were found
 * @rule: which rule allowed it, by vnet_dir(); NULL: the default policy
 */
struct vnet_decision {
	struct vnet_fdb_pair addresses;
	struct vnet_rule *rule[VNET_DIRS];
};

#define VNET_CACHE_WORDS	9

/**
 * struct vnet_cache_query - a frame, as the cache knows it
 * @word: its sender, in the lower half of the first one, and its headers; the upper half
 *	is filled in by vnet_cache_find()
 * @words: how many words count
 * @set: where to look for it; likewise
 * @network: number of its network, which no other one has
 * @state: sum of the generations of members and addresses, before anything was decided
 * @rules: generation of the rules, likewise
 */
struct vnet_cache_query {
	u64 word[VNET_CACHE_WORDS];
	unsigned int words;
	u32 set;
	u32 network;
	u32 state;
	u32 rules;
};

/* Configuration: process context, may sleep. create: NULL when there is no memory. */
struct vnet_cache *vnet_cache_create(int node);
void vnet_cache_destroy(struct vnet_cache *cache);

const struct vnet_decision *vnet_cache_find(struct vnet_cache *cache,
					    struct vnet_cache_query *query, u32 now);
void vnet_cache_keep(struct vnet_cache *cache, const struct vnet_cache_query *query,
		     const struct vnet_decision *decision, u32 now);

#endif /* VNET_CACHE_H */
