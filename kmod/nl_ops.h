/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The commands of all objects: what the family's table of operations is made
 * of. Each nl_<object>.c owns its own.
 */
#ifndef VNET_NL_OPS_H
#define VNET_NL_OPS_H

#include <net/genetlink.h>
#include <linux/vnet.h>
#include "nl_dump.h"

/*
 * Policies. The sizes are here, so that the length of each is the number of
 * attributes that its operation claims: a definition of another size does not
 * compile.
 */
extern const struct nla_policy vnet_nl_flush_policy[VNET_A_KEEP_UP + 1];
extern const struct nla_policy vnet_nl_network_policy[VNET_A_NET_PACKET_RATE_EGRESS + 1];
extern const struct nla_policy vnet_nl_network_del_policy[VNET_A_NETWORK + 1];
extern const struct nla_policy vnet_nl_network_get_policy[VNET_A_NET_TENANT + 1];
extern const struct nla_policy vnet_nl_port_add_policy[VNET_A_PORT_FORCE + 1];
extern const struct nla_policy vnet_nl_port_set_policy[VNET_A_PORT_OVERCOMMIT + 1];
extern const struct nla_policy vnet_nl_port_del_policy[VNET_A_KEEP_UP + 1];
extern const struct nla_policy vnet_nl_port_get_policy[VNET_A_WITH_STATS + 1];
extern const struct nla_policy vnet_nl_member_add_policy[VNET_A_MEMBER_PACKET_RATE_EGRESS + 1];
extern const struct nla_policy vnet_nl_member_set_policy[VNET_A_MEMBER_PACKET_RATE_EGRESS + 1];
extern const struct nla_policy vnet_nl_member_del_policy[VNET_A_CVID + 1];
extern const struct nla_policy vnet_nl_member_get_policy[VNET_A_WITH_STATS + 1];
extern const struct nla_policy vnet_nl_fdb_add_policy[VNET_A_FDB_KIND + 1];
extern const struct nla_policy vnet_nl_fdb_del_policy[VNET_A_FDB_MAC + 1];
extern const struct nla_policy vnet_nl_fdb_get_policy[VNET_A_FDB_KIND + 1];
extern const struct nla_policy vnet_nl_fdb_flush_policy[VNET_A_FDB_ALL + 1];
extern const struct nla_policy vnet_nl_rule_policy[VNET_A_RULE_MEMBER_SET + 1];
extern const struct nla_policy vnet_nl_rule_recheck_policy[VNET_A_NETWORK + 1];
extern const struct nla_policy vnet_nl_rule_promote_policy[VNET_A_RULE_NAME + 1];
extern const struct nla_policy vnet_nl_rule_del_policy[VNET_A_RULE_NAME + 1];
extern const struct nla_policy vnet_nl_rule_get_policy[VNET_A_RULE_DIRECTION + 1];
extern const struct nla_policy vnet_nl_rule_load_policy[VNET_A_RULE_ENTRY + 1];
extern const struct nla_policy vnet_nl_rule_test_policy[VNET_A_RULE_MAX + 1];
extern const struct nla_policy vnet_nl_set_add_policy[VNET_A_SET_TYPE + 1];
extern const struct nla_policy vnet_nl_set_del_policy[VNET_A_SET_NAME + 1];
extern const struct nla_policy vnet_nl_set_get_policy[VNET_A_SET_TYPE + 1];
extern const struct nla_policy vnet_nl_elements_policy[VNET_A_SET_ELEMENT + 1];
extern const struct nla_policy vnet_nl_element_policy[VNET_A_SET_PORT_MAX + 1];
extern const struct nla_policy vnet_nl_class_policy[VNET_A_CLASS_OVERHEAD + 1];
extern const struct nla_policy vnet_nl_class_del_policy[VNET_A_CLASS_NAME + 1];
extern const struct nla_policy vnet_nl_class_get_policy[VNET_A_CLASS_NAME + 1];
extern const struct nla_policy vnet_nl_share_get_policy[VNET_A_WITH_STATS + 1];

int vnet_nl_info_get(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_flush(struct sk_buff *skb, struct genl_info *info);

int vnet_nl_network_add(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_network_set(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_network_del(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_network_get(struct sk_buff *skb, struct genl_info *info);
extern const struct vnet_nl_dumper vnet_nl_network_dumper;

int vnet_nl_port_add(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_port_set(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_port_del(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_port_get(struct sk_buff *skb, struct genl_info *info);
extern const struct vnet_nl_dumper vnet_nl_port_dumper;

int vnet_nl_member_add(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_member_set(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_member_del(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_member_get(struct sk_buff *skb, struct genl_info *info);
extern const struct vnet_nl_dumper vnet_nl_member_dumper;

int vnet_nl_fdb_add(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_fdb_del(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_fdb_get(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_fdb_flush(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_fdb_dump_start(struct netlink_callback *cb);
int vnet_nl_fdb_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_fdb_dump_done(struct netlink_callback *cb);
extern const struct vnet_nl_dumper vnet_nl_fdb_dumper;

int vnet_nl_rule_add(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_rule_set(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_rule_recheck(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_rule_promote(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_rule_del(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_rule_get(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_rule_load(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_rule_test(struct sk_buff *skb, struct genl_info *info);
extern const struct vnet_nl_dumper vnet_nl_rule_dumper;

int vnet_nl_set_add(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_set_del(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_set_get(struct sk_buff *skb, struct genl_info *info);
extern const struct vnet_nl_dumper vnet_nl_set_dumper;

int vnet_nl_element_add(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_element_del(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_element_replace(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_element_get(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_element_dump_start(struct netlink_callback *cb);
int vnet_nl_element_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_element_dump_done(struct netlink_callback *cb);
extern const struct vnet_nl_dumper vnet_nl_element_dumper;

int vnet_nl_class_add(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_class_set(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_class_del(struct sk_buff *skb, struct genl_info *info);
int vnet_nl_class_get(struct sk_buff *skb, struct genl_info *info);
extern const struct vnet_nl_dumper vnet_nl_class_dumper;
int vnet_nl_share_get(struct sk_buff *skb, struct genl_info *info);
extern const struct vnet_nl_dumper vnet_nl_share_dumper;

/* What notifications put into their messages. */
vnet_nl_fill_fn vnet_nl_fill_network;
vnet_nl_fill_fn vnet_nl_fill_port;
vnet_nl_fill_fn vnet_nl_fill_member;
vnet_nl_fill_fn vnet_nl_fill_fdb;
vnet_nl_fill_fn vnet_nl_fill_rule;
vnet_nl_fill_fn vnet_nl_fill_rule_count;
vnet_nl_fill_fn vnet_nl_fill_set;
vnet_nl_fill_fn vnet_nl_fill_class;

#endif /* VNET_NL_OPS_H */
