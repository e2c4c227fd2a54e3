// SPDX-License-Identifier: GPL-2.0-only
/*
 * The port: attaching, detaching, and what happens to attached interfaces. It
 * must not know how frames travel or how it is configured.
 */
#include <linux/if_arp.h>
#include <linux/if_vlan.h>
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include <net/addrconf.h>
#include <net/ip6_route.h>
#include <net/ip_fib.h>
#include "event.h"
#include "member.h"
#include "network.h"
#include "port.h"
#include "rule.h"

/* How long a detach waits for frames that the interface received before. */
#define BACKLOG_WAIT_MS	100

/* Gets the frames of attached interfaces; also how a port knows itself. */
static rx_handler_func_t *receive __ro_after_init;

/* The port of an interface in whatever namespace; RTNL. */
static struct vnet_port *port_of(const struct net_device *dev)
{
	ASSERT_RTNL();
	if (rtnl_dereference(dev->rx_handler) != receive)
		return NULL;
	return rtnl_dereference(dev->rx_handler_data);
}

/**
 * vnet_port_find - the port of an interface
 * @vn: registry of the namespace
 * @dev: the interface
 *
 * Context: config mutex held.
 * Return: the port, valid while the mutex is held, or NULL: not attached.
 */
struct vnet_port *vnet_port_find(struct vnet_netns *vn, const struct net_device *dev)
{
	struct vnet_port *port;
	unsigned long id;

	vnet_assert_config(vn);
	if (rcu_access_pointer(dev->rx_handler) != receive)
		return NULL;
	/* Without RTNL the handler may be on its way out: the list decides. */
	xa_for_each(&vn->ports, id, port)
		if (port->dev == dev)
			return port;
	return NULL;
}

/**
 * vnet_port_next - the port with the smallest id above another
 * @vn: registry of the namespace
 * @after_id: 0 for the first one
 *
 * Context: config mutex held.
 * Return: the port, valid while the mutex is held, or NULL.
 */
struct vnet_port *vnet_port_next(struct vnet_netns *vn, u32 after_id)
{
	unsigned long id = after_id;

	vnet_assert_config(vn);
	return xa_find_after(&vn->ports, &id, UINT_MAX, XA_PRESENT);
}

static bool has_default_route4(const struct net_device *dev)
{
	struct flowi4 flow = { .flowi4_scope = RT_SCOPE_UNIVERSE };
	struct fib_result res;
	bool found = false;

	rcu_read_lock();
	if (!fib_lookup(dev_net(dev), &flow, &res, FIB_LOOKUP_IGNORE_LINKSTATE))
		found = res.type == RTN_UNICAST && !res.prefixlen &&
			fib_info_nh_uses_dev(res.fi, dev);
	rcu_read_unlock();
	return found;
}

static bool has_default_route6(const struct net_device *dev)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct rt6_info *route;
	bool found;

	if (!ipv6_mod_enabled())
		return false;
	route = rt6_lookup(dev_net(dev), &in6addr_any, NULL, 0, NULL, 0);
	if (!route)
		return false;
	found = !route->dst.error && !route->rt6i_dst.plen && route->dst.dev == dev;
	ip6_rt_put(route);
	return found;
#else
	return false;
#endif
}

#define TAKE_OUT(is, how) "the interface is " is "; take it out first (" how ")"

/* The sentence that names who owns the interface already, or NULL. */
static const char *owner_of(struct net_device *dev)
{
	if (netif_is_bridge_port(dev))
		return TAKE_OUT("a port of a Linux bridge", "ip link set DEV nomaster");
	if (netif_is_ovs_port(dev))
		return TAKE_OUT("a port of Open vSwitch", "ovs-vsctl del-port DEV");
	if (netif_is_bond_slave(dev))
		return TAKE_OUT("part of a bond", "ip link set DEV nomaster");
	if (netif_is_team_port(dev))
		return TAKE_OUT("part of a team", "ip link set DEV nomaster");
	if (netif_is_macvlan_port(dev))
		return "macvlan or macvtap devices are on top of the interface; delete them first";
	if (netdev_master_upper_dev_get(dev))
		return TAKE_OUT("part of a master device", "ip link set DEV nomaster");
	if (netdev_is_rx_handler_busy(dev))
		return "ipvlan, macsec or the like receives from the interface; remove it first";
	if (vlan_uses_dev(dev))
		return "VLAN devices on top of the interface would bypass the switch; delete them";
	if (netdev_has_any_upper_dev(dev))
		return "another device is on top of the interface; delete it first";
	return NULL;
}

static int refuse(struct net_device *dev, bool force, struct netlink_ext_ack *extack)
{
	const char *owner;

	if (dev->flags & IFF_LOOPBACK) {
		NL_SET_ERR_MSG_MOD(extack, "the loopback device cannot be a port");
		return -EOPNOTSUPP;
	}
	if (dev->type != ARPHRD_ETHER || dev->addr_len != ETH_ALEN) {
		NL_SET_ERR_MSG_MOD(extack, "the interface is not an Ethernet device");
		return -EOPNOTSUPP;
	}
	if (dev->priv_flags & (IFF_DONT_BRIDGE | IFF_NO_RX_HANDLER)) {
		NL_SET_ERR_MSG_MOD(extack, "the interface's driver forbids that it is switched");
		return -EOPNOTSUPP;
	}
	if (dev->reg_state != NETREG_REGISTERED) {
		NL_SET_ERR_MSG_MOD(extack, "the interface is going away");
		return -ENODEV;
	}
	owner = owner_of(dev);
	if (owner) {
		if (extack)
			extack->_msg = owner;
		return -EBUSY;
	}
	if (!force && (has_default_route4(dev) || has_default_route6(dev))) {
		NL_SET_ERR_MSG_MOD(extack, "the host's default route uses the interface and would be cut off; move it, or say force");
		return -EBUSY;
	}
	return 0;
}

/*
 * The host must not speak on an attached interface: no duplicate address
 * detection, no router solicitation, no multicast report. IPv6 sends nothing on
 * an interface with this setting, whatever addresses it has. What the host might
 * hear never reaches it. A detached interface gets back what it had.
 */
static void set_host_ipv6(struct net_device *dev, bool disable)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct inet6_dev *idev = __in6_dev_get(dev);

	if (idev)
		WRITE_ONCE(idev->cnf.disable_ipv6, disable);
#endif
}

static bool get_host_ipv6_disabled(struct net_device *dev)
{
#if IS_ENABLED(CONFIG_IPV6)
	struct inet6_dev *idev = __in6_dev_get(dev);

	return idev && READ_ONCE(idev->cnf.disable_ipv6);
#else
	return false;
#endif
}

/*
 * The members are gone, and an empty xarray owns no memory. xa_destroy() would
 * take a lock that processes hold with softirqs on, and this may run in one.
 */
static void free_port(struct vnet_port *port)
{
	free_percpu(port->drops);
	kvfree(rcu_dereference_protected(port->by_vid, true));
	kfree(port);
}

static struct vnet_port *alloc_port(struct vnet_netns *vn, struct net_device *dev,
				    enum vnet_role role)
{
	struct vnet_port *port;

	port = kzalloc(sizeof(*port), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!port)
		return NULL;
	port->drops = vnet_stats_alloc_drops();
	if (!port->drops) {
		kfree(port);
		return NULL;
	}
	xa_init(&port->members);
	vnet_capacity_init(&port->capacity);
	port->vn = vn;
	port->dev = dev;
	port->role = role;
	port->host_ipv6_disabled = get_host_ipv6_disabled(dev);
	strscpy(port->name, dev->name, sizeof(port->name));
	return port;
}

/* From here on the interface's frames are ours. */
static int take_over(struct vnet_port *port, struct netlink_ext_ack *extack)
{
	struct net_device *dev = port->dev;
	int err;

	err = dev_set_promiscuity(dev, 1);
	if (err) {
		NL_SET_ERR_MSG_MOD(extack, "the interface's driver refuses promiscuous mode");
		return err;
	}
	err = netdev_rx_handler_register(dev, receive, port);
	if (err) {
		NL_SET_ERR_MSG_MOD(extack, "the interface takes no receive handler");
		dev_set_promiscuity(dev, -1);
		return err;
	}
	dev_disable_lro(dev);
	set_host_ipv6(dev, true);
	return 0;
}

/**
 * vnet_port_attach - make an interface a port
 * @vn: registry of the namespace of @dev
 * @dev: the interface, not attached yet
 * @role: what is behind it
 * @force: even if the host's default route uses it
 * @extack: gets the sentence of a refusal
 *
 * Context: RTNL and config mutex held; sleeps.
 * Return: the port, owned by the registry, or -EBUSY, -EOPNOTSUPP, -ENODEV,
 * -ENOMEM, -EOVERFLOW, or what the driver says to promiscuous mode.
 */
struct vnet_port *vnet_port_attach(struct vnet_netns *vn, struct net_device *dev,
				   enum vnet_role role, bool force,
				   struct netlink_ext_ack *extack)
{
	struct vnet_port *port;
	int err;

	ASSERT_RTNL();
	vnet_assert_config(vn);
	err = refuse(dev, force, extack);
	if (err)
		return ERR_PTR(err);
	/* Each port keeps the module; one that is leaving takes no more. */
	if (!try_module_get(THIS_MODULE)) {
		NL_SET_ERR_MSG_MOD(extack, "the module is being unloaded");
		return ERR_PTR(-ENODEV);
	}
	port = alloc_port(vn, dev, role);
	if (!port) {
		err = -ENOMEM;
		goto err_module;
	}
	err = xa_alloc(&vn->ports, &port->id, port, XA_LIMIT(1, INT_MAX), GFP_KERNEL);
	if (err)
		goto err_port;
	err = take_over(port, extack);
	if (err)
		goto err_id;
	netdev_hold(dev, &port->tracker, GFP_KERNEL);
	vn->port_count++;
	vnet_netns_changed(vn);
	READ_ONCE(vnet_listener)->port(port, VNET_EVENT_ADDED);
	return port;

err_id:
	xa_erase(&vn->ports, port->id);
err_port:
	free_port(port);
err_module:
	module_put(THIS_MODULE);
	return ERR_PTR(err);
}

/**
 * vnet_port_set_role - change what is behind a port
 * @port: the port
 * @role: what it is now
 *
 * Context: config mutex held.
 */
void vnet_port_set_role(struct vnet_port *port, enum vnet_role role)
{
	vnet_assert_config(port->vn);
	port->role = role;
	vnet_netns_changed(port->vn);
	READ_ONCE(vnet_listener)->port(port, VNET_EVENT_CHANGED);
}

static void free_after_readers(struct rcu_head *rcu)
{
	struct vnet_port *port = container_of(rcu, struct vnet_port, rcu);

	netdev_put(port->dev, &port->tracker);
	vnet_capacity_free(&port->capacity);
	free_port(port);
}

static void destroy_members(struct vnet_port *port)
{
	struct vnet_member *member;
	unsigned long tag;

	xa_for_each(&port->members, tag, member)
		vnet_member_destroy(member);
	member = vnet_member_find(port, VNET_TAG_NONE);
	if (member)
		vnet_member_destroy(member);
}

static bool backlog_empty(int cpu)
{
	struct softnet_data *queues = &per_cpu(softnet_data, cpu);

	/* In this order: frames move from the first to the second. */
	return skb_queue_empty_lockless(&queues->input_pkt_queue) &&
	       skb_queue_empty_lockless(&queues->process_queue);
}

/*
 * Frames that came before the interface went down may still wait in the backlog
 * of a CPU, and would reach the host once the handler is gone. No new ones come,
 * so each CPU has to be seen without any only once. The bound is for hosts whose
 * other interfaces never let a backlog run empty.
 */
static void wait_for_backlog(void)
{
	unsigned long end = jiffies + msecs_to_jiffies(BACKLOG_WAIT_MS);
	int cpu;

	for_each_online_cpu(cpu)
		while (!backlog_empty(cpu) && time_before(jiffies, end))
			usleep_range(50, 200);
	/* The last one may be on its way to the handler. */
	synchronize_net();
}

/* Its members go first; the interface's frames are still ours, and dropped. */
static void withdraw(struct vnet_port *port)
{
	destroy_members(port);
	vnet_capacity_stop(&port->capacity);
	READ_ONCE(vnet_listener)->port(port, VNET_EVENT_REMOVED);
}

/*
 * Nothing of a guest may reach the host between the handler's end and what its
 * operator does next, so its interface goes down before.
 */
static bool stays_up(const struct vnet_port *port, bool keep_up)
{
	return keep_up || port->role != VNET_ROLE_GUEST;
}

static void give_back(struct vnet_port *port)
{
	struct net_device *dev = port->dev;
	struct vnet_netns *vn = port->vn;

	netdev_rx_handler_unregister(dev);
	set_host_ipv6(dev, port->host_ipv6_disabled);
	dev_set_promiscuity(dev, -1);
	xa_erase(&vn->ports, port->id);
	vn->port_count--;
	vnet_netns_changed(vn);
	/* The reference to the device goes back in the callback: queued before
	 * RTNL is dropped, it is done before the device is waited for.
	 */
	call_rcu(&port->rcu, free_after_readers);
	module_put(THIS_MODULE);
}

/**
 * vnet_port_detach - give an interface back to the host
 * @port: the port; freed after a grace period
 * @keep_up: leave a guest's interface up
 *
 * Context: RTNL and config mutex held; sleeps.
 */
void vnet_port_detach(struct vnet_port *port, bool keep_up)
{
	ASSERT_RTNL();
	vnet_assert_config(port->vn);
	withdraw(port);
	if (!stays_up(port, keep_up)) {
		dev_close(port->dev);
		wait_for_backlog();
	}
	give_back(port);
}

/**
 * vnet_port_detach_all - give every interface back to the host
 * @vn: registry of the namespace
 * @keep_up: leave guests' interfaces up
 *
 * Waits for the backlog once. What the kernel itself waits for when it closes an
 * interface and ends a handler, it waits for with each of them.
 *
 * Context: RTNL and config mutex held; sleeps.
 */
void vnet_port_detach_all(struct vnet_netns *vn, bool keep_up)
{
	struct vnet_port *port;
	unsigned long id;
	bool closed = false;

	ASSERT_RTNL();
	vnet_assert_config(vn);
	xa_for_each(&vn->ports, id, port) {
		withdraw(port);
		if (stays_up(port, keep_up))
			continue;
		dev_close(port->dev);
		closed = true;
	}
	if (closed)
		wait_for_backlog();
	xa_for_each(&vn->ports, id, port)
		give_back(port);
}

/* The interface goes, or moves to another namespace: it is down already. */
static void device_gone(struct vnet_port *port)
{
	struct vnet_netns *vn = port->vn;

	mutex_lock(&vn->lock);
	vnet_port_detach(port, true);
	mutex_unlock(&vn->lock);
}

/* Rules name members by their interface: tell them its new name. */
static void follow_name(struct vnet_port *port)
{
	struct vnet_member *member;
	unsigned long id;

	if (!strcmp(port->name, port->dev->name))
		return;
	strscpy(port->name, port->dev->name, sizeof(port->name));
	xa_for_each(&port->vn->members, id, member)
		if (member->port == port)
			vnet_rule_rename(&member->network->rules, member->id, port->name);
	vnet_netns_changed(port->vn);
	READ_ONCE(vnet_listener)->port(port, VNET_EVENT_CHANGED);
}

/*
 * Newer kernels rename an interface, and tell of its link, under its own lock, inside
 * of which the config mutex must not be taken: so this is done a moment later.
 */
static void follow_devices(struct work_struct *work)
{
	struct vnet_netns *vn;
	struct vnet_port *port;
	unsigned long id;
	struct net *net;

	rtnl_lock();
	for_each_net(net) {
		vn = vnet_netns_of(net);
		mutex_lock(&vn->lock);
		xa_for_each(&vn->ports, id, port) {
			follow_name(port);
			vnet_capacity_follow_link(port);
		}
		mutex_unlock(&vn->lock);
	}
	rtnl_unlock();
}

static DECLARE_WORK(devices_work, follow_devices);

/* Nothing may be put on top of a port: it would see frames before the switch. */
static int upper_wanted(const struct netdev_notifier_changeupper_info *info)
{
	struct netlink_ext_ack *extack = info->info.extack;

	if (!info->linking)
		return NOTIFY_DONE;
	NL_SET_ERR_MSG_MOD(extack, "the interface is a port of vnet; detach it first (vnetctl port del DEV)");
	return notifier_from_errno(-EBUSY);
}

static int device_event(struct notifier_block *block, unsigned long event, void *data)
{
	struct net_device *dev = netdev_notifier_info_to_dev(data);
	struct vnet_port *port = port_of(dev);

	if (!port)
		return NOTIFY_DONE;
	switch (event) {
	case NETDEV_UNREGISTER:
		device_gone(port);
		break;
	case NETDEV_CHANGENAME:
	case NETDEV_CHANGE:
	case NETDEV_DOWN:
		schedule_work(&devices_work);
		break;
	case NETDEV_PRECHANGEUPPER:
		return upper_wanted(data);
	case NETDEV_UP:
		schedule_work(&devices_work);
		fallthrough;
	case NETDEV_CHANGEMTU:
		/* IPv6 forgets its settings while the MTU is too small for it. */
		set_host_ipv6(dev, true);
		break;
	}
	return NOTIFY_DONE;
}

static struct notifier_block device_notifier = {
	.notifier_call = device_event,
};

/**
 * vnet_port_init - listen to what happens to interfaces
 * @handler: gets every frame that an attached interface receives
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vnet_port_init(rx_handler_func_t *handler)
{
	receive = handler;
	return register_netdevice_notifier(&device_notifier);
}

/**
 * vnet_port_exit - stop listening
 *
 * Context: module exit, when no port is attached.
 */
void vnet_port_exit(void)
{
	unregister_netdevice_notifier(&device_notifier);
	cancel_work_sync(&devices_work);
}
