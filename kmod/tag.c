// SPDX-License-Identifier: GPL-2.0-only
/*
 * Tags: which member a received frame belongs to, taking the member's tag off;
 * and putting the target's tag on. It must not know rules or addresses.
 */
#include <linux/if_vlan.h>
#include "tag.h"

/* Priority tags in a row that somebody might mean. */
#define MAX_PRIORITY_TAGS 2

/* The first tag into the metadata; drivers and the core mostly did it. */
static bool tag_to_metadata(struct vnet_pkt *pkt)
{
	if (skb_vlan_tag_present(pkt->skb) || !eth_type_vlan(pkt->skb->protocol))
		return true;
	pkt->skb = skb_vlan_untag(pkt->skb);
	return pkt->skb;
}

/*
 * Take the tag in the metadata off. The payload's type may be another tag, which
 * then is the first one.
 */
static void strip(struct vnet_pkt *pkt)
{
	pkt->pcp = skb_vlan_tag_get_prio(pkt->skb);
	pkt->tagged = true;
	__vlan_hwaccel_clear_tag(pkt->skb);
}

/* The vid of the 802.1Q tag behind the one in the metadata, or 0. */
static u16 inner_vid(const struct sk_buff *skb)
{
	const struct vlan_hdr *tag;
	struct vlan_hdr buffer;

	if (skb->protocol != htons(ETH_P_8021Q))
		return 0;
	tag = skb_header_pointer(skb, 0, sizeof(buffer), &buffer);
	return tag ? ntohs(tag->h_vlan_TCI) & VLAN_VID_MASK : 0;
}

static enum vnet_verdict strip_inner(struct vnet_pkt *pkt)
{
	if (unlikely(!tag_to_metadata(pkt)))
		return VNET_REFUSED(SHORT_FRAME);
	strip(pkt);
	return VNET_CONTINUE;
}

/* Is the first thing behind the tags a priority tag, which says nothing? */
static bool has_priority_tag(const struct sk_buff *skb)
{
	const struct vlan_hdr *tag;
	struct vlan_hdr buffer;

	if (likely(!eth_type_vlan(skb->protocol)))
		return false;
	tag = skb_header_pointer(skb, 0, sizeof(buffer), &buffer);
	return tag && !(tag->h_vlan_TCI & htons(VLAN_VID_MASK));
}

static enum vnet_verdict resolve_tagged(struct vnet_pkt *pkt)
{
	u16 proto = ntohs(pkt->skb->vlan_proto), vid = skb_vlan_tag_get_id(pkt->skb);
	struct vnet_port *port = pkt->port;
	u16 cvid;

	if (proto == ETH_P_8021AD) {
		cvid = inner_vid(pkt->skb);
		if (cvid)
			pkt->from = xa_load(&port->members,
					    vnet_tag(proto, vid, cvid));
		if (pkt->from) {
			strip(pkt);
			return strip_inner(pkt);
		}
	}
	pkt->from = xa_load(&port->members, vnet_tag(proto, vid, 0));
	if (!pkt->from)
		return VNET_REFUSED(NO_MEMBER);
	strip(pkt);
	return VNET_CONTINUE;
}

/* Receivers see through priority tags; so must guard and rules. */
static enum vnet_verdict strip_priority(struct vnet_pkt *pkt, enum vnet_verdict verdict)
{
	u8 pcp = pkt->pcp;
	int i;

	for (i = 0; verdict == VNET_CONTINUE && unlikely(has_priority_tag(pkt->skb)); i++)
		verdict = i < MAX_PRIORITY_TAGS ? strip_inner(pkt) :
						  VNET_REFUSED(BAD_HEADERS);
	pkt->pcp = pcp;
	return verdict;
}

static enum vnet_verdict resolve(struct vnet_pkt *pkt)
{
	if (unlikely(!tag_to_metadata(pkt)))
		return VNET_REFUSED(SHORT_FRAME);
	/* A priority tag (vid 0) says nothing about membership, at most once. */
	if (skb_vlan_tag_present(pkt->skb) && !skb_vlan_tag_get_id(pkt->skb)) {
		strip(pkt);
		if (unlikely(!tag_to_metadata(pkt)))
			return VNET_REFUSED(SHORT_FRAME);
	}
	if (skb_vlan_tag_present(pkt->skb))
		return strip_priority(pkt, resolve_tagged(pkt));
	pkt->from = rcu_dereference(pkt->port->untagged);
	return likely(pkt->from) ? VNET_CONTINUE :
				   VNET_REFUSED(NO_MEMBER);
}

/**
 * vnet_tag_resolve - find the member that sent a frame; bring it to switch form
 * @pkt: a frame as received
 *
 * Return: %VNET_CONTINUE with pkt->from and pkt->network set, or the reason. On
 * %VNET_DROP_SHORT_FRAME pkt->skb may be NULL: the frame is freed already.
 */
enum vnet_verdict vnet_tag_resolve(struct vnet_pkt *pkt)
{
	enum vnet_verdict verdict = resolve(pkt);
	struct sk_buff *skb = pkt->skb;

	if (verdict != VNET_CONTINUE) {
		/* It was not counted as its member's frame, so neither is its end. */
		pkt->from = NULL;
		return verdict;
	}
	pkt->network = pkt->from->network;
	/* Before the headers are data again: a sum over the payload only is no
	 * use for the next receiver.
	 */
	skb_forward_csum(skb);
	skb_push(skb, ETH_HLEN);
	pkt->len = skb->len;
	return VNET_CONTINUE;
}

/*
 * A frame may leave only through the member that it would be found to belong to
 * if it came in there: a tag that is left in its payload must not become the one
 * that decides.
 */
static bool changes_member(const struct sk_buff *skb, const struct vnet_member *to)
{
	const struct vlan_hdr *inner;
	struct vlan_hdr buffer;
	u16 vid;

	if (likely(!eth_type_vlan(skb->protocol)))
		return false;
	if (to->tag == VNET_TAG_NONE)
		return true;
	if (!(to->tag & VNET_TAG_AD) || vnet_tag_cvid(to->tag))
		return false;
	if (skb->protocol != htons(ETH_P_8021Q))
		return false;
	inner = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	vid = inner ? ntohs(inner->h_vlan_TCI) & VLAN_VID_MASK : 0;
	return vid && xa_load(&to->port->members, to->tag | vid);
}

/**
 * vnet_tag_push - put the target's tag on a frame
 * @pkt: a frame in switch form with pkt->to set
 *
 * Return: %VNET_CONTINUE, or the reason: a tag in the payload would make it
 * another member's, or there is no memory.
 */
enum vnet_verdict vnet_tag_push(struct vnet_pkt *pkt)
{
	u16 priority = pkt->pcp << VLAN_PRIO_SHIFT;
	u32 tag = pkt->to->tag;

	if (unlikely(changes_member(pkt->skb, pkt->to)))
		return VNET_REFUSED(INNER_TAG);
	if (tag == VNET_TAG_NONE)
		return VNET_CONTINUE;
	if (vnet_tag_cvid(tag))
		__vlan_hwaccel_put_tag(pkt->skb, htons(ETH_P_8021Q),
				       priority | vnet_tag_cvid(tag));
	if (skb_vlan_push(pkt->skb, htons(vnet_tag_proto(tag)),
			  priority | vnet_tag_vid(tag)))
		return VNET_REFUSED(TAG_FAILED);
	return VNET_CONTINUE;
}
