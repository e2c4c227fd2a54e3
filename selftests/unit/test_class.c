// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/class.c kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c
// SOURCES: kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c kmod/stats.c
/*
 * Class trees: configuration, bounds of queues, members and classes that go
 * while frames are held.
 */
#include "class_world.h"
#include "class_spec.h"

static int setup(void **state)
{
	world_begin();
	return 0;
}

static int teardown(void **state)
{
	world_end();
	return 0;
}

static int try_add(const struct vnet_class_spec *spec)
{
	u32 before = vnet_class_count(world.tree);
	bool unchanged;
	int err = vnet_class_add(world.tree, spec, &unchanged);

	/* A refused request has changed nothing. */
	if (err || unchanged)
		assert_int_equal(vnet_class_count(world.tree), before);
	return err ? err : unchanged;
}

static int try_set(const struct vnet_class_spec *spec)
{
	struct vnet_class *class = vnet_class_find(world.tree, spec->name);
	struct vnet_class_spec before, after;
	bool unchanged;
	int err;

	if (class)
		vnet_class_describe(class, &before);
	err = vnet_class_set(world.tree, spec, &unchanged);
	if (class && err) {
		vnet_class_describe(class, &after);
		assert_memory_equal(&before, &after, sizeof(before));
	}
	return err ? err : unchanged;
}

static int try_add_rates(const char *name, const char *parent, u64 rate, u64 ceil)
{
	struct vnet_class_spec spec = world_spec(name, parent, rate, ceil);

	return try_add(&spec);
}

static int try_set_rates(const char *name, const char *parent, u64 rate, u64 ceil)
{
	struct vnet_class_spec spec = world_spec(name, parent, rate, ceil);

	return try_set(&spec);
}

static struct vnet_class_spec describe(const char *name)
{
	struct vnet_class_spec spec;

	vnet_class_describe(world_class(name), &spec);
	return spec;
}

/* Configuration */

static void test_a_new_tree_has_an_unlimited_root(void **state)
{
	struct vnet_class *root = vnet_class_root(world.tree);
	struct vnet_class_spec spec = describe("root");

	assert_ptr_equal(root, world_class("root"));
	assert_ptr_equal(root, vnet_class_next(world.tree, 0));
	assert_null(vnet_class_next(world.tree, 1));
	assert_int_equal(vnet_class_count(world.tree), 1);
	assert_int_equal(vnet_class_id(root), 1);
	assert_int_equal(vnet_class_level(root), 0);
	assert_string_equal(vnet_class_name(root), "root");
	assert_string_equal(spec.parent, "");
	assert_int_equal(spec.has & VNET_CLASS_HAS_PARENT, 0);
	assert_int_equal(spec.rate, 0);
	assert_int_equal(spec.ceil, 0);
}

static void test_defaults(void **state)
{
	struct vnet_class_spec spec;

	world_add("small", NULL, MBIT, 0);
	spec = describe("small");
	assert_string_equal(spec.parent, "root");
	assert_int_equal(spec.has, VNET_CLASS_HAS_PARENT | VNET_CLASS_HAS_VALUES);
	assert_int_equal(spec.rate, MBIT);
	assert_int_equal(spec.ceil, MBIT);
	assert_int_equal(spec.burst, 3028);
	assert_int_equal(spec.cburst, 3028);
	assert_int_equal(spec.queue, VNET_CLASS_QUEUE_DEFAULT);
	assert_int_equal(spec.prio, 0);
	assert_int_equal(spec.weight, 1);
	assert_int_equal(spec.delay_target, 4);
	assert_int_equal(spec.delay_limit, 1000);
	assert_int_equal(spec.overhead, 0);

	world_add("large", NULL, GBIT, 1000 * GBIT);
	spec = describe("large");
	assert_string_equal(spec.parent, "root");
	assert_int_equal(spec.burst, 250000);
	assert_int_equal(spec.weight, 1000);
	assert_int_equal(spec.cburst, 250000000);
}

/* What is described makes the same class again. */
static void test_add_again(void **state)
{
	struct vnet_class_spec spec;

	world_add("a", NULL, MBIT, 0);
	world_add("b", "a", MBIT, 2 * MBIT);
	assert_int_equal(try_add_rates("a", NULL, MBIT, 0), 1);
	assert_int_equal(try_add_rates("a", "root", MBIT, MBIT), 1);
	spec = describe("b");
	assert_int_equal(try_add(&spec), 1);
	spec = describe("root");
	assert_int_equal(try_add(&spec), 1);

	assert_int_equal(try_add_rates("a", NULL, MBIT, 2 * MBIT), -EEXIST);
	assert_int_equal(try_add_rates("b", "root", MBIT, 2 * MBIT), -EEXIST);
	assert_int_equal(try_add_rates("root", NULL, MBIT, 0), -EEXIST);
	assert_int_equal(try_add_rates("root", "a", 0, 0), -EEXIST);
}

static void test_values_out_of_range(void **state)
{
	static const struct vnet_class_spec bad[] = {
		{ .has = 0 },
		{ .has = 0x02, .rate = 0 },
		{ .has = 0x02, .rate = VNET_RATE_MIN - 1 },
		{ .has = 0x02, .rate = VNET_RATE_MAX + 1 },
		{ .has = 0x02, .rate = ~0ULL },
		{ .has = 0x06, .rate = MBIT, .ceil = MBIT - 1 },
		{ .has = 0x06, .rate = MBIT, .ceil = VNET_RATE_MAX + 1 },
		{ .has = 0x0a, .rate = MBIT, .burst = VNET_BURST_MIN - 1 },
		{ .has = 0x0a, .rate = MBIT, .burst = VNET_BURST_MAX + 1 },
		{ .has = 0x12, .rate = MBIT, .cburst = VNET_BURST_MIN - 1 },
		{ .has = 0x12, .rate = MBIT, .cburst = VNET_BURST_MAX + 1 },
		{ .has = 0x22, .rate = MBIT, .prio = VNET_CLASS_PRIO_MAX + 1 },
		{ .has = 0x42, .rate = MBIT, .queue = VNET_CLASS_QUEUE_MAX + 1 },
		{ .has = 0x82, .rate = MBIT, .weight = 0 },
		{ .has = 0x82, .rate = MBIT, .weight = VNET_WEIGHT_MAX + 1 },
		{ .has = 0x02 | VNET_CLASS_HAS_DELAY_TARGET, .rate = MBIT,
		  .delay_target = VNET_DELAY_MAX + 1 },
		{ .has = 0x02 | VNET_CLASS_HAS_DELAY_LIMIT, .rate = MBIT,
		  .delay_limit = VNET_DELAY_MAX + 1 },
		{ .has = 0x02 | VNET_CLASS_HAS_OVERHEAD, .rate = MBIT, .overhead = 1 },
	};
	struct vnet_class_spec spec;
	unsigned int i;

	world_add("old", NULL, MBIT, 0);
	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		spec = bad[i];
		strcpy(spec.name, "new");
		assert_int_equal(try_add(&spec), -ERANGE);
		strcpy(spec.name, "old");
		if (spec.has)
			assert_int_equal(try_set(&spec), -ERANGE);
	}
	/* The root may have a ceil and no rate. */
	spec = (struct vnet_class_spec){ .name = "root", .has = 0x04, .ceil = VNET_RATE_MAX + 1 };
	assert_int_equal(try_set(&spec), -ERANGE);
	spec.ceil = MBIT;
	assert_int_equal(try_set(&spec), 0);
	assert_int_equal(describe("root").rate, 0);
	assert_int_equal(try_set_rates("root", NULL, 2 * MBIT, 0), -ERANGE);
}

/* The rates of children add up to no more than their parent's. */
static void test_promises(void **state)
{
	struct vnet_class_spec spec = world_spec("root", NULL, 10 * MBIT, 50 * MBIT);

	/* Nothing is known of what an unlimited root has. */
	world_add("a", NULL, 6 * MBIT, 0);
	assert_int_equal(try_set_rates("root", NULL, 5 * MBIT, 0), -EDQUOT);
	world_set_spec(&spec);
	assert_int_equal(try_add_rates("b", NULL, 4 * MBIT + 1, 50 * MBIT), -EDQUOT);
	world_add("b", NULL, 4 * MBIT, 50 * MBIT);
	assert_int_equal(vnet_class_promised(vnet_class_root(world.tree)), 10 * MBIT);
	assert_int_equal(try_set_rates("b", NULL, 5 * MBIT, 0), -EDQUOT);
	assert_int_equal(describe("b").rate, 4 * MBIT);
	assert_int_equal(try_set_rates("root", NULL, 9 * MBIT, 0), -EDQUOT);
	/* What one gives back another may have. */
	world_set("a", 5 * MBIT, 0);
	world_set("b", 5 * MBIT, 0);
	assert_int_equal(vnet_class_del(world.tree, "a"), 0);
	assert_int_equal(try_add_rates("c", "b", 6 * MBIT, 0), -EDQUOT);
	world_add("c", "b", 5 * MBIT, 0);
	assert_int_equal(try_set_rates("b", NULL, 4 * MBIT, 0), -EDQUOT);
	/* Without a rate of the root its ceil counts. */
	world_set("root", 0, 0);
	world_set("b", 100 * MBIT, 100 * MBIT);
	spec = (struct vnet_class_spec){ .name = "root", .has = 0x04, .ceil = 99 * MBIT };
	assert_int_equal(try_set(&spec), -EDQUOT);
	spec.ceil = 100 * MBIT;
	assert_int_equal(try_set(&spec), 0);
	assert_int_equal(try_add_rates("a", NULL, VNET_RATE_MIN, 0), -EDQUOT);
}

static void test_places(void **state)
{
	char name[16], parent[16] = "root";
	unsigned int level;

	assert_int_equal(try_add_rates("a", "b", MBIT, 0), -ENOENT);
	for (level = 1; level < VNET_CLASS_DEPTH_MAX; level++) {
		snprintf(name, sizeof(name), "level%u", level);
		world_add(name, parent, level == 1 ? 2 * MBIT : MBIT, 0);
		assert_int_equal(vnet_class_level(world_class(name)), level);
		strcpy(parent, name);
	}
	assert_int_equal(try_add_rates("deeper", parent, MBIT, 0), -E2BIG);

	/* Another parent moves it: see test_class_move.c. */
	assert_int_equal(try_set_rates("level2", "level1", 2 * MBIT, 0), 0);
	assert_int_equal(try_set_rates("level2", "level1", 2 * MBIT, 0), 1);
	assert_int_equal(try_set_rates("nobody", NULL, MBIT, 0), -ENOENT);
}

static void test_limits(void **state)
{
	assert_int_equal(vnet_class_set_limits(world.tree, 3, 1 << 20), 0);
	world_add("a", NULL, MBIT, 0);
	world_add("b", NULL, MBIT, 0);
	assert_int_equal(try_add_rates("c", NULL, MBIT, 0), -ENOSPC);
	assert_int_equal(try_add_rates("b", NULL, MBIT, 0), 1);
	assert_int_equal(vnet_class_set_limits(world.tree, 2, 1 << 20), -ENOSPC);
	assert_int_equal(try_add_rates("c", NULL, MBIT, 0), -ENOSPC);
	assert_int_equal(vnet_class_del(world.tree, "a"), 0);
	assert_int_equal(vnet_class_set_limits(world.tree, 2, 1 << 20), 0);
	assert_int_equal(try_add_rates("c", NULL, MBIT, 0), -ENOSPC);
}

/* A ceil and bursts that were never given follow the rate; given ones stay. */
static void test_set_keeps_what_was_given(void **state)
{
	struct vnet_class_spec spec;

	world_add("a", NULL, MBIT, 0);
	world_set("a", GBIT, 0);
	spec = describe("a");
	assert_int_equal(spec.ceil, GBIT);
	assert_int_equal(spec.burst, 250000);
	assert_int_equal(spec.cburst, 250000);

	spec = (struct vnet_class_spec){ .name = "a", .has = 0x0c, .ceil = 2 * GBIT,
					 .burst = 10000 };
	assert_int_equal(try_set(&spec), 0);
	world_set("a", MBIT, 0);
	spec = describe("a");
	assert_int_equal(spec.ceil, 2 * GBIT);
	assert_int_equal(spec.burst, 10000);
	assert_int_equal(spec.cburst, 500000);
	assert_int_equal(try_set_rates("a", NULL, 3 * GBIT, 0), -ERANGE);

	/* A ceil of 0 is none, and an unlimited root keeps none. */
	spec = (struct vnet_class_spec){ .name = "a", .has = 0x04 };
	assert_int_equal(try_set(&spec), 0);
	assert_int_equal(describe("a").ceil, MBIT);
	world_set("root", GBIT, 2 * GBIT);
	world_set("root", 0, 0);
	assert_int_equal(describe("root").ceil, 0);
	spec = describe("root");
	assert_int_equal(try_set(&spec), 1);
	world_set("root", GBIT, 0);
	assert_int_equal(describe("root").ceil, GBIT);
}

static void test_ids_and_walks(void **state)
{
	u32 id = 0, seen = 0;
	struct vnet_class *class;

	world_add("a", NULL, MBIT, 0);
	world_add("b", "a", MBIT, 0);
	world_add("c", NULL, MBIT, 0);
	assert_int_equal(vnet_class_id(world_class("c")), 4);
	assert_int_equal(vnet_class_del(world.tree, "b"), 0);
	world_add("b", "c", MBIT, 0);
	/* An id is not used again, so a walk that resumes misses nothing. */
	assert_int_equal(vnet_class_id(world_class("b")), 5);
	while ((class = vnet_class_next(world.tree, id))) {
		assert_true(vnet_class_id(class) > id);
		id = vnet_class_id(class);
		seen++;
	}
	assert_int_equal(seen, vnet_class_count(world.tree));
	assert_ptr_equal(vnet_class_next(world.tree, 2), world_class("c"));
}

static void test_del(void **state)
{
	struct vnet_class *b;

	world_add("a", NULL, MBIT, 0);
	b = world_add("b", "a", MBIT, 0);
	assert_int_equal(vnet_class_del(world.tree, "nobody"), -ENOENT);
	assert_int_equal(vnet_class_del(world.tree, "root"), -EBUSY);
	assert_int_equal(vnet_class_del(world.tree, "a"), -EBUSY);
	vnet_class_use(b);
	vnet_class_use(b);
	assert_int_equal(vnet_class_users(b), 2);
	assert_int_equal(vnet_class_del(world.tree, "b"), -EBUSY);
	vnet_class_unuse(b);
	assert_int_equal(vnet_class_del(world.tree, "b"), -EBUSY);
	vnet_class_unuse(b);
	assert_int_equal(vnet_class_del(world.tree, "b"), 0);
	assert_int_equal(vnet_class_del(world.tree, "a"), 0);
	assert_int_equal(vnet_class_count(world.tree), 1);
}

static void test_no_memory(void **state)
{
	struct vnet_class_spec spec = world_spec("a", NULL, MBIT, 0);
	struct vnet_class_tree *tree;
	size_t before = shim_allocated();
	unsigned int n;

	for (n = 1;; n++) {
		shim_fail_at(n);
		tree = vnet_class_tree_create(&world_ops, NULL);
		if (!shim_failed())
			break;
		assert_null(tree);
		assert_int_equal(shim_allocated(), before);
	}
	assert_int_equal(n, 6);		/* tree, root, two counters, room for ids */
	vnet_class_tree_destroy(tree);
	shim_rcu_run();
	assert_int_equal(shim_allocated(), before);

	/* Four ids have room. */
	world_add("b", NULL, MBIT, 0);
	world_add("c", NULL, MBIT, 0);
	world_add("d", NULL, MBIT, 0);
	before = shim_allocated();
	for (n = 1; n < 3; n++) {
		shim_fail_at(n);
		assert_int_equal(try_add(&spec), -ENOMEM);
		assert_true(shim_failed());
		assert_null(vnet_class_find(world.tree, "a"));
		/* The room for one more stays. */
		if (n == 1)
			assert_int_equal(shim_allocated(), before);
	}
	shim_fail_at(0);
	assert_int_equal(try_add(&spec), 0);
	assert_int_equal(vnet_class_id(world_class("a")), 5);
}

/* Measuring */

static struct vnet_class_sum measure(const char *name)
{
	return world_sum(world_class(name), VNET_DIR_EGRESS);
}

static void measured_second(void)
{
	shim_advance_ns(SECOND);
	vnet_class_measure(world.tree, ktime_get_ns());
}

static void assert_mbit(const char *name, double mbit)
{
	double measured = measure(name).measured / 1e6;

	if (measured < mbit * 0.995 || measured > mbit * 1.005)
		fail_msg("%s: %f and not %f Mbit/s", name, measured, mbit);
}

/* A class has what went through it and all below it in the last second. */
static void test_measure(void **state)
{
	struct flow web, app, root;

	world_set("root", 100 * MBIT, 0);
	world_add("gold", NULL, 20 * MBIT, 60 * MBIT);
	world_add("free", NULL, 10 * MBIT, 0);
	web = flow_of(world_add("web", "gold", 5 * MBIT, 40 * MBIT), 1000);
	app = flow_of(world_add("app", "gold", 5 * MBIT, 0), 1000);
	root = flow_of(vnet_class_root(world.tree), 1000);
	assert_int_equal(measure("web").measured, 0);
	web.greedy = app.greedy = 50;
	flow_refill(&web);
	flow_refill(&app);
	measured_second();
	measured_second();
	assert_mbit("web", 40);
	assert_mbit("app", 5);
	assert_mbit("gold", 45);
	assert_mbit("root", 45);
	assert_int_equal(measure("free").measured, 0);
	assert_int_equal(world_sum(world_class("gold"), VNET_DIR_INGRESS).measured, 0);
	/* It is told for the second that was measured, whenever it is asked for. */
	shim_advance_ns(SECOND / 2);
	assert_mbit("web", 40);
	/* Who lent, of those that lend in turns: gold has 15, the root the rest. */
	assert_null(measure("app").lender);
	assert_true(measure("web").lender == world_class("gold") ||
		    measure("web").lender == vnet_class_root(world.tree));

	/* With the class its rate goes, and not what it ever sent; so does the lender. */
	assert_int_equal(try_set_rates("web", "free", 5 * MBIT, 40 * MBIT), 0);
	assert_null(measure("web").lender);
	measured_second();
	measured_second();
	assert_mbit("web", 10);
	assert_mbit("free", 10);
	assert_mbit("gold", 5);
	assert_ptr_equal(measure("web").lender, world_class("free"));

	/* A longer second counts as such; frames without a class are the root's. */
	flow_end(&web);
	flow_end(&app);
	measured_second();
	root.greedy = 100;
	flow_refill(&root);
	shim_advance_ns(SECOND);
	vnet_class_measure(world.tree, ktime_get_ns());
	shim_advance_ns(3 * SECOND);
	vnet_class_measure(world.tree, ktime_get_ns());
	assert_mbit("root", 100);
	assert_int_equal(measure("web").measured, 0);
	assert_null(measure("web").lender);
	flow_end(&root);

	/* So are those that pass without a lock. */
	world_set("root", 0, 0);
	measured_second();
	for (root.greedy = 0, root.closed = false; root.greedy < 1000; root.greedy++)
		flow_offer(&root);
	measured_second();
	assert_mbit("root", 8);
	vnet_class_measure(world.tree, ktime_get_ns());
	assert_mbit("root", 8);
}

/* Bounds */

static struct vnet_class *add_with_queue(const char *name, u32 queue)
{
	struct vnet_class_spec spec = world_spec(name, NULL, 8000, 0);

	spec.queue = queue;
	spec.has |= VNET_CLASS_HAS_QUEUE;
	world_without_delay(&spec);
	return world_add_spec(&spec);
}

static void test_queue_of_a_class_is_bounded(void **state)
{
	struct vnet_class *class = add_with_queue("a", 5500);
	struct flow flow = flow_of(class, 1000), small = flow_of(class, 500);
	unsigned int i;

	flow_exhaust(&flow);
	while (flow_offer(&flow) == VNET_CLASS_HELD)
		;
	assert_int_equal(flow.held, 5);
	assert_int_equal(flow_offer(&small), VNET_CLASS_HELD);
	assert_int_equal(world.limit_calls, 1);
	assert_ptr_equal(world.last_limit.class, class);
	assert_int_equal(world.last_limit.limit, 5500);

	/* One episode, one call, until half of the queue is free. */
	for (i = 0; i < 10; i++)
		assert_int_equal(flow_offer(&flow), VNET_CLASS_FULL);
	shim_advance_ns(2 * SECOND);
	assert_in_range(flow.held, 3, 4);
	while (flow_offer(&flow) == VNET_CLASS_HELD)
		;
	assert_int_equal(world.limit_calls, 1);
	shim_advance_ns(4 * SECOND);
	assert_in_range(flow.held, 1, 2);
	while (flow_offer(&flow) == VNET_CLASS_HELD)
		;
	assert_int_equal(world.limit_calls, 2);
	assert_int_equal(world_sum(class, VNET_DIR_EGRESS).dropped, flow.full);
	assert_int_equal(world_sum(class, VNET_DIR_INGRESS).dropped, 0);
	flow_end(&flow);
	flow_end(&small);
}

static void test_queues_of_a_network_are_bounded(void **state)
{
	struct flow a = flow_of(add_with_queue("a", 100000), 1000);
	struct flow b = flow_of(add_with_queue("b", 100000), 1000);
	struct flow in = b;

	in.direction = VNET_DIR_INGRESS;
	assert_int_equal(vnet_class_set_limits(world.tree, 64, 7000), 0);
	flow_exhaust(&a);
	flow_exhaust(&b);
	while (flow_offer(&a) == VNET_CLASS_HELD)
		;
	assert_int_equal(a.held, 6);
	assert_int_equal(flow_offer(&b), VNET_CLASS_FULL);
	assert_int_equal(world.limit_calls, 1);
	assert_null(world.last_limit.class);
	assert_int_equal(world.last_limit.limit, 7000);
	/* The other direction has as much of its own. */
	flow_exhaust(&in);
	while (flow_offer(&in) == VNET_CLASS_HELD)
		;
	assert_int_equal(in.held, 7);
	assert_int_equal(world.limit_calls, 2);

	/* One episode until half of it is free. */
	shim_advance_ns(SECOND);
	assert_in_range(a.held + b.held, 4, 6);
	while (flow_offer(&a) == VNET_CLASS_HELD)
		;
	assert_int_equal(world.limit_calls, 2);
	shim_advance_ns(5 * SECOND);
	assert_in_range(a.held + b.held, 1, 3);
	while (flow_offer(&a) == VNET_CLASS_HELD)
		;
	assert_int_equal(world.limit_calls, 3);

	/* A lower limit keeps what is held. */
	while (flow_offer(&b) == VNET_CLASS_PASS)
		;
	assert_int_equal(vnet_class_set_limits(world.tree, 64, 1000), 0);
	assert_int_equal(a.held + b.held, 7);
	assert_int_equal(flow_offer(&b), VNET_CLASS_FULL);
	flow_end(&a);
	assert_int_equal(flow_offer(&b), VNET_CLASS_HELD);
	assert_int_equal(flow_offer(&b), VNET_CLASS_FULL);
	flow_end(&b);
	flow_end(&in);
	assert_int_equal(world_sum(a.class, VNET_DIR_EGRESS).queued_bytes, 0);
}

/* Members that go */

static void test_purge(void **state)
{
	struct vnet_class *class = add_with_queue("a", 100000);
	struct flow from = flow_of(class, 1000), to = from, other = from;
	int target;
	unsigned int i;

	to.target = &target;
	flow_exhaust(&from);
	for (i = 0; i < 10; i++) {
		flow_offer(&to);
		flow_offer(&other);
		flow_offer(&from);
	}
	assert_int_equal(from.held, 11);
	/* Closed first: what is on its way into the queue is refused. */
	from.closed = true;
	assert_int_equal(flow_offer(&from), VNET_CLASS_GONE);
	vnet_class_purge(world.tree, &from);
	assert_int_equal(from.held, 0);
	assert_int_equal(from.given_up, 11);
	assert_int_equal(to.held, 10);
	vnet_class_purge(world.tree, &target);
	assert_int_equal(to.given_up, 10);
	assert_int_equal(other.held, 10);
	assert_int_equal(world_sum(class, VNET_DIR_EGRESS).queued_bytes, 10000);
	/* The rest goes, in its order. */
	shim_advance_ns(20 * SECOND);
	assert_int_equal(other.released, 10);
	flow_check(&from);
	flow_check(&to);
	flow_check(&other);
	/* Nobody is waiting any more; a member that never was is no harm. */
	vnet_class_purge(world.tree, &target);
}

static void test_closed_target(void **state)
{
	struct flow flow = flow_of(add_with_queue("a", 100000), 1000);
	struct vnet_hold *hold;
	struct sk_buff skb = {};
	bool open = false, closed = true;

	hold = vnet_hold(&skb);
	hold->source_closed = &open;
	hold->target_closed = &closed;
	hold->bytes = 1000;
	local_bh_disable();
	rcu_read_lock();
	assert_int_equal(vnet_class_admit(flow.class, VNET_DIR_INGRESS, &skb, false),
			 VNET_CLASS_GONE);
	closed = false;
	assert_int_equal(vnet_class_admit(flow.class, VNET_DIR_INGRESS, &skb, false),
			 VNET_CLASS_PASS);
	rcu_read_unlock();
	local_bh_enable();
}

/* Classes that go */

static void test_del_under_backlog(void **state)
{
	struct vnet_class *class = add_with_queue("a", 100000);
	struct flow out = flow_of(class, 1000), in = out;

	in.direction = VNET_DIR_INGRESS;
	flow_exhaust(&out);
	flow_exhaust(&in);
	flow_offer(&in);
	assert_int_equal(vnet_class_del(world.tree, "a"), 0);
	assert_int_equal(out.given_up, 1);
	assert_int_equal(in.given_up, 2);
	/* The packet path may have found the class just before. */
	assert_int_equal(flow_offer(&out), VNET_CLASS_GONE);
	assert_int_equal(flow_offer(&in), VNET_CLASS_GONE);
	/* The timer finds nothing. */
	shim_advance_ns(10 * SECOND);
	shim_rcu_run();
	flow_check(&out);
	flow_check(&in);
	assert_int_equal(out.held + in.held, 0);
}

static void test_destroy_under_backlog(void **state)
{
	struct flow child, root;

	world_set("root", 8000, 0);
	world_add("a", NULL, 8000, 0);
	child = flow_of(world_add("b", "a", 8000, 0), 1000);
	root = flow_of(vnet_class_root(world.tree), 1000);
	flow_exhaust(&child);
	flow_exhaust(&root);
	vnet_class_tree_destroy(world.tree);
	assert_int_equal(child.given_up, 1);
	assert_int_equal(root.given_up, 1);
	assert_int_equal(flow_offer(&child), VNET_CLASS_GONE);
	assert_int_equal(flow_offer(&root), VNET_CLASS_GONE);
	shim_advance_ns(10 * SECOND);
	shim_rcu_run();
}

/* An unlimited root, whose frames need no lock, refuses them too. */
static void test_destroy_an_unlimited_root(void **state)
{
	struct flow flow = flow_of(vnet_class_root(world.tree), 1000);

	assert_int_equal(flow_offer(&flow), VNET_CLASS_PASS);
	vnet_class_tree_destroy(world.tree);
	assert_int_equal(flow_offer(&flow), VNET_CLASS_GONE);
	shim_rcu_run();
}

/* Everything at once, in any order */

#define CHAOS_FLOWS	16
#define CHAOS_NAMES	10
#define CHAOS_STEPS	200000

static struct flow chaos_flows[CHAOS_FLOWS];

static const char *chaos_name(void)
{
	static char name[8];

	snprintf(name, sizeof(name), "c%u", shim_below(CHAOS_NAMES));
	return name;
}

static struct vnet_class_spec chaos_spec(void)
{
	u64 rate = 8000ULL << shim_below(20);
	struct vnet_class_spec spec = world_spec(chaos_name(), NULL, rate,
						 rate << shim_below(4));

	spec.has |= shim_below(0x80000) & VNET_CLASS_HAS_VALUES &
		    ~(VNET_CLASS_HAS_CEIL | VNET_CLASS_HAS_OVERHEAD);
	spec.burst = 1514 + shim_below(100000);
	spec.cburst = 1514 + shim_below(100000);
	spec.queue = shim_below(50000);
	spec.prio = shim_below(8);
	spec.delay_target = shim_below(3) * 2;
	spec.delay_limit = shim_below(100);
	return spec;
}

static void chaos_add(void)
{
	struct vnet_class_spec spec = chaos_spec();
	bool unchanged;

	if (shim_below(4)) {
		strcpy(spec.parent, chaos_name());
		spec.has |= VNET_CLASS_HAS_PARENT;
	}
	vnet_class_add(world.tree, &spec, &unchanged);
}

static void chaos_set(void)
{
	struct vnet_class_spec spec = chaos_spec();
	bool unchanged;

	if (!shim_below(4)) {
		strcpy(spec.name, "root");
		if (!shim_below(2))
			spec = world_spec("root", NULL, 0, 0);
	}
	vnet_class_set(world.tree, &spec, &unchanged);
}

static void chaos_assign(struct flow *flow)
{
	struct vnet_class *class = vnet_class_find(world.tree, chaos_name());

	vnet_class_unuse(flow->class);
	flow->class = class ? class : vnet_class_root(world.tree);
	vnet_class_use(flow->class);
}

static void chaos_offer(struct flow *flow)
{
	unsigned int i;

	for (i = shim_below(20); i; i--) {
		flow->bytes = 60 + shim_below(shim_below(20) ? 1500 : 65000);
		flow_offer(flow);
	}
}

static void chaos_step(void)
{
	struct flow *flow = &chaos_flows[shim_below(CHAOS_FLOWS)];

	switch (shim_below(24)) {
	case 0:
		chaos_add();
		break;
	case 1:
		vnet_class_del(world.tree, chaos_name());
		break;
	case 2:
	case 3:
		chaos_set();
		break;
	case 4:
	case 5:
		chaos_assign(flow);
		break;
	case 6:
		vnet_class_purge(world.tree, flow);
		assert_int_equal(flow->held, 0);
		break;
	case 7:
		flow->closed = !flow->closed;
		break;
	case 8:
		flow->greedy = shim_below(20);
		break;
	case 9:
		vnet_class_set_limits(world.tree, 5 + shim_below(6), shim_below(300000));
		break;
	case 10:
		shim_rcu_run();
		break;
	case 11:
		shim_skip_ns(shim_below(10 * MS));
		break;
	case 12:
		shim_late_ns(shim_below(MS));
		break;
	case 13:
	case 14:
	case 15:
		shim_advance_ns(shim_below(10 * MS));
		break;
	default:
		chaos_offer(flow);
	}
}

/* What flows miss, classes hold. */
static void chaos_check(void)
{
	u64 held = 0, queued = 0, id = 0;
	struct vnet_class *class;
	unsigned int i;

	for (i = 0; i < CHAOS_FLOWS; i++) {
		flow_check(&chaos_flows[i]);
		held += chaos_flows[i].held;
	}
	while ((class = vnet_class_next(world.tree, id))) {
		id = vnet_class_id(class);
		queued += world_sum(class, VNET_DIR_INGRESS).queued_packets;
		queued += world_sum(class, VNET_DIR_EGRESS).queued_packets;
	}
	assert_int_equal(held, queued);
}

static void test_chaos(void **state)
{
	unsigned int i;
	u64 released = 0;

	shim_seed();
	world.chaos = true;
	memset(chaos_flows, 0, sizeof(chaos_flows));
	for (i = 0; i < CHAOS_FLOWS; i++) {
		chaos_flows[i] = flow_of(vnet_class_root(world.tree), 1000);
		chaos_flows[i].direction = i % 2 ? VNET_DIR_INGRESS : VNET_DIR_EGRESS;
		vnet_class_use(chaos_flows[i].class);
	}
	for (i = 0; i < CHAOS_STEPS; i++) {
		chaos_step();
		chaos_check();
	}
	/* Without a limit everything drains. */
	for (i = 0; i < CHAOS_FLOWS; i++)
		chaos_flows[i].greedy = 0;
	world_set("root", 0, 0);
	shim_advance_ns(100000 * SECOND);
	chaos_check();
	for (i = 0; i < CHAOS_FLOWS; i++) {
		assert_int_equal(chaos_flows[i].held, 0);
		released += chaos_flows[i].released;
		vnet_class_unuse(chaos_flows[i].class);
	}
	assert_true(released > CHAOS_STEPS / 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
#define TEST_SETUP(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		TEST(test_a_new_tree_has_an_unlimited_root),
		TEST(test_defaults),
		TEST(test_add_again),
		TEST(test_values_out_of_range),
		TEST(test_promises),
		TEST(test_places),
		TEST(test_limits),
		TEST(test_set_keeps_what_was_given),
		TEST(test_ids_and_walks),
		TEST(test_del),
		TEST(test_no_memory),
		TEST(test_measure),
		TEST(test_queue_of_a_class_is_bounded),
		TEST(test_queues_of_a_network_are_bounded),
		TEST(test_purge),
		TEST(test_closed_target),
		TEST(test_del_under_backlog),
		TEST_SETUP(test_destroy_under_backlog),
		TEST_SETUP(test_destroy_an_unlimited_root),
		TEST(test_chaos),
	};

	return cmocka_run_group_tests_name("class", tests, NULL, NULL);
}
