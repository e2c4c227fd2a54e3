/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * cmd: the table of commands.
 */
#ifndef VNETCTL_CMD_H
#define VNETCTL_CMD_H

#include <vnet.h>

#include "ctl.h"
#include "key.h"

struct args;

/**
 * struct command - one command
 * @object: first word
 * @verb: second word, NULL if there is none
 * @keys: key table of the object, NULL for a command without arguments
 * @verbs: V_* of this command: which keys it takes
 * @schema: what it is about
 * @single: in a show, the identity that asks for one object instead of all
 * @filters: in a show, what the kernel takes when it is asked for many only
 * @counters: a show takes -s
 * @more: in a show of many, adds what is no object of its own; CTL_* code
 * @cmd: of the kernel, where the verb does not tell
 * @prompt_only: means nothing elsewhere
 * @free_words: whatever follows is for run() to look at
 * @run: does it; CTL_* code
 * @help: one line
 */
struct command {
	const char *object;
	const char *verb;
	const struct key *keys;
	uint16_t verbs;
	const struct vnet_schema *schema;
	uint64_t single;
	uint64_t filters;
	bool counters;
	int (*more)(struct ctl *ctl, struct args *args);
	bool prompt_only;
	bool free_words;
	int (*run)(struct ctl *ctl, struct args *args);
	const char *help;
};

/* One array for each object, ended by an entry without an object. */
extern const struct command network_commands[];
extern const struct command port_commands[];
extern const struct command member_commands[];
extern const struct command fdb_commands[];
extern const struct command rule_commands[];
extern const struct command set_commands[];
extern const struct command class_commands[];
extern const struct command share_commands[];
extern const struct command info_commands[];
extern const struct command monitor_commands[];
extern const struct command help_commands[];

const struct command *cmd_at(unsigned int index);
const struct command *cmd_of(const char *object, const char *verb);
bool cmd_usable(const struct ctl *ctl, const struct command *cmd);
int cmd_find(struct ctl *ctl, const struct command **cmd, int first,
	     int *next);
int cmd_run(struct ctl *ctl, const struct line *line);
const char *cmd_object_help(const char *object);
const struct key *cmd_keys_of(const struct vnet_schema *schema);

#endif /* VNETCTL_CMD_H */
