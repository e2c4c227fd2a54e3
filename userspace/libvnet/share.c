// SPDX-License-Identifier: GPL-2.0-only
/*
 * share: the attributes of what a network may have of a port, and how to read them.
 */
#include "internal.h"

static const struct vnet_field share_fields[] = {
	VNET_FIELD(VNET_A_SHARE_GUARANTEE, vnet_share, guarantee,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_SHARE_CEIL, vnet_share, ceil, VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_SHARE_WEIGHT, vnet_share, weight, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_SHARE_PRIO, vnet_share, prio, VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_SHARE_IN_FORCE, vnet_share, in_force,
		   VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_SHARE_INGRESS_ALLOWED, vnet_share, ingress_allowed,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_SHARE_EGRESS_ALLOWED, vnet_share, egress_allowed,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_SHARE_INGRESS_MEASURED, vnet_share, ingress_measured,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_SHARE_EGRESS_MEASURED, vnet_share, egress_measured,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_SHARE_INGRESS_STATS, vnet_share, ingress_stats,
		   VNET_TYPE_CLASS_STATS, true),
	VNET_FIELD(VNET_A_SHARE_EGRESS_STATS, vnet_share, egress_stats,
		   VNET_TYPE_CLASS_STATS, true),
};

const struct vnet_schema vnet_share_schema = {
	.name = "share",
	.size = sizeof(struct vnet_share),
	.count = VNET_COUNT(share_fields),
	.fields = share_fields,
	.get = VNET_CMD_SHARE_GET,
};

/**
 * vnet_share_get() - read a share
 * @ctx: the connection
 * @share: network and interface; replaced by what the kernel tells
 *
 * Return: 0 or a negative errno.
 */
int vnet_share_get(struct vnet *ctx, struct vnet_share *share)
{
	return vnet_do(ctx, &vnet_share_schema, VNET_CMD_SHARE_GET, share);
}

/**
 * vnet_share_list() - read many
 * @ctx: the connection
 * @filter: what is set in it is the filter: network, interface,
 *	VNET_A_WITH_STATS
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_share_list(struct vnet *ctx, const struct vnet_share *filter,
		    struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_share_schema, filter, list);
}
