/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Water-filling: how a capacity is divided among those who want parts of it.
 * Layer 0: it must not know who they are or what it is that they share.
 */
#ifndef VNET_WATERFILL_H
#define VNET_WATERFILL_H

#include <linux/types.h>

/* A demand without end. */
#define VNET_WANT_ALL	(~0ULL)

/**
 * struct vnet_want - one who wants a part
 * @guarantee: what it gets before anybody gets more, bit/s
 * @ceil: what it never gets more than, bit/s; 0 = no bound
 * @want: what it could use, bit/s
 * @weight: its part of what is left over, at least 1, at most %VNET_WEIGHT_MAX
 * @prio: 0 is served first with what is left over, at most %VNET_CLASS_PRIO_MAX
 * @got: the answer, bit/s
 */
struct vnet_want {
	u64 guarantee;
	u64 ceil;
	u64 want;
	u32 weight;
	u8 prio;
	u64 got;
};

void vnet_waterfill(struct vnet_want *wants, unsigned int count, u64 capacity);

#endif /* VNET_WATERFILL_H */
