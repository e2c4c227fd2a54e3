/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: doubly linked lists */
#ifndef SHIM_LINUX_LIST_H
#define SHIM_LINUX_LIST_H

#include <linux/container_of.h>
#include <linux/kernel.h>
#include <linux/types.h>

#define LIST_HEAD_INIT(name)	{ &(name), &(name) }
#define LIST_HEAD(name)		struct list_head name = LIST_HEAD_INIT(name)

/* What a removed node points to: following it crashes. */
#define SHIM_LIST_POISON	((void *)0x1)

static inline void INIT_LIST_HEAD(struct list_head *list)
{
	list->next = list;
	list->prev = list;
}

static inline void shim_list_join(struct list_head *before, struct list_head *after)
{
	before->next = after;
	after->prev = before;
}

static inline bool list_empty(const struct list_head *head)
{
	return head->next == head;
}

static inline bool list_is_singular(const struct list_head *head)
{
	return !list_empty(head) && head->next == head->prev;
}

static inline bool list_is_first(const struct list_head *node, const struct list_head *head)
{
	return node->prev == head;
}

static inline bool list_is_last(const struct list_head *node, const struct list_head *head)
{
	return node->next == head;
}

static inline bool list_is_head(const struct list_head *node, const struct list_head *head)
{
	return node == head;
}

static inline void list_add(struct list_head *new, struct list_head *after)
{
	shim_list_join(new, after->next);
	shim_list_join(after, new);
}

static inline void list_add_tail(struct list_head *new, struct list_head *before)
{
	list_add(new, before->prev);
}

static inline void list_del(struct list_head *node)
{
	shim_list_join(node->prev, node->next);
	node->next = SHIM_LIST_POISON;
	node->prev = SHIM_LIST_POISON;
}

static inline void list_del_init(struct list_head *node)
{
	shim_list_join(node->prev, node->next);
	INIT_LIST_HEAD(node);
}

static inline void list_replace(struct list_head *old, struct list_head *new)
{
	shim_list_join(new, old->next);
	shim_list_join(old->prev, new);
}

static inline void list_move(struct list_head *node, struct list_head *after)
{
	list_del(node);
	list_add(node, after);
}

static inline void list_move_tail(struct list_head *node, struct list_head *before)
{
	list_del(node);
	list_add_tail(node, before);
}

static inline void list_rotate_left(struct list_head *head)
{
	if (!list_empty(head))
		list_move_tail(head->next, head);
}

static inline void list_splice(struct list_head *from, struct list_head *after)
{
	struct list_head *rest = after->next;

	if (list_empty(from))
		return;
	shim_list_join(after, from->next);
	shim_list_join(from->prev, rest);
}

static inline void list_splice_tail(struct list_head *from, struct list_head *before)
{
	list_splice(from, before->prev);
}

static inline void list_splice_init(struct list_head *from, struct list_head *after)
{
	list_splice(from, after);
	INIT_LIST_HEAD(from);
}

static inline void list_splice_tail_init(struct list_head *from, struct list_head *before)
{
	list_splice_tail(from, before);
	INIT_LIST_HEAD(from);
}

static inline size_t list_count_nodes(const struct list_head *head)
{
	const struct list_head *node;
	size_t count = 0;

	for (node = head->next; node != head; node = node->next)
		count++;
	return count;
}

#define list_entry(node, type, member)	container_of(node, type, member)
#define list_first_entry(head, type, member) \
	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member) \
	list_entry((head)->prev, type, member)
#define list_first_entry_or_null(head, type, member) \
	(list_empty(head) ? NULL : list_first_entry(head, type, member))
#define list_next_entry(pos, member) \
	list_entry((pos)->member.next, typeof(*(pos)), member)
#define list_prev_entry(pos, member) \
	list_entry((pos)->member.prev, typeof(*(pos)), member)
#define list_entry_is_head(pos, head, member) (&(pos)->member == (head))

#define list_for_each(node, head) \
	for (node = (head)->next; node != (head); node = node->next)
#define list_for_each_safe(node, following, head)			\
	for (node = (head)->next, following = node->next;		\
	     node != (head); node = following, following = node->next)

#define list_for_each_entry(pos, head, member)				\
	for (pos = list_first_entry(head, typeof(*pos), member);	\
	     !list_entry_is_head(pos, head, member);			\
	     pos = list_next_entry(pos, member))
#define list_for_each_entry_reverse(pos, head, member)			\
	for (pos = list_last_entry(head, typeof(*pos), member);		\
	     !list_entry_is_head(pos, head, member);			\
	     pos = list_prev_entry(pos, member))
#define list_for_each_entry_continue(pos, head, member)			\
	for (pos = list_next_entry(pos, member);			\
	     !list_entry_is_head(pos, head, member);			\
	     pos = list_next_entry(pos, member))
#define list_for_each_entry_from(pos, head, member)			\
	for (; !list_entry_is_head(pos, head, member);			\
	     pos = list_next_entry(pos, member))
#define list_for_each_entry_safe(pos, following, head, member)		\
	for (pos = list_first_entry(head, typeof(*pos), member),	\
	     following = list_next_entry(pos, member);			\
	     !list_entry_is_head(pos, head, member);			\
	     pos = following, following = list_next_entry(pos, member))

#define HLIST_HEAD_INIT		{ NULL }
#define HLIST_HEAD(name)	struct hlist_head name = HLIST_HEAD_INIT
#define INIT_HLIST_HEAD(head)	((head)->first = NULL)

static inline void INIT_HLIST_NODE(struct hlist_node *node)
{
	node->next = NULL;
	node->pprev = NULL;
}

static inline bool hlist_empty(const struct hlist_head *head)
{
	return !head->first;
}

static inline bool hlist_unhashed(const struct hlist_node *node)
{
	return !node->pprev;
}

static inline void hlist_add_head(struct hlist_node *node, struct hlist_head *head)
{
	node->next = head->first;
	node->pprev = &head->first;
	if (node->next)
		node->next->pprev = &node->next;
	head->first = node;
}

static inline void shim_hlist_cut(struct hlist_node *node)
{
	*node->pprev = node->next;
	if (node->next)
		node->next->pprev = node->pprev;
}

static inline void hlist_del(struct hlist_node *node)
{
	shim_hlist_cut(node);
	node->next = SHIM_LIST_POISON;
	node->pprev = SHIM_LIST_POISON;
}

static inline void hlist_del_init(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	shim_hlist_cut(node);
	INIT_HLIST_NODE(node);
}

#define hlist_entry(node, type, member)	container_of(node, type, member)
#define hlist_entry_safe(node, type, member)				\
({									\
	typeof(node) __node = (node);					\
									\
	__node ? hlist_entry(__node, type, member) : NULL;		\
})
#define hlist_for_each_entry(pos, head, member)				\
	for (pos = hlist_entry_safe((head)->first, typeof(*(pos)), member); \
	     pos;							\
	     pos = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))
#define hlist_for_each_entry_safe(pos, following, head, member)		\
	for (pos = hlist_entry_safe((head)->first, typeof(*(pos)), member); \
	     pos && ({ following = (pos)->member.next; 1; });		\
	     pos = hlist_entry_safe(following, typeof(*(pos)), member))

#endif /* SHIM_LINUX_LIST_H */
