// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rule does to a frame besides allowing it, as attributes. It must not know
 * tables of rules, or how frames are shaped.
 */
#include "nl_act.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "zone.h"

/* The module of one rule's helper; false if there is none of that name. */
static bool load_helper(const struct nlattr *helper, const struct nlattr *proto)
{
	if (!helper || !proto || nla_len(helper) > VNET_HELPER_MAX + 1)
		return true;
	return vnet_zone_load_helper(nla_data(helper), nla_get_u8(proto));
}

/**
 * vnet_nl_load_helpers - load the modules of the helpers that a request's rules name
 * @info: RULE_ADD, RULE_SET or RULE_LOAD; others have none
 *
 * Modules that cannot be loaded, or go again, are found missing when the rules are read.
 * The first of them is enough then, so no other is tried.
 *
 * Context: before the config mutex is taken, which nobody shall wait for as long as that
 * takes; sleeps.
 */
void vnet_nl_load_helpers(const struct genl_info *info)
{
	const struct nlattr *entry = NULL;

	switch (info->genlhdr->cmd) {
	case VNET_CMD_RULE_ADD:
	case VNET_CMD_RULE_SET:
		load_helper(info->attrs[VNET_A_RULE_HELPER], info->attrs[VNET_A_RULE_PROTO]);
		return;
	case VNET_CMD_RULE_LOAD:
		while ((entry = vnet_nl_next_of(info, VNET_A_RULE_ENTRY, entry)))
			if (!load_helper(nla_find_nested(entry, VNET_A_RULE_HELPER),
					 nla_find_nested(entry, VNET_A_RULE_PROTO)))
				return;
	}
}

static int get_helper(const struct nlattr *attr, struct vnet_rule_spec *spec,
		      struct netlink_ext_ack *extack)
{
	if (!attr)
		return 0;
	if (spec->action != VNET_ACTION_ALLOW)
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "a helper reads what passes; only a rule that allows can name one");
	if (!(spec->match.fields & VNET_MATCH_PROTO))
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "a helper needs the protocol of the rule (proto)");
	if (nla_strscpy(spec->helper, attr, sizeof(spec->helper)) < 0)
		return vnet_nl_refuse(extack, attr, -ERANGE,
				      "names of helpers have 1 to 15 characters");
	if (!vnet_zone_has_helper(spec->helper, spec->match.proto))
		return vnet_nl_refuse(extack, attr, -ENOENT,
				      "nf_conntrack has no helper of this name for this protocol; load its module");
	return 0;
}

/**
 * vnet_nl_get_act - read what a rule does besides allowing
 * @attrs: %VNET_A_RULE_CLASS, %VNET_A_RULE_SET_DSCP, %VNET_A_RULE_HELPER
 * @classes: those that may be named
 * @spec: the rule with its action and match; gets the rest
 * @extack: gets the sentence
 *
 * Context: config mutex held.
 * Return: 0; -ENOENT if there is no such class or helper, -EINVAL if the rule does not
 * allow, -ERANGE.
 */
int vnet_nl_get_act(struct nlattr **attrs, struct vnet_class_tree *classes,
		    struct vnet_rule_spec *spec, struct netlink_ext_ack *extack)
{
	const struct nlattr *class = attrs[VNET_A_RULE_CLASS];
	const struct nlattr *dscp = attrs[VNET_A_RULE_SET_DSCP];
	int err;

	if (class && spec->action != VNET_ACTION_ALLOW)
		return vnet_nl_refuse(extack, class, -EINVAL,
				      "a class shapes what passes; only a rule that allows can choose one");
	if (dscp && spec->action != VNET_ACTION_ALLOW)
		return vnet_nl_refuse(extack, dscp, -EINVAL,
				      "set-dscp changes what passes; only a rule that allows can do it");
	if (dscp)
		spec->set_dscp = VNET_RULE_SETS_DSCP | nla_get_u8(dscp);
	err = get_helper(attrs[VNET_A_RULE_HELPER], spec, extack);
	if (err || !class)
		return err;
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
	if (spec->helper[0] && nla_put_string(skb, VNET_A_RULE_HELPER, spec->helper))
		return -EMSGSIZE;
	if (!spec->set_dscp)
		return 0;
	return nla_put_u8(skb, VNET_A_RULE_SET_DSCP, spec->set_dscp & ~VNET_RULE_SETS_DSCP);
}
