/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * expect: what may come next in a command: for errors, abbreviations,
 * completion and the question mark alike.
 */
#ifndef VNETCTL_EXPECT_H
#define VNETCTL_EXPECT_H

#include "args.h"

/**
 * struct candidate - something that may come next
 * @text: the word, or what stands for it
 * @help: what it is
 * @key: the row that it comes from, NULL for an object or a verb
 * @literal: @text can be typed as it is
 */
struct candidate {
	const char *text;
	const char *help;
	const struct key *key;
	bool literal;
};

typedef void (*candidate_fn)(void *arg, const struct candidate *c);

void expect_commands(const struct ctl *ctl, const char *object,
		     candidate_fn fn, void *arg);
void expect_arguments(const struct args *a, candidate_fn fn, void *arg);
void expect_value(const struct key *key, candidate_fn fn, void *arg);

/** struct wordlist - words joined for a message; longer lists are cut */
struct wordlist {
	char text[512];
	size_t length;
};

void wordlist_add(struct wordlist *list, const char *word);
void wordlist_candidate(void *list, const struct candidate *c);

/**
 * struct guess - looks for the word that was meant
 * @typed: what was typed
 * @prefix: take a unique prefix too
 * @exact: the candidate that was typed in full
 * @best: the candidate that @typed begins
 * @matches: how many it begins
 * @options: these
 * @nearest: the candidate that looks most like it
 * @distance: how much it differs
 */
struct guess {
	const char *typed;
	bool prefix;
	struct candidate exact;
	struct candidate best;
	int matches;
	struct wordlist options;
	const char *nearest;
	int distance;
};

void guess_begin(struct guess *g, const char *typed, bool prefix);
void guess_candidate(void *guess, const struct candidate *c);
const struct candidate *guess_answer(const struct guess *g);
const char *guess_suggestion(const struct guess *g);

#endif /* VNETCTL_EXPECT_H */
