// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/waterfill.c
/*
 * Water-filling: by hand, and against an oracle that knows neither rounds nor integers.
 */
#include "unit.h"

#include <linux/limits.h>
#include <linux/vnet.h>

#include "shim.h"
#include "waterfill.h"

#define ALL	VNET_WANT_ALL
#define MANY	512

static u64 sum_of(const struct vnet_want *wants, unsigned int count)
{
	u64 sum = 0;

	while (count--)
		sum += wants++->got;
	return sum;
}

static void test_the_example(void **state)
{
	struct vnet_want wants[] = {
		{ .guarantee = 50, .want = ALL, .weight = 1 },
		{ .guarantee = 20, .want = ALL, .weight = 1 },
		{ .guarantee = 20, .want = 0, .weight = 1 },
	};

	vnet_waterfill(wants, 3, 100);
	assert_int_equal(wants[0].got, 65);
	assert_int_equal(wants[1].got, 35);
	assert_int_equal(wants[2].got, 0);
}

static void test_weight_and_prio(void **state)
{
	struct vnet_want wants[] = {
		{ .guarantee = 100, .want = ALL, .weight = 1, .prio = 1 },
		{ .want = 300, .weight = 3, .prio = 0 },
		{ .want = ALL, .weight = 1, .prio = 0, .ceil = 200 },
		{ .want = ALL, .weight = 7, .prio = 7 },
	};

	/* What two of prio 0 leave goes to prio 1 only. */
	vnet_waterfill(wants, 4, 1000);
	assert_int_equal(wants[0].got, 500);
	assert_int_equal(wants[1].got, 300);
	assert_int_equal(wants[2].got, 200);
	assert_int_equal(wants[3].got, 0);
	/* Too little for prio 0: 3:1. */
	vnet_waterfill(wants, 4, 300);
	assert_int_equal(wants[0].got, 100);
	assert_int_equal(wants[1].got, 150);
	assert_int_equal(wants[2].got, 50);
}

/* What nobody asks for is there for who asks next. */
static void test_room_to_grow(void **state)
{
	struct vnet_want wants[] = {
		{ .want = 10, .weight = 1 },
		{ .want = 50, .weight = 2, .ceil = 60 },
		{ .want = 0, .weight = 1 },
	};

	vnet_waterfill(wants, 3, 1000);
	assert_int_equal(wants[1].got, 60);
	assert_int_equal(wants[0].got, 10 + 465);
	assert_int_equal(wants[2].got, 465);
}

static void test_guarantees_are_cut(void **state)
{
	struct vnet_want wants[] = {
		{ .guarantee = 900, .want = ALL, .weight = 1 },
		{ .guarantee = 600, .want = ALL, .weight = 9 },
		{ .guarantee = 600, .want = 300, .weight = 9 },
	};

	vnet_waterfill(wants, 3, 900);
	assert_int_equal(wants[0].got, 450);
	assert_int_equal(wants[1].got, 300);
	assert_int_equal(wants[2].got, 150);
	/* A guarantee above the ceil is worth the ceil. */
	wants[0].ceil = 100;
	vnet_waterfill(wants, 1, 900);
	assert_int_equal(wants[0].got, 100);
}

static void test_extremes(void **state)
{
	struct vnet_want wants[2] = {
		{ .guarantee = 1, .want = ALL, .weight = VNET_WEIGHT_MAX },
		{ .guarantee = 1ULL << 61, .want = ALL, .weight = 1 },
	};

	vnet_waterfill(NULL, 0, 1000);
	vnet_waterfill(wants, 2, 1ULL << 62);
	assert_true(wants[1].got >= 1ULL << 61);
	assert_true(sum_of(wants, 2) <= 1ULL << 62);
	assert_true(sum_of(wants, 2) >= (1ULL << 62) - 2);
	vnet_waterfill(wants, 2, 1);
	assert_true(sum_of(wants, 2) <= 1);
	vnet_waterfill(wants, 2, 0);
	assert_int_equal(sum_of(wants, 2), 0);
}

/* The oracle: raise the level of all that are not full until all is poured. */
static void oracle_pour(const struct vnet_want *wants, unsigned int count, int prio,
			const double *bound, double *got, double *left)
{
	unsigned int i;

	while (*left > 1e-6) {
		double weight = 0, level = *left;

		for (i = 0; i < count; i++)
			if ((prio < 0 || wants[i].prio == prio) && got[i] < bound[i])
				weight += wants[i].weight;
		if (!weight)
			return;
		level /= weight;
		for (i = 0; i < count; i++)
			if ((prio < 0 || wants[i].prio == prio) && got[i] < bound[i])
				level = min(level, (bound[i] - got[i]) / wants[i].weight);
		for (i = 0; i < count; i++) {
			if ((prio >= 0 && wants[i].prio != prio) || got[i] >= bound[i])
				continue;
			got[i] += level * wants[i].weight;
			*left -= level * wants[i].weight;
			/* Rounding must not keep one that is full from being so. */
			if (bound[i] - got[i] < 1e-3)
				got[i] = bound[i];
		}
	}
}

static void oracle(const struct vnet_want *wants, unsigned int count, double capacity,
		   double *got)
{
	double ceil[MANY], use[MANY], left = capacity, sum = 0;
	unsigned int i;
	int prio;

	for (i = 0; i < count; i++) {
		ceil[i] = wants[i].ceil ? (double)wants[i].ceil : 1e30;
		use[i] = wants[i].want == ALL ? ceil[i] : min(ceil[i], (double)wants[i].want);
		got[i] = min((double)wants[i].guarantee, use[i]);
		sum += got[i];
	}
	if (sum > capacity) {
		for (i = 0; i < count; i++)
			got[i] *= capacity / sum;
		return;
	}
	left -= sum;
	for (prio = 0; prio <= VNET_CLASS_PRIO_MAX; prio++)
		oracle_pour(wants, count, prio, use, got, &left);
	oracle_pour(wants, count, -1, ceil, got, &left);
}

static u64 random_rate(void)
{
	return shim_random() >> (24 + shim_below(30));
}

static void test_against_the_oracle(void **state)
{
	struct vnet_want wants[MANY];
	double got[MANY];
	unsigned int step, count, i;
	u64 capacity;

	shim_seed();
	for (step = 0; step < 3000; step++) {
		count = 1 + shim_below(step % 50 ? 12 : MANY);
		for (i = 0; i < count; i++)
			wants[i] = (struct vnet_want) {
				.guarantee = shim_below(3) ? random_rate() : 0,
				.ceil = shim_below(3) ? 0 : random_rate() + 1,
				.want = shim_below(3) ? random_rate() : ALL,
				.weight = 1 + shim_below(shim_below(2) ? 10 : VNET_WEIGHT_MAX),
				.prio = shim_below(shim_below(2) ? 1 : 8),
			};
		capacity = shim_random() >> (18 + shim_below(20));
		vnet_waterfill(wants, count, capacity);
		oracle(wants, count, capacity, got);
		assert_true(sum_of(wants, count) <= capacity);
		for (i = 0; i < count; i++) {
			assert_true(wants[i].got <= (wants[i].ceil ?: ALL));
			/* With many the rounds may end before the last is full. */
			if (count > 12)
				continue;
			if (wants[i].got > got[i] * 1.000001 + 100 ||
			    wants[i].got < got[i] * 0.999999 - 100)
				fail_msg("step %u, %u of %u: %llu, oracle %f", step, i, count,
					 (unsigned long long)wants[i].got, got[i]);
		}
	}
}

/* What is not given out, though somebody wants it, is little even with many. */
static void test_nothing_is_left(void **state)
{
	struct vnet_want wants[MANY];
	unsigned int step, i;
	u64 sum;

	shim_seed();
	for (step = 0; step < 200; step++) {
		for (i = 0; i < MANY; i++)
			wants[i] = (struct vnet_want) {
				.guarantee = shim_below(1000000),
				.want = shim_below(4) ? random_rate() : ALL,
				.weight = 1 + shim_below(VNET_WEIGHT_MAX),
				.prio = shim_below(8),
			};
		vnet_waterfill(wants, MANY, 10000000000ULL);
		sum = sum_of(wants, MANY);
		assert_in_range(sum, 10000000000ULL - 10 * MANY, 10000000000ULL);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_the_example),
		cmocka_unit_test(test_weight_and_prio),
		cmocka_unit_test(test_room_to_grow),
		cmocka_unit_test(test_guarantees_are_cut),
		cmocka_unit_test(test_extremes),
		cmocka_unit_test(test_against_the_oracle),
		cmocka_unit_test(test_nothing_is_left),
	};

	return cmocka_run_group_tests_name("waterfill", tests, NULL, NULL);
}
