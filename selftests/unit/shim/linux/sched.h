/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: see there */
#ifndef SHIM_LINUX_SCHED_H
#define SHIM_LINUX_SCHED_H

#include <linux/kernel.h>

#endif /* SHIM_LINUX_SCHED_H */
