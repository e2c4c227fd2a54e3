/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * batch: runs the commands of a file.
 */
#ifndef VNETCTL_BATCH_H
#define VNETCTL_BATCH_H

#include "ctl.h"

int batch_run(struct ctl *ctl, const char *file);

#endif /* VNETCTL_BATCH_H */
