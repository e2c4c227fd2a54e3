// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_address: the values that are addresses and other header fields. Where
 * two attributes make one word, the second follows the first in number. It
 * knows no object.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "kind.h"
#include "parse.h"
#include "tables.h"

static const char *mac_parse(const char *word, const struct slot *slot)
{
	const char *why = parse_mac(word, slot_value(slot, slot->key->attr));

	if (!why)
		slot_mark(slot, slot->key->attr);
	return why;
}

static bool mac_fits(const char *word)
{
	struct vnet_mac mac;

	return !parse_mac(word, &mac);
}

static void mac_show(struct out *o, const struct slot *slot)
{
	struct text text;

	out_string(o, &slot->key->out,
		   format_mac(&text, slot_value(slot, slot->key->attr)), NULL);
}

const struct kind kind_mac = {
	.metavar = "MAC", .what = "a MAC address such as 02:00:00:00:00:01",
	.live = LIVE_MACS,
	.fits = mac_fits, .parse = mac_parse, .show = mac_show,
};

static const char *mac_mask_parse(const char *word, const struct slot *slot)
{
	unsigned int attr = slot->key->attr;
	const char *why = parse_mac_mask(word, slot_value(slot, attr),
					 slot_value(slot, attr + 1));

	if (!why) {
		slot_mark(slot, attr);
		slot_mark(slot, attr + 1);
	}
	return why;
}

static void mac_mask_show(struct out *o, const struct slot *slot)
{
	unsigned int attr = slot->key->attr;
	struct vnet_mac mask = { "\xff\xff\xff\xff\xff\xff" };
	struct text text, full;

	if (slot_has(slot, attr + 1))
		memcpy(&mask, slot_value(slot, attr + 1), sizeof(mask));
	format_mac_mask(&full, slot_value(slot, attr), &mask, 1);
	format_mac_mask(&text, slot_value(slot, attr), &mask, 0);
	out_string(o, &slot->key->out, full.s, text.s);
}

const struct kind kind_mac_mask = {
	.metavar = "MAC[/MASK]", .what = "a MAC address, with a mask or without",
	.pair = true, .parse = mac_mask_parse, .show = mac_mask_show,
};

static const char *prefix_parse(const char *word, const struct slot *slot)
{
	unsigned int attr = slot->key->attr;
	struct vnet_prefix prefix;
	const char *why = parse_prefix(word, &prefix);

	if (why)
		return why;
	memcpy(slot_value(slot, attr), &prefix.ip, sizeof(prefix.ip));
	memcpy(slot_value(slot, attr + 1), &prefix.len, sizeof(prefix.len));
	slot_mark(slot, attr);
	slot_mark(slot, attr + 1);
	return NULL;
}

static void prefix_show(struct out *o, const struct slot *slot)
{
	unsigned int attr = slot->key->attr;
	struct vnet_prefix prefix;
	struct text text, full;

	memcpy(&prefix.ip, slot_value(slot, attr), sizeof(prefix.ip));
	prefix.len = slot_has(slot, attr + 1) ? slot_number(slot, attr + 1) :
						prefix.ip.size * 8;
	out_string(o, &slot->key->out, format_prefix(&full, &prefix, 1),
		   format_prefix(&text, &prefix, 0));
}

const struct kind kind_prefix = {
	.metavar = "PREFIX", .what = "an address such as 10.0.0.0/8 or fd00::1",
	.pair = true, .parse = prefix_parse, .show = prefix_show,
};

static const char *prefix4_parse(const char *word, const struct slot *slot)
{
	return strchr(word, ':') ? "is not IPv4, and ARP knows nothing else" :
				   prefix_parse(word, slot);
}

static const char *prefix6_parse(const char *word, const struct slot *slot)
{
	return strchr(word, ':') ? prefix_parse(word, slot) :
				   "is not IPv6, and neighbour discovery knows nothing else";
}

const struct kind kind_prefix4 = {
	.metavar = "PREFIX", .what = "an IPv4 address such as 10.0.0.0/8",
	.pair = true, .parse = prefix4_parse, .suits = slot_is_ip4, .show = prefix_show,
};

const struct kind kind_prefix6 = {
	.metavar = "PREFIX", .what = "an IPv6 address such as fd00::/64",
	.pair = true, .parse = prefix6_parse, .suits = slot_is_ip6, .show = prefix_show,
};

static const char *const words_off[] = { "off", NULL };

static const char *macs_parse(const char *word, const struct slot *slot)
{
	const char *why = parse_macs(word, slot_value(slot, slot->key->attr));

	if (!why)
		slot_mark(slot, slot->key->attr);
	return why;
}

static const char *prefixes_parse(const char *word, const struct slot *slot)
{
	const char *why =
		parse_prefixes(word, slot_value(slot, slot->key->attr));

	if (!why)
		slot_mark(slot, slot->key->attr);
	return why;
}

/* Shows a list of which write() makes the words. */
static void list_show(struct out *o, const struct slot *slot, size_t count,
		      const char *(*write)(struct text *text, const void *list,
					   size_t i))
{
	const void *list = slot_value(slot, slot->key->attr);
	struct text *texts = calloc(count + 1, sizeof(*texts));
	const char **words = calloc(count + 1, sizeof(*words));
	size_t i;

	for (i = 0; texts && words && i < count; i++)
		words[i] = write(&texts[i], list, i);
	if (texts && words)
		out_array(o, &slot->key->out, count, words);
	free(words);
	free(texts);
}

static const char *write_mac(struct text *text, const void *list, size_t i)
{
	return format_mac(text, &((const struct vnet_macs *)list)->items[i]);
}

static const char *write_prefix(struct text *text, const void *list, size_t i)
{
	const struct vnet_prefixes *prefixes = list;

	return format_prefix(text, &prefixes->items[i], 1);
}

static void macs_show(struct out *o, const struct slot *slot)
{
	const struct vnet_macs *list = slot_value(slot, slot->key->attr);

	list_show(o, slot, list->count, write_mac);
}

static void prefixes_show(struct out *o, const struct slot *slot)
{
	const struct vnet_prefixes *list = slot_value(slot, slot->key->attr);

	list_show(o, slot, list->count, write_prefix);
}

const struct kind kind_macs = {
	.metavar = "MAC[,MAC...]", .what = "MAC addresses with commas between",
	.words = words_off, .parse = macs_parse, .show = macs_show,
};

const struct kind kind_prefixes = {
	.metavar = "PREFIX[,PREFIX...]",
	.what = "addresses such as 10.0.0.1,fd00::/64",
	.words = words_off, .parse = prefixes_parse, .show = prefixes_show,
};

static const char *const words_ethertype[] = { "ipv4", "ipv6", "arp", NULL };

static const char *ethertype_parse(const char *word, const struct slot *slot)
{
	uint64_t value;
	const char *why = parse_ethertype(word, &value);

	return why ? why : slot_set_number(slot, value);
}

static void ethertype_show(struct out *o, const struct slot *slot)
{
	unsigned int value = slot_number(slot, slot->key->attr);
	struct text text;

	out_string(o, &slot->key->out,
		   format_word(&text, ethertype_words, value, 1), NULL);
}

const struct kind kind_ethertype = {
	.metavar = "0xHHHH", .what = "an Ethernet type such as 0x88cc",
	.words = words_ethertype, .parse = ethertype_parse,
	.show = ethertype_show,
};

static const char *const words_proto[] = {
	"tcp", "udp", "icmp", "icmp6", "sctp", NULL
};

static const char *proto_parse(const char *word, const struct slot *slot)
{
	uint64_t value;
	const char *why = parse_proto(word, &value);

	return why ? why : slot_set_number(slot, value);
}

static void proto_show(struct out *o, const struct slot *slot)
{
	unsigned int value = slot_number(slot, slot->key->attr);
	struct text text;

	out_string(o, &slot->key->out,
		   format_word(&text, proto_words, value, 0), NULL);
}

const struct kind kind_proto = {
	.metavar = "NUMBER", .what = "the number of an IP protocol",
	.words = words_proto, .parse = proto_parse, .show = proto_show,
};

static const char *ports_parse(const char *word, const struct slot *slot)
{
	unsigned int attr = slot->key->attr;
	const char *why = parse_range(word, slot_value(slot, attr),
				      slot_value(slot, attr + 1));

	if (!why) {
		slot_mark(slot, attr);
		slot_mark(slot, attr + 1);
	}
	return why;
}

static void ports_show(struct out *o, const struct slot *slot)
{
	unsigned int attr = slot->key->attr;
	unsigned int last = slot_has(slot, attr + 1) ? attr + 1 : attr;
	struct text text;

	out_string(o, &slot->key->out,
		   format_range(&text, slot_number(slot, attr),
				slot_number(slot, last)), NULL);
}

const struct kind kind_ports = {
	.metavar = "N[-M]", .what = "a port or a range of ports",
	.pair = true, .parse = ports_parse, .show = ports_show,
};

static unsigned int known_proto(const struct slot *slot)
{
	return slot_has(slot, VNET_A_RULE_PROTO) ?
	       slot_number(slot, VNET_A_RULE_PROTO) : 0;
}

static const char *icmp_type_parse(const char *word, const struct slot *slot)
{
	uint64_t value;
	const char *why = parse_icmp_type(word, known_proto(slot), &value);

	return why ? why : slot_set_number(slot, value);
}

static void icmp_type_show(struct out *o, const struct slot *slot)
{
	unsigned int value = slot_number(slot, slot->key->attr);
	struct text text;

	out_number(o, &slot->key->out, value,
		   format_word(&text, icmp_words_of(known_proto(slot)), value,
			       0));
}

const struct kind kind_icmp_type = {
	.metavar = "N|NAME", .what = "an ICMP message such as 8 or echo-request",
	.parse = icmp_type_parse, .show = icmp_type_show,
};
