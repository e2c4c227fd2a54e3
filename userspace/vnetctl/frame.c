// SPDX-License-Identifier: GPL-2.0-only
/*
 * frame: from the first bytes of a frame to the fields by which a rule would match
 * it. What is cut off or makes no sense is left out. It shows nothing.
 */
#include "frame.h"

#include <string.h>

#define ETHERTYPE_IPV4	0x0800
#define ETHERTYPE_ARP	0x0806
#define ETHERTYPE_IPV6	0x86dd
#define ETHERTYPE_MIN	0x0600

#define PROTO_HOP	0
#define PROTO_ICMP	1
#define PROTO_TCP	6
#define PROTO_UDP	17
#define PROTO_DCCP	33
#define PROTO_ROUTING	43
#define PROTO_FRAGMENT	44
#define PROTO_AUTH	51
#define PROTO_ICMP6	58
#define PROTO_DESTINATION 60
#define PROTO_SCTP	132
#define PROTO_UDPLITE	136

/** struct rest - what was not read yet */
struct rest {
	const uint8_t *data;
	size_t size;
	struct vnet_rule *rule;
};

static uint16_t get16(const uint8_t *data)
{
	return data[0] << 8 | data[1];
}

static void mark(struct rest *r, unsigned int attr)
{
	r->rule->id.has |= VNET_HAS(attr);
}

/* Moves on; false if that is beyond the end. */
static bool skip(struct rest *r, size_t size)
{
	if (size > r->size)
		return false;
	r->data += size;
	r->size -= size;
	return true;
}

static void take_ip(struct rest *r, unsigned int attr, struct vnet_ip *ip,
		    size_t offset, uint8_t size)
{
	ip->size = size;
	memcpy(ip->byte, r->data + offset, size);
	mark(r, attr);
}

static bool has_ports(unsigned int proto)
{
	return proto == PROTO_TCP || proto == PROTO_UDP || proto == PROTO_UDPLITE ||
	       proto == PROTO_SCTP || proto == PROTO_DCCP;
}

static void read_tcp_flags(struct rest *r)
{
	if (r->size < 14 || !r->data[13])
		return;
	r->rule->tcp_flags = r->data[13];
	r->rule->tcp_flags_mask = r->data[13];
	mark(r, VNET_A_RULE_TCP_FLAGS);
	mark(r, VNET_A_RULE_TCP_FLAGS_MASK);
}

/* Neighbour solicitations, advertisements and redirects. */
static bool has_target(unsigned int icmp_type)
{
	return icmp_type >= 135 && icmp_type <= 137;
}

static void read_transport(struct rest *r, unsigned int proto)
{
	struct vnet_rule *rule = r->rule;

	if (has_ports(proto) && r->size >= 4) {
		rule->src_port_min = get16(r->data);
		rule->dst_port_min = get16(r->data + 2);
		mark(r, VNET_A_RULE_SRC_PORT_MIN);
		mark(r, VNET_A_RULE_DST_PORT_MIN);
	}
	if (proto == PROTO_TCP)
		read_tcp_flags(r);
	if ((proto == PROTO_ICMP || proto == PROTO_ICMP6) && r->size >= 2) {
		rule->icmp_type = r->data[0];
		rule->icmp_code = r->data[1];
		mark(r, VNET_A_RULE_ICMP_TYPE);
		mark(r, VNET_A_RULE_ICMP_CODE);
	}
	if (proto == PROTO_ICMP6 && r->size >= 24 && has_target(r->data[0]))
		take_ip(r, VNET_A_RULE_TARGET, &rule->target, 8, 16);
}

/* Of the field with the offset, whose lowest bits say more; true for a later part. */
static bool read_fragment(struct rest *r, bool later, bool more)
{
	if (!later && !more)
		return false;
	r->rule->fragment = later ? VNET_FRAGMENT_LATER : VNET_FRAGMENT_FIRST;
	mark(r, VNET_A_RULE_FRAGMENT);
	return later;
}

static void set_proto(struct rest *r, unsigned int proto)
{
	r->rule->proto = proto;
	mark(r, VNET_A_RULE_PROTO);
}

static void read_ipv4(struct rest *r)
{
	unsigned int proto;
	uint16_t offset;
	size_t header;

	if (r->size < 20)
		return;
	header = (r->data[0] & 15) * 4;
	proto = r->data[9];
	offset = get16(r->data + 6);
	take_ip(r, VNET_A_RULE_SRC_IP, &r->rule->src_ip, 12, 4);
	take_ip(r, VNET_A_RULE_DST_IP, &r->rule->dst_ip, 16, 4);
	set_proto(r, proto);
	if (!read_fragment(r, offset & 0x1fff, offset & 0x2000) && header >= 20 &&
	    skip(r, header))
		read_transport(r, proto);
}

static size_t extension_size(const struct rest *r, unsigned int proto)
{
	if (proto == PROTO_FRAGMENT)
		return 8;
	return proto == PROTO_AUTH ? (r->data[1] + 2) * 4 : (r->data[1] + 1) * 8;
}

static bool is_extension(unsigned int proto)
{
	return proto == PROTO_HOP || proto == PROTO_ROUTING || proto == PROTO_FRAGMENT ||
	       proto == PROTO_DESTINATION || proto == PROTO_AUTH;
}

static void read_ipv6(struct rest *r)
{
	bool later = false;
	unsigned int proto;
	uint16_t offset;
	uint8_t next;

	if (r->size < 40)
		return;
	proto = r->data[6];
	take_ip(r, VNET_A_RULE_SRC_IP, &r->rule->src_ip, 8, 16);
	take_ip(r, VNET_A_RULE_DST_IP, &r->rule->dst_ip, 24, 16);
	skip(r, 40);
	while (is_extension(proto) && !later) {
		if (r->size < 8)
			return;
		next = r->data[0];
		offset = get16(r->data + 2);
		if (proto == PROTO_FRAGMENT)
			later = read_fragment(r, offset & 0xfff8, offset & 1);
		if (!skip(r, extension_size(r, proto)))
			return;
		proto = next;
	}
	set_proto(r, proto);
	if (!later)
		read_transport(r, proto);
}

/* Ethernet and IPv4 addresses only. */
static void read_arp(struct rest *r)
{
	if (r->size < 28 || get16(r->data + 2) != ETHERTYPE_IPV4 ||
	    r->data[4] != 6 || r->data[5] != 4)
		return;
	take_ip(r, VNET_A_RULE_ARP_SENDER, &r->rule->arp_sender, 14, 4);
	take_ip(r, VNET_A_RULE_TARGET, &r->rule->target, 24, 4);
}

/**
 * frame_read() - read the headers of a frame
 * @data: its first bytes, from the Ethernet header on
 * @size: how many
 * @rule: receives what they say; what it has says what was found
 */
void frame_read(const uint8_t *data, size_t size, struct vnet_rule *rule)
{
	struct rest r = { .data = data, .size = size, .rule = rule };
	uint16_t type;

	memset(rule, 0, sizeof(*rule));
	if (size < 14)
		return;
	memcpy(rule->dst_mac.byte, data, 6);
	memcpy(rule->src_mac.byte, data + 6, 6);
	mark(&r, VNET_A_RULE_SRC_MAC);
	mark(&r, VNET_A_RULE_DST_MAC);
	type = get16(data + 12);
	if (type < ETHERTYPE_MIN)
		return;
	rule->ethertype = type;
	mark(&r, VNET_A_RULE_ETHERTYPE);
	skip(&r, 14);
	if (type == ETHERTYPE_IPV4)
		read_ipv4(&r);
	else if (type == ETHERTYPE_IPV6)
		read_ipv6(&r);
	else if (type == ETHERTYPE_ARP)
		read_arp(&r);
}
