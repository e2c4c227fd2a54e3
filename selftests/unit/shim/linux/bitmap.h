/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: bitmaps */
#ifndef SHIM_LINUX_BITMAP_H
#define SHIM_LINUX_BITMAP_H

#include <linux/bitops.h>

static inline void bitmap_set(unsigned long *map, unsigned int start, unsigned int count)
{
	for (; count; start++, count--)
		__set_bit(start, map);
}

#endif
