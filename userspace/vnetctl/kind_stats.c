// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_stats: the values that are counters. They are only shown.
 */
#include <stdio.h>

#include "kind.h"
#include "tables.h"

/* One counter of a struct: its names and its place. */
struct counter {
	struct out_field out;
	size_t offset;
};

#define COUNTER(_struct, _member, _label)				\
	{ { #_member, (_label), OUT_HIDDEN }, offsetof(struct _struct, _member) }

static void show_counters(struct out *o, const struct counter *counters,
			  size_t count, const void *stats)
{
	size_t i;

	for (i = 0; i < count; i++)
		out_number(o, &counters[i].out,
			   *(const uint64_t *)((const char *)stats +
					       counters[i].offset), NULL);
}

static const struct counter pair_counters[] = {
	COUNTER(vnet_counter, packets, "packets"),
	COUNTER(vnet_counter, bytes, "bytes"),
};

static void counter_show(struct out *o, const struct slot *slot)
{
	const struct key *key = slot->key;

	out_nest_begin(o, key->out.key, key->out.label);
	show_counters(o, pair_counters, COUNT_OF(pair_counters),
		      slot_value(slot, key->attr));
	out_nest_end(o);
}

const struct kind kind_counter = { .show = counter_show };

/* The same without a nest: the hits of a rule are columns of their own. */
static void hits_show(struct out *o, const struct slot *slot)
{
	static const struct out_field packets = { "packets", "packets", OUT_COLUMN };
	static const struct out_field bytes = { "bytes", "bytes", OUT_COLUMN };
	const struct vnet_counter *hits = slot_value(slot, slot->key->attr);

	out_number(o, &packets, hits->packets, NULL);
	out_number(o, &bytes, hits->bytes, NULL);
}

const struct kind kind_hits = { .show = hits_show };

static void show_drops(struct out *o, const char *key, const char *label,
		       const struct vnet_drops *drops)
{
	struct out_field field = { .place = OUT_HIDDEN };
	char number[24];
	unsigned int i;

	out_nest_begin(o, key, label);
	for (i = 1; i < VNET_DROP_SLOTS; i++) {
		if (!drops->frames[i])
			continue;
		snprintf(number, sizeof(number), "reason_%u", i);
		field.key = vnet_name(VNET_NAMES_DROP, i);
		if (!field.key)
			field.key = number;
		field.label = field.key;
		out_number(o, &field, drops->frames[i], NULL);
	}
	out_nest_end(o);
}

static bool any_drops(const struct vnet_drops *drops)
{
	unsigned int i;

	for (i = 1; i < VNET_DROP_SLOTS; i++)
		if (drops->frames[i])
			return true;
	return false;
}

static void drops_show(struct out *o, const struct slot *slot)
{
	const struct vnet_drops *drops = slot_value(slot, slot->key->attr);

	if (out_is_json(o) || any_drops(drops))
		show_drops(o, slot->key->out.key, slot->key->out.label, drops);
}

const struct kind kind_drops = { .show = drops_show };

static const struct counter stats_counters[] = {
	COUNTER(vnet_stats, egress_packets, "egress packets"),
	COUNTER(vnet_stats, egress_bytes, "bytes"),
	COUNTER(vnet_stats, ingress_packets, "ingress packets"),
	COUNTER(vnet_stats, ingress_bytes, "bytes"),
	COUNTER(vnet_stats, copies, "copies"),
	COUNTER(vnet_stats, forwarded, "forwarded"),
	COUNTER(vnet_stats, offered, "offered"),
	COUNTER(vnet_stats, queued_packets, "queued"),
	COUNTER(vnet_stats, answers, "answers"),
	COUNTER(vnet_stats, cached, "cached"),
};

static void stats_show(struct out *o, const struct slot *slot)
{
	const struct key *key = slot->key;
	const struct vnet_stats *stats = slot_value(slot, key->attr);

	out_nest_begin(o, key->out.key, key->out.label);
	show_counters(o, stats_counters, COUNT_OF(stats_counters), stats);
	if (out_is_json(o) || any_drops(&stats->drops))
		show_drops(o, "drops", "drops", &stats->drops);
	out_nest_end(o);
}

const struct kind kind_stats = { .show = stats_show };

static const struct counter class_counters[] = {
	COUNTER(vnet_class_stats, packets, "packets"),
	COUNTER(vnet_class_stats, bytes, "bytes"),
	COUNTER(vnet_class_stats, delayed, "delayed"),
	COUNTER(vnet_class_stats, borrowed, "borrowed"),
	COUNTER(vnet_class_stats, dropped, "dropped"),
	COUNTER(vnet_class_stats, late, "late"),
	COUNTER(vnet_class_stats, marked, "marked"),
	COUNTER(vnet_class_stats, queued_packets, "queued packets"),
	COUNTER(vnet_class_stats, queued_bytes, "bytes"),
	COUNTER(vnet_class_stats, measured_bps, "bit/s"),
};

static void class_stats_show(struct out *o, const struct slot *slot)
{
	static const struct out_field lender = { "lender", "lender", OUT_HIDDEN };
	const struct key *key = slot->key;
	const struct vnet_class_stats *stats = slot_value(slot, key->attr);

	out_nest_begin(o, key->out.key, key->out.label);
	show_counters(o, class_counters, COUNT_OF(class_counters), stats);
	if (stats->lender[0])
		out_string(o, &lender, stats->lender, NULL);
	out_nest_end(o);
}

const struct kind kind_class_stats = { .show = class_stats_show };
