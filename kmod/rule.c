// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of one network: named, ordered, counted, changed one by one.
 * Layer 1: it must not know skbs, members (only their ids and names) or
 * netlink attributes.
 *
 * A change begins an edit of the classifier of each lane that it touches, and
 * only when all of that is there publishes them with one pointer; then it brings the
 * tables of the configuration in line, which cannot fail. None of that depends on
 * the number of rules.
 */

#include "rule.h"

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "rule_table.h"

/*
 * Rules
 */

/**
 * vnet_rule_create - make a rule that nobody sees yet
 * @spec: what it is; copied
 * @id: its id
 *
 * Context: process context, may sleep.
 * Return: the rule, not compiled yet, or NULL. The caller frees it with
 * vnet_rule_free() or links it.
 */
struct vnet_rule *vnet_rule_create(const struct vnet_rule_spec *spec, u64 id)
{
	struct vnet_rule *rule = kzalloc(sizeof(*rule), GFP_RULES);

	if (!rule)
		return NULL;
	rule->hits = vnet_stats_alloc_counter();
	if (!rule->hits) {
		kfree(rule);
		return NULL;
	}
	rule->id = id;
	rule->spec = *spec;
	vnet_rule_start_time(rule);
	vnet_rule_hold_sets(rule);
	return rule;
}

/**
 * vnet_rule_free - free a rule that nobody reads
 * @rule: the rule, or NULL
 *
 * Context: any; RCU callbacks may.
 */
void vnet_rule_free(struct vnet_rule *rule)
{
	if (!rule)
		return;
	vnet_match_rule_free(rule->match);
	vnet_rule_release_sets(rule);
	free_percpu(rule->hits);
	kfree(rule);
}

static void free_rule_rcu(struct rcu_head *rcu)
{
	vnet_rule_free(container_of(rcu, struct vnet_rule, rcu));
}

/**
 * vnet_rule_retire - free a rule when its readers are done
 * @rule: a rule that no table has any more
 *
 * Context: any.
 */
void vnet_rule_retire(struct vnet_rule *rule)
{
	call_rcu(&rule->rcu, free_rule_rcu);
}

/**
 * vnet_rule_compile - compile a rule for a position
 * @rule: the rule; its own position and compiled form do not change
 * @position: the position
 * @match: set to the compiled rule, which the caller owns; NULL if it is to wait
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vnet_rule_compile(struct vnet_rule *rule, u64 position,
		      struct vnet_match_rule **match)
{
	*match = NULL;
	/* A rule about all members but one is about all while that one is away. */
	if (vnet_rule_waits(rule) && !(rule->spec.match.inverted & VNET_MATCH_MEMBER))
		return 0;
	*match = vnet_match_compile(&rule->spec.match,
				    vnet_rule_order(rule->spec.priority, position), rule);
	return *match ? 0 : -ENOMEM;
}

/**
 * vnet_rule_retire_match - free a compiled rule when its readers are done
 * @match: the compiled rule, which is in no set any more, or NULL
 *
 * Context: any.
 */
void vnet_rule_retire_match(struct vnet_match_rule *match)
{
	if (match)
		call_rcu(vnet_match_rule_rcu(match), vnet_match_rule_free_rcu);
}

/**
 * vnet_rule_same_spec - whether two rules are the same but for their names
 * @a: a rule
 * @b: another
 *
 * Context: config mutex.
 * Return: true if so.
 */
bool vnet_rule_same_spec(const struct vnet_rule_spec *a, const struct vnet_rule_spec *b)
{
	if (a->priority != b->priority || a->direction != b->direction ||
	    a->action != b->action || a->audit != b->audit || a->log != b->log ||
	    a->sample != b->sample || a->expires != b->expires ||
	    a->class != b->class || a->set_dscp != b->set_dscp ||
	    strcmp(a->helper, b->helper) ||
	    !vnet_match_equal(&a->match, &b->match))
		return false;
	if (!(a->match.fields & VNET_MATCH_MEMBER))
		return true;
	return a->tag == b->tag && !strcmp(a->ifname, b->ifname);
}

/*
 * What the packet path sees
 */

static void abort_edits(struct vnet_match_edit *edits, unsigned int lanes)
{
	unsigned int lane;

	for (lane = 0; lane < VNET_LANES; lane++)
		if (lanes & BIT(lane))
			vnet_match_abort(&edits[lane]);
}

/* Calls back for each node, as the kernel limits how many callbacks it runs at once. */
static void free_nodes(struct rcu_head *retired)
{
	struct rcu_head *next;

	for (; retired; retired = next) {
		next = retired->next;
		call_rcu(retired, vnet_match_node_free_rcu);
	}
}

/**
 * vnet_rule_publish - let the packet path see some edits, all at one instant
 * @table: rules of the network
 * @edits: by lane, to be committed; on failure they are aborted
 * @lanes: bits of the lanes that have an edit
 *
 * Context: config mutex, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vnet_rule_publish(struct vnet_rule_table *table, struct vnet_match_edit *edits,
		      unsigned int lanes)
{
	struct vnet_ruleset *fresh = kzalloc(sizeof(*fresh), GFP_RULES), *old;
	struct rcu_head *retired = NULL;
	unsigned int lane;

	if (!fresh) {
		abort_edits(edits, lanes);
		return -ENOMEM;
	}
	for (lane = 0; lane < VNET_LANES; lane++)
		fresh->set[lane] = lanes & BIT(lane) ?
				  vnet_match_commit(&edits[lane], &retired) :
				  vnet_rule_set_of(table, lane);
	fresh->generation = table->generation + 1;
	old = rcu_replace_pointer(table->active, fresh, true);
	if (old)
		kfree_rcu(old, rcu);
	free_nodes(retired);
	/* Who sees the generation sees the rules. */
	smp_store_release(&table->generation, fresh->generation);
	return 0;
}

/**
 * vnet_rule_move - let compiled rules leave and enter the classifiers
 * @table: rules of the network
 * @moves: what moves, by lane
 *
 * What has left is retired by the caller.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -E2BIG, -ENOMEM, and nothing has changed.
 */
int vnet_rule_move(struct vnet_rule_table *table, const struct vnet_rule_moves *moves)
{
	struct vnet_match_edit edits[VNET_LANES];
	unsigned int lane, lanes = 0;
	int err;

	for (lane = 0; lane < VNET_LANES; lane++) {
		if (!moves[lane].out_count && !moves[lane].in_count)
			continue;
		err = vnet_match_change(&edits[lane], vnet_rule_set_of(table, lane),
					moves[lane].out, moves[lane].out_count,
					moves[lane].in, moves[lane].in_count);
		if (err) {
			abort_edits(edits, lanes);
			return err;
		}
		lanes |= BIT(lane);
	}
	return vnet_rule_publish(table, edits, lanes);
}

/* Takes one rule out of the classifiers and puts another in; either may be NULL. */
static int exchange(struct vnet_rule_table *table, struct vnet_rule *out,
		    struct vnet_rule *in)
{
	struct vnet_rule_moves moves[VNET_LANES] = {};
	unsigned int lane;

	if (out && out->match) {
		lane = vnet_rule_lane(out);
		moves[lane].out = &out->match;
		moves[lane].out_count = 1;
	}
	if (in && in->match) {
		lane = vnet_rule_lane(in);
		moves[lane].in = &in->match;
		moves[lane].in_count = 1;
	}
	return vnet_rule_move(table, moves);
}

/* As exchange(), and the tables of the configuration follow. */
static int change(struct vnet_rule_table *table, struct vnet_rule *out,
		  struct vnet_rule *in)
{
	int err = exchange(table, out, in);

	if (err)
		return err;
	if (out) {
		vnet_rule_unlink(table, out);
		vnet_rule_retire(out);
	}
	if (in)
		vnet_rule_link(table, in);
	return 0;
}

/*
 * Changes of one rule
 */

/**
 * vnet_rule_make - make a rule that is compiled, and that nobody sees yet
 * @spec: what it is; copied
 * @id: its id
 * @position: its position
 *
 * Context: config mutex, may sleep.
 * Return: the rule, or NULL. The caller frees it with vnet_rule_free() or links it.
 */
struct vnet_rule *vnet_rule_make(const struct vnet_rule_spec *spec, u64 id, u64 position)
{
	struct vnet_rule *rule = vnet_rule_create(spec, id);

	if (!rule)
		return NULL;
	rule->position = position;
	if (vnet_rule_compile(rule, position, &rule->match)) {
		vnet_rule_free(rule);
		return NULL;
	}
	return rule;
}

/**
 * vnet_rule_add - add a rule
 * @table: rules of the network
 * @spec: the rule; copied
 * @unchanged: set to whether it was there already, just like this
 *
 * It comes behind the others of its priority.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -EEXIST if the name has another body, -ENOSPC at the limit, -E2BIG if
 * lookups would become too slow, -ENOMEM. On failure nothing has changed.
 */
int vnet_rule_add(struct vnet_rule_table *table, const struct vnet_rule_spec *spec,
		  bool *unchanged)
{
	struct vnet_rule *rule = vnet_rule_find(table, spec->name);
	int err;

	*unchanged = false;
	if (rule && !vnet_rule_same_spec(&rule->spec, spec))
		return -EEXIST;
	if (rule) {
		*unchanged = !vnet_rule_renew(table, rule);
		return 0;
	}
	if (table->count >= table->limit)
		return -ENOSPC;
	rule = vnet_rule_make(spec, table->next_id, table->next_position);
	if (!rule)
		return -ENOMEM;
	err = change(table, NULL, rule);
	if (err) {
		vnet_rule_free(rule);
		return err;
	}
	table->next_id++;
	table->next_position++;
	return 0;
}

/**
 * vnet_rule_set - replace the body of a rule
 * @table: rules of the network
 * @spec: the rule as it shall be; copied
 * @unchanged: set to whether it was like this already
 *
 * The rule keeps its id and its place among equal priorities; its counters start
 * again.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOENT if there is no rule of that name, -E2BIG if lookups would
 * become too slow, -ENOMEM. On failure nothing has changed.
 */
int vnet_rule_set(struct vnet_rule_table *table, const struct vnet_rule_spec *spec,
		  bool *unchanged)
{
	struct vnet_rule *old = vnet_rule_find(table, spec->name);
	struct vnet_rule *rule;
	int err;

	*unchanged = false;
	if (!old)
		return -ENOENT;
	if (vnet_rule_same_spec(&old->spec, spec)) {
		*unchanged = !vnet_rule_renew(table, old);
		return 0;
	}
	rule = vnet_rule_make(spec, old->id, old->position);
	if (!rule)
		return -ENOMEM;
	err = change(table, old, rule);
	if (err)
		vnet_rule_free(rule);
	return err;
}

/**
 * vnet_rule_del - remove a rule
 * @table: rules of the network
 * @name: its name
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOENT if there is none, -ENOMEM; -E2BIG if those that it made
 * unreachable would make lookups too slow. On failure nothing has changed.
 */
int vnet_rule_del(struct vnet_rule_table *table, const char *name)
{
	struct vnet_rule *rule = vnet_rule_find(table, name);

	return rule ? change(table, rule, NULL) : -ENOENT;
}

/**
 * vnet_rule_set_limit - change how many rules there may be
 * @table: rules of the network
 * @limit: the number
 *
 * Context: config mutex.
 * Return: 0, or -ENOSPC if there are more already.
 */
int vnet_rule_set_limit(struct vnet_rule_table *table, u32 limit)
{
	if (limit < table->count)
		return -ENOSPC;
	table->limit = limit;
	return 0;
}

/**
 * vnet_rule_table_init - make an empty table with the default limit
 * @table: the table
 *
 * Context: any.
 */
void vnet_rule_table_init(struct vnet_rule_table *table)
{
	memset(table, 0, sizeof(*table));
	table->names = table->few_names;
	table->name_buckets = VNET_RULE_FEW_NAMES;
	table->limit = VNET_RULES_DEFAULT;
	table->next_id = 1;
	table->next_position = 1;
}

/**
 * vnet_rule_table_destroy - remove all rules
 * @table: the table; readers may still use it
 *
 * What it had is freed by RCU callbacks: rcu_barrier() before the module goes.
 *
 * Context: config mutex, or nobody else changes the table any more.
 */
void vnet_rule_table_destroy(struct vnet_rule_table *table)
{
	struct vnet_ruleset *old = rcu_replace_pointer(table->active, NULL, true);
	struct rcu_head *retired = NULL;
	struct vnet_rule *rule;
	struct rb_node *node;
	unsigned int lane;

	for (lane = 0; old && lane < VNET_LANES; lane++)
		vnet_match_retire(old->set[lane], &retired);
	free_nodes(retired);
	if (old)
		kfree_rcu(old, rcu);
	while ((node = rb_first(&table->rules))) {
		rule = rb_entry(node, struct vnet_rule, node);
		vnet_rule_unlink(table, rule);
		vnet_rule_retire(rule);
	}
	if (table->names != table->few_names)
		kvfree(table->names);
	table->names = table->few_names;
	table->name_buckets = VNET_RULE_FEW_NAMES;
}
