// SPDX-License-Identifier: GPL-2.0-only
/*
 * expect: what may come next in a command, and which of it was meant. Names that
 * only the kernel knows are added elsewhere.
 */
#include "expect.h"

#include <stdio.h>
#include <string.h>

static bool seen_before(unsigned int index, const char *object)
{
	unsigned int i;

	for (i = 0; i < index; i++)
		if (!strcmp(cmd_at(i)->object, object))
			return true;
	return false;
}

/**
 * expect_commands() - objects, or the verbs of one
 * @ctl: the run
 * @object: the object; NULL for the objects themselves
 * @fn: is called for each
 * @arg: for @fn
 */
void expect_commands(const struct ctl *ctl, const char *object,
		     candidate_fn fn, void *arg)
{
	const struct command *cmd;
	unsigned int i;

	for (i = 0; (cmd = cmd_at(i)) != NULL; i++) {
		struct candidate c = { .help = cmd->help, .literal = true };

		if (!cmd_usable(ctl, cmd))
			continue;
		if (!object && !seen_before(i, cmd->object)) {
			c.text = cmd->object;
			if (cmd->verb)
				c.help = cmd_object_help(cmd->object);
		} else if (object && cmd->verb &&
			   !strcmp(cmd->object, object)) {
			c.text = cmd->verb;
		}
		if (c.text)
			fn(arg, &c);
	}
}

/**
 * expect_value() - the values of a key
 * @key: the key
 * @fn: is called for each word, and once for what words cannot say
 * @arg: for @fn
 */
void expect_value(const struct key *key, candidate_fn fn, void *arg)
{
	struct candidate c = { .key = key, .literal = true };
	unsigned int i;

	c.help = key->help;
	for (i = 0; (c.text = kind_word_at(key, i)) != NULL; i++)
		fn(arg, &c);
	if (!key->kind->what || key->kind->named)
		return;
	c.text = key->kind->metavar;
	c.help = key->kind->what;
	c.literal = false;
	fn(arg, &c);
}

static void expect_keyword(const struct key *key, candidate_fn fn, void *arg)
{
	struct candidate c = {
		.text = key->word, .help = key->help, .key = key,
		.literal = true,
	};

	if (key->flags & (KEY_BARE | KEY_FORM))
		expect_value(key, fn, arg);
	else
		fn(arg, &c);
}

/**
 * expect_arguments() - what may follow the words so far
 * @a: arguments so far
 * @fn: is called for each
 * @arg: for @fn
 */
void expect_arguments(const struct args *a, candidate_fn fn, void *arg)
{
	const struct key *key;

	if (a->pending) {
		expect_value(a->pending, fn, arg);
		return;
	}
	key = args_positional(a);
	if (key) {
		expect_value(key, fn, arg);
		if (!args_may_skip(a, key))
			return;
	}
	for (key = a->cmd->keys; key && key->kind; key++)
		if (!(key->flags & KEY_POSITIONAL) && args_takes(a, key))
			expect_keyword(key, fn, arg);
}

/**
 * wordlist_add() - add a word to a list
 * @list: the list
 * @word: the word
 */
void wordlist_add(struct wordlist *list, const char *word)
{
	size_t room = sizeof(list->text) - list->length;
	int len = snprintf(list->text + list->length, room, "%s%s",
			   list->length ? " " : "", word);

	if (len > 0 && (size_t)len < room)
		list->length += len;
	else
		list->text[list->length] = '\0';
}

/**
 * wordlist_candidate() - add a candidate to a list, as candidate_fn
 * @list: the struct wordlist
 * @c: the candidate
 */
void wordlist_candidate(void *list, const struct candidate *c)
{
	wordlist_add(list, c->text);
}

/* Levenshtein's distance; long words are never near. */
static int distance(const char *a, const char *b)
{
	int row[33], n = strlen(b), i, j;

	if (n > 32 || strlen(a) > 32)
		return 99;
	for (j = 0; j <= n; j++)
		row[j] = j;
	for (i = 1; a[i - 1]; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (j = 1; j <= n; j++) {
			int change = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < change)
				change = row[j] + 1;
			if (row[j - 1] + 1 < change)
				change = row[j - 1] + 1;
			row[j] = change;
		}
	}
	return row[n];
}

/**
 * guess_begin() - begin to look for a word
 * @g: the guess
 * @typed: what was typed
 * @prefix: take a unique prefix too
 */
void guess_begin(struct guess *g, const char *typed, bool prefix)
{
	memset(g, 0, sizeof(*g));
	g->typed = typed;
	g->prefix = prefix;
	g->distance = 99;
}

/**
 * guess_candidate() - compare with a candidate, as candidate_fn
 * @guess: the struct guess
 * @c: the candidate
 */
void guess_candidate(void *guess, const struct candidate *c)
{
	struct guess *g = guess;
	int d;

	if (!c->literal)
		return;
	if (!strcmp(c->text, g->typed))
		g->exact = *c;
	if (!strncmp(c->text, g->typed, strlen(g->typed))) {
		g->best = *c;
		g->matches++;
		wordlist_add(&g->options, c->text);
	}
	d = distance(g->typed, c->text);
	if (d < g->distance) {
		g->distance = d;
		g->nearest = c->text;
	}
}

/**
 * guess_answer() - the candidate that was meant
 * @g: the guess
 *
 * Return: the candidate, NULL if there is none or more than one.
 */
const struct candidate *guess_answer(const struct guess *g)
{
	if (g->exact.text)
		return &g->exact;
	return g->prefix && *g->typed && g->matches == 1 ? &g->best : NULL;
}

/**
 * guess_suggestion() - the candidate that may have been meant
 * @g: the guess
 *
 * Return: its word, NULL if none is near.
 */
const char *guess_suggestion(const struct guess *g)
{
	int length = strlen(g->typed);

	if (g->matches == 1)
		return g->best.text;
	return g->distance <= (length > 4 ? 2 : 1) ? g->nearest : NULL;
}
