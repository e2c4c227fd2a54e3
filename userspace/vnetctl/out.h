/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * out: what a command tells, as text for people or as JSON. One call per value
 * writes either: no command knows which.
 *
 * A list is a JSON array, or a table with a heading. A lone object is a JSON
 * object on a line, or a line of words, as each object of a plain list is. A
 * nest is an object within an object, or an indented line below the row.
 */
#ifndef VNETCTL_OUT_H
#define VNETCTL_OUT_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/** enum out_mode - how things are written */
enum out_mode {
	OUT_TEXT,
	OUT_JSON,
	OUT_JSON_PRETTY,
};

/** enum out_place - where a value stands in text */
enum out_place {
	OUT_HIDDEN,	/* nowhere: JSON only */
	OUT_COLUMN,	/* a column of the table */
	OUT_OPTION,	/* "label value" in the last column */
	OUT_WORD,	/* "value" in the last column */
	OUT_BELOW,	/* a line of its own below the row */
};

/**
 * struct out_field - how a value is called
 * @key: in JSON, NULL for an array's element
 * @label: in text
 * @place: in text
 */
struct out_field {
	const char *key;
	const char *label;
	enum out_place place;
};

struct out;

bool out_wants_color(FILE *to);
bool out_wants_utf8(FILE *to);
int out_columns(FILE *to);
struct out *out_new(FILE *to, enum out_mode mode, bool color);
void out_free(struct out *o);
bool out_is_json(const struct out *o);

void out_list_begin(struct out *o);
void out_list_plain(struct out *o);
void out_list_end(struct out *o);
void out_object_begin(struct out *o);
void out_object_end(struct out *o);
void out_nest_begin(struct out *o, const char *key, const char *label);
void out_nest_end(struct out *o);

void out_string(struct out *o, const struct out_field *field,
		const char *value, const char *text);
void out_number(struct out *o, const struct out_field *field,
		uint64_t value, const char *text);
void out_bool(struct out *o, const struct out_field *field, bool value,
	      const char *text);
void out_array(struct out *o, const struct out_field *field,
	       size_t count, const char *const *values);
void out_empty(struct out *o, const struct out_field *field);
void out_negated(struct out *o, bool negated);
void out_guides(struct out *o, const char *first, const char *below);
void out_note(struct out *o, const char *text);

void out_line(struct out *o, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif /* VNETCTL_OUT_H */
