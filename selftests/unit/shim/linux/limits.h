/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: limits of integers */
#ifndef SHIM_LINUX_LIMITS_H
#define SHIM_LINUX_LIMITS_H

#include_next <linux/limits.h>

#include <linux/kernel.h>

#endif /* SHIM_LINUX_LIMITS_H */
