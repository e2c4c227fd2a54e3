// SPDX-License-Identifier: GPL-2.0-only
/*
 * The question what the rules would do with a frame: the frame as attributes, the
 * verdict as the answer. It must not know how frames are matched, and no frame that
 * is real: its key is that which parse.c would make of the frame.
 */
#include <linux/bitops.h>
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/ndisc.h>
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_match.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "port.h"
#include "rule.h"

/* What a frame has unless it is told: a SYN, the beginning of a connection. */
#define TCP_FLAG_SYN_ONLY	0x02

static VNET_NL_RANGE ethertype_range = { .min = ETH_P_802_3_MIN, .max = U16_MAX };

/*
 * As long as those of a rule, as vnet_nl_get_match() looks at all of them; what only
 * rules have is not there and thus refused.
 */
const struct nla_policy vnet_nl_rule_test_policy[VNET_A_RULE_MAX + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,
	[VNET_A_VID] = VNET_NL_VID,
	[VNET_A_CVID] = VNET_NL_VID,
	[VNET_A_RULE_DIRECTION] = VNET_NL_ENUM(VNET_DIR_MAX),
	[VNET_A_RULE_SRC_MAC] = VNET_NL_MAC,
	[VNET_A_RULE_DST_MAC] = VNET_NL_MAC,
	[VNET_A_RULE_ETHERTYPE] = NLA_POLICY_FULL_RANGE(NLA_U16, &ethertype_range),
	[VNET_A_RULE_SRC_IP] = VNET_NL_IP,
	[VNET_A_RULE_DST_IP] = VNET_NL_IP,
	[VNET_A_RULE_PROTO] = { .type = NLA_U8 },
	[VNET_A_RULE_SRC_PORT_MIN] = { .type = NLA_U16 },
	[VNET_A_RULE_DST_PORT_MIN] = { .type = NLA_U16 },
	[VNET_A_RULE_ICMP_TYPE] = { .type = NLA_U8 },
	[VNET_A_RULE_ICMP_CODE] = { .type = NLA_U8 },
	[VNET_A_RULE_TCP_FLAGS] = { .type = NLA_U8 },
	[VNET_A_RULE_FRAGMENT] = NLA_POLICY_RANGE(NLA_U8, VNET_FRAGMENT_FIRST,
						  VNET_FRAGMENT_MAX),
	[VNET_A_RULE_DSCP] = NLA_POLICY_MAX(NLA_U8, 63),
	[VNET_A_RULE_PCP] = NLA_POLICY_MAX(NLA_U8, 7),
	[VNET_A_RULE_ARP_SENDER] = NLA_POLICY_EXACT_LEN(4),
	[VNET_A_RULE_TARGET] = VNET_NL_IP,
	[VNET_A_RULE_STATE] = NLA_POLICY_RANGE(NLA_U8, 1, VNET_STATE_INVALID),
};

static bool is_ip(__be16 ethertype)
{
	return ethertype == htons(ETH_P_IP) || ethertype == htons(ETH_P_IPV6);
}

/*
 * What makes no sense of a rule makes none of a frame. TCP flags are the exception:
 * those of a rule are the ones that it asks for, and none is not many enough.
 */
static int get_match(struct nlattr **attrs, struct vnet_match *match,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *flags = attrs[VNET_A_RULE_TCP_FLAGS];
	int err;

	attrs[VNET_A_RULE_TCP_FLAGS] = NULL;
	err = vnet_nl_get_match(attrs, NULL, match, extack);
	attrs[VNET_A_RULE_TCP_FLAGS] = (struct nlattr *)flags;
	if (err)
		return err;
	if (flags && match->proto != IPPROTO_TCP)
		return vnet_nl_refuse(extack, flags, -EINVAL,
				      "TCP flags need protocol 6 (TCP)");
	if (match->fields & VNET_MATCH_ETHERTYPE)
		return 0;
	NL_SET_ERR_ATTR_MISS(extack, NULL, VNET_A_RULE_ETHERTYPE);
	return vnet_nl_refuse(extack, NULL, -EINVAL,
			      "a frame needs its addresses (IP or ARP) or, if it has none, its ethertype");
}

static bool says_ethertype(struct nlattr **attrs, __be16 ethertype)
{
	const struct nlattr *attr = attrs[VNET_A_RULE_ETHERTYPE];

	return attr && htons(nla_get_u16(attr)) == ethertype;
}

static bool says_nd(struct nlattr **attrs)
{
	const struct nlattr *target = attrs[VNET_A_RULE_TARGET];

	return target && nla_len(target) == sizeof(struct in6_addr);
}

static bool says_ip(struct nlattr **attrs)
{
	return attrs[VNET_A_RULE_SRC_IP] || attrs[VNET_A_RULE_DST_IP] || says_nd(attrs) ||
	       says_ethertype(attrs, htons(ETH_P_IP)) ||
	       says_ethertype(attrs, htons(ETH_P_IPV6));
}

static bool says_arp(struct nlattr **attrs)
{
	return attrs[VNET_A_RULE_ARP_SENDER] ||
	       (attrs[VNET_A_RULE_TARGET] && !says_nd(attrs)) ||
	       says_ethertype(attrs, htons(ETH_P_ARP));
}

static int require_both(struct nlattr **attrs, int one, int other,
			struct netlink_ext_ack *extack)
{
	if (attrs[one] && attrs[other])
		return 0;
	NL_SET_ERR_ATTR_MISS(extack, NULL, attrs[one] ? other : one);
	return -EINVAL;
}

/* Whether all is there that such frames have and no default can stand for. */
static int check_addresses(struct nlattr **attrs, struct netlink_ext_ack *extack)
{
	if (says_arp(attrs) &&
	    require_both(attrs, VNET_A_RULE_ARP_SENDER, VNET_A_RULE_TARGET, extack))
		return vnet_nl_refuse(extack, NULL, -EINVAL,
				      "an ARP message has both a sender and a target address");
	if (!says_ip(attrs))
		return 0;
	if (require_both(attrs, VNET_A_RULE_SRC_IP, VNET_A_RULE_DST_IP, extack))
		return vnet_nl_refuse(extack, NULL, -EINVAL,
				      "an IP packet has both a source and a destination address");
	if (require_both(attrs, VNET_A_RULE_PROTO, VNET_A_RULE_PROTO, extack))
		return vnet_nl_refuse(extack, NULL, -EINVAL,
				      "an IP packet has a protocol");
	if (says_nd(attrs) &&
	    require_both(attrs, VNET_A_RULE_ICMP_TYPE, VNET_A_RULE_ICMP_TYPE, extack))
		return vnet_nl_refuse(extack, NULL, -EINVAL,
				      "a message that has a target has an ICMP type: 135, 136 or 137");
	return 0;
}

/* Later fragments are the only packets of such a protocol that have no ports. */
static int check_ports(struct nlattr **attrs, const struct vnet_match *match,
		       struct netlink_ext_ack *extack)
{
	if (match->fragment == VNET_FRAGMENT_LATER || !vnet_nl_has_ports(match->proto) ||
	    !require_both(attrs, VNET_A_RULE_SRC_PORT_MIN, VNET_A_RULE_DST_PORT_MIN, extack))
		return 0;
	return vnet_nl_refuse(extack, NULL, -EINVAL,
			      "a packet of this protocol has both a source and a destination port");
}

/* What follows is not a header. */
static int check_later(struct nlattr **attrs, const struct vnet_match *match,
		       struct netlink_ext_ack *extack)
{
	static const u8 transport[] = {
		VNET_A_RULE_SRC_PORT_MIN, VNET_A_RULE_DST_PORT_MIN, VNET_A_RULE_ICMP_TYPE,
		VNET_A_RULE_TCP_FLAGS, VNET_A_RULE_TARGET,
	};
	unsigned int i;

	if (match->fragment != VNET_FRAGMENT_LATER)
		return 0;
	for (i = 0; i < ARRAY_SIZE(transport); i++)
		if (attrs[transport[i]])
			return vnet_nl_refuse(extack, attrs[transport[i]], -EINVAL,
					      "only the first fragment of a packet has a transport header");
	return 0;
}

static void put_transport(struct nlattr **attrs, const struct vnet_match *match,
			  struct vnet_key *key)
{
	const struct nlattr *type = attrs[VNET_A_RULE_ICMP_TYPE];
	const struct nlattr *flags = attrs[VNET_A_RULE_TCP_FLAGS];

	if (vnet_nl_has_ports(key->proto)) {
		key->flags |= VNET_KEY_PORTS;
		key->sport = htons(match->sport_min);
		key->dport = htons(match->dport_min);
	}
	if (key->proto == IPPROTO_TCP) {
		key->flags |= VNET_KEY_TCP;
		key->tcp_flags = flags ? nla_get_u8(flags) : TCP_FLAG_SYN_ONLY;
	}
	if (key->proto == IPPROTO_ICMP || key->proto == IPPROTO_ICMPV6) {
		key->flags |= VNET_KEY_ICMP;
		key->icmp_type = type ? match->icmp_type :
				 key->proto == IPPROTO_ICMP ? ICMP_ECHO : ICMPV6_ECHO_REQUEST;
		key->icmp_code = match->icmp_code;
	}
	if (key->proto == IPPROTO_ICMPV6 && vnet_nd_has_target(key->icmp_type)) {
		key->flags |= VNET_KEY_ND;
		key->target = match->target;
	}
}

/* nf_conntrack leaves neighbour discovery alone. */
static bool is_nd(const struct vnet_key *key)
{
	return key->proto == IPPROTO_ICMPV6 && key->icmp_type >= NDISC_ROUTER_SOLICITATION &&
	       key->icmp_type <= NDISC_REDIRECT;
}

/* Unless it is told, a frame begins a connection. */
static void put_state(const struct vnet_match *match, struct vnet_key *key)
{
	if (is_nd(key))
		return;
	key->flags |= VNET_KEY_STATE;
	key->state = match->states ?: VNET_STATE_NEW;
}

static int check_state(struct nlattr **attrs, const struct vnet_match *match,
		       struct netlink_ext_ack *extack)
{
	if (hweight8(match->states) < 2)
		return 0;
	return vnet_nl_refuse(extack, attrs[VNET_A_RULE_STATE], -EINVAL,
			      "a frame has one state, not several");
}

static void put_ip(struct nlattr **attrs, const struct vnet_match *match,
		   struct vnet_key *key)
{
	u8 fragment = attrs[VNET_A_RULE_FRAGMENT] ? match->fragment : VNET_FRAGMENT_NONE;

	key->version = match->version;
	key->saddr = match->src_ip;
	key->daddr = match->dst_ip;
	key->dscp = match->dscp;
	key->proto = match->proto;
	key->flags |= VNET_KEY_IP | VNET_KEY_PROTO;
	if (fragment != VNET_FRAGMENT_NONE)
		key->flags |= VNET_KEY_FRAGMENT;
	if (fragment == VNET_FRAGMENT_LATER)
		key->flags |= VNET_KEY_LATER;
	else
		put_transport(attrs, match, key);
	put_state(match, key);
}

static void put_ethernet(struct nlattr **attrs, const struct vnet_match *match,
			 struct vnet_key *key)
{
	ether_addr_copy(key->src, match->src_mac);
	ether_addr_copy(key->dst, match->dst_mac);
	key->ethertype = match->ethertype;
	if (attrs[VNET_A_RULE_PCP]) {
		key->flags |= VNET_KEY_PCP;
		key->pcp = match->pcp;
	}
	if (match->fields & VNET_MATCH_ARP_SENDER) {
		key->flags |= VNET_KEY_ARP;
		key->saddr = match->src_ip;
		key->daddr = match->dst_ip;
	}
}

/* The key of the frame that a request describes; 0 or -EINVAL. */
static int get_key(struct nlattr **attrs, struct vnet_key *key,
		   struct netlink_ext_ack *extack)
{
	struct vnet_match match = {};
	int err;

	err = check_addresses(attrs, extack) ?:
	      get_match(attrs, &match, extack) ?:
	      check_ports(attrs, &match, extack) ?:
	      check_later(attrs, &match, extack) ?:
	      check_state(attrs, &match, extack);
	if (err)
		return err;
	memset(key, 0, sizeof(*key));
	put_ethernet(attrs, &match, key);
	if (is_ip(match.ethertype))
		put_ip(attrs, &match, key);
	return 0;
}

/* What a tagged member sends has a tag, which has a priority. */
static void imply_pcp(const struct vnet_member *member, enum vnet_direction direction,
		      struct vnet_key *key)
{
	if (member && direction == VNET_DIR_EGRESS && member->tag != VNET_TAG_NONE)
		key->flags |= VNET_KEY_PCP;
}

/**
 * struct vnet_nl_verdict - what the rules say
 * @direction: which rules
 * @action: what becomes of the frame
 * @rule: the one that decides, or NULL: the default policy does
 * @passed: how many come before it and do not match
 * @last: the last of these, number n at n % VNET_PASSED_MAX
 */
struct vnet_nl_verdict {
	enum vnet_direction direction;
	enum vnet_action action;
	const struct vnet_rule *rule;
	u32 passed;
	const struct vnet_rule *last[VNET_PASSED_MAX];
};

static int put_passed(struct sk_buff *skb, const struct vnet_nl_verdict *verdict)
{
	u32 n = verdict->passed > VNET_PASSED_MAX ? verdict->passed - VNET_PASSED_MAX : 0;

	if (nla_put_u32(skb, VNET_A_RULE_COUNT, verdict->passed))
		return -EMSGSIZE;
	for (; n < verdict->passed; n++)
		if (nla_put_string(skb, VNET_A_RULE_PASSED,
				   verdict->last[n % VNET_PASSED_MAX]->spec.name))
			return -EMSGSIZE;
	return 0;
}

static int fill_verdict(struct sk_buff *skb, const struct vnet_nl_subject *subject,
			unsigned int how)
{
	const struct vnet_nl_verdict *verdict = subject->verdict;
	const struct vnet_rule *rule = verdict->rule;

	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ||
	    nla_put_u8(skb, VNET_A_RULE_DIRECTION, verdict->direction) ||
	    nla_put_u8(skb, VNET_A_RULE_ACTION, verdict->action) ||
	    put_passed(skb, verdict))
		return -EMSGSIZE;
	if (!rule)
		return 0;
	return nla_put_string(skb, VNET_A_RULE_NAME, rule->spec.name) ?:
	       nla_put_u32(skb, VNET_A_RULE_PRIORITY, rule->spec.priority);
}

/*
 * Asks what frames are judged by, and counts nothing. The config mutex keeps the rule
 * when the RCU read side has ended.
 */
static void ask(struct vnet_network *network, const struct vnet_key *key, u32 member,
		struct vnet_nl_verdict *verdict)
{
	unsigned int dir = vnet_dir(verdict->direction);

	rcu_read_lock();
	verdict->rule = vnet_rule_decide(vnet_rule_active(&network->rules),
					 verdict->direction, key, member).rule;
	rcu_read_unlock();
	verdict->action = verdict->rule ? verdict->rule->spec.action : network->policy[dir];
}

/*
 * The rules that the frame passed. They and the verdict are of one moment, however fast
 * others change the rules: that cannot be had with two requests.
 */
static void list_passed(struct vnet_network *network, struct vnet_nl_verdict *verdict)
{
	const struct vnet_rule *rule;
	u32 priority = 0;
	u64 position = 0;

	while ((rule = vnet_rule_next(&network->rules, priority, position)) &&
	       rule != verdict->rule) {
		priority = rule->spec.priority;
		position = rule->position;
		/* What is in audit decides nothing, so nothing is passed by it. */
		if (rule->spec.direction == verdict->direction && !rule->spec.audit)
			verdict->last[verdict->passed++ % VNET_PASSED_MAX] = rule;
		cond_resched();
	}
}

static int answer(struct genl_info *info, const struct vnet_key *key,
		  struct vnet_nl_verdict *verdict)
{
	struct vnet_nl_request *request = vnet_nl_request(info);
	const struct vnet_member *member = request->member;
	struct vnet_nl_subject subject = {
		.network = request->network,
		.verdict = verdict,
	};

	/* No member has the id 0. */
	ask(request->network, key, member ? member->id : 0, verdict);
	list_passed(request->network, verdict);
	return vnet_nl_reply(info, fill_verdict, &subject, 0);
}

/* VNET_CMD_RULE_TEST */
int vnet_nl_rule_test(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_nl_verdict *verdict;
	struct vnet_key key;
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_RULE_DIRECTION) ?:
	      get_key(info->attrs, &key, info->extack);
	if (err)
		return err;
	verdict = kzalloc(sizeof(*verdict), GFP_KERNEL);
	if (!verdict)
		return vnet_nl_refuse(info->extack, NULL, -ENOMEM, "out of memory");
	verdict->direction = nla_get_u8(info->attrs[VNET_A_RULE_DIRECTION]);
	imply_pcp(vnet_nl_request(info)->member, verdict->direction, &key);
	err = answer(info, &key, verdict);
	kfree(verdict);
	return err;
}
