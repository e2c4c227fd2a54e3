/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The form of single attributes: what the policies of all commands are made of,
 * and how a sentence goes with a refusal. It must not know objects.
 */
#ifndef VNET_NL_POLICY_H
#define VNET_NL_POLICY_H

#include <net/genetlink.h>
#include <linux/vnet.h>
#include "member.h"

/* Refuse a request: a sentence, the attribute at fault or NULL, and the errno. */
#define vnet_nl_refuse(extack, attr, err, msg) ({			\
	NL_SET_ERR_MSG_ATTR(extack, attr, KBUILD_MODNAME ": " msg);	\
	(err);								\
})

/* 0, or -EINVAL when attrs[type] is not given; nest is where it should be. */
#define vnet_nl_require(extack, nest, attrs, type) ({			\
	struct netlink_ext_ack *__tell = (extack);			\
	int __missing = NL_REQ_ATTR_CHECK(__tell, nest, attrs, type);	\
									\
	if (__missing)							\
		NL_SET_ERR_MSG_MOD(__tell,				\
				   "required attribute " #type " is missing"); \
	__missing ? -EINVAL : 0;					\
})

/*
 * Of a refusal by an object: it gave the sentence, but for lack of memory; @attr
 * is what it is about.
 */
static inline int vnet_nl_blame(struct netlink_ext_ack *extack,
				const struct nlattr *attr, int err)
{
	if (err == -ENOMEM)
		return vnet_nl_refuse(extack, NULL, err, "out of memory");
	NL_SET_BAD_ATTR(extack, attr);
	return err;
}

/*
 * Forms of attributes, for the tables of policies. Numbers have no validation
 * function: to tell a policy with one, Linux 6.1 reads its address as a range.
 */
#define VNET_NL_NAME	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, vnet_nl_check_name)
#define VNET_NL_REF	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, vnet_nl_check_ref)
#define VNET_NL_LABEL	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, vnet_nl_check_label)
#define VNET_NL_IFNAME	NLA_POLICY_VALIDATE_FN(NLA_NUL_STRING, vnet_nl_check_ifname)
#define VNET_NL_IFINDEX	NLA_POLICY_FULL_RANGE(NLA_U32, &vnet_nl_ifindex_range)
#define VNET_NL_PROTO	NLA_POLICY_FULL_RANGE(NLA_U16, &vnet_nl_proto_range)
#define VNET_NL_VID	NLA_POLICY_RANGE(NLA_U16, VNET_VID_MIN, VNET_VID_MAX)
#define VNET_NL_FLAG	{ .type = NLA_FLAG }
#define VNET_NL_BOOL	NLA_POLICY_MAX(NLA_U8, 1)
#define VNET_NL_ENUM(_max) NLA_POLICY_RANGE(NLA_U8, 1, _max)
#define VNET_NL_MAC	NLA_POLICY_EXACT_LEN(ETH_ALEN)
#define VNET_NL_UNICAST	NLA_POLICY_VALIDATE_FN(NLA_BINARY, vnet_nl_check_unicast)
#define VNET_NL_IP	NLA_POLICY_VALIDATE_FN(NLA_BINARY, vnet_nl_check_ip)

extern VNET_NL_RANGE vnet_nl_ifindex_range;
extern VNET_NL_RANGE vnet_nl_proto_range;

int vnet_nl_check_name(const struct nlattr *attr, struct netlink_ext_ack *extack);
int vnet_nl_check_ref(const struct nlattr *attr, struct netlink_ext_ack *extack);
int vnet_nl_check_label(const struct nlattr *attr, struct netlink_ext_ack *extack);
int vnet_nl_check_ifname(const struct nlattr *attr, struct netlink_ext_ack *extack);
int vnet_nl_check_unicast(const struct nlattr *attr, struct netlink_ext_ack *extack);
int vnet_nl_check_ip(const struct nlattr *attr, struct netlink_ext_ack *extack);

int vnet_nl_get_prefix(const struct nlattr *ip, const struct nlattr *len,
		       struct vnet_prefix *prefix, struct netlink_ext_ack *extack);

#endif /* VNET_NL_POLICY_H */
