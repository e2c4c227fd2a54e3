/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: see there */
#ifndef SHIM_LINUX_RHASHTABLE_TYPES_H
#define SHIM_LINUX_RHASHTABLE_TYPES_H

#include <linux/rhashtable.h>

#endif /* SHIM_LINUX_RHASHTABLE_TYPES_H */
