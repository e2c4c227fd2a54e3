// SPDX-License-Identifier: GPL-2.0-only
/*
 * Marking: writing into a frame's headers what a rule says. It must not know rules.
 */
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/dsfield.h>
#include <net/inet_ecn.h>
#include "mark.h"
#include "parse.h"

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
