// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/quota.c kmod/pace.c
/*
 * The quota: the limit holds at every moment, the rate over any time.
 */
#include "unit.h"

#include <linux/kernel.h>
#include <linux/ktime.h>

#include "quota.h"

static int setup(void **state)
{
	shim_reset();
	return 0;
}

/* What the last question was told. */
static bool news;

/* How many of @tries are granted at @now. */
static u32 granted(struct vnet_quota *quota, u32 tries, u64 now)
{
	u32 i, count = 0;

	for (i = 0; i < tries; i++)
		count += vnet_quota_take(quota, now, &news) == VNET_QUOTA_GRANTED;
	return count;
}

static void test_limit(void **state)
{
	struct vnet_quota quota = {};

	vnet_quota_set(&quota, 10, 0);
	assert_int_equal(granted(&quota, 12, 0), 10);
	assert_int_equal(vnet_quota_take(&quota, 0, &news), VNET_QUOTA_FULL);
	assert_int_equal(vnet_quota_used(&quota), 10);
	vnet_quota_return(&quota);
	assert_int_equal(granted(&quota, 2, 0), 1);
}

static void test_limit_zero(void **state)
{
	struct vnet_quota quota = {};

	vnet_quota_set(&quota, 0, 0);
	assert_int_equal(granted(&quota, 5, 0), 0);
	assert_int_equal(vnet_quota_used(&quota), 0);
}

/* What ended is found by a count, and what begins meanwhile is not forgotten. */
static void test_count(void **state)
{
	struct vnet_quota quota = {};

	vnet_quota_set(&quota, 10, 0);
	assert_int_equal(granted(&quota, 10, 0), 10);
	vnet_quota_begin_count(&quota);
	quota.counting = 4;
	vnet_quota_end_count(&quota);
	assert_int_equal(vnet_quota_used(&quota), 4);
	vnet_quota_begin_count(&quota);
	quota.counting = 4;
	assert_int_equal(granted(&quota, 3, 0), 3);
	vnet_quota_end_count(&quota);
	assert_int_equal(vnet_quota_used(&quota), 7);
	assert_int_equal(granted(&quota, 10, 0), 3);
}

/* Granted before a count and given back behind it: fewer than none are none. */
static void test_return_during_count(void **state)
{
	struct vnet_quota quota = {};

	vnet_quota_set(&quota, 2, 0);
	assert_int_equal(granted(&quota, 1, 0), 1);
	vnet_quota_begin_count(&quota);
	vnet_quota_return(&quota);
	vnet_quota_end_count(&quota);
	assert_int_equal(vnet_quota_used(&quota), 0);
	assert_int_equal(vnet_quota_take(&quota, 0, &news), VNET_QUOTA_GRANTED);
}

static void test_wraps(void **state)
{
	struct vnet_quota quota = {};

	vnet_quota_set(&quota, 5, 0);
	atomic_set(&quota.opened, -3);
	quota.base = 3;
	assert_int_equal(vnet_quota_used(&quota), 0);
	assert_int_equal(granted(&quota, 9, 0), 5);
}

static void test_rate(void **state)
{
	struct vnet_quota quota = {};
	u64 now = NSEC_PER_SEC;
	u32 burst, total;

	vnet_quota_set(&quota, 1000000, 1000);
	burst = granted(&quota, 1000, now);
	assert_in_range(burst, 50, 51);
	assert_int_equal(vnet_quota_take(&quota, now, &news), VNET_QUOTA_FAST);
	for (total = 0; now < 11 * NSEC_PER_SEC; now += NSEC_PER_MSEC)
		total += granted(&quota, 50, now);
	assert_in_range(total, 9990, 10010);
	assert_int_equal(vnet_quota_used(&quota), burst + total);
	vnet_quota_set(&quota, 1000000, 0);
	assert_int_equal(granted(&quota, 5000, now), 5000);
}

static void test_told_once(void **state)
{
	struct vnet_quota quota = {};

	vnet_quota_set(&quota, 8, 0);
	assert_int_equal(granted(&quota, 8, 0), 8);
	assert_false(news);
	assert_int_equal(granted(&quota, 1, 0), 0);
	assert_true(news);
	assert_int_equal(granted(&quota, 1, 0), 0);
	assert_false(news);
	vnet_quota_return(&quota);
	assert_int_equal(granted(&quota, 2, 0), 1);
	assert_false(news);
	vnet_quota_return(&quota);
	vnet_quota_return(&quota);
	assert_int_equal(granted(&quota, 3, 0), 2);
	assert_true(news);
}

static void test_told_once_of_the_rate(void **state)
{
	struct vnet_quota quota = {};

	vnet_quota_set(&quota, 1000, 1);
	granted(&quota, 20, 0);
	assert_false(news);
	vnet_quota_set(&quota, 1000, 2);
	while (vnet_quota_take(&quota, 0, &news) == VNET_QUOTA_GRANTED)
		assert_false(news);
	assert_int_equal(vnet_quota_used(&quota), 17 * 2);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup(name, setup)
	const struct CMUnitTest tests[] = {
		CASE(test_limit),
		CASE(test_limit_zero),
		CASE(test_count),
		CASE(test_return_during_count),
		CASE(test_wraps),
		CASE(test_rate),
		CASE(test_told_once),
		CASE(test_told_once_of_the_rate),
	};

	return cmocka_run_group_tests_name("quota", tests, NULL, NULL);
}
