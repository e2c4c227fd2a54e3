// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_share: what networks may have of ports with a capacity, and its key table.
 */
#include "cmd.h"
#include "kind.h"
#include "object.h"

static const struct key share_keys[] = {
	{ .word = "DEV", .kind = &kind_port, .attr = VNET_A_IFNAME,
	  .verbs = V_SHOW, .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "port", "port", OUT_COLUMN },
	  .help = "a port with a capacity" },
	{ .word = "network", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_SHOW, .flags = KEY_PROMPT,
	  .out = { "network", "network", OUT_COLUMN },
	  .help = "the network" },
	{ .kind = &kind_count, .attr = VNET_A_IFINDEX,
	  .out = { "ifindex", "ifindex", OUT_HIDDEN } },
	{ .kind = &kind_guarantee, .attr = VNET_A_SHARE_GUARANTEE,
	  .out = { "guarantee", "guarantee", OUT_COLUMN } },
	{ .kind = &kind_rate, .attr = VNET_A_SHARE_CEIL,
	  .out = { "ceil", "ceil", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_SHARE_PRIO,
	  .out = { "prio", "prio", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_SHARE_WEIGHT,
	  .out = { "weight", "weight", OUT_COLUMN } },
	{ .kind = &kind_in_force, .attr = VNET_A_SHARE_IN_FORCE,
	  .out = { "in_force", "in force", OUT_COLUMN } },
	{ .kind = &kind_rate, .attr = VNET_A_SHARE_INGRESS_ALLOWED,
	  .out = { "ingress_allowed", "ingress now", OUT_COLUMN } },
	{ .kind = &kind_rate, .attr = VNET_A_SHARE_EGRESS_ALLOWED,
	  .out = { "egress_allowed", "egress now", OUT_COLUMN } },
	{ .kind = &kind_measured, .attr = VNET_A_SHARE_INGRESS_MEASURED,
	  .out = { "ingress_measured", "ingress used", OUT_COLUMN } },
	{ .kind = &kind_measured, .attr = VNET_A_SHARE_EGRESS_MEASURED,
	  .out = { "egress_measured", "egress used", OUT_COLUMN } },
	{ .kind = &kind_class_stats, .attr = VNET_A_SHARE_INGRESS_STATS,
	  .out = { "ingress", "ingress", OUT_HIDDEN } },
	{ .kind = &kind_class_stats, .attr = VNET_A_SHARE_EGRESS_STATS,
	  .out = { "egress", "egress", OUT_HIDDEN } },
	KEY_END
};

const struct command share_commands[] = {
	{ .object = "share", .verb = "show", .keys = share_keys,
	  .verbs = V_SHOW, .schema = &vnet_share_schema, .run = object_show,
	  .help = "show what networks may have of ports with a capacity",
	  .single = VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_IFNAME),
	  .counters = true },
	{ .object = NULL }
};
