/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * oracle_frames.h owns the random frames, which are aimed at the corners of a rule:
 * most of what it asks for they have, at the edge of it or just beyond. Frame n of a
 * seed is always the same.
 */
#ifndef ORACLE_FRAMES_H
#define ORACLE_FRAMES_H

#include "oracle_rules.h"

#define FRAME_MAX	200
#define MARK		0x766e6574U	/* stands at the end, before the number */

/* What a frame says before it is written. */
struct wish {
	uint8_t smac[6], dmac[6];
	uint16_t type, sport, dport;
	uint8_t version, proto, icmp, code, flags, dscp;
	enum part part;
	bool options;
	uint8_t src[16], dst[16], nd[16];
};

struct frame {
	size_t len;
	uint8_t byte[FRAME_MAX];
};

/* The first or last address of a prefix, one beyond, or any in it. */
static inline void aim_address(uint64_t *r, uint8_t *to, const struct prefix *p,
			       unsigned int bits)
{
	unsigned int i, how = below(r, 8);
	int carry = how == 6 ? 1 : how == 7 ? -1 : 0;

	memcpy(to, p->byte, 16);
	for (i = p->len; i < bits; i++)
		if (how == 1 || how == 6 || (how >= 2 && how <= 5 && percent(r, 50)))
			to[i / 8] |= 0x80 >> i % 8;
	for (i = bits / 8; carry && i--;) {
		carry += to[i];
		to[i] = carry;
		carry = carry > 255 ? 1 : carry < 0 ? -1 : 0;
	}
}

static inline uint16_t aim_port(uint64_t *r, const uint16_t *range)
{
	switch (below(r, 8)) {
	case 0:
		return range[0] - 1;
	case 1:
		return range[1] + 1;
	case 2:
	case 3:
		return range[1];
	case 4:
		return range[0] + below(r, range[1] - range[0] + 1);
	default:
		return range[0];
	}
}

static inline void aim_mac(uint64_t *r, uint8_t *to, const uint8_t *mac, const uint8_t *mask)
{
	unsigned int i;

	for (i = 0; i < 6; i++)
		to[i] = mac[i] | (to[i] & ~mask[i]);
	if (percent(r, 10))
		to[5] ^= 1 << below(r, 8);
	to[0] = (to[0] & 0xfc) | 2;
}

/* What a frame has that is aimed at nothing. */
static inline void wish_anything(uint64_t *r, struct wish *w)
{
	static const uint8_t protos[] = { 6, 6, 6, 17, 17, 1, 58, 132, 136, 33, 200, 2 };
	struct prefix p;
	uint16_t range[2];

	memset(w, 0, sizeof(*w));
	rnd_mac(r, w->smac);
	rnd_mac(r, w->dmac);
	w->type = percent(r, 60) ? 0x0800 : percent(r, 70) ? 0x86dd : percent(r, 50) ?
		  0x0806 : 0x88b5 + 2 * below(r, 3);
	w->version = w->type == 0x86dd ? 6 : 4;
	rnd_prefix(r, &p, w->version);
	aim_address(r, w->src, &p, w->version == 4 ? 32 : 128);
	rnd_prefix(r, &p, w->version);
	aim_address(r, w->dst, &p, w->version == 4 ? 32 : 128);
	rnd_prefix(r, &p, 6);
	aim_address(r, w->nd, &p, 128);
	w->proto = protos[below(r, sizeof(protos))];
	rnd_ports(r, range);
	w->sport = percent(r, 50) ? rnd(r) : range[0];
	rnd_ports(r, range);
	w->dport = percent(r, 30) ? rnd(r) : range[0];
	w->icmp = percent(r, 50) ? 8 : below(r, 256);
	w->code = below(r, 3);
	w->flags = percent(r, 50) ? 2 : rnd(r);
	w->dscp = percent(r, 80) ? 0 : below(r, 64);
	w->part = percent(r, 92) ? PART_NONE : percent(r, 50) ? PART_FIRST : PART_LATER;
	w->options = percent(r, 8);
}

static inline void aim_transport(uint64_t *r, const struct rule *rule, struct wish *w)
{
	if (rule->fields & R_ND && percent(r, 96)) {
		w->proto = 58;
		w->icmp = percent(r, 90) ? 135 + below(r, 3) : 134 + below(r, 5);
		aim_address(r, w->nd, &rule->nd, 128);
	}
	if (rule->fields & R_PROTO && percent(r, 96))
		w->proto = rule->proto;
	else if (!(rule->fields & R_PROTO))
		return;
	if (rule->fields & R_SPORT)
		w->sport = aim_port(r, rule->sport);
	if (rule->fields & R_DPORT)
		w->dport = aim_port(r, rule->dport);
	if (rule->fields & R_ICMP)
		w->icmp = rule->icmp + percent(r, 10);
	if (rule->fields & R_CODE)
		w->code = rule->code + percent(r, 10);
	if (rule->fields & R_FLAGS)
		w->flags = (w->flags & ~rule->flags_mask) | rule->flags;
	if (rule->fields & R_FLAGS && percent(r, 15))
		w->flags ^= 1 << below(r, 8);
}

/* Makes the frame what the rule asks for, or what lies just beside that. */
static inline void aim(uint64_t *r, const struct rule *rule, struct wish *w)
{
	unsigned int bits = rule->version == 6 ? 128 : 32;

	if (rule->fields & R_SMAC)
		aim_mac(r, w->smac, rule->smac, rule->smac_mask);
	if (rule->fields & R_DMAC)
		aim_mac(r, w->dmac, rule->dmac, rule->dmac_mask);
	w->type = rule->type;
	w->version = rule->type == 0x86dd ? 6 : 4;
	if (rule->fields & (R_SRC | R_SENDER))
		aim_address(r, w->src, &rule->src, bits);
	else if (w->version == 6)
		memcpy(w->src, "\x20\x01\x0d\xb8", 4);
	if (rule->fields & (R_DST | R_TARGET))
		aim_address(r, w->dst, &rule->dst, bits);
	else if (w->version == 6)
		memcpy(w->dst, "\x20\x01\x0d\xb8", 4);
	aim_transport(r, rule, w);
	if (rule->fields & R_DSCP && percent(r, 85))
		w->dscp = rule->dscp;
	if (rule->fields & R_PART && percent(r, 85))
		w->part = rule->part == PART_ANY ? PART_FIRST + below(r, 2) : rule->part;
}

static inline uint8_t *put16(uint8_t *to, uint16_t value)
{
	to[0] = value >> 8;
	to[1] = value;
	return to + 2;
}

static inline uint8_t *put32(uint8_t *to, uint32_t value)
{
	return put16(put16(to, value >> 16), value);
}

static inline bool is_nd(const struct wish *w)
{
	return w->proto == 58 && w->icmp >= 135 && w->icmp <= 137 && w->part != PART_LATER;
}

/* 20 bytes, which are a header of each of the protocols, or what has a target. */
static inline uint8_t *put_transport(uint8_t *to, const struct wish *w)
{
	if (is_nd(w)) {
		memset(to, 0, 8);
		to[0] = w->icmp;
		to[1] = w->code;
		memcpy(to + 8, w->nd, 16);
		return to + 24;
	}
	memset(to, 0, 20);
	if (w->part == PART_LATER) {
		/* It looks like a header that would be found. */
		put16(put16(to, 443), 443);
	} else if (w->proto == 1 || w->proto == 58) {
		to[0] = w->icmp;
		to[1] = w->code;
	} else {
		put16(put16(to, w->sport), w->dport);
		to[12] = 0x50;
		to[13] = w->flags;
		if (w->proto == 17 || w->proto == 136)
			put16(to + 4, 28);
	}
	return to + 20;
}

static inline uint16_t checksum(const uint8_t *data, size_t len)
{
	uint32_t sum = 0;

	for (; len; data += 2, len -= 2)
		sum += data[0] << 8 | data[1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static inline uint8_t *put_ipv4(uint8_t *ip, const struct wish *w)
{
	unsigned int words = w->options ? 8 : 5;

	memset(ip, 0, words * 4);
	ip[0] = 0x40 | words;
	ip[1] = w->dscp << 2;
	put16(ip + 2, words * 4 + 28);
	put16(ip + 6, w->part == PART_FIRST ? 0x2000 : w->part == PART_LATER ? 0x2003 : 0);
	ip[8] = 64;
	ip[9] = w->proto;
	memcpy(ip + 12, w->src, 4);
	memcpy(ip + 16, w->dst, 4);
	/* Options that do nothing. */
	memset(ip + 20, 1, words * 4 - 20);
	put16(ip + 10, checksum(ip, words * 4));
	return put_transport(ip + words * 4, w);
}

static inline uint8_t *put_ipv6(uint8_t *ip, const struct wish *w)
{
	uint8_t *to = ip + 40, *next = ip + 6;

	put32(ip, 6U << 28 | (uint32_t)w->dscp << 22);
	ip[7] = 64;
	memcpy(ip + 8, w->src, 16);
	memcpy(ip + 24, w->dst, 16);
	if (w->options) {
		*next = 60;
		next = to;
		memcpy(to, "\0\0\1\4\0\0\0\0", 8);
		to += 8;
	}
	if (w->part != PART_NONE) {
		*next = 44;
		next = to;
		memset(to, 0, 8);
		put16(to + 2, w->part == PART_FIRST ? 1 : 8 << 3 | 1);
		to += 8;
	}
	*next = w->proto;
	to = put_transport(to, w);
	put16(ip + 4, to + 8 - ip - 40);
	return to;
}

static inline uint8_t *put_arp(uint8_t *to, const struct wish *w)
{
	memcpy(to, "\0\1\x08\0\6\4\0\1", 8);
	memcpy(to + 8, w->smac, 6);
	memcpy(to + 14, w->src, 4);
	memset(to + 18, 0, 6);
	memcpy(to + 24, w->dst, 4);
	return to + 28;
}

static inline void write_frame(struct frame *f, const struct wish *w, uint32_t number)
{
	uint8_t *to = f->byte;

	memcpy(to, w->dmac, 6);
	memcpy(to + 6, w->smac, 6);
	to = put16(to + 12, w->type);
	if (w->type == 0x0800)
		to = put_ipv4(to, w);
	else if (w->type == 0x86dd)
		to = put_ipv6(to, w);
	else if (w->type == 0x0806)
		to = put_arp(to, w);
	while (to < f->byte + 52)
		*to++ = 0;
	to = put32(put32(to, MARK), number);
	f->len = to - f->byte;
}

/* The protocols whose types nobody sends over the other IP version. */
static inline void mend(struct wish *w)
{
	if (w->version == 6 && w->proto == 1)
		w->proto = 58;
	if (w->version == 4 && w->proto == 58)
		w->proto = 1;
	/* What looks like one more extension header has to be one. */
	if (w->version == 6 && (w->proto == 0 || w->proto == 43 || w->proto == 44 ||
				w->proto == 51 || w->proto == 59 || w->proto == 60))
		w->proto = 201;
}

static inline void make_frame(const struct world *world, uint32_t number, struct frame *f,
			      struct wish *w)
{
	uint64_t r = world->seed ^ (uint64_t)(number + 1) * 0xd1342543de82ef95ULL;

	wish_anything(&r, w);
	if (world->count && percent(&r, 85))
		aim(&r, &world->rules[below(&r, world->count)], w);
	/* Where the other is known to be wrong about them, see oracle.sh. */
	if (w->part == PART_LATER && getenv("VNET_ORACLE_NO_LATER"))
		w->part = PART_FIRST;
	mend(w);
	write_frame(f, w, number);
}

static inline void make_fence(struct frame *f, uint32_t number)
{
	struct wish w = {
		.smac = "\2\0\0\0\0\1", .dmac = "\2\0\0\0\0\2", .type = FENCE_TYPE,
	};

	write_frame(f, &w, number);
}

#endif /* ORACLE_FRAMES_H */
