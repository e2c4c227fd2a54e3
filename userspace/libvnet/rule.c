// SPDX-License-Identifier: GPL-2.0-only
/*
 * rule: the attributes of a firewall rule and the requests about it, whole sets
 * included.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

static const struct vnet_field rule_fields[] = {
	VNET_FIELD(VNET_A_RULE_NAME, vnet_rule, name, VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_PRIORITY, vnet_rule, priority,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_RULE_DIRECTION, vnet_rule, direction,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_ACTION, vnet_rule, action, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_SRC_MAC, vnet_rule, src_mac,
		   VNET_TYPE_MAC, false),
	VNET_FIELD(VNET_A_RULE_SRC_MAC_MASK, vnet_rule, src_mac_mask,
		   VNET_TYPE_MAC, false),
	VNET_FIELD(VNET_A_RULE_DST_MAC, vnet_rule, dst_mac,
		   VNET_TYPE_MAC, false),
	VNET_FIELD(VNET_A_RULE_DST_MAC_MASK, vnet_rule, dst_mac_mask,
		   VNET_TYPE_MAC, false),
	VNET_FIELD(VNET_A_RULE_ETHERTYPE, vnet_rule, ethertype,
		   VNET_TYPE_U16, false),
	VNET_FIELD(VNET_A_RULE_SRC_IP, vnet_rule, src_ip, VNET_TYPE_IP, false),
	VNET_FIELD(VNET_A_RULE_SRC_PREFIX_LEN, vnet_rule, src_prefix_len,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_DST_IP, vnet_rule, dst_ip, VNET_TYPE_IP, false),
	VNET_FIELD(VNET_A_RULE_DST_PREFIX_LEN, vnet_rule, dst_prefix_len,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_PROTO, vnet_rule, proto, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_SRC_PORT_MIN, vnet_rule, src_port_min,
		   VNET_TYPE_U16, false),
	VNET_FIELD(VNET_A_RULE_SRC_PORT_MAX, vnet_rule, src_port_max,
		   VNET_TYPE_U16, false),
	VNET_FIELD(VNET_A_RULE_DST_PORT_MIN, vnet_rule, dst_port_min,
		   VNET_TYPE_U16, false),
	VNET_FIELD(VNET_A_RULE_DST_PORT_MAX, vnet_rule, dst_port_max,
		   VNET_TYPE_U16, false),
	VNET_FIELD(VNET_A_RULE_ICMP_TYPE, vnet_rule, icmp_type,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_ICMP_CODE, vnet_rule, icmp_code,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_TCP_FLAGS, vnet_rule, tcp_flags,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_TCP_FLAGS_MASK, vnet_rule, tcp_flags_mask,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_FRAGMENT, vnet_rule, fragment,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_DSCP, vnet_rule, dscp, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_PCP, vnet_rule, pcp, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_ARP_SENDER, vnet_rule, arp_sender,
		   VNET_TYPE_IP, false),
	VNET_FIELD(VNET_A_RULE_ARP_SENDER_PREFIX_LEN, vnet_rule,
		   arp_sender_prefix_len, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_TARGET, vnet_rule, target,
		   VNET_TYPE_IP, false),
	VNET_FIELD(VNET_A_RULE_TARGET_PREFIX_LEN, vnet_rule,
		   target_prefix_len, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_SRC_SET, vnet_rule, src_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_DST_SET, vnet_rule, dst_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_SPORT_SET, vnet_rule, sport_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_DPORT_SET, vnet_rule, dport_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_SRC_MAC_SET, vnet_rule, src_mac_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_DST_MAC_SET, vnet_rule, dst_mac_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_SRC_PAIR_SET, vnet_rule, src_pair_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_DST_PAIR_SET, vnet_rule, dst_pair_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_STATE, vnet_rule, state, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_INVERTED, vnet_rule, inverted,
		   VNET_TYPE_U64, false),
	VNET_FIELD(VNET_A_RULE_CLASS, vnet_rule, class,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_SET_DSCP, vnet_rule, set_dscp,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_HELPER, vnet_rule, helper,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_AUDIT, vnet_rule, audit, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_LOG, vnet_rule, log, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_RULE_SAMPLE, vnet_rule, sample,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_RULE_EXPIRES, vnet_rule, expires,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_RULE_MEMBER_SET, vnet_rule, member_set,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_RULE_STATS, vnet_rule, stats,
		   VNET_TYPE_COUNTER, true),
	[VNET_A_RULE_ENTRY - VNET_A_COMMON_MAX - 1] = {
		.name = "VNET_A_RULE_ENTRY",
		.attr = VNET_A_RULE_ENTRY,
		.type = VNET_TYPE_NONE,
		.told = true,
	},
	VNET_FIELD(VNET_A_RULE_COUNT, vnet_rule, count, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_RULE_EXPIRES_IN, vnet_rule, expires_in,
		   VNET_TYPE_U32, true),
};

const struct vnet_schema vnet_rule_schema = {
	.name = "rule",
	.size = sizeof(struct vnet_rule),
	.count = VNET_COUNT(rule_fields),
	.fields = rule_fields,
	.add = VNET_CMD_RULE_ADD,
	.set = VNET_CMD_RULE_SET,
	.del = VNET_CMD_RULE_DEL,
	.get = VNET_CMD_RULE_GET,
	.ntf = VNET_CMD_RULE_NTF,
};

/**
 * vnet_rule_add() - create a rule
 * @ctx: the connection
 * @rule: network, name and body to create; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if it was like this already
 *
 * Return: 0 or a negative errno.
 */
int vnet_rule_add(struct vnet *ctx, struct vnet_rule *rule)
{
	return vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_ADD, rule);
}

/**
 * vnet_rule_set() - change a rule
 * @ctx: the connection
 * @rule: network, name and body and what to change; replaced by what it is now
 *
 * Return: 0 or a negative errno.
 */
int vnet_rule_set(struct vnet *ctx, struct vnet_rule *rule)
{
	return vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_SET, rule);
}

/**
 * vnet_rule_promote() - enforce what is in audit
 * @ctx: the connection
 * @rule: network, and the name unless all rules of it are meant; replaced by the
 *	rule as it is now, or has the count of those that were in audit. With
 *	VNET_HAS(VNET_A_UNCHANGED) if there was nothing to enforce
 *
 * Return: 0 or a negative errno.
 */
int vnet_rule_promote(struct vnet *ctx, struct vnet_rule *rule)
{
	return vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_PROMOTE, rule);
}

/**
 * vnet_rule_recheck() - have connections judged by the rules as they are now
 * @ctx: the connection
 * @network: the network; VNET_HAS(VNET_A_UNCHANGED) if no rule of it asks for state
 *
 * Return: 0 or a negative errno.
 */
int vnet_rule_recheck(struct vnet *ctx, struct vnet_rule *network)
{
	return vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_RECHECK, network);
}

/**
 * vnet_rule_del() - remove a rule
 * @ctx: the connection
 * @rule: network, name and body
 *
 * Return: 0 or a negative errno.
 */
int vnet_rule_del(struct vnet *ctx, struct vnet_rule *rule)
{
	return vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_DEL, rule);
}

/**
 * vnet_rule_get() - read a rule
 * @ctx: the connection
 * @rule: network, name and body; replaced by what the kernel tells
 *
 * Return: 0 or a negative errno.
 */
int vnet_rule_get(struct vnet *ctx, struct vnet_rule *rule)
{
	return vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_GET, rule);
}

/**
 * vnet_rule_list() - read many
 * @ctx: the connection
 * @filter: what is set in it is the filter: network, direction,
 *	VNET_A_WITH_STATS
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_rule_list(struct vnet *ctx, const struct vnet_rule *filter,
		   struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_rule_schema, filter, list);
}

/* The network stands outside of the entries. */
static int put_entry(struct nl_msg *msg, const struct vnet_rule *rule)
{
	struct vnet_rule body = *rule;
	struct nlattr *nest;
	int err;

	body.id.has &= ~VNET_HAS(VNET_A_NETWORK);
	nest = nla_nest_start(msg, VNET_A_RULE_ENTRY);
	if (!nest)
		return -EMSGSIZE;
	err = vnet_msg_put(msg, &vnet_rule_schema, &body);
	if (err)
		return err;
	return nla_nest_end(msg, nest) ? -EMSGSIZE : 0;
}

static int put_entries(struct nl_msg *msg, const struct vnet_rule *rules,
		       size_t count)
{
	size_t i;
	int err;

	for (i = 0; i < count; i++) {
		err = put_entry(msg, &rules[i]);
		if (err)
			return err;
	}
	return 0;
}

static int reply_count(struct nlmsghdr *nlh, void *arg)
{
	return vnet_msg_get(nlh, &vnet_rule_schema, arg);
}

/**
 * vnet_rule_load() - replace all rules of a network at once
 * @ctx: the connection
 * @network: the network
 * @rules: the new rules; the network in them is ignored
 * @count: how many
 * @loaded: receives how many rules are in force, may be NULL
 *
 * Return: 0 or a negative errno; vnet_error() tells the rule at fault.
 */
int vnet_rule_load(struct vnet *ctx, const char *network,
		   const struct vnet_rule *rules, size_t count,
		   uint32_t *loaded)
{
	struct vnet_rule answer = { .id.has = 0 };
	size_t i, room = VNET_NAME_SIZE;
	struct nl_msg *msg;
	int err;

	for (i = 0; i < count; i++)
		room += NLA_HDRLEN + vnet_msg_room(&vnet_rule_schema,
						   &rules[i]);
	msg = vnet_msg_new(ctx, VNET_CMD_RULE_LOAD, 0, room);
	if (!msg)
		return vnet_fail(ctx, -ENOMEM, NULL);
	err = nla_put_string(msg, VNET_A_NETWORK, network) ? -EMSGSIZE : 0;
	if (!err)
		err = put_entries(msg, rules, count);
	if (err) {
		nlmsg_free(msg);
		return vnet_fail_system(ctx, err, "cannot build the request");
	}
	err = vnet_transact(ctx, msg, &vnet_rule_schema, reply_count, &answer);
	if (!err && loaded)
		*loaded = answer.count;
	return err;
}
