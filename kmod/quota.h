/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The quota: how many connections somebody may have, and how fast they may come.
 * Layer 1: it must not know connections, networks or members.
 */
#ifndef VNET_QUOTA_H
#define VNET_QUOTA_H

#include <linux/atomic.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include "pace.h"

/**
 * struct vnet_quota - connections of a network or a member
 * @limit: most of them
 * @pace: how fast they may begin
 * @opened: connections that began, since ever; wraps
 * @base: this and @opened together are the connections there are now
 * @counting: what a count has seen so far; the counter's
 * @began: @opened when that count began; the counter's
 * @full: the limit was reached, and usage was not well below it since
 *
 * Nobody tells when a connection ends, so they are counted from time to time and
 * what began meanwhile is added: the sum may be too high until the next count, and
 * never too low, so the limit holds at every moment.
 */
struct vnet_quota {
	u32 limit;
	struct vnet_pace pace;
	atomic_t opened;
	u32 base;
	u32 counting;
	u32 began;
	bool full;
};

/** enum vnet_quota_verdict - whether one more connection may begin */
enum vnet_quota_verdict {
	VNET_QUOTA_GRANTED,
	VNET_QUOTA_FULL,
	VNET_QUOTA_FAST,
};

void vnet_quota_set(struct vnet_quota *quota, u32 limit, u32 rate);
enum vnet_quota_verdict vnet_quota_take(struct vnet_quota *quota, u64 now, bool *tell);
void vnet_quota_begin_count(struct vnet_quota *quota);
void vnet_quota_end_count(struct vnet_quota *quota);

/**
 * vnet_quota_used - connections there are
 * @quota: the quota
 *
 * Return: their number at the last count and those that began since.
 */
static inline u32 vnet_quota_used(const struct vnet_quota *quota)
{
	s32 used = READ_ONCE(quota->base) + atomic_read(&quota->opened);

	/* One that was granted and returned while a count began is missing from it. */
	return used > 0 ? used : 0;
}

/**
 * vnet_quota_return - a connection that was granted does not begin after all
 * @quota: the quota
 */
static inline void vnet_quota_return(struct vnet_quota *quota)
{
	atomic_dec(&quota->opened);
}

#endif /* VNET_QUOTA_H */
