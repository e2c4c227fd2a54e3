// SPDX-License-Identifier: GPL-2.0-only
/*
 * The nodes that a set of the classifier consists of, and their tries.
 * Layer 0: it must not know which rule goes where.
 */

#include "match_node.h"

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

#define GFP_NODE	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

/*
 * Any node. A function that makes a node from another one retires the other one;
 * where it fails, the edit is aborted, so that it does not matter what it has
 * retired by then.
 */

/**
 * vnet_match_node_make - allocate a node of an edit
 * @edit: the edit, which owns it until it is committed
 * @kind: what it will be
 * @bytes: its size
 *
 * Context: process context, may sleep.
 * Return: the node, zero but for what is said here, or NULL.
 */
struct vnet_match_node *vnet_match_node_make(struct vnet_match_edit *edit,
					     enum vnet_match_kind kind, size_t bytes)
{
	struct vnet_match_node *node = kvmalloc(bytes, GFP_NODE | __GFP_ZERO);

	if (!node)
		return NULL;
	node->kind = kind;
	node->best = U64_MAX;
	node->bytes = bytes;
	node->made = edit->made;
	edit->made = node;
	edit->bytes += bytes;
	return node;
}

/**
 * vnet_match_node_free - free a node that nobody reads
 * @node: the node
 *
 * Context: any but hard interrupts.
 */
void vnet_match_node_free(struct vnet_match_node *node)
{
	kvfree(node);
}

/**
 * vnet_match_node_free_rcu - free a node when its readers are done
 * @rcu: its RCU head, from the list of vnet_match_commit()
 *
 * kvfree() does not sleep here: RCU callbacks run with bottom halves off, where
 * it leaves vmalloc memory to a worker.
 *
 * Context: RCU callback.
 */
void vnet_match_node_free_rcu(struct rcu_head *rcu)
{
	kvfree(container_of(rcu, struct vnet_match_node, rcu));
}

/**
 * vnet_match_node_retire - a node is not part of the new set
 * @edit: the edit
 * @node: the node, of the old set or made by the edit itself
 *
 * Context: process context.
 */
void vnet_match_node_retire(struct vnet_match_edit *edit, struct vnet_match_node *node)
{
	node->rcu.next = edit->retired;
	edit->retired = &node->rcu;
	edit->bytes -= node->bytes;
}

/**
 * vnet_match_node_retire_all - a node and all below are not part of the new set
 * @edit: the edit
 * @node: the node
 *
 * Recursive, as deep as a set is: see VNET_MATCH_DEPTH and VNET_MATCH_LEVELS.
 *
 * Context: process context.
 */
void vnet_match_node_retire_all(struct vnet_match_edit *edit,
				struct vnet_match_node *node)
{
	const struct vnet_match_branch *branch = to_branch(node);
	const struct vnet_match_group *group = to_group(node);
	u32 i;

	switch (node->kind) {
	case VNET_MATCH_GROUP:
		for (i = 0; i < group->tables; i++)
			vnet_match_node_retire_all(edit, &group->table[i]->node);
		break;
	case VNET_MATCH_TABLE:
		vnet_match_node_retire_all(edit, to_table(node)->root);
		break;
	case VNET_MATCH_BRANCH:
		for (i = 0; i < hweight32(branch->present); i++)
			vnet_match_node_retire_all(edit, branch->child[i]);
		break;
	}
	vnet_match_node_retire(edit, node);
}

/**
 * vnet_match_gather - write down the rules below a node
 * @node: the node
 * @rules: room for node->places of them
 *
 * Context: any.
 * Return: how many these were, node->places; in no order, and a rule that is at
 * several places several times.
 */
u32 vnet_match_gather(const struct vnet_match_node *node,
		      const struct vnet_match_rule **rules)
{
	const struct vnet_match_branch *branch = to_branch(node);
	const struct vnet_match_group *group = to_group(node);
	u32 i, count = 0;

	switch (node->kind) {
	case VNET_MATCH_GROUP:
		for (; count < group->seen + group->hidden; count++)
			rules[count] = group->slot[count].rule;
		for (i = 0; i < group->tables; i++)
			count += vnet_match_gather(&group->table[i]->node, &rules[count]);
		break;
	case VNET_MATCH_TABLE:
		count = vnet_match_gather(to_table(node)->root, rules);
		break;
	case VNET_MATCH_BRANCH:
		for (i = 0; i < hweight32(branch->present); i++)
			count += vnet_match_gather(branch->child[i], &rules[count]);
		break;
	}
	return count;
}

/*
 * Groups and tables
 */

/**
 * vnet_match_group_make - allocate a group whose slots and tables are to be filled in
 * @edit: the edit
 * @hash: of the value that it is for
 * @tables: room for tables
 * @slots: room for slots, seen and hidden
 *
 * Context: process context, may sleep.
 * Return: the group, to be sealed with vnet_match_group_seal(), or ERR_PTR(-ENOMEM).
 */
struct vnet_match_group *vnet_match_group_make(struct vnet_match_edit *edit, u64 hash,
					       u32 tables, u32 slots)
{
	struct vnet_match_group *group;
	struct vnet_match_node *node;
	size_t bytes = struct_size(group, table, tables);

	node = vnet_match_node_make(edit, VNET_MATCH_GROUP,
				    bytes + slots * sizeof(*group->slot));
	if (!node)
		return ERR_PTR(-ENOMEM);
	group = to_group(node);
	group->hash = hash;
	group->tables = tables;
	group->seen = slots;
	group->slot = (struct vnet_match_slot *)((char *)group + bytes);
	return group;
}

static void sort_tables(struct vnet_match_group *group)
{
	struct vnet_match_table *table;
	u32 i, j;

	for (i = 1; i < group->tables; i++) {
		table = group->table[i];
		for (j = i; j && group->table[j - 1]->node.best > table->node.best; j--)
			group->table[j] = group->table[j - 1];
		group->table[j] = table;
	}
}

/**
 * vnet_match_group_seal - sort the tables of a group and sum up what it has
 * @group: a group that has all slots and tables
 *
 * Context: process context.
 */
void vnet_match_group_seal(struct vnet_match_group *group)
{
	struct vnet_match_node *node = &group->node;
	u32 i;

	sort_tables(group);
	node->best = group->seen ? group->slot[0].order : U64_MAX;
	node->steps = group->seen;
	node->places = group->seen + group->hidden;
	for (i = 0; i < group->tables; i++) {
		node->best = min(node->best, group->table[i]->node.best);
		node->steps += group->table[i]->node.steps;
		node->places += group->table[i]->node.places;
	}
}

/**
 * vnet_match_table_make - make a table
 * @edit: the edit
 * @shape: what it looks at
 * @root: its groups
 *
 * Context: process context, may sleep.
 * Return: the table or ERR_PTR(-ENOMEM).
 */
struct vnet_match_table *vnet_match_table_make(struct vnet_match_edit *edit,
					       const struct vnet_match_shape *shape,
					       struct vnet_match_node *root)
{
	struct vnet_match_table *table;
	struct vnet_match_node *node;

	node = vnet_match_node_make(edit, VNET_MATCH_TABLE, sizeof(*table));
	if (!node)
		return ERR_PTR(-ENOMEM);
	table = to_table(node);
	table->shape = *shape;
	table->root = root;
	node->best = root->best;
	node->steps = root->steps + 1;
	node->places = root->places;
	return table;
}

/*
 * Tries: a group stands as high as it can, which is where its hash differs from
 * all others.
 */

static void sum_up(struct vnet_match_branch *branch)
{
	struct vnet_match_node *node = &branch->node, *child;
	u32 i;

	node->best = U64_MAX;
	node->steps = 0;
	node->places = 0;
	for (i = 0; i < hweight32(branch->present); i++) {
		child = branch->child[i];
		node->best = min(node->best, child->best);
		node->steps = max(node->steps, child->steps + 1);
		node->places += child->places;
	}
}

/* Sums up a branch that is like @old but for one child; without a look at the rest. */
static void sum_change(struct vnet_match_branch *branch,
		       const struct vnet_match_branch *old,
		       const struct vnet_match_node *before,
		       const struct vnet_match_node *after)
{
	struct vnet_match_node *node = &branch->node;

	if (before && (before->best == old->node.best ||
		       before->steps + 1 == old->node.steps)) {
		sum_up(branch);
		return;
	}
	*node = (struct vnet_match_node){
		.kind = node->kind,
		.steps = old->node.steps,
		.best = old->node.best,
		.places = old->node.places - (before ? before->places : 0),
		.bytes = node->bytes,
		.made = node->made,
	};
	if (!after)
		return;
	node->best = min(node->best, after->best);
	node->steps = max(node->steps, after->steps + 1);
	node->places += after->places;
}

static struct vnet_match_branch *make_branch(struct vnet_match_edit *edit, u32 present)
{
	struct vnet_match_branch *branch;
	struct vnet_match_node *node;

	node = vnet_match_node_make(edit, VNET_MATCH_BRANCH,
				    struct_size(branch, child, hweight32(present)));
	if (!node)
		return NULL;
	branch = to_branch(node);
	branch->present = present;
	return branch;
}

/* A branch like @old with another child at @way; NULL = with none. */
static struct vnet_match_node *put_child(struct vnet_match_edit *edit,
					 struct vnet_match_branch *old, u32 way,
					 struct vnet_match_node *child)
{
	struct vnet_match_node *before = vnet_match_child(old, way);
	struct vnet_match_branch *branch;
	u32 bit = 1U << way, i, from = 0, to = 0;

	branch = make_branch(edit, child ? old->present | bit : old->present & ~bit);
	if (!branch)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < 32; i++) {
		if (i == way && child)
			branch->child[to++] = child;
		else if (branch->present & 1U << i)
			branch->child[to++] = old->child[from];
		from += old->present >> i & 1;
	}
	sum_change(branch, old, before, child);
	vnet_match_node_retire(edit, &old->node);
	return &branch->node;
}

/* A branch for a group that is there and one that comes. */
static struct vnet_match_node *fork_at(struct vnet_match_edit *edit, u32 level,
				       struct vnet_match_group *a, struct vnet_match_group *b)
{
	struct vnet_match_node *pair[2];

	if (a->hash == b->hash)
		return ERR_PTR(-EAGAIN);
	pair[0] = a->hash < b->hash ? &a->node : &b->node;
	pair[1] = a->hash < b->hash ? &b->node : &a->node;
	return vnet_match_trie_build(edit, pair, 2, level);
}

/* @level of the trie with @group instead of what has its hash, NULL = with nothing. */
static struct vnet_match_node *put(struct vnet_match_edit *edit,
				   struct vnet_match_node *root, u64 hash,
				   struct vnet_match_group *group, u32 level)
{
	struct vnet_match_branch *branch = to_branch(root);
	struct vnet_match_node *child;
	u32 way;

	if (root->kind == VNET_MATCH_GROUP) {
		if (to_group(root)->hash == hash)
			return group ? &group->node : NULL;
		return fork_at(edit, level, to_group(root), group);
	}
	way = vnet_match_way(hash, level);
	child = vnet_match_child(branch, way);
	if (child) {
		child = put(edit, child, hash, group, level + 1);
		if (IS_ERR(child))
			return child;
	} else {
		child = &group->node;
	}
	if (!child && hweight32(branch->present) == 1) {
		vnet_match_node_retire(edit, root);
		return NULL;
	}
	return put_child(edit, branch, way, child);
}

/**
 * vnet_match_trie_put - put a group into a trie, or take one away
 * @edit: the edit
 * @root: the trie; retired as far as it changes
 * @hash: the hash
 * @group: what shall have this hash, NULL = nothing. What has had it is retired
 *	by the caller, and there is such a group if this is NULL
 *
 * Context: process context, may sleep.
 * Return: the new root, NULL if nothing is left, ERR_PTR(-ENOMEM).
 */
struct vnet_match_node *vnet_match_trie_put(struct vnet_match_edit *edit,
					    struct vnet_match_node *root, u64 hash,
					    struct vnet_match_group *group)
{
	return put(edit, root, hash, group, 0);
}

/**
 * vnet_match_trie_build - make a trie of many groups
 * @edit: the edit
 * @groups: the groups, sorted by hash, no two with the same
 * @count: their number, not 0
 * @level: 0
 *
 * Context: process context, may sleep.
 * Return: the root or an error: -ENOMEM; -EAGAIN if another seed is needed.
 */
struct vnet_match_node *vnet_match_trie_build(struct vnet_match_edit *edit,
					      struct vnet_match_node *const *groups,
					      u32 count, u32 level)
{
	struct vnet_match_branch *branch;
	struct vnet_match_node *child;
	u32 i, end, way, present = 0, children = 0;

	if (count == 1)
		return groups[0];
	/* So many equal bits mean that the seed is bad. */
	if (level == VNET_MATCH_LEVELS)
		return ERR_PTR(-EAGAIN);
	for (i = 0; i < count; i++)
		present |= 1U << vnet_match_way(to_group(groups[i])->hash, level);
	branch = make_branch(edit, present);
	if (!branch)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < count; i = end) {
		way = vnet_match_way(to_group(groups[i])->hash, level);
		for (end = i + 1; end < count; end++)
			if (vnet_match_way(to_group(groups[end])->hash, level) != way)
				break;
		child = vnet_match_trie_build(edit, &groups[i], end - i, level + 1);
		if (IS_ERR(child))
			return child;
		branch->child[children++] = child;
	}
	sum_up(branch);
	return &branch->node;
}

/**
 * vnet_match_trie_find - find a group by its hash
 * @root: the trie
 * @hash: the hash
 *
 * Context: any.
 * Return: the group or NULL.
 */
struct vnet_match_group *vnet_match_trie_find(struct vnet_match_node *root, u64 hash)
{
	u32 level;

	for (level = 0; root && root->kind == VNET_MATCH_BRANCH; level++)
		root = vnet_match_child(to_branch(root), vnet_match_way(hash, level));
	return root && to_group(root)->hash == hash ? to_group(root) : NULL;
}
