// SPDX-License-Identifier: GPL-2.0-only
/*
 * The request: locks and the reply's memory before a command runs, and how the
 * attributes of a request name objects. It must not know what commands do.
 */
#include <linux/rtnetlink.h>
#include <linux/slab.h>
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_msg.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "port.h"

/**
 * vnet_nl_find_network - the network that a request names
 * @vn: registry of the namespace
 * @attrs: %VNET_A_NETWORK
 * @extack: gets the sentence
 * @network: the result
 *
 * Context: config mutex held.
 * Return: 0, -EINVAL (not named), -ENOENT.
 */
int vnet_nl_find_network(struct vnet_netns *vn, struct nlattr **attrs,
			 struct netlink_ext_ack *extack,
			 struct vnet_network **network)
{
	int err = vnet_nl_require(extack, NULL, attrs, VNET_A_NETWORK);

	if (err)
		return err;
	*network = vnet_network_find(vn, nla_data(attrs[VNET_A_NETWORK]));
	if (*network)
		return 0;
	return vnet_nl_refuse(extack, attrs[VNET_A_NETWORK], -ENOENT,
			      "there is no network of this name");
}

/**
 * vnet_nl_names_interface - whether a request names an interface
 * @attrs: %VNET_A_IFINDEX and %VNET_A_IFNAME
 */
bool vnet_nl_names_interface(struct nlattr **attrs)
{
	return attrs[VNET_A_IFINDEX] || attrs[VNET_A_IFNAME];
}

/**
 * vnet_nl_find_device - the interface that a request names
 * @vn: registry of the namespace
 * @attrs: %VNET_A_IFINDEX and %VNET_A_IFNAME
 * @extack: gets the sentence
 * @dev: the result
 *
 * Context: RTNL or RCU read side.
 * Return: 0, -EINVAL (not named, or two of them), -ENODEV.
 */
int vnet_nl_find_device(struct vnet_netns *vn, struct nlattr **attrs,
			struct netlink_ext_ack *extack, struct net_device **dev)
{
	const struct nlattr *index = attrs[VNET_A_IFINDEX];
	const struct nlattr *name = attrs[VNET_A_IFNAME];
	struct net_device *named = NULL;

	*dev = NULL;
	if (!index && !name) {
		NL_SET_ERR_ATTR_MISS(extack, NULL, VNET_A_IFINDEX);
		return vnet_nl_refuse(extack, NULL, -EINVAL,
				      "required attribute VNET_A_IFINDEX or VNET_A_IFNAME is missing");
	}
	if (index) {
		*dev = dev_get_by_index_rcu(vn->net, nla_get_u32(index));
		if (!*dev)
			return vnet_nl_refuse(extack, index, -ENODEV,
					      "this namespace has no interface of this index");
	}
	if (name) {
		named = dev_get_by_name_rcu(vn->net, nla_data(name));
		if (!named)
			return vnet_nl_refuse(extack, name, -ENODEV,
					      "this namespace has no interface of this name");
	}
	if (*dev && named && *dev != named)
		return vnet_nl_refuse(extack, name, -EINVAL,
				      "index and name are those of two different interfaces");
	if (named)
		*dev = named;
	return 0;
}

/**
 * vnet_nl_find_port - the port that a request names
 * @vn: registry of the namespace
 * @attrs: %VNET_A_IFINDEX and %VNET_A_IFNAME
 * @absent: errno for an interface that is not attached
 * @extack: gets the sentence
 * @port: the result
 *
 * Context: config mutex held.
 * Return: 0, @absent, -EINVAL (not named, or two of them), -ENODEV.
 */
int vnet_nl_find_port(struct vnet_netns *vn, struct nlattr **attrs, int absent,
		      struct netlink_ext_ack *extack, struct vnet_port **port)
{
	struct nlattr *named_by = attrs[VNET_A_IFINDEX] ?: attrs[VNET_A_IFNAME];
	struct net_device *dev;
	int err;

	/* The interface may go at any time, but a port keeps its own. */
	rcu_read_lock();
	err = vnet_nl_find_device(vn, attrs, extack, &dev);
	*port = err ? NULL : vnet_port_find(vn, dev);
	rcu_read_unlock();
	if (err || *port)
		return err;
	return vnet_nl_refuse(extack, named_by, absent,
			      "the interface is not attached; attach it first (port add)");
}

/**
 * vnet_nl_get_tag - the tag that a request names
 * @attrs: %VNET_A_TAG_PROTO, %VNET_A_VID and %VNET_A_CVID
 * @tag: the result, see vnet_tag()
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_get_tag(struct nlattr **attrs, u32 *tag, struct netlink_ext_ack *extack)
{
	const struct nlattr *proto = attrs[VNET_A_TAG_PROTO];
	const struct nlattr *cvid = attrs[VNET_A_CVID];
	const struct nlattr *vid = attrs[VNET_A_VID];
	u16 number = proto ? nla_get_u16(proto) : ETH_P_8021Q;

	if (number != ETH_P_8021Q && number != ETH_P_8021AD)
		return vnet_nl_refuse(extack, proto, -EINVAL,
				      "a tag is 802.1Q (0x8100) or 802.1ad (0x88a8)");
	if (!vid && (proto || cvid))
		return vnet_nl_refuse(extack, proto ?: cvid, -EINVAL,
				      "a tag needs VNET_A_VID");
	if (cvid && number != ETH_P_8021AD)
		return vnet_nl_refuse(extack, cvid, -EINVAL,
				      "an inner VLAN needs an outer tag of 802.1ad (0x88a8)");
	*tag = VNET_TAG_NONE;
	if (vid)
		*tag = vnet_tag(number, nla_get_u16(vid), cvid ? nla_get_u16(cvid) : 0);
	return 0;
}

/**
 * vnet_nl_find_member - the member that a request names
 * @vn: registry of the namespace
 * @attrs: interface and tag
 * @extack: gets the sentence
 * @member: the result
 *
 * Context: config mutex held.
 * Return: 0, -ENOENT, -EINVAL, -ENODEV.
 */
int vnet_nl_find_member(struct vnet_netns *vn, struct nlattr **attrs,
			struct netlink_ext_ack *extack,
			struct vnet_member **member)
{
	struct vnet_port *port;
	u32 tag;
	int err;

	err = vnet_nl_find_port(vn, attrs, -ENOENT, extack, &port);
	if (!err)
		err = vnet_nl_get_tag(attrs, &tag, extack);
	if (err)
		return err;
	*member = vnet_member_find(port, tag);
	if (*member)
		return 0;
	if (tag == VNET_TAG_NONE)
		return vnet_nl_refuse(extack,
				      attrs[VNET_A_IFINDEX] ?: attrs[VNET_A_IFNAME],
				      -ENOENT, "the port has no untagged member");
	return vnet_nl_refuse(extack, attrs[VNET_A_VID], -ENOENT,
			      "the port has no member with this tag");
}

/**
 * vnet_nl_find_member_of - the member of a network that a request names
 * @network: the network
 * @attrs: interface and tag
 * @extack: gets the sentence
 * @member: the result
 *
 * Context: config mutex held.
 * Return: 0, -ENOENT, -EINVAL, -ENODEV.
 */
int vnet_nl_find_member_of(struct vnet_network *network, struct nlattr **attrs,
			   struct netlink_ext_ack *extack,
			   struct vnet_member **member)
{
	int err = vnet_nl_find_member(network->vn, attrs, extack, member);

	if (err || (*member)->network == network)
		return err;
	return vnet_nl_refuse(extack, attrs[VNET_A_IFINDEX] ?: attrs[VNET_A_IFNAME],
			      -ENOENT, "this member belongs to another network");
}

/**
 * vnet_nl_next_of - the next attribute of a type, of those that may repeat
 * @info: the request; its parsed table has only the last of a type
 * @type: the type
 * @after: the one before it, or NULL for the first
 *
 * Return: the attribute, or NULL after the last.
 */
const struct nlattr *vnet_nl_next_of(const struct genl_info *info, u16 type,
				     const struct nlattr *after)
{
	const struct nlattr *attr = genlmsg_data(info->genlhdr);
	int rest = genlmsg_len(info->genlhdr);

	if (after) {
		rest -= (const char *)after - (const char *)attr;
		attr = nla_next(after, &rest);
	}
	for (; nla_ok(attr, rest); attr = nla_next(attr, &rest))
		if (nla_type(attr) == type)
			return attr;
	return NULL;
}

/**
 * vnet_nl_nth_of - what to point at when one of many is refused
 * @info: the request
 * @type: the type
 * @index: 0 for the first
 *
 * Return: the attribute, or NULL if there are not so many.
 */
const struct nlattr *vnet_nl_nth_of(const struct genl_info *info, u16 type, u32 index)
{
	const struct nlattr *attr = vnet_nl_next_of(info, type, NULL);

	while (attr && index--)
		attr = vnet_nl_next_of(info, type, attr);
	return attr;
}

/**
 * vnet_nl_count_of - how many attributes of a type a request has
 * @info: the request
 * @type: the type
 *
 * Return: their number.
 */
u32 vnet_nl_count_of(const struct genl_info *info, u16 type)
{
	const struct nlattr *attr = NULL;
	u32 count = 0;

	while ((attr = vnet_nl_next_of(info, type, attr)))
		count++;
	return count;
}

static int find_member(struct vnet_nl_request *request, struct genl_info *info)
{
	struct vnet_member *member;
	u32 tag;
	int err;

	if (request->needs & VNET_NL_MEMBER_MAYBE &&
	    !vnet_nl_names_interface(info->attrs)) {
		err = vnet_nl_get_tag(info->attrs, &tag, info->extack);
		if (!err && info->attrs[VNET_A_VID])
			err = vnet_nl_refuse(info->extack, info->attrs[VNET_A_VID],
					     -EINVAL, "a tag needs an interface");
		return err;
	}
	if (request->network)
		err = vnet_nl_find_member_of(request->network, info->attrs,
					     info->extack, &member);
	else
		err = vnet_nl_find_member(request->vn, info->attrs, info->extack,
					  &member);
	if (err)
		return err;
	request->member = member;
	request->port = member->port;
	request->network = member->network;
	return 0;
}

static int resolve(struct vnet_nl_request *request, struct genl_info *info)
{
	u8 needs = request->needs;
	/* To a command about the port itself an absent one is no object. */
	int absent = needs & VNET_NL_NETWORK ? -ENODEV : -ENOENT;
	int err = 0;

	if (needs & VNET_NL_NETWORK ||
	    (needs & VNET_NL_NETWORK_MAYBE && info->attrs[VNET_A_NETWORK]))
		err = vnet_nl_find_network(request->vn, info->attrs, info->extack,
					   &request->network);
	if (!err && needs & VNET_NL_PORT)
		err = vnet_nl_find_port(request->vn, info->attrs, absent,
					info->extack, &request->port);
	if (!err && needs & (VNET_NL_MEMBER | VNET_NL_MEMBER_MAYBE))
		err = find_member(request, info);
	return err;
}

static struct vnet_nl_request *alloc_request(u8 needs)
{
	size_t size = needs & VNET_NL_REPLY_LARGE ? VNET_NL_SIZE_MAX : VNET_NL_SIZE;
	struct vnet_nl_request *request;

	request = kzalloc(sizeof(*request), GFP_KERNEL);
	if (!request)
		return NULL;
	request->needs = needs;
	if (!(needs & (VNET_NL_REPLY | VNET_NL_REPLY_LARGE)))
		return request;
	request->reply = nlmsg_new(size, GFP_KERNEL);
	if (request->reply)
		return request;
	kfree(request);
	return NULL;
}

/**
 * vnet_nl_request_begin - get all that a command needs
 * @info: the request; gets what vnet_nl_request() returns
 * @needs: VNET_NL_*
 *
 * Context: process; on success RTNL, if needed, and the config mutex are held
 * until vnet_nl_request_end().
 * Return: 0, -ENOMEM, -EINVAL, -ENOENT, -ENODEV.
 */
int vnet_nl_request_begin(struct genl_info *info, u8 needs)
{
	struct vnet_nl_request *request = alloc_request(needs);
	int err;

	if (!request)
		return vnet_nl_refuse(info->extack, NULL, -ENOMEM, "out of memory");
	info->user_ptr[0] = request;
	request->vn = vnet_netns_of(genl_info_net(info));
	if (needs & VNET_NL_RTNL)
		rtnl_lock();
	mutex_lock(&request->vn->lock);
	err = resolve(request, info);
	if (err)
		vnet_nl_request_end(info);
	return err;
}

/**
 * vnet_nl_request_end - give everything back
 * @info: the request
 */
void vnet_nl_request_end(struct genl_info *info)
{
	struct vnet_nl_request *request = vnet_nl_request(info);

	mutex_unlock(&request->vn->lock);
	if (request->needs & VNET_NL_RTNL)
		rtnl_unlock();
	nlmsg_free(request->reply);
	kfree(request);
}
