// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marking: writing into a frame's headers what a rule or a queue says. It must not
 * know either.
 */
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include "mark.h"
#include "parse.h"

/* Tags in front of an IP header that are looked behind. */
#define MAX_TAGS 2

/* Where the network header of a frame begins, behind tags that are not the member's. */
static unsigned int network_offset(const struct sk_buff *skb, __be16 *proto)
{
	const struct vlan_hdr *tag;
	unsigned int offset = ETH_HLEN, tags;
	struct vlan_hdr buffer;

	*proto = ((const struct ethhdr *)skb->data)->h_proto;
	for (tags = 0; tags < MAX_TAGS && unlikely(eth_type_vlan(*proto)); tags++) {
		tag = skb_header_pointer(skb, offset, sizeof(buffer), &buffer);
		if (!tag)
			break;
		*proto = tag->h_vlan_encapsulated_proto;
		offset += sizeof(*tag);
	}
	return offset;
}

/**
 * vnet_mark_congestion - tell the receiver of a frame that a queue on its way is long
 * @skb: a frame in switch form
 *
 * By the two bits of ECN (RFC 3168): a sender that understands it says so in each
 * packet, and slows down as it would for one that is lost.
 *
 * Context: bottom halves off.
 * Return: whether the frame says it now; false: its sender would not understand, or
 * there is no memory for headers of its own.
 */
bool vnet_mark_congestion(struct sk_buff *skb)
{
	unsigned int offset, length;
	__be16 proto;
	void *ip;

	offset = network_offset(skb, &proto);
	if (proto == htons(ETH_P_IP))
		length = sizeof(struct iphdr);
	else if (proto == htons(ETH_P_IPV6))
		length = sizeof(struct ipv6hdr);
	else
		return false;
	if (skb->len < offset + length || skb_ensure_writable(skb, offset + length))
		return false;
	ip = skb->data + offset;
	if (proto == htons(ETH_P_IP))
		return IP_ECN_set_ce(ip);
	return IP6_ECN_set_ce(skb, ip);
}

/**
 * vnet_mark_dscp - write the DSCP of an IP packet
 * @pkt: a frame in switch form
 * @dscp: 0..63
 *
 * What the packet came with is noted in pkt->old_dscp. Other frames stay as they are,
 * as do the two bits of ECN. No checksum becomes wrong: that of the IPv4 header is
 * mended, those of the transport do not cover it, and a sum over the whole frame was
 * given up when it took on switch form (see vnet_tag_resolve()).
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONTINUE, or the reason when there is no memory for headers of its own:
 * copies of a flooded frame share theirs.
 */
enum vnet_verdict vnet_mark_dscp(struct vnet_pkt *pkt, u8 dscp)
{
	struct vnet_key *key = &pkt->key;
	struct sk_buff *skb = pkt->skb;
	void *ip;

	vnet_parse_network(pkt);
	if (!(key->flags & VNET_KEY_IP) || key->dscp == dscp)
		return VNET_CONTINUE;
	if (skb_ensure_writable(skb, ETH_HLEN + (key->version == 4 ?
						 sizeof(struct iphdr) :
						 sizeof(struct ipv6hdr))))
		return VNET_REFUSED(COPY_FAILED);
	ip = skb->data + ETH_HLEN;
	if (key->version == 4)
		ipv4_change_dsfield(ip, INET_ECN_MASK, dscp << 2);
	else
		ipv6_change_dsfield(ip, INET_ECN_MASK, dscp << 2);
	if (!pkt->old_dscp)
		pkt->old_dscp = VNET_PKT_MARKED | key->dscp;
	key->dscp = dscp;
	return VNET_CONTINUE;
}

/**
 * vnet_mark_first_dscp - the DSCP that a packet came with
 * @pkt: an IP packet in switch form, its key complete
 *
 * Return: the DSCP, whatever was written since.
 */
u8 vnet_mark_first_dscp(const struct vnet_pkt *pkt)
{
	return pkt->old_dscp ? pkt->old_dscp & ~VNET_PKT_MARKED : pkt->key.dscp;
}
