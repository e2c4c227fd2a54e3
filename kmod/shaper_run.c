// SPDX-License-Identifier: GPL-2.0-only
/*
 * Runs of the shaper's timer: which held frames go now, in which order, and when
 * the next run is. Layer 1: it must not know how frames came to be held or what
 * becomes of them (only as a callback). See the theory of operation in shaper.c.
 */
#include "shaper.h"

#include <linux/bitops.h>
#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/minmax.h>

#define SHAPER_PAUSE_NS		128		/* between runs, per waiting node: */
#define SHAPER_PAUSES_MAX	400		/* of so many at most */
#define SHAPER_RUN_NS		NSEC_PER_MSEC	/* a run begins no batch after that */
#define SHAPER_BATCH_FRAMES	64
#define SHAPER_BATCH_BYTES	(256 * 1024)
#define SHAPER_BATCH_WAKE	128		/* nodes whose time has come */
#define SHAPER_BATCH_WORK	4096		/* in queues, see struct vnet_queue_pull */

/**
 * struct shaper_run - one batch in the making
 * @frames: how many more may join
 * @bytes: likewise; the last one may exceed it
 * @out: the frames
 * @pull: the time that it is made at, and what its frames meet
 */
struct shaper_run {
	u32 frames;
	s64 bytes;
	struct sk_buff_head out;
	struct vnet_queue_pull pull;
};

static void shaper_send(struct vnet_shaper_node *node, struct vnet_shaper_node *lender,
			struct shaper_run *run)
{
	u64 before = node->queue.bytes;
	struct sk_buff *skb = vnet_queue_pop(&node->queue, &run->pull);

	if (skb) {
		u32 bytes = vnet_hold(skb)->bytes;

		__skb_queue_tail(&run->out, skb);
		run->frames--;
		run->bytes -= bytes;

		vnet_shaper_charge(node, lender, bytes);
		vnet_shaper_served(node, lender, bytes, run->pull.now);
		node->sum.delayed++;
		node->batch = node->shaper->batch;
	}
	vnet_shaper_freed(node, before - node->queue.bytes, run->pull.now);
}

/* Take a batch of frames that may go now. Returns whether more may. */
static bool shaper_collect(struct vnet_shaper *shaper, struct shaper_run *run)
{
	struct vnet_shaper_node *node, *lender;

	lockdep_assert_held(&shaper->lock);
	vnet_shaper_wake(shaper, run->pull.now, SHAPER_BATCH_WAKE);
	while (run->frames && run->bytes > 0 && run->pull.work > 0) {
		node = vnet_shaper_next(shaper, &lender);
		if (!node)
			break;
		shaper_send(node, lender, run);
	}
	return vnet_shaper_due(shaper, run->pull.now) <= run->pull.now;
}

/* What a batch leaves behind when the lock is released. */
static void shaper_hand_on(struct vnet_shaper *shaper, struct shaper_run *run)
{
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&run->pull.late)))
		shaper->ops->drop(skb, shaper->direction, VNET_CLASS_LATE);
	while ((skb = __skb_dequeue(&run->out)))
		shaper->ops->release(skb, shaper->direction);
}

/* Collect one batch and send it. Returns whether another one is due. */
static bool shaper_batch(struct vnet_shaper *shaper)
{
	struct shaper_run run = {
		.frames = SHAPER_BATCH_FRAMES,
		.bytes = SHAPER_BATCH_BYTES,
		.pull.mark = shaper->ops->mark,
		.pull.work = SHAPER_BATCH_WORK,
	};
	bool more;

	__skb_queue_head_init(&run.out);
	__skb_queue_head_init(&run.pull.late);
	spin_lock(&shaper->lock);
	run.pull.now = ktime_get_ns();
	more = shaper_collect(shaper, &run);
	spin_unlock(&shaper->lock);

	shaper_hand_on(shaper, &run);

	spin_lock(&shaper->lock);
	shaper->batch++;
	spin_unlock(&shaper->lock);
	return more;
}

/* The end of a run: the time of the next one. */
static void shaper_rearm(struct vnet_shaper *shaper)
{
	u64 now;

	spin_lock(&shaper->lock);
	now = ktime_get_ns();
	vnet_shaper_end_old_leases(shaper, now);
	shaper->expires = U64_MAX;
	shaper->resume = now + SHAPER_PAUSE_NS * min_t(u32, shaper->waiting, SHAPER_PAUSES_MAX);
	vnet_shaper_arm(shaper, vnet_shaper_due(shaper, now));
	spin_unlock(&shaper->lock);
}

/**
 * vnet_shaper_expire - a run: send what may go, within bounds
 * @timer: of the shaper
 *
 * The RCU read side begins before frames leave their queues and ends when they
 * are handed on, so whoever takes its frames back with vnet_shaper_take() and
 * then waits for a grace period finds none of them alive.
 *
 * At least one pause passes before the next run, so the timer never expires
 * within the softirq that it was started in.
 *
 * Context: softirq.
 * Return: %HRTIMER_NORESTART; it was started again if there is a need.
 */
enum hrtimer_restart vnet_shaper_expire(struct hrtimer *timer)
{
	struct vnet_shaper *shaper = container_of(timer, struct vnet_shaper, timer);
	u64 end = ktime_get_ns() + SHAPER_RUN_NS;

	rcu_read_lock();
	while (shaper_batch(shaper) && ktime_get_ns() < end)
		;
	rcu_read_unlock();
	shaper_rearm(shaper);
	return HRTIMER_NORESTART;
}
