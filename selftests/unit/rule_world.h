/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_world.h owns what the unit tests of rules share: one table, and changing and
 * asking it. It knows nothing of what rules match.
 */
#ifndef VNET_UNIT_RULE_WORLD_H
#define VNET_UNIT_RULE_WORLD_H

#include "rule.h"

static struct vnet_rule_table table;

static inline int setup(void **state)
{
	shim_reset();
	vnet_rule_table_init(&table);
	return 0;
}

/* Nothing is left, and nothing is lost. */
static inline int teardown(void **state)
{
	vnet_rule_table_destroy(&table);
	assert_int_equal(table.count, 0);
	assert_null(vnet_rule_next_expiring(&table));
	shim_rcu_run();
	assert_int_equal(shim_allocated(), 0);
	return 0;
}

/* Changes: 0, 1 = nothing has changed, or what went wrong. */
static inline int add(const struct vnet_rule_spec s)
{
	bool unchanged = true;
	int err = vnet_rule_add(&table, &s, &unchanged);

	return unchanged ? 1 : err;
}

static inline int set(const struct vnet_rule_spec s)
{
	bool unchanged = true;
	int err = vnet_rule_set(&table, &s, &unchanged);

	return unchanged ? 1 : err;
}

static inline int load(const struct vnet_rule_spec *specs, u32 count)
{
	u32 bad = ~0U;

	return vnet_rule_load(&table, specs, count, &bad);
}

static inline bool any(enum vnet_direction direction)
{
	bool is;

	rcu_read_lock();
	is = vnet_rule_any(vnet_rule_active(&table), direction);
	rcu_read_unlock();
	return is;
}

/* Each frame of these tests has 100 bytes. */
static inline u64 hits(const char *name)
{
	struct vnet_rule *rule = vnet_rule_find(&table, name);
	struct vnet_counter sum;

	assert_non_null(rule);
	vnet_stats_read_counter(&sum, rule->hits);
	assert_int_equal(sum.bytes, sum.packets * 100);
	return sum.packets;
}

#endif /* VNET_UNIT_RULE_WORLD_H */
