// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_network: the commands about networks and their key table.
 */
#include "cmd.h"
#include "kind.h"
#include "object.h"
#include "refuse.h"

#include <stdio.h>
#include <string.h>

#define V_WRITE (V_ADD | V_SET)

static const struct key network_keys[] = {
	{ .word = "NAME", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_SET | V_DEL | V_SHOW | V_USE, .needs = V_SET | V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "network", "network", OUT_COLUMN },
	  .help = "the network" },
	{ .word = "NAME", .kind = &kind_new_name, .attr = VNET_A_NETWORK,
	  .verbs = V_ADD, .needs = V_ADD,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .help = "its name" },
	{ .kind = &kind_count, .attr = VNET_A_NET_ID,
	  .out = { "id", "id", OUT_HIDDEN } },
	{ .word = "vni", .kind = &kind_vni, .attr = VNET_A_NET_VNI,
	  .verbs = V_WRITE, .max = VNET_VNI_MAX,
	  .out = { "vni", "vni", OUT_COLUMN },
	  .help = "virtual network identifier, unique in the namespace" },
	{ .word = "tenant", .kind = &kind_label, .attr = VNET_A_NET_TENANT,
	  .verbs = V_WRITE | V_SHOW, .out = { "tenant", "tenant", OUT_COLUMN },
	  .help = "label for people and filters" },
	{ .kind = &kind_state, .attr = VNET_A_NET_UP, .verbs = V_WRITE,
	  .flags = KEY_BARE, .max = 1, .out = { "up", "state", OUT_COLUMN },
	  .help = "forward frames or drop all of them" },
	{ .word = "policy-ingress", .kind = &kind_action,
	  .attr = VNET_A_NET_POLICY_INGRESS, .verbs = V_WRITE,
	  .out = { "policy_ingress", "policy-ingress", OUT_COLUMN },
	  .help = "when no rule decides about a frame to a member" },
	{ .word = "policy-egress", .kind = &kind_action,
	  .attr = VNET_A_NET_POLICY_EGRESS, .verbs = V_WRITE,
	  .out = { "policy_egress", "policy-egress", OUT_COLUMN },
	  .help = "when no rule decides about a frame of a member" },
	{ .word = "audit", .kind = &kind_audit,
	  .attr = VNET_A_NET_AUDIT_INGRESS, .verbs = V_WRITE,
	  .out = { "audit", "audit", OUT_OPTION },
	  .help = "directions whose drops are only counted" },
	{ .word = "log-rate", .kind = &kind_log_rate,
	  .attr = VNET_A_NET_LOG_RATE, .verbs = V_WRITE, .min = 1,
	  .max = VNET_LOG_RATE_MAX, .normal = VNET_LOG_RATE_DEFAULT,
	  .out = { "log_rate", "log-rate", OUT_OPTION },
	  .help = "limit of frames that rules tell of" },
	{ .kind = &kind_count, .attr = VNET_A_NET_MEMBERS,
	  .of = VNET_A_NET_MAX_MEMBERS,
	  .out = { "members", "members", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_NET_MACS,
	  .of = VNET_A_NET_MAX_MACS, .out = { "macs", "macs", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_NET_RULES,
	  .of = VNET_A_NET_MAX_RULES, .out = { "rules", "rules", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_NET_CLASSES,
	  .of = VNET_A_NET_MAX_CLASSES,
	  .out = { "classes", "classes", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_NET_SETS,
	  .of = VNET_A_NET_MAX_SETS, .out = { "sets", "sets", OUT_HIDDEN } },
	{ .kind = &kind_count, .attr = VNET_A_NET_SET_ELEMENTS,
	  .of = VNET_A_NET_MAX_SET_ELEMENTS,
	  .out = { "set_elements", "set-elements", OUT_HIDDEN } },
	{ .kind = &kind_count, .attr = VNET_A_NET_CONNECTIONS,
	  .of = VNET_A_NET_MAX_CONNECTIONS,
	  .out = { "connections", "connections", OUT_HIDDEN } },
	{ .word = "ageing", .kind = &kind_time, .attr = VNET_A_NET_AGEING,
	  .verbs = V_WRITE, .normal = VNET_AGEING_DEFAULT,
	  .out = { "ageing_ms", "ageing", OUT_OPTION },
	  .help = "time until an unused address is forgotten" },
	{ .word = "max-members", .kind = &kind_count,
	  .attr = VNET_A_NET_MAX_MEMBERS, .verbs = V_WRITE,
	  .out = { "max_members", "max-members", OUT_HIDDEN },
	  .help = "limit of members" },
	{ .word = "max-macs", .kind = &kind_count, .attr = VNET_A_NET_MAX_MACS,
	  .verbs = V_WRITE, .out = { "max_macs", "max-macs", OUT_HIDDEN },
	  .help = "limit of addresses" },
	{ .word = "max-rules", .kind = &kind_count,
	  .attr = VNET_A_NET_MAX_RULES, .verbs = V_WRITE,
	  .out = { "max_rules", "max-rules", OUT_HIDDEN },
	  .help = "limit of rules" },
	{ .word = "max-classes", .kind = &kind_count,
	  .attr = VNET_A_NET_MAX_CLASSES, .verbs = V_WRITE,
	  .out = { "max_classes", "max-classes", OUT_HIDDEN },
	  .help = "limit of classes, root included" },
	{ .word = "max-queue", .kind = &kind_size,
	  .attr = VNET_A_NET_MAX_QUEUE, .verbs = V_WRITE,
	  .normal = VNET_QUEUE_DEFAULT,
	  .out = { "max_queue", "max-queue", OUT_OPTION },
	  .help = "limit of bytes held by all classes, per direction" },
	{ .word = "max-sets", .kind = &kind_count, .attr = VNET_A_NET_MAX_SETS,
	  .verbs = V_WRITE, .out = { "max_sets", "max-sets", OUT_HIDDEN },
	  .help = "limit of sets" },
	{ .word = "max-set-elements", .kind = &kind_count,
	  .attr = VNET_A_NET_MAX_SET_ELEMENTS, .verbs = V_WRITE,
	  .out = { "max_set_elements", "max-set-elements", OUT_HIDDEN },
	  .help = "limit of the elements of all sets together" },
	{ .word = "max-connections", .kind = &kind_count,
	  .attr = VNET_A_NET_MAX_CONNECTIONS, .verbs = V_WRITE,
	  .out = { "max_connections", "max-connections", OUT_HIDDEN },
	  .help = "limit of the connections that rules with ct know" },
	{ .word = "connection-rate", .kind = &kind_connections,
	  .attr = VNET_A_NET_CONNECTION_RATE, .verbs = V_WRITE,
	  .out = { "connection_rate", "connection-rate", OUT_OPTION },
	  .help = "limit of new connections" },
	{ .word = "packet-rate-ingress", .kind = &kind_frames,
	  .attr = VNET_A_NET_PACKET_RATE_INGRESS, .verbs = V_WRITE,
	  .max = VNET_PACKET_RATE_MAX,
	  .out = { "packet_rate_ingress", "packet-rate-ingress", OUT_OPTION },
	  .help = "limit of packets that its members together may get" },
	{ .word = "packet-rate-egress", .kind = &kind_frames,
	  .attr = VNET_A_NET_PACKET_RATE_EGRESS, .verbs = V_WRITE,
	  .max = VNET_PACKET_RATE_MAX,
	  .out = { "packet_rate_egress", "packet-rate-egress", OUT_OPTION },
	  .help = "limit of packets that its members together may send" },
	{ .kind = &kind_count, .attr = VNET_A_NET_ZONE,
	  .out = { "zone", "zone", OUT_OPTION } },
	{ .word = "reject-rate", .kind = &kind_frames,
	  .attr = VNET_A_NET_REJECT_RATE, .verbs = V_WRITE,
	  .max = VNET_REJECT_RATE_MAX, .normal = VNET_REJECT_RATE_DEFAULT,
	  .out = { "reject_rate", "reject-rate", OUT_OPTION },
	  .help = "answers to rejected frames a second" },
	{ .kind = &kind_count, .attr = VNET_A_NET_RULES_GENERATION,
	  .out = { "rules_generation", "rules-generation", OUT_HIDDEN } },
	KEY_IF_EXISTS,
	{ .kind = &kind_stats, .attr = VNET_A_NET_STATS,
	  .out = { "stats", "frames", OUT_HIDDEN } },
	{ .kind = &kind_counter, .attr = VNET_A_NET_POLICY_INGRESS_STATS,
	  .out = { "policy_ingress_stats", VNET_RULE_DEFAULT_INGRESS, OUT_HIDDEN } },
	{ .kind = &kind_counter, .attr = VNET_A_NET_POLICY_EGRESS_STATS,
	  .out = { "policy_egress_stats", VNET_RULE_DEFAULT_EGRESS, OUT_HIDDEN } },
	{ .kind = &kind_counter, .attr = VNET_A_NET_AUDIT_INGRESS_STATS,
	  .out = { "audit_ingress_stats", "ingress audit", OUT_HIDDEN } },
	{ .kind = &kind_counter, .attr = VNET_A_NET_AUDIT_EGRESS_STATS,
	  .out = { "audit_egress_stats", "egress audit", OUT_HIDDEN } },
	{ .kind = &kind_count, .attr = VNET_A_NET_EVICTED,
	  .out = { "evicted", "evicted", OUT_OPTION } },
	{ .kind = &kind_count, .attr = VNET_A_NET_MOVED,
	  .out = { "moved", "moved", OUT_OPTION } },
	KEY_END
};

/* The prompt's network; without a name there is none any more. */
static int use(struct ctl *ctl, struct args *a)
{
	int code = CTL_OK, err;
	struct vnet *vnet;

	if (!(a->object.id.has & VNET_HAS(VNET_A_NETWORK))) {
		ctl->network[0] = '\0';
		return CTL_OK;
	}
	vnet = ctl_connect(ctl, &code);
	if (!vnet)
		return code;
	err = vnet_network_get(vnet, &a->object.network);
	if (err)
		return refuse(ctl, a, err);
	memcpy(ctl->network, a->object.id.network, sizeof(ctl->network));
	return CTL_OK;
}

#define NETWORK_COMMAND(_verb, _verbs, _run, _help)			\
	.object = "network", .verb = (_verb), .keys = network_keys,	\
	.verbs = (_verbs), .schema = &vnet_network_schema,		\
	.run = (_run), .help = (_help)

const struct command network_commands[] = {
	{ NETWORK_COMMAND("add", V_ADD, object_add,
			  "create a network; it is down until told otherwise") },
	{ NETWORK_COMMAND("set", V_SET, object_set, "change a network") },
	{ NETWORK_COMMAND("del", V_DEL, object_del,
			  "delete a network with all that it has") },
	{ NETWORK_COMMAND("show", V_SHOW, object_show, "show networks"),
	  .single = VNET_HAS(VNET_A_NETWORK),
	  .filters = VNET_HAS(VNET_A_NET_TENANT), .counters = true },
	{ NETWORK_COMMAND("use", V_USE, use,
			  "leave this network out of the commands that follow"),
	  .prompt_only = true },
	{ .object = NULL }
};
