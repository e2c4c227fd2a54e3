/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A pace: so many things a second, counted in time instead of tokens. Layer 0: it
 * must not know what is paced or what time it is.
 */
#ifndef VNET_PACE_H
#define VNET_PACE_H

#include <linux/atomic.h>
#include <linux/types.h>

/* Times are kept in sixteenths of a nanosecond: a gap of 10 ns is within 0.3 % then. */
#define VNET_PACE_SHIFT		4

/**
 * struct vnet_pace - how fast something may happen
 * @gap: time between two of them, 0 = any
 * @next: when the next one is due
 * @limited: one was refused since the burst was whole
 * @rate: how many a second, as configured; 0 = any
 */
struct vnet_pace {
	u64 gap;
	atomic64_t next;
	bool limited;
	u32 rate;
};

void vnet_pace_set(struct vnet_pace *pace, u32 rate);
bool vnet_pace_take_many(struct vnet_pace *pace, u32 count, u64 now, bool *tell);

/**
 * vnet_pace_take - whether one more may happen
 * @pace: the pace
 * @now: time in ns
 * @tell: set to whether this is the first refusal since the burst was whole
 *
 * Context: any; takers share a cache line.
 * Return: true if it may.
 */
static inline bool vnet_pace_take(struct vnet_pace *pace, u64 now, bool *tell)
{
	return vnet_pace_take_many(pace, 1, now, tell);
}

#endif /* VNET_PACE_H */
