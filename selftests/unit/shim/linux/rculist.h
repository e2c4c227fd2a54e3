/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: lists with readers */
#ifndef SHIM_LINUX_RCULIST_H
#define SHIM_LINUX_RCULIST_H

#include <linux/list.h>
#include <linux/rcupdate.h>

/* Unlike list_del() these leave the way forward, which readers may be on. */
static inline void list_del_rcu(struct list_head *node)
{
	shim_list_join(node->prev, node->next);
	node->prev = SHIM_LIST_POISON;
}

static inline void hlist_del_rcu(struct hlist_node *node)
{
	shim_hlist_cut(node);
	node->pprev = SHIM_LIST_POISON;
}

static inline void hlist_del_init_rcu(struct hlist_node *node)
{
	if (hlist_unhashed(node))
		return;
	shim_hlist_cut(node);
	node->pprev = NULL;
}

#define list_add_rcu(new, after)	list_add(new, after)
#define list_add_tail_rcu(new, before)	list_add_tail(new, before)
#define list_replace_rcu(old, new)	list_replace(old, new)
#define hlist_add_head_rcu(node, head)	hlist_add_head(node, head)
#define list_entry_rcu(node, type, member) list_entry(node, type, member)

#define list_for_each_entry_rcu(pos, head, member, ...)			\
	for (shim_rcu_assert(__FILE__, __LINE__, 0 __VA_OPT__(|| (__VA_ARGS__))), \
	     pos = list_first_entry(head, typeof(*pos), member);	\
	     !list_entry_is_head(pos, head, member);			\
	     pos = list_next_entry(pos, member))
#define hlist_for_each_entry_rcu(pos, head, member, ...)		\
	for (shim_rcu_assert(__FILE__, __LINE__, 0 __VA_OPT__(|| (__VA_ARGS__))), \
	     pos = hlist_entry_safe((head)->first, typeof(*(pos)), member); \
	     pos;							\
	     pos = hlist_entry_safe((pos)->member.next, typeof(*(pos)), member))

#endif /* SHIM_LINUX_RCULIST_H */
