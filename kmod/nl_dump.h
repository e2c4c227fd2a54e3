/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Dumps: one loop over all kinds of objects that have ids. It must not know
 * what the attributes of an object are.
 */
#ifndef VNET_NL_DUMP_H
#define VNET_NL_DUMP_H

#include "nl_msg.h"

struct vnet_netns;

/**
 * struct vnet_nl_cursor - where a dump is between two parts; in cb->ctx
 * @generation: of the configuration when the dump began, 0 = not yet
 * @network: id of the network to look into, 0 = from the first one
 * @port: id of the only port that counts, 0 = any
 * @priority: of the last rule
 * @after: id of the last object that was told
 * @only: no other network than @network
 * @interrupted: something was told twice or not at all
 */
struct vnet_nl_cursor {
	u32 generation;
	u32 network;
	u32 port;
	u32 priority;
	u64 after;
	bool only;
	bool interrupted;
};

/**
 * struct vnet_nl_dump - one part of a dump under way
 * @cb: the dump
 * @attrs: the request
 * @vn: registry of the namespace; its lock is held
 */
struct vnet_nl_dump {
	struct netlink_callback *cb;
	struct nlattr **attrs;
	struct vnet_netns *vn;
};

/**
 * struct vnet_nl_dumper - how one kind of object is dumped
 * @next: moves the cursor to the next object that the filters let through and
 *	says which one it is; false at the end
 * @fill: puts the object
 * @single: attributes that name one object and so cannot be in a dump, up to 0
 * @filters: attributes that filter a dump and name nothing, up to 0
 * @large: the objects have lists
 * @volatile_objects: they are no configuration, and its changes do not interrupt
 *	the dump
 */
struct vnet_nl_dumper {
	bool (*next)(struct vnet_nl_dump *dump, struct vnet_nl_cursor *cursor,
		     struct vnet_nl_subject *subject);
	vnet_nl_fill_fn *fill;
	const u8 *single;
	const u8 *filters;
	bool large;
	bool volatile_objects;
};

/* By command; NULL for those that cannot dump. */
const struct vnet_nl_dumper *vnet_nl_dumper_of(u8 cmd);

int vnet_nl_dump_begin(struct vnet_nl_dump *dump, struct netlink_callback *cb);
void vnet_nl_dump_end(const struct vnet_nl_dump *dump,
		      const struct vnet_nl_cursor *cursor);
int vnet_nl_dump_filters(const struct vnet_nl_dump *dump,
			 struct vnet_nl_cursor *cursor,
			 struct netlink_ext_ack *extack);
void vnet_nl_dump_message(const struct vnet_nl_dump *dump,
			  const struct vnet_nl_cursor *cursor,
			  struct vnet_nl_message *message);
int vnet_nl_dump_start(struct netlink_callback *cb);
int vnet_nl_dumpit(struct sk_buff *skb, struct netlink_callback *cb);
int vnet_nl_dump_refuse_filters(const struct genl_info *info);

struct vnet_network *vnet_nl_dump_network(const struct vnet_nl_dump *dump,
					  struct vnet_nl_cursor *cursor);
void vnet_nl_dump_leave(struct vnet_nl_cursor *cursor);

#endif /* VNET_NL_DUMP_H */
