// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which table to make for rules that are too many to stand side by side.
 * Layer 0: it must not know how tables are filled or looked up.
 *
 * A table is worth its probe if it takes many rules and spreads them well. So a
 * choice of bits is worth the number of rules that it takes, where of those that
 * it leaves together only the first few count. Fields are added to the choice one
 * by one as long as that number grows: a prefix that is longer tells more rules
 * from each other, but takes fewer. What is left for another table, and groups
 * that are still too large, are split in turn.
 *
 * Where bits do not help, because the rules want ranges of ports, a table cuts the
 * ports of the place into 16 equal parts, and each of the parts that a range has a
 * share of gets the rule. Ranges that take the whole place stay outside.
 */

#include "match_split.h"

#include <asm/byteorder.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/* Rules of one value that count as spread well. */
#define TOGETHER	8
/* A table for fewer than these would cost more than to look at them. */
#define WORTH_IT	12
/* Rules that are looked at, of many. */
#define SAMPLE		1024
/* Fields in one choice. */
#define ROUNDS		6
/* Seen rules among which ranges are looked for. */
#define RANGES		32

/* Bits that may be chosen together: the first @len of the bytes of @words words. */
struct dimension {
	u8 word;
	u8 offset;
	u8 len;
	u32 mask;
};

#define BITS(word, mask)	{ word, 0, 0, mask }
#define PREFIX(word, len)	{ word, 0, len, 0 }
#define PREFIXES(word)							\
	PREFIX(word, 8), PREFIX(word, 12), PREFIX(word, 16),		\
	PREFIX(word, 20), PREFIX(word, 24), PREFIX(word, 28),		\
	PREFIX(word, 32), PREFIX(word, 40), PREFIX(word, 48),		\
	PREFIX(word, 56), PREFIX(word, 64), PREFIX(word, 80),		\
	PREFIX(word, 96), PREFIX(word, 112), PREFIX(word, 128)

/* Of those that are equally good the first one is taken. */
static const struct dimension dimensions[] = {
	BITS(WORD_MEMBER, 0xffffffff),
	PREFIXES(WORD_DADDR),
	PREFIXES(WORD_SADDR),
	BITS(WORD_DPORT, 0xffff),
	BITS(WORD_SPORT, 0xffff),
	BITS(WORD_PROTO, 0x000000ff),
	BITS(WORD_PROTO, 0x0000ffff),
	BITS(WORD_PROTO, 0x00ffffff),
	BITS(WORD_HEAD, 0x0000f000),
	BITS(WORD_HEAD, 0xffff0000),
	PREFIX(WORD_TARGET, 64),
	PREFIX(WORD_TARGET, 128),
	PREFIX(WORD_MAC, 24),
	PREFIX(WORD_MAC, 48),
	{ WORD_MAC, 6, 24, 0 },
	{ WORD_MAC, 6, 48, 0 },
	BITS(WORD_META, 0x00ff),
	BITS(WORD_META, 0xff00),
};

/**
 * struct sample - a rule that is looked at
 * @mask: bits that it wants to have one value
 * @low: the value
 * @hash: of the bits chosen so far
 */
struct sample {
	u32 mask[WORDS];
	u32 low[WORDS];
	u64 hash;
};

/**
 * struct choice - a search for the best bits
 * @mask: the bits chosen so far
 * @count: samples that have them
 * @worth: how good they are
 * @slots: size of @tag and @many, a power of two
 * @tag: hash of the value that is counted here, 0 = none
 * @many: how often
 * @sample: those that have the bits
 */
struct choice {
	u32 mask[WORDS];
	u32 count;
	u32 worth;
	u32 slots;
	u64 *tag;
	u8 *many;
	struct sample sample[];
};

/* The mask that a dimension has for a word; the bytes are as on the wire. */
static u32 mask_of(const struct dimension *d, u32 word)
{
	u32 mask = 0, i, bit;

	if (!d->len)
		return word == d->word ? d->mask : 0;
	for (i = 0; i < 4; i++) {
		bit = ((word - d->word) * 4 + i - d->offset) * 8;
		if (word < d->word || (word - d->word) * 4 + i < d->offset || bit >= d->len)
			continue;
		((u8 *)&mask)[i] = d->len - bit >= 8 ? 0xff : 0xff << (8 - (d->len - bit));
	}
	return mask;
}

static u32 words_of(const struct dimension *d)
{
	return d->len ? (d->offset * 8 + d->len + 31) / 32 : 1;
}

/* Sets out what a rule wants; a range wants no bits. */
static void take_sample(struct sample *s, const struct vnet_match_rule *rule,
			const struct vnet_match_path *path, u64 seed)
{
	const struct vnet_match_test *test;
	u32 i;

	memset(s, 0, sizeof(*s));
	s->hash = seed;
	for (i = 0; i < rule->wanted; i++) {
		test = &rule->test[i];
		if (test->span)
			continue;
		s->mask[test->word] = test->mask;
		s->low[test->word] = test->low;
	}
}

static struct choice *make_choice(const struct vnet_match_rule *const *rules, u32 count,
				  const struct vnet_match_path *path, u64 seed)
{
	u32 samples = min_t(u32, count, SAMPLE), slots = 2 * SAMPLE, i;
	struct choice *c;
	size_t bytes;

	while (slots / 4 > samples)
		slots /= 2;
	bytes = struct_size(c, sample, samples);
	c = kvmalloc(bytes + slots * (sizeof(*c->tag) + sizeof(*c->many)),
		     GFP_KERNEL | __GFP_NOWARN);
	if (!c)
		return NULL;
	memset(c->mask, 0, sizeof(c->mask));
	c->count = samples;
	c->worth = 0;
	c->slots = slots;
	c->tag = (u64 *)((char *)c + bytes);
	c->many = (u8 *)(c->tag + slots);
	for (i = 0; i < samples; i++)
		take_sample(&c->sample[i], rules[(u64)i * count / samples], path, seed);
	return c;
}

/* Counts a value; returns whether it does not have too much company yet. */
static bool count_value(struct choice *c, u64 hash)
{
	u32 i = hash >> 32 & (c->slots - 1);

	hash |= 1;
	while (c->tag[i] && c->tag[i] != hash)
		i = (i + 1) & (c->slots - 1);
	if (!c->tag[i]) {
		c->tag[i] = hash;
		c->many[i] = 0;
	}
	if (c->many[i] == TOGETHER)
		return false;
	c->many[i]++;
	return true;
}

/* The hash of a sample with the bits of one more dimension; false = it lacks them. */
static bool hash_with(const struct dimension *d, const u32 *masks, const struct sample *s,
		      u64 *hash)
{
	u32 i, n = words_of(d);

	*hash = s->hash;
	for (i = 0; i < n; i++) {
		if (masks[i] & ~s->mask[d->word + i])
			return false;
		*hash = vnet_match_mix(*hash, s->low[d->word + i] & masks[i]);
	}
	return true;
}

/* How good the choice would be with one more dimension. */
static u32 worth_with(struct choice *c, const struct dimension *d)
{
	u32 masks[WORDS], i, worth = 0;
	bool fresh = false;
	u64 hash;

	for (i = 0; i < words_of(d); i++) {
		masks[i] = mask_of(d, d->word + i);
		fresh |= masks[i] & ~c->mask[d->word + i];
	}
	if (!fresh)
		return 0;
	memset(c->tag, 0, c->slots * sizeof(*c->tag));
	for (i = 0; i < c->count; i++)
		if (hash_with(d, masks, &c->sample[i], &hash))
			worth += count_value(c, hash);
	return worth;
}

/* Takes a dimension; samples that lack it are out. */
static void take(struct choice *c, const struct dimension *d, u32 worth)
{
	u32 masks[WORDS], i, kept = 0;
	u64 hash;

	for (i = 0; i < words_of(d); i++) {
		masks[i] = mask_of(d, d->word + i);
		c->mask[d->word + i] |= masks[i];
	}
	for (i = 0; i < c->count; i++) {
		if (!hash_with(d, masks, &c->sample[i], &hash))
			continue;
		if (kept != i)
			c->sample[kept] = c->sample[i];
		c->sample[kept++].hash = hash;
	}
	c->count = kept;
	c->worth = worth;
}

/* Adds the best dimension; false if none makes it better. */
static bool improve(struct choice *c)
{
	u32 i, worth, best = 0, best_worth = c->worth;

	for (i = 0; i < ARRAY_SIZE(dimensions); i++) {
		worth = worth_with(c, &dimensions[i]);
		if (worth > best_worth) {
			best_worth = worth;
			best = i;
		}
	}
	if (best_worth == c->worth)
		return false;
	take(c, &dimensions[best], best_worth);
	return true;
}

static void write_shape(const struct choice *c, struct vnet_match_shape *shape)
{
	u32 word;

	shape->cut = VNET_MATCH_NO_CUT;
	shape->parts = 0;
	for (word = 0; word < WORDS; word++) {
		if (!c->mask[word])
			continue;
		shape->part[shape->parts].word = word;
		shape->part[shape->parts].mask = c->mask[word];
		shape->parts++;
	}
}

/*
 * Cuts
 */

/* Puts the rules that no earlier one covers into @seen; stops at @limit of them. */
static u32 find_seen(const struct vnet_match_rule *const *rules, u32 count,
		     const struct vnet_match_path *path, u32 limit,
		     const struct vnet_match_rule **seen)
{
	u32 i, j, n = 0;

	for (i = 0; i < count && n < limit; i++) {
		for (j = 0; j < n; j++)
			if (vnet_match_covers(seen[j], rules[i], path))
				break;
		if (j == n)
			seen[n++] = rules[i];
	}
	return n;
}

static bool may_be_cut(const struct vnet_match_rule *rule, u32 word,
		       const struct vnet_match_path *path)
{
	const struct vnet_match_test *test = vnet_match_test_of(rule, word);

	return test && !vnet_match_settled(test, path);
}

/* Notes where the ports that a rule wants begin or end, if it is not there yet. */
static u32 add_edge(u32 *edges, u32 count, u32 port)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (edges[i] == port)
			return count;
	edges[count] = port;
	return count + 1;
}

/*
 * How many different edges the ports of rules have. If they are few, the rules want
 * the same ports or all of them, and a cut would only copy them.
 */
static u32 count_edges(const struct vnet_match_rule *const *seen, u32 count, u32 word,
		       const struct vnet_match_path *path)
{
	const struct vnet_match_test *test;
	u32 edges[2 * RANGES], edge_count = 0, i;

	for (i = 0; i < count; i++) {
		if (!may_be_cut(seen[i], word, path))
			continue;
		test = vnet_match_test_of(seen[i], word);
		edge_count = add_edge(edges, edge_count, test->low);
		edge_count = add_edge(edges, edge_count, test->low + test->span + 1);
	}
	return edge_count;
}

static u32 choose_cut(const struct vnet_match_rule *const *rules, u32 count,
		      const struct vnet_match_path *path,
		      struct vnet_match_shape *shape)
{
	static const u8 words[] = { WORD_DPORT, WORD_SPORT };
	const struct vnet_match_rule *seen[RANGES];
	u32 best = 0, i, n, edges, known;

	n = find_seen(rules, count, path, RANGES, seen);
	for (i = 0; i < ARRAY_SIZE(words); i++) {
		edges = count_edges(seen, n, words[i], path);
		if (edges <= best)
			continue;
		best = edges;
		known = path->known[words[i]];
		shape->cut = words[i];
		shape->parts = 1;
		shape->part[0].word = words[i];
		shape->part[0].mask = known | (0xf000 >> hweight32(known));
	}
	return best;
}

/**
 * vnet_match_count_seen - how many rules of a place a lookup has to look at
 * @rules: the rules, in order
 * @count: their number
 * @path: the place
 * @limit: so many are enough, at most VNET_MATCH_LEAF + 1
 *
 * Context: any.
 * Return: their number, or @limit.
 */
u32 vnet_match_count_seen(const struct vnet_match_rule *const *rules, u32 count,
			  const struct vnet_match_path *path, u32 limit)
{
	const struct vnet_match_rule *seen[VNET_MATCH_LEAF + 1];

	return find_seen(rules, count, path, min_t(u32, limit, ARRAY_SIZE(seen)), seen);
}

/**
 * vnet_match_choose - choose a table for rules that are too many
 * @rules: the rules, in order
 * @count: their number
 * @path: their place
 * @seed: of the hashes
 * @shape: the table, without groups
 *
 * Context: process context, may sleep.
 * Return: 1; 0 if no table would help, -ENOMEM.
 */
int vnet_match_choose(const struct vnet_match_rule *const *rules, u32 count,
		      const struct vnet_match_path *path, u64 seed,
		      struct vnet_match_shape *shape)
{
	struct choice *c = make_choice(rules, count, path, seed);
	u32 round, worth;

	if (!c)
		return -ENOMEM;
	memset(shape, 0, sizeof(*shape));
	for (round = 0; round < ROUNDS && improve(c); round++)
		;
	worth = c->worth;
	write_shape(c, shape);
	kvfree(c);
	if (worth < WORTH_IT)
		worth = choose_cut(rules, count, path, shape);
	return worth >= WORTH_IT;
}

/**
 * vnet_match_takes - whether a rule can be in a table
 * @shape: what the table looks at
 * @rule: the rule
 * @path: the place of the table
 *
 * Context: any.
 * Return: true if it can.
 */
bool vnet_match_takes(const struct vnet_match_shape *shape,
		      const struct vnet_match_rule *rule,
		      const struct vnet_match_path *path)
{
	const struct vnet_match_test *test;
	u32 i;

	if (shape->cut != VNET_MATCH_NO_CUT)
		return may_be_cut(rule, shape->cut, path);
	for (i = 0; i < shape->parts; i++) {
		test = vnet_match_test_of(rule, shape->part[i].word);
		if (!test || test->span || shape->part[i].mask & ~test->mask)
			return false;
	}
	return true;
}
