// SPDX-License-Identifier: GPL-2.0-only
/*
 * The capacity of a port, and what networks are promised of it. It must not know how
 * frames travel or how it is configured.
 */
#include "capacity.h"

#include <linux/ethtool.h>
#include <linux/math64.h>
#include <linux/rtnetlink.h>
#include "event.h"
#include "member.h"
#include "network.h"
#include "port.h"
#include "uplink.h"

static struct vnet_class_ops share_ops __ro_after_init;

static void share_limit(void *owner, struct vnet_class *class, u64 limit)
{
	READ_ONCE(vnet_listener)->limit(owner, NULL, NULL, VNET_LIMIT_UPLINK_QUEUE, limit);
}

/**
 * vnet_capacity_set_path - where frames go that a share held
 * @release: they may go on; softirq, RCU read side; consumes them
 * @drop: they are given up; bottom halves off, RCU read side; consumes them
 * @mark: see struct vnet_class_ops
 *
 * Context: module init.
 */
void __init vnet_capacity_set_path(void (*release)(struct sk_buff *skb,
						   enum vnet_direction direction),
				   void (*drop)(struct sk_buff *skb,
						enum vnet_direction direction,
						enum vnet_class_verdict why),
				   bool (*mark)(struct sk_buff *skb))
{
	share_ops.release = release;
	share_ops.drop = drop;
	share_ops.mark = mark;
	share_ops.limit = share_limit;
}

static struct vnet_share *share_of(const struct vnet_port *port,
				   const struct vnet_network *network)
{
	return port->capacity.uplink ? vnet_share_find(port->capacity.uplink, network) : NULL;
}

/* What a network may have of every uplink, by its root class. */
static struct vnet_share_spec wishes(const struct vnet_network *network)
{
	struct vnet_class_spec root;

	vnet_class_describe(vnet_class_root(network->classes), &root);
	return (struct vnet_share_spec) {
		.guarantee = root.rate,
		.ceil = root.ceil,
		.weight = root.weight,
		.prio = root.prio,
		.delay_target = root.delay_target,
		.delay_limit = root.delay_limit,
	};
}

/* How much of @capacity may be promised. */
static u64 promisable(u64 capacity, u32 overcommit)
{
	return mul_u64_u64_div_u64(capacity, overcommit, 100);
}

/*
 * Refuses promises of @guaranteed when the port cannot keep them. Of a capacity that is
 * not known nothing is known to be too much.
 */
static int check_promises(const struct vnet_port *port, u64 capacity, u32 overcommit,
			  u64 guaranteed, struct netlink_ext_ack *extack)
{
	u64 most = promisable(capacity, overcommit);

	if (!capacity || guaranteed <= most)
		return 0;
	NL_SET_ERR_MSG_FMT_MOD(extack, "%s: guarantees of %llu > %llu kbit/s x %u %%",
			       port->name, div_u64(guaranteed, 1000),
			       div_u64(capacity, 1000), overcommit);
	return -EDQUOT;
}

/* Of a port */

/**
 * vnet_capacity_init - no capacity yet
 * @capacity: of a new port
 *
 * Context: any.
 */
void vnet_capacity_init(struct vnet_capacity *capacity)
{
	capacity->spec.overcommit = VNET_OVERCOMMIT_DEFAULT;
}

/* What the link carries, bit/s; 0: nobody knows. */
static u64 link_rate(struct net_device *dev)
{
	struct ethtool_link_ksettings link;

	ASSERT_RTNL();
	if (!netif_carrier_ok(dev) || __ethtool_get_link_ksettings(dev, &link) ||
	    link.base.speed == (u32)SPEED_UNKNOWN)
		return 0;
	return min_t(u64, link.base.speed * 1000000ULL, VNET_RATE_MAX);
}

static u64 rate_of(const struct vnet_port *port, const struct vnet_capacity_spec *spec)
{
	return spec->link ? link_rate(port->dev) : spec->rate;
}

static struct vnet_capacity_spec merge(const struct vnet_capacity_spec *old,
				       const struct vnet_capacity_spec *spec)
{
	struct vnet_capacity_spec wanted = *old;

	if (spec->has & VNET_CAPACITY_HAS_RATE) {
		wanted.rate = spec->rate;
		wanted.link = false;
	}
	if (spec->has & VNET_CAPACITY_HAS_LINK) {
		wanted.link = spec->link;
		wanted.rate = spec->link ? 0 : wanted.rate;
	}
	if (spec->has & VNET_CAPACITY_HAS_OVERCOMMIT)
		wanted.overcommit = spec->overcommit;
	return wanted;
}

/* Each member of the port without a share gets one; what fails, fails before any does. */
static int share_all(struct vnet_port *port)
{
	struct vnet_member *member;
	unsigned long tag;
	int err = 0;

	member = vnet_member_find(port, VNET_TAG_NONE);
	if (member)
		err = vnet_capacity_join(member, NULL);
	xa_for_each(&port->members, tag, member) {
		if (err)
			break;
		err = vnet_capacity_join(member, NULL);
	}
	return err;
}

static void unshare_all(struct vnet_port *port)
{
	struct vnet_member *member;
	unsigned long tag;

	member = vnet_member_find(port, VNET_TAG_NONE);
	if (member)
		vnet_capacity_leave(member);
	xa_for_each(&port->members, tag, member)
		vnet_capacity_leave(member);
}

/* The uplink of a port that had none. It stays until the port goes. */
static int begin(struct vnet_port *port)
{
	struct vnet_capacity *capacity = &port->capacity;
	int err;

	if (capacity->uplink)
		return 0;
	capacity->uplink = vnet_uplink_create(&share_ops);
	if (!capacity->uplink)
		return -ENOMEM;
	err = share_all(port);
	if (!err)
		return 0;
	unshare_all(port);
	vnet_uplink_stop(capacity->uplink);
	/* Its shares are on their way out, and frames that found them too. */
	synchronize_rcu();
	vnet_uplink_free(capacity->uplink);
	capacity->uplink = NULL;
	return err;
}

/* What the port's networks are promised, with or without an uplink so far. */
static u64 promised(struct vnet_port *port)
{
	struct vnet_network *network;
	unsigned long id;
	u64 sum = 0;

	if (port->capacity.uplink)
		return vnet_uplink_guaranteed(port->capacity.uplink);
	xa_for_each(&port->vn->networks, id, network) {
		struct vnet_member *member;

		list_for_each_entry(member, &network->members, node) {
			if (member->port != port)
				continue;
			sum += wishes(network).guarantee;
			break;
		}
	}
	return sum;
}

/**
 * vnet_capacity_set - change what a port carries
 * @port: the port
 * @spec: what is given in it is changed
 * @unchanged: set when nothing is different
 * @extack: gets the sentence of a refusal
 *
 * Frames that shares hold stay held, or go at once when there is no capacity any more.
 *
 * Context: RTNL and config mutex held; may sleep.
 * Return: 0; -EDQUOT (more is promised already), -ENOMEM.
 */
int vnet_capacity_set(struct vnet_port *port, const struct vnet_capacity_spec *spec,
		      bool *unchanged, struct netlink_ext_ack *extack)
{
	struct vnet_capacity_spec *old = &port->capacity.spec;
	struct vnet_capacity_spec wanted = merge(old, spec);
	u64 rate = rate_of(port, &wanted);
	int err;

	vnet_assert_config(port->vn);
	*unchanged = wanted.rate == old->rate && wanted.link == old->link &&
		     wanted.overcommit == old->overcommit;
	if (*unchanged)
		return 0;
	err = check_promises(port, rate, wanted.overcommit, promised(port), extack);
	if (!err && (wanted.rate || wanted.link))
		err = begin(port);
	if (err)
		return err;
	*old = wanted;
	if (port->capacity.uplink)
		vnet_uplink_set_capacity(port->capacity.uplink, rate);
	vnet_netns_changed(port->vn);
	READ_ONCE(vnet_listener)->port(port, VNET_EVENT_CHANGED);
	return 0;
}

/**
 * vnet_capacity_follow_link - the link of a port may have another speed now
 * @port: the port
 *
 * Guarantees that it cannot keep any more are cut in proportion and told as not in
 * force.
 *
 * Context: RTNL and config mutex held.
 */
void vnet_capacity_follow_link(struct vnet_port *port)
{
	u64 rate;

	if (!port->capacity.spec.link)
		return;
	rate = link_rate(port->dev);
	if (rate == vnet_uplink_capacity(port->capacity.uplink))
		return;
	vnet_uplink_set_capacity(port->capacity.uplink, rate);
	vnet_netns_changed(port->vn);
	READ_ONCE(vnet_listener)->port(port, VNET_EVENT_CHANGED);
}

/**
 * vnet_capacity_now - what a port carries now
 * @port: the port
 *
 * Context: config mutex held.
 * Return: bit/s, 0 when it has no capacity or none is known.
 */
u64 vnet_capacity_now(const struct vnet_port *port)
{
	return port->capacity.uplink ? vnet_uplink_capacity(port->capacity.uplink) : 0;
}

/**
 * vnet_capacity_guaranteed - what of a port is promised
 * @port: the port
 *
 * Context: config mutex held.
 * Return: the sum of the guarantees of its networks, bit/s; 0 before it has a capacity.
 */
u64 vnet_capacity_guaranteed(const struct vnet_port *port)
{
	return port->capacity.uplink ? vnet_uplink_guaranteed(port->capacity.uplink) : 0;
}

/**
 * vnet_capacity_in_force - whether a port can keep what is promised of it
 * @port: the port
 *
 * Context: config mutex held.
 * Return: whether, or why not.
 */
enum vnet_in_force vnet_capacity_in_force(const struct vnet_port *port)
{
	const struct vnet_capacity_spec *spec = &port->capacity.spec;
	u64 now = vnet_capacity_now(port);

	if (!spec->rate && !spec->link)
		return VNET_IN_FORCE_NO_CAPACITY;
	if (!now)
		return VNET_IN_FORCE_UNKNOWN;
	if (vnet_capacity_guaranteed(port) > promisable(now, spec->overcommit))
		return VNET_IN_FORCE_OVERBOOKED;
	return VNET_IN_FORCE_YES;
}

/**
 * vnet_capacity_stop - the port goes
 * @capacity: of the port; its members are gone
 *
 * Context: config mutex held; may sleep.
 */
void vnet_capacity_stop(struct vnet_capacity *capacity)
{
	if (capacity->uplink)
		vnet_uplink_stop(capacity->uplink);
}

/**
 * vnet_capacity_free - the port is gone
 * @capacity: of the port, stopped a grace period ago
 *
 * Context: process context or softirq.
 */
void vnet_capacity_free(struct vnet_capacity *capacity)
{
	vnet_uplink_free(capacity->uplink);
}

/* Of a member */

static struct vnet_share *member_share(const struct vnet_member *member)
{
	return rcu_dereference_protected(member->share,
					 lockdep_is_held(&member->network->vn->lock));
}

/* Frames that asked nobody now have to ask the share, or the other way round. */
static void assign_share(struct vnet_member *member, struct vnet_share *share)
{
	rcu_assign_pointer(member->share, share);
	vnet_network_decide_anew(member->network);
}

/**
 * vnet_capacity_join - let a member have part of its network's share of its port
 * @member: the member; has no share yet
 * @extack: gets the sentence of a refusal
 *
 * Context: config mutex held; may sleep.
 * Return: 0, also where the port has no uplink; -EDQUOT (the guarantee of its network is
 * more than the port has left), -ENOMEM.
 */
int vnet_capacity_join(struct vnet_member *member, struct netlink_ext_ack *extack)
{
	struct vnet_network *network = member->network;
	struct vnet_port *port = member->port;
	struct vnet_share_spec spec = wishes(network);
	struct vnet_share *share = share_of(port, network);
	int err;

	if (!port->capacity.uplink)
		return 0;
	if (share) {
		vnet_share_use(share);
		assign_share(member, share);
		return 0;
	}
	err = check_promises(port, vnet_capacity_now(port), port->capacity.spec.overcommit,
			     vnet_capacity_guaranteed(port) + spec.guarantee, extack);
	if (err)
		return err;
	share = vnet_share_join(port->capacity.uplink, network, network->id, &spec);
	if (!share)
		return -ENOMEM;
	assign_share(member, share);
	return 0;
}

/**
 * vnet_capacity_leave - take vnet_capacity_join() back
 * @member: the member; one without share is no harm
 *
 * With the last member of its network the share goes, and what it holds is dropped.
 *
 * Context: config mutex held; may sleep.
 */
void vnet_capacity_leave(struct vnet_member *member)
{
	struct vnet_share *share = member_share(member);

	if (!share)
		return;
	assign_share(member, NULL);
	vnet_share_leave(share);
}

/* Of a network */

/**
 * vnet_capacity_check - whether all uplinks of a network could guarantee it a rate
 * @network: the network
 * @guarantee: bit/s
 * @extack: gets the sentence of a refusal
 *
 * Context: config mutex held.
 * Return: 0 or -EDQUOT.
 */
int vnet_capacity_check(struct vnet_network *network, u64 guarantee,
			struct netlink_ext_ack *extack)
{
	struct vnet_share *share;
	struct vnet_port *port;
	unsigned long id;
	u64 sum;
	int err;

	xa_for_each(&network->vn->ports, id, port) {
		share = share_of(port, network);
		if (!share)
			continue;
		sum = vnet_capacity_guaranteed(port) - vnet_share_spec(share)->guarantee +
		      guarantee;
		/* Asking for less is never refused, even when it is too much still. */
		if (guarantee <= vnet_share_spec(share)->guarantee)
			continue;
		err = check_promises(port, vnet_capacity_now(port),
				     port->capacity.spec.overcommit, sum, extack);
		if (err)
			return err;
	}
	return 0;
}

/**
 * vnet_capacity_follow_network - the root class of a network has other values
 * @network: the network
 *
 * Context: config mutex held.
 */
void vnet_capacity_follow_network(struct vnet_network *network)
{
	struct vnet_share_spec spec = wishes(network);
	struct vnet_share *share;
	struct vnet_port *port;
	unsigned long id;

	xa_for_each(&network->vn->ports, id, port) {
		share = share_of(port, network);
		if (share)
			vnet_share_change(share, &spec);
	}
}

/**
 * vnet_capacity_purge - give up every frame of a member that shares hold
 * @network: its network
 * @member: the member, closed
 *
 * Context: config mutex held.
 */
void vnet_capacity_purge(struct vnet_network *network, const struct vnet_member *member)
{
	struct vnet_share *share;
	struct vnet_port *port;
	unsigned long id;

	xa_for_each(&network->vn->ports, id, port) {
		share = share_of(port, network);
		if (share)
			vnet_share_purge(share, member);
	}
}

/**
 * vnet_capacity_network_in_force - whether all uplinks of a network keep its guarantee
 * @network: the network
 *
 * Context: config mutex held.
 * Return: whether, or the first reason why not; %VNET_IN_FORCE_NO_CAPACITY when none of
 * its ports has a capacity.
 */
enum vnet_in_force vnet_capacity_network_in_force(struct vnet_network *network)
{
	enum vnet_in_force in_force = VNET_IN_FORCE_NO_CAPACITY, at;
	struct vnet_port *port;
	unsigned long id;

	xa_for_each(&network->vn->ports, id, port) {
		if (!share_of(port, network))
			continue;
		at = vnet_capacity_in_force(port);
		if (at == VNET_IN_FORCE_UNKNOWN || at == VNET_IN_FORCE_OVERBOOKED)
			return at;
		if (at == VNET_IN_FORCE_YES)
			in_force = at;
	}
	return in_force;
}
