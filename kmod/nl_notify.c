// SPDX-License-Identifier: GPL-2.0-only
/*
 * Notifications: every event becomes a message to a multicast group of the
 * object's namespace, if anybody listens.
 */
#include <linux/etherdevice.h>
#include "class.h"
#include "fdb.h"
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_log.h"
#include "nl_notify.h"
#include "nl_ops.h"
#include "port.h"
#include "rule.h"

/** struct vnet_nl_limit - a limit that was reached */
struct vnet_nl_limit {
	struct vnet_member *member;
	struct vnet_class *class;
	enum vnet_limit kind;
	u64 value;
};

static void notify(const struct vnet_netns *vn, enum vnet_nl_group group, u8 cmd,
		   enum vnet_event event, vnet_nl_fill_fn *fill,
		   const struct vnet_nl_subject *subject, gfp_t gfp)
{
	struct vnet_nl_message message = {
		.cmd = cmd,
		.event = event,
		.how = VNET_NL_EVENT |
		       (event == VNET_EVENT_REMOVED ? VNET_NL_IDENTITY : 0),
	};
	struct sk_buff *skb;

	if (!genl_has_listeners(&vnet_nl_family, vn->net, group))
		return;
	skb = vnet_nl_build(&message, fill, subject, gfp);
	if (skb)
		genlmsg_multicast_netns(&vnet_nl_family, vn->net, skb, 0, group, gfp);
	else
		/* They must dump again, as if they had been too slow. */
		genl_set_err(&vnet_nl_family, vn->net, 0, group, -ENOBUFS);
}

static void notify_network(struct vnet_network *network, enum vnet_event event)
{
	struct vnet_nl_subject subject = { .network = network };

	notify(network->vn, VNET_NL_GROUP_CONFIG, VNET_CMD_NETWORK_NTF, event,
	       vnet_nl_fill_network, &subject, GFP_KERNEL);
}

static void notify_port(struct vnet_port *port, enum vnet_event event)
{
	struct vnet_nl_subject subject = { .port = port };

	notify(port->vn, VNET_NL_GROUP_CONFIG, VNET_CMD_PORT_NTF, event,
	       vnet_nl_fill_port, &subject, GFP_KERNEL);
}

static void notify_member(struct vnet_member *member, enum vnet_event event)
{
	struct vnet_nl_subject subject = { .member = member };

	notify(member->network->vn, VNET_NL_GROUP_CONFIG, VNET_CMD_MEMBER_NTF, event,
	       vnet_nl_fill_member, &subject, GFP_KERNEL);
}

static void notify_rule(struct vnet_network *network, struct vnet_rule *rule,
			enum vnet_event event)
{
	struct vnet_nl_subject subject = { .network = network, .rule = rule };

	notify(network->vn, VNET_NL_GROUP_CONFIG, VNET_CMD_RULE_NTF, event,
	       rule ? vnet_nl_fill_rule : vnet_nl_fill_rule_count, &subject,
	       GFP_KERNEL);
}

static void notify_set(struct vnet_network *network, struct vnet_named_set *set,
		       enum vnet_event event)
{
	struct vnet_nl_subject subject = { .network = network, .set = set };

	notify(network->vn, VNET_NL_GROUP_CONFIG, VNET_CMD_SET_NTF, event,
	       vnet_nl_fill_set, &subject, GFP_KERNEL);
}

static int fill_class_name(struct sk_buff *skb, const struct vnet_nl_subject *subject,
			   unsigned int how)
{
	return nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ?:
	       nla_put_string(skb, VNET_A_CLASS_NAME, subject->name);
}

/**
 * vnet_nl_notify_class_gone - tell that a class is gone
 * @network: its network
 * @name: what its name was
 *
 * Context: config mutex held; sleeps.
 */
void vnet_nl_notify_class_gone(struct vnet_network *network, const char *name)
{
	struct vnet_nl_subject subject = { .network = network, .name = name };

	notify(network->vn, VNET_NL_GROUP_CONFIG, VNET_CMD_CLASS_NTF,
	       VNET_EVENT_REMOVED, fill_class_name, &subject, GFP_KERNEL);
}

static void notify_class(struct vnet_network *network, struct vnet_class *class,
			 enum vnet_event event)
{
	struct vnet_nl_subject subject = { .network = network, .class = class };

	if (event == VNET_EVENT_REMOVED) {
		vnet_nl_notify_class_gone(network, vnet_class_name(class));
		return;
	}
	notify(network->vn, VNET_NL_GROUP_CONFIG, VNET_CMD_CLASS_NTF, event,
	       vnet_nl_fill_class, &subject, GFP_KERNEL);
}

static void notify_fdb(struct vnet_network *network, struct vnet_member *member,
		       const u8 *mac, enum vnet_fdb_kind kind, enum vnet_event event)
{
	struct vnet_fdb_info entry = { .kind = kind, .owner = &member->fdb };
	struct vnet_nl_subject subject = { .network = network, .fdb = &entry };

	ether_addr_copy(entry.mac, mac);
	notify(network->vn, VNET_NL_GROUP_FDB, VNET_CMD_FDB_NTF, event,
	       vnet_nl_fill_fdb, &subject, GFP_ATOMIC);
}

static int fill_limit(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		      unsigned int how)
{
	const struct vnet_nl_limit *limit = subject->limit;

	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ||
	    (limit->member && vnet_nl_put_member(skb, limit->member)) ||
	    (limit->class && nla_put_string(skb, VNET_A_LIMIT_CLASS,
					    vnet_class_name(limit->class))) ||
	    nla_put_u8(skb, VNET_A_LIMIT_KIND, limit->kind) ||
	    nla_put_u64_64bit(skb, VNET_A_LIMIT_VALUE, limit->value, VNET_A_PAD))
		return -EMSGSIZE;
	return 0;
}

static void notify_limit(struct vnet_network *network, struct vnet_member *member,
			 struct vnet_class *class, enum vnet_limit kind, u64 value)
{
	struct vnet_nl_limit limit = {
		.member = member,
		.class = class,
		.kind = kind,
		.value = value,
	};
	struct vnet_nl_subject subject = { .network = network, .limit = &limit };

	notify(network->vn, VNET_NL_GROUP_CONFIG, VNET_CMD_LIMIT_NTF, 0, fill_limit,
	       &subject, GFP_ATOMIC);
}

const struct vnet_listener vnet_nl_listener = {
	.network = notify_network,
	.port = notify_port,
	.member = notify_member,
	.rule = notify_rule,
	.set = notify_set,
	.class = notify_class,
	.fdb = notify_fdb,
	.limit = notify_limit,
	.log = vnet_nl_log,
};
