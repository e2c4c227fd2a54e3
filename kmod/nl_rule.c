// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about rules. It must not know how frames are matched.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "event.h"
#include "expire.h"
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_act.h"
#include "nl_match.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "nl_rule_attr.h"
#include "nl_stats.h"
#include "port.h"
#include "rule.h"
#include "zone.h"

static VNET_NL_RANGE priority_range = { .max = VNET_PRIORITY_MAX };
static VNET_NL_RANGE expires_range = { .max = VNET_EXPIRES_MAX };
static VNET_NL_RANGE ethertype_range = { .min = ETH_P_802_3_MIN, .max = U16_MAX };

/* Of ADD, SET, and each rule of LOAD, which however names no network. */
const struct nla_policy vnet_nl_rule_policy[VNET_A_RULE_MEMBER_SET + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,
	[VNET_A_VID] = VNET_NL_VID,
	[VNET_A_CVID] = VNET_NL_VID,
	[VNET_A_RULE_NAME] = VNET_NL_NAME,
	[VNET_A_RULE_PRIORITY] = NLA_POLICY_FULL_RANGE(NLA_U32, &priority_range),
	[VNET_A_RULE_DIRECTION] = VNET_NL_ENUM(VNET_DIR_MAX),
	[VNET_A_RULE_ACTION] = VNET_NL_ENUM(VNET_ACTION_MAX),
	[VNET_A_RULE_SRC_MAC] = VNET_NL_MAC,
	[VNET_A_RULE_SRC_MAC_MASK] = VNET_NL_MAC,
	[VNET_A_RULE_DST_MAC] = VNET_NL_MAC,
	[VNET_A_RULE_DST_MAC_MASK] = VNET_NL_MAC,
	[VNET_A_RULE_ETHERTYPE] = NLA_POLICY_FULL_RANGE(NLA_U16, &ethertype_range),
	[VNET_A_RULE_SRC_IP] = VNET_NL_IP,
	[VNET_A_RULE_SRC_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[VNET_A_RULE_DST_IP] = VNET_NL_IP,
	[VNET_A_RULE_DST_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[VNET_A_RULE_PROTO] = { .type = NLA_U8 },
	[VNET_A_RULE_SRC_PORT_MIN] = { .type = NLA_U16 },
	[VNET_A_RULE_SRC_PORT_MAX] = { .type = NLA_U16 },
	[VNET_A_RULE_DST_PORT_MIN] = { .type = NLA_U16 },
	[VNET_A_RULE_DST_PORT_MAX] = { .type = NLA_U16 },
	[VNET_A_RULE_ICMP_TYPE] = { .type = NLA_U8 },
	[VNET_A_RULE_ICMP_CODE] = { .type = NLA_U8 },
	[VNET_A_RULE_TCP_FLAGS] = { .type = NLA_U8 },
	[VNET_A_RULE_TCP_FLAGS_MASK] = { .type = NLA_U8 },
	[VNET_A_RULE_FRAGMENT] = NLA_POLICY_MAX(NLA_U8, VNET_FRAGMENT_MAX),
	[VNET_A_RULE_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[VNET_A_RULE_PCP] = NLA_POLICY_MAX(NLA_U8, 7),
	[VNET_A_RULE_ARP_SENDER] = NLA_POLICY_EXACT_LEN(4),
	[VNET_A_RULE_ARP_SENDER_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 32),
	[VNET_A_RULE_TARGET] = VNET_NL_IP,
	[VNET_A_RULE_TARGET_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[VNET_A_RULE_SRC_SET] = VNET_NL_NAME,
	[VNET_A_RULE_DST_SET] = VNET_NL_NAME,
	[VNET_A_RULE_SPORT_SET] = VNET_NL_NAME,
	[VNET_A_RULE_DPORT_SET] = VNET_NL_NAME,
	[VNET_A_RULE_SRC_MAC_SET] = VNET_NL_NAME,
	[VNET_A_RULE_DST_MAC_SET] = VNET_NL_NAME,
	[VNET_A_RULE_SRC_PAIR_SET] = VNET_NL_NAME,
	[VNET_A_RULE_DST_PAIR_SET] = VNET_NL_NAME,
	[VNET_A_RULE_STATE] = NLA_POLICY_RANGE(NLA_U8, 1, VNET_STATE_ALL),
	[VNET_A_RULE_INVERTED] = { .type = NLA_U64 },
	[VNET_A_RULE_CLASS] = VNET_NL_NAME,
	[VNET_A_RULE_SET_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[VNET_A_RULE_HELPER] = VNET_NL_NAME,
	[VNET_A_RULE_AUDIT] = VNET_NL_BOOL,
	[VNET_A_RULE_LOG] = VNET_NL_BOOL,
	[VNET_A_RULE_SAMPLE] = { .type = NLA_U32 },
	[VNET_A_RULE_EXPIRES] = NLA_POLICY_FULL_RANGE(NLA_U32, &expires_range),
	[VNET_A_RULE_MEMBER_SET] = VNET_NL_NAME,
};

const struct nla_policy vnet_nl_rule_promote_policy[VNET_A_RULE_NAME + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_RULE_NAME] = VNET_NL_NAME,
};

const struct nla_policy vnet_nl_rule_recheck_policy[VNET_A_NETWORK + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
};

const struct nla_policy vnet_nl_rule_del_policy[VNET_A_RULE_NAME + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_RULE_NAME] = VNET_NL_NAME,
};

const struct nla_policy vnet_nl_rule_get_policy[VNET_A_RULE_DIRECTION + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_WITH_STATS] = VNET_NL_FLAG,
	[VNET_A_RULE_NAME] = VNET_NL_NAME,
	[VNET_A_RULE_DIRECTION] = VNET_NL_ENUM(VNET_DIR_MAX),
};

const struct nla_policy vnet_nl_rule_load_policy[VNET_A_RULE_ENTRY + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_RULE_ENTRY] = NLA_POLICY_NESTED(vnet_nl_rule_policy),
};

/*
 * A rule may outlive its member and waits for it by name and tag. Such a rule
 * can be said again as it is, so that a saved set can be loaded.
 */
static const struct vnet_rule *waiting_rule(struct vnet_network *network,
					    struct nlattr **attrs, u32 tag)
{
	const struct vnet_rule *rule;

	if (attrs[VNET_A_IFINDEX] || !attrs[VNET_A_IFNAME])
		return NULL;
	rule = vnet_rule_find(&network->rules, nla_data(attrs[VNET_A_RULE_NAME]));
	if (!rule || !(rule->spec.match.fields & VNET_MATCH_MEMBER) ||
	    rule->spec.match.member != VNET_RULE_NO_MEMBER || rule->spec.tag != tag ||
	    nla_strcmp(attrs[VNET_A_IFNAME], rule->spec.ifname))
		return NULL;
	return rule;
}

static int find_member(struct vnet_network *network, struct nlattr **attrs,
		       struct vnet_rule_spec *spec, struct netlink_ext_ack *extack)
{
	const struct vnet_rule *waiting;
	struct vnet_member *member;

	if (!vnet_nl_find_member_of(network, attrs, NULL, &member)) {
		spec->match.member = member->id;
		strscpy(spec->ifname, member->port->dev->name, sizeof(spec->ifname));
		return 0;
	}
	waiting = waiting_rule(network, attrs, spec->tag);
	if (!waiting)
		return vnet_nl_find_member_of(network, attrs, extack, &member);
	spec->match.member = VNET_RULE_NO_MEMBER;
	strscpy(spec->ifname, waiting->spec.ifname, sizeof(spec->ifname));
	return 0;
}

static int parse_member(struct vnet_network *network, struct nlattr **attrs,
			struct vnet_rule_spec *spec, struct netlink_ext_ack *extack)
{
	int err = vnet_nl_get_tag(attrs, &spec->tag, extack);

	if (err)
		return err;
	if (vnet_nl_names_interface(attrs)) {
		spec->match.fields |= VNET_MATCH_MEMBER;
		return find_member(network, attrs, spec, extack);
	}
	return !attrs[VNET_A_VID] ? 0 :
	       vnet_nl_refuse(extack, attrs[VNET_A_VID], -EINVAL,
			      "a tag needs an interface");
}

/* The names under which verdicts of the default policies are told. */
static bool is_policy(const char *name)
{
	return !strcmp(name, VNET_RULE_DEFAULT_INGRESS) ||
	       !strcmp(name, VNET_RULE_DEFAULT_EGRESS);
}

/* @nest: the rule of LOAD that this is, or NULL. */
static int parse(struct vnet_network *network, const struct nlattr *nest,
		 struct nlattr **attrs, struct vnet_rule_spec *spec,
		 struct netlink_ext_ack *extack)
{
	int err;

	memset(spec, 0, sizeof(*spec));
	err = vnet_nl_require(extack, nest, attrs, VNET_A_RULE_NAME) ?:
	      vnet_nl_require(extack, nest, attrs, VNET_A_RULE_PRIORITY) ?:
	      vnet_nl_require(extack, nest, attrs, VNET_A_RULE_DIRECTION) ?:
	      vnet_nl_require(extack, nest, attrs, VNET_A_RULE_ACTION);
	if (err)
		return err;
	nla_strscpy(spec->name, attrs[VNET_A_RULE_NAME], sizeof(spec->name));
	if (is_policy(spec->name))
		return vnet_nl_refuse(extack, attrs[VNET_A_RULE_NAME], -EINVAL,
				      "this is the name of a default policy; no rule can have it");
	spec->priority = nla_get_u32(attrs[VNET_A_RULE_PRIORITY]);
	spec->direction = nla_get_u8(attrs[VNET_A_RULE_DIRECTION]);
	spec->action = nla_get_u8(attrs[VNET_A_RULE_ACTION]);
	return vnet_nl_get_rule_attrs(attrs, spec, extack) ?:
	       parse_member(network, attrs, spec, extack) ?:
	       vnet_nl_get_match(attrs, &network->sets, &spec->match, extack) ?:
	       vnet_nl_get_act(attrs, network->classes, spec, extack);
}

static int refuse(struct genl_info *info, const struct nlattr *attr, int err)
{
	switch (err) {
	case -EEXIST:
		return vnet_nl_refuse(info->extack, attr, err,
				      "a rule of this name exists with another body; change it with set");
	case -ENOENT:
		return vnet_nl_refuse(info->extack, attr, err,
				      "the network has no rule of this name");
	case -ENOSPC:
		return vnet_nl_refuse(info->extack, attr, err,
				      "the network has as many rules as max-rules allows");
	case -E2BIG:
		return vnet_nl_refuse(info->extack, attr, err,
				      "too many rules overlap without a field that tells them apart: lookups would become too slow");
	default:
		return vnet_nl_refuse(info->extack, NULL, err, "out of memory");
	}
}

static int put_member(struct sk_buff *skb, const struct vnet_nl_subject *subject)
{
	const struct vnet_rule_spec *spec = &subject->rule->spec;
	u32 id = spec->match.member;
	struct vnet_member *member;

	if (!(spec->match.fields & VNET_MATCH_MEMBER))
		return 0;
	member = id == VNET_RULE_NO_MEMBER ? NULL :
		 vnet_member_next(subject->network->vn, id - 1);
	if (member && member->id == id &&
	    nla_put_u32(skb, VNET_A_IFINDEX, member->port->dev->ifindex))
		return -EMSGSIZE;
	return nla_put_string(skb, VNET_A_IFNAME, spec->ifname) ?:
	       vnet_nl_put_tag(skb, spec->tag);
}

/**
 * vnet_nl_fill_rule - put a rule into a message
 * @skb: the message
 * @subject: its network and rule
 * @how: VNET_NL_*
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_fill_rule(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		      unsigned int how)
{
	const struct vnet_rule *rule = subject->rule;

	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ||
	    nla_put_string(skb, VNET_A_RULE_NAME, rule->spec.name))
		return -EMSGSIZE;
	if (how & VNET_NL_IDENTITY)
		return 0;
	if (nla_put_u32(skb, VNET_A_RULE_PRIORITY, rule->spec.priority) ||
	    nla_put_u8(skb, VNET_A_RULE_DIRECTION, rule->spec.direction) ||
	    nla_put_u8(skb, VNET_A_RULE_ACTION, rule->spec.action) ||
	    put_member(skb, subject) || vnet_nl_put_match(skb, &rule->spec.match) ||
	    vnet_nl_put_act(skb, &rule->spec) ||
	    vnet_nl_put_rule_attrs(skb, rule, how))
		return -EMSGSIZE;
	if (!(how & VNET_NL_STATS))
		return 0;
	return vnet_nl_put_counter(skb, VNET_A_RULE_STATS, rule->hits);
}

/**
 * vnet_nl_fill_rule_count - put the number of a network's rules into a message
 * @skb: the message
 * @subject: its network
 * @how: ignored
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_fill_rule_count(struct sk_buff *skb,
			    const struct vnet_nl_subject *subject, unsigned int how)
{
	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name))
		return -EMSGSIZE;
	return nla_put_u32(skb, VNET_A_RULE_COUNT, subject->network->rules.count);
}

static int reply(struct genl_info *info, const char *name, unsigned int how)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_nl_subject subject = {
		.network = network,
		.rule = vnet_rule_find(&network->rules, name),
	};

	return vnet_nl_reply(info, vnet_nl_fill_rule, &subject, how);
}

static int refuse_zone(struct genl_info *info, int err)
{
	if (err == -ENOSPC)
		return vnet_nl_refuse(info->extack, info->attrs[VNET_A_RULE_STATE], err,
				      "no connection tracking zone is left on this host: too many networks ask for the state of connections");
	return vnet_nl_refuse(info->extack, NULL, err, "out of memory");
}

/* Frames have a state before the first rule asks for it. */
static int prepare_state(struct genl_info *info, const struct vnet_rule_spec *spec)
{
	int err;

	if (!vnet_rule_is_stateful(spec))
		return 0;
	err = vnet_zone_open(vnet_nl_request(info)->network);
	return err ? refuse_zone(info, err) : 0;
}

static void changed(struct vnet_network *network, struct vnet_rule *rule,
		    enum vnet_event event)
{
	vnet_netns_changed(network->vn);
	vnet_expire_arm(network);
	READ_ONCE(vnet_listener)->rule(network, rule, event);
}

static int add_or_set(struct genl_info *info,
		      int (*apply)(struct vnet_rule_table *table,
				   const struct vnet_rule_spec *spec, bool *unchanged))
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_rule_spec spec;
	bool unchanged = false;
	enum vnet_event event;
	int err;

	err = parse(network, NULL, info->attrs, &spec, info->extack);
	if (err)
		return err;
	/* What is added as it is may begin its time again. */
	event = vnet_rule_find(&network->rules, spec.name) ? VNET_EVENT_CHANGED :
							     VNET_EVENT_ADDED;
	err = prepare_state(info, &spec);
	if (err)
		return err;
	err = apply(&network->rules, &spec, &unchanged);
	vnet_zone_close_unused(network);
	if (err)
		return refuse(info, info->attrs[VNET_A_RULE_NAME], err);
	if (!unchanged)
		changed(network, vnet_rule_find(&network->rules, spec.name), event);
	return reply(info, spec.name, unchanged ? VNET_NL_UNCHANGED : 0);
}

/* VNET_CMD_RULE_ADD */
int vnet_nl_rule_add(struct sk_buff *skb, struct genl_info *info)
{
	return add_or_set(info, vnet_rule_add);
}

/* VNET_CMD_RULE_SET */
int vnet_nl_rule_set(struct sk_buff *skb, struct genl_info *info)
{
	return add_or_set(info, vnet_rule_set);
}

static int fill_promoted(struct sk_buff *skb, const struct vnet_nl_subject *subject,
			 unsigned int how)
{
	return nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ?:
	       nla_put_u32(skb, VNET_A_RULE_COUNT, subject->count);
}

static int promote_all(struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_nl_subject subject = { .network = network };
	int err = vnet_rule_promote(&network->rules, NULL, &subject.count);

	if (err)
		return refuse(info, NULL, err);
	if (subject.count)
		changed(network, NULL, VNET_EVENT_LOADED);
	return vnet_nl_reply(info, fill_promoted, &subject,
			     subject.count ? 0 : VNET_NL_UNCHANGED);
}

/* VNET_CMD_RULE_PROMOTE */
int vnet_nl_rule_promote(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	const struct nlattr *name = info->attrs[VNET_A_RULE_NAME];
	u32 promoted;
	int err;

	if (!name)
		return promote_all(info);
	err = vnet_rule_promote(&network->rules, nla_data(name), &promoted);
	if (err)
		return refuse(info, name, err);
	if (promoted)
		changed(network, vnet_rule_find(&network->rules, nla_data(name)),
			VNET_EVENT_CHANGED);
	return reply(info, nla_data(name), promoted ? 0 : VNET_NL_UNCHANGED);
}

static int fill_recheck(struct sk_buff *skb, const struct vnet_nl_subject *subject,
			unsigned int how)
{
	return nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name);
}

/* VNET_CMD_RULE_RECHECK */
int vnet_nl_rule_recheck(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_nl_subject subject = { .network = network };

	return vnet_nl_reply(info, fill_recheck, &subject,
			     vnet_zone_next_round(network) ? 0 : VNET_NL_UNCHANGED);
}

/* VNET_CMD_RULE_DEL */
int vnet_nl_rule_del(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	/* Listeners are told what is gone only when it is. */
	struct vnet_rule gone = {};
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_RULE_NAME);
	if (err)
		return err;
	nla_strscpy(gone.spec.name, info->attrs[VNET_A_RULE_NAME],
		    sizeof(gone.spec.name));
	err = vnet_rule_del(&network->rules, gone.spec.name);
	vnet_zone_close_unused(network);
	if (err)
		return refuse(info, info->attrs[VNET_A_RULE_NAME], err);
	changed(network, &gone, VNET_EVENT_REMOVED);
	return 0;
}

/* VNET_CMD_RULE_GET, one */
int vnet_nl_rule_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	const struct nlattr *name = info->attrs[VNET_A_RULE_NAME];
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_RULE_NAME);
	if (err)
		return err;
	if (!vnet_rule_find(&network->rules, nla_data(name)))
		return refuse(info, name, -ENOENT);
	return reply(info, nla_data(name), vnet_nl_wanted(info));
}

static bool next_rule(struct vnet_nl_dump *dump, struct vnet_nl_cursor *cursor,
		      struct vnet_nl_subject *subject)
{
	const struct nlattr *direction = dump->attrs[VNET_A_RULE_DIRECTION];
	struct vnet_network *network;
	struct vnet_rule *rule;

	while ((network = vnet_nl_dump_network(dump, cursor))) {
		rule = vnet_rule_next(&network->rules, cursor->priority, cursor->after);
		if (!rule) {
			vnet_nl_dump_leave(cursor);
			continue;
		}
		cursor->priority = rule->spec.priority;
		cursor->after = rule->position;
		if (direction && nla_get_u8(direction) != rule->spec.direction)
			continue;
		subject->network = network;
		subject->rule = rule;
		return true;
	}
	return false;
}

static const u8 single[] = { VNET_A_RULE_NAME, 0 };
static const u8 filters[] = { VNET_A_RULE_DIRECTION, 0 };

const struct vnet_nl_dumper vnet_nl_rule_dumper = {
	.next = next_rule,
	.fill = vnet_nl_fill_rule,
	.single = single,
	.filters = filters,
};

static int parse_entry(struct genl_info *info, const struct nlattr *entry,
		       struct vnet_rule_spec *spec)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct nlattr *attrs[VNET_A_RULE_MEMBER_SET + 1];
	int err;

	err = nla_parse_nested(attrs, VNET_A_RULE_MEMBER_SET, entry,
			       vnet_nl_rule_policy, info->extack);
	if (err)
		return err;
	if (attrs[VNET_A_NETWORK])
		return vnet_nl_refuse(info->extack, attrs[VNET_A_NETWORK], -EINVAL,
				      "the network is named once, outside the rules");
	return parse(network, entry, attrs, spec, info->extack);
}

static int parse_entries(struct genl_info *info, struct vnet_rule_spec *specs)
{
	const struct nlattr *entry = NULL;
	int err = 0;

	while (!err && (entry = vnet_nl_next_of(info, VNET_A_RULE_ENTRY, entry))) {
		err = parse_entry(info, entry, specs);
		if (!err)
			err = prepare_state(info, specs++);
		cond_resched();
	}
	return err;
}

static int load(struct genl_info *info, const struct vnet_rule_spec *specs, u32 count)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_nl_subject subject = { .network = network };
	u32 before = network->rules.generation;
	bool unchanged;
	u32 bad = 0;
	int err;

	err = vnet_rule_load(&network->rules, specs, count, &bad);
	if (err == -EEXIST)
		return vnet_nl_refuse(info->extack,
				      nla_find_nested(vnet_nl_nth_of(info, VNET_A_RULE_ENTRY, bad),
						      VNET_A_RULE_NAME),
				      err, "another rule of the set has this name already");
	if (err)
		return refuse(info, NULL, err);
	/* Time that begins again is a change that frames do not see. */
	unchanged = network->rules.generation == before &&
		    !vnet_rule_next_expiring(&network->rules);
	if (!unchanged)
		changed(network, NULL, VNET_EVENT_LOADED);
	return vnet_nl_reply(info, vnet_nl_fill_rule_count, &subject,
			     unchanged ? VNET_NL_UNCHANGED : 0);
}

/* VNET_CMD_RULE_LOAD */
int vnet_nl_rule_load(struct sk_buff *skb, struct genl_info *info)
{
	u32 limit = vnet_nl_request(info)->network->rules.limit;
	u32 count = vnet_nl_count_of(info, VNET_A_RULE_ENTRY);
	struct vnet_rule_spec *specs;
	int err;

	if (count > limit)
		return vnet_nl_refuse(info->extack,
				      vnet_nl_nth_of(info, VNET_A_RULE_ENTRY, limit), -ENOSPC,
				      "these are more rules than max-rules of the network allows");
	specs = kvmalloc_array(count + 1, sizeof(*specs),
			       GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!specs)
		return refuse(info, NULL, -ENOMEM);
	err = parse_entries(info, specs);
	if (!err)
		err = load(info, specs, count);
	vnet_zone_close_unused(vnet_nl_request(info)->network);
	kvfree(specs);
	return err;
}
