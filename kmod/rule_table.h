/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The rules of one network, as the files rule*.c share them. Nobody else includes it.
 * Layer 1.
 */
#ifndef VNET_RULE_TABLE_H
#define VNET_RULE_TABLE_H

#include <linux/string.h>
#include <linux/stringhash.h>
#include "rule.h"

#define GFP_RULES	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

/**
 * struct vnet_rule_moves - compiled rules that leave and enter one lane
 * @out: those that leave
 * @in: those that enter
 * @out_count: length of @out
 * @in_count: length of @in
 */
struct vnet_rule_moves {
	struct vnet_match_rule **out;
	struct vnet_match_rule **in;
	u32 out_count;
	u32 in_count;
};

/* Only changers come here, and the config mutex lets in one at a time. */
static inline struct vnet_match_set *vnet_rule_set_of(struct vnet_rule_table *table,
						      unsigned int lane)
{
	struct vnet_ruleset *active = rcu_dereference_protected(table->active, true);

	return active ? active->set[lane] : NULL;
}

/* A position has so many bits, the priority those above. */
#define VNET_RULE_POSITION_BITS	48

/* What the rules of both directions are ordered by. */
static inline u64 vnet_rule_order(u32 priority, u64 position)
{
	return (u64)priority << VNET_RULE_POSITION_BITS | position;
}

/* The rules that name a member are by its id; those that wait for it, by its name. */
static inline struct hlist_head *vnet_rule_bound(struct vnet_rule_table *table, u32 member)
{
	return &table->members[member % VNET_RULE_MEMBERS];
}

static inline struct hlist_head *vnet_rule_waiting(struct vnet_rule_table *table,
						   const char *ifname, u32 tag)
{
	u32 hash = full_name_hash(NULL, ifname, strlen(ifname)) ^ tag;

	return &table->members[hash % VNET_RULE_MEMBERS];
}

static inline bool vnet_rule_has_member(const struct vnet_rule *rule)
{
	return rule->spec.match.fields & VNET_MATCH_MEMBER;
}

static inline bool vnet_rule_waits(const struct vnet_rule *rule)
{
	return vnet_rule_has_member(rule) &&
	       rule->spec.match.member == VNET_RULE_NO_MEMBER;
}

struct vnet_rule *vnet_rule_create(const struct vnet_rule_spec *spec, u64 id);
void vnet_rule_free(struct vnet_rule *rule);
int vnet_rule_compile(struct vnet_rule *rule, u64 position,
		      struct vnet_match_rule **match);
void vnet_rule_retire_match(struct vnet_match_rule *match);
bool vnet_rule_same_spec(const struct vnet_rule_spec *a, const struct vnet_rule_spec *b);

struct vnet_rule *vnet_rule_make(const struct vnet_rule_spec *spec, u64 id, u64 position);
void vnet_rule_start_time(struct vnet_rule *rule);
void vnet_rule_link_expiry(struct vnet_rule_table *table, struct vnet_rule *rule);
void vnet_rule_unlink_expiry(struct vnet_rule_table *table, struct vnet_rule *rule);
bool vnet_rule_renew(struct vnet_rule_table *table, struct vnet_rule *rule);

void vnet_rule_link(struct vnet_rule_table *table, struct vnet_rule *rule);
void vnet_rule_unlink(struct vnet_rule_table *table, struct vnet_rule *rule);
void vnet_rule_retire(struct vnet_rule *rule);
void vnet_rule_link_member(struct vnet_rule_table *table, struct vnet_rule *rule);

void vnet_rule_hold_sets(const struct vnet_rule *rule);
void vnet_rule_release_sets(const struct vnet_rule *rule);
void vnet_rule_use_sets(const struct vnet_rule *rule);
void vnet_rule_unuse_sets(const struct vnet_rule *rule);

void vnet_rule_use_class(const struct vnet_rule *rule);
void vnet_rule_unuse_class(const struct vnet_rule *rule);

int vnet_rule_publish(struct vnet_rule_table *table, struct vnet_match_edit *edits,
		      unsigned int lanes);
int vnet_rule_move(struct vnet_rule_table *table, const struct vnet_rule_moves *moves);

#endif /* VNET_RULE_TABLE_H */
