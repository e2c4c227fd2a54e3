/* SPDX-License-Identifier: GPL-2.0-only */
/* Recheck: connections that began under older rules. Layer 3. */
#ifndef VNET_RECHECK_H
#define VNET_RECHECK_H

#include "pkt.h"
#include "zone.h"

enum vnet_verdict vnet_recheck(struct vnet_pkt *pkt, const struct vnet_zone *zone);

#endif /* VNET_RECHECK_H */
