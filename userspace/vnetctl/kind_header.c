// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_header: the values of header fields that are bits with names. It knows no
 * object.
 */
#include <stdio.h>
#include <string.h>

#include "format.h"
#include "kind.h"
#include "parse.h"
#include "tables.h"

/* One part of a list, up to a comma; returns what follows it, NULL at the end. */
static const char *next_part(const char *list, char *part, size_t size)
{
	size_t length = strcspn(list, ",");

	snprintf(part, size, "%.*s", (int)length, list);
	return list[length] ? list + length + 1 : NULL;
}

static void append(struct text *text, const char *prefix, const char *word)
{
	size_t used = strlen(text->s);

	snprintf(text->s + used, sizeof(text->s) - used, "%s%s%s", used ? "," : "",
		 prefix, word);
}

/* "syn,!ack": SYN set, ACK clear, the others as they like. */
static const char *tcp_flags_parse(const char *word, const struct slot *slot)
{
	unsigned int attr = slot->key->attr, flags = 0, mask = 0;
	const struct word *flag;
	char part[16];
	bool clear;

	while (word) {
		word = next_part(word, part, sizeof(part));
		clear = part[0] == '!';
		flag = word_find(tcp_flag_words, part + clear);
		if (!flag)
			return "has a part that is no TCP flag";
		if (mask & flag->value)
			return "names a flag twice";
		mask |= flag->value;
		if (!clear)
			flags |= flag->value;
	}
	*(uint8_t *)slot_value(slot, attr) = flags;
	*(uint8_t *)slot_value(slot, attr + 1) = mask;
	slot_mark(slot, attr);
	slot_mark(slot, attr + 1);
	return NULL;
}

static void tcp_flags_show(struct out *o, const struct slot *slot)
{
	unsigned int attr = slot->key->attr;
	unsigned int flags = slot_number(slot, attr);
	unsigned int mask = slot_has(slot, attr + 1) ? slot_number(slot, attr + 1) : flags;
	const struct word *flag;
	struct text text = { "" };

	for (flag = tcp_flag_words; flag->name; flag++)
		if (mask & flag->value)
			append(&text, flags & flag->value ? "" : "!", flag->name);
	out_string(o, &slot->key->out, text.s, NULL);
}

const struct kind kind_tcp_flags = {
	.metavar = "FLAG[,!FLAG...]",
	.what = "TCP flags that are set or, with !, clear, such as syn,!ack",
	.pair = true, .parse = tcp_flags_parse, .show = tcp_flags_show,
};

static const char *const words_fragment[] = { "any", "first", "later", "no", NULL };

static const char *fragment_parse(const char *word, const struct slot *slot)
{
	const struct word *part = word_find(fragment_words, word);

	return part ? slot_set_number(slot, part->value) :
		      "is not any, first, later or no";
}

static void fragment_show(struct out *o, const struct slot *slot)
{
	struct text text;

	out_string(o, &slot->key->out,
		   format_word(&text, fragment_words,
			       slot_number(slot, slot->key->attr), 0), NULL);
}

const struct kind kind_fragment = {
	.metavar = "any|first|later|no", .words = words_fragment,
	.parse = fragment_parse, .show = fragment_show,
};

static const char *dscp_parse(const char *word, const struct slot *slot)
{
	const struct word *name = word_find(dscp_words, word);
	uint64_t value;
	const char *why;

	if (name)
		return slot_set_number(slot, name->value);
	why = parse_number(word, &value);
	return why ? why : slot_set_number(slot, value);
}

/* A number in JSON, as every number; a name for people where it has one. */
static void dscp_show(struct out *o, const struct slot *slot)
{
	unsigned int value = slot_number(slot, slot->key->attr);
	struct text text;

	out_number(o, &slot->key->out, value, format_word(&text, dscp_words, value, 0));
}

const struct kind kind_dscp = {
	.metavar = "N|NAME", .what = "0..63 or a name such as ef, af11 or cs1",
	.parse = dscp_parse, .show = dscp_show,
};

static const char *const words_state[] = {
	"new", "established", "related", "invalid", NULL
};

/* "new,established": any of these will do. */
static const char *states_parse(const char *word, const struct slot *slot)
{
	const struct word *state;
	unsigned int states = 0;
	char part[16];

	while (word) {
		word = next_part(word, part, sizeof(part));
		state = word_find(state_words, part);
		if (!state)
			return "has a part that is not new, established, related or invalid";
		if (states & state->value)
			return "names a state twice";
		states |= state->value;
	}
	return slot_set_number(slot, states);
}

static void states_show(struct out *o, const struct slot *slot)
{
	unsigned int states = slot_number(slot, slot->key->attr);
	const struct word *state;
	struct text text = { "" };

	for (state = state_words; state->name; state++)
		if (states & state->value)
			append(&text, "", state->name);
	out_string(o, &slot->key->out, text.s, NULL);
}

const struct kind kind_states = {
	.metavar = "STATE[,STATE...]",
	.what = "states of a connection, any of new, established, related, invalid",
	.words = words_state, .parse = states_parse, .show = states_show,
};
