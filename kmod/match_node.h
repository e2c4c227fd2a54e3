/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The nodes that a set of the classifier consists of, and their tries.
 * Layer 0: it must not know which rule goes where.
 */
#ifndef VNET_MATCH_NODE_H
#define VNET_MATCH_NODE_H

#include <linux/bitops.h>
#include <linux/types.h>
#include "match_rule.h"

/* Limits of the shape of a set; the theory says what for. */
#define VNET_MATCH_LEAF		16	/* rules side by side before tables are made */
#define VNET_MATCH_TABLES	32	/* of one group */
#define VNET_MATCH_DEPTH	8	/* groups one inside the other */

enum vnet_match_kind {
	VNET_MATCH_SET,
	VNET_MATCH_GROUP,
	VNET_MATCH_TABLE,
	VNET_MATCH_BRANCH,
};

/**
 * struct vnet_match_node - what all nodes have in front; immutable once published
 * @kind: enum vnet_match_kind
 * @steps: at most so many does a lookup take from here on
 * @best: smallest order of the rules below
 * @places: rules below, each as often as it is there
 * @bytes: size of the allocation
 * @made: next of those that an edit has made; nobody else's
 * @rcu: links those that an edit retires, then for call_rcu()
 */
struct vnet_match_node {
	u32 kind;
	u32 steps;
	u64 best;
	u32 places;
	u32 bytes;
	struct vnet_match_node *made;
	struct rcu_head rcu;
};

/**
 * struct vnet_match_slot - a rule in a group
 * @order: that of the rule
 * @rule: the rule
 */
struct vnet_match_slot {
	u64 order;
	const struct vnet_match_rule *rule;
};

/**
 * struct vnet_match_group - the rules of one place
 * @node: in front
 * @hash: of the value that the group is for, in the table that leads here
 * @seen: slots that a lookup has to look at
 * @hidden: slots behind them, covered by seen ones that decide before them
 * @tables: length of @table
 * @slot: both kinds, each in order; behind @table in the same allocation
 * @table: the one with the smallest order first
 */
struct vnet_match_group {
	struct vnet_match_node node;
	u64 hash;
	u32 seen;
	u32 hidden;
	u32 tables;
	struct vnet_match_slot *slot;
	struct vnet_match_table *table[];
};

/**
 * struct vnet_match_part - bits of one word
 * @word: enum vnet_match_word
 * @mask: the bits
 */
struct vnet_match_part {
	u32 word;
	u32 mask;
};

#define VNET_MATCH_NO_CUT	WORDS

/**
 * struct vnet_match_shape - what a table looks at
 * @cut: the port word that it cuts into parts, or VNET_MATCH_NO_CUT
 * @parts: how many of @part there are
 * @part: the bits
 */
struct vnet_match_shape {
	u32 cut;
	u32 parts;
	struct vnet_match_part part[WORDS];
};

/**
 * struct vnet_match_table - groups, found by the value of some bits of the key
 * @node: in front
 * @root: a branch, or the only group
 * @shape: the bits
 */
struct vnet_match_table {
	struct vnet_match_node node;
	struct vnet_match_node *root;
	struct vnet_match_shape shape;
};

/* Each level of a trie takes so many bits of the hash, the upper ones first. */
#define VNET_MATCH_BRANCH_BITS	5
#define VNET_MATCH_LEVELS	(64 / VNET_MATCH_BRANCH_BITS)

/**
 * struct vnet_match_branch - a level of the trie over the hashes of a table
 * @node: in front
 * @present: which of the 32 ways are there
 * @child: those, branches or groups
 */
struct vnet_match_branch {
	struct vnet_match_node node;
	u32 present;
	struct vnet_match_node *child[];
};

/**
 * struct vnet_match_set - the rules of one direction
 * @node: in front
 * @seed: of the hashes
 * @root: where a lookup begins
 * @count: rules
 * @changes: rules that have come or gone since it was built as a whole
 * @bytes: what it and its rules occupy
 */
struct vnet_match_set {
	struct vnet_match_node node;
	u64 seed;
	struct vnet_match_group *root;
	u32 count;
	u32 changes;
	size_t bytes;
};

#define to_group(n)	container_of(n, struct vnet_match_group, node)
#define to_table(n)	container_of(n, struct vnet_match_table, node)
#define to_branch(n)	container_of(n, struct vnet_match_branch, node)

static inline u64 vnet_match_mix(u64 hash, u32 value)
{
	hash = (hash ^ value) * 0x9e3779b97f4a7c15ULL;
	return hash ^ hash >> 32;
}

/* Keyed, as tenants may have a say in addresses of rules. The upper bits are good. */
static inline u64 vnet_match_hash(const struct vnet_match_shape *shape, u64 seed,
				  const u32 *words)
{
	u64 hash = seed;
	u32 i;

	for (i = 0; i < shape->parts; i++)
		hash = vnet_match_mix(hash, words[shape->part[i].word] & shape->part[i].mask);
	return hash * 0xd6e8feb86659fd93ULL;
}

static inline u32 vnet_match_way(u64 hash, u32 level)
{
	return hash << level * VNET_MATCH_BRANCH_BITS >> (64 - VNET_MATCH_BRANCH_BITS);
}

static inline struct vnet_match_node *
vnet_match_child(const struct vnet_match_branch *branch, u32 way)
{
	u32 bit = 1U << way;

	return branch->present & bit ?
	       branch->child[hweight32(branch->present & (bit - 1))] : NULL;
}

struct vnet_match_node *vnet_match_node_make(struct vnet_match_edit *edit,
					     enum vnet_match_kind kind, size_t bytes);
void vnet_match_node_retire(struct vnet_match_edit *edit, struct vnet_match_node *node);
void vnet_match_node_retire_all(struct vnet_match_edit *edit,
				struct vnet_match_node *node);
void vnet_match_node_free(struct vnet_match_node *node);

struct vnet_match_group *vnet_match_group_make(struct vnet_match_edit *edit, u64 hash,
					       u32 tables, u32 slots);
void vnet_match_group_seal(struct vnet_match_group *group);
struct vnet_match_table *vnet_match_table_make(struct vnet_match_edit *edit,
					       const struct vnet_match_shape *shape,
					       struct vnet_match_node *root);

struct vnet_match_group *vnet_match_trie_find(struct vnet_match_node *root, u64 hash);
struct vnet_match_node *vnet_match_trie_put(struct vnet_match_edit *edit,
					    struct vnet_match_node *root, u64 hash,
					    struct vnet_match_group *group);
struct vnet_match_node *vnet_match_trie_build(struct vnet_match_edit *edit,
					      struct vnet_match_node *const *groups,
					      u32 count, u32 level);

u32 vnet_match_gather(const struct vnet_match_node *node,
		      const struct vnet_match_rule **rules);

#endif /* VNET_MATCH_NODE_H */
