/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The registry: all objects of one network namespace, and the mutex that
 * serialises their configuration. Layer 2.
 */
#ifndef VNET_NETNS_H
#define VNET_NETNS_H

#include <linux/mutex.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>
#include <net/net_namespace.h>

/**
 * DOC: Locking
 *
 * RTNL is outermost. It is taken by whoever attaches or detaches a port, and
 * is held by the core around the device notifier.
 *
 * Then comes the config mutex of the namespace, vnet_netns.lock. Every change
 * of a network, port, member, rule or class happens under it, and so does
 * every read of them that is not on the packet path. The work that removes rules
 * when they expire takes it too, and the one that measures classes, so nobody who has
 * it waits for these.
 *
 * Innermost are the spinlocks of the tables, all taken with bottom halves off
 * and never nested: vnet_fdb.lock of a network, the lock of each direction of
 * a class tree, vnet_network.retired_lock, vnet_log.lock of a network.
 *
 * The packet path takes none of these but for learning a new address, for frames
 * of a limited class and for those that a rule tells about. It runs under RCU with
 * bottom halves off, so what it can reach is published last, unpublished first and
 * freed a grace period later: ports, members and their guards, rulesets, classes,
 * addresses.
 */

/**
 * struct vnet_netns - what belongs to one network namespace
 * @net: the namespace
 * @lock: the config mutex
 * @networks: by id; lock
 * @ports: by id; lock
 * @members: by id, of all networks; lock
 * @network_count: networks in @networks; lock
 * @port_count: ports; lock
 * @member_count: members; lock
 * @next_member: where the search for a free member id begins; ids of members
 *	that are gone come back last, so that nothing mistakes one for another
 * @generation: goes up with every change of the configuration; lock
 * @zones: conntrack zones of its networks, those included that are being freed
 * @measuring: reads the counters of classes once a second; queued under lock
 * @expiry: removes rules that expire; queued under lock
 * @expiry_at: when it has to run, in ns since the boot, 0 = it need not; lock
 */
struct vnet_netns {
	struct net *net;
	struct mutex lock;
	struct xarray networks;
	struct xarray ports;
	struct xarray members;
	u32 network_count;
	u32 port_count;
	u32 member_count;
	u32 next_member;
	u32 generation;
	atomic_t zones;
	struct delayed_work measuring;
	struct delayed_work expiry;
	u64 expiry_at;
};

struct vnet_netns *vnet_netns_of(const struct net *net);
void vnet_netns_changed(struct vnet_netns *vn);
void vnet_netns_flush(struct vnet_netns *vn, bool keep_up);

int vnet_netns_init(void);
void vnet_netns_exit(void);

#define vnet_assert_config(vn) lockdep_assert_held(&(vn)->lock)

#endif /* VNET_NETNS_H */
