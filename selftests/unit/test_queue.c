// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/class.c kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c
// SOURCES: kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c kmod/stats.c
// LIBS: -lm
/*
 * Held frames: flows that share a class, how long their frames wait, and what becomes
 * of them when they wait too long or there is no room.
 */
#include <math.h>

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

/* The queue alone */

static bool no_mark(struct sk_buff *skb)
{
	return false;
}

static void pull_begin(struct vnet_queue_pull *pull, u64 now)
{
	*pull = (struct vnet_queue_pull){ .now = now, .mark = no_mark, .work = INT_MAX };
	__skb_queue_head_init(&pull->late);
}

static void test_queue(void **state)
{
	struct sk_buff frames[5] = {};
	struct vnet_queue_pull pull;
	struct sk_buff_head taken;
	struct vnet_queue queue;
	int a, b;
	u32 i;

	__skb_queue_head_init(&taken);
	vnet_queue_init(&queue);
	pull_begin(&pull, 0);
	assert_null(vnet_queue_pop(&queue, &pull));
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		vnet_hold(&frames[i])->bytes = 100 + i;
		vnet_hold(&frames[i])->source = i % 2 ? &a : &b;
		vnet_queue_push(&queue, &frames[i], 0);
	}
	vnet_hold(&frames[2])->target = &a;
	assert_int_equal(queue.packets, 5);
	assert_int_equal(queue.active, 2);
	assert_int_equal(queue.bytes, 510);

	assert_ptr_equal(vnet_queue_pop(&queue, &pull), &frames[0]);
	assert_int_equal(vnet_queue_take(&queue, &taken, &taken), 0);
	assert_int_equal(vnet_queue_take(&queue, &a, &taken), 3);
	assert_int_equal(queue.packets, 1);
	assert_int_equal(queue.active, 1);
	assert_int_equal(queue.bytes, 104);
	/* Flow by flow. */
	assert_ptr_equal(__skb_dequeue(&taken), &frames[2]);
	assert_ptr_equal(__skb_dequeue(&taken), &frames[1]);
	assert_ptr_equal(__skb_dequeue(&taken), &frames[3]);
	assert_int_equal(vnet_queue_take(&queue, NULL, &taken), 1);
	assert_ptr_equal(__skb_dequeue(&taken), &frames[4]);
	assert_int_equal(queue.packets, 0);
	assert_int_equal(queue.active, 0);
	assert_int_equal(queue.bytes, 0);
	assert_null(vnet_queue_pop(&queue, &pull));
	vnet_queue_end(&queue);
	assert_int_equal(shim_allocated(), 0);
}

#define MANY	1000

struct many {
	u64 in, out;
};

/* More flows than there is room for: each keeps its order, whoever it meets. */
static void test_flows_keep_their_order(void **state)
{
	static struct many flows[MANY];
	struct vnet_queue_pull pull;
	struct vnet_queue queue;
	unsigned int step, i, some;
	struct frame *frame;
	struct sk_buff *skb;
	u64 held = 0;

	shim_seed();
	memset(flows, 0, sizeof(flows));
	vnet_queue_init(&queue);
	for (step = 0; step < 400000; step++) {
		/* Sometimes few flows, sometimes many; it gets empty now and then. */
		some = step / 1000 % 2 ? MANY : 40;
		if (shim_below(1000) < 490 + step / 2000 % 20) {
			i = shim_below(some);
			frame = calloc(1, sizeof(*frame));
			frame->seq = ++flows[i].in;
			frame->skb.hash = i * 2654435761U;
			vnet_hold(&frame->skb)->target = &flows[i];
			vnet_hold(&frame->skb)->bytes = 60 + shim_below(9000);
			vnet_queue_push(&queue, &frame->skb, step);
			held++;
			continue;
		}
		pull_begin(&pull, step);
		skb = vnet_queue_pop(&queue, &pull);
		assert_int_equal(!skb, !held);
		if (!skb)
			continue;
		frame = container_of(skb, struct frame, skb);
		i = (struct many *)vnet_hold(skb)->target - flows;
		assert_int_equal(frame->seq, ++flows[i].out);
		held--;
		free(frame);
	}
	assert_true(held > 0);
	pull_begin(&pull, step);
	for (; (skb = vnet_queue_pop(&queue, &pull)); held--)
		free(container_of(skb, struct frame, skb));
	assert_int_equal(held + queue.bytes + queue.packets + queue.active, 0);
	vnet_queue_end(&queue);
	assert_int_equal(shim_allocated(), 0);
}

/* Dozens of flows do not meet: with each having one frame, all have their first turn. */
static void test_flows_are_apart(void **state)
{
	struct sk_buff frames[2][48] = {};
	struct vnet_queue_pull pull;
	unsigned int i, round, apart = 0;
	struct vnet_queue queue;

	vnet_queue_init(&queue);
	for (round = 0; round < 2; round++) {
		for (i = 0; i < 48; i++) {
			frames[round][i].hash = (i + 1) * 2654435761U;
			vnet_hold(&frames[round][i])->bytes = 1514;
			vnet_queue_push(&queue, &frames[round][i], 0);
		}
		apart = queue.active;
	}
	/* In 15 sets of 8 one has no room now and then; five with one key of 100,000. */
	assert_in_range(apart, 43, 48);
	pull_begin(&pull, 0);
	for (i = 0; i < 48; i++)
		assert_non_null(vnet_queue_pop(&queue, &pull));
	assert_in_range(queue.active, 43, 48);
	for (i = 0; i < 48; i++)
		assert_non_null(vnet_queue_pop(&queue, &pull));
	vnet_queue_end(&queue);
}

/* Without memory all is one flow, in its order; when it is empty that is tried again. */
static void test_no_memory(void **state)
{
	struct sk_buff frames[6] = {};
	struct vnet_queue_pull pull;
	struct vnet_queue queue;
	unsigned int i;

	vnet_queue_init(&queue);
	pull_begin(&pull, 0);
	shim_fail_at(1);
	for (i = 0; i < 4; i++) {
		frames[i].hash = (i & 1) * 0x12345678;
		vnet_hold(&frames[i])->bytes = 1000;
		vnet_queue_push(&queue, &frames[i], 0);
	}
	assert_true(shim_failed());
	assert_int_equal(queue.active, 1);
	for (i = 0; i < 4; i++)
		assert_ptr_equal(vnet_queue_pop(&queue, &pull), &frames[i]);
	for (i = 4; i < 6; i++) {
		frames[i].hash = (i & 1) * 0x12345678;
		vnet_hold(&frames[i])->bytes = 1000;
		vnet_queue_push(&queue, &frames[i], 0);
	}
	assert_int_equal(queue.active, 2);
	assert_ptr_equal(vnet_queue_pop(&queue, &pull), &frames[4]);
	assert_ptr_equal(vnet_queue_pop(&queue, &pull), &frames[5]);
	vnet_queue_end(&queue);
	assert_int_equal(shim_allocated(), 0);
}

/* Work is bounded, however many frames are too old. */
static void test_work_is_bounded(void **state)
{
	static struct sk_buff frames[10000];
	struct vnet_queue_pull pull;
	struct vnet_queue queue;
	unsigned int i, late = 0;

	memset(frames, 0, sizeof(frames));
	vnet_queue_init(&queue);
	queue.delay = MS;
	for (i = 0; i < ARRAY_SIZE(frames); i++) {
		vnet_hold(&frames[i])->bytes = 60;
		vnet_queue_push(&queue, &frames[i], 0);
	}
	for (i = 0; i < 90; i++) {
		pull_begin(&pull, 2 * MS);
		pull.work = 100;
		assert_null(vnet_queue_pop(&queue, &pull));
		assert_in_range(pull.late.qlen, 95, 100);
		late += pull.late.qlen;
		while (__skb_dequeue(&pull.late))
			;
	}
	pull_begin(&pull, 2 * MS);
	/* The last one goes. */
	assert_ptr_equal(vnet_queue_pop(&queue, &pull), &frames[9999]);
	assert_int_equal(late + pull.late.qlen, 9999);
	assert_int_equal(queue.late, 9999);
	vnet_queue_end(&queue);
}

/* Fairness */

static struct vnet_class *add_delays(u64 rate, u32 target, u32 limit, u32 queue)
{
	struct vnet_class_spec spec = world_spec("a", NULL, rate, 0);

	spec.delay_target = target;
	spec.delay_limit = limit;
	spec.queue = queue;
	spec.has |= VNET_CLASS_HAS_DELAY_TARGET | VNET_CLASS_HAS_DELAY_LIMIT |
		    VNET_CLASS_HAS_QUEUE;
	return world_add_spec(&spec);
}

static struct flow flow_with(struct vnet_class *class, u32 bytes, u32 hash)
{
	struct flow flow = flow_of(class, bytes);

	flow.hash = hash * 2654435761U;
	return flow;
}

/* Ten flows, frames of all sizes; one floods, others keep a few frames waiting. */
static void test_flows_share_a_class(void **state)
{
	struct vnet_class *class = add_delays(10 * MBIT, 0, 0, 1 << 20);
	struct flow flows[10];
	unsigned int i;

	for (i = 0; i < 10; i++) {
		flows[i] = flow_with(class, i % 2 ? 1514 : 200 + 100 * i, i + 1);
		flows[i].greedy = i ? 20 : 500;
		flow_refill(&flows[i]);
	}
	shim_advance_ns(SECOND);
	for (i = 0; i < 10; i++)
		flows[i].sent_bytes = 0;
	shim_advance_ns(10 * SECOND);
	/* 125,000 bytes a second each. */
	for (i = 0; i < 10; i++) {
		assert_in_range(flows[i].sent_bytes, 1225000, 1275000);
		flow_end(&flows[i]);
	}
}

/* Who sends little has its frames sent next, whatever others do. */
static void test_sparse_flows_do_not_wait(void **state)
{
	struct vnet_class *class = add_delays(10 * MBIT, 5, 1000, 1 << 20);
	struct flow ping = flow_with(class, 98, 100), floods[8];
	unsigned int i;

	for (i = 0; i < 8; i++) {
		floods[i] = flow_with(class, 1514, i + 1);
		floods[i].greedy = 100;
		flow_refill(&floods[i]);
	}
	shim_advance_ns(SECOND);
	for (i = 0; i < 500; i++) {
		flow_offer(&ping);
		shim_advance_ns(10 * MS + shim_below(MS));
	}
	assert_int_equal(ping.full + ping.squeezed + ping.late, 0);
	/* The frame that is on its way, 1.2 ms, and that of a flow in its turn. */
	assert_in_range(ping.waited_most, 0, 2600 * US);
	for (i = 0; i < 8; i++) {
		assert_true(floods[i].waited_most > 50 * MS);
		flow_end(&floods[i]);
	}
	flow_end(&ping);
}

/* Room */

/* A flood fills the queue; who sends little loses nothing. */
static void test_the_fattest_flow_makes_room(void **state)
{
	struct vnet_class *class = add_delays(MBIT, 0, 0, 30000);
	struct flow flood = flow_with(class, 1000, 1), small = flow_with(class, 100, 2);
	struct vnet_class_sum sum;
	unsigned int i;

	for (i = 0; i < 2000; i++) {
		flow_offer(&flood);
		flow_offer(&flood);
		if (i % 10 == 0)
			flow_offer(&small);
		shim_advance_ns(MS);
		assert_true(world_sum(class, VNET_DIR_EGRESS).queued_bytes <= 30000);
	}
	sum = world_sum(class, VNET_DIR_EGRESS);
	assert_true(flood.full > 1000);
	assert_true(flood.squeezed > 10);
	assert_int_equal(small.full + small.squeezed, 0);
	assert_int_equal(sum.dropped, flood.full + flood.squeezed);
	assert_int_equal(sum.late, 0);
	flow_check(&flood);
	flow_end(&flood);
	flow_end(&small);
}

/* A large frame is not worth hundreds of small ones. */
static void test_squeezing_is_bounded(void **state)
{
	struct vnet_class *class = add_delays(8000, 0, 0, 20000);
	struct flow flood = flow_with(class, 60, 1), large = flow_with(class, 9000, 2);

	while (flow_offer(&flood) != VNET_CLASS_FULL)
		;
	assert_int_equal(flow_offer(&large), VNET_CLASS_FULL);
	assert_int_equal(flood.squeezed, 64);
	assert_int_equal(flow_offer(&large), VNET_CLASS_FULL);
	assert_int_equal(flow_offer(&large), VNET_CLASS_HELD);
	/* More than half for itself it does not get. */
	assert_int_equal(flow_offer(&large), VNET_CLASS_FULL);
	flow_end(&flood);
	flow_end(&large);
}

/* Delay */

/* A burst that drains in time is what queues are for. */
static void test_bursts_are_not_dropped(void **state)
{
	struct vnet_class *class = add_delays(100 * MBIT, 5, 1000, 1 << 20);
	struct flow flow = flow_with(class, 1000, 1);
	unsigned int i, j;

	for (i = 0; i < 200; i++) {
		for (j = 0; j < 500; j++)
			flow_offer(&flow);
		shim_advance_ns(50 * MS);
		assert_int_equal(flow.held, 0);
	}
	assert_true(flow.waited_most > 30 * MS);
	assert_int_equal(flow.late + flow.full, 0);
	flow_check(&flow);
}

static u64 late_times[100];
static unsigned int late_count;

static void note_late(const struct flow *flow)
{
	if (late_count < ARRAY_SIZE(late_times))
		late_times[late_count++] = ktime_get_ns();
}

/* Overload that does not end: distances of the losses go with 1/sqrt(n). */
static void test_overload(void **state)
{
	struct vnet_class *class = add_delays(80 * MBIT, 5, 0, 64 << 20);
	struct flow flow = flow_with(class, 1000, 1);
	unsigned int i;
	u64 distance;

	assert_int_equal(vnet_class_set_limits(world.tree, 64, 64 << 20), 0);
	world.on_late = note_late;
	late_count = 0;
	/* A frame takes 0.1 ms. */
	for (i = 0; i < 50000; i++) {
		flow_offer(&flow);
		flow_offer(&flow);
		shim_advance_ns(100 * US);
	}
	world.on_late = NULL;
	assert_int_equal(late_count, 100);
	/* The queue needs some ms to get too long, then an interval. */
	assert_in_range(late_times[0], 105 * MS, 125 * MS);
	for (i = 1; i < 100; i++) {
		distance = late_times[i] - late_times[i - 1];
		/* Frames leave every half of a millisecond, several at once. */
		assert_in_range(distance, (u64)(100e6 / sqrt(i)) - 600 * US,
				(u64)(100e6 / sqrt(i)) + 600 * US);
	}
	assert_int_equal(world_sum(class, VNET_DIR_EGRESS).late, flow.late);
	flow_end(&flow);
}

/* A sender that slows down when it is told: the delay comes down to the target. */
static void test_a_sender_that_listens(void **state)
{
	struct vnet_class *class = add_delays(10 * MBIT, 5, 1000, 1 << 20);
	struct flow flow = flow_with(class, 1000, 1);
	u64 told = 0, late = 0, waited = 0;
	double rate = 2000;	/* frames a second, 1250 are possible */
	unsigned int i, full = 0;

	flow.ecn = true;
	for (i = 0; i < 120000; i++) {
		flow_offer(&flow);
		shim_advance_ns((u64)(SECOND / rate));
		rate += 0.2;
		if (flow.marked > told) {
			told = flow.marked;
			rate *= 0.7;
		}
		if (i > 20000) {
			waited += flow.waited;
			late += flow.waited > 20 * MS;
			full++;
		}
	}
	assert_int_equal(flow.late + flow.full, 0);
	assert_true(flow.marked > 50);
	assert_int_equal(world_sum(class, VNET_DIR_EGRESS).marked, flow.marked);
	assert_true(waited / full < 10 * MS);
	assert_true(late < full / 10);
	flow_end(&flow);
}

static void test_marks_and_losses(void **state)
{
	struct vnet_class *class = add_delays(10 * MBIT, 5, 0, 10 << 20);
	struct flow ecn = flow_with(class, 1000, 1), deaf = flow_with(class, 1000, 2);

	ecn.ecn = true;
	ecn.greedy = 100;
	deaf.greedy = 100;
	flow_refill(&ecn);
	flow_refill(&deaf);
	shim_advance_ns(2 * SECOND);
	assert_true(ecn.marked > 20);
	assert_int_equal(ecn.late, 0);
	assert_true(deaf.late > 20);
	assert_int_equal(deaf.marked, 0);
	assert_int_equal(world_sum(class, VNET_DIR_EGRESS).marked, ecn.marked);
	assert_int_equal(world_sum(class, VNET_DIR_EGRESS).late, deaf.late);
	flow_end(&ecn);
	flow_end(&deaf);
}

static void test_no_target(void **state)
{
	struct flow flow = flow_with(add_delays(10 * MBIT, 0, 0, 10 << 20), 1000, 1);

	flow.greedy = 1000;
	flow_refill(&flow);
	shim_advance_ns(10 * SECOND);
	assert_int_equal(flow.late, 0);
	assert_true(flow.waited > 700 * MS);
	flow_end(&flow);
}

/* Frames older than the bound do not go, but the last one does: there is progress. */
static void test_delay_limit(void **state)
{
	struct flow flow = flow_with(add_delays(80000, 0, 250, 10 << 20), 1000, 1), last;
	unsigned int i;

	/* 100 ms for a frame. */
	flow.greedy = 100;
	flow_refill(&flow);
	shim_advance_ns(20 * SECOND);
	assert_in_range(flow.waited_most, 200 * MS, 250 * MS);
	assert_true(flow.late > 100);
	assert_in_range(flow.released, 198, 204);
	flow_end(&flow);

	/* 1.5 s for a frame: nothing can go in time. */
	world_set("a", 8000, 0);
	shim_advance_ns(10 * SECOND);
	last = flow_with(world_class("a"), 1500, 1);
	flow_exhaust(&last);
	for (i = 0; i < 10; i++)
		flow_offer(&last);
	shim_advance_ns(10 * SECOND);
	assert_int_equal(last.held, 0);
	assert_int_equal(last.released, 1);
	assert_int_equal(last.late, 10);
	flow_check(&last);
}

/* A change of the values counts for what is held. */
static void test_limits_change(void **state)
{
	struct vnet_class *class = add_delays(8000, 0, 0, 10 << 20);
	struct flow flow = flow_with(class, 1000, 1);
	struct vnet_class_spec spec = world_spec("a", NULL, 8 * MBIT, 0);

	flow.greedy = 100;
	flow_refill(&flow);
	flow.greedy = 0;
	shim_advance_ns(10 * SECOND);
	assert_int_equal(flow.late, 0);
	spec.delay_limit = 5000;
	spec.has |= VNET_CLASS_HAS_DELAY_LIMIT;
	world_set_spec(&spec);
	shim_advance_ns(SECOND);
	assert_int_equal(flow.held, 0);
	assert_true(flow.late > 80);
	flow_check(&flow);
}

/* Very slow classes: an honest frame or two may wait as long as it takes to send them. */
static void test_slow_classes_have_a_longer_target(void **state)
{
	struct flow flow = flow_with(add_delays(100000, 5, 0, 10 << 20), 1514, 1);
	unsigned int i;

	/* 121 ms for a frame, one each 122 ms and a second one at times. */
	for (i = 0; i < 1000; i++) {
		flow_offer(&flow);
		if (i % 100 == 0)
			flow_offer(&flow);
		shim_advance_ns(122 * MS);
	}
	assert_int_equal(flow.late, 0);
	flow_end(&flow);
}

/* Super-frames */

static enum vnet_class_verdict offer_divisible(struct flow *flow)
{
	struct sk_buff skb = {};
	enum vnet_class_verdict verdict;

	*vnet_hold(&skb) = (struct vnet_hold){
		.source = flow, .source_closed = &flow->closed, .bytes = flow->bytes,
	};
	local_bh_disable();
	rcu_read_lock();
	verdict = vnet_class_admit(flow->class, flow->direction, &skb, true);
	rcu_read_unlock();
	local_bh_enable();
	return verdict;
}

static void test_what_is_split(void **state)
{
	struct flow flow = flow_of(vnet_class_root(world.tree), 65536), small;
	struct vnet_class_sum sum;

	/* Nothing limits it. */
	assert_int_equal(offer_divisible(&flow), VNET_CLASS_PASS);
	/* 25000 bytes in 2 ms. */
	flow.class = world_add("a", NULL, 100 * MBIT, 0);
	assert_int_equal(offer_divisible(&flow), VNET_CLASS_SPLIT);
	assert_int_equal(offer_divisible(&flow), VNET_CLASS_SPLIT);
	flow.bytes = 25000;
	assert_int_equal(offer_divisible(&flow), VNET_CLASS_PASS);
	/* It was not asked for anything before. */
	sum = world_sum(flow.class, VNET_DIR_EGRESS);
	assert_int_equal(sum.packets, 1);
	/* Who is not asked to split it has it whole. */
	flow.bytes = 65536;
	assert_int_equal(flow_offer(&flow), VNET_CLASS_PASS);
	/* In debt: what does not go in one burst must not wait whole. */
	assert_int_equal(offer_divisible(&flow), VNET_CLASS_SPLIT);
	flow_end(&flow);

	/* What is borrowed has the lender's burst, but the own ceil. */
	world_set("root", 10 * GBIT, 0);
	flow.closed = false;
	flow.class = world_add("b", NULL, 8000, GBIT);
	small = flow_of(flow.class, 1000);
	assert_int_equal(flow_offer(&small), VNET_CLASS_PASS);
	while (!world_sum(flow.class, VNET_DIR_EGRESS).borrowed)
		assert_int_equal(flow_offer(&small), VNET_CLASS_PASS);
	assert_int_equal(offer_divisible(&flow), VNET_CLASS_PASS);
	flow.bytes = 260000;
	assert_int_equal(offer_divisible(&flow), VNET_CLASS_SPLIT);
}

/* It is the root's, and that of classes that come later. */
static void test_overhead(void **state)
{
	struct vnet_class_spec spec = { .has = VNET_CLASS_HAS_OVERHEAD, .name = "root" };
	struct vnet_class *a = world_add("a", NULL, MBIT, 0), *b;

	assert_int_equal(vnet_class_overhead(a, VNET_DIR_EGRESS), 0);
	spec.overhead = 24;
	world_set_spec(&spec);
	b = world_add("b", "a", MBIT, 0);
	assert_int_equal(vnet_class_overhead(vnet_class_root(world.tree), VNET_DIR_INGRESS), 24);
	assert_int_equal(vnet_class_overhead(a, VNET_DIR_EGRESS), 24);
	assert_int_equal(vnet_class_overhead(b, VNET_DIR_INGRESS), 24);
	spec.overhead = 0;
	world_set_spec(&spec);
	assert_int_equal(vnet_class_overhead(b, VNET_DIR_EGRESS), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_queue),
		cmocka_unit_test(test_flows_keep_their_order),
		cmocka_unit_test(test_flows_are_apart),
		cmocka_unit_test(test_no_memory),
		cmocka_unit_test(test_work_is_bounded),
		TEST(test_flows_share_a_class),
		TEST(test_sparse_flows_do_not_wait),
		TEST(test_the_fattest_flow_makes_room),
		TEST(test_squeezing_is_bounded),
		TEST(test_bursts_are_not_dropped),
		TEST(test_overload),
		TEST(test_a_sender_that_listens),
		TEST(test_marks_and_losses),
		TEST(test_no_target),
		TEST(test_delay_limit),
		TEST(test_limits_change),
		TEST(test_slow_classes_have_a_longer_target),
		TEST(test_what_is_split),
		TEST(test_overhead),
	};

	return cmocka_run_group_tests_name("queue", tests, NULL, NULL);
}
