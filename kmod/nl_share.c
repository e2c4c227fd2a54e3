// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about shares of ports. It must not know how a capacity is divided.
 */
#include "capacity.h"
#include "netns.h"
#include "network.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "nl_stats.h"
#include "port.h"
#include "uplink.h"

const struct nla_policy vnet_nl_share_get_policy[VNET_A_WITH_STATS + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_WITH_STATS] = VNET_NL_FLAG,
};

static int fill_direction(struct sk_buff *skb, const struct vnet_share *share,
			  enum vnet_direction direction, unsigned int how)
{
	bool ingress = direction == VNET_DIR_INGRESS;
	struct vnet_share_sum sum;

	vnet_share_read(share, direction, &sum);
	if (nla_put_u64_64bit(skb, ingress ? VNET_A_SHARE_INGRESS_ALLOWED :
					     VNET_A_SHARE_EGRESS_ALLOWED,
			      sum.allowed, VNET_A_PAD))
		return -EMSGSIZE;
	if (!(how & VNET_NL_STATS))
		return 0;
	if (nla_put_u64_64bit(skb, ingress ? VNET_A_SHARE_INGRESS_MEASURED :
					     VNET_A_SHARE_EGRESS_MEASURED,
			      sum.measured, VNET_A_PAD))
		return -EMSGSIZE;
	return vnet_nl_put_class_sum(skb, ingress ? VNET_A_SHARE_INGRESS_STATS :
						    VNET_A_SHARE_EGRESS_STATS,
				     &sum.counters);
}

static int fill(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		unsigned int how)
{
	const struct vnet_share *share = subject->share;
	const struct vnet_share_spec *spec = vnet_share_spec(share);

	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ||
	    vnet_nl_put_interface(skb, subject->on->dev) ||
	    nla_put_u64_64bit(skb, VNET_A_SHARE_GUARANTEE, spec->guarantee, VNET_A_PAD) ||
	    nla_put_u64_64bit(skb, VNET_A_SHARE_CEIL, spec->ceil, VNET_A_PAD) ||
	    nla_put_u32(skb, VNET_A_SHARE_WEIGHT, spec->weight) ||
	    nla_put_u8(skb, VNET_A_SHARE_PRIO, spec->prio) ||
	    nla_put_u8(skb, VNET_A_SHARE_IN_FORCE, vnet_capacity_in_force(subject->on)))
		return -EMSGSIZE;
	return fill_direction(skb, share, VNET_DIR_INGRESS, how) ?:
	       fill_direction(skb, share, VNET_DIR_EGRESS, how);
}

/* VNET_CMD_SHARE_GET, one */
int vnet_nl_share_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_nl_request *request = vnet_nl_request(info);
	struct vnet_nl_subject subject = {
		.network = request->network,
		.on = request->port,
	};

	if (request->port->capacity.uplink)
		subject.share = vnet_share_find(request->port->capacity.uplink,
						request->network);
	if (!subject.share)
		return vnet_nl_refuse(info->extack, info->attrs[VNET_A_NETWORK], -ENOENT,
				      "the port has no capacity, or the network no member on it");
	return vnet_nl_reply(info, fill, &subject, vnet_nl_wanted(info));
}

/* The next share of a port, behind the cursor's; NULL: there is none. */
static const struct vnet_share *share_behind(const struct vnet_nl_cursor *cursor, u32 after,
					     const struct vnet_port *port)
{
	const struct vnet_share *share;

	if (!port->capacity.uplink || (cursor->port && cursor->port != port->id))
		return NULL;
	if (cursor->only)
		after = max(after, cursor->network - 1);
	share = vnet_share_next(port->capacity.uplink, after);
	if (share && cursor->only && vnet_share_id(share) != cursor->network)
		return NULL;
	return share;
}

/* The cursor is behind a share of a port: its upper half is the port's id. */
static bool next_share(struct vnet_nl_dump *dump, struct vnet_nl_cursor *cursor,
		       struct vnet_nl_subject *subject)
{
	u32 id = cursor->after >> 32, after = lower_32_bits(cursor->after);
	struct vnet_port *port;

	/* The port that was told last may be gone: then its successor is the next. */
	while ((port = vnet_port_next(dump->vn, id ? id - 1 : 0))) {
		subject->share = share_behind(cursor, port->id == id ? after : 0, port);
		if (subject->share) {
			cursor->after = (u64)port->id << 32 | vnet_share_id(subject->share);
			subject->on = port;
			subject->network = vnet_share_owner(subject->share);
			return true;
		}
		id = port->id + 1;
		after = 0;
	}
	return false;
}

const struct vnet_nl_dumper vnet_nl_share_dumper = {
	.next = next_share,
	.fill = fill,
};
