// SPDX-License-Identifier: GPL-2.0-only
/*
 * Replacing all rules of a network at once.
 * Layer 1: it must not know skbs, members (only their ids and names) or
 * netlink attributes.
 *
 * All that can fail is done aside: rules that are new are made, all of them are
 * compiled for their new positions, and all classifiers are built. Then these are
 * published with one pointer, and the tables of the configuration are filled again.
 */

#include "rule.h"

#include <linux/bits.h>
#include <linux/log2.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "rule_table.h"

#define LANES_ALL	(BIT(VNET_LANES) - 1)

/**
 * struct load - a set that is being loaded
 * @specs: what it is to be
 * @count: length of all arrays
 * @created: how many rules are new
 * @names: the specs by name
 * @rule: the rule of each spec, the one in force if it stays as it is
 * @match: the compiled form of each, NULL = it waits for its member
 * @in: room for the compiled rules of one lane
 * @buckets: the new hash table over the names, NULL = the small one
 * @bucket_count: its size
 */
struct load {
	const struct vnet_rule_spec *specs;
	u32 count;
	u32 created;
	const struct vnet_rule_spec **names;
	struct vnet_rule **rule;
	struct vnet_match_rule **match;
	struct vnet_match_rule **in;
	struct hlist_head *buckets;
	u32 bucket_count;
};

static int alloc_load(struct load *load)
{
	u32 count = load->count;

	load->names = kvmalloc_array(count + 1, sizeof(*load->names), GFP_RULES);
	load->rule = kvcalloc(count + 1, sizeof(*load->rule), GFP_RULES);
	load->match = kvcalloc(count + 1, sizeof(*load->match), GFP_RULES);
	load->in = kvmalloc_array(count + 1, sizeof(*load->in), GFP_RULES);
	if (!load->names || !load->rule || !load->match || !load->in)
		return -ENOMEM;
	load->bucket_count = VNET_RULE_FEW_NAMES;
	if (count <= 2 * VNET_RULE_FEW_NAMES)
		return 0;
	load->bucket_count = roundup_pow_of_two(count);
	load->buckets = kvcalloc(load->bucket_count, sizeof(*load->buckets), GFP_RULES);
	return load->buckets ? 0 : -ENOMEM;
}

static void free_load(struct load *load)
{
	kvfree(load->names);
	kvfree(load->rule);
	kvfree(load->match);
	kvfree(load->in);
	kvfree(load->buckets);
}

/* Equal names keep the order in which they were given. */
static int compare_names(const void *a, const void *b)
{
	const struct vnet_rule_spec *const *p = a, *const *q = b;
	int order = strcmp((*p)->name, (*q)->name);

	return order ?: *p < *q ? -1 : 1;
}

static int compare_priorities(const void *a, const void *b)
{
	const struct vnet_rule_spec *const *p = a, *const *q = b;

	if ((*p)->priority != (*q)->priority)
		return (*p)->priority < (*q)->priority ? -1 : 1;
	return *p < *q ? -1 : 1;
}

/* Index of the first spec that has the name of an earlier one, or @count. */
static u32 find_repeated(const struct load *load)
{
	const struct vnet_rule_spec **names = load->names;
	u32 i, bad = load->count;

	for (i = 0; i < load->count; i++)
		names[i] = &load->specs[i];
	sort(names, load->count, sizeof(*names), compare_names, NULL);
	for (i = 1; i < load->count; i++)
		if (!strcmp(names[i - 1]->name, names[i]->name))
			bad = min_t(u32, bad, names[i] - load->specs);
	return bad;
}

/* Whether what is in force is the same, in the same order. */
static bool is_unchanged(struct vnet_rule_table *table, const struct load *load)
{
	const struct vnet_rule_spec **order = load->names;
	struct rb_node *node = rb_first(&table->rules);
	u32 i;

	if (load->created || load->count != table->count)
		return false;
	sort(order, load->count, sizeof(*order), compare_priorities, NULL);
	for (i = 0; i < load->count; i++, node = rb_next(node))
		if (rb_entry(node, struct vnet_rule, node) !=
		    load->rule[order[i] - load->specs])
			return false;
	return true;
}

/* Finds the rules that stay as they are, and makes the others. */
static int find_rules(struct vnet_rule_table *table, struct load *load)
{
	const struct vnet_rule_spec *spec;
	struct vnet_rule *rule;
	u32 i;

	for (i = 0; i < load->count; i++) {
		spec = &load->specs[i];
		rule = vnet_rule_find(table, spec->name);
		if (!rule || !vnet_rule_same_spec(&rule->spec, spec)) {
			rule = vnet_rule_create(spec, table->next_id + load->created);
			if (!rule)
				return -ENOMEM;
			load->created++;
		}
		load->rule[i] = rule;
		cond_resched();
	}
	return 0;
}

static int compile_rules(struct vnet_rule_table *table, struct load *load)
{
	u32 i;
	int err;

	for (i = 0; i < load->count; i++) {
		err = vnet_rule_compile(load->rule[i], table->next_position + i,
					&load->match[i]);
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

/* Builds and publishes the classifiers. */
static int replace(struct vnet_rule_table *table, struct load *load)
{
	struct vnet_match_edit edits[VNET_LANES];
	unsigned int lane;
	u32 i, n;
	int err;

	for (lane = 0; lane < VNET_LANES; lane++) {
		for (i = 0, n = 0; i < load->count; i++)
			if (load->match[i] && vnet_rule_lane(load->rule[i]) == lane)
				load->in[n++] = load->match[i];
		err = vnet_match_replace(&edits[lane], vnet_rule_set_of(table, lane),
					 load->in, n);
		if (err) {
			while (lane--)
				vnet_match_abort(&edits[lane]);
			return err;
		}
	}
	return vnet_rule_publish(table, edits, LANES_ALL);
}

/* Frees what was made in vain: ids from next_id on are new. */
static void undo(struct vnet_rule_table *table, struct load *load)
{
	u32 i;

	for (i = 0; i < load->count; i++) {
		vnet_match_rule_free(load->match[i]);
		if (load->rule[i] && load->rule[i]->id >= table->next_id)
			vnet_rule_free(load->rule[i]);
	}
}

/* Swaps the hash tables, both of which are empty. */
static void swap_names(struct vnet_rule_table *table, struct load *load)
{
	struct hlist_head *old = table->names;

	table->names = load->buckets ?: table->few_names;
	table->name_buckets = load->bucket_count;
	load->buckets = old == table->few_names ? NULL : old;
}

/* Makes the tables of the configuration what was loaded. */
static void relink(struct vnet_rule_table *table, struct load *load)
{
	struct vnet_rule *rule;
	struct rb_node *node;
	u32 i;

	/* Those that stay have no position now, which tells them from the others. */
	for (i = 0; i < load->count; i++)
		load->rule[i]->position = 0;
	while ((node = rb_first(&table->rules))) {
		rule = rb_entry(node, struct vnet_rule, node);
		vnet_rule_unlink(table, rule);
		if (rule->position)
			vnet_rule_retire(rule);
	}
	swap_names(table, load);
	for (i = 0; i < load->count; i++) {
		rule = load->rule[i];
		vnet_rule_retire_match(rule->match);
		rule->match = load->match[i];
		rule->position = table->next_position + i;
		vnet_rule_start_time(rule);
		vnet_rule_link(table, rule);
		cond_resched();
	}
	table->next_position += load->count;
	table->next_id += load->created;
}

/* Rules that stay as they are, all of them, begin their time again. */
static void renew(struct vnet_rule_table *table, struct load *load)
{
	u32 i;

	for (i = 0; i < load->count; i++)
		vnet_rule_renew(table, load->rule[i]);
}

/* @load has its arrays, and no name twice. */
static int run_load(struct vnet_rule_table *table, struct load *load)
{
	int err;

	err = find_rules(table, load);
	if (!err && is_unchanged(table, load)) {
		renew(table, load);
		return 0;
	}
	if (!err)
		err = compile_rules(table, load);
	if (!err)
		err = replace(table, load);
	if (err)
		undo(table, load);
	else
		relink(table, load);
	return err;
}

/**
 * vnet_rule_load - replace all rules at once
 * @table: rules of the network
 * @specs: the rules as they shall be; copied
 * @count: their number, may be 0
 * @bad: on -EEXIST the index of the rule whose name is there already
 *
 * Rules that stay as they are keep their counters and id. Of equal priorities, the
 * one that comes first in @specs decides first.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOSPC above the limit, -EEXIST, -E2BIG if lookups would become too
 * slow, -ENOMEM. On failure nothing has changed.
 */
int vnet_rule_load(struct vnet_rule_table *table, const struct vnet_rule_spec *specs,
		   u32 count, u32 *bad)
{
	struct load load = { .specs = specs, .count = count };
	int err;

	if (count > table->limit)
		return -ENOSPC;
	err = alloc_load(&load);
	if (!err) {
		*bad = find_repeated(&load);
		err = *bad < count ? -EEXIST : run_load(table, &load);
	}
	free_load(&load);
	return err;
}
