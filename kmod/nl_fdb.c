// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about addresses. It must not know how they are learned.
 */
#include <linux/slab.h>
#include "fdb.h"
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "port.h"

/* Entries that a dump looks at before others may run. */
#define WALK_BATCH 512

const struct nla_policy vnet_nl_fdb_add_policy[VNET_A_FDB_KIND + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,
	[VNET_A_VID] = VNET_NL_VID,
	[VNET_A_CVID] = VNET_NL_VID,
	[VNET_A_FDB_MAC] = VNET_NL_UNICAST,
	/* Only traffic can teach. */
	[VNET_A_FDB_KIND] = NLA_POLICY_RANGE(NLA_U8, VNET_FDB_STATIC, VNET_FDB_STICKY),
};

const struct nla_policy vnet_nl_fdb_del_policy[VNET_A_FDB_MAC + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_FDB_MAC] = VNET_NL_UNICAST,
};

const struct nla_policy vnet_nl_fdb_get_policy[VNET_A_FDB_KIND + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,
	[VNET_A_VID] = VNET_NL_VID,
	[VNET_A_CVID] = VNET_NL_VID,
	[VNET_A_FDB_MAC] = VNET_NL_UNICAST,
	[VNET_A_FDB_KIND] = VNET_NL_ENUM(VNET_FDB_KIND_MAX),
};

const struct nla_policy vnet_nl_fdb_flush_policy[VNET_A_FDB_ALL + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,
	[VNET_A_VID] = VNET_NL_VID,
	[VNET_A_CVID] = VNET_NL_VID,
	[VNET_A_FDB_ALL] = VNET_NL_FLAG,
};

/**
 * vnet_nl_fill_fdb - put an address into a message
 * @skb: the message
 * @subject: its network and address
 * @how: VNET_NL_*
 *
 * Context: config mutex held or RCU read side.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_fill_fdb(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		     unsigned int how)
{
	const struct vnet_fdb_info *entry = subject->fdb;

	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ||
	    nla_put(skb, VNET_A_FDB_MAC, ETH_ALEN, entry->mac) ||
	    vnet_nl_put_member(skb, vnet_member_of(entry->owner)))
		return -EMSGSIZE;
	if (how & VNET_NL_IDENTITY)
		return 0;
	if (nla_put_u8(skb, VNET_A_FDB_KIND, entry->kind))
		return -EMSGSIZE;
	if (entry->kind != VNET_FDB_LEARNED || how & VNET_NL_EVENT)
		return 0;
	return nla_put_u32(skb, VNET_A_FDB_AGE, entry->age_ms);
}

static int reply(struct genl_info *info, const struct vnet_fdb_info *entry,
		 unsigned int how)
{
	struct vnet_nl_subject subject = {
		.network = vnet_nl_request(info)->network,
		.fdb = entry,
	};

	return vnet_nl_reply(info, vnet_nl_fill_fdb, &subject, how);
}

static int refuse(struct genl_info *info, int err)
{
	const struct nlattr *attr = info->attrs[VNET_A_FDB_MAC];

	switch (err) {
	case -EEXIST:
		return vnet_nl_refuse(info->extack, attr, err,
				      "the address is set for another member or as another kind; delete it first");
	case -ENOENT:
		return vnet_nl_refuse(info->extack, attr, err,
				      "the network does not know this address");
	case -ENOSPC:
		return vnet_nl_refuse(info->extack, attr, err,
				      "max-macs of the network or of the member is reached and no learned address can make room");
	case -EBUSY:
		return vnet_nl_refuse(info->extack, attr, err,
				      "the table of addresses is growing; try again");
	default:
		return vnet_nl_refuse(info->extack, NULL, err, "out of memory");
	}
}

/* A set address stays what it is until it is deleted; a learned one does not. */
static bool is_set_otherwise(struct vnet_fdb *fdb, const struct vnet_fdb_info *wanted)
{
	struct vnet_fdb_info now;

	if (vnet_fdb_get(fdb, wanted->mac, &now) || now.kind == VNET_FDB_LEARNED)
		return false;
	return now.kind != wanted->kind || now.owner != wanted->owner;
}

/* VNET_CMD_FDB_ADD */
int vnet_nl_fdb_add(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_nl_request *request = vnet_nl_request(info);
	const struct nlattr *kind = info->attrs[VNET_A_FDB_KIND];
	struct vnet_fdb *fdb = &request->network->fdb;
	struct vnet_fdb_info entry = {
		.kind = kind ? nla_get_u8(kind) : VNET_FDB_STATIC,
		.owner = &request->member->fdb,
	};
	bool unchanged = false;
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_FDB_MAC);
	if (err)
		return err;
	nla_memcpy(entry.mac, info->attrs[VNET_A_FDB_MAC], ETH_ALEN);
	if (is_set_otherwise(fdb, &entry))
		return refuse(info, -EEXIST);
	err = vnet_fdb_set(fdb, entry.mac, entry.owner, entry.kind, &unchanged);
	if (err)
		return refuse(info, err);
	if (!unchanged)
		vnet_netns_changed(request->vn);
	return reply(info, &entry, unchanged ? VNET_NL_UNCHANGED : 0);
}

static int find(struct genl_info *info, struct vnet_fdb_info *entry)
{
	struct vnet_fdb *fdb = &vnet_nl_request(info)->network->fdb;
	int err;

	err = vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_FDB_MAC);
	if (err)
		return err;
	err = vnet_fdb_get(fdb, nla_data(info->attrs[VNET_A_FDB_MAC]), entry);
	return err ? refuse(info, err) : 0;
}

/* VNET_CMD_FDB_DEL */
int vnet_nl_fdb_del(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_nl_request *request = vnet_nl_request(info);
	struct vnet_fdb_info entry;
	int err;

	err = find(info, &entry);
	if (err)
		return err;
	err = vnet_fdb_forget(&request->network->fdb, entry.mac);
	if (err)
		return refuse(info, err);
	if (entry.kind != VNET_FDB_LEARNED)
		vnet_netns_changed(request->vn);
	return 0;
}

/* VNET_CMD_FDB_GET, one */
int vnet_nl_fdb_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_fdb_info entry;

	return find(info, &entry) ?: reply(info, &entry, 0);
}

static int fill_count(struct sk_buff *skb, const struct vnet_nl_subject *subject,
		      unsigned int how)
{
	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name))
		return -EMSGSIZE;
	return nla_put_u32(skb, VNET_A_FDB_COUNT, subject->count);
}

/* VNET_CMD_FDB_FLUSH */
int vnet_nl_fdb_flush(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_nl_request *request = vnet_nl_request(info);
	struct vnet_nl_subject subject = { .network = request->network };
	bool all = info->attrs[VNET_A_FDB_ALL];

	subject.count = vnet_fdb_flush(&request->network->fdb,
				       request->member ? &request->member->fdb : NULL,
				       all);
	if (all && subject.count)
		vnet_netns_changed(request->vn);
	return vnet_nl_reply(info, fill_count, &subject, 0);
}

/** struct walk - the network that a dump walks through, and how far it is */
struct walk {
	struct vnet_network *network;
	struct vnet_fdb_walk fdb;
};

/** struct state - in cb->ctx; @walk is allocated by the first part */
struct state {
	struct vnet_nl_cursor cursor;
	struct walk *walk;
};

static struct state *state_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct state) > sizeof(cb->ctx));
	return (struct state *)cb->ctx;
}

static int check_filters(const struct vnet_nl_dump *dump, struct state *state,
			 struct netlink_ext_ack *extack)
{
	struct nlattr **attrs = dump->attrs;
	u32 tag;
	int err;

	err = vnet_nl_get_tag(attrs, &tag, extack);
	if (!err && attrs[VNET_A_VID] && !vnet_nl_names_interface(attrs))
		err = vnet_nl_refuse(extack, attrs[VNET_A_VID], -EINVAL,
				     "a tag needs an interface");
	return err ?: vnet_nl_dump_filters(dump, &state->cursor, extack);
}

/* VNET_CMD_FDB_GET, many; see vnet_nl_dump_start() */
int vnet_nl_fdb_dump_start(struct netlink_callback *cb)
{
	struct state *state = state_of(cb);
	struct vnet_nl_dump dump;
	int err;

	if (!cb->extack)
		return 0;
	err = vnet_nl_dump_begin(&dump, cb);
	if (!err)
		err = check_filters(&dump, state, cb->extack);
	vnet_nl_dump_end(&dump, &state->cursor);
	return err;
}

static bool is_wanted(const struct vnet_nl_dump *dump, const struct state *state,
		      const struct vnet_fdb_info *entry)
{
	const struct vnet_member *member = vnet_member_of(entry->owner);
	struct nlattr **attrs = dump->attrs;
	u32 tag;

	if (attrs[VNET_A_FDB_KIND] && nla_get_u8(attrs[VNET_A_FDB_KIND]) != entry->kind)
		return false;
	if (state->cursor.port && member->port->id != state->cursor.port)
		return false;
	/* Without a tag all members of the port are meant. */
	if (!attrs[VNET_A_VID] || vnet_nl_get_tag(attrs, &tag, NULL))
		return true;
	return member->tag == tag;
}

static int put_entry(struct sk_buff *skb, const struct vnet_nl_dump *dump,
		     const struct state *state, const struct vnet_fdb_info *entry)
{
	struct vnet_nl_subject subject = {
		.network = state->walk->network,
		.fdb = entry,
	};
	struct vnet_nl_message message;

	vnet_nl_dump_message(dump, &state->cursor, &message);
	return vnet_nl_put(skb, &message, vnet_nl_fill_fdb, &subject);
}

/* A filter that lets little through does not fill the part: rest all the same. */
static int next_entry(struct vnet_fdb_walk *walk, struct vnet_fdb_info *entry,
		      unsigned int *seen)
{
	if (!(++*seen % WALK_BATCH)) {
		vnet_fdb_walk_end(walk);
		cond_resched();
		vnet_fdb_walk_begin(walk);
	}
	return vnet_fdb_walk_next(walk, entry);
}

/* Returns 0 at the end of the network, -EMSGSIZE when the part is full. */
static int put_entries(struct sk_buff *skb, const struct vnet_nl_dump *dump,
		       struct state *state)
{
	struct vnet_fdb_walk *walk = &state->walk->fdb;
	struct vnet_fdb_info entry;
	unsigned int seen = 0;
	int err;

	vnet_fdb_walk_begin(walk);
	while ((err = next_entry(walk, &entry, &seen))) {
		if (err == -EAGAIN) {
			state->cursor.interrupted = true;
			continue;
		}
		if (err < 0)
			break;
		if (!is_wanted(dump, state, &entry))
			continue;
		err = put_entry(skb, dump, state, &entry);
		if (err) {
			vnet_fdb_walk_back(walk);
			break;
		}
	}
	vnet_fdb_walk_end(walk);
	return err;
}

/* The walk keeps the table, whatever becomes of the network meanwhile. */
static int enter_network(struct walk *walk, struct vnet_network *network)
{
	int err = vnet_fdb_walk_start(&network->fdb, &walk->fdb);

	if (err)
		return err;
	vnet_network_get(network);
	walk->network = network;
	return 0;
}

static void leave_network(struct walk *walk)
{
	vnet_fdb_walk_stop(&walk->fdb);
	vnet_network_put(walk->network);
	walk->network = NULL;
}

static int put_networks(struct sk_buff *skb, const struct vnet_nl_dump *dump,
			struct state *state)
{
	struct vnet_network *network;
	int err;

	for (;;) {
		if (!state->walk->network) {
			network = vnet_nl_dump_network(dump, &state->cursor);
			if (!network)
				return 0;
			err = enter_network(state->walk, network);
			if (err)
				return err;
		}
		err = put_entries(skb, dump, state);
		if (err)
			return err == -EMSGSIZE && skb->len ? 0 : err;
		leave_network(state->walk);
		vnet_nl_dump_leave(&state->cursor);
	}
}

/* VNET_CMD_FDB_GET, many; see vnet_nl_dumpit() */
int vnet_nl_fdb_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct state *state = state_of(cb);
	struct vnet_nl_dump dump;
	int err;

	if (!state->walk)
		state->walk = kzalloc(sizeof(*state->walk), GFP_KERNEL);
	if (!state->walk)
		return vnet_nl_refuse(cb->extack, NULL, -ENOMEM, "out of memory");
	err = vnet_nl_dump_begin(&dump, cb);
	if (!err && !state->cursor.generation)
		err = check_filters(&dump, state, cb->extack);
	if (!err)
		err = put_networks(skb, &dump, state);
	vnet_nl_dump_end(&dump, &state->cursor);
	return err ?: skb->len;
}

/* The end of a dump, or of the socket in the middle of it. */
int vnet_nl_fdb_dump_done(struct netlink_callback *cb)
{
	struct walk *walk = state_of(cb)->walk;

	if (walk && walk->network)
		leave_network(walk);
	kfree(walk);
	return 0;
}

static const u8 single[] = { VNET_A_FDB_MAC, 0 };
static const u8 filters[] = {
	VNET_A_IFINDEX, VNET_A_IFNAME, VNET_A_TAG_PROTO, VNET_A_VID, VNET_A_CVID,
	VNET_A_FDB_KIND, 0
};

/* Only what cannot be in the request; the rest is above. */
const struct vnet_nl_dumper vnet_nl_fdb_dumper = {
	.fill = vnet_nl_fill_fdb,
	.single = single,
	.filters = filters,
	.volatile_objects = true,
};
