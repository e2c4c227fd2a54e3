// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: userspace/vnetctl/bar.c
/*
 * The bar: its length, its ends, and characters that every terminal has.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "bar.h"

static void assert_bar(unsigned int width, uint64_t part, uint64_t whole, bool utf8,
		       const char *want)
{
	char text[BAR_SIZE];

	assert_string_equal(bar_draw(text, width, part, whole, utf8), want);
}

static void test_plain(void **state)
{
	assert_bar(10, 0, 100, false, "..........");
	assert_bar(10, 50, 100, false, "#####.....");
	assert_bar(10, 100, 100, false, "##########");
	assert_bar(10, 54, 100, false, "#####.....");
	assert_bar(10, 56, 100, false, "######....");
	assert_bar(0, 50, 100, false, "");
}

static void test_blocks(void **state)
{
	assert_bar(4, 0, 32, true, "    ");
	assert_bar(4, 8, 32, true, "█   ");
	assert_bar(4, 9, 32, true, "█▏  ");
	assert_bar(4, 12, 32, true, "█▌  ");
	assert_bar(4, 31, 32, true, "███▉");
	assert_bar(4, 32, 32, true, "████");
}

/* Something is not nothing, more than all is all, and of nothing there is none. */
static void test_ends(void **state)
{
	assert_bar(5, 1, UINT64_MAX, false, "#....");
	assert_bar(5, 1, UINT64_MAX, true, "▏    ");
	assert_bar(5, UINT64_MAX, 1, false, "#####");
	assert_bar(5, UINT64_MAX, UINT64_MAX, false, "#####");
	assert_bar(5, 7, 0, false, ".....");
}

static void test_longest(void **state)
{
	char text[BAR_SIZE];

	assert_int_equal(strlen(bar_draw(text, 1000, 1, 1, true)), BAR_SIZE - 1);
	assert_int_equal(strlen(bar_draw(text, 1000, 1, 1, false)), BAR_WIDTH_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_plain),
		cmocka_unit_test(test_blocks),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_longest),
	};

	return cmocka_run_group_tests_name("bar", tests, NULL, NULL);
}
