// SPDX-License-Identifier: GPL-2.0-only
/*
 * Messages: how an object becomes an answer or a notification, and the
 * attributes that name ports and members everywhere.
 */
#include <linux/netdevice.h>
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_msg.h"
#include "nl_request.h"
#include "port.h"

static int put_head(struct sk_buff *skb, const struct vnet_nl_message *message)
{
	if (message->event && nla_put_u8(skb, VNET_A_EVENT, message->event))
		return -EMSGSIZE;
	if (message->generation &&
	    nla_put_u32(skb, VNET_A_GENERATION, message->generation))
		return -EMSGSIZE;
	if (message->how & VNET_NL_UNCHANGED && nla_put_flag(skb, VNET_A_UNCHANGED))
		return -EMSGSIZE;
	return 0;
}

/**
 * vnet_nl_put - append a message about an object
 * @skb: where
 * @message: what goes around the object
 * @fill: puts the object
 * @subject: the object
 *
 * Return: 0, or -EMSGSIZE with @skb as it was.
 */
int vnet_nl_put(struct sk_buff *skb, const struct vnet_nl_message *message,
		vnet_nl_fill_fn *fill, const struct vnet_nl_subject *subject)
{
	void *header;

	header = genlmsg_put(skb, message->portid, message->seq, &vnet_nl_family,
			     message->flags, message->cmd);
	if (!header)
		return -EMSGSIZE;
	if (message->cb)
		genl_dump_check_consistent(message->cb, header);
	if (put_head(skb, message) || fill(skb, subject, message->how)) {
		genlmsg_cancel(skb, header);
		return -EMSGSIZE;
	}
	genlmsg_end(skb, header);
	return 0;
}

/**
 * vnet_nl_build - make a message of its own
 * @message: what goes around the object
 * @fill: puts the object
 * @subject: the object
 * @gfp: how to allocate
 *
 * The content tells the size: what does not fit is made again, larger.
 *
 * Return: the message, or NULL for lack of memory.
 */
struct sk_buff *vnet_nl_build(const struct vnet_nl_message *message,
			      vnet_nl_fill_fn *fill,
			      const struct vnet_nl_subject *subject, gfp_t gfp)
{
	struct sk_buff *skb;
	size_t size;

	for (size = VNET_NL_SIZE; ; size = VNET_NL_SIZE_MAX) {
		skb = nlmsg_new(size, gfp);
		if (!skb || !vnet_nl_put(skb, message, fill, subject))
			return skb;
		nlmsg_free(skb);
		if (size == VNET_NL_SIZE_MAX)
			return NULL;
	}
}

/**
 * vnet_nl_reply - answer a request with an object
 * @info: the request, of an operation with VNET_NL_REPLY
 * @fill: puts the object
 * @subject: the object
 * @how: VNET_NL_*
 *
 * Context: config mutex held.
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_reply(struct genl_info *info, vnet_nl_fill_fn *fill,
		  const struct vnet_nl_subject *subject, unsigned int how)
{
	struct vnet_nl_request *request = vnet_nl_request(info);
	struct vnet_nl_message message = {
		.portid = info->snd_portid,
		.seq = info->snd_seq,
		.cmd = info->genlhdr->cmd,
		.generation = request->vn->generation,
		.how = how,
	};
	struct sk_buff *skb = request->reply;
	int err;

	err = vnet_nl_put(skb, &message, fill, subject);
	if (err)
		return err;
	request->reply = NULL;
	/* The request is carried out, whether or not its sender listens. */
	genlmsg_reply(skb, info);
	return 0;
}

/**
 * vnet_nl_put_interface - name an interface
 * @skb: where
 * @dev: the interface
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_interface(struct sk_buff *skb, const struct net_device *dev)
{
	char name[IFNAMSIZ];

	/* Without RTNL it may be renamed right now: the copy at least ends. */
	strscpy(name, dev->name, sizeof(name));
	if (nla_put_u32(skb, VNET_A_IFINDEX, dev->ifindex) ||
	    nla_put_string(skb, VNET_A_IFNAME, name))
		return -EMSGSIZE;
	return 0;
}

/**
 * vnet_nl_put_tag - name a tag
 * @skb: where
 * @tag: see vnet_tag()
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_tag(struct sk_buff *skb, u32 tag)
{
	if (tag == VNET_TAG_NONE)
		return 0;
	if (nla_put_u16(skb, VNET_A_TAG_PROTO, vnet_tag_proto(tag)) ||
	    nla_put_u16(skb, VNET_A_VID, vnet_tag_vid(tag)))
		return -EMSGSIZE;
	if (vnet_tag_cvid(tag) && nla_put_u16(skb, VNET_A_CVID, vnet_tag_cvid(tag)))
		return -EMSGSIZE;
	return 0;
}

/**
 * vnet_nl_put_member - name a member: interface and tag
 * @skb: where
 * @member: the member
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_member(struct sk_buff *skb, const struct vnet_member *member)
{
	return vnet_nl_put_interface(skb, member->port->dev) ?:
	       vnet_nl_put_tag(skb, member->tag);
}
