/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A world for a class tree: flows that send frames, a clock that stands still
 * unless a test moves it, and books in which no frame may get lost.
 */
#ifndef CLASS_WORLD_H
#define CLASS_WORLD_H

#include <limits.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <linux/hrtimer.h>
#include <linux/rcupdate.h>

#include "class_node.h"
#include "shim.h"

#define MBIT		1000000ULL
#define GBIT		1000000000ULL
#define US		1000ULL
#define MS		1000000ULL
#define SECOND		1000000000ULL

/* A flow: frames of one length, one class and one direction. */
struct flow {
	struct vnet_class *class;
	enum vnet_direction direction;
	u32 bytes;
	unsigned int greedy;	/* frames that it keeps held whenever it can */
	const void *target;
	u32 hash;		/* of its headers */
	bool ecn;		/* its frames can be marked */
	bool closed;

	u64 offered;
	u64 passed;
	u64 released;
	u64 full;
	u64 gone;
	u64 given_up;
	u64 squeezed;
	u64 late;
	u64 marked;
	u64 held;
	u64 sent_bytes;
	u64 last_seq;		/* of the last frame that went out */
	u64 first_time;		/* when the first one went out */
	u64 first_bytes;	/* and all that went out at that time */
	u64 last_time;
	u64 waited;		/* how long the last one was held, at most any one */
	u64 waited_most;
};

struct frame {
	struct sk_buff skb;
	u64 seq;
	u64 time;		/* when it was offered */
	bool marked;
};

struct limit_call {
	struct vnet_class *class;
	u64 limit;
};

static struct {
	struct vnet_class_tree *tree;
	bool chaos;		/* flows change their classes, classes their limits */
	unsigned int limit_calls;
	struct limit_call last_limit;
	void (*on_out)(const struct flow *flow, u32 bytes);
	void (*on_late)(const struct flow *flow);
} world;

static enum vnet_class_verdict flow_offer(struct flow *flow);

static void flow_out(struct flow *flow, struct frame *frame)
{
	/* In the order they came, some may be missing. */
	assert_true(frame->seq > flow->last_seq || world.chaos);
	flow->last_seq = frame->seq;
	flow->waited = ktime_get_ns() - frame->time;
	flow->waited_most = max(flow->waited_most, flow->waited);
	flow->marked += frame->marked;
	if (!flow->sent_bytes)
		flow->first_time = ktime_get_ns();
	flow->last_time = ktime_get_ns();
	flow->sent_bytes += vnet_hold(&frame->skb)->bytes;
	if (flow->last_time == flow->first_time)
		flow->first_bytes = flow->sent_bytes;
	if (world.on_out)
		world.on_out(flow, vnet_hold(&frame->skb)->bytes);
}

static void flow_refill(struct flow *flow)
{
	/* Where nothing is limited nothing will be held. */
	unsigned int tries = world.chaos ? 64 : UINT_MAX;

	while (!flow->closed && flow->held < flow->greedy && tries--) {
		enum vnet_class_verdict verdict = flow_offer(flow);

		if (verdict == VNET_CLASS_FULL || verdict == VNET_CLASS_GONE)
			break;
	}
}

static void world_release(struct sk_buff *skb, enum vnet_direction direction)
{
	struct frame *frame = container_of(skb, struct frame, skb);
	struct flow *flow = vnet_hold(skb)->source;

	assert_true(in_softirq() && rcu_read_lock_held());
	assert_int_equal(direction, flow->direction);
	/* Frames take time: a run that went on for ever would otherwise do so at one instant. */
	if (world.chaos)
		shim_skip_ns(100);
	flow->held--;
	flow->released++;
	flow_out(flow, frame);
	free(frame);
	flow_refill(flow);
}

static void world_drop(struct sk_buff *skb, enum vnet_direction direction,
		       enum vnet_class_verdict why)
{
	struct frame *frame = container_of(skb, struct frame, skb);
	struct flow *flow = vnet_hold(skb)->source;

	assert_true(in_softirq() && rcu_read_lock_held());
	assert_int_equal(direction, flow->direction);
	flow->held--;
	flow->given_up += why == VNET_CLASS_GONE;
	flow->squeezed += why == VNET_CLASS_FULL;
	flow->late += why == VNET_CLASS_LATE;
	if (why == VNET_CLASS_LATE && world.on_late)
		world.on_late(flow);
	free(frame);
}

static bool world_mark(struct sk_buff *skb)
{
	struct frame *frame = container_of(skb, struct frame, skb);
	const struct flow *flow = vnet_hold(skb)->source;

	frame->marked = flow->ecn;
	return flow->ecn;
}

static void world_limit(void *owner, struct vnet_class *class, u64 limit)
{
	assert_true(in_softirq());
	assert_ptr_equal(owner, &world);
	world.limit_calls++;
	world.last_limit = (struct limit_call){ class, limit };
}

static const struct vnet_class_ops world_ops = {
	.release = world_release,
	.drop = world_drop,
	.mark = world_mark,
	.limit = world_limit,
};

static void flow_count(struct flow *flow, struct frame *frame,
		       enum vnet_class_verdict verdict)
{
	switch (verdict) {
	case VNET_CLASS_PASS:
		flow->passed++;
		flow_out(flow, frame);
		break;
	case VNET_CLASS_HELD:
		flow->held++;
		return;
	case VNET_CLASS_FULL:
		flow->full++;
		break;
	case VNET_CLASS_GONE:
		flow->gone++;
		break;
	default:
		fail_msg("verdict %d", verdict);
	}
	free(frame);
}

static enum vnet_class_verdict flow_offer(struct flow *flow)
{
	struct frame *frame = calloc(1, sizeof(*frame));
	enum vnet_class_verdict verdict;

	assert_non_null(frame);
	frame->seq = ++flow->offered;
	frame->time = ktime_get_ns();
	frame->skb.hash = flow->hash;
	*vnet_hold(&frame->skb) = (struct vnet_hold){
		.source = flow,
		.target = (void *)flow->target,
		.source_closed = &flow->closed,
		.bytes = flow->bytes,
	};
	local_bh_disable();
	rcu_read_lock();
	verdict = vnet_class_pass(flow->class, flow->direction, flow->bytes) ?
		  VNET_CLASS_PASS :
		  vnet_class_admit(flow->class, flow->direction, &frame->skb, false);
	rcu_read_unlock();
	local_bh_enable();
	flow_count(flow, frame, verdict);
	return verdict;
}

static inline void flow_check(const struct flow *flow)
{
	assert_int_equal(flow->offered, flow->passed + flow->released + flow->full +
			 flow->gone + flow->given_up + flow->squeezed + flow->late +
			 flow->held);
}

static inline void world_begin(void)
{
	shim_reset();
	memset(&world, 0, sizeof(world));
	world.tree = vnet_class_tree_create(&world_ops, &world);
	assert_non_null(world.tree);
}

static inline void world_end(void)
{
	vnet_class_tree_destroy(world.tree);
	shim_rcu_run();
	world.tree = NULL;
}

static inline struct flow flow_of(struct vnet_class *class, u32 bytes)
{
	return (struct flow){
		.class = class, .direction = VNET_DIR_EGRESS, .bytes = bytes,
	};
}

/* Offer frames until the first one is held. */
static inline void flow_exhaust(struct flow *flow)
{
	while (flow_offer(flow) == VNET_CLASS_PASS)
		;
	assert_int_equal(flow->held, 1);
}

/* The flow sends no more and gets back what is held. */
static inline void flow_end(struct flow *flow)
{
	flow->closed = true;
	vnet_class_purge(world.tree, flow);
	assert_int_equal(flow->held, 0);
	flow_check(flow);
}

/* A specification; no parent, no ceil: not given. */
static inline struct vnet_class_spec world_spec(const char *name, const char *parent,
						u64 rate, u64 ceil)
{
	struct vnet_class_spec spec = { .has = VNET_CLASS_HAS_RATE, .rate = rate };

	snprintf(spec.name, sizeof(spec.name), "%s", name);
	if (parent) {
		snprintf(spec.parent, sizeof(spec.parent), "%s", parent);
		spec.has |= VNET_CLASS_HAS_PARENT;
	}
	if (ceil) {
		spec.ceil = ceil;
		spec.has |= VNET_CLASS_HAS_CEIL;
	}
	return spec;
}

/* Frames wait however long it takes, as a test may want that is not about delay. */
static inline void world_without_delay(struct vnet_class_spec *spec)
{
	spec->has |= VNET_CLASS_HAS_DELAY_TARGET | VNET_CLASS_HAS_DELAY_LIMIT;
	spec->delay_target = 0;
	spec->delay_limit = 0;
}

static inline struct vnet_class *world_class(const char *name)
{
	struct vnet_class *class = vnet_class_find(world.tree, name);

	assert_non_null(class);
	return class;
}

static inline struct vnet_class *world_add_spec(const struct vnet_class_spec *spec)
{
	bool unchanged;

	assert_int_equal(vnet_class_add(world.tree, spec, &unchanged), 0);
	assert_false(unchanged);
	return world_class(spec->name);
}

static inline struct vnet_class *world_add(const char *name, const char *parent, u64 rate,
					   u64 ceil)
{
	struct vnet_class_spec spec = world_spec(name, parent, rate, ceil);

	return world_add_spec(&spec);
}

static inline void world_set_spec(const struct vnet_class_spec *spec)
{
	bool unchanged;

	assert_int_equal(vnet_class_set(world.tree, spec, &unchanged), 0);
}

static inline void world_set(const char *name, u64 rate, u64 ceil)
{
	struct vnet_class_spec spec = world_spec(name, NULL, rate, ceil);

	world_set_spec(&spec);
}

static inline struct vnet_class_sum world_sum(struct vnet_class *class,
					      enum vnet_direction direction)
{
	struct vnet_class_sum sum;

	vnet_class_read(class, direction, &sum);
	return sum;
}

#endif /* CLASS_WORLD_H */
