/* SPDX-License-Identifier: GPL-2.0-only */
/* Marking: writing into a frame's headers what a rule or a queue says. Layer 3. */
#ifndef VNET_MARK_H
#define VNET_MARK_H

#include "pkt.h"

bool vnet_mark_congestion(struct sk_buff *skb);
enum vnet_verdict vnet_mark_dscp(struct vnet_pkt *pkt, u8 dscp);
u8 vnet_mark_first_dscp(const struct vnet_pkt *pkt);

#endif /* VNET_MARK_H */
