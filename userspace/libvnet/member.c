// SPDX-License-Identifier: GPL-2.0-only
/*
 * member: the attributes of a member and the requests about it.
 */
#include "internal.h"

static const struct vnet_field member_fields[] = {
	VNET_FIELD(VNET_A_MEMBER_LEARNING, vnet_member, learning,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_MEMBER_FLOOD_UNICAST, vnet_member, flood_unicast,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_MEMBER_FLOOD_MULTICAST, vnet_member, flood_multicast,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_MEMBER_FLOOD_BROADCAST, vnet_member, flood_broadcast,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_MEMBER_ISOLATED, vnet_member, isolated,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_MEMBER_HAIRPIN, vnet_member, hairpin,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_MEMBER_MAX_MACS, vnet_member, max_macs,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_MEMBER_FLOOD_RATE, vnet_member, flood_rate,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_MEMBER_MAX_CONNECTIONS, vnet_member, max_connections,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_MEMBER_CONNECTION_RATE, vnet_member, connection_rate,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_MEMBER_CLASS_INGRESS, vnet_member, class_ingress,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_MEMBER_CLASS_EGRESS, vnet_member, class_egress,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_MEMBER_GUARD_MACS, vnet_member, guard_macs,
		   VNET_TYPE_MACS, false),
	VNET_FIELD(VNET_A_MEMBER_GUARD_IPS, vnet_member, guard_ips,
		   VNET_TYPE_PREFIXES, false),
	VNET_FIELD(VNET_A_MEMBER_GUARD_DHCP, vnet_member, guard_dhcp,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_MEMBER_GUARD_RA, vnet_member, guard_ra,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_MEMBER_ID, vnet_member, member_id,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_MEMBER_MACS, vnet_member, macs, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_MEMBER_CONNECTIONS, vnet_member, connections,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_MEMBER_STATS, vnet_member, stats,
		   VNET_TYPE_STATS, true),
	VNET_FIELD(VNET_A_MEMBER_EVICTED, vnet_member, evicted,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_MEMBER_UNLEARNED, vnet_member, unlearned,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_MEMBER_PACKET_RATE_INGRESS, vnet_member, packet_rate_ingress,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_MEMBER_PACKET_RATE_EGRESS, vnet_member, packet_rate_egress,
		   VNET_TYPE_U32, false),
};

const struct vnet_schema vnet_member_schema = {
	.name = "member",
	.size = sizeof(struct vnet_member),
	.count = VNET_COUNT(member_fields),
	.fields = member_fields,
	.add = VNET_CMD_MEMBER_ADD,
	.set = VNET_CMD_MEMBER_SET,
	.del = VNET_CMD_MEMBER_DEL,
	.get = VNET_CMD_MEMBER_GET,
	.ntf = VNET_CMD_MEMBER_NTF,
};

/**
 * vnet_member_add() - create a member
 * @ctx: the connection
 * @member: interface and tag to create; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if it was like this already
 *
 * Return: 0 or a negative errno.
 */
int vnet_member_add(struct vnet *ctx, struct vnet_member *member)
{
	return vnet_do(ctx, &vnet_member_schema, VNET_CMD_MEMBER_ADD, member);
}

/**
 * vnet_member_set() - change a member
 * @ctx: the connection
 * @member: interface and tag and what to change; replaced by what it is now
 *
 * Return: 0 or a negative errno.
 */
int vnet_member_set(struct vnet *ctx, struct vnet_member *member)
{
	return vnet_do(ctx, &vnet_member_schema, VNET_CMD_MEMBER_SET, member);
}

/**
 * vnet_member_del() - remove a member
 * @ctx: the connection
 * @member: interface and tag
 *
 * Return: 0 or a negative errno.
 */
int vnet_member_del(struct vnet *ctx, struct vnet_member *member)
{
	return vnet_do(ctx, &vnet_member_schema, VNET_CMD_MEMBER_DEL, member);
}

/**
 * vnet_member_get() - read a member
 * @ctx: the connection
 * @member: interface and tag; replaced by what the kernel tells
 *
 * Return: 0 or a negative errno.
 */
int vnet_member_get(struct vnet *ctx, struct vnet_member *member)
{
	return vnet_do(ctx, &vnet_member_schema, VNET_CMD_MEMBER_GET, member);
}

/**
 * vnet_member_list() - read many
 * @ctx: the connection
 * @filter: what is set in it is the filter: network, interface,
 *	VNET_A_WITH_STATS
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_member_list(struct vnet *ctx, const struct vnet_member *filter,
		     struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_member_schema, filter, list);
}

/**
 * vnet_member_clear() - empty a member and release its lists
 * @member: the member
 */
void vnet_member_clear(struct vnet_member *member)
{
	vnet_object_clear(&vnet_member_schema, member);
}
