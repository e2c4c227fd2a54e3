/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * oracle_rules.h owns random rules and how both firewalls write them: nested prefixes
 * of a few sites, ranges of ports as services and clients have them, wildcards, and
 * overlaps between all of these. The same seed makes the same rules.
 */
#ifndef ORACLE_RULES_H
#define ORACLE_RULES_H

#include <arpa/inet.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	R_MEMBER = 1 << 0, R_SMAC = 1 << 1, R_DMAC = 1 << 2, R_TYPE = 1 << 3,
	R_SRC = 1 << 4, R_DST = 1 << 5, R_PROTO = 1 << 6, R_SPORT = 1 << 7,
	R_DPORT = 1 << 8, R_ICMP = 1 << 9, R_CODE = 1 << 10, R_FLAGS = 1 << 11,
	R_PART = 1 << 12, R_DSCP = 1 << 13, R_SENDER = 1 << 14, R_TARGET = 1 << 15,
	R_ND = 1 << 16, R_GROUP = 1 << 17,
};

enum part { PART_NONE, PART_FIRST, PART_LATER, PART_ANY };

#define FENCE_TYPE	0x88b6		/* the first rule lets such frames pass */

struct prefix {
	uint8_t byte[16];
	uint8_t len;
};

/* One rule; version is 0 where it is not about IP. */
struct rule {
	unsigned int fields, inverted, prio, number, group;
	uint8_t smac[6], smac_mask[6], dmac[6], dmac_mask[6];
	uint16_t type;
	uint8_t version, proto, icmp, code, flags, flags_mask, part, dscp;
	bool allow;
	struct prefix src, dst, nd;
	uint16_t sport[2], dport[2];
};

struct world {
	uint64_t seed;
	unsigned int count;
	struct rule *rules;	/* in the order in which they are given */
	struct rule **order;	/* in the order of evaluation */
};

/* ---- chance: splitmix64, so that frame n is the same whoever asks ------- */

static inline uint64_t rnd(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15ULL;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ULL;
	z = (z ^ z >> 27) * 0x94d049bb133111ebULL;
	return z ^ z >> 31;
}

static inline unsigned int below(uint64_t *r, unsigned int n)
{
	return rnd(r) % n;
}

static inline bool percent(uint64_t *r, unsigned int n)
{
	return below(r, 100) < n;
}

static inline void rnd_bytes(uint64_t *r, uint8_t *to, size_t count)
{
	while (count--)
		*to++ = rnd(r);
}

/* ---- values --------------------------------------------------------------- */

static inline void cut_prefix(struct prefix *p, unsigned int bits)
{
	unsigned int i;

	for (i = p->len; i < bits; i++)
		p->byte[i / 8] &= ~(0x80 >> i % 8);
}

/* A few sites with subnets with hosts, so that prefixes lie in each other. */
static inline void rnd_prefix(uint64_t *r, struct prefix *p, unsigned int version)
{
	static const uint8_t len4[] = { 8, 16, 20, 24, 24, 28, 30, 32, 32, 32 };
	static const uint8_t len6[] = { 32, 48, 56, 64, 64, 96, 120, 127, 128, 128 };

	memset(p, 0, sizeof(*p));
	if (version == 4) {
		p->byte[0] = percent(r, 70) ? 10 : 172 + below(r, 20);
		p->byte[1] = below(r, 4);
		p->byte[2] = percent(r, 60) ? below(r, 4) : rnd(r);
		p->byte[3] = rnd(r);
		p->len = len4[below(r, sizeof(len4))];
	} else {
		memcpy(p->byte, "\x20\x01\x0d\xb8", 4);
		p->byte[5] = below(r, 3);
		p->byte[7] = below(r, 4);
		p->byte[11] = below(r, 2);
		p->byte[14] = below(r, 4);
		p->byte[15] = rnd(r);
		p->len = len6[below(r, sizeof(len6))];
	}
	cut_prefix(p, version == 4 ? 32 : 128);
}

static inline void rnd_ports(uint64_t *r, uint16_t *range)
{
	static const uint16_t known[] = { 22, 53, 80, 123, 443, 3306, 5432, 8080, 0, 65535 };
	uint16_t a = rnd(r), b = rnd(r);

	switch (below(r, 8)) {
	case 0:
		a = 1024, b = 65535;
		break;
	case 1:
		a = 0, b = 1023;
		break;
	case 2:
		a = below(r, 60000), b = a + 1 + below(r, 5000);
		break;
	case 3:
		break;
	default:
		a = b = known[below(r, sizeof(known) / sizeof(known[0]))];
	}
	range[0] = a < b ? a : b;
	range[1] = a < b ? b : a;
}

static inline void rnd_mac(uint64_t *r, uint8_t *mac)
{
	memcpy(mac, "\x02\x00\x00\x00\x00", 5);
	mac[1] = below(r, 3);
	mac[5] = below(r, 8);
}

static inline void rnd_mac_mask(uint64_t *r, uint8_t *mac, uint8_t *mask)
{
	unsigned int i;

	rnd_mac(r, mac);
	memset(mask, 0xff, 6);
	if (percent(r, 25))
		memset(mask + 3, 0, 3);
	else if (percent(r, 10))
		memcpy(mask, "\x00\x00\x00\x00\x00\x03", 6);
	for (i = 0; i < 6; i++)
		mac[i] &= mask[i];
}

static const uint8_t with_ports[] = { 6, 6, 6, 17, 17, 132, 136, 33 };

static inline bool has_ports(unsigned int proto)
{
	return proto == 6 || proto == 17 || proto == 132 || proto == 136 || proto == 33;
}

/* ---- rules --------------------------------------------------------------- */

static inline void rnd_transport(uint64_t *r, struct rule *rule)
{
	if (percent(r, 15))
		return;
	rule->fields |= R_PROTO;
	if (percent(r, 15)) {
		rule->proto = rule->version == 4 ? 1 : 58;
		if (percent(r, 70))
			rule->fields |= R_ICMP | (percent(r, 40) ? R_CODE : 0);
		rule->icmp = percent(r, 70) ? (rule->version == 4 ? 8 : 128) : below(r, 16);
		rule->code = below(r, 4);
		return;
	}
	rule->proto = percent(r, 5) ? below(r, 256) : with_ports[below(r, sizeof(with_ports))];
	if (!has_ports(rule->proto))
		return;
	rule->fields |= (percent(r, 25) ? R_SPORT : 0) | (percent(r, 75) ? R_DPORT : 0);
	rnd_ports(r, rule->sport);
	rnd_ports(r, rule->dport);
	if (rule->proto != 6 || percent(r, 80))
		return;
	rule->fields |= R_FLAGS;
	rule->flags_mask = percent(r, 50) ? 0x12 : 1 + below(r, 255);
	rule->flags = rule->flags_mask & rnd(r);
}

/* nftables compares whole bytes of what it has no name for. */
static inline void rnd_nd(uint64_t *r, struct rule *rule)
{
	rule->fields |= R_ND;
	rnd_prefix(r, &rule->nd, 6);
	rule->nd.len &= ~7;
	cut_prefix(&rule->nd, 128);
	if (percent(r, 50))
		return;
	rule->fields |= R_PROTO | R_ICMP;
	rule->proto = 58;
	rule->icmp = 135 + below(r, 3);
}

/* Wildcards of both addresses at once are rare, as in the rules of real networks. */
static inline void rnd_ip_rule(uint64_t *r, struct rule *rule)
{
	rule->version = percent(r, 65) ? 4 : 6;
	rule->type = rule->version == 4 ? 0x0800 : 0x86dd;
	rule->fields = R_TYPE | (percent(r, 85) ? R_SRC : 0);
	rule->fields |= percent(r, rule->fields & R_SRC ? 75 : 96) ? R_DST : 0;
	rnd_prefix(r, &rule->src, rule->version);
	rnd_prefix(r, &rule->dst, rule->version);
	if (rule->version == 6 && percent(r, 10))
		rnd_nd(r, rule);
	else
		rnd_transport(r, rule);
	if (percent(r, 6)) {
		rule->fields |= R_DSCP;
		rule->dscp = percent(r, 50) ? 46 : below(r, 64);
	}
	if (rule->version == 4 && percent(r, 6)) {
		rule->fields |= R_PART;
		rule->part = below(r, 4);
	}
}

static inline void rnd_other_rule(uint64_t *r, struct rule *rule)
{
	rule->fields = R_TYPE;
	rule->type = percent(r, 60) ? 0x0806 : 0x88b5 + 2 * below(r, 3);
	if (rule->type != 0x0806)
		return;
	rule->fields |= (percent(r, 80) ? R_SENDER : 0) | (percent(r, 60) ? R_TARGET : 0);
	rnd_prefix(r, &rule->src, 4);
	rnd_prefix(r, &rule->dst, 4);
}

/* Fields that no other one of the rule relies on. */
static inline unsigned int invertible(const struct rule *rule)
{
	unsigned int can = rule->fields & (R_MEMBER | R_SMAC | R_DMAC | R_SRC | R_DST |
					   R_SPORT | R_DPORT | R_CODE | R_FLAGS | R_PART |
					   R_DSCP | R_SENDER | R_TARGET | R_ND | R_GROUP);

	if (rule->fields & R_ICMP && !(rule->fields & R_CODE))
		can |= R_ICMP;
	if (!(rule->fields & (R_SPORT | R_DPORT | R_ICMP | R_FLAGS | R_ND)))
		can |= rule->fields & R_PROTO;
	if (!rule->version && !(rule->fields & (R_SENDER | R_TARGET)))
		can |= R_TYPE;
	return can;
}

/*
 * Wide rules tend to come behind narrow ones, as those of people do, but many do not:
 * of two that overlap, each is the first one now and then.
 */
static inline unsigned int rnd_prio(uint64_t *r, const struct rule *rule,
				    unsigned int count)
{
	unsigned int bits = rule->version == 6 ? 128 : 32, wide = 0;

	wide += rule->fields & (R_SRC | R_SENDER) ? bits - rule->src.len : bits;
	wide += rule->fields & (R_DST | R_TARGET) ? bits - rule->dst.len : bits;
	if (rule->inverted || percent(r, 10))
		wide = rule->inverted ? bits * 2 : wide / 2;
	return 1 + (uint64_t)count * wide / bits / 4 + below(r, count / 4 + 1);
}

static inline void rnd_rule(uint64_t *r, struct rule *rule, unsigned int count)
{
	memset(rule, 0, sizeof(*rule));
	rule->allow = percent(r, 55);
	if (percent(r, 90))
		rnd_ip_rule(r, rule);
	else
		rnd_other_rule(r, rule);
	rule->fields |= (percent(r, 4) ? R_SMAC : 0) | (percent(r, 4) ? R_DMAC : 0) |
			(percent(r, 2) ? R_MEMBER : 0) | (percent(r, 5) ? R_GROUP : 0);
	rule->group = below(r, 2);
	rnd_mac_mask(r, rule->smac, rule->smac_mask);
	rnd_mac_mask(r, rule->dmac, rule->dmac_mask);
	if (percent(r, 5))
		rule->inverted = invertible(rule) & (1U << below(r, 18));
	rule->prio = rnd_prio(r, rule, count);
}

static inline int compare_rules(const void *a, const void *b)
{
	const struct rule *p = *(struct rule *const *)a, *q = *(struct rule *const *)b;

	if (p->prio != q->prio)
		return p->prio < q->prio ? -1 : 1;
	return p < q ? -1 : 1;
}

static inline void make_world(struct world *w)
{
	uint64_t r = w->seed;
	unsigned int i;

	w->rules = calloc(w->count + 1, sizeof(*w->rules));
	w->order = calloc(w->count + 1, sizeof(*w->order));
	if (!w->rules || !w->order) {
		fputs("no memory\n", stderr);
		exit(2);
	}
	for (i = 0; i < w->count; i++) {
		rnd_rule(&r, &w->rules[i], w->count);
		w->order[i] = &w->rules[i];
	}
	qsort(w->order, w->count, sizeof(*w->order), compare_rules);
	for (i = 0; i < w->count; i++)
		w->order[i]->number = i + 1;
}

/* ---- how the two write them ---------------------------------------------- */

static inline const char *text_mac(char *to, const uint8_t *mac)
{
	sprintf(to, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
		mac[5]);
	return to;
}

static inline const char *text_ip(char *to, const struct prefix *p, unsigned int version)
{
	inet_ntop(version == 6 ? AF_INET6 : AF_INET, p->byte, to, INET6_ADDRSTRLEN);
	return to;
}

static inline const char *not_of(const struct rule *rule, unsigned int field)
{
	return rule->inverted & field ? "not " : "";
}

static inline void vnet_mac(FILE *f, const struct rule *rule, unsigned int field,
			    const char *word, const uint8_t *mac, const uint8_t *mask)
{
	char a[20], b[20];

	if (rule->fields & field)
		fprintf(f, " %s%s %s/%s", not_of(rule, field), word, text_mac(a, mac),
			text_mac(b, mask));
}

static inline void vnet_prefix(FILE *f, const struct rule *rule, unsigned int field,
			       const char *word, const struct prefix *p)
{
	char a[INET6_ADDRSTRLEN];

	if (rule->fields & field)
		fprintf(f, " %s%s %s/%u", not_of(rule, field), word,
			text_ip(a, p, rule->version), p->len);
}

static inline void vnet_number(FILE *f, const struct rule *rule, unsigned int field,
			       const char *word, unsigned int value)
{
	if (rule->fields & field)
		fprintf(f, " %s%s %u", not_of(rule, field), word, value);
}

static inline void vnet_ports(FILE *f, const struct rule *rule, unsigned int field,
			      const char *word, const uint16_t *range)
{
	if (rule->fields & field)
		fprintf(f, " %s%s %u-%u", not_of(rule, field), word, range[0], range[1]);
}

static inline void vnet_flags(FILE *f, const struct rule *rule)
{
	static const char *const names[] = { "fin", "syn", "rst", "psh", "ack", "urg", "ece",
					     "cwr" };
	const char *comma = "";
	unsigned int i;

	if (!(rule->fields & R_FLAGS))
		return;
	fprintf(f, " %stcp-flags ", not_of(rule, R_FLAGS));
	for (i = 0; i < 8; i++) {
		if (!(rule->flags_mask & 1 << i))
			continue;
		fprintf(f, "%s%s%s", comma, rule->flags & 1 << i ? "" : "!", names[i]);
		comma = ",";
	}
}

static inline void write_vnet(FILE *f, const struct rule *rule, bool ingress,
			      const char *from, const char *to)
{
	static const char *const parts[] = { "no", "first", "later", "any" };

	fprintf(f, "r%u prio %u %s", rule->number, rule->prio, ingress ? "ingress" : "egress");
	if (rule->fields & R_MEMBER)
		fprintf(f, " %sdev %s", not_of(rule, R_MEMBER), ingress ? to : from);
	if (rule->fields & R_GROUP)
		fprintf(f, " %smember-set g%u", not_of(rule, R_GROUP), rule->group);
	vnet_mac(f, rule, R_SMAC, "src-mac", rule->smac, rule->smac_mask);
	vnet_mac(f, rule, R_DMAC, "dst-mac", rule->dmac, rule->dmac_mask);
	if (rule->fields & R_TYPE)
		fprintf(f, " %sethertype 0x%04x", not_of(rule, R_TYPE), rule->type);
	vnet_prefix(f, rule, R_SRC, "src", &rule->src);
	vnet_prefix(f, rule, R_DST, "dst", &rule->dst);
	vnet_prefix(f, rule, R_SENDER, "arp-sender", &rule->src);
	vnet_prefix(f, rule, R_TARGET, "arp-target", &rule->dst);
	vnet_prefix(f, rule, R_ND, "nd-target", &rule->nd);
	vnet_number(f, rule, R_PROTO, "proto", rule->proto);
	vnet_ports(f, rule, R_SPORT, "sport", rule->sport);
	vnet_ports(f, rule, R_DPORT, "dport", rule->dport);
	vnet_number(f, rule, R_ICMP, "icmp-type", rule->icmp);
	vnet_number(f, rule, R_CODE, "icmp-code", rule->code);
	vnet_flags(f, rule);
	if (rule->fields & R_PART)
		fprintf(f, " %sfragment %s", not_of(rule, R_PART), parts[rule->part]);
	vnet_number(f, rule, R_DSCP, "dscp", rule->dscp);
	fprintf(f, " %s\n", rule->allow ? "allow" : "drop");
}

/* An operator of nftables, which stands in front of the value. */
static inline const char *op_of(const struct rule *rule, unsigned int field)
{
	return rule->inverted & field ? "!=" : "==";
}

static inline void nft_mac(FILE *f, const struct rule *rule, unsigned int field,
			   const char *word, const uint8_t *mac, const uint8_t *mask)
{
	char a[20], b[20];

	if (rule->fields & field)
		fprintf(f, " ether %s & %s %s %s", word, text_mac(b, mask),
			op_of(rule, field), text_mac(a, mac));
}

static inline void nft_prefix(FILE *f, const struct rule *rule, unsigned int field,
			      const char *word, const struct prefix *p)
{
	char a[INET6_ADDRSTRLEN];

	if (rule->fields & field)
		fprintf(f, " %s %s %s/%u", word, op_of(rule, field),
			text_ip(a, p, rule->version), p->len);
}

static inline void nft_number(FILE *f, const struct rule *rule, unsigned int field,
			      const char *word, unsigned int value)
{
	if (rule->fields & field)
		fprintf(f, " %s %s %u", word, op_of(rule, field), value);
}

static inline void nft_ports(FILE *f, const struct rule *rule, unsigned int field,
			     const char *word, const uint16_t *range)
{
	if (!(rule->fields & field))
		return;
	fprintf(f, " th %s %s %u", word, op_of(rule, field), range[0]);
	if (range[0] != range[1])
		fprintf(f, "-%u", range[1]);
}

static inline void nft_part(FILE *f, const struct rule *rule)
{
	static const char *const parts[] = {
		"0x3fff == 0", "0x3fff == 0x2000", "0x1fff != 0", "0x3fff != 0",
	};
	static const char *const inverted[] = {
		"0x3fff != 0", "0x3fff != 0x2000", "0x1fff == 0", "0x3fff == 0",
	};

	if (rule->fields & R_PART)
		fprintf(f, " ip frag-off & %s",
			(rule->inverted & R_PART ? inverted : parts)[rule->part]);
}

/* The target has no name in older versions. */
static inline void nft_nd(FILE *f, const struct rule *rule)
{
	unsigned int i;

	if (!(rule->fields & R_ND))
		return;
	fprintf(f, " meta l4proto 58 @th,0,8 135-137 @th,64,%u %s 0x", rule->nd.len,
		op_of(rule, R_ND));
	for (i = 0; i < rule->nd.len / 8; i++)
		fprintf(f, "%02x", rule->nd.byte[i]);
}

static inline void write_nft(FILE *f, const struct rule *rule, bool ingress,
			     const char *from, const char *to)
{
	const char *ip = rule->version == 6 ? "ip6" : "ip";
	char words[3][16];

	snprintf(words[0], sizeof(words[0]), "%s saddr", ip);
	snprintf(words[1], sizeof(words[1]), "%s daddr", ip);
	snprintf(words[2], sizeof(words[2]), "%s dscp", ip);
	fputs("\t\t", f);
	if (rule->fields & R_MEMBER)
		fprintf(f, "%s %s %s ", ingress ? "oifname" : "iifname", op_of(rule, R_MEMBER),
			ingress ? to : from);
	if (rule->fields & R_GROUP)
		fprintf(f, "%s %s { %s } ", ingress ? "oifname" : "iifname",
			op_of(rule, R_GROUP), rule->group ? to : from);
	fprintf(f, "meta protocol %s 0x%04x", op_of(rule, R_TYPE), rule->type);
	nft_mac(f, rule, R_SMAC, "saddr", rule->smac, rule->smac_mask);
	nft_mac(f, rule, R_DMAC, "daddr", rule->dmac, rule->dmac_mask);
	nft_prefix(f, rule, R_SRC, words[0], &rule->src);
	nft_prefix(f, rule, R_DST, words[1], &rule->dst);
	nft_prefix(f, rule, R_SENDER, "arp saddr ip", &rule->src);
	nft_prefix(f, rule, R_TARGET, "arp daddr ip", &rule->dst);
	nft_nd(f, rule);
	nft_number(f, rule, R_PROTO, "meta l4proto", rule->proto);
	nft_ports(f, rule, R_SPORT, "sport", rule->sport);
	nft_ports(f, rule, R_DPORT, "dport", rule->dport);
	nft_number(f, rule, R_ICMP, "@th,0,8", rule->icmp);
	nft_number(f, rule, R_CODE, "@th,8,8", rule->code);
	if (rule->fields & R_FLAGS)
		fprintf(f, " @th,104,8 & 0x%02x %s 0x%02x", rule->flags_mask,
			op_of(rule, R_FLAGS), rule->flags);
	nft_part(f, rule);
	nft_number(f, rule, R_DSCP, words[2], rule->dscp);
	fprintf(f, " counter %s\n", rule->allow ? "accept" : "drop");
}

#endif /* ORACLE_RULES_H */
