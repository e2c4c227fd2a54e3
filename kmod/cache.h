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
 * @simple: nothing but a class may hold or refuse frames like it
 * @established: it holds for frames of connections that are established
 * @used: when it was kept, or said to be used last, in jiffies
 */
struct vnet_decision {
	struct vnet_fdb_pair addresses;
	struct vnet_rule *rule[VNET_DIRS];
	u32 used;
	bool simple;
	bool established;
};

#define VNET_CACHE_WORDS	8

/**
 * struct vnet_cache_query - a frame, as the cache knows it
 * @word: its sender, in the lower half of the first one, and its headers; the upper half
 *	is filled in by vnet_cache_find()
 * @words: how many words count; filled in by vnet_cache_find(), like @set
 * @set: where to look for it
 * @network: number of its network, which no other one has
 * @generation: of what decides about it, before anything was decided: that of the rules in
 *	the upper half, the sum of those of members and addresses in the lower
 */
struct vnet_cache_query {
	u64 word[VNET_CACHE_WORDS];
	unsigned int words;
	u32 set;
	u32 network;
	u64 generation;
};

/* Configuration: process context, may sleep. create: NULL when there is no memory. */
struct vnet_cache *vnet_cache_create(int node);
void vnet_cache_destroy(struct vnet_cache *cache);

void vnet_cache_keep(struct vnet_cache *cache, const struct vnet_cache_query *query,
		     const struct vnet_decision *decision, u32 now);

#endif /* VNET_CACHE_H */
