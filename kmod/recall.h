/* SPDX-License-Identifier: GPL-2.0-only */
/* Recalling: what was decided about other frames like this one. Layer 3. */
#ifndef VNET_RECALL_H
#define VNET_RECALL_H

#include "cache.h"
#include "pkt.h"

const struct vnet_decision *vnet_recall(struct vnet_pkt *pkt, struct vnet_cache_query *query);
void vnet_recall_keep(const struct vnet_pkt *pkt, const struct vnet_decision *decision);

int vnet_recall_init(void);
void vnet_recall_exit(void);

#endif /* VNET_RECALL_H */
