/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Counters as attributes. It must not know objects, only their counters.
 */
#ifndef VNET_NL_STATS_H
#define VNET_NL_STATS_H

#include <linux/skbuff.h>
#include "class.h"
#include "stats.h"

/* Each puts one nest. They return 0 or -EMSGSIZE. */
int vnet_nl_put_member_sum(struct sk_buff *skb, int type,
			   const struct vnet_member_sum *sum);
int vnet_nl_put_drops(struct sk_buff *skb, int type, const u64 *drops);
int vnet_nl_put_counter(struct sk_buff *skb, int type,
			const struct vnet_counter_cpu __percpu *stats);
int vnet_nl_put_class_sum(struct sk_buff *skb, int type,
			  const struct vnet_class_sum *sum);

#endif /* VNET_NL_STATS_H */
