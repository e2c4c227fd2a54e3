// SPDX-License-Identifier: GPL-2.0-only
/*
 * complete: what can come next on an unfinished line. It knows neither readline
 * nor bash, and tells no errors.
 */
#include "complete.h"

#include <stdio.h>
#include <string.h>

#include "live.h"

static void complete_help(struct ctl *ctl, const struct line *before,
			  int next, candidate_fn fn, void *arg)
{
	int given = before->count - next;

	if (given < 2)
		expect_commands(ctl, given ? before->words[next] : NULL, fn,
				arg);
}

/* Where a value is awaited that only the kernel knows, its names. */
static void complete_live(struct args *a, candidate_fn fn, void *arg)
{
	const struct key *key = a->pending ? a->pending : args_positional(a);

	if (!key)
		return;
	live_names(a, key, fn, arg);
}

static void complete_arguments(struct ctl *ctl, const struct command *cmd,
			       int next, candidate_fn fn, void *arg)
{
	struct args a;

	args_feed(&a, ctl, cmd, next);
	expect_arguments(&a, fn, arg);
	complete_live(&a, fn, arg);
	args_clear(&a);
}

/**
 * complete_line() - what can come next
 * @ctl: the run
 * @before: the words so far, options included
 * @fn: is called for each candidate
 * @arg: for @fn
 */
void complete_line(struct ctl *ctl, const struct line *before,
		   candidate_fn fn, void *arg)
{
	const struct line *line = ctl->line;
	const struct command *cmd;
	bool quiet = ctl->quiet;
	int first = 0, next;

	ctl->quiet = true;
	ctl->line = before;
	if (ctl_options(&ctl->opt, before, &first)) {
		/* an option's value, or nothing to offer for */
	} else if (first == before->count) {
		expect_commands(ctl, NULL, fn, arg);
	} else if (first + 1 == before->count &&
		   cmd_object_help(before->words[first])) {
		expect_commands(ctl, before->words[first], fn, arg);
	} else if (!cmd_find(ctl, &cmd, first, &next)) {
		if (cmd->free_words)
			complete_help(ctl, before, next, fn, arg);
		else
			complete_arguments(ctl, cmd, next, fn, arg);
	}
	ctl->line = line;
	ctl->quiet = quiet;
}

static void print_matching(void *arg, const struct candidate *c)
{
	const char *prefix = arg;

	if (c->literal && !strncmp(c->text, prefix, strlen(prefix)))
		puts(c->text);
	else if (c->key && c->key->kind->live == LIVE_FILES)
		puts("FILE");
}

/**
 * complete_main() - print the candidates for a shell
 * @ctl: the run
 * @words: the words of the line; the last is the beginning of the next word
 * @count: how many
 *
 * Return: CTL_OK.
 */
int complete_main(struct ctl *ctl, char **words, int count)
{
	struct line before = { .words = words, .count = count ? count - 1 : 0 };
	const char *prefix = count ? words[count - 1] : "";

	complete_line(ctl, &before, print_matching, (void *)prefix);
	return CTL_OK;
}
