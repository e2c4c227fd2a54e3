// SPDX-License-Identifier: GPL-2.0-only
/*
 * A queue of held frames: flows take turns, and frames that wait too long are marked
 * or given up. Layer 1: it must not know classes, members (only as opaque pointers) or
 * the packet path (only as a callback).
 */
#include "queue.h"

#include <linux/if_ether.h>
#include <linux/limits.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * DOC: Theory of operation
 *
 * The problem: one that sends without end fills any queue, and then all who share it
 * wait, or lose frames, though they ask for little. More room makes it worse.
 *
 * Frames are kept apart by flow, and flows take turns of so many bytes: deficit round
 * robin. One that has nothing waiting when its frame comes has its first turn before
 * all others: who sends less than its share hardly waits. The order of turns is that
 * of FQ-CoDel (RFC 8290, section 4.2; T. Hoeiland-Joergensen et al., "The Flow Queue
 * CoDel Packet Scheduler and Active Queue Management Algorithm", 2018).
 *
 * Within a flow CoDel keeps the waiting short (codel.c): frames that may be marked
 * are, the others are given up. A frame that waited longer than the bound is given up
 * in any case. The last frame of a queue always goes: a class may be so slow that even
 * one frame takes longer than wanted.
 *
 * What is bounded in bytes is the queue. When it is full, a frame of a flow that has
 * more than its part of the bytes is refused; for any other one the fattest flow must
 * give up frames, at its head, where its sender learns of it first (RFC 8290, section
 * 4.1). So who floods loses frames and the others do not, while the usual case, the
 * flood itself, costs no search.
 *
 * Frames of a flow keep their order. Frames of different flows have none.
 */

#define QUEUE_LARGE	ETH_FRAME_LEN	/* bytes that wait in any case */
#define QUEUE_SQUEEZE	64		/* frames given up to let one in */

/**
 * vnet_queue_init - begin with an empty queue
 * @queue: the queue; bounds are those that frames never meet, turns have 1514 bytes
 *
 * Context: any.
 */
void vnet_queue_init(struct vnet_queue *queue)
{
	memset(queue, 0, sizeof(*queue));
	INIT_LIST_HEAD(&queue->fresh);
	INIT_LIST_HEAD(&queue->turns);
	vnet_queue_flow_init(&queue->only);
	queue->codel.target = U64_MAX;
	queue->delay = U64_MAX;
	queue->quantum = ETH_FRAME_LEN;
}

/**
 * vnet_queue_end - free what a queue has
 * @queue: the queue; it is empty, and nothing is held any more
 *
 * Context: any; the owner's lock.
 */
void vnet_queue_end(struct vnet_queue *queue)
{
	kfree(queue->flows);
	queue->flows = NULL;
	INIT_LIST_HEAD(&queue->fresh);
	INIT_LIST_HEAD(&queue->turns);
	vnet_queue_flow_init(&queue->only);
}

/**
 * vnet_queue_push - hold a frame
 * @queue: the queue, which owns the frame from here on
 * @skb: the frame, its vnet_hold() filled in
 * @now: time in ns
 *
 * Without memory for a table all flows are one, until the queue is empty again.
 *
 * Context: any; the owner's lock.
 */
void vnet_queue_push(struct vnet_queue *queue, struct sk_buff *skb, u64 now)
{
	struct vnet_hold *hold = vnet_hold(skb);
	struct vnet_flow *flow;

	if (unlikely(!queue->flows && !queue->packets))
		queue->flows = vnet_queue_flows_create();
	flow = vnet_queue_flow(queue, skb);
	hold->since = now;
	if (list_empty(&flow->frames))
		queue->active++;
	list_add_tail(&skb->list, &flow->frames);
	flow->bytes += hold->bytes;
	queue->packets++;
	queue->bytes += hold->bytes;
	if (!list_empty(&flow->turn))
		return;
	flow->deficit = queue->quantum;
	list_add_tail(&flow->turn, &queue->fresh);
}

static void queue_unlink(struct vnet_queue *queue, struct vnet_flow *flow,
			 struct sk_buff *skb)
{
	u32 bytes = vnet_hold(skb)->bytes;

	list_del(&skb->list);
	if (list_empty(&flow->frames))
		queue->active--;
	flow->bytes -= bytes;
	queue->packets--;
	queue->bytes -= bytes;
}

static struct sk_buff *flow_first(struct vnet_flow *flow)
{
	return list_first_entry_or_null(&flow->frames, struct sk_buff, list);
}

/* The flow whose turn it is; NULL: there is none, or it took enough work. */
static struct vnet_flow *queue_turn(struct vnet_queue *queue, struct vnet_queue_pull *pull)
{
	struct vnet_flow *flow;
	bool fresh;

	while (pull->work-- > 0) {
		fresh = !list_empty(&queue->fresh);
		flow = list_first_entry_or_null(fresh ? &queue->fresh : &queue->turns,
						struct vnet_flow, turn);
		if (!flow)
			return NULL;
		if (flow->deficit <= 0) {
			flow->deficit += queue->quantum;
			list_move_tail(&flow->turn, &queue->turns);
		} else if (!list_empty(&flow->frames)) {
			return flow;
		} else if (fresh && !list_empty(&queue->turns)) {
			/* Its next frame must not make it fresh again at once. */
			list_move_tail(&flow->turn, &queue->turns);
		} else {
			list_del_init(&flow->turn);
		}
	}
	return NULL;
}

/* Whether a frame, just unlinked, is to be given up. It may be marked instead. */
static bool queue_gives_up(struct vnet_queue *queue, struct vnet_flow *flow,
			   struct sk_buff *skb, const struct vnet_queue_pull *pull)
{
	u64 since = vnet_hold(skb)->since;
	u64 waited = pull->now > since ? pull->now - since : 0;

	if (waited > queue->delay && queue->packets)
		return true;
	if (!vnet_codel_signal(&flow->codel, &queue->codel, pull->now, waited,
			       flow->bytes > QUEUE_LARGE))
		return false;
	if (!pull->mark(skb))
		return true;
	queue->marked++;
	return false;
}

static struct sk_buff *queue_pop_flow(struct vnet_queue *queue, struct vnet_flow *flow,
				      struct vnet_queue_pull *pull)
{
	struct sk_buff *skb;

	while (pull->work >= 0 && (skb = flow_first(flow))) {
		queue_unlink(queue, flow, skb);
		if (!queue_gives_up(queue, flow, skb, pull))
			return skb;
		queue->late++;
		__skb_queue_tail(&pull->late, skb);
		pull->work--;
	}
	return NULL;
}

/**
 * vnet_queue_pop - take the next frame out
 * @queue: the queue
 * @pull: what it meets, and where frames go that are given up
 *
 * Context: any; the owner's lock.
 * Return: the frame, now the caller's; NULL when there is none, or when the work was
 * done that @pull allows.
 */
struct sk_buff *vnet_queue_pop(struct vnet_queue *queue, struct vnet_queue_pull *pull)
{
	struct vnet_flow *flow;
	struct sk_buff *skb;

	while ((flow = queue_turn(queue, pull))) {
		skb = queue_pop_flow(queue, flow, pull);
		if (!skb)
			continue;
		flow->deficit -= vnet_hold(skb)->bytes;
		return skb;
	}
	return NULL;
}

static struct vnet_flow *fattest_of(struct list_head *flows, struct vnet_flow *fattest)
{
	struct vnet_flow *flow;

	list_for_each_entry(flow, flows, turn)
		if (!fattest || flow->bytes > fattest->bytes)
			fattest = flow;
	return fattest;
}

/**
 * vnet_queue_squeeze - make room for a frame at the cost of the flow that has most
 * @queue: the queue, too full for the frame
 * @skb: the frame, its vnet_hold() filled in; its flow gives up nothing for it
 * @limit: bytes that the queue may hold
 * @out: list that frames of others are appended to; they are the caller's
 *
 * Context: any; the owner's lock.
 * Return: whether there is room now.
 */
bool vnet_queue_squeeze(struct vnet_queue *queue, struct sk_buff *skb, u32 limit,
			struct sk_buff_head *out)
{
	struct vnet_flow *fattest, *own = vnet_queue_flow(queue, skb);
	u64 wanted = queue->bytes + vnet_hold(skb)->bytes;
	u32 part = limit / (queue->active + list_empty(&own->frames));
	unsigned int tries = QUEUE_SQUEEZE;
	struct sk_buff *victim;

	if (own->bytes + (u64)vnet_hold(skb)->bytes > part)
		return false;
	fattest = fattest_of(&queue->turns, fattest_of(&queue->fresh, NULL));
	for (; wanted > limit && tries-- && fattest && fattest->bytes > part;
	     wanted -= vnet_hold(victim)->bytes) {
		victim = flow_first(fattest);
		queue_unlink(queue, fattest, victim);
		__skb_queue_tail(out, victim);
	}
	return wanted <= limit;
}

static u32 flow_take(struct vnet_queue *queue, struct vnet_flow *flow, const void *member,
		     struct sk_buff_head *out)
{
	struct sk_buff *skb, *next;
	u32 taken = 0;

	list_for_each_entry_safe(skb, next, &flow->frames, list) {
		const struct vnet_hold *hold = vnet_hold(skb);

		if (member && hold->source != member && hold->target != member)
			continue;
		queue_unlink(queue, flow, skb);
		__skb_queue_tail(out, skb);
		taken++;
	}
	return taken;
}

/**
 * vnet_queue_take - take the frames of one member out, those of a flow in their order
 * @queue: the queue
 * @member: source or target of the frames wanted, NULL: all frames
 * @out: list that they are appended to; the caller owns them from here on
 *
 * Context: any; the owner's lock.
 * Return: how many.
 */
u32 vnet_queue_take(struct vnet_queue *queue, const void *member,
		    struct sk_buff_head *out)
{
	struct vnet_flow *flow;
	u32 taken = 0;

	list_for_each_entry(flow, &queue->fresh, turn)
		taken += flow_take(queue, flow, member, out);
	list_for_each_entry(flow, &queue->turns, turn)
		taken += flow_take(queue, flow, member, out);
	return taken;
}
