// SPDX-License-Identifier: GPL-2.0-only
/*
 * event: notifications: joining their groups and reading them. It knows the kinds
 * of objects by their schemas only.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include <linux/genetlink.h>

/* A listener that sleeps for a moment must not lose a burst. */
#define EVENT_BUFFER	(4 * 1024 * 1024)

static const struct vnet_field limit_fields[] = {
	VNET_FIELD(VNET_A_LIMIT_KIND, vnet_limit_hit, kind, VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_LIMIT_VALUE, vnet_limit_hit, value,
		   VNET_TYPE_U64, true),
	VNET_FIELD(VNET_A_LIMIT_CLASS, vnet_limit_hit, class_name,
		   VNET_TYPE_STRING, true),
};

const struct vnet_schema vnet_limit_schema = {
	.name = "limit",
	.size = sizeof(struct vnet_limit_hit),
	.count = VNET_COUNT(limit_fields),
	.fields = limit_fields,
	.ntf = VNET_CMD_LIMIT_NTF,
};

static const struct vnet_field log_fields[] = {
	VNET_FIELD(VNET_A_LOG_RULE, vnet_log, rule, VNET_TYPE_STRING, true),
	VNET_FIELD(VNET_A_LOG_DIRECTION, vnet_log, direction,
		   VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_LOG_ACTION, vnet_log, action, VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_LOG_AUDIT, vnet_log, audit, VNET_TYPE_U8, true),
	VNET_FIELD(VNET_A_LOG_LENGTH, vnet_log, length, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_LOG_FRAME, vnet_log, frame, VNET_TYPE_BYTES, true),
	VNET_FIELD(VNET_A_LOG_SUPPRESSED, vnet_log, suppressed,
		   VNET_TYPE_U32, true),
};

const struct vnet_schema vnet_log_schema = {
	.name = "frame",
	.size = sizeof(struct vnet_log),
	.count = VNET_COUNT(log_fields),
	.fields = log_fields,
	.ntf = VNET_CMD_RULE_LOG_NTF,
};

static const struct vnet_schema *const event_schemas[] = {
	&vnet_network_schema, &vnet_port_schema, &vnet_member_schema,
	&vnet_fdb_schema, &vnet_rule_schema, &vnet_set_schema,
	&vnet_class_schema, &vnet_limit_schema, &vnet_log_schema,
};

static void enlarge_buffer(struct vnet *ctx)
{
	const int size = EVENT_BUFFER;
	int fd = nl_socket_get_fd(ctx->sock);

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size));
}

/**
 * vnet_subscribe() - join a group of notifications
 * @ctx: a connection that is used for notifications only from now on
 * @group: VNET_MCGRP_CONFIG, VNET_MCGRP_FDB or VNET_MCGRP_LOG
 *
 * Return: 0 or a negative errno.
 */
int vnet_subscribe(struct vnet *ctx, const char *group)
{
	int id = vnet_family_group(ctx, group);
	int err;

	vnet_error_reset(ctx);
	if (id < 0)
		return vnet_fail(ctx, id,
				 "the module does not have this group of events");
	enlarge_buffer(ctx);
	err = nl_socket_add_membership(ctx->sock, id);
	if (err)
		return vnet_fail_system(ctx, vnet_errno_of_nl(err),
					"cannot join the group of events");
	return 0;
}

/**
 * vnet_event_fd() - what to poll for notifications
 * @ctx: a subscribed connection
 *
 * Return: the file descriptor. Read until vnet_event_read() returns -EAGAIN
 * before polling again.
 */
int vnet_event_fd(const struct vnet *ctx)
{
	return nl_socket_get_fd(ctx->sock);
}

static const struct vnet_schema *schema_of(unsigned int cmd)
{
	size_t i;

	for (i = 0; i < VNET_COUNT(event_schemas); i++)
		if (event_schemas[i]->ntf == cmd)
			return event_schemas[i];
	return NULL;
}

static int take_notice(struct vnet *ctx, struct nlmsghdr *nlh,
		       struct vnet_notice *notice)
{
	const struct genlmsghdr *genl = nlmsg_data(nlh);

	if (nlh->nlmsg_type != ctx->family ||
	    nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return -ENOMSG;
	notice->schema = schema_of(genl->cmd);
	if (!notice->schema)
		return -ENOMSG;
	memset(&notice->object, 0, sizeof(notice->object));
	return vnet_msg_get(nlh, notice->schema, &notice->object);
}

static int fill_pending(struct vnet *ctx)
{
	int len;

	if (ctx->next && nlmsg_ok(ctx->next, ctx->pending))
		return 0;
	len = vnet_receive(ctx, MSG_DONTWAIT);
	ctx->next = NULL;
	if (len < 0)
		return len;
	ctx->next = (struct nlmsghdr *)ctx->buf;
	ctx->pending = len;
	return 0;
}

/**
 * vnet_event_read() - take the next notification, without waiting
 * @ctx: a subscribed connection
 * @notice: receives it; release its object with vnet_object_clear()
 *
 * Return: 0; -EAGAIN if there is none now; -ENOBUFS if notifications were lost,
 * so that the caller has to read the state again; other negative errno.
 */
int vnet_event_read(struct vnet *ctx, struct vnet_notice *notice)
{
	struct nlmsghdr *nlh;
	int err;

	do {
		err = fill_pending(ctx);
		if (err)
			return vnet_fail_system(ctx, err, "cannot read events");
		nlh = ctx->next;
		if (!nlmsg_ok(nlh, ctx->pending)) {
			err = -ENOMSG;
			ctx->next = NULL;
			continue;
		}
		err = take_notice(ctx, nlh, notice);
		ctx->next = nlmsg_next(nlh, &ctx->pending);
	} while (err == -ENOMSG);

	if (err) {
		vnet_object_clear(notice->schema, &notice->object);
		return vnet_fail(ctx, err, "an event cannot be understood");
	}
	return 0;
}
