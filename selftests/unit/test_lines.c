// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_lines: a line of commands to words: spaces, comments, quotes, backslashes.
 */
// SOURCES: userspace/vnetctl/lines.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "diag.h"
#include "lines.h"

void diag_error(const struct ctl *ctl, const char *format, ...)
{
	(void)ctl;
	(void)format;
}

/* A text and its words with bars around them. */
static void check_words(const char *text, const char *want)
{
	char copy[200], got[200] = "|", *words[8];
	const char *why;
	int i, count;

	snprintf(copy, sizeof(copy), "%s", text);
	count = lines_split(copy, words, 8, &why);
	if (why)
		fail_msg("%s: %s", text, why);
	for (i = 0; i < count; i++) {
		strcat(got, words[i]);
		strcat(got, "|");
	}
	if (strcmp(got, want))
		fail_msg("%s: %s, want %s", text, got, want);
}

static void plain(void **state)
{
	(void)state;
	check_words("", "|");
	check_words(" \t ", "|");
	check_words("network show", "|network|show|");
	check_words("  network\t show  ", "|network|show|");
	check_words("a # b", "|a|");
	check_words("#a", "|");
	check_words("a#b", "|a#b|");
}

static void quoted(void **state)
{
	(void)state;
	check_words("\"big corp\"", "|big corp|");
	check_words("'big corp' x", "|big corp|x|");
	check_words("a \"\" b", "|a||b|");
	check_words("''", "||");
	check_words("big\\ corp", "|big corp|");
	check_words("\\#a \\\"b", "|#a|\"b|");
	check_words("\"#a\"", "|#a|");
	check_words("\"a\\\"b\\\\c\\d\"", "|a\"b\\c\\d|");
	check_words("'a\\b\"c'", "|a\\b\"c|");
	check_words("x\"y z\"'1 2'", "|xy z1 2|");
}

static void check_wrong(const char *text, int want, const char *reason)
{
	char copy[200], *words[3];
	const char *why;

	snprintf(copy, sizeof(copy), "%s", text);
	assert_int_equal(lines_split(copy, words, 3, &why), want);
	assert_non_null(why);
	if (!strstr(why, reason))
		fail_msg("%s: %s", text, why);
}

static void unfinished(void **state)
{
	(void)state;
	check_wrong("a \"b c", 2, "quote");
	check_wrong("a 'b\\'c'", 2, "quote");
	check_wrong("a \"", 2, "quote");
	check_wrong("a \\", 2, "backslash");
	check_wrong("a b c d", -1, "too many");
}

static void check_last(const char *text, size_t start, bool quoted)
{
	bool is_quoted;

	assert_int_equal(lines_last_word(text, strlen(text), &is_quoted), start);
	assert_int_equal(is_quoted, quoted);
}

static void last_words(void **state)
{
	(void)state;
	check_last("", 0, false);
	check_last("network sh", 8, false);
	check_last("network ", 8, false);
	check_last("tenant \"big co", 7, true);
	check_last("tenant \"big corp\"", 7, false);
	check_last("tenant \"big corp\" ", 18, false);
	check_last("tenant big\\ co", 7, false);
	check_last("tenant big\\", 7, true);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(plain), cmocka_unit_test(quoted),
		cmocka_unit_test(unfinished), cmocka_unit_test(last_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
