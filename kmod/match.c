// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classifier: which of a list of rules decides about a key.
 * Layer 0: it must not know skbs, names, counters or who asks.
 */

#include "match.h"

#include <asm/byteorder.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * DOC: Theory of operation
 *
 * A key is laid out as sixteen 32-bit words, see enum word. A rule becomes a
 * short run of tests, each of which looks at one word:
 *
 *	(word & mask) - low <= span		(unsigned)
 *
 * With a span of zero this asks for equality under a mask, which is what
 * flags, MACs and prefixes need; with a larger one it asks for a range, which
 * is what ports need. That a field must be there at all is no case of its own:
 * the key's VNET_KEY_* flags are part of the first word, so they are tested
 * together with the ethertype and the IP version. Fields that share a word
 * share the test.
 *
 * As an example, "TCP from 10.1.0.0/16 to the ports 80 to 88" is these four:
 *
 *	word		mask		low		span
 *	HEAD		0000ff07	00000407	0	IP version 4, with
 *							protocol and ports
 *	PROTO		000000ff	00000006	0	TCP
 *	DPORT		0000ffff	00000050	8	80 to 88
 *	SADDR + 0	ff ff 00 00	0a 01 00 00	0	10.1.0.0/16, bytes
 *							as on the wire
 *
 * The tests of all rules stand in one array, 12 bytes each, and first[i] says
 * where those of rule i begin. To find the rule that decides, the key is laid
 * out once and the rules are walked in their order; the first one whose tests
 * all pass is the answer. A rule without tests matches every key.
 *
 * The walk costs time in proportion to the number of rules. It is the first
 * depth: a compiled classifier will replace it behind the same interface.
 */

/* The words of a key; tests are made, and thus tried, in this order. */
enum word {
	WORD_HEAD,	/* ethertype, version, flags */
	WORD_PROTO,	/* ICMP code, ICMP type, protocol */
	WORD_MEMBER,
	WORD_SPORT,
	WORD_DPORT,
	WORD_MAC,	/* 12 bytes: destination, source */
	WORD_SADDR = WORD_MAC + 3,
	WORD_DADDR = WORD_SADDR + 4,
	WORDS = WORD_DADDR + 4
};

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

/**
 * struct test - a pattern's word that matters
 * @mask: as in the pattern
 * @low: likewise
 * @span: likewise; only ports have one
 * @word: enum word
 */
struct test {
	u32 mask;
	u32 low;
	u16 span;
	u16 word;
};

/**
 * struct vnet_match_set - rules, ready to be matched; immutable
 * @bytes: size of this allocation
 * @count: rules
 * @first: index of the first test of each rule, and one past the last rule's;
 *	behind @test in the same allocation
 * @test: the tests of all rules
 */
struct vnet_match_set {
	size_t bytes;
	u32 count;
	u32 *first;
	struct test test[];
};

static u32 head_word(u16 ethertype, u8 version, u8 flags)
{
	return (u32)ethertype << 16 | version << 8 | flags;
}

static u32 proto_word(u8 code, u8 type, u8 proto)
{
	return (u32)code << 16 | type << 8 | proto;
}

static void lay_out(u32 *words, const struct vnet_key *key, u32 member)
{
	u8 *macs = (u8 *)&words[WORD_MAC];

	words[WORD_HEAD] = head_word(be16_to_cpu(key->ethertype), key->version,
				     key->flags);
	words[WORD_PROTO] = proto_word(key->icmp_code, key->icmp_type, key->proto);
	words[WORD_MEMBER] = member;
	words[WORD_SPORT] = be16_to_cpu(key->sport);
	words[WORD_DPORT] = be16_to_cpu(key->dport);
	memcpy(macs, key->dst, MAC_LEN);
	memcpy(macs + MAC_LEN, key->src, MAC_LEN);
	memcpy(&words[WORD_SADDR], &key->saddr, sizeof(key->saddr));
	memcpy(&words[WORD_DADDR], &key->daddr, sizeof(key->daddr));
}

static void want(struct pattern *p, enum word w, u32 mask, u32 low, u32 span)
{
	p->mask[w] |= mask;
	p->low[w] |= low & mask;
	p->span[w] = span;
}

/* The bytes of MACs and addresses keep their order, whatever that of the CPU. */
static void want_byte(struct pattern *p, enum word w, unsigned int i,
		      u8 mask, u8 value)
{
	((u8 *)&p->mask[w])[i] = mask;
	((u8 *)&p->low[w])[i] = value & mask;
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

static void want_prefix(struct pattern *p, enum word w, u8 version,
			const union vnet_addr *addr, u8 len)
{
	unsigned int size = version == 4 ? sizeof(addr->v4) : sizeof(addr->v6);
	unsigned int i;

	want(p, WORD_HEAD, head_word(0, 0xff, VNET_KEY_IP),
	     head_word(0, version, VNET_KEY_IP), 0);
	for (i = 0; i < size; i++)
		want_byte(p, w, i, prefix_mask(len, i), addr->bytes[i]);
}

static void want_flags(struct pattern *p, u8 flags)
{
	want(p, WORD_HEAD, flags, flags, 0);
}

static void pack_link(struct pattern *p, const struct vnet_match *rule)
{
	if (rule->fields & VNET_MATCH_MEMBER)
		want(p, WORD_MEMBER, ~0U, rule->member, 0);
	if (rule->fields & VNET_MATCH_DST_MAC)
		want_mac(p, 0, rule->dst_mac, rule->dst_mac_mask);
	if (rule->fields & VNET_MATCH_SRC_MAC)
		want_mac(p, MAC_LEN, rule->src_mac, rule->src_mac_mask);
	if (rule->fields & VNET_MATCH_ETHERTYPE)
		want(p, WORD_HEAD, head_word(0xffff, 0, 0),
		     head_word(be16_to_cpu(rule->ethertype), 0, 0), 0);
}

static void pack_network(struct pattern *p, const struct vnet_match *rule)
{
	if (rule->fields & VNET_MATCH_SRC_IP)
		want_prefix(p, WORD_SADDR, rule->version, &rule->src_ip,
			    rule->src_prefix_len);
	if (rule->fields & VNET_MATCH_DST_IP)
		want_prefix(p, WORD_DADDR, rule->version, &rule->dst_ip,
			    rule->dst_prefix_len);
}

static void want_ports(struct pattern *p, enum word w, u16 min, u16 max)
{
	want_flags(p, VNET_KEY_PORTS);
	want(p, w, 0xffff, min, max - min);
}

static void pack_transport(struct pattern *p, const struct vnet_match *rule)
{
	if (rule->fields & VNET_MATCH_PROTO) {
		want_flags(p, VNET_KEY_PROTO);
		want(p, WORD_PROTO, proto_word(0, 0, 0xff),
		     proto_word(0, 0, rule->proto), 0);
	}
	if (rule->fields & VNET_MATCH_SPORT)
		want_ports(p, WORD_SPORT, rule->sport_min, rule->sport_max);
	if (rule->fields & VNET_MATCH_DPORT)
		want_ports(p, WORD_DPORT, rule->dport_min, rule->dport_max);
	if (rule->fields & VNET_MATCH_ICMP_TYPE) {
		want_flags(p, VNET_KEY_ICMP);
		want(p, WORD_PROTO, proto_word(0, 0xff, 0),
		     proto_word(0, rule->icmp_type, 0), 0);
	}
	if (rule->fields & VNET_MATCH_ICMP_CODE) {
		want_flags(p, VNET_KEY_ICMP);
		want(p, WORD_PROTO, proto_word(0xff, 0, 0),
		     proto_word(rule->icmp_code, 0, 0), 0);
	}
}

static void pack(struct pattern *p, const struct vnet_match *rule)
{
	memset(p, 0, sizeof(*p));
	pack_link(p, rule);
	pack_network(p, rule);
	pack_transport(p, rule);
}

/* How many tests a rule takes. */
static u32 count_tests(const struct vnet_match *rule)
{
	struct pattern p;
	u32 word, count = 0;

	pack(&p, rule);
	for (word = 0; word < WORDS; word++)
		count += p.mask[word] != 0;
	return count;
}

static struct test *write_tests(struct test *test, const struct vnet_match *rule)
{
	struct pattern p;
	u32 word;

	pack(&p, rule);
	for (word = 0; word < WORDS; word++) {
		if (!p.mask[word])
			continue;
		test->mask = p.mask[word];
		test->low = p.low[word];
		test->span = p.span[word];
		test->word = word;
		test++;
	}
	return test;
}

static struct vnet_match_set *alloc_set(u32 count, size_t tests)
{
	struct vnet_match_set *set;
	size_t bytes = sizeof(*set) + tests * sizeof(set->test[0]) +
		       ((size_t)count + 1) * sizeof(set->first[0]);

	set = kvmalloc(bytes, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!set)
		return NULL;
	set->bytes = bytes;
	set->count = count;
	set->first = (u32 *)&set->test[tests];
	return set;
}

/**
 * vnet_match_build - make rules ready to be matched
 * @rules: the rules, the one that decides first in front; needed only during
 *	the call
 * @count: their number, may be 0
 *
 * Context: process context, may sleep.
 * Return: the set, which the caller frees with vnet_match_free(); NULL when
 * there is no memory.
 */
struct vnet_match_set *vnet_match_build(const struct vnet_match *const *rules,
					u32 count)
{
	struct vnet_match_set *set;
	struct test *test;
	size_t tests = 0;
	u32 i;

	for (i = 0; i < count; i++)
		tests += count_tests(rules[i]);
	set = alloc_set(count, tests);
	if (!set)
		return NULL;
	test = set->test;
	for (i = 0; i < count; i++) {
		set->first[i] = test - set->test;
		test = write_tests(test, rules[i]);
	}
	set->first[count] = test - set->test;
	return set;
}

/**
 * vnet_match_free - free a set that nobody reads any more
 * @set: the set, or NULL
 *
 * Context: any but hard interrupts with interrupts off; RCU callbacks may.
 */
void vnet_match_free(struct vnet_match_set *set)
{
	kvfree(set);
}

static bool passes(const struct test *test, const struct test *end,
		   const u32 *words)
{
	for (; test < end; test++)
		if ((words[test->word] & test->mask) - test->low > test->span)
			return false;
	return true;
}

/**
 * vnet_match_find - find the rule that decides about a key
 * @set: the rules
 * @key: the frame's headers
 * @member: id of the sender (egress) or the receiver (ingress)
 *
 * Context: any; the caller keeps @set alive.
 * Return: index of the first rule that matches, -1 if none does.
 */
int vnet_match_find(const struct vnet_match_set *set,
		    const struct vnet_key *key, u32 member)
{
	const struct test *test = set->test;
	const struct test *end;
	u32 words[WORDS];
	u32 i;

	lay_out(words, key, member);
	for (i = 0; i < set->count; i++) {
		end = &set->test[set->first[i + 1]];
		if (passes(test, end, words))
			return i;
		test = end;
	}
	return -1;
}

/**
 * vnet_match_count - how many rules a set has
 * @set: the set
 *
 * Context: any.
 * Return: their number.
 */
u32 vnet_match_count(const struct vnet_match_set *set)
{
	return set->count;
}

/**
 * vnet_match_bytes - how much memory a set takes
 * @set: the set
 *
 * Context: any.
 * Return: bytes.
 */
size_t vnet_match_bytes(const struct vnet_match_set *set)
{
	return set->bytes;
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

	pack(&p, a);
	pack(&q, b);
	return a->fields == b->fields && !memcmp(&p, &q, sizeof(p));
}
