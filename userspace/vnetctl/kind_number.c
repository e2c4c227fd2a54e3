// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_number: the values that are numbers, with and without units. It knows no
 * object.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "kind.h"
#include "parse.h"
#include "tables.h"

static const char *const words_off[] = { "off", NULL };
static const char *const words_on_off[] = { "on", "off", NULL };
static const char *const words_never[] = { "never", NULL };
static const char *const words_none[] = { "none", NULL };

static const char *count_parse(const char *word, const struct slot *slot)
{
	uint64_t value;
	const char *why = parse_number(word, &value);

	return why ? why : slot_set_number(slot, value);
}

/* A number that a limit belongs to is shown as used/limit. */
static void count_show(struct out *o, const struct slot *slot)
{
	const struct key *key = slot->key;
	uint64_t value = slot_number(slot, key->attr);
	struct text text;

	if (!out_is_json(o) && slot_is_normal(slot, value))
		return;
	if (key->of && slot_has(slot, key->of))
		snprintf(text.s, sizeof(text.s), "%" PRIu64 "/%" PRIu64,
			 value, slot_number(slot, key->of));
	else
		snprintf(text.s, sizeof(text.s), "%" PRIu64, value);
	out_number(o, &key->out, value, text.s);
}

const struct kind kind_count = {
	.metavar = "N", .what = "a number",
	.parse = count_parse, .show = count_show,
};

const struct kind kind_class_prio = {
	.metavar = "0..7", .what = "a number from 0 (served first) to 7",
	.parse = count_parse, .show = count_show,
};

static void vni_show(struct out *o, const struct slot *slot)
{
	if (slot_number(slot, slot->key->attr))
		count_show(o, slot);
	else
		out_empty(o, &slot->key->out);
}

const struct kind kind_vni = {
	.metavar = "N", .what = "a number up to 16777215, 0 for none",
	.parse = count_parse, .show = vni_show,
};

/* Reads a number with a unit, or the word that stands for 0. */
static const char *unit_parse(const char *word, const struct slot *slot,
			      const char *zero,
			      const char *(*parse)(const char *, uint64_t *))
{
	uint64_t value = 0;
	const char *why = NULL;

	if (!zero || strcmp(word, zero))
		why = parse(word, &value);
	return why ? why : slot_set_number(slot, value);
}

static void unit_show(struct out *o, const struct slot *slot, const char *zero,
		      const struct unit *units)
{
	const struct key *key = slot->key;
	uint64_t value = slot_number(slot, key->attr);
	struct text text;

	if (!out_is_json(o) && slot_is_normal(slot, value))
		return;
	out_number(o, &key->out, value, zero && !value ? zero :
		   format_scaled(&text, units, value));
}

static const char *time_parse(const char *word, const struct slot *slot)
{
	return unit_parse(word, slot, "never", parse_time);
}

static void time_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, "never", time_units);
}

const struct kind kind_time = {
	.metavar = "TIME", .what = "a time such as 300s or 500ms",
	.words = words_never, .parse = time_parse, .show = time_show,
};

static const char *delay_parse(const char *word, const struct slot *slot)
{
	return unit_parse(word, slot, "none", parse_time);
}

static void delay_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, "none", time_units);
}

const struct kind kind_delay = {
	.metavar = "TIME", .what = "a time such as 5ms or 1s",
	.words = words_none, .parse = delay_parse, .show = delay_show,
};

static void age_show(struct out *o, const struct slot *slot)
{
	uint64_t ms = slot_number(slot, slot->key->attr);
	struct text text;

	snprintf(text.s, sizeof(text.s), "%" PRIu64 ".%" PRIu64 "s",
		 ms / 1000, ms % 1000 / 100);
	out_number(o, &slot->key->out, ms, text.s);
}

const struct kind kind_age = { .show = age_show };

static const char *size_parse(const char *word, const struct slot *slot)
{
	return unit_parse(word, slot, NULL, parse_size);
}

static void size_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, NULL, size_units);
}

const struct kind kind_size = {
	.metavar = "SIZE", .what = "a size such as 64kb or 16mb (1kb = 1024b)",
	.parse = size_parse, .show = size_show,
};

static const char *rate_parse(const char *word, const struct slot *slot)
{
	return unit_parse(word, slot, "unlimited", parse_rate);
}

static void rate_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, "unlimited", rate_units);
}

const struct kind kind_rate = {
	.metavar = "RATE", .what = "a rate such as 200mbit or 1gbit",
	.parse = rate_parse, .show = rate_show,
};

/* Of a class: the root may be without a rate, and then be limited by its ceil only. */
static const char *class_rate_parse(const char *word, const struct slot *slot)
{
	return unit_parse(word, slot, strcmp(word, "none") ? "unlimited" : "none",
			  parse_rate);
}

static void class_rate_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, slot_number(slot, VNET_A_CLASS_CEIL) ? "none" : "unlimited",
		  rate_units);
}

const struct kind kind_class_rate = {
	.metavar = "RATE", .what = "a rate such as 200mbit or 1gbit",
	.parse = class_rate_parse, .show = class_rate_show,
};

static void guarantee_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, "none", rate_units);
}

const struct kind kind_guarantee = { .show = guarantee_show };

static void measured_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, NULL, rate_units);
}

const struct kind kind_measured = { .show = measured_show };

static const char *const words_capacity[] = { "link", "none", NULL };

static const char *capacity_parse(const char *word, const struct slot *slot)
{
	if (!strcmp(word, "link"))
		return slot_set_number(slot, VNET_CAPACITY_LINK);
	return unit_parse(word, slot, "none", parse_rate);
}

static void capacity_show(struct out *o, const struct slot *slot)
{
	if (slot_number(slot, slot->key->attr) == VNET_CAPACITY_LINK)
		out_string(o, &slot->key->out, "link", NULL);
	else
		unit_show(o, slot, "none", rate_units);
}

const struct kind kind_capacity = {
	.metavar = "RATE", .what = "a rate such as 10gbit, link for the link's speed, none",
	.words = words_capacity, .parse = capacity_parse, .show = capacity_show,
};

static const char *percent_parse(const char *word, const struct slot *slot)
{
	char digits[16];
	size_t len = strlen(word);
	uint64_t value;
	const char *why;

	if (len < 2 || len > sizeof(digits) || word[len - 1] != '%')
		return "a percentage such as 120% is wanted";
	memcpy(digits, word, len - 1);
	digits[len - 1] = '\0';
	why = parse_number(digits, &value);
	return why ? why : slot_set_number(slot, value);
}

static void percent_show(struct out *o, const struct slot *slot)
{
	uint64_t value = slot_number(slot, slot->key->attr);
	struct text text;

	if (!out_is_json(o) && slot_is_normal(slot, value))
		return;
	snprintf(text.s, sizeof(text.s), "%" PRIu64 "%%", value);
	out_number(o, &slot->key->out, value, text.s);
}

const struct kind kind_percent = {
	.metavar = "PERCENT", .what = "a percentage such as 120%",
	.parse = percent_parse, .show = percent_show,
};

const struct kind kind_weight = {
	.metavar = "N", .what = "a number from 1 to 1000000",
	.parse = count_parse, .show = count_show,
};

static const char *frames_parse(const char *word, const struct slot *slot)
{
	return unit_parse(word, slot, "off", parse_frames);
}

static void frames_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, "off", frame_units);
}

const struct kind kind_frames = {
	.metavar = "RATE", .what = "a rate of frames such as 50kpps",
	.words = words_off, .parse = frames_parse, .show = frames_show,
};

static const char *connections_parse(const char *word, const struct slot *slot)
{
	return unit_parse(word, slot, "off", parse_connections);
}

static void connections_show(struct out *o, const struct slot *slot)
{
	unit_show(o, slot, "off", connection_units);
}

const struct kind kind_connections = {
	.metavar = "RATE", .what = "a rate of new connections such as 500cps",
	.words = words_off, .parse = connections_parse,
	.show = connections_show,
};

static const char *on_off_parse(const char *word, const struct slot *slot)
{
	if (!strcmp(word, "on"))
		return slot_set_number(slot, 1);
	if (!strcmp(word, "off"))
		return slot_set_number(slot, 0);
	return "is not on or off";
}

static void on_off_show(struct out *o, const struct slot *slot)
{
	const struct key *key = slot->key;
	bool on = slot_number(slot, key->attr);

	if (out_is_json(o) || !slot_is_normal(slot, on))
		out_bool(o, &key->out, on, on ? "on" : "off");
}

const struct kind kind_on_off = {
	.metavar = "on|off", .words = words_on_off,
	.parse = on_off_parse, .show = on_off_show,
};

const struct kind kind_vid = {
	.metavar = "VID", .what = "a VLAN from 1 to 4094",
	.parse = count_parse,
};

static const char *tag_parse(const char *word, const struct slot *slot,
			     uint16_t proto)
{
	struct vnet_id *id = slot->object;
	const char *why;

	if (slot_has(slot, VNET_A_VID))
		return "is a second tag: give vlan, or svlan and cvlan";
	why = count_parse(word, slot);
	if (why)
		return why;
	id->tag_proto = proto;
	slot_mark(slot, VNET_A_TAG_PROTO);
	return NULL;
}

static const char *vlan_parse(const char *word, const struct slot *slot)
{
	return tag_parse(word, slot, VNET_TAG_8021Q);
}

const struct kind kind_vlan = {
	.metavar = "VID", .what = "a VLAN from 1 to 4094",
	.parse = vlan_parse,
};

static const char *svlan_parse(const char *word, const struct slot *slot)
{
	return tag_parse(word, slot, VNET_TAG_8021AD);
}

const struct kind kind_svlan = {
	.metavar = "VID", .what = "a VLAN from 1 to 4094",
	.parse = svlan_parse,
};

/* The tag as a whole: its numbers in JSON, its words in text. */
static void tag_show(struct out *o, const struct slot *slot)
{
	static const struct out_field vlan = { "vlan", "vlan", OUT_HIDDEN };
	static const struct out_field svlan = { "svlan", "svlan", OUT_HIDDEN };
	static const struct out_field cvlan = { "cvlan", "cvlan", OUT_HIDDEN };
	const struct vnet_id *id = slot->object;
	bool inner = slot_has(slot, VNET_A_CVID);
	bool stacked = slot_has(slot, VNET_A_TAG_PROTO) &&
		       id->tag_proto == VNET_TAG_8021AD;
	struct text text = { "untagged" };

	if (!slot_has(slot, VNET_A_VID)) {
		if (!out_is_json(o))
			out_string(o, &slot->key->out, "", text.s);
		return;
	}
	if (out_is_json(o)) {
		out_number(o, stacked ? &svlan : &vlan, id->vid, NULL);
		if (inner)
			out_number(o, &cvlan, id->cvid, NULL);
		return;
	}
	snprintf(text.s, sizeof(text.s), inner ? "%s %u cvlan %u" : "%s %u",
		 stacked ? "svlan" : "vlan", id->vid, id->cvid);
	out_string(o, &slot->key->out, "", text.s);
}

const struct kind kind_tag = { .show = tag_show };
