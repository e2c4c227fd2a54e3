/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the commands about sets and those about their elements share.
 */
#ifndef VNET_NL_SET_H
#define VNET_NL_SET_H

#include <net/genetlink.h>
#include <linux/vnet.h>

struct vnet_named_set;

int vnet_nl_find_set(struct genl_info *info, struct vnet_named_set **set);
int vnet_nl_set_done(struct genl_info *info, struct vnet_named_set *set,
		     enum vnet_event event, bool unchanged);

#endif /* VNET_NL_SET_H */
