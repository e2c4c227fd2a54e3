// SPDX-License-Identifier: GPL-2.0-only
/*
 * class: the attributes of a shaping class and the requests about it.
 */
#include "internal.h"

static const struct vnet_field class_fields[] = {
	VNET_FIELD(VNET_A_CLASS_NAME, vnet_class, name,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_CLASS_PARENT, vnet_class, parent,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_CLASS_RATE, vnet_class, rate, VNET_TYPE_U64, false),
	VNET_FIELD(VNET_A_CLASS_CEIL, vnet_class, ceil, VNET_TYPE_U64, false),
	VNET_FIELD(VNET_A_CLASS_BURST, vnet_class, burst, VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_CLASS_CBURST, vnet_class, cburst,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_CLASS_PRIO, vnet_class, prio, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_CLASS_QUEUE, vnet_class, queue, VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_CLASS_WEIGHT, vnet_class, weight,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_CLASS_ID, vnet_class, class_id, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_CLASS_LEVEL, vnet_class, level, VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_CLASS_MEMBERS, vnet_class, members,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_CLASS_RULES, vnet_class, rules, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_CLASS_IN_FORCE, vnet_class, in_force,
		   VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_CLASS_INGRESS_STATS, vnet_class, ingress_stats,
		   VNET_TYPE_CLASS_STATS, true),
	VNET_FIELD(VNET_A_CLASS_EGRESS_STATS, vnet_class, egress_stats,
		   VNET_TYPE_CLASS_STATS, true),
	VNET_FIELD(VNET_A_CLASS_DELAY_TARGET, vnet_class, delay_target,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_CLASS_DELAY_LIMIT, vnet_class, delay_limit,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_CLASS_OVERHEAD, vnet_class, overhead,
		   VNET_TYPE_U32, false),
};

const struct vnet_schema vnet_class_schema = {
	.name = "class",
	.size = sizeof(struct vnet_class),
	.count = VNET_COUNT(class_fields),
	.fields = class_fields,
	.add = VNET_CMD_CLASS_ADD,
	.set = VNET_CMD_CLASS_SET,
	.del = VNET_CMD_CLASS_DEL,
	.get = VNET_CMD_CLASS_GET,
	.ntf = VNET_CMD_CLASS_NTF,
};

/**
 * vnet_class_add() - create a class
 * @ctx: the connection
 * @class_: network and name to create; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if it was like this already
 *
 * Return: 0 or a negative errno.
 */
int vnet_class_add(struct vnet *ctx, struct vnet_class *class_)
{
	return vnet_do(ctx, &vnet_class_schema, VNET_CMD_CLASS_ADD, class_);
}

/**
 * vnet_class_set() - change a class
 * @ctx: the connection
 * @class_: network and name and what to change; replaced by what it is now
 *
 * Return: 0 or a negative errno.
 */
int vnet_class_set(struct vnet *ctx, struct vnet_class *class_)
{
	return vnet_do(ctx, &vnet_class_schema, VNET_CMD_CLASS_SET, class_);
}

/**
 * vnet_class_del() - remove a class
 * @ctx: the connection
 * @class_: network and name
 *
 * Return: 0 or a negative errno.
 */
int vnet_class_del(struct vnet *ctx, struct vnet_class *class_)
{
	return vnet_do(ctx, &vnet_class_schema, VNET_CMD_CLASS_DEL, class_);
}

/**
 * vnet_class_get() - read a class
 * @ctx: the connection
 * @class_: network and name; replaced by what the kernel tells
 *
 * Return: 0 or a negative errno.
 */
int vnet_class_get(struct vnet *ctx, struct vnet_class *class_)
{
	return vnet_do(ctx, &vnet_class_schema, VNET_CMD_CLASS_GET, class_);
}

/**
 * vnet_class_list() - read many
 * @ctx: the connection
 * @filter: what is set in it is the filter: network,
 *	VNET_A_WITH_STATS
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_class_list(struct vnet *ctx, const struct vnet_class *filter,
		    struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_class_schema, filter, list);
}
