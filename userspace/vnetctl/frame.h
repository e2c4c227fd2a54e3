/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * frame: what the headers of a frame say.
 */
#ifndef VNETCTL_FRAME_H
#define VNETCTL_FRAME_H

#include <stddef.h>
#include <stdint.h>
#include <vnet.h>

void frame_read(const uint8_t *data, size_t size, struct vnet_rule *rule);

#endif /* VNETCTL_FRAME_H */
