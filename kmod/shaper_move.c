// SPDX-License-Identifier: GPL-2.0-only
/*
 * Moving a node of the shaper, with all that is below it, to another parent.
 * Layer 1: it must not know who may move where. See the theory of operation in
 * shaper.c.
 */
#include "shaper.h"

#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/string.h>

/**
 * struct shaper_move - a move
 * @from: level of the node before it
 * @to: and after it
 * @shared: level of the deepest node that is above it before and after
 */
struct shaper_move {
	u8 from;
	u8 to;
	u8 shared;
};

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

static u8 shaper_shared_level(const struct vnet_shaper_node *a,
			      const struct vnet_shaper_node *b)
{
	while (a != b) {
		if (a->level >= b->level)
			a = a->parent;
		else
			b = b->parent;
	}
	return a->level;
}

/* Where the turns of a lender with children are counted, see vnet_shaper_rank(). */
static unsigned int shaper_row(int level)
{
	return VNET_CLASS_DEPTH_MAX - 1 - level;
}

/*
 * Turns are counted by the lender's level. Lenders that move along have another level
 * now, those above that stay the same keep theirs, and with new ones it begins anew.
 * Row 0 is that of leaves: what they use is their own.
 */
static void shaper_move_turns(struct vnet_shaper_node *node, const struct shaper_move *move)
{
	s64 old[VNET_CLASS_DEPTH_MAX];
	int level;

	memcpy(old, node->deficit, sizeof(old));
	for (level = 0; level < VNET_CLASS_DEPTH_MAX - 1; level++) {
		int before = level - move->to + move->from;

		if (level <= move->shared)
			continue;
		node->deficit[shaper_row(level)] =
			level >= move->to && before < VNET_CLASS_DEPTH_MAX - 1 ?
			old[shaper_row(before)] : 0;
	}
}

/* Find out anew what depends on where @node is; its parent's is right already. */
static void shaper_settle(struct vnet_shaper_node *node, const struct shaper_move *move)
{
	node->level = node->parent->level + 1;
	node->top = node->parent->parent ? node->parent->top : node;
	/* Who lent before may be above it no more, and may go. */
	node->sum.lender = NULL;
	shaper_move_turns(node, move);
}

static void shaper_add_waiting(struct vnet_shaper_node *node, u32 waiting)
{
	for (; node; node = node->parent)
		node->waiting += waiting;
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
	struct shaper_move move;

	spin_lock_bh(&shaper->lock);
	vnet_shaper_end_leases(shaper);
	move.from = node->level;
	move.to = parent->level + 1;
	move.shared = shaper_shared_level(node->parent, parent);

	shaper_add_waiting(node->parent, -node->waiting);
	node->parent->children--;
	parent->children++;
	list_move_tail(&node->beside, &parent->below);
	node->parent = parent;
	shaper_add_waiting(parent, node->waiting);
	for (at = node; at; at = shaper_next(at, node))
		shaper_settle(at, &move);

	/* Something may go sooner than it was computed. */
	if (!list_empty(&shaper->backlog))
		vnet_shaper_arm(shaper, ktime_get_ns());
	spin_unlock_bh(&shaper->lock);
}
