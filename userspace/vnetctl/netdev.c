// SPDX-License-Identifier: GPL-2.0-only
/*
 * netdev: the network interfaces of this namespace, asked from rtnetlink because
 * /sys may show those of another one. It knows nothing of vnet.
 */
#include "netdev.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <netlink/msg.h>
#include <netlink/netlink.h>
#include <netlink/socket.h>

/* A search through all interfaces; the first pass finds the master's index. */
struct search {
	unsigned int index;
	unsigned int master;
	struct netdev_stack *stack;
};

/**
 * netdev_exists() - is there an interface of this name?
 * @name: the name
 *
 * Return: true if so.
 */
bool netdev_exists(const char *name)
{
	return if_nametoindex(name) != 0;
}

static unsigned int link_number(struct nlattr **attrs, int attr)
{
	return attrs[attr] && nla_len(attrs[attr]) >= 4 ?
	       nla_get_u32(attrs[attr]) : 0;
}

static void link_names(struct nlattr **attrs, char *name, char *kind,
		       size_t kind_size)
{
	struct nlattr *info[IFLA_INFO_MAX + 1];

	if (attrs[IFLA_IFNAME])
		nla_strlcpy(name, attrs[IFLA_IFNAME], IFNAMSIZ);
	if (attrs[IFLA_LINKINFO] &&
	    !nla_parse_nested(info, IFLA_INFO_MAX, attrs[IFLA_LINKINFO], NULL) &&
	    info[IFLA_INFO_KIND])
		nla_strlcpy(kind, info[IFLA_INFO_KIND], kind_size);
}

static int look_at_link(struct nl_msg *msg, void *arg)
{
	struct nlattr *attrs[IFLA_MAX + 1];
	struct nlmsghdr *nlh = nlmsg_hdr(msg);
	const struct ifinfomsg *link = nlmsg_data(nlh);
	struct search *search = arg;
	struct netdev_stack *stack = search->stack;
	unsigned int index;

	if (nlmsg_parse(nlh, sizeof(*link), attrs, IFLA_MAX, NULL))
		return NL_SKIP;
	index = link->ifi_index;
	if (index == search->index)
		search->master = link_number(attrs, IFLA_MASTER);
	else if (search->master && index == search->master)
		link_names(attrs, stack->master, stack->master_kind,
			   sizeof(stack->master_kind));
	else if (link_number(attrs, IFLA_LINK) == search->index &&
		 !attrs[IFLA_LINK_NETNSID])
		link_names(attrs, stack->upper, stack->upper_kind,
			   sizeof(stack->upper_kind));
	return NL_OK;
}

static int search_links(struct nl_sock *sock, struct search *search)
{
	struct rtgenmsg all = { .rtgen_family = AF_UNSPEC };
	int err;

	nl_socket_modify_cb(sock, NL_CB_VALID, NL_CB_CUSTOM, look_at_link,
			    search);
	err = nl_send_simple(sock, RTM_GETLINK, NLM_F_DUMP, &all, sizeof(all));
	return err < 0 ? err : nl_recvmsgs_default(sock);
}

/**
 * netdev_stack_read() - what keeps an interface busy
 * @name: the interface
 * @stack: receives it
 *
 * Return: 0 or a negative errno.
 */
int netdev_stack_read(const char *name, struct netdev_stack *stack)
{
	struct search search = { .stack = stack };
	struct nl_sock *sock;
	int err;

	memset(stack, 0, sizeof(*stack));
	search.index = if_nametoindex(name);
	if (!search.index)
		return -ENODEV;
	sock = nl_socket_alloc();
	if (!sock)
		return -ENOMEM;
	err = nl_connect(sock, NETLINK_ROUTE);
	if (!err)
		err = search_links(sock, &search);
	/* The master may stand before its port in the list. */
	if (!err && search.master && !stack->master[0])
		err = search_links(sock, &search);
	nl_socket_free(sock);
	return err ? -EIO : 0;
}
