// SPDX-License-Identifier: GPL-2.0-only
/*
 * The hash of a frame's flow: the same for all frames of a connection, or as near to
 * that as the frame can tell. Layer 1: it must not know members or the packet path.
 */
#include "queue.h"

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jhash.h>
#include <linux/skbuff.h>
#include <linux/string.h>
#include <net/ip.h>

/* Both ports, which all these protocols have at the beginning. */
static bool has_ports(u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_SCTP;
}

static bool hash_ports(const struct sk_buff *skb, unsigned int offset, u32 addresses,
		       u32 key, u32 *hash)
{
	u32 ports;

	if (unlikely(offset + sizeof(ports) > skb_headlen(skb)))
		return false;
	memcpy(&ports, skb->data + offset, sizeof(ports));
	*hash = jhash_2words(addresses, ports, key);
	return true;
}

/* All fragments of a packet belong together, but only the first one has ports. */
static bool hash_ipv4(const struct sk_buff *skb, u32 key, u32 *hash)
{
	struct iphdr ip;

	if (unlikely(ETH_HLEN + sizeof(ip) > skb_headlen(skb)))
		return false;
	memcpy(&ip, skb->data + ETH_HLEN, sizeof(ip));
	if (ip.version != 4 || ip.ihl < 5 || !has_ports(ip.protocol) ||
	    ip.frag_off & htons(IP_MF | IP_OFFSET))
		return false;
	return hash_ports(skb, ETH_HLEN + ip.ihl * 4,
			  jhash_2words((__force u32)ip.saddr, (__force u32)ip.daddr,
				       key + ip.protocol), key, hash);
}

static bool hash_ipv6(const struct sk_buff *skb, u32 key, u32 *hash)
{
	struct ipv6hdr ip;

	if (unlikely(ETH_HLEN + sizeof(ip) > skb_headlen(skb)))
		return false;
	memcpy(&ip, skb->data + ETH_HLEN, sizeof(ip));
	if (ip.version != 6 || !has_ports(ip.nexthdr))
		return false;
	return hash_ports(skb, ETH_HLEN + sizeof(ip),
			  jhash(&ip.saddr, 2 * sizeof(ip.saddr), key + ip.nexthdr),
			  key, hash);
}

/**
 * vnet_queue_hash - the hash of a frame's flow
 * @skb: a frame in switch form
 * @key: secret: who knows it may have flows meet
 *
 * Most frames that have no hash yet are TCP or UDP with their headers in one piece, and
 * for these a quarter of what the kernel's dissector costs is enough. It does the others.
 *
 * Context: any.
 * Return: a hash.
 */
u32 vnet_queue_hash(struct sk_buff *skb, u32 key)
{
	const struct ethhdr *eth = (const struct ethhdr *)skb->data;
	u32 hash;

	if (skb->l4_hash || skb->sw_hash)
		return skb->hash;
	if (eth->h_proto == htons(ETH_P_IP) && hash_ipv4(skb, key, &hash))
		return hash;
	if (eth->h_proto == htons(ETH_P_IPV6) && hash_ipv6(skb, key, &hash))
		return hash;
	return skb_get_hash(skb);
}
