/* SPDX-License-Identifier: GPL-2.0-only */
/* Forwarding: who gets a frame. Layer 3. */
#ifndef VNET_FORWARD_H
#define VNET_FORWARD_H

#include "pkt.h"

bool vnet_forward_remember(const struct vnet_pkt *pkt, struct vnet_fdb_pair *addresses);
enum vnet_verdict vnet_forward_learn(struct vnet_pkt *pkt);
enum vnet_verdict vnet_forward(struct vnet_pkt *pkt,
			       void (*deliver)(struct vnet_pkt *pkt,
					       struct vnet_member *to));
enum vnet_verdict vnet_forward_transmit(struct vnet_pkt *pkt);
void vnet_forward_answer(struct vnet_pkt *pkt);

#endif /* VNET_FORWARD_H */
