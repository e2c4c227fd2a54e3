/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Rules, frames and an oracle for tests of the classifier: the oracle asks one rule
 * after the other, field by field, in no clever way; the rules look like those of
 * real firewalls; the frames are aimed at the corners of a rule.
 */
#ifndef MATCH_WORLD_H
#define MATCH_WORLD_H

#include <asm/byteorder.h>
#include <linux/kernel.h>

#include "match.h"

#define FIELDS		VNET_MATCH_SETS_SHIFT
#define ALL_FIELDS	(BIT(FIELDS) - 1)
/* Those that a frame can have all at once: an IP packet is no ARP message. */
#define IP_FIELDS	(ALL_FIELDS & ~(VNET_MATCH_ARP_SENDER | VNET_MATCH_ARP_TARGET))

/*
 * The oracle
 */

static inline bool bits_agree(const u8 *a, const u8 *b, unsigned int bits)
{
	unsigned int i;

	for (i = 0; i < bits / 8; i++)
		if (a[i] != b[i])
			return false;
	for (i = bits & ~7U; i < bits; i++)
		if ((a[i / 8] ^ b[i / 8]) & 0x80 >> i % 8)
			return false;
	return true;
}

static inline bool mac_agrees(const u8 *mac, const u8 *want, const u8 *mask)
{
	unsigned int i;

	for (i = 0; i < 6; i++)
		if ((mac[i] & mask[i]) != want[i])
			return false;
	return true;
}

/* What a frame needs so that a field can be asked for, inverted or not. */
static inline bool oracle_has(const struct vnet_match *m, const struct vnet_key *k,
			      u32 field)
{
	switch (field) {
	case VNET_MATCH_SRC_IP:
	case VNET_MATCH_DST_IP:
		return k->flags & VNET_KEY_IP && k->version == m->version;
	case VNET_MATCH_ARP_SENDER:
	case VNET_MATCH_ARP_TARGET:
		return k->flags & VNET_KEY_ARP;
	case VNET_MATCH_ND_TARGET:
		return k->flags & VNET_KEY_ND;
	case VNET_MATCH_PROTO:
		return k->flags & VNET_KEY_PROTO;
	case VNET_MATCH_SPORT:
	case VNET_MATCH_DPORT:
		return k->flags & VNET_KEY_PORTS;
	case VNET_MATCH_ICMP_TYPE:
	case VNET_MATCH_ICMP_CODE:
		return k->flags & VNET_KEY_ICMP;
	case VNET_MATCH_TCP_FLAGS:
		return k->flags & VNET_KEY_TCP;
	case VNET_MATCH_FRAGMENT:
	case VNET_MATCH_DSCP:
		return k->flags & VNET_KEY_IP;
	case VNET_MATCH_PCP:
		return k->flags & VNET_KEY_PCP;
	case VNET_MATCH_STATE:
		return k->flags & VNET_KEY_STATE;
	}
	return true;
}

static inline bool oracle_fragment(const struct vnet_match *m, const struct vnet_key *k)
{
	switch (m->fragment) {
	case VNET_FRAGMENT_ANY:
		return k->flags & VNET_KEY_FRAGMENT;
	case VNET_FRAGMENT_FIRST:
		return k->flags & VNET_KEY_FRAGMENT && !(k->flags & VNET_KEY_LATER);
	case VNET_FRAGMENT_LATER:
		return k->flags & VNET_KEY_LATER;
	}
	return !(k->flags & VNET_KEY_FRAGMENT);
}

static inline bool oracle_is(const struct vnet_match *m, const struct vnet_key *k,
			     u32 member, u32 field)
{
	u16 sport = be16_to_cpu(k->sport), dport = be16_to_cpu(k->dport);

	switch (field) {
	case VNET_MATCH_MEMBER:
		return member == m->member;
	case VNET_MATCH_SRC_MAC:
		return mac_agrees(k->src, m->src_mac, m->src_mac_mask);
	case VNET_MATCH_DST_MAC:
		return mac_agrees(k->dst, m->dst_mac, m->dst_mac_mask);
	case VNET_MATCH_ETHERTYPE:
		return k->ethertype == m->ethertype;
	case VNET_MATCH_SRC_IP:
	case VNET_MATCH_ARP_SENDER:
		return bits_agree(m->src_ip.bytes, k->saddr.bytes, m->src_prefix_len);
	case VNET_MATCH_DST_IP:
	case VNET_MATCH_ARP_TARGET:
		return bits_agree(m->dst_ip.bytes, k->daddr.bytes, m->dst_prefix_len);
	case VNET_MATCH_ND_TARGET:
		return bits_agree(m->target.bytes, k->target.bytes, m->target_prefix_len);
	case VNET_MATCH_PROTO:
		return k->proto == m->proto;
	case VNET_MATCH_SPORT:
		return sport >= m->sport_min && sport <= m->sport_max;
	case VNET_MATCH_DPORT:
		return dport >= m->dport_min && dport <= m->dport_max;
	case VNET_MATCH_ICMP_TYPE:
		return k->icmp_type == m->icmp_type;
	case VNET_MATCH_ICMP_CODE:
		return k->icmp_code == m->icmp_code;
	case VNET_MATCH_TCP_FLAGS:
		return (k->tcp_flags & m->tcp_flags_mask) == m->tcp_flags;
	case VNET_MATCH_FRAGMENT:
		return oracle_fragment(m, k);
	case VNET_MATCH_DSCP:
		return k->dscp == m->dscp;
	case VNET_MATCH_PCP:
		return k->pcp == m->pcp;
	case VNET_MATCH_STATE:
		return k->state & m->states;
	}
	return false;
}

static inline bool oracle_matches(const struct vnet_match *m, const struct vnet_key *k,
				  u32 member)
{
	u32 rest = m->fields, field;

	for (; rest; rest &= rest - 1) {
		field = rest & -rest;
		if (!oracle_has(m, k, field) ||
		    oracle_is(m, k, member, field) == !!(m->inverted & field))
			return false;
	}
	return true;
}

/* Index of the first rule that matches, -1 if none does; gaps have no owner. */
static inline int oracle_find(const struct vnet_match *rules, const bool *present, u32 count,
			      const struct vnet_key *k, u32 member)
{
	u32 i;

	for (i = 0; i < count; i++)
		if ((!present || present[i]) && oracle_matches(&rules[i], k, member))
			return i;
	return -1;
}

/*
 * Rules like those of firewalls
 */

enum world_style {
	WORLD_ACL,	/* nested prefixes on both sides, well-known ports, ranges */
	WORLD_FIREWALL,	/* mostly to a few services, from anywhere */
	WORLD_PAIRS,	/* host to host */
	WORLD_GROUPS,	/* of members, as security groups make them */
	WORLD_LINK,	/* MACs, ethertypes, ARP, neighbour discovery */
	WORLD_MIXED,	/* some of everything */
	WORLD_STYLES
};

struct world {
	enum world_style style;
	u32 sites;
	u32 members;
};

static inline struct world world_of(enum world_style style, u32 rules)
{
	return (struct world){ style, 4 + rules / 64, 2 + rules / 50 };
}

static inline void world_mask(union vnet_addr *addr, unsigned int size, unsigned int len)
{
	unsigned int i;

	for (i = 0; i < sizeof(addr->bytes); i++)
		if (i >= size || i * 8 >= len)
			addr->bytes[i] = 0;
		else if (len < i * 8 + 8)
			addr->bytes[i] &= 0xff << (i * 8 + 8 - len);
}

/* An address of a site: sites are nets of one address plan, one inside the other. */
static inline void world_addr(const struct world *w, union vnet_addr *addr, u8 version)
{
	u32 site = shim_below(w->sites), host = shim_below(200) + 1;

	memset(addr, 0, sizeof(*addr));
	if (version == 4) {
		addr->bytes[0] = site % 3 ? 10 : 172 + site % 2;
		addr->bytes[1] = site / 256 % 256;
		addr->bytes[2] = site % 256;
		addr->bytes[3] = host;
		return;
	}
	addr->bytes[0] = 0x20;
	addr->bytes[1] = 0x01;
	addr->bytes[2] = 0x0d;
	addr->bytes[3] = 0xb8;
	addr->bytes[4] = site / 4096;
	addr->bytes[5] = site / 64;
	addr->bytes[6] = site;
	addr->bytes[7] = site % 7;
	addr->bytes[15] = host;
}

static inline u8 world_len(u8 version)
{
	static const u8 lens4[] = { 32, 32, 32, 32, 24, 24, 24, 28, 16, 16, 20, 8, 27, 30, 23 };
	static const u8 lens6[] = { 128, 128, 128, 64, 64, 56, 48, 48, 32, 127, 61 };

	return version == 4 ? lens4[shim_below(ARRAY_SIZE(lens4))] :
			      lens6[shim_below(ARRAY_SIZE(lens6))];
}

static inline void world_prefix(const struct world *w, union vnet_addr *addr, u8 *len,
				u8 version)
{
	world_addr(w, addr, version);
	*len = world_len(version);
	world_mask(addr, version == 4 ? 4 : 16, *len);
}

static inline void world_src(const struct world *w, struct vnet_match *m)
{
	m->fields |= VNET_MATCH_SRC_IP;
	world_prefix(w, &m->src_ip, &m->src_prefix_len, m->version);
}

static inline void world_dst(const struct world *w, struct vnet_match *m)
{
	m->fields |= VNET_MATCH_DST_IP;
	world_prefix(w, &m->dst_ip, &m->dst_prefix_len, m->version);
}

static inline void world_port(u16 *min, u16 *max)
{
	static const u16 known[] = { 22, 25, 53, 80, 123, 443, 993, 3306, 5432, 6379, 8080 };

	switch (shim_below(8)) {
	case 0:
		*min = 1024;
		*max = 65535;
		break;
	case 1:
		*min = shim_below(60000);
		*max = *min + shim_below(5000);
		break;
	case 2:
		*min = shim_below(65536);
		*max = *min;
		break;
	default:
		*min = known[shim_below(ARRAY_SIZE(known))];
		*max = *min;
	}
}

static inline void world_transport(struct vnet_match *m)
{
	m->fields |= VNET_MATCH_PROTO;
	m->proto = shim_below(3) ? 6 : 17;
	if (shim_below(5)) {
		m->fields |= VNET_MATCH_DPORT;
		world_port(&m->dport_min, &m->dport_max);
	}
	if (!shim_below(12)) {
		m->fields |= VNET_MATCH_SPORT;
		world_port(&m->sport_min, &m->sport_max);
	}
	if (shim_below(15) || m->fields & VNET_MATCH_SPORT)
		return;
	m->fields = (m->fields & ~VNET_MATCH_DPORT) | VNET_MATCH_ICMP_TYPE;
	m->proto = m->version == 6 ? 58 : 1;
	m->icmp_type = shim_below(4) * 4;
}

static inline void world_link(const struct world *w, struct vnet_match *m)
{
	static const u16 types[] = { 0x0800, 0x0806, 0x86dd, 0x88cc };

	m->version = 0;
	if (shim_below(2)) {
		m->fields |= VNET_MATCH_ETHERTYPE;
		m->ethertype = cpu_to_be16(types[shim_below(ARRAY_SIZE(types))]);
	}
	m->src_mac[0] = 2;
	m->src_mac[4] = shim_below(w->sites) / 256;
	m->src_mac[5] = shim_below(w->sites);
	memset(m->src_mac_mask, 0xff, 6);
	m->fields |= VNET_MATCH_SRC_MAC;
	switch (shim_below(4)) {
	case 0:
		m->fields |= VNET_MATCH_ARP_SENDER;
		world_prefix(w, &m->src_ip, &m->src_prefix_len, 4);
		break;
	case 1:
		m->fields |= VNET_MATCH_ND_TARGET;
		world_prefix(w, &m->target, &m->target_prefix_len, 6);
		/* Some rules are about all members, and only the target tells them apart. */
		if (shim_below(2))
			m->fields &= ~(VNET_MATCH_SRC_MAC | VNET_MATCH_ETHERTYPE);
	}
}

static inline void world_extras(struct vnet_match *m)
{
	switch (shim_below(10)) {
	case 0:
		m->fields |= VNET_MATCH_TCP_FLAGS;
		m->tcp_flags_mask = 0x12;
		m->tcp_flags = 0x02;
		break;
	case 1:
		m->fields |= VNET_MATCH_STATE;
		m->states = 1 + shim_below(15);
		break;
	case 2:
		m->fields |= VNET_MATCH_DSCP;
		m->dscp = shim_below(64);
		break;
	case 3:
		m->fields |= VNET_MATCH_FRAGMENT;
		m->fragment = shim_below(4);
		break;
	case 4:
		m->fields |= VNET_MATCH_PCP;
		m->pcp = shim_below(8);
		break;
	case 5:
		m->inverted = m->fields & (1U << shim_below(FIELDS));
	}
}

/* A rule of the world's style. */
static inline void world_rule(const struct world *w, struct vnet_match *m)
{
	enum world_style style = w->style;

	memset(m, 0, sizeof(*m));
	if (style == WORLD_MIXED)
		style = shim_below(WORLD_MIXED);
	m->version = shim_below(4) ? 4 : 6;
	switch (style) {
	case WORLD_FIREWALL:
		world_dst(w, m);
		if (!shim_below(4))
			world_src(w, m);
		world_transport(m);
		break;
	case WORLD_PAIRS:
		world_src(w, m);
		world_dst(w, m);
		if (shim_below(3))
			world_transport(m);
		break;
	case WORLD_GROUPS:
		m->fields |= VNET_MATCH_MEMBER;
		m->member = 1 + shim_below(w->members);
		if (shim_below(3))
			world_src(w, m);
		else
			m->version = 0;
		world_transport(m);
		break;
	case WORLD_LINK:
		world_link(w, m);
		break;
	default:
		if (shim_below(8))
			world_src(w, m);
		if (shim_below(8) || !(m->fields & VNET_MATCH_SRC_IP))
			world_dst(w, m);
		if (shim_below(10))
			world_transport(m);
	}
	if (w->style == WORLD_MIXED && !shim_below(8))
		world_extras(m);
}

/*
 * Frames at the corners of a rule
 */

/* An address in a prefix: the first, the last, any, or one just outside. */
static inline void corner_addr(union vnet_addr *to, const union vnet_addr *from,
			       unsigned int size, unsigned int len)
{
	unsigned int i, how = shim_below(8);

	*to = *from;
	for (i = len; i < size * 8; i++)
		if (how > 3 ? shim_below(2) : how & 1)
			to->bytes[i / 8] |= 0x80 >> i % 8;
	if (!how && len)
		to->bytes[(len - 1) / 8] ^= 0x80 >> (len - 1) % 8;
}

static inline u16 corner_port(u16 min, u16 max)
{
	switch (shim_below(6)) {
	case 0:
		return min;
	case 1:
		return max;
	case 2:
		return min - 1;
	case 3:
		return max + 1;
	}
	return min + shim_below(max - min + 1);
}

static inline void corner_network(const struct world *w, struct vnet_key *k,
				  const struct vnet_match *m)
{
	u8 version = m->version ?: m->fields & VNET_MATCH_ND_TARGET ? 6 : shim_below(4) ? 4 : 6;

	if (m->fields & (VNET_MATCH_ARP_SENDER | VNET_MATCH_ARP_TARGET)) {
		k->flags |= VNET_KEY_ARP;
		version = 4;
	} else {
		k->flags |= VNET_KEY_IP;
		k->version = version;
		k->dscp = m->dscp;
	}
	world_addr(w, &k->saddr, version);
	world_addr(w, &k->daddr, version);
	if (m->fields & (VNET_MATCH_SRC_IP | VNET_MATCH_ARP_SENDER))
		corner_addr(&k->saddr, &m->src_ip, version == 4 ? 4 : 16, m->src_prefix_len);
	if (m->fields & (VNET_MATCH_DST_IP | VNET_MATCH_ARP_TARGET))
		corner_addr(&k->daddr, &m->dst_ip, version == 4 ? 4 : 16, m->dst_prefix_len);
	if (m->fields & VNET_MATCH_FRAGMENT && m->fragment != VNET_FRAGMENT_NONE)
		k->flags |= VNET_KEY_FRAGMENT | (shim_below(2) ? VNET_KEY_LATER : 0);
	if (!(m->fields & VNET_MATCH_ETHERTYPE))
		k->ethertype = cpu_to_be16(k->flags & VNET_KEY_ARP ? 0x0806 :
					   version == 4 ? 0x0800 : 0x86dd);
}

static inline void corner_transport(struct vnet_key *k, const struct vnet_match *m)
{
	if (!(k->flags & VNET_KEY_IP))
		return;
	k->flags |= VNET_KEY_PROTO;
	k->proto = m->fields & VNET_MATCH_PROTO ? m->proto :
		   m->fields & VNET_MATCH_ND_TARGET ? 58 : shim_below(2) ? 6 : 17;
	if (k->proto == 1 || k->proto == 58) {
		k->flags |= VNET_KEY_ICMP;
		k->icmp_type = m->icmp_type;
		k->icmp_code = m->icmp_code;
		if (m->fields & VNET_MATCH_ND_TARGET && shim_below(16)) {
			k->flags |= VNET_KEY_ND;
			corner_addr(&k->target, &m->target, 16, m->target_prefix_len);
		}
		return;
	}
	k->flags |= VNET_KEY_PORTS;
	world_port(&k->sport, &k->dport);
	k->sport = cpu_to_be16(m->fields & VNET_MATCH_SPORT ?
			       corner_port(m->sport_min, m->sport_max) : k->sport);
	k->dport = cpu_to_be16(m->fields & VNET_MATCH_DPORT ?
			       corner_port(m->dport_min, m->dport_max) : k->dport);
	if (k->proto == 6) {
		k->flags |= VNET_KEY_TCP;
		k->tcp_flags = shim_below(2) ? 0x02 : 0x10;
	}
}

/* A frame for a rule, or nearly; returns the member. */
static inline u32 corner_key(const struct world *w, struct vnet_key *k,
			     const struct vnet_match *m)
{
	memset(k, 0, sizeof(*k));
	k->ethertype = m->ethertype;
	memcpy(k->src, m->src_mac, 6);
	memcpy(k->dst, m->dst_mac, 6);
	if (m->fields & (VNET_MATCH_SRC_IP | VNET_MATCH_DST_IP | VNET_MATCH_ARP_SENDER |
			 VNET_MATCH_ARP_TARGET | VNET_MATCH_ND_TARGET | VNET_MATCH_PROTO | VNET_MATCH_DPORT |
			 VNET_MATCH_SPORT | VNET_MATCH_FRAGMENT | VNET_MATCH_DSCP) ||
	    shim_below(2)) {
		corner_network(w, k, m);
		corner_transport(k, m);
	}
	if (m->fields & VNET_MATCH_PCP || !shim_below(8)) {
		k->flags |= VNET_KEY_PCP;
		k->pcp = m->pcp;
	}
	if (shim_below(8)) {
		k->flags |= VNET_KEY_STATE;
		k->state = 1 << shim_below(4);
	}
	if (!shim_below(10))
		k->dscp = shim_below(64);
	return m->fields & VNET_MATCH_MEMBER && shim_below(16) ? m->member :
	       1 + shim_below(w->members);
}

#endif /* MATCH_WORLD_H */
