// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/codel.c
// LIBS: -lm
/*
 * The control law of short queues: when it signals, and that it does what the pseudo-code
 * of RFC 8289 does.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "codel.h"
#include "shim.h"

#define US	1000ULL
#define MS	1000000ULL
#define SECOND	1000000000ULL

static const struct vnet_codel_params params = { 5 * MS, 100 * MS };

/* Frames that wait too long, one each 10 us: a signal comes this much late at most. */
#define STEP	(10 * US)

/* When the next signal comes, from @now on, with frames that waited for @waited. */
static u64 next_signal(struct vnet_codel *codel, u64 now, u64 waited)
{
	while (!vnet_codel_signal(codel, &params, now, waited, true))
		now += STEP;
	return now;
}

/* Nothing for an interval, then distances that get shorter with the square root. */
static void test_signals_come_closer(void **state)
{
	struct vnet_codel codel = {};
	u64 now = 7 * SECOND, first, ideal, last;
	unsigned int n;

	first = next_signal(&codel, now, 6 * MS);
	assert_in_range(first - now, 100 * MS, 100 * MS + STEP);
	ideal = first;
	last = first;
	for (n = 1; n < 5000; n++) {
		now = next_signal(&codel, last, 6 * MS);
		ideal += 100 * MS / sqrt(n);
		/* Late by a step each time, but that does not add up. */
		assert_in_range(now, ideal - 20 * US, ideal + STEP + 20 * US);
		last = now;
	}
	/* The sum of 1/sqrt(n) is 2 * sqrt(n) - 1.46. */
	assert_in_range(last - first, 13990 * MS, 14000 * MS);
}

/* The scale has an end, there it stays. */
static void test_the_end_of_the_scale(void **state)
{
	struct vnet_codel codel = {};
	u64 now = next_signal(&codel, 0, SECOND), i;

	for (i = 0; i < 200000; i++) {
		assert_true(vnet_codel_signal(&codel, &params, codel.next, SECOND, true));
		assert_true(codel.next > now);
		now = codel.next;
	}
	assert_int_equal(codel.count, 65535);
}

static void test_bursts_are_no_reason(void **state)
{
	struct vnet_codel codel = {};
	u64 now = SECOND;
	int i, j;

	for (i = 0; i < 50; i++) {
		/* 99 ms of waiting, and a frame that did not wait. */
		for (j = 0; j < 99; j++, now += MS)
			assert_false(vnet_codel_signal(&codel, &params, now, 40 * MS, true));
		assert_false(vnet_codel_signal(&codel, &params, now, 5 * MS - 1, true));
	}
	/* Frames that come alone are no queue. */
	for (i = 0; i < 10000; i++, now += MS)
		assert_false(vnet_codel_signal(&codel, &params, now, 40 * MS, false));
}

static void test_no_target(void **state)
{
	const struct vnet_codel_params none = { ~0ULL, 100 * MS };
	struct vnet_codel codel = {};
	u64 now;

	for (now = 0; now < 100 * SECOND; now += MS)
		assert_false(vnet_codel_signal(&codel, &none, now, now, true));
}

static void test_signals_end(void **state)
{
	struct vnet_codel codel = {};
	u64 now = next_signal(&codel, 0, 6 * MS);

	assert_true(codel.signalling);
	/* One frame is enough. */
	assert_false(vnet_codel_signal(&codel, &params, now, 4 * MS, true));
	assert_false(codel.signalling);
	assert_in_range(next_signal(&codel, now, 6 * MS) - now, 100 * MS, 100 * MS + STEP);
}

/* It goes on as fast as it was, if that was a short time ago. */
static void test_memory(void **state)
{
	struct vnet_codel codel = {};
	u64 now = 0, i;

	for (i = 0; i < 40; i++)
		now = next_signal(&codel, now, 6 * MS);
	assert_int_equal(codel.count, 40);
	assert_false(vnet_codel_signal(&codel, &params, now, 0, true));
	now = next_signal(&codel, now, 6 * MS);
	/* 40, of which it began with 1. */
	assert_int_equal(codel.count, 39);
	assert_in_range(codel.next - now, 100 * MS / sqrt(39) - 100, 100 * MS / sqrt(39) + 100);

	/* Begun with 39 and got no further: there is no use in that. */
	assert_false(vnet_codel_signal(&codel, &params, now, 0, true));
	now = next_signal(&codel, now, 6 * MS);
	assert_int_equal(codel.count, 1);

	for (i = 0; i < 40; i++)
		now = next_signal(&codel, now, 6 * MS);
	now += 1700 * MS;
	assert_false(vnet_codel_signal(&codel, &params, now, 0, true));
	next_signal(&codel, now, 6 * MS);
	assert_int_equal(codel.count, 1);
}

/* RFC 8289, section 5, over a queue of times */

#define FRAMES	100000

struct fifo {
	u64 times[FRAMES];
	unsigned int first, end;
};

static unsigned int fifo_length(const struct fifo *fifo)
{
	return fifo->end - fifo->first;
}

struct rfc {
	struct fifo fifo;
	u64 first_above, drop_next;
	unsigned int count, last_count;
	bool dropping;
};

static bool rfc_ok_to_drop(struct rfc *rfc, u64 now)
{
	/* The frame in question has left the queue; one frame is a large frame. */
	unsigned int bytes = fifo_length(&rfc->fifo) - 1;

	if (now - rfc->fifo.times[rfc->fifo.first] < params.target || bytes <= 1) {
		rfc->first_above = 0;
		return false;
	}
	if (rfc->first_above == 0)
		rfc->first_above = now + params.interval;
	else if (now >= rfc->first_above)
		return true;
	return false;
}

/* With a root of as many digits: a frame goes on this side of a tick or the other. */
static u64 rfc_control_law(u64 t, unsigned int count)
{
	return t + (params.interval << 16) / (u64)(sqrt(count) * 65536);
}

/* The frame that goes, by its number. */
static unsigned int rfc_dequeue(struct rfc *rfc, u64 now)
{
	bool ok = rfc_ok_to_drop(rfc, now);
	unsigned int delta;

	if (rfc->dropping) {
		if (!ok)
			rfc->dropping = false;
		while (now >= rfc->drop_next && rfc->dropping) {
			rfc->fifo.first++;
			rfc->count++;
			ok = rfc_ok_to_drop(rfc, now);
			if (!ok)
				rfc->dropping = false;
			else
				rfc->drop_next = rfc_control_law(rfc->drop_next, rfc->count);
		}
	} else if (ok) {
		rfc->fifo.first++;
		rfc_ok_to_drop(rfc, now);
		rfc->dropping = true;
		delta = rfc->count - rfc->last_count;
		rfc->count = 1;
		if (delta > 1 && now < rfc->drop_next + 16 * params.interval)
			rfc->count = delta;
		rfc->drop_next = rfc_control_law(now, rfc->count);
		rfc->last_count = rfc->count;
	}
	return rfc->fifo.first++;
}

struct own {
	struct fifo fifo;
	struct vnet_codel codel;
};

static unsigned int own_dequeue(struct own *own, u64 now)
{
	struct fifo *fifo = &own->fifo;

	while (vnet_codel_signal(&own->codel, &params, now, now - fifo->times[fifo->first],
				 fifo_length(fifo) > 2))
		fifo->first++;
	return fifo->first++;
}

static void test_like_the_rfc(void **state)
{
	struct rfc *rfc = calloc(1, sizeof(*rfc));
	struct own *own = calloc(1, sizeof(*own));
	unsigned int load = 100, lost, i;
	u64 now, arrival = 0;

	assert_non_null(rfc);
	assert_non_null(own);
	shim_seed();
	/* A frame goes each ms; those that come are 50 % to 200 % of that. */
	for (now = SECOND; own->fifo.end < FRAMES - 100; now += MS) {
		if (!shim_below(500))
			load = 50 + shim_below(150);
		for (; arrival < now; arrival += 100 * MS / load) {
			own->fifo.times[own->fifo.end++] = arrival;
			rfc->fifo.times[rfc->fifo.end++] = arrival;
		}
		if (!fifo_length(&own->fifo)) {
			/* An empty queue is one whose frames do not wait. */
			assert_int_equal(fifo_length(&rfc->fifo), 0);
			continue;
		}
		i = own_dequeue(own, now);
		assert_int_equal(i, rfc_dequeue(rfc, now));
	}
	lost = own->codel.count;
	assert_true(lost > 1);
	free(rfc);
	free(own);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_signals_come_closer),
		cmocka_unit_test(test_the_end_of_the_scale),
		cmocka_unit_test(test_bursts_are_no_reason),
		cmocka_unit_test(test_no_target),
		cmocka_unit_test(test_signals_end),
		cmocka_unit_test(test_memory),
		cmocka_unit_test(test_like_the_rfc),
	};

	return cmocka_run_group_tests_name("codel", tests, NULL, NULL);
}
