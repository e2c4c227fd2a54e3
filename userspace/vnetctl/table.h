/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * table: rows of text with aligned columns, a free last column and indented
 * lines below a row.
 */
#ifndef VNETCTL_TABLE_H
#define VNETCTL_TABLE_H

#include <stdbool.h>
#include <stdio.h>

struct table;

struct table *table_new(FILE *to, bool color);
void table_free(struct table *t);
void table_row(struct table *t);
void table_cell(struct table *t, const char *label, const char *text);
void table_option(struct table *t, const char *label, const char *text);
void table_guides(struct table *t, const char *first, const char *below);
void table_note(struct table *t, const char *text);
void table_below(struct table *t, const char *label);
void table_below_word(struct table *t, const char *label, const char *text);
void table_finish(struct table *t, bool heading);

#endif /* VNETCTL_TABLE_H */
