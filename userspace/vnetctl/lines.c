// SPDX-License-Identifier: GPL-2.0-only
/*
 * lines: commands in a file, one on each line: "#" begins a comment, words end
 * at spaces, empty lines are passed over. Quotes and backslashes are a shell's:
 * "..." and '...' keep what is in them together, be it nothing; a backslash
 * keeps the next character, within "..." only a quote or a backslash. It does
 * not know what the words mean.
 */
#include "lines.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"

#define SPACES " \t\r\n"

/** struct quoting - where a line is: in quotes, behind a backslash */
struct quoting {
	char quote;
	bool escaped;
};

/** enum part - what a character of a line is */
enum part {
	PART_SPACE,	/* between words */
	PART_MARK,	/* of the quoting */
	PART_OF_WORD,
};

static bool escapes(const struct quoting *q, const char *p)
{
	if (*p != '\\' || q->quote == '\'')
		return false;
	return !q->quote || p[1] == '"' || p[1] == '\\';
}

static bool opens_or_closes(const struct quoting *q, const char *p)
{
	return q->quote ? *p == q->quote : *p == '"' || *p == '\'';
}

static enum part take(struct quoting *q, const char *p)
{
	if (q->escaped) {
		q->escaped = false;
		return PART_OF_WORD;
	}
	if (escapes(q, p)) {
		q->escaped = true;
		return PART_MARK;
	}
	if (opens_or_closes(q, p)) {
		q->quote = q->quote ? '\0' : *p;
		return PART_MARK;
	}
	return !q->quote && strchr(SPACES, *p) ? PART_SPACE : PART_OF_WORD;
}

/* Cuts one word off in place: it never gets longer. Returns the rest. */
static char *cut_word(struct quoting *q, char *text)
{
	char *to = text;

	while (*text) {
		char c = *text;
		enum part part = take(q, text++);

		if (part == PART_SPACE)
			break;
		if (part == PART_OF_WORD)
			*to++ = c;
	}
	*to = '\0';
	return text;
}

/**
 * lines_split() - cut a text into words
 * @text: is cut in place
 * @words: receives them
 * @max: room in @words
 * @why: receives NULL, or a sentence that says what is wrong with the text
 *
 * Return: how many words; the last one is unfinished if a quote is open or
 * the text ends in a backslash. -1 if there are too many.
 */
int lines_split(char *text, char **words, int max, const char **why)
{
	struct quoting q = { '\0', false };
	int count = 0;

	*why = NULL;
	for (;;) {
		text += strspn(text, SPACES);
		if (!*text || *text == '#')
			break;
		if (count == max) {
			*why = "the line has too many words";
			return -1;
		}
		words[count++] = text;
		text = cut_word(&q, text);
	}
	if (q.quote)
		*why = "the line has a quote that is not closed";
	else if (q.escaped)
		*why = "the line ends in a backslash; a command stands on one line";
	return count;
}

/**
 * lines_last_word() - where the last word of an unfinished text begins
 * @text: the text
 * @length: how much of it counts
 * @quoted: receives if what comes next is in quotes or behind a backslash
 *
 * Return: its index; @length if the text ends between words.
 */
size_t lines_last_word(const char *text, size_t length, bool *quoted)
{
	struct quoting q = { '\0', false };
	size_t i, start = 0;

	for (i = 0; i < length; i++)
		if (take(&q, text + i) == PART_SPACE)
			start = i + 1;
	*quoted = q.quote || q.escaped;
	return start;
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

static void cut_end(char *text, size_t length)
{
	if (length && text[length - 1] == '\n')
		text[--length] = '\0';
	if (length && text[length - 1] == '\r')
		text[length - 1] = '\0';
}

/**
 * lines_next() - read the next line that has words
 * @lines: the file; its line is the one that was read
 *
 * Return: 1; 0 at the end; -1 if the line cannot be understood, -2 if the file
 * cannot be read on: then @lines->why is a sentence that says why.
 */
int lines_next(struct lines *lines)
{
	struct line *line = &lines->line;
	ssize_t length;

	while ((length = getline(&lines->text, &lines->size, lines->from)) >= 0) {
		line->file = lines->name;
		line->number++;
		line->words = lines->words;
		line->count = 0;
		if (strlen(lines->text) != (size_t)length) {
			lines->why = "the line has a NUL character";
			return -1;
		}
		cut_end(lines->text, length);
		line->count = lines_split(lines->text, lines->words,
					  CTL_LINE_WORDS, &lines->why);
		if (lines->why) {
			line->count = 0;
			return -1;
		}
		if (line->count)
			return 1;
	}
	lines->why = "the file cannot be read on";
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
