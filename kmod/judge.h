/* SPDX-License-Identifier: GPL-2.0-only */
/* Judging: what the rules of a network say of a frame. Layer 3. */
#ifndef VNET_JUDGE_H
#define VNET_JUDGE_H

#include "pkt.h"

void vnet_judge_begin(struct vnet_pkt *pkt);
enum vnet_verdict vnet_judge_egress(struct vnet_pkt *pkt);
enum vnet_verdict vnet_judge_ingress(struct vnet_pkt *pkt);
bool vnet_judge_knows(const struct vnet_pkt *pkt, u32 generation);
enum vnet_verdict vnet_judge_again(struct vnet_pkt *pkt);

void vnet_judge_same(struct vnet_pkt *pkt, enum vnet_direction direction,
		     const struct vnet_member *member, const struct vnet_rule *rule);

#endif /* VNET_JUDGE_H */
