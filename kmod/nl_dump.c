// SPDX-License-Identifier: GPL-2.0-only
/*
 * Dumps: one loop over all kinds of objects that have ids. A dump holds the
 * config mutex for one part at a time and resumes by id.
 */
#include <net/sock.h>
#include "netns.h"
#include "network.h"
#include "nl_dump.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "port.h"

static u8 command_of(const struct netlink_callback *cb)
{
	const struct genlmsghdr *header = nlmsg_data(cb->nlh);

	return header->cmd;
}

static const struct nlattr *first_of(struct nlattr **attrs, const u8 *types)
{
	for (; types && *types; types++)
		if (attrs[*types])
			return attrs[*types];
	return NULL;
}

/**
 * vnet_nl_dump_refuse_filters - refuse a GET of one object that filters
 * @info: the request
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_dump_refuse_filters(const struct genl_info *info)
{
	const struct vnet_nl_dumper *dumper = vnet_nl_dumper_of(info->genlhdr->cmd);
	const struct nlattr *attr = NULL;

	if (dumper)
		attr = first_of(info->attrs, dumper->filters);
	if (!attr)
		return 0;
	return vnet_nl_refuse(info->extack, attr, -EINVAL,
			      "this attribute filters dumps only; it does not name one object");
}

/**
 * vnet_nl_dump_begin - begin a part of a dump
 * @dump: the part
 * @cb: the dump
 *
 * Context: process; holds the config mutex on return.
 * Return: 0 or -EINVAL; vnet_nl_dump_end() is due in both cases.
 */
int vnet_nl_dump_begin(struct vnet_nl_dump *dump, struct netlink_callback *cb)
{
	const struct vnet_nl_dumper *dumper = vnet_nl_dumper_of(command_of(cb));
	const struct nlattr *attr;

	*dump = (struct vnet_nl_dump) {
		.cb = cb,
		.attrs = vnet_nl_dump_attrs(cb),
		.vn = vnet_netns_of(sock_net(cb->skb->sk)),
	};
	mutex_lock(&dump->vn->lock);
	cb->seq = dumper->volatile_objects ? 1 : dump->vn->generation;
	attr = first_of(dump->attrs, dumper->single);
	if (!attr)
		return 0;
	return vnet_nl_refuse(cb->extack, attr, -EINVAL,
			      "this attribute names one object; a dump has no place for it");
}

/* What nl_dump_check_consistent() compares with: all parts must be like the first. */
static void set_expected(struct netlink_callback *cb, const struct vnet_nl_cursor *cursor)
{
	cb->prev_seq = cursor->interrupted ? ~cb->seq ?: 1 : cursor->generation;
}

/**
 * vnet_nl_dump_end - end a part of a dump
 * @dump: the part
 * @cursor: where it is
 */
void vnet_nl_dump_end(const struct vnet_nl_dump *dump,
		      const struct vnet_nl_cursor *cursor)
{
	/* For the message that ends the dump. */
	set_expected(dump->cb, cursor);
	mutex_unlock(&dump->vn->lock);
}

/**
 * vnet_nl_dump_filters - find the objects that the filters of a dump name
 * @dump: the first part
 * @cursor: gets them, and the generation
 * @extack: gets the sentence
 *
 * Return: 0, -ENOENT, -ENODEV, -EINVAL.
 */
int vnet_nl_dump_filters(const struct vnet_nl_dump *dump,
			 struct vnet_nl_cursor *cursor,
			 struct netlink_ext_ack *extack)
{
	struct vnet_network *network;
	struct vnet_port *port;
	int err;

	if (dump->attrs[VNET_A_NETWORK]) {
		err = vnet_nl_find_network(dump->vn, dump->attrs, extack, &network);
		if (err)
			return err;
		cursor->network = network->id;
		cursor->only = true;
	}
	if (vnet_nl_names_interface(dump->attrs)) {
		err = vnet_nl_find_port(dump->vn, dump->attrs, -ENOENT, extack, &port);
		if (err)
			return err;
		cursor->port = port->id;
	}
	cursor->generation = dump->cb->seq;
	return 0;
}

/**
 * vnet_nl_dump_message - what goes around each object of a dump
 * @dump: the part
 * @cursor: where it is
 * @message: the result
 *
 * Every message of a configuration that is not that of the first part any more
 * says so, not only the next one.
 */
void vnet_nl_dump_message(const struct vnet_nl_dump *dump,
			  const struct vnet_nl_cursor *cursor,
			  struct vnet_nl_message *message)
{
	struct netlink_callback *cb = dump->cb;

	set_expected(cb, cursor);
	*message = (struct vnet_nl_message) {
		.cb = cb,
		.portid = NETLINK_CB(cb->skb).portid,
		.seq = cb->nlh->nlmsg_seq,
		.flags = NLM_F_MULTI,
		.cmd = command_of(cb),
		.generation = dump->vn->generation,
		.how = dump->attrs[VNET_A_WITH_STATS] ? VNET_NL_STATS : 0,
	};
}

/**
 * vnet_nl_dump_start - check the filters of a dump
 * @cb: the dump
 *
 * Older kernels have no place for a sentence yet: there the first part checks.
 *
 * Return: 0, -ENOENT, -ENODEV, -EINVAL.
 */
int vnet_nl_dump_start(struct netlink_callback *cb)
{
	struct vnet_nl_cursor *cursor = (struct vnet_nl_cursor *)cb->ctx;
	struct vnet_nl_dump dump;
	int err;

	BUILD_BUG_ON(sizeof(*cursor) > sizeof(cb->ctx));
	if (vnet_nl_dumper_of(command_of(cb))->large)
		cb->min_dump_alloc = VNET_NL_SIZE_MAX;
	if (!cb->extack)
		return 0;
	err = vnet_nl_dump_begin(&dump, cb);
	if (!err)
		err = vnet_nl_dump_filters(&dump, cursor, cb->extack);
	vnet_nl_dump_end(&dump, cursor);
	return err;
}

/* Readers have small buffers: only an object that is larger itself gets more. */
static bool is_full(const struct sk_buff *skb, const struct netlink_callback *cb)
{
	return cb->min_dump_alloc && skb->len >= NLMSG_GOODSIZE - SZ_1K;
}

static int put_objects(struct sk_buff *skb, struct vnet_nl_dump *dump,
		       struct vnet_nl_cursor *cursor)
{
	const struct vnet_nl_dumper *dumper = vnet_nl_dumper_of(command_of(dump->cb));
	struct vnet_nl_subject subject = {};
	struct vnet_nl_message message;
	struct vnet_nl_cursor next;
	int err;

	while (!is_full(skb, dump->cb)) {
		next = *cursor;
		if (!dumper->next(dump, &next, &subject))
			return 0;
		vnet_nl_dump_message(dump, cursor, &message);
		err = vnet_nl_put(skb, &message, dumper->fill, &subject);
		if (err)
			return skb->len ? 0 : err;
		*cursor = next;
	}
	return 0;
}

/**
 * vnet_nl_dumpit - make the next part of a dump
 * @skb: the part
 * @cb: the dump
 *
 * Return: length of the part, 0 at the end, or an errno of
 * vnet_nl_dump_start().
 */
int vnet_nl_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct vnet_nl_cursor *cursor = (struct vnet_nl_cursor *)cb->ctx;
	struct vnet_nl_dump dump;
	int err;

	err = vnet_nl_dump_begin(&dump, cb);
	if (!err && !cursor->generation)
		err = vnet_nl_dump_filters(&dump, cursor, cb->extack);
	if (!err)
		err = put_objects(skb, &dump, cursor);
	vnet_nl_dump_end(&dump, cursor);
	return err ?: skb->len;
}

/**
 * vnet_nl_dump_network - the network that a dump looks into
 * @dump: the part
 * @cursor: where it is
 *
 * Return: the network, or NULL after the last one.
 */
struct vnet_network *vnet_nl_dump_network(const struct vnet_nl_dump *dump,
					  struct vnet_nl_cursor *cursor)
{
	u32 before = cursor->network ? cursor->network - 1 : 0;
	struct vnet_network *network = vnet_network_next(dump->vn, before);

	if (!network || network->id == cursor->network)
		return network;
	if (cursor->only)
		return NULL;
	vnet_nl_dump_leave(cursor);
	cursor->network = network->id;
	return network;
}

/**
 * vnet_nl_dump_leave - go on with the next network
 * @cursor: where the dump is
 */
void vnet_nl_dump_leave(struct vnet_nl_cursor *cursor)
{
	cursor->network = cursor->only ? U32_MAX : cursor->network + 1;
	cursor->priority = 0;
	cursor->after = 0;
}
