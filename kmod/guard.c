// SPDX-License-Identifier: GPL-2.0-only
/*
 * The address guard: source addresses of frames, senders of ARP, targets and
 * options of neighbour discovery, and roles that a member may not play. It must
 * not know rules or forwarding.
 */
#include <linux/etherdevice.h>
#include <linux/icmpv6.h>
#include <linux/if_arp.h>
#include <net/ndisc.h>
#include "guard.h"
#include "parse.h"

#define DHCP_SERVER	67
#define DHCP_CLIENT	68
#define DHCPV6_CLIENT	546
#define DHCPV6_SERVER	547
/* Options of one neighbour discovery message that are looked at. */
#define MAX_OPTIONS	32

static bool listed_mac(const struct vnet_guard *guard, const u8 *mac)
{
	unsigned int i;

	for (i = 0; i < guard->macs; i++)
		if (ether_addr_equal_unaligned(guard->mac[i], mac))
			return true;
	return !guard->macs;
}

static bool in_prefix(const struct vnet_prefix *prefix, const u8 *addr)
{
	unsigned int bytes = prefix->len / 8, bits = prefix->len % 8;

	if (memcmp(prefix->addr.bytes, addr, bytes))
		return false;
	return !bits || !((prefix->addr.bytes[bytes] ^ addr[bytes]) >> (8 - bits));
}

static bool listed_ip(const struct vnet_guard *guard, u8 version,
		      const union vnet_addr *addr)
{
	unsigned int i;

	for (i = 0; i < guard->prefixes; i++)
		if (guard->prefix[i].version == version &&
		    in_prefix(&guard->prefix[i], addr->bytes))
			return true;
	return false;
}

/* fe80::/64 with the modified EUI-64 of @mac (RFC 4291, appendix A). */
static bool own_link_local(const union vnet_addr *addr, const u8 *mac)
{
	const u8 *ip = addr->bytes;

	return ip[0] == 0xfe && ip[1] == 0x80 && !memchr_inv(ip + 2, 0, 6) &&
	       ip[8] == (mac[0] ^ 2) && ip[9] == mac[1] && ip[10] == mac[2] &&
	       ip[11] == 0xff && ip[12] == 0xfe && ip[13] == mac[3] &&
	       ip[14] == mac[4] && ip[15] == mac[5];
}

static bool allowed_ipv6(const struct vnet_guard *guard, const struct vnet_key *key,
			 const union vnet_addr *addr)
{
	return listed_ip(guard, 6, addr) || own_link_local(addr, key->src);
}

static bool is_dhcp_request(const struct vnet_key *key)
{
	return !key->saddr.v4 && key->proto == IPPROTO_UDP &&
	       key->flags & VNET_KEY_PORTS && key->sport == htons(DHCP_CLIENT) &&
	       key->dport == htons(DHCP_SERVER);
}

static bool good_ipv4(const struct vnet_guard *guard, const struct vnet_key *key)
{
	if (!guard->has_v4)
		return true;
	return key->flags & VNET_KEY_IP &&
	       (listed_ip(guard, 4, &key->saddr) || is_dhcp_request(key));
}

/* An unspecified source is legitimate before an address is (RFC 4861, 4862, 3810). */
static bool is_early_icmpv6(const struct vnet_key *key)
{
	if (key->saddr.v6[0] | key->saddr.v6[1] | key->saddr.v6[2] | key->saddr.v6[3])
		return false;
	if (!(key->flags & VNET_KEY_ICMP) || key->proto != IPPROTO_ICMPV6)
		return false;
	return key->icmp_type == NDISC_NEIGHBOUR_SOLICITATION ||
	       key->icmp_type == NDISC_ROUTER_SOLICITATION ||
	       key->icmp_type == ICMPV6_MGM_REPORT ||
	       key->icmp_type == ICMPV6_MLD2_REPORT;
}

static bool good_ipv6(const struct vnet_guard *guard, const struct vnet_key *key)
{
	if (!guard->has_v6)
		return true;
	return key->flags & VNET_KEY_IP &&
	       (allowed_ipv6(guard, key, &key->saddr) || is_early_icmpv6(key));
}

static bool good_arp(const struct vnet_guard *guard, const struct vnet_pkt *pkt)
{
	const struct vnet_key *key = &pkt->key;
	u8 buffer[ETH_ALEN];
	const u8 *sender;

	if (!guard->has_v4 && !guard->macs)
		return true;
	if (!(key->flags & VNET_KEY_ARP))
		return false;
	sender = skb_header_pointer(pkt->skb, ETH_HLEN + sizeof(struct arphdr),
				    sizeof(buffer), buffer);
	if (!sender || !listed_mac(guard, sender))
		return false;
	/* A probe (RFC 5227) has no sender address yet. */
	return !guard->has_v4 || !key->saddr.v4 || listed_ip(guard, 4, &key->saddr);
}

/* The end of the IPv6 payload: Ethernet padding behind it is not part of it. */
static unsigned int payload_end(const struct sk_buff *skb)
{
	struct ipv6hdr buffer;
	const struct ipv6hdr *ip;

	ip = skb_header_pointer(skb, ETH_HLEN, sizeof(buffer), &buffer);
	if (!ip)
		return 0;
	return vnet_parse_ipv6_end(skb, ip);
}

/*
 * The link-layer address options of a neighbour discovery message must be ones
 * that the member may use. A message with nonsense among its options is refused as
 * its receiver would ignore it (RFC 4861, 4.6: length 0).
 */
static bool good_options(const struct vnet_guard *guard, const struct vnet_pkt *pkt,
			 unsigned int offset)
{
	unsigned int end = payload_end(pkt->skb), i;
	const u8 *option;
	u8 buffer[8];

	for (i = 0; offset + sizeof(buffer) <= end; i++) {
		option = skb_header_pointer(pkt->skb, offset, sizeof(buffer), buffer);
		if (!option || !option[1] || i == MAX_OPTIONS)
			return false;
		if ((option[0] == ND_OPT_SOURCE_LL_ADDR ||
		     option[0] == ND_OPT_TARGET_LL_ADDR) &&
		    !listed_mac(guard, option + 2))
			return false;
		offset += option[1] * 8;
	}
	return true;
}

static bool nd_target_allowed(const struct vnet_guard *guard, const struct vnet_key *key)
{
	return !guard->has_v6 ||
	       (key->flags & VNET_KEY_ND && allowed_ipv6(guard, key, &key->target));
}

static bool good_nd(const struct vnet_guard *guard, const struct vnet_pkt *pkt)
{
	const struct vnet_key *key = &pkt->key;
	unsigned int options = key->l4 + sizeof(struct icmp6hdr);
	bool probe = !(key->saddr.v6[0] | key->saddr.v6[1] |
		       key->saddr.v6[2] | key->saddr.v6[3]);

	if (!guard->has_v6 && !guard->macs)
		return true;
	switch (key->icmp_type) {
	case NDISC_ROUTER_SOLICITATION:
		return good_options(guard, pkt, options);
	case NDISC_ROUTER_ADVERTISEMENT:
		return good_options(guard, pkt, options + 8);
	case NDISC_NEIGHBOUR_SOLICITATION:
		/* Duplicate address detection claims its target. */
		if (probe && !nd_target_allowed(guard, key))
			return false;
		return good_options(guard, pkt, options + sizeof(struct in6_addr));
	case NDISC_NEIGHBOUR_ADVERTISEMENT:
		return nd_target_allowed(guard, key) &&
		       good_options(guard, pkt, options + sizeof(struct in6_addr));
	default:
		return true;
	}
}

static bool is_dhcp_reply(const struct vnet_key *key)
{
	if (key->proto != IPPROTO_UDP || !(key->flags & VNET_KEY_PORTS))
		return false;
	/* Clients look at their own port only, so a server may use any. */
	if (key->version == 4)
		return key->sport == htons(DHCP_SERVER) ||
		       key->dport == htons(DHCP_CLIENT);
	return key->sport == htons(DHCPV6_SERVER) || key->dport == htons(DHCPV6_CLIENT);
}

/*
 * Router advertisements may hide behind extension headers or in fragments
 * (RFC 7113): a chain that cannot be followed in a first fragment counts as one.
 */
static bool is_router(const struct vnet_key *key)
{
	if (key->flags & VNET_KEY_LATER)
		return false;
	if (key->flags & VNET_KEY_PROTO && key->proto != IPPROTO_ICMPV6)
		return false;
	if (!(key->flags & VNET_KEY_ICMP))
		return key->flags & VNET_KEY_CUT;
	return key->icmp_type == NDISC_ROUTER_ADVERTISEMENT ||
	       key->icmp_type == NDISC_REDIRECT;
}

static enum vnet_verdict check_ipv6(struct vnet_pkt *pkt, const struct vnet_guard *guard)
{
	const struct vnet_key *key = &pkt->key;

	if (!good_ipv6(guard, key))
		return VNET_REFUSED(GUARD_IPV6);
	if (guard->ra && is_router(key))
		return VNET_REFUSED(GUARD_RA);
	if (vnet_parse_failed(key))
		return VNET_REFUSED(BAD_HEADERS);
	if (guard->dhcp && is_dhcp_reply(key))
		return VNET_REFUSED(GUARD_DHCP);
	if (key->flags & VNET_KEY_ICMP && key->proto == IPPROTO_ICMPV6 &&
	    !good_nd(guard, pkt))
		return VNET_REFUSED(GUARD_ND);
	return VNET_CONTINUE;
}

static enum vnet_verdict check_ipv4(struct vnet_pkt *pkt, const struct vnet_guard *guard)
{
	if (!good_ipv4(guard, &pkt->key))
		return VNET_REFUSED(GUARD_IPV4);
	if (vnet_parse_failed(&pkt->key))
		return VNET_REFUSED(BAD_HEADERS);
	if (guard->dhcp && is_dhcp_reply(&pkt->key))
		return VNET_REFUSED(GUARD_DHCP);
	return VNET_CONTINUE;
}

/* More than the source MAC is checked, and a further tag would hide it. */
static bool looks_inside(const struct vnet_guard *guard)
{
	return guard->has_v4 || guard->has_v6 || guard->dhcp || guard->ra;
}

/**
 * vnet_guard_check - may the sender claim what its frame claims?
 * @pkt: a frame in switch form
 * @guard: what its member is held to
 *
 * Context: RCU read side.
 * Return: %VNET_CONTINUE or the drop reason.
 */
enum vnet_verdict vnet_guard_check(struct vnet_pkt *pkt, const struct vnet_guard *guard)
{
	if (!listed_mac(guard, pkt->key.src))
		return VNET_REFUSED(GUARD_MAC);
	vnet_parse_network(pkt);
	switch (pkt->key.ethertype) {
	case htons(ETH_P_8021Q):
	case htons(ETH_P_8021AD):
		return looks_inside(guard) ? VNET_REFUSED(BAD_HEADERS) : VNET_CONTINUE;
	case htons(ETH_P_IP):
		return check_ipv4(pkt, guard);
	case htons(ETH_P_IPV6):
		return check_ipv6(pkt, guard);
	case htons(ETH_P_ARP):
	case htons(ETH_P_RARP):
		return good_arp(guard, pkt) ? VNET_CONTINUE :
					      VNET_REFUSED(GUARD_ARP);
	default:
		return VNET_CONTINUE;
	}
}
