// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that name a class: what keeps it.
 * Layer 1: it must not know what a class does.
 *
 * A class that is held in place cannot be deleted. When the last rule lets go of it, who
 * still reads that rule began to before; the memory of a deleted class stays as long.
 */

#include "class.h"
#include "rule_table.h"

/**
 * vnet_rule_use_class - a rule comes into force: its class cannot be deleted
 * @rule: the rule
 *
 * Context: config mutex.
 */
void vnet_rule_use_class(const struct vnet_rule *rule)
{
	if (rule->spec.class)
		vnet_class_use_by_rule(rule->spec.class);
}

/**
 * vnet_rule_unuse_class - take vnet_rule_use_class() back
 * @rule: the rule
 *
 * Context: config mutex, or nobody else changes the network any more.
 */
void vnet_rule_unuse_class(const struct vnet_rule *rule)
{
	if (rule->spec.class)
		vnet_class_unuse_by_rule(rule->spec.class);
}
