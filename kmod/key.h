/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The key: what the switch knows of a frame's headers, in one flat struct.
 * Layer 0: it must not know skbs, devices or tables.
 */
#ifndef VNET_KEY_H
#define VNET_KEY_H

#include <linux/types.h>
#include <linux/vnet.h>

/* What of a key is meaningful; a field whose flag is clear is zero. */
#define VNET_KEY_IP		0x01	/* version, addresses */
#define VNET_KEY_PROTO		0x02	/* proto: found, behind all extensions */
#define VNET_KEY_PORTS		0x04	/* sport, dport */
#define VNET_KEY_ICMP		0x08	/* icmp_type, icmp_code */
#define VNET_KEY_FRAGMENT	0x10	/* any fragment */
#define VNET_KEY_LATER		0x20	/* not the first fragment */
#define VNET_KEY_ARP		0x40	/* a whole Ethernet/IPv4 ARP message */
#define VNET_KEY_CUT		0x80	/* headers end early or make no sense */
#define VNET_KEY_TCP		0x100	/* tcp_flags */
#define VNET_KEY_PCP		0x200	/* pcp: the frame has a tag with a priority */
#define VNET_KEY_STATE		0x400	/* state: it belongs to a connection, or pretends to */
#define VNET_KEY_ND		0x800	/* target: neighbour discovery that has one */
/* The classifier has room for so many bits of them. */
#define VNET_KEY_FLAG_BITS	12

union vnet_addr {
	__be32 v4;
	__be32 v6[4];
	u8 bytes[16];
};

/**
 * struct vnet_key - headers of one frame, behind the member's tag
 * @dst: destination MAC
 * @src: source MAC
 * @ethertype: of the payload
 * @flags: VNET_KEY_*, which of the following are meaningful
 * @version: 4 or 6, with %VNET_KEY_IP, else 0
 * @proto: protocol of the payload, IPv6 extension headers skipped
 * @icmp_type: type of an ICMP or ICMPv6 message
 * @icmp_code: its code
 * @tcp_flags: byte 13 of the TCP header, FIN = 0x01 to CWR = 0x80
 * @dscp: the six bits of the IP header, with %VNET_KEY_IP
 * @pcp: priority of the outermost tag, 0..7
 * @state: one of enum vnet_state, filled in where a rule asks for it
 * @sport: source port
 * @dport: destination port
 * @l4: offset of the transport header from the Ethernet header, with
 *	%VNET_KEY_PROTO and without %VNET_KEY_LATER
 * @saddr: source address; for ARP the sender's
 * @daddr: destination address; for ARP the target's
 * @target: whom neighbour discovery asks for or tells of
 */
struct vnet_key {
	u8 dst[6];
	u8 src[6];
	__be16 ethertype;
	u16 flags;
	u8 version;
	u8 proto;
	u8 icmp_type;
	u8 icmp_code;
	u8 tcp_flags;
	u8 dscp;
	u8 pcp;
	u8 state;
	__be16 sport;
	__be16 dport;
	u16 l4;
	union vnet_addr saddr;
	union vnet_addr daddr;
	union vnet_addr target;
};

/**
 * vnet_nd_has_target - whether a message of neighbour discovery is about one address
 * @icmp_type: its ICMPv6 type
 *
 * Return: true for solicitations (135), advertisements (136) and redirects (137).
 */
static inline bool vnet_nd_has_target(u8 icmp_type)
{
	return icmp_type >= 135 && icmp_type <= 137;
}

/**
 * vnet_dir - index of a direction in the pairs that objects keep
 * @direction: %VNET_DIR_INGRESS or %VNET_DIR_EGRESS
 *
 * Return: 0 for ingress, 1 for egress.
 */
static inline unsigned int vnet_dir(enum vnet_direction direction)
{
	return direction - VNET_DIR_INGRESS;
}

#define VNET_DIRS 2

#endif /* VNET_KEY_H */
