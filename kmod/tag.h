/* SPDX-License-Identifier: GPL-2.0-only */
/* Tags: from a frame's VLAN tags to its member, and back. Layer 3. */
#ifndef VNET_TAG_H
#define VNET_TAG_H

#include "pkt.h"

enum vnet_verdict vnet_tag_resolve(struct vnet_pkt *pkt);
enum vnet_verdict vnet_tag_push(struct vnet_pkt *pkt);

#endif /* VNET_TAG_H */
