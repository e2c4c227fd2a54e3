/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Held frames: what a frame carries while a class holds it, and a queue of such
 * frames that keeps flows apart and their waiting short. Layer 1: it must not know
 * classes, members or the path.
 */
#ifndef VNET_QUEUE_H
#define VNET_QUEUE_H

#include <linux/list.h>
#include <linux/skbuff.h>
#include <linux/types.h>
#include "codel.h"

/**
 * struct vnet_hold - in skb->cb while, and only while, a class decides or holds
 * @source: member it came from (opaque)
 * @target: member it goes to, NULL on the egress side (opaque)
 * @source_closed: a bool of the source that, once true, forbids holding; until it
 *	is held, as the next one
 * @target_closed: likewise of the target, or NULL
 * @since: when it was held, in ns, from then on
 * @bytes: length on the wire without FCS and with the overhead, what is charged
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
	union {
		struct {
			const bool *source_closed;
			const bool *target_closed;
		};
		u64 since;
	};
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
 * struct vnet_flow - frames that must keep their order
 * @frames: the frames, linked by skb->list
 * @turn: place in one of the queue's lists, or in none
 * @deficit: bytes left of its turn
 * @bytes: sum of the vnet_hold()->bytes of its frames
 * @codel: state of the control law
 */
struct vnet_flow {
	struct list_head frames;
	struct list_head turn;
	s32 deficit;
	u32 bytes;
	struct vnet_codel codel;
};

struct vnet_flows;

/**
 * struct vnet_queue - held frames; the owner's lock protects it
 * @fresh: flows that have just begun: they have their first turn before others
 * @turns: the other flows that have frames, or had some in this round
 * @flows: the table of flows, NULL before the first frame, or without memory
 * @only: the flow of all frames without a table
 * @packets: number of frames
 * @active: number of flows that have some
 * @bytes: sum of their vnet_hold()->bytes
 * @marked: frames marked so far because they waited too long
 * @late: frames given up so far because of that
 * @codel: what the control law of each flow is to achieve
 * @delay: how long a frame may wait, in ns; U64_MAX: for ever
 * @quantum: bytes that a flow may send in a turn
 */
struct vnet_queue {
	struct list_head fresh;
	struct list_head turns;
	struct vnet_flows *flows;
	struct vnet_flow only;
	u32 packets;
	u32 active;
	u64 bytes;
	u64 marked;
	u64 late;
	struct vnet_codel_params codel;
	u64 delay;
	u32 quantum;
};

/**
 * struct vnet_queue_pull - what frames meet on their way out of queues
 * @now: time in ns
 * @mark: tell the receiver of congestion in the frame; false: it has no place for it
 * @work: how many more flows may be looked at and frames be given up
 * @late: the frames that were given up; they are the caller's
 */
struct vnet_queue_pull {
	u64 now;
	bool (*mark)(struct sk_buff *skb);
	s32 work;
	struct sk_buff_head late;
};

void vnet_queue_init(struct vnet_queue *queue);
void vnet_queue_end(struct vnet_queue *queue);
void vnet_queue_push(struct vnet_queue *queue, struct sk_buff *skb, u64 now);
struct sk_buff *vnet_queue_pop(struct vnet_queue *queue, struct vnet_queue_pull *pull);
bool vnet_queue_squeeze(struct vnet_queue *queue, struct sk_buff *skb, u32 limit,
			struct sk_buff_head *out);
/* Move all frames that name @member (NULL: all) to the list @out; returns how many. */
u32 vnet_queue_take(struct vnet_queue *queue, const void *member,
		    struct sk_buff_head *out);

/* Between the files of the queue. */
void vnet_queue_flow_init(struct vnet_flow *flow);
struct vnet_flows *vnet_queue_flows_create(void);
struct vnet_flow *vnet_queue_flow(struct vnet_queue *queue, struct sk_buff *skb);
u32 vnet_queue_hash(struct sk_buff *skb, u32 key);

#endif /* VNET_QUEUE_H */
