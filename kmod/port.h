/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The port: an interface whose receive handler is ours. It owns attaching,
 * detaching and the device notifier, and must not know how frames travel or
 * how it is configured. Layer 2.
 */
#ifndef VNET_PORT_H
#define VNET_PORT_H

#include <linux/netdevice.h>
#include <linux/xarray.h>
#include "capacity.h"
#include "stats.h"

struct vnet_member;
struct vnet_netns;

/**
 * struct vnet_port - a port
 * @dev: the interface; a tracked reference is held
 * @untagged: RCU, its untagged member or NULL
 * @members: its tagged members by vnet_tag(); RCU readers, config mutex
 * @by_vid: those of them with one 802.1Q tag again, for the hit path, which would pay for
 *	each level of a tree; RCU, NULL: there was none yet
 * @drops: frames that never reached a member
 * @vn: its namespace
 * @id: in vnet_netns.ports
 * @role: enum vnet_role; config mutex
 * @name: of the interface, as rules know it; config mutex
 * @host_ipv6_disabled: what the host had before the port was attached
 * @capacity: what it carries, and for whom; config mutex
 * @member_count: its members, the untagged one included; config mutex
 * @tracker: of the reference to @dev
 * @rcu: the packet path may still hold it
 */
struct vnet_port {
	struct net_device *dev;
	struct vnet_member __rcu *untagged;
	struct xarray members;
	struct vnet_member __rcu * __rcu *by_vid;
	struct vnet_drops_cpu __percpu *drops;

	struct vnet_netns *vn;
	u32 id;
	u8 role;
	bool host_ipv6_disabled;
	char name[IFNAMSIZ];
	struct vnet_capacity capacity;
	u32 member_count;
	netdevice_tracker tracker;
	struct rcu_head rcu;
};

/*
 * Configuration: RTNL and config mutex held, sentences go to extack.
 * attach: -EEXIST is never returned: an attached interface is found first with
 * vnet_port_find(). detach takes the members with it.
 */
struct vnet_port *vnet_port_find(struct vnet_netns *vn, const struct net_device *dev);
struct vnet_port *vnet_port_next(struct vnet_netns *vn, u32 after_id);
struct vnet_port *vnet_port_attach(struct vnet_netns *vn, struct net_device *dev,
				   enum vnet_role role, bool force,
				   struct netlink_ext_ack *extack);
void vnet_port_set_role(struct vnet_port *port, enum vnet_role role);
void vnet_port_detach(struct vnet_port *port, bool keep_up);
void vnet_port_detach_all(struct vnet_netns *vn, bool keep_up);

/* @handler gets every frame that an attached interface receives. */
int vnet_port_init(rx_handler_func_t *handler);
void vnet_port_exit(void);

#endif /* VNET_PORT_H */
