/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What rules tell about frames, as messages. It must not know which frames are told.
 */
#ifndef VNET_NL_LOG_H
#define VNET_NL_LOG_H

#include "event.h"

void vnet_nl_log(const struct vnet_told *told);

#endif /* VNET_NL_LOG_H */
