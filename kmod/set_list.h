/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The sets of one network: their names, their limits, who uses them, and changes of
 * many elements at once.
 * Layer 1: it must not know rules or netlink attributes.
 */
#ifndef VNET_SET_LIST_H
#define VNET_SET_LIST_H

#include <linux/list.h>
#include <linux/refcount.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <linux/vnet.h>
#include "set_table.h"

#define VNET_SET_BUCKETS	64

/**
 * struct vnet_set_list - the sets of a network
 * @by_name: hash table over the names
 * @by_id: all of them, ids going up
 * @count: how many there are
 * @limit: most of them
 * @elements: how many elements they have together
 * @element_limit: most of these
 * @last_id: of the set that was added last
 *
 * All of it is under the config mutex of the namespace, which the caller holds. A
 * list must not be moved in memory.
 */
struct vnet_set_list {
	struct hlist_head by_name[VNET_SET_BUCKETS];
	struct list_head by_id;
	u32 count;
	u32 limit;
	u32 elements;
	u32 element_limit;
	u32 last_id;
};

/**
 * struct vnet_named_set - a set of a network
 * @by_name: in list->by_name; config mutex
 * @by_id: in list->by_id; config mutex
 * @list: where it is; valid as long as it is there
 * @set: its elements
 * @id: order of creation; never used again in its network
 * @users: how often rules in force name it; config mutex
 * @refs: the list, and each rule that names it until its readers are done
 * @free_work: the last step, in process context
 * @name: NUL-terminated
 */
struct vnet_named_set {
	struct hlist_node by_name;
	struct list_head by_id;
	struct vnet_set_list *list;
	struct vnet_set *set;
	u32 id;
	u32 users;
	refcount_t refs;
	struct work_struct free_work;
	char name[VNET_NAME_MAX + 1];
};

void vnet_set_list_init(struct vnet_set_list *list);
void vnet_set_list_destroy(struct vnet_set_list *list);

/*
 * Configuration, under the config mutex; may sleep. All or nothing.
 * add: -EEXIST (other type), -ENOSPC, -ENOMEM; the same one: 0 with *unchanged.
 * del: -EBUSY. set_limits: -ENOSPC (sets), -E2BIG (elements).
 */
int vnet_set_list_add(struct vnet_set_list *list, const char *name,
		      enum vnet_set_type type, struct vnet_named_set **named,
		      bool *unchanged);
int vnet_set_list_del(struct vnet_named_set *named);
struct vnet_named_set *vnet_set_list_find(struct vnet_set_list *list, const char *name);
/* The set with the smallest id above @after_id; ids begin at 1. */
struct vnet_named_set *vnet_set_list_next(struct vnet_set_list *list, u32 after_id);
int vnet_set_list_set_limits(struct vnet_set_list *list, u32 sets, u32 elements);

/*
 * Elements, likewise. add: -ENOSPC (limit of the list), -E2BIG (of a set), -ENOMEM.
 * del: -ENOENT (*bad = index of it), -ENOMEM. replace: as add.
 */
int vnet_set_change_add(struct vnet_named_set *named,
			const struct vnet_set_element *elements, u32 count,
			bool *unchanged);
int vnet_set_change_del(struct vnet_named_set *named,
			const struct vnet_set_element *elements, u32 count, u32 *bad);
int vnet_set_change_replace(struct vnet_named_set *named,
			    const struct vnet_set_element *elements, u32 count,
			    bool *unchanged);
bool vnet_set_change_forget(struct vnet_named_set *named, u32 member);

/* Of those that name a set: it cannot be deleted (use), it is there (hold). */
struct vnet_named_set *vnet_named_set_of(const struct vnet_set *set);
void vnet_set_use(const struct vnet_set *set);
void vnet_set_unuse(const struct vnet_set *set);
void vnet_set_hold(const struct vnet_set *set);
void vnet_set_release(const struct vnet_set *set);

int vnet_set_init_module(void);
void vnet_set_exit_module(void);

#endif /* VNET_SET_LIST_H */
