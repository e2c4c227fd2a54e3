/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * One rule of the classifier, compiled to tests of a key's words.
 * Layer 0: it must not know how rules are found.
 */
#ifndef VNET_MATCH_RULE_H
#define VNET_MATCH_RULE_H

#include <linux/types.h>
#include "match.h"
#include "set.h"

/* The words of a key; the tests of a rule are in this order. */
enum vnet_match_word {
	WORD_HEAD,	/* ethertype, version, flags */
	WORD_PROTO,	/* TCP flags, ICMP code, ICMP type, protocol */
	WORD_STATE,	/* connection state */
	WORD_META,	/* tag priority, DSCP */
	WORD_MEMBER,
	WORD_SPORT,
	WORD_DPORT,
	WORD_MAC,	/* 12 bytes: destination, source */
	WORD_SADDR = WORD_MAC + 3,
	WORD_DADDR = WORD_SADDR + 4,
	WORD_TARGET = WORD_DADDR + 4,
	WORDS = WORD_TARGET + 4
};

/**
 * struct vnet_match_test - what is wanted of one word
 * @mask: bits that count
 * @low: smallest value of these bits
 * @span: how much more they may be
 * @word: enum vnet_match_word
 * @clause: behind the wanted tests: tests of one number must not all pass
 */
struct vnet_match_test {
	u32 mask;
	u32 low;
	u32 span;
	u16 word;
	u16 clause;
};

/**
 * struct vnet_match_in - a set that is asked when all tests have passed
 * @set: the set
 * @what: enum vnet_set_what
 * @inverted: the key must not be in it
 */
struct vnet_match_in {
	const struct vnet_set *set;
	u32 what;
	u32 inverted;
};

/**
 * struct vnet_match_rule - a compiled rule; immutable
 * @order: smaller decides first; no two rules of a set have the same
 * @owner: what vnet_match_find() answers
 * @in: the sets, behind @test in the same allocation
 * @wanted: tests that all have to pass, at most one for each word, sorted
 * @tests: all tests
 * @ins: length of @in
 * @bytes: size of this allocation
 * @rcu: readers may still hold it
 * @test: the tests
 */
struct vnet_match_rule {
	u64 order;
	void *owner;
	struct vnet_match_in *in;
	u8 wanted;
	u8 tests;
	u8 ins;
	u32 bytes;
	struct rcu_head rcu;
	struct vnet_match_test test[];
};

/**
 * struct vnet_match_path - what is known of all keys that come by some place
 * @known: bits of each word that the rules of this place want alike
 * @sport: those bits of the source port
 * @dport: those of the destination port
 * @depth: groups on the way
 */
struct vnet_match_path {
	u32 known[WORDS];
	u16 sport;
	u16 dport;
	u32 depth;
};

void vnet_match_lay_out(u32 *words, const struct vnet_key *key, u32 member);
const struct vnet_match_test *vnet_match_test_of(const struct vnet_match_rule *rule,
						 u32 word);
bool vnet_match_settled(const struct vnet_match_test *test,
			const struct vnet_match_path *path);
bool vnet_match_covers(const struct vnet_match_rule *a, const struct vnet_match_rule *b,
		       const struct vnet_match_path *path);

static inline bool vnet_match_test_passes(const struct vnet_match_test *test,
					  const u32 *words)
{
	return (words[test->word] & test->mask) - test->low <= test->span;
}

bool vnet_match_rest_passes(const struct vnet_match_rule *rule, const u32 *words,
			    const struct vnet_key *key);

/* Whether a rule matches a key that has been laid out. */
static inline bool vnet_match_passes(const struct vnet_match_rule *rule,
				     const u32 *words, const struct vnet_key *key)
{
	u32 i;

	for (i = 0; i < rule->wanted; i++)
		if (!vnet_match_test_passes(&rule->test[i], words))
			return false;
	return likely(rule->tests == rule->wanted && !rule->ins) ||
	       vnet_match_rest_passes(rule, words, key);
}

#endif /* VNET_MATCH_RULE_H */
