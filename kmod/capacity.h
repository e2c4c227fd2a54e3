/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The capacity of a port: where it comes from, what networks are promised of it, and
 * whether the promises can be kept. It must not know how frames travel or how it is
 * configured. Layer 2.
 */
#ifndef VNET_CAPACITY_H
#define VNET_CAPACITY_H

#include <linux/netlink.h>
#include <linux/skbuff.h>
#include <linux/vnet.h>
#include "class.h"
#include "key.h"

struct vnet_member;
struct vnet_network;
struct vnet_port;
struct vnet_uplink;

/* Which fields of a struct vnet_capacity_spec are given. */
#define VNET_CAPACITY_HAS_RATE		0x01
#define VNET_CAPACITY_HAS_LINK		0x02
#define VNET_CAPACITY_HAS_OVERCOMMIT	0x04

/**
 * struct vnet_capacity_spec - a capacity as the operator gives it
 * @has: VNET_CAPACITY_HAS_*
 * @rate: bit/s in each direction, 0 = none
 * @link: it is the speed of the link; @rate is 0 then
 * @overcommit: percent of it that may be promised
 */
struct vnet_capacity_spec {
	u32 has;
	u64 rate;
	bool link;
	u32 overcommit;
};

/**
 * struct vnet_capacity - of a port; config mutex
 * @spec: as the operator gave it
 * @uplink: its shares; NULL: it never had a capacity
 */
struct vnet_capacity {
	struct vnet_capacity_spec spec;
	struct vnet_uplink *uplink;
};

/* Of a port: config mutex held; set and follow need RTNL too. */
void vnet_capacity_init(struct vnet_capacity *capacity);
int vnet_capacity_set(struct vnet_port *port, const struct vnet_capacity_spec *spec,
		      bool *unchanged, struct netlink_ext_ack *extack);
void vnet_capacity_follow_link(struct vnet_port *port);
u64 vnet_capacity_now(const struct vnet_port *port);
u64 vnet_capacity_guaranteed(const struct vnet_port *port);
enum vnet_in_force vnet_capacity_in_force(const struct vnet_port *port);
void vnet_capacity_stop(struct vnet_capacity *capacity);
void vnet_capacity_free(struct vnet_capacity *capacity);

/* Of a member: config mutex held. */
int vnet_capacity_join(struct vnet_member *member, struct netlink_ext_ack *extack);
void vnet_capacity_leave(struct vnet_member *member);

/* Of a network: config mutex held. */
int vnet_capacity_check(struct vnet_network *network, u64 guarantee,
			struct netlink_ext_ack *extack);
void vnet_capacity_follow_network(struct vnet_network *network);
void vnet_capacity_purge(struct vnet_network *network, const struct vnet_member *member);
enum vnet_in_force vnet_capacity_network_in_force(struct vnet_network *network);

/* Set once at load, before any port exists: where frames go that a share held. */
void vnet_capacity_set_path(void (*release)(struct sk_buff *skb,
					    enum vnet_direction direction),
			    void (*drop)(struct sk_buff *skb,
					 enum vnet_direction direction,
					 enum vnet_class_verdict why),
			    bool (*mark)(struct sk_buff *skb));

#endif /* VNET_CAPACITY_H */
