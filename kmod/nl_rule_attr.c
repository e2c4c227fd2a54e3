// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a rule has besides what it matches and says: audit, log, lifetime. It must not
 * know tables of rules.
 */
#include <linux/math64.h>
#include <linux/timekeeping.h>
#include "nl_msg.h"
#include "nl_policy.h"
#include "nl_rule_attr.h"
#include "rule.h"

/**
 * vnet_nl_get_rule_attrs - read what else a rule has
 * @attrs: VNET_A_RULE_*
 * @spec: where it goes
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_get_rule_attrs(struct nlattr **attrs, struct vnet_rule_spec *spec,
			   struct netlink_ext_ack *extack)
{
	if (attrs[VNET_A_RULE_AUDIT])
		spec->audit = nla_get_u8(attrs[VNET_A_RULE_AUDIT]);
	if (attrs[VNET_A_RULE_LOG])
		spec->log = nla_get_u8(attrs[VNET_A_RULE_LOG]);
	if (attrs[VNET_A_RULE_SAMPLE])
		spec->sample = nla_get_u32(attrs[VNET_A_RULE_SAMPLE]);
	if (attrs[VNET_A_RULE_EXPIRES])
		spec->expires = nla_get_u32(attrs[VNET_A_RULE_EXPIRES]);
	if (spec->log && spec->sample)
		return vnet_nl_refuse(extack, attrs[VNET_A_RULE_SAMPLE], -EINVAL,
				      "a rule logs all of its frames or a sample of them, not both");
	return 0;
}

/**
 * vnet_nl_put_rule_attrs - tell what else a rule has
 * @skb: where
 * @rule: the rule
 * @how: VNET_NL_*
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_rule_attrs(struct sk_buff *skb, const struct vnet_rule *rule,
			   unsigned int how)
{
	const struct vnet_rule_spec *spec = &rule->spec;

	if (nla_put_u8(skb, VNET_A_RULE_AUDIT, spec->audit) ||
	    nla_put_u8(skb, VNET_A_RULE_LOG, spec->log) ||
	    (spec->sample && nla_put_u32(skb, VNET_A_RULE_SAMPLE, spec->sample)) ||
	    (spec->expires && nla_put_u32(skb, VNET_A_RULE_EXPIRES, spec->expires)))
		return -EMSGSIZE;
	if (!spec->expires || how & VNET_NL_EVENT)
		return 0;
	return nla_put_u32(skb, VNET_A_RULE_EXPIRES_IN,
			   DIV_ROUND_UP_ULL(vnet_rule_expires_in(rule), NSEC_PER_SEC));
}
