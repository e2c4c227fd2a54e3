// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_element: elements of sets, from words and back.
 */
// SOURCES: userspace/vnetctl/element.c userspace/vnetctl/parse.c userspace/vnetctl/format.c userspace/vnetctl/tables.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "element.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* What is written is what was read, whatever it is about. */
static void test_words(void **state)
{
	static const char *const words[] = {
		"10.0.0.0/8", "10.0.0.1", "fd00::/16", "fd00::1", "::", "80", "80-90",
		"02:00:00:00:00:01", "10.0.0.1:80", "[fd00::1]:80", "10.0.0.0/8:80",
		"tap7", "tap7@100", "eth1@s200", "eth1@s200.5", "eth0.100", "eth0.100@4094",
		"br-lan", "80@", "1.2@", "80@1", "10-20@", "a@b@", "a@b@7", "abcdefghijklmno",
	};
	struct vnet_element element;
	struct text text;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(words); i++) {
		why = element_parse(words[i], &element);
		if (why)
			fail_msg("\"%s\" %s", words[i], why);
		assert_string_equal(element_format(&text, &element, 0), words[i]);
	}
}

static void test_members(void **state)
{
	struct vnet_element e;

	(void)state;
	assert_null(element_parse("tap7", &e));
	assert_int_equal(e.id.has, VNET_HAS(VNET_A_IFNAME));
	assert_string_equal(e.id.ifname, "tap7");
	assert_null(element_parse("tap7@", &e));
	assert_int_equal(e.id.has, VNET_HAS(VNET_A_IFNAME));
	assert_null(element_parse("tap7@100", &e));
	assert_int_equal(e.id.tag_proto, VNET_TAG_8021Q);
	assert_int_equal(e.id.vid, 100);
	assert_false(e.id.has & VNET_HAS(VNET_A_CVID));
	assert_null(element_parse("tap7@s4094.1", &e));
	assert_int_equal(e.id.tag_proto, VNET_TAG_8021AD);
	assert_int_equal(e.id.vid, 4094);
	assert_int_equal(e.id.cvid, 1);
	assert_true(e.id.has & VNET_HAS(VNET_A_CVID));
}

static void test_nonsense(void **state)
{
	static const char *const words[] = {
		"", "10.0.0", "10.0.0.256", "10.0.0.0/33", "fd00::g", "90-80", "70000", "@", "@7",
		"tap7@0", "tap7@4095", "tap7@x", "tap7@1.2", "tap7@s", "tap7@s0", "tap7@s1.",
		"tap7@s1.0", "tap7@s1.2.3", "tap7@s1.4095", "tap7@ 1", "tap7@+1", "tap7@-1",
		"tap7@99999999999", "abcdefghijklmnop", "a/b", "[tap7", "[fd00::1]", "10.0.0.1:",
	};
	struct vnet_element element;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(words); i++)
		if (!element_parse(words[i], &element))
			fail_msg("\"%s\" is accepted", words[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_words),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_nonsense),
	};

	return cmocka_run_group_tests_name("element", tests, NULL, NULL);
}
