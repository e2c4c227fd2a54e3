// SPDX-License-Identifier: GPL-2.0-only
/*
 * Starts and stops the module: the layers from the bottom up, and back in
 * mirrored order. Configuration comes last and goes first, so that no request
 * sees a half-made switch.
 */
#include <linux/init.h>
#include <linux/module.h>
#include "capacity.h"
#include "expire.h"
#include "fdb.h"
#include "hook.h"
#include "netlink.h"
#include "mark.h"
#include "netns.h"
#include "network.h"
#include "pipeline.h"
#include "port.h"
#include "recall.h"
#include "set_list.h"
#include "zone.h"

static int __init vnet_init(void)
{
	int err;

	err = vnet_fdb_init_module();
	if (err)
		return err;
	err = vnet_set_init_module();
	if (err)
		goto err_fdb;
	err = vnet_network_init();
	if (err)
		goto err_set;
	err = vnet_zone_init();
	if (err)
		goto err_network;
	err = vnet_recall_init();
	if (err)
		goto err_zone;
	vnet_network_set_path(vnet_pipeline_release, vnet_pipeline_drop_held,
			      vnet_mark_congestion, vnet_pipeline_lose);
	vnet_capacity_set_path(vnet_pipeline_release_shared, vnet_pipeline_drop_shared,
			       vnet_mark_congestion);
	err = vnet_expire_init();
	if (err)
		goto err_recall;
	err = vnet_netns_init();
	if (err)
		goto err_expire;
	err = vnet_port_init(vnet_hook);
	if (err)
		goto err_netns;
	err = vnet_netlink_init();
	if (err)
		goto err_port;
	return 0;

err_port:
	vnet_port_exit();
err_netns:
	vnet_netns_exit();
err_expire:
	vnet_expire_exit();
err_recall:
	vnet_recall_exit();
err_zone:
	vnet_zone_exit();
err_network:
	vnet_network_exit();
err_set:
	vnet_set_exit_module();
err_fdb:
	vnet_fdb_exit_module();
	return err;
}

static void __exit vnet_exit(void)
{
	vnet_netlink_exit();
	vnet_port_exit();
	vnet_netns_exit();
	vnet_expire_exit();
	vnet_recall_exit();
	vnet_zone_exit();
	vnet_network_exit();
	vnet_set_exit_module();
	vnet_fdb_exit_module();
}

module_init(vnet_init);
module_exit(vnet_exit);
MODULE_DESCRIPTION("Virtual switch with isolated networks, a firewall and shaping");
MODULE_VERSION("0.1.0");
MODULE_LICENSE("GPL");
