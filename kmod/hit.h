/* SPDX-License-Identifier: GPL-2.0-only */
/* The hit path: the whole way of a frame about which all is known. Layer 3. */
#ifndef VNET_HIT_H
#define VNET_HIT_H

#include "recall.h"

bool vnet_hit(struct vnet_recall *recall, struct vnet_port *port, struct sk_buff *skb);

#endif /* VNET_HIT_H */
