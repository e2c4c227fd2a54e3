// SPDX-License-Identifier: GPL-2.0-only
/*
 * fdb: the attributes of a network's address and the requests about it.
 */
#include "internal.h"

static const struct vnet_field fdb_fields[] = {
	VNET_FIELD(VNET_A_FDB_MAC, vnet_fdb, mac, VNET_TYPE_MAC, false),
	VNET_FIELD(VNET_A_FDB_KIND, vnet_fdb, kind, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_FDB_AGE, vnet_fdb, age, VNET_TYPE_U32, true),
	VNET_FIELD_FLAG(VNET_A_FDB_ALL),
	VNET_FIELD(VNET_A_FDB_COUNT, vnet_fdb, count, VNET_TYPE_U32, true),
};

const struct vnet_schema vnet_fdb_schema = {
	.name = "fdb",
	.size = sizeof(struct vnet_fdb),
	.count = VNET_COUNT(fdb_fields),
	.fields = fdb_fields,
	.add = VNET_CMD_FDB_ADD,
	.del = VNET_CMD_FDB_DEL,
	.get = VNET_CMD_FDB_GET,
	.ntf = VNET_CMD_FDB_NTF,
};

/**
 * vnet_fdb_add() - create an address
 * @ctx: the connection
 * @fdb: the address to create; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if it was like this already
 *
 * Return: 0 or a negative errno.
 */
int vnet_fdb_add(struct vnet *ctx, struct vnet_fdb *fdb)
{
	return vnet_do(ctx, &vnet_fdb_schema, VNET_CMD_FDB_ADD, fdb);
}

/**
 * vnet_fdb_del() - remove an address
 * @ctx: the connection
 * @fdb: the address
 *
 * Return: 0 or a negative errno.
 */
int vnet_fdb_del(struct vnet *ctx, struct vnet_fdb *fdb)
{
	return vnet_do(ctx, &vnet_fdb_schema, VNET_CMD_FDB_DEL, fdb);
}

/**
 * vnet_fdb_get() - read an address
 * @ctx: the connection
 * @fdb: the address; replaced by what the kernel tells
 *
 * Return: 0 or a negative errno.
 */
int vnet_fdb_get(struct vnet *ctx, struct vnet_fdb *fdb)
{
	return vnet_do(ctx, &vnet_fdb_schema, VNET_CMD_FDB_GET, fdb);
}

/**
 * vnet_fdb_list() - read many
 * @ctx: the connection
 * @filter: what is set in it is the filter: network, interface
 *	and tag, kind
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_fdb_list(struct vnet *ctx, const struct vnet_fdb *filter,
		  struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_fdb_schema, filter, list);
}

/**
 * vnet_fdb_flush() - forget many addresses of a network
 * @ctx: the connection
 * @filter: network; interface and tag; VNET_A_FDB_ALL. Its count receives how
 *	many were forgotten.
 *
 * Return: 0 or a negative errno.
 */
int vnet_fdb_flush(struct vnet *ctx, struct vnet_fdb *filter)
{
	return vnet_do(ctx, &vnet_fdb_schema, VNET_CMD_FDB_FLUSH, filter);
}
