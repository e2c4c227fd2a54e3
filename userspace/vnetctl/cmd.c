// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd: the table of commands: finding one by its words and running it. It knows
 * no command by name.
 */
#include "cmd.h"

#include <stdio.h>
#include <string.h>

#include "args.h"
#include "diag.h"
#include "expect.h"
#include "tables.h"

static const struct command *const groups[] = {
	network_commands, port_commands, member_commands, fdb_commands,
	rule_commands, set_commands, class_commands, share_commands,
	info_commands, monitor_commands, help_commands,
};

/* Objects in a word, for lists of what can be typed. */
static const struct {
	const char *object;
	const char *help;
} object_helps[] = {
	{ "network", "virtual networks: the unit of isolation" },
	{ "port", "interfaces that are attached to the switch" },
	{ "member", "ports, or tags on them, in a network" },
	{ "fdb", "addresses: which member they are behind" },
	{ "rule", "firewall rules of a network" },
	{ "set", "sets of addresses, ports or MACs that rules name" },
	{ "class", "shaping classes of a network" },
	{ "share", "what networks may have of ports with a capacity" },
};

/**
 * cmd_object_help() - what the commands of an object are about
 * @object: the object
 *
 * Return: a phrase, NULL if it is a command by itself.
 */
const char *cmd_object_help(const char *object)
{
	size_t i;

	for (i = 0; i < COUNT_OF(object_helps); i++)
		if (!strcmp(object_helps[i].object, object))
			return object_helps[i].help;
	return NULL;
}

/**
 * cmd_at() - the commands one after the other
 * @index: 0 for the first
 *
 * Return: the command, NULL after the last.
 */
const struct command *cmd_at(unsigned int index)
{
	const struct command *cmd;
	size_t g;

	for (g = 0; g < COUNT_OF(groups); g++)
		for (cmd = groups[g]; cmd->object; cmd++)
			if (index-- == 0)
				return cmd;
	return NULL;
}

/**
 * cmd_of() - a command by its words
 * @object: first word
 * @verb: second word, NULL if it has none
 *
 * Return: the command, NULL if there is none.
 */
const struct command *cmd_of(const char *object, const char *verb)
{
	const struct command *cmd;
	unsigned int i;

	for (i = 0; (cmd = cmd_at(i)) != NULL; i++)
		if (!strcmp(cmd->object, object) && !cmd->verb == !verb &&
		    (!verb || !strcmp(cmd->verb, verb)))
			return cmd;
	return NULL;
}

/**
 * cmd_usable() - does a command mean anything here?
 * @ctl: the run
 * @cmd: the command
 *
 * Return: true if so.
 */
bool cmd_usable(const struct ctl *ctl, const struct command *cmd)
{
	return !cmd->prompt_only || ctl->mode == CTL_PROMPT;
}

/**
 * cmd_keys_of() - the key table of a kind of objects
 * @schema: the kind
 *
 * Return: the table, NULL if no command has it.
 */
const struct key *cmd_keys_of(const struct vnet_schema *schema)
{
	const struct command *cmd;
	unsigned int i;

	for (i = 0; (cmd = cmd_at(i)) != NULL; i++)
		if (cmd->schema == schema)
			return cmd->keys;
	return NULL;
}

static int refuse_word(const struct ctl *ctl, int word, const struct guess *g,
		       const char *object)
{
	const char *suggestion = guess_suggestion(g);
	struct wordlist list = { .length = 0 };
	char remark[600];

	if (g->prefix && g->matches > 1) {
		diag_error(ctl, "\"%s\" is ambiguous", g->typed);
		snprintf(remark, sizeof(remark), "could be: %s",
			 g->options.text);
		diag_caret(ctl, word, remark);
		return CTL_USAGE;
	}
	expect_commands(ctl, object, wordlist_candidate, &list);
	snprintf(remark, sizeof(remark), "expected one of: %s", list.text);
	if (word >= ctl->line->count)
		diag_error(ctl, "the command is not complete");
	else if (suggestion)
		diag_error(ctl, "there is no command \"%s\" here; did you mean \"%s\"?",
			   g->typed, suggestion);
	else
		diag_error(ctl, "there is no command \"%s\" here", g->typed);
	diag_caret(ctl, word, remark);
	return CTL_USAGE;
}

/* Finds the object, or the object's verb, that a word means. */
static const char *find_word(const struct ctl *ctl, int word,
			     const char *object)
{
	const struct candidate *c;
	struct guess g;

	guess_begin(&g, word < ctl->line->count ? ctl->line->words[word] : "",
		    ctl->mode == CTL_PROMPT);
	expect_commands(ctl, object, guess_candidate, &g);
	c = guess_answer(&g);
	if (c)
		return c->text;
	refuse_word(ctl, word, &g, object);
	return NULL;
}

/**
 * cmd_find() - the command that a line begins with
 * @ctl: the run
 * @cmd: receives the command
 * @first: index of the first word
 * @next: receives the index of the first argument
 *
 * Return: CTL_OK, or CTL_USAGE after the error was told.
 */
int cmd_find(struct ctl *ctl, const struct command **cmd, int first, int *next)
{
	const char *object = find_word(ctl, first, NULL);
	const char *verb;

	if (!object)
		return CTL_USAGE;
	*next = first + 1;
	*cmd = cmd_of(object, NULL);
	if (*cmd)
		return CTL_OK;
	verb = find_word(ctl, first + 1, object);
	if (!verb)
		return CTL_USAGE;
	*next = first + 2;
	*cmd = cmd_of(object, verb);
	return CTL_OK;
}

static int run_command(struct ctl *ctl, const struct command *cmd, int next)
{
	struct args args;
	int code;

	if (cmd->free_words) {
		memset(&args, 0, sizeof(args));
		args.ctl = ctl;
		args.cmd = cmd;
		args.first = next;
		return cmd->run(ctl, &args);
	}
	code = args_parse(&args, ctl, cmd, next);
	if (!code)
		code = cmd->run(ctl, &args);
	args_clear(&args);
	return code;
}

/* Options before a command count for that command alone. */
static int run_with_options(struct ctl *ctl)
{
	struct options saved = ctl->opt;
	const struct command *cmd;
	int first = 0, next, code;

	if (ctl_options(&ctl->opt, ctl->line, &first) ||
	    ctl->opt.netns != saved.netns || ctl->opt.batch != saved.batch) {
		ctl->opt = saved;
		diag_error(ctl, "this option is not known here");
		diag_caret(ctl, first, "expected one of: -j -p -s -t");
		return CTL_USAGE;
	}
	code = first ? ctl_open_output(ctl) : CTL_OK;
	if (!code)
		code = cmd_find(ctl, &cmd, first, &next);
	if (!code)
		code = run_command(ctl, cmd, next);
	ctl->opt = saved;
	if (first)
		ctl_open_output(ctl);
	return code;
}

/**
 * cmd_run() - run a line
 * @ctl: the run
 * @line: the line; an empty one does nothing
 *
 * Return: CTL_* code.
 */
int cmd_run(struct ctl *ctl, const struct line *line)
{
	int code;

	ctl->line = line;
	if (!line->count)
		return CTL_OK;
	code = run_with_options(ctl);
	ctl->line = NULL;
	fflush(stdout);
	return code;
}
