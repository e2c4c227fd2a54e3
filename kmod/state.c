// SPDX-License-Identifier: GPL-2.0-only
/*
 * State: what the connection of a frame is to a firewall. It must not know rules.
 *
 * nf_conntrack does the work; a frame is shown to it once, before the first rules
 * that may ask, and carries the connection along. A connection that is new becomes
 * known to others only with the first frame that may reach a target, so what the
 * rules drop leaves nothing behind.
 */
#include <linux/hash.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ktime.h>
#include <linux/spinlock.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "event.h"
#include "parse.h"
#include "state.h"

/*
 * Frames of one new connection may be on their way on several CPUs, when they are parts
 * of one packet that classes held apart; nf_conntrack expects them one by one.
 */
#define LOCKS_SHIFT	6

static spinlock_t locks[1 << LOCKS_SHIFT] = {
	[0 ... (1 << LOCKS_SHIFT) - 1] = __SPIN_LOCK_UNLOCKED(locks)
};

static spinlock_t *lock_of(const struct nf_conn *ct)
{
	return &locks[hash_ptr(ct, LOCKS_SHIFT)];
}

static struct nf_hook_state hook_of(const struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	return (struct nf_hook_state) {
		.hook = NF_INET_PRE_ROUTING,
		.pf = pkt->key.version == 4 ? NFPROTO_IPV4 : NFPROTO_IPV6,
		.net = zone->net,
	};
}

/*
 * nf_conntrack takes all that follows the header for the packet, so the padding of
 * short frames has to go.
 */
static bool trim(struct vnet_pkt *pkt)
{
	struct sk_buff *skb = pkt->skb;
	unsigned int end;

	if (skb_is_gso(skb))
		return true;
	end = pkt->key.version == 4 ? ETH_HLEN + ntohs(ip_hdr(skb)->tot_len) :
				      vnet_parse_ipv6_end(skb, ipv6_hdr(skb));
	return skb->len <= end || !pskb_trim(skb, end);
}

/* The header of the network layer in one piece, where nf_conntrack reads it. */
static bool reachable(const struct vnet_pkt *pkt)
{
	return pskb_may_pull(pkt->skb, ETH_HLEN + (pkt->key.version == 4 ?
						   sizeof(struct iphdr) :
						   sizeof(struct ipv6hdr)));
}

/**
 * vnet_state_prepare - make a frame such that nf_conntrack can read it
 * @pkt: an IP packet in switch form
 *
 * Return: false if there is no memory for that.
 */
bool vnet_state_prepare(struct vnet_pkt *pkt)
{
	return likely(reachable(pkt)) && likely(trim(pkt));
}

static u8 state_of(const struct sk_buff *skb)
{
	enum ip_conntrack_info info;

	if (!nf_ct_get(skb, &info))
		return info == IP_CT_UNTRACKED ? 0 : VNET_STATE_INVALID;
	switch (info) {
	case IP_CT_ESTABLISHED:
	case IP_CT_ESTABLISHED_REPLY:
		return VNET_STATE_ESTABLISHED;
	case IP_CT_RELATED:
	case IP_CT_RELATED_REPLY:
		return VNET_STATE_RELATED;
	default:
		return VNET_STATE_NEW;
	}
}

/**
 * vnet_state_ask - show a packet to nf_conntrack
 * @pkt: an IP packet in switch form, which vnet_state_prepare() has seen; gets the state
 * @zone: of its network
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONTINUE, or the reason if it cannot be told.
 */
enum vnet_verdict vnet_state_ask(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	struct nf_conn *template = *this_cpu_ptr(zone->templates);
	struct nf_hook_state hook = hook_of(pkt, zone);
	struct sk_buff *skb = pkt->skb;
	unsigned int verdict;

	/* Nothing that was found out elsewhere on this host counts here. */
	nf_reset_ct(skb);
	nf_conntrack_get(&template->ct_general);
	nf_ct_set(skb, template, IP_CT_NEW);
	__skb_pull(skb, ETH_HLEN);
	verdict = nf_conntrack_in(skb, &hook);
	__skb_push(skb, ETH_HLEN);
	/* A checksum that it has summed up lacks the Ethernet header. */
	skb_forward_csum(skb);
	if (unlikely(verdict != NF_ACCEPT)) {
		nf_reset_ct(skb);
		return VNET_REFUSED(STATE_FULL);
	}
	vnet_state_note(pkt, state_of(skb));
	return VNET_CONTINUE;
}

/**
 * vnet_state_find - find out the state of a frame's connection
 * @pkt: a frame in switch form, its key complete and not cut; key.state becomes 0 if
 *	it has none, like ARP and neighbour discovery
 * @zone: of its network
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONTINUE, or the reason if that cannot be found out.
 */
enum vnet_verdict vnet_state_find(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	pkt->stateful = true;
	if (!(pkt->key.flags & VNET_KEY_IP))
		return VNET_CONTINUE;
	if (unlikely(!vnet_state_prepare(pkt)))
		return VNET_REFUSED(COPY_FAILED);
	return vnet_state_ask(pkt, zone);
}

/**
 * vnet_state_complete - tell of a later fragment what only the first one says
 * @key: its headers; gets the ports, or the type and code of an ICMP message
 * @skb: the frame, that vnet_state_find() has seen as a part of its packet
 *
 * So a rule about ports is about all fragments of a packet.
 *
 * Context: RCU read side.
 */
void vnet_state_complete(struct vnet_key *key, const struct sk_buff *skb)
{
	const struct nf_conntrack_tuple *tuple;
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(skb, &info);

	if (!ct || nf_ct_protonum(ct) != key->proto)
		return;
	tuple = nf_ct_tuple(ct, CTINFO2DIR(info));
	switch (key->proto) {
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		/* An error carries the connection that it is about. */
		if (key->state == VNET_STATE_RELATED)
			break;
		key->icmp_type = tuple->dst.u.icmp.type;
		key->icmp_code = tuple->dst.u.icmp.code;
		key->flags |= VNET_KEY_ICMP;
		break;
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_UDPLITE:
	case IPPROTO_SCTP:
	case IPPROTO_DCCP:
		key->sport = tuple->src.u.all;
		key->dport = tuple->dst.u.all;
		key->flags |= VNET_KEY_PORTS;
		break;
	}
}

/* A limit of the sender, or of its network, was reached. */
static void tell(struct vnet_pkt *pkt, struct vnet_quota *quota, bool full)
{
	bool of_member = quota == &pkt->from->connections;
	enum vnet_limit kind;

	if (of_member)
		kind = full ? VNET_LIMIT_MEMBER_CONNECTIONS :
			      VNET_LIMIT_MEMBER_CONNECTION_RATE;
	else
		kind = full ? VNET_LIMIT_NETWORK_CONNECTIONS :
			      VNET_LIMIT_NETWORK_CONNECTION_RATE;
	READ_ONCE(vnet_listener)->limit(pkt->network, of_member ? pkt->from : NULL, NULL,
					kind, full ? READ_ONCE(quota->limit) :
						     READ_ONCE(quota->pace.rate));
}

static enum vnet_verdict take(struct vnet_pkt *pkt, struct vnet_quota *quota, u64 now)
{
	enum vnet_quota_verdict verdict;
	bool news;

	verdict = vnet_quota_take(quota, now, &news);
	if (unlikely(news))
		tell(pkt, quota, verdict == VNET_QUOTA_FULL);
	switch (verdict) {
	case VNET_QUOTA_GRANTED:
		return VNET_CONTINUE;
	case VNET_QUOTA_FULL:
		return VNET_REFUSED(CONNECTIONS);
	default:
		return VNET_REFUSED(CONNECTION_RATE);
	}
}

/* The sender is asked first: what it may not do does not use up the network's. */
static enum vnet_verdict admit(struct vnet_pkt *pkt)
{
	u64 now = ktime_get_ns();
	enum vnet_verdict verdict = take(pkt, &pkt->from->connections, now);

	if (verdict != VNET_CONTINUE)
		return verdict;
	verdict = take(pkt, &pkt->network->connections, now);
	if (verdict != VNET_CONTINUE)
		vnet_quota_return(&pkt->from->connections);
	return verdict;
}

static void give_back(struct vnet_pkt *pkt)
{
	vnet_quota_return(&pkt->from->connections);
	vnet_quota_return(&pkt->network->connections);
}

#ifdef VNET_HAVE_CONFIRM_HOOK
static unsigned int help_and_confirm(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	struct nf_hook_state hook = hook_of(pkt, zone);

	return nf_confirm(NULL, pkt->skb, &hook);
}
#else
static unsigned int help_and_confirm(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(pkt->skb, &info);

	if (info == IP_CT_RELATED_REPLY || !pkt->key.l4)
		return nf_conntrack_confirm(pkt->skb);
	return nf_confirm(pkt->skb, pkt->key.l4 - ETH_HLEN, ct, info);
}
#endif

static unsigned int confirm(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	/* What a later fragment has is no header, whatever a helper takes it for. */
	vnet_parse_network(pkt);
	if (unlikely(pkt->key.flags & VNET_KEY_LATER))
		return nf_conntrack_confirm(pkt->skb);
	return help_and_confirm(pkt, zone);
}

/* Lets helpers see the frame, and others the connection. */
static enum vnet_verdict pass(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	unsigned int verdict;

	__skb_pull(pkt->skb, ETH_HLEN);
	verdict = confirm(pkt, zone);
	__skb_push(pkt->skb, ETH_HLEN);
	skb_forward_csum(pkt->skb);
	return likely(verdict == NF_ACCEPT) ? VNET_CONTINUE : VNET_REFUSED(STATE_FULL);
}

/* The first frame of a connection that may reach a target. */
static enum vnet_verdict begin(struct vnet_pkt *pkt, const struct vnet_zone *zone,
			       struct nf_conn *ct)
{
	enum vnet_verdict verdict = admit(pkt);

	if (verdict != VNET_CONTINUE)
		return verdict;
	WRITE_ONCE(ct->mark, pkt->from->id | (u32)pkt->round << VNET_ZONE_ROUND_SHIFT);
	verdict = pass(pkt, zone);
	if (verdict != VNET_CONTINUE)
		give_back(pkt);
	return verdict;
}

/**
 * vnet_state_confirm - a frame may reach a target, so its connection is one
 * @pkt: a frame in switch form that vnet_state_find() has seen, perhaps long ago
 * @zone: of its network now, or NULL
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONTINUE, or the reason why there may be no such connection.
 */
enum vnet_verdict vnet_state_confirm(struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(pkt->skb, &info);
	enum vnet_verdict verdict;
	spinlock_t *lock;

	if (!ct)
		return VNET_CONTINUE;
	/* It was held while the zone was closed. */
	if (unlikely(!zone || nf_ct_zone(ct)->id != zone->id)) {
		nf_reset_ct(pkt->skb);
		return VNET_CONTINUE;
	}
	if (likely(nf_ct_is_confirmed(ct)))
		return pass(pkt, zone);
	lock = lock_of(ct);
	spin_lock(lock);
	verdict = nf_ct_is_confirmed(ct) ? pass(pkt, zone) : begin(pkt, zone, ct);
	spin_unlock(lock);
	return verdict;
}

/**
 * vnet_state_is_judged - whether a frame's connection needs no recheck
 * @pkt: a frame that vnet_state_find() has seen
 * @zone: of its network
 *
 * Return: false if it began in an earlier round. Errors that are related to a
 * connection are not its frames, so they never need one.
 */
bool vnet_state_is_judged(const struct vnet_pkt *pkt, const struct vnet_zone *zone)
{
	enum ip_conntrack_info info;
	const struct nf_conn *ct = nf_ct_get(pkt->skb, &info);

	if (!ct || nf_ct_zone(ct)->id != zone->id || !nf_ct_is_confirmed(ct) ||
	    READ_ONCE(ct->mark) >> VNET_ZONE_ROUND_SHIFT == READ_ONCE(zone->round))
		return true;
	return info == IP_CT_RELATED_REPLY ||
	       (info == IP_CT_RELATED && !test_bit(IPS_EXPECTED_BIT, &ct->status));
}

/**
 * vnet_state_judged - a connection may go on in this round
 * @pkt: one of its frames
 * @round: the round, as it was before the rules were asked
 */
void vnet_state_judged(struct vnet_pkt *pkt, u8 round)
{
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(pkt->skb, &info);

	WRITE_ONCE(ct->mark, (READ_ONCE(ct->mark) & VNET_ZONE_MEMBER) |
			     (u32)round << VNET_ZONE_ROUND_SHIFT);
}

/**
 * vnet_state_began - how a frame's connection began
 * @pkt: one of its frames
 * @began: the answer
 */
void vnet_state_began(const struct vnet_pkt *pkt, struct vnet_began *began)
{
	enum ip_conntrack_info info;
	const struct nf_conn *ct = nf_ct_get(pkt->skb, &info);
	const struct nf_conntrack_tuple *first = nf_ct_tuple(ct, IP_CT_DIR_ORIGINAL);

	*began = (struct vnet_began) {
		.reply = CTINFO2DIR(info) == IP_CT_DIR_REPLY,
		.related = test_bit(IPS_EXPECTED_BIT, &ct->status),
		.icmp_type = first->dst.u.icmp.type,
		.icmp_code = first->dst.u.icmp.code,
	};
}

/**
 * vnet_state_end - a connection is over, for nf_conntrack too
 * @pkt: one of its frames
 */
void vnet_state_end(struct vnet_pkt *pkt)
{
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(pkt->skb, &info);

	nf_ct_kill(ct);
}

/* What a connection gives back at its end, where it does. */
static bool hold_helper(struct nf_conntrack_helper *helper)
{
#ifdef VNET_HAVE_HELPER_HOLD
	return refcount_inc_not_zero(&helper->ct_refcnt);
#else
	return true;
#endif
}

static void set_helper(struct nf_conn *ct, const char *name)
{
	struct nf_conntrack_helper *helper;
	struct nf_conn_help *help;

	helper = __nf_conntrack_helper_find(name, nf_ct_l3num(ct), nf_ct_protonum(ct));
	help = helper ? nf_ct_helper_ext_add(ct, GFP_ATOMIC) : NULL;
	if (!help || !hold_helper(helper))
		return;
	rcu_assign_pointer(help->helper, helper);
	set_bit(IPS_HELPER_BIT, &ct->status);
}

/**
 * vnet_state_help - let a helper read along in a connection, if the frame begins one
 * @pkt: the frame
 * @name: of the helper; nothing happens if it is not there any more
 *
 * Context: RCU read side, bottom halves off.
 */
void vnet_state_help(struct vnet_pkt *pkt, const char *name)
{
	enum ip_conntrack_info info;
	struct nf_conn *ct = nf_ct_get(pkt->skb, &info);

	if (!ct || nf_ct_is_confirmed(ct))
		return;
	spin_lock(lock_of(ct));
	if (!nf_ct_is_confirmed(ct) && !nfct_help(ct))
		set_helper(ct, name);
	spin_unlock(lock_of(ct));
}
