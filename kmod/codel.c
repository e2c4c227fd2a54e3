// SPDX-License-Identifier: GPL-2.0-only
/*
 * The control law of a queue with short delay. Layer 0: it must not know frames,
 * queues or clocks.
 *
 * The algorithm is CoDel (K. Nichols, V. Jacobson, "Controlling queue delay",
 * 2012; RFC 8289, section 5). A queue that never gets empty within an interval is
 * one that does no good. Then a frame is signalled, that is dropped or marked; while
 * that does not help, further ones at times that come closer and closer: the n-th
 * distance is interval / sqrt(n), because the rate of TCP goes with the inverse of
 * the square root of its losses.
 *
 * The RFC's loop over frames is turned inside out: the caller shows one frame after
 * the other and does itself what a signal asks for.
 */
#include "codel.h"

#include <linux/limits.h>
#include <linux/math.h>
#include <linux/math64.h>

/* Signalling that ended less than so many intervals ago goes on as fast as it was. */
#define CODEL_MEMORY	16

/* interval / sqrt(count), the root with 16 bits behind the point. */
static u64 codel_distance(const struct vnet_codel *codel, u64 interval)
{
	return div64_u64(interval << 16, int_sqrt64((u64)codel->count << 32));
}

/* Whether frames have waited for too long all the time, this one included. */
static bool codel_above(struct vnet_codel *codel, const struct vnet_codel_params *params,
			u64 now, u64 waited, bool more)
{
	if (waited < params->target || !more) {
		codel->above = 0;
		return false;
	}
	if (codel->above)
		return now >= codel->above;
	codel->above = now + params->interval;
	return false;
}

static void codel_begin(struct vnet_codel *codel, u64 now, u64 interval)
{
	u16 recent = codel->count - codel->last_count;
	bool again = codel->next && now < codel->next + CODEL_MEMORY * interval;

	codel->count = again && recent > 1 ? recent : 1;
	codel->last_count = codel->count;
	codel->next = now + codel_distance(codel, interval);
	codel->signalling = true;
}

/**
 * vnet_codel_signal - whether the next frame of a flow is to be dropped or marked
 * @codel: state of the flow
 * @params: what is wanted
 * @now: time in ns
 * @waited: how long the frame waited
 * @more: more than a large frame waits behind it. Without that nothing is gained
 *	by a signal, however slow the queue is
 *
 * To be asked of each frame that comes to the head of the flow, once. After a frame
 * that is dropped the next one is shown at the same time.
 *
 * Context: the owner's lock.
 * Return: true if it is.
 */
bool vnet_codel_signal(struct vnet_codel *codel, const struct vnet_codel_params *params,
		       u64 now, u64 waited, bool more)
{
	if (!codel_above(codel, params, now, waited, more)) {
		codel->signalling = false;
		return false;
	}
	if (!codel->signalling) {
		codel_begin(codel, now, params->interval);
		return true;
	}
	if (now < codel->next)
		return false;
	/* At the end of the scale there are hundreds a second: other bounds count then. */
	if (codel->count < U16_MAX)
		codel->count++;
	codel->next += codel_distance(codel, params->interval);
	return true;
}
