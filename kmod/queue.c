// SPDX-License-Identifier: GPL-2.0-only
/*
 * A FIFO of held frames that knows its bytes. Layer 1: it must not know classes,
 * members (only as opaque pointers) or the packet path.
 */
#include "queue.h"

/**
 * vnet_queue_init - begin with an empty queue
 * @queue: the queue
 *
 * Context: any.
 */
void vnet_queue_init(struct vnet_queue *queue)
{
	__skb_queue_head_init(&queue->frames);
	queue->packets = 0;
	queue->bytes = 0;
}

/**
 * vnet_queue_push - hold a frame
 * @queue: the queue, which owns the frame from here on
 * @skb: the frame, its vnet_hold() filled in
 *
 * Context: any; the owner's lock.
 */
void vnet_queue_push(struct vnet_queue *queue, struct sk_buff *skb)
{
	__skb_queue_tail(&queue->frames, skb);
	queue->packets++;
	queue->bytes += vnet_hold(skb)->bytes;
}

/**
 * vnet_queue_peek - look at the oldest frame
 * @queue: the queue, which keeps the frame
 *
 * Context: any; the owner's lock, as long as the frame is looked at.
 * Return: the frame, NULL when there is none.
 */
struct sk_buff *vnet_queue_peek(const struct vnet_queue *queue)
{
	return skb_peek(&queue->frames);
}

static void queue_unlink(struct vnet_queue *queue, struct sk_buff *skb)
{
	__skb_unlink(skb, &queue->frames);
	queue->packets--;
	queue->bytes -= vnet_hold(skb)->bytes;
}

/**
 * vnet_queue_pop - take the oldest frame out
 * @queue: the queue
 *
 * Context: any; the owner's lock.
 * Return: the frame, now the caller's; NULL when there is none.
 */
struct sk_buff *vnet_queue_pop(struct vnet_queue *queue)
{
	struct sk_buff *skb = skb_peek(&queue->frames);

	if (skb)
		queue_unlink(queue, skb);
	return skb;
}

/**
 * vnet_queue_take - take the frames of one member out, in their order
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
	struct sk_buff *skb, *next;
	u32 taken = 0;

	skb_queue_walk_safe(&queue->frames, skb, next) {
		const struct vnet_hold *hold = vnet_hold(skb);

		if (member && hold->source != member && hold->target != member)
			continue;
		queue_unlink(queue, skb);
		__skb_queue_tail(out, skb);
		taken++;
	}
	return taken;
}
