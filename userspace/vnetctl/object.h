/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * object: the verbs that all objects share.
 */
#ifndef VNETCTL_OBJECT_H
#define VNETCTL_OBJECT_H

#include "args.h"

int object_add(struct ctl *ctl, struct args *a);
int object_set(struct ctl *ctl, struct args *a);
int object_del(struct ctl *ctl, struct args *a);
int object_show(struct ctl *ctl, struct args *a);

void object_show_one(struct ctl *ctl, const struct args *a, const void *object);
void object_values(struct out *o, const struct vnet_schema *schema,
		   const struct key *keys, const void *object, bool full);
void object_result(struct ctl *ctl, const char *key, uint64_t value,
		   const char *text);
void object_unchanged(struct ctl *ctl);

#endif /* VNETCTL_OBJECT_H */
