// SPDX-License-Identifier: GPL-2.0-only
/*
 * The order in which nodes of the shaper that hold frames may send, and when the next
 * one may. Layer 1: it must not know frames or timers. See the theory of operation in
 * shaper.c.
 */
#include "shaper.h"

#include <linux/ktime.h>
#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>

#define ORDER_SCALE	24		/* a byte is 2^24 / weight of virtual time */
#define ORDER_HASTE_NS	(50 * (u32)NSEC_PER_USEC)

/* Trees of slots */

static bool slot_before(const struct vnet_shaper_slot *a, const struct vnet_shaper_slot *b)
{
	return a->rank != b->rank ? a->rank < b->rank : (s64)(a->key - b->key) < 0;
}

static struct vnet_shaper_slot *slot_first(const struct rb_root_cached *tree)
{
	struct rb_node *first = rb_first_cached(tree);

	return first ? rb_entry(first, struct vnet_shaper_slot, rb) : NULL;
}

static void slot_insert(struct rb_root_cached *tree, struct vnet_shaper_slot *slot)
{
	struct rb_node **link = &tree->rb_root.rb_node, *parent = NULL;
	bool leftmost = true;

	while (*link) {
		parent = *link;
		if (slot_before(slot, rb_entry(parent, struct vnet_shaper_slot, rb))) {
			link = &parent->rb_left;
		} else {
			link = &parent->rb_right;
			leftmost = false;
		}
	}
	rb_link_node(&slot->rb, parent, link);
	rb_insert_color_cached(&slot->rb, tree, leftmost);
}

static bool slot_is_alone(const struct rb_root_cached *tree, const struct vnet_shaper_slot *slot)
{
	return tree->rb_root.rb_node == &slot->rb && !slot->rb.rb_left && !slot->rb.rb_right;
}

/* Take @slot out, if it is in there. */
static void slot_drop(struct rb_root_cached *tree, struct vnet_shaper_slot *slot)
{
	if (!slot->on)
		return;
	rb_erase_cached(&slot->rb, tree);
	slot->on = false;
}

/* Put @slot where it belongs by @rank and then @key, behind those that have the same. */
static void slot_put(struct rb_root_cached *tree, struct vnet_shaper_slot *slot,
		     u8 rank, u64 key)
{
	bool stays = slot->on && ((slot->rank == rank && slot->key == key) ||
				  slot_is_alone(tree, slot));

	if (!stays)
		slot_drop(tree, slot);
	slot->rank = rank;
	slot->key = key;
	if (!stays)
		slot_insert(tree, slot);
	slot->on = true;
}

/* Feeds */

static void feed_drop(struct vnet_shaper_node *node, struct vnet_shaper_slot *slot)
{
	if (slot->on)
		node->weights[slot->rank] -= slot->weight;
	slot_drop(&node->feed, slot);
}

static void feed_put(struct vnet_shaper_node *node, struct vnet_shaper_slot *slot,
		     u8 prio, u64 key, u64 weight)
{
	if (slot->on)
		node->weights[slot->rank] -= slot->weight;
	slot->weight = weight;
	node->weights[prio] += weight;
	slot_put(&node->feed, slot, prio, key);
}

/* Who comes anew has no claims from the time before. */
static void feed_join(const struct vnet_shaper_node *node, struct vnet_shaper_slot *slot)
{
	if ((s64)(node->clock - slot->key) > 0)
		slot->key = node->clock;
}

/* One of the feed sent something. Who is alone owes nobody anything. */
static void feed_serve(struct vnet_shaper_node *node, struct vnet_shaper_slot *slot, u32 bytes)
{
	node->clock = slot->key;
	if (!slot_is_alone(&node->feed, slot))
		slot_put(&node->feed, slot, slot->rank, slot->key +
			 div64_u64((u64)bytes << ORDER_SCALE, slot->weight));
}

/* States */

/* The node whose borrowing @slot is; its own frames are another thing. */
static struct vnet_shaper_node *slot_borrower(struct vnet_shaper_slot *slot)
{
	return container_of(slot, struct vnet_shaper_node, borrow);
}

static void order_rest(struct vnet_shaper_node *node)
{
	node->active = false;
	node->best = VNET_SHAPER_RANKS;
	node->lends = VNET_SHAPER_RANKS;
	slot_drop(&node->shaper->events, &node->event);
	if (!node->parent)
		return;
	slot_drop(&node->parent->lenders, &node->lend);
	feed_drop(node->parent, &node->borrow);
}

static void order_await(struct vnet_shaper_node *node, const struct vnet_bucket *bucket,
			u32 patience, u64 now)
{
	slot_put(&node->shaper->events, &node->event, 0,
		 now + vnet_bucket_wait_ns(bucket) + patience);
}

/* Who has his own tokens is not to wait until @node, which is stopped, has many. */
static u32 order_patience(const struct vnet_shaper_node *node,
			  const struct vnet_shaper_slot *lender)
{
	bool own = lender && lender->rank < VNET_SHAPER_PRIOS;

	return own ? min(node->ceil_patience, ORDER_HASTE_NS) : node->ceil_patience;
}

/* What @node offers to its parent: somebody below it who needs no more, or who borrows. */
static void order_offer(struct vnet_shaper_node *node, const struct vnet_shaper_slot *borrower)
{
	struct vnet_shaper_node *parent = node->parent;

	if (node->best == VNET_SHAPER_RANKS)
		slot_drop(&parent->lenders, &node->lend);
	else
		slot_put(&parent->lenders, &node->lend, node->best,
			 node->lend.on ? node->lend.key : ++node->shaper->turns);
	if (borrower)
		feed_put(parent, &node->borrow, borrower->rank, node->borrow.key,
			 node->weights[borrower->rank]);
	else
		feed_drop(parent, &node->borrow);
}

/* Find out anew what @node may do. Its children are up to date. */
static void order_refresh(struct vnet_shaper_node *node, u64 now)
{
	struct vnet_shaper_slot *fed = slot_first(&node->feed);
	struct vnet_shaper_slot *lender = slot_first(&node->lenders);
	bool stopped, poor;

	if (!fed && !lender) {
		order_rest(node);
		return;
	}
	if (!node->active && node->parent)
		feed_join(node->parent, &node->borrow);
	node->active = true;

	vnet_bucket_fill(&node->rate, now);
	vnet_bucket_fill(&node->ceil, now);
	stopped = !vnet_bucket_ready(&node->ceil);
	poor = fed && !vnet_bucket_ready(&node->rate);
	node->lends = fed && !stopped && !poor ? vnet_shaper_rank(node, fed->rank) :
						 VNET_SHAPER_RANKS;
	node->best = node->lends;
	if (lender && !stopped)
		node->best = min(node->best, lender->rank);

	if (stopped)
		order_await(node, &node->ceil, order_patience(node, lender), now);
	else if (poor)
		order_await(node, &node->rate, node->rate_patience, now);
	else
		slot_drop(&node->shaper->events, &node->event);
	if (node->parent)
		order_offer(node, poor && !stopped ? fed : NULL);
}

/**
 * vnet_shaper_update - tokens, values or children of a node changed
 * @node: the node
 * @now: time in ns
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_update(struct vnet_shaper_node *node, u64 now)
{
	lockdep_assert_held(&node->shaper->lock);
	if (!node->shaper->waiting)
		return;
	for (; node; node = node->parent)
		order_refresh(node, now);
}

/**
 * vnet_shaper_enter - a node holds frames from now on
 * @node: the node
 * @now: time in ns
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_enter(struct vnet_shaper_node *node, u64 now)
{
	node->shaper->waiting++;
	feed_join(node, &node->own);
	feed_put(node, &node->own, node->prio, node->own.key, node->weight);
	vnet_shaper_update(node, now);
}

/**
 * vnet_shaper_exit - a node holds no more frames
 * @node: the node
 * @now: time in ns
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_exit(struct vnet_shaper_node *node, u64 now)
{
	feed_drop(node, &node->own);
	vnet_shaper_update(node, now);
	node->shaper->waiting--;
}

/**
 * vnet_shaper_reorder - prio, weight or parents of a node changed
 * @node: the node; its parent is up to date but for what @node offers
 * @now: time in ns
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_reorder(struct vnet_shaper_node *node, u64 now)
{
	if (node->own.on)
		feed_put(node, &node->own, node->prio, node->own.key, node->weight);
	vnet_shaper_update(node, now);
}

/**
 * vnet_shaper_detach - take a node, and all that is below it, away from its parent
 * @node: the node; not the root
 *
 * Context: the shaper's lock; followed by vnet_shaper_update() of the parent and
 * vnet_shaper_reorder() of each node below.
 */
void vnet_shaper_detach(struct vnet_shaper_node *node)
{
	slot_drop(&node->parent->lenders, &node->lend);
	feed_drop(node->parent, &node->borrow);
	node->active = false;
}

/* Times */

/**
 * vnet_shaper_wake - look at nodes whose time has come
 * @shaper: the shaper
 * @now: time in ns
 * @most: no more nodes than that
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_wake(struct vnet_shaper *shaper, u64 now, unsigned int most)
{
	struct vnet_shaper_slot *event;

	while (most-- && (event = slot_first(&shaper->events)) && event->key <= now)
		vnet_shaper_update(container_of(event, struct vnet_shaper_node, event), now);
}

/**
 * vnet_shaper_due - when the next frame may go
 * @shaper: the shaper
 * @now: time in ns
 *
 * Context: the shaper's lock.
 * Return: time in ns, @now if one may go now; U64_MAX: nothing is held.
 */
u64 vnet_shaper_due(const struct vnet_shaper *shaper, u64 now)
{
	const struct vnet_shaper_slot *event = slot_first(&shaper->events);

	if (shaper->root->best != VNET_SHAPER_RANKS)
		return now;
	return event ? event->key : U64_MAX;
}

/* Turns */

/**
 * vnet_shaper_next - whose turn it is
 * @shaper: the shaper; vnet_shaper_wake() has been called
 * @lender: set to whose tokens are to be used
 *
 * Context: the shaper's lock.
 * Return: the node to send from; NULL: none may.
 */
struct vnet_shaper_node *vnet_shaper_next(const struct vnet_shaper *shaper,
					  struct vnet_shaper_node **lender)
{
	struct vnet_shaper_node *node = shaper->root;
	struct vnet_shaper_slot *slot;

	if (node->best == VNET_SHAPER_RANKS)
		return NULL;
	while (node->lends > node->best)
		node = container_of(slot_first(&node->lenders), struct vnet_shaper_node, lend);
	*lender = node;
	while ((slot = slot_first(&node->feed)) != &node->own)
		node = slot_borrower(slot);
	return node;
}

/**
 * vnet_shaper_served - a node had its turn
 * @node: from vnet_shaper_next()
 * @lender: likewise
 * @bytes: length of the frame that it sent; its path was charged
 * @now: time in ns
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_served(struct vnet_shaper_node *node, struct vnet_shaper_node *lender,
			u32 bytes, u64 now)
{
	struct vnet_shaper_node *at;

	feed_serve(node, &node->own, bytes);
	for (at = node; at != lender; at = at->parent)
		feed_serve(at->parent, &at->borrow, bytes);
	/* Lenders of the same rank take turns. */
	for (; at->parent; at = at->parent)
		slot_put(&at->parent->lenders, &at->lend, at->lend.rank, ++at->shaper->turns);
	vnet_shaper_update(node, now);
}
