// SPDX-License-Identifier: GPL-2.0-only
/*
 * Enforcing rules that were in audit, one or all of a network at one instant.
 * Layer 1: it must not know what audit means for frames.
 *
 * A rule that is enforced is another one in the same place, with the same id and as
 * much time left: what its counters tell means something else now.
 */

#include "rule.h"

#include <linux/sched.h>
#include <linux/slab.h>
#include "rule_table.h"

/**
 * struct promotion - the rules that are to be enforced
 * @old: as they are
 * @fresh: as they shall be
 * @count: their number
 * @moves: what that means for the classifiers
 */
struct promotion {
	struct vnet_rule **old;
	struct vnet_rule **fresh;
	u32 count;
	struct vnet_rule_moves moves[VNET_LANES];
};

static int alloc_promotion(struct promotion *p, u32 count)
{
	unsigned int lane;
	bool failed;

	p->old = kvcalloc(count, sizeof(*p->old), GFP_RULES);
	p->fresh = kvcalloc(count, sizeof(*p->fresh), GFP_RULES);
	failed = !p->old || !p->fresh;
	for (lane = 0; lane < VNET_LANES; lane++) {
		p->moves[lane].out = kvcalloc(count, sizeof(*p->moves[lane].out), GFP_RULES);
		p->moves[lane].in = kvcalloc(count, sizeof(*p->moves[lane].in), GFP_RULES);
		failed |= !p->moves[lane].out || !p->moves[lane].in;
	}
	return failed ? -ENOMEM : 0;
}

static void free_promotion(struct promotion *p, bool failed)
{
	unsigned int lane;
	u32 i;

	for (i = 0; failed && p->fresh && i < p->count; i++)
		vnet_rule_free(p->fresh[i]);
	for (lane = 0; lane < VNET_LANES; lane++) {
		kvfree(p->moves[lane].out);
		kvfree(p->moves[lane].in);
	}
	kvfree(p->fresh);
	kvfree(p->old);
}

static int prepare(struct promotion *p, struct vnet_rule *old)
{
	struct vnet_rule_moves *out = &p->moves[vnet_rule_lane(old)], *in;
	struct vnet_rule_spec spec = old->spec;
	struct vnet_rule *fresh;

	spec.audit = false;
	fresh = vnet_rule_make(&spec, old->id, old->position);
	if (!fresh)
		return -ENOMEM;
	fresh->expires_at = old->expires_at;
	p->old[p->count] = old;
	p->fresh[p->count++] = fresh;
	in = &p->moves[vnet_rule_lane(fresh)];
	if (old->match)
		out->out[out->out_count++] = old->match;
	if (fresh->match)
		in->in[in->in_count++] = fresh->match;
	return 0;
}

static int prepare_all(struct vnet_rule_table *table, struct promotion *p,
		       struct vnet_rule *only)
{
	struct vnet_rule *rule;
	struct rb_node *node;
	int err;

	if (only)
		return prepare(p, only);
	for (node = rb_first(&table->rules); node; node = rb_next(node)) {
		rule = rb_entry(node, struct vnet_rule, node);
		err = rule->spec.audit ? prepare(p, rule) : 0;
		if (err)
			return err;
		cond_resched();
	}
	return 0;
}

static void relink(struct vnet_rule_table *table, struct promotion *p)
{
	u32 i;

	for (i = 0; i < p->count; i++) {
		vnet_rule_unlink(table, p->old[i]);
		vnet_rule_retire(p->old[i]);
		vnet_rule_link(table, p->fresh[i]);
		cond_resched();
	}
}

static u32 count_audited(struct vnet_rule_table *table)
{
	struct rb_node *node;
	u32 count = 0;

	for (node = rb_first(&table->rules); node; node = rb_next(node))
		count += rb_entry(node, struct vnet_rule, node)->spec.audit;
	return count;
}

/**
 * vnet_rule_promote - enforce rules that are in audit
 * @table: rules of the network
 * @name: the rule, or NULL for all of the network
 * @promoted: set to how many were in audit
 *
 * They keep their ids, places and the time that they have left; their counters start
 * again. All of them are enforced from the same instant on.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOENT if there is no rule of that name, -E2BIG if lookups would become
 * too slow, -ENOMEM. On failure nothing has changed.
 */
int vnet_rule_promote(struct vnet_rule_table *table, const char *name, u32 *promoted)
{
	struct vnet_rule *only = name ? vnet_rule_find(table, name) : NULL;
	struct promotion p = {};
	int err;

	*promoted = 0;
	if (name && !only)
		return -ENOENT;
	*promoted = only ? only->spec.audit : count_audited(table);
	if (!*promoted)
		return 0;
	err = alloc_promotion(&p, *promoted);
	if (!err)
		err = prepare_all(table, &p, only);
	if (!err)
		err = vnet_rule_move(table, p.moves);
	if (!err)
		relink(table, &p);
	free_promotion(&p, err);
	return err;
}
