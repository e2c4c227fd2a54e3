// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_port: the commands about attached interfaces and their key table.
 */
#include "cmd.h"
#include "kind.h"
#include "object.h"

static const struct key port_keys[] = {
	{ .word = "DEV", .kind = &kind_device, .attr = VNET_A_IFNAME,
	  .verbs = V_ADD, .needs = V_ADD,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "port", "port", OUT_COLUMN },
	  .help = "an interface of this host" },
	{ .word = "DEV", .kind = &kind_port, .attr = VNET_A_IFNAME,
	  .verbs = V_SET | V_DEL | V_SHOW, .needs = V_SET | V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY, .help = "the port" },
	{ .kind = &kind_count, .attr = VNET_A_IFINDEX,
	  .out = { "ifindex", "ifindex", OUT_HIDDEN } },
	{ .kind = &kind_count, .attr = VNET_A_PORT_ID,
	  .out = { "id", "id", OUT_HIDDEN } },
	{ .word = "network", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_ADD, .help = "make it the untagged member of a network too" },
	{ .kind = &kind_role, .attr = VNET_A_PORT_ROLE,
	  .verbs = V_ADD | V_SET, .flags = KEY_BARE,
	  .out = { "role", "role", OUT_COLUMN },
	  .help = "what is behind it; a guest is the default" },
	{ .word = "capacity", .kind = &kind_capacity,
	  .attr = VNET_A_PORT_CAPACITY, .verbs = V_SET,
	  .out = { "capacity", "capacity", OUT_OPTION },
	  .help = "what it carries in each direction, for its networks to share" },
	{ .word = "overcommit", .kind = &kind_percent,
	  .attr = VNET_A_PORT_OVERCOMMIT, .verbs = V_SET,
	  .min = 1, .max = VNET_OVERCOMMIT_MAX, .normal = VNET_OVERCOMMIT_DEFAULT,
	  .out = { "overcommit", "overcommit", OUT_OPTION },
	  .help = "how much of the capacity may be guaranteed; 100% by default" },
	{ .kind = &kind_guarantee, .attr = VNET_A_PORT_CAPACITY_NOW,
	  .out = { "capacity_now", "now", OUT_OPTION } },
	{ .kind = &kind_guarantee, .attr = VNET_A_PORT_GUARANTEED,
	  .out = { "guaranteed", "guaranteed", OUT_OPTION } },
	{ .kind = &kind_in_force, .attr = VNET_A_PORT_IN_FORCE,
	  .min = VNET_IN_FORCE_YES,
	  .out = { "in_force", "in-force", OUT_OPTION } },
	{ .word = "force", .kind = &kind_switch, .attr = VNET_A_PORT_FORCE,
	  .verbs = V_ADD, .flags = KEY_ALONE,
	  .help = "attach even the device of the default route" },
	{ .word = "keep-up", .kind = &kind_switch, .attr = VNET_A_KEEP_UP,
	  .verbs = V_DEL, .flags = KEY_ALONE,
	  .help = "do not set a guest's interface down" },
	{ .kind = &kind_count, .attr = VNET_A_PORT_MEMBERS,
	  .out = { "members", "members", OUT_COLUMN } },
	KEY_IF_EXISTS,
	{ .kind = &kind_drops, .attr = VNET_A_PORT_DROPS,
	  .out = { "drops", "drops", OUT_HIDDEN } },
	KEY_END
};

#define PORT_COMMAND(_verb, _verbs, _run, _help)			\
	.object = "port", .verb = (_verb), .keys = port_keys,		\
	.verbs = (_verbs), .schema = &vnet_port_schema,			\
	.run = (_run), .help = (_help)

const struct command port_commands[] = {
	{ PORT_COMMAND("add", V_ADD, object_add,
		       "attach an interface to the switch") },
	{ PORT_COMMAND("set", V_SET, object_set,
		       "change the role or the capacity of a port") },
	{ PORT_COMMAND("del", V_DEL, object_del,
		       "detach an interface with all its members") },
	{ PORT_COMMAND("show", V_SHOW, object_show, "show ports"),
	  .single = VNET_HAS(VNET_A_IFNAME), .counters = true },
	{ .object = NULL }
};
