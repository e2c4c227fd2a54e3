/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The log of a network: how many messages about frames it may send, and how many it
 * did not. Layer 1: it must not know what is told, or to whom.
 */
#ifndef VNET_LOG_H
#define VNET_LOG_H

#include <linux/spinlock.h>
#include <linux/types.h>
#include "bucket.h"

/**
 * struct vnet_log - the log of a network
 * @lock: protects all else
 * @bucket: what may be sent; a message is a byte
 * @suppressed: messages that were not sent since the last one that was
 */
struct vnet_log {
	spinlock_t lock;
	struct vnet_bucket bucket;
	u32 suppressed;
};

void vnet_log_init(struct vnet_log *log, u32 rate);
void vnet_log_set_rate(struct vnet_log *log, u32 rate);
bool vnet_log_admit(struct vnet_log *log, u32 *suppressed);
void vnet_log_lost(struct vnet_log *log, u32 messages);

#endif /* VNET_LOG_H */
