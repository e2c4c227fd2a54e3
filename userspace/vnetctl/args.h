/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * args: the words of a command, read by the key table of its object.
 */
#ifndef VNETCTL_ARGS_H
#define VNETCTL_ARGS_H

#include <vnet.h>

#include "cmd.h"
#include "ctl.h"
#include "kind.h"

/* In args.word_of: the prompt's network stands for the word. */
#define WORD_OF_PROMPT	(-1)

/**
 * struct args - a command's arguments
 * @ctl: the run
 * @cmd: the command
 * @object: what was read
 * @pending: its value comes next
 * @negation: the field that comes next, or whose value does, is inverted
 * @word_of: for each key, index + 1 of its value's word; 0 if not given
 * @positional_done: keywords have begun
 * @switches: SWITCH_* that were given
 * @text: FILE, REASON or ELEMENTS
 * @first: first word that is an argument
 */
struct args {
	struct ctl *ctl;
	const struct command *cmd;
	union vnet_object object;
	const struct key *pending;
	const struct key *negation;
	int word_of[KEYS_MAX];
	bool positional_done;
	unsigned int switches;
	const char *text;
	int first;
};

int args_parse(struct args *a, struct ctl *ctl, const struct command *cmd,
	       int first);
void args_feed(struct args *a, struct ctl *ctl, const struct command *cmd,
	       int first);
void args_clear(struct args *a);

/* For those that tell what may come next. */
bool args_takes(const struct args *a, const struct key *key);
const struct key *args_positional(const struct args *a);
bool args_may_skip(const struct args *a, const struct key *key);

#endif /* VNETCTL_ARGS_H */
