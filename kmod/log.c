// SPDX-License-Identifier: GPL-2.0-only
/*
 * The log of a network: how many messages it may send. Layer 1: it must not know
 * what is told, or to whom.
 */

#include "log.h"

#include <linux/minmax.h>
#include <linux/timekeeping.h>

/* The bucket counts bits, and a message is a byte. */
static u64 bits_of(u32 rate)
{
	return (u64)rate * 8;
}

static u32 burst_of(u32 rate)
{
	return max(rate / 10, 1U);
}

/**
 * vnet_log_init - begin a log
 * @log: the log
 * @rate: most messages/s; a tenth of it may come at once
 *
 * Context: any.
 */
void vnet_log_init(struct vnet_log *log, u32 rate)
{
	spin_lock_init(&log->lock);
	log->suppressed = 0;
	vnet_bucket_init(&log->bucket, bits_of(rate), burst_of(rate), ktime_get_ns());
}

/**
 * vnet_log_set_rate - change how much may be sent
 * @log: the log
 * @rate: most messages/s; a tenth of it may come at once
 *
 * Context: process context.
 */
void vnet_log_set_rate(struct vnet_log *log, u32 rate)
{
	spin_lock_bh(&log->lock);
	vnet_bucket_change(&log->bucket, bits_of(rate), burst_of(rate), ktime_get_ns());
	spin_unlock_bh(&log->lock);
}

/**
 * vnet_log_admit - whether a message may be sent
 * @log: the log
 * @suppressed: if so, set to how many were not since the last one
 *
 * Context: any but hard interrupts.
 * Return: true if it may; if not it counts as suppressed.
 */
bool vnet_log_admit(struct vnet_log *log, u32 *suppressed)
{
	bool ready;

	spin_lock_bh(&log->lock);
	vnet_bucket_fill(&log->bucket, ktime_get_ns());
	ready = vnet_bucket_ready(&log->bucket);
	if (ready) {
		vnet_bucket_charge(&log->bucket, 1);
		*suppressed = log->suppressed;
		log->suppressed = 0;
	} else {
		log->suppressed++;
	}
	spin_unlock_bh(&log->lock);
	return ready;
}

/**
 * vnet_log_lost - messages that were admitted were not sent
 * @log: the log
 * @messages: how many, with those that the one that is lost would have told of
 *
 * Context: any but hard interrupts.
 */
void vnet_log_lost(struct vnet_log *log, u32 messages)
{
	spin_lock_bh(&log->lock);
	log->suppressed += messages;
	spin_unlock_bh(&log->lock);
}
