// SPDX-License-Identifier: GPL-2.0-only
/*
 * The registry: one struct vnet_netns per network namespace, from the birth of
 * the namespace to its end.
 */
#include <linux/rtnetlink.h>
#include <net/netns/generic.h>
#include "expire.h"
#include "measure.h"
#include "netns.h"
#include "network.h"
#include "port.h"
#include "trace.h"
#include "zone.h"

static unsigned int vnet_netns_id __read_mostly;

/**
 * vnet_netns_of - the registry of a namespace
 * @net: the namespace
 *
 * Return: its registry; never NULL while the module is loaded.
 */
struct vnet_netns *vnet_netns_of(const struct net *net)
{
	return net_generic(net, vnet_netns_id);
}

/**
 * vnet_netns_changed - the configuration changed
 * @vn: registry of the namespace
 *
 * Dumps that are under way see the new generation and report themselves as
 * interrupted.
 *
 * Context: config mutex held.
 */
void vnet_netns_changed(struct vnet_netns *vn)
{
	vnet_assert_config(vn);
	/* 0 means "not told" in netlink dumps. */
	if (!++vn->generation)
		vn->generation = 1;
	trace_vnet_config(vn->generation);
}

/**
 * vnet_netns_flush - detach every port and delete every network
 * @vn: registry of the namespace
 * @keep_up: leave guest ports up
 *
 * Context: RTNL and config mutex held; sleeps.
 */
void vnet_netns_flush(struct vnet_netns *vn, bool keep_up)
{
	struct vnet_network *network;

	ASSERT_RTNL();
	vnet_assert_config(vn);
	vnet_port_detach_all(vn, keep_up);
	while ((network = vnet_network_next(vn, 0)))
		vnet_network_destroy(network);
}

static int __net_init vnet_netns_enter(struct net *net)
{
	struct vnet_netns *vn = vnet_netns_of(net);

	vn->net = net;
	vn->generation = 1;
	mutex_init(&vn->lock);
	vnet_expire_start(vn);
	vnet_measure_start(vn);
	xa_init_flags(&vn->networks, XA_FLAGS_ALLOC1);
	xa_init_flags(&vn->ports, XA_FLAGS_ALLOC1);
	xa_init_flags(&vn->members, XA_FLAGS_ALLOC1);
	return 0;
}

/*
 * The devices of a dying namespace are unregistered or moved before the exit of
 * a subsystem runs, so the notifier has detached the ports already; flush finds
 * networks only. When the module goes, the reference that each port holds on it
 * has seen to the same.
 */
static void __net_exit vnet_netns_leave(struct net *net)
{
	struct vnet_netns *vn = vnet_netns_of(net);

	rtnl_lock();
	mutex_lock(&vn->lock);
	vnet_netns_flush(vn, false);
	mutex_unlock(&vn->lock);
	rtnl_unlock();
	/* They may be waiting for the mutex; without networks they queue themselves no more. */
	vnet_expire_stop(vn);
	vnet_measure_stop(vn);
	vnet_zone_wait(vn);
	xa_destroy(&vn->networks);
	xa_destroy(&vn->ports);
	xa_destroy(&vn->members);
}

static struct pernet_operations vnet_netns_ops = {
	.init = vnet_netns_enter,
	.exit = vnet_netns_leave,
	.id = &vnet_netns_id,
	.size = sizeof(struct vnet_netns),
};

/**
 * vnet_netns_init - make a registry for every namespace
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int vnet_netns_init(void)
{
	return register_pernet_subsys(&vnet_netns_ops);
}

/**
 * vnet_netns_exit - delete every network and every registry
 *
 * Context: module exit, when no port is attached and no request can come.
 */
void vnet_netns_exit(void)
{
	unregister_pernet_subsys(&vnet_netns_ops);
}
