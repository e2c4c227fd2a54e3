// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes of many elements of a set at once, all or none of them, within the limits.
 * Layer 1: it must not know rules, how elements are stored, or netlink attributes.
 *
 * Whatever can be refused is looked for before anything is touched, so that no frame is
 * judged by what is refused in the end; but for memory. Ranges of ports that go can
 * need memory too: several of these are changed in a copy of the set that replaces it.
 */

#include "set_list.h"

#include <linux/bitops.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>

#define GFP_CHANGE	(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)
#define RESCHED_MASK	0xfff

/* How many elements are new to a set, or all different ones without a set. */
static int count_new(struct vnet_set *set, enum vnet_set_type type,
		     const struct vnet_set_element *elements, u32 count, u32 *fresh)
{
	struct vnet_set *seen = vnet_set_create(type);
	bool unchanged;
	int err = 0;
	u32 i;

	if (!seen)
		return -ENOMEM;
	for (i = 0; i < count && !err; i++) {
		if (!set || !vnet_set_contains(set, &elements[i]))
			err = vnet_set_add(seen, &elements[i], &unchanged);
		if (!(i & RESCHED_MASK))
			cond_resched();
	}
	*fresh = vnet_set_count(seen);
	vnet_set_destroy(seen);
	return err == -ENOSPC ? -E2BIG : err;
}

/* Whether there is room for some more elements; @set as in count_new(). */
static int check_room(const struct vnet_named_set *named, struct vnet_set *set,
		      const struct vnet_set_element *elements, u32 count)
{
	const struct vnet_set_list *list = named->list;
	u32 own = vnet_set_count(named->set), fresh = count;
	u32 in_set = VNET_SET_ELEMENTS_MAX - (set ? own : 0);
	u32 in_list = list->element_limit - list->elements + (set ? 0 : own);
	int err;

	/* Exact numbers are dear, and only matter at the limit. */
	if (fresh <= in_set && fresh <= in_list)
		return 0;
	err = count_new(set, vnet_set_type(named->set), elements, count, &fresh);
	if (err)
		return err;
	if (fresh > in_set)
		return -E2BIG;
	return fresh > in_list ? -ENOSPC : 0;
}

/* The number of elements has changed. */
static void account(struct vnet_named_set *named, u32 before)
{
	named->list->elements += vnet_set_count(named->set) - before;
}

static bool has_all(struct vnet_set *set, const struct vnet_set_element *elements,
		    u32 count, u32 *missing)
{
	u32 i;

	for (i = 0; i < count; i++) {
		if (!vnet_set_contains(set, &elements[i]))
			break;
		if (!(i & RESCHED_MASK))
			cond_resched();
	}
	*missing = i;
	return i == count;
}

/* Adds by replacing: a copy with the elements takes the place of the set. */
static int add_aside(struct vnet_set *set, const struct vnet_set_element *elements,
		     u32 count)
{
	u32 own = vnet_set_count(set);
	struct vnet_set_element *all;
	int err;

	all = kvmalloc_array((size_t)own + count, sizeof(*all), GFP_CHANGE);
	if (!all)
		return -ENOMEM;
	own = vnet_set_copy(set, all, own);
	memcpy(all + own, elements, count * sizeof(*all));
	err = vnet_set_replace(set, all, own + count);
	kvfree(all);
	return err;
}

/* Takes back what was added: of @fresh the first @count. Needs no memory. */
static void take_back(struct vnet_set *set, const struct vnet_set_element *elements,
		      const unsigned long *fresh, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (test_bit(i, fresh))
			vnet_set_del(set, &elements[i]);
}

static int add_in_place(struct vnet_set *set, const struct vnet_set_element *elements,
			u32 count)
{
	unsigned long *fresh = kvcalloc(BITS_TO_LONGS(count), sizeof(*fresh), GFP_CHANGE);
	bool unchanged;
	int err = 0;
	u32 i;

	if (!fresh)
		return -ENOMEM;
	for (i = 0; i < count && !err; i++) {
		err = vnet_set_add(set, &elements[i], &unchanged);
		if (!err && !unchanged)
			__set_bit(i, fresh);
		if (!(i & RESCHED_MASK))
			cond_resched();
	}
	if (err)
		take_back(set, elements, fresh, i);
	kvfree(fresh);
	return err;
}

static bool is_changed_aside(const struct vnet_set *set, u32 count)
{
	return vnet_set_type(set) == VNET_SET_PORTS && count > 1;
}

/**
 * vnet_set_change_add - add elements
 * @named: the set
 * @elements: the elements, copied; one that is there already counts for nothing
 * @count: their number
 * @unchanged: set to whether all were there already
 *
 * Waits for a grace period when there are several, and they are ports.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOSPC if the list would have more elements than its limit, -E2BIG if
 * the set would have more than any may, -ENOMEM. On failure nothing has changed.
 */
int vnet_set_change_add(struct vnet_named_set *named,
			const struct vnet_set_element *elements, u32 count,
			bool *unchanged)
{
	u32 before = vnet_set_count(named->set), missing;
	int err;

	*unchanged = has_all(named->set, elements, count, &missing);
	if (*unchanged)
		return 0;
	err = check_room(named, named->set, elements, count);
	if (err)
		return err;
	if (is_changed_aside(named->set, count))
		err = add_aside(named->set, elements, count);
	else
		err = add_in_place(named->set, elements, count);
	account(named, before);
	return err;
}

/* Keeps of @all what is not in @gone. */
static u32 keep_others(struct vnet_set *gone, struct vnet_set_element *all, u32 count)
{
	u32 i, kept = 0;

	for (i = 0; i < count; i++) {
		if (!vnet_set_contains(gone, &all[i]))
			all[kept++] = all[i];
		if (!(i & RESCHED_MASK))
			cond_resched();
	}
	return kept;
}

/* Removes by replacing: a copy without the elements takes the place of the set. */
static int del_aside(struct vnet_set *set, const struct vnet_set_element *elements,
		     u32 count)
{
	struct vnet_set *gone = vnet_set_create(vnet_set_type(set));
	u32 own = vnet_set_count(set);
	struct vnet_set_element *all;
	int err = -ENOMEM;

	all = kvmalloc_array((size_t)own + 1, sizeof(*all), GFP_CHANGE);
	if (gone && all)
		err = vnet_set_replace(gone, elements, count);
	if (!err) {
		own = keep_others(gone, all, vnet_set_copy(set, all, own));
		err = vnet_set_replace(set, all, own);
	}
	kvfree(all);
	vnet_set_destroy(gone);
	return err;
}

/* All of them are there; one that is named twice is gone the second time. */
static int del_in_place(struct vnet_set *set, const struct vnet_set_element *elements,
			u32 count)
{
	int err = 0;
	u32 i;

	for (i = 0; i < count && !err; i++) {
		err = vnet_set_del(set, &elements[i]);
		if (err == -ENOENT)
			err = 0;
		if (!(i & RESCHED_MASK))
			cond_resched();
	}
	return err;
}

/**
 * vnet_set_change_del - remove elements
 * @named: the set
 * @elements: the elements, each just as it was added
 * @count: their number
 * @bad: on -ENOENT the index of the first that is not there
 *
 * Waits for a grace period when there are several, and they are ports.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOENT, -ENOMEM, and nothing has changed.
 */
int vnet_set_change_del(struct vnet_named_set *named,
			const struct vnet_set_element *elements, u32 count, u32 *bad)
{
	u32 before = vnet_set_count(named->set);
	int err;

	if (!has_all(named->set, elements, count, bad))
		return -ENOENT;
	if (is_changed_aside(named->set, count))
		err = del_aside(named->set, elements, count);
	else
		err = del_in_place(named->set, elements, count);
	account(named, before);
	return err;
}

/* Whether a set consists of just these elements. */
static int is_same(struct vnet_set *set, const struct vnet_set_element *elements,
		   u32 count, bool *same)
{
	u32 missing, distinct;
	int err;

	*same = count >= vnet_set_count(set) && has_all(set, elements, count, &missing);
	if (!*same || count == 0)
		return 0;
	err = count_new(NULL, vnet_set_type(set), elements, count, &distinct);
	*same = !err && distinct == vnet_set_count(set);
	return err;
}

/**
 * vnet_set_change_replace - replace all elements
 * @named: the set
 * @elements: the elements as they shall be, copied; one that is there twice counts once
 * @count: their number, may be 0
 * @unchanged: set to whether just these were there already
 *
 * Waits for a grace period.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOSPC, -E2BIG, -ENOMEM as vnet_set_change_add(). On failure nothing has
 * changed.
 */
int vnet_set_change_replace(struct vnet_named_set *named,
			    const struct vnet_set_element *elements, u32 count,
			    bool *unchanged)
{
	u32 before = vnet_set_count(named->set);
	int err;

	err = is_same(named->set, elements, count, unchanged);
	if (err || *unchanged)
		return err;
	err = check_room(named, NULL, elements, count);
	if (!err)
		err = vnet_set_replace(named->set, elements, count);
	account(named, before);
	return err;
}

/**
 * vnet_set_change_forget - a member is gone: a set loses it
 * @named: the set, of any type
 * @member: its id
 *
 * Needs no memory.
 *
 * Context: config mutex, may sleep.
 * Return: true if it was there.
 */
bool vnet_set_change_forget(struct vnet_named_set *named, u32 member)
{
	const struct vnet_set_element element = { .member = member };
	u32 before = vnet_set_count(named->set);

	if (vnet_set_type(named->set) != VNET_SET_MEMBERS ||
	    vnet_set_del(named->set, &element))
		return false;
	account(named, before);
	return true;
}
