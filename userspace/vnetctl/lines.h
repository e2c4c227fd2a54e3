/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * lines: commands in a file, one on each line.
 */
#ifndef VNETCTL_LINES_H
#define VNETCTL_LINES_H

#include <stdbool.h>
#include <stdio.h>

#include "ctl.h"

/**
 * struct lines - a file being read
 * @from: the file
 * @name: as errors call it
 * @line: the line that was read last
 * @why: what is wrong with it
 * @text: its text, cut into words
 * @size: room in @text
 * @words: room for the words of a line
 */
struct lines {
	FILE *from;
	const char *name;
	struct line line;
	const char *why;
	char *text;
	size_t size;
	char *words[CTL_LINE_WORDS];
};

int lines_open(struct lines *lines, struct ctl *ctl, const char *name);
int lines_next(struct lines *lines);
void lines_close(struct lines *lines);
int lines_split(char *text, char **words, int max, const char **why);
size_t lines_last_word(const char *text, size_t length, bool *quoted);

#endif /* VNETCTL_LINES_H */
