/* SPDX-License-Identifier: GPL-2.0-only */
/* The end of a frame that is not delivered: counted once, then freed. Layer 3. */
#ifndef VNET_DROP_H
#define VNET_DROP_H

#include "pkt.h"

void vnet_drop(struct vnet_pkt *pkt, enum vnet_drop reason);

#endif /* VNET_DROP_H */
