/* SPDX-License-Identifier: GPL-2.0-only */
/* State: what the connection of a frame is to a firewall. Layer 3. */
#ifndef VNET_STATE_H
#define VNET_STATE_H

#include "pkt.h"
#include "zone.h"

bool vnet_state_prepare(struct vnet_pkt *pkt);
void vnet_state_complete(struct vnet_key *key, const struct sk_buff *skb);
enum vnet_verdict vnet_state_ask(struct vnet_pkt *pkt, const struct vnet_zone *zone);
enum vnet_verdict vnet_state_find(struct vnet_pkt *pkt, const struct vnet_zone *zone);
/**
 * vnet_state_note - put a state into a packet's key
 * @pkt: the packet
 * @state: one of enum vnet_state, or 0 = it has none
 */
static inline void vnet_state_note(struct vnet_pkt *pkt, u8 state)
{
	pkt->key.state = state;
	if (state)
		pkt->key.flags |= VNET_KEY_STATE;
}

/**
 * struct vnet_began - how a connection began
 * @reply: the frame that asks goes the other way
 * @related: another connection was expected to cause it
 * @icmp_type: type of the first message, of ICMP
 * @icmp_code: its code
 */
struct vnet_began {
	bool reply;
	bool related;
	u8 icmp_type;
	u8 icmp_code;
};

bool vnet_state_is_judged(const struct vnet_pkt *pkt, const struct vnet_zone *zone);
void vnet_state_judged(struct vnet_pkt *pkt, u8 round);
void vnet_state_began(const struct vnet_pkt *pkt, struct vnet_began *began);
void vnet_state_end(struct vnet_pkt *pkt);
void vnet_state_help(struct vnet_pkt *pkt, const char *name);
enum vnet_verdict vnet_state_confirm(struct vnet_pkt *pkt, const struct vnet_zone *zone);

#endif /* VNET_STATE_H */
