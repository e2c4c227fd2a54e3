/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Held frames: what a frame carries while a class holds it, and a bounded FIFO
 * of such frames. Layer 1: it must not know classes, members or the path.
 */
#ifndef VNET_QUEUE_H
#define VNET_QUEUE_H

#include <linux/skbuff.h>
#include <linux/types.h>

/**
 * struct vnet_hold - in skb->cb while, and only while, a class decides or holds
 * @source: member it came from (opaque)
 * @target: member it goes to, NULL on the egress side (opaque)
 * @source_closed: a bool of the source that, once true, forbids holding
 * @target_closed: likewise of the target, or NULL
 * @bytes: length on the wire without FCS, what is charged
 * @generation: of the rules that allowed it
 * @pcp: 802.1p priority that it came with, for its new tag
 * @tagged: it came with a tag
 * @hops: how often it went through this switch
 * @state: VNET_STATE_* of its connection
 * @stateful: that was found out
 * @round: of its zone then
 * @old_dscp: what its DSCP was before the rules that allowed it, see struct vnet_pkt
 * @flooded: its target is one of those that it was flooded to
 */
struct vnet_hold {
	void *source;
	void *target;
	const bool *source_closed;
	const bool *target_closed;
	u32 bytes;
	u32 generation;
	u8 pcp;
	bool tagged;
	u8 hops;
	u8 state;
	bool stateful;
	u8 round;
	u8 old_dscp;
	bool flooded;
};

static inline struct vnet_hold *vnet_hold(struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct vnet_hold) > sizeof(skb->cb));
	return (struct vnet_hold *)skb->cb;
}

/**
 * struct vnet_queue - a FIFO of held frames; the owner's lock protects it
 * @frames: the frames, linked by skb->next
 * @packets: their number
 * @bytes: sum of their vnet_hold()->bytes
 */
struct vnet_queue {
	struct sk_buff_head frames;
	u32 packets;
	u64 bytes;
};

void vnet_queue_init(struct vnet_queue *queue);
void vnet_queue_push(struct vnet_queue *queue, struct sk_buff *skb);
struct sk_buff *vnet_queue_peek(const struct vnet_queue *queue);
struct sk_buff *vnet_queue_pop(struct vnet_queue *queue);
/* Move all frames that name @member (NULL: all) to the list @out; returns how many. */
u32 vnet_queue_take(struct vnet_queue *queue, const void *member,
		    struct sk_buff_head *out);

#endif /* VNET_QUEUE_H */
