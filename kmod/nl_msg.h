/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Messages: how an object becomes an answer, a part of a dump or a
 * notification. It must not know what the attributes of an object are.
 */
#ifndef VNET_NL_MSG_H
#define VNET_NL_MSG_H

#include <net/genetlink.h>
#include <linux/vnet.h>

struct net_device;
struct vnet_class;
struct vnet_fdb_info;
struct vnet_member;
struct vnet_named_set;
struct vnet_netns;
struct vnet_network;
struct vnet_nl_limit;
struct vnet_nl_verdict;
struct vnet_nl_told;
struct vnet_port;
struct vnet_rule;
struct vnet_set_element;
struct vnet_share;

/*
 * Bytes of a message about an object; about a member, the only one with lists:
 * a little less than 16 KiB, so that the buffer needs no more than that.
 */
#define VNET_NL_SIZE		NLMSG_DEFAULT_SIZE
#define VNET_NL_SIZE_MAX	(SZ_16K - SZ_512)

/* How much of an object is told. */
#define VNET_NL_IDENTITY	0x01	/* only what names it */
#define VNET_NL_STATS		0x02	/* counters too */
#define VNET_NL_EVENT		0x04	/* nothing that changes by itself */
#define VNET_NL_UNCHANGED	0x08	/* and that it was like this already */

/** struct vnet_nl_subject - what a message is about; @network where it matters */
struct vnet_nl_subject {
	struct vnet_network *network;
	struct vnet_port *on;	/* with @share: its port */
	union {
		struct vnet_port *port;
		struct vnet_member *member;
		struct vnet_rule *rule;
		struct {
			struct vnet_named_set *set;
			const struct vnet_set_element *element;
		};
		struct vnet_class *class;
		const struct vnet_share *share;
		const struct vnet_fdb_info *fdb;
		const struct vnet_nl_limit *limit;
		const struct vnet_nl_verdict *verdict;
		const struct vnet_nl_told *told;
		const struct vnet_netns *vn;
		const char *name;
		u32 count;
	};
};

/*
 * Puts the attributes of an object into a message; @how is VNET_NL_*. Returns 0
 * or -EMSGSIZE.
 */
typedef int vnet_nl_fill_fn(struct sk_buff *skb,
			    const struct vnet_nl_subject *subject,
			    unsigned int how);

/**
 * struct vnet_nl_message - everything in a message but the object
 * @cb: the dump that it belongs to, or NULL
 * @portid: receiver
 * @seq: of the request
 * @flags: NLM_F_*
 * @cmd: enum vnet_cmd
 * @event: enum vnet_event, or 0
 * @generation: of the configuration, or 0
 * @how: VNET_NL_*, how much of the object
 */
struct vnet_nl_message {
	struct netlink_callback *cb;
	u32 portid;
	u32 seq;
	int flags;
	u8 cmd;
	u8 event;
	u32 generation;
	unsigned int how;
};

extern struct genl_family vnet_nl_family;

int vnet_nl_put(struct sk_buff *skb, const struct vnet_nl_message *message,
		vnet_nl_fill_fn *fill, const struct vnet_nl_subject *subject);
struct sk_buff *vnet_nl_build(const struct vnet_nl_message *message,
			      vnet_nl_fill_fn *fill,
			      const struct vnet_nl_subject *subject, gfp_t gfp);
int vnet_nl_reply(struct genl_info *info, vnet_nl_fill_fn *fill,
		  const struct vnet_nl_subject *subject, unsigned int how);

/* What a GET of one object wants to know. */
static inline unsigned int vnet_nl_wanted(const struct genl_info *info)
{
	return info->attrs[VNET_A_WITH_STATS] ? VNET_NL_STATS : 0;
}

int vnet_nl_put_interface(struct sk_buff *skb, const struct net_device *dev);
int vnet_nl_put_tag(struct sk_buff *skb, u32 tag);
int vnet_nl_put_member(struct sk_buff *skb, const struct vnet_member *member);

#endif /* VNET_NL_MSG_H */
