// SPDX-License-Identifier: GPL-2.0-only
/*
 * main: the arguments of the program: options, and then a command, a file of
 * commands or the prompt. It knows no command.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "batch.h"
#include "cmd.h"
#include "complete.h"
#include "ctl.h"
#include "diag.h"
#include "shell.h"

#ifndef VNETCTL_VERSION
#define VNETCTL_VERSION "unknown"
#endif

static int run_help(struct ctl *ctl)
{
	char word[] = "help", *words = word;
	struct line line = { .words = &words, .count = 1 };

	return cmd_run(ctl, &line);
}

static int run_arguments(struct ctl *ctl, const struct line *all, int next)
{
	struct line line = {
		.words = all->words + next, .count = all->count - next,
	};

	if (ctl->opt.batch && line.count) {
		diag_error(ctl, "either -b FILE or a command");
		diag_caret(ctl, next, NULL);
		return CTL_USAGE;
	}
	if (ctl->opt.batch || (!line.count && !isatty(STDIN_FILENO))) {
		ctl->mode = CTL_BATCH;
		ctl->line = NULL;
		return batch_run(ctl, ctl->opt.batch ? ctl->opt.batch : "-");
	}
	if (!line.count) {
		ctl->mode = CTL_PROMPT;
		ctl->line = NULL;
		return shell_run(ctl);
	}
	return cmd_run(ctl, &line);
}

static int run(struct ctl *ctl, const struct line *all)
{
	int next = 0;
	int special = ctl_options(&ctl->opt, all, &next);
	int code = ctl_open_output(ctl);

	ctl->line = all;
	if (code)
		return code;
	if (special == 'V') {
		puts("vnetctl " VNETCTL_VERSION);
		return CTL_OK;
	}
	if (special == 'h')
		return run_help(ctl);
	if (special) {
		diag_error(ctl, "this option is not known or lacks its value");
		diag_caret(ctl, next, "see: vnetctl -h");
		return CTL_USAGE;
	}
	if (next < all->count && !strcmp(all->words[next], "__complete"))
		return complete_main(ctl, all->words + next + 1,
				     all->count - next - 1);
	return run_arguments(ctl, all, next);
}

int main(int argc, char **argv)
{
	struct ctl ctl = { .mode = CTL_ONCE };
	struct line all = { .words = argv + 1, .count = argc ? argc - 1 : 0 };
	int code = run(&ctl, &all);

	if ((fflush(stdout) || ferror(stdout)) && !code) {
		diag_error(&ctl, "cannot write the answer");
		code = CTL_REFUSED;
	}
	out_free(ctl.out);
	vnet_close(ctl.vnet);
	return code;
}
