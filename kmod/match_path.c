// SPDX-License-Identifier: GPL-2.0-only
/*
 * The way that a rule takes through the tables of the classifier.
 * Layer 0: it must not know what becomes of it there.
 */

#include "match_build.h"

#include <linux/kernel.h>
#include <linux/string.h>

/**
 * vnet_match_lead - what the keys look like that lead to a rule
 * @words: room for WORDS of them
 * @rule: the rule
 * @shape: the table that they are led by
 * @port: if that is a cut, first port of the part
 *
 * Context: any.
 */
void vnet_match_lead(u32 *words, const struct vnet_match_rule *rule,
		     const struct vnet_match_shape *shape, u32 port)
{
	u32 i;

	memset(words, 0, WORDS * sizeof(*words));
	for (i = 0; i < rule->wanted; i++)
		words[rule->test[i].word] = rule->test[i].low;
	if (shape->cut != VNET_MATCH_NO_CUT)
		words[shape->cut] = port;
}

/**
 * vnet_match_step - the place behind a table
 * @next: set to that place
 * @path: place of the table
 * @shape: what the table looks at
 * @words: keys that are led by it
 *
 * Context: any.
 */
void vnet_match_step(struct vnet_match_path *next, const struct vnet_match_path *path,
		     const struct vnet_match_shape *shape, const u32 *words)
{
	u32 i, word;

	*next = *path;
	next->depth++;
	for (i = 0; i < shape->parts; i++) {
		word = shape->part[i].word;
		next->known[word] |= shape->part[i].mask;
		if (word == WORD_SPORT)
			next->sport = words[word] & next->known[word];
		if (word == WORD_DPORT)
			next->dport = words[word] & next->known[word];
	}
}

/**
 * vnet_match_ports_of - the parts of a table that a rule has to be in
 * @shape: what the table looks at
 * @rule: a rule that it takes
 * @path: place of the table
 *
 * Context: any.
 * Return: the first part; vnet_match_next_part() moves on.
 */
struct vnet_match_ports vnet_match_ports_of(const struct vnet_match_shape *shape,
					    const struct vnet_match_rule *rule,
					    const struct vnet_match_path *path)
{
	const struct vnet_match_test *test;
	u32 mask, first, last, block;

	if (shape->cut == VNET_MATCH_NO_CUT)
		return (struct vnet_match_ports){};
	test = vnet_match_test_of(rule, shape->cut);
	mask = shape->part[0].mask;
	block = shape->cut == WORD_SPORT ? path->sport : path->dport;
	first = max(test->low, block);
	last = min(test->low + test->span, block | (0xffff & ~path->known[shape->cut]));
	return (struct vnet_match_ports){ first & mask, last & mask, (0xffff & ~mask) + 1 };
}

/**
 * vnet_match_next_part - move on to the next part
 * @ports: the parts
 *
 * Context: any.
 * Return: false when there is none.
 */
bool vnet_match_next_part(struct vnet_match_ports *ports)
{
	ports->next += ports->size;
	return ports->size && ports->next <= ports->last;
}

/**
 * vnet_match_same_value - whether two rules want the same of what a table looks at
 * @shape: what it looks at
 * @a: a rule that it takes
 * @b: another one, with the same hash
 *
 * Context: any.
 * Return: true if so.
 */
bool vnet_match_same_value(const struct vnet_match_shape *shape,
			   const struct vnet_match_rule *a, const struct vnet_match_rule *b)
{
	u32 p[WORDS], q[WORDS], i;

	/* One word has no two values of one hash. */
	if (shape->parts == 1)
		return true;
	vnet_match_lead(p, a, shape, 0);
	vnet_match_lead(q, b, shape, 0);
	for (i = 0; i < shape->parts; i++)
		if ((p[shape->part[i].word] ^ q[shape->part[i].word]) & shape->part[i].mask)
			return false;
	return true;
}
