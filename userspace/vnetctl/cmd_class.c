// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_class: the commands about shaping classes and their key table.
 */
#include "class_tree.h"
#include "cmd.h"
#include "kind.h"
#include "object.h"

#define V_WRITE (V_ADD | V_SET)
#define V_ALL (V_ADD | V_SET | V_DEL | V_SHOW)

static const struct key class_keys[] = {
	{ .word = "NETWORK", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_ALL, .needs = V_ADD | V_SET | V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY | KEY_PROMPT,
	  .help = "the network" },
	{ .word = "NAME", .kind = &kind_new_name, .attr = VNET_A_CLASS_NAME,
	  .verbs = V_ADD, .needs = V_ADD,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "name", "name", OUT_COLUMN }, .help = "its name" },
	{ .word = "NAME", .kind = &kind_class, .attr = VNET_A_CLASS_NAME,
	  .verbs = V_SET | V_DEL | V_SHOW, .needs = V_SET | V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY, .help = "the class" },
	/* Behind the name, as lines of a tree end there. */
	{ .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .out = { "network", "network", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_CLASS_ID,
	  .out = { "id", "id", OUT_HIDDEN } },
	{ .word = "parent", .kind = &kind_class, .attr = VNET_A_CLASS_PARENT,
	  .verbs = V_WRITE, .out = { "parent", "parent", OUT_COLUMN },
	  .help = "the class it borrows from; root by default; set moves it" },
	{ .kind = &kind_count, .attr = VNET_A_CLASS_LEVEL,
	  .out = { "level", "level", OUT_HIDDEN } },
	{ .word = "rate", .kind = &kind_class_rate, .attr = VNET_A_CLASS_RATE,
	  .verbs = V_WRITE, .needs = V_ADD,
	  .out = { "rate", "rate", OUT_COLUMN },
	  .help = "what it may always use; of the root: what ports guarantee, or none" },
	{ .word = "ceil", .kind = &kind_rate, .attr = VNET_A_CLASS_CEIL,
	  .verbs = V_WRITE, .flags = KEY_ALWAYS, .out = { "ceil", "ceil", OUT_COLUMN },
	  .help = "what it may reach by borrowing; the rate by default" },
	{ .word = "burst", .kind = &kind_size, .attr = VNET_A_CLASS_BURST,
	  .verbs = V_WRITE, .flags = KEY_ALWAYS, .out = { "burst", "burst", OUT_COLUMN },
	  .help = "bytes that may pass at once at the rate" },
	{ .word = "cburst", .kind = &kind_size, .attr = VNET_A_CLASS_CBURST,
	  .verbs = V_WRITE, .flags = KEY_ALWAYS, .out = { "cburst", "cburst", OUT_COLUMN },
	  .help = "bytes that may pass at once at the ceil" },
	{ .word = "prio", .kind = &kind_class_prio,
	  .attr = VNET_A_CLASS_PRIO, .verbs = V_WRITE,
	  .max = VNET_CLASS_PRIO_MAX, .out = { "prio", "prio", OUT_COLUMN },
	  .help = "who borrows first" },
	{ .word = "queue", .kind = &kind_size, .attr = VNET_A_CLASS_QUEUE,
	  .verbs = V_WRITE, .out = { "queue", "queue", OUT_COLUMN },
	  .help = "bytes held per direction before frames are dropped" },
	{ .word = "weight", .kind = &kind_weight, .attr = VNET_A_CLASS_WEIGHT,
	  .verbs = V_WRITE, .min = VNET_WEIGHT_MIN, .max = VNET_WEIGHT_MAX,
	  .out = { "weight", "weight", OUT_COLUMN },
	  .help = "its part of what is borrowed; 1 per mbit of the rate by default" },
	{ .kind = &kind_in_force, .attr = VNET_A_CLASS_IN_FORCE,
	  .out = { "in_force", "in-force", OUT_OPTION } },
	{ .word = "delay-target", .kind = &kind_delay,
	  .attr = VNET_A_CLASS_DELAY_TARGET, .verbs = V_WRITE,
	  .max = VNET_DELAY_MAX, .normal = VNET_DELAY_TARGET_DEFAULT,
	  .out = { "delay_target_ms", "delay-target", OUT_OPTION },
	  .help = "how long frames may wait before senders are told; 4ms by default" },
	{ .word = "delay-limit", .kind = &kind_delay,
	  .attr = VNET_A_CLASS_DELAY_LIMIT, .verbs = V_WRITE,
	  .max = VNET_DELAY_MAX, .normal = VNET_DELAY_LIMIT_DEFAULT,
	  .out = { "delay_limit_ms", "delay-limit", OUT_OPTION },
	  .help = "how long a frame may wait before it is dropped; 1s by default" },
	{ .word = "overhead", .kind = &kind_size, .attr = VNET_A_CLASS_OVERHEAD,
	  .verbs = V_SET, .max = VNET_OVERHEAD_MAX,
	  .out = { "overhead", "overhead", OUT_OPTION },
	  .help = "of the root: what each frame takes on the wire besides its own bytes" },
	{ .kind = &kind_count, .attr = VNET_A_CLASS_MEMBERS,
	  .out = { "members", "members", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_CLASS_RULES,
	  .out = { "rules", "rules", OUT_OPTION } },
	KEY_IF_EXISTS,
	{ .kind = &kind_class_stats, .attr = VNET_A_CLASS_INGRESS_STATS,
	  .out = { "ingress", "ingress", OUT_HIDDEN } },
	{ .kind = &kind_class_stats, .attr = VNET_A_CLASS_EGRESS_STATS,
	  .out = { "egress", "egress", OUT_HIDDEN } },
	KEY_END
};

#define CLASS_COMMAND(_verb, _verbs, _run, _help)			\
	.object = "class", .verb = (_verb), .keys = class_keys,		\
	.verbs = (_verbs), .schema = &vnet_class_schema,		\
	.run = (_run), .help = (_help)

const struct command class_commands[] = {
	{ CLASS_COMMAND("add", V_ADD, object_add, "add a shaping class") },
	{ CLASS_COMMAND("set", V_SET, object_set, "change a class") },
	{ CLASS_COMMAND("del", V_DEL, object_del,
			"remove a class without children and members") },
	{ CLASS_COMMAND("show", V_SHOW, class_tree_show,
			"show classes, and what goes through them"),
	  .single = VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_CLASS_NAME),
	  .counters = true },
	{ .object = NULL }
};
