// SPDX-License-Identifier: GPL-2.0-only
/*
 * Packet rates: whether a member and its network may send or get some more packets.
 * It must not know how frames travel.
 */
#include <linux/ktime.h>
#include "event.h"
#include "packet_rate.h"

static const enum vnet_limit member_limits[VNET_DIRS] = {
	VNET_LIMIT_MEMBER_PACKET_RATE_INGRESS, VNET_LIMIT_MEMBER_PACKET_RATE_EGRESS,
};

static const enum vnet_limit network_limits[VNET_DIRS] = {
	VNET_LIMIT_NETWORK_PACKET_RATE_INGRESS, VNET_LIMIT_NETWORK_PACKET_RATE_EGRESS,
};

/* @member is NULL when the limit is the network's. */
static bool take(struct vnet_network *network, struct vnet_member *member,
		 unsigned int dir, u32 packets, u64 now)
{
	struct vnet_pace *pace = member ? &member->packets[dir] : &network->packets[dir];
	bool tell, may;

	may = vnet_pace_take_many(pace, packets, now, &tell);
	if (unlikely(tell))
		READ_ONCE(vnet_listener)->limit(network, member, NULL,
						member ? member_limits[dir] :
							 network_limits[dir],
						READ_ONCE(pace->rate));
	return may;
}

/**
 * vnet_packet_rate_take - whether a frame is within the rates of member and network
 * @member: its sender (egress) or target (ingress)
 * @direction: which way it goes
 * @packets: how many it is: a large frame will be cut into several
 *
 * The member is asked first: what it may not do does not use up the network's.
 *
 * Context: packet path; frames of one member, and of one network, share a cache line
 * each where a rate is set.
 * Return: false if it is to be dropped.
 */
bool vnet_packet_rate_take(struct vnet_member *member, enum vnet_direction direction,
			   u32 packets)
{
	unsigned int dir = vnet_dir(direction);
	u64 now = ktime_get_ns();

	return take(member->network, member, dir, packets, now) &&
	       take(member->network, NULL, dir, packets, now);
}
