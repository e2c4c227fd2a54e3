/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: reference counts */
#ifndef SHIM_LINUX_REFCOUNT_H
#define SHIM_LINUX_REFCOUNT_H

#include <linux/bug.h>
#include <linux/types.h>

typedef struct {
	int count;
} refcount_t;

#define REFCOUNT_INIT(n)	{ (n) }

static inline void refcount_set(refcount_t *r, int n)
{
	r->count = n;
}

static inline unsigned int refcount_read(const refcount_t *r)
{
	return r->count;
}

static inline void refcount_inc(refcount_t *r)
{
	SHIM_ASSERT(r->count > 0, "reference to a dead object");
	r->count++;
}

static inline bool refcount_inc_not_zero(refcount_t *r)
{
	return r->count && r->count++;
}

static inline bool refcount_dec_and_test(refcount_t *r)
{
	SHIM_ASSERT(r->count > 0, "reference count below zero");
	return !--r->count;
}

#endif /* SHIM_LINUX_REFCOUNT_H */
