/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control law of a queue with short delay: which frame of a flow tells its
 * sender to slow down. Layer 0: it must not know frames, queues or clocks; the
 * caller says what time it is and how long a frame has waited.
 */
#ifndef VNET_CODEL_H
#define VNET_CODEL_H

#include <linux/types.h>

/**
 * struct vnet_codel_params - what the law is to achieve; times in ns
 * @target: waiting that is no reason to do anything; U64_MAX: none ever is
 * @interval: how long all frames must have waited longer, before one is signalled
 */
struct vnet_codel_params {
	u64 target;
	u64 interval;
};

/**
 * struct vnet_codel - state of one flow, zeroed in the beginning; times in ns
 * @above: once all frames until then have waited longer than the target, signals
 *	begin; 0: the last frame did not
 * @next: when the next frame is signalled, while @signalling
 * @count: frames signalled since that began
 * @last_count: what @count began with the last time
 * @signalling: frames are signalled at times
 */
struct vnet_codel {
	u64 above;
	u64 next;
	u16 count;
	u16 last_count;
	bool signalling;
};

bool vnet_codel_signal(struct vnet_codel *codel, const struct vnet_codel_params *params,
		       u64 now, u64 waited, bool more);

#endif /* VNET_CODEL_H */
