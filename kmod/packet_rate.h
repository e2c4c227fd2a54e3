/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Packet rates: how many packets a second a member, and all members of a network
 * together, may send and get. Layer 2: it must not know how frames travel.
 */
#ifndef VNET_PACKET_RATE_H
#define VNET_PACKET_RATE_H

#include "member.h"
#include "network.h"

/**
 * vnet_packet_rate_limits - whether packets of a member have to be counted
 * @member: the member
 *
 * Context: packet path. Reads what is not written but by configuration.
 */
static inline bool vnet_packet_rate_limits(const struct vnet_member *member)
{
	return READ_ONCE(member->paced) | READ_ONCE(member->network->paced);
}

bool vnet_packet_rate_take(struct vnet_member *member, enum vnet_direction direction,
			   u32 packets);

#endif /* VNET_PACKET_RATE_H */
