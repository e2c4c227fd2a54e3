/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What rules tell about frames. Layer 3: it must not know who listens.
 */
#ifndef VNET_TELL_H
#define VNET_TELL_H

#include "pkt.h"

/* Whether a rule tells about the frames that it decides. */
static inline bool vnet_tells(const struct vnet_rule *rule)
{
	return rule->spec.log | rule->spec.sample;
}

void vnet_tell(const struct vnet_pkt *pkt, enum vnet_direction direction,
	       struct vnet_member *member, const struct vnet_rule *rule);

#endif /* VNET_TELL_H */
