/* SPDX-License-Identifier: GPL-2.0-only */
/* The pipeline: the stages of a frame's way, in order. Layer 3. */
#ifndef VNET_PIPELINE_H
#define VNET_PIPELINE_H

#include <linux/percpu.h>
#include "pkt.h"

struct vnet_recall;

/*
 * Frames that are on their way on this CPU, each of them because the one before it went;
 * raised by the hook.
 */
DECLARE_PER_CPU(unsigned int, vnet_pipeline_depth);

void vnet_pipeline_receive(struct vnet_port *port, struct sk_buff *skb,
			   const struct vnet_recall *recall);
void vnet_pipeline_release(struct sk_buff *skb, enum vnet_direction direction);
void vnet_pipeline_release_shared(struct sk_buff *skb, enum vnet_direction direction);
void vnet_pipeline_drop_held(struct sk_buff *skb, enum vnet_direction direction,
			     enum vnet_class_verdict why);
void vnet_pipeline_drop_shared(struct sk_buff *skb, enum vnet_direction direction,
			       enum vnet_class_verdict why);
void vnet_pipeline_lose(struct sk_buff *skb, enum vnet_drop reason);

#endif /* VNET_PIPELINE_H */
