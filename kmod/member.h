/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The member: one (port, tag) pair in one network. It must not know how frames
 * travel or how it is configured. Layer 2.
 */
#ifndef VNET_MEMBER_H
#define VNET_MEMBER_H

#include <linux/etherdevice.h>
#include <linux/if_vlan.h>
#include <linux/netlink.h>
#include "class.h"
#include "datagram.h"
#include "fdb.h"
#include "key.h"
#include "pace.h"
#include "quota.h"
#include "stats.h"

struct vnet_netns;
struct vnet_network;
struct vnet_port;
struct vnet_share;

/*
 * A tag as one number: 0 = untagged, else the 802.1ad bit, the (outer) vid and
 * the inner vid.
 */
#define VNET_TAG_NONE	0
#define VNET_TAG_AD	BIT(24)

static inline u32 vnet_tag(u16 proto, u16 vid, u16 cvid)
{
	return (proto == ETH_P_8021AD ? VNET_TAG_AD : 0) | (u32)vid << 12 | cvid;
}

static inline u16 vnet_tag_proto(u32 tag)
{
	return tag & VNET_TAG_AD ? ETH_P_8021AD : ETH_P_8021Q;
}

static inline u16 vnet_tag_vid(u32 tag)
{
	return tag >> 12 & VLAN_VID_MASK;
}

static inline u16 vnet_tag_cvid(u32 tag)
{
	return tag & VLAN_VID_MASK;
}

/* Switches of a member. */
#define VNET_MEMBER_LEARNING		0x01
#define VNET_MEMBER_FLOOD_UNICAST	0x02
#define VNET_MEMBER_FLOOD_MULTICAST	0x04
#define VNET_MEMBER_FLOOD_BROADCAST	0x08
#define VNET_MEMBER_ISOLATED		0x10
#define VNET_MEMBER_HAIRPIN		0x20
#define VNET_MEMBER_FLAGS_DEFAULT	(VNET_MEMBER_LEARNING |		\
					 VNET_MEMBER_FLOOD_UNICAST |	\
					 VNET_MEMBER_FLOOD_MULTICAST |	\
					 VNET_MEMBER_FLOOD_BROADCAST)

/** struct vnet_prefix - addresses that share their first @len bits */
struct vnet_prefix {
	union vnet_addr addr;
	u8 version;
	u8 len;
};

/**
 * struct vnet_guard - what a member may claim to be; immutable once published
 * @rcu: readers may still hold it
 * @dhcp: may not act as a DHCP server
 * @ra: may not act as a router
 * @macs: number of allowed source MACs, 0 = any
 * @prefixes: number of allowed source prefixes
 * @has_v4: an IPv4 prefix is among them, so IPv4 sources are checked
 * @has_v6: likewise IPv6
 * @prefix: the prefixes
 * @mac: the MACs, behind the prefixes in the same allocation
 */
struct vnet_guard {
	struct rcu_head rcu;
	bool dhcp;
	bool ra;
	bool has_v4;
	bool has_v6;
	u16 macs;
	u16 prefixes;
	u8 (*mac)[ETH_ALEN];
	struct vnet_prefix prefix[];
};

/* Which fields of a struct vnet_member_spec are given. */
#define VNET_MEMBER_HAS_MAX_MACS	0x0001
#define VNET_MEMBER_HAS_FLOOD_RATE	0x0002
#define VNET_MEMBER_HAS_CLASS_INGRESS	0x0004
#define VNET_MEMBER_HAS_CLASS_EGRESS	0x0008
#define VNET_MEMBER_HAS_GUARD_MACS	0x0010
#define VNET_MEMBER_HAS_GUARD_IPS	0x0020
#define VNET_MEMBER_HAS_GUARD_DHCP	0x0040
#define VNET_MEMBER_HAS_GUARD_RA	0x0080
#define VNET_MEMBER_HAS_MAX_CONNECTIONS	0x0100
#define VNET_MEMBER_HAS_CONNECTION_RATE	0x0200
#define VNET_MEMBER_HAS_PACKET_RATE_INGRESS 0x0400
#define VNET_MEMBER_HAS_PACKET_RATE_EGRESS 0x0800

/**
 * struct vnet_member_spec - a member as the operator gives it
 * @has: VNET_MEMBER_HAS_*
 * @flags_given: which of the VNET_MEMBER_* switches are given
 * @flags: their values
 * @max_macs: most addresses
 * @flood_rate: frames/s, 0 = any
 * @max_connections: most connections that it may have begun
 * @connection_rate: new ones per second, 0 = any
 * @packet_rate: packets/s by vnet_dir(), 0 = any
 * @class: names of the classes by vnet_dir(), "" = the root
 * @macs: number of elements of @mac
 * @mac: allowed sources; the caller's
 * @prefixes: number of elements of @prefix
 * @prefix: allowed sources; the caller's
 * @guard_dhcp: no DHCP server
 * @guard_ra: no router
 */
struct vnet_member_spec {
	u32 has;
	u32 flags_given;
	u32 flags;
	u32 max_macs;
	u32 flood_rate;
	u32 max_connections;
	u32 connection_rate;
	u32 packet_rate[VNET_DIRS];
	char class[VNET_DIRS][VNET_NAME_MAX + 1];
	u16 macs;
	const u8 (*mac)[ETH_ALEN];
	u16 prefixes;
	const struct vnet_prefix *prefix;
	bool guard_dhcp;
	bool guard_ra;
};

/**
 * struct vnet_member - a member
 * @port: its port; never changes
 * @network: its network; never changes, a reference is held
 * @tag: its tag, see vnet_tag(); never changes
 * @id: in vnet_netns.members
 * @flags: VNET_MEMBER_* switches; written under the config mutex
 * @closed: it is going: no frame may be held for it any more
 * @paced: one of @packets is set; written under the config mutex
 * @guard: RCU, NULL = no check
 * @class: RCU, classes by vnet_dir(); never NULL
 * @share: RCU, its network's share of its port; NULL: the port has no uplink
 * @stats: counters
 * @fdb: its addresses
 * @flood: frames that it may have flooded
 * @connections: how many it may have begun
 * @packets: how many it may get and send, by vnet_dir()
 * @datagrams: fragments that wait for others
 * @node: in network->members
 * @rcu: the packet path may still hold it
 */
struct vnet_member {
	struct vnet_port *port;
	struct vnet_network *network;
	u32 tag;
	u32 id;
	u32 flags;
	bool closed;
	bool paced;
	struct vnet_guard __rcu *guard;
	struct vnet_class __rcu *class[VNET_DIRS];
	struct vnet_share __rcu *share;
	struct vnet_member_cpu __percpu *stats;
	struct vnet_fdb_owner fdb;
	struct vnet_pace flood;
	struct vnet_quota connections;
	struct vnet_pace packets[VNET_DIRS];
	struct vnet_datagrams datagrams;
	struct list_head node;
	struct rcu_head rcu;
};

static inline struct vnet_member *vnet_member_of(struct vnet_fdb_owner *owner)
{
	return container_of(owner, struct vnet_member, fdb);
}

/*
 * Configuration: config mutex held, may sleep, sentences go to extack.
 * create: -EEXIST (the tag is bound: other network or other values), -ENOSPC,
 * -ENOENT (class), -ENOMEM; identical: the member with *unchanged. The frames
 * flow as soon as it returns.
 */
struct vnet_member *vnet_member_create(struct vnet_network *network,
				       struct vnet_port *port, u32 tag,
				       const struct vnet_member_spec *spec,
				       bool *unchanged,
				       struct netlink_ext_ack *extack);
int vnet_member_set(struct vnet_member *member,
		    const struct vnet_member_spec *spec, bool *unchanged,
		    struct netlink_ext_ack *extack);
void vnet_member_destroy(struct vnet_member *member);
struct vnet_member *vnet_member_find(struct vnet_port *port, u32 tag);
struct vnet_member *vnet_member_next(struct vnet_netns *vn, u32 after_id);

bool vnet_member_may_flood(struct vnet_member *member);

#endif /* VNET_MEMBER_H */
