// SPDX-License-Identifier: GPL-2.0-only
/*
 * diag: errors for people, on the standard error. It knows nothing of commands:
 * it is told what to say and which word is meant.
 */
#include "diag.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define INDENT	4

/**
 * diag_error() - say what went wrong; begins with the file's line in a batch
 * @ctl: the run
 * @format: as printf(), without a full stop
 */
void diag_error(const struct ctl *ctl, const char *format, ...)
{
	bool color = out_wants_color(stderr);
	va_list args;

	if (ctl->quiet)
		return;
	fflush(stdout);
	if (ctl->line && ctl->line->file)
		fprintf(stderr, "%s:%u: ", ctl->line->file, ctl->line->number);
	fputs(color ? "\033[31mError:\033[0m " : "Error: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/**
 * diag_hint() - say what helps, below an error
 * @ctl: the run
 * @format: as printf()
 */
void diag_hint(const struct ctl *ctl, const char *format, ...)
{
	va_list args;

	if (ctl->quiet)
		return;
	fprintf(stderr, "%*s", INDENT, "");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/* Prints a character so that it takes one place; returns the places. */
static int put_character(unsigned char c)
{
	fputc(c < 0x20 || c == 0x7f ? '?' : c, stderr);
	return (c & 0xc0) != 0x80;
}

/* Prints a word as it may be typed again, where words end at spaces. */
static int put_word(const char *word)
{
	bool quotes = !*word || *word == '#' || strpbrk(word, " \t\"'\\");
	int width = 0;

	if (quotes)
		width += put_character('"');
	for (; *word; word++) {
		if (quotes && strchr("\"\\", *word))
			width += put_character('\\');
		width += put_character(*word);
	}
	if (quotes)
		width += put_character('"');
	return width;
}

static void repeat(char c, int count)
{
	while (count-- > 0)
		fputc(c, stderr);
}

/**
 * diag_caret() - show the line and point at a word
 * @ctl: the run
 * @word: index of the word; the number of words points behind the last
 * @remark: stands behind the caret, NULL for none
 */
void diag_caret(const struct ctl *ctl, int word, const char *remark)
{
	const struct line *line = ctl->line;
	int i, at = INDENT, width = 1, column;

	if (ctl->quiet || !line)
		return;
	repeat(' ', INDENT);
	column = INDENT;
	if (ctl->mode == CTL_ONCE && !line->file)
		column += put_word("vnetctl") + put_character(' ');
	for (i = 0; i < line->count; i++) {
		int w = put_word(line->words[i]);

		if (i == word) {
			at = column;
			width = w ? w : 1;
		}
		column += w + 1;
		if (i + 1 < line->count)
			fputc(' ', stderr);
	}
	if (word >= line->count)
		at = column;
	fputc('\n', stderr);
	repeat(' ', at);
	repeat('^', width);
	if (remark)
		fprintf(stderr, " %s", remark);
	fputc('\n', stderr);
}
