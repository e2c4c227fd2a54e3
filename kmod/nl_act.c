// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rule does to a frame besides allowing it, as attributes. It must not know
 * tables of rules, or how frames are shaped.
 */
#include "nl_act.h"
#include "nl_policy.h"

/**
 * vnet_nl_get_act - read what a rule does besides allowing
 * @attrs: %VNET_A_RULE_CLASS, %VNET_A_RULE_SET_DSCP
 * @classes: those that may be named
 * @spec: the rule with its action; gets the rest
 * @extack: gets the sentence
 *
 * Context: config mutex held.
 * Return: 0; -ENOENT if there is no such class, -EINVAL if the rule does not allow.
 */
int vnet_nl_get_act(struct nlattr **attrs, struct vnet_class_tree *classes,
		    struct vnet_rule_spec *spec, struct netlink_ext_ack *extack)
{
	const struct nlattr *class = attrs[VNET_A_RULE_CLASS];
	const struct nlattr *dscp = attrs[VNET_A_RULE_SET_DSCP];

	if (class && spec->action != VNET_ACTION_ALLOW)
		return vnet_nl_refuse(extack, class, -EINVAL,
				      "a class shapes what passes; only a rule that allows can choose one");
	if (dscp && spec->action != VNET_ACTION_ALLOW)
		return vnet_nl_refuse(extack, dscp, -EINVAL,
				      "set-dscp changes what passes; only a rule that allows can do it");
	if (dscp)
		spec->set_dscp = VNET_RULE_SETS_DSCP | nla_get_u8(dscp);
	if (!class)
		return 0;
	spec->class = vnet_class_find(classes, nla_data(class));
	return spec->class ? 0 :
	       vnet_nl_refuse(extack, class, -ENOENT,
			      "the network has no class of this name; add it first (class add)");
}

/**
 * vnet_nl_put_act - tell what a rule does besides allowing
 * @skb: where
 * @spec: as vnet_nl_get_act() made it
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_act(struct sk_buff *skb, const struct vnet_rule_spec *spec)
{
	if (spec->class &&
	    nla_put_string(skb, VNET_A_RULE_CLASS, vnet_class_name(spec->class)))
		return -EMSGSIZE;
	if (!spec->set_dscp)
		return 0;
	return nla_put_u8(skb, VNET_A_RULE_SET_DSCP, spec->set_dscp & ~VNET_RULE_SETS_DSCP);
}
