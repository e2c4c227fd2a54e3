// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shares of an uplink: what each may send, set anew every millisecond. Layer 1: it
 * must not know ports, networks (only as opaque owners) or the packet path (only as
 * callbacks).
 */
#include "uplink.h"

#include <linux/hrtimer.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/rculist.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include "shaper.h"
#include "waterfill.h"

/**
 * DOC: Uplinks
 *
 * The problem: many networks send through one uplink. Each has a guarantee that must
 * hold whatever the others do, and what is not used is to be lent at once. One tree of
 * classes over all of them would do that, under one lock that all CPUs want.
 *
 * Here nobody waits for a lock of others. Each network has a share of its own, for
 * each direction: a shaper with one node, whose rate is what the network may send
 * now. A control loop sets these rates anew every millisecond by what was sent and
 * what waits (V. Jeyakumar et al., "EyeQ: practical network performance isolation at
 * the edge", 2013, does so between hosts): see waterfill.c for how.
 *
 * Guarantees do not wait for the loop. A share that was idle may send at its guarantee
 * from its first frame on; what was lent of that is taken back at the next step. For up
 * to a millisecond more may thus be sent than the capacity. What was sent too much is
 * a debt of all: the next steps have so much less to divide.
 *
 * Shares that nobody uses cost nothing: the loop knows those that sent something in
 * the last steps only, and stops when there is none. A step costs some 100 ns for each
 * of them, so with many the steps are longer: 4 us for each, which is 16 ms for 4096.
 *
 * An uplink whose capacity is not known limits nobody.
 */
#define UPLINK_STEP_NS		NSEC_PER_MSEC
#define UPLINK_SHARE_NS		4096		/* of a step, for each share in use */
#define UPLINK_ELAPSED_MIN	(NSEC_PER_MSEC / 10)	/* of a step, to compute rates */
#define UPLINK_BYTES_MAX	(1ULL << 40)	/* sent in a step, to compute rates */
#define UPLINK_IDLE_STEPS	16		/* until a share is no more in use */
#define UPLINK_DEBT_NS		(8 * NSEC_PER_MSEC)	/* the most that is remembered */
#define UPLINK_REPAY_NS		(4 * NSEC_PER_MSEC)	/* in which it is to be gone */
/*
 * Frames are whole: a step sends somewhat more, the next somewhat less. What is sent too
 * little in a few steps, or by a large frame, makes up for what is too much in others.
 */
#define UPLINK_FRAME_BITS	(8 * 65536LL)
/* What a share without guarantee may send before the loop knows of it. */
#define UPLINK_START		128		/* 1/128 of the capacity, or less: */
#define UPLINK_STARTERS		4		/* 1/4 of it for all of them */
#define UPLINK_RATE_MIN		8000ULL		/* bit/s, so that everybody makes progress */
#define UPLINK_QUEUE_MIN	VNET_CLASS_QUEUE_DEFAULT
#define UPLINK_QUEUE_SLICES	10		/* of 2 ms each */
#define UPLINK_PATIENCE_NS	(50 * NSEC_PER_USEC)	/* a small part of a step */
#define UPLINK_WINDOW_NS	NSEC_PER_SEC	/* that rates are told of */
#define UPLINK_MODE		HRTIMER_MODE_ABS_PINNED_SOFT

/**
 * struct share_side - one direction of a share
 * @share: it belongs to
 * @shaper: holds frames
 * @node: the only one of @shaper
 * @active: it is in the list of its uplink's side; written under that one's lock
 * @idle: steps in which nobody sent anything
 * @allowed: the node's rate; as all that follows under the lock of the uplink's side
 * @bytes: what had been sent at the last step
 * @dropped: frames that had been refused then
 * @window: when the time began that is measured
 * @window_bytes: what had been sent then
 * @measured: bit/s, in the last whole window
 * @place: in the list of those in use
 */
struct share_side {
	struct vnet_share *share;
	struct vnet_shaper shaper;
	struct vnet_shaper_node node;
	bool active;
	u8 idle;
	u64 allowed;
	u64 bytes;
	u64 dropped;
	u64 window;
	u64 window_bytes;
	u64 measured;
	struct list_head place;
};

/**
 * struct vnet_share - what one owner may send through an uplink
 * @uplink: it belongs to
 * @owner: opaque; fixed
 * @id: to walk by; fixed
 * @users: how often it has to be left; config mutex
 * @spec: config mutex, and the locks of the uplink's sides
 * @place: in the uplink's list; config mutex
 * @rcu: the packet path holds shares under RCU
 * @sides: by vnet_dir()
 */
struct vnet_share {
	struct vnet_uplink *uplink;
	void *owner;
	u32 id;
	u32 users;
	struct vnet_share_spec spec;
	struct list_head place;
	struct rcu_head rcu;
	struct share_side sides[VNET_DIRS];
};

/**
 * struct uplink_side - one direction of an uplink
 * @uplink: it belongs to
 * @lock: covers all that follows; a shaper's lock may be taken inside of it
 * @timer: the next step
 * @running: it will come
 * @stopped: it comes no more
 * @active: struct share_side in use
 * @count: their number
 * @stepped: time of the last step
 * @debt: bits that were sent above the capacity; negative: below it, in the last steps
 * @wants: room for a step, of @room elements
 * @room: at least as many as there are shares
 */
struct uplink_side {
	struct vnet_uplink *uplink;
	spinlock_t lock;
	struct hrtimer timer;
	bool running;
	bool stopped;
	struct list_head active;
	u32 count;
	u64 stepped;
	s64 debt;
	struct vnet_want *wants;
	u32 room;
};

/**
 * struct vnet_uplink - a capacity and its shares
 * @ops: what becomes of frames that were held
 * @capacity: bit/s, 0 = not known; config mutex, and the locks of the sides
 * @guaranteed: sum of the guarantees; config mutex
 * @shares: in ascending order of ids; config mutex
 * @count: their number; config mutex
 * @sides: by vnet_dir()
 */
struct vnet_uplink {
	const struct vnet_class_ops *ops;
	u64 capacity;
	u64 guaranteed;
	struct list_head shares;
	u32 count;
	struct uplink_side sides[VNET_DIRS];
};

/* What @bytes in so many ns are in bit/s. */
static u64 uplink_rate(u64 bytes, u64 elapsed)
{
	return mul_u64_u64_div_u64(min(bytes, UPLINK_BYTES_MAX), 8 * NSEC_PER_SEC,
				   max_t(u64, elapsed, UPLINK_ELAPSED_MIN));
}

/* What a rate is in bits, over so many ns. */
static u64 uplink_bits(u64 rate, u64 elapsed)
{
	return mul_u64_u64_div_u64(rate, min_t(u64, elapsed, NSEC_PER_SEC), NSEC_PER_SEC);
}

/* Shares */

/* What a share may send before a step has seen that it does. */
static u64 share_start(const struct uplink_side *side, const struct vnet_share *share)
{
	u64 capacity = side->uplink->capacity;
	u32 parts = max_t(u32, UPLINK_START, UPLINK_STARTERS * (side->count + 1));

	return max3(share->spec.guarantee, div_u64(capacity, parts), UPLINK_RATE_MIN);
}

static struct vnet_class_spec share_shape(const struct vnet_share *share, u64 rate)
{
	u32 slice = max_t(u32, vnet_shaper_slice(rate), VNET_BURST_MIN);

	return (struct vnet_class_spec) {
		.rate = rate,
		.burst = slice,
		.cburst = slice,
		.weight = VNET_WEIGHT_MIN,
		.delay_target = share->spec.delay_target,
		.delay_limit = share->spec.delay_limit,
		.queue = clamp_t(u64, (u64)slice * UPLINK_QUEUE_SLICES, UPLINK_QUEUE_MIN,
				 VNET_CLASS_QUEUE_MAX),
	};
}

/* Let a share send at a rate from now on; 0: at any. */
static void share_allow(struct share_side *at, u64 rate)
{
	struct vnet_class_spec shape = share_shape(at->share, rate);

	if (at->allowed == rate)
		return;
	WRITE_ONCE(at->allowed, rate);
	vnet_shaper_change(&at->node, &shape);
}

/* Its owner may have other things of it now. */
static void share_shape_anew(struct uplink_side *side, struct share_side *at)
{
	struct vnet_class_spec shape;

	if (side->uplink->capacity && !at->active)
		WRITE_ONCE(at->allowed, share_start(side, at->share));
	shape = share_shape(at->share, at->allowed);
	vnet_shaper_change(&at->node, &shape);
}

static void share_rest(struct uplink_side *side, struct share_side *at)
{
	list_del(&at->place);
	side->count--;
	WRITE_ONCE(at->active, false);
	/* Whoever sends again is to be seen. */
	vnet_shaper_recall(&at->node);
}

/* The control loop */

/* What a share sent since the last step, and what it could use in the next one. */
static u64 step_look(struct share_side *at, struct vnet_want *want, u64 now, u64 elapsed)
{
	const struct vnet_share_spec *spec = &at->share->spec;
	struct vnet_class_sum sum;
	bool waiting;
	u64 used;

	vnet_shaper_read(&at->node, &sum);
	used = sum.bytes - at->bytes;
	waiting = sum.queued_packets || sum.dropped != at->dropped;
	at->bytes = sum.bytes;
	at->dropped = sum.dropped;
	at->idle = used || waiting ? 0 : at->idle + 1;
	if (now - at->window >= UPLINK_WINDOW_NS) {
		WRITE_ONCE(at->measured, uplink_rate(sum.bytes - at->window_bytes,
						     now - at->window));
		at->window_bytes = sum.bytes;
		WRITE_ONCE(at->window, now);
	}
	*want = (struct vnet_want) {
		.guarantee = spec->guarantee,
		.ceil = spec->ceil,
		.weight = spec->weight,
		.prio = spec->prio,
		.want = waiting ? VNET_WANT_ALL : uplink_rate(used, elapsed),
	};
	return used;
}

/*
 * What there is to divide: the capacity, but for what was sent above it before. Those
 * pay who have more than their guarantees: @guaranteed, of which nobody uses less, is
 * never touched.
 */
static u64 step_budget(struct uplink_side *side, u64 used, u64 guaranteed, u64 elapsed)
{
	u64 capacity = side->uplink->capacity;
	s64 least = -max_t(s64, uplink_bits(capacity, UPLINK_REPAY_NS), UPLINK_FRAME_BITS);
	s64 most = uplink_bits(capacity, UPLINK_DEBT_NS);
	u64 payment;

	side->debt += used * 8 - uplink_bits(capacity, elapsed);
	side->debt = clamp(side->debt, least, most);
	payment = mul_u64_u64_div_u64(max_t(s64, side->debt, 0), NSEC_PER_SEC,
				      UPLINK_REPAY_NS);
	return max(capacity - min(capacity / 2, payment), min(capacity, guaranteed));
}

/*
 * Who is not held back may want somewhat more the next time. Nothing is kept free for
 * that, or it would be nobody's: what is too much is a debt, as with those who begin.
 */
static u64 step_room(const struct vnet_want *want)
{
	u64 room = want->got < want->want ? want->got : want->got + want->got / 4;

	return want->ceil ? min(room, want->ceil) : room;
}

/* Who has nothing waiting may begin to send any moment, as one that is not in use. */
static u64 step_rate(const struct uplink_side *side, const struct share_side *at,
		     const struct vnet_want *want)
{
	if (want->want == VNET_WANT_ALL)
		return max(want->got, UPLINK_RATE_MIN);
	if (at->idle >= UPLINK_IDLE_STEPS)
		return share_start(side, at->share);
	return max(step_room(want), share_start(side, at->share));
}

/* Returns whether there is somebody in use still. */
static bool uplink_step(struct uplink_side *side, u64 now)
{
	struct share_side *at, *next;
	u64 elapsed = max_t(u64, now - side->stepped, UPLINK_ELAPSED_MIN);
	u64 used = 0, guaranteed = 0;
	struct vnet_want *want;
	unsigned int i = 0;

	lockdep_assert_held(&side->lock);
	list_for_each_entry(at, &side->active, place) {
		want = &side->wants[i++];
		used += step_look(at, want, now, elapsed);
		guaranteed += min(want->guarantee, want->want);
	}
	vnet_waterfill(side->wants, i, step_budget(side, used, guaranteed, elapsed));

	i = 0;
	list_for_each_entry_safe(at, next, &side->active, place) {
		share_allow(at, step_rate(side, at, &side->wants[i++]));
		if (at->idle >= UPLINK_IDLE_STEPS)
			share_rest(side, at);
	}
	side->stepped = now;
	return side->count;
}

static void uplink_arm(struct uplink_side *side, u64 now)
{
	u64 step = max_t(u64, UPLINK_STEP_NS, (u64)side->count * UPLINK_SHARE_NS);

	side->running = true;
	hrtimer_start(&side->timer, ns_to_ktime(now + step), UPLINK_MODE);
}

static enum hrtimer_restart uplink_expire(struct hrtimer *timer)
{
	struct uplink_side *side = container_of(timer, struct uplink_side, timer);
	u64 now = ktime_get_ns();

	rcu_read_lock();
	spin_lock(&side->lock);
	side->running = false;
	if (!side->stopped && side->uplink->capacity && uplink_step(side, now))
		uplink_arm(side, now);
	spin_unlock(&side->lock);
	rcu_read_unlock();
	return HRTIMER_NORESTART;
}

/* Somebody sends through a share that was not in use. */
static void share_wake(struct share_side *at, unsigned int dir)
{
	struct uplink_side *side = &at->share->uplink->sides[dir];
	u64 now = ktime_get_ns();

	spin_lock(&side->lock);
	if (!at->active && !side->stopped && side->uplink->capacity && !at->node.gone) {
		list_add_tail(&at->place, &side->active);
		side->count++;
		at->idle = 0;
		at->window = now;
		at->window_bytes = at->bytes;
		WRITE_ONCE(at->active, true);
		if (!side->running) {
			side->stepped = now;
			side->debt = 0;
			uplink_arm(side, now);
		}
	}
	spin_unlock(&side->lock);
}

/**
 * vnet_share_pass - let a frame go that need not wait for a lock
 * @share: the share of the frame's network on the uplink
 * @direction: which way it goes
 * @bytes: what it takes on the wire, with vnet_class_overhead()
 *
 * Context: RCU read side, bottom halves off.
 * Return: true when it may go, and is charged; otherwise ask vnet_share_admit().
 */
bool vnet_share_pass(const struct vnet_share *share, enum vnet_direction direction, u32 bytes)
{
	return vnet_shaper_pass(&share->sides[vnet_dir(direction)].node, bytes);
}

/**
 * vnet_share_admit - let a frame go, hold it or refuse it
 * @share: the share of the frame's network on the uplink
 * @direction: which way it goes
 * @skb: the frame, its vnet_hold() filled in
 * @divisible: the caller can split it
 *
 * Context: RCU read side, bottom halves off. Takes the share's own lock.
 * Return: a verdict; with %VNET_CLASS_HELD the share owns @skb, otherwise the caller
 * still does.
 */
enum vnet_class_verdict vnet_share_admit(struct vnet_share *share,
					 enum vnet_direction direction,
					 struct sk_buff *skb, bool divisible)
{
	unsigned int dir = vnet_dir(direction);
	struct share_side *at = &share->sides[dir];

	if (unlikely(!READ_ONCE(at->active) && READ_ONCE(at->allowed)))
		share_wake(at, dir);
	return vnet_shaper_admit(&at->node, skb, divisible);
}

/* Configuration */

static void share_give_up(struct vnet_share *share, unsigned int dir,
			  struct sk_buff_head *frames)
{
	struct sk_buff *skb;

	local_bh_disable();
	rcu_read_lock();
	while ((skb = __skb_dequeue(frames)))
		share->uplink->ops->drop(skb, VNET_DIR_INGRESS + dir, VNET_CLASS_GONE);
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * vnet_uplink_create - an uplink of which no capacity is known
 * @ops: what becomes of frames that shares held
 *
 * Context: process context; may sleep.
 * Return: the uplink, the caller's; NULL when there is no memory.
 */
struct vnet_uplink *vnet_uplink_create(const struct vnet_class_ops *ops)
{
	struct vnet_uplink *uplink = kzalloc(sizeof(*uplink), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	struct uplink_side *side;
	unsigned int dir;

	if (!uplink)
		return NULL;
	uplink->ops = ops;
	INIT_LIST_HEAD(&uplink->shares);
	for (dir = 0; dir < VNET_DIRS; dir++) {
		side = &uplink->sides[dir];
		side->uplink = uplink;
		spin_lock_init(&side->lock);
		INIT_LIST_HEAD(&side->active);
		hrtimer_setup(&side->timer, uplink_expire, CLOCK_MONOTONIC, UPLINK_MODE);
	}
	return uplink;
}

/**
 * vnet_uplink_stop - end the steps of an uplink
 * @uplink: the uplink; all its shares have been left. Frames may still find them, so
 *	it is to be freed after a grace period
 *
 * Context: config mutex; may sleep.
 */
void vnet_uplink_stop(struct vnet_uplink *uplink)
{
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++) {
		spin_lock_bh(&uplink->sides[dir].lock);
		uplink->sides[dir].stopped = true;
		spin_unlock_bh(&uplink->sides[dir].lock);
		hrtimer_cancel(&uplink->sides[dir].timer);
	}
}

/**
 * vnet_uplink_free - the end of an uplink
 * @uplink: the uplink, stopped a grace period ago; NULL: nothing to do
 *
 * Context: process context or softirq.
 */
void vnet_uplink_free(struct vnet_uplink *uplink)
{
	unsigned int dir;

	if (!uplink)
		return;
	for (dir = 0; dir < VNET_DIRS; dir++)
		kvfree(uplink->sides[dir].wants);
	kfree(uplink);
}

/**
 * vnet_uplink_set_capacity - say how much the uplink carries in each direction
 * @uplink: the uplink
 * @capacity: bit/s; 0: not known, nobody is limited and what is held goes at once
 *
 * Context: config mutex.
 */
void vnet_uplink_set_capacity(struct vnet_uplink *uplink, u64 capacity)
{
	struct vnet_share *share;
	struct uplink_side *side;
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++) {
		side = &uplink->sides[dir];
		spin_lock_bh(&side->lock);
		uplink->capacity = capacity;
		list_for_each_entry(share, &uplink->shares, place)
			share_allow(&share->sides[dir],
				    capacity ? share_start(side, share) : 0);
		while (!capacity && !list_empty(&side->active))
			share_rest(side, list_first_entry(&side->active,
							  struct share_side, place));
		spin_unlock_bh(&side->lock);
	}
}

/**
 * vnet_uplink_capacity - how much the uplink carries
 * @uplink: the uplink
 *
 * Context: config mutex.
 * Return: bit/s, 0 when that is not known.
 */
u64 vnet_uplink_capacity(const struct vnet_uplink *uplink)
{
	return uplink->capacity;
}

/**
 * vnet_uplink_guaranteed - what is promised of it
 * @uplink: the uplink
 *
 * Context: config mutex.
 * Return: the sum of all guarantees in bit/s.
 */
u64 vnet_uplink_guaranteed(const struct vnet_uplink *uplink)
{
	return uplink->guaranteed;
}

/**
 * vnet_share_find - the share of an owner
 * @uplink: the uplink
 * @owner: of the share
 *
 * Context: config mutex.
 * Return: the share, NULL when there is none.
 */
struct vnet_share *vnet_share_find(struct vnet_uplink *uplink, const void *owner)
{
	struct vnet_share *share;

	list_for_each_entry(share, &uplink->shares, place) {
		if (share->owner == owner)
			return share;
	}
	return NULL;
}

/**
 * vnet_share_next - the share with the smallest id above another one
 * @uplink: the uplink
 * @after_id: 0 for the first
 *
 * Context: config mutex.
 * Return: the share, NULL when there is none.
 */
struct vnet_share *vnet_share_next(struct vnet_uplink *uplink, u32 after_id)
{
	struct vnet_share *share;

	list_for_each_entry(share, &uplink->shares, place) {
		if (share->id > after_id)
			return share;
	}
	return NULL;
}

/* Room for one more share in the steps of one direction. */
static int uplink_grow(struct uplink_side *side, u32 count)
{
	struct vnet_want *wants = NULL, *old;
	u32 room = max(2 * side->room, 16U);

	if (count <= side->room)
		return 0;
	wants = kvcalloc(room, sizeof(*wants), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!wants)
		return -ENOMEM;
	spin_lock_bh(&side->lock);
	old = side->wants;
	side->wants = wants;
	side->room = room;
	spin_unlock_bh(&side->lock);
	kvfree(old);
	return 0;
}

static void share_free(struct vnet_share *share)
{
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++)
		vnet_shaper_free_leases(&share->sides[dir].node);
	kfree(share);
}

static void share_free_rcu(struct rcu_head *rcu)
{
	share_free(container_of(rcu, struct vnet_share, rcu));
}

static struct vnet_share *share_alloc(void)
{
	struct vnet_share *share = kzalloc(sizeof(*share), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	unsigned int dir;

	for (dir = 0; share && dir < VNET_DIRS; dir++) {
		if (!vnet_shaper_alloc_leases(&share->sides[dir].node))
			continue;
		share_free(share);
		return NULL;
	}
	return share;
}

static void share_init(struct vnet_share *share, unsigned int dir)
{
	struct vnet_uplink *uplink = share->uplink;
	struct share_side *at = &share->sides[dir];
	struct vnet_class_spec shape;

	at->share = share;
	if (uplink->capacity)
		at->allowed = share_start(&uplink->sides[dir], share);
	shape = share_shape(share, at->allowed);
	vnet_shaper_init(&at->shaper, uplink->ops, share->owner, VNET_DIR_INGRESS + dir,
			 UPLINK_PATIENCE_NS);
	vnet_shaper_set_limit(&at->shaper, VNET_QUEUE_MAX);
	vnet_shaper_join(&at->shaper, &at->node, NULL, NULL, &shape);
}

static void share_insert(struct vnet_share *share)
{
	struct list_head *before = &share->uplink->shares;
	struct vnet_share *other;

	list_for_each_entry(other, &share->uplink->shares, place) {
		if (other->id > share->id) {
			before = &other->place;
			break;
		}
	}
	list_add_tail(&share->place, before);
}

/**
 * vnet_share_join - give an owner a share
 * @uplink: the uplink
 * @owner: of the share, who has none yet; frames' ops get it
 * @id: not 0, unique in the uplink
 * @spec: what it may have
 *
 * Context: config mutex; may sleep.
 * Return: the share, with one user; NULL when there is no memory.
 */
struct vnet_share *vnet_share_join(struct vnet_uplink *uplink, void *owner, u32 id,
				   const struct vnet_share_spec *spec)
{
	struct vnet_share *share;
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++) {
		if (uplink_grow(&uplink->sides[dir], uplink->count + 1))
			return NULL;
	}
	share = share_alloc();
	if (!share)
		return NULL;
	share->uplink = uplink;
	share->owner = owner;
	share->id = id;
	share->users = 1;
	share->spec = *spec;
	for (dir = 0; dir < VNET_DIRS; dir++)
		share_init(share, dir);
	share_insert(share);
	uplink->count++;
	uplink->guaranteed += spec->guarantee;
	return share;
}

/**
 * vnet_share_use - one more user of a share
 * @share: the share; the user leaves it with vnet_share_leave()
 *
 * Context: config mutex.
 */
void vnet_share_use(struct vnet_share *share)
{
	share->users++;
}

/**
 * vnet_share_leave - one user less; the last takes the share away
 * @share: the share, freed a grace period after the last user left; frames that find it
 *	still are refused
 *
 * Context: config mutex; may sleep.
 */
void vnet_share_leave(struct vnet_share *share)
{
	struct vnet_uplink *uplink = share->uplink;
	struct sk_buff_head frames;
	struct share_side *at;
	unsigned int dir;

	if (--share->users)
		return;
	__skb_queue_head_init(&frames);
	for (dir = 0; dir < VNET_DIRS; dir++) {
		at = &share->sides[dir];
		vnet_shaper_leave(&at->node, &frames);
		share_give_up(share, dir, &frames);
		spin_lock_bh(&uplink->sides[dir].lock);
		if (at->active)
			share_rest(&uplink->sides[dir], at);
		spin_unlock_bh(&uplink->sides[dir].lock);
		vnet_shaper_stop(&at->shaper);
	}
	list_del(&share->place);
	uplink->count--;
	uplink->guaranteed -= share->spec.guarantee;
	call_rcu(&share->rcu, share_free_rcu);
}

/**
 * vnet_share_change - give a share other values
 * @share: the share; frames that it holds stay
 * @spec: what it may have from now on
 *
 * Context: config mutex.
 */
void vnet_share_change(struct vnet_share *share, const struct vnet_share_spec *spec)
{
	struct vnet_uplink *uplink = share->uplink;
	struct uplink_side *side;
	unsigned int dir;

	uplink->guaranteed += spec->guarantee - share->spec.guarantee;
	for (dir = 0; dir < VNET_DIRS; dir++) {
		side = &uplink->sides[dir];
		spin_lock_bh(&side->lock);
		share->spec = *spec;
		share_shape_anew(side, &share->sides[dir]);
		spin_unlock_bh(&side->lock);
	}
}

/**
 * vnet_share_purge - give up every held frame of a member
 * @share: the share
 * @member: source or target of the frames; closed already, see struct vnet_hold
 *
 * Context: process context.
 */
void vnet_share_purge(struct vnet_share *share, const void *member)
{
	struct sk_buff_head frames;
	unsigned int dir;

	__skb_queue_head_init(&frames);
	for (dir = 0; dir < VNET_DIRS; dir++) {
		vnet_shaper_take(&share->sides[dir].node, member, &frames);
		share_give_up(share, dir, &frames);
	}
}

/* Telling */

/**
 * vnet_share_owner - whose share it is
 * @share: the share
 *
 * Context: config mutex.
 * Return: what vnet_share_join() was given.
 */
void *vnet_share_owner(const struct vnet_share *share)
{
	return share->owner;
}

/**
 * vnet_share_id - its id
 * @share: the share
 *
 * Context: config mutex.
 * Return: what vnet_share_join() was given.
 */
u32 vnet_share_id(const struct vnet_share *share)
{
	return share->id;
}

/**
 * vnet_share_uplink - of what it is a share
 * @share: the share
 *
 * Context: config mutex.
 * Return: the uplink.
 */
struct vnet_uplink *vnet_share_uplink(const struct vnet_share *share)
{
	return share->uplink;
}

/**
 * vnet_share_spec - what it may have
 * @share: the share
 *
 * Context: config mutex.
 * Return: the values, valid while the mutex is held.
 */
const struct vnet_share_spec *vnet_share_spec(const struct vnet_share *share)
{
	return &share->spec;
}

/**
 * vnet_share_read - what it may do now, and did
 * @share: the share
 * @direction: the direction
 * @sum: filled in
 *
 * Context: config mutex.
 */
void vnet_share_read(const struct vnet_share *share, enum vnet_direction direction,
		     struct vnet_share_sum *sum)
{
	const struct share_side *at = &share->sides[vnet_dir(direction)];
	u64 age = ktime_get_ns() - READ_ONCE(at->window);

	vnet_shaper_read(&at->node, &sum->counters);
	sum->allowed = READ_ONCE(at->allowed);
	/* A window that ended long ago: nobody has sent since. */
	sum->measured = age < 2 * UPLINK_WINDOW_NS ? READ_ONCE(at->measured) : 0;
}
