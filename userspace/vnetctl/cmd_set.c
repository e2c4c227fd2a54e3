// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_set: the commands about named sets and their elements, and their key tables.
 */
#include "cmd.h"
#include "diag.h"
#include "element.h"
#include "kind.h"
#include "lines.h"
#include "object.h"
#include "refuse.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define V_ALL (V_ADD | V_DEL | V_SHOW)
#define V_CHANGE (V_ADD | V_DEL | V_LOAD)

static const struct key set_keys[] = {
	{ .word = "NETWORK", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_ALL, .needs = V_ADD | V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY | KEY_PROMPT,
	  .out = { "network", "network", OUT_COLUMN },
	  .help = "the network" },
	{ .word = "NAME", .kind = &kind_new_name, .attr = VNET_A_SET_NAME,
	  .verbs = V_ADD, .needs = V_ADD,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "name", "name", OUT_COLUMN }, .help = "its name" },
	{ .word = "NAME", .kind = &kind_set, .attr = VNET_A_SET_NAME,
	  .verbs = V_DEL | V_SHOW, .needs = V_DEL,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY, .help = "the set" },
	{ .kind = &kind_count, .attr = VNET_A_SET_ID,
	  .out = { "id", "id", OUT_HIDDEN } },
	{ .word = "type", .kind = &kind_set_type, .attr = VNET_A_SET_TYPE,
	  .verbs = V_ADD | V_SHOW, .needs = V_ADD,
	  .out = { "type", "type", OUT_COLUMN },
	  .help = "what it consists of" },
	{ .kind = &kind_count, .attr = VNET_A_SET_ELEMENTS,
	  .out = { "elements", "elements", OUT_COLUMN } },
	{ .kind = &kind_count, .attr = VNET_A_SET_USERS,
	  .out = { "users", "users", OUT_COLUMN } },
	KEY_IF_EXISTS,
	KEY_END
};

/* Here V_ADD and V_DEL are about elements. */
static const struct key element_keys[] = {
	{ .word = "NETWORK", .kind = &kind_network, .attr = VNET_A_NETWORK,
	  .verbs = V_CHANGE | V_SHOW, .needs = V_CHANGE | V_SHOW,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY | KEY_PROMPT,
	  .out = { "network", "network", OUT_COLUMN },
	  .help = "the network" },
	{ .word = "NAME", .kind = &kind_set, .attr = VNET_A_SET_NAME,
	  .verbs = V_CHANGE | V_SHOW, .needs = V_CHANGE | V_SHOW,
	  .flags = KEY_POSITIONAL | KEY_IDENTITY,
	  .out = { "set", "set", OUT_COLUMN }, .help = "the set" },
	{ .word = "ELEMENTS", .kind = &kind_elements,
	  .verbs = V_ADD | V_DEL, .needs = V_ADD | V_DEL,
	  .flags = KEY_POSITIONAL, .help = "with commas between" },
	{ .word = "FILE", .kind = &kind_file, .verbs = V_LOAD,
	  .needs = V_LOAD, .flags = KEY_POSITIONAL,
	  .help = "one element on a line" },
	{ .kind = &kind_element, .attr = VNET_A_SET_NAME,
	  .out = { "element", "element", OUT_COLUMN } },
	KEY_END
};

static struct vnet_set named(const struct args *a)
{
	struct vnet_set set = {
		.id.has = VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_SET_NAME),
	};

	memcpy(set.id.network, a->object.id.network, sizeof(set.id.network));
	memcpy(set.name, a->object.element.set, sizeof(set.name));
	return set;
}

static int refuse_elements(struct ctl *ctl, const struct args *a,
			   const struct elements *elements, int err)
{
	long entry = vnet_error(ctl->vnet)->entry;
	struct text text;

	if (entry < 0 || (size_t)entry >= elements->count)
		return refuse(ctl, a, err);
	return refuse_element(ctl, a, element_format(&text, &elements->items[entry], 0));
}

static int change(struct ctl *ctl, struct args *a,
		  int (*fn)(struct vnet *vnet, struct vnet_set *set,
			    const struct vnet_element *elements, size_t count))
{
	struct vnet_set set = named(a);
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);
	struct elements elements;

	if (!vnet)
		return code;
	if (elements_parse(a->text, &elements)) {
		diag_error(ctl, "there is no memory");
		code = CTL_REFUSED;
	} else {
		err = fn(vnet, &set, elements.items, elements.count);
		if (err)
			code = refuse_elements(ctl, a, &elements, err);
		else if (set.id.has & VNET_HAS(VNET_A_UNCHANGED))
			object_unchanged(ctl);
	}
	elements_clear(&elements);
	return code;
}

static int element_add(struct ctl *ctl, struct args *a)
{
	return change(ctl, a, vnet_set_elements_add);
}

static int element_del(struct ctl *ctl, struct args *a)
{
	return change(ctl, a, vnet_set_elements_del);
}

static int read_line(struct ctl *ctl, struct elements *elements,
		     struct lines *lines)
{
	const char *why = "is one word too many: one element stands on a line";
	int word = 1;

	ctl->line = &lines->line;
	if (lines->line.count == 1) {
		word = 0;
		why = elements_add(elements, lines->words[0]);
	}
	if (!why)
		return CTL_OK;
	diag_error(ctl, "\"%s\" %s", lines->words[word], why);
	diag_caret(ctl, word, NULL);
	return CTL_USAGE;
}

static int read_file(struct ctl *ctl, struct elements *elements,
		     struct lines *lines)
{
	int got, code = CTL_OK;

	while (!code && (got = lines_next(lines)) != 0) {
		if (got > 0) {
			code = read_line(ctl, elements, lines);
			continue;
		}
		ctl->line = &lines->line;
		diag_error(ctl, "%s", lines->why);
		code = CTL_USAGE;
	}
	return code;
}

static int replace(struct ctl *ctl, struct args *a,
		   const struct elements *elements)
{
	struct vnet_set set = named(a);
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);
	char text[64];

	if (!vnet)
		return code;
	err = vnet_set_replace(vnet, &set, elements->items, elements->count);
	if (err)
		return refuse_elements(ctl, a, elements, err);
	snprintf(text, sizeof(text), "%u elements loaded", set.elements);
	object_result(ctl, "elements", set.elements, text);
	return CTL_OK;
}

static int load(struct ctl *ctl, struct args *a)
{
	const struct line *command = ctl->line;
	struct elements elements = { .count = 0 };
	struct lines *lines = calloc(1, sizeof(*lines));
	int code = CTL_USAGE;

	if (lines)
		code = lines_open(lines, ctl, a->text);
	if (!code) {
		code = read_file(ctl, &elements, lines);
		ctl->line = command;
		lines_close(lines);
	}
	if (!code)
		code = replace(ctl, a, &elements);
	free(lines);
	elements_clear(&elements);
	return code;
}

static int show_elements(struct ctl *ctl, struct args *a)
{
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);
	struct vnet_list list;
	size_t i;

	if (!vnet)
		return code;
	err = vnet_element_list(vnet, &a->object.element, &list);
	if (err)
		return refuse(ctl, a, err);
	if (list.count)
		qsort(list.items, list.count, sizeof(struct vnet_element),
		      element_compare);
	out_list_begin(ctl->out);
	for (i = 0; i < list.count; i++) {
		out_object_begin(ctl->out);
		object_values(ctl->out, a->cmd->schema, a->cmd->keys,
			      vnet_list_at(&list, i), true);
		out_object_end(ctl->out);
	}
	out_list_end(ctl->out);
	vnet_list_clear(&list);
	return CTL_OK;
}

#define SET_COMMAND(_verb, _verbs, _run, _help)				\
	.object = "set", .verb = (_verb), .keys = set_keys,		\
	.verbs = (_verbs), .schema = &vnet_set_schema,			\
	.run = (_run), .help = (_help)

#define ELEMENT_COMMAND(_verb, _verbs, _run, _help)			\
	.object = "set", .verb = (_verb), .keys = element_keys,		\
	.verbs = (_verbs), .schema = &vnet_element_schema,		\
	.run = (_run), .help = (_help)

const struct command set_commands[] = {
	{ SET_COMMAND("add", V_ADD, object_add,
		      "add a set that rules may name; it is empty") },
	{ SET_COMMAND("del", V_DEL, object_del,
		      "remove a set that no rule uses") },
	{ SET_COMMAND("show", V_SHOW, object_show, "show sets"),
	  .single = VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_SET_NAME),
	  .filters = VNET_HAS(VNET_A_SET_TYPE) },
	{ ELEMENT_COMMAND("elements", V_SHOW, show_elements,
			  "show the elements of a set") },
	{ ELEMENT_COMMAND("element-add", V_ADD, element_add,
			  "add elements to a set") },
	{ ELEMENT_COMMAND("element-del", V_DEL, element_del,
			  "remove elements from a set") },
	{ ELEMENT_COMMAND("load", V_LOAD, load,
			  "replace all elements of a set at once") },
	{ .object = NULL }
};
