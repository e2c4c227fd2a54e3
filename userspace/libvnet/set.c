// SPDX-License-Identifier: GPL-2.0-only
/*
 * set: the attributes of a named set and of its elements, and the requests about
 * both.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

static const struct vnet_field set_fields[] = {
	VNET_FIELD(VNET_A_SET_NAME, vnet_set, name, VNET_TYPE_STRING, false),
	VNET_FIELD(VNET_A_SET_TYPE, vnet_set, type, VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_SET_ID, vnet_set, set_id, VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_SET_ELEMENTS, vnet_set, elements,
		   VNET_TYPE_U32, true),
	VNET_FIELD(VNET_A_SET_USERS, vnet_set, users, VNET_TYPE_U32, true),
};

const struct vnet_schema vnet_set_schema = {
	.name = "set",
	.size = sizeof(struct vnet_set),
	.count = VNET_COUNT(set_fields),
	.fields = set_fields,
	.add = VNET_CMD_SET_ADD,
	.del = VNET_CMD_SET_DEL,
	.get = VNET_CMD_SET_GET,
	.ntf = VNET_CMD_SET_NTF,
};

static const struct vnet_field element_fields[] = {
	VNET_FIELD(VNET_A_SET_NAME, vnet_element, set, VNET_TYPE_STRING, false),
	[VNET_A_SET_ELEMENT - VNET_A_COMMON_MAX - 1] = {
		.name = "VNET_A_SET_ELEMENT",
		.attr = VNET_A_SET_ELEMENT,
		.type = VNET_TYPE_NONE,
		.told = true,
	},
	VNET_FIELD(VNET_A_SET_IP, vnet_element, ip, VNET_TYPE_IP, false),
	VNET_FIELD(VNET_A_SET_PREFIX_LEN, vnet_element, prefix_len,
		   VNET_TYPE_U8, false),
	VNET_FIELD(VNET_A_SET_MAC, vnet_element, mac, VNET_TYPE_MAC, false),
	VNET_FIELD(VNET_A_SET_PORT_MIN, vnet_element, port_min,
		   VNET_TYPE_U16, false),
	VNET_FIELD(VNET_A_SET_PORT_MAX, vnet_element, port_max,
		   VNET_TYPE_U16, false),
};

const struct vnet_schema vnet_element_schema = {
	.name = "element",
	.size = sizeof(struct vnet_element),
	.count = VNET_COUNT(element_fields),
	.fields = element_fields,
	.add = VNET_CMD_SET_ELEMENT_ADD,
	.del = VNET_CMD_SET_ELEMENT_DEL,
	.get = VNET_CMD_SET_ELEMENT_GET,
};

/**
 * vnet_set_add() - create an empty set
 * @ctx: the connection
 * @set: network, name and type; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if it was there already
 *
 * Return: 0 or a negative errno.
 */
int vnet_set_add(struct vnet *ctx, struct vnet_set *set)
{
	return vnet_do(ctx, &vnet_set_schema, VNET_CMD_SET_ADD, set);
}

/**
 * vnet_set_del() - remove a set that no rule uses
 * @ctx: the connection
 * @set: network and name
 *
 * Return: 0 or a negative errno.
 */
int vnet_set_del(struct vnet *ctx, struct vnet_set *set)
{
	return vnet_do(ctx, &vnet_set_schema, VNET_CMD_SET_DEL, set);
}

/**
 * vnet_set_get() - read a set, without its elements
 * @ctx: the connection
 * @set: network and name; replaced by what the kernel tells
 *
 * Return: 0 or a negative errno.
 */
int vnet_set_get(struct vnet *ctx, struct vnet_set *set)
{
	return vnet_do(ctx, &vnet_set_schema, VNET_CMD_SET_GET, set);
}

/**
 * vnet_set_list() - read many, without their elements
 * @ctx: the connection
 * @filter: what is set in it is the filter: network, type
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_set_list(struct vnet *ctx, const struct vnet_set *filter,
		  struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_set_schema, filter, list);
}

/**
 * vnet_element_get() - ask whether a set has an element
 * @ctx: the connection
 * @element: network, set and element; replaced by what the kernel tells
 *
 * Return: 0, -ENOENT if it has not, or another negative errno.
 */
int vnet_element_get(struct vnet *ctx, struct vnet_element *element)
{
	return vnet_do(ctx, &vnet_element_schema, VNET_CMD_SET_ELEMENT_GET,
		       element);
}

/**
 * vnet_element_list() - read the elements of sets
 * @ctx: the connection
 * @filter: what is set in it is the filter: network, set
 * @list: receives them; release with vnet_list_clear()
 *
 * Return: 0 or a negative errno.
 */
int vnet_element_list(struct vnet *ctx, const struct vnet_element *filter,
		      struct vnet_list *list)
{
	return vnet_dump(ctx, &vnet_element_schema, filter, list);
}

/* The network and the set stand outside of the elements. */
static int put_element(struct nl_msg *msg, const struct vnet_element *element)
{
	struct vnet_element body = *element;
	struct nlattr *nest;
	int err;

	body.id.has &= ~(VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_SET_NAME));
	nest = nla_nest_start(msg, VNET_A_SET_ELEMENT);
	if (!nest)
		return -EMSGSIZE;
	err = vnet_msg_put(msg, &vnet_element_schema, &body);
	if (err)
		return err;
	return nla_nest_end(msg, nest) ? -EMSGSIZE : 0;
}

static int put_elements(struct nl_msg *msg, const struct vnet_set *set,
			const struct vnet_element *elements, size_t count)
{
	size_t i;
	int err;

	if (nla_put_string(msg, VNET_A_NETWORK, set->id.network) ||
	    nla_put_string(msg, VNET_A_SET_NAME, set->name))
		return -EMSGSIZE;
	for (i = 0; i < count; i++) {
		err = put_element(msg, &elements[i]);
		if (err)
			return err;
	}
	return 0;
}

static int reply_set(struct nlmsghdr *nlh, void *arg)
{
	struct vnet_set *set = arg;

	memset(set, 0, sizeof(*set));
	return vnet_msg_get(nlh, &vnet_set_schema, set);
}

static int change(struct vnet *ctx, unsigned int cmd, struct vnet_set *set,
		  const struct vnet_element *elements, size_t count)
{
	size_t i, room = 2 * VNET_NAME_SIZE;
	struct nl_msg *msg;
	int err;

	for (i = 0; i < count; i++)
		room += NLA_HDRLEN + vnet_msg_room(&vnet_element_schema,
						   &elements[i]);
	msg = vnet_msg_new(ctx, cmd, 0, room);
	if (!msg)
		return vnet_fail(ctx, -ENOMEM, NULL);
	err = put_elements(msg, set, elements, count);
	if (err) {
		nlmsg_free(msg);
		return vnet_fail_system(ctx, err, "cannot build the request");
	}
	return vnet_transact(ctx, msg, &vnet_element_schema, reply_set, set);
}

/**
 * vnet_set_elements_add() - add elements to a set, all or none of them
 * @ctx: the connection
 * @set: network and name; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if all of them were there already
 * @elements: the elements; the network and the set in them are ignored
 * @count: how many
 *
 * Return: 0 or a negative errno; vnet_error() tells the element at fault.
 */
int vnet_set_elements_add(struct vnet *ctx, struct vnet_set *set,
			  const struct vnet_element *elements, size_t count)
{
	return change(ctx, VNET_CMD_SET_ELEMENT_ADD, set, elements, count);
}

/**
 * vnet_set_elements_del() - remove elements from a set, all or none of them
 * @ctx: the connection
 * @set: network and name; replaced by what it is now
 * @elements: the elements; the network and the set in them are ignored
 * @count: how many
 *
 * Return: 0 or a negative errno; vnet_error() tells the element at fault.
 */
int vnet_set_elements_del(struct vnet *ctx, struct vnet_set *set,
			  const struct vnet_element *elements, size_t count)
{
	return change(ctx, VNET_CMD_SET_ELEMENT_DEL, set, elements, count);
}

/**
 * vnet_set_replace() - replace all elements of a set at once
 * @ctx: the connection
 * @set: network and name; replaced by what it is now, with
 *	VNET_HAS(VNET_A_UNCHANGED) if it was like this already
 * @elements: the elements; the network and the set in them are ignored
 * @count: how many
 *
 * Return: 0 or a negative errno; vnet_error() tells the element at fault.
 */
int vnet_set_replace(struct vnet *ctx, struct vnet_set *set,
		     const struct vnet_element *elements, size_t count)
{
	return change(ctx, VNET_CMD_SET_REPLACE, set, elements, count);
}
