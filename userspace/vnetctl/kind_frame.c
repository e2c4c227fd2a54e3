// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_frame: the values that describe one frame: one address, one port, one set of
 * flags, where a rule has prefixes, ranges and masks. They are only read.
 */
#include <stdio.h>
#include <string.h>

#include "kind.h"
#include "parse.h"
#include "tables.h"

#define ETHERTYPE_ARP	0x0806

static const char *address_parse(const char *word, const struct slot *slot)
{
	struct vnet_ip ip;
	const char *why = parse_address(word, &ip);

	if (why)
		return why;
	memcpy(slot_value(slot, slot->key->attr), &ip, sizeof(ip));
	slot_mark(slot, slot->key->attr);
	return NULL;
}

const struct kind kind_address = {
	.metavar = "ADDRESS", .what = "an address such as 10.0.0.1 or fd00::1",
	.parse = address_parse,
};

static const char *address4_parse(const char *word, const struct slot *slot)
{
	return strchr(word, ':') ? "is not IPv4, and ARP knows nothing else" :
				   address_parse(word, slot);
}

static const char *address6_parse(const char *word, const struct slot *slot)
{
	return strchr(word, ':') ? address_parse(word, slot) :
				   "is not IPv6, and neighbour discovery knows nothing else";
}

const struct kind kind_address4 = {
	.metavar = "ADDRESS", .what = "an IPv4 address such as 10.0.0.1",
	.parse = address4_parse,
};

const struct kind kind_address6 = {
	.metavar = "ADDRESS", .what = "an IPv6 address such as fd00::1",
	.parse = address6_parse,
};

/* No keyword has such characters. */
static bool endpoint_fits(const char *word)
{
	return strpbrk(word, ".:[");
}

static const char *endpoint_parse(const char *word, const struct slot *slot)
{
	struct slot of_port = *slot;
	struct key key = { .min = 0 };
	struct vnet_ip ip;
	const char *why;
	int port;

	why = parse_endpoint(word, &ip, &port);
	if (why)
		return why;
	memcpy(slot_value(slot, slot->key->attr), &ip, sizeof(ip));
	slot_mark(slot, slot->key->attr);
	if (port < 0)
		return NULL;
	key.attr = slot->key->attr == VNET_A_RULE_SRC_IP ? VNET_A_RULE_SRC_PORT_MIN :
							   VNET_A_RULE_DST_PORT_MIN;
	of_port.key = &key;
	return slot_set_number(&of_port, port);
}

const struct kind kind_endpoint = {
	.metavar = "ADDRESS[:PORT]",
	.what = "an address such as 10.0.0.1, 10.0.0.1:443 or [fd00::1]:443",
	.fits = endpoint_fits, .parse = endpoint_parse,
};

static const char *const words_transport[] = {
	"tcp", "udp", "sctp", "icmp", "icmp6", "arp", NULL
};

static const char *transport_parse(const char *word, const struct slot *slot)
{
	const struct word *proto = word_find(proto_words, word);

	if (proto)
		return slot_set_number(slot, proto->value);
	*(uint16_t *)slot_value(slot, VNET_A_RULE_ETHERTYPE) = ETHERTYPE_ARP;
	slot_mark(slot, VNET_A_RULE_ETHERTYPE);
	return NULL;
}

const struct kind kind_transport = {
	.metavar = "PROTO", .words = words_transport, .parse = transport_parse,
};

static const char *const words_none[] = { "none", NULL };

/* "syn,ack": these are set and no others. */
static const char *flag_set_parse(const char *word, const struct slot *slot)
{
	char copy[64], *rest = copy, *part;
	unsigned int flags = 0;
	const struct word *flag;

	if (!strcmp(word, "none"))
		return slot_set_number(slot, 0);
	snprintf(copy, sizeof(copy), "%s", word);
	while ((part = strsep(&rest, ",")) != NULL) {
		flag = word_find(tcp_flag_words, part);
		if (!flag)
			return "has a part that is no TCP flag";
		flags |= flag->value;
	}
	return slot_set_number(slot, flags);
}

const struct kind kind_flag_set = {
	.metavar = "FLAG[,FLAG...]", .what = "all TCP flags of the frame, such as syn,ack",
	.words = words_none, .parse = flag_set_parse,
};

static const char *const words_part[] = { "first", "later", "no", NULL };

static const char *part_parse(const char *word, const struct slot *slot)
{
	const struct word *part = word_find(fragment_words, word);

	return part && part->value ? slot_set_number(slot, part->value) :
				     "is not first, later or no";
}

const struct kind kind_part = {
	.metavar = "first|later|no", .words = words_part, .parse = part_parse,
};
