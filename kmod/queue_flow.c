// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of a queue's flows: which frames belong together. Layer 1: it must not
 * know when frames go.
 */
#include "queue.h"

#include <linux/jhash.h>
#include <linux/math.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/string.h>

/*
 * Few flows have frames in a queue at the same time, however many pass: it is those
 * that send more than their share. Within a set of eight a flow takes whichever slot
 * is free, as in a cache (sch_cake does so; T. Hoeiland-Joergensen et al., "Piece of
 * CAKE", 2018), so that dozens of flows rarely meet another one.
 *
 * All of it fits into 8 KiB, for each direction of a class that has ever held a frame
 * and no other: 10,000 classes that all did so both ways take 160 MiB.
 */
#define FLOW_SETS	15
#define FLOW_WAYS	8
#define FLOW_SLOTS	(FLOW_SETS * FLOW_WAYS)

/**
 * struct vnet_flows - a table of flows
 * @key: of the hash
 * @tags: 16 bits of the hash of the flow that has the slot, or had it last
 * @shared: others came to the slot when their set was full; until it is free again
 *	they must stay, or their frames would overtake each other
 * @flows: the slots
 */
struct vnet_flows {
	u32 key;
	u16 tags[FLOW_SETS][FLOW_WAYS];
	bool shared[FLOW_SLOTS];
	struct vnet_flow flows[FLOW_SLOTS];
};

/**
 * vnet_queue_flow_init - begin with no frames
 * @flow: the flow
 *
 * Context: any.
 */
void vnet_queue_flow_init(struct vnet_flow *flow)
{
	memset(flow, 0, sizeof(*flow));
	INIT_LIST_HEAD(&flow->frames);
	INIT_LIST_HEAD(&flow->turn);
}

/**
 * vnet_queue_flows_create - a table without flows
 *
 * Context: any.
 * Return: the table, to be freed with kfree(); NULL when there is no memory.
 */
struct vnet_flows *vnet_queue_flows_create(void)
{
	struct vnet_flows *flows;
	unsigned int i;

	BUILD_BUG_ON(sizeof(*flows) > 8192);
	flows = kzalloc(sizeof(*flows), GFP_ATOMIC | __GFP_NOWARN);
	if (!flows)
		return NULL;
	flows->key = get_random_u32();
	for (i = 0; i < FLOW_SLOTS; i++)
		vnet_queue_flow_init(&flows->flows[i]);
	return flows;
}

/*
 * A hash that came with the frame may be known to senders, so another one is made of it,
 * with a key. Members never share a flow: nobody can get in the way of another one's by
 * pretending to be it.
 */
static u32 flow_hash(const struct vnet_flows *flows, struct sk_buff *skb)
{
	u32 source = (unsigned long)vnet_hold(skb)->source;

	return jhash_2words(vnet_queue_hash(skb, flows->key), source, flows->key);
}

static bool flow_is_free(const struct vnet_flow *flow)
{
	return list_empty(&flow->turn);
}

/* Whoever comes to a slot that is not free shares it. */
static struct vnet_flow *flow_join(struct vnet_flows *flows, unsigned int slot)
{
	flows->shared[slot] = true;
	return &flows->flows[slot];
}

static struct vnet_flow *flow_begin(struct vnet_flows *flows, unsigned int slot, u16 tag)
{
	flows->tags[slot / FLOW_WAYS][slot % FLOW_WAYS] = tag;
	flows->shared[slot] = false;
	flows->flows[slot].codel = (struct vnet_codel){};
	return &flows->flows[slot];
}

static struct vnet_flow *flow_find(struct vnet_flows *flows, u32 hash)
{
	unsigned int first = reciprocal_scale(hash, FLOW_SETS) * FLOW_WAYS;
	unsigned int home = first + hash % FLOW_WAYS, way;
	const u16 *tags = flows->tags[first / FLOW_WAYS];
	u16 tag = hash;

	for (way = 0; way < FLOW_WAYS; way++)
		if (tags[way] == tag)
			return &flows->flows[first + way];
	if (flows->shared[home] && !flow_is_free(&flows->flows[home]))
		return &flows->flows[home];
	for (way = 0; way < FLOW_WAYS; way++)
		if (flow_is_free(&flows->flows[first + way]))
			return flow_begin(flows, first + way, tag);
	return flow_join(flows, home);
}

/**
 * vnet_queue_flow - the flow of a frame
 * @queue: the queue
 * @skb: the frame, its vnet_hold() filled in
 *
 * Context: any; the owner's lock.
 * Return: the flow, as long as the queue has frames. All frames of the same sender and
 * connection have the same one, while it has frames.
 */
struct vnet_flow *vnet_queue_flow(struct vnet_queue *queue, struct sk_buff *skb)
{
	if (unlikely(!queue->flows))
		return &queue->only;
	return flow_find(queue->flows, flow_hash(queue->flows, skb));
}
