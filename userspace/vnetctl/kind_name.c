// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_name: the values that are names, of objects or of numbers. It knows no
 * object; which names there are now is found out elsewhere.
 */
#include <stdio.h>
#include <string.h>

#include "kind.h"
#include "parse.h"

static const char *name_parse(const char *word, const struct slot *slot)
{
	const char *why = parse_name(word);

	return why ? why : slot_set_string(slot, word);
}

static bool name_fits(const char *word)
{
	return !parse_name(word);
}

static void string_show(struct out *o, const struct slot *slot)
{
	out_string(o, &slot->key->out, slot_value(slot, slot->key->attr), NULL);
}

#define NAME_KIND(_metavar, _what, _live)				\
	{								\
		.metavar = (_metavar), .what = (_what), .live = (_live),\
		.fits = name_fits, .parse = name_parse,			\
		.show = string_show,					\
	}

const struct kind kind_new_name =
	NAME_KIND("NAME", "a name of 1 to 31 characters A-Z a-z 0-9 _ . -",
		  LIVE_NONE);
const struct kind kind_network =
	NAME_KIND("NETWORK", "the name of a network", LIVE_NETWORKS);
const struct kind kind_class =
	NAME_KIND("CLASS", "the name of a class of the network", LIVE_CLASSES);
const struct kind kind_rule =
	NAME_KIND("NAME", "the name of a rule of the network", LIVE_RULES);
const struct kind kind_set =
	NAME_KIND("SET", "the name of a set of the network", LIVE_SETS);

static const char *helper_parse(const char *word, const struct slot *slot)
{
	if (strlen(word) > VNET_HELPER_MAX)
		return "is longer than any helper's name, 15 characters";
	return name_parse(word, slot);
}

const struct kind kind_helper = {
	.metavar = "HELPER", .what = "the name of a helper of nf_conntrack such as ftp",
	.fits = name_fits, .parse = helper_parse, .show = string_show,
};

static const char *device_parse(const char *word, const struct slot *slot)
{
	if (!*word)
		return "is empty";
	if (strlen(word) >= IFNAMSIZ || strchr(word, '/'))
		return "is not the name of an interface";
	return slot_set_string(slot, word);
}

const struct kind kind_device = {
	.metavar = "DEV", .what = "an interface of this host",
	.live = LIVE_DEVICES, .parse = device_parse, .show = string_show,
};

const struct kind kind_port = {
	.metavar = "DEV", .what = "an attached interface",
	.live = LIVE_PORTS, .parse = device_parse, .show = string_show,
};

/* The root is what a member has unless it is given a class. */
static const char *member_class_parse(const char *word, const struct slot *slot)
{
	if (!strcmp(word, VNET_CLASS_ROOT))
		return slot_set_string(slot, "");
	return name_parse(word, slot);
}

static void member_class_show(struct out *o, const struct slot *slot)
{
	const char *name = slot_value(slot, slot->key->attr);

	if (!*name)
		name = VNET_CLASS_ROOT;
	if (out_is_json(o) || strcmp(name, VNET_CLASS_ROOT))
		out_string(o, &slot->key->out, name, NULL);
}

const struct kind kind_member_class = {
	.metavar = "CLASS", .what = "a class of the network, root for none",
	.live = LIVE_CLASSES, .parse = member_class_parse,
	.show = member_class_show,
};

static const char *label_parse(const char *word, const struct slot *slot)
{
	return slot_set_string(slot, word);
}

static void label_show(struct out *o, const struct slot *slot)
{
	const char *label = slot_value(slot, slot->key->attr);

	if (*label)
		out_string(o, &slot->key->out, label, NULL);
	else
		out_empty(o, &slot->key->out);
}

const struct kind kind_label = {
	.metavar = "TENANT", .what = "a label for people and filters",
	.parse = label_parse, .show = label_show,
};

static const char *const words_state[] = { "up", "down", NULL };

static const char *state_parse(const char *word, const struct slot *slot)
{
	if (!strcmp(word, "up"))
		return slot_set_number(slot, 1);
	if (!strcmp(word, "down"))
		return slot_set_number(slot, 0);
	return "is not up or down";
}

static void state_show(struct out *o, const struct slot *slot)
{
	bool up = slot_number(slot, slot->key->attr);

	out_bool(o, &slot->key->out, up, up ? "up" : "down");
}

const struct kind kind_state = {
	.metavar = "up|down", .words = words_state,
	.parse = state_parse, .show = state_show,
};

static const char *named_parse(const char *word, const struct slot *slot)
{
	unsigned int value = vnet_value(slot->key->kind->names, word);

	if (!value || value < slot->key->min)
		return "is not one of the words that may stand here";
	return slot_set_number(slot, value);
}

static void named_show(struct out *o, const struct slot *slot)
{
	unsigned int value = slot_number(slot, slot->key->attr);
	const char *name = vnet_name(slot->key->kind->names, value);
	char number[16];

	snprintf(number, sizeof(number), "%u", value);
	out_string(o, &slot->key->out, name ? name : number, NULL);
}

#define NAMED_KIND(_set)						\
	{								\
		.named = true, .names = (_set),				\
		.parse = named_parse, .show = named_show,		\
	}

const struct kind kind_role = NAMED_KIND(VNET_NAMES_ROLE);
const struct kind kind_in_force = NAMED_KIND(VNET_NAMES_IN_FORCE);
const struct kind kind_direction = NAMED_KIND(VNET_NAMES_DIRECTION);
const struct kind kind_action = NAMED_KIND(VNET_NAMES_ACTION);
const struct kind kind_fdb_kind = NAMED_KIND(VNET_NAMES_FDB_KIND);
const struct kind kind_set_type = NAMED_KIND(VNET_NAMES_SET_TYPE);
const struct kind kind_limit = NAMED_KIND(VNET_NAMES_LIMIT);

/* A word that only marks its attribute, or that a command asks for. */
static const char *switch_parse(const char *word, const struct slot *slot)
{
	(void)word;
	if (slot->key->attr)
		slot_mark(slot, slot->key->attr);
	return NULL;
}

const struct kind kind_switch = { .parse = switch_parse };

static const char *reason_parse(const char *word, const struct slot *slot)
{
	(void)slot;
	return vnet_value(VNET_NAMES_DROP, word) ? NULL :
	       "is not a drop reason";
}

const struct kind kind_reason = {
	.metavar = "REASON", .what = "a drop reason as counters name it",
	.named = true, .names = VNET_NAMES_DROP,
	.parse = reason_parse,
};

static const char *file_parse(const char *word, const struct slot *slot)
{
	(void)slot;
	return *word ? NULL : "is empty";
}

const struct kind kind_file = {
	.metavar = "FILE", .what = "a file, - for the standard input",
	.live = LIVE_FILES, .parse = file_parse,
};
