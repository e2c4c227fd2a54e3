// SPDX-License-Identifier: GPL-2.0-only
/*
 * guard: the address lists of a member, to attributes and back. It knows
 * nothing of what they are for.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int vnet_macs_put(struct nl_msg *msg, int attr, const struct vnet_macs *list)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	size_t i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < list->count; i++)
		if (nla_put(msg, VNET_A_GUARD_ADDRESS, sizeof(list->items[i]),
			    &list->items[i]))
			return -EMSGSIZE;
	/* Not nla_nest_end(): that one drops an empty nest, which means "none". */
	return nla_nest_end_keep_empty(msg, nest) ? -EMSGSIZE : 0;
}

static int put_prefix(struct nl_msg *msg, const struct vnet_prefix *prefix)
{
	struct nlattr *nest = nla_nest_start(msg, VNET_A_GUARD_PREFIX);

	if (!nest ||
	    nla_put(msg, VNET_A_GUARD_IP, prefix->ip.size, prefix->ip.byte) ||
	    nla_put_u8(msg, VNET_A_GUARD_PREFIX_LEN, prefix->len))
		return -EMSGSIZE;
	return nla_nest_end(msg, nest) ? -EMSGSIZE : 0;
}

int vnet_prefixes_put(struct nl_msg *msg, int attr,
		      const struct vnet_prefixes *list)
{
	struct nlattr *nest = nla_nest_start(msg, attr);
	size_t i;

	if (!nest)
		return -EMSGSIZE;
	for (i = 0; i < list->count; i++)
		if (put_prefix(msg, &list->items[i]))
			return -EMSGSIZE;
	return nla_nest_end_keep_empty(msg, nest) ? -EMSGSIZE : 0;
}

static size_t count_of(struct nlattr *nest, int type)
{
	struct nlattr *attr;
	size_t count = 0;
	int rest;

	nla_for_each_nested(attr, nest, rest)
		count += nla_type(attr) == type;
	return count;
}

int vnet_macs_get(struct nlattr *nest, struct vnet_macs *list)
{
	size_t count = count_of(nest, VNET_A_GUARD_ADDRESS);
	struct nlattr *attr;
	int rest;

	if (!count)
		return 0;
	list->items = calloc(count, sizeof(*list->items));
	if (!list->items)
		return -ENOMEM;
	nla_for_each_nested(attr, nest, rest) {
		struct vnet_mac *mac = &list->items[list->count];

		if (nla_type(attr) != VNET_A_GUARD_ADDRESS)
			continue;
		if (nla_len(attr) != sizeof(*mac))
			return -EBADMSG;
		memcpy(mac, nla_data(attr), sizeof(*mac));
		list->count++;
	}
	return 0;
}

static int get_prefix(struct nlattr *nest, struct vnet_prefix *prefix)
{
	struct nlattr *ip, *len;

	ip = nla_find(nla_data(nest), nla_len(nest), VNET_A_GUARD_IP);
	len = nla_find(nla_data(nest), nla_len(nest), VNET_A_GUARD_PREFIX_LEN);
	if (!ip || (nla_len(ip) != 4 && nla_len(ip) != 16))
		return -EBADMSG;
	prefix->ip.size = nla_len(ip);
	memcpy(prefix->ip.byte, nla_data(ip), prefix->ip.size);
	prefix->len = len && nla_len(len) ? nla_get_u8(len) :
					    prefix->ip.size * 8;
	return 0;
}

int vnet_prefixes_get(struct nlattr *nest, struct vnet_prefixes *list)
{
	size_t count = count_of(nest, VNET_A_GUARD_PREFIX);
	struct nlattr *attr;
	int rest;

	if (!count)
		return 0;
	list->items = calloc(count, sizeof(*list->items));
	if (!list->items)
		return -ENOMEM;
	nla_for_each_nested(attr, nest, rest) {
		if (nla_type(attr) != VNET_A_GUARD_PREFIX)
			continue;
		if (get_prefix(attr, &list->items[list->count]))
			return -EBADMSG;
		list->count++;
	}
	return 0;
}
