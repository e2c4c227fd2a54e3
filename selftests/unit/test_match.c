// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/set_table.c kmod/set_ask.c kmod/match.c kmod/match_compile.c kmod/match_rule.c kmod/match_node.c kmod/match_split.c kmod/match_path.c kmod/match_build.c kmod/match_edit.c kmod/match_change.c
/*
 * What rules want, field by field, in sets that are small but odd.
 */
#include "unit.h"

#include <linux/slab.h>

#include "match_world.h"

#define MEMBER		7

/*
 * Random rules and keys, of so few values that they often meet
 */

static void random_bytes(u8 *bytes, unsigned int n)
{
	while (n--)
		*bytes++ = shim_below(4) ? shim_below(2) * 0x80 + shim_below(2) : shim_random();
}

static void random_masked_mac(u8 *mac, u8 *mask)
{
	static const u8 masks[] = { 0xff, 0xff, 0xff, 0xfe, 0x80, 0x00 };
	unsigned int i;

	random_bytes(mac, 6);
	for (i = 0; i < 6; i++) {
		mask[i] = masks[shim_below(ARRAY_SIZE(masks))];
		mac[i] &= mask[i];
	}
}

static void random_prefix(union vnet_addr *addr, u8 *len, u8 version)
{
	unsigned int bits = version == 4 ? 32 : 128, i;

	*len = shim_below(3) ? shim_below(bits + 1) : shim_below(2) * bits;
	memset(addr, 0, sizeof(*addr));
	random_bytes(addr->bytes, bits / 8);
	for (i = *len; i < bits; i++)
		addr->bytes[i / 8] &= ~(0x80 >> i % 8);
}

static void random_range(u16 *min, u16 *max)
{
	*min = shim_below(8) ? shim_below(6) : shim_random();
	*max = shim_below(2) ? *min : *min + shim_below(65536 - *min);
}

static void random_rule(struct vnet_match *m)
{
	unsigned int i, fields = shim_below(50) ? 2 + shim_below(5) : 0;

	/* What does not count is rubbish. */
	memset(m, shim_random(), sizeof(*m));
	m->fields = 0;
	for (i = 0; i < fields; i++)
		m->fields |= BIT(shim_below(shim_below(3) ? 11 : FIELDS));
	m->inverted = shim_below(3) ? 0 : shim_random() & shim_random();
	m->member = shim_below(3);
	m->version = 0;
	/* One pair of addresses serves both. */
	if (m->fields & (VNET_MATCH_ARP_SENDER | VNET_MATCH_ARP_TARGET))
		m->fields &= ~(VNET_MATCH_SRC_IP | VNET_MATCH_DST_IP);
	if (m->fields & (VNET_MATCH_SRC_IP | VNET_MATCH_DST_IP))
		m->version = shim_below(2) ? 4 : 6;
	random_masked_mac(m->src_mac, m->src_mac_mask);
	random_masked_mac(m->dst_mac, m->dst_mac_mask);
	m->ethertype = cpu_to_be16(shim_below(2) ? 0x0800 : 0x0806);
	random_prefix(&m->src_ip, &m->src_prefix_len, m->version ?: 4);
	random_prefix(&m->dst_ip, &m->dst_prefix_len, m->version ?: 4);
	random_prefix(&m->target, &m->target_prefix_len, 6);
	m->proto = shim_below(3);
	random_range(&m->sport_min, &m->sport_max);
	random_range(&m->dport_min, &m->dport_max);
	m->icmp_type = shim_below(3);
	m->icmp_code = shim_below(3);
	m->tcp_flags_mask = shim_below(4);
	m->tcp_flags = shim_below(4) & m->tcp_flags_mask;
	m->fragment = shim_below(4);
	m->dscp = shim_below(3);
	m->pcp = shim_below(3);
	m->states = shim_below(16);
}

static void random_transport(struct vnet_key *k)
{
	if (!shim_below(4))
		return;
	k->flags |= VNET_KEY_PROTO;
	k->proto = shim_below(3);
	switch (shim_below(3)) {
	case 0:
		k->flags |= VNET_KEY_PORTS;
		k->sport = cpu_to_be16(shim_below(6));
		k->dport = cpu_to_be16(shim_below(8) ? shim_below(6) : shim_random());
		if (shim_below(2)) {
			k->flags |= VNET_KEY_TCP;
			k->tcp_flags = shim_below(8);
		}
		break;
	case 1:
		k->flags |= VNET_KEY_ICMP;
		k->icmp_type = shim_below(3);
		k->icmp_code = shim_below(3);
		if (shim_below(2)) {
			k->flags |= VNET_KEY_ND;
			random_bytes(k->target.bytes, 16);
		}
	}
}

static void random_key(struct vnet_key *k)
{
	unsigned int size;

	memset(k, 0, sizeof(*k));
	random_bytes(k->dst, 6);
	random_bytes(k->src, 6);
	k->ethertype = cpu_to_be16(shim_below(2) ? 0x0800 : 0x0806);
	k->l4 = shim_random();
	if (shim_below(5)) {
		k->flags |= VNET_KEY_STATE;
		k->state = BIT(shim_below(4));
	}
	if (shim_below(3)) {
		k->flags |= VNET_KEY_PCP;
		k->pcp = shim_below(3);
	}
	switch (shim_below(6)) {
	case 0:
		return;
	case 1:
		k->flags |= VNET_KEY_ARP;
		size = 4;
		break;
	default:
		k->flags |= VNET_KEY_IP;
		k->flags |= shim_below(4) ? 0 : VNET_KEY_FRAGMENT;
		k->flags |= shim_below(4) && k->flags & VNET_KEY_FRAGMENT ? VNET_KEY_LATER : 0;
		k->dscp = shim_below(3);
		k->version = shim_below(2) ? 4 : 6;
		size = k->version == 4 ? 4 : 16;
		random_transport(k);
	}
	random_bytes(k->saddr.bytes, size);
	random_bytes(k->daddr.bytes, size);
}

/*
 * Sets whose rules are owned by what they were made of
 */

struct built {
	struct vnet_match_set *set;
	struct vnet_match_rule **compiled;
	const struct vnet_match *rules;
	u32 count;
};

static void destroy(struct built *b)
{
	u32 i;

	vnet_match_free(b->set);
	for (i = 0; i < b->count; i++)
		vnet_match_rule_free(b->compiled[i]);
	free(b->compiled);
}

static int build(struct built *b, const struct vnet_match *rules, u32 count)
{
	struct rcu_head *retired = NULL;
	struct vnet_match_edit edit;
	bool complete = true;
	int err = -ENOMEM;
	u32 i;

	b->set = NULL;
	b->rules = rules;
	b->count = count;
	b->compiled = calloc(count + 1, sizeof(*b->compiled));
	for (i = 0; i < count; i++) {
		b->compiled[i] = vnet_match_compile(&rules[i], i, (void *)&rules[i]);
		complete &= !!b->compiled[i];
	}
	if (complete)
		err = vnet_match_replace(&edit, NULL, b->compiled, count);
	if (err)
		destroy(b);
	else
		b->set = vnet_match_commit(&edit, &retired);
	assert_null(retired);
	return err;
}

/* Index of the rule that decides, -1 = none does. */
static int find(const struct built *b, const struct vnet_key *key, u32 member)
{
	const struct vnet_match *found;

	found = b->set ? vnet_match_find(b->set, key, member) : NULL;
	return found ? found - b->rules : -1;
}

/*
 * Cases
 */

static void check_set(const struct vnet_match *rules, u32 count, unsigned int keys,
		      u64 *hits)
{
	struct vnet_key key;
	int found, expected;
	struct built b;
	u32 member;

	assert_int_equal(build(&b, rules, count), 0);
	assert_int_equal(vnet_match_count(b.set), count);
	while (keys--) {
		random_key(&key);
		member = shim_below(4);
		found = find(&b, &key, member);
		expected = oracle_find(rules, NULL, count, &key, member);
		if (found != expected)
			fail_msg("found %d, the oracle says %d, of %u rules",
				 found, expected, count);
		*hits += found >= 0;
	}
	destroy(&b);
}

static void test_random_rules_and_keys(void **state)
{
	struct vnet_match rules[40];
	u64 hits = 0, verdicts = 0;
	unsigned int i, count;

	while (verdicts < 1200000) {
		count = shim_below(ARRAY_SIZE(rules) + 1);
		for (i = 0; i < count; i++)
			random_rule(&rules[i]);
		check_set(rules, count, 300, &hits);
		verdicts += 300;
	}
	printf("# %llu verdicts, %llu of them hits\n", (unsigned long long)verdicts,
	       (unsigned long long)hits);
	/* Else the values above would be chosen badly. */
	assert_in_range(hits, verdicts / 5, verdicts - verdicts / 10);
}

/* A key that has everything, more than a frame can have. */
static struct vnet_key full_key(u8 version)
{
	struct vnet_key key = {
		.dst = { 2, 0, 0, 0, 0, 1 },
		.src = { 2, 0, 0, 0, 0, 2 },
		.ethertype = cpu_to_be16(version == 4 ? 0x0800 : 0x86dd),
		.flags = VNET_KEY_IP | VNET_KEY_PROTO | VNET_KEY_PORTS | VNET_KEY_ICMP |
			 VNET_KEY_TCP | VNET_KEY_PCP | VNET_KEY_FRAGMENT |
			 VNET_KEY_STATE | VNET_KEY_ND,
		.version = version,
		.proto = 17,
		.icmp_type = 8,
		.icmp_code = 3,
		.tcp_flags = 0x12,
		.dscp = 46,
		.pcp = 5,
		.state = VNET_STATE_ESTABLISHED,
		.sport = cpu_to_be16(1000),
		.dport = cpu_to_be16(53),
	};
	unsigned int i;

	for (i = 0; i < (version == 4 ? 4 : 16); i++) {
		key.saddr.bytes[i] = 10 + i;
		key.daddr.bytes[i] = 100 + i;
	}
	for (i = 0; i < 16; i++)
		key.target.bytes[i] = 200 + i;
	return key;
}

/* The rule that wants exactly that key. */
static struct vnet_match full_rule(u8 version)
{
	struct vnet_key key = full_key(version);
	struct vnet_match rule = {
		.fields = IP_FIELDS,
		.member = MEMBER,
		.ethertype = key.ethertype,
		.version = version,
		.src_prefix_len = version == 4 ? 32 : 128,
		.dst_prefix_len = version == 4 ? 32 : 128,
		.target_prefix_len = 128,
		.proto = key.proto,
		.src_ip = key.saddr,
		.dst_ip = key.daddr,
		.target = key.target,
		.sport_min = 1000,
		.sport_max = 1000,
		.dport_min = 53,
		.dport_max = 53,
		.icmp_type = key.icmp_type,
		.icmp_code = key.icmp_code,
		.tcp_flags = 0x02,
		.tcp_flags_mask = 0x06,
		.fragment = VNET_FRAGMENT_FIRST,
		.dscp = 46,
		.pcp = 5,
		.states = VNET_STATE_ESTABLISHED | VNET_STATE_RELATED,
	};

	memcpy(rule.src_mac, key.src, 6);
	memcpy(rule.dst_mac, key.dst, 6);
	memset(rule.src_mac_mask, 0xff, 6);
	memset(rule.dst_mac_mask, 0xff, 6);
	return rule;
}

static bool matches(const struct vnet_match *rule, const struct vnet_key *key, u32 member)
{
	struct vnet_match_rule *alone = vnet_match_compile(rule, 0, &alone);
	bool passes = vnet_match_rule_passes(alone, key, member);
	struct built b;
	int found;

	vnet_match_rule_free(alone);
	assert_int_equal(build(&b, rule, 1), 0);
	found = find(&b, key, member);
	destroy(&b);
	assert_int_equal(passes, !found);
	return passes;
}

/* Makes one field of the key differ; returns the flags that the field needs. */
static u16 spoil(struct vnet_key *key, u32 *member, u32 field)
{
	switch (field) {
	case VNET_MATCH_MEMBER:
		++*member;
		return 0;
	case VNET_MATCH_SRC_MAC:
		key->src[5] ^= 1;
		return 0;
	case VNET_MATCH_DST_MAC:
		key->dst[0] ^= 2;
		return 0;
	case VNET_MATCH_ETHERTYPE:
		key->ethertype ^= cpu_to_be16(1);
		return 0;
	case VNET_MATCH_SRC_IP:
		key->saddr.bytes[3] ^= 1;
		return VNET_KEY_IP;
	case VNET_MATCH_DST_IP:
		key->daddr.bytes[0] ^= 0x80;
		return VNET_KEY_IP;
	case VNET_MATCH_PROTO:
		key->proto++;
		return VNET_KEY_PROTO;
	case VNET_MATCH_SPORT:
		key->sport = cpu_to_be16(1001);
		return VNET_KEY_PORTS;
	case VNET_MATCH_DPORT:
		key->dport = cpu_to_be16(52);
		return VNET_KEY_PORTS;
	case VNET_MATCH_ICMP_TYPE:
		key->icmp_type++;
		return VNET_KEY_ICMP;
	case VNET_MATCH_ICMP_CODE:
		key->icmp_code++;
		return VNET_KEY_ICMP;
	case VNET_MATCH_TCP_FLAGS:
		key->tcp_flags ^= 0x04;
		return VNET_KEY_TCP;
	case VNET_MATCH_FRAGMENT:
		key->flags |= VNET_KEY_LATER;
		return VNET_KEY_IP;
	case VNET_MATCH_DSCP:
		key->dscp++;
		return VNET_KEY_IP;
	case VNET_MATCH_PCP:
		key->pcp = 0;
		return VNET_KEY_PCP;
	case VNET_MATCH_STATE:
		key->state = VNET_STATE_NEW;
		return VNET_KEY_STATE;
	case VNET_MATCH_ND_TARGET:
		key->target.bytes[15] ^= 1;
		return VNET_KEY_ND;
	}
	fail();
	return 0;
}

static void check_field(const struct vnet_match *rule, u8 version, u32 field)
{
	struct vnet_key key = full_key(version), other;
	struct vnet_match inverted = *rule;
	u32 member = MEMBER;
	u16 needed;

	inverted.inverted = field | 0x80000000;
	assert_true(matches(rule, &key, MEMBER));
	assert_false(matches(&inverted, &key, MEMBER));
	other = key;
	needed = spoil(&other, &member, field);
	assert_false(matches(rule, &other, member));
	assert_true(matches(&inverted, &other, member));
	if (!needed)
		return;
	/* The same values, but the key says that they mean nothing. */
	other = key;
	other.flags &= ~needed;
	assert_false(matches(rule, &other, MEMBER));
	assert_false(matches(&inverted, &other, MEMBER));
}

static void check_fields(u8 version)
{
	struct vnet_match rule;
	unsigned int i;

	for (i = 0; i < FIELDS; i++) {
		if (!(IP_FIELDS & BIT(i)))
			continue;
		rule = full_rule(version);
		check_field(&rule, version, BIT(i));
		rule.fields = BIT(i);
		check_field(&rule, version, BIT(i));
	}
}

static void test_each_field(void **state)
{
	check_fields(4);
	check_fields(6);
}

static void test_ignored_fields(void **state)
{
	struct vnet_match rule = full_rule(4);
	struct vnet_key key = full_key(4), other = key;
	unsigned int i;

	for (i = 0; i < FIELDS; i++) {
		u32 member = MEMBER;

		if (!(IP_FIELDS & BIT(i)))
			continue;
		rule.fields = IP_FIELDS & ~BIT(i);
		other = key;
		spoil(&other, &member, BIT(i));
		assert_true(matches(&rule, &other, member));
	}
}

static void test_fragments(void **state)
{
	static const u16 flags[] = {
		0,
		VNET_KEY_IP,
		VNET_KEY_IP | VNET_KEY_FRAGMENT,
		VNET_KEY_IP | VNET_KEY_FRAGMENT | VNET_KEY_LATER,
	};
	/* By enum vnet_fragment and @flags. */
	static const char *const expected[] = { "0011", "0010", "0001", "0100" };
	struct vnet_match rule = { .fields = VNET_MATCH_FRAGMENT };
	struct vnet_key key = {};
	unsigned int i;

	for (rule.fragment = 0; rule.fragment < 4; rule.fragment++) {
		for (i = 0; i < ARRAY_SIZE(flags); i++) {
			key.flags = flags[i];
			rule.inverted = 0;
			assert_int_equal(matches(&rule, &key, 0),
					 expected[rule.fragment][i] == '1');
			rule.inverted = VNET_MATCH_FRAGMENT;
			assert_int_equal(matches(&rule, &key, 0),
					 i && expected[rule.fragment][i] == '0');
		}
	}
}

static void test_states(void **state)
{
	struct vnet_match rule = { .fields = VNET_MATCH_STATE };
	struct vnet_key key = {};
	unsigned int i;

	for (rule.states = 0; rule.states < 16; rule.states++) {
		for (i = 0; i < 5; i++) {
			key.state = i ? BIT(i - 1) : 0;
			key.flags = i ? VNET_KEY_STATE : 0;
			rule.inverted = 0;
			assert_int_equal(matches(&rule, &key, 0), !!(key.state & rule.states));
			rule.inverted = VNET_MATCH_STATE;
			assert_int_equal(matches(&rule, &key, 0), i && !(key.state & rule.states));
		}
	}
}

/* Several inverted fields have to fail each for itself. */
static void test_inverted_together(void **state)
{
	struct vnet_match rule = full_rule(6);
	struct vnet_key key = full_key(6);
	u32 member = MEMBER;

	rule.fields = VNET_MATCH_SRC_IP | VNET_MATCH_DST_IP | VNET_MATCH_SPORT;
	rule.inverted = VNET_MATCH_SRC_IP | VNET_MATCH_SPORT;
	assert_false(matches(&rule, &key, member));
	spoil(&key, &member, VNET_MATCH_SPORT);
	assert_false(matches(&rule, &key, member));
	spoil(&key, &member, VNET_MATCH_SRC_IP);
	assert_true(matches(&rule, &key, member));
	spoil(&key, &member, VNET_MATCH_DST_IP);
	assert_false(matches(&rule, &key, member));
	/* Nothing is not anything. */
	key = full_key(6);
	rule.src_prefix_len = 0;
	rule.inverted = VNET_MATCH_SRC_IP;
	assert_false(matches(&rule, &key, member));
}

static void test_arp(void **state)
{
	struct vnet_match rule = full_rule(4);
	struct vnet_key key = full_key(4);

	rule.fields = VNET_MATCH_ARP_SENDER;
	rule.src_prefix_len = 24;
	assert_false(matches(&rule, &key, 0));
	key.flags = VNET_KEY_ARP;
	key.version = 0;
	assert_true(matches(&rule, &key, 0));
	key.saddr.bytes[3]++;
	assert_true(matches(&rule, &key, 0));
	rule.fields |= VNET_MATCH_ARP_TARGET;
	assert_true(matches(&rule, &key, 0));
	key.daddr.bytes[3]++;
	assert_false(matches(&rule, &key, 0));
	rule.inverted = VNET_MATCH_ARP_TARGET;
	assert_true(matches(&rule, &key, 0));
}

/* An address of its own, beside those of the packet. */
static void test_neighbour_discovery(void **state)
{
	struct vnet_match rule = full_rule(6);
	struct vnet_key key = full_key(6);
	unsigned int len;

	rule.fields = VNET_MATCH_ND_TARGET;
	memset(&rule.target, 0, sizeof(rule.target));
	for (len = 0; len <= 128; len++) {
		if (len)
			rule.target.bytes[(len - 1) / 8] |=
				key.target.bytes[(len - 1) / 8] & 0x80 >> (len - 1) % 8;
		rule.target_prefix_len = len;
		assert_true(matches(&rule, &key, 0));
		if (!len)
			continue;
		key.target.bytes[(len - 1) / 8] ^= 0x80 >> (len - 1) % 8;
		assert_false(matches(&rule, &key, 0));
		key.target.bytes[(len - 1) / 8] ^= 0x80 >> (len - 1) % 8;
	}
	/* The packet's own addresses are others, and ARP has its target elsewhere. */
	key.target = key.daddr;
	assert_false(matches(&rule, &key, 0));
	key = full_key(6);
	key.flags = VNET_KEY_ARP;
	key.daddr = rule.target;
	assert_false(matches(&rule, &key, 0));
}

static void test_ip_versions(void **state)
{
	struct vnet_key key4 = full_key(4), key6 = full_key(6), arp = key4;
	struct vnet_match rule;

	rule = full_rule(4);
	rule.fields = VNET_MATCH_SRC_IP;
	/* The first four bytes of both are the same. */
	assert_true(matches(&rule, &key4, 0));
	assert_false(matches(&rule, &key6, 0));
	rule.version = 6;
	assert_false(matches(&rule, &key4, 0));
	/* Any address, but of this version. */
	rule = full_rule(6);
	rule.fields = VNET_MATCH_DST_IP;
	rule.dst_prefix_len = 0;
	assert_true(matches(&rule, &key6, 0));
	assert_false(matches(&rule, &key4, 0));
	/* ARP has addresses, but is not IP. */
	rule = full_rule(4);
	rule.fields = VNET_MATCH_SRC_IP | VNET_MATCH_DST_IP;
	arp.flags = VNET_KEY_ARP;
	assert_false(matches(&rule, &arp, 0));
	arp.version = 0;
	assert_false(matches(&rule, &arp, 0));
}

static void check_prefix(u8 version, u32 field, unsigned int len)
{
	unsigned int bits = version == 4 ? 32 : 128, i;
	struct vnet_match rule = full_rule(version);
	struct vnet_key key;
	u8 *bytes;

	rule.fields = field;
	rule.src_prefix_len = len;
	rule.dst_prefix_len = len;
	for (i = len; i < bits; i++) {
		rule.src_ip.bytes[i / 8] &= ~(0x80 >> i % 8);
		rule.dst_ip.bytes[i / 8] &= ~(0x80 >> i % 8);
	}
	for (i = 0; i < bits; i++) {
		key = full_key(version);
		bytes = field == VNET_MATCH_SRC_IP ? key.saddr.bytes : key.daddr.bytes;
		bytes[i / 8] ^= 0x80 >> i % 8;
		assert_int_equal(matches(&rule, &key, 0), i >= len);
	}
}

static void test_prefix_lengths(void **state)
{
	unsigned int len;

	for (len = 0; len <= 32; len++) {
		check_prefix(4, VNET_MATCH_SRC_IP, len);
		check_prefix(4, VNET_MATCH_DST_IP, len);
	}
	for (len = 0; len <= 128; len++) {
		check_prefix(6, VNET_MATCH_SRC_IP, len);
		check_prefix(6, VNET_MATCH_DST_IP, len);
	}
}

static void test_mac_masks(void **state)
{
	struct vnet_match rule = { .fields = VNET_MATCH_DST_MAC };
	struct vnet_key key;
	unsigned int bit, flipped;

	for (bit = 0; bit < 48; bit++) {
		memset(rule.dst_mac_mask, 0, 6);
		memset(rule.dst_mac, 0, 6);
		rule.dst_mac_mask[bit / 8] = 0x80 >> bit % 8;
		for (flipped = 0; flipped < 48; flipped++) {
			memset(&key, 0, sizeof(key));
			memset(key.src, 0xff, 6);
			key.dst[flipped / 8] = 0x80 >> flipped % 8;
			assert_int_equal(matches(&rule, &key, 0), flipped != bit);
		}
	}
}

static void test_port_ranges(void **state)
{
	static const u16 edges[] = { 0, 1, 79, 80, 81, 32767, 32768, 65534, 65535 };
	struct vnet_match rule = { .fields = VNET_MATCH_SPORT };
	struct vnet_key key = { .flags = VNET_KEY_PORTS };
	unsigned int i, j, k;

	for (i = 0; i < ARRAY_SIZE(edges); i++) {
		for (j = i; j < ARRAY_SIZE(edges); j++) {
			rule.sport_min = edges[i];
			rule.sport_max = edges[j];
			for (k = 0; k < ARRAY_SIZE(edges); k++) {
				key.sport = cpu_to_be16(edges[k]);
				assert_int_equal(matches(&rule, &key, 0), k >= i && k <= j);
			}
		}
	}
	/* Any port, but there has to be one. */
	rule.sport_min = 0;
	rule.sport_max = 65535;
	key.flags = VNET_KEY_IP | VNET_KEY_PROTO | VNET_KEY_FRAGMENT | VNET_KEY_LATER;
	assert_false(matches(&rule, &key, 0));
}

static void test_first_match_decides(void **state)
{
	struct vnet_match rules[3] = {};
	struct vnet_key key = full_key(4);
	struct built b;

	/* No rule at all is no set. */
	assert_int_equal(build(&b, rules, 0), 0);
	assert_null(b.set);
	assert_int_equal(vnet_match_count(b.set), 0);
	assert_int_equal(vnet_match_steps(b.set), 0);
	destroy(&b);
	/* The middle one and the last one would match; the last one matches all. */
	rules[0] = full_rule(6);
	rules[1] = full_rule(4);
	assert_int_equal(build(&b, rules, 3), 0);
	assert_int_equal(find(&b, &key, MEMBER), 1);
	assert_int_equal(find(&b, &key, MEMBER + 1), 2);
	memset(&key, 0, sizeof(key));
	assert_int_equal(find(&b, &key, U32_MAX), 2);
	assert_true(vnet_match_bytes(b.set) > 0);
	destroy(&b);
	vnet_match_free(NULL);
	vnet_match_rule_free(NULL);
}

static void test_no_memory(void **state)
{
	struct vnet_match rules[40];
	struct built b;
	u32 i, n;
	int err;

	for (i = 0; i < ARRAY_SIZE(rules); i++) {
		rules[i] = full_rule(4);
		rules[i].dport_max += i;
		rules[i].member += i / 2;
	}
	for (n = 1; ; n++) {
		shim_fail_at(n);
		err = build(&b, rules, ARRAY_SIZE(rules));
		if (!shim_failed())
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(shim_allocated(), 0);
	}
	assert_int_equal(err, 0);
	/* A compiled rule takes two allocations, and there are tables. */
	assert_true(n > 100);
	destroy(&b);
}

/* Makes one field of the rule differ. */
static void change(struct vnet_match *rule, u32 field)
{
	switch (field) {
	case VNET_MATCH_MEMBER:
		rule->member++;
		break;
	case VNET_MATCH_SRC_MAC:
		rule->src_mac[0] ^= 4;
		break;
	case VNET_MATCH_DST_MAC:
		rule->dst_mac_mask[5] = 0xfe;
		break;
	case VNET_MATCH_ETHERTYPE:
		rule->ethertype ^= cpu_to_be16(0x100);
		break;
	case VNET_MATCH_SRC_IP:
		rule->src_prefix_len--;
		break;
	case VNET_MATCH_DST_IP:
		rule->dst_ip.bytes[3] ^= 1;
		break;
	case VNET_MATCH_PROTO:
		rule->proto++;
		break;
	case VNET_MATCH_SPORT:
		rule->sport_min--;
		break;
	case VNET_MATCH_DPORT:
		rule->dport_max++;
		break;
	case VNET_MATCH_ICMP_TYPE:
		rule->icmp_type++;
		break;
	case VNET_MATCH_ICMP_CODE:
		rule->icmp_code++;
		break;
	case VNET_MATCH_TCP_FLAGS:
		rule->tcp_flags_mask = 0x02;
		break;
	case VNET_MATCH_FRAGMENT:
		rule->fragment = VNET_FRAGMENT_NONE;
		break;
	case VNET_MATCH_DSCP:
		rule->dscp++;
		break;
	case VNET_MATCH_PCP:
		rule->pcp++;
		break;
	case VNET_MATCH_STATE:
		rule->states = 1;
		break;
	case VNET_MATCH_ND_TARGET:
		rule->target_prefix_len--;
		rule->target.bytes[15] &= 0xfe;
		break;
	}
}

static void test_equal(void **state)
{
	struct vnet_match a = full_rule(4), b = a;
	unsigned int i;

	assert_true(vnet_match_equal(&a, &b));
	for (i = 0; i < FIELDS; i++) {
		if (!(IP_FIELDS & BIT(i)))
			continue;
		b = a = full_rule(4);
		b.inverted = BIT(i);
		assert_false(vnet_match_equal(&a, &b));
		b = a;
		change(&b, BIT(i));
		assert_false(vnet_match_equal(&a, &b));
		/* It does not count in either. */
		a.fields = b.fields = IP_FIELDS & ~BIT(i);
		b.inverted = BIT(i);
		assert_true(vnet_match_equal(&a, &b));
		/* It counts in one of them, and might have any value there. */
		b = a;
		a.fields = IP_FIELDS;
		assert_false(vnet_match_equal(&a, &b));
	}
	/* Any address of either version. */
	a = full_rule(4);
	a.fields = VNET_MATCH_SRC_IP;
	a.src_prefix_len = 0;
	memset(&a.src_ip, 0, sizeof(a.src_ip));
	b = a;
	assert_true(vnet_match_equal(&a, &b));
	b.version = 6;
	assert_false(vnet_match_equal(&a, &b));
	/* A mask of nothing is still a field that was given. */
	a = (struct vnet_match){ .fields = VNET_MATCH_SRC_MAC };
	b = (struct vnet_match){};
	assert_false(vnet_match_equal(&a, &b));
}

static int reset(void **state)
{
	shim_reset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_random_rules_and_keys, reset),
		cmocka_unit_test_setup(test_each_field, reset),
		cmocka_unit_test_setup(test_ignored_fields, reset),
		cmocka_unit_test_setup(test_fragments, reset),
		cmocka_unit_test_setup(test_states, reset),
		cmocka_unit_test_setup(test_inverted_together, reset),
		cmocka_unit_test_setup(test_arp, reset),
		cmocka_unit_test_setup(test_neighbour_discovery, reset),
		cmocka_unit_test_setup(test_ip_versions, reset),
		cmocka_unit_test_setup(test_prefix_lengths, reset),
		cmocka_unit_test_setup(test_mac_masks, reset),
		cmocka_unit_test_setup(test_port_ranges, reset),
		cmocka_unit_test_setup(test_first_match_decides, reset),
		cmocka_unit_test_setup(test_no_memory, reset),
		cmocka_unit_test_setup(test_equal, reset),
	};

	shim_seed();
	return cmocka_run_group_tests_name("match", tests, NULL, NULL);
}
