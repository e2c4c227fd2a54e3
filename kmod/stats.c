// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters: making them and summing them over all CPUs.
 * Layer 1: it must not know who is counted.
 */

#include "stats.h"

#include <linux/cpumask.h>
#include <linux/gfp.h>

/*
 * A macro, because on 32-bit machines u64_stats_init() gives each place that
 * calls it a lock class of its own.
 */
#define ALLOC_STATS(type)						\
({									\
	type __percpu *__stats = alloc_percpu_gfp(type, GFP_KERNEL_ACCOUNT); \
	int __cpu;							\
									\
	if (__stats)							\
		for_each_possible_cpu(__cpu)				\
			u64_stats_init(&per_cpu_ptr(__stats, __cpu)->syncp); \
	__stats;							\
})

/**
 * vnet_stats_alloc_member - make the counters of a member
 *
 * Context: process context, may sleep.
 * Return: zeroed counters, which the caller frees with free_percpu(); NULL when
 * there is no memory.
 */
struct vnet_member_cpu __percpu *vnet_stats_alloc_member(void)
{
	return ALLOC_STATS(struct vnet_member_cpu);
}

/**
 * vnet_stats_alloc_drops - make the drop counters of a port
 *
 * Context: process context, may sleep.
 * Return: as vnet_stats_alloc_member().
 */
struct vnet_drops_cpu __percpu *vnet_stats_alloc_drops(void)
{
	return ALLOC_STATS(struct vnet_drops_cpu);
}

/**
 * vnet_stats_alloc_counter - make a pair of counters
 *
 * Context: process context, may sleep.
 * Return: as vnet_stats_alloc_member().
 */
struct vnet_counter_cpu __percpu *vnet_stats_alloc_counter(void)
{
	return ALLOC_STATS(struct vnet_counter_cpu);
}

static void read_drops(u64 *drops, const u64_stats_t *counters)
{
	unsigned int reason;

	for (reason = 0; reason <= VNET_DROP_MAX; reason++)
		drops[reason] = u64_stats_read(&counters[reason]);
}

static void add_drops(u64 *sum, const u64 *drops)
{
	unsigned int reason;

	for (reason = 0; reason <= VNET_DROP_MAX; reason++)
		sum[reason] += drops[reason];
}

/* One whole snapshot of one CPU's counters. */
static void read_member(struct vnet_member_sum *one,
			const struct vnet_member_cpu *cpu)
{
	unsigned int start;

	do {
		start = u64_stats_fetch_begin(&cpu->syncp);
		one->egress_packets = u64_stats_read(&cpu->egress_packets);
		one->egress_bytes = u64_stats_read(&cpu->egress_bytes);
		one->forwarded = u64_stats_read(&cpu->forwarded);
		one->copies = u64_stats_read(&cpu->copies);
		one->offered = u64_stats_read(&cpu->offered);
		one->ingress_packets = u64_stats_read(&cpu->ingress_packets);
		one->ingress_bytes = u64_stats_read(&cpu->ingress_bytes);
		one->queued = u64_stats_read(&cpu->held) -
			      u64_stats_read(&cpu->released);
		one->answers = u64_stats_read(&cpu->answers);
		one->cached = u64_stats_read(&cpu->cached);
		read_drops(one->drops, cpu->drops);
	} while (u64_stats_fetch_retry(&cpu->syncp, start));
}

/**
 * vnet_stats_add_member - add the counters of a member to a sum
 * @sum: what they are added to
 * @stats: the counters
 *
 * Context: any.
 */
void vnet_stats_add_member(struct vnet_member_sum *sum,
			   const struct vnet_member_cpu __percpu *stats)
{
	struct vnet_member_sum one;
	s64 queued = 0;
	int cpu;

	for_each_possible_cpu(cpu) {
		read_member(&one, per_cpu_ptr(stats, cpu));
		sum->egress_packets += one.egress_packets;
		sum->egress_bytes += one.egress_bytes;
		sum->forwarded += one.forwarded;
		sum->copies += one.copies;
		sum->offered += one.offered;
		sum->ingress_packets += one.ingress_packets;
		sum->ingress_bytes += one.ingress_bytes;
		sum->answers += one.answers;
		sum->cached += one.cached;
		queued += one.queued;
		add_drops(sum->drops, one.drops);
	}
	/*
	 * A frame that is held on one CPU and released on another while we go
	 * from one to the next is seen leaving only. At rest this is exact.
	 */
	if (queued > 0)
		sum->queued += queued;
}

/**
 * vnet_stats_add_drops - add drop counters to a sum
 * @drops: what they are added to, VNET_DROP_MAX + 1 elements
 * @stats: the counters
 *
 * Context: any.
 */
void vnet_stats_add_drops(u64 *drops, const struct vnet_drops_cpu __percpu *stats)
{
	const struct vnet_drops_cpu *here;
	u64 one[VNET_DROP_MAX + 1];
	unsigned int start;
	int cpu;

	for_each_possible_cpu(cpu) {
		here = per_cpu_ptr(stats, cpu);
		do {
			start = u64_stats_fetch_begin(&here->syncp);
			read_drops(one, here->drops);
		} while (u64_stats_fetch_retry(&here->syncp, start));
		add_drops(drops, one);
	}
}

/**
 * vnet_stats_read_counter - sum a pair of counters
 * @sum: the result, overwritten
 * @stats: the pair
 *
 * Context: any.
 */
void vnet_stats_read_counter(struct vnet_counter *sum,
			     const struct vnet_counter_cpu __percpu *stats)
{
	const struct vnet_counter_cpu *here;
	u64 packets, bytes;
	unsigned int start;
	int cpu;

	sum->packets = 0;
	sum->bytes = 0;
	for_each_possible_cpu(cpu) {
		here = per_cpu_ptr(stats, cpu);
		do {
			start = u64_stats_fetch_begin(&here->syncp);
			packets = u64_stats_read(&here->packets);
			bytes = u64_stats_read(&here->bytes);
		} while (u64_stats_fetch_retry(&here->syncp, start));
		sum->packets += packets;
		sum->bytes += bytes;
	}
}
