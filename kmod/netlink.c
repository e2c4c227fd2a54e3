// SPDX-License-Identifier: GPL-2.0-only
/*
 * The generic-netlink family: its table of operations, its groups, its start
 * and its end. It must not know what the operations do.
 */
#include <linux/module.h>
#include <linux/rtnetlink.h>
#include "expire.h"
#include "netlink.h"
#include "nl_act.h"
#include "nl_notify.h"
#include "nl_ops.h"
#include "nl_request.h"

/* Attributes that name objects have the same numbers in every set. */
#define BEGINS_SET(_attr) static_assert((_attr) == VNET_A_COMMON_MAX + 1)

BEGINS_SET(VNET_A_INFO_VERSION);
BEGINS_SET(VNET_A_NET_VNI);
BEGINS_SET(VNET_A_PORT_ROLE);
BEGINS_SET(VNET_A_MEMBER_LEARNING);
BEGINS_SET(VNET_A_FDB_MAC);
BEGINS_SET(VNET_A_RULE_NAME);
BEGINS_SET(VNET_A_SET_NAME);
BEGINS_SET(VNET_A_CLASS_NAME);
BEGINS_SET(VNET_A_SHARE_GUARANTEE);
BEGINS_SET(VNET_A_LIMIT_KIND);
BEGINS_SET(VNET_A_LOG_RULE);

#define OP(_cmd, _needs, _doit, _policy)				\
	{								\
		.cmd = VNET_CMD_##_cmd,					\
		.flags = GENL_ADMIN_PERM,				\
		.internal_flags = _needs,				\
		.doit = _doit,						\
		.policy = _policy,					\
		.maxattr = ARRAY_SIZE(_policy) - 1,			\
	}

#define GET_OP(_cmd, _needs, _doit, _policy, _start, _dumpit, _done)	\
	{								\
		.cmd = VNET_CMD_##_cmd,					\
		.flags = GENL_ADMIN_PERM,				\
		.internal_flags = _needs,				\
		.doit = _doit,						\
		.start = _start,					\
		.dumpit = _dumpit,					\
		.done = _done,						\
		.policy = _policy,					\
		.maxattr = ARRAY_SIZE(_policy) - 1,			\
	}

#define NETWORK		VNET_NL_NETWORK
#define REPLY		VNET_NL_REPLY
#define LARGE		VNET_NL_REPLY_LARGE

static const struct genl_ops ops[] = {
	{
		/* Without a policy every attribute is refused. */
		.cmd = VNET_CMD_INFO_GET,
		.flags = GENL_ADMIN_PERM,
		.internal_flags = REPLY,
		.doit = vnet_nl_info_get,
	},
	OP(FLUSH, VNET_NL_RTNL, vnet_nl_flush, vnet_nl_flush_policy),

	OP(NETWORK_ADD, REPLY, vnet_nl_network_add, vnet_nl_network_policy),
	OP(NETWORK_SET, REPLY | NETWORK, vnet_nl_network_set, vnet_nl_network_policy),
	OP(NETWORK_DEL, NETWORK, vnet_nl_network_del, vnet_nl_network_del_policy),
	GET_OP(NETWORK_GET, REPLY | NETWORK, vnet_nl_network_get,
	       vnet_nl_network_get_policy, vnet_nl_dump_start, vnet_nl_dumpit, NULL),

	OP(PORT_ADD, REPLY | VNET_NL_RTNL | VNET_NL_NETWORK_MAYBE, vnet_nl_port_add,
	   vnet_nl_port_add_policy),
	OP(PORT_SET, REPLY | VNET_NL_RTNL | VNET_NL_PORT, vnet_nl_port_set,
	   vnet_nl_port_set_policy),
	OP(PORT_DEL, VNET_NL_RTNL | VNET_NL_PORT, vnet_nl_port_del,
	   vnet_nl_port_del_policy),
	GET_OP(PORT_GET, REPLY | VNET_NL_PORT, vnet_nl_port_get,
	       vnet_nl_port_get_policy, vnet_nl_dump_start, vnet_nl_dumpit, NULL),

	OP(MEMBER_ADD, LARGE | NETWORK | VNET_NL_PORT, vnet_nl_member_add,
	   vnet_nl_member_add_policy),
	OP(MEMBER_SET, LARGE | VNET_NL_MEMBER, vnet_nl_member_set,
	   vnet_nl_member_set_policy),
	OP(MEMBER_DEL, VNET_NL_MEMBER, vnet_nl_member_del, vnet_nl_member_del_policy),
	GET_OP(MEMBER_GET, LARGE | VNET_NL_MEMBER, vnet_nl_member_get,
	       vnet_nl_member_get_policy, vnet_nl_dump_start, vnet_nl_dumpit, NULL),

	OP(FDB_ADD, REPLY | NETWORK | VNET_NL_MEMBER, vnet_nl_fdb_add,
	   vnet_nl_fdb_add_policy),
	OP(FDB_DEL, NETWORK, vnet_nl_fdb_del, vnet_nl_fdb_del_policy),
	GET_OP(FDB_GET, REPLY | NETWORK, vnet_nl_fdb_get, vnet_nl_fdb_get_policy,
	       vnet_nl_fdb_dump_start, vnet_nl_fdb_dumpit, vnet_nl_fdb_dump_done),
	OP(FDB_FLUSH, REPLY | NETWORK | VNET_NL_MEMBER_MAYBE, vnet_nl_fdb_flush,
	   vnet_nl_fdb_flush_policy),

	OP(RULE_ADD, REPLY | NETWORK, vnet_nl_rule_add, vnet_nl_rule_policy),
	OP(RULE_SET, REPLY | NETWORK, vnet_nl_rule_set, vnet_nl_rule_policy),
	OP(RULE_PROMOTE, REPLY | NETWORK, vnet_nl_rule_promote, vnet_nl_rule_promote_policy),
	OP(RULE_RECHECK, REPLY | NETWORK, vnet_nl_rule_recheck, vnet_nl_rule_recheck_policy),
	OP(RULE_DEL, NETWORK, vnet_nl_rule_del, vnet_nl_rule_del_policy),
	GET_OP(RULE_GET, REPLY | NETWORK, vnet_nl_rule_get, vnet_nl_rule_get_policy,
	       vnet_nl_dump_start, vnet_nl_dumpit, NULL),
	OP(RULE_LOAD, REPLY | NETWORK, vnet_nl_rule_load, vnet_nl_rule_load_policy),
	OP(RULE_TEST, LARGE | NETWORK | VNET_NL_MEMBER_MAYBE, vnet_nl_rule_test,
	   vnet_nl_rule_test_policy),

	OP(SET_ADD, REPLY | NETWORK, vnet_nl_set_add, vnet_nl_set_add_policy),
	OP(SET_DEL, NETWORK, vnet_nl_set_del, vnet_nl_set_del_policy),
	GET_OP(SET_GET, REPLY | NETWORK, vnet_nl_set_get, vnet_nl_set_get_policy,
	       vnet_nl_dump_start, vnet_nl_dumpit, NULL),
	OP(SET_REPLACE, REPLY | NETWORK, vnet_nl_element_replace, vnet_nl_elements_policy),
	OP(SET_ELEMENT_ADD, REPLY | NETWORK, vnet_nl_element_add, vnet_nl_elements_policy),
	OP(SET_ELEMENT_DEL, REPLY | NETWORK, vnet_nl_element_del, vnet_nl_elements_policy),
	GET_OP(SET_ELEMENT_GET, REPLY | NETWORK, vnet_nl_element_get,
	       vnet_nl_element_policy, vnet_nl_element_dump_start,
	       vnet_nl_element_dumpit, vnet_nl_element_dump_done),

	OP(CLASS_ADD, REPLY | NETWORK, vnet_nl_class_add, vnet_nl_class_policy),
	OP(CLASS_SET, REPLY | NETWORK, vnet_nl_class_set, vnet_nl_class_policy),
	OP(CLASS_DEL, NETWORK, vnet_nl_class_del, vnet_nl_class_del_policy),
	GET_OP(CLASS_GET, REPLY | NETWORK, vnet_nl_class_get, vnet_nl_class_get_policy,
	       vnet_nl_dump_start, vnet_nl_dumpit, NULL),
	GET_OP(SHARE_GET, REPLY | NETWORK | VNET_NL_PORT, vnet_nl_share_get,
	       vnet_nl_share_get_policy, vnet_nl_dump_start, vnet_nl_dumpit, NULL),
};

static const struct vnet_nl_dumper *const dumpers[VNET_CMD_MAX + 1] = {
	[VNET_CMD_NETWORK_GET] = &vnet_nl_network_dumper,
	[VNET_CMD_PORT_GET] = &vnet_nl_port_dumper,
	[VNET_CMD_MEMBER_GET] = &vnet_nl_member_dumper,
	[VNET_CMD_FDB_GET] = &vnet_nl_fdb_dumper,
	[VNET_CMD_RULE_GET] = &vnet_nl_rule_dumper,
	[VNET_CMD_SET_GET] = &vnet_nl_set_dumper,
	[VNET_CMD_SET_ELEMENT_GET] = &vnet_nl_element_dumper,
	[VNET_CMD_CLASS_GET] = &vnet_nl_class_dumper,
	[VNET_CMD_SHARE_GET] = &vnet_nl_share_dumper,
};

/**
 * vnet_nl_dumper_of - how the objects of a command are dumped
 * @cmd: enum vnet_cmd, of an operation
 *
 * Return: the dumper, or NULL.
 */
const struct vnet_nl_dumper *vnet_nl_dumper_of(u8 cmd)
{
	return dumpers[cmd];
}

static int pre_doit(const vnet_genl_doit_ops *op, struct sk_buff *skb,
		    struct genl_info *info)
{
	int err = vnet_nl_dump_refuse_filters(info);

	if (err)
		return err;
	vnet_nl_load_helpers(info);
	return vnet_nl_request_begin(info, op->internal_flags);
}

static void post_doit(const vnet_genl_doit_ops *op, struct sk_buff *skb,
		      struct genl_info *info)
{
	vnet_nl_request_end(info);
}

/*
 * Whoever joins needs CAP_NET_ADMIN in the user namespace that owns the network
 * namespace; generic netlink offers nothing stricter. The root of a child user
 * namespace can thus watch its own network namespace, and only that: everything
 * else needs the capability in the initial user namespace (GENL_ADMIN_PERM).
 */
static const struct genl_multicast_group groups[] = {
	[VNET_NL_GROUP_CONFIG] = {
		.name = VNET_MCGRP_CONFIG,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[VNET_NL_GROUP_FDB] = {
		.name = VNET_MCGRP_FDB,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
	[VNET_NL_GROUP_LOG] = {
		.name = VNET_MCGRP_LOG,
		.flags = GENL_MCAST_CAP_NET_ADMIN,
	},
};

/* resv_start_op is 0: all operations are strictly validated. */
struct genl_family vnet_nl_family __ro_after_init = {
	.name = VNET_GENL_NAME,
	.version = VNET_GENL_VERSION,
	.module = THIS_MODULE,
	.netnsok = true,
	.parallel_ops = true,
	.ops = ops,
	.n_ops = ARRAY_SIZE(ops),
	.pre_doit = pre_doit,
	.post_doit = post_doit,
	.mcgrps = groups,
	.n_mcgrps = ARRAY_SIZE(groups),
};

/**
 * vnet_netlink_init - offer the family
 *
 * Context: module init, the last step: requests come at once.
 * Return: 0, -ENOMEM, -EEXIST.
 */
int __init vnet_netlink_init(void)
{
	int err = genl_register_family(&vnet_nl_family);

	if (!err)
		vnet_event_listen(&vnet_nl_listener);
	return err;
}

/**
 * vnet_netlink_exit - take the family back
 *
 * Context: module exit, the first step.
 */
void vnet_netlink_exit(void)
{
	vnet_event_listen(NULL);
	/*
	 * Who tells of an event right now is on the packet path (RCU), in a
	 * device notifier or the end of a namespace (RTNL), removes a rule that
	 * has expired, or is a request, which the core waits for.
	 */
	synchronize_rcu();
	rtnl_lock();
	rtnl_unlock();
	vnet_expire_flush();
	genl_unregister_family(&vnet_nl_family);
}
