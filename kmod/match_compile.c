// SPDX-License-Identifier: GPL-2.0-only
/*
 * From what a rule wants, field by field, to tests of a key's words.
 * Layer 0: it must not know how rules are matched, found or compared.
 */

#include "match_rule.h"

#include <asm/byteorder.h>
#include <linux/build_bug.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * DOC: Compiled rules
 *
 * A key is laid out as twenty-two 32-bit words, see enum vnet_match_word. A rule
 * becomes a short run of tests, each of which looks at one word:
 *
 *	(word & mask) - low <= span		(unsigned)
 *
 * With a span of zero this asks for equality under a mask, which is what flags,
 * MACs and prefixes need; with a larger one it asks for a range, which is what
 * ports need, or for any bit of the mask, which is what states need. That a
 * field must be there at all is no case of its own: the key's VNET_KEY_* flags
 * are part of the first word, so they are tested together with the ethertype and
 * the IP version. Fields that share a word share the test.
 *
 * As an example, "TCP from 10.1.0.0/16 to the ports 80 to 88" is these four:
 *
 *	word		mask		low		span
 *	HEAD		0000f007	00004007	0	IP version 4, with
 *							protocol and ports
 *	PROTO		000000ff	00000006	0	TCP
 *	DPORT		0000ffff	00000050	8	80 to 88
 *	SADDR + 0	ff ff 00 00	0a 01 00 00	0	10.1.0.0/16, bytes
 *							as on the wire
 *
 * A field that is inverted adds what it needs to the first word as usual, but its
 * own tests form a clause behind the wanted ones, and the rule fails when all
 * tests of a clause pass. Sets are asked last.
 */

#define MAC_LEN	6

/**
 * struct pattern - what a rule wants of each word
 * @mask: bits that count, 0 = the word does not matter
 * @low: smallest value of these bits
 * @span: how much more they may be
 */
struct pattern {
	u32 mask[WORDS];
	u32 low[WORDS];
	u32 span[WORDS];
};

static u32 head_word(u16 ethertype, u8 version, u16 flags)
{
	return (u32)ethertype << 16 | version << VNET_KEY_FLAG_BITS | flags;
}

static u32 proto_word(u8 tcp_flags, u8 code, u8 type, u8 proto)
{
	return (u32)tcp_flags << 24 | code << 16 | type << 8 | proto;
}

static u32 meta_word(u8 pcp, u8 dscp)
{
	return pcp << 8 | dscp;
}

/**
 * vnet_match_lay_out - write down a key as words
 * @words: room for WORDS of them
 * @key: the frame's headers
 * @member: id of the sender (egress) or the receiver (ingress)
 *
 * Context: any.
 */
void vnet_match_lay_out(u32 *words, const struct vnet_key *key, u32 member)
{
	u8 *macs = (u8 *)&words[WORD_MAC];

	words[WORD_HEAD] = head_word(be16_to_cpu(key->ethertype), key->version,
				     key->flags);
	words[WORD_PROTO] = proto_word(key->tcp_flags, key->icmp_code, key->icmp_type,
				       key->proto);
	words[WORD_STATE] = key->state;
	words[WORD_META] = meta_word(key->pcp, key->dscp);
	words[WORD_MEMBER] = member;
	words[WORD_SPORT] = be16_to_cpu(key->sport);
	words[WORD_DPORT] = be16_to_cpu(key->dport);
	memcpy(macs, key->dst, MAC_LEN);
	memcpy(macs + MAC_LEN, key->src, MAC_LEN);
	memcpy(&words[WORD_SADDR], &key->saddr, sizeof(key->saddr));
	memcpy(&words[WORD_DADDR], &key->daddr, sizeof(key->daddr));
	memcpy(&words[WORD_TARGET], &key->target, sizeof(key->target));
}

/*
 * From fields to patterns. @must is what the frame has to have; @p is what is
 * wanted of the field, which is the same pattern or, for an inverted field, one of
 * its own.
 */

static void want(struct pattern *p, u32 word, u32 mask, u32 low, u32 span)
{
	p->mask[word] |= mask;
	p->low[word] |= low & mask;
	p->span[word] = span;
}

/* The bytes of MACs and addresses keep their order, whatever that of the CPU. */
static void want_byte(struct pattern *p, u32 word, unsigned int i, u8 mask, u8 value)
{
	((u8 *)&p->mask[word])[i] = mask;
	((u8 *)&p->low[word])[i] = value & mask;
}

static void want_mac(struct pattern *p, unsigned int offset, const u8 *mac,
		     const u8 *mask)
{
	unsigned int i;

	for (i = 0; i < MAC_LEN; i++)
		want_byte(p, WORD_MAC, offset + i, mask[i], mac[i]);
}

/* The part of byte @i of an address that its first @len bits cover. */
static u8 prefix_mask(unsigned int len, unsigned int i)
{
	if (len >= 8 * i + 8)
		return 0xff;
	return len > 8 * i ? 0xff << (8 * i + 8 - len) : 0;
}

static void want_prefix(struct pattern *p, u32 word, u8 version,
			const union vnet_addr *addr, u8 len)
{
	unsigned int size = version == 6 ? sizeof(addr->v6) : sizeof(addr->v4);
	unsigned int i;

	for (i = 0; i < size; i++)
		want_byte(p, word, i, prefix_mask(len, i), addr->bytes[i]);
}

static void want_flags(struct pattern *p, u16 flags)
{
	want(p, WORD_HEAD, flags, flags, 0);
}

static void want_version(struct pattern *must, u8 version)
{
	want(must, WORD_HEAD, head_word(0, 0xf, VNET_KEY_IP),
	     head_word(0, version, VNET_KEY_IP), 0);
}

static void want_port(struct pattern *p, u32 word, u16 min, u16 max)
{
	want(p, word, 0xffff, min, max - min);
}

static void want_proto_word(struct pattern *p, u32 mask, u32 value)
{
	want(p, WORD_PROTO, mask, value, 0);
}

static void want_fragment(struct pattern *p, u8 fragment)
{
	u16 mask = fragment == VNET_FRAGMENT_FIRST ? VNET_KEY_FRAGMENT | VNET_KEY_LATER :
		   fragment == VNET_FRAGMENT_LATER ? VNET_KEY_LATER : VNET_KEY_FRAGMENT;
	u16 value = fragment == VNET_FRAGMENT_NONE ? 0 :
		    fragment == VNET_FRAGMENT_LATER ? VNET_KEY_LATER : VNET_KEY_FRAGMENT;

	want(p, WORD_HEAD, mask, value, 0);
}

static void pack_link(struct pattern *must, struct pattern *p,
		      const struct vnet_match *m, u32 field)
{
	switch (field) {
	case VNET_MATCH_MEMBER:
		want(p, WORD_MEMBER, ~0U, m->member, 0);
		break;
	case VNET_MATCH_DST_MAC:
		want_mac(p, 0, m->dst_mac, m->dst_mac_mask);
		break;
	case VNET_MATCH_SRC_MAC:
		want_mac(p, MAC_LEN, m->src_mac, m->src_mac_mask);
		break;
	case VNET_MATCH_ETHERTYPE:
		want(p, WORD_HEAD, head_word(0xffff, 0, 0),
		     head_word(be16_to_cpu(m->ethertype), 0, 0), 0);
		break;
	case VNET_MATCH_PCP:
		want_flags(must, VNET_KEY_PCP);
		want(p, WORD_META, meta_word(0xff, 0), meta_word(m->pcp, 0), 0);
		break;
	case VNET_MATCH_STATE:
		want_flags(must, VNET_KEY_STATE);
		/* Any bit of the mask; no bit at all will never do. */
		p->mask[WORD_STATE] = m->states ?: 0xff;
		p->low[WORD_STATE] = m->states ? 1 : 0x100;
		p->span[WORD_STATE] = m->states ? U32_MAX - 1 : 0;
		break;
	}
}

static void pack_network(struct pattern *must, struct pattern *p,
			 const struct vnet_match *m, u32 field)
{
	switch (field) {
	case VNET_MATCH_SRC_IP:
		want_version(must, m->version);
		want_prefix(p, WORD_SADDR, m->version, &m->src_ip, m->src_prefix_len);
		break;
	case VNET_MATCH_DST_IP:
		want_version(must, m->version);
		want_prefix(p, WORD_DADDR, m->version, &m->dst_ip, m->dst_prefix_len);
		break;
	case VNET_MATCH_ARP_SENDER:
		want_flags(must, VNET_KEY_ARP);
		want_prefix(p, WORD_SADDR, 4, &m->src_ip, m->src_prefix_len);
		break;
	case VNET_MATCH_ARP_TARGET:
		want_flags(must, VNET_KEY_ARP);
		want_prefix(p, WORD_DADDR, 4, &m->dst_ip, m->dst_prefix_len);
		break;
	case VNET_MATCH_ND_TARGET:
		want_flags(must, VNET_KEY_ND);
		want_prefix(p, WORD_TARGET, 6, &m->target, m->target_prefix_len);
		break;
	case VNET_MATCH_FRAGMENT:
		want_flags(must, VNET_KEY_IP);
		want_fragment(p, m->fragment);
		break;
	case VNET_MATCH_DSCP:
		want_flags(must, VNET_KEY_IP);
		want(p, WORD_META, meta_word(0, 0xff), meta_word(0, m->dscp), 0);
		break;
	}
}

static void pack_transport(struct pattern *must, struct pattern *p,
			   const struct vnet_match *m, u32 field)
{
	switch (field) {
	case VNET_MATCH_PROTO:
		want_flags(must, VNET_KEY_PROTO);
		want_proto_word(p, proto_word(0, 0, 0, 0xff), proto_word(0, 0, 0, m->proto));
		break;
	case VNET_MATCH_SPORT:
		want_flags(must, VNET_KEY_PORTS);
		want_port(p, WORD_SPORT, m->sport_min, m->sport_max);
		break;
	case VNET_MATCH_DPORT:
		want_flags(must, VNET_KEY_PORTS);
		want_port(p, WORD_DPORT, m->dport_min, m->dport_max);
		break;
	case VNET_MATCH_ICMP_TYPE:
		want_flags(must, VNET_KEY_ICMP);
		want_proto_word(p, proto_word(0, 0, 0xff, 0),
				proto_word(0, 0, m->icmp_type, 0));
		break;
	case VNET_MATCH_ICMP_CODE:
		want_flags(must, VNET_KEY_ICMP);
		want_proto_word(p, proto_word(0, 0xff, 0, 0),
				proto_word(0, m->icmp_code, 0, 0));
		break;
	case VNET_MATCH_TCP_FLAGS:
		want_flags(must, VNET_KEY_TCP);
		want_proto_word(p, proto_word(m->tcp_flags_mask, 0, 0, 0),
				proto_word(m->tcp_flags, 0, 0, 0));
		break;
	}
}

/* What a key needs so that it can be looked for in a set. */
static void pack_set(struct pattern *must, u32 field)
{
	if (field & (VNET_MATCH_IN(VNET_SET_SRC_IP) | VNET_MATCH_IN(VNET_SET_DST_IP)))
		want_flags(must, VNET_KEY_IP);
	if (field & (VNET_MATCH_IN(VNET_SET_SPORT) | VNET_MATCH_IN(VNET_SET_DPORT)))
		want_flags(must, VNET_KEY_PORTS);
	if (field & (VNET_MATCH_IN(VNET_SET_SRC_PAIR) | VNET_MATCH_IN(VNET_SET_DST_PAIR)))
		want_flags(must, VNET_KEY_IP | VNET_KEY_PORTS);
}

static void pack_field(struct pattern *must, struct pattern *p,
		       const struct vnet_match *m, u32 field)
{
	pack_link(must, p, m, field);
	pack_network(must, p, m, field);
	pack_transport(must, p, m, field);
	pack_set(must, field);
}

#define FIELD_COUNT	(VNET_MATCH_SETS_SHIFT + VNET_SET_WHATS)
#define SET_FIELDS	(~0U << VNET_MATCH_SETS_SHIFT)

/* The fields of @m that are in @fields, all together. */
static void pack(struct pattern *p, const struct vnet_match *m, u32 fields)
{
	u32 i;

	BUILD_BUG_ON(FIELD_COUNT > 32);
	memset(p, 0, sizeof(*p));
	for (i = 0; i < FIELD_COUNT; i++)
		if (m->fields & fields & 1U << i)
			pack_field(p, p, m, 1U << i);
}

/*
 * From patterns to tests
 */

/* Most words that one field is about: the four of an IPv6 address. */
#define FIELD_WORDS	4
#define TESTS_MAX	(WORDS + VNET_MATCH_SETS_SHIFT * FIELD_WORDS)

/* Appends the tests of a pattern; returns how many there are then. */
static u32 write_tests(struct vnet_match_test *test, u32 count, const struct pattern *p,
		       u16 clause)
{
	u32 word;

	for (word = 0; word < WORDS; word++) {
		if (!p->mask[word])
			continue;
		test[count].mask = p->mask[word];
		test[count].low = p->low[word];
		test[count].span = p->span[word];
		test[count].word = word;
		test[count].clause = clause;
		count++;
	}
	return count;
}

/* The clause of an inverted field; one that any value will do for never passes. */
static u32 write_clause(struct vnet_match_rule *rule, struct pattern *must,
			const struct vnet_match *m, u32 field, u32 count, u16 clause)
{
	struct pattern p = {};
	u32 end;

	pack_field(must, &p, m, field);
	end = write_tests(rule->test, count, &p, clause);
	if (end == count) {
		memset(&rule->test[end], 0, sizeof(rule->test[end]));
		rule->test[end++].clause = clause;
	}
	return end;
}

static void write_rule(struct vnet_match_rule *rule, const struct vnet_match *m)
{
	u32 inverted = m->fields & m->inverted & ~SET_FIELDS;
	struct pattern must, clauses = {};
	u32 i, count;

	/* What inverted fields need goes to the wanted tests, which come first. */
	pack(&must, m, ~inverted);
	for (i = 0; i < FIELD_COUNT; i++)
		if (inverted & 1U << i)
			pack_field(&must, &clauses, m, 1U << i);
	count = write_tests(rule->test, 0, &must, 0);
	rule->wanted = count;
	for (i = 0; i < FIELD_COUNT; i++)
		if (inverted & 1U << i)
			count = write_clause(rule, &must, m, 1U << i, count, i + 1);
	rule->tests = count;
}

static void write_sets(struct vnet_match_rule *rule, const struct vnet_match *m)
{
	u32 i;

	for (i = 0; i < VNET_SET_WHATS; i++) {
		if (!(m->fields & VNET_MATCH_IN(i)))
			continue;
		rule->in[rule->ins].set = m->sets[i];
		rule->in[rule->ins].what = i;
		rule->in[rule->ins].inverted = !!(m->inverted & VNET_MATCH_IN(i));
		rule->ins++;
	}
}

/**
 * vnet_match_compile - make a rule ready to be put into a set
 * @match: what it wants; needed only during the call, but for its sets
 * @order: its place: of the rules that match, the one of the smallest order
 *	decides; no two rules of a set may have the same
 * @owner: what vnet_match_find() shall answer, not NULL
 *
 * Context: process context, may sleep.
 * Return: the rule, to be freed with vnet_match_rule_free() or, when it has been
 * in a set, by vnet_match_rule_free_rcu(); NULL when there is no memory.
 */
struct vnet_match_rule *vnet_match_compile(const struct vnet_match *match, u64 order,
					   void *owner)
{
	struct vnet_match_rule *rule, *large;
	size_t bytes;

	large = kmalloc(struct_size(large, test, TESTS_MAX), GFP_KERNEL | __GFP_NOWARN);
	if (!large)
		return NULL;
	memset(large, 0, sizeof(*large));
	write_rule(large, match);
	bytes = struct_size(rule, test, large->tests) +
		hweight32(match->fields & SET_FIELDS) * sizeof(*rule->in);
	rule = kmalloc(bytes, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (rule) {
		memcpy(rule, large, struct_size(rule, test, large->tests));
		rule->in = (struct vnet_match_in *)&rule->test[rule->tests];
		rule->order = order;
		rule->owner = owner;
		rule->bytes = bytes;
		write_sets(rule, match);
	}
	kfree(large);
	return rule;
}

/**
 * vnet_match_equal - whether two rules want the same, field by field
 * @a: a rule
 * @b: another
 *
 * Fields that do not count may differ.
 *
 * Context: any.
 * Return: true if they name the same fields with the same values.
 */
bool vnet_match_equal(const struct vnet_match *a, const struct vnet_match *b)
{
	struct pattern p, q;
	u32 i;

	if (a->fields != b->fields || (a->inverted ^ b->inverted) & a->fields)
		return false;
	for (i = 0; i < VNET_SET_WHATS; i++)
		if (a->fields & VNET_MATCH_IN(i) && a->sets[i] != b->sets[i])
			return false;
	pack(&p, a, ~0U);
	pack(&q, b, ~0U);
	return !memcmp(&p, &q, sizeof(p));
}
