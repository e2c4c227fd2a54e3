// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/class.c kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c
// SOURCES: kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c kmod/stats.c
/*
 * When frames go: rates, bursts, borrowing, order, and that none gets lost.
 */
#include "class_world.h"

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

/* Rates */

/* bit/s after the first time, at the end of which as much was owed as at that of the last. */
static double flow_rate(const struct flow *flow)
{
	return (flow->sent_bytes - flow->first_bytes) * 8.0 * SECOND /
	       (flow->last_time - flow->first_time);
}

static void assert_near(double real, double ideal, double tolerance)
{
	if (real < ideal * (1 - tolerance) || real > ideal * (1 + tolerance))
		fail_msg("%.0f is not within %g of %.0f", real, tolerance, ideal);
}

static void check_rate(u64 rate, u32 bytes, u64 late)
{
	struct vnet_class_spec spec = world_spec("a", NULL, rate, 0);
	/* 10 s, unless that were too many frames to wait for. */
	u64 time = min_t(u64, 10 * SECOND, 1000000ULL * bytes * 8 * SECOND / rate);
	struct flow flow = { .direction = VNET_DIR_EGRESS, .bytes = bytes };

	world_begin();
	shim_late_ns(late);
	spec.queue = 64 << 20;
	spec.has |= VNET_CLASS_HAS_QUEUE;
	assert_int_equal(vnet_class_set_limits(world.tree, 2, 64 << 20), 0);
	flow.class = world_add_spec(&spec);
	/* Enough for whatever a late, and patient, timer finds tokens for. */
	flow.greedy = 64 + 4 * (late + 500 * US) * rate / 8 / SECOND / bytes;
	flow_refill(&flow);
	/* The burst is out now, what follows goes by the rate. */
	flow.sent_bytes = 0;
	shim_advance_ns(time);
	assert_near(flow_rate(&flow), rate, 0.005);
	flow_end(&flow);
	world_end();
}

static const u64 rates[] = { MBIT, 10 * MBIT, 100 * MBIT, GBIT, 10 * GBIT };
static const u32 lengths[] = { 64, 1500, 65536 };

static void test_rates(void **state)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		for (j = 0; j < ARRAY_SIZE(lengths); j++)
			check_rate(rates[i], lengths[j], 0);
}

/* A busy host runs timers late: up to the burst that must not cost rate. */
static void test_rates_with_late_timers(void **state)
{
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		for (j = 0; j < ARRAY_SIZE(lengths); j++)
			check_rate(rates[i], lengths[j], 1500 * US);
}

/*
 * What passed at a class must never be more than burst + rate * time + a frame,
 * over any time: that is, a bucket that only this test knows never overflows.
 */
struct meter {
	struct vnet_class *class;
	double rate;
	double bound;
	double level;
	double highest;
	u64 time;
};

static struct meter meters[3];

static void meter_frame(struct meter *meter, u32 bytes)
{
	meter->level -= meter->rate / 8 * (ktime_get_ns() - meter->time) / SECOND;
	meter->level = max(meter->level, 0.0);
	meter->time = ktime_get_ns();
	meter->level += bytes;
	meter->highest = max(meter->highest, meter->level);
	assert_true(meter->level <= meter->bound + 0.001);
}

static void meter_flow(const struct flow *flow, u32 bytes)
{
	unsigned int i;

	/* The first one is the root's. */
	for (i = 0; i < ARRAY_SIZE(meters); i++)
		if (!i || meters[i].class == flow->class)
			meter_frame(&meters[i], bytes);
}

static void test_bursts_are_bounds(void **state)
{
	struct flow flows[2] = {
		{ .direction = VNET_DIR_INGRESS }, { .direction = VNET_DIR_INGRESS },
	};
	struct vnet_class_spec spec = world_spec("root", NULL, 50 * MBIT, 0);
	unsigned int step, i;

	spec.burst = 10000;
	spec.cburst = 20000;
	spec.has |= VNET_CLASS_HAS_BURST | VNET_CLASS_HAS_CBURST;
	world_set_spec(&spec);
	meters[0] = (struct meter){ .rate = 50e6, .bound = 20000 + 9000 };
	for (i = 0; i < 2; i++) {
		spec = world_spec(i ? "b" : "a", NULL, 25 * MBIT, 40 * MBIT);
		spec.cburst = 15000;
		spec.has |= VNET_CLASS_HAS_CBURST;
		flows[i].class = world_add_spec(&spec);
		meters[i + 1] = (struct meter){ flows[i].class, 40e6, 15000 + 9000 };
	}
	world.on_out = meter_flow;
	for (step = 0; step < 300000; step++) {
		i = shim_below(2);
		flows[i].bytes = 60 + shim_below(9000 - 60);
		flow_offer(&flows[i]);
		/* Now and then long enough to fill all buckets. */
		shim_advance_ns(shim_below(step % 64 ? 2000000 : 100000000));
		shim_late_ns(shim_below(100000));
	}
	world.on_out = NULL;
	shim_advance_ns(10 * SECOND);
	assert_int_equal(flows[0].held + flows[1].held, 0);
	/* Bounds that nothing comes near would say nothing. */
	for (i = 0; i < ARRAY_SIZE(meters); i++)
		assert_true(meters[i].highest > meters[i].bound * 0.95);
	flow_check(&flows[0]);
	flow_check(&flows[1]);
}

/* Borrowing */

#define FLOWS_MAX	5

struct tree_node {
	const char *name;
	const char *parent;
	u64 rate;
	u64 ceil;
	u8 prio;
	u32 weight;	/* 0: not given */
};

/* Mbit/s that a flow of each class gets; 0: it is idle. */
struct sharing {
	const char *name;
	double mbit[FLOWS_MAX];
};

static void build_tree(const struct tree_node *nodes, unsigned int count)
{
	unsigned int i;

	for (i = 0; i < count; i++) {
		struct vnet_class_spec spec = world_spec(nodes[i].name, nodes[i].parent,
							 nodes[i].rate * MBIT,
							 nodes[i].ceil * MBIT);

		spec.prio = nodes[i].prio;
		spec.has |= VNET_CLASS_HAS_PRIO;
		spec.weight = nodes[i].weight;
		spec.has |= spec.weight ? VNET_CLASS_HAS_WEIGHT : 0;
		if (!strcmp(nodes[i].name, VNET_CLASS_ROOT))
			world_set_spec(&spec);
		else
			world_add_spec(&spec);
	}
}

static void check_sharing(const struct tree_node *nodes, unsigned int count,
			  const struct sharing *sharing)
{
	struct flow flows[FLOWS_MAX] = {};
	u64 before[FLOWS_MAX];
	unsigned int i;

	world_begin();
	build_tree(nodes, count);
	for (i = 0; i < count; i++) {
		flows[i].class = world_class(nodes[i].name);
		flows[i].direction = VNET_DIR_INGRESS;
		flows[i].bytes = 1000;
		flows[i].greedy = sharing->mbit[i] ? 100 : 0;
		flow_refill(&flows[i]);
	}
	shim_advance_ns(SECOND);
	for (i = 0; i < count; i++)
		before[i] = flows[i].sent_bytes;
	shim_advance_ns(4 * SECOND);
	for (i = 0; i < count; i++) {
		double mbit = (flows[i].sent_bytes - before[i]) * 8 / 4e6;

		if (mbit < sharing->mbit[i] * 0.99 || mbit > sharing->mbit[i] * 1.01)
			fail_msg("%s: %s has %f and not %f Mbit/s", sharing->name,
				 nodes[i].name, mbit, sharing->mbit[i]);
		flow_end(&flows[i]);
	}
	world_end();
}

/*
 * Who borrows shares in proportion to the weights, which are the rates: a and b 2:1,
 * the root's own frames and a 5:3.
 */
static const struct tree_node two_levels[] = {
	{ "root", NULL, 100, 100, 0 },
	{ "a", "root", 60, 100, 0 },
	{ "b", "root", 30, 50, 0 },
};

static const struct sharing two_levels_sharing[] = {
	{ "a alone reaches its ceil", { 0, 100, 0 } },
	{ "b alone reaches its ceil", { 0, 0, 50 } },
	{ "the root alone", { 100, 0, 0 } },
	{ "10 left for a and b", { 0, 60 + 10 * 2.0 / 3, 30 + 10 / 3.0 } },
	{ "40 left for root and a", { 40 * 5 / 8.0, 60 + 40 * 3 / 8.0, 0 } },
	{ "70 left for root and b, which takes no more than 20",
	  { 100 - 30 - 70 * 3 / 13.0, 0, 30 + 70 * 3 / 13.0 } },
	{ "10 left for all",
	  { 10 * 25 / 47.5, 60 + 10 * 15 / 47.5, 30 + 10 * 7.5 / 47.5 } },
};

/* The example of the theory of operation, below a root of 100. */
static const struct tree_node three_levels[] = {
	{ "root", NULL, 100, 100, 0 },
	{ "gold", "root", 60, 100, 0 },
	{ "free", "root", 20, 40, 0 },
	{ "web", "gold", 20, 50, 0 },
	{ "app", "gold", 40, 60, 0 },
};

/* root, gold, free, web, app */
static const struct sharing three_levels_sharing[] = {
	{ "all leaves: 20 of the root 1:1:2", { 0, 0, 25, 25, 50 } },
	{ "web", { 0, 0, 0, 50, 0 } },
	{ "app", { 0, 0, 0, 0, 60 } },
	{ "free", { 0, 0, 40, 0, 0 } },
	{ "web and free, app is idle", { 0, 0, 40, 50, 0 } },
	{ "app and free, web is idle", { 0, 0, 40, 0, 60 } },
	{ "web and app, free is idle: 40 of the root, app takes 20 of them",
	  { 0, 0, 0, 40, 60 } },
	{ "gold itself, web and app: 40 of the root 3:1:2",
	  { 0, 20, 0, 20 + 40 / 6.0, 40 + 80 / 6.0 } },
	{ "gold itself and web: 40 of gold 3:1, 40 of the root 3:1",
	  { 0, 60, 0, 40, 0 } },
	{ "everybody: 20 of the root 3:1:1:2",
	  { 0, 20 * 3 / 7.0, 20 + 20 / 7.0, 20 + 20 / 7.0, 40 + 40 / 7.0 } },
};

/* Of three that borrow the better prio takes all that it can. */
static const struct tree_node prios[] = {
	{ "root", NULL, 100, 100, 0 },
	{ "a", "root", 20, 100, 2 },
	{ "b", "root", 20, 100, 5 },
	{ "c", "root", 20, 50, 2 },
};

static const struct sharing prios_sharing[] = {
	{ "a leaves b its rate", { 0, 80, 20, 0 } },
	{ "a and c share 40, nothing of it is for b", { 0, 40, 20, 40 } },
	{ "c reaches its ceil, b has the rest", { 0, 0, 50, 50 } },
};

/* Ceils that add up to more than there is: the one above them is a cap. */
static const struct tree_node capped[] = {
	{ "root", NULL, 50, 50, 0 },
	{ "a", "root", 20, 40, 0 },
	{ "b", "root", 20, 40, 0 },
	{ "gold", "root", 10, 30, 0 },
	{ "c", "gold", 10, 40, 0 },
};

static const struct sharing capped_sharing[] = {
	{ "a alone", { 0, 40, 0, 0, 0 } },
	{ "a and b share the root", { 0, 25, 25, 0, 0 } },
	{ "c has what gold may have", { 0, 0, 0, 0, 30 } },
	{ "b and c share the root 2:1", { 0, 0, 100 / 3.0, 0, 50 / 3.0 } },
	{ "all leaves have their rates", { 0, 20, 20, 0, 10 } },
};

/* Weights say who borrows how much, whatever the rates are. */
static const struct tree_node weights[] = {
	{ "root", NULL, 100, 100, 0, 1 },
	{ "a", "root", 10, 100, 0, 3 },
	{ "b", "root", 30, 100, 0, 1 },
	{ "c", "root", 10, 20, 0, 1000 },
};

static const struct sharing weights_sharing[] = {
	{ "60 left 3:1", { 0, 10 + 45, 30 + 15, 0 } },
	{ "c takes 10 of 50 first", { 0, 10 + 30, 30 + 10, 20 } },
	{ "the root's own frames weigh 1: 60 left 1:3:1",
	  { 12, 10 + 36, 30 + 12, 0 } },
};

/* The root lends up to its ceil; its rate is what others owe to the network. */
static const struct tree_node capped_root[] = {
	{ "root", NULL, 30, 90, 0 },
	{ "a", "root", 20, 90, 0 },
	{ "b", "root", 10, 90, 0 },
};

static const struct sharing capped_root_sharing[] = {
	{ "a alone", { 0, 90, 0 } },
	{ "a and b 2:1", { 0, 60, 30 } },
};

/* A parent's own frames take nothing of what is guaranteed to its children. */
static const struct tree_node parents[] = {
	{ "root", NULL, 100, 100, 0 },
	{ "a", "root", 80, 80, 0 },
	{ "b", "a", 60, 60, 7 },
};

static const struct sharing parents_sharing[] = {
	{ "the root's own frames and a", { 20, 80, 0 } },
	{ "b has its rate, a the rest of its own", { 20, 20, 60 } },
	{ "b alone", { 0, 0, 60 } },
};

static const struct tree_node unlimited[] = {
	{ "root", NULL, 0, 0, 0 },
	{ "a", "root", 20, 60, 0 },
	{ "b", "root", 20, 20, 0 },
	{ "c", "a", 10, 500, 0 },
};

static const struct sharing unlimited_sharing[] = {
	{ "all borrow up to their ceil", { 0, 60, 20, 0 } },
	{ "c up to the ceil of a", { 0, 0, 20, 60 } },
};

#define CHECK_SHARINGS(tree) \
	check_sharings(tree, ARRAY_SIZE(tree), tree ## _sharing, ARRAY_SIZE(tree ## _sharing))

static void check_sharings(const struct tree_node *nodes, unsigned int count,
			   const struct sharing *sharings, unsigned int cases)
{
	while (cases--)
		check_sharing(nodes, count, sharings++);
}

static void test_borrowing_at_two_levels(void **state)
{
	CHECK_SHARINGS(two_levels);
}

static void test_borrowing_at_three_levels(void **state)
{
	CHECK_SHARINGS(three_levels);
}

static void test_prio(void **state)
{
	CHECK_SHARINGS(prios);
}

static void test_ceil_caps_the_sum(void **state)
{
	CHECK_SHARINGS(capped);
	CHECK_SHARINGS(capped_root);
}

static void test_weights(void **state)
{
	CHECK_SHARINGS(weights);
}

static void test_frames_of_parents(void **state)
{
	CHECK_SHARINGS(parents);
}

static void test_borrowing_from_an_unlimited_root(void **state)
{
	CHECK_SHARINGS(unlimited);
}

/* Many classes share one root, each having a fair part. */
#define MANY_CLASSES	4096

static void test_many_classes(void **state)
{
	struct flow *flows = calloc(MANY_CLASSES, sizeof(*flows));
	char name[16];
	unsigned int i;

	assert_non_null(flows);
	assert_int_equal(vnet_class_set_limits(world.tree, MANY_CLASSES, 1 << 30), 0);
	world_set("root", GBIT, 0);
	for (i = 1; i < MANY_CLASSES; i++) {
		snprintf(name, sizeof(name), "class%u", i);
		flows[i].class = world_add(name, NULL, 100000, GBIT);
		flows[i].direction = VNET_DIR_EGRESS;
		flows[i].bytes = 1000;
		flows[i].greedy = 2;
		flow_refill(&flows[i]);
	}
	/* Those who came first had the burst of the root. */
	shim_advance_ns(SECOND / 10);
	for (i = 1; i < MANY_CLASSES; i++)
		flows[i].sent_bytes = 0;
	/* 125000 frames a second for 4095 classes: some 30 for each. */
	shim_advance_ns(SECOND);
	for (i = 1; i < MANY_CLASSES; i++) {
		assert_in_range(flows[i].sent_bytes, 27000, 34000);
		flow_end(&flows[i]);
	}
	free(flows);
}

/* Order */

static void test_nobody_overtakes_what_is_leaving(void **state)
{
	struct flow flow = flow_of(world_add("a", NULL, 8 * MBIT, 0), 1000);
	u64 passed;

	flow_exhaust(&flow);
	passed = flow.passed;
	/* The timer is late: there are tokens for more than what is held. */
	shim_late_ns(2 * MS);
	/* Offered while the only held frame is leaving: it must not pass. */
	flow.greedy = 1;
	shim_advance_ns(4 * MS);
	assert_true(flow.released > 0);
	assert_int_equal(flow.passed, passed);
	/* Everything has left. */
	flow.greedy = 0;
	shim_advance_ns(100 * MS);
	assert_int_equal(flow.held, 0);
	assert_int_equal(flow_offer(&flow), VNET_CLASS_PASS);
	flow_check(&flow);
}

/* A sender whose frames come just before each timer must not starve others. */
static void test_waiting_nodes_have_a_better_claim(void **state)
{
	struct flow a, b, child;

	world_set("root", 16 * MBIT, 0);
	a = flow_of(world_add("a", NULL, 8 * MBIT, 0), 1000);
	b = flow_of(world_add("b", NULL, 8 * MBIT, 0), 1000);
	flow_exhaust(&b);
	/* Both may go now, but b waits already and its timer is late. */
	shim_skip_ns(2 * MS);
	assert_int_equal(flow_offer(&a), VNET_CLASS_HELD);
	shim_advance_ns(5 * MS);
	assert_int_equal(a.held + b.held, 0);

	/* Nobody waits any more. */
	assert_int_equal(flow_offer(&a), VNET_CLASS_PASS);

	/* Without a limit in common there is nothing to wait for. */
	world_set("root", 0, 0);
	shim_advance_ns(SECOND);
	flow_exhaust(&b);
	shim_skip_ns(MS);
	assert_int_equal(flow_offer(&a), VNET_CLASS_PASS);
	/* Neither behind a child that cannot go yet itself. */
	child = flow_of(world_add("child", "a", 8000, 0), 1000);
	flow_exhaust(&child);
	shim_advance_ns(100 * MS);
	flow_exhaust(&child);
	flow_exhaust(&b);
	shim_skip_ns(MS);
	assert_int_equal(flow_offer(&a), VNET_CLASS_PASS);
	shim_advance_ns(10 * SECOND);
	assert_int_equal(b.held + child.held, 0);
}

static void test_prio_decides_who_passes(void **state)
{
	/* They have hardly any rate of their own: what they send is borrowed. */
	struct vnet_class_spec spec = world_spec("b", NULL, 8000, 10 * MBIT);
	struct flow a, b;

	world_set("root", 10 * MBIT, 0);
	a = flow_of(world_add("a", NULL, 8000, 10 * MBIT), 1000);
	spec.prio = 1;
	spec.has |= VNET_CLASS_HAS_PRIO;
	b = flow_of(world_add_spec(&spec), 1000);
	flow_exhaust(&a);
	flow_exhaust(&b);
	shim_advance_ns(10 * MS);
	assert_int_equal(a.held + b.held, 0);

	/* Who is better does not wait behind who is worse. */
	flow_exhaust(&b);
	shim_skip_ns(MS);
	assert_int_equal(flow_offer(&a), VNET_CLASS_PASS);
	shim_advance_ns(10 * MS);
	flow_exhaust(&a);
	shim_skip_ns(2 * MS);
	assert_int_equal(flow_offer(&b), VNET_CLASS_HELD);
	shim_advance_ns(10 * MS);
	assert_int_equal(a.held + b.held, 0);
}

/*
 * Runs wait for the tokens of several frames, but hardly while somebody waits who has
 * his own and lacks those of a parent; whoever else begins to wait meanwhile.
 */
static void test_own_tokens_make_haste(void **state)
{
	struct flow flood, own, third;

	world_set("root", 100 * MBIT, 0);
	flood = flow_of(world_add("flood", NULL, 8000, 100 * MBIT), 1514);
	own = flow_of(world_add("own", NULL, 50 * MBIT, 0), 1514);
	third = flow_of(world_add("third", NULL, 8000, 100 * MBIT), 1514);
	flow_exhaust(&third);
	flood.greedy = 50;
	flow_refill(&flood);
	shim_advance_ns(20 * MS);
	assert_int_equal(third.held, 0);

	/* The root has just been used up. */
	while (flow_offer(&own) == VNET_CLASS_PASS)
		;
	assert_int_equal(own.held, 1);
	assert_int_equal(flow_offer(&third), VNET_CLASS_HELD);
	/* A large frame takes 121 us. */
	shim_advance_ns(175 * US);
	assert_int_equal(own.held, 0);
	assert_int_equal(third.held, 1);

	flow_end(&flood);
	flow_end(&third);
}

/* However many wait, a frame passes if they could not go. */
static void test_many_rivals(void **state)
{
	struct flow flows[65], late;
	char name[16];
	unsigned int i;

	assert_int_equal(vnet_class_set_limits(world.tree, 100, 1 << 20), 0);
	world_set("root", 10 * GBIT, 0);
	late = flow_of(world_add("late", NULL, MBIT, 0), 1000);
	for (i = 0; i < ARRAY_SIZE(flows); i++) {
		snprintf(name, sizeof(name), "class%u", i);
		flows[i] = flow_of(world_add(name, NULL, 8000, 0), 1000);
		flow_exhaust(&flows[i]);
	}
	assert_int_equal(flow_offer(&late), VNET_CLASS_PASS);
	assert_int_equal(flows[0].held, 1);
	/* Now they could, but the timer is late. */
	shim_skip_ns(1100 * MS);
	assert_int_equal(flow_offer(&late), VNET_CLASS_HELD);
	shim_advance_ns(MS);
	assert_int_equal(late.held, 0);
	for (i = 0; i < ARRAY_SIZE(flows); i++)
		assert_int_equal(flows[i].held, 0);
}

/* Directions */

static void test_directions_are_apart(void **state)
{
	struct flow out = flow_of(world_add("a", NULL, 8 * MBIT, 0), 1000);
	struct flow in = out;

	in.direction = VNET_DIR_INGRESS;
	flow_exhaust(&out);
	assert_int_equal(flow_offer(&in), VNET_CLASS_PASS);
	flow_exhaust(&in);
	assert_int_equal(world_sum(in.class, VNET_DIR_INGRESS).queued_packets, 1);
	assert_int_equal(world_sum(in.class, VNET_DIR_EGRESS).queued_packets, 1);
	shim_advance_ns(SECOND);
	assert_int_equal(in.held + out.held, 0);
}

/* Configuration under way */

static void test_a_new_rate_counts_at_once(void **state)
{
	struct vnet_class_spec spec = world_spec("a", NULL, 8000, 0);
	struct flow flow;
	u64 before;

	world_without_delay(&spec);
	flow = flow_of(world_add_spec(&spec), 1000);
	/* The default burst is three frames, the fourth goes into debt. */
	flow_exhaust(&flow);
	while (flow_offer(&flow) == VNET_CLASS_HELD)
		;
	/* A byte each millisecond. */
	shim_advance_ns(SECOND);
	assert_int_equal(flow.released, 1);
	world_set("a", 8 * MBIT, 0);
	before = flow.released;
	shim_advance_ns(10 * MS);
	assert_in_range(flow.released - before, 9, 11);
	/* And back: what is held stays. */
	world_set("a", 8000, 0);
	before = flow.released;
	shim_advance_ns(2 * SECOND);
	assert_in_range(flow.released - before, 1, 3);
	flow_end(&flow);
}

static struct flow follower;

/* The last frame is on its way and the limit goes: the next one must not overtake. */
static void follow(const struct flow *flow, u32 bytes)
{
	if (flow->held)
		return;
	world.on_out = NULL;
	world_set("root", MBIT, 0);
	world_set("root", 0, 0);
	assert_int_equal(flow_offer(&follower), VNET_CLASS_HELD);
}

static void test_an_unlimited_root_lets_everything_go(void **state)
{
	struct flow flow = flow_of(vnet_class_root(world.tree), 1000);
	unsigned int i;

	follower = flow;

	assert_int_equal(flow_offer(&flow), VNET_CLASS_PASS);

	world_set("root", MBIT, 0);
	flow_exhaust(&flow);
	for (i = 0; i < 200; i++)
		assert_int_equal(flow_offer(&flow), VNET_CLASS_HELD);
	world_set("root", 0, 0);
	/* Nothing may overtake what is still held. */
	assert_int_equal(flow_offer(&flow), VNET_CLASS_HELD);
	world.on_out = follow;
	shim_advance_ns(10 * US);
	assert_int_equal(flow.held, 0);
	assert_int_equal(follower.released, 1);

	assert_int_equal(flow_offer(&flow), VNET_CLASS_PASS);
	flow_check(&flow);
	assert_int_equal(world_sum(flow.class, VNET_DIR_EGRESS).packets, flow.offered + 1);
	assert_int_equal(world_sum(flow.class, VNET_DIR_EGRESS).bytes,
			 flow.sent_bytes + 1000);
}

static void test_counters(void **state)
{
	struct vnet_class_sum sum;
	struct flow flow;

	world_set("root", 100 * MBIT, 0);
	flow = flow_of(world_add("a", NULL, 8 * MBIT, 16 * MBIT), 1000);
	flow.greedy = 10;
	flow_refill(&flow);
	shim_advance_ns(SECOND);
	sum = world_sum(flow.class, VNET_DIR_EGRESS);
	assert_int_equal(sum.packets, flow.passed + flow.released);
	assert_int_equal(sum.bytes, flow.sent_bytes);
	assert_int_equal(sum.delayed, flow.released);
	/* Half of it on its own tokens. */
	assert_in_range(sum.borrowed, 990, 1010);
	assert_int_equal(sum.dropped, 0);
	assert_int_equal(sum.queued_packets, 10);
	assert_int_equal(sum.queued_bytes, 10000);
	/* Frames count under their own class only. */
	assert_int_equal(world_sum(vnet_class_root(world.tree), VNET_DIR_EGRESS).packets, 0);
	flow_end(&flow);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rates),
		cmocka_unit_test(test_rates_with_late_timers),
		cmocka_unit_test_setup_teardown(test_bursts_are_bounds, setup, teardown),
		cmocka_unit_test(test_borrowing_at_two_levels),
		cmocka_unit_test(test_borrowing_at_three_levels),
		cmocka_unit_test(test_prio),
		cmocka_unit_test(test_ceil_caps_the_sum),
		cmocka_unit_test(test_weights),
		cmocka_unit_test(test_frames_of_parents),
		cmocka_unit_test(test_borrowing_from_an_unlimited_root),
		cmocka_unit_test_setup_teardown(test_many_classes, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nobody_overtakes_what_is_leaving,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_waiting_nodes_have_a_better_claim,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_prio_decides_who_passes,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_own_tokens_make_haste,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_many_rivals, setup, teardown),
		cmocka_unit_test_setup_teardown(test_directions_are_apart, setup, teardown),
		cmocka_unit_test_setup_teardown(test_a_new_rate_counts_at_once,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_an_unlimited_root_lets_everything_go,
						setup, teardown),
		cmocka_unit_test_setup_teardown(test_counters, setup, teardown),
	};

	return cmocka_run_group_tests_name("shaper", tests, NULL, NULL);
}
