/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of one network: named, ordered, counted, replaced atomically.
 * Layer 1: it knows the classifier and counters; it must not know skbs,
 * members (only their ids and names) or netlink attributes.
 */
#ifndef VNET_RULE_H
#define VNET_RULE_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include "match.h"
#include "stats.h"

/* A rule whose member is away has this id in its match and never matches. */
#define VNET_RULE_NO_MEMBER	U32_MAX

/**
 * struct vnet_rule_spec - a rule as the operator gives it
 * @name: NUL-terminated
 * @priority: smaller decides first
 * @direction: enum vnet_direction
 * @action: enum vnet_action
 * @match: what it wants; match.member is the member's id
 * @ifname: with VNET_MATCH_MEMBER, the port's interface when it was given
 * @tag: with VNET_MATCH_MEMBER, the member's tag (opaque here)
 */
struct vnet_rule_spec {
	char name[VNET_NAME_MAX + 1];
	u32 priority;
	u8 direction;
	u8 action;
	struct vnet_match match;
	char ifname[16];
	u32 tag;
};

/**
 * struct vnet_rule - a rule in force
 * @node: in table->rules, in order of evaluation; config mutex
 * @id: order of creation, smaller = older; never used again in its network
 * @spec: what it is
 * @hits: frames that it decided
 * @rcu: readers may still hold it
 */
struct vnet_rule {
	struct list_head node;
	u64 id;
	struct vnet_rule_spec spec;
	struct vnet_counter_cpu __percpu *hits;
	struct rcu_head rcu;
};

/**
 * struct vnet_ruleset - immutable compiled rules of one direction
 * @set: the classifier
 * @rcu: readers may still hold it
 * @count: rules in it
 * @rule: the rule behind each index of the classifier
 */
struct vnet_ruleset {
	struct vnet_match_set *set;
	struct rcu_head rcu;
	u32 count;
	struct vnet_rule *rule[];
};

/**
 * struct vnet_rule_table - all rules of a network
 * @active: what the packet path sees, by vnet_dir(); NULL = no rule at all
 * @rules: all of them, both directions; ordered by priority, then id
 * @count: length of @rules
 * @limit: most rules
 * @generation: goes up with every published change
 * @next_id: for the next rule
 *
 * Changes need the config mutex of the namespace, which the caller holds.
 */
struct vnet_rule_table {
	struct vnet_ruleset __rcu *active[VNET_DIRS];
	struct list_head rules;
	u32 count;
	u32 limit;
	u32 generation;
	u64 next_id;
};

void vnet_rule_table_init(struct vnet_rule_table *table);
void vnet_rule_table_destroy(struct vnet_rule_table *table);

/*
 * Configuration, under the config mutex; may sleep. All or nothing.
 * add: -EEXIST (other body), -ENOSPC, -ENOMEM; an identical rule: 0 with
 * *unchanged = true. set: -ENOENT, -ENOMEM. del: -ENOENT, -ENOMEM.
 * load: replaces everything; -EEXIST (a name twice, *bad = index of it),
 * -ENOSPC, -ENOMEM; rules with the same name and body keep their counters
 * and id.
 */
int vnet_rule_add(struct vnet_rule_table *table, const struct vnet_rule_spec *spec,
		  bool *unchanged);
int vnet_rule_set(struct vnet_rule_table *table, const struct vnet_rule_spec *spec,
		  bool *unchanged);
int vnet_rule_del(struct vnet_rule_table *table, const char *name);
int vnet_rule_load(struct vnet_rule_table *table, const struct vnet_rule_spec *specs,
		   u32 count, u32 *bad);
struct vnet_rule *vnet_rule_find(struct vnet_rule_table *table, const char *name);
int vnet_rule_set_limit(struct vnet_rule_table *table, u32 limit);

/*
 * The rule that comes after (priority, id) in the order of evaluation, for
 * dumps that resume; start with after_id 0 and priority 0: ids begin at 1.
 */
struct vnet_rule *vnet_rule_next(struct vnet_rule_table *table, u32 priority,
				 u64 after_id);

/*
 * Members come and go: bind gives the rules that name (ifname, tag) the id of
 * the new member, unbind takes it from them (they never match then), rename
 * follows a renamed interface. bind: -ENOMEM changes nothing. unbind cannot
 * fail: without memory for a new set, the ids of removed members simply never
 * occur again.
 */
int vnet_rule_bind(struct vnet_rule_table *table, const char *ifname, u32 tag,
		   u32 member);
void vnet_rule_unbind(struct vnet_rule_table *table, u32 member);
void vnet_rule_rename(struct vnet_rule_table *table, u32 member,
		      const char *ifname);

/**
 * vnet_rule_decide - the rule that decides about a frame, if any
 * @table: rules of the network
 * @direction: which way the frame goes
 * @key: its headers, parsed in full
 * @member: id of the sender (egress) or the receiver (ingress)
 *
 * Context: RCU read side.
 * Return: the first rule that matches, valid until the RCU read side ends, or
 * NULL: the default policy decides.
 */
static inline struct vnet_rule *
vnet_rule_decide(struct vnet_rule_table *table, enum vnet_direction direction,
		 const struct vnet_key *key, u32 member)
{
	struct vnet_ruleset *active = rcu_dereference(table->active[vnet_dir(direction)]);
	int index;

	if (!active)
		return NULL;
	index = vnet_match_find(active->set, key, member);
	return index < 0 ? NULL : active->rule[index];
}

/**
 * vnet_rule_any - whether a direction has any rule
 * @table: rules of the network
 * @direction: which way the frame goes
 *
 * Context: RCU read side.
 * Return: true if the headers have to be parsed for vnet_rule_decide().
 */
static inline bool vnet_rule_any(struct vnet_rule_table *table,
				 enum vnet_direction direction)
{
	return rcu_access_pointer(table->active[vnet_dir(direction)]);
}

#endif /* VNET_RULE_H */
