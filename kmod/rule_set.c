// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that name sets: what keeps these.
 * Layer 1: it must not know what sets consist of.
 */

#include "rule.h"

#include <linux/compiler.h>
#include "rule_table.h"
#include "set_list.h"

static void for_sets(const struct vnet_match *match, void (*fn)(const struct vnet_set *set))
{
	unsigned int i;

	for (i = 0; i < VNET_SET_WHATS; i++)
		if (match->fields & VNET_MATCH_IN(i))
			fn(match->sets[i]);
}

/**
 * vnet_rule_hold_sets - keep the memory of the sets that a rule names
 * @rule: the rule; its sets are in the list of its network
 *
 * Context: config mutex.
 */
void vnet_rule_hold_sets(const struct vnet_rule *rule)
{
	for_sets(&rule->spec.match, vnet_set_hold);
}

/**
 * vnet_rule_release_sets - take vnet_rule_hold_sets() back
 * @rule: the rule, which nobody reads any more
 *
 * Context: any; RCU callbacks may.
 */
void vnet_rule_release_sets(const struct vnet_rule *rule)
{
	for_sets(&rule->spec.match, vnet_set_release);
}

/**
 * vnet_rule_use_sets - a rule comes into force: its sets cannot be deleted
 * @rule: the rule
 *
 * Context: config mutex.
 */
void vnet_rule_use_sets(const struct vnet_rule *rule)
{
	for_sets(&rule->spec.match, vnet_set_use);
}

/**
 * vnet_rule_unuse_sets - take vnet_rule_use_sets() back
 * @rule: the rule
 *
 * Context: config mutex.
 */
void vnet_rule_unuse_sets(const struct vnet_rule *rule)
{
	for_sets(&rule->spec.match, vnet_set_unuse);
}

/**
 * vnet_rule_judge_again - what a set has that rules use is different now
 * @table: rules of the network
 *
 * Frames that a class holds are judged again before they go on.
 *
 * Context: config mutex.
 */
void vnet_rule_judge_again(struct vnet_rule_table *table)
{
	/* The new elements come first. */
	smp_store_release(&table->generation, table->generation + 1);
}
