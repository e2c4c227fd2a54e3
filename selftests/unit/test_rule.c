// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/rule.c kmod/rule_table.c kmod/rule_load.c kmod/rule_member.c kmod/stats.c kmod/rule_set.c kmod/rule_class.c kmod/class.c kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c kmod/set_list.c kmod/set_change.c kmod/set_table.c kmod/set_ask.c kmod/match.c kmod/match_compile.c kmod/match_rule.c kmod/match_node.c kmod/match_split.c kmod/match_path.c kmod/match_build.c kmod/match_edit.c kmod/match_change.c kmod/rule_expire.c kmod/rule_promote.c
/*
 * The rule table: order, counters, replacing all at once, members that come and
 * go, and that a change which fails has changed nothing.
 */
#include "unit.h"

#include <time.h>

#include <asm/byteorder.h>
#include <linux/bottom_half.h>
#include <linux/kernel.h>
#include <linux/percpu.h>

#include "class.h"
#include "rule_world.h"

/* A rule for one destination port; 0 = for every frame. */
static struct vnet_rule_spec spec(const char *name, u32 priority,
				  enum vnet_direction direction, u16 port)
{
	struct vnet_rule_spec s = {
		.priority = priority,
		.direction = direction,
		.action = VNET_ACTION_ALLOW,
	};

	snprintf(s.name, sizeof(s.name), "%s", name);
	if (port) {
		s.match.fields = VNET_MATCH_DPORT;
		s.match.dport_min = port;
		s.match.dport_max = port;
	}
	return s;
}

static struct vnet_rule_spec member_spec(const char *name, const char *ifname,
					 u32 tag, u32 member)
{
	struct vnet_rule_spec s = spec(name, 10, VNET_DIR_EGRESS, 0);

	s.match.fields |= VNET_MATCH_MEMBER;
	s.match.member = member;
	s.tag = tag;
	snprintf(s.ifname, sizeof(s.ifname), "%s", ifname);
	return s;
}

/* A frame of IPv4 and UDP to @port. */
static struct vnet_key key_of(u16 port)
{
	return (struct vnet_key) {
		.flags = VNET_KEY_IP | VNET_KEY_PROTO | VNET_KEY_PORTS,
		.version = 4,
		.proto = 17,
		.dport = cpu_to_be16(port),
	};
}

/* The rule that decides about a frame to @port, counted as the packet path does. */
static struct vnet_rule *decide_for(enum vnet_direction direction, u16 port, u32 member)
{
	struct vnet_key key = key_of(port);
	struct vnet_rule *rule;

	local_bh_disable();
	rcu_read_lock();
	rule = vnet_rule_decide(vnet_rule_active(&table), direction, &key, member).rule;
	if (rule) {
		assert_true(vnet_rule_any(vnet_rule_active(&table), direction));
		shim_cpu = shim_below(SHIM_CPUS);
		vnet_stats_count(rule->hits, 100);
	}
	rcu_read_unlock();
	local_bh_enable();
	return rule;
}

static const char *decide(enum vnet_direction direction, u16 port)
{
	struct vnet_rule *rule = decide_for(direction, port, 0);

	return rule ? rule->spec.name : "none";
}

/* All names in the order of evaluation, as a dump would tell them. */
static const char *order(void)
{
	static char names[1000];
	struct vnet_rule *rule;
	u32 priority = 0, count = 0;
	u64 position = 0;
	char *end = names;

	*end = '\0';
	while ((rule = vnet_rule_next(&table, priority, position))) {
		end += sprintf(end, "%s%s", count++ ? " " : "", rule->spec.name);
		priority = rule->spec.priority;
		position = rule->position;
	}
	assert_int_equal(count, table.count);
	return names;
}

/* What was taken is not freed before shim_rcu_run(). */
static const struct vnet_ruleset *taken(void)
{
	const struct vnet_ruleset *rules;

	rcu_read_lock();
	rules = vnet_rule_active(&table);
	rcu_read_unlock();
	return rules;
}

static const char *decided_by(const struct vnet_ruleset *rules, u16 port)
{
	struct vnet_key key = key_of(port);
	struct vnet_rule *rule;

	rcu_read_lock();
	rule = vnet_rule_decide(rules, VNET_DIR_INGRESS, &key, 0).rule;
	rcu_read_unlock();
	return rule ? rule->spec.name : "none";
}

/* Who has taken the rules goes by them, whatever changes, and can tell that it has. */
static void test_rules_of_one_moment(void **state)
{
	const struct vnet_ruleset *before, *after;
	struct vnet_rule_spec b = spec("b", 1, VNET_DIR_INGRESS, 81);

	assert_null(taken());
	assert_int_equal(add(spec("a", 1, VNET_DIR_INGRESS, 80)), 0);
	before = taken();
	assert_int_equal(before->generation, table.generation);
	assert_int_equal(load(&b, 1), 0);
	after = taken();
	assert_string_equal(decided_by(before, 80), "a");
	assert_string_equal(decided_by(before, 81), "none");
	assert_string_equal(decided_by(after, 80), "none");
	assert_string_equal(decided_by(after, 81), "b");
	assert_true(after->generation > before->generation);
	/* No rules are rules of a moment too. */
	assert_int_equal(load(NULL, 0), 0);
	assert_int_equal(taken()->generation, table.generation);
	assert_string_equal(decided_by(taken(), 81), "none");
	assert_string_equal(decided_by(after, 81), "b");
}

static void test_no_rules(void **state)
{
	assert_false(any(VNET_DIR_INGRESS));
	assert_false(any(VNET_DIR_EGRESS));
	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "none");
	assert_string_equal(order(), "");
	assert_null(vnet_rule_find(&table, "a"));
	assert_int_equal(vnet_rule_del(&table, "a"), -ENOENT);
	assert_int_equal(set(spec("a", 1, VNET_DIR_INGRESS, 80)), -ENOENT);
	assert_int_equal(load(NULL, 0), 0);
	assert_int_equal(table.generation, 0);
}

static void test_order(void **state)
{
	add(spec("c", 20, VNET_DIR_INGRESS, 80));
	add(spec("b", 10, VNET_DIR_INGRESS, 80));
	add(spec("d", 20, VNET_DIR_INGRESS, 80));
	add(spec("a", 0, VNET_DIR_EGRESS, 80));
	add(spec("e", 65535, VNET_DIR_INGRESS, 0));
	assert_string_equal(order(), "a b c d e");
	assert_int_equal(table.generation, 5);

	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "b");
	assert_string_equal(decide(VNET_DIR_INGRESS, 81), "e");
	assert_string_equal(decide(VNET_DIR_EGRESS, 80), "a");
	assert_string_equal(decide(VNET_DIR_EGRESS, 81), "none");
	assert_int_equal(vnet_rule_del(&table, "b"), 0);
	/* Of equal priorities the older one. */
	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "c");
	assert_int_equal(vnet_rule_del(&table, "c"), 0);
	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "d");
	assert_string_equal(order(), "a d e");
	assert_int_equal(hits("d"), 1);
	assert_int_equal(hits("e"), 1);
	assert_int_equal(vnet_rule_del(&table, "a"), 0);
	assert_false(any(VNET_DIR_EGRESS));
	assert_true(any(VNET_DIR_INGRESS));
	assert_int_equal(table.generation, 8);
}

static void test_add_again(void **state)
{
	struct vnet_rule_spec s = spec("a", 10, VNET_DIR_INGRESS, 80), other;

	assert_int_equal(add(s), 0);
	decide(VNET_DIR_INGRESS, 80);
	assert_int_equal(add(s), 1);
	/* What does not count does not matter. */
	s.match.proto = 6;
	s.tag = 3;
	assert_int_equal(add(s), 1);
	other = s;
	other.priority++;
	assert_int_equal(add(other), -EEXIST);
	other = s;
	other.direction = VNET_DIR_EGRESS;
	assert_int_equal(add(other), -EEXIST);
	other = s;
	other.action = VNET_ACTION_DROP;
	assert_int_equal(add(other), -EEXIST);
	other = s;
	other.match.dport_max++;
	assert_int_equal(add(other), -EEXIST);
	assert_int_equal(table.generation, 1);
	assert_int_equal(hits("a"), 1);
}

static void test_set(void **state)
{
	u64 id;

	add(spec("a", 10, VNET_DIR_INGRESS, 80));
	add(spec("b", 10, VNET_DIR_INGRESS, 80));
	id = vnet_rule_find(&table, "a")->id;
	decide(VNET_DIR_INGRESS, 80);
	assert_int_equal(hits("a"), 1);
	assert_int_equal(set(spec("a", 10, VNET_DIR_INGRESS, 80)), 1);
	assert_int_equal(hits("a"), 1);
	assert_int_equal(table.generation, 2);

	/* Another body: counted from the beginning, but in its place. */
	assert_int_equal(set(spec("a", 10, VNET_DIR_INGRESS, 81)), 0);
	assert_int_equal(hits("a"), 0);
	assert_int_equal(vnet_rule_find(&table, "a")->id, id);
	assert_string_equal(order(), "a b");
	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "b");
	assert_string_equal(decide(VNET_DIR_INGRESS, 81), "a");
	/* Another place. */
	assert_int_equal(set(spec("a", 11, VNET_DIR_INGRESS, 80)), 0);
	assert_string_equal(order(), "b a");
	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "b");
	/* Another direction. */
	assert_int_equal(set(spec("b", 10, VNET_DIR_EGRESS, 80)), 0);
	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "a");
	assert_string_equal(decide(VNET_DIR_EGRESS, 80), "b");
	assert_int_equal(table.count, 2);
	assert_int_equal(table.generation, 5);
}

static void test_limits(void **state)
{
	struct vnet_rule_spec specs[3] = {
		spec("a", 1, VNET_DIR_INGRESS, 1),
		spec("b", 2, VNET_DIR_EGRESS, 2),
		spec("c", 3, VNET_DIR_INGRESS, 3),
	};

	assert_int_equal(table.limit, VNET_RULES_DEFAULT);
	assert_int_equal(vnet_rule_set_limit(&table, 2), 0);
	assert_int_equal(load(specs, 3), -ENOSPC);
	assert_int_equal(load(specs, 2), 0);
	assert_int_equal(add(specs[2]), -ENOSPC);
	assert_int_equal(add(specs[1]), 1);
	assert_int_equal(vnet_rule_set_limit(&table, 1), -ENOSPC);
	assert_int_equal(vnet_rule_set_limit(&table, 3), 0);
	assert_int_equal(add(specs[2]), 0);
	assert_string_equal(order(), "a b c");
	assert_int_equal(vnet_rule_set_limit(&table, VNET_RULES_MAX), 0);
}

static void test_load(void **state)
{
	struct vnet_rule_spec specs[4] = {
		spec("d", 40, VNET_DIR_INGRESS, 0),
		spec("new", 10, VNET_DIR_INGRESS, 80),
		spec("a", 10, VNET_DIR_INGRESS, 80),
		spec("b", 30, VNET_DIR_EGRESS, 81),
	};
	struct vnet_rule *kept, *b;
	u32 generation;

	add(spec("a", 10, VNET_DIR_INGRESS, 80));
	add(spec("b", 30, VNET_DIR_EGRESS, 80));
	add(spec("c", 20, VNET_DIR_EGRESS, 80));
	decide(VNET_DIR_INGRESS, 80);
	decide(VNET_DIR_INGRESS, 80);
	decide(VNET_DIR_EGRESS, 80);
	kept = vnet_rule_find(&table, "a");
	b = vnet_rule_find(&table, "b");

	assert_int_equal(load(specs, 4), 0);
	assert_int_equal(table.generation, 4);
	/* The one that stays is older, but the load has its own order. */
	assert_string_equal(order(), "new a b d");
	assert_ptr_equal(vnet_rule_find(&table, "a"), kept);
	assert_int_equal(hits("a"), 2);
	assert_ptr_not_equal(vnet_rule_find(&table, "b"), b);
	assert_true(vnet_rule_find(&table, "b")->id > 3);
	assert_int_equal(hits("b"), 0);
	assert_string_equal(decide(VNET_DIR_EGRESS, 80), "none");
	assert_string_equal(decide(VNET_DIR_EGRESS, 81), "b");
	assert_string_equal(decide(VNET_DIR_INGRESS, 5), "d");

	/* The same again changes nothing. */
	generation = table.generation;
	assert_int_equal(load(specs, 4), 0);
	assert_int_equal(table.generation, generation);
	assert_int_equal(hits("d"), 1);
	/* Fewer of the same do. */
	assert_int_equal(load(specs, 3), 0);
	assert_int_equal(table.generation, generation + 1);
	assert_string_equal(order(), "new a d");
	/* The same ones in another order are another set. */
	swap(specs[1], specs[2]);
	assert_int_equal(load(specs, 3), 0);
	assert_int_equal(table.generation, generation + 2);
	assert_string_equal(order(), "a new d");
	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "a");
	assert_int_equal(hits("a"), 3);
	/* What is added comes behind what was loaded. */
	add(spec("last", 10, VNET_DIR_INGRESS, 80));
	assert_string_equal(order(), "a new last d");
	/* Equal priorities in two directions have nothing to do with each other. */
	swap(specs[0], specs[2]);
	assert_int_equal(load(specs, 3), 0);
	assert_string_equal(order(), "new a d");
	assert_int_equal(load(NULL, 0), 0);
	assert_string_equal(order(), "");
}

static void test_load_repeated_names(void **state)
{
	struct vnet_rule_spec specs[6];
	static const char *const names[][6] = {
		{ "a", "b", "c", "d", "e", "a" },
		{ "b", "a", "a", "b", "b", "a" },
		{ "z", "y", "x", "y", "z", "x" },
		{ "a", "a", "a", "a", "a", "a" },
	};
	static const u32 expected[] = { 5, 2, 3, 1 };
	unsigned int i, j;
	u32 bad;

	add(spec("old", 10, VNET_DIR_INGRESS, 80));
	for (i = 0; i < ARRAY_SIZE(names); i++) {
		for (j = 0; j < 6; j++)
			specs[j] = spec(names[i][j], 1, VNET_DIR_INGRESS, 1);
		bad = 99;
		assert_int_equal(vnet_rule_load(&table, specs, 6, &bad), -EEXIST);
		assert_int_equal(bad, expected[i]);
		assert_string_equal(order(), "old");
	}
	assert_int_equal(table.generation, 1);
}

/* What a reader holds lives until the grace period ends, and no longer. */
/* The table of names grows, and is the small one again behind a load. */
static void test_few_after_many(void **state)
{
	struct vnet_rule_spec specs[3];
	char name[8];
	u32 i, round;

	for (round = 0; round < 2; round++) {
		for (i = 0; i < 60; i++) {
			sprintf(name, "n%u", i);
			assert_int_equal(add(spec(name, i, VNET_DIR_INGRESS, 80)), 0);
		}
		for (i = 0; i < 3; i++) {
			sprintf(name, "n%u", i * 7);
			specs[i] = spec(name, i * 7, VNET_DIR_INGRESS, 80);
		}
		assert_int_equal(load(specs, 3), 0);
		shim_rcu_run();
		assert_string_equal(order(), "n0 n7 n14");
		for (i = 0; i < 60; i++) {
			sprintf(name, "n%u", i);
			assert_int_equal(!!vnet_rule_find(&table, name),
					 i % 7 == 0 && i <= 14);
		}
		assert_int_equal(load(NULL, 0), 0);
	}
}

static void test_readers(void **state)
{
	struct vnet_rule_spec specs[2] = {
		spec("b", 10, VNET_DIR_INGRESS, 80),
		spec("c", 20, VNET_DIR_INGRESS, 80),
	};
	struct vnet_key key = { .flags = VNET_KEY_PORTS, .dport = cpu_to_be16(80) };
	struct vnet_ruleset *old;
	struct vnet_rule *rule;
	size_t memory;

	load(specs, 2);
	shim_rcu_run();
	memory = shim_allocated();
	rule = decide_for(VNET_DIR_INGRESS, 80, 0);
	old = rcu_access_pointer(table.active);

	specs[0].action = VNET_ACTION_DROP;
	load(specs, 2);
	assert_true(shim_allocated() > memory);
	assert_int_equal(rule->spec.action, VNET_ACTION_ALLOW);
	assert_int_equal(vnet_match_count(old->set[vnet_dir(VNET_DIR_INGRESS)]), 2);
	assert_ptr_equal(vnet_match_find(old->set[vnet_dir(VNET_DIR_INGRESS)], &key, 0), rule);
	local_bh_disable();
	vnet_stats_count(rule->hits, 100);
	local_bh_enable();
	shim_rcu_run();
	assert_int_equal(shim_allocated(), memory);
}

static void test_next_resumes(void **state)
{
	struct vnet_rule *rule;
	char name[8];
	unsigned int i;

	for (i = 0; i < 20; i++) {
		sprintf(name, "r%u", i);
		add(spec(name, i / 4, i % 3 ? VNET_DIR_INGRESS : VNET_DIR_EGRESS, i + 1));
	}
	/* The one that the dump stopped at is gone, and some around it. */
	rule = vnet_rule_find(&table, "r9");
	vnet_rule_del(&table, "r8");
	vnet_rule_del(&table, "r10");
	vnet_rule_del(&table, "r9");
	rule = vnet_rule_next(&table, 2, 10);
	assert_string_equal(rule->spec.name, "r11");
	/* A new one of the same priority comes behind. */
	add(spec("new", 2, VNET_DIR_EGRESS, 99));
	rule = vnet_rule_next(&table, rule->spec.priority, rule->position);
	assert_string_equal(rule->spec.name, "new");
	rule = vnet_rule_next(&table, rule->spec.priority, rule->position);
	assert_string_equal(rule->spec.name, "r12");
	assert_null(vnet_rule_next(&table, 4, 20));
	assert_null(vnet_rule_next(&table, 65535, 0));
}

static void test_members(void **state)
{
	u32 generation;

	add(member_spec("a", "tap0", 0, 5));
	add(member_spec("b", "tap1", 0, VNET_RULE_NO_MEMBER));
	add(member_spec("c", "tap1", 7, VNET_RULE_NO_MEMBER));
	generation = table.generation;
	assert_non_null(decide_for(VNET_DIR_EGRESS, 1, 5));
	assert_null(decide_for(VNET_DIR_EGRESS, 1, 6));

	/* Nobody waits for these. */
	assert_int_equal(vnet_rule_bind(&table, "tap2", 0, 9), 0);
	assert_int_equal(vnet_rule_bind(&table, "tap0", 0, 9), 0);
	assert_int_equal(table.generation, generation);
	assert_null(decide_for(VNET_DIR_EGRESS, 1, 9));

	assert_int_equal(vnet_rule_bind(&table, "tap1", 7, 6), 0);
	assert_int_equal(table.generation, generation + 1);
	assert_string_equal(decide_for(VNET_DIR_EGRESS, 1, 6)->spec.name, "c");
	vnet_rule_rename(&table, 6, "wan");
	assert_string_equal(vnet_rule_find(&table, "c")->spec.ifname, "wan");
	assert_string_equal(vnet_rule_find(&table, "b")->spec.ifname, "tap1");
	/* As the operator sees it now, this is the same rule. */
	assert_int_equal(add(member_spec("c", "wan", 7, 6)), 1);
	assert_int_equal(add(member_spec("c", "tap1", 7, 6)), -EEXIST);
	assert_int_equal(add(member_spec("c", "wan", 8, 6)), -EEXIST);

	vnet_rule_unbind(&table, 6);
	assert_int_equal(vnet_rule_find(&table, "c")->spec.match.member,
			 VNET_RULE_NO_MEMBER);
	assert_int_equal(vnet_rule_find(&table, "a")->spec.match.member, 5);
	assert_int_equal(vnet_rule_bind(&table, "tap1", 7, 8), 0);
	assert_null(decide_for(VNET_DIR_EGRESS, 1, 8));
	assert_int_equal(vnet_rule_bind(&table, "wan", 7, 8), 0);
	assert_string_equal(decide_for(VNET_DIR_EGRESS, 1, 8)->spec.name, "c");
	assert_null(decide_for(VNET_DIR_EGRESS, 1, 6));
	assert_int_equal(hits("c"), 2);
}

/* A rule that only inverted fields tell from others of its kind. */
static struct vnet_rule_spec vague_spec(unsigned int i)
{
	struct vnet_rule_spec s = spec("", 10, VNET_DIR_INGRESS, 0);

	sprintf(s.name, "vague%u", i);
	s.match.fields = VNET_MATCH_DPORT;
	s.match.inverted = VNET_MATCH_DPORT;
	s.match.dport_min = i;
	s.match.dport_max = i;
	return s;
}

/* What would make lookups too slow is refused, and nothing has changed. */
static void test_too_slow(void **state)
{
	struct vnet_rule_spec specs[VNET_MATCH_STEPS_MAX + 1];
	u32 i, generation;

	add(spec("a", 10, VNET_DIR_INGRESS, 80));
	for (i = 0; i < ARRAY_SIZE(specs); i++)
		specs[i] = vague_spec(i);
	assert_int_equal(load(specs, ARRAY_SIZE(specs)), -E2BIG);
	assert_string_equal(order(), "a");
	assert_string_equal(decide(VNET_DIR_INGRESS, 80), "a");
	assert_int_equal(load(specs, VNET_MATCH_STEPS_MAX), 0);
	generation = table.generation;
	assert_int_equal(add(specs[VNET_MATCH_STEPS_MAX]), -E2BIG);
	assert_int_equal(table.generation, generation);
	assert_int_equal(table.count, VNET_MATCH_STEPS_MAX);
	/* The other direction has its own steps, and what is precise costs none. */
	specs[VNET_MATCH_STEPS_MAX].direction = VNET_DIR_EGRESS;
	assert_int_equal(add(specs[VNET_MATCH_STEPS_MAX]), 0);
	specs[VNET_MATCH_STEPS_MAX].direction = VNET_DIR_INGRESS;
	assert_int_equal(set(specs[VNET_MATCH_STEPS_MAX]), -E2BIG);
	assert_int_equal(vnet_rule_find(&table, specs[VNET_MATCH_STEPS_MAX].name)->spec.direction,
			 VNET_DIR_EGRESS);
	assert_int_equal(vnet_rule_del(&table, specs[0].name), 0);
	assert_int_equal(set(specs[VNET_MATCH_STEPS_MAX]), 0);
}

/* Rules that wait for their members are in nobody's way, however many. */
static void test_many_members(void **state)
{
	struct vnet_rule_spec s;
	char name[16], port[16];
	u32 i;

	vnet_rule_set_limit(&table, VNET_RULES_MAX);
	for (i = 0; i < 4000; i++) {
		sprintf(name, "r%u", i);
		sprintf(port, "tap%u", i / 4);
		s = member_spec(name, port, i % 2, VNET_RULE_NO_MEMBER);
		assert_int_equal(add(s), 0);
	}
	for (i = 0; i < 2000; i++) {
		sprintf(port, "tap%u", i / 2);
		assert_int_equal(vnet_rule_bind(&table, port, i % 2, i + 1), 0);
	}
	for (i = 0; i < 2000; i++) {
		/* Of the two with this port and tag, the one that came first. */
		sprintf(name, "r%u", i / 2 * 4 + i % 2);
		assert_string_equal(decide_for(VNET_DIR_EGRESS, 1, i + 1)->spec.name, name);
	}
	for (i = 0; i < 2000; i += 2)
		vnet_rule_unbind(&table, i + 1);
	/* Those that are gone can still be removed. */
	for (i = 0; i < 4000; i += 4) {
		sprintf(name, "r%u", i);
		assert_int_equal(vnet_rule_del(&table, name), 0);
	}
	assert_string_equal(decide_for(VNET_DIR_EGRESS, 1, 2)->spec.name, "r1");
	assert_null(decide_for(VNET_DIR_EGRESS, 1, 2001));
	assert_int_equal(vnet_rule_bind(&table, "tap0", 0, 5000), 0);
	assert_string_equal(decide_for(VNET_DIR_EGRESS, 1, 5000)->spec.name, "r2");
}

/*
 * Failing allocations
 */

static struct vnet_rule_spec few[3];

static int do_add(void)
{
	return add(spec("new", 15, VNET_DIR_INGRESS, 80));
}

static int do_set(void)
{
	return set(spec("b", 5, VNET_DIR_EGRESS, 82));
}

static int do_del(void)
{
	return vnet_rule_del(&table, "a");
}

static int do_load(void)
{
	return load(few, 3);
}

static int do_bind(void)
{
	return vnet_rule_bind(&table, "tap9", 0, 77);
}

/* Fails at the first allocation, then at the second, and so on until it works. */
static void check_failures(int (*change)(void), const char *expected)
{
	struct vnet_rule_table before;
	unsigned int n;
	size_t memory;
	int err;

	for (n = 1; ; n++) {
		shim_rcu_run();
		memory = shim_allocated();
		before = table;
		shim_fail_at(n);
		err = change();
		if (!shim_failed())
			break;
		assert_int_equal(err, -ENOMEM);
		shim_rcu_run();
		assert_int_equal(shim_allocated(), memory);
		assert_memory_equal(&table, &before, sizeof(table));
		assert_string_equal(order(), "a b m");
		assert_string_equal(decide(VNET_DIR_INGRESS, 80), "a");
		assert_string_equal(decide(VNET_DIR_INGRESS, 81), "b");
		assert_null(decide_for(VNET_DIR_EGRESS, 1, 77));
		assert_int_equal(vnet_rule_find(&table, "m")->spec.match.member,
				 VNET_RULE_NO_MEMBER);
	}
	assert_int_equal(err, 0);
	assert_true(n > 2);
	assert_string_equal(order(), expected);
}

static void check_all_failures(int (*change)(void), const char *expected)
{
	add(spec("a", 10, VNET_DIR_INGRESS, 80));
	add(spec("b", 20, VNET_DIR_INGRESS, 0));
	add(member_spec("m", "tap9", 0, VNET_RULE_NO_MEMBER));
	/* Behind the others, whose priority it would share otherwise. */
	few[0] = member_spec("m", "tap9", 0, VNET_RULE_NO_MEMBER);
	few[0].priority = 30;
	set(few[0]);
	few[1] = spec("a", 10, VNET_DIR_INGRESS, 80);
	few[2] = spec("x", 40, VNET_DIR_EGRESS, 80);
	check_failures(change, expected);
}

static void test_failing_add(void **state)
{
	check_all_failures(do_add, "a new b m");
}

static void test_failing_set(void **state)
{
	check_all_failures(do_set, "b a m");
}

static void test_failing_del(void **state)
{
	check_all_failures(do_del, "b m");
}

static void test_failing_load(void **state)
{
	check_all_failures(do_load, "a m x");
}

static void test_failing_bind(void **state)
{
	check_all_failures(do_bind, "a b m");
	assert_string_equal(decide_for(VNET_DIR_EGRESS, 1, 77)->spec.name, "m");
}

/*
 * Random changes against a plain array
 */

#define NAMES	12

struct model {
	bool used;
	struct vnet_rule_spec spec;
	u64 id;
	u64 position;
	u64 hits;
} models[NAMES];
static u64 model_next_id, model_next_position;

static struct vnet_rule_spec random_spec(unsigned int name)
{
	struct vnet_rule_spec s;
	char text[8];

	sprintf(text, "n%u", name);
	s = spec(text, shim_below(4), VNET_DIR_INGRESS + shim_below(2), shim_below(4));
	s.action = VNET_ACTION_ALLOW + shim_below(2);
	return s;
}

static bool model_same(const struct vnet_rule_spec *a, const struct vnet_rule_spec *b)
{
	return a->priority == b->priority && a->direction == b->direction &&
	       a->action == b->action && a->match.fields == b->match.fields &&
	       a->match.dport_min == b->match.dport_min;
}

static void model_put(struct model *m, const struct vnet_rule_spec *s, u64 id)
{
	m->used = true;
	m->spec = *s;
	m->id = id;
	m->hits = 0;
}

static void random_add(void)
{
	unsigned int n = shim_below(NAMES);
	struct vnet_rule_spec s = random_spec(n);
	struct model *m = &models[n];

	if (m->used) {
		assert_int_equal(add(s), model_same(&s, &m->spec) ? 1 : -EEXIST);
		return;
	}
	assert_int_equal(add(s), 0);
	model_put(m, &s, model_next_id++);
	m->position = model_next_position++;
}

static void random_set(void)
{
	unsigned int n = shim_below(NAMES);
	struct vnet_rule_spec s = random_spec(n);
	struct model *m = &models[n];

	if (!m->used) {
		assert_int_equal(set(s), -ENOENT);
	} else if (model_same(&s, &m->spec)) {
		assert_int_equal(set(s), 1);
	} else {
		assert_int_equal(set(s), 0);
		model_put(m, &s, m->id);
	}
}

static void random_del(void)
{
	unsigned int n = shim_below(NAMES);
	char name[8];

	sprintf(name, "n%u", n);
	assert_int_equal(vnet_rule_del(&table, name), models[n].used ? 0 : -ENOENT);
	models[n].used = false;
}

static void random_load(void)
{
	struct vnet_rule_spec specs[NAMES];
	unsigned int names[NAMES], count = 0, i, n;
	bool loaded[NAMES] = {};

	/* Some of the names in any order; half of the known ones as they are. */
	for (i = 0; i < NAMES; i++) {
		n = shim_below(NAMES);
		if (loaded[n])
			continue;
		loaded[n] = true;
		specs[count] = models[n].used && shim_below(2) ? models[n].spec :
							       random_spec(n);
		names[count++] = n;
	}
	assert_int_equal(load(specs, count), 0);
	for (i = 0; i < count; i++) {
		n = names[i];
		if (!models[n].used || !model_same(&specs[i], &models[n].spec))
			model_put(&models[n], &specs[i], model_next_id++);
		models[n].position = model_next_position++;
	}
	for (n = 0; n < NAMES; n++)
		models[n].used = loaded[n];
}

static struct model *model_decide(enum vnet_direction direction, u16 port)
{
	struct model *m, *best = NULL;

	for (m = models; m < models + NAMES; m++) {
		if (!m->used || m->spec.direction != direction)
			continue;
		if (m->spec.match.fields && m->spec.match.dport_min != port)
			continue;
		if (!best || m->spec.priority < best->spec.priority ||
		    (m->spec.priority == best->spec.priority && m->position < best->position))
			best = m;
	}
	return best;
}

static void check_model(void)
{
	enum vnet_direction direction;
	struct vnet_rule *rule;
	struct model *m;
	u16 port;

	for (direction = VNET_DIR_INGRESS; direction <= VNET_DIR_EGRESS; direction++) {
		for (port = 1; port <= 4; port++) {
			m = model_decide(direction, port);
			rule = decide_for(direction, port, 0);
			assert_int_equal(!m, !rule);
			if (!m)
				continue;
			assert_string_equal(rule->spec.name, m->spec.name);
			assert_int_equal(rule->id, m->id);
			assert_int_equal(rule->spec.action, m->spec.action);
			assert_int_equal(hits(m->spec.name), ++m->hits);
		}
	}
	assert_int_equal(table.next_id, model_next_id);
	order();
}

static void test_random_changes(void **state)
{
	unsigned int i;

	memset(models, 0, sizeof(models));
	model_next_id = 1;
	model_next_position = 1;
	for (i = 0; i < 20000; i++) {
		switch (shim_below(8)) {
		case 0 ... 2:
			random_add();
			break;
		case 3 ... 4:
			random_set();
			break;
		case 5 ... 6:
			random_del();
			break;
		default:
			random_load();
		}
		check_model();
		if (!shim_below(4))
			shim_rcu_run();
	}
}

/*
 * The largest set
 */

static struct vnet_rule_spec *many(u32 count)
{
	struct vnet_rule_spec *specs = calloc(count, sizeof(*specs));
	char name[VNET_NAME_MAX + 1];
	u32 i;

	for (i = 0; i < count; i++) {
		sprintf(name, "rule-%08x-%u", (u32)shim_random(), i);
		specs[i] = spec(name, i % 1000, VNET_DIR_INGRESS + i % 2, i + 1);
	}
	return specs;
}

/* Processor time that it takes to load @count rules, another set, and none. */
static double load_time(u32 count)
{
	struct vnet_rule_spec *specs = many(count);
	clock_t start;
	double taken;
	u32 i;

	start = clock();
	assert_int_equal(load(specs, count), 0);
	for (i = 0; i < count; i += 2)
		specs[i].action = VNET_ACTION_DROP;
	assert_int_equal(load(specs, count), 0);
	assert_int_equal(table.count, count);
	assert_int_equal(load(NULL, 0), 0);
	shim_rcu_run();
	taken = (double)(clock() - start) / CLOCKS_PER_SEC;
	free(specs);
	return taken;
}

static void test_load_is_not_quadratic(void **state)
{
	double few, most;

	assert_int_equal(vnet_rule_set_limit(&table, VNET_RULES_MAX), 0);
	few = load_time(VNET_RULES_MAX / 16);
	most = load_time(VNET_RULES_MAX);
	printf("# %u rules: %.0f ms, %u rules: %.0f ms\n", VNET_RULES_MAX / 16,
	       few * 1000, VNET_RULES_MAX, most * 1000);
	/* 16 times as many take about 20 times as long; quadratic were 256. */
	assert_true(most < few * 80 + 0.1);
}

/* Processor time that it takes to add and remove 2000 rules among @count. */
static double change_time(u32 count)
{
	struct vnet_rule_spec *specs = many(count + 2000);
	clock_t start;
	double taken;
	u32 i;

	assert_int_equal(load(specs, count), 0);
	start = clock();
	for (i = 0; i < 2000; i++)
		assert_int_equal(add(specs[count + i]), 0);
	for (i = 0; i < 2000; i++)
		assert_int_equal(vnet_rule_del(&table, specs[i].name), 0);
	shim_rcu_run();
	taken = (double)(clock() - start) / CLOCKS_PER_SEC;
	free(specs);
	return taken;
}

static void test_change_does_not_depend_on_count(void **state)
{
	double few, most;

	vnet_rule_set_limit(&table, VNET_RULES_MAX);
	few = change_time(1000);
	most = change_time(100000);
	printf("# 4000 changes among 1000 rules: %.0f ms, among 100000: %.0f ms\n", few * 1000,
	       most * 1000);
	/* 100 times as many rules; caches and tries make it slower, but not in proportion. */
	assert_true(most < few * 20 + 0.1);
}

static const struct vnet_class_ops class_ops;

static struct vnet_class *add_class(struct vnet_class_tree *tree, const char *name)
{
	struct vnet_class_spec s = { .has = VNET_CLASS_HAS_RATE, .rate = 1000000 };
	bool unchanged;

	snprintf(s.name, sizeof(s.name), "%s", name);
	assert_int_equal(vnet_class_add(tree, &s, &unchanged), 0);
	return vnet_class_find(tree, name);
}

static struct vnet_rule_spec class_spec(const char *name, struct vnet_class *class,
					u8 set_dscp)
{
	struct vnet_rule_spec s = spec(name, 10, VNET_DIR_EGRESS, 80);

	s.class = class;
	s.set_dscp = set_dscp;
	return s;
}

/* A rule in force, and only that, holds its class in place. */
static void test_class(void **state)
{
	struct vnet_class_tree *tree = vnet_class_tree_create(&class_ops, NULL);
	struct vnet_class *a = add_class(tree, "a"), *b = add_class(tree, "b");
	struct vnet_rule_spec both[] = { class_spec("r", b, 0), class_spec("s", b, 0) };

	assert_int_equal(add(class_spec("r", a, 0)), 0);
	assert_int_equal(vnet_class_rules(a), 1);
	assert_int_equal(vnet_class_users(a), 0);
	assert_int_equal(vnet_class_del(tree, "a"), -EBUSY);
	assert_int_equal(add(class_spec("r", a, 0)), 1);
	assert_int_equal(add(class_spec("r", b, 0)), -EEXIST);
	assert_int_equal(add(class_spec("r", NULL, 0)), -EEXIST);
	assert_int_equal(add(class_spec("r", a, VNET_RULE_SETS_DSCP)), -EEXIST);
	shim_fail_at(1);
	assert_int_equal(set(class_spec("r", b, 0)), -ENOMEM);
	shim_fail_at(0);
	assert_int_equal(vnet_class_rules(b), 0);
	assert_int_equal(set(class_spec("r", b, 0)), 0);
	assert_int_equal(vnet_class_rules(a), 0);
	assert_int_equal(vnet_class_del(tree, "a"), 0);
	assert_int_equal(load(both, 2), 0);
	assert_int_equal(vnet_class_rules(b), 2);
	assert_int_equal(vnet_rule_del(&table, "s"), 0);
	assert_int_equal(vnet_class_rules(b), 1);
	vnet_rule_table_destroy(&table);
	assert_int_equal(vnet_class_rules(b), 0);
	assert_int_equal(vnet_class_del(tree, "b"), 0);
	vnet_class_tree_destroy(tree);
}

static void test_most_rules(void **state)
{
	struct vnet_rule_spec *specs = many(VNET_RULES_MAX);
	struct vnet_rule *rule, *last = NULL;
	u32 priority = 0, count = 0;
	u64 position = 0;

	vnet_rule_set_limit(&table, VNET_RULES_MAX);
	assert_int_equal(load(specs, VNET_RULES_MAX), 0);
	while ((rule = vnet_rule_next(&table, priority, position))) {
		assert_true(!last || last->spec.priority < rule->spec.priority ||
			    last->position < rule->position);
		priority = rule->spec.priority;
		position = rule->position;
		last = rule;
		count++;
	}
	assert_int_equal(count, VNET_RULES_MAX);
	assert_string_equal(decide(specs[40000].direction, 40001), specs[40000].name);
	free(specs);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_no_rules),
		CASE(test_rules_of_one_moment),
		CASE(test_order),
		CASE(test_add_again),
		CASE(test_set),
		CASE(test_limits),
		CASE(test_load),
		CASE(test_load_repeated_names),
		CASE(test_few_after_many),
		CASE(test_readers),
		CASE(test_next_resumes),
		CASE(test_members),
		CASE(test_many_members),
		CASE(test_too_slow),
		CASE(test_class),
		CASE(test_failing_add),
		CASE(test_failing_set),
		CASE(test_failing_del),
		CASE(test_failing_load),
		CASE(test_failing_bind),
		CASE(test_random_changes),
		CASE(test_load_is_not_quadratic),
		CASE(test_change_does_not_depend_on_count),
		CASE(test_most_rules),
	};

	shim_seed();
	return cmocka_run_group_tests_name("rule", tests, NULL, NULL);
}
