/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The shaping tree of one network: classes with a rate, a ceil and a place in
 * the tree, and for each direction their tokens and held frames.
 * Layer 1: it must not know members (only as opaque pointers), the packet path
 * (only as a callback) or netlink.
 */
#ifndef VNET_CLASS_H
#define VNET_CLASS_H

#include <linux/list.h>
#include <linux/rcupdate.h>
#include "key.h"
#include "queue.h"
#include "stats.h"

/* Which fields of a struct vnet_class_spec are given. */
#define VNET_CLASS_HAS_PARENT	0x01
#define VNET_CLASS_HAS_RATE	0x02
#define VNET_CLASS_HAS_CEIL	0x04
#define VNET_CLASS_HAS_BURST	0x08
#define VNET_CLASS_HAS_CBURST	0x10
#define VNET_CLASS_HAS_PRIO	0x20
#define VNET_CLASS_HAS_QUEUE	0x40
#define VNET_CLASS_HAS_WEIGHT	0x80
#define VNET_CLASS_HAS_DELAY_TARGET	0x10000
#define VNET_CLASS_HAS_DELAY_LIMIT	0x20000
#define VNET_CLASS_HAS_OVERHEAD	0x40000

/**
 * struct vnet_class_spec - a class as the operator gives it
 * @has: VNET_CLASS_HAS_*
 * @name: NUL-terminated
 * @parent: name of the parent
 * @rate: bit/s that it may always use; of the root: what uplinks guarantee the
 *	network, 0 = nothing (the root only)
 * @ceil: bit/s, 0 = not limited (the root only)
 * @burst: bytes
 * @cburst: bytes
 * @queue: bytes held per direction
 * @prio: 0 borrows first
 * @weight: its share of what is lent to several of the same prio
 * @delay_target: ms that its frames may wait before senders are told, 0 = never told
 * @delay_limit: ms that a frame may wait, 0 = for ever
 * @overhead: bytes that each frame takes besides its own, the root only
 */
struct vnet_class_spec {
	u32 has;
	char name[VNET_NAME_MAX + 1];
	char parent[VNET_NAME_MAX + 1];
	u64 rate;
	u64 ceil;
	u32 burst;
	u32 cburst;
	u32 queue;
	u8 prio;
	u32 weight;
	u32 delay_target;
	u32 delay_limit;
	u32 overhead;
};

struct vnet_class;

/**
 * struct vnet_class_sum - counters of one direction of a class, as read; see enum
 *	vnet_attr_class_stats
 * @lender: whose tokens it borrowed last; when it is read by vnet_class_read(), only
 *	if that was in the last second
 */
struct vnet_class_sum {
	u64 packets;
	u64 bytes;
	u64 delayed;
	u64 borrowed;
	u64 dropped;
	u64 queued_packets;
	u64 queued_bytes;
	u64 marked;
	u64 late;
	u64 measured;
	const struct vnet_class *lender;
};

struct vnet_class_tree;

/** enum vnet_class_verdict - what becomes of a frame that asks to go */
enum vnet_class_verdict {
	VNET_CLASS_PASS,	/* go on now; charged */
	VNET_CLASS_HELD,	/* the class has it now and will release it */
	VNET_CLASS_SPLIT,	/* too long at once: the caller splits it and asks for each part */
	VNET_CLASS_FULL,	/* a queue is full: the caller drops it */
	VNET_CLASS_LATE,	/* it waited too long; only of a frame that was held */
	VNET_CLASS_GONE,	/* its member or class is going: the caller drops it */
};

/**
 * struct vnet_class_ops - what the tree asks of its surroundings
 * @release: a held frame may go on; consumes it. Softirq, RCU read side, no
 *	lock of the tree held.
 * @drop: a held frame is given up: VNET_CLASS_FULL (for the sake of other frames),
 *	VNET_CLASS_LATE or VNET_CLASS_GONE; any context with bottom halves off, RCU
 *	read side; consumes it.
 * @mark: write into a held frame, for its receiver, that there is congestion; false:
 *	it has no place for that. Softirq, under a lock of the tree.
 * @limit: a queue was full for the first time; @owner is the tree's, @class NULL
 *	for the network's own bound. Bottom halves off.
 */
struct vnet_class_ops {
	void (*release)(struct sk_buff *skb, enum vnet_direction direction);
	void (*drop)(struct sk_buff *skb, enum vnet_direction direction,
		     enum vnet_class_verdict why);
	bool (*mark)(struct sk_buff *skb);
	void (*limit)(void *owner, struct vnet_class *class, u64 limit);
};

/* One tree per network. */
struct vnet_class_tree *vnet_class_tree_create(const struct vnet_class_ops *ops,
					       void *owner);
void vnet_class_tree_destroy(struct vnet_class_tree *tree);

/*
 * Configuration, under the config mutex of the namespace; may sleep. All or
 * nothing. add: -EEXIST (other values), -ENOENT (parent), -ENOSPC (limit),
 * -E2BIG (depth), -ERANGE (ceil below rate), -EDQUOT (children's rates above the
 * parent's), -ENOMEM; identical: 0 with *unchanged. set: -ENOENT (also the new parent),
 * -ERANGE, -EDQUOT, -ELOOP (below itself), -E2BIG, -EINVAL (a parent of the root).
 * del: -ENOENT, -EBUSY (children, users or rules; or the root).
 */
int vnet_class_add(struct vnet_class_tree *tree, const struct vnet_class_spec *spec,
		   bool *unchanged);
int vnet_class_set(struct vnet_class_tree *tree, const struct vnet_class_spec *spec,
		   bool *unchanged);
int vnet_class_del(struct vnet_class_tree *tree, const char *name);
struct vnet_class *vnet_class_find(struct vnet_class_tree *tree, const char *name);
struct vnet_class *vnet_class_root(struct vnet_class_tree *tree);
/* The class with the smallest id above @after_id; ids begin at 1 (the root). */
struct vnet_class *vnet_class_next(struct vnet_class_tree *tree, u32 after_id);
u32 vnet_class_count(const struct vnet_class_tree *tree);
int vnet_class_set_limits(struct vnet_class_tree *tree, u32 classes, u32 queue);

/* Users: each assignment of a member and direction holds its class in place. */
void vnet_class_use(struct vnet_class *class);
void vnet_class_unuse(struct vnet_class *class);
/* Likewise each rule that names it. */
void vnet_class_use_by_rule(struct vnet_class *class);
void vnet_class_unuse_by_rule(struct vnet_class *class);

/* Telling: what is in force, and the counters. */
void vnet_class_describe(const struct vnet_class *class, struct vnet_class_spec *spec);
const char *vnet_class_name(const struct vnet_class *class);
u32 vnet_class_id(const struct vnet_class *class);
u8 vnet_class_level(const struct vnet_class *class);
u32 vnet_class_users(const struct vnet_class *class);
u32 vnet_class_rules(const struct vnet_class *class);
u64 vnet_class_promised(const struct vnet_class *class);
void vnet_class_measure(struct vnet_class_tree *tree, u64 now);
void vnet_class_read(const struct vnet_class *class, enum vnet_direction direction,
		     struct vnet_class_sum *sum);

/*
 * Packet path, RCU read side, bottom halves off. The caller has filled
 * vnet_hold(skb) (source, target, bytes and what it needs at release). Only who
 * says that the frame is divisible gets VNET_CLASS_SPLIT.
 */
enum vnet_class_verdict vnet_class_admit(struct vnet_class *class,
					 enum vnet_direction direction,
					 struct sk_buff *skb, bool divisible);

/*
 * Give up every held frame that names @member as source or target, through
 * ops->drop. A frame whose hold says a member that is closed already (see
 * struct vnet_hold) is refused by admit under the same lock, so after this call
 * no held frame names the member any more.
 */
void vnet_class_purge(struct vnet_class_tree *tree, const void *member);

#endif /* VNET_CLASS_H */
