/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of one network: named, ordered, counted, replaced atomically.
 * Layer 1: it knows the classifier and counters; it must not know skbs,
 * members (only their ids and names) or netlink attributes.
 */
#ifndef VNET_RULE_H
#define VNET_RULE_H

#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/rcupdate.h>
#include "match.h"
#include "stats.h"

struct vnet_class;

/* A rule whose member is away has this id in its match and never matches. */
#define VNET_RULE_NO_MEMBER	U32_MAX

/* The bit that tells a rule that writes DSCP 0 from one that writes none. */
#define VNET_RULE_SETS_DSCP	0x80

/**
 * struct vnet_rule_spec - a rule as the operator gives it
 * @name: NUL-terminated
 * @priority: smaller decides first
 * @direction: enum vnet_direction
 * @action: enum vnet_action
 * @set_dscp: the DSCP that it writes, with %VNET_RULE_SETS_DSCP; 0: none
 * @class: what shapes its frames, of the same network (opaque here); NULL: what shapes
 *	those of the member. Every rule in force holds its class in place
 * @match: what it wants; match.member is the member's id, its sets are those of the
 *	network and kept by every rule that has them
 * @ifname: with VNET_MATCH_MEMBER, the port's interface when it was given
 * @tag: with VNET_MATCH_MEMBER, the member's tag (opaque here)
 */
struct vnet_rule_spec {
	char name[VNET_NAME_MAX + 1];
	u32 priority;
	u8 direction;
	u8 action;
	u8 set_dscp;
	struct vnet_class *class;
	struct vnet_match match;
	char ifname[16];
	u32 tag;
};

/**
 * struct vnet_rule - a rule in force
 * @node: in table->rules; config mutex
 * @same_name: in table->names; config mutex
 * @same_member: in table->members, when it names a member; config mutex
 * @id: order of creation, smaller = older; never used again in its network
 * @position: orders rules of one priority; of rules that were loaded, the order of
 *	the load; never 0, and never used again in its network. Config mutex
 * @spec: what it is; the member's id and name are under the config mutex, all else
 *	never changes
 * @match: what the classifier has of it, NULL = it waits for its member. When that
 *	member has gone, what is here has an id that never occurs again. Config mutex
 * @hits: frames that it decided
 * @rcu: readers may still hold it
 */
struct vnet_rule {
	struct rb_node node;
	struct hlist_node same_name;
	struct hlist_node same_member;
	u64 id;
	u64 position;
	struct vnet_rule_spec spec;
	struct vnet_match_rule *match;
	struct vnet_counter_cpu __percpu *hits;
	struct rcu_head rcu;
};

/**
 * struct vnet_ruleset - what the packet path sees; immutable
 * @set: the classifiers, by vnet_dir(); NULL = no rule for this direction
 * @rcu: readers may still hold it
 */
struct vnet_ruleset {
	struct vnet_match_set *set[VNET_DIRS];
	struct rcu_head rcu;
};

#define VNET_RULE_FEW_NAMES	16
#define VNET_RULE_MEMBERS	64

/**
 * struct vnet_rule_table - all rules of a network
 * @active: what the packet path sees, both directions; NULL = no rule at all
 * @rules: all rules, both directions; ordered by priority, then position
 * @names: hash table over the names
 * @few_names: where @names points at first
 * @name_buckets: size of @names, a power of two
 * @members: hash table of the rules that name a member, by its id; those that wait
 *	for it by its name and tag
 * @count: how many @rules there are
 * @stateful: those of them that ask for the state of connections
 * @limit: most rules
 * @generation: goes up with every published change, and with those of the sets in use
 * @next_id: for the next rule
 * @next_position: likewise
 *
 * Changes need the config mutex of the namespace, which the caller holds. A table
 * must not be moved in memory.
 */
struct vnet_rule_table {
	struct vnet_ruleset __rcu *active;
	struct rb_root rules;
	struct hlist_head *names;
	struct hlist_head few_names[VNET_RULE_FEW_NAMES];
	u32 name_buckets;
	struct hlist_head members[VNET_RULE_MEMBERS];
	u32 count;
	u32 stateful;
	u32 limit;
	u32 generation;
	u64 next_id;
	u64 next_position;
};

void vnet_rule_table_init(struct vnet_rule_table *table);
void vnet_rule_table_destroy(struct vnet_rule_table *table);

/*
 * Configuration, under the config mutex; may sleep. All or nothing, and what the
 * packet path sees changes at one instant for both directions.
 * add: -EEXIST (other body), -ENOSPC, -E2BIG, -ENOMEM; an identical rule: 0 with
 * *unchanged = true. set: -ENOENT, -E2BIG, -ENOMEM. del: -ENOENT, -E2BIG, -ENOMEM.
 * load: replaces everything; -EEXIST (a name twice, *bad = index of it),
 * -ENOSPC, -E2BIG, -ENOMEM; rules with the same name and body keep their counters
 * and id. -E2BIG: the rules together would make lookups slower than the classifier
 * allows, see match.c.
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
 * The rule that comes after (priority, position) in the order of evaluation, for
 * dumps that resume; start with 0 and 0: positions begin at 1.
 */
struct vnet_rule *vnet_rule_next(struct vnet_rule_table *table, u32 priority,
				 u64 position);

/*
 * Members come and go: bind gives the rules that name (ifname, tag) the id of
 * the new member, unbind takes it from them (they never match then), rename
 * follows a renamed interface. bind: -ENOMEM and -E2BIG change nothing. unbind cannot
 * fail: without memory for a new set, the ids of removed members simply never
 * occur again.
 */
int vnet_rule_bind(struct vnet_rule_table *table, const char *ifname, u32 tag,
		   u32 member);
void vnet_rule_unbind(struct vnet_rule_table *table, u32 member);
void vnet_rule_rename(struct vnet_rule_table *table, u32 member,
		      const char *ifname);

/* In rule_set.c: what a set that rules use consists of has changed. Config mutex. */
void vnet_rule_judge_again(struct vnet_rule_table *table);

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
	const struct vnet_ruleset *active = rcu_dereference(table->active);
	const struct vnet_match_set *set;

	if (!active)
		return NULL;
	set = active->set[vnet_dir(direction)];
	return set ? vnet_match_find(set, key, member) : NULL;
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
	const struct vnet_ruleset *active = rcu_dereference(table->active);

	return active && active->set[vnet_dir(direction)];
}

#endif /* VNET_RULE_H */
