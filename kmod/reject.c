// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rejection: the answer to who sent a frame that is not let through. It must not know
 * rules, nor what becomes of the frame.
 *
 * An answer is made of nothing but the frame that it answers, and goes back through the
 * member that the frame came from, so it tells nobody anything about anybody. No answer
 * is ever answered: resets and ICMP errors are not.
 */
#include <linux/etherdevice.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/tcp.h>
#include <linux/udp.h>
#include <net/checksum.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include "event.h"
#include "forward.h"
#include "parse.h"
#include "reject.h"

#define TCP_RST		0x04	/* in byte 13 of the header */
#define HOP_LIMIT	64

/* How long an ICMP error may be with its IP header: RFC 1812 4.3.2.3, RFC 4443 2.4. */
#define ERROR_MAX_V4	576
#define ERROR_MAX_V6	1280

/**
 * struct rejected - a frame that is to be answered
 * @pkt: the frame
 * @end: where its IP packet ends; padding may follow
 */
struct rejected {
	const struct vnet_pkt *pkt;
	unsigned int end;
};

/* Whom nobody can answer, or who must not be answered for. */
static bool good_addresses(const struct vnet_key *key)
{
	const struct in6_addr *source = (const struct in6_addr *)&key->saddr;
	const struct in6_addr *target = (const struct in6_addr *)&key->daddr;

	if (is_multicast_ether_addr(key->dst))
		return false;
	if (key->version == 4)
		return !ipv4_is_multicast(key->saddr.v4) && !ipv4_is_lbcast(key->saddr.v4) &&
		       !ipv4_is_zeronet(key->saddr.v4) && !ipv4_is_loopback(key->saddr.v4) &&
		       !ipv4_is_multicast(key->daddr.v4) && !ipv4_is_lbcast(key->daddr.v4);
	return !ipv6_addr_is_multicast(source) && !ipv6_addr_any(source) &&
	       !ipv6_addr_loopback(source) && !ipv6_addr_is_multicast(target);
}

/* What the key says; nothing that costs more than a look. */
static bool may_answer(const struct vnet_pkt *pkt)
{
	const struct vnet_key *key = &pkt->key;

	/* Of many who got a copy one may want it: the sender must not give up. */
	if (pkt->flooded || !(key->flags & VNET_KEY_PROTO) ||
	    key->flags & (VNET_KEY_CUT | VNET_KEY_LATER) || !good_addresses(key))
		return false;
	switch (key->proto) {
	case IPPROTO_TCP:
		return !(key->flags & VNET_KEY_FRAGMENT) && !(key->tcp_flags & TCP_RST);
	case IPPROTO_ICMP:
		return key->version != 4 || !icmp_is_err(key->icmp_type);
	case IPPROTO_ICMPV6:
		return key->version != 6 || (key->icmp_type & ICMPV6_INFOMSG_MASK &&
					     key->icmp_type != NDISC_REDIRECT);
	default:
		return true;
	}
}

static bool within_rate(struct vnet_network *network)
{
	u32 rate = READ_ONCE(network->answers.rate);
	bool tell, may;

	if (!rate)
		return false;
	may = vnet_pace_take(&network->answers, ktime_get_ns(), &tell);
	if (tell)
		READ_ONCE(vnet_listener)->limit(network, NULL, NULL,
						VNET_LIMIT_REJECT_RATE, rate);
	return may;
}

/* The end of an IPv4 packet; 0 if its header is damaged or the frame ends sooner. */
static unsigned int end_of_ipv4(const struct sk_buff *skb)
{
	u8 buffer[60] __aligned(4);
	const struct iphdr *ip;
	unsigned int length, told;

	ip = skb_header_pointer(skb, ETH_HLEN, sizeof(*ip), buffer);
	if (!ip)
		return 0;
	length = ip->ihl * 4;
	told = ETH_HLEN + ntohs(ip->tot_len);
	ip = skb_header_pointer(skb, ETH_HLEN, length, buffer);
	if (!ip || ip_fast_csum(ip, length / 4))
		return 0;
	if (skb_is_gso(skb))
		return skb->len;
	return told > skb->len ? 0 : told;
}

static unsigned int end_of_ipv6(const struct sk_buff *skb)
{
	const struct ipv6hdr *ip;
	struct ipv6hdr buffer;

	ip = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	if (!ip || (!skb_is_gso(skb) &&
		    ETH_HLEN + sizeof(*ip) + ntohs(ip->payload_len) > skb->len))
		return 0;
	return vnet_parse_ipv6_end(skb, ip);
}

/* @sum: over @length bytes of the transport. */
static __sum16 with_pseudo_header(const struct vnet_key *key, unsigned int length, u8 proto,
				  __wsum sum)
{
	if (key->version == 4)
		return csum_tcpudp_magic(key->saddr.v4, key->daddr.v4, length, proto, sum);
	return csum_ipv6_magic((const struct in6_addr *)&key->saddr,
			       (const struct in6_addr *)&key->daddr, length, proto, sum);
}

/* UDP over IPv4 may go without a checksum. */
static bool has_checksum(const struct sk_buff *skb, const struct vnet_key *key)
{
	const struct udphdr *udp;
	struct udphdr buffer;

	switch (key->proto) {
	case IPPROTO_TCP:
		return true;
	case IPPROTO_UDP:
		udp = skb_header_pointer(skb, key->l4, sizeof(buffer), &buffer);
		return key->version == 6 || !udp || udp->check;
	case IPPROTO_ICMP:
		return key->version == 4;
	case IPPROTO_ICMPV6:
		return key->version == 6;
	default:
		return false;
	}
}

/*
 * Whether the transport came as it was sent. Who made the frame on this host, or a
 * device that looked at it, vouches for it; of a fragment nobody can tell.
 */
static bool checksum_is_right(const struct rejected *it)
{
	const struct vnet_key *key = &it->pkt->key;
	const struct sk_buff *skb = it->pkt->skb;
	unsigned int length = it->end - key->l4;
	__wsum sum;

	if (skb->ip_summed == CHECKSUM_PARTIAL || skb_csum_unnecessary(skb) ||
	    skb_is_gso(skb) || key->flags & VNET_KEY_FRAGMENT || !has_checksum(skb, key))
		return true;
	sum = skb_checksum(skb, key->l4, length, 0);
	if (key->version == 4 && key->proto == IPPROTO_ICMP)
		return !csum_fold(sum);
	return !with_pseudo_header(key, length, key->proto, sum);
}

static void put_ipv4(struct sk_buff *skb, const struct vnet_key *key, u8 proto,
		     unsigned int length)
{
	struct iphdr *ip = skb_put(skb, sizeof(*ip));

	*ip = (struct iphdr) {
		.version = 4,
		.ihl = sizeof(*ip) / 4,
		.tot_len = htons(sizeof(*ip) + length),
		.frag_off = htons(IP_DF),
		.ttl = HOP_LIMIT,
		.protocol = proto,
		.saddr = key->daddr.v4,
		.daddr = key->saddr.v4,
	};
	ip->check = ip_fast_csum(ip, ip->ihl);
}

static void put_ipv6(struct sk_buff *skb, const struct vnet_key *key, u8 proto,
		     unsigned int length)
{
	struct ipv6hdr *ip = skb_put_zero(skb, sizeof(*ip));

	ip->version = 6;
	ip->payload_len = htons(length);
	ip->nexthdr = proto;
	ip->hop_limit = HOP_LIMIT;
	memcpy(&ip->saddr, &key->daddr, sizeof(ip->saddr));
	memcpy(&ip->daddr, &key->saddr, sizeof(ip->daddr));
}

/* A frame back to the sender, up to its IP header; @length bytes are to follow. */
static struct sk_buff *begin_answer(const struct vnet_pkt *pkt, u8 proto,
				    unsigned int length)
{
	unsigned int room = LL_RESERVED_SPACE(pkt->from->port->dev) + 2 * VLAN_HLEN;
	const struct vnet_key *key = &pkt->key;
	struct sk_buff *skb;
	struct ethhdr *eth;

	skb = alloc_skb(room + ETH_HLEN + sizeof(struct ipv6hdr) + length,
			GFP_ATOMIC | __GFP_NOWARN);
	if (!skb)
		return NULL;
	skb_reserve(skb, room);
	skb_reset_mac_header(skb);
	eth = skb_put(skb, sizeof(*eth));
	ether_addr_copy(eth->h_dest, key->src);
	ether_addr_copy(eth->h_source, key->dst);
	eth->h_proto = key->ethertype;
	skb->protocol = key->ethertype;
	skb_set_network_header(skb, ETH_HLEN);
	if (key->version == 4)
		put_ipv4(skb, key, proto, length);
	else
		put_ipv6(skb, key, proto, length);
	skb_set_transport_header(skb, skb->len);
	return skb;
}

/* RFC 9293 3.10.7.1: what a host says for a port that is closed. */
static struct sk_buff *make_reset(const struct rejected *it)
{
	const struct vnet_pkt *pkt = it->pkt;
	struct tcphdr buffer, *reset;
	const struct tcphdr *tcp;
	struct sk_buff *skb;
	unsigned int begin;

	tcp = skb_header_pointer(pkt->skb, pkt->key.l4, sizeof(buffer), &buffer);
	if (!tcp)
		return NULL;
	begin = pkt->key.l4 + __tcp_hdrlen(tcp);
	if (tcp->doff < sizeof(*tcp) / 4 || begin > it->end)
		return NULL;
	skb = begin_answer(pkt, IPPROTO_TCP, sizeof(*reset));
	if (!skb)
		return NULL;
	reset = skb_put_zero(skb, sizeof(*reset));
	reset->source = tcp->dest;
	reset->dest = tcp->source;
	reset->doff = sizeof(*reset) / 4;
	reset->rst = 1;
	reset->ack = !tcp->ack;
	if (tcp->ack)
		reset->seq = tcp->ack_seq;
	else
		reset->ack_seq = htonl(ntohl(tcp->seq) + tcp->syn + tcp->fin +
				       it->end - begin);
	reset->check = with_pseudo_header(&pkt->key, sizeof(*reset), IPPROTO_TCP,
					  csum_partial(reset, sizeof(*reset), 0));
	return skb;
}

/* Quotes as much of the packet as an error may have. */
static bool quote(struct sk_buff *skb, const struct rejected *it, unsigned int length)
{
	return !skb_copy_bits(it->pkt->skb, ETH_HLEN, skb_put(skb, length), length);
}

static struct sk_buff *make_unreachable_v4(const struct rejected *it)
{
	unsigned int room = ERROR_MAX_V4 - sizeof(struct iphdr) - sizeof(struct icmphdr);
	unsigned int quoted = min(it->end - ETH_HLEN, room);
	unsigned int length = sizeof(struct icmphdr) + quoted;
	struct icmphdr *icmp;
	struct sk_buff *skb;

	skb = begin_answer(it->pkt, IPPROTO_ICMP, length);
	if (!skb)
		return NULL;
	icmp = skb_put_zero(skb, sizeof(*icmp));
	icmp->type = ICMP_DEST_UNREACH;
	icmp->code = ICMP_PKT_FILTERED;
	if (!quote(skb, it, quoted)) {
		kfree_skb(skb);
		return NULL;
	}
	icmp->checksum = csum_fold(csum_partial(icmp, length, 0));
	return skb;
}

static struct sk_buff *make_unreachable_v6(const struct rejected *it)
{
	unsigned int room = ERROR_MAX_V6 - sizeof(struct ipv6hdr) - sizeof(struct icmp6hdr);
	unsigned int quoted = min(it->end - ETH_HLEN, room);
	unsigned int length = sizeof(struct icmp6hdr) + quoted;
	struct icmp6hdr *icmp;
	struct sk_buff *skb;

	skb = begin_answer(it->pkt, IPPROTO_ICMPV6, length);
	if (!skb)
		return NULL;
	icmp = skb_put_zero(skb, sizeof(*icmp));
	icmp->icmp6_type = ICMPV6_DEST_UNREACH;
	icmp->icmp6_code = ICMPV6_ADM_PROHIBITED;
	if (!quote(skb, it, quoted)) {
		kfree_skb(skb);
		return NULL;
	}
	icmp->icmp6_cksum = with_pseudo_header(&it->pkt->key, length, IPPROTO_ICMPV6,
					       csum_partial(icmp, length, 0));
	return skb;
}

static struct sk_buff *make_answer(const struct rejected *it)
{
	const struct vnet_key *key = &it->pkt->key;

	if (key->proto == IPPROTO_TCP)
		return make_reset(it);
	return key->version == 4 ? make_unreachable_v4(it) : make_unreachable_v6(it);
}

/**
 * vnet_reject - tell the sender of a frame that it is not let through
 * @pkt: the frame, in switch form; stays the caller's, who drops it
 *
 * Says nothing where VNET_ACTION_REJECT says so, or when the answer cannot be made or
 * sent. The rate is asked before the sums over the frame are made: who sends wrong ones
 * costs no more than others.
 *
 * Context: RCU read side, bottom halves off.
 */
void vnet_reject(struct vnet_pkt *pkt)
{
	struct vnet_pkt answer = {
		.from = pkt->from,
		.to = pkt->from,
		.network = pkt->network,
		.pcp = pkt->pcp,
		.tagged = pkt->tagged,
		.hops = pkt->hops,
	};
	struct rejected it = { .pkt = pkt };

	vnet_parse_network(pkt);
	if (!may_answer(pkt) || !within_rate(pkt->network))
		return;
	it.end = pkt->key.version == 4 ? end_of_ipv4(pkt->skb) : end_of_ipv6(pkt->skb);
	if (it.end < pkt->key.l4 || !checksum_is_right(&it))
		return;
	answer.skb = make_answer(&it);
	if (answer.skb)
		vnet_forward_answer(&answer);
}
