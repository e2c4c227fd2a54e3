// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/cache.c
/*
 * The flow cache: what it knows again, when it does not any more, and who makes room
 * for whom.
 */
#include "unit.h"

#include <linux/jiffies.h>
#include <linux/random.h>

#include "cache_table.h"

#define ENTRIES		4096
#define FLOWS		128	/* of one who hardly ever has three in a set of four */

static struct vnet_cache *cache;

static int setup(void **state)
{
	shim_reset();
	cache = vnet_cache_create(0);
	return !cache;
}

static int teardown(void **state)
{
	vnet_cache_destroy(cache);
	cache = NULL;
	assert_int_equal(shim_allocated(), 0);
	return 0;
}

/* A frame of flow @flow in a network. */
static struct vnet_cache_query frame(u32 network, u64 flow)
{
	return (struct vnet_cache_query){
		.word = { 1, flow, 3, 4, 5 }, .words = 5,
		.network = network, .generation = 9ULL << 32 | 7,
	};
}

/* Decisions are told apart by a pointer that nobody follows. */
static struct vnet_rule *rule_of(u64 flow)
{
	return (struct vnet_rule *)(uintptr_t)(0x1000 + flow);
}

static void keep(struct vnet_cache_query *query, u64 flow, u32 now)
{
	const struct vnet_decision decision = { .rule = { rule_of(flow), NULL } };

	assert_null(vnet_cache_find(cache, query, query->words, now));
	vnet_cache_keep(cache, query, &decision, now);
}

static bool knows(struct vnet_cache_query query, u64 flow, u32 now)
{
	struct vnet_decision *known = vnet_cache_find(cache, &query, query.words, now);

	if (!known)
		return false;
	assert_ptr_equal(known->rule[0], rule_of(flow));
	known->used = now;
	return true;
}

/* Send a frame: it is found, or decided and kept. Returns whether it was found. */
static bool send(u32 network, u64 flow, u32 now)
{
	struct vnet_cache_query query = frame(network, flow);

	if (knows(query, flow, now))
		return true;
	keep(&query, flow, now);
	return false;
}

static void test_found_again(void **state)
{
	struct vnet_cache_query query = frame(1, 1);

	keep(&query, 1, 100);
	assert_true(knows(frame(1, 1), 1, 100));
	assert_true(knows(frame(1, 1), 1, 100 + 59 * HZ));
	assert_false(knows(frame(1, 2), 2, 100));
	assert_false(knows(frame(2, 1), 1, 100));
}

/* Each bit of what counts counts, and nothing else does. */
static void test_each_bit(void **state)
{
	struct vnet_cache_query query = frame(1, 1), other;
	unsigned int word, bit;

	query.words = VNET_CACHE_WORDS;
	keep(&query, 1, 100);
	for (word = 0; word < VNET_CACHE_WORDS; word++) {
		/* The sender has half a word, the other half is the cache's. */
		for (bit = 0; bit < (word ? 64 : 32); bit++) {
			other = query;
			other.word[word] ^= 1ULL << bit;
			assert_false(knows(other, 1, 100));
		}
	}
	assert_true(knows(query, 1, 100));
	query = frame(1, 2);
	keep(&query, 2, 100);
	query.word[6] = 77;
	assert_true(knows(query, 2, 100));
}

/* What is kept at one generation is not known at another, later or earlier. */
static void test_generations(void **state)
{
	struct vnet_cache_query query = frame(1, 1), other;

	keep(&query, 1, 100);
	other = query;
	other.generation++;
	assert_false(knows(other, 1, 100));
	other = query;
	other.generation += 1ULL << 32;
	assert_false(knows(other, 1, 100));
	other = query;
	other.generation--;
	assert_false(knows(other, 1, 100));
	other = query;
	other.network++;
	assert_false(knows(other, 1, 100));
	other = query;
	other.generation -= 1ULL << 32;
	assert_false(knows(other, 1, 100));
	assert_true(knows(query, 1, 100));
	/* The new decision takes the place of the old one. */
	query.generation++;
	keep(&query, 5, 100);
	assert_true(knows(query, 5, 100));
	query.generation--;
	assert_false(knows(query, 1, 100));
}

/* Generations of 32 bits may come again, but not before this is forgotten; time may wrap. */
static void test_old_ones(void **state)
{
	static const u32 starts[] = { 0, 100, (u32)-10 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(starts); i++) {
		struct vnet_cache_query query = frame(1, i);

		keep(&query, i, starts[i]);
		assert_true(knows(query, i, starts[i] + 60 * HZ));
		assert_true(knows(query, i, starts[i] + 120 * HZ));
		assert_false(knows(query, i, starts[i] + 180 * HZ + 1));
	}
}

/* A network that is alone may use all there is. */
static void test_alone(void **state)
{
	unsigned int known = 0;
	u64 flow;

	for (flow = 0; flow < ENTRIES; flow++)
		send(1, flow, 100);
	for (flow = 0; flow < ENTRIES; flow++)
		known += knows(frame(1, flow), flow, 100);
	/* Sets of four, four of them each on average: Poisson lets 20 % find no room. */
	assert_in_range(known, ENTRIES * 75 / 100, ENTRIES);
}

/* Whoever sends random headers does not put out who uses what he has. */
static void test_random_headers(void **state)
{
	unsigned int round, i, missed = 0;
	u32 now = 1000;
	u64 flow;

	for (flow = 0; flow < FLOWS; flow++)
		send(1, flow, now);
	for (round = 0; round < 100; round++) {
		now += HZ / 10;
		for (i = 0; i < 10 * ENTRIES; i++)
			send(2, (u64)get_random_u32() << 32 | get_random_u32(), now);
		for (flow = 0; flow < FLOWS; flow++)
			missed += !send(1, flow, now);
	}
	/* Seven of a thousand are in sets where he has three: one of those has to go. */
	assert_in_range(missed, 0, 100 * FLOWS * 1 / 100);
}

/* And who comes later finds room among those who have too much. */
static void test_who_comes_late(void **state)
{
	unsigned int missed = 0, i;
	u64 flow;

	for (i = 0; i < 10 * ENTRIES; i++)
		send(2, i, 1000);
	for (flow = 0; flow < FLOWS; flow++)
		send(1, flow, 1000);
	for (flow = 0; flow < FLOWS; flow++)
		missed += !knows(frame(1, flow), flow, 1000);
	assert_in_range(missed, 0, FLOWS * 1 / 100);
}

/* Among four that keep a set to themselves there is no room for a fifth while they are busy. */
static void test_fair_to_the_first(void **state)
{
	unsigned int network, known = 0, late = 0;
	u32 now = 1000;
	u64 flow;

	for (network = 1; network <= 4; network++)
		for (flow = 0; flow < 4 * ENTRIES; flow++)
			send(network, flow, now);
	for (flow = 0; flow < FLOWS; flow++)
		send(5, flow, now);
	for (flow = 0; flow < FLOWS; flow++)
		late += knows(frame(5, flow), flow, now);
	assert_int_equal(late, 0);
	/* When they rest for a second there is. */
	now += HZ + 1;
	for (flow = 0; flow < FLOWS; flow++)
		send(5, flow, now);
	for (flow = 0; flow < FLOWS; flow++)
		known += knows(frame(5, flow), flow, now);
	assert_in_range(known, FLOWS * 99 / 100, FLOWS);
}

static void test_no_memory(void **state)
{
	shim_fail_at(1);
	assert_null(vnet_cache_create(0));
	assert_true(shim_failed());
	vnet_cache_destroy(NULL);
}

#define TEST(name)	cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_found_again),
		TEST(test_each_bit),
		TEST(test_generations),
		TEST(test_old_ones),
		TEST(test_alone),
		TEST(test_random_headers),
		TEST(test_who_comes_late),
		TEST(test_fair_to_the_first),
		TEST(test_no_memory),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
