/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a rule has besides what it matches and says, as attributes.
 */
#ifndef VNET_NL_RULE_ATTR_H
#define VNET_NL_RULE_ATTR_H

#include <net/genetlink.h>

struct vnet_rule;
struct vnet_rule_spec;

int vnet_nl_get_rule_attrs(struct nlattr **attrs, struct vnet_rule_spec *spec,
			   struct netlink_ext_ack *extack);
int vnet_nl_put_rule_attrs(struct sk_buff *skb, const struct vnet_rule *rule,
			   unsigned int how);

#endif /* VNET_NL_RULE_ATTR_H */
