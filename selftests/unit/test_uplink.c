// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/uplink.c kmod/waterfill.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_run.c kmod/shaper_move.c kmod/shaper_tokens.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c
/*
 * Shares of an uplink, in virtual time: guarantees, lending, and that no frame gets lost.
 */
#include "unit.h"

#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/rcupdate.h>

#include "shim.h"
#include "uplink.h"

#define MBIT		1000000ULL
#define GBIT		1000000000ULL
#define MS		1000000ULL
#define SECOND		1000000000ULL
#define BYTES		1000
#define TENANTS		16

/* One that sends through a share, at a rate of its own or whenever it can. */
struct tenant {
	struct vnet_share *share;
	enum vnet_direction direction;
	u64 rate;		/* bit/s it offers, 0: it is idle */
	bool greedy;		/* always something waits */
	bool closed;
	u64 credit;

	u64 offered;
	u64 sent;		/* frames */
	u64 held;
	u64 refused;
	u64 given_up;
};

static struct vnet_uplink *uplink;
static struct tenant tenants[TENANTS];
static unsigned int limit_calls;

static void out(struct tenant *tenant, struct sk_buff *skb)
{
	tenant->sent++;
	free(skb);
}

static void world_release(struct sk_buff *skb, enum vnet_direction direction)
{
	struct tenant *tenant = vnet_hold(skb)->source;

	assert_true(in_softirq() && rcu_read_lock_held());
	assert_int_equal(direction, tenant->direction);
	tenant->held--;
	out(tenant, skb);
}

static void world_drop(struct sk_buff *skb, enum vnet_direction direction,
		       enum vnet_class_verdict why)
{
	struct tenant *tenant = vnet_hold(skb)->source;

	assert_true(in_softirq() && rcu_read_lock_held());
	tenant->held--;
	tenant->given_up++;
	free(skb);
}

static bool world_mark(struct sk_buff *skb)
{
	return false;
}

static void world_limit(void *owner, struct vnet_class *class, u64 limit)
{
	assert_true(owner >= (void *)tenants && owner < (void *)(tenants + TENANTS));
	assert_null(class);
	limit_calls++;
}

static const struct vnet_class_ops world_ops = {
	.release = world_release,
	.drop = world_drop,
	.mark = world_mark,
	.limit = world_limit,
};

static enum vnet_class_verdict offer(struct tenant *tenant)
{
	struct sk_buff *skb = calloc(1, sizeof(*skb));
	enum vnet_class_verdict verdict;

	tenant->offered++;
	*vnet_hold(skb) = (struct vnet_hold){
		.source = tenant,
		.source_closed = &tenant->closed,
		.bytes = BYTES,
	};
	local_bh_disable();
	rcu_read_lock();
	verdict = vnet_share_pass(tenant->share, tenant->direction, vnet_hold(skb)->bytes) ?
		  VNET_CLASS_PASS :
		  vnet_share_admit(tenant->share, tenant->direction, skb, false);
	rcu_read_unlock();
	local_bh_enable();
	if (verdict == VNET_CLASS_PASS) {
		out(tenant, skb);
	} else if (verdict == VNET_CLASS_HELD) {
		tenant->held++;
	} else {
		tenant->refused++;
		free(skb);
	}
	return verdict;
}

static void check(const struct tenant *tenant)
{
	assert_int_equal(tenant->offered,
			 tenant->sent + tenant->held + tenant->refused + tenant->given_up);
}

static struct tenant *join(unsigned int i, u64 guarantee, u64 ceil, u32 weight, u8 prio)
{
	struct vnet_share_spec spec = {
		.guarantee = guarantee, .ceil = ceil, .weight = weight, .prio = prio,
	};

	tenants[i] = (struct tenant){ .direction = VNET_DIR_INGRESS };
	tenants[i].share = vnet_share_join(uplink, &tenants[i], i + 1, &spec);
	assert_non_null(tenants[i].share);
	return &tenants[i];
}

static void send(struct tenant *tenant, u64 ns)
{
	if (tenant->greedy) {
		while (tenant->held < 50)
			offer(tenant);
		return;
	}
	for (tenant->credit += tenant->rate * ns / 1000; tenant->credit >= BYTES * 8 * MS;
	     tenant->credit -= BYTES * 8 * MS)
		offer(tenant);
}

/* Everybody sends for a while, in steps of 50 us. */
static void run(u64 ns)
{
	unsigned int i;
	u64 step = 50000;

	for (; ns >= step; ns -= step) {
		for (i = 0; i < TENANTS; i++)
			if (tenants[i].share)
				send(&tenants[i], step);
		shim_advance_ns(step);
	}
}

/* Mbit/s of each in so many ns from now. */
static void measure(u64 ns, double *mbit)
{
	u64 before[TENANTS];
	unsigned int i;

	for (i = 0; i < TENANTS; i++)
		before[i] = tenants[i].sent;
	run(ns);
	for (i = 0; i < TENANTS; i++)
		mbit[i] = (tenants[i].sent - before[i]) * BYTES * 8 * 1000.0 / ns;
}

static void assert_near(double is, double wanted, double percent)
{
	if (is < wanted * (1 - percent / 100) || is > wanted * (1 + percent / 100))
		fail_msg("%f is not %f within %f %%", is, wanted, percent);
}

static int setup(void **state)
{
	shim_reset();
	memset(tenants, 0, sizeof(tenants));
	limit_calls = 0;
	uplink = vnet_uplink_create(&world_ops);
	assert_non_null(uplink);
	vnet_uplink_set_capacity(uplink, GBIT);
	return 0;
}

static void leave(struct tenant *tenant)
{
	vnet_share_leave(tenant->share);
	assert_int_equal(tenant->held, 0);
	check(tenant);
	tenant->share = NULL;
}

static int teardown(void **state)
{
	unsigned int i;

	for (i = 0; i < TENANTS; i++)
		if (tenants[i].share)
			leave(&tenants[i]);
	vnet_uplink_stop(uplink);
	shim_rcu_run();
	vnet_uplink_free(uplink);
	assert_int_equal(shim_allocated(), 0);
	return 0;
}

static void test_alone(void **state)
{
	double mbit[TENANTS];

	join(0, 0, 0, 1, 0)->greedy = true;
	run(20 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[0], 1000, 0.5);
}

static void test_ceil(void **state)
{
	double mbit[TENANTS];

	join(0, 100 * MBIT, 300 * MBIT, 1, 0)->greedy = true;
	join(1, 100 * MBIT, 0, 1, 0)->greedy = true;
	run(20 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[0], 300, 1);
	assert_near(mbit[1], 700, 1);
}

static void test_weights(void **state)
{
	double mbit[TENANTS];

	join(0, 100 * MBIT, 0, 1, 0)->greedy = true;
	join(1, 0, 0, 3, 0)->greedy = true;
	join(2, 500 * MBIT, 0, 1, 0)->rate = 50 * MBIT;
	run(20 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[2], 50, 1);
	/* 850 are left, with some room for the third to grow. */
	assert_near(mbit[0] + mbit[1], 950, 2);
	assert_near(mbit[1] / (mbit[0] - 100), 3, 3);
}

static void test_prio(void **state)
{
	double mbit[TENANTS];

	join(0, 100 * MBIT, 0, 1, 5)->greedy = true;
	join(1, 100 * MBIT, 0, 1, 0)->greedy = true;
	join(2, 100 * MBIT, 0, 100, 5)->greedy = true;
	run(20 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[0], 100, 1);
	assert_near(mbit[1], 800, 1);
	assert_near(mbit[2], 100, 1);
}

/*
 * One floods, the others switch on and off: each gets what it is guaranteed in every
 * 5 ms after it began to send, and the uplink is never idle.
 */
static void guarantees_hold(u64 period)
{
	double flood, mbit[TENANTS], all;
	unsigned int round, i;
	u64 began, bytes = 0;

	join(0, 0, 0, 1000, 0)->greedy = true;
	for (i = 1; i < 10; i++)
		join(i, 100 * MBIT, 0, 1, 7);
	run(50 * MS);
	began = ktime_get_ns();
	for (i = 0; i < 10; i++)
		bytes -= tenants[i].sent * BYTES;
	for (round = 0; round < 40; round++) {
		for (i = 1; i < 10; i++)
			tenants[i].greedy = shim_below(2);
		measure(5 * MS, mbit);
		for (i = 1; i < 10; i++)
			/* But for the frame that is under way. */
			if (tenants[i].greedy && mbit[i] < 99 - 1.6)
				fail_msg("tenant %u has %f Mbit/s", i, mbit[i]);
		run(period);
		measure(5 * MS, mbit);
		for (flood = 1000, all = 0, i = 0; i < 10; i++) {
			flood -= i && tenants[i].greedy ? 100 : 0;
			all += mbit[i];
		}
		assert_near(all, 1000, 2.5);
		/* It pays for what was sent above the capacity when others began. */
		assert_near(mbit[0], flood, period < 50 * MS ? 10 : 4);
	}
	for (i = 0; i < 10; i++)
		bytes += tenants[i].sent * BYTES;
	/* Work conservation, and never more than the capacity in the long run. */
	assert_near(bytes * 8 * 1000.0 / (ktime_get_ns() - began), 1000, 1);
}

static void test_guarantees_hold_10ms(void **state)
{
	guarantees_hold(10 * MS);
}

static void test_guarantees_hold_100ms(void **state)
{
	guarantees_hold(100 * MS);
}

/* Who sends less than it may keeps nothing from those who want more. */
static void test_what_is_not_sent_is_lent(void **state)
{
	double mbit[TENANTS];
	unsigned int i;

	join(0, 0, 0, 1, 0)->greedy = true;
	for (i = 1; i < 5; i++)
		join(i, 100 * MBIT, 0, 1, 0)->rate = 150 * MBIT;
	run(50 * MS);
	measure(SECOND, mbit);
	for (i = 1; i < 5; i++)
		assert_near(mbit[i], 150, 0.5);
	assert_near(mbit[0], 400, 4);
}

/* What several send before the loop knows is taken from what comes next. */
static void test_debt_is_paid(void **state)
{
	double mbit[TENANTS], sum = 0;
	unsigned int i;

	for (i = 0; i < TENANTS; i++)
		join(i, 60 * MBIT, 0, 1, 0);
	tenants[0].greedy = true;
	run(50 * MS);
	for (i = 1; i < TENANTS; i++)
		tenants[i].greedy = true;
	measure(200 * MS, mbit);
	for (i = 0; i < TENANTS; i++)
		sum += mbit[i];
	assert_near(sum, 1000, 1);
}

/* All is promised; who uses little of that sends a frame now and then. */
static void test_debt_is_paid_by_who_has_more(void **state)
{
	double mbit[TENANTS];

	vnet_uplink_set_capacity(uplink, 8 * MBIT);
	join(0, 2 * MBIT, 0, 1, 0)->greedy = true;
	join(1, 6 * MBIT, 0, 1, 0)->rate = MBIT;
	run(100 * MS);
	measure(4 * SECOND, mbit);
	assert_near(mbit[1], 1, 2);
	assert_near(mbit[0] + mbit[1], 8, 0.5);
}

static void test_too_many_promises(void **state)
{
	double mbit[TENANTS];

	join(0, 900 * MBIT, 0, 1, 0)->greedy = true;
	join(1, 600 * MBIT, 0, 1, 0)->greedy = true;
	assert_int_equal(vnet_uplink_guaranteed(uplink), 1500 * MBIT);
	run(50 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[0], 600, 1);
	assert_near(mbit[1], 400, 1);
}

static void test_unknown_capacity(void **state)
{
	struct vnet_share_sum sum;
	struct tenant *a;
	unsigned int i;

	vnet_uplink_set_capacity(uplink, 0);
	a = join(0, 8000, 0, 1, 0);
	for (i = 0; i < 10000; i++)
		assert_int_equal(offer(a), VNET_CLASS_PASS);
	/* A capacity counts at once, and so does none for what is held. */
	vnet_uplink_set_capacity(uplink, 8000);
	while (a->held < 20)
		offer(a);
	run(MS);
	vnet_share_read(a->share, VNET_DIR_INGRESS, &sum);
	assert_in_range(sum.counters.queued_packets, 18, 20);
	assert_int_equal(sum.allowed, 8000);
	vnet_uplink_set_capacity(uplink, 0);
	run(5 * MS);
	assert_int_equal(a->held, 0);
	assert_int_equal(offer(a), VNET_CLASS_PASS);
	vnet_share_read(a->share, VNET_DIR_INGRESS, &sum);
	assert_int_equal(sum.allowed, 0);
	vnet_share_read(a->share, VNET_DIR_EGRESS, &sum);
	assert_int_equal(sum.counters.packets, 0);
}

static void test_capacity_changes_under_backlog(void **state)
{
	double mbit[TENANTS];

	join(0, 10 * MBIT, 0, 1, 0)->greedy = true;
	join(1, 10 * MBIT, 0, 1, 0)->greedy = true;
	run(50 * MS);
	vnet_uplink_set_capacity(uplink, 100 * MBIT);
	run(100 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[0], 50, 1);
	assert_near(mbit[1], 50, 1);
	vnet_uplink_set_capacity(uplink, 10 * GBIT);
	run(20 * MS);
	assert_int_equal(tenants[0].refused + tenants[1].refused, 0);
	check(&tenants[0]);
}

static void test_a_share_changes(void **state)
{
	struct vnet_share_spec spec = { .guarantee = 700 * MBIT, .weight = 1 };
	double mbit[TENANTS];

	join(0, 100 * MBIT, 0, 1, 0)->greedy = true;
	join(1, 100 * MBIT, 0, 1, 0)->greedy = true;
	run(50 * MS);
	vnet_share_change(tenants[1].share, &spec);
	assert_int_equal(vnet_uplink_guaranteed(uplink), 800 * MBIT);
	run(10 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[0], 200, 1);
	assert_near(mbit[1], 800, 1);
	leave(&tenants[1]);
	assert_int_equal(vnet_uplink_guaranteed(uplink), 100 * MBIT);
	run(10 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[0], 1000, 1);
}

static void test_directions_are_apart(void **state)
{
	double mbit[TENANTS];

	join(0, 100 * MBIT, 0, 1, 0)->greedy = true;
	join(1, 100 * MBIT, 0, 1, 0)->greedy = true;
	tenants[1].direction = VNET_DIR_EGRESS;
	run(50 * MS);
	measure(SECOND, mbit);
	assert_near(mbit[0], 1000, 0.5);
	assert_near(mbit[1], 1000, 0.5);
}

static void test_purge_and_leave(void **state)
{
	struct tenant *a = join(0, 8000, 0, 1, 0), *b = join(1, 8000, 0, 1, 0);

	vnet_uplink_set_capacity(uplink, 8000);
	while (a->held < 20)
		offer(a);
	while (b->held < 20)
		offer(b);
	vnet_share_purge(a->share, b);
	assert_int_equal(a->held, 20);
	a->closed = true;
	vnet_share_purge(a->share, a);
	assert_int_equal(a->held, 0);
	assert_int_equal(a->given_up, 20);
	assert_int_equal(offer(a), VNET_CLASS_GONE);
	leave(b);
	assert_int_equal(b->given_up, 20);
}

static void test_queue_is_bounded(void **state)
{
	struct tenant *a = join(0, 0, 0, 1, 0);
	unsigned int i;

	vnet_uplink_set_capacity(uplink, 8000);
	for (i = 0; i < 2000; i++)
		offer(a);
	assert_in_range(a->held, VNET_CLASS_QUEUE_DEFAULT / BYTES - 1,
			VNET_CLASS_QUEUE_DEFAULT / BYTES);
	assert_int_equal(limit_calls, 1);
	check(a);
}

/* The loop ends when nobody sends, and begins again with the first frame. */
static void test_idle(void **state)
{
	struct vnet_share_sum sum;
	double mbit[TENANTS];

	join(0, 100 * MBIT, 0, 1, 0)->greedy = true;
	run(SECOND * 2);
	vnet_share_read(tenants[0].share, VNET_DIR_INGRESS, &sum);
	assert_near(sum.measured / 1e6, 1000, 1);
	assert_near(sum.allowed / 1e6, 1000, 1);
	tenants[0].greedy = false;
	run(100 * MS);
	vnet_share_read(tenants[0].share, VNET_DIR_INGRESS, &sum);
	assert_int_equal(sum.allowed, 100 * MBIT);
	run(3 * SECOND);
	vnet_share_read(tenants[0].share, VNET_DIR_INGRESS, &sum);
	assert_int_equal(sum.measured, 0);
	tenants[0].greedy = true;
	run(5 * MS);
	measure(100 * MS, mbit);
	assert_near(mbit[0], 1000, 1);
}

static void test_walk(void **state)
{
	struct vnet_share *share;
	u32 id = 0, seen = 0;

	join(3, 0, 0, 1, 0);
	join(1, 0, 0, 1, 0);
	join(2, 0, 0, 1, 0);
	assert_ptr_equal(vnet_share_find(uplink, &tenants[1]), tenants[1].share);
	assert_null(vnet_share_find(uplink, &tenants[0]));
	while ((share = vnet_share_next(uplink, id))) {
		assert_true(vnet_share_id(share) > id);
		id = vnet_share_id(share);
		assert_ptr_equal(vnet_share_owner(share), &tenants[id - 1]);
		seen++;
	}
	assert_int_equal(seen, 3);
}

static void test_no_memory(void **state)
{
	struct vnet_share_spec spec = { .weight = 1 };
	unsigned int n;

	for (n = 1; ; n++) {
		shim_fail_at(n);
		tenants[0].share = vnet_share_join(uplink, &tenants[0], 1, &spec);
		if (!shim_failed())
			break;
		assert_null(tenants[0].share);
		assert_null(vnet_share_next(uplink, 0));
	}
	assert_non_null(tenants[0].share);
	shim_fail_at(1);
	assert_null(vnet_uplink_create(&world_ops));
	shim_fail_at(0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_alone),
		TEST(test_ceil),
		TEST(test_weights),
		TEST(test_prio),
		TEST(test_guarantees_hold_10ms),
		TEST(test_guarantees_hold_100ms),
		TEST(test_what_is_not_sent_is_lent),
		TEST(test_debt_is_paid),
		TEST(test_debt_is_paid_by_who_has_more),
		TEST(test_too_many_promises),
		TEST(test_unknown_capacity),
		TEST(test_capacity_changes_under_backlog),
		TEST(test_a_share_changes),
		TEST(test_directions_are_apart),
		TEST(test_purge_and_leave),
		TEST(test_queue_is_bounded),
		TEST(test_idle),
		TEST(test_walk),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests_name("uplink", tests, NULL, NULL);
}
