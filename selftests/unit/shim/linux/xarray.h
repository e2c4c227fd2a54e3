/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: pointers by number, in ascending order */
#ifndef SHIM_LINUX_XARRAY_H
#define SHIM_LINUX_XARRAY_H

#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/types.h>

#define XA_FLAGS_LOCK_BH	0
#define XA_PRESENT		0

struct shim_xa_slot {
	unsigned long index;
	void *entry;
};

struct xarray {
	struct shim_xa_slot *slots;
	size_t count;
	size_t size;
};

static inline void xa_init_flags(struct xarray *xa, gfp_t flags)
{
	memset(xa, 0, sizeof(*xa));
}

/* Where @index is, or would be. */
static inline size_t shim_xa_at(const struct xarray *xa, unsigned long index)
{
	size_t low = 0, high = xa->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (xa->slots[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static inline void *xa_load(struct xarray *xa, unsigned long index)
{
	size_t at = shim_xa_at(xa, index);

	return at < xa->count && xa->slots[at].index == index ? xa->slots[at].entry : NULL;
}

/* Room for one more, whatever its index will be. */
static inline int xa_reserve_bh(struct xarray *xa, unsigned long index, gfp_t gfp)
{
	size_t size = xa->size ? 2 * xa->size : 4;
	struct shim_xa_slot *larger;

	if (xa->count < xa->size)
		return 0;
	larger = kmalloc_array(size, sizeof(*larger), gfp);
	if (!larger)
		return -ENOMEM;
	if (xa->count)
		memcpy(larger, xa->slots, xa->count * sizeof(*larger));
	kfree(xa->slots);
	xa->slots = larger;
	xa->size = size;
	return 0;
}

/* Of what was reserved, and was not there. */
static inline void *xa_store_bh(struct xarray *xa, unsigned long index, void *entry, gfp_t gfp)
{
	size_t at = shim_xa_at(xa, index);

	BUG_ON(xa->count == xa->size);
	memmove(xa->slots + at + 1, xa->slots + at, (xa->count - at) * sizeof(*xa->slots));
	xa->slots[at] = (struct shim_xa_slot){ index, entry };
	xa->count++;
	return NULL;
}

static inline void *xa_erase_bh(struct xarray *xa, unsigned long index)
{
	size_t at = shim_xa_at(xa, index);
	void *entry = xa_load(xa, index);

	if (!entry)
		return NULL;
	xa->count--;
	memmove(xa->slots + at, xa->slots + at + 1, (xa->count - at) * sizeof(*xa->slots));
	return entry;
}

static inline void *shim_xa_from(struct xarray *xa, unsigned long *index, unsigned long from,
				 unsigned long max)
{
	size_t at = shim_xa_at(xa, from);

	if (at == xa->count || xa->slots[at].index > max)
		return NULL;
	*index = xa->slots[at].index;
	return xa->slots[at].entry;
}

static inline void *xa_find_after(struct xarray *xa, unsigned long *index, unsigned long max,
				  unsigned int filter)
{
	return shim_xa_from(xa, index, *index + 1, max);
}

#define xa_for_each(xa, at, item)					\
	for ((at) = 0, (item) = shim_xa_from(xa, &(at), 0, ~0UL); (item);	\
	     (item) = shim_xa_from(xa, &(at), (at) + 1, ~0UL))

static inline void xa_destroy(struct xarray *xa)
{
	kfree(xa->slots);
	memset(xa, 0, sizeof(*xa));
}

#endif /* SHIM_LINUX_XARRAY_H */
