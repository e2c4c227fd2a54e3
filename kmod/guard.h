/* SPDX-License-Identifier: GPL-2.0-only */
/* The address guard: may a member claim what its frame claims? Layer 3. */
#ifndef VNET_GUARD_H
#define VNET_GUARD_H

#include "pkt.h"

enum vnet_verdict vnet_guard_check(struct vnet_pkt *pkt,
				   const struct vnet_guard *guard);

#endif /* VNET_GUARD_H */
