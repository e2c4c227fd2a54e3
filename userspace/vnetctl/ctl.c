// SPDX-License-Identifier: GPL-2.0-only
/*
 * ctl: options, the connection and the output of a run. It knows no command.
 */
#include "ctl.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "tables.h"

static void tell_absent(const struct ctl *ctl)
{
	diag_error(ctl, "the vnet module is not loaded");
	if (access("/sys/module/vnet", F_OK)) {
		diag_hint(ctl, "load it: modprobe vnet (from a build tree: modprobe nf_conntrack; insmod build/module/vnet.ko)");
		return;
	}
	diag_hint(ctl, "/sys/module/vnet exists, but this network namespace does not see its netlink family;");
	diag_hint(ctl, "look for errors of its start: dmesg | grep vnet");
}

/**
 * ctl_connect() - the connection to the module
 * @ctl: the run
 * @code: receives the exit code when there is none
 *
 * Return: the connection; NULL after the error was told.
 */
struct vnet *ctl_connect(struct ctl *ctl, int *code)
{
	int err;

	if (ctl->vnet)
		return ctl->vnet;
	err = vnet_open(&ctl->vnet, ctl->opt.netns);
	if (!err)
		return ctl->vnet;

	*code = CTL_REFUSED;
	if (err == -EPROTONOSUPPORT) {
		tell_absent(ctl);
		*code = CTL_ABSENT;
	} else {
		diag_error(ctl, "%s", vnet_errstr(ctl->vnet));
		if (ctl->opt.netns)
			diag_hint(ctl, "network namespace \"%s\"; see: ip netns list",
				  ctl->opt.netns);
	}
	vnet_close(ctl->vnet);
	ctl->vnet = NULL;
	return NULL;
}

/**
 * ctl_open_output() - make the output that the options ask for
 * @ctl: the run
 *
 * Return: CTL_OK or CTL_REFUSED.
 */
int ctl_open_output(struct ctl *ctl)
{
	enum out_mode mode = !ctl->opt.json ? OUT_TEXT :
			     ctl->opt.pretty ? OUT_JSON_PRETTY : OUT_JSON;

	out_free(ctl->out);
	ctl->out = out_new(stdout, mode, out_wants_color(stdout));
	if (ctl->out)
		return CTL_OK;
	diag_error(ctl, "there is no memory");
	return CTL_REFUSED;
}

/* The long names are as in ip(8), with one dash or two. */
static const struct {
	char letter;
	const char *name;
	bool value;
} known_options[] = {
	{ 'j', "json", false }, { 'p', "pretty", false },
	{ 's', "stats", false }, { 's', "statistics", false },
	{ 't', "timestamp", false }, { 'f', "force", false },
	{ 'b', "batch", true }, { 'n', "netns", true },
	{ 'V', "version", false }, { 'h', "help", false },
};

/* The option that a word is, by letter; 0 if none. */
static char option_letter(const char *word, bool *value)
{
	size_t i;

	word += word[1] == '-' ? 2 : 1;
	for (i = 0; i < COUNT_OF(known_options); i++) {
		bool letter = word[0] == known_options[i].letter && !word[1] &&
			      word[0] != 'f';

		*value = known_options[i].value;
		if (letter || !strcmp(word, known_options[i].name))
			return known_options[i].letter;
	}
	return 0;
}

static void set_option(struct options *opt, char letter, const char *value)
{
	switch (letter) {
	case 'p':
		opt->pretty = true;
		opt->json = true;
		break;
	case 'j':
		opt->json = true;
		break;
	case 's':
		opt->stats = true;
		break;
	case 't':
		opt->timestamps = true;
		break;
	case 'f':
		opt->force = true;
		break;
	case 'b':
		opt->batch = value;
		break;
	case 'n':
		opt->netns = value;
		break;
	}
}

/**
 * ctl_options() - read the options at the beginning of a line
 * @opt: receives them
 * @line: the line
 * @next: index of the word to begin at; receives that of the first word that is
 *	no option, or of the one that cannot be understood
 *
 * Return: 0; 'V' or 'h' if that was asked for; -1 if the word at @next is no
 * known option or lacks its value. Several letters may share a dash.
 */
int ctl_options(struct options *opt, const struct line *line, int *next)
{
	for (; *next < line->count; ++*next) {
		const char *word = line->words[*next];
		char letter;
		const char *p;
		bool value;

		if (word[0] != '-' || !word[1])
			return 0;
		letter = option_letter(word, &value);
		if (letter == 'V' || letter == 'h')
			return letter;
		if (letter && value && *next + 1 == line->count)
			return -1;
		if (letter) {
			*next += value;
			set_option(opt, letter, line->words[*next]);
			continue;
		}
		for (p = word + 1; *p; p++) {
			if (!strchr("jpst", *p))
				return -1;
			set_option(opt, *p, NULL);
		}
	}
	return 0;
}
