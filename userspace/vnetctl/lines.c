// SPDX-License-Identifier: GPL-2.0-only
/*
 * lines: commands in a file, one on each line: "#" begins a comment, words end
 * at spaces, empty lines are passed over. It does not know what the words mean.
 */
#include "lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

#define SPACES " \t\r\n"

/**
 * lines_split() - cut a text into words
 * @text: is cut in place
 * @words: receives them
 * @max: room in @words
 *
 * Return: how many words; -1 if there are too many.
 */
int lines_split(char *text, char **words, int max)
{
	int count = 0;

	for (;;) {
		text += strspn(text, SPACES);
		if (!*text || *text == '#')
			return count;
		if (count == max)
			return -1;
		words[count++] = text;
		text += strcspn(text, SPACES);
		if (*text)
			*text++ = '\0';
	}
}

/**
 * lines_open() - open a file of commands
 * @lines: receives it
 * @ctl: the run, for errors
 * @name: of the file, "-" for the standard input
 *
 * Return: CTL_OK, or CTL_USAGE after the error was told.
 */
int lines_open(struct lines *lines, struct ctl *ctl, const char *name)
{
	memset(lines, 0, sizeof(*lines));
	lines->from = strcmp(name, "-") ? fopen(name, "re") : stdin;
	lines->name = lines->from == stdin ? "<stdin>" : name;
	if (lines->from)
		return CTL_OK;
	diag_error(ctl, "cannot read %s: %s", name, strerror(errno));
	return CTL_USAGE;
}

/**
 * lines_next() - read the next line that has words
 * @lines: the file; its line is the one that was read
 *
 * Return: 1; 0 at the end; -1 if the line has too many words or
 * a NUL character; -2 if the file
 * cannot be read on.
 */
int lines_next(struct lines *lines)
{
	struct line *line = &lines->line;
	ssize_t length;
	bool nul;

	while ((length = getline(&lines->text, &lines->size, lines->from)) >= 0) {
		line->file = lines->name;
		line->number++;
		line->words = lines->words;
		nul = strlen(lines->text) != (size_t)length;
		line->count = lines_split(lines->text, lines->words,
					  CTL_LINE_WORDS);
		if (line->count < 0 || nul) {
			line->count = 0;
			return -1;
		}
		if (line->count)
			return 1;
	}
	return ferror(lines->from) ? -2 : 0;
}

/**
 * lines_close() - close a file of commands
 * @lines: the file
 */
void lines_close(struct lines *lines)
{
	if (lines->from && lines->from != stdin)
		fclose(lines->from);
	free(lines->text);
}
