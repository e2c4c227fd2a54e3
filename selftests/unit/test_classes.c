// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/class.c kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c
// SOURCES: kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c kmod/stats.c
// LIBS: -Wl,--wrap=vnet_bucket_fill
/*
 * Many classes, and the slowest and fastest there can be: what a frame costs is
 * counted in nodes that are looked at, so that no busy machine can make it fail.
 */
#include "class_world.h"

#include "bucket.h"

#define MANY	10000

static u64 looked_at;

void __real_vnet_bucket_fill(struct vnet_bucket *bucket, u64 now);
void __wrap_vnet_bucket_fill(struct vnet_bucket *bucket, u64 now);

/* Whoever looks at a node fills its two buckets. */
void __wrap_vnet_bucket_fill(struct vnet_bucket *bucket, u64 now)
{
	looked_at++;
	__real_vnet_bucket_fill(bucket, now);
}

static u64 looks(void)
{
	u64 nodes = looked_at / 2;

	looked_at = 0;
	return nodes;
}

static int setup(void **state)
{
	world_begin();
	assert_int_equal(vnet_class_set_limits(world.tree, VNET_CLASSES_MAX, 1 << 30), 0);
	looks();
	return 0;
}

static int teardown(void **state)
{
	world_end();
	return 0;
}

/* One group for each hundred; returns the first class of the first group. */
static struct vnet_class *add_many(unsigned int count, u64 rate, u64 ceil)
{
	char group[16], name[16];
	unsigned int i;

	for (i = 0; i < count; i++) {
		snprintf(group, sizeof(group), "group%u", i / 100);
		snprintf(name, sizeof(name), "class%u", i);
		if (i % 100 == 0)
			world_add(group, NULL, 100 * rate, ceil);
		world_add(name, group, rate, ceil);
	}
	return world_class("class0");
}

static unsigned int count_walk(void)
{
	struct vnet_class *class;
	unsigned int seen = 0;
	u32 id = 0;

	while ((class = vnet_class_next(world.tree, id))) {
		assert_true(vnet_class_id(class) > id);
		id = vnet_class_id(class);
		seen++;
	}
	return seen;
}

static void test_add_walk_del(void **state)
{
	char name[16];
	unsigned int i;

	add_many(MANY, MBIT, 0);
	assert_int_equal(vnet_class_count(world.tree), MANY + MANY / 100 + 1);
	assert_int_equal(count_walk(), vnet_class_count(world.tree));
	/* Every second one goes, and a walk that was there goes on behind it. */
	for (i = 0; i < MANY; i += 2) {
		u32 id;

		snprintf(name, sizeof(name), "class%u", i);
		id = vnet_class_id(world_class(name));
		assert_int_equal(vnet_class_del(world.tree, name), 0);
		assert_true(vnet_class_id(vnet_class_next(world.tree, id)) > id);
	}
	assert_int_equal(count_walk(), MANY / 2 + MANY / 100 + 1);
	shim_rcu_run();
}

/* Nodes looked at for a frame that passes, one that is held, and its run. */
static void cost_of_frames(unsigned int classes, u64 cost[3])
{
	struct flow flow;

	setup(NULL);
	flow = flow_of(add_many(classes, MBIT, 0), 1500);
	looks();
	assert_int_equal(flow_offer(&flow), VNET_CLASS_PASS);
	cost[0] = looks();
	flow_exhaust(&flow);
	looks();
	assert_int_equal(flow_offer(&flow), VNET_CLASS_HELD);
	cost[1] = looks();
	shim_advance_ns(SECOND);
	assert_int_equal(flow.held, 0);
	cost[2] = looks();
	teardown(NULL);
}

static void test_idle_classes_cost_nothing(void **state)
{
	u64 one[3], many[3];

	cost_of_frames(1, one);
	cost_of_frames(MANY, many);
	assert_memory_equal(one, many, sizeof(one));
	/* Its path: the class, its group, the root. */
	assert_int_equal(one[0], 3);
}

/*
 * Nodes looked at for each frame that goes out, when all classes hold some and the
 * root has tokens for one frame of each.
 */
static u64 cost_of_waiting(unsigned int classes)
{
	struct flow *flows = calloc(classes, sizeof(*flows));
	u64 sent = 0, time = classes * 128ULL + 100 * US;
	char name[16];
	unsigned int i;

	assert_non_null(flows);
	setup(NULL);
	world_set("root", 1500ULL * 8 * classes * SECOND / time, 0);
	add_many(classes, MBIT, VNET_RATE_MAX);
	for (i = 0; i < classes; i++) {
		snprintf(name, sizeof(name), "class%u", i);
		flows[i] = flow_of(world_class(name), 1500);
		flows[i].greedy = 2;
		flow_refill(&flows[i]);
	}
	shim_advance_ns(40 * time);
	for (i = 0; i < classes; i++)
		sent -= flows[i].passed + flows[i].released;
	looks();
	shim_advance_ns(40 * time);
	for (i = 0; i < classes; i++) {
		sent += flows[i].passed + flows[i].released;
		flow_end(&flows[i]);
	}
	assert_true(sent >= 35 * classes);
	free(flows);
	sent = looks() / sent;
	teardown(NULL);
	return sent;
}

static void test_many_that_wait(void **state)
{
	u64 few = cost_of_waiting(4), many = cost_of_waiting(MANY);

	if (many > 2 * few)
		fail_msg("%llu nodes a frame with 4 classes, %llu with %u",
			 (unsigned long long)few, (unsigned long long)many, MANY);
}

/* Of @rate, what goes in @time, when there is always more; the burst is used up. */
static void check_extreme(u64 rate, u32 bytes, u64 time, u64 least, u64 most)
{
	struct vnet_class_spec spec = world_spec("a", NULL, rate, 0);
	struct flow flow;

	world_begin();
	assert_int_equal(vnet_class_set_limits(world.tree, 2, VNET_QUEUE_MAX), 0);
	spec.burst = VNET_BURST_MIN;
	spec.cburst = VNET_BURST_MIN;
	spec.queue = VNET_CLASS_QUEUE_MAX;
	spec.has |= VNET_CLASS_HAS_BURST | VNET_CLASS_HAS_CBURST | VNET_CLASS_HAS_QUEUE;
	flow = flow_of(world_add_spec(&spec), bytes);
	flow.greedy = 16;
	flow_refill(&flow);
	flow.sent_bytes = 0;
	shim_advance_ns(time);
	flow_end(&flow);
	assert_in_range(flow.sent_bytes, least, most);
	world_end();
}

static void test_extremes(void **state)
{
	/* A bit a second: 1500 bytes take 12000 seconds. */
	check_extreme(1, 1500, 120000 * SECOND, 13500, 15000);
	/* 125 gigabytes a second. */
	check_extreme(VNET_RATE_MAX, 65536, MS, 124000000, 126000000);
}

/* From nothing to everything and back while frames are held. */
static void test_between_extremes(void **state)
{
	struct flow flow = flow_of(world_add("a", NULL, 1, 0), 1500);

	flow_exhaust(&flow);
	flow_offer(&flow);
	shim_advance_ns(1000 * SECOND);
	assert_int_equal(flow.held, 2);
	world_set("a", VNET_RATE_MAX, 0);
	shim_advance_ns(MS);
	assert_int_equal(flow.held, 0);
	world_set("a", 1, 0);
	/* Bits are bits: the burst of the slow class is left of the large one. */
	flow_exhaust(&flow);
	shim_advance_ns(SECOND);
	assert_int_equal(flow.held, 1);
	shim_advance_ns(100000 * SECOND);
	assert_int_equal(flow.held, 0);
	flow_check(&flow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_add_walk_del, setup, teardown),
		cmocka_unit_test(test_idle_classes_cost_nothing),
		cmocka_unit_test(test_many_that_wait),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test_setup_teardown(test_between_extremes, setup, teardown),
	};

	return cmocka_run_group_tests_name("classes", tests, NULL, NULL);
}
