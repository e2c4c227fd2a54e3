/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Recalling a frame: which ones the flow cache may know, and by what. Only for the hit
 * path, of which it is one half. Layer 3.
 */
#ifndef VNET_RECALL_FIND_H
#define VNET_RECALL_FIND_H

#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/if_vlan.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/jiffies.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "cache_table.h"
#include "recall.h"

/*
 * This is the second parser of frames, beside parse.c. It takes usual ones only: whose
 * headers are whole, in one piece and where they always are. What it does not take loses
 * time and nothing else. What it takes has to tell all that parse.c tells of it.
 */

/* In the first word, above the sender, who has 24 bits. */
#define VNET_RECALL_PCP_SHIFT	24
#define VNET_RECALL_TAGGED	BIT(27)

/* In the last word, above the ports. */
#define VNET_RECALL_PROTO_SHIFT	32
#define VNET_RECALL_DSCP_SHIFT	40
#define VNET_RECALL_FLAGS_SHIFT	48

/* The byte of a TCP header that has the flags from FIN to CWR, and what has to be there. */
#define VNET_RECALL_TCP_FLAGS	13
#define VNET_RECALL_TCP_BYTES	14
#define VNET_RECALL_PORT_BYTES	4
#define VNET_RECALL_ICMP_BYTES	2

static inline struct vnet_member *vnet_recall_tagged(const struct vnet_port *port,
						     const struct sk_buff *skb, u64 *word)
{
	struct vnet_member __rcu **by_vid = rcu_dereference(port->by_vid);
	struct vnet_member *from;

	/* A tag without a vid has no member there. */
	if (unlikely(skb->vlan_proto != htons(ETH_P_8021Q) || !by_vid))
		return NULL;
	from = rcu_dereference(by_vid[skb_vlan_tag_get_id(skb)]);
	if (likely(from))
		*word = from->id | VNET_RECALL_TAGGED |
			skb_vlan_tag_get_prio(skb) << VNET_RECALL_PCP_SHIFT;
	return from;
}

/* Whose frame it is, as the tag stage says; NULL: it has more tags, or none that counts. */
static inline struct vnet_member *vnet_recall_sender(const struct vnet_port *port,
						     const struct sk_buff *skb, u64 *word)
{
	struct vnet_member *from;

	if (unlikely(eth_type_vlan(skb->protocol)))
		return NULL;
	if (skb_vlan_tag_present(skb))
		return vnet_recall_tagged(port, skb, word);
	from = rcu_dereference(port->untagged);
	if (likely(from))
		*word = from->id;
	return from;
}

/*
 * What rules and guards look at of a transport header, of which @bytes are there; 0: not
 * usual, as is a protocol of that number, which nobody has.
 */
static inline u64 vnet_recall_transport(const u8 *l4, int bytes, u8 proto)
{
	u64 word = (u64)proto << VNET_RECALL_PROTO_SHIFT;

	if (likely(proto == IPPROTO_TCP)) {
		if (unlikely(bytes < VNET_RECALL_TCP_BYTES))
			return 0;
		word |= (u64)l4[VNET_RECALL_TCP_FLAGS] << VNET_RECALL_FLAGS_SHIFT;
		return word | get_unaligned((const u32 *)l4);
	}
	switch (proto) {
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		if (unlikely(bytes < VNET_RECALL_PORT_BYTES))
			return 0;
		return word | get_unaligned((const u32 *)l4);
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		if (unlikely(bytes < VNET_RECALL_ICMP_BYTES))
			return 0;
		/* Neighbours and routers, of which there is more to be known. */
		if (proto == IPPROTO_ICMPV6 && l4[0] > ICMPV6_ECHO_REPLY)
			return 0;
		return word | get_unaligned((const u16 *)l4);
	default:
		return bytes < 0 ? 0 : word;
	}
}

/* Of the first eight bytes of an IPv4 header: no options, no fragment. */
#define VNET_RECALL_IPV4_MASK	cpu_to_be64(0xff00000000003fffULL)
#define VNET_RECALL_IPV4_USUAL	cpu_to_be64(0x4500000000000000ULL)

/*
 * Bytes of the packet that are in one piece. What is too long to say how long it is will
 * be segments.
 */
static inline int vnet_recall_bytes(const struct sk_buff *skb, int there, __be16 told)
{
	if (unlikely(!told))
		return skb_is_gso(skb) ? there : 0;
	return min_t(int, there, ntohs(told));
}

/* Two words. The length counts even where segments will have others: it is long enough. */
static inline bool vnet_recall_ipv4(const struct sk_buff *skb, u64 *word)
{
	const struct iphdr *ip = (const struct iphdr *)skb->data;
	int bytes = skb_headlen(skb);
	__be64 first;

	if (unlikely(bytes < (int)sizeof(*ip)))
		return false;
	first = get_unaligned((const __be64 *)ip);
	if (unlikely((first & VNET_RECALL_IPV4_MASK) != VNET_RECALL_IPV4_USUAL))
		return false;
	bytes = vnet_recall_bytes(skb, bytes, ip->tot_len) - sizeof(*ip);
	word[0] = get_unaligned((const u64 *)&ip->saddr);
	word[1] = vnet_recall_transport((const u8 *)(ip + 1), bytes, ip->protocol);
	if (unlikely(!word[1]))
		return false;
	word[1] |= (u64)(ip->tos >> 2) << VNET_RECALL_DSCP_SHIFT;
	return true;
}

/* Five words. Extension headers are not usual. */
static inline bool vnet_recall_ipv6(const struct sk_buff *skb, u64 *word)
{
	const struct ipv6hdr *ip = (const struct ipv6hdr *)skb->data;
	int bytes = skb_headlen(skb);

	if (unlikely(bytes < (int)sizeof(*ip) || ip->version != 6 ||
		     ipv6_ext_hdr(ip->nexthdr)))
		return false;
	bytes = vnet_recall_bytes(skb, bytes - sizeof(*ip), ip->payload_len);
	memcpy(word, &ip->saddr, sizeof(ip->saddr));
	memcpy(word + 2, &ip->daddr, sizeof(ip->daddr));
	word[4] = vnet_recall_transport((const u8 *)(ip + 1), bytes, ip->nexthdr);
	if (unlikely(!word[4]))
		return false;
	word[4] |= (u64)(ipv6_get_dsfield(ip) >> 2) << VNET_RECALL_DSCP_SHIFT;
	return true;
}

/* Whether anything looks at more than the Ethernet header of a member's frames. */
static inline bool vnet_recall_deep(const struct vnet_member *from)
{
	const struct vnet_ruleset *rules = vnet_rule_active(&from->network->rules);

	return rcu_access_pointer(from->guard) || vnet_rule_any(rules, VNET_DIR_EGRESS) ||
	       vnet_rule_any(rules, VNET_DIR_INGRESS);
}

/* The generations of all that decides about frames of a network. */
static inline u64 vnet_recall_generation(const struct vnet_network *network)
{
	u32 state = READ_ONCE(network->generation) + READ_ONCE(network->fdb.generation);
	u32 rules = READ_ONCE(network->rules.generation);

	/*
	 * Before anything is looked at: what changes from here on is worth nothing later.
	 * Pairs with the releases of those who raise them.
	 */
	smp_rmb();
	return (u64)rules << 32 | state;
}

/*
 * Asks for all headers that count; each length of a key has code of its own, as a loop
 * over words costs as much again.
 */
static inline struct vnet_decision *vnet_recall_ask(struct vnet_recall *recall,
						    const struct sk_buff *skb,
						    __be16 ethertype, u32 now)
{
	struct vnet_cache_query *query = &recall->query;

	if (!vnet_recall_deep(recall->from))
		return vnet_cache_find(recall->cache, query, 3, now);
	if (likely(ethertype == htons(ETH_P_IP)))
		return likely(vnet_recall_ipv4(skb, query->word + 3)) ?
		       vnet_cache_find(recall->cache, query, 5, now) : NULL;
	if (ethertype == htons(ETH_P_IPV6) && vnet_recall_ipv6(skb, query->word + 3))
		return vnet_cache_find(recall->cache, query, 8, now);
	return NULL;
}

/**
 * vnet_recall_renew - ask what is not asked of each frame, but once a jiffy
 * @recall: a decision is known
 * @now: in jiffies
 *
 * Whether the addresses are still young enough; and the sender's is young again.
 *
 * Context: RCU read side, bottom halves off.
 * Return: false if the decision does not hold any more.
 */
bool vnet_recall_renew(struct vnet_recall *recall, u32 now);

/**
 * vnet_recall - what was decided about frames like this one
 * @recall: of this CPU; filled in
 * @port: where the frame came in
 * @skb: the frame, as received
 *
 * Frames to many and those that are not usual are decided about each time.
 *
 * Context: RCU read side, bottom halves off.
 * Return: true if recall->known is the decision.
 */
static __always_inline bool vnet_recall(struct vnet_recall *recall,
					const struct vnet_port *port,
					const struct sk_buff *skb)
{
	struct vnet_cache_query *query = &recall->query;
	const u8 *mac = skb->data - ETH_HLEN;
	struct vnet_network *network;
	u32 now = jiffies;

	query->words = 0;
	recall->known = NULL;
	recall->from = NULL;
	/* One that was not set is elsewhere. */
	if (unlikely(skb->head + skb->mac_header != mac || is_multicast_ether_addr(mac)))
		return false;
	recall->from = vnet_recall_sender(port, skb, &query->word[0]);
	if (unlikely(!recall->from))
		return false;
	network = recall->from->network;
	query->generation = vnet_recall_generation(network);
	query->network = network->number;
	/* Destination and two bytes of the source; the source and the type. */
	query->word[1] = get_unaligned((const u64 *)mac);
	query->word[2] = get_unaligned((const u64 *)(mac + ETH_ALEN));
	recall->known = vnet_recall_ask(recall, skb, ((const struct ethhdr *)mac)->h_proto, now);
	if (!recall->known)
		return false;
	return likely(recall->known->used == now) || vnet_recall_renew(recall, now);
}

#endif /* VNET_RECALL_FIND_H */
