/* SPDX-License-Identifier: GPL-2.0-only */
/* Rejection: the answer to who sent a frame that is not let through. Layer 3. */
#ifndef VNET_REJECT_H
#define VNET_REJECT_H

#include "pkt.h"

void vnet_reject(struct vnet_pkt *pkt);

#endif /* VNET_REJECT_H */
