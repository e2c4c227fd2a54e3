// SPDX-License-Identifier: GPL-2.0-only
/*
 * shell: the prompt: lines typed with readline, its history and completion. The
 * only file that knows readline.
 */
#include "shell.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <readline/history.h>
#include <readline/readline.h>

#include "cmd.h"
#include "complete.h"
#include "diag.h"
#include "history.h"
#include "lines.h"

#define HISTORY_LINES	2000
#define SPACES		" \t"

/* A list of words that grows. */
struct words {
	char **items;
	size_t count;
	size_t room;
};

/**
 * struct shell - the prompt
 * @ctl: the run
 * @signals: where signals are read
 * @history: file, NULL for none
 * @matches: completions of the word under the cursor
 * @prefix: that word
 * @column: where the next word of a list is printed
 */
struct shell {
	struct ctl *ctl;
	int signals;
	char *history;
	struct words matches;
	const char *prefix;
};

/* Readline calls back without a context: this is the shell that runs. */
static struct shell *running;

static void words_add(struct words *words, const char *word)
{
	size_t room = words->room ? words->room * 2 : 32;
	char **items;

	if (words->count == words->room) {
		items = reallocarray(words->items, room, sizeof(*items));
		if (!items)
			return;
		words->items = items;
		words->room = room;
	}
	words->items[words->count] = strdup(word);
	if (words->items[words->count])
		words->count++;
}

static void words_clear(struct words *words)
{
	while (words->count)
		free(words->items[--words->count]);
	free(words->items);
	memset(words, 0, sizeof(*words));
}

static void show_prompt(const struct shell *shell, char *prompt, size_t size)
{
	if (shell->ctl->network[0])
		snprintf(prompt, size, "vnet(%s)> ", shell->ctl->network);
	else
		snprintf(prompt, size, "vnet> ");
}

/* Calls fn for what can stand where the text so far ends. */
static void expect_next(struct shell *shell, const char *text, size_t length,
			candidate_fn fn)
{
	char *words[CTL_LINE_WORDS];
	char *copy = strndup(text, length);
	struct line before = { .words = words };
	struct options saved = shell->ctl->opt;
	const char *unfinished;

	if (!copy)
		return;
	before.count = lines_split(copy, words, CTL_LINE_WORDS, &unfinished);
	/* What has begun in front of the cursor is what is asked for. */
	if (before.count > 0 && unfinished)
		before.count--;
	if (before.count >= 0)
		complete_line(shell->ctl, &before, fn, shell);
	shell->ctl->opt = saved;
	free(copy);
}

/* ---- completion ---- */

static void add_match(void *arg, const struct candidate *c)
{
	struct shell *shell = arg;

	if (c->literal &&
	    !strncmp(c->text, shell->prefix, strlen(shell->prefix)))
		words_add(&shell->matches, c->text);
	else if (c->key && c->key->kind->live == LIVE_FILES)
		rl_attempted_completion_over = 0;
}

static char *next_match(const char *text, int state)
{
	(void)text;
	if (!state && !running->matches.count)
		return NULL;
	if (!running->matches.count)
		return NULL;
	return running->matches.items[--running->matches.count];
}

static char **on_tab(const char *text, int start, int end)
{
	struct shell *shell = running;

	(void)end;
	rl_attempted_completion_over = 1;
	words_clear(&shell->matches);
	shell->prefix = text;
	expect_next(shell, rl_line_buffer, start, add_match);
	return rl_completion_matches(text, next_match);
}

/* Readline asks: does the character at this place belong to a word anyhow? */
static int is_quoted(char *text, int at)
{
	bool quoted;

	lines_last_word(text, at, &quoted);
	return quoted;
}

/* The beginning of a file's name without its backslashes. Readline has taken an
 * open quote off already.
 */
static char *dequote(char *text, int quote)
{
	char *copy = strdup(text), *word = copy;
	const char *unfinished;

	if (copy && !quote)
		lines_split(copy, &word, 1, &unfinished);
	if (word != copy)
		memmove(copy, word, strlen(word) + 1);
	return copy;
}

/* ---- the question mark ---- */

static void print_candidate(void *arg, const struct candidate *c)
{
	struct shell *shell = arg;

	if (c->literal &&
	    strncmp(c->text, shell->prefix, strlen(shell->prefix)))
		return;
	fprintf(rl_outstream, "  %-20s %s\n", c->text, c->help ? c->help : "");
}

/* Lists what can stand at the cursor and goes on with the line. */
static int on_question(int count, int key)
{
	struct shell *shell = running;
	bool quoted;
	int start = lines_last_word(rl_line_buffer, rl_point, &quoted);
	char *word;

	if (quoted)
		return rl_insert(count, key);
	word = strndup(rl_line_buffer + start, rl_point - start);
	if (!word)
		return 0;
	fputs("?\n", rl_outstream);
	shell->prefix = word;
	expect_next(shell, rl_line_buffer, start, print_candidate);
	if (rl_point > 0 && start == 0 && !*word)
		fputc('\n', rl_outstream);
	free(word);
	rl_on_new_line();
	return 0;
}

/* ---- lines ---- */

static void remember(const struct shell *shell, const char *text)
{
	const HIST_ENTRY *last = history_length ?
		history_get(history_base + history_length - 1) : NULL;

	if (!text[strspn(text, SPACES)] || (last && !strcmp(last->line, text)))
		return;
	add_history(text);
	if (shell->history)
		append_history(1, shell->history);
}

static void drain_signals(const struct shell *shell)
{
	struct signalfd_siginfo info;

	while (read(shell->signals, &info, sizeof(info)) > 0)
		if (info.ssi_signo != SIGINT)
			shell->ctl->leave = true;
}

static void run_text(struct shell *shell, char *text)
{
	char *words[CTL_LINE_WORDS];
	struct line line = { .words = words };
	const char *why;

	line.count = lines_split(text, words, CTL_LINE_WORDS, &why);
	if (why) {
		diag_error(shell->ctl, "%s", why);
		return;
	}
	cmd_run(shell->ctl, &line);
	shell->ctl->line = NULL;
}

/* Leaving is not worth remembering: the next session would begin with it. */
static void run_line(struct shell *shell, const char *text)
{
	char *copy = strdup(text);

	if (!copy)
		return;
	run_text(shell, copy);
	free(copy);
	if (!shell->ctl->leave)
		remember(shell, text);
}

/* The terminal is as usual while a command runs. */
static void on_line(char *text)
{
	struct shell *shell = running;
	char prompt[VNET_NAME_SIZE + 16];

	rl_callback_handler_remove();
	if (!text) {
		putchar('\n');
		shell->ctl->leave = true;
		return;
	}
	run_line(shell, text);
	free(text);
	drain_signals(shell);
	if (shell->ctl->leave)
		return;
	show_prompt(shell, prompt, sizeof(prompt));
	rl_callback_handler_install(prompt, on_line);
}

/* Ctrl-C cancels the line. */
static void cancel_line(void)
{
	fputs("^C\n", rl_outstream);
	rl_callback_sigcleanup();
	rl_free_line_state();
	rl_replace_line("", 0);
	rl_on_new_line();
	rl_redisplay();
}

static void take_signal(struct shell *shell)
{
	struct signalfd_siginfo info;

	if (read(shell->signals, &info, sizeof(info)) != sizeof(info))
		return;
	if (info.ssi_signo == SIGINT)
		cancel_line();
	else
		shell->ctl->leave = true;
}

static void loop(struct shell *shell)
{
	struct pollfd fds[2] = {
		{ .fd = STDIN_FILENO, .events = POLLIN },
		{ .fd = shell->signals, .events = POLLIN },
	};

	while (!shell->ctl->leave) {
		if (poll(fds, 2, -1) < 0) {
			if (errno != EINTR)
				break;
			continue;
		}
		if (fds[1].revents)
			take_signal(shell);
		else if (fds[0].revents)
			rl_callback_read_char();
	}
	rl_callback_handler_remove();
}

static void set_up_readline(void)
{
	rl_readline_name = "vnetctl";
	rl_catch_signals = 0;
	rl_completer_word_break_characters = SPACES;
	rl_completer_quote_characters = "\"'";
	rl_filename_quote_characters = SPACES "\"'\\#";
	rl_char_is_quoted_p = is_quoted;
	rl_filename_dequoting_function = dequote;
	rl_attempted_completion_function = on_tab;
	rl_initialize();
	rl_bind_key('?', on_question);
}

static int open_signals(sigset_t *before)
{
	sigset_t wanted;

	sigemptyset(&wanted);
	sigaddset(&wanted, SIGINT);
	sigaddset(&wanted, SIGTERM);
	sigaddset(&wanted, SIGHUP);
	sigprocmask(SIG_BLOCK, &wanted, before);
	return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

/**
 * shell_run() - read and run lines until the user leaves
 * @ctl: the run
 *
 * Return: CTL_OK; what failed at the prompt was told there.
 */
int shell_run(struct ctl *ctl)
{
	struct shell shell = { .ctl = ctl };
	sigset_t before;

	shell.signals = open_signals(&before);
	if (shell.signals < 0) {
		diag_error(ctl, "cannot wait for signals: %s", strerror(errno));
		return CTL_REFUSED;
	}
	running = &shell;
	set_up_readline();
	using_history();
	stifle_history(HISTORY_LINES);
	shell.history = history_file();
	if (shell.history)
		read_history(shell.history);

	puts("vnet: ? lists what can be typed, help explains, Ctrl-D leaves.");
	rl_callback_handler_install("vnet> ", on_line);
	loop(&shell);

	if (shell.history)
		history_truncate_file(shell.history, HISTORY_LINES);
	words_clear(&shell.matches);
	free(shell.history);
	close(shell.signals);
	sigprocmask(SIG_SETMASK, &before, NULL);
	running = NULL;
	return CTL_OK;
}
