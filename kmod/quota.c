// SPDX-License-Identifier: GPL-2.0-only
/*
 * The quota: how many connections somebody may have, and how fast they may come.
 * Layer 1: it must not know connections, networks or members.
 */
#include "quota.h"

/**
 * vnet_quota_set - change what is granted
 * @quota: the quota, zeroed before it is set first
 * @limit: most connections; those above it stay, but none is added
 * @rate: new ones per second, 0 = any
 *
 * Context: config mutex; those who take go on meanwhile.
 */
void vnet_quota_set(struct vnet_quota *quota, u32 limit, u32 rate)
{
	WRITE_ONCE(quota->limit, limit);
	vnet_pace_set(&quota->pace, rate);
}

/* Taken before it is compared: two at once cannot both be the last one. */
static bool has_room(struct vnet_quota *quota)
{
	u32 opened = atomic_inc_return(&quota->opened);
	s32 used = READ_ONCE(quota->base) + opened;

	if (used <= 0 || (u32)used <= READ_ONCE(quota->limit))
		return true;
	atomic_dec(&quota->opened);
	return false;
}

/* It is reached anew only when usage was below 7/8 of it in between. */
static void note_use(struct vnet_quota *quota)
{
	u32 limit = READ_ONCE(quota->limit);

	if (unlikely(READ_ONCE(quota->full)) && vnet_quota_used(quota) < limit - limit / 8)
		WRITE_ONCE(quota->full, false);
}

/**
 * vnet_quota_take - ask for one more connection
 * @quota: the quota
 * @now: the time in nanoseconds, from a clock that does not go back
 * @tell: set to whether the verdict is news: the limit is reached anew, or this is the
 *	first one that comes too fast since the burst was whole
 *
 * Whoever got it and does not use it gives it back with vnet_quota_return().
 *
 * Context: any; two at once may both be told that it is news.
 * Return: %VNET_QUOTA_GRANTED, or why not.
 */
enum vnet_quota_verdict vnet_quota_take(struct vnet_quota *quota, u64 now, bool *tell)
{
	*tell = false;
	note_use(quota);
	if (!has_room(quota)) {
		*tell = !READ_ONCE(quota->full);
		if (*tell)
			WRITE_ONCE(quota->full, true);
		return VNET_QUOTA_FULL;
	}
	if (!vnet_pace_take(&quota->pace, now, tell)) {
		atomic_dec(&quota->opened);
		return VNET_QUOTA_FAST;
	}
	return VNET_QUOTA_GRANTED;
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
