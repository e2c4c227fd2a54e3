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
#define PACE_BURST		((50ULL * NSEC_PER_MSEC) << VNET_PACE_SHIFT)
#define PACE_BURST_COUNT	16
#define PACE_SECOND		((u64)NSEC_PER_SEC << VNET_PACE_SHIFT)

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
	WRITE_ONCE(pace->gap, rate ? div_u64(PACE_SECOND + rate / 2, rate) : 0);
}

/**
 * vnet_pace_take_many - whether some more may happen, all of them or none
 * @pace: the pace
 * @count: how many
 * @now: time in ns
 * @tell: set to whether this is the first refusal since the burst was whole
 *
 * The generic cell rate algorithm (ITU-T I.371): each one moves the time when the next
 * is due; it may be early by the burst. Of many at once only the first has to be due:
 * what comes after them waits for it.
 *
 * Context: any; takers share a cache line.
 * Return: true if they may.
 */
bool vnet_pace_take_many(struct vnet_pace *pace, u32 count, u64 now, bool *tell)
{
	u64 gap = READ_ONCE(pace->gap), burst, due;
	s64 old;

	*tell = false;
	if (!gap)
		return true;
	now <<= VNET_PACE_SHIFT;
	burst = max_t(u64, PACE_BURST, gap * PACE_BURST_COUNT);
	old = atomic64_read(&pace->next);
	do {
		due = max_t(u64, old, now);
		if (due - now > burst) {
			*tell = !READ_ONCE(pace->limited);
			if (*tell)
				WRITE_ONCE(pace->limited, true);
			return false;
		}
	} while (!atomic64_try_cmpxchg(&pace->next, &old, due + gap * count));
	if (READ_ONCE(pace->limited) && due == now)
		WRITE_ONCE(pace->limited, false);
	return true;
}
