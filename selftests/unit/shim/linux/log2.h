/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: powers of two */
#ifndef SHIM_LINUX_LOG2_H
#define SHIM_LINUX_LOG2_H

#include <linux/bitops.h>

#define ilog2(n)		(fls64(n) - 1)
#define is_power_of_2(n)	((n) && !((n) & ((n) - 1)))
#define roundup_pow_of_two(n)	((n) <= 1 ? 1UL : 1UL << fls64((n) - 1))

#endif /* SHIM_LINUX_LOG2_H */
