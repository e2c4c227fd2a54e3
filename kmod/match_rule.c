// SPDX-License-Identifier: GPL-2.0-only
/*
 * One rule of the classifier: whether it matches, and what it has to do with
 * another one.
 * Layer 0: it must not know how rules are made or found.
 */

#include "match_rule.h"

#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * vnet_match_rule_free - free a rule that nobody reads
 * @rule: the rule, or NULL
 *
 * Context: any.
 */
void vnet_match_rule_free(struct vnet_match_rule *rule)
{
	kfree(rule);
}

/**
 * vnet_match_rule_free_rcu - free a rule when its readers are done
 * @rcu: what vnet_match_rule_rcu() gave for it
 *
 * Context: RCU callback.
 */
void vnet_match_rule_free_rcu(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct vnet_match_rule, rcu));
}

/**
 * vnet_match_rule_rcu - what to hand to call_rcu() with vnet_match_rule_free_rcu()
 * @rule: the rule
 *
 * Context: any.
 * Return: its RCU head.
 */
struct rcu_head *vnet_match_rule_rcu(struct vnet_match_rule *rule)
{
	return &rule->rcu;
}

/*
 * Matching
 */

/**
 * vnet_match_rest_passes - the clauses and sets of a rule whose tests have passed
 * @rule: the rule
 * @words: the key, laid out
 * @key: the key
 *
 * Context: any; the caller keeps @rule and its sets alive.
 * Return: true if none of the clauses holds and all sets agree.
 */
bool vnet_match_rest_passes(const struct vnet_match_rule *rule, const u32 *words,
			    const struct vnet_key *key)
{
	u32 i = rule->wanted;
	u16 clause;
	bool all;

	while (i < rule->tests) {
		clause = rule->test[i].clause;
		for (all = true; i < rule->tests && rule->test[i].clause == clause; i++)
			all = all && vnet_match_test_passes(&rule->test[i], words);
		if (all)
			return false;
	}
	for (i = 0; i < rule->ins; i++)
		if (vnet_set_has(rule->in[i].set, key, words[WORD_MEMBER],
				 rule->in[i].what) == rule->in[i].inverted)
			return false;
	return true;
}

/**
 * vnet_match_rule_passes - whether one rule matches a key
 * @rule: the rule
 * @key: the frame's headers
 * @member: id of the sender (egress) or the receiver (ingress)
 *
 * Context: any; the caller keeps @rule and its sets alive.
 * Return: true if it does.
 */
bool vnet_match_rule_passes(const struct vnet_match_rule *rule,
			    const struct vnet_key *key, u32 member)
{
	u32 words[WORDS];

	vnet_match_lay_out(words, key, member);
	return vnet_match_passes(rule, words, key);
}

/*
 * Comparing rules
 */

/**
 * vnet_match_test_of - the test that a rule has for a word
 * @rule: the rule
 * @word: enum vnet_match_word
 *
 * Context: any.
 * Return: the wanted test, or NULL if there is none.
 */
const struct vnet_match_test *vnet_match_test_of(const struct vnet_match_rule *rule,
						 u32 word)
{
	u32 i;

	for (i = 0; i < rule->wanted && rule->test[i].word <= word; i++)
		if (rule->test[i].word == word)
			return &rule->test[i];
	return NULL;
}

struct port_range {
	u32 first;
	u32 last;
};

static bool is_port(u32 word)
{
	return word == WORD_SPORT || word == WORD_DPORT;
}

/* The ports that keys of a place may have: the known bits are the upper ones. */
static struct port_range ports_of(const struct vnet_match_path *path, u32 word)
{
	u32 first = word == WORD_SPORT ? path->sport : path->dport;

	return (struct port_range){ first, first | (0xffff & ~path->known[word]) };
}

/* What of them a test wants; rules of a place want some of them. */
static struct port_range clip(const struct vnet_match_test *test,
			      const struct port_range *all)
{
	return (struct port_range){ max(test->low, all->first),
				    min(test->low + test->span, all->last) };
}

/**
 * vnet_match_settled - whether all keys that come by a place pass a test
 * @test: one of the wanted tests of a rule of that place
 * @path: the place
 *
 * Context: any.
 * Return: true if so; false says nothing.
 */
bool vnet_match_settled(const struct vnet_match_test *test,
			const struct vnet_match_path *path)
{
	struct port_range all, want;

	if (!test->span)
		return !(test->mask & ~path->known[test->word]);
	if (!is_port(test->word))
		return false;
	all = ports_of(path, test->word);
	want = clip(test, &all);
	return want.first == all.first && want.last == all.last;
}

/* Whether what @b wants of a word is part of what @a wants of it. */
static bool includes(const struct vnet_match_test *a, const struct vnet_match_test *b,
		     const struct vnet_match_path *path)
{
	u32 open = a->mask & ~path->known[a->word];
	struct port_range all, p, q;

	if (!b)
		return false;
	if (!a->span && !b->span)
		return !(open & ~b->mask) && !((a->low ^ b->low) & open);
	if (!is_port(a->word))
		return a->mask == b->mask && a->low == b->low && a->span == b->span;
	all = ports_of(path, a->word);
	p = clip(a, &all);
	q = clip(b, &all);
	return p.first <= q.first && q.last <= p.last;
}

static bool same_rest(const struct vnet_match_rule *a, const struct vnet_match_rule *b)
{
	u32 count = a->tests - a->wanted;

	return count == b->tests - b->wanted && a->ins == b->ins &&
	       !memcmp(&a->test[a->wanted], &b->test[b->wanted],
		       count * sizeof(a->test[0])) &&
	       !memcmp(a->in, b->in, a->ins * sizeof(a->in[0]));
}

/**
 * vnet_match_covers - whether a rule takes all keys that another could match
 * @a: a rule of some place
 * @b: another one of the same place
 * @path: the place
 *
 * Context: any.
 * Return: true if all keys that come by there and match @b match @a; false says
 * nothing.
 */
bool vnet_match_covers(const struct vnet_match_rule *a, const struct vnet_match_rule *b,
		       const struct vnet_match_path *path)
{
	u32 i;

	for (i = 0; i < a->wanted; i++)
		if (!vnet_match_settled(&a->test[i], path) &&
		    !includes(&a->test[i], vnet_match_test_of(b, a->test[i].word), path))
			return false;
	return (a->tests == a->wanted && !a->ins) || same_rest(a, b);
}
