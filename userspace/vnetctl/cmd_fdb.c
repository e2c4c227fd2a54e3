// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_fdb: the commands about addresses and their key table.
 */
#include "cmd.h"
#include "kind.h"
#include "object.h"
#include "refuse.h"

#include <stdio.h>

#define V_ALL (V_ADD | V_DEL | V_SHOW | V_FLUSH)
#define V_PLACE (V_ADD | V_SHOW | V_FLUSH)

static const struct key fdb_keys[] = {
	{ .word = "NETWORK", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_ALL, .needs = V_ADD | V_DEL | V_FLUSH,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY | KEY_PROMPT,
	  .out = { "network", "network", OUT_COLUMN },
	  .help = "the network" },
	{ .word = "MAC", .kind = &kind_mac, .attr = VNET_A_FDB_MAC,
	  .verbs = V_ADD | V_DEL | V_SHOW, .needs = V_ADD | V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "mac", "mac", OUT_COLUMN }, .help = "the address" },
	{ .word = "dev", .kind = &kind_port, .attr = VNET_A_IFNAME,
	  .verbs = V_PLACE, .needs = V_ADD,
	  .out = { "port", "port", OUT_COLUMN },
	  .help = "the port that it is behind" },
	KEY_TAGS(V_PLACE),
	KEY_TAG_SHOWN(OUT_COLUMN),
	{ .kind = &kind_fdb_kind, .attr = VNET_A_FDB_KIND, .verbs = V_ADD,
	  .flags = KEY_BARE, .min = VNET_FDB_STATIC,
	  .out = { "kind", "kind", OUT_COLUMN },
	  .help = "stays where it is (static), and is dropped elsewhere (sticky)" },
	{ .kind = &kind_fdb_kind, .attr = VNET_A_FDB_KIND, .verbs = V_SHOW,
	  .flags = KEY_BARE, .help = "only these" },
	{ .word = "all", .kind = &kind_switch, .attr = VNET_A_FDB_ALL,
	  .verbs = V_FLUSH, .flags = KEY_ALONE,
	  .help = "static and sticky addresses too" },
	{ .kind = &kind_age, .attr = VNET_A_FDB_AGE,
	  .out = { "age_ms", "age", OUT_COLUMN } },
	KEY_IF_EXISTS,
	KEY_END
};

static int flush(struct ctl *ctl, struct args *a)
{
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);
	char text[64];

	if (!vnet)
		return code;
	err = vnet_fdb_flush(vnet, &a->object.fdb);
	if (err)
		return refuse(ctl, a, err);
	snprintf(text, sizeof(text), "%u addresses forgotten",
		 a->object.fdb.count);
	object_result(ctl, "flushed", a->object.fdb.count, text);
	return CTL_OK;
}

#define FDB_COMMAND(_verb, _verbs, _run, _help)				\
	.object = "fdb", .verb = (_verb), .keys = fdb_keys,		\
	.verbs = (_verbs), .schema = &vnet_fdb_schema,			\
	.run = (_run), .help = (_help)

const struct command fdb_commands[] = {
	{ FDB_COMMAND("add", V_ADD, object_add,
		      "say which member an address is behind") },
	{ FDB_COMMAND("del", V_DEL, object_del, "forget an address") },
	{ FDB_COMMAND("show", V_SHOW, object_show, "show addresses"),
	  .single = VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_FDB_MAC),
	  .filters = VNET_HAS(VNET_A_IFNAME) | VNET_HAS(VNET_A_TAG_PROTO) |
		     VNET_HAS(VNET_A_VID) | VNET_HAS(VNET_A_CVID) |
		     VNET_HAS(VNET_A_FDB_KIND) },
	{ FDB_COMMAND("flush", V_FLUSH, flush, "forget learned addresses") },
	{ .object = NULL }
};
