/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * shell: the prompt.
 */
#ifndef VNETCTL_SHELL_H
#define VNETCTL_SHELL_H

#include "ctl.h"

int shell_run(struct ctl *ctl);

#endif /* VNETCTL_SHELL_H */
