/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * nl_table.h owns one table of every command with every attribute it takes,
 * written from the UAPI header, the small world that these commands are made
 * to, and the building of the valid message of each line. It does not know
 * what is done with the messages.
 */
#ifndef VNET_SELFTEST_NL_TABLE_H
#define VNET_SELFTEST_NL_TABLE_H

#include "nl.h"

enum kind { K_FLAG, K_U8, K_U16, K_U32, K_U64, K_NAME, K_LABEL, K_MAC, K_IP,
	    K_MACS, K_PREFIXES, K_ELEMENTS };

/* what makes a field special */
enum {
	REQUIRED	= 1 << 0,
	MIN_OPEN	= 1 << 1,	/* the smallest value is not specified */
	EMPTY_OK	= 1 << 2,	/* "" means something */
	UNICAST		= 1 << 3,
	DEVICE		= 1 << 4,	/* the number is the ifindex of text */
	NOT_ALL_ONES	= 1 << 5,
};

struct field {
	uint16_t type;
	const char *label;
	enum kind kind;
	unsigned int how;
	uint64_t value, min, max;	/* of numbers; value: payload length of K_IP */
	const char *text;		/* of names; bytes of addresses */
};

struct command {
	const char *label;
	uint8_t cmd;
	bool dump, nested;	/* nested: the fields after the first are a rule entry */
	const struct field *fields;
	uint16_t max;		/* last attribute of the set */
};

#define N_NETWORK(s)	{ VNET_A_NETWORK, "network", K_NAME, REQUIRED, 0, 0, 0, s }
#define O_NETWORK(s)	{ VNET_A_NETWORK, "network", K_NAME, 0, 0, 0, 0, s }
#define N_DEVICE(s)	{ VNET_A_IFINDEX, "ifindex", K_U32, REQUIRED | DEVICE, \
			  0, 1, INT32_MAX, s }
#define O_DEVICE(s)	{ VNET_A_IFINDEX, "ifindex", K_U32, DEVICE, 0, 1, INT32_MAX, s }
#define DEVNAME(s)	{ VNET_A_IFNAME, "ifname", K_NAME, 0, 0, 0, 0, s }
#define TAG(p)		{ VNET_A_TAG_PROTO, "tag-proto", K_U16, 0, p, 0x8100, 0x88a8, NULL }
#define VID(v)		{ VNET_A_VID, "vid", K_U16, 0, v, 1, 4094, NULL }
#define CVID(v)		{ VNET_A_CVID, "cvid", K_U16, 0, v, 1, 4094, NULL }
#define F_FLAG(t, l)	{ t, l, K_FLAG, 0, 0, 0, 0, NULL }
#define F_U8(t, l, v, lo, hi)	{ t, l, K_U8, 0, v, lo, hi, NULL }
#define F_U16(t, l, v, lo, hi)	{ t, l, K_U16, 0, v, lo, hi, NULL }
#define F_U32(t, l, v, lo, hi)	{ t, l, K_U32, 0, v, lo, hi, NULL }
#define F_MAX(t, l, v, hi)	{ t, l, K_U32, MIN_OPEN, v, 0, hi, NULL }
#define F_NAME(t, l, s)		{ t, l, K_NAME, 0, 0, 0, 0, s }
#define R_NAME(t, l, s)		{ t, l, K_NAME, REQUIRED, 0, 0, 0, s }
#define R_MAC(t, l, s, h)	{ t, l, K_MAC, REQUIRED | (h), 0, 0, 0, s }
#define F_MAC(t, l, s)		{ t, l, K_MAC, 0, 0, 0, 0, s }
#define F_IP(t, l, n, s)	{ t, l, K_IP, 0, n, 0, 0, s }
#define STATS		F_FLAG(VNET_A_WITH_STATS, "with-stats")
#define END		{ 0, NULL, K_FLAG, 0, 0, 0, 0, NULL }

#define MAC_KNOWN	"\x02\0\0\0\0\x01"
#define MAC_FRESH	"\x02\0\0\0\0\x02"

#define NET_FIELDS							\
	F_U32(VNET_A_NET_VNI, "vni", 99, 0, VNET_VNI_MAX),		\
	{ VNET_A_NET_TENANT, "tenant", K_LABEL, EMPTY_OK, 0, 0, 0, "umbrella" }, \
	F_U8(VNET_A_NET_UP, "up", 1, 0, 1),				\
	F_U8(VNET_A_NET_POLICY_INGRESS, "policy-ingress", 2, 1, VNET_ACTION_MAX),	\
	F_U8(VNET_A_NET_POLICY_EGRESS, "policy-egress", 2, 1, VNET_ACTION_MAX),	\
	F_U32(VNET_A_NET_AGEING, "ageing", 5000, VNET_AGEING_MIN, VNET_AGEING_MAX), \
	F_MAX(VNET_A_NET_MAX_MEMBERS, "max-members", 77, VNET_MEMBERS_MAX), \
	F_MAX(VNET_A_NET_MAX_MACS, "max-macs", 78, VNET_MACS_MAX),	\
	F_MAX(VNET_A_NET_MAX_RULES, "max-rules", 79, VNET_RULES_MAX),	\
	F_MAX(VNET_A_NET_MAX_CLASSES, "max-classes", 80, VNET_CLASSES_MAX), \
	F_MAX(VNET_A_NET_MAX_QUEUE, "max-queue", 1 << 20, VNET_QUEUE_MAX), \
	F_MAX(VNET_A_NET_MAX_SETS, "max-sets", 81, VNET_SETS_MAX),	\
	F_MAX(VNET_A_NET_MAX_SET_ELEMENTS, "max-set-elements", 82, VNET_ELEMENTS_MAX), \
	F_MAX(VNET_A_NET_MAX_CONNECTIONS, "max-connections", 83, VNET_CONNECTIONS_MAX), \
	F_MAX(VNET_A_NET_CONNECTION_RATE, "connection-rate", 1000, UINT32_MAX), \
	F_MAX(VNET_A_NET_REJECT_RATE, "reject-rate", 84, VNET_REJECT_RATE_MAX), \
	F_U8(VNET_A_NET_AUDIT_INGRESS, "audit-ingress", 1, 0, 1),	\
	F_U8(VNET_A_NET_AUDIT_EGRESS, "audit-egress", 1, 0, 1),		\
	F_U32(VNET_A_NET_LOG_RATE, "log-rate", 85, 1, VNET_LOG_RATE_MAX), \
	F_U32(VNET_A_NET_PACKET_RATE_INGRESS, "packet-rate-ingress", 86, 0, VNET_PACKET_RATE_MAX), \
	F_U32(VNET_A_NET_PACKET_RATE_EGRESS, "packet-rate-egress", 87, 0, VNET_PACKET_RATE_MAX)

#define MEMBER_FIELDS							\
	F_U8(VNET_A_MEMBER_LEARNING, "learning", 0, 0, 1),		\
	F_U8(VNET_A_MEMBER_FLOOD_UNICAST, "flood-unicast", 0, 0, 1),	\
	F_U8(VNET_A_MEMBER_FLOOD_MULTICAST, "flood-multicast", 0, 0, 1), \
	F_U8(VNET_A_MEMBER_FLOOD_BROADCAST, "flood-broadcast", 0, 0, 1), \
	F_U8(VNET_A_MEMBER_ISOLATED, "isolated", 1, 0, 1),		\
	F_U8(VNET_A_MEMBER_HAIRPIN, "hairpin", 1, 0, 1),		\
	F_MAX(VNET_A_MEMBER_MAX_MACS, "max-macs", 33, VNET_MACS_MAX),	\
	F_MAX(VNET_A_MEMBER_FLOOD_RATE, "flood-rate", 1000, UINT32_MAX), \
	F_MAX(VNET_A_MEMBER_MAX_CONNECTIONS, "max-connections", 34, VNET_CONNECTIONS_MAX), \
	F_MAX(VNET_A_MEMBER_CONNECTION_RATE, "connection-rate", 1000, UINT32_MAX), \
	{ VNET_A_MEMBER_CLASS_INGRESS, "class-ingress", K_NAME, EMPTY_OK, 0, 0, 0, "c0" }, \
	{ VNET_A_MEMBER_CLASS_EGRESS, "class-egress", K_NAME, EMPTY_OK, 0, 0, 0, "c1" }, \
	{ VNET_A_MEMBER_GUARD_MACS, "guard-macs", K_MACS, 0, 0, 0, 0, NULL }, \
	{ VNET_A_MEMBER_GUARD_IPS, "guard-ips", K_PREFIXES, 0, 0, 0, 0, NULL }, \
	F_U8(VNET_A_MEMBER_GUARD_DHCP, "guard-dhcp", 1, 0, 1),		\
	F_U8(VNET_A_MEMBER_GUARD_RA, "guard-ra", 1, 0, 1),		\
	F_U32(VNET_A_MEMBER_PACKET_RATE_INGRESS, "packet-rate-ingress", 1000, 0, VNET_PACKET_RATE_MAX), \
	F_U32(VNET_A_MEMBER_PACKET_RATE_EGRESS, "packet-rate-egress", 1000, 0, VNET_PACKET_RATE_MAX)

#define RULE_HEAD(n)	RULE_HEAD_OF(n, VNET_ACTION_DROP)

#define RULE_HEAD_OF(n, action)						\
	R_NAME(VNET_A_RULE_NAME, "name", n),				\
	{ VNET_A_RULE_PRIORITY, "priority", K_U32, REQUIRED, 70, 0, VNET_PRIORITY_MAX, NULL }, \
	{ VNET_A_RULE_DIRECTION, "direction", K_U8, REQUIRED, 2, 1, 2, NULL }, \
	{ VNET_A_RULE_ACTION, "action", K_U8, REQUIRED, action, 1, VNET_ACTION_MAX, NULL }

#define RULE_TCP							\
	O_DEVICE("d1"), DEVNAME("d1"), TAG(0x8100), VID(10),		\
	F_MAC(VNET_A_RULE_SRC_MAC, "src-mac", MAC_KNOWN),		\
	F_MAC(VNET_A_RULE_SRC_MAC_MASK, "src-mac-mask", "\xff\xff\xff\xff\xff\0"), \
	F_MAC(VNET_A_RULE_DST_MAC, "dst-mac", MAC_FRESH),		\
	F_MAC(VNET_A_RULE_DST_MAC_MASK, "dst-mac-mask", "\xff\xff\xff\xff\xff\xff"), \
	F_U16(VNET_A_RULE_ETHERTYPE, "ethertype", 0x800, 0x600, 0xffff), \
	F_IP(VNET_A_RULE_SRC_IP, "src", 4, "\x0a\1\0\0"),		\
	F_U8(VNET_A_RULE_SRC_PREFIX_LEN, "src-len", 16, 0, 32),		\
	F_IP(VNET_A_RULE_DST_IP, "dst", 4, "\x0a\2\0\0"),		\
	F_U8(VNET_A_RULE_DST_PREFIX_LEN, "dst-len", 16, 0, 32),		\
	F_U8(VNET_A_RULE_PROTO, "proto", 6, 0, 255),			\
	F_U16(VNET_A_RULE_SRC_PORT_MIN, "sport-min", 0, 0, 65535),	\
	F_U16(VNET_A_RULE_SRC_PORT_MAX, "sport-max", 65535, 0, 65535),	\
	F_U16(VNET_A_RULE_DST_PORT_MIN, "dport-min", 80, 0, 65535),	\
	F_U16(VNET_A_RULE_DST_PORT_MAX, "dport-max", 65535, 0, 65535),	\
	F_U8(VNET_A_RULE_TCP_FLAGS, "tcp-flags", 2, 0, 255),		\
	F_U8(VNET_A_RULE_TCP_FLAGS_MASK, "tcp-flags-mask", 18, 1, 255),	\
	F_U8(VNET_A_RULE_FRAGMENT, "fragment", 3, 0, 3),		\
	F_U8(VNET_A_RULE_DSCP, "dscp", 46, 0, 63),			\
	F_U8(VNET_A_RULE_PCP, "pcp", 5, 0, 7),				\
	F_U8(VNET_A_RULE_STATE, "state", 2, 1, VNET_STATE_ALL),			\
	F_U8(VNET_A_RULE_AUDIT, "audit", 1, 0, 1),			\
	F_U8(VNET_A_RULE_LOG, "log", 1, 0, 1),				\
	F_U32(VNET_A_RULE_EXPIRES, "expires", 7200, 0, VNET_EXPIRES_MAX)

#define RULE_SETS							\
	F_NAME(VNET_A_RULE_SRC_SET, "src-set", "addresses"),		\
	F_NAME(VNET_A_RULE_DST_SET, "dst-set", "addresses"),		\
	F_NAME(VNET_A_RULE_SPORT_SET, "sport-set", "ports"),		\
	F_NAME(VNET_A_RULE_DPORT_SET, "dport-set", "ports"),		\
	F_NAME(VNET_A_RULE_SRC_MAC_SET, "src-mac-set", "macs"),		\
	F_NAME(VNET_A_RULE_DST_MAC_SET, "dst-mac-set", "macs"),		\
	F_NAME(VNET_A_RULE_SRC_PAIR_SET, "src-pair-set", "pairs"),	\
	F_NAME(VNET_A_RULE_DST_PAIR_SET, "dst-pair-set", "pairs"),	\
	F_NAME(VNET_A_RULE_MEMBER_SET, "member-set", "members")

#define RULE_ACT							\
	F_U8(VNET_A_RULE_PROTO, "proto", 6, 0, 255),			\
	F_NAME(VNET_A_RULE_HELPER, "helper", "ftp"),			\
	F_NAME(VNET_A_RULE_CLASS, "class", "c0"),			\
	F_U8(VNET_A_RULE_SET_DSCP, "set-dscp", 0, 0, 63)

#define RULE_ICMP							\
	F_IP(VNET_A_RULE_SRC_IP, "src6", 16, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), \
	F_U8(VNET_A_RULE_SRC_PREFIX_LEN, "src6-len", 128, 0, 128),	\
	F_U8(VNET_A_RULE_PROTO, "proto", 58, 0, 255),			\
	F_U8(VNET_A_RULE_ICMP_TYPE, "icmp-type", 135, 0, 255),		\
	F_U8(VNET_A_RULE_ICMP_CODE, "icmp-code", 0, 0, 255),		\
	F_IP(VNET_A_RULE_TARGET, "nd-target", 16, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2"), \
	F_U8(VNET_A_RULE_TARGET_PREFIX_LEN, "nd-target-len", 127, 0, 128), \
	F_U32(VNET_A_RULE_SAMPLE, "sample", 100, 0, UINT32_MAX)

#define RULE_ARP							\
	F_IP(VNET_A_RULE_ARP_SENDER, "arp-sender", 4, "\x0a\1\0\0"),	\
	F_U8(VNET_A_RULE_ARP_SENDER_PREFIX_LEN, "arp-sender-len", 16, 0, 32), \
	F_IP(VNET_A_RULE_TARGET, "arp-target", 4, "\x0a\2\0\0"),	\
	F_U8(VNET_A_RULE_TARGET_PREFIX_LEN, "arp-target-len", 16, 0, 32)

#define R_IP(t, l, n, s)	{ t, l, K_IP, REQUIRED, n, 0, 0, s }
#define TEST_DIRECTION							\
	{ VNET_A_RULE_DIRECTION, "direction", K_U8, REQUIRED, 2, 1, 2, NULL }

#define TEST_TCP							\
	O_DEVICE("d1"), DEVNAME("d1"), TAG(0x8100), VID(10),		\
	F_MAC(VNET_A_RULE_SRC_MAC, "src-mac", MAC_KNOWN),		\
	F_MAC(VNET_A_RULE_DST_MAC, "dst-mac", MAC_FRESH),		\
	F_U16(VNET_A_RULE_ETHERTYPE, "ethertype", 0x800, 0x600, 0xffff), \
	R_IP(VNET_A_RULE_SRC_IP, "src", 4, "\x0a\1\0\1"),		\
	R_IP(VNET_A_RULE_DST_IP, "dst", 4, "\x0a\2\0\1"),		\
	{ VNET_A_RULE_PROTO, "proto", K_U8, REQUIRED, 6, 0, 255, NULL }, \
	{ VNET_A_RULE_SRC_PORT_MIN, "sport", K_U16, REQUIRED, 40000, 0, 65535, NULL }, \
	{ VNET_A_RULE_DST_PORT_MIN, "dport", K_U16, REQUIRED, 443, 0, 65535, NULL }, \
	F_U8(VNET_A_RULE_TCP_FLAGS, "tcp-flags", 18, 0, 255),		\
	F_U8(VNET_A_RULE_FRAGMENT, "fragment", 1, 1, 3),		\
	F_U8(VNET_A_RULE_DSCP, "dscp", 46, 0, 63),			\
	F_U8(VNET_A_RULE_STATE, "state", 2, 1, VNET_STATE_INVALID),	\
	F_U8(VNET_A_RULE_PCP, "pcp", 5, 0, 7)

#define TEST_ICMP							\
	R_IP(VNET_A_RULE_SRC_IP, "src6", 16, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1"), \
	R_IP(VNET_A_RULE_DST_IP, "dst6", 16, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2"), \
	{ VNET_A_RULE_PROTO, "proto", K_U8, REQUIRED, 58, 0, 255, NULL }, \
	F_U8(VNET_A_RULE_ICMP_TYPE, "icmp-type", 135, 0, 255),		\
	F_U8(VNET_A_RULE_ICMP_CODE, "icmp-code", 0, 0, 255),		\
	F_IP(VNET_A_RULE_TARGET, "nd-target", 16, "\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2")

#define TEST_ARP							\
	R_IP(VNET_A_RULE_ARP_SENDER, "arp-sender", 4, "\x0a\1\0\1"),	\
	R_IP(VNET_A_RULE_TARGET, "arp-target", 4, "\x0a\2\0\1")

#define CLASS_FIELDS							\
	{ VNET_A_CLASS_CEIL, "ceil", K_U64, 0, 9000000, VNET_RATE_MIN, VNET_RATE_MAX, NULL }, \
	F_U32(VNET_A_CLASS_BURST, "burst", 4000, VNET_BURST_MIN, VNET_BURST_MAX), \
	F_U32(VNET_A_CLASS_CBURST, "cburst", 4000, VNET_BURST_MIN, VNET_BURST_MAX), \
	F_U8(VNET_A_CLASS_PRIO, "prio", 3, 0, VNET_CLASS_PRIO_MAX),	\
	F_MAX(VNET_A_CLASS_QUEUE, "queue", 100000, VNET_CLASS_QUEUE_MAX), \
	F_U32(VNET_A_CLASS_WEIGHT, "weight", 7, VNET_WEIGHT_MIN, VNET_WEIGHT_MAX), \
	F_U32(VNET_A_CLASS_DELAY_TARGET, "delay-target", 10, 0, VNET_DELAY_MAX), \
	F_U32(VNET_A_CLASS_DELAY_LIMIT, "delay-limit", 500, 0, VNET_DELAY_MAX), \
	F_U32(VNET_A_CLASS_OVERHEAD, "overhead", 0, 0, VNET_OVERHEAD_MAX)

#define RATE(how)	{ VNET_A_CLASS_RATE, "rate", K_U64, how, 2000000, \
			  VNET_RATE_MIN, VNET_RATE_MAX, NULL }

#define FIELDS(...)	((const struct field[]){ __VA_ARGS__, END })

static const struct command commands[] = {
{ "info-get", VNET_CMD_INFO_GET, 0, 0, (const struct field[]){ END }, VNET_A_INFO_MAX },
{ "flush", VNET_CMD_FLUSH, 0, 0,
  FIELDS(F_FLAG(VNET_A_KEEP_UP, "keep-up")), VNET_A_COMMON_MAX },

{ "network-add", VNET_CMD_NETWORK_ADD, 0, 0,
  FIELDS(N_NETWORK("fresh"), NET_FIELDS), VNET_A_NET_MAX },
{ "network-set", VNET_CMD_NETWORK_SET, 0, 0,
  FIELDS(N_NETWORK("red"), NET_FIELDS), VNET_A_NET_MAX },
{ "network-del", VNET_CMD_NETWORK_DEL, 0, 0,
  FIELDS(N_NETWORK("blue")), VNET_A_NET_MAX },
{ "network-get", VNET_CMD_NETWORK_GET, 0, 0,
  FIELDS(N_NETWORK("red"), STATS), VNET_A_NET_MAX },
{ "network-dump", VNET_CMD_NETWORK_GET, 1, 0,
  FIELDS(O_NETWORK("red"), { VNET_A_NET_TENANT, "tenant", K_LABEL, 0, 0, 0, 0, "acme" }, STATS),
  VNET_A_NET_MAX },

{ "port-add", VNET_CMD_PORT_ADD, 0, 0,
  FIELDS(N_DEVICE("d2"), DEVNAME("d2"), F_U8(VNET_A_PORT_ROLE, "role", 2, 1, 2),
	 F_FLAG(VNET_A_PORT_FORCE, "force"), O_NETWORK("blue")), VNET_A_PORT_MAX },
{ "port-set", VNET_CMD_PORT_SET, 0, 0,
  FIELDS(N_DEVICE("d1"), DEVNAME("d1"), F_U8(VNET_A_PORT_ROLE, "role", 1, 1, 2),
	 { VNET_A_PORT_CAPACITY, "capacity", K_U64, 0, 20000000, 0, VNET_RATE_MAX, NULL },
	 F_U32(VNET_A_PORT_OVERCOMMIT, "overcommit", 120, 1, VNET_OVERCOMMIT_MAX)),
  VNET_A_PORT_MAX },
{ "port-del", VNET_CMD_PORT_DEL, 0, 0,
  FIELDS(N_DEVICE("d3"), DEVNAME("d3"), F_FLAG(VNET_A_KEEP_UP, "keep-up")),
  VNET_A_PORT_MAX },
{ "port-get", VNET_CMD_PORT_GET, 0, 0,
  FIELDS(N_DEVICE("d1"), DEVNAME("d1"), STATS), VNET_A_PORT_MAX },
{ "port-dump", VNET_CMD_PORT_GET, 1, 0,
  FIELDS(O_DEVICE("d1"), DEVNAME("d1"), STATS), VNET_A_PORT_MAX },

{ "member-add", VNET_CMD_MEMBER_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), N_DEVICE("d1"), DEVNAME("d1"), TAG(0x88a8), VID(20),
	 CVID(30), MEMBER_FIELDS), VNET_A_MEMBER_MAX },
{ "member-set", VNET_CMD_MEMBER_SET, 0, 0,
  FIELDS(N_DEVICE("d1"), DEVNAME("d1"), TAG(0x8100), VID(10), MEMBER_FIELDS),
  VNET_A_MEMBER_MAX },
{ "member-del", VNET_CMD_MEMBER_DEL, 0, 0,
  FIELDS(N_DEVICE("d1"), DEVNAME("d1"), TAG(0x8100), VID(10)), VNET_A_MEMBER_MAX },
{ "member-get", VNET_CMD_MEMBER_GET, 0, 0,
  FIELDS(N_DEVICE("d1"), DEVNAME("d1"), TAG(0x8100), VID(10), STATS),
  VNET_A_MEMBER_MAX },
{ "member-dump", VNET_CMD_MEMBER_GET, 1, 0,
  FIELDS(O_NETWORK("red"), O_DEVICE("d1"), DEVNAME("d1"), STATS), VNET_A_MEMBER_MAX },

{ "fdb-add", VNET_CMD_FDB_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), N_DEVICE("d1"), DEVNAME("d1"), TAG(0x8100), VID(10),
	 R_MAC(VNET_A_FDB_MAC, "mac", MAC_FRESH, UNICAST),
	 { VNET_A_FDB_KIND, "kind", K_U8, MIN_OPEN, 3, 0, 3, NULL }), VNET_A_FDB_MAX },
{ "fdb-del", VNET_CMD_FDB_DEL, 0, 0,
  FIELDS(N_NETWORK("red"), R_MAC(VNET_A_FDB_MAC, "mac", MAC_KNOWN, UNICAST)),
  VNET_A_FDB_MAX },
{ "fdb-get", VNET_CMD_FDB_GET, 0, 0,
  FIELDS(N_NETWORK("red"), R_MAC(VNET_A_FDB_MAC, "mac", MAC_KNOWN, UNICAST)),
  VNET_A_FDB_MAX },
{ "fdb-dump", VNET_CMD_FDB_GET, 1, 0,
  FIELDS(O_NETWORK("red"), O_DEVICE("d1"), DEVNAME("d1"), TAG(0x8100), VID(10),
	 F_U8(VNET_A_FDB_KIND, "kind", 2, 1, 3)), VNET_A_FDB_MAX },
{ "fdb-flush", VNET_CMD_FDB_FLUSH, 0, 0,
  FIELDS(N_NETWORK("red"), O_DEVICE("d1"), DEVNAME("d1"), TAG(0x8100), VID(10),
	 F_FLAG(VNET_A_FDB_ALL, "all")), VNET_A_FDB_MAX },

{ "rule-add", VNET_CMD_RULE_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), RULE_HEAD("fresh"), RULE_TCP), VNET_A_RULE_MAX },
{ "rule-add-icmp", VNET_CMD_RULE_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), RULE_HEAD("fresh"), RULE_ICMP), VNET_A_RULE_MAX },
{ "rule-add-arp", VNET_CMD_RULE_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), RULE_HEAD("fresh"), RULE_ARP), VNET_A_RULE_MAX },
{ "rule-add-sets", VNET_CMD_RULE_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), RULE_HEAD("fresh"), RULE_SETS), VNET_A_RULE_MAX },
{ "rule-add-act", VNET_CMD_RULE_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), RULE_HEAD_OF("fresh", VNET_ACTION_ALLOW), RULE_ACT),
  VNET_A_RULE_MAX },
{ "rule-set", VNET_CMD_RULE_SET, 0, 0,
  FIELDS(N_NETWORK("red"), RULE_HEAD("r0"), RULE_TCP), VNET_A_RULE_MAX },
{ "rule-promote", VNET_CMD_RULE_PROMOTE, 0, 0,
  FIELDS(N_NETWORK("red"), F_NAME(VNET_A_RULE_NAME, "name", "r0")), VNET_A_RULE_MAX },
{ "rule-recheck", VNET_CMD_RULE_RECHECK, 0, 0,
  FIELDS(N_NETWORK("red")), VNET_A_RULE_MAX },
{ "rule-del", VNET_CMD_RULE_DEL, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_RULE_NAME, "name", "r0")), VNET_A_RULE_MAX },
{ "rule-get", VNET_CMD_RULE_GET, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_RULE_NAME, "name", "r0"), STATS),
  VNET_A_RULE_MAX },
{ "rule-dump", VNET_CMD_RULE_GET, 1, 0,
  FIELDS(O_NETWORK("red"), F_U8(VNET_A_RULE_DIRECTION, "direction", 1, 1, 2), STATS),
  VNET_A_RULE_MAX },
{ "rule-load", VNET_CMD_RULE_LOAD, 0, 1,
  FIELDS(N_NETWORK("red"), RULE_HEAD("fresh"), RULE_TCP), VNET_A_RULE_MAX },
{ "rule-load-arp", VNET_CMD_RULE_LOAD, 0, 1,
  FIELDS(N_NETWORK("red"), RULE_HEAD("fresh"), RULE_ARP), VNET_A_RULE_MAX },
{ "rule-load-act", VNET_CMD_RULE_LOAD, 0, 1,
  FIELDS(N_NETWORK("red"), RULE_HEAD_OF("fresh", VNET_ACTION_ALLOW), RULE_ACT),
  VNET_A_RULE_MAX },
{ "rule-load-icmp", VNET_CMD_RULE_LOAD, 0, 1,
  FIELDS(N_NETWORK("red"), RULE_HEAD("fresh"), RULE_ICMP), VNET_A_RULE_MAX },

{ "rule-test", VNET_CMD_RULE_TEST, 0, 0,
  FIELDS(N_NETWORK("red"), TEST_DIRECTION, TEST_TCP), VNET_A_RULE_MAX },
{ "rule-test-icmp", VNET_CMD_RULE_TEST, 0, 0,
  FIELDS(N_NETWORK("red"), TEST_DIRECTION, TEST_ICMP), VNET_A_RULE_MAX },
{ "rule-test-arp", VNET_CMD_RULE_TEST, 0, 0,
  FIELDS(N_NETWORK("red"), TEST_DIRECTION, TEST_ARP), VNET_A_RULE_MAX },

{ "set-add", VNET_CMD_SET_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_SET_NAME, "name", "fresh"),
	 { VNET_A_SET_TYPE, "type", K_U8, REQUIRED, 2, 1, VNET_SET_TYPE_MAX, NULL }),
  VNET_A_SET_MAX },
{ "set-del", VNET_CMD_SET_DEL, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_SET_NAME, "name", "macs")), VNET_A_SET_MAX },
{ "set-get", VNET_CMD_SET_GET, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_SET_NAME, "name", "macs")), VNET_A_SET_MAX },
{ "set-dump", VNET_CMD_SET_GET, 1, 0,
  FIELDS(O_NETWORK("red"), F_U8(VNET_A_SET_TYPE, "type", 1, 1, VNET_SET_TYPE_MAX)),
  VNET_A_SET_MAX },
{ "set-replace", VNET_CMD_SET_REPLACE, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_SET_NAME, "name", "ports"),
	 { VNET_A_SET_ELEMENT, "element", K_ELEMENTS, 0, 9, 0, 0, NULL }), VNET_A_SET_MAX },
{ "element-add", VNET_CMD_SET_ELEMENT_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_SET_NAME, "name", "ports"),
	 { VNET_A_SET_ELEMENT, "element", K_ELEMENTS, REQUIRED, 9, 0, 0, NULL }),
  VNET_A_SET_MAX },
{ "element-del", VNET_CMD_SET_ELEMENT_DEL, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_SET_NAME, "name", "ports"),
	 { VNET_A_SET_ELEMENT, "element", K_ELEMENTS, REQUIRED, 8, 0, 0, NULL }),
  VNET_A_SET_MAX },
{ "element-get", VNET_CMD_SET_ELEMENT_GET, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_SET_NAME, "name", "ports"),
	 { VNET_A_SET_PORT_MIN, "port-min", K_U16, REQUIRED, 8, 8, 8, NULL }),
  VNET_A_SET_MAX },
{ "element-get-member", VNET_CMD_SET_ELEMENT_GET, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_SET_NAME, "name", "members"), N_DEVICE("d1"),
	 DEVNAME("d1"), TAG(0x8100), VID(10)), VNET_A_SET_MAX },
{ "element-dump", VNET_CMD_SET_ELEMENT_GET, 1, 0,
  FIELDS(N_NETWORK("red"), F_NAME(VNET_A_SET_NAME, "name", "ports")), VNET_A_SET_MAX },

{ "class-add", VNET_CMD_CLASS_ADD, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_CLASS_NAME, "name", "fresh"),
	 F_NAME(VNET_A_CLASS_PARENT, "parent", "root"), RATE(REQUIRED), CLASS_FIELDS),
  VNET_A_CLASS_MAX },
{ "class-set", VNET_CMD_CLASS_SET, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_CLASS_NAME, "name", "c0"), RATE(0),
	 F_NAME(VNET_A_CLASS_PARENT, "parent", "c1"), CLASS_FIELDS), VNET_A_CLASS_MAX },
{ "class-del", VNET_CMD_CLASS_DEL, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_CLASS_NAME, "name", "c1")), VNET_A_CLASS_MAX },
{ "class-get", VNET_CMD_CLASS_GET, 0, 0,
  FIELDS(N_NETWORK("red"), R_NAME(VNET_A_CLASS_NAME, "name", "c0"), STATS),
  VNET_A_CLASS_MAX },
{ "class-dump", VNET_CMD_CLASS_GET, 1, 0,
  FIELDS(O_NETWORK("red"), STATS), VNET_A_CLASS_MAX },

{ "share-get", VNET_CMD_SHARE_GET, 0, 0,
  FIELDS(N_NETWORK("red"), N_DEVICE("d1"), DEVNAME("d1"), STATS), VNET_A_SHARE_MAX },
{ "share-dump", VNET_CMD_SHARE_GET, 1, 0,
  FIELDS(O_NETWORK("red"), O_DEVICE("d1"), DEVNAME("d1"), STATS), VNET_A_SHARE_MAX },
};

/* ---- the world that requests are made to ------------------------------- */

static struct nl nl;
static struct msg before __maybe_unused, after __maybe_unused;

/* Payload of an element of a set of ports. */
struct port_element {
	struct nlattr head;
	uint16_t port, pad;
};

#define PORT_ELEMENT(n) { .head = { .nla_len = NLA_HDRLEN + 2,		\
				    .nla_type = VNET_A_SET_PORT_MIN }, .port = (n) }

/* Payload of an element of a set of members. */
struct member_element {
	struct nlattr head;
	uint32_t ifindex;
	struct nlattr vid_head;
	uint16_t vid, pad;
};

#define MEMBER_ELEMENT(i, v) {						\
	.head = { .nla_len = NLA_HDRLEN + 4, .nla_type = VNET_A_IFINDEX }, .ifindex = (i), \
	.vid_head = { .nla_len = NLA_HDRLEN + 2, .nla_type = VNET_A_VID }, .vid = (v) }

static inline void world_build(void)
{
	uint32_t d0 = if_nametoindex("d0"), d1 = if_nametoindex("d1");
	struct port_element port = PORT_ELEMENT(8);
	struct member_element member = MEMBER_ELEMENT(d1, 10);
	struct nl *s = &nl;

	need(s, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "red"),
	     U32(VNET_A_NET_VNI, 7), STR(VNET_A_NET_TENANT, "acme"));
	need(s, VNET_CMD_NETWORK_ADD, STR(VNET_A_NETWORK, "blue"));
	need(s, VNET_CMD_CLASS_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_CLASS_NAME, "c0"), U64(VNET_A_CLASS_RATE, 1000000));
	need(s, VNET_CMD_CLASS_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_CLASS_NAME, "c1"), U64(VNET_A_CLASS_RATE, 8000000));
	need(s, VNET_CMD_PORT_ADD, U32(VNET_A_IFINDEX, d0), STR(VNET_A_NETWORK, "red"));
	need(s, VNET_CMD_PORT_ADD, U32(VNET_A_IFINDEX, d1),
	     U8(VNET_A_PORT_ROLE, VNET_ROLE_UPLINK));
	need(s, VNET_CMD_PORT_SET, U32(VNET_A_IFINDEX, d1),
	     U64(VNET_A_PORT_CAPACITY, 10000000));
	need(s, VNET_CMD_PORT_ADD, STR(VNET_A_IFNAME, "d3"));
	need(s, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "red"),
	     U32(VNET_A_IFINDEX, d1), U16(VNET_A_VID, 10));
	need(s, VNET_CMD_MEMBER_ADD, STR(VNET_A_NETWORK, "red"), U32(VNET_A_IFINDEX, d1));
	need(s, VNET_CMD_FDB_ADD, STR(VNET_A_NETWORK, "red"),
	     U32(VNET_A_IFINDEX, d1), U16(VNET_A_VID, 10),
	     MAC(VNET_A_FDB_MAC, MAC_KNOWN));
	need(s, VNET_CMD_RULE_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_RULE_NAME, "r0"), U32(VNET_A_RULE_PRIORITY, 5),
	     U8(VNET_A_RULE_DIRECTION, VNET_DIR_INGRESS),
	     U8(VNET_A_RULE_ACTION, VNET_ACTION_ALLOW));
	need(s, VNET_CMD_SET_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_SET_NAME, "addresses"), U8(VNET_A_SET_TYPE, VNET_SET_ADDRESSES));
	need(s, VNET_CMD_SET_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_SET_NAME, "ports"), U8(VNET_A_SET_TYPE, VNET_SET_PORTS));
	need(s, VNET_CMD_SET_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_SET_NAME, "macs"), U8(VNET_A_SET_TYPE, VNET_SET_MACS));
	need(s, VNET_CMD_SET_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_SET_NAME, "pairs"), U8(VNET_A_SET_TYPE, VNET_SET_PAIRS));
	need(s, VNET_CMD_SET_ELEMENT_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_SET_NAME, "ports"),
	     BYTES(VNET_A_SET_ELEMENT | NLA_F_NESTED, &port, sizeof(port)));
	need(s, VNET_CMD_SET_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_SET_NAME, "members"), U8(VNET_A_SET_TYPE, VNET_SET_MEMBERS));
	need(s, VNET_CMD_SET_ELEMENT_ADD, STR(VNET_A_NETWORK, "red"),
	     STR(VNET_A_SET_NAME, "members"),
	     BYTES(VNET_A_SET_ELEMENT | NLA_F_NESTED, &member, sizeof(member)),
	     BYTES(VNET_A_SET_ELEMENT | NLA_F_NESTED, &member, NLA_HDRLEN + 4));
	must(snapshot(s, &before), "no snapshot");
}

/* Once, at the start: a namespace, devices, a socket and the world. */
static inline void world_create(void)
{
	own_namespace();
	for (int i = 0; i < 4; i++)
		must(!sh("ip link add d%d type dummy && ip link set d%d up", i, i),
		     "no dummy devices");
	nl_open(&nl);
	world_build();
}

static inline void world_reset(void)
{
	int err = request_bare(&nl, VNET_CMD_FLUSH);

	must(!err, "flush: %d %s", err, last.text);
	world_build();
}

/* Put the world back if a request changed it. */
static inline void world_restore(void)
{
	if (!snapshot(&nl, &after) || !snapshot_equal(&before, &after))
		world_reset();
}

/* ---- valid messages ---------------------------------------------------- */

struct sample {
	const char *what;
	bool astray;		/* the core does not tell where it stopped reading */
	uint16_t flags;		/* of the attribute's type */
	uint16_t len;
	uint8_t data[600];
};

static inline void put_number(struct sample *v, size_t width, uint64_t value)
{
	struct at a = { 0 };

	switch (width) {
	case 1: a.u8 = value; break;
	case 2: a.u16 = value; break;
	case 4: a.u32 = value; break;
	default: a.u64 = value; break;
	}
	v->len = width;
	memcpy(v->data, a.b, width);
}

static inline size_t width_of(enum kind kind)
{
	return kind == K_U8 ? 1 : kind == K_U16 ? 2 : kind == K_U32 ? 4 :
	       kind == K_U64 ? 8 : 0;
}

static inline void put_nest(struct sample *v, const struct msg *m)
{
	v->flags = NLA_F_NESTED;
	v->len = m->len;
	memcpy(v->data, m->buf, m->len);
}

static inline void put_macs(struct sample *v)
{
	struct msg m = { 0 };

	msg_put(&m, VNET_A_GUARD_ADDRESS, MAC_KNOWN, 6);
	msg_put(&m, VNET_A_GUARD_ADDRESS, MAC_FRESH, 6);
	put_nest(v, &m);
	msg_free(&m);
}

static inline void put_prefixes(struct sample *v, size_t ip, size_t len_size, uint8_t len)
{
	uint8_t bytes[4] = { len };
	struct msg m = { 0 };
	size_t nest = msg_nest(&m, VNET_A_GUARD_PREFIX);

	msg_put(&m, VNET_A_GUARD_IP, "\x0a\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", ip);
	if (len_size)
		msg_put(&m, VNET_A_GUARD_PREFIX_LEN, bytes, len_size);
	msg_nest_end(&m, nest);
	put_nest(v, &m);
	msg_free(&m);
}

static inline void put_port(struct sample *v, uint16_t port)
{
	struct port_element element = PORT_ELEMENT(port);

	v->flags = NLA_F_NESTED;
	v->len = sizeof(element);
	memcpy(v->data, &element, sizeof(element));
}

static inline void valid_value(const struct field *f, struct sample *v)
{
	memset(v, 0, sizeof(*v));
	switch (f->kind) {
	case K_FLAG:
		return;
	case K_NAME:
	case K_LABEL:
		v->len = strlen(f->text) + 1;
		memcpy(v->data, f->text, v->len);
		return;
	case K_MAC:
		v->len = 6;
		memcpy(v->data, f->text, 6);
		return;
	case K_IP:
		v->len = f->value;
		memcpy(v->data, f->text, f->value);
		return;
	case K_MACS:
		put_macs(v);
		return;
	case K_PREFIXES:
		put_prefixes(v, 4, 1, 16);
		return;
	case K_ELEMENTS:
		put_port(v, f->value);
		return;
	default:
		put_number(v, width_of(f->kind), f->how & DEVICE ?
			   if_nametoindex(f->text) : f->value);
	}
}

/* Where the attribute under test was put: its first byte and the one after. */
static size_t spot, spot_end;

static inline size_t put_sample(struct msg *m, const struct field *f,
			 const struct sample *v)
{
	return msg_put(m, f->type | v->flags, v->data, v->len);
}

/* A whole rule beside the one under test, so that it is in the middle. */
static inline void put_other_entry(struct msg *m, const char *name)
{
	const struct at list[] = {
		STR(VNET_A_RULE_NAME, name), U32(VNET_A_RULE_PRIORITY, 9),
		U8(VNET_A_RULE_DIRECTION, VNET_DIR_EGRESS),
		U8(VNET_A_RULE_ACTION, VNET_ACTION_DROP),
	};
	size_t nest = msg_nest(m, VNET_A_RULE_ENTRY);

	for (size_t i = 0; i < ARRAY_SIZE(list); i++)
		msg_put_at(m, &list[i]);
	msg_nest_end(m, nest);
}

enum { ALL_FIELDS, REQUIRED_ONLY };

/*
 * Build the message of a command with all its fields, but @odd has the value
 * @value instead (NULL: is left out); @extra goes behind the others.
 */
static inline void build(struct msg *m, const struct command *c, int which,
		  const struct field *odd, const struct sample *value,
		  const struct field *extra, const struct sample *extra_value)
{
	struct sample good;
	size_t nest = 0;

	spot = spot_end = 0;
	msg_begin(m, nl.family, c->cmd, c->dump ? NLM_F_DUMP : 0);
	for (const struct field *f = c->fields; f->label; f++) {
		if (c->nested && f == c->fields + 1) {
			put_other_entry(m, "before");
			nest = msg_nest(m, VNET_A_RULE_ENTRY);
		}
		if (which == REQUIRED_ONLY && !(f->how & REQUIRED))
			continue;
		if (f == odd && !value)
			continue;
		valid_value(f, &good);
		if (f != odd) {
			put_sample(m, f, &good);
			continue;
		}
		spot = put_sample(m, f, value);
		spot_end = m->len;
	}
	if (extra) {
		spot = put_sample(m, extra, extra_value);
		spot_end = m->len;
	}
	if (nest) {
		msg_nest_end(m, nest);
		put_other_entry(m, "behind");
	}
}

#endif /* VNET_SELFTEST_NL_TABLE_H */
