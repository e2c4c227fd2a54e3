/* SPDX-License-Identifier: GPL-2.0-only */
/* Parsing: from the bytes of a frame to its key. Layer 3. */
#ifndef VNET_PARSE_H
#define VNET_PARSE_H

#include "pkt.h"

struct ipv6hdr;

enum vnet_verdict vnet_parse_ethernet(struct vnet_pkt *pkt);
void vnet_parse_key(struct vnet_pkt *pkt);
void vnet_parse_network(struct vnet_pkt *pkt);
bool vnet_parse_failed(const struct vnet_key *key);
unsigned int vnet_parse_ipv6_end(const struct sk_buff *skb, const struct ipv6hdr *ip);
u32 vnet_parse_gso_bytes(const struct sk_buff *skb, unsigned int overhead);
bool vnet_parse_divisible(const struct sk_buff *skb);
u32 vnet_parse_packets(const struct sk_buff *skb);

/**
 * vnet_parse_wire_bytes - bytes that a frame takes on the wire
 * @skb: a frame in switch form
 * @overhead: bytes that each frame takes there besides its own
 *
 * Return: bytes without tag and FCS, unless these are in @overhead.
 */
static inline u32 vnet_parse_wire_bytes(const struct sk_buff *skb, unsigned int overhead)
{
	if (likely(!skb_is_gso(skb)))
		return skb->len + overhead;
	return vnet_parse_gso_bytes(skb, overhead);
}

#endif /* VNET_PARSE_H */
