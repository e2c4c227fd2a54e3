/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Measuring: once a second, what went through the classes of a namespace. Layer 2:
 * it must not know who looks at it.
 */
#ifndef VNET_MEASURE_H
#define VNET_MEASURE_H

#include "netns.h"

void vnet_measure_start(struct vnet_netns *vn);
void vnet_measure_arm(struct vnet_netns *vn);
void vnet_measure_stop(struct vnet_netns *vn);

#endif /* VNET_MEASURE_H */
