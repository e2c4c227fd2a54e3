// SPDX-License-Identifier: GPL-2.0-only
/*
 * Parsing: all length checks of the packet path live here and in tag.c. A
 * header that ends early is not an error of the switch: it is told as
 * VNET_KEY_CUT, and whoever needs the header decides. It must not know members
 * or rules.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/if_arp.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/dsfield.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include "parse.h"

/* Extension headers that are followed before a chain counts as nonsense. */
#define MAX_EXTENSIONS 8
/* The byte of a TCP header that has the flags from FIN to CWR. */
#define TCP_FLAGS_OFFSET 13
/* Bytes of headers that a segment of a GSO frame is charged with at most. */
#define MAX_HEADERS 256
/*
 * A frame of more segments is not split: 512 KiB have 362 of usual size. A guest may
 * want segments of one byte.
 */
#define MAX_SEGMENTS 512

/**
 * vnet_parse_ethernet - the checks that need no network
 * @pkt: a frame as the core hands it to a receive handler: data behind the
 *	Ethernet header, the first tag (if any) in the metadata
 *
 * Return: %VNET_CONTINUE or the drop reason.
 */
enum vnet_verdict vnet_parse_ethernet(struct vnet_pkt *pkt)
{
	struct sk_buff *skb = pkt->skb;
	const struct ethhdr *eth;

	if (unlikely(!skb_mac_header_was_set(skb) ||
		     skb->data - skb_mac_header(skb) != ETH_HLEN))
		return VNET_REFUSED(SHORT_FRAME);
	eth = eth_hdr(skb);
	if (unlikely(!is_valid_ether_addr(eth->h_source)))
		return VNET_REFUSED(BAD_SOURCE);
	if (unlikely(is_link_local_ether_addr(eth->h_dest)))
		return VNET_REFUSED(RESERVED_MAC);
	return VNET_CONTINUE;
}

/**
 * vnet_parse_key - begin the key with tag and Ethernet header
 * @pkt: a frame in switch form
 */
void vnet_parse_key(struct vnet_pkt *pkt)
{
	const struct ethhdr *eth = (const struct ethhdr *)pkt->skb->data;

	ether_addr_copy(pkt->key.dst, eth->h_dest);
	ether_addr_copy(pkt->key.src, eth->h_source);
	pkt->key.ethertype = eth->h_proto;
	if (pkt->tagged) {
		pkt->key.pcp = pkt->pcp;
		pkt->key.flags |= VNET_KEY_PCP;
	}
}

/*
 * Where the IP packet in a frame ends: Ethernet padding behind that is nobody's
 * header. A GSO frame's idea of its length is not what its segments will say.
 */
static unsigned int packet_end(const struct sk_buff *skb, unsigned int length)
{
	if (skb_is_gso(skb))
		return skb->len;
	return min_t(unsigned int, skb->len, ETH_HLEN + length);
}

/**
 * vnet_parse_ipv6_end - where the IPv6 packet in a frame ends
 * @skb: a frame in switch form
 * @ip: its IPv6 header
 *
 * Receivers take a length of 0 in front of a hop-by-hop header for "all of it",
 * with or without a jumbo option.
 *
 * Return: offset from the Ethernet header.
 */
unsigned int vnet_parse_ipv6_end(const struct sk_buff *skb, const struct ipv6hdr *ip)
{
	if (!ip->payload_len && ip->nexthdr == NEXTHDR_HOP)
		return skb->len;
	return packet_end(skb, sizeof(*ip) + ntohs(ip->payload_len));
}

/* A header that lies whole in front of @end, or NULL. */
static const void *header(const struct sk_buff *skb, unsigned int offset,
			  unsigned int length, void *buffer, unsigned int end)
{
	if (offset + length > end)
		return NULL;
	return skb_header_pointer(skb, offset, length, buffer);
}

static void parse_icmp(struct vnet_key *key, const struct sk_buff *skb,
		       unsigned int offset, unsigned int end)
{
	union vnet_addr buffer;
	const union vnet_addr *target;
	const u8 *icmp;

	icmp = header(skb, offset, 2, &buffer, end);
	if (!icmp) {
		key->flags |= VNET_KEY_CUT;
		return;
	}
	key->icmp_type = icmp[0];
	key->icmp_code = icmp[1];
	key->flags |= VNET_KEY_ICMP;
	if (key->proto != IPPROTO_ICMPV6 || !vnet_nd_has_target(key->icmp_type))
		return;
	/* It follows the ICMPv6 header. */
	target = header(skb, offset + sizeof(struct icmphdr), sizeof(buffer), &buffer, end);
	if (!target) {
		key->flags |= VNET_KEY_CUT;
		return;
	}
	memcpy(&key->target, target, sizeof(key->target));
	key->flags |= VNET_KEY_ND;
}

static void parse_transport(struct vnet_key *key, const struct sk_buff *skb,
			    unsigned int offset, unsigned int end)
{
	const __be16 *ports;
	__be16 buffer[2];
	const u8 *flags;

	if (key->flags & VNET_KEY_LATER)
		return;
	key->l4 = offset;
	switch (key->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		ports = header(skb, offset, sizeof(buffer), buffer, end);
		if (!ports)
			break;
		key->sport = ports[0];
		key->dport = ports[1];
		key->flags |= VNET_KEY_PORTS;
		if (key->proto != IPPROTO_TCP)
			return;
		flags = header(skb, offset + TCP_FLAGS_OFFSET, 1, buffer, end);
		if (!flags)
			break;
		key->tcp_flags = *flags;
		key->flags |= VNET_KEY_TCP;
		return;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		parse_icmp(key, skb, offset, end);
		return;
	default:
		return;
	}
	key->flags |= VNET_KEY_CUT;
}

static void parse_ipv4(struct vnet_key *key, const struct sk_buff *skb)
{
	struct iphdr buffer;
	const struct iphdr *ip;
	unsigned int end;

	ip = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	if (!ip || ip->version != 4 || ip->ihl < 5) {
		key->flags |= VNET_KEY_CUT;
		return;
	}
	end = packet_end(skb, ntohs(ip->tot_len));
	if (end < ETH_HLEN + ip->ihl * 4) {
		key->flags |= VNET_KEY_CUT;
		return;
	}
	/* Segments of a fragment: nobody means that, and they come out as none. */
	if (skb_is_gso(skb) && ip->frag_off & htons(IP_MF | IP_OFFSET)) {
		key->flags |= VNET_KEY_CUT;
		return;
	}
	key->version = 4;
	key->dscp = ip->tos >> 2;
	key->saddr.v4 = ip->saddr;
	key->daddr.v4 = ip->daddr;
	key->proto = ip->protocol;
	key->flags |= VNET_KEY_IP | VNET_KEY_PROTO;
	if (ip->frag_off & htons(IP_MF | IP_OFFSET))
		key->flags |= VNET_KEY_FRAGMENT;
	if (ip->frag_off & htons(IP_OFFSET))
		key->flags |= VNET_KEY_LATER;
	parse_transport(key, skb, ETH_HLEN + ip->ihl * 4, end);
}

/*
 * One extension header: its length, or 0 when @next is no extension, or -1 when
 * the frame ends inside it. *next becomes what follows.
 */
static int skip_extension(struct vnet_key *key, const struct sk_buff *skb,
			  unsigned int offset, unsigned int end, u8 *next)
{
	struct frag_hdr buffer;
	const struct frag_hdr *fragment;
	u8 kind = *next;

	if (!ipv6_ext_hdr(kind) || kind == NEXTHDR_NONE)
		return 0;
	fragment = header(skb, offset, sizeof(buffer), &buffer, end);
	if (!fragment)
		return -1;
	*next = fragment->nexthdr;
	if (kind == NEXTHDR_AUTH)
		return (fragment->reserved + 2) * 4;
	if (kind != NEXTHDR_FRAGMENT)
		return (fragment->reserved + 1) * 8;
	if (skb_is_gso(skb))
		return -1;
	if (fragment->frag_off & htons(IP6_OFFSET | IP6_MF))
		key->flags |= VNET_KEY_FRAGMENT;
	if (fragment->frag_off & htons(IP6_OFFSET))
		key->flags |= VNET_KEY_LATER;
	return sizeof(*fragment);
}

static void parse_ipv6(struct vnet_key *key, const struct sk_buff *skb)
{
	unsigned int offset = ETH_HLEN + sizeof(struct ipv6hdr), end;
	struct ipv6hdr buffer;
	const struct ipv6hdr *ip;
	int length, i;
	u8 next;

	ip = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	if (!ip || ip->version != 6) {
		key->flags |= VNET_KEY_CUT;
		return;
	}
	key->version = 6;
	key->dscp = ipv6_get_dsfield(ip) >> 2;
	memcpy(&key->saddr, &ip->saddr, sizeof(key->saddr));
	memcpy(&key->daddr, &ip->daddr, sizeof(key->daddr));
	key->flags |= VNET_KEY_IP;
	end = vnet_parse_ipv6_end(skb, ip);
	next = ip->nexthdr;
	for (i = 0; i < MAX_EXTENSIONS; i++) {
		length = skip_extension(key, skb, offset, end, &next);
		if (length < 0)
			break;
		/* What follows in a later fragment is not a header. */
		if (!length || key->flags & VNET_KEY_LATER) {
			key->proto = next;
			key->flags |= VNET_KEY_PROTO;
			parse_transport(key, skb, offset, end);
			return;
		}
		offset += length;
	}
	key->flags |= VNET_KEY_CUT;
}

static void parse_arp(struct vnet_key *key, const struct sk_buff *skb)
{
	struct {
		struct arphdr header;
		u8 sender_mac[ETH_ALEN];
		u8 sender_ip[4];
		u8 target_mac[ETH_ALEN];
		u8 target_ip[4];
	} __packed buffer;
	const typeof(buffer) *arp;

	arp = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	if (!arp || arp->header.ar_hrd != htons(ARPHRD_ETHER) ||
	    arp->header.ar_pro != htons(ETH_P_IP) ||
	    arp->header.ar_hln != ETH_ALEN || arp->header.ar_pln != 4) {
		key->flags |= VNET_KEY_CUT;
		return;
	}
	memcpy(&key->saddr, arp->sender_ip, sizeof(arp->sender_ip));
	memcpy(&key->daddr, arp->target_ip, sizeof(arp->target_ip));
	key->flags |= VNET_KEY_ARP;
}

/**
 * vnet_parse_network - complete the key with network and transport headers
 * @pkt: a frame in switch form, with vnet_parse_key() done
 *
 * Done once for a frame, by the first stage that needs it.
 */
void vnet_parse_network(struct vnet_pkt *pkt)
{
	struct vnet_key *key = &pkt->key;

	if (pkt->parsed)
		return;
	pkt->parsed = true;
	switch (key->ethertype) {
	case htons(ETH_P_IP):
		parse_ipv4(key, pkt->skb);
		break;
	case htons(ETH_P_IPV6):
		parse_ipv6(key, pkt->skb);
		break;
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		parse_arp(key, pkt->skb);
		break;
	}
}

/**
 * vnet_parse_failed - whether an IP frame cannot be judged
 * @key: its headers, parsed in full
 *
 * Receivers are more patient than a switch: what is nonsense here may be valid
 * there, so who has rules or a guard must not let it through unjudged.
 *
 * Return: true if the headers of an IP packet end early or make no sense.
 */
bool vnet_parse_failed(const struct vnet_key *key)
{
	return key->flags & VNET_KEY_CUT &&
	       (key->ethertype == htons(ETH_P_IP) || key->ethertype == htons(ETH_P_IPV6));
}

/*
 * Bytes of the headers that each segment of a GSO frame repeats. A guest may say
 * where its transport header is; no real one is beyond the bound.
 */
static unsigned int segment_header(const struct sk_buff *skb)
{
	unsigned int length = skb_transport_offset(skb);
	struct tcphdr buffer;
	const struct tcphdr *tcp;

	if (!(skb_shinfo(skb)->gso_type & (SKB_GSO_TCPV4 | SKB_GSO_TCPV6)))
		return min_t(unsigned int, length + sizeof(struct udphdr), MAX_HEADERS);
	tcp = skb_header_pointer(skb, length, sizeof(buffer), &buffer);
	return min_t(unsigned int, length + (tcp ? __tcp_hdrlen(tcp) : sizeof(*tcp)),
		     MAX_HEADERS);
}

/* How many frames a frame is on the wire, each with the first bytes of it. */
static unsigned int segments(const struct sk_buff *skb, unsigned int *header)
{
	const struct skb_shared_info *info = skb_shinfo(skb);

	*header = 0;
	if (likely(!info->gso_size) || !skb_transport_header_was_set(skb))
		return 1;
	*header = segment_header(skb);
	if (unlikely(*header >= skb->len))
		return 1;
	if (info->gso_type & SKB_GSO_DODGY || !info->gso_segs)
		return DIV_ROUND_UP(skb->len - *header, info->gso_size);
	return info->gso_segs;
}

/**
 * vnet_parse_packets - how many packets a frame is on the wire
 * @skb: a frame in switch form
 *
 * gso_size may come from a guest: a small one makes many packets of a frame, which
 * is what its receiver would get.
 *
 * Return: 1, or for a GSO frame the number of its segments.
 */
u32 vnet_parse_packets(const struct sk_buff *skb)
{
	const struct skb_shared_info *info = skb_shinfo(skb);
	unsigned int header = 0;

	if (likely(!info->gso_size))
		return 1;
	if (info->gso_segs && !(info->gso_type & SKB_GSO_DODGY))
		return info->gso_segs;
	if (skb_transport_header_was_set(skb))
		header = segment_header(skb);
	return header < skb->len ? DIV_ROUND_UP(skb->len - header, info->gso_size) : 1;
}

/**
 * vnet_parse_gso_bytes - bytes that the segments of a frame take on the wire
 * @skb: a GSO frame in switch form
 * @overhead: bytes that each segment takes there besides its own
 *
 * gso_size and gso_segs may come from a guest and are taken as hints only.
 *
 * Return: bytes, with the headers of all segments.
 */
u32 vnet_parse_gso_bytes(const struct sk_buff *skb, unsigned int overhead)
{
	unsigned int header, count = segments(skb, &header);

	return skb->len + (count - 1) * header + count * overhead;
}

/**
 * vnet_parse_divisible - whether a frame is one of few that stand for many
 * @skb: a frame in switch form
 *
 * Return: true if it is worth while, and safe, to make its segments of it.
 */
bool vnet_parse_divisible(const struct sk_buff *skb)
{
	unsigned int header;

	return unlikely(skb_is_gso(skb)) && segments(skb, &header) <= MAX_SEGMENTS;
}
