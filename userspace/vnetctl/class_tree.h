/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * class_tree: classes as a person wants to see them.
 */
#ifndef VNETCTL_CLASS_TREE_H
#define VNETCTL_CLASS_TREE_H

#include "args.h"

int class_tree_show(struct ctl *ctl, struct args *a);

#endif /* VNETCTL_CLASS_TREE_H */
