// SPDX-License-Identifier: GPL-2.0-only
/*
 * The sets of one network: their names, their limits and who uses them.
 * Layer 1: it must not know rules, what sets consist of, or netlink attributes.
 *
 * A set that rules in force name cannot be deleted. A rule that is gone keeps its sets
 * until its readers are done, and gives them back in an RCU callback, where nothing
 * may sleep: so a set is freed by a work queue.
 */

#include "set_list.h"

#include <linux/errno.h>
#include <linux/init.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include "set_element.h"

/* The last step of each set; sleeps, so it cannot be an RCU callback. */
static struct workqueue_struct *free_queue;

static struct hlist_head *bucket_of(struct vnet_set_list *list, const char *name)
{
	return &list->by_name[full_name_hash(NULL, name, strlen(name)) %
			      VNET_SET_BUCKETS];
}

/*
 * Life
 */

static void free_named(struct work_struct *work)
{
	struct vnet_named_set *named = container_of(work, struct vnet_named_set, free_work);

	vnet_set_destroy(named->set);
	kfree(named);
}

static struct vnet_named_set *make_named(const char *name, enum vnet_set_type type)
{
	struct vnet_named_set *named = kzalloc(sizeof(*named), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);

	if (!named)
		return NULL;
	named->set = vnet_set_create(type);
	if (!named->set) {
		kfree(named);
		return NULL;
	}
	named->set->named = named;
	strscpy(named->name, name, sizeof(named->name));
	refcount_set(&named->refs, 1);
	INIT_WORK(&named->free_work, free_named);
	return named;
}

static void put(struct vnet_named_set *named)
{
	if (refcount_dec_and_test(&named->refs))
		queue_work(free_queue, &named->free_work);
}

/**
 * vnet_named_set_of - who a set is
 * @set: a set that was made by vnet_set_list_add()
 *
 * Context: any.
 * Return: the set with its name.
 */
struct vnet_named_set *vnet_named_set_of(const struct vnet_set *set)
{
	return set->named;
}

/**
 * vnet_set_use - a rule in force names a set: it cannot be deleted
 * @set: a set of the rule's network
 *
 * Context: config mutex.
 */
void vnet_set_use(const struct vnet_set *set)
{
	set->named->users++;
}

/**
 * vnet_set_unuse - take vnet_set_use() back
 * @set: the set
 *
 * Context: config mutex.
 */
void vnet_set_unuse(const struct vnet_set *set)
{
	set->named->users--;
}

/**
 * vnet_set_hold - keep the memory of a set
 * @set: a set that somebody keeps already
 *
 * Context: any.
 */
void vnet_set_hold(const struct vnet_set *set)
{
	refcount_inc(&set->named->refs);
}

/**
 * vnet_set_release - take vnet_set_hold() back
 * @set: the set; whoever found it through the caller reads it no more
 *
 * Context: any; RCU callbacks may.
 */
void vnet_set_release(const struct vnet_set *set)
{
	put(set->named);
}

/*
 * The list
 */

/**
 * vnet_set_list_find - find a set by its name
 * @list: sets of the network
 * @name: its name
 *
 * Context: config mutex.
 * Return: the set, valid as long as the mutex is held, or NULL.
 */
struct vnet_named_set *vnet_set_list_find(struct vnet_set_list *list, const char *name)
{
	struct vnet_named_set *named;

	hlist_for_each_entry(named, bucket_of(list, name), by_name)
		if (!strcmp(named->name, name))
			return named;
	return NULL;
}

/**
 * vnet_set_list_next - the set with the smallest id above another
 * @list: sets of the network
 * @after_id: 0 for the first one
 *
 * Context: config mutex.
 * Return: the set, valid as long as the mutex is held, or NULL.
 */
struct vnet_named_set *vnet_set_list_next(struct vnet_set_list *list, u32 after_id)
{
	struct vnet_named_set *named;

	list_for_each_entry(named, &list->by_id, by_id)
		if (named->id > after_id)
			return named;
	return NULL;
}

/**
 * vnet_set_list_add - add an empty set
 * @list: sets of the network
 * @name: its name; copied
 * @type: what it will consist of
 * @named: set to it; the list owns it
 * @unchanged: set to whether there is such a set already
 *
 * Context: config mutex, may sleep.
 * Return: 0; -EEXIST if the name has another type, -ENOSPC at the limit, -ENOMEM.
 */
int vnet_set_list_add(struct vnet_set_list *list, const char *name,
		      enum vnet_set_type type, struct vnet_named_set **named,
		      bool *unchanged)
{
	*named = vnet_set_list_find(list, name);
	*unchanged = *named && vnet_set_type((*named)->set) == type;
	if (*named)
		return *unchanged ? 0 : -EEXIST;
	if (list->count >= list->limit || list->last_id == U32_MAX)
		return -ENOSPC;
	*named = make_named(name, type);
	if (!*named)
		return -ENOMEM;
	(*named)->list = list;
	(*named)->id = ++list->last_id;
	hlist_add_head(&(*named)->by_name, bucket_of(list, name));
	list_add_tail(&(*named)->by_id, &list->by_id);
	list->count++;
	return 0;
}

static void take_out(struct vnet_named_set *named)
{
	hlist_del(&named->by_name);
	list_del(&named->by_id);
	named->list->count--;
	named->list->elements -= vnet_set_count(named->set);
	named->list = NULL;
	put(named);
}

/**
 * vnet_set_list_del - remove a set
 * @named: the set; gone afterwards
 *
 * Context: config mutex.
 * Return: 0; -EBUSY if a rule in force names it.
 */
int vnet_set_list_del(struct vnet_named_set *named)
{
	if (named->users)
		return -EBUSY;
	take_out(named);
	return 0;
}

/**
 * vnet_set_list_set_limits - change how much there may be
 * @list: sets of the network
 * @sets: most sets
 * @elements: most elements of all of them
 *
 * Context: config mutex.
 * Return: 0; -ENOSPC if there are more sets already, -E2BIG if there are more
 * elements, and nothing has changed.
 */
int vnet_set_list_set_limits(struct vnet_set_list *list, u32 sets, u32 elements)
{
	if (sets < list->count)
		return -ENOSPC;
	if (elements < list->elements)
		return -E2BIG;
	list->limit = sets;
	list->element_limit = elements;
	return 0;
}

/**
 * vnet_set_list_init - make an empty list with the default limits
 * @list: the list
 *
 * Context: any.
 */
void vnet_set_list_init(struct vnet_set_list *list)
{
	memset(list, 0, sizeof(*list));
	INIT_LIST_HEAD(&list->by_id);
	list->limit = VNET_SETS_DEFAULT;
	list->element_limit = VNET_ELEMENTS_DEFAULT;
}

/**
 * vnet_set_list_destroy - remove all sets
 * @list: the list; rules that readers still have may keep sets for a while
 *
 * Context: config mutex, or nobody else changes the list any more.
 */
void vnet_set_list_destroy(struct vnet_set_list *list)
{
	struct vnet_named_set *named, *next;

	list_for_each_entry_safe(named, next, &list->by_id, by_id)
		take_out(named);
}

/**
 * vnet_set_init_module - make what all lists share
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vnet_set_init_module(void)
{
	free_queue = alloc_workqueue("vnet_set", WQ_UNBOUND, 0);
	return free_queue ? 0 : -ENOMEM;
}

/**
 * vnet_set_exit_module - wait until the last set is freed
 *
 * Context: module init on failure, and exit; nobody holds a set any more.
 */
void vnet_set_exit_module(void)
{
	destroy_workqueue(free_queue);
}
