// SPDX-License-Identifier: GPL-2.0-only
/*
 * A pace: so many things a second. Layer 0: it must not know what is paced or what
 * time it is.
 */
#include "pace.h"

#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/minmax.h>

/* So much may happen at once: 50 ms of the rate, or 16. */
#define PACE_BURST_NS		(50 * NSEC_PER_MSEC)
#define PACE_BURST_COUNT	16

/**
 * vnet_pace_set - change the rate
 * @pace: the pace, zeroed before it is set first
 * @rate: how many a second, 0 = any
 *
 * Context: config mutex; those who take go on meanwhile.
 */
void vnet_pace_set(struct vnet_pace *pace, u32 rate)
{
	if (rate == pace->rate)
		return;
	WRITE_ONCE(pace->rate, rate);
	/* What was to be waited for at the old rate is forgotten. */
	atomic64_set(&pace->next, 0);
	WRITE_ONCE(pace->gap, rate ? div_u64(NSEC_PER_SEC, rate) : 0);
}

/**
 * vnet_pace_take - whether one more may happen
 * @pace: the pace
 * @now: time in ns
 * @tell: set to whether this is the first refusal since the burst was whole
 *
 * The generic cell rate algorithm (ITU-T I.371): each one moves the time when the next
 * is due; it may be early by the burst.
 *
 * Context: any; takers share a cache line.
 * Return: true if it may.
 */
bool vnet_pace_take(struct vnet_pace *pace, u64 now, bool *tell)
{
	u64 gap = READ_ONCE(pace->gap), burst, due;
	s64 old;

	*tell = false;
	if (!gap)
		return true;
	burst = max_t(u64, PACE_BURST_NS, gap * PACE_BURST_COUNT);
	old = atomic64_read(&pace->next);
	do {
		due = max_t(u64, old, now);
		if (due - now > burst) {
			*tell = !READ_ONCE(pace->limited);
			if (*tell)
				WRITE_ONCE(pace->limited, true);
			return false;
		}
	} while (!atomic64_try_cmpxchg(&pace->next, &old, due + gap));
	if (READ_ONCE(pace->limited) && due == now)
		WRITE_ONCE(pace->limited, false);
	return true;
}
