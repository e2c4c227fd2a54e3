/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: memory */
#ifndef SHIM_LINUX_VMALLOC_H
#define SHIM_LINUX_VMALLOC_H

#include <linux/slab.h>

#endif /* SHIM_LINUX_VMALLOC_H */
