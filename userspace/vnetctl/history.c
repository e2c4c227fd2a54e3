// SPDX-License-Identifier: GPL-2.0-only
/*
 * history: the file that keeps what was typed at the prompt: where it is, and
 * that nobody else can read it. It does not know what is in it.
 */
#include "history.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char *history_path(void)
{
	const char *state = getenv("XDG_STATE_HOME");
	const char *home = getenv("HOME");
	char *path = NULL;
	int len = -1;

	if (state && *state == '/')
		len = asprintf(&path, "%s/vnet/history", state);
	else if (home && *home == '/')
		len = asprintf(&path, "%s/.local/state/vnet/history", home);
	return len < 0 ? NULL : path;
}

/* Makes the directories above the file. */
static void make_parents(char *path)
{
	char *p;

	for (p = path + 1; *p; p++) {
		if (*p != '/')
			continue;
		*p = '\0';
		if (mkdir(path, 0700) && errno != EEXIST) {
			*p = '/';
			return;
		}
		*p = '/';
	}
}

/**
 * history_file() - the file, made if need be, for its owner only
 *
 * Return: its path, to be freed; NULL if there can be none.
 */
char *history_file(void)
{
	char *path = history_path();
	int fd;

	if (!path)
		return NULL;
	make_parents(path);
	fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0 || fchmod(fd, 0600)) {
		free(path);
		path = NULL;
	}
	if (fd >= 0)
		close(fd);
	return path;
}
