/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: how memory is asked for */
#ifndef SHIM_LINUX_GFP_H
#define SHIM_LINUX_GFP_H

#include <linux/types.h>

#define __GFP_ZERO		0x01U
#define __GFP_NOWARN		0x02U
#define __GFP_ACCOUNT		0x04U
#define __GFP_NOFAIL		0x08U
#define SHIM_GFP_SLEEP		0x10U
#define __GFP_NORETRY		0x20U
#define __GFP_RETRY_MAYFAIL	0x40U

#define GFP_ATOMIC		0U
#define GFP_NOWAIT		__GFP_NOWARN
#define GFP_KERNEL		SHIM_GFP_SLEEP
#define GFP_KERNEL_ACCOUNT	(GFP_KERNEL | __GFP_ACCOUNT)

#define gfpflags_allow_blocking(gfp) (!!((gfp) & SHIM_GFP_SLEEP))

#endif /* SHIM_LINUX_GFP_H */
