// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_told: what is told about a frame. A frame is shown in the words in which a
 * rule would match it. It knows no object but a rule's match.
 */
#include <arpa/inet.h>
#include <stdio.h>

#include "format.h"
#include "frame.h"
#include "kind.h"
#include "object.h"

/* The next value says whether it only would. */
static void would_show(struct out *o, const struct slot *slot)
{
	unsigned int value = slot_number(slot, slot->key->attr);
	const char *name = vnet_name(VNET_NAMES_ACTION, value);
	struct text text;

	snprintf(text.s, sizeof(text.s), "%s%s",
		 slot_number(slot, slot->key->attr + 1) ? "would " : "",
		 name ? name : "unknown");
	out_string(o, &slot->key->out, name ? name : "unknown", text.s);
}

const struct kind kind_would = { .show = would_show };

static void address_show(struct out *o, const struct slot *slot)
{
	const struct vnet_ip *ip = slot_value(slot, slot->key->attr);
	char text[INET6_ADDRSTRLEN] = "";

	inet_ntop(ip->size == 4 ? AF_INET : AF_INET6, ip->byte, text, sizeof(text));
	out_string(o, &slot->key->out, text, NULL);
}

static const struct kind kind_told_address = { .show = address_show };
static const struct kind kind_told_ip4 = { .suits = slot_is_ip4, .show = address_show };
static const struct kind kind_told_ip6 = { .suits = slot_is_ip6, .show = address_show };

static void port_show(struct out *o, const struct slot *slot)
{
	out_number(o, &slot->key->out, slot_number(slot, slot->key->attr), NULL);
}

static const struct kind kind_port_number = { .show = port_show };

#define PART(_kind, _attr, _json, _word)				\
	{ .kind = &(_kind), .attr = (_attr), .normal = UINT64_MAX,	\
	  .out = { (_json), (_word), OUT_OPTION } }

static const struct key parts[] = {
	PART(kind_mac, VNET_A_RULE_SRC_MAC, "src_mac", "src-mac"),
	PART(kind_mac, VNET_A_RULE_DST_MAC, "dst_mac", "dst-mac"),
	PART(kind_ethertype, VNET_A_RULE_ETHERTYPE, "ethertype", "ethertype"),
	PART(kind_told_address, VNET_A_RULE_SRC_IP, "src", "src"),
	PART(kind_told_address, VNET_A_RULE_DST_IP, "dst", "dst"),
	PART(kind_proto, VNET_A_RULE_PROTO, "proto", "proto"),
	PART(kind_port_number, VNET_A_RULE_SRC_PORT_MIN, "sport", "sport"),
	PART(kind_port_number, VNET_A_RULE_DST_PORT_MIN, "dport", "dport"),
	PART(kind_icmp_type, VNET_A_RULE_ICMP_TYPE, "icmp_type", "icmp-type"),
	PART(kind_count, VNET_A_RULE_ICMP_CODE, "icmp_code", "icmp-code"),
	PART(kind_tcp_flags, VNET_A_RULE_TCP_FLAGS, "tcp_flags", "tcp-flags"),
	PART(kind_fragment, VNET_A_RULE_FRAGMENT, "fragment", "fragment"),
	PART(kind_told_address, VNET_A_RULE_ARP_SENDER, "arp_sender", "arp-sender"),
	PART(kind_told_ip4, VNET_A_RULE_TARGET, "arp_target", "arp-target"),
	PART(kind_told_ip6, VNET_A_RULE_TARGET, "nd_target", "nd-target"),
	KEY_END
};

static void frame_show(struct out *o, const struct slot *slot)
{
	const struct vnet_bytes *frame = slot_value(slot, slot->key->attr);
	char hex[2 * sizeof(frame->byte) + 1] = "";
	struct vnet_rule rule;
	unsigned int i;

	frame_read(frame->byte, frame->size, &rule);
	object_values(o, &vnet_rule_schema, parts, &rule, false);
	for (i = 0; i < frame->size; i++)
		sprintf(hex + 2 * i, "%02x", frame->byte[i]);
	out_string(o, &slot->key->out, hex, NULL);
}

const struct kind kind_frame = { .show = frame_show };

/* A number in JSON in any case, so that they can be added up. */
static void suppressed_show(struct out *o, const struct slot *slot)
{
	uint64_t value = slot_number(slot, slot->key->attr);

	if (out_is_json(o) || value)
		out_number(o, &slot->key->out, value, NULL);
}

const struct kind kind_suppressed = { .show = suppressed_show };
