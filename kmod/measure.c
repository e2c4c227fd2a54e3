// SPDX-License-Identifier: GPL-2.0-only
/*
 * Measuring: one work for each namespace that has networks, which reads the counters
 * of their classes once a second. It must not know who looks at what it finds.
 *
 * The work takes the config mutex and nothing else, as that of rules that expire
 * does. Frames pay nothing for it.
 */
#include <linux/jiffies.h>
#include <linux/ktime.h>
#include <linux/workqueue.h>
#include "measure.h"
#include "network.h"

static void run(struct work_struct *work)
{
	struct vnet_netns *vn = container_of(to_delayed_work(work), struct vnet_netns,
					     measuring);
	struct vnet_network *network;
	unsigned long id;

	mutex_lock(&vn->lock);
	xa_for_each(&vn->networks, id, network)
		vnet_class_measure(network->classes, ktime_get_ns());
	vnet_measure_arm(vn);
	mutex_unlock(&vn->lock);
}

/**
 * vnet_measure_arm - measure again in a second, if there is a network
 * @vn: registry of the namespace
 *
 * Context: config mutex held.
 */
void vnet_measure_arm(struct vnet_netns *vn)
{
	vnet_assert_config(vn);
	if (vn->network_count)
		schedule_delayed_work(&vn->measuring, HZ);
}

/**
 * vnet_measure_start - prepare a new namespace
 * @vn: its registry
 *
 * Context: birth of the namespace.
 */
void vnet_measure_start(struct vnet_netns *vn)
{
	INIT_DELAYED_WORK(&vn->measuring, run);
}

/**
 * vnet_measure_stop - measure no more
 * @vn: registry of a namespace that has no network, and gets none
 *
 * Context: end of the namespace, neither RTNL nor the config mutex held; sleeps.
 */
void vnet_measure_stop(struct vnet_netns *vn)
{
	cancel_delayed_work_sync(&vn->measuring);
}
