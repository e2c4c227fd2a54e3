// SPDX-License-Identifier: GPL-2.0-only
/*
 * port: the attributes of an attached interface and the requests about it.
 */
#include "internal.h"

static const struct vnet_field port_fields[] = {
	VNET_FIELD(VNET_A_PORT_ROLE, vnet_port, role, VNET_TYPE_U8, false),
	VNET_FIELD_FLAG(VNET_A_PORT_FORCE),
	VNET_FIELD(VNET_A_PORT_CAPACITY, vnet_port, capacity,
		   VNET_TYPE_U64, false),
	VNET_FIELD(VNET_A_PORT_OVERCOMMIT, vnet_port, overcommit,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_PORT_CAPACITY_NOW, vnet_port, capacity_now,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_PORT_GUARANTEED, vnet_port, guaranteed,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_PORT_IN_FORCE, vnet_port, in_force,
		   VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_PORT_ID, vnet_port, port_id, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_PORT_MEMBERS, vnet_port, members,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_PORT_DROPS, vnet_port, drops, VNET_TYPE_DROPS, true),
};

const struct vnet_schema vnet_port_schema = {
	.name = "port",
	.size = sizeof(struct vnet_port),
	.count = VNET_COUNT(port_fields),
	.fields = port_fields,
	.add = VNET_CMD_PORT_ADD,
	.set = VNET_CMD_PORT_SET,
	.del = VNET_CMD_PORT_DEL,
	.get = VNET_CMD_PORT_GET,
	.ntf = VNET_CMD_PORT_NTF,
};

/**
 * vnet_port_add() - create a port
 * @ctx: the connection
 * @port: the interface to create; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if it was like this already
 *
 * Return: 0 or a negative errno.
 */
int vnet_port_add(struct vnet *ctx, struct vnet_port *port)
{
	return vnet_do(ctx, &vnet_port_schema, VNET_CMD_PORT_ADD, port);
}

/**
 * vnet_port_set() - change a port
 * @ctx: the connection
 * @port: the interface and what to change; replaced by what it is now
 *
 * Return: 0 or a negative errno.
 */
int vnet_port_set(struct vnet *ctx, struct vnet_port *port)
{
	return vnet_do(ctx, &vnet_port_schema, VNET_CMD_PORT_SET, port);
}

/**
 * vnet_port_del() - remove a port
 * @ctx: the connection
 * @port: the interface
 *
 * Return: 0 or a negative errno.
 */
int vnet_port_del(struct vnet *ctx, struct vnet_port *port)
{
	return vnet_do(ctx, &vnet_port_schema, VNET_CMD_PORT_DEL, port);
}

/**
 * vnet_port_get() - read a port
 * @ctx: the connection
 * @port: the interface; replaced by what the kernel tells
 *
 * Return: 0 or a negative errno.
 */
int vnet_port_get(struct vnet *ctx, struct vnet_port *port)
{
	return vnet_do(ctx, &vnet_port_schema, VNET_CMD_PORT_GET, port);
}

/**
 * vnet_port_list() - read many
 * @ctx: the connection
 * @filter: what is set in it is the filter: interface,
 *	VNET_A_WITH_STATS
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_port_list(struct vnet *ctx, const struct vnet_port *filter,
		   struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_port_schema, filter, list);
}
