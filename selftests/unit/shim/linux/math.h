/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: rounding */
#ifndef SHIM_LINUX_MATH_H
#define SHIM_LINUX_MATH_H

#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define roundup(x, y)		((((x) + (y) - 1) / (y)) * (y))
#define round_up(x, y)		roundup(x, y)
#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_UP((unsigned long long)(n), d)

#endif /* SHIM_LINUX_MATH_H */
