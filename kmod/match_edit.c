// SPDX-License-Identifier: GPL-2.0-only
/*
 * One rule more, or one less, in a group of the classifier.
 * Layer 0: it must not know how a set is read, nor how its changes are published.
 */

#include "match_build.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "match_split.h"

#define GFP_SCRATCH	(GFP_KERNEL | __GFP_NOWARN)

/*
 * One more rule
 */

/* A group like another but for one table; NULL = without it. */
static struct vnet_match_group *with_table(struct vnet_match_edit *edit,
					   struct vnet_match_group *old, u32 index,
					   struct vnet_match_table *table)
{
	u32 slots = old->seen + old->hidden, i, n = 0;
	struct vnet_match_group *group;

	group = vnet_match_group_make(edit, old->hash, old->tables - !table, slots);
	if (IS_ERR(group))
		return group;
	for (i = 0; i < old->tables; i++)
		if (i != index)
			group->table[n++] = old->table[i];
	if (table)
		group->table[n] = table;
	group->seen = old->seen;
	group->hidden = old->hidden;
	memcpy(group->slot, old->slot, slots * sizeof(*old->slot));
	vnet_match_group_seal(group);
	vnet_match_node_retire(edit, &old->node);
	return group;
}

/* Any rule below a node. */
static const struct vnet_match_rule *any_rule(const struct vnet_match_node *node)
{
	while (node->kind != VNET_MATCH_GROUP || !to_group(node)->seen) {
		if (node->kind == VNET_MATCH_BRANCH)
			node = to_branch(node)->child[0];
		else if (node->kind == VNET_MATCH_TABLE)
			node = to_table(node)->root;
		else
			node = &to_group(node)->table[0]->node;
	}
	return to_group(node)->slot[0].rule;
}

/* The trie of a table with a rule at one more place. */
static struct vnet_match_node *insert_at(struct vnet_match_edit *edit,
					 const struct vnet_match_table *table,
					 struct vnet_match_node *root,
					 const struct vnet_match_rule *rule, u32 port,
					 const struct vnet_match_path *path)
{
	struct vnet_match_group *group;
	struct vnet_match_path next;
	u32 words[WORDS];
	u64 hash;

	vnet_match_lead(words, rule, &table->shape, port);
	hash = vnet_match_hash(&table->shape, edit->seed, words);
	vnet_match_step(&next, path, &table->shape, words);
	group = vnet_match_trie_find(root, hash);
	if (!group)
		group = vnet_match_build_of(edit, &rule, 1, &next, hash);
	else if (!vnet_match_same_value(&table->shape, rule, any_rule(&group->node)))
		group = ERR_PTR(-EAGAIN);
	else
		group = vnet_match_insert(edit, group, rule, &next);
	return IS_ERR(group) ? ERR_CAST(group) :
			       vnet_match_trie_put(edit, root, hash, group);
}

static struct vnet_match_table *insert_into(struct vnet_match_edit *edit,
					    struct vnet_match_table *old,
					    const struct vnet_match_rule *rule,
					    const struct vnet_match_path *path)
{
	struct vnet_match_ports ports = vnet_match_ports_of(&old->shape, rule, path);
	struct vnet_match_node *root = old->root;

	do {
		root = insert_at(edit, old, root, rule, ports.next, path);
		if (IS_ERR(root))
			return ERR_CAST(root);
	} while (vnet_match_next_part(&ports));
	vnet_match_node_retire(edit, &old->node);
	return vnet_match_table_make(edit, &old->shape, root);
}

static u32 bits_of(const struct vnet_match_shape *shape)
{
	u32 i, bits = 0;

	for (i = 0; i < shape->parts; i++)
		bits += hweight32(shape->part[i].mask);
	return bits;
}

/* The table that tells a rule from most others; cuts come last. */
static u32 best_table(const struct vnet_match_group *group,
		      const struct vnet_match_rule *rule,
		      const struct vnet_match_path *path)
{
	u32 i, worth, best = group->tables, best_worth = 0;

	for (i = 0; i < group->tables; i++) {
		if (!vnet_match_takes(&group->table[i]->shape, rule, path))
			continue;
		worth = group->table[i]->shape.cut == VNET_MATCH_NO_CUT ?
			1 + bits_of(&group->table[i]->shape) : 1;
		if (worth > best_worth) {
			best_worth = worth;
			best = i;
		}
	}
	return best;
}

/* Merges two runs of slots, each in order. */
static void merge(struct vnet_match_slot *to, const struct vnet_match_slot *a, u32 a_count,
		  const struct vnet_match_slot *b, u32 b_count)
{
	while (a_count || b_count) {
		if (!b_count || (a_count && a->order < b->order)) {
			*to++ = *a++;
			a_count--;
		} else {
			*to++ = *b++;
			b_count--;
		}
	}
}

/* A group with one more rule, seen but not too often, beside its tables. */
static struct vnet_match_group *insert_seen(struct vnet_match_edit *edit,
					    struct vnet_match_group *group,
					    const struct vnet_match_group *old,
					    const struct vnet_match_rule *rule,
					    const struct vnet_match_path *path)
{
	struct vnet_match_slot *gone;
	u32 i, seen = 0, gone_count = 0;

	gone = kvmalloc_array(old->seen + 1, sizeof(*gone), GFP_SCRATCH);
	if (!gone)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < old->seen && old->slot[i].order < rule->order; i++)
		group->slot[seen++] = old->slot[i];
	vnet_match_set_slot(&group->slot[seen++], rule);
	for (; i < old->seen; i++) {
		if (vnet_match_covers(rule, old->slot[i].rule, path))
			gone[gone_count++] = old->slot[i];
		else
			group->slot[seen++] = old->slot[i];
	}
	merge(&group->slot[seen], &old->slot[old->seen], old->hidden, gone, gone_count);
	group->seen = seen;
	group->hidden = old->hidden + gone_count;
	kvfree(gone);
	return group;
}

static struct vnet_match_group *insert_beside(struct vnet_match_edit *edit,
					      struct vnet_match_group *old,
					      const struct vnet_match_rule *rule,
					      const struct vnet_match_path *path)
{
	struct vnet_match_group *group;
	struct vnet_match_slot slot;

	group = vnet_match_group_make(edit, old->hash, old->tables,
				      old->seen + old->hidden + 1);
	if (IS_ERR(group))
		return group;
	memcpy(group->table, old->table, old->tables * sizeof(old->table[0]));
	if (vnet_match_is_covered(old->slot, old->seen, rule, path)) {
		vnet_match_set_slot(&slot, rule);
		memcpy(group->slot, old->slot, old->seen * sizeof(slot));
		merge(&group->slot[old->seen], &old->slot[old->seen], old->hidden, &slot, 1);
		group->seen = old->seen;
		group->hidden = old->hidden + 1;
	} else {
		group = insert_seen(edit, group, old, rule, path);
		if (IS_ERR(group))
			return group;
	}
	vnet_match_group_seal(group);
	vnet_match_node_retire(edit, &old->node);
	return group;
}

/**
 * vnet_match_insert - make a group with one more rule
 * @edit: the edit
 * @group: the group; retired as far as it changes
 * @rule: the rule
 * @path: place of the group
 *
 * Recursive, VNET_MATCH_DEPTH deep at most.
 *
 * Context: process context, may sleep.
 * Return: the group, or ERR_PTR() of -ENOMEM, -E2BIG, or -EAGAIN when another seed
 * is needed.
 */
struct vnet_match_group *vnet_match_insert(struct vnet_match_edit *edit,
					   struct vnet_match_group *group,
					   const struct vnet_match_rule *rule,
					   const struct vnet_match_path *path)
{
	u32 index = best_table(group, rule, path);
	struct vnet_match_table *table;

	if (index < group->tables) {
		table = insert_into(edit, group->table[index], rule, path);
		if (IS_ERR(table))
			return ERR_CAST(table);
		return with_table(edit, group, index, table);
	}
	group = insert_beside(edit, group, rule, path);
	if (IS_ERR(group) || group->seen <= VNET_MATCH_LEAF)
		return group;
	return vnet_match_build_again(edit, group, NULL, path);
}

/*
 * One rule less
 */

/* The index of a rule in a run of slots, or @count. */
static u32 find_slot(const struct vnet_match_slot *slot, u32 count,
		     const struct vnet_match_rule *rule)
{
	u32 low = 0, high = count, middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (slot[middle].order < rule->order)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && slot[low].rule == rule ? low : count;
}

static struct vnet_match_group *remove_hidden(struct vnet_match_edit *edit,
					      struct vnet_match_group *old, u32 index)
{
	u32 count = old->seen + old->hidden;
	struct vnet_match_group *group;

	group = vnet_match_group_make(edit, old->hash, old->tables, count - 1);
	if (IS_ERR(group))
		return group;
	memcpy(group->table, old->table, old->tables * sizeof(old->table[0]));
	memcpy(group->slot, old->slot, index * sizeof(*old->slot));
	memcpy(&group->slot[index], &old->slot[index + 1],
	       (count - 1 - index) * sizeof(*old->slot));
	group->seen = old->seen;
	group->hidden = old->hidden - 1;
	vnet_match_group_seal(group);
	vnet_match_node_retire(edit, &old->node);
	return group;
}

/* The trie of a table without a rule at one of its places; NULL = nothing is left. */
static struct vnet_match_node *remove_at(struct vnet_match_edit *edit,
					 const struct vnet_match_table *table,
					 struct vnet_match_node *root,
					 const struct vnet_match_rule *rule, u32 port,
					 const struct vnet_match_path *path)
{
	struct vnet_match_group *group;
	struct vnet_match_path next;
	u32 words[WORDS];
	u64 hash;

	vnet_match_lead(words, rule, &table->shape, port);
	hash = vnet_match_hash(&table->shape, edit->seed, words);
	group = vnet_match_trie_find(root, hash);
	if (!group)
		return ERR_PTR(-ENOENT);
	vnet_match_step(&next, path, &table->shape, words);
	group = vnet_match_remove(edit, group, rule, &next);
	return IS_ERR(group) ? ERR_CAST(group) :
			       vnet_match_trie_put(edit, root, hash, group);
}

/* A table without a rule; NULL = nothing is left. */
static struct vnet_match_table *remove_from(struct vnet_match_edit *edit,
					    struct vnet_match_table *old,
					    const struct vnet_match_rule *rule,
					    const struct vnet_match_path *path)
{
	struct vnet_match_ports ports = vnet_match_ports_of(&old->shape, rule, path);
	struct vnet_match_node *root = old->root;

	do {
		root = remove_at(edit, old, root, rule, ports.next, path);
		if (IS_ERR(root))
			return ERR_CAST(root);
	} while (vnet_match_next_part(&ports));
	vnet_match_node_retire(edit, &old->node);
	return root ? vnet_match_table_make(edit, &old->shape, root) : NULL;
}

/* A group that is small enough again to do without tables. */
static struct vnet_match_group *collapse(struct vnet_match_edit *edit,
					 struct vnet_match_group *old,
					 const struct vnet_match_path *path)
{
	const struct vnet_match_rule *rules[VNET_MATCH_LEAF / 2];
	struct vnet_match_group *group;
	u32 count, i, n = 0;

	count = vnet_match_gather(&old->node, rules);
	sort(rules, count, sizeof(rules[0]), vnet_match_compare_orders, NULL);
	for (i = 0; i < count; i++)
		if (!i || rules[i] != rules[i - 1])
			rules[n++] = rules[i];
	group = vnet_match_build_of(edit, rules, n, path, old->hash);
	if (!IS_ERR(group))
		vnet_match_node_retire_all(edit, &old->node);
	return group;
}

static struct vnet_match_group *remove_below(struct vnet_match_edit *edit,
					     struct vnet_match_group *group,
					     const struct vnet_match_rule *rule,
					     const struct vnet_match_path *path)
{
	struct vnet_match_table *table;
	u32 i;

	/* It may have come before there was the table that would be best now. */
	for (i = 0; i < group->tables; i++) {
		if (!vnet_match_takes(&group->table[i]->shape, rule, path))
			continue;
		table = remove_from(edit, group->table[i], rule, path);
		if (!IS_ERR(table))
			return with_table(edit, group, i, table);
		if (PTR_ERR(table) != -ENOENT)
			return ERR_CAST(table);
	}
	return ERR_PTR(-ENOENT);
}

/**
 * vnet_match_remove - make a group without a rule
 * @edit: the edit
 * @group: the group; retired as far as it changes
 * @rule: the rule
 * @path: place of the group
 *
 * Recursive, VNET_MATCH_DEPTH deep at most.
 *
 * Context: process context, may sleep.
 * Return: the group, NULL if nothing is left, or ERR_PTR() of -ENOENT if the rule is
 * not there, -ENOMEM, -E2BIG, or -EAGAIN when another seed is needed.
 */
struct vnet_match_group *vnet_match_remove(struct vnet_match_edit *edit,
					   struct vnet_match_group *group,
					   const struct vnet_match_rule *rule,
					   const struct vnet_match_path *path)
{
	u32 seen = find_slot(group->slot, group->seen, rule);
	u32 hidden = find_slot(&group->slot[group->seen], group->hidden, rule);

	if (seen < group->seen)
		/* What it has hidden may be seen now. */
		group = vnet_match_build_again(edit, group, rule, path);
	else if (hidden < group->hidden)
		group = remove_hidden(edit, group, group->seen + hidden);
	else
		group = remove_below(edit, group, rule, path);
	if (IS_ERR(group))
		return group;
	if (!group->node.places) {
		vnet_match_node_retire(edit, &group->node);
		return NULL;
	}
	return group->tables && group->node.places <= VNET_MATCH_LEAF / 2 ?
	       collapse(edit, group, path) : group;
}
