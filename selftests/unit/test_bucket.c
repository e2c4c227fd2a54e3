// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/bucket.c
/*
 * Token bucket arithmetic against an oracle that computes with 128 bits.
 */
#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "bucket.h"
#include "shim.h"

#define NS_PER_S	1000000000ULL
#define MS		1000000ULL
#define LENGTH_MAX	(65536 * 4)

static const u64 rates[] = {
	8000, 8001, 64000, 1000000, 100000000, 1000000000ULL, 10000000000ULL,
	100000000000ULL, 1000000000000ULL,
};

/* Rates that no operator can give: nothing may overflow nevertheless. */
static const u64 odd_rates[] = {
	1, 8, 999, 0xffffffffULL, 0x100000000ULL, 0x7fffffffffffffffULL,
	0x8000000000000000ULL, 0xffffffffffffffffULL,
};

/* The same bucket without any cleverness. */
struct oracle {
	__int128 tokens;
	__int128 burst;
	__int128 floor;
	u64 rate;
	u64 now;
};

static void oracle_init(struct oracle *oracle, u64 rate, u32 burst, u64 now)
{
	oracle->burst = (__int128)burst * 8 * 1000000000;
	oracle->floor = -oracle->burst - (__int128)1048576 * 8 * 1000000000;
	oracle->tokens = oracle->burst;
	oracle->rate = rate;
	oracle->now = now;
}

static void oracle_fill(struct oracle *oracle, u64 now)
{
	oracle->tokens += (__int128)(now - oracle->now) * oracle->rate;
	if (oracle->tokens > oracle->burst)
		oracle->tokens = oracle->burst;
	oracle->now = now;
}

static void oracle_charge(struct oracle *oracle, u32 bytes)
{
	oracle->tokens -= (__int128)bytes * 8 * 1000000000;
	if (oracle->tokens < oracle->floor)
		oracle->tokens = oracle->floor;
}

static u64 oracle_wait(const struct oracle *oracle)
{
	if (oracle->tokens >= 0)
		return 0;
	return (-oracle->tokens + oracle->rate - 1) / oracle->rate;
}

static void assert_same(const struct vnet_bucket *bucket, const struct oracle *oracle)
{
	assert_true(bucket->tokens == oracle->tokens);
	assert_int_equal(vnet_bucket_ready(bucket), oracle->tokens >= 0);
	assert_int_equal(vnet_bucket_wait_ns(bucket), oracle_wait(oracle));
}

/* Every length once at every rate, sent as soon as the bucket is ready. */
static void test_lengths_are_exact(void **state)
{
	struct vnet_bucket bucket;
	struct oracle oracle;
	unsigned int i;
	u64 now = 12345;
	u32 bytes;

	for (i = 0; i < ARRAY_SIZE(rates); i++) {
		vnet_bucket_init(&bucket, rates[i], 3028, now);
		oracle_init(&oracle, rates[i], 3028, now);
		for (bytes = 1; bytes <= LENGTH_MAX; bytes++) {
			now += vnet_bucket_wait_ns(&bucket);
			vnet_bucket_fill(&bucket, now);
			oracle_fill(&oracle, now);
			assert_true(vnet_bucket_ready(&bucket));
			vnet_bucket_charge(&bucket, bytes);
			oracle_charge(&oracle, bytes);
			assert_same(&bucket, &oracle);
		}
	}
}

static void run_random(u64 rate, unsigned int steps)
{
	u64 now = shim_random() >> 2;
	u32 burst = 1514 + shim_random() % (VNET_BURST_MAX - 1514);
	struct vnet_bucket bucket;
	struct oracle oracle;

	vnet_bucket_init(&bucket, rate, burst, now);
	oracle_init(&oracle, rate, burst, now);
	while (steps--) {
		u32 bytes = 1 + shim_random() % LENGTH_MAX;

		/* From nanoseconds to centuries. */
		now += shim_random() >> (2 + shim_random() % 62);
		if (now > LLONG_MAX) {
			now = 1;
			vnet_bucket_init(&bucket, rate, burst, now);
			oracle_init(&oracle, rate, burst, now);
		}
		vnet_bucket_fill(&bucket, now);
		oracle_fill(&oracle, now);
		assert_same(&bucket, &oracle);
		vnet_bucket_charge(&bucket, bytes);
		oracle_charge(&oracle, bytes);
		assert_same(&bucket, &oracle);
	}
}

static void test_random_steps_are_exact(void **state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		run_random(rates[i], 200000);
}

static void test_odd_rates_do_not_overflow(void **state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(odd_rates); i++)
		run_random(odd_rates[i], 200000);
}

/* The bytes that pass in a long time, with the wait rounded up to whole ns. */
static void check_long_run(u64 rate, u32 bytes)
{
	unsigned int frames, i;
	struct vnet_bucket bucket;
	long double ideal, real;
	u64 now = 0;

	vnet_bucket_init(&bucket, rate, 1514, now);
	frames = 2000000;
	for (i = 0; i < frames; i++) {
		now += vnet_bucket_wait_ns(&bucket);
		vnet_bucket_fill(&bucket, now);
		vnet_bucket_charge(&bucket, bytes);
	}
	/* All but the burst was earned, and the last debt is not paid yet. */
	real = (long double)now * rate / NS_PER_S;
	ideal = ((long double)frames * bytes - 1514) * 8 -
		(long double)-bucket.tokens / NS_PER_S;
	assert_true(real >= ideal * (1 - 1e-6L));
	assert_true(real <= ideal * (1 + 1e-6L));
}

static void test_long_run(void **state)
{
	static const u32 lengths[] = { 60, 64, 1500, 1514, 65536, LENGTH_MAX };
	unsigned int i, j;

	for (i = 0; i < ARRAY_SIZE(rates); i++)
		for (j = 0; j < ARRAY_SIZE(lengths); j++)
			check_long_run(rates[i], lengths[j]);
}

static void test_burst_is_a_bound(void **state)
{
	struct vnet_bucket bucket;
	u32 passed = 0;

	vnet_bucket_init(&bucket, 1000000, 10000, 0);
	vnet_bucket_fill(&bucket, LLONG_MAX);
	for (; vnet_bucket_ready(&bucket); passed += 1000)
		vnet_bucket_charge(&bucket, 1000);
	/* Ten frames use it up exactly, one more may go into debt. */
	assert_int_equal(passed, 11000);
	assert_int_equal(vnet_bucket_wait_ns(&bucket), 8 * MS);
}

static void test_time_may_stand_or_go_back(void **state)
{
	struct vnet_bucket bucket;
	s64 tokens;

	vnet_bucket_init(&bucket, 1000000, 10000, 5 * NS_PER_S);
	vnet_bucket_charge(&bucket, 20000);
	tokens = bucket.tokens;
	vnet_bucket_fill(&bucket, 5 * NS_PER_S);
	vnet_bucket_fill(&bucket, 4 * NS_PER_S);
	vnet_bucket_fill(&bucket, 0);
	assert_int_equal(bucket.tokens, tokens);
	assert_int_equal(bucket.filled, 5 * NS_PER_S);
	vnet_bucket_fill(&bucket, 5 * NS_PER_S + 1);
	assert_int_equal(bucket.tokens, tokens + 1000000);
}

static void test_floor(void **state)
{
	struct vnet_bucket bucket;
	unsigned int i;

	vnet_bucket_init(&bucket, 8000, 1514, 0);
	/* The longest frame is remembered whole. */
	vnet_bucket_charge(&bucket, 1514);
	vnet_bucket_charge(&bucket, VNET_BUCKET_FRAME_MAX);
	assert_int_equal(vnet_bucket_wait_ns(&bucket), VNET_BUCKET_FRAME_MAX * MS);
	for (i = 0; i < 1000; i++)
		vnet_bucket_charge(&bucket, UINT_MAX);
	assert_int_equal(bucket.tokens, bucket.floor);
	assert_int_equal(vnet_bucket_wait_ns(&bucket),
			 (VNET_BUCKET_FRAME_MAX + 1514) * MS);
}

static void test_unlimited(void **state)
{
	struct vnet_bucket bucket;
	unsigned int i;

	vnet_bucket_init(&bucket, 0, 3028, 7);
	for (i = 0; i < 1000; i++) {
		vnet_bucket_charge(&bucket, UINT_MAX);
		vnet_bucket_fill(&bucket, i * NS_PER_S);
		assert_true(vnet_bucket_ready(&bucket));
		assert_int_equal(vnet_bucket_wait_ns(&bucket), 0);
	}
}

static void test_change(void **state)
{
	struct vnet_bucket bucket;

	/* Debts are bytes: they keep their size and are paid at the new rate. */
	vnet_bucket_init(&bucket, 8000, 2000, 0);
	vnet_bucket_charge(&bucket, 12000);
	assert_int_equal(vnet_bucket_wait_ns(&bucket), 10000 * MS);
	vnet_bucket_change(&bucket, 80000, 2000, 5000 * MS);
	assert_int_equal(vnet_bucket_wait_ns(&bucket), 500 * MS);

	/* What exceeds the new burst is lost, a larger burst fills by and by. */
	vnet_bucket_init(&bucket, 8000, 100000, 0);
	vnet_bucket_change(&bucket, 8000, 2000, 0);
	assert_int_equal(bucket.tokens, 2000 * VNET_BUCKET_BYTE);
	vnet_bucket_change(&bucket, 8000, 4000, 0);
	assert_int_equal(bucket.tokens, 2000 * VNET_BUCKET_BYTE);

	/* A debt below the new floor ends there. */
	vnet_bucket_init(&bucket, 8000, VNET_BURST_MAX, 0);
	vnet_bucket_charge(&bucket, VNET_BURST_MAX);
	vnet_bucket_charge(&bucket, VNET_BURST_MAX);
	vnet_bucket_change(&bucket, 8000, 2000, 0);
	assert_int_equal(bucket.tokens, bucket.floor);

	/* To unlimited and back. */
	vnet_bucket_change(&bucket, 0, 3028, 0);
	assert_true(vnet_bucket_ready(&bucket));
	vnet_bucket_change(&bucket, 8000, 2000, NS_PER_S);
	assert_int_equal(bucket.tokens, 2000 * VNET_BUCKET_BYTE);
	assert_int_equal(bucket.filled, NS_PER_S);
}

static void test_burst_is_clamped(void **state)
{
	struct vnet_bucket bucket;

	vnet_bucket_init(&bucket, VNET_RATE_MAX, UINT_MAX, 0);
	assert_int_equal(bucket.burst, VNET_BURST_MAX * VNET_BUCKET_BYTE);
	vnet_bucket_charge(&bucket, UINT_MAX);
	assert_int_equal(bucket.tokens, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lengths_are_exact),
		cmocka_unit_test(test_random_steps_are_exact),
		cmocka_unit_test(test_odd_rates_do_not_overflow),
		cmocka_unit_test(test_long_run),
		cmocka_unit_test(test_burst_is_a_bound),
		cmocka_unit_test(test_time_may_stand_or_go_back),
		cmocka_unit_test(test_floor),
		cmocka_unit_test(test_unlimited),
		cmocka_unit_test(test_change),
		cmocka_unit_test(test_burst_is_clamped),
	};

	return cmocka_run_group_tests_name("bucket", tests, NULL, NULL);
}
