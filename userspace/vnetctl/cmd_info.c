// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_info: the commands about the module as a whole: info and flush.
 */
#include "cmd.h"
#include "kind.h"
#include "object.h"
#include "refuse.h"

static const struct key info_keys[] = {
	{ .kind = &kind_label, .attr = VNET_A_INFO_VERSION,
	  .out = { "version", "version", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_INFO_NETWORKS,
	  .out = { "networks", "networks", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_INFO_PORTS,
	  .out = { "ports", "ports", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_INFO_MEMBERS,
	  .out = { "members", "members", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_INFO_DROP_REASONS,
	  .out = { "drop_reasons", "drop-reasons", OUT_COLUMN } },
	{ .word = "keep-up", .kind = &kind_switch, .attr = VNET_A_KEEP_UP,
	  .verbs = V_FLUSH, .flags = KEY_ALONE,
	  .help = "do not set the interfaces of guests down" },
	KEY_END
};

static int info(struct ctl *ctl, struct args *a)
{
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);

	if (!vnet)
		return code;
	err = vnet_info_get(vnet, &a->object.info);
	if (err)
		return refuse(ctl, a, err);
	out_list_begin(ctl->out);
	out_list_plain(ctl->out);
	out_object_begin(ctl->out);
	object_values(ctl->out, &vnet_info_schema, info_keys, &a->object, true);
	out_object_end(ctl->out);
	out_list_end(ctl->out);
	return CTL_OK;
}

static int flush(struct ctl *ctl, struct args *a)
{
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);

	if (!vnet)
		return code;
	err = vnet_flush(vnet, a->object.id.has & VNET_HAS(VNET_A_KEEP_UP));
	return err ? refuse(ctl, a, err) : CTL_OK;
}

const struct command info_commands[] = {
	{ .object = "info", .keys = info_keys, .verbs = V_OTHER,
	  .schema = &vnet_info_schema, .run = info,
	  .help = "what the module is and how much it holds" },
	{ .object = "flush", .keys = info_keys, .verbs = V_FLUSH,
	  .schema = &vnet_info_schema, .run = flush,
	  .help = "detach every port and delete every network" },
	{ .object = NULL }
};
