// SPDX-License-Identifier: GPL-2.0-only
/*
 * stats: the nests of counters in answers. It knows nothing of the objects that
 * they belong to.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* Where the counter of an attribute is kept. */
struct slot {
	uint16_t attr;
	uint16_t offset;
};

#define SLOT(_attr, _struct, _member)	{ (_attr), offsetof(struct _struct, _member) }

static int get_u64(struct nlattr *attr, void *value)
{
	if (nla_len(attr) != sizeof(uint64_t))
		return -EBADMSG;
	memcpy(value, nla_data(attr), sizeof(uint64_t));
	return 0;
}

static int get_name(struct nlattr *attr, char *name, size_t size)
{
	size_t len = strnlen(nla_data(attr), nla_len(attr));

	if (len >= size)
		return -EBADMSG;
	memcpy(name, nla_data(attr), len);
	name[len] = '\0';
	return 0;
}

static int get_slots(struct nlattr *nest, const struct slot *slots,
		     size_t count, void *object)
{
	struct nlattr *attr;
	size_t i;
	int rest, err;

	nla_for_each_nested(attr, nest, rest) {
		for (i = 0; i < count; i++) {
			if (slots[i].attr != nla_type(attr))
				continue;
			err = get_u64(attr, (char *)object + slots[i].offset);
			if (err)
				return err;
		}
	}
	return 0;
}

int vnet_counter_get(struct nlattr *nest, struct vnet_counter *counter)
{
	static const struct slot slots[] = {
		SLOT(VNET_A_COUNTER_PACKETS, vnet_counter, packets),
		SLOT(VNET_A_COUNTER_BYTES, vnet_counter, bytes),
	};

	return get_slots(nest, slots, VNET_COUNT(slots), counter);
}

int vnet_drops_get(struct nlattr *nest, struct vnet_drops *drops)
{
	struct nlattr *attr;
	int rest, err;

	nla_for_each_nested(attr, nest, rest) {
		unsigned int reason = nla_type(attr);

		if (reason == VNET_DROP_UNSPEC || reason >= VNET_DROP_SLOTS)
			continue;
		err = get_u64(attr, &drops->frames[reason]);
		if (err)
			return err;
	}
	return 0;
}

int vnet_stats_get(struct nlattr *nest, struct vnet_stats *stats)
{
	static const struct slot slots[] = {
		SLOT(VNET_A_STATS_EGRESS_PACKETS, vnet_stats, egress_packets),
		SLOT(VNET_A_STATS_EGRESS_BYTES, vnet_stats, egress_bytes),
		SLOT(VNET_A_STATS_COPIES, vnet_stats, copies),
		SLOT(VNET_A_STATS_FORWARDED, vnet_stats, forwarded),
		SLOT(VNET_A_STATS_OFFERED, vnet_stats, offered),
		SLOT(VNET_A_STATS_INGRESS_PACKETS, vnet_stats, ingress_packets),
		SLOT(VNET_A_STATS_INGRESS_BYTES, vnet_stats, ingress_bytes),
		SLOT(VNET_A_STATS_QUEUED_PACKETS, vnet_stats, queued_packets),
		SLOT(VNET_A_STATS_ANSWERS, vnet_stats, answers),
		SLOT(VNET_A_STATS_CACHED, vnet_stats, cached),
	};
	struct nlattr *drops;
	int err;

	err = get_slots(nest, slots, VNET_COUNT(slots), stats);
	if (err)
		return err;
	drops = nla_find(nla_data(nest), nla_len(nest), VNET_A_STATS_DROPS);
	return drops ? vnet_drops_get(drops, &stats->drops) : 0;
}

int vnet_class_stats_get(struct nlattr *nest, struct vnet_class_stats *stats)
{
	static const struct slot slots[] = {
		SLOT(VNET_A_CLASS_STATS_PACKETS, vnet_class_stats, packets),
		SLOT(VNET_A_CLASS_STATS_BYTES, vnet_class_stats, bytes),
		SLOT(VNET_A_CLASS_STATS_DELAYED, vnet_class_stats, delayed),
		SLOT(VNET_A_CLASS_STATS_BORROWED, vnet_class_stats, borrowed),
		SLOT(VNET_A_CLASS_STATS_DROPPED, vnet_class_stats, dropped),
		SLOT(VNET_A_CLASS_STATS_QUEUED_PACKETS, vnet_class_stats,
		     queued_packets),
		SLOT(VNET_A_CLASS_STATS_QUEUED_BYTES, vnet_class_stats,
		     queued_bytes),
		SLOT(VNET_A_CLASS_STATS_MARKED, vnet_class_stats, marked),
		SLOT(VNET_A_CLASS_STATS_LATE, vnet_class_stats, late),
		SLOT(VNET_A_CLASS_STATS_MEASURED, vnet_class_stats, measured_bps),
	};
	struct nlattr *lender;
	int err;

	err = get_slots(nest, slots, VNET_COUNT(slots), stats);
	if (err)
		return err;
	lender = nla_find(nla_data(nest), nla_len(nest), VNET_A_CLASS_STATS_LENDER);
	return lender ? get_name(lender, stats->lender, sizeof(stats->lender)) : 0;
}
