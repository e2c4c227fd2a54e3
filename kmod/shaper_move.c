// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving a node of the shaper, with all that is below it, to another parent.
 * Layer 1: it must not know who may move where. See the theory of operation in
 * shaper.c.
 */
#include "shaper.h"

#include <linux/ktime.h>
#include <linux/minmax.h>

/* The node behind @node, when all nodes below @top are visited, parents first. */
static struct vnet_shaper_node *shaper_next(struct vnet_shaper_node *node,
					    struct vnet_shaper_node *top)
{
	if (!list_empty(&node->below))
		return list_first_entry(&node->below, struct vnet_shaper_node, beside);
	for (; node != top; node = node->parent)
		if (!list_is_last(&node->beside, &node->parent->below))
			return list_next_entry(node, beside);
	return NULL;
}

/**
 * vnet_shaper_height - how many levels a node and those below it take
 * @node: the node
 *
 * Context: whoever changes the tree.
 * Return: the levels, 1 for a leaf.
 */
u8 vnet_shaper_height(struct vnet_shaper_node *node)
{
	struct vnet_shaper_node *at;
	u8 deepest = node->level;

	for (at = node; at; at = shaper_next(at, node))
		deepest = max(deepest, at->level);
	return deepest - node->level + 1;
}

/* Find out anew what depends on where @node is; its parent's is right already. */
static void shaper_settle(struct vnet_shaper_node *node)
{
	node->level = node->parent->level + 1;
	node->top = node->parent->parent ? node->parent->top : node;
	/* Who lent before may be above it no more, and may go. */
	node->sum.lender = NULL;
}

/**
 * vnet_shaper_move - put a node, and all that is below it, below another one
 * @node: the node; not the root
 * @parent: of the same shaper; neither @node nor below it, and so that no node comes
 *	deeper than %VNET_CLASS_DEPTH_MAX levels
 *
 * Held frames stay where they are and go by the tokens of the new path at once.
 *
 * Context: process context; nobody else changes the tree. Takes the shaper's lock.
 */
void vnet_shaper_move(struct vnet_shaper_node *node, struct vnet_shaper_node *parent)
{
	struct vnet_shaper *shaper = node->shaper;
	struct vnet_shaper_node *at;
	u64 now;

	spin_lock_bh(&shaper->lock);
	now = ktime_get_ns();
	vnet_shaper_end_leases(shaper, now);
	vnet_shaper_detach(node);
	node->parent->children--;
	vnet_shaper_update(node->parent, now);
	parent->children++;
	vnet_shaper_update(parent, now);
	list_move_tail(&node->beside, &parent->below);
	node->parent = parent;
	/* What it owes to former siblings is nothing to the new ones. */
	node->borrow.key = parent->clock;
	for (at = node; at; at = shaper_next(at, node))
		shaper_settle(at);
	for (at = node; at; at = shaper_next(at, node))
		vnet_shaper_reorder(at, now);
	/* Something may go sooner than it was computed. */
	vnet_shaper_arm(shaper, vnet_shaper_due(shaper, now));
	spin_unlock_bh(&shaper->lock);
}
