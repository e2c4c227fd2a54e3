/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The class itself, for class.c, and for the packet path what is too short for a call.
 * Layer 1.
 */
#ifndef VNET_CLASS_NODE_H
#define VNET_CLASS_NODE_H

#include "class.h"
#include "shaper.h"

/**
 * struct vnet_class_flow - what went through one direction of a class; config mutex
 * @bytes: counted when it was measured last
 * @borrowed: likewise
 * @own: bit/s of its own frames at that time
 * @measured: bit/s of these and of all classes below it
 * @borrows: frames borrowed in the second before
 */
struct vnet_class_flow {
	u64 bytes;
	u64 borrowed;
	u64 own;
	u64 measured;
	bool borrows;
};

/**
 * struct vnet_class - a class
 * @tree: its tree
 * @parent: NULL: the root
 * @id: unique in the tree, never used again
 * @users: assignments of members; config mutex
 * @rules: rules that name it; config mutex
 * @children: config mutex
 * @promised: sum of the children's rates; config mutex
 * @spec: effective values; @spec.has tells which were given; config mutex
 * @by_name: place in the tree's hash; config mutex
 * @flow: what went through the two directions; config mutex
 * @nodes: the two directions
 * @rcu: the packet path holds classes under RCU
 */
struct vnet_class {
	struct vnet_class_tree *tree;
	struct vnet_class *parent;
	u32 id;
	u32 users;
	u32 rules;
	u32 children;
	u64 promised;
	struct vnet_class_spec spec;
	struct hlist_node by_name;
	struct vnet_class_flow flow[VNET_DIRS];
	struct vnet_shaper_node nodes[VNET_DIRS];
	struct rcu_head rcu;
};

/**
 * vnet_class_overhead - what a frame takes besides its own bytes
 * @class: the class of the frame's member
 * @direction: which way it goes
 *
 * Context: RCU read side.
 * Return: bytes, the same for all classes of a tree.
 */
static inline u32 vnet_class_overhead(const struct vnet_class *class,
				      enum vnet_direction direction)
{
	return READ_ONCE(class->nodes[vnet_dir(direction)].overhead);
}

/**
 * vnet_class_pass - let a frame go that need not wait for a lock
 * @class: the class of the frame's member
 * @direction: which way it goes
 * @bytes: what it takes on the wire, with vnet_class_overhead()
 *
 * Context: RCU read side, bottom halves off.
 * Return: true when it may go, and is charged; otherwise ask vnet_class_admit().
 */
static inline bool vnet_class_pass(const struct vnet_class *class,
				   enum vnet_direction direction, u32 bytes)
{
	return vnet_shaper_pass(&class->nodes[vnet_dir(direction)], bytes);
}

/**
 * vnet_class_lease - what this CPU may send of a class without a lock
 * @class: the class of the frame's member
 * @direction: which way it goes
 *
 * Context: RCU read side, bottom halves off.
 * Return: for vnet_lease_has() and vnet_lease_spend(), with vnet_class_overhead().
 */
static inline struct vnet_lease *vnet_class_lease(const struct vnet_class *class,
						  enum vnet_direction direction)
{
	return this_cpu_ptr(class->nodes[vnet_dir(direction)].leases);
}

#endif /* VNET_CLASS_NODE_H */
