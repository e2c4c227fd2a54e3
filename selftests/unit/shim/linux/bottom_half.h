/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: bottom halves, on and off */
#ifndef SHIM_LINUX_BOTTOM_HALF_H
#define SHIM_LINUX_BOTTOM_HALF_H

#include <linux/types.h>

void local_bh_disable(void);
void local_bh_enable(void);
bool in_softirq(void);

#define in_interrupt()	in_softirq()

#endif /* SHIM_LINUX_BOTTOM_HALF_H */
