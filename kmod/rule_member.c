// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that name a member: what becomes of them when it comes, goes or is renamed.
 * Layer 1: it must not know members, only their ids and names.
 */

#include "rule.h"

#include <linux/slab.h>
#include <linux/string.h>
#include "rule_table.h"

static bool waits_for(const struct vnet_rule *rule, const char *ifname, u32 tag)
{
	return vnet_rule_waits(rule) && rule->spec.tag == tag &&
	       !strcmp(rule->spec.ifname, ifname);
}

static void give(struct vnet_rule_table *table, struct vnet_rule *rule, u32 member)
{
	hlist_del_init(&rule->same_member);
	rule->spec.match.member = member;
	vnet_rule_link_member(table, rule);
}

/**
 * struct arrival - the rules that get a member
 * @rule: the rules
 * @fresh: each compiled with the member's id
 * @count: their number
 * @moves: what that means for the classifiers
 */
struct arrival {
	struct vnet_rule **rule;
	struct vnet_match_rule **fresh;
	u32 count;
	struct vnet_rule_moves moves[VNET_LANES];
};

static void free_arrival(struct arrival *a, bool failed)
{
	unsigned int lane;
	u32 i;

	for (i = 0; failed && a->fresh && i < a->count; i++)
		vnet_match_rule_free(a->fresh[i]);
	for (lane = 0; lane < VNET_LANES; lane++) {
		kvfree(a->moves[lane].out);
		kvfree(a->moves[lane].in);
	}
	kvfree(a->fresh);
	kvfree(a->rule);
}

static int alloc_arrival(struct arrival *a, u32 count)
{
	unsigned int lane;
	bool failed;

	a->rule = kvcalloc(count, sizeof(*a->rule), GFP_RULES);
	a->fresh = kvcalloc(count, sizeof(*a->fresh), GFP_RULES);
	failed = !a->rule || !a->fresh;
	for (lane = 0; lane < VNET_LANES; lane++) {
		a->moves[lane].out = kvcalloc(count, sizeof(*a->moves[lane].out), GFP_RULES);
		a->moves[lane].in = kvcalloc(count, sizeof(*a->moves[lane].in), GFP_RULES);
		failed |= !a->moves[lane].out || !a->moves[lane].in;
	}
	return failed ? -ENOMEM : 0;
}

/* Compiles a rule with the id that it shall get. */
static int prepare(struct arrival *a, struct vnet_rule *rule, u32 member)
{
	struct vnet_rule_moves *moves = &a->moves[vnet_rule_lane(rule)];
	struct vnet_match_rule *fresh;
	int err;

	rule->spec.match.member = member;
	err = vnet_rule_compile(rule, rule->position, &fresh);
	rule->spec.match.member = VNET_RULE_NO_MEMBER;
	if (err)
		return err;
	a->rule[a->count] = rule;
	a->fresh[a->count++] = fresh;
	moves->in[moves->in_count++] = fresh;
	if (rule->match)
		moves->out[moves->out_count++] = rule->match;
	return 0;
}

static int prepare_all(struct vnet_rule_table *table, struct arrival *a,
		       const char *ifname, u32 tag, u32 member)
{
	struct vnet_rule *rule;
	int err;

	hlist_for_each_entry(rule, vnet_rule_waiting(table, ifname, tag), same_member) {
		if (!waits_for(rule, ifname, tag))
			continue;
		err = prepare(a, rule, member);
		if (err)
			return err;
	}
	return vnet_rule_move(table, a->moves);
}

/**
 * vnet_rule_bind - a member has come: give its id to the rules that name it
 * @table: rules of the network
 * @ifname: interface of its port
 * @tag: its tag
 * @member: its id
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOMEM, -E2BIG if lookups would become too slow, and nothing has
 * changed.
 */
int vnet_rule_bind(struct vnet_rule_table *table, const char *ifname, u32 tag,
		   u32 member)
{
	struct arrival a = {};
	struct vnet_rule *rule;
	u32 count = 0, i;
	int err;

	hlist_for_each_entry(rule, vnet_rule_waiting(table, ifname, tag), same_member)
		count += waits_for(rule, ifname, tag);
	if (!count)
		return 0;
	err = alloc_arrival(&a, count);
	if (!err)
		err = prepare_all(table, &a, ifname, tag, member);
	for (i = 0; !err && i < a.count; i++) {
		vnet_rule_retire_match(a.rule[i]->match);
		a.rule[i]->match = a.fresh[i];
		give(table, a.rule[i], member);
	}
	free_arrival(&a, err);
	return err;
}

/**
 * vnet_rule_unbind - a member is gone: its rules wait for the next of its name
 * @table: rules of the network
 * @member: its id
 *
 * The classifiers keep the id, which never occurs again. So this costs no memory
 * and cannot fail.
 *
 * Context: config mutex.
 */
void vnet_rule_unbind(struct vnet_rule_table *table, u32 member)
{
	struct hlist_head *head = vnet_rule_bound(table, member);
	struct hlist_node *next;
	struct vnet_rule *rule;

	hlist_for_each_entry_safe(rule, next, head, same_member)
		if (rule->spec.match.member == member)
			give(table, rule, VNET_RULE_NO_MEMBER);
}

/**
 * vnet_rule_rename - the interface of a member has a new name
 * @table: rules of the network
 * @member: id of the member
 * @ifname: the name
 *
 * Context: config mutex.
 */
void vnet_rule_rename(struct vnet_rule_table *table, u32 member,
		      const char *ifname)
{
	struct hlist_head *head = vnet_rule_bound(table, member);
	struct vnet_rule *rule;

	hlist_for_each_entry(rule, head, same_member)
		if (rule->spec.match.member == member)
			strscpy(rule->spec.ifname, ifname, sizeof(rule->spec.ifname));
}
