// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about networks. It must not know what a network does.
 */
#include "class.h"
#include "network.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "nl_stats.h"
#include "zone.h"

static VNET_NL_RANGE vni_range = { .max = VNET_VNI_MAX };
static VNET_NL_RANGE members_range = { .max = VNET_MEMBERS_MAX };
static VNET_NL_RANGE macs_range = { .max = VNET_MACS_MAX };
static VNET_NL_RANGE rules_range = { .max = VNET_RULES_MAX };
static VNET_NL_RANGE ageing_range = { .max = VNET_AGEING_MAX };
static VNET_NL_RANGE queue_range = { .max = VNET_QUEUE_MAX };
static VNET_NL_RANGE connections_range = { .max = VNET_CONNECTIONS_MAX };
static VNET_NL_RANGE elements_range = { .max = VNET_ELEMENTS_MAX };
static VNET_NL_RANGE reject_range = { .max = VNET_REJECT_RATE_MAX };
static VNET_NL_RANGE packet_range = { .max = VNET_PACKET_RATE_MAX };
static VNET_NL_RANGE log_range = { .min = 1, .max = VNET_LOG_RATE_MAX };

const struct nla_policy vnet_nl_network_policy[VNET_A_NET_PACKET_RATE_EGRESS + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_NET_VNI] = NLA_POLICY_FULL_RANGE(NLA_U32, &vni_range),
	[VNET_A_NET_TENANT] = VNET_NL_LABEL,
	[VNET_A_NET_UP] = VNET_NL_BOOL,
	[VNET_A_NET_POLICY_INGRESS] = VNET_NL_ENUM(VNET_ACTION_MAX),
	[VNET_A_NET_POLICY_EGRESS] = VNET_NL_ENUM(VNET_ACTION_MAX),
	[VNET_A_NET_AGEING] = NLA_POLICY_FULL_RANGE(NLA_U32, &ageing_range),
	[VNET_A_NET_MAX_MEMBERS] = NLA_POLICY_FULL_RANGE(NLA_U32, &members_range),
	[VNET_A_NET_MAX_MACS] = NLA_POLICY_FULL_RANGE(NLA_U32, &macs_range),
	[VNET_A_NET_MAX_RULES] = NLA_POLICY_FULL_RANGE(NLA_U32, &rules_range),
	/* The root is one. */
	[VNET_A_NET_MAX_CLASSES] = NLA_POLICY_RANGE(NLA_U32, 1, VNET_CLASSES_MAX),
	[VNET_A_NET_MAX_QUEUE] = NLA_POLICY_FULL_RANGE(NLA_U32, &queue_range),
	[VNET_A_NET_MAX_SETS] = NLA_POLICY_MAX(NLA_U32, VNET_SETS_MAX),
	[VNET_A_NET_MAX_SET_ELEMENTS] = NLA_POLICY_FULL_RANGE(NLA_U32, &elements_range),
	[VNET_A_NET_MAX_CONNECTIONS] = NLA_POLICY_FULL_RANGE(NLA_U32, &connections_range),
	[VNET_A_NET_CONNECTION_RATE] = { .type = NLA_U32 },
	[VNET_A_NET_REJECT_RATE] = NLA_POLICY_FULL_RANGE(NLA_U32, &reject_range),
	[VNET_A_NET_AUDIT_INGRESS] = VNET_NL_BOOL,
	[VNET_A_NET_AUDIT_EGRESS] = VNET_NL_BOOL,
	[VNET_A_NET_LOG_RATE] = NLA_POLICY_FULL_RANGE(NLA_U32, &log_range),
	[VNET_A_NET_PACKET_RATE_INGRESS] = NLA_POLICY_FULL_RANGE(NLA_U32, &packet_range),
	[VNET_A_NET_PACKET_RATE_EGRESS] = NLA_POLICY_FULL_RANGE(NLA_U32, &packet_range),
};

const struct nla_policy vnet_nl_network_del_policy[VNET_A_NETWORK + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
};

const struct nla_policy vnet_nl_network_get_policy[VNET_A_NET_TENANT + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_WITH_STATS] = VNET_NL_FLAG,
	[VNET_A_NET_TENANT] = VNET_NL_LABEL,
};

static void parse_limits(struct vnet_network_spec *spec, struct nlattr **attrs)
{
	const struct {
		u8 type;
		u32 has;
		u32 *value;
	} numbers[] = {
		{ VNET_A_NET_VNI, VNET_NETWORK_HAS_VNI, &spec->vni },
		{ VNET_A_NET_AGEING, VNET_NETWORK_HAS_AGEING, &spec->ageing_ms },
		{ VNET_A_NET_MAX_MEMBERS, VNET_NETWORK_HAS_MAX_MEMBERS, &spec->max_members },
		{ VNET_A_NET_MAX_MACS, VNET_NETWORK_HAS_MAX_MACS, &spec->max_macs },
		{ VNET_A_NET_MAX_RULES, VNET_NETWORK_HAS_MAX_RULES, &spec->max_rules },
		{ VNET_A_NET_MAX_CLASSES, VNET_NETWORK_HAS_MAX_CLASSES, &spec->max_classes },
		{ VNET_A_NET_MAX_QUEUE, VNET_NETWORK_HAS_MAX_QUEUE, &spec->max_queue },
		{ VNET_A_NET_MAX_SETS, VNET_NETWORK_HAS_MAX_SETS, &spec->max_sets },
		{ VNET_A_NET_MAX_SET_ELEMENTS, VNET_NETWORK_HAS_MAX_ELEMENTS,
		  &spec->max_elements },
		{ VNET_A_NET_MAX_CONNECTIONS, VNET_NETWORK_HAS_MAX_CONNECTIONS,
		  &spec->max_connections },
		{ VNET_A_NET_CONNECTION_RATE, VNET_NETWORK_HAS_CONNECTION_RATE,
		  &spec->connection_rate },
		{ VNET_A_NET_REJECT_RATE, VNET_NETWORK_HAS_REJECT_RATE, &spec->reject_rate },
		{ VNET_A_NET_LOG_RATE, VNET_NETWORK_HAS_LOG_RATE, &spec->log_rate },
		{ VNET_A_NET_PACKET_RATE_INGRESS, VNET_NETWORK_HAS_PACKET_RATE_INGRESS,
		  &spec->packet_rate[vnet_dir(VNET_DIR_INGRESS)] },
		{ VNET_A_NET_PACKET_RATE_EGRESS, VNET_NETWORK_HAS_PACKET_RATE_EGRESS,
		  &spec->packet_rate[vnet_dir(VNET_DIR_EGRESS)] },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!attrs[numbers[i].type])
			continue;
		*numbers[i].value = nla_get_u32(attrs[numbers[i].type]);
		spec->has |= numbers[i].has;
	}
}

static void parse_switches(struct vnet_network_spec *spec, struct nlattr **attrs)
{
	unsigned int in = vnet_dir(VNET_DIR_INGRESS), out = vnet_dir(VNET_DIR_EGRESS);

	if (attrs[VNET_A_NET_UP]) {
		spec->up = nla_get_u8(attrs[VNET_A_NET_UP]);
		spec->has |= VNET_NETWORK_HAS_UP;
	}
	if (attrs[VNET_A_NET_POLICY_INGRESS]) {
		spec->policy[in] = nla_get_u8(attrs[VNET_A_NET_POLICY_INGRESS]);
		spec->has |= VNET_NETWORK_HAS_POLICY_INGRESS;
	}
	if (attrs[VNET_A_NET_POLICY_EGRESS]) {
		spec->policy[out] = nla_get_u8(attrs[VNET_A_NET_POLICY_EGRESS]);
		spec->has |= VNET_NETWORK_HAS_POLICY_EGRESS;
	}
	if (attrs[VNET_A_NET_AUDIT_INGRESS]) {
		spec->audit[in] = nla_get_u8(attrs[VNET_A_NET_AUDIT_INGRESS]);
		spec->has |= VNET_NETWORK_HAS_AUDIT_INGRESS;
	}
	if (attrs[VNET_A_NET_AUDIT_EGRESS]) {
		spec->audit[out] = nla_get_u8(attrs[VNET_A_NET_AUDIT_EGRESS]);
		spec->has |= VNET_NETWORK_HAS_AUDIT_EGRESS;
	}
}

static int parse(struct vnet_network_spec *spec, struct nlattr **attrs,
		 struct netlink_ext_ack *extack)
{
	memset(spec, 0, sizeof(*spec));
	nla_strscpy(spec->name, attrs[VNET_A_NETWORK], sizeof(spec->name));
	parse_limits(spec, attrs);
	parse_switches(spec, attrs);
	if (attrs[VNET_A_NET_TENANT]) {
		nla_strscpy(spec->tenant, attrs[VNET_A_NET_TENANT],
			    sizeof(spec->tenant));
		spec->has |= VNET_NETWORK_HAS_TENANT;
	}
	if (spec->ageing_ms && spec->ageing_ms < VNET_AGEING_MIN)
		return vnet_nl_refuse(extack, attrs[VNET_A_NET_AGEING], -ERANGE,
				      "ageing is 100 to 86400000 ms, or 0 for never");
	return 0;
}

static int fill_settings(struct sk_buff *skb, const struct vnet_network_spec *spec)
{
	if (nla_put_u32(skb, VNET_A_NET_VNI, spec->vni) ||
	    (spec->tenant[0] &&
	     nla_put_string(skb, VNET_A_NET_TENANT, spec->tenant)) ||
	    nla_put_u8(skb, VNET_A_NET_UP, spec->up) ||
	    nla_put_u8(skb, VNET_A_NET_POLICY_INGRESS,
		       spec->policy[vnet_dir(VNET_DIR_INGRESS)]) ||
	    nla_put_u8(skb, VNET_A_NET_POLICY_EGRESS,
		       spec->policy[vnet_dir(VNET_DIR_EGRESS)]) ||
	    nla_put_u32(skb, VNET_A_NET_AGEING, spec->ageing_ms) ||
	    nla_put_u32(skb, VNET_A_NET_MAX_MEMBERS, spec->max_members) ||
	    nla_put_u32(skb, VNET_A_NET_MAX_MACS, spec->max_macs) ||
	    nla_put_u32(skb, VNET_A_NET_MAX_RULES, spec->max_rules) ||
	    nla_put_u32(skb, VNET_A_NET_MAX_CLASSES, spec->max_classes) ||
	    nla_put_u32(skb, VNET_A_NET_MAX_QUEUE, spec->max_queue) ||
	    nla_put_u32(skb, VNET_A_NET_MAX_SETS, spec->max_sets) ||
	    nla_put_u32(skb, VNET_A_NET_MAX_SET_ELEMENTS, spec->max_elements) ||
	    nla_put_u32(skb, VNET_A_NET_MAX_CONNECTIONS, spec->max_connections) ||
	    nla_put_u32(skb, VNET_A_NET_CONNECTION_RATE, spec->connection_rate) ||
	    nla_put_u32(skb, VNET_A_NET_REJECT_RATE, spec->reject_rate) ||
	    nla_put_u8(skb, VNET_A_NET_AUDIT_INGRESS,
		       spec->audit[vnet_dir(VNET_DIR_INGRESS)]) ||
	    nla_put_u8(skb, VNET_A_NET_AUDIT_EGRESS,
		       spec->audit[vnet_dir(VNET_DIR_EGRESS)]) ||
	    nla_put_u32(skb, VNET_A_NET_LOG_RATE, spec->log_rate) ||
	    nla_put_u32(skb, VNET_A_NET_PACKET_RATE_INGRESS,
			spec->packet_rate[vnet_dir(VNET_DIR_INGRESS)]) ||
	    nla_put_u32(skb, VNET_A_NET_PACKET_RATE_EGRESS,
			spec->packet_rate[vnet_dir(VNET_DIR_EGRESS)]))
		return -EMSGSIZE;
	return 0;
}

static int fill_connections(struct sk_buff *skb, const struct vnet_network *network)
{
	const struct vnet_zone *zone = rcu_dereference_protected(network->zone, true);

	if (zone && nla_put_u32(skb, VNET_A_NET_ZONE, zone->id))
		return -EMSGSIZE;
	return nla_put_u32(skb, VNET_A_NET_CONNECTIONS,
			   vnet_quota_used(&network->connections));
}

static int fill_usage(struct sk_buff *skb, const struct vnet_network *network)
{
	if (nla_put_u32(skb, VNET_A_NET_ID, network->id) ||
	    nla_put_u32(skb, VNET_A_NET_MEMBERS, network->member_count) ||
	    nla_put_u32(skb, VNET_A_NET_MACS, READ_ONCE(network->fdb.count)) ||
	    nla_put_u32(skb, VNET_A_NET_RULES, network->rules.count) ||
	    nla_put_u32(skb, VNET_A_NET_CLASSES, vnet_class_count(network->classes)) ||
	    nla_put_u32(skb, VNET_A_NET_SETS, network->sets.count) ||
	    nla_put_u32(skb, VNET_A_NET_SET_ELEMENTS, network->sets.elements) ||
	    nla_put_u32(skb, VNET_A_NET_RULES_GENERATION, network->rules.generation))
		return -EMSGSIZE;
	return fill_connections(skb, network);
}

static int fill_stats(struct sk_buff *skb, struct vnet_network *network)
{
	struct vnet_member_sum sum;
	u64 evicted, moved;

	vnet_network_read(network, &sum);
	spin_lock_bh(&network->fdb.lock);
	evicted = network->fdb.evicted;
	moved = network->fdb.moved;
	spin_unlock_bh(&network->fdb.lock);
	if (vnet_nl_put_member_sum(skb, VNET_A_NET_STATS, &sum) ||
	    vnet_nl_put_counter(skb, VNET_A_NET_POLICY_INGRESS_STATS,
				network->policy_hits[vnet_dir(VNET_DIR_INGRESS)]) ||
	    vnet_nl_put_counter(skb, VNET_A_NET_POLICY_EGRESS_STATS,
				network->policy_hits[vnet_dir(VNET_DIR_EGRESS)]) ||
	    vnet_nl_put_counter(skb, VNET_A_NET_AUDIT_INGRESS_STATS,
				network->audit_hits[vnet_dir(VNET_DIR_INGRESS)]) ||
	    vnet_nl_put_counter(skb, VNET_A_NET_AUDIT_EGRESS_STATS,
				network->audit_hits[vnet_dir(VNET_DIR_EGRESS)]) ||
	    nla_put_u64_64bit(skb, VNET_A_NET_EVICTED, evicted, VNET_A_PAD) ||
	    nla_put_u64_64bit(skb, VNET_A_NET_MOVED, moved, VNET_A_PAD))
		return -EMSGSIZE;
	return 0;
}

/**
 * vnet_nl_fill_network - put a network into a message
 * @skb: the message
 * @subject: its network
 * @how: VNET_NL_*
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_fill_network(struct sk_buff *skb, const struct vnet_nl_subject *subject,
			 unsigned int how)
{
	struct vnet_network *network = subject->network;

	if (nla_put_string(skb, VNET_A_NETWORK, network->spec.name))
		return -EMSGSIZE;
	if (how & VNET_NL_IDENTITY)
		return 0;
	if (fill_settings(skb, &network->spec) || fill_usage(skb, network))
		return -EMSGSIZE;
	return how & VNET_NL_STATS ? fill_stats(skb, network) : 0;
}

static int reply(struct genl_info *info, struct vnet_network *network,
		 unsigned int how)
{
	struct vnet_nl_subject subject = { .network = network };

	return vnet_nl_reply(info, vnet_nl_fill_network, &subject, how);
}

/* VNET_CMD_NETWORK_ADD */
int vnet_nl_network_add(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_nl_request *request = vnet_nl_request(info);
	struct vnet_network_spec spec;
	struct vnet_network *network;
	bool unchanged = false;
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_NETWORK) ?:
	      parse(&spec, info->attrs, info->extack);
	if (err)
		return err;
	network = vnet_network_create(request->vn, &spec, &unchanged, info->extack);
	if (!IS_ERR(network))
		return reply(info, network, unchanged ? VNET_NL_UNCHANGED : 0);
	err = PTR_ERR(network);
	if (err == -EEXIST && !vnet_network_find(request->vn, spec.name))
		return vnet_nl_blame(info->extack, info->attrs[VNET_A_NET_VNI], err);
	return vnet_nl_blame(info->extack, info->attrs[VNET_A_NETWORK], err);
}

/* What a refused change is about: the VNI, or the first limit, in the order of their checks. */
static const struct nlattr *blamed(const struct genl_info *info,
				   const struct vnet_network *network,
				   const struct vnet_network_spec *spec, int err)
{
	u32 has = spec->has;

	if (err == -EEXIST)
		return info->attrs[VNET_A_NET_VNI];
	if (has & VNET_NETWORK_HAS_MAX_MEMBERS &&
	    spec->max_members < network->member_count)
		return info->attrs[VNET_A_NET_MAX_MEMBERS];
	if (has & VNET_NETWORK_HAS_MAX_RULES && spec->max_rules < network->rules.count)
		return info->attrs[VNET_A_NET_MAX_RULES];
	if (has & VNET_NETWORK_HAS_MAX_CLASSES &&
	    spec->max_classes < vnet_class_count(network->classes))
		return info->attrs[VNET_A_NET_MAX_CLASSES];
	if (has & VNET_NETWORK_HAS_MAX_SETS && spec->max_sets < network->sets.count)
		return info->attrs[VNET_A_NET_MAX_SETS];
	if (has & VNET_NETWORK_HAS_MAX_ELEMENTS &&
	    spec->max_elements < network->sets.elements)
		return info->attrs[VNET_A_NET_MAX_SET_ELEMENTS];
	/* Checked last; the addresses may be fewer again by now. */
	return info->attrs[VNET_A_NET_MAX_MACS];
}

/* VNET_CMD_NETWORK_SET */
int vnet_nl_network_set(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_network_spec spec;
	bool unchanged = false;
	int err;

	err = parse(&spec, info->attrs, info->extack);
	if (err)
		return err;
	err = vnet_network_set(network, &spec, &unchanged, info->extack);
	if (err)
		return vnet_nl_blame(info->extack, blamed(info, network, &spec, err),
				     err);
	return reply(info, network, unchanged ? VNET_NL_UNCHANGED : 0);
}

/* VNET_CMD_NETWORK_DEL */
int vnet_nl_network_del(struct sk_buff *skb, struct genl_info *info)
{
	vnet_network_destroy(vnet_nl_request(info)->network);
	return 0;
}

/* VNET_CMD_NETWORK_GET, one */
int vnet_nl_network_get(struct sk_buff *skb, struct genl_info *info)
{
	return reply(info, vnet_nl_request(info)->network, vnet_nl_wanted(info));
}

static bool next_network(struct vnet_nl_dump *dump, struct vnet_nl_cursor *cursor,
			 struct vnet_nl_subject *subject)
{
	const struct nlattr *tenant = dump->attrs[VNET_A_NET_TENANT];

	while ((subject->network = vnet_nl_dump_network(dump, cursor))) {
		vnet_nl_dump_leave(cursor);
		if (!tenant || !nla_strcmp(tenant, subject->network->spec.tenant))
			return true;
	}
	return false;
}

static const u8 filters[] = { VNET_A_NET_TENANT, 0 };

const struct vnet_nl_dumper vnet_nl_network_dumper = {
	.next = next_network,
	.fill = vnet_nl_fill_network,
	.filters = filters,
};
