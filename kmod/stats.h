/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters: per-CPU, written by the packet path with bottom halves off, summed
 * when somebody asks. Layer 1: it must not know who is counted.
 */
#ifndef VNET_STATS_H
#define VNET_STATS_H

#include <linux/percpu.h>
#include <linux/u64_stats_sync.h>
#include <linux/vnet.h>

/**
 * struct vnet_member_cpu - counters of one member on one CPU
 * @syncp: makes 64-bit reads whole on 32-bit machines
 * @egress_packets: frames that came in
 * @egress_bytes: their bytes, without tag and FCS
 * @forwarded: frames and copies handed to a target member
 * @copies: extra copies made
 * @offered: frames handed to this member
 * @ingress_packets: frames given to the interface
 * @ingress_bytes: their bytes
 * @held: frames that a class began to hold
 * @released: frames that a class let go, in whatever way
 * @answers: answers to rejected frames, given to the interface
 * @cached: frames that went by what was decided about others like them
 * @drops: frames dropped, by reason
 */
struct vnet_member_cpu {
	struct u64_stats_sync syncp;
	u64_stats_t egress_packets;
	u64_stats_t egress_bytes;
	u64_stats_t forwarded;
	u64_stats_t copies;
	u64_stats_t offered;
	u64_stats_t ingress_packets;
	u64_stats_t ingress_bytes;
	u64_stats_t held;
	u64_stats_t released;
	u64_stats_t answers;
	u64_stats_t cached;
	u64_stats_t drops[VNET_DROP_MAX + 1];
};

/* The same, summed over all CPUs; queued is held - released. */
struct vnet_member_sum {
	u64 egress_packets;
	u64 egress_bytes;
	u64 forwarded;
	u64 copies;
	u64 offered;
	u64 ingress_packets;
	u64 ingress_bytes;
	u64 queued;
	u64 answers;
	u64 cached;
	u64 drops[VNET_DROP_MAX + 1];
};

/** struct vnet_drops_cpu - drop counters of a port on one CPU */
struct vnet_drops_cpu {
	struct u64_stats_sync syncp;
	u64_stats_t drops[VNET_DROP_MAX + 1];
};

/** struct vnet_counter_cpu - a pair of counters on one CPU */
struct vnet_counter_cpu {
	struct u64_stats_sync syncp;
	u64_stats_t packets;
	u64_stats_t bytes;
};

/** struct vnet_counter - the pair, summed */
struct vnet_counter {
	u64 packets;
	u64 bytes;
};

/*
 * Allocation: zeroed, syncp initialised. NULL when there is no memory. May
 * sleep. Free with free_percpu().
 */
struct vnet_member_cpu __percpu *vnet_stats_alloc_member(void);
struct vnet_drops_cpu __percpu *vnet_stats_alloc_drops(void);
struct vnet_counter_cpu __percpu *vnet_stats_alloc_counter(void);

/* Summing: any context. The member and drops sums are added to what is there. */
void vnet_stats_add_member(struct vnet_member_sum *sum,
			   const struct vnet_member_cpu __percpu *stats);
void vnet_stats_add_drops(u64 *drops, const struct vnet_drops_cpu __percpu *stats);
void vnet_stats_read_counter(struct vnet_counter *sum,
			     const struct vnet_counter_cpu __percpu *stats);

/**
 * vnet_stats_count - count one frame on a pair of counters
 * @stats: the pair
 * @bytes: length of the frame
 *
 * Context: bottom halves off.
 */
static inline void vnet_stats_count(struct vnet_counter_cpu __percpu *stats,
				    unsigned int bytes)
{
	struct vnet_counter_cpu *cpu = this_cpu_ptr(stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->packets);
	u64_stats_add(&cpu->bytes, bytes);
	u64_stats_update_end(&cpu->syncp);
}

#endif /* VNET_STATS_H */
