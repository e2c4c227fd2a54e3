// SPDX-License-Identifier: GPL-2.0-only
/*
 * network: the attributes of a network and the requests about it.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

static const struct vnet_field network_fields[] = {
	VNET_FIELD(VNET_A_NET_VNI, vnet_network, vni, VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_TENANT, vnet_network, tenant,
		   VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_NET_UP, vnet_network, up, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_NET_POLICY_INGRESS, vnet_network, policy_ingress,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_NET_POLICY_EGRESS, vnet_network, policy_egress,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_NET_AGEING, vnet_network, ageing,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_MAX_MEMBERS, vnet_network, max_members,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_MAX_MACS, vnet_network, max_macs,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_MAX_RULES, vnet_network, max_rules,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_MAX_CLASSES, vnet_network, max_classes,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_MAX_QUEUE, vnet_network, max_queue,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_MAX_SETS, vnet_network, max_sets,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_MAX_SET_ELEMENTS, vnet_network, max_set_elements,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_MAX_CONNECTIONS, vnet_network, max_connections,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_CONNECTION_RATE, vnet_network, connection_rate,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_REJECT_RATE, vnet_network, reject_rate,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_AUDIT_INGRESS, vnet_network, audit_ingress,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_NET_AUDIT_EGRESS, vnet_network, audit_egress,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_NET_LOG_RATE, vnet_network, log_rate,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_ID, vnet_network, network_id,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_MEMBERS, vnet_network, members,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_MACS, vnet_network, macs, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_RULES, vnet_network, rules, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_CLASSES, vnet_network, classes,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_SETS, vnet_network, sets, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_SET_ELEMENTS, vnet_network, set_elements,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_RULES_GENERATION, vnet_network, rules_generation,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_ZONE, vnet_network, zone, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_CONNECTIONS, vnet_network, connections,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_NET_STATS, vnet_network, stats,
		   VNET_TYPE_STATS, true),
	VNET_FIELD(VNET_A_NET_POLICY_INGRESS_STATS, vnet_network, policy_ingress_stats,
		   VNET_TYPE_COUNTER, true),
	VNET_FIELD(VNET_A_NET_POLICY_EGRESS_STATS, vnet_network, policy_egress_stats,
		   VNET_TYPE_COUNTER, true),
	VNET_FIELD(VNET_A_NET_AUDIT_INGRESS_STATS, vnet_network, audit_ingress_stats,
		   VNET_TYPE_COUNTER, true),
	VNET_FIELD(VNET_A_NET_AUDIT_EGRESS_STATS, vnet_network, audit_egress_stats,
		   VNET_TYPE_COUNTER, true),
	VNET_FIELD(VNET_A_NET_EVICTED, vnet_network, evicted,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_NET_MOVED, vnet_network, moved, VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_NET_PACKET_RATE_INGRESS, vnet_network, packet_rate_ingress,
		   VNET_TYPE_U32, false),
	VNET_FIELD(VNET_A_NET_PACKET_RATE_EGRESS, vnet_network, packet_rate_egress,
		   VNET_TYPE_U32, false),
};

const struct vnet_schema vnet_network_schema = {
	.name = "network",
	.size = sizeof(struct vnet_network),
	.count = VNET_COUNT(network_fields),
	.fields = network_fields,
	.add = VNET_CMD_NETWORK_ADD,
	.set = VNET_CMD_NETWORK_SET,
	.del = VNET_CMD_NETWORK_DEL,
	.get = VNET_CMD_NETWORK_GET,
	.ntf = VNET_CMD_NETWORK_NTF,
};

/**
 * vnet_network_add() - create a network
 * @ctx: the connection
 * @network: the network to create; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if it was like this already
 *
 * Return: 0 or a negative errno.
 */
int vnet_network_add(struct vnet *ctx, struct vnet_network *network)
{
	return vnet_do(ctx, &vnet_network_schema, VNET_CMD_NETWORK_ADD, network);
}

/**
 * vnet_network_set() - change a network
 * @ctx: the connection
 * @network: the network and what to change; replaced by what it is now
 *
 * Return: 0 or a negative errno.
 */
int vnet_network_set(struct vnet *ctx, struct vnet_network *network)
{
	return vnet_do(ctx, &vnet_network_schema, VNET_CMD_NETWORK_SET, network);
}

/**
 * vnet_network_get() - read a network
 * @ctx: the connection
 * @network: the network; replaced by what the kernel tells
 *
 * Return: 0 or a negative errno.
 */
int vnet_network_get(struct vnet *ctx, struct vnet_network *network)
{
	return vnet_do(ctx, &vnet_network_schema, VNET_CMD_NETWORK_GET, network);
}

/**
 * vnet_network_list() - read many
 * @ctx: the connection
 * @filter: what is set in it is the filter: name, tenant,
 *	VNET_A_WITH_STATS
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_network_list(struct vnet *ctx, const struct vnet_network *filter,
		      struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_network_schema, filter, list);
}

/**
 * vnet_network_del() - remove a network with all that it has
 * @ctx: the connection
 * @name: the network
 *
 * Return: 0 or a negative errno.
 */
int vnet_network_del(struct vnet *ctx, const char *name)
{
	struct vnet_network network = { .id.has = VNET_HAS(VNET_A_NETWORK) };

	if (strlen(name) >= sizeof(network.id.network))
		return vnet_fail(ctx, -EINVAL, "the name is too long");
	strcpy(network.id.network, name);
	return vnet_do(ctx, &vnet_network_schema, VNET_CMD_NETWORK_DEL,
		       &network);
}
