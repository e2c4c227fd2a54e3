// SPDX-License-Identifier: GPL-2.0-only
/*
 * info: what the module tells of itself, and the request that empties it.
 */
#include "internal.h"

static const struct vnet_field info_fields[] = {
	VNET_FIELD(VNET_A_INFO_VERSION, vnet_info, version,
		   VNET_TYPE_STRING, true),
	VNET_FIELD(VNET_A_INFO_NETWORKS, vnet_info, networks,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_INFO_PORTS, vnet_info, ports, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_INFO_MEMBERS, vnet_info, members,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_INFO_DROP_REASONS, vnet_info, drop_reasons,
		   VNET_TYPE_U32, true),
};

const struct vnet_schema vnet_info_schema = {
	.name = "info",
	.size = sizeof(struct vnet_info),
	.count = VNET_COUNT(info_fields),
	.fields = info_fields,
	.get = VNET_CMD_INFO_GET,
};

/**
 * vnet_info_get() - what this module is
 * @ctx: the connection
 * @info: receives it
 *
 * Return: 0 or a negative errno.
 */
int vnet_info_get(struct vnet *ctx, struct vnet_info *info)
{
	info->id.has = 0;
	return vnet_do(ctx, &vnet_info_schema, VNET_CMD_INFO_GET, info);
}

/**
 * vnet_flush() - detach every port and delete every network of the namespace
 * @ctx: the connection
 * @keep_up: leave guest ports up
 *
 * Return: 0 or a negative errno.
 */
int vnet_flush(struct vnet *ctx, bool keep_up)
{
	struct vnet_info none = { .id.has = 0 };

	if (keep_up)
		none.id.has |= VNET_HAS(VNET_A_KEEP_UP);
	return vnet_do(ctx, &vnet_info_schema, VNET_CMD_FLUSH, &none);
}
