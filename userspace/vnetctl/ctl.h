/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * ctl: what is common to all commands of one run: options, the connection, the
 * output, the line that is being run.
 */
#ifndef VNETCTL_CTL_H
#define VNETCTL_CTL_H

#include <stdbool.h>
#include <vnet.h>

#include "out.h"

/* Exit codes. */
#define CTL_OK		0
#define CTL_USAGE	1
#define CTL_REFUSED	2
#define CTL_ABSENT	3

#define CTL_LINE_WORDS	1024

/** enum ctl_mode - where lines come from */
enum ctl_mode {
	CTL_ONCE,	/* the arguments of the program */
	CTL_BATCH,	/* a file */
	CTL_PROMPT,
};

/**
 * struct options - what stands before a command
 * @json: JSON
 * @pretty: JSON with line breaks
 * @stats: counters too
 * @timestamps: in monitor
 * @force: a batch goes on after errors
 * @netns: network namespace, NULL for the caller's
 * @batch: file of commands, NULL for none
 */
struct options {
	bool json;
	bool pretty;
	bool stats;
	bool timestamps;
	bool force;
	const char *netns;
	const char *batch;
};

/**
 * struct line - one command as typed
 * @words: its words
 * @count: how many
 * @file: where it stands, NULL for no file
 * @number: line of that file
 */
struct line {
	char **words;
	int count;
	const char *file;
	unsigned int number;
};

/**
 * struct ctl - one run of the program
 * @mode: where lines come from
 * @opt: options
 * @out: where answers go
 * @vnet: connection, opened by the first command that needs it
 * @line: the command that is being run
 * @quiet: tell no errors: a line is only being completed
 * @network: the prompt's network, "" for none
 * @leave: the prompt is to end
 */
struct ctl {
	enum ctl_mode mode;
	struct options opt;
	struct out *out;
	struct vnet *vnet;
	const struct line *line;
	bool quiet;
	char network[VNET_NAME_SIZE];
	bool leave;
};

struct vnet *ctl_connect(struct ctl *ctl, int *code);
int ctl_open_output(struct ctl *ctl);
int ctl_options(struct options *opt, const struct line *line, int *next);

#endif /* VNETCTL_CTL_H */
