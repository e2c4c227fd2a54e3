// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_out: one call per value, as JSON and as text.
 */
// SOURCES: userspace/vnetctl/out.c userspace/vnetctl/json.c userspace/vnetctl/table.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "out.h"

static const struct out_field name = { "name", "name", OUT_COLUMN };
static const struct out_field size = { "size_bytes", "size", OUT_COLUMN };
static const struct out_field up = { "up", "state", OUT_COLUMN };
static const struct out_field hidden = { "hidden", "hidden", OUT_HIDDEN };
static const struct out_field option = { "isolated", "isolated", OUT_OPTION };
static const struct out_field word = { "tag", "tag", OUT_WORD };
static const struct out_field list = { "list", "list", OUT_OPTION };
static const struct out_field below = { "remedy", "remedy", OUT_BELOW };

/* Runs write() with an output of this mode; returns what came out, to be freed. */
static char *written(enum out_mode mode, void (*write)(struct out *o))
{
	char *text = NULL;
	size_t length;
	FILE *to = open_memstream(&text, &length);
	struct out *o = out_new(to, mode, false);

	assert_non_null(o);
	write(o);
	out_free(o);
	fclose(to);
	return text;
}

static void check(enum out_mode mode, void (*write)(struct out *o),
		  const char *want)
{
	char *text = written(mode, write);

	assert_string_equal(text, want);
	free(text);
}

static void write_empty(struct out *o)
{
	out_list_begin(o);
	out_list_end(o);
}

static void empty(void **state)
{
	(void)state;
	check(OUT_JSON, write_empty, "[]\n");
	check(OUT_JSON_PRETTY, write_empty, "[]\n");
	check(OUT_TEXT, write_empty, "");
}

static void write_table(struct out *o)
{
	static const char *const items[] = { "a", "b" };

	out_list_begin(o);
	out_object_begin(o);
	out_string(o, &name, "blue", NULL);
	out_empty(o, &size);
	out_bool(o, &up, true, "up");
	out_number(o, &hidden, 7, NULL);
	out_array(o, &list, 0, NULL);
	out_object_end(o);
	out_object_begin(o);
	out_string(o, &name, "a-longer-one", NULL);
	out_number(o, &size, 65536, "64kb");
	out_bool(o, &up, false, "down");
	out_bool(o, &option, true, "on");
	out_string(o, &word, "vlan 5", NULL);
	out_array(o, &list, 2, items);
	out_nest_begin(o, "stats", "frames");
	out_number(o, &size, 1, NULL);
	out_nest_begin(o, "drops", "drops");
	out_nest_end(o);
	out_nest_end(o);
	out_string(o, &below, "none", NULL);
	out_object_end(o);
	out_list_end(o);
}

static void table(void **state)
{
	(void)state;
	check(OUT_JSON, write_table,
	      "[{\"name\":\"blue\",\"up\":true,\"hidden\":7,\"list\":[]},"
	      "{\"name\":\"a-longer-one\",\"size_bytes\":65536,\"up\":false,"
	      "\"isolated\":true,\"tag\":\"vlan 5\",\"list\":[\"a\",\"b\"],"
	      "\"stats\":{\"size_bytes\":1,\"drops\":{}},\"remedy\":\"none\"}]\n");
	check(OUT_TEXT, write_table,
	      "NAME          SIZE  STATE  OPTIONS\n"
	      "blue          -     up\n"
	      "a-longer-one  64kb  down   isolated on vlan 5 list a,b\n"
	      "    frames: size 1\n"
	      "    drops:\n"
	      "    remedy: none\n");
}

static void write_line(struct out *o)
{
	out_object_begin(o);
	out_string(o, &word, "added", NULL);
	out_string(o, &name, "blue", NULL);
	out_number(o, &size, 65536, "64kb");
	out_object_end(o);
	out_line(o, "%d events", 1);
}

static void line(void **state)
{
	(void)state;
	check(OUT_JSON, write_line,
	      "{\"tag\":\"added\",\"name\":\"blue\",\"size_bytes\":65536}\n");
	check(OUT_TEXT, write_line, "added name blue size 64kb\n1 events\n");
}

static void write_pretty(struct out *o)
{
	out_list_begin(o);
	out_object_begin(o);
	out_string(o, &name, "blue", NULL);
	out_number(o, &size, 1, NULL);
	out_object_end(o);
	out_list_end(o);
}

static void pretty(void **state)
{
	(void)state;
	check(OUT_JSON_PRETTY, write_pretty,
	      "[\n    {\n        \"name\": \"blue\",\n        \"size_bytes\": 1\n"
	      "    }\n]\n");
}

static void write_odd(struct out *o)
{
	out_object_begin(o);
	out_string(o, &name, "q\"b\\n\n\x1b[1m\xc3\xa9\xff\xc3", NULL);
	out_number(o, &size, UINT64_MAX, NULL);
	out_object_end(o);
}

/* What comes from outside neither breaks JSON nor steers the terminal. */
static void odd(void **state)
{
	(void)state;
	check(OUT_JSON, write_odd,
	      "{\"name\":\"q\\\"b\\\\n\\u000a\\u001b[1m\xc3\xa9\\ufffd\\ufffd\","
	      "\"size_bytes\":18446744073709551615}\n");
	check(OUT_TEXT, write_odd,
	      "name q\"b\\n?\?[1m\xc3\xa9\xff\xc3 size 18446744073709551615\n");
}

static void write_long(struct out *o)
{
	char digits[24];
	int i;

	out_list_begin(o);
	for (i = 0; i < 2500; i++) {
		out_object_begin(o);
		snprintf(digits, sizeof(digits), "n%d", i);
		out_string(o, &name, digits, NULL);
		if (i == 2400)
			out_number(o, &size, 1, NULL);
		out_object_end(o);
	}
	out_list_end(o);
}

/* A long table is written in pieces: nothing is lost, late columns appear. */
static void long_table(void **state)
{
	char *text = written(OUT_TEXT, write_long), *p;
	int lines = 0;

	(void)state;
	for (p = text; *p; p++)
		lines += *p == '\n';
	assert_int_equal(lines, 2500 + 2);
	assert_non_null(strstr(text, "n2400  1\n"));
	assert_non_null(strstr(text, "NAME   SIZE\n"));
	free(text);
}

static void write_tree(struct out *o)
{
	out_list_begin(o);
	out_object_begin(o);
	out_guides(o, "", "|    ");
	out_note(o, "a note");
	out_string(o, &name, "root", NULL);
	out_number(o, &size, 1, NULL);
	out_object_end(o);
	out_object_begin(o);
	out_guides(o, "└─ ", "     ");
	out_string(o, &name, "leaf", NULL);
	out_number(o, &size, 22, NULL);
	out_note(o, "first");
	out_note(o, "second");
	out_object_end(o);
	out_list_end(o);
}

/* Columns are aligned behind the lines of a tree, notes stand below their rows. */
static void tree(void **state)
{
	(void)state;
	check(OUT_TEXT, write_tree,
	      "NAME     SIZE\n"
	      "root     1\n"
	      "|    a note\n"
	      "└─ leaf  22\n"
	      "     first\n"
	      "     second\n");
	check(OUT_JSON, write_tree,
	      "[{\"name\":\"root\",\"size_bytes\":1},{\"name\":\"leaf\",\"size_bytes\":22}]\n");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(empty), cmocka_unit_test(table),
		cmocka_unit_test(line), cmocka_unit_test(pretty),
		cmocka_unit_test(odd), cmocka_unit_test(long_table),
		cmocka_unit_test(tree),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
