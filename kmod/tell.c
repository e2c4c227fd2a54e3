// SPDX-License-Identifier: GPL-2.0-only
/*
 * What rules tell about frames: of which they do. It must not know who listens.
 */
#include <linux/kernel.h>
#include <linux/random.h>
#include "event.h"
#include "tell.h"

/*
 * At random, as what comes at regular intervals must not be told always, or never.
 * As good as each of the 2^32 numbers is the last of its share.
 */
static bool is_sampled(u32 one_in)
{
	return one_in == 1 || !reciprocal_scale(get_random_u32(), one_in);
}

/**
 * vnet_tell - a rule decided about a frame, or would have
 * @pkt: the frame, in switch form
 * @direction: which way it goes
 * @member: its sender (egress) or receiver (ingress)
 * @rule: a rule that tells, see vnet_tells()
 *
 * Context: packet path.
 */
void vnet_tell(const struct vnet_pkt *pkt, enum vnet_direction direction,
	       struct vnet_member *member, const struct vnet_rule *rule)
{
	struct vnet_told told = {
		.network = pkt->network,
		.member = member,
		.rule = rule,
		.skb = pkt->skb,
		.audit = rule->spec.audit ||
			 READ_ONCE(pkt->network->audit[vnet_dir(direction)]),
	};

	if (rule->spec.log || is_sampled(rule->spec.sample))
		READ_ONCE(vnet_listener)->log(&told);
}
