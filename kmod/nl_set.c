// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about sets, but for their elements. It must not know how sets are asked.
 */
#include "event.h"
#include "netns.h"
#include "network.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "nl_set.h"
#include "set_list.h"

const struct nla_policy vnet_nl_set_add_policy[VNET_A_SET_TYPE + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_SET_NAME] = VNET_NL_NAME,
	[VNET_A_SET_TYPE] = VNET_NL_ENUM(VNET_SET_TYPE_MAX),
};

const struct nla_policy vnet_nl_set_del_policy[VNET_A_SET_NAME + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_SET_NAME] = VNET_NL_NAME,
};

const struct nla_policy vnet_nl_set_get_policy[VNET_A_SET_TYPE + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_SET_NAME] = VNET_NL_NAME,
	[VNET_A_SET_TYPE] = VNET_NL_ENUM(VNET_SET_TYPE_MAX),
};

static int refuse(struct genl_info *info, int err)
{
	const struct nlattr *name = info->attrs[VNET_A_SET_NAME];

	switch (err) {
	case -EEXIST:
		return vnet_nl_refuse(info->extack, name, err,
				      "a set of this name exists with another type; delete it first");
	case -ENOENT:
		return vnet_nl_refuse(info->extack, name, err,
				      "the network has no set of this name");
	case -EBUSY:
		return vnet_nl_refuse(info->extack, name, err,
				      "rules use the set; delete or change them first");
	case -ENOSPC:
		return vnet_nl_refuse(info->extack, name, err,
				      "the network has as many sets as max-sets allows");
	default:
		return vnet_nl_refuse(info->extack, NULL, err, "out of memory");
	}
}

/**
 * vnet_nl_fill_set - put a set into a message, without its elements
 * @skb: the message
 * @subject: its network and set
 * @how: VNET_NL_*
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_fill_set(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		     unsigned int how)
{
	const struct vnet_named_set *set = subject->set;

	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ||
	    nla_put_string(skb, VNET_A_SET_NAME, set->name))
		return -EMSGSIZE;
	if (how & VNET_NL_IDENTITY)
		return 0;
	if (nla_put_u8(skb, VNET_A_SET_TYPE, vnet_set_type(set->set)) ||
	    nla_put_u32(skb, VNET_A_SET_ID, set->id) ||
	    nla_put_u32(skb, VNET_A_SET_ELEMENTS, vnet_set_count(set->set)) ||
	    nla_put_u32(skb, VNET_A_SET_USERS, set->users))
		return -EMSGSIZE;
	return 0;
}

/**
 * vnet_nl_find_set - the set that a request names
 * @info: the request
 * @set: the result
 *
 * Context: config mutex held.
 * Return: 0, -EINVAL (not named), -ENOENT.
 */
int vnet_nl_find_set(struct genl_info *info, struct vnet_named_set **set)
{
	struct vnet_set_list *sets = &vnet_nl_request(info)->network->sets;
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_SET_NAME);
	if (err)
		return err;
	*set = vnet_set_list_find(sets, nla_data(info->attrs[VNET_A_SET_NAME]));
	return *set ? 0 : refuse(info, -ENOENT);
}

static int reply(struct genl_info *info, struct vnet_named_set *set, unsigned int how)
{
	struct vnet_nl_subject subject = {
		.network = vnet_nl_request(info)->network,
		.set = set,
	};

	return vnet_nl_reply(info, vnet_nl_fill_set, &subject, how);
}

/**
 * vnet_nl_set_done - answer a request that was carried out, and tell of it
 * @info: the request
 * @set: the set
 * @event: what happened
 * @unchanged: nothing did
 *
 * Context: config mutex held; sleeps.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_set_done(struct genl_info *info, struct vnet_named_set *set,
		     enum vnet_event event, bool unchanged)
{
	struct vnet_network *network = vnet_nl_request(info)->network;

	if (unchanged)
		return reply(info, set, VNET_NL_UNCHANGED);
	vnet_netns_changed(network->vn);
	READ_ONCE(vnet_listener)->set(network, set, event);
	return reply(info, set, 0);
}

/* VNET_CMD_SET_ADD */
int vnet_nl_set_add(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct nlattr **attrs = info->attrs;
	struct vnet_named_set *set;
	bool unchanged;
	int err;

	err = vnet_nl_require(info->extack, NULL, attrs, VNET_A_SET_NAME) ?:
	      vnet_nl_require(info->extack, NULL, attrs, VNET_A_SET_TYPE);
	if (err)
		return err;
	err = vnet_set_list_add(&network->sets, nla_data(attrs[VNET_A_SET_NAME]),
				nla_get_u8(attrs[VNET_A_SET_TYPE]), &set, &unchanged);
	if (err)
		return refuse(info, err);
	return vnet_nl_set_done(info, set, VNET_EVENT_ADDED, unchanged);
}

/* VNET_CMD_SET_DEL */
int vnet_nl_set_del(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	struct vnet_named_set *set;
	struct vnet_set *kept;
	int err;

	err = vnet_nl_find_set(info, &set);
	if (err)
		return err;
	/* Listeners are told what is gone only when it is, and by its name. */
	kept = set->set;
	vnet_set_hold(kept);
	err = vnet_set_list_del(set);
	if (!err) {
		vnet_netns_changed(network->vn);
		READ_ONCE(vnet_listener)->set(network, set, VNET_EVENT_REMOVED);
	}
	vnet_set_release(kept);
	return err ? refuse(info, err) : 0;
}

/* VNET_CMD_SET_GET, one */
int vnet_nl_set_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_named_set *set;

	return vnet_nl_find_set(info, &set) ?: reply(info, set, 0);
}

static bool next_set(struct vnet_nl_dump *dump, struct vnet_nl_cursor *cursor,
		     struct vnet_nl_subject *subject)
{
	const struct nlattr *type = dump->attrs[VNET_A_SET_TYPE];
	struct vnet_network *network;
	struct vnet_named_set *set;

	while ((network = vnet_nl_dump_network(dump, cursor))) {
		set = vnet_set_list_next(&network->sets, cursor->after);
		if (!set) {
			vnet_nl_dump_leave(cursor);
			continue;
		}
		cursor->after = set->id;
		if (type && nla_get_u8(type) != vnet_set_type(set->set))
			continue;
		subject->network = network;
		subject->set = set;
		return true;
	}
	return false;
}

static const u8 single[] = { VNET_A_SET_NAME, 0 };
static const u8 filters[] = { VNET_A_SET_TYPE, 0 };

const struct vnet_nl_dumper vnet_nl_set_dumper = {
	.next = next_set,
	.fill = vnet_nl_fill_set,
	.single = single,
	.filters = filters,
};
