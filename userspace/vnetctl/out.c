// SPDX-License-Identifier: GPL-2.0-only
/*
 * out: one call per value, text or JSON by mode. It knows neither objects nor
 * commands.
 */
#include "out.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "json.h"
#include "table.h"

/**
 * struct out - where a command's answer goes
 * @to: file
 * @mode: how
 * @json: writer, in JSON
 * @table: rows, in text
 * @listed: within a list
 * @nested: open nests
 * @negated: in text, "not" stands in front of the value
 */
struct out {
	FILE *to;
	enum out_mode mode;
	struct json json;
	struct table *table;
	bool listed;
	unsigned int nested;
	bool negated;
};

/**
 * out_wants_color() - is emphasis welcome there?
 * @to: file
 *
 * Return: true if it is a terminal that can, and the user did not object.
 */
bool out_wants_color(FILE *to)
{
	const char *no = getenv("NO_COLOR");
	const char *term = getenv("TERM");

	return isatty(fileno(to)) && !(no && *no) &&
	       term && strcmp(term, "dumb");
}

/* What decides about characters: the first of these that is set. */
static const char *locale_name(void)
{
	static const char *const names[] = { "LC_ALL", "LC_CTYPE", "LANG", NULL };
	const char *const *name;
	const char *value;

	for (name = names; *name; name++) {
		value = getenv(*name);
		if (value && *value)
			return value;
	}
	return "";
}

/**
 * out_wants_utf8() - are characters beyond ASCII welcome there?
 * @to: file
 *
 * Return: true if it is a terminal of that kind.
 */
bool out_wants_utf8(FILE *to)
{
	const char *locale = locale_name();

	return isatty(fileno(to)) &&
	       (strcasestr(locale, "utf-8") || strcasestr(locale, "utf8"));
}

/**
 * out_columns() - how wide lines may be there
 * @to: file
 *
 * Return: as the terminal says, or COLUMNS; 80 if nobody does.
 */
int out_columns(FILE *to)
{
	const char *told = getenv("COLUMNS");
	struct winsize size;
	int columns = 0;

	if (!ioctl(fileno(to), TIOCGWINSZ, &size))
		columns = size.ws_col;
	if (!columns && told)
		columns = atoi(told);
	return columns > 0 ? columns : 80;
}

/**
 * out_new() - open an output
 * @to: file
 * @mode: how
 * @color: emphasis is welcome there
 *
 * Return: the output, NULL without memory.
 */
struct out *out_new(FILE *to, enum out_mode mode, bool color)
{
	struct out *o = calloc(1, sizeof(*o));

	if (!o)
		return NULL;
	o->to = to;
	o->mode = mode;
	o->json.to = to;
	o->json.pretty = mode == OUT_JSON_PRETTY;
	o->table = table_new(to, color);
	if (!o->table) {
		free(o);
		return NULL;
	}
	return o;
}

/**
 * out_free() - close an output; its file stays open
 * @o: the output, or NULL
 */
void out_free(struct out *o)
{
	if (!o)
		return;
	table_free(o->table);
	free(o);
}

/**
 * out_is_json() - is it JSON?
 * @o: the output
 *
 * Return: true if so; for what has no place in JSON, such as notes.
 */
bool out_is_json(const struct out *o)
{
	return o->mode != OUT_TEXT;
}

/**
 * out_list_begin() - begin an array or a table
 * @o: the output
 */
void out_list_begin(struct out *o)
{
	o->listed = true;
	if (out_is_json(o))
		json_begin(&o->json, NULL, '[');
}

/**
 * out_list_plain() - in text, a line of words for each object of the list
 * @o: the output, at the beginning of a list
 */
void out_list_plain(struct out *o)
{
	o->listed = false;
}

/**
 * out_list_end() - end it
 * @o: the output
 */
void out_list_end(struct out *o)
{
	o->listed = false;
	if (out_is_json(o))
		json_end(&o->json, ']');
	else
		table_finish(o->table, true);
}

/**
 * out_object_begin() - begin an object or a row
 * @o: the output
 */
void out_object_begin(struct out *o)
{
	if (out_is_json(o))
		json_begin(&o->json, NULL, '{');
	else
		table_row(o->table);
}

/**
 * out_object_end() - end it; outside of a list it is a line of its own
 * @o: the output
 */
void out_object_end(struct out *o)
{
	if (out_is_json(o))
		json_end(&o->json, '}');
	else if (!o->listed)
		table_finish(o->table, false);
}

/**
 * out_nest_begin() - begin an object in the object, or a line below the row
 * @o: the output
 * @key: its key in JSON
 * @label: its name in text
 */
void out_nest_begin(struct out *o, const char *key, const char *label)
{
	o->nested++;
	if (out_is_json(o))
		json_begin(&o->json, key, '{');
	else
		table_below(o->table, label);
}

/**
 * out_nest_end() - end it
 * @o: the output
 */
void out_nest_end(struct out *o)
{
	o->nested--;
	if (out_is_json(o))
		json_end(&o->json, '}');
}

/* In a table identities are cells; a line for itself names each value. */
static void put_text(struct out *o, const struct out_field *field,
		     const char *text)
{
	if (o->negated)
		table_option(o->table, "", "not");
	if (field->place == OUT_BELOW)
		table_below(o->table, field->label);
	if (o->nested || field->place == OUT_BELOW)
		table_below_word(o->table, o->nested ? field->label : "", text);
	else if (field->place == OUT_OPTION)
		table_option(o->table, field->label, text);
	else if (field->place == OUT_WORD)
		table_option(o->table, "", text);
	else if (field->place == OUT_COLUMN && o->listed)
		table_cell(o->table, field->label, text);
	else if (field->place == OUT_COLUMN)
		table_option(o->table, field->label, text);
}

/**
 * out_string() - a string
 * @o: the output
 * @field: how it is called
 * @value: in JSON
 * @text: in text, NULL for the same
 */
void out_string(struct out *o, const struct out_field *field,
		const char *value, const char *text)
{
	if (out_is_json(o))
		json_string(&o->json, field->key, value);
	else
		put_text(o, field, text ? text : value);
}

/**
 * out_number() - a number
 * @o: the output
 * @field: how it is called
 * @value: in JSON, in base units
 * @text: in text, NULL for the same
 */
void out_number(struct out *o, const struct out_field *field, uint64_t value,
		const char *text)
{
	char digits[24];

	if (out_is_json(o)) {
		json_number(&o->json, field->key, value);
		return;
	}
	snprintf(digits, sizeof(digits), "%" PRIu64, value);
	put_text(o, field, text ? text : digits);
}

/**
 * out_bool() - yes or no
 * @o: the output
 * @field: how it is called
 * @value: in JSON
 * @text: in text
 */
void out_bool(struct out *o, const struct out_field *field, bool value,
	      const char *text)
{
	if (out_is_json(o))
		json_bool(&o->json, field->key, value);
	else
		put_text(o, field, text);
}

static void array_json(struct out *o, const struct out_field *field,
		       size_t count, const char *const *values)
{
	size_t i;

	json_begin(&o->json, field->key, '[');
	for (i = 0; i < count; i++)
		json_string(&o->json, NULL, values[i]);
	json_end(&o->json, ']');
}

/**
 * out_array() - an array of strings; in text with commas, nothing if empty
 * @o: the output
 * @field: how it is called
 * @count: how many
 * @values: the strings
 */
void out_array(struct out *o, const struct out_field *field, size_t count,
	       const char *const *values)
{
	size_t i, size = 1;
	char *joined, *end;

	if (out_is_json(o)) {
		array_json(o, field, count, values);
		return;
	}
	if (!count)
		return;
	for (i = 0; i < count; i++)
		size += strlen(values[i]) + 1;
	joined = malloc(size);
	if (!joined)
		return;
	for (end = joined, i = 0; i < count; i++)
		end += sprintf(end, "%s%s", i ? "," : "", values[i]);
	put_text(o, field, joined);
	free(joined);
}

/**
 * out_empty() - a value that is not there; keeps the order of the columns
 * @o: the output
 * @field: how it is called
 */
void out_empty(struct out *o, const struct out_field *field)
{
	if (!out_is_json(o) && o->listed && field->place == OUT_COLUMN)
		table_cell(o->table, field->label, NULL);
}

/**
 * out_negated() - say that the values which follow must not be so, or must again
 * @o: the output; in JSON a list of its own tells
 * @negated: they must not
 */
void out_negated(struct out *o, bool negated)
{
	o->negated = negated;
}

/**
 * out_guides() - in text, draw the lines of a tree around the row
 * @o: the output, within an object
 * @first: stands in front of its first column
 * @below: and of the lines below it
 */
void out_guides(struct out *o, const char *first, const char *below)
{
	if (!out_is_json(o))
		table_guides(o->table, first, below);
}

/**
 * out_note() - in text, a line below the row
 * @o: the output, within an object
 * @text: the line
 */
void out_note(struct out *o, const char *text)
{
	if (!out_is_json(o))
		table_note(o->table, text);
}

/**
 * out_line() - a line for people; not in JSON
 * @o: the output
 * @format: as printf()
 */
void out_line(struct out *o, const char *format, ...)
{
	va_list args;

	if (out_is_json(o))
		return;
	va_start(args, format);
	vfprintf(o->to, format, args);
	va_end(args);
	fputc('\n', o->to);
}
