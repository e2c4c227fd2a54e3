// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about members. It must not know what a member does.
 */
#include <linux/slab.h>
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_guard.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "nl_stats.h"
#include "port.h"

/* The lists, and 4 KiB for everything else, counters and names included. */
static_assert(VNET_NL_GUARD_SIZE + SZ_4K <= VNET_NL_SIZE_MAX);

static VNET_NL_RANGE connections_range = { .max = VNET_CONNECTIONS_MAX };
static VNET_NL_RANGE macs_range = { .max = VNET_MACS_MAX };
static VNET_NL_RANGE packet_range = { .max = VNET_PACKET_RATE_MAX };

/* What ADD and SET have in common. */
#define SETTABLE							\
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,				\
	[VNET_A_IFNAME] = VNET_NL_IFNAME,				\
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,				\
	[VNET_A_VID] = VNET_NL_VID,					\
	[VNET_A_CVID] = VNET_NL_VID,					\
	[VNET_A_MEMBER_LEARNING] = VNET_NL_BOOL,			\
	[VNET_A_MEMBER_FLOOD_UNICAST] = VNET_NL_BOOL,			\
	[VNET_A_MEMBER_FLOOD_MULTICAST] = VNET_NL_BOOL,			\
	[VNET_A_MEMBER_FLOOD_BROADCAST] = VNET_NL_BOOL,			\
	[VNET_A_MEMBER_ISOLATED] = VNET_NL_BOOL,			\
	[VNET_A_MEMBER_HAIRPIN] = VNET_NL_BOOL,				\
	[VNET_A_MEMBER_MAX_MACS] = NLA_POLICY_FULL_RANGE(NLA_U32, &macs_range), \
	[VNET_A_MEMBER_FLOOD_RATE] = { .type = NLA_U32 },		\
	[VNET_A_MEMBER_MAX_CONNECTIONS] = NLA_POLICY_FULL_RANGE(NLA_U32, &connections_range), \
	[VNET_A_MEMBER_CONNECTION_RATE] = { .type = NLA_U32 },		\
	[VNET_A_MEMBER_CLASS_INGRESS] = VNET_NL_REF,			\
	[VNET_A_MEMBER_CLASS_EGRESS] = VNET_NL_REF,			\
	[VNET_A_MEMBER_GUARD_MACS] = NLA_POLICY_NESTED(vnet_nl_guard_macs_policy), \
	[VNET_A_MEMBER_GUARD_IPS] = NLA_POLICY_NESTED(vnet_nl_guard_ips_policy), \
	[VNET_A_MEMBER_GUARD_DHCP] = VNET_NL_BOOL,			\
	[VNET_A_MEMBER_GUARD_RA] = VNET_NL_BOOL,			\
	[VNET_A_MEMBER_PACKET_RATE_INGRESS] = NLA_POLICY_FULL_RANGE(NLA_U32, &packet_range), \
	[VNET_A_MEMBER_PACKET_RATE_EGRESS] = NLA_POLICY_FULL_RANGE(NLA_U32, &packet_range)

const struct nla_policy vnet_nl_member_add_policy[VNET_A_MEMBER_PACKET_RATE_EGRESS + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	SETTABLE,
};

const struct nla_policy vnet_nl_member_set_policy[VNET_A_MEMBER_PACKET_RATE_EGRESS + 1] = {
	SETTABLE,
};

const struct nla_policy vnet_nl_member_del_policy[VNET_A_CVID + 1] = {
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,
	[VNET_A_VID] = VNET_NL_VID,
	[VNET_A_CVID] = VNET_NL_VID,
};

const struct nla_policy vnet_nl_member_get_policy[VNET_A_WITH_STATS + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,
	[VNET_A_VID] = VNET_NL_VID,
	[VNET_A_CVID] = VNET_NL_VID,
	[VNET_A_WITH_STATS] = VNET_NL_FLAG,
};

static const struct {
	u8 type;
	u8 flag;
} switches[] = {
	{ VNET_A_MEMBER_LEARNING, VNET_MEMBER_LEARNING },
	{ VNET_A_MEMBER_FLOOD_UNICAST, VNET_MEMBER_FLOOD_UNICAST },
	{ VNET_A_MEMBER_FLOOD_MULTICAST, VNET_MEMBER_FLOOD_MULTICAST },
	{ VNET_A_MEMBER_FLOOD_BROADCAST, VNET_MEMBER_FLOOD_BROADCAST },
	{ VNET_A_MEMBER_ISOLATED, VNET_MEMBER_ISOLATED },
	{ VNET_A_MEMBER_HAIRPIN, VNET_MEMBER_HAIRPIN },
};

static const struct {
	u8 type;
	u32 has;
} classes[VNET_DIRS] = {
	{ VNET_A_MEMBER_CLASS_INGRESS, VNET_MEMBER_HAS_CLASS_INGRESS },
	{ VNET_A_MEMBER_CLASS_EGRESS, VNET_MEMBER_HAS_CLASS_EGRESS },
};

static const struct {
	u8 type;
	u32 has;
} packet_rates[VNET_DIRS] = {
	{ VNET_A_MEMBER_PACKET_RATE_INGRESS, VNET_MEMBER_HAS_PACKET_RATE_INGRESS },
	{ VNET_A_MEMBER_PACKET_RATE_EGRESS, VNET_MEMBER_HAS_PACKET_RATE_EGRESS },
};

/** struct parsed - the spec of a request and the lists that it points at */
struct parsed {
	struct vnet_member_spec spec;
	u8 mac[VNET_GUARD_ADDRESSES_MAX][ETH_ALEN];
	struct vnet_prefix prefix[VNET_GUARD_ADDRESSES_MAX];
};

static void parse_switches(struct vnet_member_spec *spec, struct nlattr **attrs)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(switches); i++) {
		if (!attrs[switches[i].type])
			continue;
		spec->flags_given |= switches[i].flag;
		if (nla_get_u8(attrs[switches[i].type]))
			spec->flags |= switches[i].flag;
	}
}

static void parse_numbers(struct vnet_member_spec *spec, struct nlattr **attrs)
{
	if (attrs[VNET_A_MEMBER_MAX_MACS]) {
		spec->max_macs = nla_get_u32(attrs[VNET_A_MEMBER_MAX_MACS]);
		spec->has |= VNET_MEMBER_HAS_MAX_MACS;
	}
	if (attrs[VNET_A_MEMBER_FLOOD_RATE]) {
		spec->flood_rate = nla_get_u32(attrs[VNET_A_MEMBER_FLOOD_RATE]);
		spec->has |= VNET_MEMBER_HAS_FLOOD_RATE;
	}
	if (attrs[VNET_A_MEMBER_MAX_CONNECTIONS]) {
		spec->max_connections = nla_get_u32(attrs[VNET_A_MEMBER_MAX_CONNECTIONS]);
		spec->has |= VNET_MEMBER_HAS_MAX_CONNECTIONS;
	}
	if (attrs[VNET_A_MEMBER_CONNECTION_RATE]) {
		spec->connection_rate = nla_get_u32(attrs[VNET_A_MEMBER_CONNECTION_RATE]);
		spec->has |= VNET_MEMBER_HAS_CONNECTION_RATE;
	}
}

static void parse_packet_rates(struct vnet_member_spec *spec, struct nlattr **attrs)
{
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++) {
		if (!attrs[packet_rates[dir].type])
			continue;
		spec->packet_rate[dir] = nla_get_u32(attrs[packet_rates[dir].type]);
		spec->has |= packet_rates[dir].has;
	}
}

static void parse_classes(struct vnet_member_spec *spec, struct nlattr **attrs)
{
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++) {
		if (!attrs[classes[dir].type])
			continue;
		nla_strscpy(spec->class[dir], attrs[classes[dir].type],
			    sizeof(spec->class[dir]));
		spec->has |= classes[dir].has;
	}
}

static int parse_lists(struct parsed *parsed, struct nlattr **attrs,
		       struct netlink_ext_ack *extack)
{
	struct vnet_member_spec *spec = &parsed->spec;
	int err = 0;

	if (attrs[VNET_A_MEMBER_GUARD_MACS]) {
		err = vnet_nl_get_guard_macs(attrs[VNET_A_MEMBER_GUARD_MACS],
					     parsed->mac, &spec->macs, extack);
		spec->mac = (const u8 (*)[ETH_ALEN])parsed->mac;
		spec->has |= VNET_MEMBER_HAS_GUARD_MACS;
	}
	if (!err && attrs[VNET_A_MEMBER_GUARD_IPS]) {
		err = vnet_nl_get_guard_ips(attrs[VNET_A_MEMBER_GUARD_IPS],
					    parsed->prefix, &spec->prefixes, extack);
		spec->prefix = parsed->prefix;
		spec->has |= VNET_MEMBER_HAS_GUARD_IPS;
	}
	return err;
}

static void parse_guard(struct vnet_member_spec *spec, struct nlattr **attrs)
{
	if (attrs[VNET_A_MEMBER_GUARD_DHCP]) {
		spec->guard_dhcp = nla_get_u8(attrs[VNET_A_MEMBER_GUARD_DHCP]);
		spec->has |= VNET_MEMBER_HAS_GUARD_DHCP;
	}
	if (attrs[VNET_A_MEMBER_GUARD_RA]) {
		spec->guard_ra = nla_get_u8(attrs[VNET_A_MEMBER_GUARD_RA]);
		spec->has |= VNET_MEMBER_HAS_GUARD_RA;
	}
}

/* To be freed by the caller; ERR_PTR: -ENOMEM, -E2BIG, -EINVAL. */
static struct parsed *parse(struct genl_info *info)
{
	struct parsed *parsed = kzalloc(sizeof(*parsed), GFP_KERNEL_ACCOUNT);
	int err;

	if (!parsed) {
		NL_SET_ERR_MSG_MOD(info->extack, "out of memory");
		return ERR_PTR(-ENOMEM);
	}
	parse_switches(&parsed->spec, info->attrs);
	parse_numbers(&parsed->spec, info->attrs);
	parse_packet_rates(&parsed->spec, info->attrs);
	parse_classes(&parsed->spec, info->attrs);
	parse_guard(&parsed->spec, info->attrs);
	err = parse_lists(parsed, info->attrs, info->extack);
	if (!err)
		return parsed;
	kfree(parsed);
	return ERR_PTR(err);
}

/* The object gave the sentence; point at what it is about. */
static void blame(struct genl_info *info, const struct vnet_member_spec *spec, int err)
{
	struct vnet_class_tree *tree = vnet_nl_request(info)->network->classes;
	u8 type = VNET_A_NETWORK;
	unsigned int dir;

	if (err == -ENOSPC && !info->attrs[VNET_A_NETWORK])
		type = VNET_A_MEMBER_MAX_MACS;
	for (dir = 0; err == -ENOENT && dir < VNET_DIRS; dir++)
		if (spec->has & classes[dir].has && spec->class[dir][0] &&
		    !vnet_class_find(tree, spec->class[dir]))
			type = classes[dir].type;
	if (err == -EEXIST)
		type = info->attrs[VNET_A_IFINDEX] ? VNET_A_IFINDEX : VNET_A_IFNAME;
	vnet_nl_blame(info->extack, info->attrs[type], err);
}

static const struct vnet_class *class_of(const struct vnet_member *member,
					 unsigned int dir)
{
	return rcu_dereference_protected(member->class[dir],
					 lockdep_is_held(&member->network->vn->lock));
}

static const struct vnet_guard *guard_of(const struct vnet_member *member)
{
	return rcu_dereference_protected(member->guard,
					 lockdep_is_held(&member->network->vn->lock));
}

static int fill_settings(struct sk_buff *skb, const struct vnet_member *member)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(switches); i++)
		if (nla_put_u8(skb, switches[i].type,
			       !!(member->flags & switches[i].flag)))
			return -EMSGSIZE;
	for (i = 0; i < VNET_DIRS; i++)
		if (nla_put_string(skb, classes[i].type,
				   vnet_class_name(class_of(member, i))) ||
		    nla_put_u32(skb, packet_rates[i].type, member->packets[i].rate))
			return -EMSGSIZE;
	if (nla_put_u32(skb, VNET_A_MEMBER_MAX_MACS, READ_ONCE(member->fdb.limit)) ||
	    nla_put_u32(skb, VNET_A_MEMBER_FLOOD_RATE, member->flood.rate) ||
	    nla_put_u32(skb, VNET_A_MEMBER_MAX_CONNECTIONS, member->connections.limit) ||
	    nla_put_u32(skb, VNET_A_MEMBER_CONNECTION_RATE, member->connections.pace.rate))
		return -EMSGSIZE;
	return vnet_nl_put_guard(skb, guard_of(member));
}

/* Who invents addresses shows here, long after the one event about it. */
static int fill_limit_counters(struct sk_buff *skb, const struct vnet_member *member)
{
	struct vnet_fdb *fdb = &member->network->fdb;
	u64 evicted, unlearned;

	spin_lock_bh(&fdb->lock);
	evicted = member->fdb.evicted;
	unlearned = member->fdb.unlearned;
	spin_unlock_bh(&fdb->lock);
	return nla_put_u64_64bit(skb, VNET_A_MEMBER_EVICTED, evicted, VNET_A_PAD) ?:
	       nla_put_u64_64bit(skb, VNET_A_MEMBER_UNLEARNED, unlearned, VNET_A_PAD);
}

/**
 * vnet_nl_fill_member - put a member into a message
 * @skb: the message
 * @subject: its member
 * @how: VNET_NL_*
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_fill_member(struct sk_buff *skb, const struct vnet_nl_subject *subject,
			unsigned int how)
{
	const struct vnet_member *member = subject->member;
	struct vnet_member_sum sum = {};

	if (nla_put_string(skb, VNET_A_NETWORK, member->network->spec.name) ||
	    vnet_nl_put_member(skb, member))
		return -EMSGSIZE;
	if (how & VNET_NL_IDENTITY)
		return 0;
	if (nla_put_u32(skb, VNET_A_MEMBER_ID, member->id) ||
	    nla_put_u32(skb, VNET_A_MEMBER_MACS, READ_ONCE(member->fdb.count)) ||
	    nla_put_u32(skb, VNET_A_MEMBER_CONNECTIONS,
			vnet_quota_used(&member->connections)) ||
	    fill_settings(skb, member))
		return -EMSGSIZE;
	if (!(how & VNET_NL_STATS))
		return 0;
	if (fill_limit_counters(skb, member))
		return -EMSGSIZE;
	vnet_stats_add_member(&sum, member->stats);
	return vnet_nl_put_member_sum(skb, VNET_A_MEMBER_STATS, &sum);
}

static int reply(struct genl_info *info, struct vnet_member *member, unsigned int how)
{
	struct vnet_nl_subject subject = { .member = member };

	return vnet_nl_reply(info, vnet_nl_fill_member, &subject, how);
}

/* VNET_CMD_MEMBER_ADD */
int vnet_nl_member_add(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_nl_request *request = vnet_nl_request(info);
	struct vnet_member *member;
	struct parsed *parsed;
	bool unchanged = false;
	u32 tag;
	int err;

	err = vnet_nl_get_tag(info->attrs, &tag, info->extack);
	if (err)
		return err;
	parsed = parse(info);
	if (IS_ERR(parsed))
		return PTR_ERR(parsed);
	member = vnet_member_create(request->network, request->port, tag,
				    &parsed->spec, &unchanged, info->extack);
	if (IS_ERR(member)) {
		err = PTR_ERR(member);
		blame(info, &parsed->spec, err);
	}
	kfree(parsed);
	return err ?: reply(info, member, unchanged ? VNET_NL_UNCHANGED : 0);
}

/* VNET_CMD_MEMBER_SET */
int vnet_nl_member_set(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_member *member = vnet_nl_request(info)->member;
	struct parsed *parsed = parse(info);
	bool unchanged = false;
	int err;

	if (IS_ERR(parsed))
		return PTR_ERR(parsed);
	err = vnet_member_set(member, &parsed->spec, &unchanged, info->extack);
	if (err)
		blame(info, &parsed->spec, err);
	kfree(parsed);
	return err ?: reply(info, member, unchanged ? VNET_NL_UNCHANGED : 0);
}

/* VNET_CMD_MEMBER_DEL */
int vnet_nl_member_del(struct sk_buff *skb, struct genl_info *info)
{
	vnet_member_destroy(vnet_nl_request(info)->member);
	return 0;
}

/* VNET_CMD_MEMBER_GET, one */
int vnet_nl_member_get(struct sk_buff *skb, struct genl_info *info)
{
	return reply(info, vnet_nl_request(info)->member, vnet_nl_wanted(info));
}

static bool next_member(struct vnet_nl_dump *dump, struct vnet_nl_cursor *cursor,
			struct vnet_nl_subject *subject)
{
	struct vnet_member *member;

	while ((member = vnet_member_next(dump->vn, cursor->after))) {
		cursor->after = member->id;
		if (cursor->only && member->network->id != cursor->network)
			continue;
		if (cursor->port && member->port->id != cursor->port)
			continue;
		subject->member = member;
		return true;
	}
	return false;
}

static const u8 single[] = { VNET_A_TAG_PROTO, VNET_A_VID, VNET_A_CVID, 0 };
static const u8 filters[] = { VNET_A_NETWORK, 0 };

const struct vnet_nl_dumper vnet_nl_member_dumper = {
	.next = next_member,
	.fill = vnet_nl_fill_member,
	.single = single,
	.filters = filters,
	.large = true,
};
