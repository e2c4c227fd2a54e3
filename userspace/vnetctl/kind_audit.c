// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_audit: the values about what is only watched, what is told of it, and how
 * long. It knows no object.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "kind.h"
#include "parse.h"

static const char *const words_audit[] = { "none", "ingress", "egress", "both", NULL };

/* Bit 0 is ingress and bit 1 egress, which are two attributes. */
static const char *audit_parse(const char *word, const struct slot *slot)
{
	unsigned int attr = slot->key->attr, which = 0;

	while (words_audit[which] && strcmp(words_audit[which], word))
		which++;
	if (!words_audit[which])
		return "is not none, ingress, egress or both";
	*(uint8_t *)slot_value(slot, attr) = which & 1;
	*(uint8_t *)slot_value(slot, attr + 1) = which >> 1;
	slot_mark(slot, attr);
	slot_mark(slot, attr + 1);
	return NULL;
}

static void audit_show(struct out *o, const struct slot *slot)
{
	unsigned int attr = slot->key->attr;
	unsigned int which = slot_number(slot, attr) | slot_number(slot, attr + 1) << 1;

	if (out_is_json(o) || which)
		out_string(o, &slot->key->out, words_audit[which & 3], NULL);
}

const struct kind kind_audit = {
	.metavar = "none|ingress|egress|both", .words = words_audit,
	.pair = true, .parse = audit_parse, .show = audit_show,
};

/* A word alone, for an attribute that is 0 without it. */
static const char *flag_parse(const char *word, const struct slot *slot)
{
	(void)word;
	return slot_set_number(slot, 1);
}

static void flag_show(struct out *o, const struct slot *slot)
{
	bool on = slot_number(slot, slot->key->attr);

	if (out_is_json(o) || on)
		out_bool(o, &slot->key->out, on, slot->key->out.label);
}

const struct kind kind_flag = { .parse = flag_parse, .show = flag_show };

static const char *sample_parse(const char *word, const struct slot *slot)
{
	uint64_t value;
	const char *why = parse_sample(word, &value);

	return why ? why : slot_set_number(slot, value);
}

static void sample_show(struct out *o, const struct slot *slot)
{
	uint64_t value = slot_number(slot, slot->key->attr);
	struct text text;

	snprintf(text.s, sizeof(text.s), "1/%" PRIu64, value);
	out_number(o, &slot->key->out, value, text.s);
}

const struct kind kind_sample = {
	.metavar = "1/N", .what = "a share of frames such as 1/100",
	.parse = sample_parse, .show = sample_show,
};

static const char *const words_never[] = { "never", NULL };

static const char *lifetime_parse(const char *word, const struct slot *slot)
{
	uint64_t value = 0;
	const char *why = strcmp(word, "never") ? parse_lifetime(word, &value) : NULL;

	return why ? why : slot_set_number(slot, value);
}

/* The base unit of times is a millisecond, whatever this one is counted in. */
static void lifetime_show(struct out *o, const struct slot *slot)
{
	uint64_t value = slot_number(slot, slot->key->attr);
	struct text text;

	out_number(o, &slot->key->out, value * 1000,
		   format_scaled(&text, lifetime_units, value));
}

const struct kind kind_lifetime = {
	.metavar = "TIME", .what = "a time in whole seconds such as 90s, 2h or 7d",
	.words = words_never, .parse = lifetime_parse, .show = lifetime_show,
};

static void time_left_show(struct out *o, const struct slot *slot)
{
	uint64_t value = slot_number(slot, slot->key->attr);
	struct text text;

	out_number(o, &slot->key->out, value * 1000, format_lifetime(&text, value));
}

const struct kind kind_time_left = { .show = time_left_show };

static const char *log_rate_parse(const char *word, const struct slot *slot)
{
	uint64_t value;
	const char *why = parse_frames(word, &value);

	return why ? why : slot_set_number(slot, value);
}

static void log_rate_show(struct out *o, const struct slot *slot)
{
	uint64_t value = slot_number(slot, slot->key->attr);
	struct text text;

	if (out_is_json(o) || !slot_is_normal(slot, value))
		out_number(o, &slot->key->out, value,
			   format_scaled(&text, frame_units, value));
}

const struct kind kind_log_rate = {
	.metavar = "RATE", .what = "a rate of frames such as 100pps",
	.parse = log_rate_parse, .show = log_rate_show,
};
