// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tokens along the path from a node of the shaper to its root: who lends, who
 * pays, how long it takes, who comes first. Layer 1: it must not know queues,
 * timers or turns. See the theory of operation in shaper.c.
 */
#include "shaper.h"

/**
 * vnet_shaper_lender - whose tokens a frame would use now
 * @node: where the frame is
 * @now: time in ns
 *
 * Context: the shaper's lock.
 * Return: the nearest node on the path that has rate tokens, @node itself first;
 * NULL: the frame must wait. When there is a lender, all of the path is filled.
 */
struct vnet_shaper_node *vnet_shaper_lender(struct vnet_shaper_node *node, u64 now)
{
	struct vnet_shaper_node *lender = NULL;

	for (; node; node = node->parent) {
		vnet_bucket_fill(&node->rate, now);
		vnet_bucket_fill(&node->ceil, now);
		if (!vnet_bucket_ready(&node->ceil))
			return NULL;
		if (!lender && vnet_bucket_ready(&node->rate))
			lender = node;
	}
	return lender;
}

/**
 * vnet_shaper_charge - let the path pay for a frame, and count it
 * @node: where the frame is
 * @lender: from vnet_shaper_lender() just before
 * @bytes: length of the frame
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_charge(struct vnet_shaper_node *node,
			const struct vnet_shaper_node *lender, u32 bytes)
{
	bool lent = false;

	lockdep_assert_held(&node->shaper->lock);
	node->sum.packets++;
	node->sum.bytes += bytes;
	if (node != lender) {
		node->sum.borrowed++;
		node->sum.lender = lender->class;
	}
	for (; node; node = node->parent) {
		lent |= node == lender;
		if (lent)
			vnet_bucket_charge(&node->rate, bytes);
		vnet_bucket_charge(&node->ceil, bytes);
	}
}

/**
 * vnet_shaper_rank - which of several nodes goes first
 * @lender: whose tokens it would use
 * @prio: of the node
 *
 * Leaves on their own tokens come first, then those with the deepest lender, and
 * among these the better prio.
 *
 * Context: the shaper's lock.
 * Return: the rank, below %VNET_SHAPER_RANKS; the lowest goes first.
 */
unsigned int vnet_shaper_rank(const struct vnet_shaper_node *lender, unsigned int prio)
{
	unsigned int row = 0;

	if (lender->children)
		row = VNET_CLASS_DEPTH_MAX - 1 - lender->level;
	return row * VNET_SHAPER_PRIOS + prio;
}
