/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The request: what a command needs before it runs, and how the attributes of a
 * request name objects. It must not know what commands do.
 */
#ifndef VNET_NL_REQUEST_H
#define VNET_NL_REQUEST_H

#include <net/genetlink.h>
#include <linux/vnet.h>

struct net_device;
struct vnet_member;
struct vnet_netns;
struct vnet_network;
struct vnet_port;

/* What a command needs; internal_flags of its operation. */
#define VNET_NL_RTNL		0x01
#define VNET_NL_NETWORK		0x02	/* must be named */
#define VNET_NL_NETWORK_MAYBE	0x04	/* may be named */
#define VNET_NL_PORT		0x08
#define VNET_NL_MEMBER		0x10
#define VNET_NL_MEMBER_MAYBE	0x20
#define VNET_NL_REPLY		0x40	/* it answers with an object */
#define VNET_NL_REPLY_LARGE	0x80	/* likewise, with one that has lists */

/**
 * struct vnet_nl_request - one request under way; the objects stay what they
 *	are as long as it holds the config mutex, that is until its end
 * @vn: registry of the socket's namespace; its lock is held
 * @network: as named, or that of @member, or NULL
 * @port: as named, or that of @member, or NULL
 * @member: as named, or NULL
 * @reply: room for the answer, allocated before anything is changed, so that
 *	a request is either refused or answered; NULL once it is sent
 * @needs: VNET_NL_*
 */
struct vnet_nl_request {
	struct vnet_netns *vn;
	struct vnet_network *network;
	struct vnet_port *port;
	struct vnet_member *member;
	struct sk_buff *reply;
	u8 needs;
};

static inline struct vnet_nl_request *vnet_nl_request(const struct genl_info *info)
{
	return info->user_ptr[0];
}

int vnet_nl_request_begin(struct genl_info *info, u8 needs);
void vnet_nl_request_end(struct genl_info *info);

/* Config mutex held. */
int vnet_nl_find_network(struct vnet_netns *vn, struct nlattr **attrs,
			 struct netlink_ext_ack *extack,
			 struct vnet_network **network);
int vnet_nl_find_device(struct vnet_netns *vn, struct nlattr **attrs,
			struct netlink_ext_ack *extack, struct net_device **dev);
int vnet_nl_find_port(struct vnet_netns *vn, struct nlattr **attrs, int absent,
		      struct netlink_ext_ack *extack, struct vnet_port **port);
int vnet_nl_find_member(struct vnet_netns *vn, struct nlattr **attrs,
			struct netlink_ext_ack *extack,
			struct vnet_member **member);
int vnet_nl_find_member_of(struct vnet_network *network, struct nlattr **attrs,
			   struct netlink_ext_ack *extack,
			   struct vnet_member **member);
bool vnet_nl_names_interface(struct nlattr **attrs);
int vnet_nl_get_tag(struct nlattr **attrs, u32 *tag,
		    struct netlink_ext_ack *extack);

/* Attributes that may repeat; NULL, 0 if there is none. */
const struct nlattr *vnet_nl_next_of(const struct genl_info *info, u16 type,
				     const struct nlattr *after);
const struct nlattr *vnet_nl_nth_of(const struct genl_info *info, u16 type, u32 index);
u32 vnet_nl_count_of(const struct genl_info *info, u16 type);

#endif /* VNET_NL_REQUEST_H */
