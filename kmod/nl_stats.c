// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counters as attributes. It must not know objects, only their counters.
 */
#include <net/netlink.h>
#include "nl_stats.h"

/* A counter as an attribute of a nest. */
struct number {
	u8 type;
	u64 value;
};

static int put_numbers(struct sk_buff *skb, const struct number *numbers,
		       unsigned int count, int pad)
{
	unsigned int i;

	for (i = 0; i < count; i++)
		if (nla_put_u64_64bit(skb, numbers[i].type, numbers[i].value, pad))
			return -EMSGSIZE;
	return 0;
}

/**
 * vnet_nl_put_drops - tell drops by reason
 * @skb: where
 * @type: attribute of the nest
 * @drops: by enum vnet_drop; only what is not 0 is told
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_drops(struct sk_buff *skb, int type, const u64 *drops)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	unsigned int reason;

	if (!nest)
		return -EMSGSIZE;
	for (reason = 1; reason <= VNET_DROP_MAX; reason++)
		if (drops[reason] &&
		    nla_put_u64_64bit(skb, reason, drops[reason], VNET_DROP_UNSPEC))
			return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vnet_nl_put_member_sum - tell the counters of a member or a network
 * @skb: where
 * @type: attribute of the nest
 * @sum: the counters
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_member_sum(struct sk_buff *skb, int type,
			   const struct vnet_member_sum *sum)
{
	const struct number numbers[] = {
		{ VNET_A_STATS_EGRESS_PACKETS, sum->egress_packets },
		{ VNET_A_STATS_EGRESS_BYTES, sum->egress_bytes },
		{ VNET_A_STATS_COPIES, sum->copies },
		{ VNET_A_STATS_FORWARDED, sum->forwarded },
		{ VNET_A_STATS_OFFERED, sum->offered },
		{ VNET_A_STATS_INGRESS_PACKETS, sum->ingress_packets },
		{ VNET_A_STATS_INGRESS_BYTES, sum->ingress_bytes },
		{ VNET_A_STATS_QUEUED_PACKETS, sum->queued },
		{ VNET_A_STATS_ANSWERS, sum->answers },
		{ VNET_A_STATS_CACHED, sum->cached },
	};
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest ||
	    put_numbers(skb, numbers, ARRAY_SIZE(numbers), VNET_A_STATS_PAD) ||
	    vnet_nl_put_drops(skb, VNET_A_STATS_DROPS, sum->drops))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vnet_nl_put_counter - tell a pair of counters
 * @skb: where
 * @type: attribute of the nest
 * @stats: the counters
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_counter(struct sk_buff *skb, int type,
			const struct vnet_counter_cpu __percpu *stats)
{
	struct nlattr *nest = nla_nest_start(skb, type);
	struct number numbers[2];
	struct vnet_counter sum;

	vnet_stats_read_counter(&sum, stats);
	numbers[0] = (struct number) { VNET_A_COUNTER_PACKETS, sum.packets };
	numbers[1] = (struct number) { VNET_A_COUNTER_BYTES, sum.bytes };
	if (!nest ||
	    put_numbers(skb, numbers, ARRAY_SIZE(numbers), VNET_A_COUNTER_PAD))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}

/**
 * vnet_nl_put_class_sum - tell the counters of one direction of a class
 * @skb: where
 * @type: attribute of the nest
 * @sum: the counters
 *
 * Return: 0 or -EMSGSIZE.
 */
int vnet_nl_put_class_sum(struct sk_buff *skb, int type,
			  const struct vnet_class_sum *sum)
{
	const struct number numbers[] = {
		{ VNET_A_CLASS_STATS_PACKETS, sum->packets },
		{ VNET_A_CLASS_STATS_BYTES, sum->bytes },
		{ VNET_A_CLASS_STATS_DELAYED, sum->delayed },
		{ VNET_A_CLASS_STATS_BORROWED, sum->borrowed },
		{ VNET_A_CLASS_STATS_DROPPED, sum->dropped },
		{ VNET_A_CLASS_STATS_QUEUED_PACKETS, sum->queued_packets },
		{ VNET_A_CLASS_STATS_QUEUED_BYTES, sum->queued_bytes },
		{ VNET_A_CLASS_STATS_MARKED, sum->marked },
		{ VNET_A_CLASS_STATS_LATE, sum->late },
		{ VNET_A_CLASS_STATS_MEASURED, sum->measured },
	};
	struct nlattr *nest = nla_nest_start(skb, type);

	if (!nest ||
	    put_numbers(skb, numbers, ARRAY_SIZE(numbers), VNET_A_CLASS_STATS_PAD) ||
	    (sum->lender && nla_put_string(skb, VNET_A_CLASS_STATS_LENDER,
					   vnet_class_name(sum->lender))))
		return -EMSGSIZE;
	nla_nest_end(skb, nest);
	return 0;
}
