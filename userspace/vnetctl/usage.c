// SPDX-License-Identifier: GPL-2.0-only
/*
 * usage: the grammar of a command in words, for help and for the manual page. It
 * knows no command by name.
 */
#include "usage.h"

#include <ctype.h>
#include <stdarg.h>
#include <string.h>

#include "kind.h"

#define LINE_WIDTH 79

/* A text that grows up to its size. */
struct grow {
	char *text;
	size_t size;
	size_t length;
};

static void grow(struct grow *g, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void grow(struct grow *g, const char *format, ...)
{
	va_list args;
	int len;

	va_start(args, format);
	len = vsnprintf(g->text + g->length, g->size - g->length, format, args);
	va_end(args);
	if (len > 0)
		g->length += (size_t)len < g->size - g->length ?
			     (size_t)len : g->size - g->length - 1;
}

static void grow_words(struct grow *g, const struct key *key, const char *first)
{
	const char *word;
	unsigned int i;

	for (i = 0; (word = kind_word_at(key, i)) != NULL; i++)
		grow(g, "%s%s", i ? "|" : first, word);
}

/* What may stand for a value: its words and its metavariable. A single word is
 * the exception and stands last.
 */
static void grow_value(struct grow *g, const struct key *key)
{
	const struct kind *kind = key->kind;

	if (!kind->what) {
		grow_words(g, key, "");
	} else if (!kind->words) {
		grow(g, "%s", kind->metavar);
	} else if (!kind->words[1]) {
		grow(g, "%s", kind->metavar);
		grow_words(g, key, "|");
	} else {
		grow_words(g, key, "");
		grow(g, "|%s", kind->metavar);
	}
}

static void grow_key(struct grow *g, const struct key *key)
{
	if (key->flags & (KEY_POSITIONAL | KEY_ALONE | KEY_FORM))
		grow(g, "%s", key->word);
	else if (!(key->flags & KEY_BARE))
		grow(g, "%s ", key->word);
	if (!(key->flags & (KEY_POSITIONAL | KEY_ALONE | KEY_FORM)))
		grow_value(g, key);
}

static bool takes(const struct command *cmd, const struct key *key)
{
	return key->verbs & cmd->verbs &&
	       (key->word || key->flags & KEY_BARE);
}

static const struct key *next_key(const struct command *cmd,
				  const struct key *key)
{
	for (key++; key->kind; key++)
		if (takes(cmd, key) || key->flags & KEY_TAG)
			return key;
	return NULL;
}

/* The tag belongs to the interface before it. */
static bool tag_follows(const struct command *cmd, const struct key *key)
{
	const struct key *next = next_key(cmd, key);

	return next && next->flags & KEY_TAG && next->verbs & cmd->verbs;
}

/**
 * usage_text() - one line of grammar
 * @cmd: the command
 * @text: receives it
 * @size: room in @text
 */
void usage_text(const struct command *cmd, char *text, size_t size)
{
	struct grow g = { .text = text, .size = size };
	const struct key *key;

	grow(&g, "%s%s%s", cmd->object, cmd->verb ? " " : "",
	     cmd->verb ? cmd->verb : "");
	if (cmd->free_words)
		grow(&g, " [OBJECT [VERB]]");
	for (key = cmd->keys; key && key->kind; key++) {
		bool needed = key->needs & cmd->verbs;

		if (!takes(cmd, key) || key->flags & KEY_TAG)
			continue;
		grow(&g, needed ? " " : " [");
		grow_key(&g, key);
		if (tag_follows(cmd, key))
			grow(&g, " [TAG]");
		if (!needed)
			grow(&g, "]");
	}
}

/**
 * usage_has_tag() - does a command take a tag?
 * @cmd: the command
 *
 * Return: true if so.
 */
bool usage_has_tag(const struct command *cmd)
{
	const struct key *key;

	for (key = cmd->keys; key && key->kind; key++)
		if (key->flags & KEY_TAG && key->verbs & cmd->verbs)
			return true;
	return false;
}

/* Length of the words up to the next place where a line may break. */
static size_t chunk_length(const char *text)
{
	size_t len = 0;
	int depth = 0;

	for (; text[len]; len++) {
		depth += text[len] == '[';
		depth -= text[len] == ']';
		if (text[len] == ' ' && len && !depth)
			break;
	}
	return len;
}

/**
 * usage_print() - one command's grammar, on as many lines as it needs
 * @to: where to
 * @cmd: the command
 * @lead: stands before it
 */
void usage_print(FILE *to, const struct command *cmd, const char *lead)
{
	int indent = strlen(lead) + 4, column;
	char text[2048];
	const char *p;
	size_t len;

	usage_text(cmd, text, sizeof(text));
	column = fprintf(to, "%s", lead);
	for (p = text; *p; p += len) {
		len = chunk_length(p);
		if (column + len > LINE_WIDTH) {
			fprintf(to, "\n%*s", indent, "");
			column = indent;
			p++;
			len--;
		}
		column += fprintf(to, "%.*s", (int)len, p);
	}
	fputc('\n', to);
}

/**
 * usage_keys() - what the arguments of a command mean, one on each line
 * @to: where to
 * @cmd: the command
 */
void usage_keys(FILE *to, const struct command *cmd)
{
	const struct key *key;

	for (key = cmd->keys; key && key->kind; key++) {
		char text[128] = "";
		struct grow g = { .text = text, .size = sizeof(text) };

		if (!takes(cmd, key))
			continue;
		grow_key(&g, key);
		fprintf(to, "    %-34s %s\n", text, key->help ? key->help : "");
	}
}

/* Words to be typed are bold, what they stand for is in italics. */
static void man_word(FILE *to, const char *word, size_t length)
{
	bool typed = false;
	size_t i;

	for (i = 0; i < length; i++)
		typed |= islower((unsigned char)word[i]) ||
			 isdigit((unsigned char)word[i]);
	fputs(typed ? "\\fB" : "\\fI", to);
	for (i = 0; i < length; i++)
		fprintf(to, "%s%c", word[i] == '-' ? "\\" : "", word[i]);
	fputs("\\fR", to);
}

/**
 * usage_man() - the grammar of all commands as the manual page has it
 * @to: where to
 */
void usage_man(FILE *to)
{
	const struct command *cmd;
	char text[2048], *p;
	unsigned int i;
	size_t length;

	for (i = 0; (cmd = cmd_at(i)) != NULL; i++) {
		usage_text(cmd, text, sizeof(text));
		fputs(".HP\n", to);
		for (p = text; *p; p += length) {
			length = strcspn(p, " []|,/.");
			if (length)
				man_word(to, p, length);
			else
				fputc(p[length++], to);
		}
		fputc('\n', to);
	}
}
