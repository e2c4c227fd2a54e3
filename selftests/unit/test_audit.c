// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/rule.c kmod/rule_table.c kmod/rule_load.c kmod/rule_member.c kmod/rule_expire.c kmod/rule_promote.c kmod/stats.c kmod/rule_set.c kmod/set_list.c kmod/set_change.c kmod/set_table.c kmod/set_ask.c kmod/match.c kmod/match_compile.c kmod/match_rule.c kmod/match_node.c kmod/match_split.c kmod/match_path.c kmod/match_build.c kmod/match_edit.c kmod/match_change.c kmod/rule_class.c kmod/class.c kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c
/*
 * Rules in audit and rules that expire: that the former decide nothing and know what
 * they would have decided, how they are enforced, and which of the latter is next.
 */
#include "unit.h"

#include <linux/bottom_half.h>
#include <linux/ktime.h>
#include <linux/percpu.h>

#include "match_world.h"
#include "rule_world.h"

#define RULES	200
#define KEYS	4000

static struct vnet_rule_spec spec(const char *name, u32 priority, bool audit, u32 expires)
{
	struct vnet_rule_spec s = {
		.priority = priority,
		.direction = VNET_DIR_INGRESS,
		.action = VNET_ACTION_DROP,
		.audit = audit,
		.expires = expires,
	};

	snprintf(s.name, sizeof(s.name), "%s", name);
	return s;
}

static struct vnet_rule_verdict decide(const struct vnet_key *key, u32 member)
{
	struct vnet_rule_verdict said;

	rcu_read_lock();
	said = vnet_rule_decide(vnet_rule_active(&table), VNET_DIR_INGRESS, key, member);
	rcu_read_unlock();
	return said;
}

/*
 * The two lanes and the oracle
 */

/* In the order of evaluation. */
static struct vnet_rule_spec specs[RULES];
static struct vnet_match matches[RULES];
static bool enforced[RULES];
static unsigned int decided, would_have;

static void make_rules(const struct world *w)
{
	unsigned int i;

	for (i = 0; i < RULES; i++) {
		specs[i] = spec("", i / 4, shim_below(3) == 0, 0);
		sprintf(specs[i].name, "r%u", i);
		world_rule(w, &specs[i].match);
		matches[i] = specs[i].match;
		enforced[i] = !specs[i].audit;
	}
}

static void check_named(const struct vnet_rule *rule, int index)
{
	assert_int_equal(!rule, index < 0);
	if (rule)
		assert_string_equal(rule->spec.name, specs[index].name);
}

/*
 * The verdict is that of the first enforced rule that matches, and who would have
 * decided is the first one of all.
 */
static void check_keys(const struct world *w, unsigned int count)
{
	struct vnet_rule_verdict said;
	struct vnet_key key;
	int verdict, first;
	u32 member;

	while (count--) {
		member = corner_key(w, &key, &matches[shim_below(RULES)]);
		said = decide(&key, member);
		verdict = oracle_find(matches, enforced, RULES, &key, member);
		first = oracle_find(matches, NULL, RULES, &key, member);
		check_named(said.rule, verdict);
		check_named(said.audit, first == verdict ? -1 : first);
		decided += verdict >= 0;
		would_have += first != verdict;
	}
}

/* Some become enforced, some are put in audit, one by one. */
static void shuffle(void)
{
	unsigned int i, n;
	u32 promoted;

	for (n = 0; n < RULES / 4; n++) {
		i = shim_below(RULES);
		specs[i].audit = shim_below(2);
		if (!enforced[i] && !specs[i].audit) {
			assert_int_equal(vnet_rule_promote(&table, specs[i].name, &promoted), 0);
			assert_int_equal(promoted, 1);
		} else {
			assert_int_equal(set(specs[i]), enforced[i] == !specs[i].audit);
		}
		enforced[i] = !specs[i].audit;
	}
}

static void check_world(enum world_style style)
{
	struct world w = world_of(style, RULES);
	u32 promoted, audited = 0;
	unsigned int i;

	make_rules(&w);
	assert_int_equal(load(specs, RULES), 0);
	check_keys(&w, KEYS);
	shuffle();
	check_keys(&w, KEYS);
	for (i = 0; i < RULES; i++)
		audited += !enforced[i];
	assert_int_equal(vnet_rule_promote(&table, NULL, &promoted), 0);
	assert_int_equal(promoted, audited);
	memset(enforced, true, sizeof(enforced));
	check_keys(&w, KEYS);
	assert_int_equal(load(NULL, 0), 0);
	shim_rcu_run();
}

static void test_random_lanes(void **state)
{
	enum world_style style;

	shim_seed();
	vnet_rule_set_limit(&table, RULES);
	for (style = 0; style < WORLD_STYLES; style++)
		check_world(style);
	printf("# %u verdicts, %u would have been others\n", decided, would_have);
	assert_true(decided > KEYS);
	assert_true(would_have > KEYS / 4);
}

static bool any_enforced(void)
{
	bool is;

	rcu_read_lock();
	is = vnet_rule_any_enforced(vnet_rule_active(&table), VNET_DIR_INGRESS);
	rcu_read_unlock();
	return is;
}

static void test_any(void **state)
{
	u32 promoted;

	assert_int_equal(add(spec("a", 1, true, 0)), 0);
	assert_true(any(VNET_DIR_INGRESS));
	assert_false(any_enforced());
	assert_false(any(VNET_DIR_EGRESS));
	assert_int_equal(vnet_rule_promote(&table, NULL, &promoted), 0);
	assert_true(any_enforced());
	assert_int_equal(vnet_rule_del(&table, "a"), 0);
	assert_false(any(VNET_DIR_INGRESS));
}

static void hit(const char *name)
{
	local_bh_disable();
	vnet_stats_count(vnet_rule_find(&table, name)->hits, 100);
	local_bh_enable();
}

static void test_promote(void **state)
{
	struct vnet_rule *rule;
	u32 promoted = 9, generation;
	u64 id, position, expires_at;

	add(spec("a", 1, true, 60));
	add(spec("b", 1, false, 0));
	hit("a");
	hit("b");
	rule = vnet_rule_find(&table, "a");
	id = rule->id;
	position = rule->position;
	expires_at = rule->expires_at;
	generation = table.generation;
	shim_advance_ms(1000);

	assert_int_equal(vnet_rule_promote(&table, "none", &promoted), -ENOENT);
	assert_int_equal(promoted, 0);
	assert_int_equal(vnet_rule_promote(&table, "b", &promoted), 0);
	assert_int_equal(promoted, 0);
	assert_int_equal(table.generation, generation);
	assert_int_equal(vnet_rule_promote(&table, "a", &promoted), 0);
	assert_int_equal(promoted, 1);
	assert_int_equal(table.generation, generation + 1);
	rule = vnet_rule_find(&table, "a");
	assert_int_equal(rule->id, id);
	assert_int_equal(rule->position, position);
	assert_int_equal(rule->expires_at, expires_at);
	assert_int_equal(hits("a"), 0);
	assert_int_equal(hits("b"), 1);
	assert_int_equal(vnet_rule_promote(&table, NULL, &promoted), 0);
	assert_int_equal(promoted, 0);
	assert_int_equal(table.generation, generation + 1);
}

/* Fails at the first allocation, then at the second, and so on until it works. */
static void test_failing_promote(void **state)
{
	struct vnet_rule_table before;
	struct vnet_key key = {};
	unsigned int n;
	size_t memory;
	u32 promoted;
	int err;

	add(spec("a", 10, true, 0));
	add(spec("b", 20, true, 5));
	add(spec("c", 30, false, 0));
	for (n = 1; ; n++) {
		shim_rcu_run();
		memory = shim_allocated();
		before = table;
		shim_fail_at(n);
		err = vnet_rule_promote(&table, NULL, &promoted);
		if (!shim_failed())
			break;
		assert_int_equal(err, -ENOMEM);
		shim_rcu_run();
		assert_int_equal(shim_allocated(), memory);
		assert_memory_equal(&table, &before, sizeof(table));
		assert_string_equal(decide(&key, 0).rule->spec.name, "c");
		assert_string_equal(decide(&key, 0).audit->spec.name, "a");
	}
	assert_int_equal(err, 0);
	assert_true(n > 8);
	assert_string_equal(decide(&key, 0).rule->spec.name, "a");
	assert_null(decide(&key, 0).audit);
}

/* A rule that waits for its member is promoted as well, and binds in its new lane. */
static void test_promote_waiting(void **state)
{
	struct vnet_rule_spec s = spec("m", 1, true, 0);
	struct vnet_key key = {};
	u32 promoted;

	s.match.fields = VNET_MATCH_MEMBER;
	s.match.member = 5;
	strcpy(s.ifname, "tap0");
	add(s);
	assert_non_null(decide(&key, 5).audit);
	vnet_rule_unbind(&table, 5);
	assert_int_equal(vnet_rule_promote(&table, NULL, &promoted), 0);
	assert_int_equal(promoted, 1);
	assert_null(decide(&key, 5).audit);
	assert_null(decide(&key, 5).rule);
	assert_int_equal(vnet_rule_bind(&table, "tap0", 0, 6), 0);
	assert_non_null(decide(&key, 6).rule);
}

/*
 * Rules that expire
 */

static const char *next(void)
{
	struct vnet_rule *rule = vnet_rule_next_expiring(&table);

	return rule ? rule->spec.name : "none";
}

static u64 left(const char *name)
{
	return vnet_rule_expires_in(vnet_rule_find(&table, name));
}

static void test_expiring(void **state)
{
	struct vnet_rule_spec some[2] = { spec("b", 1, false, 20), spec("e", 1, false, 9) };

	assert_string_equal(next(), "none");
	add(spec("never", 1, false, 0));
	assert_string_equal(next(), "none");
	add(spec("c", 1, false, 30));
	add(spec("a", 1, true, 10));
	add(spec("b", 1, false, 20));
	add(spec("d", 1, false, 10));
	assert_string_equal(next(), "a");
	assert_int_equal(left("a"), 10 * NSEC_PER_SEC);
	shim_advance_ms(9999);
	assert_int_equal(left("a"), NSEC_PER_MSEC);
	shim_advance_ms(2);
	assert_int_equal(left("a"), 0);

	vnet_rule_postpone(&table, vnet_rule_next_expiring(&table), NSEC_PER_SEC);
	assert_string_equal(next(), "d");
	assert_int_equal(vnet_rule_del(&table, "d"), 0);
	assert_string_equal(next(), "a");
	assert_int_equal(vnet_rule_del(&table, "a"), 0);
	assert_string_equal(next(), "b");
	/* Set to never, and to another time. */
	assert_int_equal(set(spec("b", 1, false, 0)), 0);
	assert_string_equal(next(), "c");
	assert_int_equal(set(spec("b", 1, false, 20)), 0);
	assert_int_equal(left("b"), 20 * NSEC_PER_SEC);
	assert_string_equal(next(), "c");
	/* A set of which one is there already. */
	shim_advance_ms(5000);
	assert_int_equal(load(some, 2), 0);
	assert_string_equal(next(), "e");
	assert_int_equal(left("b"), 20 * NSEC_PER_SEC);
	shim_advance_ms(5000);
	assert_int_equal(load(some, 2), 0);
	assert_int_equal(left("b"), 20 * NSEC_PER_SEC);
	assert_int_equal(left("e"), 9 * NSEC_PER_SEC);
}

/* The time begins again, which is a change, and frames see nothing of it. */
static void test_begins_again(void **state)
{
	struct vnet_rule *rule;
	u32 generation;

	add(spec("a", 1, false, 10));
	add(spec("b", 1, false, 11));
	hit("a");
	rule = vnet_rule_find(&table, "a");
	generation = table.generation;
	shim_advance_ms(5000);
	assert_int_equal(add(spec("a", 1, false, 10)), 0);
	assert_ptr_equal(vnet_rule_find(&table, "a"), rule);
	assert_int_equal(left("a"), 10 * NSEC_PER_SEC);
	assert_string_equal(next(), "b");
	assert_int_equal(set(spec("b", 1, false, 11)), 0);
	assert_string_equal(next(), "a");
	assert_int_equal(hits("a"), 1);
	assert_int_equal(table.generation, generation);
	assert_int_equal(add(spec("a", 1, false, 11)), -EEXIST);
	assert_int_equal(add(spec("a", 1, false, 0)), -EEXIST);
}

/* What else a rule has is a part of it. */
static void test_same(void **state)
{
	struct vnet_rule_spec s = spec("a", 1, false, 0), other;

	assert_int_equal(add(s), 0);
	assert_int_equal(add(s), 1);
	other = s;
	other.audit = true;
	assert_int_equal(add(other), -EEXIST);
	other = s;
	other.log = true;
	assert_int_equal(add(other), -EEXIST);
	other = s;
	other.sample = 10;
	assert_int_equal(add(other), -EEXIST);
	assert_int_equal(set(other), 0);
	assert_int_equal(set(other), 1);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_random_lanes),
		CASE(test_any),
		CASE(test_promote),
		CASE(test_failing_promote),
		CASE(test_promote_waiting),
		CASE(test_expiring),
		CASE(test_begins_again),
		CASE(test_same),
	};

	return cmocka_run_group_tests_name("audit", tests, NULL, NULL);
}
