// SPDX-License-Identifier: GPL-2.0-only
/*
 * Groups of given rules, with the tables that they need.
 * Layer 0: it must not know how a set is read, nor how its changes are published.
 *
 * Nodes are never changed. What is below a change is shared with the old set; what
 * is above it is made again. An edit keeps a list of what it has made, which is
 * freed if it is aborted, and one of what the new set does without, which is freed
 * after a grace period if it is committed. Hence a function that fails just returns.
 */

#include "match_build.h"

#include <linux/build_bug.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "match_split.h"

#define GFP_SCRATCH	(GFP_KERNEL | __GFP_NOWARN)

/**
 * struct draft - a group that is being made
 * @tables: length of @table
 * @count: length of @rule
 * @fits: length of @fit
 * @table: its tables
 * @shape: that of the next one
 * @fit: room for the rules of a new table
 * @rule: rules that stand side by side, in order
 */
struct draft {
	u32 tables;
	u32 count;
	u32 fits;
	struct vnet_match_table *table[VNET_MATCH_TABLES];
	struct vnet_match_shape shape;
	const struct vnet_match_rule **fit;
	const struct vnet_match_rule *rule[];
};

static struct draft *make_draft(u32 count)
{
	struct draft *draft;
	size_t bytes;

	bytes = struct_size(draft, rule, count);
	draft = kvmalloc(bytes + count * sizeof(*draft->fit), GFP_SCRATCH);
	if (!draft)
		return NULL;
	draft->tables = 0;
	draft->count = count;
	draft->fit = &draft->rule[count];
	return draft;
}

static struct vnet_match_group *build(struct vnet_match_edit *edit, struct draft *draft,
				      const struct vnet_match_path *path, u64 hash);

/*
 * Groups of given rules
 */

/**
 * vnet_match_compare_orders - for sort() of pointers to rules
 * @a: points to a pointer
 * @b: points to another
 *
 * Context: any.
 * Return: less than, equal to or more than 0.
 */
int vnet_match_compare_orders(const void *a, const void *b)
{
	const struct vnet_match_rule *const *p = a, *const *q = b;

	return (*p)->order < (*q)->order ? -1 : (*p)->order > (*q)->order;
}

/**
 * vnet_match_set_slot - put a rule into a slot
 * @slot: the slot
 * @rule: the rule
 *
 * Context: any.
 */
void vnet_match_set_slot(struct vnet_match_slot *slot, const struct vnet_match_rule *rule)
{
	slot->order = rule->order;
	slot->rule = rule;
}

/**
 * vnet_match_is_covered - whether a rule is covered by seen ones that decide before it
 * @slot: the seen ones, in order
 * @count: their number
 * @rule: the rule
 * @path: the place of all of them
 *
 * Context: any.
 * Return: true if so.
 */
bool vnet_match_is_covered(const struct vnet_match_slot *slot, u32 count,
			   const struct vnet_match_rule *rule,
			   const struct vnet_match_path *path)
{
	u32 i;

	for (i = 0; i < count && slot[i].order < rule->order; i++)
		if (vnet_match_covers(slot[i].rule, rule, path))
			return true;
	return false;
}

static void reverse(struct vnet_match_slot *slot, u32 count)
{
	u32 i;

	for (i = 0; i < count / 2; i++)
		swap(slot[i], slot[count - 1 - i]);
}

/* Fills the slots: seen ones from the front, hidden ones from the end. */
static int fill_slots(struct vnet_match_group *group,
		      const struct vnet_match_rule *const *rules, u32 count,
		      const struct vnet_match_path *path)
{
	u32 i;

	group->seen = 0;
	group->hidden = 0;
	for (i = 0; i < count; i++) {
		if (vnet_match_is_covered(group->slot, group->seen, rules[i], path)) {
			group->hidden++;
			vnet_match_set_slot(&group->slot[count - group->hidden], rules[i]);
			continue;
		}
		vnet_match_set_slot(&group->slot[group->seen++], rules[i]);
		/* It would not be allowed, and takes longer and longer. */
		if (group->seen > VNET_MATCH_STEPS_MAX)
			return -E2BIG;
		cond_resched();
	}
	reverse(&group->slot[group->seen], group->hidden);
	return 0;
}

/* The group that a draft has become. */
static struct vnet_match_group *finish(struct vnet_match_edit *edit,
				       const struct draft *draft,
				       const struct vnet_match_path *path, u64 hash)
{
	struct vnet_match_group *group;
	int err;

	group = vnet_match_group_make(edit, hash, draft->tables, draft->count);
	if (IS_ERR(group))
		return group;
	memcpy(group->table, draft->table, draft->tables * sizeof(draft->table[0]));
	err = fill_slots(group, draft->rule, draft->count, path);
	if (err)
		return ERR_PTR(err);
	vnet_match_group_seal(group);
	return group;
}

/**
 * vnet_match_build_of - make a group of some rules, with tables as needed
 * @edit: the edit
 * @rules: the rules, in order
 * @count: their number, not 0
 * @path: the place of the group
 * @hash: of the value that the group is for
 *
 * Context: process context, may sleep.
 * Return: the group, or ERR_PTR() of -ENOMEM, -E2BIG, or -EAGAIN when another seed
 * is needed.
 */
struct vnet_match_group *vnet_match_build_of(struct vnet_match_edit *edit,
					     const struct vnet_match_rule *const *rules,
					     u32 count, const struct vnet_match_path *path,
					     u64 hash)
{
	struct draft *draft = make_draft(count);
	struct vnet_match_group *group;

	if (!draft)
		return ERR_PTR(-ENOMEM);
	memcpy(draft->rule, rules, count * sizeof(*rules));
	group = build(edit, draft, path, hash);
	kvfree(draft);
	return group;
}

/*
 * New tables
 */

/**
 * struct ticket - a rule on its way into a new table
 * @hash: of the value that leads to it
 * @order: that of the rule
 * @rule: the rule
 * @port: with a cut, the part
 */
struct ticket {
	u64 hash;
	u64 order;
	const struct vnet_match_rule *rule;
	u32 port;
};

static int compare_tickets(const void *a, const void *b)
{
	const struct ticket *p = a, *q = b;

	if (p->hash != q->hash)
		return p->hash < q->hash ? -1 : 1;
	return p->order < q->order ? -1 : p->order > q->order;
}

/* Writes one ticket for each part; with @tickets NULL, only counts them. */
static u32 write_tickets(struct vnet_match_edit *edit, const struct draft *draft,
			 const struct vnet_match_path *path, struct ticket *tickets)
{
	const struct vnet_match_shape *shape = &draft->shape;
	u32 words[WORDS], i, n = 0;
	struct vnet_match_ports ports;

	for (i = 0; i < draft->fits; i++) {
		ports = vnet_match_ports_of(shape, draft->fit[i], path);
		do {
			if (tickets) {
				vnet_match_lead(words, draft->fit[i], shape, ports.next);
				tickets[n].hash = vnet_match_hash(shape, edit->seed, words);
				tickets[n].order = draft->fit[i]->order;
				tickets[n].rule = draft->fit[i];
				tickets[n].port = ports.next;
			}
			n++;
		} while (vnet_match_next_part(&ports));
	}
	return n;
}

/* A group of the tickets of one hash. */
static struct vnet_match_group *build_value(struct vnet_match_edit *edit,
					    const struct vnet_match_shape *shape,
					    const struct ticket *tickets, u32 count,
					    const struct vnet_match_path *path)
{
	struct draft *draft = make_draft(count);
	struct vnet_match_group *group;
	struct vnet_match_path next;
	u32 words[WORDS], i;

	if (!draft)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < count; i++) {
		draft->rule[i] = tickets[i].rule;
		if (vnet_match_same_value(shape, tickets[0].rule, tickets[i].rule))
			continue;
		kvfree(draft);
		return ERR_PTR(-EAGAIN);
	}
	vnet_match_lead(words, tickets[0].rule, shape, tickets[0].port);
	vnet_match_step(&next, path, shape, words);
	group = build(edit, draft, &next, tickets[0].hash);
	kvfree(draft);
	return group;
}

static struct vnet_match_table *build_groups(struct vnet_match_edit *edit,
					     const struct draft *draft,
					     const struct vnet_match_path *path,
					     const struct ticket *tickets, u32 count)
{
	struct vnet_match_node **groups, *root;
	struct vnet_match_group *group;
	u32 i, end, n = 0;

	groups = kvmalloc_array(count, sizeof(*groups), GFP_SCRATCH);
	if (!groups)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < count; i = end) {
		for (end = i + 1; end < count; end++)
			if (tickets[end].hash != tickets[i].hash)
				break;
		group = build_value(edit, &draft->shape, &tickets[i], end - i, path);
		if (IS_ERR(group)) {
			kvfree(groups);
			return ERR_CAST(group);
		}
		groups[n++] = &group->node;
		cond_resched();
	}
	root = vnet_match_trie_build(edit, groups, n, 0);
	kvfree(groups);
	if (IS_ERR(root))
		return ERR_CAST(root);
	return vnet_match_table_make(edit, &draft->shape, root);
}

/* A table of the rules that fit. */
static struct vnet_match_table *build_table(struct vnet_match_edit *edit,
					    const struct draft *draft,
					    const struct vnet_match_path *path)
{
	u32 count = write_tickets(edit, draft, path, NULL);
	struct vnet_match_table *table;
	struct ticket *tickets;

	tickets = kvmalloc_array(count, sizeof(*tickets), GFP_SCRATCH);
	if (!tickets)
		return ERR_PTR(-ENOMEM);
	write_tickets(edit, draft, path, tickets);
	sort(tickets, count, sizeof(*tickets), compare_tickets, NULL);
	table = build_groups(edit, draft, path, tickets, count);
	kvfree(tickets);
	return table;
}

/* Moves the rules that the new table takes from the draft to draft->fit. */
static void part(struct draft *draft, const struct vnet_match_path *path)
{
	u32 i, kept = 0;

	draft->fits = 0;
	for (i = 0; i < draft->count; i++) {
		if (vnet_match_takes(&draft->shape, draft->rule[i], path))
			draft->fit[draft->fits++] = draft->rule[i];
		else
			draft->rule[kept++] = draft->rule[i];
	}
	draft->count = kept;
}

static bool too_many(const struct draft *draft, const struct vnet_match_path *path)
{
	u32 limit = VNET_MATCH_LEAF + 1;

	return draft->count > VNET_MATCH_LEAF && path->depth + 1 < VNET_MATCH_DEPTH &&
	       draft->tables < VNET_MATCH_TABLES &&
	       vnet_match_count_seen(draft->rule, draft->count, path, limit) == limit;
}

/*
 * Makes tables for the rules of a draft as long as they are too many and it helps,
 * and a group of all that. Recursive, VNET_MATCH_DEPTH deep at most: the groups of
 * the tables are built likewise.
 */
static struct vnet_match_group *build(struct vnet_match_edit *edit, struct draft *draft,
				      const struct vnet_match_path *path, u64 hash)
{
	struct vnet_match_table *table;
	int found;

	while (too_many(draft, path)) {
		found = vnet_match_choose(draft->rule, draft->count, path, edit->seed,
					  &draft->shape);
		if (found < 0)
			return ERR_PTR(found);
		if (!found)
			break;
		part(draft, path);
		table = build_table(edit, draft, path);
		if (IS_ERR(table))
			return ERR_CAST(table);
		draft->table[draft->tables++] = table;
	}
	return finish(edit, draft, path, hash);
}

/**
 * vnet_match_build_again - make a group anew of the rules that stand beside its tables
 * @edit: the edit
 * @old: the group; its tables stay, and it is retired
 * @without: a rule to be left out, or NULL
 * @path: its place
 *
 * Context: process context, may sleep.
 * Return: the group, or ERR_PTR() of -ENOMEM, -E2BIG, or -EAGAIN when another seed
 * is needed.
 */
struct vnet_match_group *vnet_match_build_again(struct vnet_match_edit *edit,
						struct vnet_match_group *old,
						const struct vnet_match_rule *without,
						const struct vnet_match_path *path)
{
	u32 slots = old->seen + old->hidden, i, n = 0;
	struct draft *draft = make_draft(slots);
	struct vnet_match_group *group;

	if (!draft)
		return ERR_PTR(-ENOMEM);
	for (i = 0; i < slots; i++)
		if (old->slot[i].rule != without)
			draft->rule[n++] = old->slot[i].rule;
	draft->count = n;
	sort(draft->rule, n, sizeof(draft->rule[0]), vnet_match_compare_orders, NULL);
	draft->tables = old->tables;
	memcpy(draft->table, old->table, old->tables * sizeof(old->table[0]));
	group = build(edit, draft, path, old->hash);
	kvfree(draft);
	if (!IS_ERR(group))
		vnet_match_node_retire(edit, &old->node);
	return group;
}
