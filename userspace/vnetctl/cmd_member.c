// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_member: the commands about members and their key table.
 */
#include "cmd.h"
#include "kind.h"
#include "object.h"

#define V_WRITE (V_ADD | V_SET)
#define V_ALL (V_ADD | V_SET | V_DEL | V_SHOW)

/* A switch that is on or off: keyword, JSON key, attribute, default. */
#define ON_OFF(_word, _json, _attr, _normal, _help)			\
	{ .word = (_word), .kind = &kind_on_off, .attr = (_attr),	\
	  .verbs = V_WRITE, .max = 1, .normal = (_normal),		\
	  .out = { (_json), (_word), OUT_OPTION }, .help = (_help) }

static const struct key member_keys[] = {
	{ .word = "DEV", .kind = &kind_port, .attr = VNET_A_IFNAME,
	  .verbs = V_ALL, .needs = V_ADD | V_SET | V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "port", "port", OUT_COLUMN }, .help = "the port" },
	KEY_TAGS(V_ALL),
	{ .kind = &kind_count, .attr = VNET_A_IFINDEX,
	  .out = { "ifindex", "ifindex", OUT_HIDDEN } },
	KEY_TAG_SHOWN(OUT_COLUMN),
	{ .word = "network", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_ADD | V_SHOW, .needs = V_ADD, .flags = KEY_PROMPT,
	  .out = { "network", "network", OUT_COLUMN },
	  .help = "the network" },
	{ .kind = &kind_count, .attr = VNET_A_MEMBER_ID,
	  .out = { "id", "id", OUT_HIDDEN } },
	{ .kind = &kind_count, .attr = VNET_A_MEMBER_MACS,
	  .of = VNET_A_MEMBER_MAX_MACS, .out = { "macs", "macs", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_MEMBER_CONNECTIONS,
	  .of = VNET_A_MEMBER_MAX_CONNECTIONS,
	  .out = { "connections", "connections", OUT_HIDDEN } },
	ON_OFF("learning", "learning", VNET_A_MEMBER_LEARNING, 1,
	       "learn source addresses"),
	ON_OFF("flood-unicast", "flood_unicast", VNET_A_MEMBER_FLOOD_UNICAST,
	       1, "receive frames to unknown addresses"),
	ON_OFF("flood-multicast", "flood_multicast",
	       VNET_A_MEMBER_FLOOD_MULTICAST, 1, "receive multicast"),
	ON_OFF("flood-broadcast", "flood_broadcast",
	       VNET_A_MEMBER_FLOOD_BROADCAST, 1, "receive broadcast"),
	ON_OFF("isolated", "isolated", VNET_A_MEMBER_ISOLATED, 0,
	       "talk to members that are not isolated only"),
	ON_OFF("hairpin", "hairpin", VNET_A_MEMBER_HAIRPIN, 0,
	       "may get back what it sent"),
	{ .word = "max-macs", .kind = &kind_count,
	  .attr = VNET_A_MEMBER_MAX_MACS, .verbs = V_WRITE,
	  .out = { "max_macs", "max-macs", OUT_HIDDEN },
	  .help = "limit of addresses" },
	{ .word = "flood-rate", .kind = &kind_frames,
	  .attr = VNET_A_MEMBER_FLOOD_RATE, .verbs = V_WRITE,
	  .out = { "flood_rate", "flood-rate", OUT_OPTION },
	  .help = "limit of its frames that are flooded" },
	{ .word = "max-connections", .kind = &kind_count,
	  .attr = VNET_A_MEMBER_MAX_CONNECTIONS, .verbs = V_WRITE,
	  .out = { "max_connections", "max-connections", OUT_HIDDEN },
	  .help = "limit of the connections that it has begun" },
	{ .word = "connection-rate", .kind = &kind_connections,
	  .attr = VNET_A_MEMBER_CONNECTION_RATE, .verbs = V_WRITE,
	  .out = { "connection_rate", "connection-rate", OUT_OPTION },
	  .help = "limit of its new connections" },
	{ .word = "packet-rate-ingress", .kind = &kind_frames,
	  .attr = VNET_A_MEMBER_PACKET_RATE_INGRESS, .verbs = V_WRITE,
	  .max = VNET_PACKET_RATE_MAX,
	  .out = { "packet_rate_ingress", "packet-rate-ingress", OUT_OPTION },
	  .help = "limit of packets that it may get" },
	{ .word = "packet-rate-egress", .kind = &kind_frames,
	  .attr = VNET_A_MEMBER_PACKET_RATE_EGRESS, .verbs = V_WRITE,
	  .max = VNET_PACKET_RATE_MAX,
	  .out = { "packet_rate_egress", "packet-rate-egress", OUT_OPTION },
	  .help = "limit of packets that it may send" },
	{ .word = "class-ingress", .kind = &kind_member_class,
	  .attr = VNET_A_MEMBER_CLASS_INGRESS, .verbs = V_WRITE,
	  .flags = KEY_ALWAYS,
	  .out = { "class_ingress", "class-ingress", OUT_OPTION },
	  .help = "shapes what is delivered to it" },
	{ .word = "class-egress", .kind = &kind_member_class,
	  .attr = VNET_A_MEMBER_CLASS_EGRESS, .verbs = V_WRITE,
	  .flags = KEY_ALWAYS,
	  .out = { "class_egress", "class-egress", OUT_OPTION },
	  .help = "shapes what it sends" },
	{ .word = "guard-mac", .kind = &kind_macs,
	  .attr = VNET_A_MEMBER_GUARD_MACS, .verbs = V_WRITE,
	  .flags = KEY_ALWAYS,
	  .out = { "guard_mac", "guard-mac", OUT_OPTION },
	  .help = "the source MACs that it may use" },
	{ .word = "guard-ip", .kind = &kind_prefixes,
	  .attr = VNET_A_MEMBER_GUARD_IPS, .verbs = V_WRITE,
	  .flags = KEY_ALWAYS,
	  .out = { "guard_ip", "guard-ip", OUT_OPTION },
	  .help = "the source addresses that it may use" },
	ON_OFF("guard-dhcp", "guard_dhcp", VNET_A_MEMBER_GUARD_DHCP, 0,
	       "may not act as a DHCP server"),
	ON_OFF("guard-ra", "guard_ra", VNET_A_MEMBER_GUARD_RA, 0,
	       "may not send router advertisements"),
	KEY_IF_EXISTS,
	{ .kind = &kind_count, .attr = VNET_A_MEMBER_EVICTED,
	  .out = { "evicted", "evicted", OUT_OPTION } },
	{ .kind = &kind_count, .attr = VNET_A_MEMBER_UNLEARNED,
	  .out = { "unlearned", "unlearned", OUT_OPTION } },
	{ .kind = &kind_stats, .attr = VNET_A_MEMBER_STATS,
	  .out = { "stats", "frames", OUT_HIDDEN } },
	KEY_END
};

#define MEMBER_COMMAND(_verb, _verbs, _run, _help)			\
	.object = "member", .verb = (_verb), .keys = member_keys,	\
	.verbs = (_verbs), .schema = &vnet_member_schema,		\
	.run = (_run), .help = (_help)

const struct command member_commands[] = {
	{ MEMBER_COMMAND("add", V_ADD, object_add,
			 "bind a port, or a tag on it, to a network") },
	{ MEMBER_COMMAND("set", V_SET, object_set, "change a member") },
	{ MEMBER_COMMAND("del", V_DEL, object_del,
			 "unbind a port, or a tag on it, from its network") },
	{ MEMBER_COMMAND("show", V_SHOW, object_show, "show members"),
	  .single = VNET_HAS(VNET_A_IFNAME) | VNET_HAS(VNET_A_VID),
	  .filters = VNET_HAS(VNET_A_NETWORK),
	  .counters = true },
	{ .object = NULL }
};
