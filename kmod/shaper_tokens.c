// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tokens along the path from a node of the shaper to its root: who lends, who
 * pays, how long it takes, who comes first. Layer 1: it must not know queues,
 * timers or turns. See the theory of operation in shaper.c.
 */
#include "shaper.h"

#include <linux/limits.h>
#include <linux/minmax.h>

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
 * vnet_shaper_wait - how long until there is a lender
 * @node: where the frame is
 * @now: time in ns
 *
 * Context: the shaper's lock.
 * Return: nanoseconds, if nobody sends meanwhile.
 */
u64 vnet_shaper_wait(struct vnet_shaper_node *node, u64 now)
{
	u64 rate = U64_MAX, ceil = 0;

	for (; node; node = node->parent) {
		vnet_bucket_fill(&node->rate, now);
		vnet_bucket_fill(&node->ceil, now);
		rate = min(rate, vnet_bucket_wait_ns(&node->rate));
		ceil = max(ceil, vnet_bucket_wait_ns(&node->ceil));
	}
	return max(rate, ceil);
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
 * @node: where the frame is
 * @lender: from vnet_shaper_lender(), or NULL
 *
 * Leaves on their own tokens come first, then those with the deepest lender, and
 * among these the better prio.
 *
 * Context: the shaper's lock.
 * Return: number of its bin, the lowest goes first; %VNET_SHAPER_BINS without a
 * lender.
 */
unsigned int vnet_shaper_rank(const struct vnet_shaper_node *node,
			      const struct vnet_shaper_node *lender)
{
	unsigned int row = 0;

	if (!lender)
		return VNET_SHAPER_BINS;
	if (lender->children)
		row = VNET_CLASS_DEPTH_MAX - 1 - lender->level;
	return row * VNET_SHAPER_PRIOS + node->prio;
}
