// SPDX-License-Identifier: GPL-2.0-only
/*
 * Charging and scheduling of one direction of a class tree. Layer 1: it must not
 * know class names, members (only as opaque pointers) or the packet path (only
 * as callbacks).
 */
#include "shaper.h"

#include <linux/if_ether.h>
#include <linux/ktime.h>
#include <linux/minmax.h>

/**
 * DOC: Theory of operation
 *
 * The problem: classes form a tree. Each has a rate that it may always use, a
 * ceil that it must never exceed, and what one of them leaves unused the others
 * may borrow, without anybody measuring or predicting anything.
 *
 * The arithmetic is that of HTB (M. Devera, "Hierarchical token bucket theory",
 * 2002). Each node has two buckets: tokens of its rate and tokens of its ceil.
 * A frame of node X may go when
 *
 *  - some node A on the path from X to the root has rate tokens; the nearest such
 *    A is the lender (A = X: nothing is borrowed), and
 *  - every node on the whole path has ceil tokens.
 *
 * The frame is charged to the ceil of every node on the path and to the rate of
 * A and of every node above A: what A lends it spends as its own. Below A the
 * rates are not charged, so borrowing never uses up a guarantee.
 *
 * HTB asks for ceil tokens only below the lender. Here the ceil of a node caps
 * everything below it, even when the children's rates and debts would allow more.
 *
 * An example, Mbit/s as rate/ceil::
 *
 *                    root 100/100
 *                   /            \
 *          gold 60/100          free 20/40
 *          /         \
 *    web 20/50     app 40/60
 *
 *    A frame of web          rate            ceil
 *    web                     in debt         pays
 *    gold                    lends, pays     pays
 *    root                    pays            pays
 *
 * All of them busy: web has 20, app 40 and free 20. Nothing is left of gold, but
 * 20 of the root, which all three borrow in turns.
 * With app idle: web has its 20 and borrows 30 of gold, up to its ceil of 50. The
 * root has 30 left; free borrows 20 of these, up to its ceil of 40.
 *
 * A class may get frames and have children. Its own frames then draw on its
 * tokens at the same level as children who borrow from it, so that they cannot
 * take what is guaranteed to the children.
 *
 * A root of rate 0 is unlimited: it lends without end and caps nothing.
 *
 * Who goes first, when several nodes may (shaper_order.c): those on tokens of a leaf,
 * then those who draw on the deepest lender (one near the root is shared by more), then
 * the better prio. Each such pair of level and prio is a rank. Among borrowers of the
 * same rank what is lent is shared by weight, which is the rate unless somebody says
 * otherwise, by start-time fair queueing (P. Goyal, H. Vin, H. Cheng, 1996). A child
 * that borrows for those below it weighs as much as all of them.
 *
 * All that is known of who may go is kept in trees as HTB does, so that nobody is looked
 * at in vain. A node is one of three things::
 *
 *    stopped   it has no ceil tokens. Nothing below it is seen from above
 *    poor      it has no rate tokens. Who draws on it is its `feed`, and it stands for
 *              the best of them in the feed of its parent
 *    rich      it lends to the best of its feed, and is in the `lenders` of its parent,
 *              and of that one's parent, by its rank
 *
 * The root's best lender, and from there on the best of each feed down to a node that has
 * frames, is who goes next. A frame that goes changes the nodes of its path only. Who is
 * stopped or poor has an event when it will be so no more.
 *
 * Patience: a timer for each frame costs more than the frame. Events are some time after
 * the first token comes, so that several frames can go at once; of the burst that takes a
 * quarter at most, and a tenth of the time while somebody has his own tokens and lacks
 * those of a parent only.
 *
 * Time: buckets earn by the clock, not by timers. A timer that comes late finds
 * the tokens of the whole time, up to the burst: a burst below rate * latency of
 * the timer costs rate (the default burst covers 2 ms).
 *
 * Leases: a class that is not limited does not need the lock (shaper_lease.c). A CPU
 * whose frame may pass takes some more bytes along, which all of the path pays for at
 * once, as for a frame; frames that these suffice for pass by them alone. A CPU that
 * uses them up within milliseconds gets twice as many the next time, but never more
 * than a quarter of what there is: near its limit a class leases nothing. Leases end
 * and what is left goes back when a frame of the class has to wait, when they get old,
 * and when anything about the tree changes. What is lent counts as part of the burst
 * all the time, so no number of CPUs makes it larger.
 *
 * Cost: a frame without a lease walks its path, at most eight nodes, each with places in
 * four trees that have as many nodes as wait there: idle classes cost nothing, and those
 * that wait the logarithm of their number. A run wakes, and sends, no more than it may.
 *
 * Order: frames of a flow of a node leave in the order they came (queue.c). While
 * frames of a node are on their way out, outside the lock, its new ones are held
 * behind them.
 *
 * Delay: which of a node's frames is the next one, and which are given up because they
 * waited too long, is the queue's business. Tokens do not care: what is given up pays
 * nothing. CoDel's target must allow for some waiting that nobody can avoid: that of
 * one and a half large frames at the rate of the class.
 *
 * A super-frame takes as long on the wire as all its segments, and nobody can go in
 * between. One that is longer than the burst of whoever it would draw on is given back
 * to be split, and its segments wait, or do not, each for itself.
 *
 * Moving: a node takes its queue, its tokens and all that is below it along
 * (shaper_move.c). Its frames go by the new path at once.
 */

#define SHAPER_WAKE		8		/* nodes woken to let one frame pass */
#define SHAPER_FLOW_QUANTUM	2		/* bytes per weight, in a turn of a flow */
#define SHAPER_FLOW_QUANTUM_MAX	65536
#define SHAPER_INTERVAL		20		/* of CoDel, in targets (RFC 8289, 4.3) */
#define SHAPER_MODE		HRTIMER_MODE_ABS_PINNED_SOFT

/**
 * struct shaper_excess - what is to be done when the lock is released
 * @tell: a limit was reached
 * @class: whose it is, NULL: the network's
 * @limit: its value
 * @victims: frames that were given up for another one
 */
struct shaper_excess {
	bool tell;
	struct vnet_class *class;
	u64 limit;
	struct sk_buff_head victims;
};

/* Timer and flags */

/**
 * vnet_shaper_arm - have a run no later than at a time
 * @shaper: the shaper
 * @when: time in ns; a pause between runs is kept nevertheless
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_arm(struct vnet_shaper *shaper, u64 when)
{
	lockdep_assert_held(&shaper->lock);
	when = max(when, shaper->resume);
	if (shaper->stopped || when >= shaper->expires)
		return;
	shaper->expires = when;
	hrtimer_start(&shaper->timer, ns_to_ktime(when), SHAPER_MODE);
}

/* Something may go sooner than it was computed. */
static void shaper_hurry(struct vnet_shaper *shaper)
{
	u64 now = ktime_get_ns();

	vnet_shaper_wake(shaper, now, SHAPER_WAKE);
	vnet_shaper_arm(shaper, vnet_shaper_due(shaper, now));
}

/* Whether frames of @node are on their way out, outside the lock. */
static bool shaper_leaving(const struct vnet_shaper_node *node)
{
	return node->batch == node->shaper->batch;
}

/* Holding */

/**
 * vnet_shaper_freed - account for frames that left a queue
 * @node: whose queue
 * @bytes: of these frames
 * @now: time in ns
 *
 * An episode of a full queue is over when half of the limit is free: at the limit
 * itself every frame would begin one.
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_freed(struct vnet_shaper_node *node, u64 bytes, u64 now)
{
	struct vnet_shaper *shaper = node->shaper;

	lockdep_assert_held(&shaper->lock);
	shaper->bytes -= bytes;
	if (shaper->bytes <= shaper->limit / 2)
		shaper->full = false;
	if (node->queue.bytes <= node->limit / 2)
		node->full = false;
	if (!node->queue.packets)
		vnet_shaper_exit(node, now);
}

static void shaper_exceed(struct shaper_excess *excess, bool *full,
			  struct vnet_class *class, u64 limit)
{
	if (*full)
		return;
	*full = true;
	excess->tell = true;
	excess->class = class;
	excess->limit = limit;
}

/* Room for a frame in the full queue of @node, if others there have more than it. */
static bool shaper_squeeze(struct vnet_shaper_node *node, struct sk_buff *skb,
			   u64 now, struct shaper_excess *excess)
{
	u64 before = node->queue.bytes;
	bool room = vnet_queue_squeeze(&node->queue, skb, node->limit, &excess->victims);

	node->sum.dropped += skb_queue_len(&excess->victims);
	if (!skb_queue_empty(&excess->victims))
		vnet_shaper_freed(node, before - node->queue.bytes, now);
	return room;
}

static enum vnet_class_verdict shaper_hold(struct vnet_shaper_node *node,
					   struct sk_buff *skb, u64 now,
					   struct shaper_excess *excess)
{
	struct vnet_shaper *shaper = node->shaper;
	u32 bytes = vnet_hold(skb)->bytes;

	if (node->queue.bytes + bytes > node->limit) {
		shaper_exceed(excess, &node->full, node->class, node->limit);
		if (!shaper_squeeze(node, skb, now, excess)) {
			node->sum.dropped++;
			return VNET_CLASS_FULL;
		}
	}
	if (shaper->bytes + bytes > shaper->limit) {
		shaper_exceed(excess, &shaper->full, NULL, shaper->limit);
		node->sum.dropped++;
		return VNET_CLASS_FULL;
	}

	vnet_queue_push(&node->queue, skb, now);
	shaper->bytes += bytes;
	if (node->queue.packets == 1) {
		vnet_shaper_end_leases_of(node, now);
		vnet_shaper_enter(node, now);
		vnet_shaper_arm(shaper, vnet_shaper_due(shaper, now));
	}
	return VNET_CLASS_HELD;
}

/* Admission */

/*
 * Whether a waiting node that shares a limited ancestor with @node could go now
 * and has as good a claim as @rank. Its timer is about to run; on a busy CPU a
 * sender whose frames always come before the timer would starve it otherwise.
 */
static bool shaper_contested(const struct vnet_shaper_node *node, unsigned int rank,
			     u64 now)
{
	struct vnet_shaper *shaper = node->shaper;

	if (!shaper->waiting)
		return false;
	vnet_shaper_wake(shaper, now, SHAPER_WAKE);
	return (shaper->root->rate.rate ? shaper->root : node->top)->best <= rank;
}

static bool shaper_closed(const struct vnet_hold *hold)
{
	return READ_ONCE(*hold->source_closed) ||
	       (hold->target_closed && READ_ONCE(*hold->target_closed));
}

/*
 * Whether a frame is longer than may pass at once: by the tokens that it would draw on
 * now, or those that it can be sure of when it has to wait.
 */
static bool shaper_too_long(const struct vnet_shaper_node *node,
			    const struct vnet_shaper_node *lender, u32 bytes)
{
	return !vnet_bucket_holds(lender ? &lender->rate : &node->rate, bytes) ||
	       !vnet_bucket_holds(&node->ceil, bytes);
}

/* What other CPUs have leased and do not use must not keep frames waiting. */
static struct vnet_shaper_node *shaper_find_lender(struct vnet_shaper_node *node, u64 now)
{
	struct vnet_shaper_node *lender = vnet_shaper_lender(node, now);

	if (likely(lender))
		return lender;
	vnet_shaper_end_leases_of(node, now);
	return vnet_shaper_lender(node, now);
}

static enum vnet_class_verdict shaper_decide(struct vnet_shaper_node *node,
					     struct sk_buff *skb, bool divisible,
					     struct shaper_excess *excess)
{
	const struct vnet_hold *hold = vnet_hold(skb);
	struct vnet_shaper_node *lender = NULL;
	u64 now;

	lockdep_assert_held(&node->shaper->lock);
	if (node->gone || shaper_closed(hold))
		return VNET_CLASS_GONE;

	now = ktime_get_ns();
	vnet_shaper_end_old_leases(node->shaper, now);
	vnet_shaper_end_lease(node, now);
	/* With what they gave back somebody may go sooner. */
	if (node->shaper->waiting)
		vnet_shaper_arm(node->shaper, vnet_shaper_due(node->shaper, now));
	if (!node->queue.packets && !shaper_leaving(node))
		lender = shaper_find_lender(node, now);
	if (divisible && shaper_too_long(node, lender, hold->bytes))
		return VNET_CLASS_SPLIT;
	if (!lender || shaper_contested(node, vnet_shaper_rank(lender, node->prio), now))
		return shaper_hold(node, skb, now, excess);

	vnet_shaper_charge(node, lender, hold->bytes);
	vnet_shaper_begin_lease(node, lender);
	vnet_shaper_update(node, now);
	return VNET_CLASS_PASS;
}

/**
 * vnet_shaper_admit - let a frame go, hold it or refuse it
 * @node: the direction of the frame's class
 * @skb: the frame, its vnet_hold() filled in
 * @divisible: the caller can split it
 *
 * Context: RCU read side, bottom halves off. Takes the shaper's lock.
 * Return: a verdict; with %VNET_CLASS_HELD the shaper owns @skb, otherwise the
 * caller still does.
 */
enum vnet_class_verdict vnet_shaper_admit(struct vnet_shaper_node *node,
					  struct sk_buff *skb, bool divisible)
{
	struct vnet_shaper *shaper = node->shaper;
	struct shaper_excess excess = {};
	enum vnet_class_verdict verdict;
	struct sk_buff *victim;

	__skb_queue_head_init(&excess.victims);
	spin_lock(&shaper->lock);
	verdict = shaper_decide(node, skb, divisible, &excess);
	spin_unlock(&shaper->lock);
	if (excess.tell)
		shaper->ops->limit(shaper->owner, excess.class, excess.limit);
	while ((victim = __skb_dequeue(&excess.victims)))
		shaper->ops->drop(victim, shaper->direction, VNET_CLASS_FULL);
	return verdict;
}

/* Configuration */

/**
 * vnet_shaper_init - prepare one direction of a tree
 * @shaper: the shaper; a root must join before any frame comes
 * @ops: callbacks
 * @owner: their first argument
 * @direction: likewise
 * @patience: ns that frames may be late, to send several at once
 *
 * Context: process context.
 */
void vnet_shaper_init(struct vnet_shaper *shaper, const struct vnet_class_ops *ops,
		      void *owner, enum vnet_direction direction, u32 patience)
{
	shaper->ops = ops;
	shaper->owner = owner;
	shaper->direction = direction;
	shaper->patience = patience;
	spin_lock_init(&shaper->lock);
	hrtimer_setup(&shaper->timer, vnet_shaper_expire, CLOCK_MONOTONIC, SHAPER_MODE);
	shaper->expires = U64_MAX;
	shaper->limit = VNET_QUEUE_DEFAULT;
	shaper->events = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&shaper->leases);
	shaper->batch = 1;	/* nodes begin with 0: nothing of them is leaving */
}

/**
 * vnet_shaper_stop - end all runs of the timer
 * @shaper: the shaper; its nodes have left
 *
 * Context: process context; may sleep.
 */
void vnet_shaper_stop(struct vnet_shaper *shaper)
{
	spin_lock_bh(&shaper->lock);
	shaper->stopped = true;
	spin_unlock_bh(&shaper->lock);
	hrtimer_cancel(&shaper->timer);
}

/**
 * vnet_shaper_set_limit - bound what all nodes together hold
 * @shaper: the shaper
 * @limit: bytes; frames held already stay
 *
 * Context: process context.
 */
void vnet_shaper_set_limit(struct vnet_shaper *shaper, u32 limit)
{
	spin_lock_bh(&shaper->lock);
	shaper->limit = limit;
	shaper->full = false;
	spin_unlock_bh(&shaper->lock);
}

static void shaper_configure_queue(struct vnet_shaper_node *node,
				   const struct vnet_class_spec *spec)
{
	struct vnet_queue *queue = &node->queue;
	u64 large = 0;

	/* One and a half large frames. */
	if (spec->rate)
		large = div64_u64(ETH_FRAME_LEN * 12ULL * NSEC_PER_SEC, spec->rate);
	queue->codel.target = max_t(u64, spec->delay_target * NSEC_PER_MSEC, large);
	queue->codel.interval = max_t(u64, spec->delay_target * SHAPER_INTERVAL *
				      (u64)NSEC_PER_MSEC, 2 * large);
	if (!spec->delay_target)
		queue->codel.target = U64_MAX;
	queue->delay = spec->delay_limit ? spec->delay_limit * (u64)NSEC_PER_MSEC : U64_MAX;
	queue->quantum = clamp_t(u64, (u64)spec->weight * SHAPER_FLOW_QUANTUM, ETH_FRAME_LEN,
				 SHAPER_FLOW_QUANTUM_MAX);
}

/*
 * A timer for each frame costs more than the frame. To wait somewhat longer than for the
 * first tokens loses none, if the bucket has room for those that come meanwhile.
 */
static u32 shaper_patience(const struct vnet_shaper *shaper, const struct vnet_bucket *bucket)
{
	if (!bucket->rate)
		return 0;
	return min_t(u64, shaper->patience, div64_u64(bucket->burst / 4, bucket->rate));
}

static void shaper_configure(struct vnet_shaper_node *node,
			     const struct vnet_class_spec *spec)
{
	node->prio = spec->prio;
	node->limit = spec->queue;
	node->full = false;
	node->weight = spec->weight;
	node->rate_patience = shaper_patience(node->shaper, &node->rate);
	node->ceil_patience = shaper_patience(node->shaper, &node->ceil);
	shaper_configure_queue(node, spec);
}

/**
 * vnet_shaper_join - add a node
 * @shaper: the shaper
 * @node: the node, zeroed but for vnet_shaper_alloc_leases()
 * @parent: a node of the same shaper, NULL: this is the root
 * @class: to tell who reached its limit
 * @spec: effective values
 *
 * Context: process context.
 */
void vnet_shaper_join(struct vnet_shaper *shaper, struct vnet_shaper_node *node,
		      struct vnet_shaper_node *parent, struct vnet_class *class,
		      const struct vnet_class_spec *spec)
{
	u64 now = ktime_get_ns();

	node->shaper = shaper;
	node->parent = parent;
	node->top = parent && parent->parent ? parent->top : node;
	node->class = class;
	node->level = parent ? parent->level + 1 : 0;
	vnet_bucket_init(&node->rate, spec->rate, spec->burst, now);
	vnet_bucket_init(&node->ceil, spec->ceil, spec->cburst, now);
	vnet_queue_init(&node->queue);
	node->lends = VNET_SHAPER_RANKS;
	node->best = VNET_SHAPER_RANKS;
	node->feed = RB_ROOT_CACHED;
	node->lenders = RB_ROOT_CACHED;
	INIT_LIST_HEAD(&node->lessees);
	INIT_LIST_HEAD(&node->below);
	INIT_LIST_HEAD(&node->beside);
	shaper_configure(node, spec);
	node->overhead = parent ? parent->overhead : spec->overhead;

	spin_lock_bh(&shaper->lock);
	if (parent) {
		parent->children++;
		list_add_tail(&node->beside, &parent->below);
		vnet_shaper_update(parent, now);
	} else {
		shaper->root = node;
	}
	spin_unlock_bh(&shaper->lock);
}

/**
 * vnet_shaper_change - give a node other values
 * @node: the node; frames held already stay
 * @spec: effective values
 *
 * Context: process context.
 */
void vnet_shaper_change(struct vnet_shaper_node *node, const struct vnet_class_spec *spec)
{
	struct vnet_shaper *shaper = node->shaper;
	u64 now;

	spin_lock_bh(&shaper->lock);
	now = ktime_get_ns();
	vnet_shaper_end_leases(shaper, now);
	vnet_bucket_change(&node->rate, spec->rate, spec->burst, now);
	vnet_bucket_change(&node->ceil, spec->ceil, spec->cburst, now);
	shaper_configure(node, spec);
	vnet_shaper_reorder(node, now);
	shaper_hurry(shaper);
	spin_unlock_bh(&shaper->lock);
}

/**
 * vnet_shaper_set_overhead - charge each frame with bytes besides its own
 * @node: the node
 * @overhead: bytes; frames held already stay as they are
 *
 * Context: process context.
 */
void vnet_shaper_set_overhead(struct vnet_shaper_node *node, u32 overhead)
{
	WRITE_ONCE(node->overhead, overhead);
}

static void shaper_take(struct vnet_shaper_node *node, const void *member,
			struct sk_buff_head *out)
{
	u64 before = node->queue.bytes;

	if (!vnet_queue_take(&node->queue, member, out))
		return;
	vnet_shaper_freed(node, before - node->queue.bytes, ktime_get_ns());
}

/**
 * vnet_shaper_leave - remove a node; from now on it refuses frames
 * @node: a node without children, or one of a tree that leaves as a whole,
 *	children and parents in any order; to be freed after a grace period
 * @out: list that its held frames are appended to; they are the caller's
 *
 * Context: process context.
 */
void vnet_shaper_leave(struct vnet_shaper_node *node, struct sk_buff_head *out)
{
	struct vnet_shaper *shaper = node->shaper;

	spin_lock_bh(&shaper->lock);
	node->gone = true;
	vnet_shaper_end_leases_of(node, ktime_get_ns());
	list_del_init(&node->beside);
	shaper_take(node, NULL, out);
	if (node->parent) {
		node->parent->children--;
		vnet_shaper_update(node->parent, ktime_get_ns());
	}
	vnet_queue_end(&node->queue);
	spin_unlock_bh(&shaper->lock);
}

/**
 * vnet_shaper_take - take back the held frames of a member
 * @node: the node
 * @member: source or target of the frames, NULL: all frames
 * @out: list that they are appended to; they are the caller's
 *
 * Context: any but hard interrupts. Takes the shaper's lock.
 */
void vnet_shaper_take(struct vnet_shaper_node *node, const void *member,
		      struct sk_buff_head *out)
{
	spin_lock_bh(&node->shaper->lock);
	shaper_take(node, member, out);
	spin_unlock_bh(&node->shaper->lock);
}

/**
 * vnet_shaper_recall - have the next frame on each CPU ask for the lock
 * @node: the node
 *
 * Context: any but hard interrupts. Takes the shaper's lock.
 */
void vnet_shaper_recall(struct vnet_shaper_node *node)
{
	spin_lock_bh(&node->shaper->lock);
	vnet_shaper_end_leases_of(node, ktime_get_ns());
	spin_unlock_bh(&node->shaper->lock);
}

/**
 * vnet_shaper_read - the counters of a node
 * @node: the node
 * @sum: filled in
 *
 * Context: any but hard interrupts. Takes the shaper's lock.
 */
void vnet_shaper_read(const struct vnet_shaper_node *node, struct vnet_class_sum *sum)
{
	struct vnet_shaper *shaper = node->shaper;

	spin_lock_bh(&shaper->lock);
	*sum = node->sum;
	vnet_shaper_read_leases(node, sum);
	sum->queued_packets = node->queue.packets;
	sum->queued_bytes = node->queue.bytes;
	sum->marked = node->queue.marked;
	sum->late = node->queue.late;
	spin_unlock_bh(&shaper->lock);
}
