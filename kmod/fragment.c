// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fragment: frames with parts of IP packets, whose state only the whole packet tells.
 * It must not know rules.
 *
 * The frames of a packet wait for each other. When all are there, nf_conntrack is shown
 * a packet made of copies, and the frames go on just as they came, one behind the other,
 * each with the state of the whole.
 */
#include <linux/ip.h>
#include <linux/ktime.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include "fragment.h"
#include "parse.h"
#include "state.h"

/**
 * struct part - where in a frame the part of the packet is
 * @fragment: what it says of itself
 * @start: offset from the Ethernet header of the first byte of the packet's payload
 */
struct part {
	struct vnet_part fragment;
	unsigned int start;
};

static bool find_ipv4(const struct sk_buff *skb, struct part *part)
{
	const struct iphdr *ip = ip_hdr(skb);
	unsigned int length = ntohs(ip->tot_len), header = ip->ihl * 4;

	part->fragment = (struct vnet_part) {
		.version = 4,
		.proto = ip->protocol,
		.last = !(ip->frag_off & htons(IP_MF)),
		.offset = ntohs(ip->frag_off & htons(IP_OFFSET)) << 3,
		.length = length - header,
		.id = (__force __be32)(u32)(__force u16)ip->id,
		.saddr.v4 = ip->saddr,
		.daddr.v4 = ip->daddr,
	};
	part->start = ETH_HLEN + header;
	return length > header;
}

static bool find_ipv6(const struct sk_buff *skb, struct part *part)
{
	unsigned int offset = 0, end = vnet_parse_ipv6_end(skb, ipv6_hdr(skb));
	const struct frag_hdr *header;
	struct frag_hdr buffer;

	if (ipv6_find_hdr(skb, &offset, NEXTHDR_FRAGMENT, NULL, NULL) < 0)
		return false;
	header = skb_header_pointer(skb, offset, sizeof(buffer), &buffer);
	part->start = offset + sizeof(buffer);
	if (!header || end <= part->start || end - part->start > U16_MAX)
		return false;
	part->fragment = (struct vnet_part) {
		.version = 6,
		.last = !(header->frag_off & htons(IP6_MF)),
		.offset = ntohs(header->frag_off) & ~0x7,
		.length = end - part->start,
		.id = header->identification,
	};
	memcpy(&part->fragment.saddr, &ipv6_hdr(skb)->saddr, sizeof(part->fragment.saddr));
	memcpy(&part->fragment.daddr, &ipv6_hdr(skb)->daddr, sizeof(part->fragment.daddr));
	return true;
}

static bool find(const struct sk_buff *skb, u8 version, struct part *part)
{
	return version == 4 ? find_ipv4(skb, part) : find_ipv6(skb, part);
}

/* What the packet has of one later fragment, without its headers. */
static struct sk_buff *payload_of(struct sk_buff *skb, u8 version)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);
	struct part part;

	if (!copy || !find(copy, version, &part) || !pskb_pull(copy, part.start)) {
		kfree_skb(copy);
		return NULL;
	}
	return copy;
}

/* One packet of all the frames; the headers stay those of the first fragment. */
static struct sk_buff *join(struct sk_buff_head *frames, u8 version)
{
	struct sk_buff *skb = skb_peek(frames), *whole, *copy, **tail;

	whole = skb_copy(skb, GFP_ATOMIC);
	if (!whole)
		return NULL;
	tail = &skb_shinfo(whole)->frag_list;
	while (!skb_queue_is_last(frames, skb)) {
		skb = skb_queue_next(frames, skb);
		copy = payload_of(skb, version);
		if (!copy) {
			kfree_skb(whole);
			return NULL;
		}
		*tail = copy;
		tail = &copy->next;
		whole->len += copy->len;
		whole->data_len += copy->len;
		whole->truesize += copy->truesize;
	}
	return whole;
}

static void share_state(struct sk_buff_head *frames, const struct sk_buff *whole, u8 state)
{
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(whole, &info);
	struct sk_buff *skb;

	skb_queue_walk(frames, skb) {
		nf_reset_ct(skb);
		if (ct) {
			nf_conntrack_get(&ct->ct_general);
			nf_ct_set(skb, ct, info);
		}
		vnet_hold(skb)->state = state;
		vnet_hold(skb)->stateful = true;
	}
}

/* Finds out the state of them all; the reason if that cannot be done. */
static enum vnet_verdict judge(const struct vnet_pkt *pkt, const struct vnet_zone *zone,
			       struct sk_buff_head *frames)
{
	struct vnet_pkt whole = *pkt;
	enum vnet_verdict verdict;

	whole.skb = join(frames, pkt->key.version);
	if (!whole.skb)
		return VNET_REFUSED(COPY_FAILED);
	verdict = vnet_state_ask(&whole, zone);
	if (verdict == VNET_CONTINUE)
		share_state(frames, whole.skb, whole.key.state);
	consume_skb(whole.skb);
	return verdict;
}

static enum vnet_verdict refuse(enum vnet_datagram_verdict verdict)
{
	switch (verdict) {
	case VNET_DATAGRAM_KEPT:
	case VNET_DATAGRAM_WHOLE:
		return VNET_CONSUMED;
	case VNET_DATAGRAM_FULL:
		return VNET_REFUSED(FRAGMENT_LIMIT);
	default:
		return VNET_REFUSED(FRAGMENT_OVERLAP);
	}
}

/**
 * vnet_fragment_collect - keep a fragment until its packet is whole
 * @pkt: a frame in switch form, its key complete and not cut, its vnet_hold() filled in
 * @zone: of its network
 * @go_on: called for each frame of a packet that is whole now; the state is in its
 *	vnet_hold()
 * @give_up: called for each frame that was kept and is not any more
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONSUMED, or the reason why the frame cannot be kept.
 */
enum vnet_verdict vnet_fragment_collect(struct vnet_pkt *pkt, const struct vnet_zone *zone,
					void (*go_on)(struct sk_buff *skb),
					void (*give_up)(struct sk_buff *skb,
							enum vnet_drop reason))
{
	struct sk_buff_head whole, lost;
	enum vnet_datagram_verdict verdict;
	enum vnet_drop why_lost;
	enum vnet_verdict state;
	struct sk_buff *skb;
	struct part part;

	if (!vnet_state_prepare(pkt))
		return VNET_REFUSED(COPY_FAILED);
	if (!find(pkt->skb, pkt->key.version, &part))
		return VNET_REFUSED(BAD_HEADERS);
	__skb_queue_head_init(&whole);
	__skb_queue_head_init(&lost);
	verdict = vnet_datagrams_add(&pkt->from->datagrams, &part.fragment, pkt->skb,
				     ktime_get_ns(), &whole, &lost);
	if (refuse(verdict) == VNET_CONSUMED)
		pkt->skb = NULL;
	why_lost = verdict == VNET_DATAGRAM_BAD ? VNET_DROP_FRAGMENT_OVERLAP :
						  VNET_DROP_FRAGMENT_LIMIT;
	while ((skb = __skb_dequeue(&lost)))
		give_up(skb, why_lost);
	if (verdict != VNET_DATAGRAM_WHOLE)
		return refuse(verdict);
	state = judge(pkt, zone, &whole);
	while ((skb = __skb_dequeue(&whole))) {
		if (likely(state == VNET_CONTINUE))
			go_on(skb);
		else
			give_up(skb, (enum vnet_drop)state);
	}
	return VNET_CONSUMED;
}
