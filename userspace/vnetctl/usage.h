/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * usage: the grammar of a command in words, made from its key table.
 */
#ifndef VNETCTL_USAGE_H
#define VNETCTL_USAGE_H

#include <stdio.h>

#include "cmd.h"

#define USAGE_TAG "TAG := vlan VID | svlan VID [cvlan VID]; none means untagged"

void usage_text(const struct command *cmd, char *text, size_t size);
void usage_print(FILE *to, const struct command *cmd, const char *lead);
bool usage_has_tag(const struct command *cmd);
void usage_keys(FILE *to, const struct command *cmd);
void usage_man(FILE *to);

#endif /* VNETCTL_USAGE_H */
