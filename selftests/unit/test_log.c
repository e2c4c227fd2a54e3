// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/log.c kmod/bucket.c
/*
 * The log of a network: how many messages it lets pass, and that it forgets none of
 * those that it did not.
 */
#include "unit.h"

#include "log.h"

static struct vnet_log log_;
static u32 told, suppressed;

/* So many that would be sent. */
static void offer(u32 messages)
{
	u32 missed;

	while (messages--) {
		if (!vnet_log_admit(&log_, &missed))
			continue;
		told++;
		suppressed += missed;
	}
}

static int setup(void **state)
{
	shim_reset();
	told = 0;
	suppressed = 0;
	return 0;
}

static void test_burst(void **state)
{
	vnet_log_init(&log_, 1000);
	/* A tenth of it, and one that runs into debt. */
	offer(500);
	assert_int_equal(told, 101);
	assert_int_equal(suppressed, 0);
	shim_advance_ms(10);
	offer(20);
	assert_true(told >= 110 && told <= 112);
	assert_int_equal(suppressed, 399);
	shim_advance_ms(1000);
	told = 0;
	offer(500);
	assert_int_equal(told, 101);
}

/* Nothing is lost but what was told to be. */
static void test_account(void **state)
{
	unsigned int i, offered = 0;

	vnet_log_init(&log_, 100);
	for (i = 0; i < 1000; i++) {
		offer(i % 7);
		offered += i % 7;
		shim_advance_ms(i % 11);
	}
	shim_advance_ms(1000);
	offer(1);
	assert_int_equal(told + suppressed, offered + 1);
	/* About five seconds at this rate. */
	assert_true(told > 450 && told < 560);
}

static void test_slowest(void **state)
{
	vnet_log_init(&log_, 1);
	offer(10);
	assert_int_equal(told, 2);
	shim_advance_ms(500);
	offer(10);
	assert_int_equal(told, 2);
	shim_advance_ms(600);
	offer(10);
	assert_int_equal(told, 3);
	assert_int_equal(suppressed, 18);
}

static void test_change(void **state)
{
	vnet_log_init(&log_, 1);
	offer(10);
	vnet_log_set_rate(&log_, VNET_LOG_RATE_MAX);
	shim_advance_ms(1);
	offer(100);
	assert_int_equal(told, 102);
	assert_int_equal(suppressed, 8);
	vnet_log_set_rate(&log_, 10);
	offer(100);
	assert_true(told <= 104);
}

/* A message that could not be sent takes along those that it would have told of. */
static void test_lost(void **state)
{
	u32 missed;

	vnet_log_init(&log_, 1);
	offer(10);
	shim_advance_ms(1500);
	assert_true(vnet_log_admit(&log_, &missed));
	assert_int_equal(missed, 8);
	vnet_log_lost(&log_, missed + 1);
	shim_advance_ms(1500);
	assert_true(vnet_log_admit(&log_, &missed));
	assert_int_equal(missed, 9);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, NULL)
	const struct CMUnitTest tests[] = {
		CASE(test_burst),
		CASE(test_account),
		CASE(test_slowest),
		CASE(test_change),
		CASE(test_lost),
	};

	return cmocka_run_group_tests_name("log", tests, NULL, NULL);
}
