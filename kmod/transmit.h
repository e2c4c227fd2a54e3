/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Transmitting: what all frames need that are given to an interface, too short for a
 * call. Layer 3.
 */
#ifndef VNET_TRANSMIT_H
#define VNET_TRANSMIT_H

#include <linux/if_vlan.h>
#include <linux/netdevice.h>
#include "pkt.h"

/**
 * vnet_transmit_is_up - whether an interface takes frames
 * @dev: the interface of a port
 *
 * Return: true if it is up and has a carrier.
 */
static inline bool vnet_transmit_is_up(const struct net_device *dev)
{
	unsigned long wanted = BIT(__LINK_STATE_START);

	return (READ_ONCE(dev->state) & (wanted | BIT(__LINK_STATE_NOCARRIER))) == wanted;
}

/**
 * vnet_transmit_max - how long a frame for an interface may be
 * @dev: the interface of a port
 *
 * Return: bytes in switch form, as is_skb_forwardable() counts.
 */
static inline unsigned int vnet_transmit_max(const struct net_device *dev)
{
	return READ_ONCE(dev->mtu) + ETH_HLEN + VLAN_HLEN;
}

/**
 * vnet_transmit_scrub - let nothing of one tenant's metadata reach another's stack
 * @skb: a frame
 */
static inline void vnet_transmit_scrub(struct sk_buff *skb)
{
	skb_scrub_packet(skb, true);
	skb->priority = 0;
	memset(skb->cb, 0, sizeof(skb->cb));
}

/**
 * vnet_transmit_count - count a frame that an interface took
 * @to: the member that got it
 * @bytes: length of the frame in switch form
 */
static inline void vnet_transmit_count(const struct vnet_member *to, unsigned int bytes)
{
	struct vnet_member_cpu *cpu = this_cpu_ptr(to->stats);

	u64_stats_update_begin(&cpu->syncp);
	u64_stats_inc(&cpu->ingress_packets);
	u64_stats_add(&cpu->ingress_bytes, bytes);
	u64_stats_update_end(&cpu->syncp);
}

#endif /* VNET_TRANSMIT_H */
