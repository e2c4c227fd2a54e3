/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shaper: one direction of a class tree, its tokens, held frames, timer and
 * the lock that covers them. Layer 1: it must not know names, limits on the
 * number of classes or who uses them; classes are opaque to it.
 */
#ifndef VNET_SHAPER_H
#define VNET_SHAPER_H

#include <linux/hrtimer.h>
#include <linux/list.h>
#include <linux/math64.h>
#include <linux/percpu.h>
#include <linux/rbtree.h>
#include <linux/spinlock.h>
#include "bucket.h"
#include "class.h"

/*
 * Bytes that flow in 2 ms at a rate. This is what a class may send when a timer
 * comes late, and what it may send before its siblings have their turn.
 */
static inline u32 vnet_shaper_slice(u64 rate)
{
	return div_u64(rate, 8 * (MSEC_PER_SEC / 2));
}

/* A rank for each pair of lender's level and prio; there is none of this number. */
#define VNET_SHAPER_PRIOS	(VNET_CLASS_PRIO_MAX + 1)
#define VNET_SHAPER_RANKS	(VNET_CLASS_DEPTH_MAX * VNET_SHAPER_PRIOS)

/**
 * struct vnet_shaper_slot - a place in a sorted tree
 * @rb: in the tree
 * @on: it is in there
 * @rank: the lowest goes first
 * @key: then the lowest of these goes first
 * @weight: of a slot in a feed
 */
struct vnet_shaper_slot {
	struct rb_node rb;
	bool on;
	u8 rank;
	u64 key;
	u64 weight;
};

/**
 * struct vnet_lease - what one CPU may send of a node without the lock
 * @open: it may
 * @left: so many bytes still; as @packets and @bytes written by that CPU only
 * @packets: what it sent so far by all its leases of the node
 * @bytes: likewise
 * @granted: bytes that were paid for; under the shaper's lock, as all that follows
 * @wanted: bytes that the next one should have
 * @since: when the CPU took the lock last, in ns
 * @packets_before: @packets when it began
 * @node: the node, NULL: it never had a lease
 * @lender: who paid
 * @beside: place in the node's list of CPUs that ever had one
 * @place: in the shaper's list, if it is open
 */
struct vnet_lease {
	bool open;
	u32 left;
	u64 packets;
	u64 bytes;

	u32 granted;
	u32 wanted;
	u64 since;
	u64 packets_before;
	struct vnet_shaper_node *node;
	struct vnet_shaper_node *lender;
	struct list_head beside;
	struct list_head place;
};

/**
 * struct vnet_shaper_node - one direction of a class
 * @shaper: the direction of the tree that it belongs to; fixed
 * @class: the class, to tell which one reached its limit; fixed
 * @leases: what each CPU may send without the lock; fixed
 * @parent: the next node towards the root, NULL: it is the root; changed by
 *	configuration under the shaper's lock, as all to @overhead
 * @top: its ancestor directly below the root, or itself
 * @below: nodes whose parent this is
 * @beside: place among the nodes of its parent
 * @level: distance from the root
 * @prio: 0 is served first among those that draw on the same level
 * @gone: the class is deleted, frames are refused
 * @children: how many are below it directly
 * @limit: bytes that it may hold
 * @weight: its part of what is lent to several
 * @rate_patience: ns that more tokens are waited for, to send several frames at once
 * @ceil_patience: likewise, of the ceil
 * @overhead: bytes that each frame takes besides its own; also read without the lock
 * @full: told already that the queue was full; changed by frames under the shaper's
 *	lock, as all that follows
 * @lessees: CPUs that ever had a lease
 * @rate: tokens of the rate
 * @ceil: tokens of the ceil
 * @queue: held frames
 * @feed: who draws on its tokens: itself, and children who must borrow; by prio, then
 *	by virtual time
 * @lenders: children who can lend to somebody below them, or have own tokens to use
 * @own: place in its own feed, while the queue is not empty
 * @borrow: place in the feed of its parent
 * @lend: place among the lenders of its parent
 * @event: place among the shaper's events: when it may do more than now
 * @active: there is somebody in @feed or in @lenders
 * @lends: rank of what it lends to, %VNET_SHAPER_RANKS: nothing
 * @best: rank of that, or a better one of a lender below it
 * @clock: virtual time of @feed
 * @weights: of those in @feed, by prio
 * @batch: number of the batch that its last held frame left with
 * @sum: counters; what the queue counts is filled in when they are read
 */
struct vnet_shaper_node {
	struct vnet_shaper *shaper;
	struct vnet_class *class;
	struct vnet_lease __percpu *leases;

	struct vnet_shaper_node *parent;
	struct vnet_shaper_node *top;
	struct list_head below;
	struct list_head beside;
	u8 level;
	u8 prio;
	bool gone;
	u32 children;
	u32 limit;
	u32 weight;
	u32 rate_patience;
	u32 ceil_patience;
	u32 overhead;

	bool full;
	struct list_head lessees;
	struct vnet_bucket rate;
	struct vnet_bucket ceil;
	struct vnet_queue queue;
	struct rb_root_cached feed;
	struct rb_root_cached lenders;
	struct vnet_shaper_slot own;
	struct vnet_shaper_slot borrow;
	struct vnet_shaper_slot lend;
	struct vnet_shaper_slot event;
	bool active;
	u8 lends;
	u8 best;
	u64 clock;
	u64 weights[VNET_SHAPER_PRIOS];
	u64 batch;
	struct vnet_class_sum sum;
};

/**
 * struct vnet_shaper - one direction of a tree
 * @ops: callbacks
 * @owner: their first argument
 * @direction: likewise
 * @patience: ns that frames may be late, to send several at once
 * @root: the node that has no parent
 * @lock: covers all that follows and the nodes; taken with bottom halves off,
 *	never together with another shaper's
 * @timer: runs when the first held frame may go
 * @expires: when that is in ns; U64_MAX: nothing is held. In the past: a run is
 *	due or under way, and will look for everything held when it ends
 * @resume: no run begins before this time in ns
 * @stopped: the timer is not started any more
 * @full: told already that the limit was reached
 * @limit: bytes that all nodes together may hold
 * @bytes: what they hold
 * @waiting: how many nodes hold frames
 * @events: nodes that may do more at some time, by that time
 * @turns: to have lenders of the same rank take turns
 * @leases: those that are open, the oldest first
 * @batch: number of the batch that is being released
 */
struct vnet_shaper {
	const struct vnet_class_ops *ops;
	void *owner;
	enum vnet_direction direction;
	u32 patience;
	struct vnet_shaper_node *root;

	spinlock_t lock;	/* of all that follows, and of the nodes */
	struct hrtimer timer;
	u64 expires;
	u64 resume;
	bool stopped;
	bool full;
	u32 limit;
	u64 bytes;
	u32 waiting;
	struct rb_root_cached events;
	u64 turns;
	struct list_head leases;
	u64 batch;
};

void vnet_shaper_init(struct vnet_shaper *shaper, const struct vnet_class_ops *ops,
		      void *owner, enum vnet_direction direction, u32 patience);
void vnet_shaper_stop(struct vnet_shaper *shaper);
void vnet_shaper_set_limit(struct vnet_shaper *shaper, u32 limit);

/* Configuration of a node, always with effective values: nothing left to default. */
void vnet_shaper_join(struct vnet_shaper *shaper, struct vnet_shaper_node *node,
		      struct vnet_shaper_node *parent, struct vnet_class *class,
		      const struct vnet_class_spec *spec);
void vnet_shaper_change(struct vnet_shaper_node *node, const struct vnet_class_spec *spec);
void vnet_shaper_set_overhead(struct vnet_shaper_node *node, u32 overhead);
void vnet_shaper_move(struct vnet_shaper_node *node, struct vnet_shaper_node *parent);
u8 vnet_shaper_height(struct vnet_shaper_node *node);
void vnet_shaper_leave(struct vnet_shaper_node *node, struct sk_buff_head *out);

/**
 * vnet_lease_has - whether a frame needs no lock
 * @lease: of this CPU
 * @bytes: what the frame is to be charged with
 *
 * Context: RCU read side, bottom halves off.
 * Return: true when it may go, with vnet_lease_spend() before bottom halves are on;
 * otherwise ask vnet_shaper_admit().
 */
static inline bool vnet_lease_has(const struct vnet_lease *lease, u32 bytes)
{
	return likely(READ_ONCE(lease->open) && lease->left >= bytes);
}

/**
 * vnet_lease_spend - charge a frame that may go
 * @lease: of which vnet_lease_has() said so
 * @bytes: likewise
 *
 * Context: RCU read side, bottom halves off.
 */
static inline void vnet_lease_spend(struct vnet_lease *lease, u32 bytes)
{
	WRITE_ONCE(lease->left, lease->left - bytes);
	WRITE_ONCE(lease->packets, lease->packets + 1);
	WRITE_ONCE(lease->bytes, lease->bytes + bytes);
}

/**
 * vnet_shaper_pass - let a frame go that needs no lock
 * @node: the direction of the frame's class
 * @bytes: what it is to be charged with
 *
 * Context: RCU read side, bottom halves off.
 * Return: true when it may go, and is charged; otherwise ask vnet_shaper_admit().
 */
static inline bool vnet_shaper_pass(const struct vnet_shaper_node *node, u32 bytes)
{
	struct vnet_lease *lease = this_cpu_ptr(node->leases);

	if (!vnet_lease_has(lease, bytes))
		return false;
	vnet_lease_spend(lease, bytes);
	return true;
}

enum vnet_class_verdict vnet_shaper_admit(struct vnet_shaper_node *node,
					  struct sk_buff *skb, bool divisible);
void vnet_shaper_take(struct vnet_shaper_node *node, const void *member,
		      struct sk_buff_head *out);
void vnet_shaper_read(const struct vnet_shaper_node *node, struct vnet_class_sum *sum);

int vnet_shaper_alloc_leases(struct vnet_shaper_node *node);
void vnet_shaper_free_leases(struct vnet_shaper_node *node);
void vnet_shaper_recall(struct vnet_shaper_node *node);

/* Between the files of the shaper; all under the lock. */
void vnet_shaper_end_lease(struct vnet_shaper_node *node, u64 now);
void vnet_shaper_end_leases_of(struct vnet_shaper_node *node, u64 now);
void vnet_shaper_end_leases(struct vnet_shaper *shaper, u64 now);
void vnet_shaper_end_old_leases(struct vnet_shaper *shaper, u64 now);
void vnet_shaper_begin_lease(struct vnet_shaper_node *node, struct vnet_shaper_node *lender);
void vnet_shaper_read_leases(const struct vnet_shaper_node *node, struct vnet_class_sum *sum);
struct vnet_shaper_node *vnet_shaper_lender(struct vnet_shaper_node *node, u64 now);
void vnet_shaper_charge(struct vnet_shaper_node *node,
			const struct vnet_shaper_node *lender, u32 bytes);
unsigned int vnet_shaper_rank(const struct vnet_shaper_node *lender, unsigned int prio);
void vnet_shaper_enter(struct vnet_shaper_node *node, u64 now);
void vnet_shaper_exit(struct vnet_shaper_node *node, u64 now);
void vnet_shaper_update(struct vnet_shaper_node *node, u64 now);
void vnet_shaper_reorder(struct vnet_shaper_node *node, u64 now);
void vnet_shaper_detach(struct vnet_shaper_node *node);
void vnet_shaper_wake(struct vnet_shaper *shaper, u64 now, unsigned int most);
u64 vnet_shaper_due(const struct vnet_shaper *shaper, u64 now);
struct vnet_shaper_node *vnet_shaper_next(const struct vnet_shaper *shaper,
					  struct vnet_shaper_node **lender);
void vnet_shaper_served(struct vnet_shaper_node *node, struct vnet_shaper_node *lender,
			u32 bytes, u64 now);
void vnet_shaper_arm(struct vnet_shaper *shaper, u64 when);
void vnet_shaper_freed(struct vnet_shaper_node *node, u64 bytes, u64 now);
enum hrtimer_restart vnet_shaper_expire(struct hrtimer *timer);

#endif /* VNET_SHAPER_H */
