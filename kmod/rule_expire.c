// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that expire: when, and which is the next one.
 * Layer 1: it must not know who removes them.
 */

#include "rule.h"

#include <linux/rbtree.h>
#include <linux/timekeeping.h>
#include "rule_table.h"

/**
 * vnet_rule_start_time - a rule begins its time, or begins it again
 * @rule: the rule, which is not linked
 *
 * The time that the machine sleeps counts.
 *
 * Context: any.
 */
void vnet_rule_start_time(struct vnet_rule *rule)
{
	u64 lifetime = (u64)rule->spec.expires * NSEC_PER_SEC;

	rule->expires_at = lifetime ? ktime_get_boottime_ns() + lifetime : 0;
}

/**
 * vnet_rule_link_expiry - note when a rule expires
 * @table: rules of the network
 * @rule: the rule, which is not noted yet
 *
 * Context: config mutex.
 */
void vnet_rule_link_expiry(struct vnet_rule_table *table, struct vnet_rule *rule)
{
	struct rb_node **link = &table->expiring.rb_node, *parent = NULL;
	struct vnet_rule *other;

	if (!rule->expires_at)
		return;
	while (*link) {
		parent = *link;
		other = rb_entry(parent, struct vnet_rule, by_expiry);
		link = other->expires_at <= rule->expires_at ? &parent->rb_right :
							       &parent->rb_left;
	}
	rb_link_node(&rule->by_expiry, parent, link);
	rb_insert_color(&rule->by_expiry, &table->expiring);
}

/**
 * vnet_rule_unlink_expiry - take vnet_rule_link_expiry() back
 * @table: rules of the network
 * @rule: the rule
 *
 * Context: config mutex.
 */
void vnet_rule_unlink_expiry(struct vnet_rule_table *table, struct vnet_rule *rule)
{
	if (rule->expires_at)
		rb_erase(&rule->by_expiry, &table->expiring);
}

/**
 * vnet_rule_renew - a rule that is in force begins its time again
 * @table: rules of the network
 * @rule: the rule
 *
 * Context: config mutex.
 * Return: true; false if the rule never expires.
 */
bool vnet_rule_renew(struct vnet_rule_table *table, struct vnet_rule *rule)
{
	if (!rule->spec.expires)
		return false;
	vnet_rule_unlink_expiry(table, rule);
	vnet_rule_start_time(rule);
	vnet_rule_link_expiry(table, rule);
	return true;
}

/**
 * vnet_rule_next_expiring - the rule that expires next
 * @table: rules of the network
 *
 * Context: config mutex.
 * Return: the rule, valid as long as the mutex is held, or NULL if none expires.
 */
struct vnet_rule *vnet_rule_next_expiring(struct vnet_rule_table *table)
{
	struct rb_node *node = rb_first(&table->expiring);

	return node ? rb_entry(node, struct vnet_rule, by_expiry) : NULL;
}

/**
 * vnet_rule_expires_in - how long a rule has left
 * @rule: a rule that expires
 *
 * Context: config mutex.
 * Return: nanoseconds, 0 = its time is over.
 */
u64 vnet_rule_expires_in(const struct vnet_rule *rule)
{
	u64 now = ktime_get_boottime_ns();

	return rule->expires_at > now ? rule->expires_at - now : 0;
}

/**
 * vnet_rule_postpone - a rule that could not be removed is to be tried again
 * @table: rules of the network
 * @rule: a rule that expires
 * @ns: when, counted from now
 *
 * Context: config mutex.
 */
void vnet_rule_postpone(struct vnet_rule_table *table, struct vnet_rule *rule, u64 ns)
{
	vnet_rule_unlink_expiry(table, rule);
	rule->expires_at = ktime_get_boottime_ns() + ns;
	vnet_rule_link_expiry(table, rule);
}
