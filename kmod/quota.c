// SPDX-License-Identifier: GPL-2.0-only
/*
 * The quota: how many connections somebody may have, and how fast they may come.
 * Layer 1: it must not know connections, networks or members.
 */
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/ktime.h>
#include "quota.h"

/* So many may come at once: 100 ms of the rate, or 32 connections. */
#define BURST_NS	(100 * NSEC_PER_MSEC)
#define BURST_MIN	32

/**
 * vnet_quota_set - change what is granted
 * @quota: the quota
 * @limit: most connections; those above it stay, but none is added
 * @rate: new ones per second, 0 = any
 *
 * Context: changes one after another; others may take at the same time.
 */
void vnet_quota_set(struct vnet_quota *quota, u32 limit, u32 rate)
{
	WRITE_ONCE(quota->limit, limit);
	WRITE_ONCE(quota->rate, rate);
	WRITE_ONCE(quota->gap, rate ? div_u64(NSEC_PER_SEC, rate) : 0);
}

/**
 * vnet_quota_init - begin with no connection
 * @quota: the quota, all zero
 * @limit: most connections
 * @rate: new ones per second, 0 = any
 */
void vnet_quota_init(struct vnet_quota *quota, u32 limit, u32 rate)
{
	atomic_set(&quota->opened, 0);
	atomic64_set(&quota->next, 0);
	vnet_quota_set(quota, limit, rate);
}

/* The generic cell rate algorithm (ITU-T I.371), as for flooded frames. */
static bool in_time(struct vnet_quota *quota, u64 now)
{
	u64 gap = READ_ONCE(quota->gap);
	u64 burst, due;
	s64 old;

	if (!gap)
		return true;
	burst = max_t(u64, BURST_NS, gap * BURST_MIN);
	old = atomic64_read(&quota->next);
	do {
		due = max_t(u64, old, now);
		if (due + gap - now > burst)
			return false;
	} while (!atomic64_try_cmpxchg(&quota->next, &old, due + gap));
	return true;
}

/**
 * vnet_quota_take - ask for one more connection
 * @quota: the quota
 * @now: the time in nanoseconds, from a clock that does not go back
 *
 * Whoever got it and does not use it gives it back with vnet_quota_return().
 *
 * Context: any.
 * Return: %VNET_QUOTA_GRANTED, or why not.
 */
enum vnet_quota_verdict vnet_quota_take(struct vnet_quota *quota, u64 now)
{
	/* Taken before it is compared: two at once cannot both be the last one. */
	u32 opened = atomic_inc_return(&quota->opened);
	s32 used = READ_ONCE(quota->base) + opened;

	if (used > 0 && (u32)used > READ_ONCE(quota->limit)) {
		atomic_dec(&quota->opened);
		return VNET_QUOTA_FULL;
	}
	if (!in_time(quota, now)) {
		atomic_dec(&quota->opened);
		return VNET_QUOTA_FAST;
	}
	return VNET_QUOTA_GRANTED;
}

/**
 * vnet_quota_tell - whether a verdict is news
 * @quota: the quota
 * @verdict: what vnet_quota_take() said
 *
 * One event for each time that the limit is reached, until usage was at 7/8 of it.
 *
 * Context: any; two at once may both be told that it is.
 * Return: true if somebody should be told.
 */
bool vnet_quota_tell(struct vnet_quota *quota, enum vnet_quota_verdict verdict)
{
	u32 limit = READ_ONCE(quota->limit);

	if (verdict == VNET_QUOTA_GRANTED) {
		if (unlikely(READ_ONCE(quota->told)) &&
		    vnet_quota_used(quota) < limit - limit / 8)
			WRITE_ONCE(quota->told, false);
		return false;
	}
	if (READ_ONCE(quota->told))
		return false;
	WRITE_ONCE(quota->told, true);
	return true;
}

/**
 * vnet_quota_begin_count - a count of all connections begins
 * @quota: the quota; each connection that is seen goes into its @counting
 *
 * Context: one count at a time.
 */
void vnet_quota_begin_count(struct vnet_quota *quota)
{
	quota->counting = 0;
	quota->began = atomic_read(&quota->opened);
}

/**
 * vnet_quota_end_count - all connections were seen
 * @quota: the quota
 *
 * What began during the count may be in it twice, which the next one mends.
 *
 * Context: one count at a time.
 */
void vnet_quota_end_count(struct vnet_quota *quota)
{
	WRITE_ONCE(quota->base, quota->counting - quota->began);
}
