/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: what everybody uses */
#ifndef SHIM_LINUX_KERNEL_H
#define SHIM_LINUX_KERNEL_H

#include_next <linux/kernel.h>

#include <linux/bitops.h>
#include <linux/bits.h>
#include <linux/bug.h>
#include <linux/build_bug.h>
#include <linux/container_of.h>
#include <linux/err.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/types.h>

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))
#define U8_MAX			((u8)~0U)
#define U16_MAX			((u16)~0U)
#define U32_MAX			((u32)~0U)
#define U64_MAX			((u64)~0ULL)
#define S64_MAX			((s64)(U64_MAX >> 1))
#define S64_MIN			((s64)(-S64_MAX - 1))

#define might_sleep()		shim_may_sleep(__FILE__, __LINE__)
#define cond_resched()		might_sleep()

/* Ends the program when a lock, an RCU reader or bottom halves forbid it. */
void shim_may_sleep(const char *file, int line);

#endif /* SHIM_LINUX_KERNEL_H */
