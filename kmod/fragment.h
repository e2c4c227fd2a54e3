/* SPDX-License-Identifier: GPL-2.0-only */
/* Fragment: frames with parts of IP packets, whose state only the whole packet tells. Layer 3. */
#ifndef VNET_FRAGMENT_H
#define VNET_FRAGMENT_H

#include "pkt.h"
#include "zone.h"

enum vnet_verdict vnet_fragment_collect(struct vnet_pkt *pkt, const struct vnet_zone *zone,
					void (*go_on)(struct sk_buff *skb),
					void (*give_up)(struct sk_buff *skb,
							enum vnet_drop reason));

#endif /* VNET_FRAGMENT_H */
