/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Unit test shim: sorted trees. Balanced by a random weight of each node, which is
 * as good for tests as colours are: a parent never weighs less than its children.
 */
#ifndef SHIM_LINUX_RBTREE_H
#define SHIM_LINUX_RBTREE_H

#include <linux/container_of.h>
#include <linux/kernel.h>
#include <linux/random.h>

struct rb_node {
	struct rb_node *parent, *rb_left, *rb_right;
	u64 weight;
};

struct rb_root {
	struct rb_node *rb_node;
};

#define RB_ROOT		((struct rb_root){ NULL })
#define RB_EMPTY_ROOT(root) (!(root)->rb_node)
#define rb_entry(node, type, member) container_of(node, type, member)
#define rb_parent(node)	((node)->parent)

static inline void rb_link_node(struct rb_node *node, struct rb_node *parent,
				struct rb_node **link)
{
	node->parent = parent;
	node->rb_left = NULL;
	node->rb_right = NULL;
	*link = node;
}

static inline struct rb_node **shim_rb_link(struct rb_node *node, struct rb_root *root)
{
	if (!node->parent)
		return &root->rb_node;
	return node->parent->rb_left == node ? &node->parent->rb_left :
					       &node->parent->rb_right;
}

/* Puts a node in the place of its parent, which becomes its child. */
static inline void shim_rb_lift(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *parent = node->parent, *inner;

	*shim_rb_link(parent, root) = node;
	node->parent = parent->parent;
	parent->parent = node;
	if (parent->rb_left == node) {
		inner = node->rb_right;
		parent->rb_left = inner;
		node->rb_right = parent;
	} else {
		inner = node->rb_left;
		parent->rb_right = inner;
		node->rb_left = parent;
	}
	if (inner)
		inner->parent = parent;
}

static inline void rb_insert_color(struct rb_node *node, struct rb_root *root)
{
	/* Not get_random_u32(): the tests' numbers shall not depend on trees. */
	node->weight = (uintptr_t)node * 0x9e3779b97f4a7c15ULL;
	node->weight ^= node->weight >> 29;
	while (node->parent && node->parent->weight < node->weight)
		shim_rb_lift(node, root);
}

static inline void rb_erase(struct rb_node *node, struct rb_root *root)
{
	struct rb_node *left, *right, *only;

	while (node->rb_left && node->rb_right) {
		left = node->rb_left;
		right = node->rb_right;
		shim_rb_lift(left->weight > right->weight ? left : right, root);
	}
	only = node->rb_left ? node->rb_left : node->rb_right;
	*shim_rb_link(node, root) = only;
	if (only)
		only->parent = node->parent;
}

static inline struct rb_node *rb_first(const struct rb_root *root)
{
	struct rb_node *node = root->rb_node;

	while (node && node->rb_left)
		node = node->rb_left;
	return node;
}

static inline struct rb_node *rb_next(const struct rb_node *node)
{
	struct rb_node *next = node->rb_right;

	if (next) {
		while (next->rb_left)
			next = next->rb_left;
		return next;
	}
	while (node->parent && node->parent->rb_right == node)
		node = node->parent;
	return node->parent;
}

struct rb_root_cached {
	struct rb_root rb_root;
	struct rb_node *rb_leftmost;
};

#define RB_ROOT_CACHED	((struct rb_root_cached){ { NULL }, NULL })
#define rb_first_cached(root)	((root)->rb_leftmost)

static inline void rb_insert_color_cached(struct rb_node *node, struct rb_root_cached *root,
					  bool leftmost)
{
	if (leftmost)
		root->rb_leftmost = node;
	rb_insert_color(node, &root->rb_root);
}

static inline void rb_erase_cached(struct rb_node *node, struct rb_root_cached *root)
{
	if (root->rb_leftmost == node)
		root->rb_leftmost = rb_next(node);
	rb_erase(node, &root->rb_root);
}

#endif /* SHIM_LINUX_RBTREE_H */
