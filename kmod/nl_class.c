// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about classes. It must not know how frames are shaped.
 */
#include "capacity.h"
#include "class.h"
#include "event.h"
#include "netns.h"
#include "network.h"
#include "nl_notify.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "nl_stats.h"

/* A rate of 0 is refused by check_values(), but of the root. */
static VNET_NL_RANGE rate_range = { .max = VNET_RATE_MAX };
static VNET_NL_RANGE ceil_range = { .min = VNET_RATE_MIN, .max = VNET_RATE_MAX };
static VNET_NL_RANGE burst_range = { .min = VNET_BURST_MIN, .max = VNET_BURST_MAX };
static VNET_NL_RANGE queue_range = { .max = VNET_CLASS_QUEUE_MAX };
static VNET_NL_RANGE weight_range = { .min = VNET_WEIGHT_MIN, .max = VNET_WEIGHT_MAX };
static VNET_NL_RANGE delay_range = { .max = VNET_DELAY_MAX };
static VNET_NL_RANGE overhead_range = { .max = VNET_OVERHEAD_MAX };

const struct nla_policy vnet_nl_class_policy[VNET_A_CLASS_OVERHEAD + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_CLASS_NAME] = VNET_NL_NAME,
	[VNET_A_CLASS_PARENT] = VNET_NL_NAME,
	[VNET_A_CLASS_RATE] = NLA_POLICY_FULL_RANGE(NLA_U64, &rate_range),
	[VNET_A_CLASS_CEIL] = NLA_POLICY_FULL_RANGE(NLA_U64, &ceil_range),
	[VNET_A_CLASS_BURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &burst_range),
	[VNET_A_CLASS_CBURST] = NLA_POLICY_FULL_RANGE(NLA_U32, &burst_range),
	[VNET_A_CLASS_PRIO] = NLA_POLICY_MAX(NLA_U8, VNET_CLASS_PRIO_MAX),
	[VNET_A_CLASS_QUEUE] = NLA_POLICY_FULL_RANGE(NLA_U32, &queue_range),
	[VNET_A_CLASS_WEIGHT] = NLA_POLICY_FULL_RANGE(NLA_U32, &weight_range),
	[VNET_A_CLASS_DELAY_TARGET] = NLA_POLICY_FULL_RANGE(NLA_U32, &delay_range),
	[VNET_A_CLASS_DELAY_LIMIT] = NLA_POLICY_FULL_RANGE(NLA_U32, &delay_range),
	[VNET_A_CLASS_OVERHEAD] = NLA_POLICY_FULL_RANGE(NLA_U32, &overhead_range),
};

const struct nla_policy vnet_nl_class_del_policy[VNET_A_CLASS_NAME + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_CLASS_NAME] = VNET_NL_NAME,
};

const struct nla_policy vnet_nl_class_get_policy[VNET_A_CLASS_NAME + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_WITH_STATS] = VNET_NL_FLAG,
	[VNET_A_CLASS_NAME] = VNET_NL_NAME,
};

static void parse_numbers(struct vnet_class_spec *spec, struct nlattr **attrs)
{
	const struct {
		u8 type;
		u32 has;
		u32 *value;
	} numbers[] = {
		{ VNET_A_CLASS_BURST, VNET_CLASS_HAS_BURST, &spec->burst },
		{ VNET_A_CLASS_CBURST, VNET_CLASS_HAS_CBURST, &spec->cburst },
		{ VNET_A_CLASS_QUEUE, VNET_CLASS_HAS_QUEUE, &spec->queue },
		{ VNET_A_CLASS_WEIGHT, VNET_CLASS_HAS_WEIGHT, &spec->weight },
		{ VNET_A_CLASS_DELAY_TARGET, VNET_CLASS_HAS_DELAY_TARGET,
		  &spec->delay_target },
		{ VNET_A_CLASS_DELAY_LIMIT, VNET_CLASS_HAS_DELAY_LIMIT,
		  &spec->delay_limit },
		{ VNET_A_CLASS_OVERHEAD, VNET_CLASS_HAS_OVERHEAD, &spec->overhead },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!attrs[numbers[i].type])
			continue;
		*numbers[i].value = nla_get_u32(attrs[numbers[i].type]);
		spec->has |= numbers[i].has;
	}
}

static void parse_place(struct vnet_class_spec *spec, struct nlattr **attrs)
{
	if (attrs[VNET_A_CLASS_PARENT]) {
		nla_strscpy(spec->parent, attrs[VNET_A_CLASS_PARENT],
			    sizeof(spec->parent));
		spec->has |= VNET_CLASS_HAS_PARENT;
	}
	if (attrs[VNET_A_CLASS_PRIO]) {
		spec->prio = nla_get_u8(attrs[VNET_A_CLASS_PRIO]);
		spec->has |= VNET_CLASS_HAS_PRIO;
	}
}

static void parse_rates(struct vnet_class_spec *spec, struct nlattr **attrs)
{
	if (attrs[VNET_A_CLASS_RATE]) {
		spec->rate = nla_get_u64(attrs[VNET_A_CLASS_RATE]);
		spec->has |= VNET_CLASS_HAS_RATE;
	}
	if (attrs[VNET_A_CLASS_CEIL]) {
		spec->ceil = nla_get_u64(attrs[VNET_A_CLASS_CEIL]);
		spec->has |= VNET_CLASS_HAS_CEIL;
	}
}

/* What no class can have, what the root cannot, and what only the root can. */
static int check_values(const struct vnet_class_spec *spec, struct genl_info *info)
{
	bool root = !strcmp(spec->name, VNET_CLASS_ROOT);

	if (root && info->attrs[VNET_A_CLASS_PARENT])
		return vnet_nl_refuse(info->extack, info->attrs[VNET_A_CLASS_PARENT], -EINVAL,
				      "the root has no parent");
	if (!root && spec->overhead)
		return vnet_nl_refuse(info->extack, info->attrs[VNET_A_CLASS_OVERHEAD],
				      -EINVAL,
				      "the overhead is that of all classes; set it on the root");
	if (!root && spec->has & VNET_CLASS_HAS_RATE && !spec->rate)
		return vnet_nl_refuse(info->extack, info->attrs[VNET_A_CLASS_RATE],
				      -ERANGE, "only the root can be without a rate");
	return 0;
}

static int parse(struct vnet_class_spec *spec, struct genl_info *info)
{
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_CLASS_NAME);
	if (err)
		return err;
	memset(spec, 0, sizeof(*spec));
	nla_strscpy(spec->name, info->attrs[VNET_A_CLASS_NAME], sizeof(spec->name));
	parse_place(spec, info->attrs);
	parse_rates(spec, info->attrs);
	parse_numbers(spec, info->attrs);
	return check_values(spec, info);
}

/* Of a request about a class that is not there, or cannot be. */
static int refuse(struct genl_info *info, int err)
{
	struct nlattr **attrs = info->attrs;
	const struct nlattr *name = attrs[VNET_A_CLASS_NAME];

	switch (err) {
	case -EEXIST:
		return vnet_nl_refuse(info->extack, name, err,
				      "a class of this name exists with other values; change it with set");
	case -ENOENT:
		return vnet_nl_refuse(info->extack, name, err,
				      "the network has no class of this name");
	case -EBUSY:
		return vnet_nl_refuse(info->extack, name, err,
				      "the class is in use: it is the root, or has classes below it or members, or rules name it");
	case -ENOSPC:
		return vnet_nl_refuse(info->extack, attrs[VNET_A_NETWORK], err,
				      "the network has as many classes as max-classes allows");
	default:
		return vnet_nl_refuse(info->extack, NULL, err, "out of memory");
	}
}

/* The sum of the rates that @parent would promise, with the class of @spec among them. */
static u64 children_with(const struct vnet_class *parent, const struct vnet_class_spec *old,
			 const struct vnet_class_spec *spec)
{
	u64 others = vnet_class_promised(parent);

	if (!strcmp(vnet_class_name(parent), old->parent))
		others -= old->rate;
	return others + (spec->has & VNET_CLASS_HAS_RATE ? spec->rate : old->rate);
}

/* Of promises that cannot be kept: who promises what. */
static int refuse_promises(struct genl_info *info, const struct vnet_class_spec *spec)
{
	struct vnet_class_tree *tree = vnet_nl_request(info)->network->classes;
	const struct vnet_class *class = vnet_class_find(tree, spec->name), *parent;
	struct vnet_class_spec old = {}, above = {};
	u64 children = 0, disposable = 0;
	struct nlattr **attrs = info->attrs;

	if (class)
		vnet_class_describe(class, &old);
	parent = vnet_class_find(tree, spec->has & VNET_CLASS_HAS_PARENT ? spec->parent :
				       class ? old.parent : VNET_CLASS_ROOT);
	if (parent) {
		vnet_class_describe(parent, &above);
		disposable = above.rate ?: above.ceil;
		children = children_with(parent, &old, spec);
	}
	if (disposable && children > disposable)
		NL_SET_ERR_MSG_FMT_MOD(info->extack,
				       "children of %.16s: %llu kbit/s > its %llu kbit/s",
				       vnet_class_name(parent), div_u64(children, 1000),
				       div_u64(disposable, 1000));
	else
		NL_SET_ERR_MSG_FMT_MOD(info->extack,
				       "its children are promised %llu kbit/s; lower those first",
				       div_u64(vnet_class_promised(class), 1000));
	return vnet_nl_blame(info->extack, attrs[VNET_A_CLASS_RATE] ?:
					   attrs[VNET_A_CLASS_PARENT] ?:
					   attrs[VNET_A_CLASS_CEIL], -EDQUOT);
}

/* Of values that do not go together, or with the class that is there. */
static int refuse_values(struct genl_info *info, const struct vnet_class_spec *spec, int err)
{
	struct nlattr **attrs = info->attrs;

	switch (err) {
	case -EDQUOT:
		return refuse_promises(info, spec);
	case -E2BIG:
		return vnet_nl_refuse(info->extack, attrs[VNET_A_CLASS_PARENT], err,
				      "classes have at most 8 levels, the root included");
	case -ERANGE:
		return vnet_nl_refuse(info->extack,
				      attrs[VNET_A_CLASS_CEIL] ?: attrs[VNET_A_CLASS_RATE],
				      err, "the ceil is below the rate");
	case -ELOOP:
		return vnet_nl_refuse(info->extack, attrs[VNET_A_CLASS_PARENT], err,
				      "the new parent is the class itself, or is below it");
	default:
		return refuse(info, err);
	}
}

static int refuse_parent(struct genl_info *info)
{
	return vnet_nl_refuse(info->extack, info->attrs[VNET_A_CLASS_PARENT], -ENOENT,
			      "the network has no class of the parent's name");
}

static int fill_values(struct sk_buff *skb, const struct vnet_class_spec *spec)
{
	/*
	 * The root may have no rate, thus nothing that follows from it. The overhead is
	 * told of the root.
	 */
	if (nla_put_u64_64bit(skb, VNET_A_CLASS_RATE, spec->rate, VNET_A_PAD) ||
	    (spec->ceil && nla_put_u64_64bit(skb, VNET_A_CLASS_CEIL, spec->ceil,
					     VNET_A_PAD)) ||
	    (spec->rate && nla_put_u32(skb, VNET_A_CLASS_BURST, spec->burst)) ||
	    (spec->ceil && nla_put_u32(skb, VNET_A_CLASS_CBURST, spec->cburst)) ||
	    nla_put_u8(skb, VNET_A_CLASS_PRIO, spec->prio) ||
	    nla_put_u32(skb, VNET_A_CLASS_QUEUE, spec->queue) ||
	    nla_put_u32(skb, VNET_A_CLASS_WEIGHT, spec->weight) ||
	    nla_put_u32(skb, VNET_A_CLASS_DELAY_TARGET, spec->delay_target) ||
	    nla_put_u32(skb, VNET_A_CLASS_DELAY_LIMIT, spec->delay_limit) ||
	    (!spec->parent[0] &&
	     nla_put_u32(skb, VNET_A_CLASS_OVERHEAD, spec->overhead)))
		return -EMSGSIZE;
	return 0;
}

static int fill_stats(struct sk_buff *skb, const struct vnet_class *class)
{
	struct vnet_class_sum sum;

	vnet_class_read(class, VNET_DIR_INGRESS, &sum);
	if (vnet_nl_put_class_sum(skb, VNET_A_CLASS_INGRESS_STATS, &sum))
		return -EMSGSIZE;
	vnet_class_read(class, VNET_DIR_EGRESS, &sum);
	return vnet_nl_put_class_sum(skb, VNET_A_CLASS_EGRESS_STATS, &sum);
}

/**
 * vnet_nl_fill_class - put a class into a message
 * @skb: the message
 * @subject: its network and class
 * @how: VNET_NL_*
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_fill_class(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		       unsigned int how)
{
	const struct vnet_class *class = subject->class;
	struct vnet_class_spec spec;

	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ||
	    nla_put_string(skb, VNET_A_CLASS_NAME, vnet_class_name(class)))
		return -EMSGSIZE;
	vnet_class_describe(class, &spec);
	if ((vnet_class_level(class) &&
	     nla_put_string(skb, VNET_A_CLASS_PARENT, spec.parent)) ||
	    nla_put_u32(skb, VNET_A_CLASS_ID, vnet_class_id(class)) ||
	    nla_put_u8(skb, VNET_A_CLASS_LEVEL, vnet_class_level(class)) ||
	    nla_put_u32(skb, VNET_A_CLASS_MEMBERS, vnet_class_users(class)) ||
	    nla_put_u32(skb, VNET_A_CLASS_RULES, vnet_class_rules(class)) ||
	    (!vnet_class_level(class) && spec.rate &&
	     nla_put_u8(skb, VNET_A_CLASS_IN_FORCE,
			vnet_capacity_network_in_force(subject->network))) ||
	    fill_values(skb, &spec))
		return -EMSGSIZE;
	return how & VNET_NL_STATS ? fill_stats(skb, class) : 0;
}

static int reply(struct genl_info *info, struct vnet_class *class, unsigned int how)
{
	struct vnet_nl_subject subject = {
		.network = vnet_nl_request(info)->network,
		.class = class,
	};

	return vnet_nl_reply(info, vnet_nl_fill_class, &subject, how);
}

static int done(struct genl_info *info, const char *name, enum vnet_event event,
		bool unchanged)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_class *class = vnet_class_find(network->classes, name);

	if (unchanged)
		return reply(info, class, VNET_NL_UNCHANGED);
	vnet_netns_changed(network->vn);
	READ_ONCE(vnet_listener)->class(network, class, event);
	return reply(info, class, 0);
}

/* VNET_CMD_CLASS_ADD */
int vnet_nl_class_add(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_class_tree *tree = vnet_nl_request(info)->network->classes;
	struct nlattr **attrs = info->attrs;
	struct vnet_class_spec spec;
	bool unchanged = false;
	int err;

	err = parse(&spec, info) ?:
	      vnet_nl_require(info->extack, NULL, attrs, VNET_A_CLASS_RATE);
	if (err)
		return err;
	err = vnet_class_add(tree, &spec, &unchanged);
	if (err == -ENOENT)
		return refuse_parent(info);
	if (err)
		return refuse_values(info, &spec, err);
	return done(info, spec.name, VNET_EVENT_ADDED, unchanged);
}

/* VNET_CMD_CLASS_SET */
int vnet_nl_class_set(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_class_spec spec;
	bool unchanged = false, root;
	int err;

	err = parse(&spec, info);
	if (err)
		return err;
	root = !strcmp(spec.name, VNET_CLASS_ROOT);
	/* What uplinks guarantee is the root's rate. */
	if (root && spec.has & VNET_CLASS_HAS_RATE)
		err = vnet_capacity_check(network, spec.rate, info->extack);
	if (err)
		return vnet_nl_blame(info->extack, info->attrs[VNET_A_CLASS_RATE], err);
	err = vnet_class_set(network->classes, &spec, &unchanged);
	if (err == -ENOENT && vnet_class_find(network->classes, spec.name))
		return refuse_parent(info);
	if (err)
		return refuse_values(info, &spec, err);
	if (root && !unchanged)
		vnet_capacity_follow_network(network);
	return done(info, spec.name, VNET_EVENT_CHANGED, unchanged);
}

static int find(struct genl_info *info, struct vnet_class **class)
{
	struct vnet_class_tree *tree = vnet_nl_request(info)->network->classes;
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_CLASS_NAME);
	if (err)
		return err;
	*class = vnet_class_find(tree, nla_data(info->attrs[VNET_A_CLASS_NAME]));
	return *class ? 0 : refuse(info, -ENOENT);
}

/* VNET_CMD_CLASS_DEL */
int vnet_nl_class_del(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_class *class;
	const char *name;
	int err;

	err = find(info, &class);
	if (err)
		return err;
	name = nla_data(info->attrs[VNET_A_CLASS_NAME]);
	err = vnet_class_del(network->classes, name);
	if (err)
		return refuse(info, err);
	vnet_netns_changed(network->vn);
	/* Told by name, now that it is gone for sure. */
	vnet_nl_notify_class_gone(network, name);
	return 0;
}

/* VNET_CMD_CLASS_GET, one */
int vnet_nl_class_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_class *class;

	return find(info, &class) ?: reply(info, class, vnet_nl_wanted(info));
}

static bool next_class(struct vnet_nl_dump *dump, struct vnet_nl_cursor *cursor,
		       struct vnet_nl_subject *subject)
{
	struct vnet_network *network;
	struct vnet_class *class;

	while ((network = vnet_nl_dump_network(dump, cursor))) {
		class = vnet_class_next(network->classes, cursor->after);
		if (!class) {
			vnet_nl_dump_leave(cursor);
			continue;
		}
		cursor->after = vnet_class_id(class);
		subject->network = network;
		subject->class = class;
		return true;
	}
	return false;
}

static const u8 single[] = { VNET_A_CLASS_NAME, 0 };

const struct vnet_nl_dumper vnet_nl_class_dumper = {
	.next = next_class,
	.fill = vnet_nl_fill_class,
	.single = single,
};
