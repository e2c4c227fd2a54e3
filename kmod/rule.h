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
 * @helper: what reads along in connections that it lets begin; "": nobody
 * @set_dscp: the DSCP that it writes, with %VNET_RULE_SETS_DSCP; 0: none
 * @class: what shapes its frames, of the same network (opaque here); NULL: what shapes
 *	those of the member. Every rule in force holds its class in place
 * @audit: it decides nothing; what it would have decided is counted
 * @log: tell of every frame that it decides about
 * @sample: tell of one in so many, at random; 0 = of none
 * @expires: seconds until it is removed; 0 = never
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
	char helper[VNET_HELPER_MAX + 1];
	struct vnet_class *class;
	u8 audit;
	u8 log;
	u32 sample;
	u32 expires;
	struct vnet_match match;
	char ifname[16];
	u32 tag;
};

/**
 * vnet_rule_is_stateful - whether a rule needs to know connections
 * @spec: the rule
 *
 * Return: true if so.
 */
static inline bool vnet_rule_is_stateful(const struct vnet_rule_spec *spec)
{
	return spec->match.fields & VNET_MATCH_STATE || spec->helper[0];
}

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
 * @by_expiry: in table->expiring, when it expires; config mutex
 * @expires_at: when it is to be removed, in ns since the boot, 0 = never; config mutex
 * @hits: frames that it decided, in audit those that it would have decided
 * @rcu: readers may still hold it
 */
struct vnet_rule {
	struct rb_node node;
	struct rb_node by_expiry;
	struct hlist_node same_name;
	struct hlist_node same_member;
	u64 expires_at;
	u64 id;
	u64 position;
	struct vnet_rule_spec spec;
	struct vnet_match_rule *match;
	struct vnet_counter_cpu __percpu *hits;
	struct rcu_head rcu;
};

/*
 * A lane has the rules of one direction that are enforced, or those that are in
 * audit; the former come first, by vnet_dir().
 */
#define VNET_LANES	(2 * VNET_DIRS)

static inline unsigned int vnet_lane(enum vnet_direction direction, bool audit)
{
	return vnet_dir(direction) + (audit ? VNET_DIRS : 0);
}

static inline unsigned int vnet_rule_lane(const struct vnet_rule *rule)
{
	return vnet_lane(rule->spec.direction, rule->spec.audit);
}

/**
 * struct vnet_ruleset - what the packet path sees; immutable
 * @set: the classifiers, by vnet_lane(); NULL = no rule in this lane
 * @generation: of the table since these are the rules
 * @rcu: readers may still hold it
 */
struct vnet_ruleset {
	struct vnet_match_set *set[VNET_LANES];
	u32 generation;
	struct rcu_head rcu;
};

#define VNET_RULE_FEW_NAMES	16
#define VNET_RULE_MEMBERS	64

/**
 * struct vnet_rule_table - all rules of a network
 * @active: what the packet path sees, both directions; NULL = there was never a rule
 * @rules: all rules, both directions; ordered by priority, then position
 * @names: hash table over the names
 * @few_names: where @names points at first
 * @name_buckets: size of @names, a power of two
 * @members: hash table of the rules that name a member, by its id; those that wait
 *	for it by its name and tag
 * @expiring: the rules that expire, the next one first
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
	struct rb_root expiring;
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
 * allows, see match.c. promote: enforces the rule of this name, or all rules with
 * NULL, that are in audit; -ENOENT, -E2BIG, -ENOMEM; *promoted = how many.
 *
 * Time begins again for a rule that expires when it is added, set or loaded, though
 * it is the same: it is never *unchanged then.
 */
int vnet_rule_add(struct vnet_rule_table *table, const struct vnet_rule_spec *spec,
		  bool *unchanged);
int vnet_rule_set(struct vnet_rule_table *table, const struct vnet_rule_spec *spec,
		  bool *unchanged);
int vnet_rule_del(struct vnet_rule_table *table, const char *name);
int vnet_rule_load(struct vnet_rule_table *table, const struct vnet_rule_spec *specs,
		   u32 count, u32 *bad);
int vnet_rule_promote(struct vnet_rule_table *table, const char *name, u32 *promoted);
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

/* In rule_expire.c: rules that expire. Config mutex. */
struct vnet_rule *vnet_rule_next_expiring(struct vnet_rule_table *table);
u64 vnet_rule_expires_in(const struct vnet_rule *rule);
void vnet_rule_postpone(struct vnet_rule_table *table, struct vnet_rule *rule, u64 ns);

/* In rule_set.c: what a set that rules use consists of has changed. Config mutex. */
void vnet_rule_judge_again(struct vnet_rule_table *table);

/**
 * struct vnet_rule_verdict - what the rules say about a frame
 * @rule: the first of the enforced rules that matches, NULL = the default policy
 *	decides
 * @audit: the rule in audit that would have decided instead, or NULL
 */
struct vnet_rule_verdict {
	struct vnet_rule *rule;
	struct vnet_rule *audit;
};

/**
 * vnet_rule_active - the rules as they are at this moment
 * @table: rules of the network
 *
 * Who asks several questions about one frame asks the same rules all of them.
 *
 * Context: RCU read side.
 * Return: the rules, valid until the RCU read side ends; NULL: none.
 */
static inline const struct vnet_ruleset *
vnet_rule_active(const struct vnet_rule_table *table)
{
	return rcu_dereference(table->active);
}

/**
 * vnet_rule_decide - the rules that decide about a frame, if any
 * @rules: the rules, or NULL
 * @direction: which way the frame goes
 * @key: its headers, parsed in full
 * @member: id of the sender (egress) or the receiver (ingress)
 *
 * Context: RCU read side.
 * Return: the rules, valid until the RCU read side ends.
 */
static inline struct vnet_rule_verdict
vnet_rule_decide(const struct vnet_ruleset *rules, enum vnet_direction direction,
		 const struct vnet_key *key, u32 member)
{
	const struct vnet_match_set *enforced, *audit;
	struct vnet_rule_verdict verdict = {};
	u64 order = U64_MAX;

	if (!rules)
		return verdict;
	enforced = rules->set[vnet_lane(direction, false)];
	audit = rules->set[vnet_lane(direction, true)];
	if (enforced)
		verdict.rule = vnet_match_find_before(enforced, key, member, &order);
	if (unlikely(audit))
		verdict.audit = vnet_match_find_before(audit, key, member, &order);
	return verdict;
}

/**
 * vnet_rule_any - whether a direction has any rule
 * @rules: the rules, or NULL
 * @direction: which way the frame goes
 *
 * Context: RCU read side.
 * Return: true if the headers have to be parsed for vnet_rule_decide().
 */
static inline bool vnet_rule_any(const struct vnet_ruleset *rules,
				 enum vnet_direction direction)
{
	return rules && (rules->set[vnet_lane(direction, false)] ||
			 rules->set[vnet_lane(direction, true)]);
}

/**
 * vnet_rule_any_enforced - whether a direction has any rule that is not in audit
 * @rules: the rules, or NULL
 * @direction: which way the frame goes
 *
 * Context: RCU read side.
 * Return: true if frames that cannot be parsed must not pass.
 */
static inline bool vnet_rule_any_enforced(const struct vnet_ruleset *rules,
					  enum vnet_direction direction)
{
	return rules && rules->set[vnet_lane(direction, false)];
}

#endif /* VNET_RULE_H */
