// SPDX-License-Identifier: GPL-2.0-only
/*
 * The form of single attributes: checks that a table of policies cannot express
 * by numbers, each with its sentence. It must not know objects.
 */
#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include "nl_policy.h"

VNET_NL_RANGE vnet_nl_ifindex_range = { .min = 1, .max = INT_MAX };
/* These two and nothing between them; see vnet_nl_get_tag(). */
VNET_NL_RANGE vnet_nl_proto_range = { .min = ETH_P_8021Q, .max = ETH_P_8021AD };

static bool is_name_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
	       (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-';
}

/* The text of a string, or NULL if something is hidden behind its NUL. */
static const char *text_of(const struct nlattr *attr)
{
	const char *text = nla_data(attr);

	return strnlen(text, nla_len(attr)) + 1 == nla_len(attr) ? text : NULL;
}

static bool is_name(const char *text)
{
	size_t i;

	for (i = 0; text[i]; i++)
		if (i == VNET_NAME_MAX || !is_name_char(text[i]))
			return false;
	return true;
}

/**
 * vnet_nl_check_ref - check a name that may be empty
 * @attr: a string
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_check_ref(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const char *text = text_of(attr);

	if (text && is_name(text))
		return 0;
	return vnet_nl_refuse(extack, attr, -EINVAL,
			      "a name has 1 to 31 characters of A-Z a-z 0-9 _ . -");
}

/**
 * vnet_nl_check_name - check a name
 * @attr: a string
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_check_name(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (*(const char *)nla_data(attr))
		return vnet_nl_check_ref(attr, extack);
	return vnet_nl_refuse(extack, attr, -EINVAL, "a name cannot be empty");
}

/**
 * vnet_nl_check_label - check a text for people
 * @attr: a string
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_check_label(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const char *text = text_of(attr);
	size_t i;

	if (!text || strlen(text) > VNET_NAME_MAX)
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "a label has at most 31 bytes");
	for (i = 0; text[i]; i++)
		if ((u8)text[i] < ' ' || text[i] == 0x7f)
			return vnet_nl_refuse(extack, attr, -EINVAL,
					      "a label has no control characters");
	return 0;
}

/**
 * vnet_nl_check_ifname - check what may be the name of an interface
 * @attr: a string
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_check_ifname(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	const char *text = text_of(attr);

	if (text && dev_valid_name(text))
		return 0;
	return vnet_nl_refuse(extack, attr, -EINVAL,
			      "no interface can have this name");
}

/**
 * vnet_nl_check_unicast - check the address of a station
 * @attr: bytes
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_check_unicast(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (nla_len(attr) != ETH_ALEN)
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "a MAC address has 6 bytes");
	if (!is_valid_ether_addr(nla_data(attr)))
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "this is not a unicast MAC address");
	return 0;
}

/**
 * vnet_nl_check_ip - check the length of an IP address
 * @attr: bytes
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_check_ip(const struct nlattr *attr, struct netlink_ext_ack *extack)
{
	if (nla_len(attr) == 4 || nla_len(attr) == 16)
		return 0;
	return vnet_nl_refuse(extack, attr, -EINVAL,
			      "an IP address has 4 or 16 bytes");
}

/* Clear the bits behind the prefix. */
static void mask_address(struct vnet_prefix *prefix)
{
	unsigned int i;

	for (i = 0; i < sizeof(prefix->addr.bytes); i++)
		prefix->addr.bytes[i] &= 0xff00 >> clamp(prefix->len - 8 * (int)i, 0, 8);
}

/**
 * vnet_nl_get_prefix - read an address and the length of its prefix
 * @ip: form of %VNET_NL_IP
 * @len: a u8, or NULL for the whole address
 * @prefix: the result, masked, with nothing left over in it
 * @extack: gets the sentence
 *
 * Return: 0 or -EINVAL.
 */
int vnet_nl_get_prefix(const struct nlattr *ip, const struct nlattr *len,
		       struct vnet_prefix *prefix, struct netlink_ext_ack *extack)
{
	memset(prefix, 0, sizeof(*prefix));
	memcpy(prefix->addr.bytes, nla_data(ip), nla_len(ip));
	prefix->version = nla_len(ip) == 4 ? 4 : 6;
	prefix->len = nla_len(ip) * 8;
	if (len && nla_get_u8(len) > prefix->len)
		return vnet_nl_refuse(extack, len, -EINVAL,
				      "the prefix is longer than the address");
	if (len)
		prefix->len = nla_get_u8(len);
	mask_address(prefix);
	return 0;
}
