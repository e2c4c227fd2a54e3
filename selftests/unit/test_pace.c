// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/pace.c
/*
 * The pace: what passes at once, over time, and after a change of the rate.
 */
#include "unit.h"

#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/limits.h>

#include "pace.h"

#define SECOND	1000000000ULL
#define MS	1000000ULL

static struct vnet_pace pace;

static int setup(void **state)
{
	memset(&pace, 0, sizeof(pace));
	return 0;
}

static bool take(u64 now)
{
	bool tell;

	return vnet_pace_take(&pace, now, &tell);
}

/* How many of @tries pass at one instant. */
static unsigned int passed(u64 now, unsigned int tries)
{
	unsigned int n = 0;

	while (tries--)
		n += take(now);
	return n;
}

static void test_any(void **state)
{
	assert_int_equal(passed(SECOND, 1000), 1000);
	vnet_pace_set(&pace, 1);
	vnet_pace_set(&pace, 0);
	assert_int_equal(passed(SECOND, 1000), 1000);
}

/* 50 ms of the rate or 16, and the one that is due. */
static void test_burst(void **state)
{
	vnet_pace_set(&pace, 1);
	assert_int_equal(passed(SECOND, 1000), 17);
	vnet_pace_set(&pace, 10000);
	assert_int_equal(passed(SECOND, 1000), 501);
}

static void test_rate(void **state)
{
	unsigned int n = 0;
	u64 now;

	vnet_pace_set(&pace, 100);
	for (now = SECOND; now < 11 * SECOND; now += MS)
		n += take(now);
	assert_in_range(n, 1000, 1017);
	/* What was not used is not saved up beyond the burst. */
	assert_int_equal(passed(now + 3600 * SECOND, 1000), 17);
}

/* A new rate does not wait for what the old one made it wait. */
static void test_change(void **state)
{
	vnet_pace_set(&pace, 1);
	assert_int_equal(passed(SECOND, 1000), 17);
	vnet_pace_set(&pace, 1);
	assert_int_equal(passed(SECOND, 1000), 0);
	vnet_pace_set(&pace, 1000);
	assert_int_equal(passed(SECOND, 1000), 51);
	assert_int_equal(pace.rate, 1000);
}

/* The first refusal is told, the next one when the burst was whole meanwhile. */
static void test_tell(void **state)
{
	u64 now = SECOND;
	bool tell;

	vnet_pace_set(&pace, 10);
	passed(now, 17);
	assert_false(vnet_pace_take(&pace, now, &tell));
	assert_true(tell);
	assert_false(vnet_pace_take(&pace, now, &tell));
	assert_false(tell);
	now += 200 * MS;
	assert_true(vnet_pace_take(&pace, now, &tell));
	passed(now, 17);
	assert_false(vnet_pace_take(&pace, now, &tell));
	assert_false(tell);
	now += 10 * SECOND;
	passed(now, 17);
	assert_false(vnet_pace_take(&pace, now, &tell));
	assert_true(tell);
}

/* Packets/s over some time, when @count come at once and always more than may pass. */
static void check_rate(u32 rate, u32 count)
{
	u64 gap = (u64)count * SECOND / rate / 4, passed = 0, now = SECOND, from;
	bool tell;

	memset(&pace, 0, sizeof(pace));
	vnet_pace_set(&pace, rate);
	/* What may come at once is over after the first 100 ms. */
	for (from = now + SECOND / 10; now < from; now += gap + 1)
		vnet_pace_take_many(&pace, count, now, &tell);
	for (from = now; now < from + SECOND / 4; now += gap + 1)
		passed += vnet_pace_take_many(&pace, count, now, &tell) ? count : 0;
	if (passed * SECOND / (now - from) * 1000 < (u64)rate * 995 ||
	    passed * SECOND / (now - from) * 1000 > (u64)rate * 1005)
		fail_msg("%u/s, %u at once: %llu passed in %llu ns", rate, count,
			 (unsigned long long)passed, (unsigned long long)(now - from));
}

/* Right within 0.5 %: the line rate of 64 bytes at 10 Gbit/s, and odd numbers too. */
static void test_accuracy(void **state)
{
	static const u32 rates[] = { 10000, 123457, 1000000, 7000000, 14880952, 99000000 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		check_rate(rates[i], rates[i] > 20000000 ? 4 : 1);
		check_rate(rates[i], 44);
	}
}

/* Of many at once all pass or none, and those that follow wait for them. */
static void test_many(void **state)
{
	u64 now = SECOND;
	bool tell;

	vnet_pace_set(&pace, 100);
	/* 16 may be early: 17 singles, or one that is due and larger than all that. */
	assert_true(vnet_pace_take_many(&pace, 40, now, &tell));
	assert_false(vnet_pace_take_many(&pace, 1, now, &tell));
	assert_true(tell);
	/* 40 take 400 ms; 160 of these were early. */
	assert_false(vnet_pace_take_many(&pace, 1, now + 239 * MS, &tell));
	assert_true(vnet_pace_take_many(&pace, 1, now + 240 * MS, &tell));
	/* None: any number. */
	vnet_pace_set(&pace, 0);
	assert_true(vnet_pace_take_many(&pace, U32_MAX, now, &tell));
	/* A large frame at the slowest rate does not overflow. */
	vnet_pace_set(&pace, 1);
	assert_true(vnet_pace_take_many(&pace, 65535, now, &tell));
	assert_false(vnet_pace_take_many(&pace, 1, now + 65000 * SECOND, &tell));
	assert_true(vnet_pace_take_many(&pace, 1, now + 65535 * SECOND, &tell));
}

/* A clock that another CPU read before does no harm. */
static void test_earlier(void **state)
{
	vnet_pace_set(&pace, 100);
	assert_true(take(SECOND));
	assert_true(take(SECOND - MS));
	assert_false(take(0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(test_any, setup),
		cmocka_unit_test_setup(test_burst, setup),
		cmocka_unit_test_setup(test_rate, setup),
		cmocka_unit_test_setup(test_change, setup),
		cmocka_unit_test_setup(test_tell, setup),
		cmocka_unit_test_setup(test_accuracy, setup),
		cmocka_unit_test_setup(test_many, setup),
		cmocka_unit_test_setup(test_earlier, setup),
	};

	return cmocka_run_group_tests_name("pace", tests, NULL, NULL);
}
