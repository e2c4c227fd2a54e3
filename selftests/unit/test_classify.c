// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/set_table.c kmod/set_ask.c kmod/match.c kmod/match_compile.c kmod/match_rule.c kmod/match_node.c kmod/match_split.c kmod/match_path.c kmod/match_build.c kmod/match_edit.c kmod/match_change.c
// LIBS: -lpthread
/*
 * The classifier as a whole: many rules, rules that come and go, sets that are as bad
 * as can be, readers while it changes; against an oracle that asks rule after rule.
 */
#include "unit.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <time.h>
#include <linux/slab.h>

#include "match_world.h"

/*
 * A set and what it was made of; rule i has order i
 */

struct bed {
	struct world world;
	struct vnet_match *rules;
	struct vnet_match_rule **compiled;
	bool *present;
	u32 count;
	struct vnet_match_set *set;
	u64 verdicts;
	u64 hits;
};

static void free_nodes(struct rcu_head *retired)
{
	struct rcu_head *next;

	for (; retired; retired = next) {
		next = retired->next;
		vnet_match_node_free_rcu(retired);
	}
}

static void commit(struct bed *bed, struct vnet_match_edit *edit)
{
	struct rcu_head *retired = NULL;

	bed->set = vnet_match_commit(edit, &retired);
	free_nodes(retired);
}

static void create(struct bed *bed, struct world world, u32 count)
{
	memset(bed, 0, sizeof(*bed));
	bed->world = world;
	bed->count = count;
	bed->rules = calloc(count, sizeof(*bed->rules));
	bed->compiled = calloc(count, sizeof(*bed->compiled));
	bed->present = calloc(count, sizeof(*bed->present));
}

/* After the rules have been filled in. */
static void compile(struct bed *bed)
{
	u32 i;

	for (i = 0; i < bed->count; i++)
		bed->compiled[i] = vnet_match_compile(&bed->rules[i], i, &bed->rules[i]);
}

static void destroy(struct bed *bed)
{
	u32 i;

	vnet_match_free(bed->set);
	for (i = 0; i < bed->count; i++)
		vnet_match_rule_free(bed->compiled[i]);
	free(bed->rules);
	free(bed->compiled);
	free(bed->present);
	assert_int_equal(shim_allocated(), 0);
}

static int build(struct bed *bed)
{
	struct vnet_match_edit edit;
	int err = vnet_match_replace(&edit, bed->set, bed->compiled, bed->count);

	if (err)
		return err;
	commit(bed, &edit);
	memset(bed->present, 1, bed->count * sizeof(*bed->present));
	return 0;
}

/* Takes a rule in or out, whichever is possible. */
static int toggle(struct bed *bed, u32 i)
{
	struct vnet_match_edit edit;
	int err;

	err = vnet_match_change(&edit, bed->set, &bed->compiled[i], bed->present[i],
				&bed->compiled[i], !bed->present[i]);
	if (err)
		return err;
	commit(bed, &edit);
	bed->present[i] = !bed->present[i];
	return 0;
}

static void check_key(struct bed *bed, const struct vnet_key *key, u32 member)
{
	const struct vnet_match *found = NULL;
	int expected, index;
	u32 steps = 0;

	if (bed->set)
		found = vnet_match_find_counted(bed->set, key, member, &steps);
	index = found ? found - bed->rules : -1;
	expected = oracle_find(bed->rules, bed->present, bed->count, key, member);
	if (index != expected)
		fail_msg("found %d, the oracle says %d", index, expected);
	assert_true(steps <= vnet_match_steps(bed->set));
	bed->verdicts++;
	bed->hits += index >= 0;
}

static void check_limits(const struct bed *bed)
{
	u32 count = vnet_match_count(bed->set);

	assert_true(vnet_match_steps(bed->set) <= VNET_MATCH_STEPS_MAX);
	assert_true(vnet_match_places(bed->set) <=
		    count * VNET_MATCH_PLACES_PER_RULE + VNET_MATCH_PLACES_SMALL);
}

static void check(struct bed *bed, u32 keys)
{
	struct vnet_key key;
	u32 member;

	check_limits(bed);
	while (keys--) {
		member = corner_key(&bed->world, &key, &bed->rules[shim_below(bed->count)]);
		check_key(bed, &key, member);
	}
}

static void create_world(struct bed *bed, enum world_style style, u32 count)
{
	u32 i;

	create(bed, world_of(style, count), count);
	for (i = 0; i < count; i++)
		world_rule(&bed->world, &bed->rules[i]);
	compile(bed);
}

/*
 * Many rules
 */

static void check_size(u32 count, u32 keys, u64 *verdicts, u64 *hits)
{
	enum world_style style;
	struct bed bed;

	for (style = 0; style < WORLD_STYLES; style++) {
		create_world(&bed, style, count);
		assert_int_equal(build(&bed), 0);
		assert_int_equal(vnet_match_count(bed.set), count);
		check(&bed, keys);
		*verdicts += bed.verdicts;
		*hits += bed.hits;
		destroy(&bed);
	}
}

static void test_sizes(void **state)
{
	u64 verdicts = 0, hits = 0;
	u32 i;

	for (i = 0; i < 100; i++)
		check_size(1 + shim_below(60), 1000, &verdicts, &hits);
	for (i = 0; i < 5; i++)
		check_size(500 + shim_below(1500), 1000, &verdicts, &hits);
	check_size(10000, 400, &verdicts, &hits);
	check_size(100000, 30, &verdicts, &hits);
	printf("# %llu verdicts, %llu of them hits\n", (unsigned long long)verdicts,
	       (unsigned long long)hits);
	assert_in_range(hits, verdicts / 5, verdicts);
}

/* Rules come and go one by one, and some at once. */
static void check_churn(enum world_style style, u32 count, u32 changes, u64 *verdicts)
{
	struct vnet_match_rule *out[8], *in[8];
	u32 outs, ins, i, n, first;
	struct vnet_match_edit edit;
	struct bed bed;

	create_world(&bed, style, count);
	for (n = 0; n < changes; n++) {
		/* It fills up, then it empties. */
		if (n / count % 2 == bed.present[i = shim_below(count)])
			i = shim_below(count);
		assert_int_equal(toggle(&bed, i), 0);
		check(&bed, 2);
		if (n % 16)
			continue;
		outs = 0;
		ins = 0;
		first = shim_below(count);
		for (i = first; i < count && i < first + 8; i++)
			*(bed.present[i] ? &out[outs++] : &in[ins++]) = bed.compiled[i];
		assert_int_equal(vnet_match_change(&edit, bed.set, out, outs, in, ins), 0);
		commit(&bed, &edit);
		for (i = first; i < count && i < first + 8; i++)
			bed.present[i] = !bed.present[i];
		check(&bed, 8);
	}
	for (i = 0; i < count; i++)
		if (bed.present[i])
			assert_int_equal(toggle(&bed, i), 0);
	assert_null(bed.set);
	*verdicts += bed.verdicts;
	destroy(&bed);
}

static void test_churn(void **state)
{
	enum world_style style;
	u64 verdicts = 0;

	for (style = 0; style < WORLD_STYLES; style++) {
		check_churn(style, 20, 2000, &verdicts);
		check_churn(style, 600, 4000, &verdicts);
	}
	check_churn(WORLD_MIXED, 4000, 6000, &verdicts);
	printf("# %llu verdicts\n", (unsigned long long)verdicts);
}

/* What is loaded and what is added one by one needs the same memory, in proportion. */
static void test_memory_is_linear(void **state)
{
	static const u32 sizes[] = { 500, 3000, 40000 };
	enum world_style style;
	struct bed bed;
	size_t each;
	u32 i, j;

	for (style = 0; style < WORLD_STYLES; style++) {
		for (i = 0; i < ARRAY_SIZE(sizes); i++) {
			create_world(&bed, style, sizes[i]);
			if (i < 2)
				for (j = 0; j < sizes[i]; j++)
					assert_int_equal(toggle(&bed, j), 0);
			else
				assert_int_equal(build(&bed), 0);
			each = vnet_match_bytes(bed.set) / sizes[i];
			assert_in_range(each, 50, 500);
			/* The sum is kept up change by change. */
			assert_int_equal(build(&bed), 0);
			assert_in_range(vnet_match_bytes(bed.set) / sizes[i], 50, each * 3 / 2);
			while (i < 2 && bed.set && vnet_match_count(bed.set) > 1)
				assert_int_equal(toggle(&bed, vnet_match_count(bed.set) - 1), 0);
			if (i < 2)
				assert_in_range(vnet_match_bytes(bed.set), 100, 1000);
			destroy(&bed);
		}
	}
}

/*
 * Sets as bad as can be
 */

static void any_prefix(union vnet_addr *addr, u8 len)
{
	u32 i;

	for (i = 0; i < 4; i++)
		addr->bytes[i] = shim_random();
	world_mask(addr, 4, len);
}

/* One and the same rule, again and again. */
static void bad_same(struct vnet_match *m, u32 i)
{
}

/* Any combination of prefix lengths, but for those that would hide all behind them. */
static void bad_tuples(struct vnet_match *m, u32 i)
{
	m->fields = VNET_MATCH_SRC_IP | VNET_MATCH_DST_IP;
	m->version = 4;
	m->src_prefix_len = 32 - i % 31;
	m->dst_prefix_len = 32 - i / 31 % 31;
	any_prefix(&m->src_ip, m->src_prefix_len);
	any_prefix(&m->dst_ip, m->dst_prefix_len);
}

/* Any combination of fields. */
static void bad_fields(struct vnet_match *m, u32 i)
{
	struct world w = world_of(WORLD_ACL, 1000);

	world_rule(&w, m);
	m->src_prefix_len = min_t(u8, m->src_prefix_len, 32);
	m->dst_prefix_len = min_t(u8, m->dst_prefix_len, 32);
	memset(m->dst_mac_mask, 0xff, 6);
	m->member = shim_below(10);
	m->ethertype = cpu_to_be16(0x0800);
	m->proto = shim_below(20);
	m->dscp = shim_below(64);
	m->pcp = shim_below(8);
	m->states = 1 + shim_below(15);
	m->fields = (shim_random() | shim_random()) & IP_FIELDS;
	m->version = m->fields & (VNET_MATCH_SRC_IP | VNET_MATCH_DST_IP) ? 4 : 0;
}

/* Ranges of one port: anywhere, */
static void bad_ranges(struct vnet_match *m, u32 i)
{
	m->fields = VNET_MATCH_DPORT;
	m->dport_min = shim_random();
	m->dport_max = m->dport_min + shim_below(65536 - m->dport_min);
}

/* each in the one before, */
static void bad_nest(struct vnet_match *m, u32 i)
{
	m->fields = VNET_MATCH_DPORT;
	m->dport_min = 20000 - i;
	m->dport_max = 30000 + i;
}

/* each around those behind it, */
static void bad_onion(struct vnet_match *m, u32 i)
{
	m->fields = VNET_MATCH_DPORT;
	m->dport_min = i;
	m->dport_max = 65535 - i;
}

/* and like the steps of a stair. */
static void bad_stair(struct vnet_match *m, u32 i)
{
	m->fields = VNET_MATCH_SPORT | VNET_MATCH_PROTO;
	m->proto = 6;
	m->sport_min = 7 * i;
	m->sport_max = 7 * i + 9000;
}

/* Ranges of both ports. */
static void bad_squares(struct vnet_match *m, u32 i)
{
	bad_ranges(m, i);
	m->fields |= VNET_MATCH_SPORT;
	m->sport_min = shim_random();
	m->sport_max = m->sport_min + shim_below(65536 - m->sport_min);
}

/* A mask for each rule. */
static void bad_masks(struct vnet_match *m, u32 i)
{
	u32 j;

	m->fields = VNET_MATCH_SRC_MAC;
	for (j = 0; j < 6; j++) {
		m->src_mac_mask[j] = shim_random() & shim_random();
		m->src_mac[j] = shim_random() & m->src_mac_mask[j];
	}
}

/* Nothing that tells one rule from another but what they do not want. */
static void bad_inverted(struct vnet_match *m, u32 i)
{
	m->fields = VNET_MATCH_SRC_IP;
	m->inverted = VNET_MATCH_SRC_IP;
	m->version = 4;
	m->src_prefix_len = 32;
	any_prefix(&m->src_ip, 32);
}

struct bad {
	const char *name;
	void (*make)(struct vnet_match *m, u32 i);
	u32 count;
	bool fits;	/* all of it has to be accepted */
};

static const struct bad bads[] = {
	{ "same", bad_same, 5000, true },
	{ "tuples", bad_tuples, 3000, false },
	{ "fields", bad_fields, 3000, false },
	{ "ranges", bad_ranges, 3000, true },
	{ "nest", bad_nest, 3000, true },
	{ "onion", bad_onion, 3000, true },
	{ "stair", bad_stair, 3000, true },
	{ "squares", bad_squares, 1000, false },
	{ "masks", bad_masks, 1500, false },
	{ "inverted", bad_inverted, 1500, false },
};

static void create_bad(struct bed *bed, const struct bad *bad)
{
	u32 i;

	create(bed, world_of(WORLD_ACL, bad->count), bad->count);
	for (i = 0; i < bad->count; i++)
		bad->make(&bed->rules[i], i);
	compile(bed);
}

/* Adds rules until too many have been refused; what is refused changes nothing. */
static u32 add_bad(struct bed *bed, u32 patience)
{
	u32 i, n, accepted = 0, before;
	int err;

	/* In an order that is not theirs. */
	for (n = 0; n < bed->count && patience; n++) {
		i = (u64)n * 1999 % bed->count;
		before = vnet_match_count(bed->set);
		err = toggle(bed, i);
		if (err) {
			assert_int_equal(err, -E2BIG);
			assert_int_equal(vnet_match_count(bed->set), before);
			patience--;
		}
		accepted += !err;
		check_limits(bed);
		if (n % 16 == 0)
			check(bed, 2);
	}
	return accepted;
}

static void check_bad(const struct bad *bad)
{
	u32 accepted, i;
	struct bed bed;
	int err;

	create_bad(&bed, bad);
	accepted = add_bad(&bed, 12);
	check(&bed, 1500);
	printf("# %s: %u of %u one by one, %u steps, %u places", bad->name, accepted,
	       bad->count, vnet_match_steps(bed.set), vnet_match_places(bed.set));
	/* More than a walk along all rules could do within the bound. */
	assert_true(accepted >= 500);
	if (bad->fits)
		assert_int_equal(accepted, bad->count);
	/* What has been accepted can go again. */
	for (i = 0; i < bad->count; i++)
		if (bed.present[i] && shim_below(4))
			assert_int_equal(toggle(&bed, i), 0);
	check(&bed, 1000);
	err = build(&bed);
	printf("; at once: %s, %u steps\n", err ? "refused" : "all", vnet_match_steps(bed.set));
	assert_true(!err || (err == -E2BIG && !bad->fits));
	check(&bed, 1000);
	destroy(&bed);
}

static void test_bad_sets(void **state)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bads); i++)
		check_bad(&bads[i]);
}

/* As long as the bound allows no more, a set is found to be too bad at once. */
static void test_refused_at_once(void **state)
{
	struct vnet_match_edit edit;
	struct bad bad = bads[ARRAY_SIZE(bads) - 1];
	struct bed bed;
	size_t memory;

	bad.count = 20000;
	create_bad(&bed, &bad);
	memory = shim_allocated();
	assert_int_equal(vnet_match_replace(&edit, NULL, bed.compiled, bed.count), -E2BIG);
	assert_int_equal(shim_allocated(), memory);
	destroy(&bed);
}

/*
 * Failing allocations
 */

static void check_failures(struct bed *bed, u32 i)
{
	struct vnet_match_set *before;
	unsigned int n;
	size_t memory;
	int err;

	for (n = 1; ; n++) {
		memory = shim_allocated();
		before = bed->set;
		shim_fail_at(n);
		err = toggle(bed, i);
		if (!shim_failed())
			break;
		assert_int_equal(err, -ENOMEM);
		assert_ptr_equal(bed->set, before);
		assert_int_equal(shim_allocated(), memory);
		check(bed, 1);
	}
	assert_int_equal(err, 0);
}

static void test_no_memory(void **state)
{
	struct bed bed;
	u32 n;

	create_world(&bed, WORLD_MIXED, 300);
	for (n = 0; n < 600; n++)
		check_failures(&bed, n % 300);
	assert_null(bed.set);
	destroy(&bed);
	create_bad(&bed, &bads[3]);
	for (n = 0; n < 100; n++)
		check_failures(&bed, n);
	destroy(&bed);
}

/* So many at once that all is built afresh. */
static void test_large_changes(void **state)
{
	struct vnet_match_rule **out, **in;
	struct vnet_match_edit edit;
	u32 i, n, outs, ins;
	struct bed bed;

	create_world(&bed, WORLD_MIXED, 1500);
	out = calloc(bed.count, sizeof(*out));
	in = calloc(bed.count, sizeof(*in));
	for (n = 0; n < 20; n++) {
		outs = 0;
		ins = 0;
		for (i = 0; i < bed.count; i++) {
			/* From the end, so that they are not in order. */
			u32 j = bed.count - 1 - i;

			if (!shim_below(3))
				continue;
			*(bed.present[j] ? &out[outs++] : &in[ins++]) = bed.compiled[j];
			bed.present[j] = !bed.present[j];
		}
		assert_int_equal(vnet_match_change(&edit, bed.set, out, outs, in, ins), 0);
		commit(&bed, &edit);
		if (outs)
			assert_int_equal(vnet_match_change(&edit, bed.set, out, outs, in, 0),
					 -ENOENT);
		check(&bed, 200);
	}
	free(out);
	free(in);
	destroy(&bed);
}

static void test_unknown_rule(void **state)
{
	struct vnet_match_edit edit;
	struct bed bed;
	u32 i;

	create_world(&bed, WORLD_MIXED, 500);
	assert_int_equal(vnet_match_change(&edit, NULL, bed.compiled, 1, NULL, 0), -ENOENT);
	for (i = 0; i < 500; i += 2)
		assert_int_equal(toggle(&bed, i), 0);
	for (i = 1; i < 500; i += 2)
		assert_int_equal(vnet_match_change(&edit, bed.set, &bed.compiled[i], 1,
						   NULL, 0), -ENOENT);
	check(&bed, 1000);
	destroy(&bed);
}

/*
 * Readers while it changes. Of two sets of rules, both of which find the right rule
 * for each key, now this one is in force and now that one. Any mixture of both finds
 * a wrong one, or a rule that has gone.
 */

#define READERS		2
#define FLOWS		64
#define FLIPS		400
#define FLIP_SECONDS	3

static char right, wrong;
static struct vnet_match_set *published;
static bool stop;

struct reader {
	pthread_t thread;
	unsigned long rounds;
	unsigned long mistakes;
} readers[READERS];

static struct vnet_key flow_key(u32 flow)
{
	struct vnet_key key = {
		.ethertype = cpu_to_be16(0x0800),
		.flags = VNET_KEY_IP | VNET_KEY_PROTO | VNET_KEY_PORTS,
		.version = 4,
		.proto = 17,
		.dport = cpu_to_be16(flow),
	};

	key.saddr.bytes[3] = flow;
	return key;
}

static struct vnet_match_rule *flow_rule(u32 flow, u32 fields, u64 order, void *owner)
{
	struct vnet_match m = {
		.fields = fields,
		.version = 4,
		.src_prefix_len = 32,
		.proto = 17,
		.dport_min = flow,
		.dport_max = flow,
	};

	m.src_ip.bytes[3] = flow;
	return vnet_match_compile(&m, order, owner);
}

static void *read_on(void *arg)
{
	struct reader *reader = arg;
	struct vnet_match_set *set;
	struct vnet_key key;
	u32 flow;

	while (!__atomic_load_n(&stop, __ATOMIC_RELAXED)) {
		set = __atomic_load_n(&published, __ATOMIC_ACQUIRE);
		for (flow = 0; flow < FLOWS; flow++) {
			key = flow_key(flow);
			if (vnet_match_find(set, &key, 0) != &right)
				reader->mistakes++;
		}
		/* From here on it holds nothing. */
		__atomic_fetch_add(&reader->rounds, 1, __ATOMIC_RELEASE);
	}
	return NULL;
}

/* Until each reader has been without a set since now. */
static void wait_for_readers(void)
{
	unsigned long before;
	u32 i;

	for (i = 0; i < READERS; i++) {
		before = __atomic_load_n(&readers[i].rounds, __ATOMIC_ACQUIRE);
		while (__atomic_load_n(&readers[i].rounds, __ATOMIC_ACQUIRE) == before)
			sched_yield();
	}
}

static void flip(struct vnet_match_rule **out, u32 outs, struct vnet_match_rule **in, u32 ins)
{
	struct rcu_head *retired = NULL;
	struct vnet_match_edit edit;

	assert_int_equal(vnet_match_change(&edit, published, out, outs, in, ins), 0);
	__atomic_store_n(&published, vnet_match_commit(&edit, &retired), __ATOMIC_RELEASE);
	/* Who still reads it is found out by the address sanitizer. */
	wait_for_readers();
	free_nodes(retired);
}

static void test_readers(void **state)
{
	struct vnet_match_rule *these[2 * FLOWS], *those[FLOWS], *all;
	struct rcu_head *retired = NULL;
	struct vnet_match_edit edit;
	time_t end;
	u32 i;

	for (i = 0; i < FLOWS; i++) {
		/* The first one shields from the second one, which is for the flow too. */
		these[2 * i] = flow_rule(i, VNET_MATCH_SRC_IP | VNET_MATCH_DPORT, i, &right);
		these[2 * i + 1] = flow_rule(i, VNET_MATCH_DPORT | VNET_MATCH_PROTO,
					     1000 + i, &wrong);
		those[i] = flow_rule(i, VNET_MATCH_SRC_IP, 2000 + i, &right);
	}
	all = flow_rule(0, 0, 9999, &wrong);
	assert_int_equal(vnet_match_change(&edit, NULL, NULL, 0, these, 2 * FLOWS), 0);
	published = vnet_match_commit(&edit, &retired);
	free_nodes(retired);
	stop = false;
	for (i = 0; i < READERS; i++) {
		readers[i].mistakes = 0;
		assert_int_equal(pthread_create(&readers[i].thread, NULL, read_on, &readers[i]), 0);
	}
	flip(NULL, 0, &all, 1);
	/* On a slow machine, fewer will do. */
	for (i = 0, end = time(NULL) + FLIP_SECONDS; i < FLIPS && time(NULL) <= end; i++) {
		flip(these, 2 * FLOWS, those, FLOWS);
		flip(those, FLOWS, these, 2 * FLOWS);
	}
	__atomic_store_n(&stop, true, __ATOMIC_RELAXED);
	printf("# %u flips\n", 2 * i);
	for (i = 0; i < READERS; i++) {
		pthread_join(readers[i].thread, NULL);
		assert_int_equal(readers[i].mistakes, 0);
	}
	vnet_match_free(published);
	for (i = 0; i < 2 * FLOWS; i++)
		vnet_match_rule_free(these[i]);
	for (i = 0; i < FLOWS; i++)
		vnet_match_rule_free(those[i]);
	vnet_match_rule_free(all);
}

static int reset(void **state)
{
	shim_reset();
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_sizes, reset),
		cmocka_unit_test_setup(test_churn, reset),
		cmocka_unit_test_setup(test_memory_is_linear, reset),
		cmocka_unit_test_setup(test_bad_sets, reset),
		cmocka_unit_test_setup(test_refused_at_once, reset),
		cmocka_unit_test_setup(test_no_memory, reset),
		cmocka_unit_test_setup(test_large_changes, reset),
		cmocka_unit_test_setup(test_unknown_rule, reset),
		cmocka_unit_test_setup(test_readers, reset),
	};

	shim_seed();
	return cmocka_run_group_tests_name("classify", tests, NULL, NULL);
}
