/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a rule does to a frame besides allowing it, as attributes. It must not know
 * tables of rules.
 */
#ifndef VNET_NL_ACT_H
#define VNET_NL_ACT_H

#include <net/genetlink.h>
#include "class.h"
#include "rule.h"

void vnet_nl_load_helpers(const struct genl_info *info);
int vnet_nl_get_act(struct nlattr **attrs, struct vnet_class_tree *classes,
		    struct vnet_rule_spec *spec, struct netlink_ext_ack *extack);
int vnet_nl_put_act(struct sk_buff *skb, const struct vnet_rule_spec *spec);

#endif /* VNET_NL_ACT_H */
