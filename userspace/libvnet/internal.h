/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * internal: what the files of libvnet share among themselves and with nobody
 * else.
 */
#ifndef _LIBVNET_INTERNAL_H
#define _LIBVNET_INTERNAL_H

#include <netlink/attr.h>
#include <netlink/msg.h>
#include <netlink/socket.h>

#include "vnet.h"

/* Kernels build dumps in pieces as large as the reader's buffer, up to 32 KiB. */
#define VNET_RECV_SIZE	65536

/** struct vnet_group - a multicast group of the family */
struct vnet_group {
	char name[16];
	uint32_t id;
};

/**
 * struct vnet - one connection
 * @sock: socket of libnl
 * @family: number of the vnet family
 * @groups: multicast groups of the family
 * @group_count: how many of @groups are known
 * @send_room: the largest message that the socket takes
 * @error: why the last request failed
 * @errstr: the same in one sentence
 * @buf: VNET_RECV_SIZE bytes for what the kernel sends
 * @pending: bytes of @buf that hold notifications not read yet
 * @next: first of these
 */
struct vnet {
	struct nl_sock *sock;
	int family;
	struct vnet_group groups[8];
	unsigned int group_count;
	int send_room;
	struct vnet_error error;
	char errstr[384];
	uint8_t *buf;
	int pending;
	struct nlmsghdr *next;
};

/* sock.c APIs: */
typedef int (*vnet_reply_fn)(struct nlmsghdr *nlh, void *arg);
int vnet_transact(struct vnet *ctx, struct nl_msg *msg,
		  const struct vnet_schema *schema, vnet_reply_fn reply,
		  void *arg);
int vnet_receive(struct vnet *ctx, int flags);

/* family.c APIs: */
int vnet_family_resolve(struct vnet *ctx);
int vnet_family_group(const struct vnet *ctx, const char *name);

/* error.c APIs: */
int vnet_errno_of_nl(int nle);
int vnet_fail(struct vnet *ctx, int code, const char *text);
int vnet_fail_system(struct vnet *ctx, int code, const char *text);
int vnet_fail_from(struct vnet *ctx, const struct vnet_schema *schema,
		   struct nl_msg *request, struct nlmsghdr *answer);
void vnet_error_reset(struct vnet *ctx);

/* msg.c APIs: */
struct nl_msg *vnet_msg_new(struct vnet *ctx, unsigned int cmd, int flags,
			    size_t room);
size_t vnet_msg_room(const struct vnet_schema *schema, const void *object);
int vnet_msg_put(struct nl_msg *msg, const struct vnet_schema *schema,
		 const void *object);
int vnet_msg_get(const struct nlmsghdr *nlh, const struct vnet_schema *schema,
		 void *object);

/* stats.c APIs: */
int vnet_counter_get(struct nlattr *nest, struct vnet_counter *counter);
int vnet_drops_get(struct nlattr *nest, struct vnet_drops *drops);
int vnet_stats_get(struct nlattr *nest, struct vnet_stats *stats);
int vnet_class_stats_get(struct nlattr *nest, struct vnet_class_stats *stats);

/* guard.c APIs: */
int vnet_macs_put(struct nl_msg *msg, int attr, const struct vnet_macs *list);
int vnet_macs_get(struct nlattr *nest, struct vnet_macs *list);
int vnet_prefixes_put(struct nl_msg *msg, int attr,
		      const struct vnet_prefixes *list);
int vnet_prefixes_get(struct nlattr *nest, struct vnet_prefixes *list);

/* Rows of the tables that describe an object's attributes. */
#define VNET_FIELD(_attr, _struct, _member, _type, _told)		\
	[(_attr) - VNET_A_COMMON_MAX - 1] = {				\
		.name = #_attr,						\
		.attr = (_attr),					\
		.offset = offsetof(struct _struct, _member),		\
		.size = sizeof(((struct _struct *)NULL)->_member),	\
		.type = (_type),					\
		.told = (_told),					\
	}

#define VNET_FIELD_FLAG(_attr)						\
	[(_attr) - VNET_A_COMMON_MAX - 1] = {				\
		.name = #_attr,						\
		.attr = (_attr),					\
		.type = VNET_TYPE_FLAG,					\
	}

#define VNET_COUNT(array)	(sizeof(array) / sizeof((array)[0]))

#endif /* _LIBVNET_INTERNAL_H */
