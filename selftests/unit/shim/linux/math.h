/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: rounding */
#ifndef SHIM_LINUX_MATH_H
#define SHIM_LINUX_MATH_H

#include <linux/types.h>

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define roundup(x, y)		((((x) + (y) - 1) / (y)) * (y))
#define round_up(x, y)		roundup(x, y)

/* The largest number whose square is not larger. */
static inline u32 int_sqrt64(u64 x)
{
	u64 root = 0;
	int bit;

	for (bit = 31; bit >= 0; bit--)
		if ((root | 1ULL << bit) * (root | 1ULL << bit) <= x)
			root |= 1ULL << bit;
	return root;
}

/* A number below @range, as evenly spread as @value. */
static inline u32 reciprocal_scale(u32 value, u32 range)
{
	return (u64)value * range >> 32;
}

#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_UP((unsigned long long)(n), d)

#endif /* SHIM_LINUX_MATH_H */
