/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: sizes that saturate */
#ifndef SHIM_LINUX_OVERFLOW_H
#define SHIM_LINUX_OVERFLOW_H

#include <linux/types.h>

/* Sizes that do not fit become SIZE_MAX, which no allocation satisfies. */
static inline size_t shim_size(size_t base, size_t n, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes) ||
	    __builtin_add_overflow(base, bytes, &bytes))
		return ~(size_t)0;
	return bytes;
}

#define struct_size(pointer, member, n) \
	shim_size(sizeof(*(pointer)), n, sizeof((pointer)->member[0]))
#define flex_array_size(pointer, member, n) \
	shim_size(0, n, sizeof((pointer)->member[0]))
#define array_size(a, b)	shim_size(0, a, b)
#define size_mul(a, b)		shim_size(0, a, b)
#define size_add(a, b)		shim_size(a, b, 1)
#define check_add_overflow(a, b, result) __builtin_add_overflow(a, b, result)
#define check_mul_overflow(a, b, result) __builtin_mul_overflow(a, b, result)
#define check_sub_overflow(a, b, result) __builtin_sub_overflow(a, b, result)

#endif /* SHIM_LINUX_OVERFLOW_H */
