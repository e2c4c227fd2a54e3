// SPDX-License-Identifier: GPL-2.0-only
/*
 * args: the words of a command, read by the key table of its object. It knows
 * the grammar and no object: values are read by the kinds of the keys.
 */
#include "args.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "expect.h"

static struct slot slot_of(struct args *a, const struct key *key)
{
	return (struct slot){
		.key = key, .schema = a->cmd->schema, .object = &a->object,
	};
}

static int index_of(const struct args *a, const struct key *key)
{
	return key - a->cmd->keys;
}

static bool is_given(const struct args *a, const struct key *key)
{
	return a->word_of[index_of(a, key)] != 0;
}

/* Two words may say the same, but only one of them at a time. */
static bool is_said_otherwise(const struct args *a, const struct key *key)
{
	const struct key *other;

	for (other = a->cmd->keys; key->attr && other->kind; other++)
		if (other != key && other->attr == key->attr && is_given(a, other))
			return true;
	return false;
}

/**
 * args_takes() - may a key still be given?
 * @a: arguments so far
 * @key: the key
 *
 * Return: true if so.
 */
bool args_takes(const struct args *a, const struct key *key)
{
	const struct vnet_id *id = &a->object.id;

	if (!key->word && !(key->flags & KEY_BARE))
		return false;
	if (!(key->verbs & a->cmd->verbs) || is_given(a, key) ||
	    is_said_otherwise(a, key))
		return false;
	if (a->negation && !(key->flags & KEY_FIELD))
		return false;
	if (!(key->flags & KEY_TAG))
		return true;
	if (!(id->has & VNET_HAS(VNET_A_IFNAME)))
		return false;
	if (key->attr == VNET_A_CVID)
		return id->has & VNET_HAS(VNET_A_VID) &&
		       id->tag_proto == VNET_TAG_8021AD;
	return !(id->has & VNET_HAS(VNET_A_VID));
}

/**
 * args_positional() - the key whose place it is now
 * @a: arguments so far
 *
 * Return: the key, NULL if all places are filled or keywords have begun.
 */
const struct key *args_positional(const struct args *a)
{
	const struct key *key;

	if (a->positional_done)
		return NULL;
	for (key = a->cmd->keys; key && key->kind; key++)
		if (key->flags & KEY_POSITIONAL && args_takes(a, key))
			return key;
	return NULL;
}

/**
 * args_may_skip() - may a positional key be left out?
 * @a: arguments so far
 * @key: the key
 *
 * Return: true if so.
 */
bool args_may_skip(const struct args *a, const struct key *key)
{
	if (key->flags & KEY_PROMPT && a->ctl->network[0])
		return true;
	return !(key->needs & a->cmd->verbs);
}

static const char *word_at(const struct args *a, int i)
{
	return a->ctl->line->words[i];
}

static void command_name(const struct args *a, char *name, size_t size)
{
	snprintf(name, size, "%s%s%s", a->cmd->object, a->cmd->verb ? " " : "",
		 a->cmd->verb ? a->cmd->verb : "");
}

/* Says what is wrong with a word and what may stand there. */
static int refuse_word(const struct args *a, int i, const struct guess *g)
{
	const char *suggestion = guess_suggestion(g);
	struct wordlist list = { .length = 0 };
	char remark[600], name[64];

	if (a->ctl->quiet)
		return CTL_USAGE;
	command_name(a, name, sizeof(name));
	if (g->prefix && g->matches > 1) {
		diag_error(a->ctl, "\"%s\" is ambiguous", g->typed);
		snprintf(remark, sizeof(remark), "could be: %s",
			 g->options.text);
	} else {
		expect_arguments(a, wordlist_candidate, &list);
		if (suggestion)
			diag_error(a->ctl, "\"%s\" is not known here; did you mean \"%s\"?",
				   g->typed, suggestion);
		else
			diag_error(a->ctl, "\"%s\" is not known here",
				   g->typed);
		if (list.length)
			snprintf(remark, sizeof(remark), "expected one of: %s",
				 list.text);
		else
			snprintf(remark, sizeof(remark),
				 "\"%s\" takes no more words", name);
	}
	diag_caret(a->ctl, i, remark);
	return CTL_USAGE;
}

static void describe_key(const struct key *key, char *text, size_t size)
{
	const char *word = key->word ? key->word : "";
	struct wordlist list = { .length = 0 };
	char *p;

	if (key->flags & KEY_BARE) {
		expect_value(key, wordlist_candidate, &list);
		for (p = list.text; *p; p++)
			if (*p == ' ')
				*p = '|';
		snprintf(text, size, "%.100s", list.text);
	} else {
		snprintf(text, size, "%s", word);
	}
}

static int refuse_value(const struct args *a, int i, const struct key *key,
			const char *why)
{
	struct wordlist list = { .length = 0 };
	char remark[600], name[128];

	if (a->ctl->quiet)
		return CTL_USAGE;
	describe_key(key, name, sizeof(name));
	diag_error(a->ctl, "%s: \"%s\" %s", name, word_at(a, i), why);
	if (key->kind->words || key->kind->named)
		expect_value(key, wordlist_candidate, &list);
	if (key->kind->what)
		snprintf(remark, sizeof(remark), "expected %s",
			 key->kind->what);
	else
		snprintf(remark, sizeof(remark), "expected one of: %s",
			 list.text);
	diag_caret(a->ctl, i, remark);
	return CTL_USAGE;
}

/* What "not" in front of a field does to the object. */
static void invert(struct args *a, const struct key *key)
{
	struct slot slot = slot_of(a, a->negation);
	uint64_t *inverted = slot_value(&slot, a->negation->attr);

	*inverted |= VNET_HAS(key->attr);
	slot_mark(&slot, a->negation->attr);
	a->negation = NULL;
}

static int take_value(struct args *a, int i, const struct key *key)
{
	struct slot slot = slot_of(a, key);
	const char *why = key->kind->parse(word_at(a, i), &slot);

	a->pending = NULL;
	if (why)
		return refuse_value(a, i, key, why);
	a->word_of[index_of(a, key)] = i + 1;
	a->switches |= key->switches;
	if (a->negation)
		invert(a, key);
	if (key->kind == &kind_file || key->kind == &kind_reason ||
	    key->kind == &kind_elements)
		a->text = word_at(a, i);
	return CTL_OK;
}

static int take_keyword(struct args *a, int i, const struct candidate *c)
{
	const struct key *key = c->key;
	struct slot slot = slot_of(a, key);

	a->positional_done = true;
	if (key->flags & KEY_NOT) {
		a->negation = key;
		return CTL_OK;
	}
	if (key->flags & KEY_BARE) {
		key->kind->parse(c->text, &slot);
		a->word_of[index_of(a, key)] = i + 1;
		return CTL_OK;
	}
	if (key->flags & KEY_ALONE)
		return take_value(a, i, key);
	a->pending = key;
	return CTL_OK;
}

static bool has_word(const struct key *key, const char *word)
{
	const char *value;
	unsigned int n;

	if (!(key->flags & KEY_BARE))
		return key->word && !strcmp(key->word, word);
	for (n = 0; (value = kind_word_at(key, n)) != NULL; n++)
		if (!strcmp(value, word))
			return true;
	return false;
}

/* The next key that is known by its form, if the word has it. */
static const struct key *key_of_form(const struct args *a, const char *word)
{
	const struct key *key;

	for (key = a->cmd->keys; key && key->kind; key++)
		if (key->flags & KEY_FORM && args_takes(a, key) &&
		    key->kind->fits(word))
			return key;
	return NULL;
}

/* A word that only repeats what was given deserves a better error. */
static int refuse_repeated(const struct args *a, int i, const struct guess *g)
{
	const struct key *key;
	char name[128];

	for (key = a->cmd->keys; key && key->kind; key++) {
		if (key->flags & KEY_POSITIONAL || !is_given(a, key) ||
		    !(key->verbs & a->cmd->verbs) ||
		    !has_word(key, word_at(a, i)))
			continue;
		describe_key(key, name, sizeof(name));
		diag_error(a->ctl, "%s is given twice", name);
		diag_caret(a->ctl, i, NULL);
		return CTL_USAGE;
	}
	return refuse_word(a, i, g);
}

static int take_word(struct args *a, int i)
{
	const char *word = word_at(a, i);
	const struct key *key = args_positional(a);
	const struct candidate *c;
	struct guess g;

	if (a->pending)
		return take_value(a, i, a->pending);

	if (key && !args_may_skip(a, key))
		return take_value(a, i, key);
	guess_begin(&g, word, a->ctl->mode == CTL_PROMPT);
	for (; key; key = args_positional(a)) {
		if (key->kind->fits && !key->kind->fits(word)) {
			a->word_of[index_of(a, key)] = WORD_OF_PROMPT;
			continue;
		}
		a->positional_done = true;
		expect_arguments(a, guess_candidate, &g);
		a->positional_done = false;
		if (!g.exact.text)
			return take_value(a, i, key);
		break;
	}
	if (!key) {
		guess_begin(&g, word, a->ctl->mode == CTL_PROMPT);
		expect_arguments(a, guess_candidate, &g);
	}
	c = guess_answer(&g);
	if (c)
		return take_keyword(a, i, c);
	key = key_of_form(a, word);
	return key ? take_value(a, i, key) : refuse_repeated(a, i, &g);
}

static bool is_keyword(const struct args *a, const char *word)
{
	const struct key *key;

	for (key = a->cmd->keys; key && key->kind; key++)
		if (!(key->flags & KEY_POSITIONAL) && args_takes(a, key) &&
		    has_word(key, word))
			return true;
	return false;
}

static void fill_key(struct args *a, const struct key *key)
{
	snprintf(a->object.id.network, sizeof(a->object.id.network), "%s",
		 a->ctl->network);
	a->object.id.has |= VNET_HAS(VNET_A_NETWORK);
	a->word_of[index_of(a, key)] = WORD_OF_PROMPT;
}

/* At a prompt that has a network, a line with a word too few before the first
 * keyword has left the network out.
 */
static void fill_positional(struct args *a)
{
	const struct key *key, *network = NULL, *last = NULL;
	int places = 0, given = 0, i;

	for (key = a->cmd->keys; key && key->kind; key++) {
		if (!(key->flags & KEY_POSITIONAL) || !args_takes(a, key))
			continue;
		places++;
		last = key;
		if (key->flags & KEY_PROMPT)
			network = key;
	}
	if (!network || !a->ctl->network[0])
		return;
	for (i = a->first; i < a->ctl->line->count; i++, given++)
		if (is_keyword(a, word_at(a, i)))
			break;
	if (given >= places)
		return;
	if (given && last->kind->fits && last != network &&
	    !last->kind->fits(word_at(a, a->first)))
		return;
	fill_key(a, network);
}

/* Keyworded networks are filled in at the end of the line. */
static void fill_keyword(struct args *a)
{
	const struct key *key;

	for (key = a->cmd->keys; key && key->kind; key++)
		if (key->flags & KEY_PROMPT && a->ctl->network[0] &&
		    !(key->flags & KEY_POSITIONAL) && args_takes(a, key))
			fill_key(a, key);
}

static int refuse_end(struct args *a, const char *what, const char *remark)
{
	diag_error(a->ctl, "%s", what);
	diag_caret(a->ctl, a->ctl->line->count, remark);
	return CTL_USAGE;
}

static bool changes_something(const struct args *a)
{
	const struct key *key;

	for (key = a->cmd->keys; key && key->kind; key++)
		if (is_given(a, key) &&
		    !(key->flags & (KEY_POSITIONAL | KEY_IDENTITY)))
			return true;
	return false;
}

/* What is still missing at the end of the line. */
static int check_end(struct args *a)
{
	struct wordlist missing = { .length = 0 }, list = { .length = 0 };
	char remark[600], name[128];
	const struct key *key;

	if (a->pending) {
		expect_value(a->pending, wordlist_candidate, &list);
		snprintf(name, sizeof(name), "%s needs a value",
			 a->pending->word);
		snprintf(remark, sizeof(remark), "expected %s",
			 a->pending->kind->what ? a->pending->kind->what :
			 list.text);
		return refuse_end(a, name, remark);
	}
	if (a->negation) {
		expect_arguments(a, wordlist_candidate, &list);
		snprintf(remark, sizeof(remark), "expected one of: %s", list.text);
		return refuse_end(a, "not needs the field that must not be so", remark);
	}
	for (key = a->cmd->keys; key && key->kind; key++) {
		if (!(key->needs & a->cmd->verbs) || is_given(a, key))
			continue;
		describe_key(key, name, sizeof(name));
		wordlist_add(&missing, name);
	}
	if (missing.length) {
		snprintf(remark, sizeof(remark), "missing: %s", missing.text);
		return refuse_end(a, "the command is not complete", remark);
	}
	if (a->cmd->verbs == V_SET && !changes_something(a)) {
		expect_arguments(a, wordlist_candidate, &list);
		snprintf(remark, sizeof(remark), "expected one of: %s",
			 list.text);
		return refuse_end(a, "there is nothing to change", remark);
	}
	return CTL_OK;
}

static void begin(struct args *a, struct ctl *ctl, const struct command *cmd,
		  int first)
{
	memset(a, 0, sizeof(*a));
	a->ctl = ctl;
	a->cmd = cmd;
	a->first = first;
	fill_positional(a);
}

/**
 * args_parse() - read the arguments of the line that is being run
 * @a: receives them; to be cleared afterwards in any case
 * @ctl: the run
 * @cmd: the command
 * @first: index of the first word that is an argument
 *
 * Return: CTL_OK, or CTL_USAGE after the error was told.
 */
int args_parse(struct args *a, struct ctl *ctl, const struct command *cmd,
	       int first)
{
	int i, code;

	begin(a, ctl, cmd, first);
	for (i = first; i < ctl->line->count; i++) {
		code = take_word(a, i);
		if (code)
			return code;
	}
	fill_keyword(a);
	return check_end(a);
}

/**
 * args_feed() - read as much of an unfinished line as can be understood
 * @a: receives the arguments; to be cleared afterwards
 * @ctl: the run
 * @cmd: the command
 * @first: index of the first word that is an argument
 */
void args_feed(struct args *a, struct ctl *ctl, const struct command *cmd,
	       int first)
{
	bool quiet = ctl->quiet;
	int i;

	ctl->quiet = true;
	begin(a, ctl, cmd, first);
	for (i = first; i < ctl->line->count; i++)
		take_word(a, i);
	ctl->quiet = quiet;
}

/**
 * args_clear() - release arguments
 * @a: the arguments
 */
void args_clear(struct args *a)
{
	if (a->cmd && a->cmd->schema)
		vnet_object_clear(a->cmd->schema, &a->object);
}
