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

#define SHAPER_PAUSE_NS		128		/* per waiting node between runs */
#define SHAPER_RUN_NS		NSEC_PER_MSEC	/* a run begins no batch after that */
#define SHAPER_BATCH_FRAMES	64
#define SHAPER_BATCH_BYTES	(256 * 1024)
#define SHAPER_BATCH_STEPS	4096		/* nodes looked at to find them */
#define SHAPER_BATCH_WORK	4096		/* of their queues, see struct vnet_queue_pull */
#define SHAPER_BATCH_SHARE	4		/* a frame or more for so many waiting nodes */

/**
 * struct shaper_run - one batch in the making
 * @frames: how many more may join
 * @bytes: likewise; the last one may exceed it
 * @steps: how many more nodes may be looked at
 * @out: the frames
 * @pull: the time that it is made at, and what its frames meet
 */
struct shaper_run {
	u32 frames;
	s64 bytes;
	s32 steps;
	struct sk_buff_head out;
	struct vnet_queue_pull pull;
};

/* Bytes that @node may still send in this round, when it draws on this level. */
static s64 *shaper_deficit(struct vnet_shaper_node *node, unsigned int rank)
{
	return &node->deficit[rank / VNET_SHAPER_PRIOS];
}

/* Put @node into its bin; one that may not send stays out. */
static void shaper_place(struct vnet_shaper_node *node, unsigned int rank)
{
	struct vnet_shaper *shaper = node->shaper;
	struct vnet_shaper_bin *bin = &shaper->bins[rank];

	if (rank == VNET_SHAPER_BINS)
		return;
	if (!(shaper->filled & BIT_ULL(rank))) {
		INIT_LIST_HEAD(&bin->ready);
		INIT_LIST_HEAD(&bin->spent);
		shaper->filled |= BIT_ULL(rank);
	}
	list_add_tail(&node->bin,
		      *shaper_deficit(node, rank) < 0 ? &bin->spent : &bin->ready);
}

static void shaper_place_now(struct vnet_shaper_node *node, u64 now)
{
	shaper_place(node, vnet_shaper_rank(node, vnet_shaper_lender(node, now)));
}

/* How many rounds it takes until one of @spent has paid for what it sent. */
static u64 shaper_rounds(const struct list_head *spent, unsigned int rank)
{
	struct vnet_shaper_node *node;
	u64 rounds = U64_MAX;

	list_for_each_entry(node, spent, bin)
		rounds = min(rounds, DIV64_U64_ROUND_UP(-*shaper_deficit(node, rank),
							node->quantum));
	return rounds;
}

/*
 * All nodes of a bin had their turn: each that may still send gets another one, and
 * as many more as it takes until one of them can send.
 */
static void shaper_begin_round(struct vnet_shaper *shaper, unsigned int bin,
			       struct shaper_run *run)
{
	struct vnet_shaper_node *node, *next;
	unsigned int rank;
	LIST_HEAD(spent);
	u64 rounds;

	list_splice_init(&shaper->bins[bin].spent, &spent);
	rounds = shaper_rounds(&spent, bin);
	list_for_each_entry_safe(node, next, &spent, bin) {
		rank = vnet_shaper_rank(node, vnet_shaper_lender(node, run->pull.now));
		if (rank == bin)
			*shaper_deficit(node, rank) += rounds * node->quantum;
		list_del(&node->bin);
		shaper_place(node, rank);
		run->steps--;
	}
}

/* The node to send from; NULL: there is none, or the batch took enough work. */
static struct vnet_shaper_node *shaper_pick(struct vnet_shaper *shaper,
					    struct shaper_run *run,
					    struct vnet_shaper_node **lender)
{
	struct vnet_shaper_node *node;
	unsigned int bin, rank;

	for (; shaper->filled && run->steps > 0; run->steps--) {
		bin = __ffs64(shaper->filled);
		node = list_first_entry_or_null(&shaper->bins[bin].ready,
						struct vnet_shaper_node, bin);
		if (!node && list_empty(&shaper->bins[bin].spent)) {
			shaper->filled &= ~BIT_ULL(bin);
			continue;
		}
		if (!node) {
			shaper_begin_round(shaper, bin, run);
			continue;
		}
		*lender = vnet_shaper_lender(node, run->pull.now);
		rank = vnet_shaper_rank(node, *lender);
		if (rank == bin && *shaper_deficit(node, bin) >= 0)
			return node;
		list_del(&node->bin);
		shaper_place(node, rank);
	}
	return NULL;
}

static void shaper_send(struct vnet_shaper_node *node, struct vnet_shaper_node *lender,
			struct shaper_run *run)
{
	unsigned int rank = vnet_shaper_rank(node, lender);
	u64 before = node->queue.bytes;
	struct sk_buff *skb = vnet_queue_pop(&node->queue, &run->pull);

	if (skb) {
		u32 bytes = vnet_hold(skb)->bytes;

		__skb_queue_tail(&run->out, skb);
		run->frames--;
		run->bytes -= bytes;

		vnet_shaper_charge(node, lender, bytes);
		node->sum.delayed++;
		*shaper_deficit(node, rank) -= bytes;
		node->batch = node->shaper->batch;
	}
	if (!node->queue.packets)
		list_del(&node->bin);
	vnet_shaper_freed(node, before - node->queue.bytes);
}

/* Take a batch of frames that may go now. Returns whether more may. */
static bool shaper_collect(struct vnet_shaper *shaper, struct shaper_run *run)
{
	struct vnet_shaper_node *node, *lender;

	lockdep_assert_held(&shaper->lock);
	shaper->filled = 0;
	list_for_each_entry(node, &shaper->backlog, backlog)
		shaper_place_now(node, run->pull.now);

	while (run->frames && run->bytes > 0 && run->pull.work > 0) {
		node = shaper_pick(shaper, run, &lender);
		if (!node)
			break;
		shaper_send(node, lender, run);
	}
	return shaper->filled;
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

/*
 * How much a batch may take. It looks at all waiting nodes before, which must not be
 * for a few frames only when there are many.
 */
static void shaper_size_batch(const struct vnet_shaper *shaper, struct shaper_run *run)
{
	u32 waiting = shaper->root->waiting;

	run->frames = max_t(u32, SHAPER_BATCH_FRAMES, waiting / SHAPER_BATCH_SHARE);
	run->bytes = (s64)SHAPER_BATCH_BYTES / SHAPER_BATCH_FRAMES * run->frames;
	run->steps = max_t(u32, SHAPER_BATCH_STEPS, 2 * waiting);
	run->pull.work = max_t(u32, SHAPER_BATCH_WORK, 2 * waiting);
}

/* Collect one batch and send it. Returns whether another one is due. */
static bool shaper_batch(struct vnet_shaper *shaper)
{
	struct shaper_run run = {
		.pull.mark = shaper->ops->mark,
	};
	bool more;

	__skb_queue_head_init(&run.out);
	__skb_queue_head_init(&run.pull.late);
	spin_lock(&shaper->lock);
	run.pull.now = ktime_get_ns();
	shaper_size_batch(shaper, &run);
	more = shaper_collect(shaper, &run);
	spin_unlock(&shaper->lock);

	shaper_hand_on(shaper, &run);

	spin_lock(&shaper->lock);
	shaper->batch++;
	spin_unlock(&shaper->lock);
	return more;
}

/* The end of a run: look at all that is held for the time of the next one. */
static void shaper_rearm(struct vnet_shaper *shaper)
{
	struct vnet_shaper_node *node;
	u64 now, wait = U64_MAX;

	spin_lock(&shaper->lock);
	now = ktime_get_ns();
	vnet_shaper_end_old_leases(shaper, now);
	list_for_each_entry(node, &shaper->backlog, backlog)
		wait = min(wait, vnet_shaper_wait(node, now));
	shaper->expires = U64_MAX;
	shaper->resume = now + (u64)shaper->root->waiting * SHAPER_PAUSE_NS;
	if (!list_empty(&shaper->backlog))
		vnet_shaper_arm(shaper, now + wait);
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
