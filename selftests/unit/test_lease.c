// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/class.c kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c
// SOURCES: kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c kmod/stats.c
/*
 * Frames that pass without the lock: who may, for how long, and that it changes nothing
 * of what a class may send.
 */
#include "class_world.h"

#include <linux/smp.h>

#define BURST		1000000U
#define RATE		(4 * GBIT)	/* the burst is 2 ms of it */
#define FRAME		1000U

static int setup(void **state)
{
	world_begin();
	/* Nobody has ever asked for the lock a moment ago. */
	shim_advance_ns(SECOND);
	return 0;
}

static int teardown(void **state)
{
	world_end();
	return 0;
}

static struct vnet_class *add(const char *name, const char *parent, u64 rate, u64 ceil)
{
	struct vnet_class_spec spec = world_spec(name, parent, rate, ceil);

	spec.burst = BURST;
	spec.cburst = BURST;
	spec.has |= VNET_CLASS_HAS_BURST | VNET_CLASS_HAS_CBURST;
	return world_add_spec(&spec);
}

/* Whether a frame of @class would need no lock on a CPU; if so it goes. */
static bool passes_on(struct vnet_class *class, int cpu)
{
	bool passes;

	shim_cpu = cpu;
	local_bh_disable();
	passes = vnet_class_pass(class, VNET_DIR_EGRESS, FRAME);
	local_bh_enable();
	return passes;
}

static void offer_on(struct flow *flow, int cpu, unsigned int frames)
{
	shim_cpu = cpu;
	while (frames--)
		assert_int_equal(flow_offer(flow), VNET_CLASS_PASS);
}

/* Who may */

static void test_the_second_frame_leases(void **state)
{
	struct flow flow = flow_of(add("a", NULL, RATE, RATE), FRAME);

	assert_false(passes_on(flow.class, 0));
	offer_on(&flow, 0, 1);
	assert_false(passes_on(flow.class, 0));
	offer_on(&flow, 0, 1);
	assert_true(passes_on(flow.class, 0));
	/* The other CPUs, and the other direction, have not asked. */
	assert_false(passes_on(flow.class, 1));
	local_bh_disable();
	assert_false(vnet_class_pass(flow.class, VNET_DIR_INGRESS, FRAME));
	local_bh_enable();
	/* What is longer than the rest of the lease asks. */
	local_bh_disable();
	assert_false(vnet_class_pass(flow.class, VNET_DIR_EGRESS, 65536));
	local_bh_enable();
}

static void test_who_seldom_sends_leases_nothing(void **state)
{
	struct flow flow = flow_of(add("a", NULL, RATE, RATE), FRAME);
	unsigned int i;

	for (i = 0; i < 10; i++) {
		assert_false(passes_on(flow.class, 0));
		offer_on(&flow, 0, 1);
		shim_advance_ns(5 * MS);
	}
}

/* Frames that took the lock, of so many. */
static unsigned int locked(struct flow *flow, unsigned int frames)
{
	unsigned int i, count = 0;

	for (i = 0; i < frames; i++) {
		if (passes_on(flow->class, 0))
			continue;
		count++;
		offer_on(flow, 0, 1);
	}
	return count;
}

static void test_leases_grow(void **state)
{
	struct flow unlimited = flow_of(vnet_class_root(world.tree), FRAME);
	struct flow flow = flow_of(add("a", NULL, RATE, RATE), FRAME);
	unsigned int i, count = 0;

	locked(&unlimited, 3000);
	assert_in_range(locked(&unlimited, 100000), 1, 100);

	/* Half of its rate. */
	for (i = 0; i < 100; i++) {
		count += locked(&flow, 250);
		shim_advance_ns(MS);
	}
	assert_in_range(count, 100, 25000 / 50);
	assert_int_equal(flow.held, 0);
}

static void test_small_bursts_are_not_leased(void **state)
{
	struct vnet_class_spec spec = world_spec("a", NULL, 100 * MBIT, 100 * MBIT);
	struct flow flow;

	spec.burst = spec.cburst = 8000;
	spec.has |= VNET_CLASS_HAS_BURST | VNET_CLASS_HAS_CBURST;
	flow = flow_of(world_add_spec(&spec), FRAME);
	offer_on(&flow, 0, 3);
	assert_false(passes_on(flow.class, 0));
}

/* What they may */

/* A bucket beside that of the class: what passes is within rate and burst. */
static struct {
	double bytes;
	u64 time;
	u64 rate;
} model;

static void model_begin(u64 rate)
{
	model.bytes = BURST;
	model.time = ktime_get_ns();
	model.rate = rate;
}

static void model_charge(const struct flow *flow, u32 bytes)
{
	u64 now = ktime_get_ns();

	model.bytes += (now - model.time) * (double)model.rate / 8 / SECOND;
	model.bytes = min_t(double, model.bytes, BURST) - bytes;
	model.time = now;
	/* The last frame may be paid afterwards. */
	assert_true(model.bytes > -1501.0);
}

static void test_bursts_of_many_cpus_are_bounds(void **state)
{
	struct vnet_class *parent = add("parent", NULL, RATE, RATE);
	struct flow flows[3];
	unsigned int i, n;

	for (i = 0; i < 3; i++) {
		char name[] = { 'a' + i, 0 };

		flows[i] = flow_of(add(name, "parent", RATE / 4, RATE), 100);
	}
	model_begin(RATE);
	world.on_out = model_charge;
	for (i = 0; i < 20000; i++) {
		shim_cpu = shim_random() % SHIM_CPUS;
		n = shim_random() % 3;
		flows[n].bytes = 64 + shim_random() % 1437;
		for (n = shim_random() % 3; n < 3; n++)
			flow_offer(&flows[n]);
		/* Above the rate for a while, then below it. */
		shim_advance_ns(shim_random() % (i / 1000 % 2 ? 8000 : 3000));
	}
	world.on_out = NULL;
	for (i = 0; i < 3; i++)
		flow_end(&flows[i]);
	assert_int_equal(vnet_class_promised(parent), 3 * RATE / 4);
}

/* Frames until the first one has to wait. */
static unsigned int exhaust(struct flow *flow)
{
	u64 before = flow->passed;

	while (flow_offer(flow) == VNET_CLASS_PASS)
		;
	return flow->passed - before;
}

static void test_what_others_leased_is_not_missed(void **state)
{
	struct flow flow = flow_of(add("a", NULL, RATE, RATE), FRAME);
	int cpu;

	for (cpu = 1; cpu < SHIM_CPUS; cpu++)
		offer_on(&flow, cpu, 10);
	shim_cpu = 0;
	/* The burst, and one that is paid afterwards. */
	assert_int_equal(exhaust(&flow),
			 BURST / FRAME + 1 - 10 * (SHIM_CPUS - 1));
	for (cpu = 0; cpu < SHIM_CPUS; cpu++)
		assert_false(passes_on(flow.class, cpu));
	flow_end(&flow);
}

static void test_old_leases_end(void **state)
{
	struct vnet_class *parent = add("parent", NULL, RATE, RATE);
	struct flow a = flow_of(add("a", "parent", RATE / 4, RATE), FRAME);
	struct flow b = flow_of(add("b", "parent", RATE / 4, RATE), FRAME);
	struct flow own = flow_of(parent, FRAME);

	offer_on(&a, 1, 100);
	assert_true(passes_on(a.class, 1));
	/* It has what it paid for, however long that is ago, */
	shim_advance_ns(100 * MS);
	assert_true(passes_on(a.class, 1));
	/* until somebody else asks. */
	offer_on(&b, 0, 1);
	assert_false(passes_on(a.class, 1));
	shim_advance_ns(10 * MS);
	shim_cpu = 0;
	assert_int_equal(exhaust(&own), BURST / FRAME + 1);
	flow_end(&own);
}

/* Nobody passes what waits, whatever CPU it comes to. */
static void test_nobody_passes_what_waits(void **state)
{
	struct flow flow = flow_of(add("a", NULL, RATE, RATE), FRAME);
	int cpu;

	for (cpu = 0; cpu < SHIM_CPUS; cpu++)
		offer_on(&flow, cpu, 10);
	shim_cpu = 0;
	flow_exhaust(&flow);
	for (cpu = 0; cpu < SHIM_CPUS; cpu++) {
		shim_cpu = cpu;
		assert_int_equal(flow_offer(&flow), VNET_CLASS_HELD);
	}
	flow_end(&flow);
}

/* When the tree changes */

static void test_changes_end_leases(void **state)
{
	struct vnet_class_spec spec = world_spec("a", "c", RATE, 0);
	struct flow flow = flow_of(add("a", NULL, RATE, RATE), FRAME);
	struct vnet_class_sum sum;

	add("c", NULL, 2 * RATE, 2 * RATE);
	offer_on(&flow, 0, 10);
	assert_true(passes_on(flow.class, 0));
	world_set("a", RATE / 2, RATE);
	assert_false(passes_on(flow.class, 0));

	offer_on(&flow, 0, 10);
	assert_true(passes_on(flow.class, 0));
	world_set_spec(&spec);
	assert_false(passes_on(flow.class, 0));

	offer_on(&flow, 0, 10);
	assert_true(passes_on(flow.class, 0));
	/* Another class of the tree may be the one that pays. */
	world_set("c", RATE, 0);
	assert_false(passes_on(flow.class, 0));

	sum = world_sum(flow.class, VNET_DIR_EGRESS);
	assert_int_equal(sum.packets, 33);
	assert_int_equal(sum.bytes, 33 * FRAME);
	assert_int_equal(sum.borrowed, 0);

	offer_on(&flow, 0, 10);
	assert_int_equal(vnet_class_del(world.tree, "a"), 0);
	assert_false(passes_on(flow.class, 0));
	assert_int_equal(flow_offer(&flow), VNET_CLASS_GONE);
}

static void test_borrowed_frames_are_counted(void **state)
{
	/* Of its own it has no more than two frames. */
	struct vnet_class_spec spec = world_spec("a", NULL, MBIT, RATE);
	struct flow flow;

	spec.burst = VNET_BURST_MIN;
	spec.cburst = BURST;
	spec.has |= VNET_CLASS_HAS_BURST | VNET_CLASS_HAS_CBURST;
	flow = flow_of(world_add_spec(&spec), FRAME);
	offer_on(&flow, 0, 100);
	assert_true(passes_on(flow.class, 0));
	assert_int_equal(world_sum(flow.class, VNET_DIR_EGRESS).packets, 101);
	assert_int_equal(world_sum(flow.class, VNET_DIR_EGRESS).borrowed, 101 - VNET_BURST_MIN / FRAME - 1);
	world_set("root", 0, 0);
	assert_int_equal(world_sum(flow.class, VNET_DIR_EGRESS).packets, 101);
	assert_int_equal(world_sum(flow.class, VNET_DIR_EGRESS).borrowed, 101 - VNET_BURST_MIN / FRAME - 1);
}

static void test_without_memory(void **state)
{
	struct vnet_class_spec spec = world_spec("a", NULL, RATE, RATE);
	unsigned int n, failed = 0;
	bool unchanged;
	int err = -ENOMEM;

	for (n = 1; err; n++) {
		shim_fail_at(n);
		err = vnet_class_add(world.tree, &spec, &unchanged);
		failed += shim_failed();
		assert_true(!err || err == -ENOMEM);
		assert_int_equal(vnet_class_count(world.tree), err ? 1 : 2);
	}
	/* The id, the class and its leases. */
	assert_true(failed >= 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_the_second_frame_leases, setup, teardown),
		cmocka_unit_test_setup_teardown(test_who_seldom_sends_leases_nothing,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_leases_grow, setup, teardown),
		cmocka_unit_test_setup_teardown(test_small_bursts_are_not_leased,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_bursts_of_many_cpus_are_bounds,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_what_others_leased_is_not_missed,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_old_leases_end, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobody_passes_what_waits, setup, teardown),
		cmocka_unit_test_setup_teardown(test_changes_end_leases, setup, teardown),
		cmocka_unit_test_setup_teardown(test_borrowed_frames_are_counted,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_without_memory, setup, teardown),
	};

	return cmocka_run_group_tests_name("lease", tests, NULL, NULL);
}
