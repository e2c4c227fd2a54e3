// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about ports. It must not know how an interface is attached.
 */
#include "capacity.h"
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "nl_stats.h"
#include "port.h"

const struct nla_policy vnet_nl_port_add_policy[VNET_A_PORT_FORCE + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_PORT_ROLE] = VNET_NL_ENUM(VNET_ROLE_MAX),
	[VNET_A_PORT_FORCE] = VNET_NL_FLAG,
};

static VNET_NL_RANGE overcommit_range = { .min = 1, .max = VNET_OVERCOMMIT_MAX };

const struct nla_policy vnet_nl_port_set_policy[VNET_A_PORT_OVERCOMMIT + 1] = {
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_PORT_ROLE] = VNET_NL_ENUM(VNET_ROLE_MAX),
	[VNET_A_PORT_CAPACITY] = { .type = NLA_U64 },	/* its range: get_capacity() */
	[VNET_A_PORT_OVERCOMMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &overcommit_range),
};

const struct nla_policy vnet_nl_port_del_policy[VNET_A_KEEP_UP + 1] = {
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_KEEP_UP] = VNET_NL_FLAG,
};

const struct nla_policy vnet_nl_port_get_policy[VNET_A_WITH_STATS + 1] = {
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_WITH_STATS] = VNET_NL_FLAG,
};

static int fill_capacity(struct sk_buff *skb, const struct vnet_port *port)
{
	const struct vnet_capacity_spec *spec = &port->capacity.spec;
	u64 capacity = spec->link ? VNET_CAPACITY_LINK : spec->rate;

	if (nla_put_u64_64bit(skb, VNET_A_PORT_CAPACITY, capacity, VNET_A_PAD) ||
	    nla_put_u32(skb, VNET_A_PORT_OVERCOMMIT, spec->overcommit))
		return -EMSGSIZE;
	if (!capacity)
		return 0;
	if (nla_put_u8(skb, VNET_A_PORT_IN_FORCE, vnet_capacity_in_force(port)) ||
	    nla_put_u64_64bit(skb, VNET_A_PORT_CAPACITY_NOW, vnet_capacity_now(port),
			      VNET_A_PAD) ||
	    nla_put_u64_64bit(skb, VNET_A_PORT_GUARANTEED, vnet_capacity_guaranteed(port),
			      VNET_A_PAD))
		return -EMSGSIZE;
	return 0;
}

/**
 * vnet_nl_fill_port - put a port into a message
 * @skb: the message
 * @subject: its port
 * @how: VNET_NL_*
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_fill_port(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		      unsigned int how)
{
	const struct vnet_port *port = subject->port;
	u64 drops[VNET_DROP_MAX + 1] = {};

	if (vnet_nl_put_interface(skb, port->dev))
		return -EMSGSIZE;
	if (how & VNET_NL_IDENTITY)
		return 0;
	if (nla_put_u8(skb, VNET_A_PORT_ROLE, port->role) ||
	    nla_put_u32(skb, VNET_A_PORT_ID, port->id) ||
	    nla_put_u32(skb, VNET_A_PORT_MEMBERS, port->member_count) ||
	    fill_capacity(skb, port))
		return -EMSGSIZE;
	if (!(how & VNET_NL_STATS))
		return 0;
	vnet_stats_add_drops(drops, port->drops);
	return vnet_nl_put_drops(skb, VNET_A_PORT_DROPS, drops);
}

static int reply(struct genl_info *info, struct vnet_port *port, unsigned int how)
{
	struct vnet_nl_subject subject = { .port = port };

	return vnet_nl_reply(info, vnet_nl_fill_port, &subject, how);
}

static struct vnet_member *add_untagged(struct vnet_port *port, struct genl_info *info)
{
	struct vnet_member_spec defaults = {};
	bool unchanged;

	return vnet_member_create(vnet_nl_request(info)->network, port, VNET_TAG_NONE,
				  &defaults, &unchanged, info->extack);
}

static int attach(struct net_device *dev, struct genl_info *info)
{
	const struct nlattr *role = info->attrs[VNET_A_PORT_ROLE];
	struct vnet_nl_request *request = vnet_nl_request(info);
	struct vnet_network *network = request->network;
	u32 generation = request->vn->generation;
	struct vnet_member *member;
	struct vnet_port *port;

	/* What can be known before is, so that a refusal leaves no trace at all. */
	if (network && network->member_count >= network->spec.max_members)
		return vnet_nl_refuse(info->extack, info->attrs[VNET_A_NETWORK], -ENOSPC,
				      "the network has as many members as max-members allows");
	port = vnet_port_attach(request->vn, dev,
				role ? nla_get_u8(role) : VNET_ROLE_GUEST,
				info->attrs[VNET_A_PORT_FORCE], info->extack);
	if (IS_ERR(port))
		return vnet_nl_blame(info->extack, info->attrs[VNET_A_IFINDEX] ?:
						   info->attrs[VNET_A_IFNAME],
				     PTR_ERR(port));
	member = network ? add_untagged(port, info) : NULL;
	if (IS_ERR(member)) {
		vnet_port_detach(port, true);
		/* Nobody could look in between: for dumps nothing has changed. */
		request->vn->generation = generation;
		return vnet_nl_blame(info->extack, info->attrs[VNET_A_NETWORK],
				     PTR_ERR(member));
	}
	return reply(info, port, 0);
}

/* The interface is attached already: was it for what is asked now? */
static int attach_again(struct vnet_port *port, struct genl_info *info)
{
	const struct vnet_network *network = vnet_nl_request(info)->network;
	const struct nlattr *role = info->attrs[VNET_A_PORT_ROLE];
	const struct vnet_member *member;

	if (role && nla_get_u8(role) != port->role)
		return vnet_nl_refuse(info->extack, role, -EEXIST,
				      "the interface is attached with another role; change it with set");
	member = vnet_member_find(port, VNET_TAG_NONE);
	if (network && !member)
		return vnet_nl_refuse(info->extack, info->attrs[VNET_A_NETWORK], -EEXIST,
				      "the interface is attached without an untagged member; add one (member add)");
	if (network && member->network != network)
		return vnet_nl_refuse(info->extack, info->attrs[VNET_A_NETWORK], -EEXIST,
				      "the interface is attached and its untagged member belongs to another network");
	return reply(info, port, VNET_NL_UNCHANGED);
}

/* VNET_CMD_PORT_ADD */
int vnet_nl_port_add(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_netns *vn = vnet_nl_request(info)->vn;
	struct net_device *dev;
	struct vnet_port *port;
	int err;

	/* RTNL keeps what is found. */
	rcu_read_lock();
	err = vnet_nl_find_device(vn, info->attrs, info->extack, &dev);
	rcu_read_unlock();
	if (err)
		return err;
	port = vnet_port_find(vn, dev);
	return port ? attach_again(port, info) : attach(dev, info);
}

static int get_capacity(struct vnet_capacity_spec *spec, struct genl_info *info)
{
	const struct nlattr *capacity = info->attrs[VNET_A_PORT_CAPACITY];
	const struct nlattr *overcommit = info->attrs[VNET_A_PORT_OVERCOMMIT];

	*spec = (struct vnet_capacity_spec) {};
	if (capacity) {
		spec->has |= VNET_CAPACITY_HAS_RATE | VNET_CAPACITY_HAS_LINK;
		spec->rate = nla_get_u64(capacity);
		spec->link = spec->rate == VNET_CAPACITY_LINK;
		if (!spec->link && spec->rate > VNET_RATE_MAX)
			return vnet_nl_refuse(info->extack, capacity, -ERANGE,
					      "a capacity is up to 1000000000000 bit/s, none or that of the link");
		if (spec->link)
			spec->rate = 0;
	}
	if (overcommit) {
		spec->has |= VNET_CAPACITY_HAS_OVERCOMMIT;
		spec->overcommit = nla_get_u32(overcommit);
	}
	return 0;
}

/* VNET_CMD_PORT_SET */
int vnet_nl_port_set(struct sk_buff *skb, struct genl_info *info)
{
	const struct nlattr *role = info->attrs[VNET_A_PORT_ROLE];
	struct vnet_port *port = vnet_nl_request(info)->port;
	struct vnet_capacity_spec capacity;
	bool unchanged;
	int err;

	err = get_capacity(&capacity, info) ?:
	      vnet_capacity_set(port, &capacity, &unchanged, info->extack);
	if (err)
		return vnet_nl_blame(info->extack, info->attrs[VNET_A_PORT_CAPACITY] ?:
						   info->attrs[VNET_A_PORT_OVERCOMMIT], err);
	if (role && nla_get_u8(role) != port->role) {
		vnet_port_set_role(port, nla_get_u8(role));
		unchanged = false;
	}
	return reply(info, port, unchanged ? VNET_NL_UNCHANGED : 0);
}

/* VNET_CMD_PORT_DEL */
int vnet_nl_port_del(struct sk_buff *skb, struct genl_info *info)
{
	vnet_port_detach(vnet_nl_request(info)->port, info->attrs[VNET_A_KEEP_UP]);
	return 0;
}

/* VNET_CMD_PORT_GET, one */
int vnet_nl_port_get(struct sk_buff *skb, struct genl_info *info)
{
	return reply(info, vnet_nl_request(info)->port, vnet_nl_wanted(info));
}

static bool next_port(struct vnet_nl_dump *dump, struct vnet_nl_cursor *cursor,
		      struct vnet_nl_subject *subject)
{
	while ((subject->port = vnet_port_next(dump->vn, cursor->after))) {
		cursor->after = subject->port->id;
		if (!cursor->port || cursor->port == subject->port->id)
			return true;
	}
	return false;
}

const struct vnet_nl_dumper vnet_nl_port_dumper = {
	.next = next_port,
	.fill = vnet_nl_fill_port,
};
