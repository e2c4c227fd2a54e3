/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The classifier: which of a list of rules decides about a key.
 * Layer 0: it must not know skbs, names, counters or who asks.
 */
#ifndef VNET_MATCH_H
#define VNET_MATCH_H

#include "key.h"

/* Which fields of a struct vnet_match are compared. */
#define VNET_MATCH_MEMBER	0x0001
#define VNET_MATCH_SRC_MAC	0x0002
#define VNET_MATCH_DST_MAC	0x0004
#define VNET_MATCH_ETHERTYPE	0x0008
#define VNET_MATCH_SRC_IP	0x0010
#define VNET_MATCH_DST_IP	0x0020
#define VNET_MATCH_PROTO	0x0040
#define VNET_MATCH_SPORT	0x0080
#define VNET_MATCH_DPORT	0x0100
#define VNET_MATCH_ICMP_TYPE	0x0200
#define VNET_MATCH_ICMP_CODE	0x0400

/**
 * struct vnet_match - what one rule wants of a frame
 * @fields: VNET_MATCH_*, the fields below that count
 * @member: id of the sender (egress) or the receiver (ingress)
 * @src_mac: address, already masked
 * @src_mac_mask: set bits are compared
 * @dst_mac: address, already masked
 * @dst_mac_mask: set bits are compared
 * @ethertype: payload type
 * @version: 4 or 6 when an IP address counts, else 0
 * @src_prefix_len: leading bits of @src_ip that count, 0..32 or 0..128
 * @dst_prefix_len: likewise for @dst_ip
 * @proto: IP protocol
 * @src_ip: address, already masked
 * @dst_ip: address, already masked
 * @sport_min: first source port, host order
 * @sport_max: last one
 * @dport_min: first destination port
 * @dport_max: last one
 * @icmp_type: ICMP or ICMPv6 type
 * @icmp_code: code
 */
struct vnet_match {
	u32 fields;
	u32 member;
	u8 src_mac[6];
	u8 src_mac_mask[6];
	u8 dst_mac[6];
	u8 dst_mac_mask[6];
	__be16 ethertype;
	u8 version;
	u8 src_prefix_len;
	u8 dst_prefix_len;
	u8 proto;
	union vnet_addr src_ip;
	union vnet_addr dst_ip;
	u16 sport_min;
	u16 sport_max;
	u16 dport_min;
	u16 dport_max;
	u8 icmp_type;
	u8 icmp_code;
};

struct vnet_match_set;

struct vnet_match_set *vnet_match_build(const struct vnet_match *const *rules,
					u32 count);
void vnet_match_free(struct vnet_match_set *set);
int vnet_match_find(const struct vnet_match_set *set,
		    const struct vnet_key *key, u32 member);
u32 vnet_match_count(const struct vnet_match_set *set);
size_t vnet_match_bytes(const struct vnet_match_set *set);
bool vnet_match_equal(const struct vnet_match *a, const struct vnet_match *b);

#endif /* VNET_MATCH_H */
