// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_match.c owns the wishes of a rule that make no sense together: each is
 * refused with EINVAL, a sentence and the attribute that it is about, and a rule
 * that makes sense is told again as it was given. So are what it does besides.
 */
#include "nl.h"

static struct nl nl;

#define HEAD_OF(action)							\
	STR(VNET_A_NETWORK, "red"), STR(VNET_A_RULE_NAME, "r"),		\
	U32(VNET_A_RULE_PRIORITY, 1),					\
	U8(VNET_A_RULE_DIRECTION, VNET_DIR_EGRESS),			\
	U8(VNET_A_RULE_ACTION, action)
#define HEAD		HEAD_OF(VNET_ACTION_DROP)
#define ALLOWING	HEAD_OF(VNET_ACTION_ALLOW)

#define V4		"\x0a\0\0\1"
#define V6		"\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
#define SRC4		BYTES(VNET_A_RULE_SRC_IP, V4, 4)
#define ND_TARGET	BYTES(VNET_A_RULE_TARGET, V6, 16)
#define ETHERTYPE(n)	U16(VNET_A_RULE_ETHERTYPE, n)
#define PROTO(n)	U8(VNET_A_RULE_PROTO, n)
#define NOT(bits)	U64(VNET_A_RULE_INVERTED, bits)
#define BIT(attr)	(1ULL << (attr))

/* Where an attribute stands in the request, counted from its beginning. */
static uint32_t offset_of(const struct at *list, size_t count, uint16_t attr)
{
	uint32_t offset = NLMSG_HDRLEN + GENL_HDRLEN;

	for (size_t i = 0; i < count && list[i].type != attr; i++)
		offset += NLA_HDRLEN + NLA_ALIGN(list[i].len);
	return offset;
}

static void expect(int line, const struct at *list, size_t count, int err, uint16_t attr,
		   const char *words)
{
	request_list(&nl, VNET_CMD_RULE_ADD, 0, list, count);
	if (last.err != err)
		complain(line, "error %d \"%s\", want %d", last.err, last.text, err);
	else if (!strstr(last.text, words))
		complain(line, "\"%s\" does not say \"%s\"", last.text, words);
	else if (!last.has_offset || last.offset != offset_of(list, count, attr))
		complain(line, "\"%s\" points at %u, want %u", last.text, last.offset,
			 offset_of(list, count, attr));
}

#define refused(attr, words, ...) do {					\
	const struct at list[] = { HEAD, __VA_ARGS__ };			\
	expect(__LINE__, list, ARRAY_SIZE(list), EINVAL, attr, words);	\
} while (0)

#define accepted(...) do {						\
	request(&nl, VNET_CMD_RULE_ADD, HEAD, __VA_ARGS__);		\
	check(!last.err, "error %d \"%s\"", last.err, last.text);	\
	need(&nl, VNET_CMD_RULE_DEL, STR(VNET_A_NETWORK, "red"),	\
	     STR(VNET_A_RULE_NAME, "r"));				\
} while (0)

static void parts_of_one_word(void)
{
	refused(VNET_A_RULE_SRC_MAC_MASK, "mask needs the address",
		MAC(VNET_A_RULE_SRC_MAC_MASK, "\xff\xff\xff\0\0\0"));
	refused(VNET_A_RULE_DST_PREFIX_LEN, "length needs the address",
		U8(VNET_A_RULE_DST_PREFIX_LEN, 8));
	refused(VNET_A_RULE_TARGET_PREFIX_LEN, "length needs the address",
		U8(VNET_A_RULE_TARGET_PREFIX_LEN, 8));
	refused(VNET_A_RULE_SRC_PORT_MAX, "needs its first port", PROTO(6),
		U16(VNET_A_RULE_SRC_PORT_MAX, 8));
	refused(VNET_A_RULE_DST_PORT_MAX, "ends before it begins", PROTO(6),
		U16(VNET_A_RULE_DST_PORT_MIN, 9), U16(VNET_A_RULE_DST_PORT_MAX, 8));
	refused(VNET_A_RULE_ICMP_CODE, "needs the type", PROTO(1),
		U8(VNET_A_RULE_ICMP_CODE, 0));
	refused(VNET_A_RULE_TCP_FLAGS_MASK, "mask needs the TCP flags", PROTO(6),
		U8(VNET_A_RULE_TCP_FLAGS_MASK, 2));
	refused(VNET_A_RULE_TCP_FLAGS, "no TCP flag", PROTO(6),
		U8(VNET_A_RULE_TCP_FLAGS, 0));
}

static void fields_of_other_frames(void)
{
	refused(VNET_A_RULE_DST_IP, "IPv4 and the other IPv6", SRC4,
		BYTES(VNET_A_RULE_DST_IP, V6, 16));
	refused(VNET_A_RULE_ETHERTYPE, "no such addresses", SRC4, ETHERTYPE(0x86dd));
	refused(VNET_A_RULE_PROTO, "not this ethertype", ETHERTYPE(0x806), PROTO(6));
	refused(VNET_A_RULE_DST_PORT_MIN, "protocol that has them", PROTO(1),
		U16(VNET_A_RULE_DST_PORT_MIN, 9));
	refused(VNET_A_RULE_ICMP_TYPE, "protocol 1", PROTO(6),
		U8(VNET_A_RULE_ICMP_TYPE, 8));
	refused(VNET_A_RULE_TCP_FLAGS, "protocol 6", PROTO(17),
		U8(VNET_A_RULE_TCP_FLAGS, 2));
	refused(VNET_A_RULE_FRAGMENT, "not this ethertype", ETHERTYPE(0x806),
		U8(VNET_A_RULE_FRAGMENT, VNET_FRAGMENT_ANY));
	refused(VNET_A_RULE_DSCP, "not this ethertype", ETHERTYPE(0x88cc),
		U8(VNET_A_RULE_DSCP, 46));
	refused(VNET_A_RULE_ARP_SENDER, "not both", SRC4,
		BYTES(VNET_A_RULE_ARP_SENDER, V4, 4));
	refused(VNET_A_RULE_ETHERTYPE, "0x0806", ETHERTYPE(0x800),
		BYTES(VNET_A_RULE_ARP_SENDER, V4, 4));
	refused(VNET_A_RULE_TARGET, "IPv4, and so is its target",
		BYTES(VNET_A_RULE_ARP_SENDER, V4, 4), BYTES(VNET_A_RULE_TARGET, V6, 16));
	refused(VNET_A_RULE_TARGET, "addresses are IPv4", SRC4, ND_TARGET);
	refused(VNET_A_RULE_ETHERTYPE, "no such addresses", ETHERTYPE(0x806), ND_TARGET);
	refused(VNET_A_RULE_ETHERTYPE, "no such addresses", ETHERTYPE(0x88b5), ND_TARGET);
	refused(VNET_A_RULE_PROTO, "protocol 58", PROTO(17), ND_TARGET);
	refused(VNET_A_RULE_PROTO, "protocol 58", PROTO(1), ND_TARGET);
	refused(VNET_A_RULE_ICMP_TYPE, "have a target", PROTO(58),
		U8(VNET_A_RULE_ICMP_TYPE, 134), ND_TARGET);
	refused(VNET_A_RULE_ICMP_TYPE, "have a target", PROTO(58),
		U8(VNET_A_RULE_ICMP_TYPE, 138), ND_TARGET);
	refused(VNET_A_RULE_STATE, "no connection", ND_TARGET, U8(VNET_A_RULE_STATE, 1));
	refused(VNET_A_RULE_TARGET_PREFIX_LEN, "longer than the address",
		BYTES(VNET_A_RULE_TARGET, V4, 4), U8(VNET_A_RULE_TARGET_PREFIX_LEN, 33));
	accepted(ETHERTYPE(0x806), BYTES(VNET_A_RULE_TARGET, V4, 4));
	accepted(ETHERTYPE(0x86dd), PROTO(58), U8(VNET_A_RULE_ICMP_TYPE, 137), ND_TARGET,
		 BYTES(VNET_A_RULE_SRC_IP, V6, 16), U8(VNET_A_RULE_DSCP, 46));
	accepted(ETHERTYPE(0x800), SRC4, U8(VNET_A_RULE_DSCP, 46));
}

static void inversions(void)
{
	refused(VNET_A_RULE_INVERTED, "does not have", SRC4,
		NOT(BIT(VNET_A_RULE_DST_IP)));
	refused(VNET_A_RULE_INVERTED, "begin a field", SRC4,
		NOT(BIT(VNET_A_RULE_SRC_PREFIX_LEN)));
	refused(VNET_A_RULE_INVERTED, "begin a field", SRC4, NOT(BIT(0)));
	refused(VNET_A_RULE_INVERTED, "begin a field", SRC4, NOT(BIT(63)));
	refused(VNET_A_RULE_INVERTED, "needs the one", SRC4, ETHERTYPE(0x800),
		NOT(BIT(VNET_A_RULE_ETHERTYPE)));
	refused(VNET_A_RULE_INVERTED, "needs the one", PROTO(6),
		U16(VNET_A_RULE_DST_PORT_MIN, 9), NOT(BIT(VNET_A_RULE_PROTO)));
	refused(VNET_A_RULE_INVERTED, "needs the one", PROTO(1),
		U8(VNET_A_RULE_ICMP_TYPE, 3), U8(VNET_A_RULE_ICMP_CODE, 1),
		NOT(BIT(VNET_A_RULE_ICMP_TYPE)));
	refused(VNET_A_RULE_INVERTED, "needs the one", PROTO(58), ND_TARGET,
		NOT(BIT(VNET_A_RULE_PROTO)));
	refused(VNET_A_RULE_INVERTED, "needs the one", ETHERTYPE(0x86dd), ND_TARGET,
		NOT(BIT(VNET_A_RULE_ETHERTYPE)));
	accepted(PROTO(58), U8(VNET_A_RULE_ICMP_TYPE, 136), ND_TARGET,
		 NOT(BIT(VNET_A_RULE_ICMP_TYPE) | BIT(VNET_A_RULE_TARGET)));
	accepted(SRC4, NOT(BIT(VNET_A_RULE_SRC_IP)));
	accepted(SRC4, NOT(0));
	accepted(PROTO(1), U8(VNET_A_RULE_ICMP_TYPE, 3), U8(VNET_A_RULE_ICMP_CODE, 1),
		 NOT(BIT(VNET_A_RULE_ICMP_CODE)));
}

static void sets(void)
{
	need(&nl, VNET_CMD_SET_ADD, STR(VNET_A_NETWORK, "red"), STR(VNET_A_SET_NAME, "a"),
	     U8(VNET_A_SET_TYPE, VNET_SET_ADDRESSES));
	need(&nl, VNET_CMD_SET_ADD, STR(VNET_A_NETWORK, "red"), STR(VNET_A_SET_NAME, "p"),
	     U8(VNET_A_SET_TYPE, VNET_SET_PORTS));
	refused(VNET_A_RULE_DST_SET, "another type", STR(VNET_A_RULE_DST_SET, "p"));
	refused(VNET_A_RULE_SPORT_SET, "another type", STR(VNET_A_RULE_SPORT_SET, "a"));
	refused(VNET_A_RULE_SRC_MAC_SET, "another type", STR(VNET_A_RULE_SRC_MAC_SET, "a"));
	refused(VNET_A_RULE_DST_PAIR_SET, "another type",
		STR(VNET_A_RULE_DST_PAIR_SET, "a"));
	refused(VNET_A_RULE_MEMBER_SET, "set of members", STR(VNET_A_RULE_MEMBER_SET, "a"));
	refused(VNET_A_RULE_SRC_SET, "only IPv4 and IPv6", ETHERTYPE(0x806),
		STR(VNET_A_RULE_SRC_SET, "a"));
	refused(VNET_A_RULE_DPORT_SET, "has no ports", PROTO(1),
		STR(VNET_A_RULE_DPORT_SET, "p"));
	refused(VNET_A_RULE_SPORT_SET, "has no ports", ND_TARGET,
		STR(VNET_A_RULE_SPORT_SET, "p"));
	accepted(ND_TARGET, STR(VNET_A_RULE_SRC_SET, "a"));
	refused(VNET_A_RULE_INVERTED, "does not have", STR(VNET_A_RULE_SRC_SET, "a"),
		NOT(BIT(VNET_A_RULE_DST_SET)));
	accepted(STR(VNET_A_RULE_SRC_SET, "a"), STR(VNET_A_RULE_DST_SET, "a"),
		 NOT(BIT(VNET_A_RULE_SRC_SET)));
	accepted(PROTO(1), STR(VNET_A_RULE_DPORT_SET, "p"), NOT(BIT(VNET_A_RULE_PROTO)));
	accepted(ETHERTYPE(0x806), STR(VNET_A_RULE_SRC_SET, "a"),
		 NOT(BIT(VNET_A_RULE_ETHERTYPE)));
	accepted(PROTO(6), SRC4, STR(VNET_A_RULE_SRC_SET, "a"),
		 STR(VNET_A_RULE_DPORT_SET, "p"));
}

/* An element of a set of members; what is refused has changed nothing. */
#define M		STR(VNET_A_NETWORK, "red"), STR(VNET_A_SET_NAME, "m")
#define ELEMENT(e)	BYTES(VNET_A_SET_ELEMENT | NLA_F_NESTED, &(e), sizeof(e))

static void expect_no_element(int line, const void *element, size_t size, int err,
			      const char *words)
{
	request(&nl, VNET_CMD_SET_ELEMENT_ADD, M,
		BYTES(VNET_A_SET_ELEMENT | NLA_F_NESTED, element, size));
	if (last.err != err)
		complain(line, "error %d \"%s\", want %d", last.err, last.text, err);
	else if (!strstr(last.text, words))
		complain(line, "\"%s\" does not say \"%s\"", last.text, words);
	need(&nl, VNET_CMD_SET_GET, M);
	check(attr_num(&last.attrs, VNET_A_SET_ELEMENTS, 9) == 0, "line %d: elements", line);
}

#define no_element(e, err, words) expect_no_element(__LINE__, &(e), sizeof(e), err, words)

struct number {
	struct nlattr head;
	uint32_t value;
};

#define NUMBER(type, size, n)						\
	{ { .nla_len = NLA_HDRLEN + (size), .nla_type = (type) }, .value = (n) }

static void groups_of_members(void)
{
	uint32_t d0 = if_nametoindex("d0"), d1 = if_nametoindex("d1");
	const struct number vid_alone = NUMBER(VNET_A_VID, 2, 7);
	const struct number port = NUMBER(VNET_A_SET_PORT_MIN, 2, 7);
	const struct number absent = NUMBER(VNET_A_IFINDEX, 4, 9999);
	const struct number member = NUMBER(VNET_A_IFINDEX, 4, d0);
	const struct number other = NUMBER(VNET_A_IFINDEX, 4, d1);
	const struct number detached = NUMBER(VNET_A_IFINDEX, 4, if_nametoindex("lo"));
	const struct number tagged[] = {
		NUMBER(VNET_A_IFINDEX, 4, d0), NUMBER(VNET_A_VID, 2, 7),
	};
	const struct number too_high[] = {
		NUMBER(VNET_A_IFINDEX, 4, d0), NUMBER(VNET_A_VID, 2, 4095),
	};
	const struct number inner[] = {
		NUMBER(VNET_A_IFINDEX, 4, d0), NUMBER(VNET_A_VID, 2, 7),
		NUMBER(VNET_A_CVID, 2, 8),
	};
	const struct number both[] = {
		NUMBER(VNET_A_IFINDEX, 4, d0), NUMBER(VNET_A_SET_PORT_MIN, 2, 7),
	};

	need(&nl, VNET_CMD_SET_ADD, M, U8(VNET_A_SET_TYPE, VNET_SET_MEMBERS));
	no_element(vid_alone, EINVAL, "VNET_A_IFNAME is missing");
	no_element(port, EINVAL, "consists of members");
	no_element(both, EINVAL, "consists of members");
	no_element(absent, ENODEV, "no interface of this index");
	no_element(detached, ENOENT, "not attached");
	no_element(other, ENOENT, "another network");
	no_element(tagged, ENOENT, "no member with this tag");
	no_element(too_high, ERANGE, "");
	no_element(inner, EINVAL, "802.1ad");
	need(&nl, VNET_CMD_SET_ELEMENT_ADD, M, ELEMENT(member), ELEMENT(member));
	check(attr_num(&last.attrs, VNET_A_SET_ELEMENTS, 9) == 1, "elements");
	need(&nl, VNET_CMD_SET_ELEMENT_GET, M, STR(VNET_A_IFNAME, "d0"));
	check(attr_num(&last.attrs, VNET_A_IFINDEX, 0) == d0, "index");
	check(!strcmp(attr_str(&last.attrs, VNET_A_IFNAME), "d0"), "name");
	request(&nl, VNET_CMD_SET_ELEMENT_ADD, STR(VNET_A_NETWORK, "red"),
		STR(VNET_A_SET_NAME, "a"), ELEMENT(member));
	check(last.err == EINVAL && strstr(last.text, "consists of addresses"), "error %d \"%s\"",
	      last.err, last.text);
	refused(VNET_A_RULE_SRC_MAC_SET, "set of MACs", STR(VNET_A_RULE_SRC_MAC_SET, "m"));
	accepted(STR(VNET_A_RULE_MEMBER_SET, "m"), ETHERTYPE(0x806));
	accepted(STR(VNET_A_RULE_MEMBER_SET, "m"), ND_TARGET, STR(VNET_A_IFNAME, "d0"),
		 NOT(BIT(VNET_A_RULE_MEMBER_SET)));
	need(&nl, VNET_CMD_MEMBER_DEL, STR(VNET_A_IFNAME, "d0"));
	need(&nl, VNET_CMD_SET_GET, M);
	check(attr_num(&last.attrs, VNET_A_SET_ELEMENTS, 9) == 0, "it has not left");
	need(&nl, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "red"), STR(VNET_A_IFNAME, "d0"));
	request(&nl, VNET_CMD_SET_ELEMENT_GET, M, STR(VNET_A_IFNAME, "d0"));
	check(last.err == ENOENT, "it is in the set again");
}

/* What was given comes back, and with it the same rule can be made. */
static void told_as_given(void)
{
	const uint64_t inverted = BIT(VNET_A_RULE_ARP_SENDER) | BIT(VNET_A_RULE_PCP);

	need(&nl, VNET_CMD_RULE_ADD, HEAD, BYTES(VNET_A_RULE_ARP_SENDER, V4, 4),
	     U8(VNET_A_RULE_ARP_SENDER_PREFIX_LEN, 8), U8(VNET_A_RULE_PCP, 7),
	     NOT(inverted));
	need(&nl, VNET_CMD_RULE_GET, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_RULE_NAME, "r"));
	check(attr_num(&last.attrs, VNET_A_RULE_PCP, 0) == 7, "pcp");
	check(attr_num(&last.attrs, VNET_A_RULE_ARP_SENDER_PREFIX_LEN, 0) == 8, "length");
	check(attr_num(&last.attrs, VNET_A_RULE_INVERTED, 0) == inverted, "inverted");
	check(!attr_has(&last.attrs, VNET_A_RULE_ETHERTYPE), "what is implied is told");
	need(&nl, VNET_CMD_RULE_ADD, HEAD, BYTES(VNET_A_RULE_ARP_SENDER, V4, 4),
	     U8(VNET_A_RULE_ARP_SENDER_PREFIX_LEN, 8), U8(VNET_A_RULE_PCP, 7),
	     NOT(inverted));
	check(attr_has(&last.attrs, VNET_A_UNCHANGED), "the same is not the same");
	request(&nl, VNET_CMD_RULE_ADD, HEAD, BYTES(VNET_A_RULE_ARP_SENDER, V4, 4),
		U8(VNET_A_RULE_ARP_SENDER_PREFIX_LEN, 8), U8(VNET_A_RULE_PCP, 7));
	check(last.err == EEXIST, "without its inversions it is the same rule");
	need(&nl, VNET_CMD_RULE_DEL, STR(VNET_A_NETWORK, "red"), STR(VNET_A_RULE_NAME, "r"));
}

static void nd_told_as_given(void)
{
	need(&nl, VNET_CMD_RULE_ADD, HEAD, ND_TARGET, U8(VNET_A_RULE_TARGET_PREFIX_LEN, 8),
	     NOT(BIT(VNET_A_RULE_TARGET)));
	need(&nl, VNET_CMD_RULE_GET, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_RULE_NAME, "r"));
	check(attr_num(&last.attrs, VNET_A_RULE_TARGET_PREFIX_LEN, 0) == 8, "length");
	check(attr_num(&last.attrs, VNET_A_RULE_INVERTED, 0) == BIT(VNET_A_RULE_TARGET),
	      "inverted");
	check(!attr_has(&last.attrs, VNET_A_RULE_ETHERTYPE) &&
	      !attr_has(&last.attrs, VNET_A_RULE_PROTO) &&
	      !attr_has(&last.attrs, VNET_A_RULE_SRC_IP), "what is implied is told");
	need(&nl, VNET_CMD_RULE_ADD, HEAD, ND_TARGET, U8(VNET_A_RULE_TARGET_PREFIX_LEN, 8),
	     NOT(BIT(VNET_A_RULE_TARGET)));
	check(attr_has(&last.attrs, VNET_A_UNCHANGED), "the same is not the same");
	request(&nl, VNET_CMD_RULE_ADD, HEAD, ND_TARGET, U8(VNET_A_RULE_TARGET_PREFIX_LEN, 9),
		NOT(BIT(VNET_A_RULE_TARGET)));
	check(last.err == EEXIST, "with another prefix it is the same rule");
}

/* What a rule does besides allowing: only one that allows can, and with what is there. */
static void acts(void)
{
	const struct at unknown[] = { ALLOWING, STR(VNET_A_RULE_CLASS, "c") };

	refused(VNET_A_RULE_CLASS, "only a rule that allows", STR(VNET_A_RULE_CLASS, "root"));
	refused(VNET_A_RULE_SET_DSCP, "only a rule that allows", U8(VNET_A_RULE_SET_DSCP, 0));
	expect(__LINE__, unknown, ARRAY_SIZE(unknown), ENOENT, VNET_A_RULE_CLASS,
	       "no class of this name");
	need(&nl, VNET_CMD_CLASS_ADD, STR(VNET_A_NETWORK, "red"), STR(VNET_A_CLASS_NAME, "c"),
	     U64(VNET_A_CLASS_RATE, 1000000));
	need(&nl, VNET_CMD_RULE_ADD, ALLOWING, STR(VNET_A_RULE_CLASS, "c"),
	     U8(VNET_A_RULE_SET_DSCP, 0));
	need(&nl, VNET_CMD_RULE_GET, STR(VNET_A_NETWORK, "red"), STR(VNET_A_RULE_NAME, "r"));
	check(attr_has(&last.attrs, VNET_A_RULE_SET_DSCP), "DSCP 0 is not told");
	check(attr_num(&last.attrs, VNET_A_RULE_SET_DSCP, 1) == 0, "DSCP");
	check(!strcmp(attr_str(&last.attrs, VNET_A_RULE_CLASS), "c"), "class");
	request(&nl, VNET_CMD_RULE_ADD, ALLOWING, STR(VNET_A_RULE_CLASS, "c"));
	check(last.err == EEXIST, "without its DSCP it is the same rule");
	request(&nl, VNET_CMD_RULE_ADD, ALLOWING, U8(VNET_A_RULE_SET_DSCP, 0));
	check(last.err == EEXIST, "without its class it is the same rule");
	request(&nl, VNET_CMD_CLASS_DEL, STR(VNET_A_NETWORK, "red"),
		STR(VNET_A_CLASS_NAME, "c"));
	check(last.err == EBUSY && strstr(last.text, "rules name it"), "\"%s\"", last.text);
	need(&nl, VNET_CMD_CLASS_GET, STR(VNET_A_NETWORK, "red"), STR(VNET_A_CLASS_NAME, "c"));
	check(attr_num(&last.attrs, VNET_A_CLASS_RULES, 0) == 1, "rules");
	need(&nl, VNET_CMD_RULE_DEL, STR(VNET_A_NETWORK, "red"), STR(VNET_A_RULE_NAME, "r"));
	need(&nl, VNET_CMD_CLASS_DEL, STR(VNET_A_NETWORK, "red"), STR(VNET_A_CLASS_NAME, "c"));
}

/* What a rule has besides; it is told as it was given. */
static void attributes(void)
{
	refused(VNET_A_RULE_SAMPLE, "not both", U8(VNET_A_RULE_LOG, 1),
		U32(VNET_A_RULE_SAMPLE, 2));
	accepted(U8(VNET_A_RULE_LOG, 0), U32(VNET_A_RULE_SAMPLE, 2));
	accepted(U8(VNET_A_RULE_LOG, 1), U32(VNET_A_RULE_SAMPLE, 0));
	accepted(U32(VNET_A_RULE_EXPIRES, VNET_EXPIRES_MAX));

	need(&nl, VNET_CMD_RULE_ADD, HEAD, U8(VNET_A_RULE_AUDIT, 1),
	     U32(VNET_A_RULE_SAMPLE, UINT32_MAX), U32(VNET_A_RULE_EXPIRES, 3600));
	check(attr_num(&last.attrs, VNET_A_RULE_AUDIT, 9) == 1, "audit");
	check(attr_num(&last.attrs, VNET_A_RULE_LOG, 9) == 0, "log");
	check(attr_num(&last.attrs, VNET_A_RULE_SAMPLE, 0) == UINT32_MAX, "sample");
	check(attr_num(&last.attrs, VNET_A_RULE_EXPIRES, 0) == 3600, "expires");
	check(attr_num(&last.attrs, VNET_A_RULE_EXPIRES_IN, 0) == 3600, "expires in");
	need(&nl, VNET_CMD_RULE_ADD, HEAD, U8(VNET_A_RULE_AUDIT, 1),
	     U32(VNET_A_RULE_SAMPLE, UINT32_MAX), U32(VNET_A_RULE_EXPIRES, 3600));
	check(!attr_has(&last.attrs, VNET_A_UNCHANGED), "its time begins again");

	need(&nl, VNET_CMD_RULE_PROMOTE, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_RULE_NAME, "r"));
	check(attr_num(&last.attrs, VNET_A_RULE_AUDIT, 9) == 0, "promoted");
	check(!attr_has(&last.attrs, VNET_A_UNCHANGED), "promoted, and unchanged");
	need(&nl, VNET_CMD_RULE_PROMOTE, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_RULE_NAME, "r"));
	check(attr_has(&last.attrs, VNET_A_UNCHANGED), "promoted twice");
	need(&nl, VNET_CMD_RULE_PROMOTE, STR(VNET_A_NETWORK, "red"));
	check(attr_num(&last.attrs, VNET_A_RULE_COUNT, 9) == 0, "promoted of none");
	check(attr_has(&last.attrs, VNET_A_UNCHANGED), "promoted none");
	request(&nl, VNET_CMD_RULE_PROMOTE, STR(VNET_A_NETWORK, "red"),
		STR(VNET_A_RULE_NAME, "none"));
	check(last.err == ENOENT && strstr(last.text, "no rule of this name"),
	      "error %d \"%s\"", last.err, last.text);
	need(&nl, VNET_CMD_RULE_DEL, STR(VNET_A_NETWORK, "red"), STR(VNET_A_RULE_NAME, "r"));
}

#define RUN(test)	do { test_begin(#test); test(); test_end(); } while (0)

int main(void)
{
	ktap_header();
	own_namespace();
	nl_open(&nl);
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "red"));
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "blue"));
	must(!sh("ip link add d0 type dummy && ip link add d1 type dummy"), "no dummy devices");
	need(&nl, VNET_CMD_PORT_ADD, STR(VNET_A_IFNAME, "d0"), STR(VNET_A_NETWORK, "red"));
	need(&nl, VNET_CMD_PORT_ADD, STR(VNET_A_IFNAME, "d1"), STR(VNET_A_NETWORK, "blue"));
	RUN(parts_of_one_word);
	RUN(fields_of_other_frames);
	RUN(inversions);
	RUN(sets);
	RUN(groups_of_members);
	RUN(acts);
	RUN(attributes);
	RUN(told_as_given);
	RUN(nd_told_as_given);
	return ktap_finish();
}
