// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_help: the commands that explain, and those that leave the prompt. None of
 * them talks to the kernel.
 */
#include "args.h"
#include "cmd.h"
#include "diag.h"
#include "expect.h"
#include "usage.h"

#include <stdio.h>
#include <string.h>

static const struct key explain_keys[] = {
	{ .word = "REASON", .kind = &kind_reason, .verbs = V_SHOW,
	  .flags = KEY_POSITIONAL,
	  .help = "a drop reason as the counters name it" },
	KEY_END
};

static void explain_reason(struct out *o, unsigned int reason)
{
	static const struct out_field name = { "reason", "reason", OUT_COLUMN };
	static const struct out_field cause = { "cause", "cause", OUT_COLUMN };
	static const struct out_field remedy = { "remedy", "remedy", OUT_BELOW };

	out_object_begin(o);
	out_string(o, &name, vnet_name(VNET_NAMES_DROP, reason), NULL);
	out_string(o, &cause, vnet_drop_cause(reason), NULL);
	out_string(o, &remedy, vnet_drop_remedy(reason), NULL);
	out_object_end(o);
}

static int explain(struct ctl *ctl, struct args *a)
{
	unsigned int wanted = 0, reason;

	if (a->text)
		wanted = vnet_value(VNET_NAMES_DROP, a->text);
	out_list_begin(ctl->out);
	for (reason = 1; reason <= vnet_names_max(VNET_NAMES_DROP); reason++)
		if (!wanted || reason == wanted)
			explain_reason(ctl->out, reason);
	out_list_end(ctl->out);
	return CTL_OK;
}

static void help_options(void)
{
	puts("\nOptions before a command:\n"
	     "    -j, -json       JSON            -p, -pretty     JSON with line breaks\n"
	     "    -s, -stats      counters too    -t, -timestamp  times in monitor\n"
	     "    -n, -netns NAME in this network namespace\n"
	     "    -b, -batch FILE commands of a file (- for the standard input); -force goes on\n"
	     "    -V, -version    -h, -help\n\n"
	     USAGE_TAG "\n"
	     "Units are needed: 200mbit, 64kb, 50kpps, 300s.\n"
	     "Exit: 0 done, 1 usage, 2 the kernel refuses, 3 the module is not there.\n"
	     "More: help OBJECT [VERB]; man vnetctl.");
}

static int help_all(const struct ctl *ctl)
{
	const struct command *cmd;
	unsigned int i;

	puts("vnetctl configures the vnet virtual switch.\n");
	for (i = 0; (cmd = cmd_at(i)) != NULL; i++)
		if (cmd_usable(ctl, cmd))
			usage_print(stdout, cmd, "    ");
	help_options();
	return CTL_OK;
}

static void help_command(const struct command *cmd, bool in_full)
{
	usage_print(stdout, cmd, "");
	printf("        %s\n", cmd->help);
	if (!in_full)
		return;
	usage_keys(stdout, cmd);
	if (usage_has_tag(cmd))
		puts(USAGE_TAG);
}

static int help_object(const char *object, const char *verb)
{
	const struct command *cmd;
	unsigned int i;

	for (i = 0; (cmd = cmd_at(i)) != NULL; i++) {
		if (strcmp(cmd->object, object))
			continue;
		if (!verb || (cmd->verb && !strcmp(cmd->verb, verb)))
			help_command(cmd, verb || !cmd->verb);
	}
	return CTL_OK;
}

static int help(struct ctl *ctl, struct args *a)
{
	const struct command *cmd;
	int count = ctl->line->count - a->first, next;
	char **words = ctl->line->words + a->first;

	if (!count)
		return help_all(ctl);
	if (!strcmp(words[0], "--man")) {
		usage_man(stdout);
		return CTL_OK;
	}
	if (count > 2) {
		diag_error(ctl, "at most an object and a verb can be explained");
		diag_caret(ctl, a->first + 2, NULL);
		return CTL_USAGE;
	}
	if (count == 1 && cmd_object_help(words[0]))
		return help_object(words[0], NULL);
	/* What is for the prompt only is explained everywhere. */
	cmd = cmd_of(words[0], count > 1 ? words[1] : NULL);
	if (!cmd && cmd_find(ctl, &cmd, a->first, &next))
		return CTL_USAGE;
	return help_object(cmd->object, cmd->verb);
}

/* Leaves the prompt's network first. */
static int leave(struct ctl *ctl, struct args *a)
{
	(void)a;
	if (ctl->network[0])
		ctl->network[0] = '\0';
	else
		ctl->leave = true;
	return CTL_OK;
}

static int quit(struct ctl *ctl, struct args *a)
{
	(void)a;
	ctl->leave = true;
	return CTL_OK;
}

const struct command help_commands[] = {
	{ .object = "explain", .keys = explain_keys, .verbs = V_SHOW,
	  .run = explain, .help = "drop reasons: what they mean, what to do" },
	{ .object = "help", .free_words = true, .run = help,
	  .help = "the grammar of the commands" },
	{ .object = "exit", .run = leave, .prompt_only = true,
	  .help = "leave the network, or the prompt" },
	{ .object = "quit", .run = quit, .prompt_only = true,
	  .help = "leave the prompt" },
	{ .object = NULL }
};
