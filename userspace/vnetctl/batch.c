// SPDX-License-Identifier: GPL-2.0-only
/*
 * batch: runs the commands of a file, one after the other over one connection.
 */
#include "batch.h"

#include "cmd.h"
#include "diag.h"
#include "lines.h"

static int run_line(struct ctl *ctl, struct lines *lines, int got)
{
	ctl->line = &lines->line;
	if (got < 0) {
		diag_error(ctl, "%s", lines->why);
		return CTL_USAGE;
	}
	return cmd_run(ctl, &lines->line);
}

/**
 * batch_run() - run the commands of a file
 * @ctl: the run
 * @file: the file, "-" for the standard input
 *
 * Return: CTL_OK, or the code of the first command that failed.
 */
int batch_run(struct ctl *ctl, const char *file)
{
	int code = CTL_OK, failed = CTL_OK, got;
	struct lines lines;

	code = lines_open(&lines, ctl, file);
	if (code)
		return code;
	while ((got = lines_next(&lines)) != 0) {
		code = run_line(ctl, &lines, got);
		if (code && !failed)
			failed = code;
		if ((code && !ctl->opt.force) || got == -2)
			break;
	}
	ctl->line = NULL;
	lines_close(&lines);
	return failed;
}
