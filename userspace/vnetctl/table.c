// SPDX-License-Identifier: GPL-2.0-only
/*
 * table: rows of text with aligned columns. It knows nothing of what stands in
 * them, and of JSON nothing either.
 *
 * Rows are held back until their widths are known; a very long table is written
 * in pieces, whose columns only grow.
 */
#include "table.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MAX_COLUMNS	24
#define MAX_HELD	1000
#define GAP		2

struct column {
	const char *label;
	int width;
	bool used;
};

struct row {
	char *cells[MAX_COLUMNS];
	char *options;
	char *below;
	char *guide;
	char *margin;
};

struct table {
	FILE *to;
	bool color;
	struct column columns[MAX_COLUMNS];
	int column_count;
	struct row *rows;
	int row_count;
	bool headed;
	bool changed;
};

/**
 * table_new() - an empty table
 * @to: where it goes
 * @color: a bold heading
 *
 * Return: the table, NULL without memory.
 */
struct table *table_new(FILE *to, bool color)
{
	struct table *t = calloc(1, sizeof(*t));

	if (!t)
		return NULL;
	t->rows = calloc(MAX_HELD, sizeof(*t->rows));
	if (!t->rows) {
		free(t);
		return NULL;
	}
	t->to = to;
	t->color = color;
	return t;
}

static void forget_rows(struct table *t)
{
	int i, c;

	for (i = 0; i < t->row_count; i++) {
		for (c = 0; c < MAX_COLUMNS; c++)
			free(t->rows[i].cells[c]);
		free(t->rows[i].options);
		free(t->rows[i].below);
		free(t->rows[i].guide);
		free(t->rows[i].margin);
		memset(&t->rows[i], 0, sizeof(t->rows[i]));
	}
	t->row_count = 0;
}

/**
 * table_free() - forget a table and what was not written
 * @t: the table, or NULL
 */
void table_free(struct table *t)
{
	if (!t)
		return;
	forget_rows(t);
	free(t->rows);
	free(t);
}

/* Characters as they stand on the terminal; every one is one place wide. */
static int text_width(const char *text)
{
	int width = 0;

	for (; *text; text++)
		width += ((unsigned char)*text & 0xc0) != 0x80;
	return width;
}

/* Labels come from outside: they must not steer the terminal. */
static char *clean_copy(const char *text)
{
	char *copy = strdup(text), *p;

	for (p = copy; p && *p; p++)
		if (iscntrl((unsigned char)*p))
			*p = '?';
	return copy;
}

static void append(char **to, const char *separator, const char *label,
		   const char *text)
{
	char *clean = clean_copy(text), *joined = NULL;

	if (!clean)
		return;
	if (asprintf(&joined, "%s%s%s%s%s", *to ? *to : "",
		     *to ? separator : "", label, *label && *clean ? " " : "",
		     clean) >= 0) {
		free(*to);
		*to = joined;
	}
	free(clean);
}

static void print_padded(struct table *t, const char *text, int width,
			 bool last)
{
	fputs(text, t->to);
	if (!last)
		fprintf(t->to, "%*s", width - text_width(text) + GAP, "");
}

/* The lines of a tree belong to the first column. */
static int guide_width(const struct row *row, int column)
{
	return row->guide && !column ? text_width(row->guide) : 0;
}

static bool has_more(const struct table *t, int column, bool options)
{
	int c;

	for (c = column + 1; c < t->column_count; c++)
		if (t->columns[c].used)
			return true;
	return options;
}

static void print_heading(struct table *t, bool options)
{
	char label[32];
	int c, i;

	if (t->color)
		fputs("\033[1m", t->to);
	for (c = 0; c < t->column_count; c++) {
		if (!t->columns[c].used)
			continue;
		snprintf(label, sizeof(label), "%s", t->columns[c].label);
		for (i = 0; label[i]; i++)
			label[i] = toupper((unsigned char)label[i]);
		print_padded(t, label, t->columns[c].width,
			     !has_more(t, c, options));
	}
	if (options)
		fputs("OPTIONS", t->to);
	fputs(t->color ? "\033[0m\n" : "\n", t->to);
}

static void print_row(struct table *t, const struct row *row)
{
	const char *p;
	int c;

	for (c = 0; c < t->column_count; c++) {
		const char *cell = row->cells[c];
		int guide = guide_width(row, c);

		if (!t->columns[c].used)
			continue;
		if (guide)
			fputs(row->guide, t->to);
		print_padded(t, cell ? cell : "-", t->columns[c].width - guide,
			     !has_more(t, c, row->options));
	}
	fprintf(t->to, "%s\n", row->options ? row->options : "");
	for (p = row->below; p && *p;) {
		size_t len = strcspn(p, "\n");

		fprintf(t->to, "%s%.*s\n", row->margin ? row->margin : "    ", (int)len, p);
		p += len + (p[len] == '\n');
	}
}

static void print_rows(struct table *t, bool heading)
{
	bool options = false;
	int i;

	for (i = 0; i < t->row_count; i++)
		if (t->rows[i].options)
			options = true;
	if (heading && t->row_count && (!t->headed || t->changed))
		print_heading(t, options);
	t->headed = true;
	t->changed = false;
	for (i = 0; i < t->row_count; i++)
		print_row(t, &t->rows[i]);
	forget_rows(t);
}

/**
 * table_row() - begin a row
 * @t: the table
 */
void table_row(struct table *t)
{
	if (t->row_count == MAX_HELD)
		print_rows(t, true);
	t->row_count++;
}

static int find_column(struct table *t, const char *label)
{
	int c;

	for (c = 0; c < t->column_count; c++)
		if (!strcmp(t->columns[c].label, label))
			return c;
	if (c == MAX_COLUMNS)
		return -1;
	t->columns[c].label = label;
	t->columns[c].width = text_width(label);
	t->column_count++;
	return c;
}

/**
 * table_cell() - fill a column of the row
 * @t: the table
 * @label: heading of the column, a constant
 * @text: NULL only makes the column, which shows when a row fills it
 */
void table_cell(struct table *t, const char *label, const char *text)
{
	struct row *row = &t->rows[t->row_count - 1];
	int c = find_column(t, label);
	int width;

	if (c < 0 || !text)
		return;
	free(row->cells[c]);
	row->cells[c] = clean_copy(text);
	width = text_width(text) + guide_width(row, c);
	if (width > t->columns[c].width)
		t->columns[c].width = width;
	if (!t->columns[c].used) {
		t->columns[c].used = true;
		t->changed = true;
	}
}

/**
 * table_option() - add to the last column
 * @t: the table
 * @label: word before the text, may be empty
 * @text: the text
 */
void table_option(struct table *t, const char *label, const char *text)
{
	append(&t->rows[t->row_count - 1].options, " ", label, text);
}

/**
 * table_guides() - draw the lines of a tree around the row
 * @t: the table, at the beginning of a row
 * @first: stands in front of its first column
 * @below: and of the lines below it, instead of spaces
 */
void table_guides(struct table *t, const char *first, const char *below)
{
	struct row *row = &t->rows[t->row_count - 1];

	free(row->guide);
	free(row->margin);
	row->guide = strdup(first);
	row->margin = strdup(below);
}

/**
 * table_note() - add a line below the row
 * @t: the table
 * @text: the line
 */
void table_note(struct table *t, const char *text)
{
	append(&t->rows[t->row_count - 1].below, "\n", "", text);
}

/**
 * table_below() - begin a line below the row
 * @t: the table
 * @label: its first word
 */
void table_below(struct table *t, const char *label)
{
	append(&t->rows[t->row_count - 1].below, "\n", "", label);
	append(&t->rows[t->row_count - 1].below, "", "", ":");
}

/**
 * table_below_word() - add to the line below the row
 * @t: the table
 * @label: word before the text
 * @text: the text
 */
void table_below_word(struct table *t, const char *label, const char *text)
{
	append(&t->rows[t->row_count - 1].below, " ", label, text);
}

/**
 * table_finish() - write what was held back and begin anew
 * @t: the table
 * @heading: name the columns
 */
void table_finish(struct table *t, bool heading)
{
	print_rows(t, heading);
	t->column_count = 0;
	t->headed = false;
	memset(t->columns, 0, sizeof(t->columns));
}
