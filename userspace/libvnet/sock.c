// SPDX-License-Identifier: GPL-2.0-only
/*
 * sock: a connection to the kernel: opening it, and one request with all of its
 * answers. It knows nothing of attributes.
 */
#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/netlink.h>
#include <netlink/genl/genl.h>
#include <netlink/netlink.h>

#define NETNS_DIR "/var/run/netns/"

/* One request on its way: what it was, and how far its answer is. */
struct exchange {
	struct vnet *ctx;
	const struct vnet_schema *schema;
	struct nl_msg *request;
	vnet_reply_fn reply;
	void *arg;
	bool done;
	bool interrupted;
	int result;
};

static int enter_netns(struct vnet *ctx, const char *name)
{
	char path[sizeof(NETNS_DIR) + NAME_MAX];
	int fd, err = 0;

	if (!*name || strchr(name, '/') || strlen(name) > NAME_MAX)
		return vnet_fail(ctx, -EINVAL,
				 "this is not the name of a network namespace");

	snprintf(path, sizeof(path), NETNS_DIR "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return vnet_fail_system(ctx, -errno,
					"cannot open the network namespace");
	if (setns(fd, CLONE_NEWNET) < 0)
		err = vnet_fail_system(ctx, -errno,
				       "cannot enter the network namespace");
	close(fd);
	return err;
}

static void set_options(struct nl_sock *sock)
{
	static const int options[] = {
		NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK,
	};
	const int on = 1;
	size_t i;

	/* A kernel without one of these only says less when it refuses. */
	for (i = 0; i < VNET_COUNT(options); i++)
		setsockopt(nl_socket_get_fd(sock), SOL_NETLINK, options[i],
			   &on, sizeof(on));
}

static int connect_kernel(struct vnet *ctx)
{
	int err;

	ctx->sock = nl_socket_alloc();
	if (!ctx->sock)
		return vnet_fail(ctx, -ENOMEM, NULL);

	err = genl_connect(ctx->sock);
	if (err)
		return vnet_fail_system(ctx, vnet_errno_of_nl(err),
					"cannot open a generic netlink socket");
	set_options(ctx->sock);
	return vnet_family_resolve(ctx);
}

/**
 * vnet_open() - connect to the module
 * @ctx: receives the connection; to be given to vnet_close() even when this
 *	function fails, so that vnet_errstr() can say why
 * @netns: name of the network namespace, as "ip netns" knows it, or NULL for
 *	the caller's. The calling thread moves there and stays.
 *
 * Return: 0; -EPROTONOSUPPORT if the module is not there; -ENOMEM, when *@ctx
 * may be NULL; other negative errno.
 */
int vnet_open(struct vnet **ctx, const char *netns)
{
	struct vnet *new = calloc(1, sizeof(*new));
	int err;

	*ctx = new;
	if (!new)
		return -ENOMEM;

	vnet_error_reset(new);
	new->buf = malloc(VNET_RECV_SIZE);
	if (!new->buf)
		return vnet_fail(new, -ENOMEM, NULL);
	if (netns) {
		err = enter_netns(new, netns);
		if (err)
			return err;
	}
	return connect_kernel(new);
}

/**
 * vnet_close() - end a connection
 * @ctx: the connection, or NULL
 */
void vnet_close(struct vnet *ctx)
{
	if (!ctx)
		return;
	if (ctx->sock)
		nl_socket_free(ctx->sock);
	free(ctx->buf);
	free(ctx);
}

/*
 * Reads one datagram of the kernel into ctx->buf. Returns its length, 0 if it
 * was from somebody else, or a negative errno without a sentence.
 */
int vnet_receive(struct vnet *ctx, int flags)
{
	struct iovec iov = { .iov_base = ctx->buf, .iov_len = VNET_RECV_SIZE };
	struct sockaddr_nl from = { 0 };
	struct msghdr msg = {
		.msg_name = &from,
		.msg_namelen = sizeof(from),
		.msg_iov = &iov,
		.msg_iovlen = 1,
	};
	ssize_t len;

	do
		len = recvmsg(nl_socket_get_fd(ctx->sock), &msg, flags);
	while (len < 0 && errno == EINTR);

	if (len < 0)
		return -errno;
	if (msg.msg_flags & MSG_TRUNC)
		return -EMSGSIZE;
	return from.nl_pid ? 0 : (int)len;
}

static int done_code(const struct nlmsghdr *nlh)
{
	int code = 0;

	if (nlmsg_datalen(nlh) >= (int)sizeof(code))
		memcpy(&code, nlmsg_data(nlh), sizeof(code));
	return code;
}

/* Errors end the exchange; a failing reply function does not, the rest of the
 * answer has to leave the socket.
 */
static void take_message(struct exchange *x, struct nlmsghdr *nlh)
{
	int err;

	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		x->interrupted = true;

	switch (nlh->nlmsg_type) {
	case NLMSG_NOOP:
		return;
	case NLMSG_OVERRUN:
		x->result = vnet_fail(x->ctx, -ENOBUFS,
				      "the answer did not fit the socket's buffer");
		x->done = true;
		return;
	case NLMSG_ERROR:
	case NLMSG_DONE:
		x->done = true;
		if (done_code(nlh) < 0)
			x->result = vnet_fail_from(x->ctx, x->schema,
						   x->request, nlh);
		return;
	}

	if (!x->reply || x->result)
		return;
	err = x->reply(nlh, x->arg);
	if (err)
		x->result = vnet_fail(x->ctx, err,
				      "the kernel's answer cannot be understood");
}

static int take_datagram(struct exchange *x)
{
	const struct nlmsghdr *sent = nlmsg_hdr(x->request);
	int left = vnet_receive(x->ctx, 0);
	struct nlmsghdr *nlh;

	if (left < 0)
		return vnet_fail_system(x->ctx, left,
					"cannot read the kernel's answer");

	for (nlh = (struct nlmsghdr *)x->ctx->buf; nlmsg_ok(nlh, left);
	     nlh = nlmsg_next(nlh, &left)) {
		if (nlh->nlmsg_seq == sent->nlmsg_seq && !x->done)
			take_message(x, nlh);
	}
	return 0;
}

/* Rule sets can be larger than a socket usually takes in one piece. */
static void make_room(struct vnet *ctx, struct nl_msg *msg)
{
	int need = nlmsg_hdr(msg)->nlmsg_len + 4096;
	int fd = nl_socket_get_fd(ctx->sock);
	socklen_t len = sizeof(ctx->send_room);

	if (need <= ctx->send_room)
		return;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDBUFFORCE, &need, sizeof(need)))
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &need, sizeof(need));
	if (getsockopt(fd, SOL_SOCKET, SO_SNDBUF, &ctx->send_room, &len))
		ctx->send_room = 0;
}

/*
 * Sends a request and reads its answer up to the last message or the end of
 * the dump; reply() sees each object. Consumes msg. Returns 0, a negative errno,
 * or -EINTR when the dump was inconsistent.
 */
int vnet_transact(struct vnet *ctx, struct nl_msg *msg,
		  const struct vnet_schema *schema, vnet_reply_fn reply,
		  void *arg)
{
	struct exchange x = {
		.ctx = ctx, .schema = schema, .request = msg,
		.reply = reply, .arg = arg,
	};
	int err;

	vnet_error_reset(ctx);
	make_room(ctx, msg);
	nl_complete_msg(ctx->sock, msg);
	err = nl_send(ctx->sock, msg);
	if (err < 0)
		x.result = vnet_fail_system(ctx, vnet_errno_of_nl(err),
					    "cannot send the request");

	while (!x.result && !x.done) {
		err = take_datagram(&x);
		if (err)
			x.result = err;
	}
	nlmsg_free(msg);
	if (!x.result && x.interrupted)
		return -EINTR;
	return x.result;
}
