// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of one network, to be found by name, in order, and by their member.
 * Layer 1: it must not know what the packet path sees.
 */

#include "rule.h"

#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include "rule_table.h"

static struct hlist_head *bucket_of(const struct vnet_rule_table *table, const char *name)
{
	return &table->names[full_name_hash(NULL, name, strlen(name)) &
			     (table->name_buckets - 1)];
}

/* A larger hash table when it is time; without memory the old one will do. */
static void grow_names(struct vnet_rule_table *table)
{
	u32 buckets = table->name_buckets * 4;
	struct hlist_head *names;
	struct vnet_rule *rule;
	struct rb_node *node;

	if (table->count <= table->name_buckets * 2)
		return;
	names = kvcalloc(buckets, sizeof(*names), GFP_RULES);
	if (!names)
		return;
	/* It may be used again, and has to be empty then. */
	if (table->names == table->few_names)
		memset(table->few_names, 0, sizeof(table->few_names));
	else
		kvfree(table->names);
	table->names = names;
	table->name_buckets = buckets;
	for (node = rb_first(&table->rules); node; node = rb_next(node)) {
		rule = rb_entry(node, struct vnet_rule, node);
		hlist_add_head(&rule->same_name, bucket_of(table, rule->spec.name));
	}
}

static bool comes_before(const struct vnet_rule *rule, u32 priority, u64 position)
{
	return vnet_rule_order(rule->spec.priority, rule->position) <
	       vnet_rule_order(priority, position);
}

static void link_order(struct vnet_rule_table *table, struct vnet_rule *new)
{
	struct rb_node **link = &table->rules.rb_node, *parent = NULL;
	struct vnet_rule *rule;

	while (*link) {
		parent = *link;
		rule = rb_entry(parent, struct vnet_rule, node);
		link = comes_before(rule, new->spec.priority, new->position) ?
		       &parent->rb_right : &parent->rb_left;
	}
	rb_link_node(&new->node, parent, link);
	rb_insert_color(&new->node, &table->rules);
}

/**
 * vnet_rule_link_member - note which member a rule names
 * @table: rules of the network
 * @rule: the rule, which is not noted yet
 *
 * Context: config mutex.
 */
void vnet_rule_link_member(struct vnet_rule_table *table, struct vnet_rule *rule)
{
	const struct vnet_rule_spec *spec = &rule->spec;

	if (!vnet_rule_has_member(rule))
		return;
	hlist_add_head(&rule->same_member, vnet_rule_waits(rule) ?
		       vnet_rule_waiting(table, spec->ifname, spec->tag) :
		       vnet_rule_bound(table, spec->match.member));
}

/**
 * vnet_rule_link - put a rule into the tables of the configuration
 * @table: rules of the network
 * @rule: the rule, whose position is set
 *
 * Context: config mutex, may sleep.
 */
void vnet_rule_link(struct vnet_rule_table *table, struct vnet_rule *rule)
{
	link_order(table, rule);
	hlist_add_head(&rule->same_name, bucket_of(table, rule->spec.name));
	vnet_rule_link_member(table, rule);
	vnet_rule_link_expiry(table, rule);
	vnet_rule_use_sets(rule);
	vnet_rule_use_class(rule);
	table->count++;
	if (vnet_rule_is_stateful(&rule->spec))
		table->stateful++;
	grow_names(table);
}

/**
 * vnet_rule_unlink - take a rule out of the tables of the configuration
 * @table: rules of the network
 * @rule: the rule
 *
 * Context: config mutex.
 */
void vnet_rule_unlink(struct vnet_rule_table *table, struct vnet_rule *rule)
{
	rb_erase(&rule->node, &table->rules);
	hlist_del_init(&rule->same_name);
	hlist_del_init(&rule->same_member);
	vnet_rule_unlink_expiry(table, rule);
	vnet_rule_unuse_sets(rule);
	vnet_rule_unuse_class(rule);
	table->count--;
	if (vnet_rule_is_stateful(&rule->spec))
		table->stateful--;
}

/**
 * vnet_rule_find - find a rule by its name
 * @table: rules of the network
 * @name: its name
 *
 * Context: config mutex.
 * Return: the rule, valid as long as the mutex is held, or NULL.
 */
struct vnet_rule *vnet_rule_find(struct vnet_rule_table *table, const char *name)
{
	struct vnet_rule *rule;

	hlist_for_each_entry(rule, bucket_of(table, name), same_name)
		if (!strcmp(rule->spec.name, name))
			return rule;
	return NULL;
}

/**
 * vnet_rule_next - the next rule in the order of evaluation, both directions
 * @table: rules of the network
 * @priority: priority of the last one, 0 to begin
 * @position: its position, 0 to begin
 *
 * Context: config mutex.
 * Return: the rule, valid as long as the mutex is held, or NULL at the end.
 */
struct vnet_rule *vnet_rule_next(struct vnet_rule_table *table, u32 priority,
				 u64 position)
{
	struct rb_node *node = table->rules.rb_node;
	struct vnet_rule *rule, *next = NULL;

	while (node) {
		rule = rb_entry(node, struct vnet_rule, node);
		if (comes_before(rule, priority, position + 1)) {
			node = node->rb_right;
		} else {
			next = rule;
			node = node->rb_left;
		}
	}
	return next;
}
