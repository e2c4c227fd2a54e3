/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: sorting */
#ifndef SHIM_LINUX_SORT_H
#define SHIM_LINUX_SORT_H

#include <stdlib.h>

typedef int (*cmp_func_t)(const void *a, const void *b);
typedef void (*swap_func_t)(void *a, void *b, int size);

static inline void sort(void *base, size_t n, size_t size, cmp_func_t compare,
			swap_func_t swap)
{
	(void)swap;
	if (n)
		qsort(base, n, size, compare);
}

#endif /* SHIM_LINUX_SORT_H */
