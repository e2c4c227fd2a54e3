// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/stats.c
/*
 * Counters: sums over all CPUs, and what is seen of a frame on its way.
 */
#include "unit.h"

#include <linux/bottom_half.h>
#include <linux/kernel.h>
#include <linux/percpu.h>

#include "stats.h"

static int setup(void **state)
{
	shim_reset();
	return 0;
}

static int teardown(void **state)
{
	assert_int_equal(shim_allocated(), 0);
	return 0;
}

static void test_member(void **state)
{
	struct vnet_member_cpu *stats = vnet_stats_alloc_member(), *here;
	struct vnet_member_sum sum = {}, more;
	int cpu, reason;

	vnet_stats_add_member(&sum, stats);
	more = (struct vnet_member_sum){};
	assert_memory_equal(&sum, &more, sizeof(sum));
	for_each_possible_cpu(cpu) {
		here = per_cpu_ptr(stats, cpu);
		u64_stats_update_begin(&here->syncp);
		u64_stats_add(&here->egress_packets, 1 + cpu);
		u64_stats_add(&here->egress_bytes, 1000 + cpu);
		u64_stats_add(&here->forwarded, 10 + cpu);
		u64_stats_add(&here->copies, 20 + cpu);
		u64_stats_add(&here->offered, 30 + cpu);
		u64_stats_add(&here->ingress_packets, 40 + cpu);
		u64_stats_add(&here->ingress_bytes, 1ULL << 40);
		/* Held on the first CPU, released on the last. */
		u64_stats_add(&here->held, cpu ? 0 : 9);
		u64_stats_add(&here->released, cpu == SHIM_CPUS - 1 ? 7 : 0);
		for (reason = 1; reason <= VNET_DROP_MAX; reason++)
			u64_stats_add(&here->drops[reason], reason * (1 + cpu));
		u64_stats_update_end(&here->syncp);
	}
	/* Added to what is there, as for a network. */
	sum.egress_packets = 100;
	sum.queued = 5;
	sum.drops[VNET_DROP_LOOP] = 1000;
	vnet_stats_add_member(&sum, stats);
	assert_int_equal(sum.egress_packets, 100 + 1 + 2 + 3 + 4);
	assert_int_equal(sum.egress_bytes, 4006);
	assert_int_equal(sum.forwarded, 46);
	assert_int_equal(sum.copies, 86);
	assert_int_equal(sum.offered, 126);
	assert_int_equal(sum.ingress_packets, 166);
	assert_int_equal(sum.ingress_bytes, 1ULL << 42);
	assert_int_equal(sum.queued, 5 + 2);
	for (reason = 1; reason <= VNET_DROP_MAX; reason++)
		assert_int_equal(sum.drops[reason],
				 reason * 10 + (reason == VNET_DROP_LOOP ? 1000 : 0));
	free_percpu(stats);
}

/* The sum came to the CPU that held the frame too early. */
static void test_released_only(void **state)
{
	struct vnet_member_cpu *stats = vnet_stats_alloc_member();
	struct vnet_member_sum sum = { .queued = 3 };

	u64_stats_add(&per_cpu_ptr(stats, 1)->released, 1);
	vnet_stats_add_member(&sum, stats);
	assert_int_equal(sum.queued, 3);
	free_percpu(stats);
}

static void test_drops(void **state)
{
	struct vnet_drops_cpu *stats = vnet_stats_alloc_drops();
	u64 drops[VNET_DROP_MAX + 1] = {};
	int cpu, reason;

	for_each_possible_cpu(cpu)
		for (reason = 0; reason <= VNET_DROP_MAX; reason++)
			u64_stats_add(&per_cpu_ptr(stats, cpu)->drops[reason], reason);
	drops[1] = 1;
	vnet_stats_add_drops(drops, stats);
	for (reason = 0; reason <= VNET_DROP_MAX; reason++)
		assert_int_equal(drops[reason], SHIM_CPUS * reason + (reason == 1));
	free_percpu(stats);
}

static void test_counter(void **state)
{
	struct vnet_counter_cpu *stats = vnet_stats_alloc_counter();
	struct vnet_counter sum = { 77, 77 };
	unsigned int i;

	vnet_stats_read_counter(&sum, stats);
	assert_int_equal(sum.packets, 0);
	assert_int_equal(sum.bytes, 0);
	local_bh_disable();
	for (i = 0; i < 1000; i++) {
		shim_cpu = i % SHIM_CPUS;
		vnet_stats_count(stats, i);
	}
	local_bh_enable();
	vnet_stats_read_counter(&sum, stats);
	assert_int_equal(sum.packets, 1000);
	assert_int_equal(sum.bytes, 1000 * 999 / 2);
	free_percpu(stats);
}

static void test_no_memory(void **state)
{
	shim_fail_at(1);
	assert_null(vnet_stats_alloc_member());
	assert_true(shim_failed());
	shim_fail_at(1);
	assert_null(vnet_stats_alloc_drops());
	assert_true(shim_failed());
	shim_fail_at(1);
	assert_null(vnet_stats_alloc_counter());
	assert_true(shim_failed());
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_member),
		CASE(test_released_only),
		CASE(test_drops),
		CASE(test_counter),
		CASE(test_no_memory),
	};

	return cmocka_run_group_tests_name("stats", tests, NULL, NULL);
}
