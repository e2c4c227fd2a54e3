// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/set_table.c kmod/set_ask.c kmod/match.c kmod/match_compile.c kmod/match_rule.c kmod/match_node.c kmod/match_split.c kmod/match_path.c kmod/match_build.c kmod/match_edit.c kmod/match_change.c
/*
 * Sets against an oracle that asks one element after the other, and rules that ask
 * sets.
 */
#include "unit.h"

#include <errno.h>
#include <linux/rcupdate.h>

#include "match_world.h"
#include "set_table.h"

#define MOST	400

static struct vnet_set *set;
static struct vnet_set_element model[MOST];
static u32 model_count;
/* Of the frame that is asked about; none of the key's own fields. */
static u32 key_member;

static bool has(const struct vnet_set *s, const struct vnet_key *key, enum vnet_set_what what)
{
	bool is;

	rcu_read_lock();
	is = vnet_set_has(s, key, key_member, what);
	rcu_read_unlock();
	return is;
}

static bool add(const struct vnet_set_element *e)
{
	bool unchanged;

	assert_int_equal(vnet_set_add(set, e, &unchanged), 0);
	return !unchanged;
}

/*
 * The oracle
 */

static bool same(enum vnet_set_type type, const struct vnet_set_element *a,
		 const struct vnet_set_element *b)
{
	switch (type) {
	case VNET_SET_MACS:
		return !memcmp(a->mac, b->mac, 6);
	case VNET_SET_MEMBERS:
		return a->member == b->member;
	case VNET_SET_PORTS:
		return a->port_min == b->port_min && a->port_max == b->port_max;
	case VNET_SET_PAIRS:
		if (a->port_min != b->port_min)
			return false;
		fallthrough;
	case VNET_SET_ADDRESSES:
		return a->version == b->version && a->prefix_len == b->prefix_len &&
		       bits_agree(a->addr.bytes, b->addr.bytes, a->prefix_len);
	default:
		break;
	}
	return false;
}

static u32 model_find(enum vnet_set_type type, const struct vnet_set_element *e)
{
	u32 i;

	for (i = 0; i < model_count; i++)
		if (same(type, &model[i], e))
			break;
	return i;
}

static bool covers(enum vnet_set_type type, const struct vnet_set_element *e,
		   const struct vnet_key *k)
{
	u16 port = be16_to_cpu(k->dport);

	switch (type) {
	case VNET_SET_MACS:
		return !memcmp(e->mac, k->dst, 6);
	case VNET_SET_PORTS:
		return k->flags & VNET_KEY_PORTS && port >= e->port_min && port <= e->port_max;
	case VNET_SET_PAIRS:
		if (!(k->flags & VNET_KEY_PORTS) || port != e->port_min)
			return false;
		fallthrough;
	case VNET_SET_ADDRESSES:
		return k->flags & VNET_KEY_IP && k->version == e->version &&
		       bits_agree(e->addr.bytes, k->daddr.bytes, e->prefix_len);
	case VNET_SET_MEMBERS:
		return e->member == key_member;
	default:
		break;
	}
	return false;
}

static bool model_has(enum vnet_set_type type, const struct vnet_key *k)
{
	u32 i;

	for (i = 0; i < model_count; i++)
		if (covers(type, &model[i], k))
			return true;
	return false;
}

/*
 * Random elements and keys, of so few values that they often meet
 */

static const struct world world = { WORLD_MIXED, 6, 2 };

static void random_element(struct vnet_set_element *e)
{
	memset(e, shim_random(), sizeof(*e));
	e->version = shim_below(2) ? 4 : 6;
	world_addr(&world, &e->addr, e->version);
	e->prefix_len = shim_below(3) ? world_len(e->version) :
					shim_below(e->version == 4 ? 33 : 129);
	/* Short prefixes leave nothing to ask. */
	if (e->prefix_len < 12 && shim_below(8))
		e->prefix_len += 20;
	world_mask(&e->addr, 16, e->prefix_len);
	memset(e->mac, 2, 6);
	e->mac[4] = shim_below(3);
	e->mac[5] = shim_below(256);
	e->member = 1 + shim_below(700);
	e->port_min = shim_below(shim_below(4) ? 300 : 65536);
	e->port_max = e->port_min + (shim_below(3) ? 0 : shim_below(min(65536 - e->port_min, 40)));
}

static void random_key(struct vnet_key *k)
{
	struct vnet_set_element e;

	memset(k, 0, sizeof(*k));
	random_element(&e);
	if (model_count && shim_below(2))
		e = model[shim_below(model_count)];
	if (shim_below(20))
		k->flags |= VNET_KEY_IP;
	if (shim_below(20))
		k->flags |= VNET_KEY_PORTS;
	k->version = e.version == 6 ? 6 : 4;
	corner_addr(&k->daddr, &e.addr, k->version == 4 ? 4 : 16,
		    min_t(u32, e.prefix_len, k->version == 4 ? 32 : 128));
	if (!(k->flags & VNET_KEY_IP))
		k->version = 0;
	k->dport = cpu_to_be16(corner_port(e.port_min, e.port_max));
	memcpy(k->dst, e.mac, 6);
	k->dst[5] += !shim_below(4);
	key_member = e.member + !shim_below(4);
	/* What is asked of the source must be the same. */
	k->saddr = k->daddr;
	k->sport = k->dport;
	memcpy(k->src, k->dst, 6);
}

static const enum vnet_set_what whats[][2] = {
	[VNET_SET_ADDRESSES] = { VNET_SET_SRC_IP, VNET_SET_DST_IP },
	[VNET_SET_PORTS] = { VNET_SET_SPORT, VNET_SET_DPORT },
	[VNET_SET_MACS] = { VNET_SET_SRC_MAC, VNET_SET_DST_MAC },
	[VNET_SET_PAIRS] = { VNET_SET_SRC_PAIR, VNET_SET_DST_PAIR },
	[VNET_SET_MEMBERS] = { VNET_SET_MEMBER, VNET_SET_MEMBER },
};

static u32 check(enum vnet_set_type type, u32 keys)
{
	struct vnet_key key;
	u32 i, hits = 0;
	bool expected;

	assert_int_equal(vnet_set_count(set), model_count);
	for (i = 0; i < keys; i++) {
		random_key(&key);
		expected = model_has(type, &key);
		assert_int_equal(has(set, &key, whats[type][0]), expected);
		assert_int_equal(has(set, &key, whats[type][1]), expected);
		/* Not what this type of set is asked for. */
		assert_false(has(set, &key, whats[type % VNET_SET_TYPE_MAX + 1][shim_below(2)]));
		hits += expected;
	}
	return hits;
}

static void random_add(enum vnet_set_type type)
{
	struct vnet_set_element e;
	bool is_new;

	random_element(&e);
	is_new = model_find(type, &e) == model_count;
	if (is_new && model_count == MOST)
		return;
	assert_int_equal(vnet_set_contains(set, &e), !is_new);
	assert_int_equal(add(&e), is_new);
	if (is_new)
		model[model_count++] = e;
}

static void random_del(enum vnet_set_type type)
{
	struct vnet_set_element e;
	u32 i;

	random_element(&e);
	if (model_count && shim_below(2))
		e = model[shim_below(model_count)];
	i = model_find(type, &e);
	assert_int_equal(vnet_set_del(set, &e), i < model_count ? 0 : -ENOENT);
	if (i < model_count)
		model[i] = model[--model_count];
}

static void random_replace(enum vnet_set_type type)
{
	struct vnet_set_element e[MOST];
	u32 count = shim_below(MOST), i;

	for (i = 0; i < count; i++)
		random_element(&e[i]);
	assert_int_equal(vnet_set_replace(set, e, count), 0);
	model_count = 0;
	for (i = 0; i < count; i++)
		if (model_find(type, &e[i]) == model_count)
			model[model_count++] = e[i];
}

static void check_type(enum vnet_set_type type)
{
	u32 i, hits = 0, asked = 0;

	set = vnet_set_create(type);
	assert_int_equal(vnet_set_type(set), type);
	model_count = 0;
	for (i = 0; i < 3000; i++) {
		if (!shim_below(100))
			random_replace(type);
		else if (shim_below(5) < 3)
			random_add(type);
		else
			random_del(type);
		hits += check(type, 10);
		asked += 10;
	}
	assert_in_range(hits, asked / 20, asked - asked / 40);
	vnet_set_destroy(set);
	rcu_barrier();
	assert_int_equal(shim_allocated(), 0);
}

static void test_random_changes(void **state)
{
	enum vnet_set_type type;

	for (type = VNET_SET_ADDRESSES; type <= VNET_SET_TYPE_MAX; type++)
		check_type(type);
}

/* All ports, one range in another, and ranges that overlap. */
static void test_ports(void **state)
{
	struct vnet_key key = { .flags = VNET_KEY_PORTS };
	struct vnet_set_element all = { .port_max = 65535 };
	struct vnet_set_element a = { .port_min = 10, .port_max = 20 };
	struct vnet_set_element b = { .port_min = 15, .port_max = 25 };
	u32 port;

	set = vnet_set_create(VNET_SET_PORTS);
	assert_true(add(&all) && add(&a) && add(&b));
	assert_int_equal(vnet_set_del(set, &all), 0);
	assert_int_equal(vnet_set_del(set, &a), 0);
	for (port = 0; port < 65536; port++) {
		key.dport = cpu_to_be16(port);
		assert_int_equal(has(set, &key, VNET_SET_DPORT), port >= 15 && port <= 25);
	}
	vnet_set_destroy(set);
}

static void test_no_memory(void **state)
{
	struct vnet_set_element e[3] = {
		{ .version = 4, .prefix_len = 32, .port_min = 1, .port_max = 2, .mac = { 2 },
		  .member = 1 },
		{ .version = 4, .prefix_len = 31, .port_min = 3, .port_max = 4, .mac = { 4 },
		  .member = 2 },
		{ .version = 6, .prefix_len = 64, .port_min = 5, .port_max = 6, .mac = { 6 },
		  .member = 3 },
	};
	enum vnet_set_type type;
	bool unchanged;
	size_t memory;
	int err, n;

	for (type = VNET_SET_ADDRESSES; type <= VNET_SET_TYPE_MAX; type++) {
		for (n = 1; ; n++) {
			shim_fail_at(n);
			set = vnet_set_create(type);
			if (!shim_failed())
				break;
			assert_null(set);
			assert_int_equal(shim_allocated(), 0);
		}
		for (n = 1; ; n++) {
			memory = shim_allocated();
			shim_fail_at(n);
			err = vnet_set_add(set, &e[0], &unchanged);
			if (!shim_failed())
				break;
			assert_int_equal(err, -ENOMEM);
			assert_int_equal(shim_allocated(), memory);
			assert_int_equal(vnet_set_count(set), 0);
		}
		for (n = 1; ; n++) {
			memory = shim_allocated();
			shim_fail_at(n);
			err = vnet_set_replace(set, e, 3);
			if (!shim_failed())
				break;
			assert_int_equal(err, -ENOMEM);
			assert_int_equal(shim_allocated(), memory);
			assert_int_equal(vnet_set_count(set), 1);
		}
		assert_int_equal(err, 0);
		assert_int_equal(vnet_set_count(set), 3);
		vnet_set_destroy(set);
	}
	vnet_set_destroy(NULL);
}

/* As many elements as there may be, of some prefix lengths. */
static void test_most_elements(void **state)
{
	struct vnet_set_element *e = calloc(VNET_SET_ELEMENTS_MAX + 1, sizeof(*e));
	struct vnet_key key = { .flags = VNET_KEY_IP, .version = 4 };
	u32 i, host;
	bool unchanged;

	for (i = 0; i <= VNET_SET_ELEMENTS_MAX; i++) {
		e[i].version = 4;
		e[i].prefix_len = i % 4 ? 32 : 30;
		host = cpu_to_be32(i * 8);
		memcpy(e[i].addr.bytes, &host, 4);
	}
	set = vnet_set_create(VNET_SET_ADDRESSES);
	assert_int_equal(vnet_set_replace(set, e, VNET_SET_ELEMENTS_MAX + 1), -ENOSPC);
	assert_int_equal(vnet_set_count(set), 0);
	assert_int_equal(vnet_set_replace(set, e, VNET_SET_ELEMENTS_MAX), 0);
	assert_int_equal(vnet_set_count(set), VNET_SET_ELEMENTS_MAX);
	assert_int_equal(vnet_set_add(set, &e[VNET_SET_ELEMENTS_MAX], &unchanged), -ENOSPC);
	/* One allocation for each element, and a few. */
	assert_true(shim_allocated() < VNET_SET_ELEMENTS_MAX + 10);
	for (i = 0; i < VNET_SET_ELEMENTS_MAX; i += 777) {
		key.saddr = e[i].addr;
		assert_true(has(set, &key, VNET_SET_SRC_IP));
		key.saddr.bytes[3] |= 3;
		assert_int_equal(has(set, &key, VNET_SET_SRC_IP), i % 4 == 0);
	}
	vnet_set_destroy(set);
	free(e);
}

/* Rules that ask sets, among others, inverted and not. */
static void test_rules(void **state)
{
	struct vnet_match m[3] = {
		{ .fields = VNET_MATCH_IN(VNET_SET_SRC_IP) | VNET_MATCH_IN(VNET_SET_DPORT) },
		{ .fields = VNET_MATCH_IN(VNET_SET_SRC_IP), .inverted = ~0U },
		{},
	};
	struct vnet_set_element net = { .version = 4, .prefix_len = 8, .addr.bytes = { 10 } };
	struct vnet_set_element web = { .port_min = 80, .port_max = 80 };
	struct vnet_key key = { .flags = VNET_KEY_IP | VNET_KEY_PORTS, .version = 4 };
	struct vnet_set *nets = vnet_set_create(VNET_SET_ADDRESSES);
	struct vnet_set *ports = vnet_set_create(VNET_SET_PORTS);
	struct vnet_match_rule *rules[3];
	struct vnet_match_edit edit;
	struct vnet_match_set *built;
	struct rcu_head *retired = NULL;
	u32 i;

	m[0].sets[VNET_SET_SRC_IP] = nets;
	m[0].sets[VNET_SET_DPORT] = ports;
	m[1].sets[VNET_SET_SRC_IP] = nets;
	for (i = 0; i < 3; i++)
		rules[i] = vnet_match_compile(&m[i], i, &m[i]);
	assert_int_equal(vnet_match_replace(&edit, NULL, rules, 3), 0);
	built = vnet_match_commit(&edit, &retired);

	rcu_read_lock();
	key.saddr.bytes[0] = 10;
	key.dport = cpu_to_be16(80);
	assert_ptr_equal(vnet_match_find(built, &key, 0), &m[1]);
	rcu_read_unlock();
	set = nets;
	add(&net);
	rcu_read_lock();
	assert_ptr_equal(vnet_match_find(built, &key, 0), &m[2]);
	rcu_read_unlock();
	set = ports;
	add(&web);
	rcu_read_lock();
	assert_ptr_equal(vnet_match_find(built, &key, 0), &m[0]);
	key.saddr.bytes[0] = 11;
	assert_ptr_equal(vnet_match_find(built, &key, 0), &m[1]);
	/* No address at all is not another address. */
	key.flags = VNET_KEY_PORTS;
	assert_ptr_equal(vnet_match_find(built, &key, 0), &m[2]);
	rcu_read_unlock();

	/* It is one rule with one set, and another one with another set. */
	assert_true(vnet_match_equal(&m[0], &m[0]));
	m[2] = m[0];
	m[2].sets[VNET_SET_DPORT] = nets;
	assert_false(vnet_match_equal(&m[0], &m[2]));
	vnet_match_free(built);
	for (i = 0; i < 3; i++)
		vnet_match_rule_free(rules[i]);
	vnet_set_destroy(nets);
	vnet_set_destroy(ports);
}

#define GROUPS	6
#define MEMBERS	40
#define RULES	300

static bool inverted(const struct vnet_match *m)
{
	return m->inverted & VNET_MATCH_IN(VNET_SET_MEMBER);
}

/* Rules about groups of members, which change all the time, against the naive walk. */
static void test_groups(void **state)
{
	struct vnet_set *group[GROUPS];
	u32 asked[RULES];
	static struct vnet_match m[RULES], plain[RULES];
	struct world w = world_of(WORLD_MIXED, RULES);
	static struct vnet_match_rule *rules[RULES];
	bool in[GROUPS][MEMBERS + 1] = {}, unchanged;
	struct rcu_head *retired = NULL;
	struct vnet_match_edit edit;
	struct vnet_match_set *built;
	struct vnet_set_element e;
	struct vnet_key key;
	u32 i, n, g, member, hits = 0;
	struct vnet_match *found;

	for (g = 0; g < GROUPS; g++)
		group[g] = vnet_set_create(VNET_SET_MEMBERS);
	for (i = 0; i < RULES; i++) {
		world_rule(&w, &m[i]);
		/* Some ask for nothing else. */
		if (!shim_below(8))
			memset(&m[i], 0, sizeof(m[i]));
		plain[i] = m[i];
		g = shim_below(GROUPS);
		asked[i] = g;
		m[i].sets[VNET_SET_MEMBER] = group[g];
		m[i].fields |= VNET_MATCH_IN(VNET_SET_MEMBER);
		if (!shim_below(4))
			m[i].inverted |= VNET_MATCH_IN(VNET_SET_MEMBER);
		rules[i] = vnet_match_compile(&m[i], i, &m[i]);
	}
	assert_int_equal(vnet_match_replace(&edit, NULL, rules, RULES), 0);
	built = vnet_match_commit(&edit, &retired);
	for (n = 0; n < 100000; n++) {
		g = shim_below(GROUPS);
		member = 1 + shim_below(MEMBERS);
		e = (struct vnet_set_element){ .member = member };
		/* Few are in any, so that rules behind the first ones decide too. */
		if (in[g][member]) {
			assert_int_equal(vnet_set_del(group[g], &e), 0);
			in[g][member] = false;
		} else if (!shim_below(8)) {
			assert_int_equal(vnet_set_add(group[g], &e, &unchanged), 0);
			in[g][member] = true;
		}
		corner_key(&w, &key, &plain[shim_below(RULES)]);
		member = 1 + shim_below(MEMBERS);
		for (i = 0; i < RULES; i++)
			if (in[asked[i]][member] != inverted(&m[i]) &&
			    oracle_matches(&plain[i], &key, member))
				break;
		rcu_read_lock();
		found = vnet_match_find(built, &key, member);
		rcu_read_unlock();
		assert_int_equal(found ? found - m : RULES, i);
		hits += found && !inverted(found);
	}
	printf("# %u of %u verdicts by membership\n", hits, n);
	assert_true(hits > n / 50);
	vnet_match_free(built);
	for (i = 0; i < RULES; i++)
		vnet_match_rule_free(rules[i]);
	for (g = 0; g < GROUPS; g++)
		vnet_set_destroy(group[g]);
}

static int setup(void **state)
{
	shim_reset();
	return 0;
}

static int teardown(void **state)
{
	rcu_barrier();
	assert_int_equal(shim_allocated(), 0);
	return 0;
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_random_changes),
		CASE(test_ports),
		CASE(test_no_memory),
		CASE(test_most_elements),
		CASE(test_rules),
		CASE(test_groups),
	};

	shim_seed();
	return cmocka_run_group_tests_name("set", tests, NULL, NULL);
}
