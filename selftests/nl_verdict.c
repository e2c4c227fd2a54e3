// SPDX-License-Identifier: GPL-2.0-only
/*
 * nl_verdict.c owns the question what the rules would do with a frame: frames that
 * cannot be are refused with a sentence that is about the attribute at fault, and
 * what a frame is not told to have gets the default that the header promises.
 */
#include "nl.h"

static struct nl nl;

#define HEAD								\
	STR(VNET_A_NETWORK, "red"),					\
	U8(VNET_A_RULE_DIRECTION, VNET_DIR_EGRESS)

#define V4		"\x0a\0\0\1"
#define V6		"\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"
#define SRC4		BYTES(VNET_A_RULE_SRC_IP, V4, 4)
#define DST4		BYTES(VNET_A_RULE_DST_IP, V4, 4)
#define SRC6		BYTES(VNET_A_RULE_SRC_IP, V6, 16)
#define DST6		BYTES(VNET_A_RULE_DST_IP, V6, 16)
#define SENDER		BYTES(VNET_A_RULE_ARP_SENDER, V4, 4)
#define TARGET		BYTES(VNET_A_RULE_TARGET, V4, 4)
#define ND(type)	SRC6, DST6, PROTO(58), U8(VNET_A_RULE_ICMP_TYPE, type)
#define ND_TARGET	BYTES(VNET_A_RULE_TARGET, V6, 16)
#define ETHERTYPE(n)	U16(VNET_A_RULE_ETHERTYPE, n)
#define PROTO(n)	U8(VNET_A_RULE_PROTO, n)
#define PORTS		U16(VNET_A_RULE_SRC_PORT_MIN, 1), U16(VNET_A_RULE_DST_PORT_MIN, 2)
#define FRAGMENT(which)	U8(VNET_A_RULE_FRAGMENT, VNET_FRAGMENT_##which)

static uint32_t offset_of(const struct at *list, size_t count, uint16_t attr)
{
	uint32_t offset = NLMSG_HDRLEN + GENL_HDRLEN;

	for (size_t i = 0; i < count && list[i].type != attr; i++)
		offset += NLA_HDRLEN + NLA_ALIGN(list[i].len);
	return offset;
}

static bool is_there(const struct at *list, size_t count, uint16_t attr)
{
	for (size_t i = 0; i < count; i++)
		if (list[i].type == attr)
			return true;
	return false;
}

/* The attribute is pointed at, or named as missing when it is not there. */
static void expect_refused(int line, const struct at *list, size_t count, uint16_t attr,
			   const char *words)
{
	request_list(&nl, VNET_CMD_RULE_TEST, 0, list, count);
	if (last.err != EINVAL)
		complain(line, "error %d \"%s\", want EINVAL", last.err, last.text);
	else if (!strstr(last.text, words))
		complain(line, "\"%s\" does not say \"%s\"", last.text, words);
	else if (!is_there(list, count, attr) &&
		 (!last.has_missing || last.missing != attr))
		complain(line, "\"%s\" names %u as missing, want %u", last.text,
			 last.missing, attr);
	else if (is_there(list, count, attr) &&
		 (!last.has_offset || last.offset != offset_of(list, count, attr)))
		complain(line, "\"%s\" points at %u, want %u", last.text, last.offset,
			 offset_of(list, count, attr));
}

#define refused(attr, words, ...) do {					\
	const struct at list[] = { HEAD, __VA_ARGS__ };			\
	expect_refused(__LINE__, list, ARRAY_SIZE(list), attr, words);	\
} while (0)

/* Whether the rule `r` decides. */
#define decides(want, ...) do {						\
	need(&nl, VNET_CMD_RULE_TEST, HEAD, __VA_ARGS__);		\
	check(attr_has(&last.attrs, VNET_A_RULE_NAME) == (want),	\
	      "line %d: the rule decides: %d", __LINE__, !(want));	\
} while (0)

#define rule(...) do {							\
	request(&nl, VNET_CMD_RULE_DEL, STR(VNET_A_NETWORK, "red"),	\
		STR(VNET_A_RULE_NAME, "r"));				\
	need(&nl, VNET_CMD_RULE_ADD, HEAD, STR(VNET_A_RULE_NAME, "r"),	\
	     U32(VNET_A_RULE_PRIORITY, 7),				\
	     U8(VNET_A_RULE_ACTION, VNET_ACTION_DROP), __VA_ARGS__);	\
} while (0)

static void parts_that_frames_have(void)
{
	refused(VNET_A_RULE_ETHERTYPE, "its ethertype", U8(VNET_A_RULE_DSCP, 1));
	refused(VNET_A_RULE_ETHERTYPE, "its ethertype", PROTO(6), PORTS);
	refused(VNET_A_RULE_DST_IP, "source and a destination address", SRC4, PROTO(6));
	refused(VNET_A_RULE_SRC_IP, "source and a destination address", DST6, PROTO(6));
	refused(VNET_A_RULE_SRC_IP, "source and a destination address", ETHERTYPE(0x800));
	refused(VNET_A_RULE_SRC_IP, "source and a destination address", ETHERTYPE(0x86dd));
	refused(VNET_A_RULE_PROTO, "has a protocol", SRC4, DST4);
	refused(VNET_A_RULE_TARGET, "sender and a target", SENDER);
	refused(VNET_A_RULE_ARP_SENDER, "sender and a target", TARGET);
	refused(VNET_A_RULE_ARP_SENDER, "sender and a target", ETHERTYPE(0x806));
	refused(VNET_A_RULE_ICMP_TYPE, "135, 136 or 137", SRC6, DST6, PROTO(58), ND_TARGET);
	refused(VNET_A_RULE_SRC_IP, "source and a destination address", ND_TARGET);
	refused(VNET_A_RULE_SRC_PORT_MIN, "destination port", SRC4, DST4, PROTO(6));
	refused(VNET_A_RULE_DST_PORT_MIN, "destination port", SRC4, DST4, PROTO(17),
		U16(VNET_A_RULE_SRC_PORT_MIN, 1));
	refused(VNET_A_RULE_SRC_PORT_MIN, "destination port", SRC6, DST6, PROTO(132),
		U16(VNET_A_RULE_DST_PORT_MIN, 1), FRAGMENT(FIRST));
}

static void frames_that_cannot_be(void)
{
	refused(VNET_A_RULE_DST_IP, "IPv4 and the other IPv6", SRC4, DST6, PROTO(6));
	refused(VNET_A_RULE_ARP_SENDER, "not both", SRC4, DST4, PROTO(6), SENDER, TARGET);
	refused(VNET_A_RULE_TARGET, "IPv4, and so is its target", ND(135), SENDER, ND_TARGET);
	refused(VNET_A_RULE_ICMP_TYPE, "have a target", ND(128), ND_TARGET);
	refused(VNET_A_RULE_ARP_SENDER, "not both", ND(135), TARGET, SENDER);
	refused(VNET_A_RULE_ETHERTYPE, "no such addresses", SRC4, DST4, PROTO(1),
		ETHERTYPE(0x86dd));
	refused(VNET_A_RULE_ETHERTYPE, "0x0806", SENDER, TARGET, ETHERTYPE(0x8035));
	refused(VNET_A_RULE_PROTO, "not this ethertype", ETHERTYPE(0x88b5), PROTO(6));
	refused(VNET_A_RULE_SRC_PORT_MIN, "protocol that has them", SRC4, DST4, PROTO(1),
		PORTS);
	refused(VNET_A_RULE_ICMP_TYPE, "protocol 1", SRC4, DST4, PROTO(58),
		U8(VNET_A_RULE_ICMP_TYPE, 8));
	refused(VNET_A_RULE_ICMP_CODE, "needs the type", SRC4, DST4, PROTO(1),
		U8(VNET_A_RULE_ICMP_CODE, 8));
	refused(VNET_A_RULE_TCP_FLAGS, "protocol 6", SRC4, DST4, PROTO(17), PORTS,
		U8(VNET_A_RULE_TCP_FLAGS, 0));
	refused(VNET_A_RULE_TCP_FLAGS, "protocol 6", ETHERTYPE(0x88b5),
		U8(VNET_A_RULE_TCP_FLAGS, 2));
	refused(VNET_A_RULE_DSCP, "not this ethertype", SENDER, TARGET,
		U8(VNET_A_RULE_DSCP, 1));
	refused(VNET_A_RULE_FRAGMENT, "not this ethertype", ETHERTYPE(0x88b5),
		FRAGMENT(NONE));
	refused(VNET_A_RULE_SRC_PORT_MIN, "first fragment", SRC4, DST4, PROTO(6), PORTS,
		FRAGMENT(LATER));
	refused(VNET_A_RULE_ICMP_TYPE, "first fragment", SRC4, DST4, PROTO(1),
		U8(VNET_A_RULE_ICMP_TYPE, 8), FRAGMENT(LATER));
	refused(VNET_A_RULE_TCP_FLAGS, "first fragment", SRC4, DST4, PROTO(6),
		U8(VNET_A_RULE_TCP_FLAGS, 2), FRAGMENT(LATER));
	refused(VNET_A_VID, "a tag needs an interface", SENDER, TARGET,
		U16(VNET_A_VID, 2));
}

static void defaults(void)
{
	rule(PROTO(6), U8(VNET_A_RULE_TCP_FLAGS, 2), U8(VNET_A_RULE_TCP_FLAGS_MASK, 255));
	decides(true, SRC4, DST4, PROTO(6), PORTS);
	decides(false, SRC4, DST4, PROTO(6), PORTS, U8(VNET_A_RULE_TCP_FLAGS, 0));
	decides(false, SRC4, DST4, PROTO(6), FRAGMENT(LATER));
	rule(PROTO(1), U8(VNET_A_RULE_ICMP_TYPE, 8), U8(VNET_A_RULE_ICMP_CODE, 0));
	decides(true, SRC4, DST4, PROTO(1));
	decides(false, SRC4, DST4, PROTO(1), U8(VNET_A_RULE_ICMP_TYPE, 0));
	rule(PROTO(58), U8(VNET_A_RULE_ICMP_TYPE, 128), U8(VNET_A_RULE_ICMP_CODE, 0));
	decides(true, SRC6, DST6, PROTO(58));
	rule(ND_TARGET);
	decides(true, ND(135), ND_TARGET);
	decides(true, ND(137), ND_TARGET, FRAGMENT(FIRST));
	decides(false, ND(135));
	decides(false, ND(134));
	decides(false, ND(136), BYTES(VNET_A_RULE_TARGET, "\xfe" V4 V4 V4 "\0\0\0", 16));
	rule(ND_TARGET, U8(VNET_A_RULE_TARGET_PREFIX_LEN, 0));
	decides(true, ND(135));
	rule(FRAGMENT(NONE));
	decides(true, SRC4, DST4, PROTO(200));
	decides(true, SRC4, DST4, PROTO(200), FRAGMENT(NONE));
	decides(false, SRC4, DST4, PROTO(200), FRAGMENT(FIRST));
	decides(false, SENDER, TARGET);
	rule(U8(VNET_A_RULE_DSCP, 0));
	decides(true, SRC6, DST6, PROTO(200));
	rule(U8(VNET_A_RULE_PCP, 0));
	decides(false, SENDER, TARGET);
	decides(true, SENDER, TARGET, U8(VNET_A_RULE_PCP, 0));
	rule(MAC(VNET_A_RULE_SRC_MAC, "\0\0\0\0\0\0"));
	decides(true, ETHERTYPE(0x88b5));
	decides(false, ETHERTYPE(0x88b5), MAC(VNET_A_RULE_SRC_MAC, "\2\0\0\0\0\1"));
}

static void verdict_of_the_policy(void)
{
	rule(ETHERTYPE(0x88b5));
	need(&nl, VNET_CMD_RULE_TEST, HEAD, ETHERTYPE(0x88b5));
	check(attr_num(&last.attrs, VNET_A_RULE_ACTION, 0) == VNET_ACTION_DROP, "action");
	check(attr_num(&last.attrs, VNET_A_RULE_PRIORITY, 0) == 7, "priority");
	check(attr_num(&last.attrs, VNET_A_RULE_DIRECTION, 0) == VNET_DIR_EGRESS,
	      "direction");
	need(&nl, VNET_CMD_RULE_TEST, HEAD, ETHERTYPE(0x88b6));
	check(attr_num(&last.attrs, VNET_A_RULE_ACTION, 0) == VNET_ACTION_ALLOW, "policy");
	check(!attr_has(&last.attrs, VNET_A_RULE_NAME) &&
	      !attr_has(&last.attrs, VNET_A_RULE_PRIORITY), "the policy is no rule");
	need(&nl, VNET_CMD_NETWORK_SET, STR(VNET_A_NETWORK, "red"),
	     U8(VNET_A_NET_POLICY_EGRESS, VNET_ACTION_DROP));
	need(&nl, VNET_CMD_RULE_TEST, HEAD, ETHERTYPE(0x88b6));
	check(attr_num(&last.attrs, VNET_A_RULE_ACTION, 0) == VNET_ACTION_DROP, "policy");
}

/* A rule cannot pose as a policy. */
static void names_of_policies(void)
{
	static const char *const names[] = {
		VNET_RULE_DEFAULT_INGRESS, VNET_RULE_DEFAULT_EGRESS,
	};

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		request(&nl, VNET_CMD_RULE_ADD, STR(VNET_A_NETWORK, "red"),
			STR(VNET_A_RULE_NAME, names[i]), U32(VNET_A_RULE_PRIORITY, 1),
			U8(VNET_A_RULE_DIRECTION, VNET_DIR_EGRESS),
			U8(VNET_A_RULE_ACTION, VNET_ACTION_DROP));
		check(last.err == EINVAL && strstr(last.text, "default policy") &&
		      last.has_offset, "%s: error %d \"%s\"", names[i], last.err, last.text);
	}
}

#define RUN(test)	do { test_begin(#test); test(); test_end(); } while (0)

int main(void)
{
	ktap_header();
	own_namespace();
	nl_open(&nl);
	need(&nl, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "red"));
	RUN(parts_that_frames_have);
	RUN(frames_that_cannot_be);
	RUN(defaults);
	RUN(verdict_of_the_policy);
	RUN(names_of_policies);
	return ktap_finish();
}
