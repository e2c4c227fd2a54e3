/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * complete: what can come next on an unfinished line, live names included.
 */
#ifndef VNETCTL_COMPLETE_H
#define VNETCTL_COMPLETE_H

#include "ctl.h"
#include "expect.h"

void complete_line(struct ctl *ctl, const struct line *before,
		   candidate_fn fn, void *arg);
int complete_main(struct ctl *ctl, char **words, int count);

#endif /* VNETCTL_COMPLETE_H */
