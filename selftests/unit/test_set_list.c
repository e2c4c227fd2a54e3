// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/set_list.c kmod/set_change.c kmod/set_table.c kmod/set_ask.c
// SOURCES: kmod/rule.c kmod/rule_table.c kmod/rule_load.c kmod/rule_member.c kmod/rule_set.c kmod/rule_class.c kmod/stats.c kmod/rule_expire.c
// SOURCES: kmod/class.c kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c
// SOURCES: kmod/match.c kmod/match_compile.c kmod/match_rule.c kmod/match_node.c kmod/match_split.c kmod/match_path.c kmod/match_build.c kmod/match_edit.c kmod/match_change.c
/*
 * The sets of a network: names, limits, who uses them, how long they live, and that a
 * change of many elements which fails has changed nothing.
 */
#include "unit.h"

#include <errno.h>

#include "rule.h"
#include "set_list.h"

#define MANY	300

static struct vnet_set_list list;
static struct vnet_rule_table table;

static int setup(void **state)
{
	shim_reset();
	assert_int_equal(vnet_set_init_module(), 0);
	vnet_set_list_init(&list);
	vnet_rule_table_init(&table);
	return 0;
}

static int teardown(void **state)
{
	vnet_rule_table_destroy(&table);
	vnet_set_list_destroy(&list);
	assert_int_equal(list.count, 0);
	assert_int_equal(list.elements, 0);
	shim_rcu_run();
	shim_advance_ms(1);
	vnet_set_exit_module();
	assert_int_equal(shim_allocated(), 0);
	return 0;
}

static struct vnet_named_set *add_set(const char *name, enum vnet_set_type type)
{
	struct vnet_named_set *set;
	bool unchanged;

	assert_int_equal(vnet_set_list_add(&list, name, type, &set, &unchanged), 0);
	return set;
}

/* The @i-th of as many different elements as one likes. */
static struct vnet_set_element element(enum vnet_set_type type, u32 i)
{
	struct vnet_set_element e = {};

	if (type == VNET_SET_ADDRESSES || type == VNET_SET_PAIRS) {
		e.version = 4;
		e.prefix_len = 32;
		e.addr.bytes[0] = 10;
		e.addr.bytes[2] = i >> 8;
		e.addr.bytes[3] = i;
	}
	e.mac[4] = i >> 8;
	e.mac[5] = i;
	e.member = 1 + i;
	e.port_min = type == VNET_SET_PAIRS ? 80 : i;
	e.port_max = e.port_min + (type == VNET_SET_PORTS);
	return e;
}

static void fill(struct vnet_set_element *e, enum vnet_set_type type, u32 first, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		e[i] = element(type, first + i);
}

static void check_elements(struct vnet_named_set *set, u32 first, u32 count)
{
	struct vnet_set_element e, copy[4 * MANY];
	u32 i;

	assert_int_equal(vnet_set_count(set->set), count);
	for (i = 0; i < count; i++) {
		e = element(vnet_set_type(set->set), first + i);
		assert_true(vnet_set_contains(set->set, &e));
	}
	assert_int_equal(vnet_set_copy(set->set, copy, count), count);
	for (i = 0; i < count; i++)
		assert_true(vnet_set_contains(set->set, &copy[i]));
}

static void test_names(void **state)
{
	struct vnet_named_set *a = add_set("a", VNET_SET_PORTS), *b = add_set("b", VNET_SET_MACS);
	struct vnet_named_set *set;
	bool unchanged;

	assert_ptr_equal(vnet_set_list_find(&list, "a"), a);
	assert_ptr_equal(vnet_set_list_find(&list, "b"), b);
	assert_null(vnet_set_list_find(&list, "c"));
	assert_int_equal(vnet_set_list_add(&list, "a", VNET_SET_PORTS, &set, &unchanged), 0);
	assert_true(unchanged);
	assert_ptr_equal(set, a);
	assert_int_equal(vnet_set_list_add(&list, "a", VNET_SET_PAIRS, &set, &unchanged), -EEXIST);
	assert_ptr_equal(vnet_set_list_next(&list, 0), a);
	assert_ptr_equal(vnet_set_list_next(&list, a->id), b);
	assert_null(vnet_set_list_next(&list, b->id));
	assert_int_equal(vnet_set_list_del(a), 0);
	a = add_set("a", VNET_SET_PAIRS);
	assert_ptr_equal(vnet_set_list_next(&list, b->id), a);
	assert_int_equal(vnet_set_list_set_limits(&list, 1, 100), -ENOSPC);
	assert_int_equal(vnet_set_list_set_limits(&list, 2, 100), 0);
	assert_int_equal(vnet_set_list_add(&list, "c", VNET_SET_PORTS, &set, &unchanged), -ENOSPC);
}

static struct vnet_rule_spec rule_of(const char *name, struct vnet_named_set *set, u16 port)
{
	struct vnet_rule_spec s = {
		.priority = 1, .direction = VNET_DIR_EGRESS, .action = VNET_ACTION_DROP,
	};

	snprintf(s.name, sizeof(s.name), "%s", name);
	s.match.fields = VNET_MATCH_IN(VNET_SET_SRC_IP) | VNET_MATCH_SPORT;
	s.match.sport_min = port;
	s.match.sport_max = port;
	s.match.sets[VNET_SET_SRC_IP] = set->set;
	return s;
}

/* A rule keeps its set: from deletion while it is in force, from its end until readers are done. */
static void test_users(void **state)
{
	struct vnet_named_set *set = add_set("s", VNET_SET_ADDRESSES);
	struct vnet_rule_spec rules[2] = { rule_of("r", set, 1), rule_of("q", set, 2) };
	bool unchanged;
	size_t memory;
	u32 bad;

	assert_int_equal(vnet_rule_add(&table, &rules[0], &unchanged), 0);
	assert_int_equal(set->users, 1);
	assert_int_equal(vnet_set_list_del(set), -EBUSY);
	rules[0].action = VNET_ACTION_ALLOW;
	assert_int_equal(vnet_rule_set(&table, &rules[0], &unchanged), 0);
	assert_int_equal(set->users, 1);
	assert_int_equal(vnet_rule_load(&table, rules, 2, &bad), 0);
	assert_int_equal(set->users, 2);
	snprintf(rules[1].name, sizeof(rules[1].name), "r");
	assert_int_equal(vnet_rule_load(&table, rules, 2, &bad), -EEXIST);
	assert_int_equal(set->users, 2);
	assert_int_equal(vnet_rule_del(&table, "q"), 0);
	assert_int_equal(vnet_rule_del(&table, "r"), 0);
	assert_int_equal(set->users, 0);
	assert_int_equal(vnet_set_list_del(set), 0);
	/* A reader of the rules may still ask it. */
	assert_int_equal(vnet_set_count(rules[0].match.sets[VNET_SET_SRC_IP]), 0);
	memory = shim_allocated();
	shim_rcu_run();
	shim_advance_ms(1);
	assert_true(shim_allocated() < memory);
}

static void test_rule_without_memory(void **state)
{
	struct vnet_named_set *set = add_set("s", VNET_SET_ADDRESSES);
	struct vnet_rule_spec rule = rule_of("r", set, 1);
	bool unchanged;
	unsigned int n;

	for (n = 1; ; n++) {
		shim_fail_at(n);
		if (!vnet_rule_add(&table, &rule, &unchanged))
			break;
		assert_int_equal(set->users, 0);
	}
	shim_fail_at(0);
	assert_int_equal(set->users, 1);
	assert_int_equal(refcount_read(&set->refs), 2);
}

static void test_limits(void **state)
{
	struct vnet_named_set *a = add_set("a", VNET_SET_MACS), *b = add_set("b", VNET_SET_PORTS);
	struct vnet_set_element e[2 * MANY];
	bool unchanged;

	assert_int_equal(vnet_set_list_set_limits(&list, 9, MANY), 0);
	fill(e, VNET_SET_MACS, 0, 200);
	assert_int_equal(vnet_set_change_add(a, e, 200, &unchanged), 0);
	fill(e, VNET_SET_PORTS, 0, 101);
	assert_int_equal(vnet_set_change_add(b, e, 101, &unchanged), -ENOSPC);
	assert_int_equal(vnet_set_change_replace(b, e, 101, &unchanged), -ENOSPC);
	check_elements(b, 0, 0);
	assert_int_equal(vnet_set_change_add(b, e, 100, &unchanged), 0);
	assert_int_equal(list.elements, MANY);
	/* What is there, or comes twice, takes no room; what is replaced makes some. */
	assert_int_equal(vnet_set_change_add(b, e, 100, &unchanged), 0);
	assert_true(unchanged);
	fill(e, VNET_SET_PORTS, 50, 100);
	fill(e + 100, VNET_SET_PORTS, 50, 100);
	assert_int_equal(vnet_set_change_replace(b, e, 200, &unchanged), 0);
	assert_false(unchanged);
	check_elements(b, 50, 100);
	assert_int_equal(vnet_set_change_replace(b, e + 40, 120, &unchanged), 0);
	assert_true(unchanged);
	assert_int_equal(vnet_set_list_set_limits(&list, 9, MANY - 1), -E2BIG);
	assert_int_equal(vnet_set_list_del(a), 0);
	assert_int_equal(list.elements, 100);
	assert_int_equal(vnet_set_change_replace(b, NULL, 0, &unchanged), 0);
	assert_int_equal(list.elements, 0);
}

/* Every allocation of every change fails once. */
static void test_without_memory(void **state)
{
	struct vnet_set_element there[MANY], more[MANY];
	enum vnet_set_type type;
	struct vnet_named_set *set;
	bool unchanged;
	unsigned int n;
	u32 bad;

	for (type = VNET_SET_ADDRESSES; type <= VNET_SET_TYPE_MAX; type++) {
		set = add_set("s", type);
		fill(there, type, 0, MANY);
		fill(more, type, MANY / 2, MANY);
		assert_int_equal(vnet_set_change_add(set, there, MANY, &unchanged), 0);
		for (n = 1; ; n++) {
			shim_fail_at(n);
			if (!vnet_set_change_add(set, more, MANY, &unchanged))
				break;
			check_elements(set, 0, MANY);
		}
		shim_fail_at(0);
		check_elements(set, 0, MANY + MANY / 2);
		for (n = 1; ; n++) {
			shim_fail_at(n);
			if (!vnet_set_change_del(set, more, MANY, &bad))
				break;
			check_elements(set, 0, MANY + MANY / 2);
		}
		shim_fail_at(0);
		check_elements(set, 0, MANY / 2);
		assert_int_equal(vnet_set_change_del(set, there + MANY / 2 - 3, 4, &bad), -ENOENT);
		assert_int_equal(bad, 3);
		for (n = 1; ; n++) {
			shim_fail_at(n);
			if (!vnet_set_change_replace(set, more, MANY, &unchanged))
				break;
			check_elements(set, 0, MANY / 2);
		}
		shim_fail_at(0);
		check_elements(set, MANY / 2, MANY);
		assert_int_equal(list.elements, MANY);
		assert_int_equal(vnet_set_list_del(set), 0);
		shim_rcu_run();
	}
}

/* A member that is gone is in no set any more, and no longer counts anywhere. */
static void test_members_that_go(void **state)
{
	struct vnet_named_set *a = add_set("a", VNET_SET_MEMBERS);
	struct vnet_named_set *b = add_set("b", VNET_SET_MEMBERS);
	struct vnet_named_set *macs = add_set("c", VNET_SET_MACS);
	struct vnet_set_element e[3];
	bool unchanged;

	fill(e, VNET_SET_MEMBERS, 0, 3);
	assert_int_equal(vnet_set_change_add(a, e, 3, &unchanged), 0);
	assert_int_equal(vnet_set_change_add(b, e, 1, &unchanged), 0);
	assert_int_equal(vnet_set_change_add(macs, e, 3, &unchanged), 0);
	assert_int_equal(list.elements, 7);
	shim_fail_at(1);
	assert_true(vnet_set_change_forget(a, e[1].member));
	assert_false(vnet_set_change_forget(a, e[1].member));
	assert_false(vnet_set_change_forget(b, e[1].member));
	assert_false(vnet_set_change_forget(macs, e[1].member));
	assert_false(shim_failed());
	shim_fail_at(0);
	assert_int_equal(vnet_set_count(a->set), 2);
	assert_false(vnet_set_contains(a->set, &e[1]));
	assert_true(vnet_set_contains(a->set, &e[2]));
	assert_int_equal(list.elements, 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_names, setup, teardown),
		cmocka_unit_test_setup_teardown(test_users, setup, teardown),
		cmocka_unit_test_setup_teardown(test_rule_without_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_limits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_memory, setup, teardown),
		cmocka_unit_test_setup_teardown(test_members_that_go, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
