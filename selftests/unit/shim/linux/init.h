/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: see there */
#ifndef SHIM_LINUX_INIT_H
#define SHIM_LINUX_INIT_H

#include <linux/module.h>

#endif /* SHIM_LINUX_INIT_H */
