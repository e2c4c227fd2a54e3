/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: time in nanoseconds */
#ifndef SHIM_LINUX_TIMEKEEPING_H
#define SHIM_LINUX_TIMEKEEPING_H

#include <linux/ktime.h>

#endif /* SHIM_LINUX_TIMEKEEPING_H */
