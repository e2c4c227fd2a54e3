// SPDX-License-Identifier: GPL-2.0-only
/*
 * family: the numbers that the kernel gave the vnet family and its groups. It
 * knows nothing of vnet's own messages.
 */
#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/genetlink.h>

static void take_group(struct vnet *ctx, struct nlattr *nest)
{
	struct nlattr *name, *id;
	struct vnet_group *group;

	name = nla_find(nla_data(nest), nla_len(nest), CTRL_ATTR_MCAST_GRP_NAME);
	id = nla_find(nla_data(nest), nla_len(nest), CTRL_ATTR_MCAST_GRP_ID);
	if (!name || !id || nla_len(id) < (int)sizeof(uint32_t) ||
	    ctx->group_count == VNET_COUNT(ctx->groups))
		return;
	group = &ctx->groups[ctx->group_count++];
	snprintf(group->name, sizeof(group->name), "%.*s", nla_len(name),
		 (const char *)nla_data(name));
	group->id = nla_get_u32(id);
}

static int take_family(struct nlmsghdr *nlh, void *arg)
{
	struct nlattr *attr, *group;
	struct vnet *ctx = arg;
	int rest, rest_group;

	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest) {
		if (nla_type(attr) == CTRL_ATTR_FAMILY_ID &&
		    nla_len(attr) >= (int)sizeof(uint16_t))
			ctx->family = nla_get_u16(attr);
		if (nla_type(attr) != CTRL_ATTR_MCAST_GROUPS)
			continue;
		nla_for_each_nested(group, attr, rest_group)
			take_group(ctx, group);
	}
	return 0;
}

/*
 * Asks for the family and its groups, in one request. Returns 0,
 * -EPROTONOSUPPORT when there is no such family, other negative errno.
 */
int vnet_family_resolve(struct vnet *ctx)
{
	struct nl_msg *msg;
	int err;

	ctx->family = GENL_ID_CTRL;
	msg = vnet_msg_new(ctx, CTRL_CMD_GETFAMILY, 0, GENL_NAMSIZ);
	if (!msg)
		return vnet_fail(ctx, -ENOMEM, NULL);
	if (nla_put_string(msg, CTRL_ATTR_FAMILY_NAME, VNET_GENL_NAME)) {
		nlmsg_free(msg);
		return vnet_fail(ctx, -EMSGSIZE, NULL);
	}
	err = vnet_transact(ctx, msg, NULL, take_family, ctx);
	if (err == -ENOENT || (!err && ctx->family == GENL_ID_CTRL))
		return vnet_fail(ctx, -EPROTONOSUPPORT,
				 "the vnet module is not loaded");
	return err;
}

/* Number of a group, or -ENOENT. */
int vnet_family_group(const struct vnet *ctx, const char *name)
{
	unsigned int i;

	for (i = 0; i < ctx->group_count; i++)
		if (!strcmp(ctx->groups[i].name, name))
			return ctx->groups[i].id;
	return -ENOENT;
}
