// SPDX-License-Identifier: GPL-2.0-only
/*
 * object: the verbs that all objects share: add, set, del, show. It knows no
 * object, only key tables and schemas.
 */
#include "object.h"

#include <errno.h>
#include <string.h>

#include "kind.h"
#include "refuse.h"

static bool is_inverted(const struct key *keys, const struct slot *slot)
{
	const struct key *key;

	if (!(slot->key->flags & KEY_FIELD))
		return false;
	for (key = keys; key->kind; key++)
		if (key->flags & KEY_NOT && slot_has(slot, key->attr) &&
		    slot_number(slot, key->attr) & VNET_HAS(slot->key->attr))
			return true;
	return false;
}

/**
 * object_values() - write what is set in an object
 * @o: the output, within an object
 * @schema: kind of the object
 * @keys: its key table
 * @object: the object
 * @full: the kernel was asked for all of it
 */
void object_values(struct out *o, const struct vnet_schema *schema,
		   const struct key *keys, const void *object, bool full)
{
	static const struct out_field inverted = { "not", "", OUT_HIDDEN };
	const char *names[KEYS_MAX];
	const struct key *key;
	size_t count = 0;
	bool has, negated;

	for (key = keys; key->kind; key++) {
		struct slot slot = {
			.key = key, .schema = schema, .object = (void *)object,
		};

		if (!key->out.key)
			continue;
		has = slot_has(&slot, key->attr) &&
		      (!key->kind->suits || key->kind->suits(&slot));
		negated = has && is_inverted(keys, &slot);
		if (negated)
			names[count++] = key->out.key;
		out_negated(o, negated);
		if (has ||
		    (full && key->flags & KEY_ALWAYS && out_is_json(o)))
			key->kind->show(o, &slot);
		else
			out_empty(o, &key->out);
		out_negated(o, false);
	}
	if (count)
		out_array(o, &inverted, count, names);
}

/**
 * object_result() - write what a command that shows no objects has to say
 * @ctl: the run
 * @key: key in JSON
 * @value: number in JSON
 * @text: in text
 */
void object_result(struct ctl *ctl, const char *key, uint64_t value,
		   const char *text)
{
	const struct out_field field = { key, "", OUT_HIDDEN };

	out_line(ctl->out, "%s", text);
	if (!out_is_json(ctl->out))
		return;
	out_list_begin(ctl->out);
	out_object_begin(ctl->out);
	out_number(ctl->out, &field, value, NULL);
	out_object_end(ctl->out);
	out_list_end(ctl->out);
}

/**
 * object_unchanged() - say that everything was like this already
 * @ctl: the run
 */
void object_unchanged(struct ctl *ctl)
{
	static const struct out_field field = { "unchanged", "", OUT_HIDDEN };

	out_line(ctl->out, "unchanged");
	if (!out_is_json(ctl->out))
		return;
	out_list_begin(ctl->out);
	out_object_begin(ctl->out);
	out_bool(ctl->out, &field, true, "");
	out_object_end(ctl->out);
	out_list_end(ctl->out);
}

static int change(struct ctl *ctl, struct args *a, unsigned int cmd)
{
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);

	if (!vnet)
		return code;
	err = vnet_do(vnet, a->cmd->schema, cmd, &a->object);
	if (err)
		return refuse(ctl, a, err);
	if (a->object.id.has & VNET_HAS(VNET_A_UNCHANGED))
		object_unchanged(ctl);
	return CTL_OK;
}

/**
 * object_add() - create
 * @ctl: the run
 * @a: what
 *
 * Return: CTL_* code.
 */
int object_add(struct ctl *ctl, struct args *a)
{
	return change(ctl, a, a->cmd->schema->add);
}

/**
 * object_set() - change
 * @ctl: the run
 * @a: what
 *
 * Return: CTL_* code.
 */
int object_set(struct ctl *ctl, struct args *a)
{
	return change(ctl, a, a->cmd->schema->set);
}

/**
 * object_del() - remove
 * @ctl: the run
 * @a: what
 *
 * Return: CTL_* code.
 */
int object_del(struct ctl *ctl, struct args *a)
{
	int code = CTL_OK, err;
	struct vnet *vnet = ctl_connect(ctl, &code);

	if (!vnet)
		return code;
	err = vnet_do(vnet, a->cmd->schema, a->cmd->schema->del, &a->object);
	if (!err)
		return CTL_OK;
	if (a->switches & SWITCH_IF_EXISTS &&
	    (err == -ENOENT || err == -ENODEV))
		return CTL_OK;
	return refuse(ctl, a, err);
}

/**
 * object_show_one() - write an object of a list
 * @ctl: the run
 * @a: the command
 * @object: the object
 */
void object_show_one(struct ctl *ctl, const struct args *a, const void *object)
{
	out_object_begin(ctl->out);
	object_values(ctl->out, a->cmd->schema, a->cmd->keys, object, true);
	out_object_end(ctl->out);
}

/* The kernel does not filter dumps by address. */
static bool is_wanted(const struct args *a, const union vnet_object *object)
{
	if (a->cmd->schema != &vnet_fdb_schema ||
	    !(a->object.id.has & VNET_HAS(VNET_A_FDB_MAC)))
		return true;
	return !memcmp(&a->object.fdb.mac, &object->fdb.mac,
		       sizeof(object->fdb.mac));
}

static int show_many(struct ctl *ctl, struct args *a, struct vnet *vnet)
{
	union vnet_object filter = a->object;
	int code = CTL_OK, err;
	struct vnet_list list;
	size_t i;

	if (a->cmd->schema == &vnet_fdb_schema)
		filter.id.has &= ~VNET_HAS(VNET_A_FDB_MAC);
	err = vnet_dump(vnet, a->cmd->schema, &filter, &list);
	if (err)
		return refuse(ctl, a, err);
	out_list_begin(ctl->out);
	for (i = 0; i < list.count; i++) {
		const void *object = vnet_list_at(&list, i);

		if (is_wanted(a, object))
			object_show_one(ctl, a, object);
	}
	if (a->cmd->more)
		code = a->cmd->more(ctl, a);
	out_list_end(ctl->out);
	vnet_list_clear(&list);
	return code;
}

static bool is_same(const struct vnet_schema *schema, unsigned int attr,
		    const void *a, const void *b)
{
	const struct slot x = { .schema = schema, .object = (void *)a };
	const struct slot y = { .schema = schema, .object = (void *)b };
	const struct vnet_field *field = vnet_schema_field(schema, attr);

	if (!field || !slot_has(&x, attr) || !slot_has(&y, attr))
		return slot_has(&x, attr) == slot_has(&y, attr);
	if (field->type == VNET_TYPE_STRING)
		return !strcmp(slot_value(&x, attr), slot_value(&y, attr));
	return slot_number(&x, attr) == slot_number(&y, attr);
}

/* One that was asked for by its name, and has to pass filters as well. */
static bool passes(const struct args *a, const union vnet_object *filter,
		   const union vnet_object *object)
{
	uint64_t given = filter->id.has & a->cmd->filters;
	unsigned int attr;

	/* A tag is compared as a whole: with or without an inner one. */
	if (given & VNET_HAS(VNET_A_VID))
		given |= VNET_HAS(VNET_A_CVID);
	for (attr = 0; attr < 64; attr++)
		if (given & VNET_HAS(attr) &&
		    !is_same(a->cmd->schema, attr, filter, object))
			return false;
	return true;
}

static int show_single(struct ctl *ctl, struct args *a, struct vnet *vnet)
{
	const union vnet_object filter = a->object;
	int err;

	a->object.id.has &= ~a->cmd->filters;
	err = vnet_do(vnet, a->cmd->schema, a->cmd->schema->get, &a->object);
	if (err)
		return refuse(ctl, a, err);
	out_list_begin(ctl->out);
	if (passes(a, &filter, &a->object))
		object_show_one(ctl, a, &a->object);
	out_list_end(ctl->out);
	return CTL_OK;
}

/**
 * object_show() - show one or all that match
 * @ctl: the run
 * @a: which
 *
 * Return: CTL_* code.
 */
int object_show(struct ctl *ctl, struct args *a)
{
	uint64_t single = a->cmd->single;
	int code = CTL_OK;
	struct vnet *vnet = ctl_connect(ctl, &code);

	if (!vnet)
		return code;
	if (ctl->opt.stats && a->cmd->counters)
		a->object.id.has |= VNET_HAS(VNET_A_WITH_STATS);
	if (!single || (a->object.id.has & single) != single)
		return show_many(ctl, a, vnet);
	return show_single(ctl, a, vnet);
}
