/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * refuse: tells why the kernel refused a command, and what helps.
 */
#ifndef VNETCTL_REFUSE_H
#define VNETCTL_REFUSE_H

#include "args.h"

int refuse(struct ctl *ctl, const struct args *a, int err);
int refuse_entry(struct ctl *ctl, const struct args *a, const char *name,
		 size_t count);
int refuse_element(struct ctl *ctl, const struct args *a, const char *word);
int refuse_connection(struct ctl *ctl);

#endif /* VNETCTL_REFUSE_H */
