// SPDX-License-Identifier: GPL-2.0-only
/*
 * test_parse: typed words to values and back.
 */
// SOURCES: userspace/vnetctl/parse.c userspace/vnetctl/parse_endpoint.c userspace/vnetctl/format.c userspace/vnetctl/tables.c
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "format.h"
#include "parse.h"
#include "tables.h"

/* A word and the number that it means; a NULL error is a good word. */
struct number_case {
	const char *word;
	uint64_t value;
	const char *error;
};

#define GOOD(word, value)	{ (word), (value), NULL }
#define BAD(word, error)	{ (word), 0, (error) }

static void check_numbers(const struct number_case *cases, size_t count,
			  const char *(*parse)(const char *, uint64_t *))
{
	size_t i;

	for (i = 0; i < count; i++) {
		uint64_t value = 12345;
		const char *why = parse(cases[i].word, &value);

		if (!cases[i].error) {
			if (why)
				fail_msg("\"%s\": %s", cases[i].word, why);
			assert_int_equal(value, cases[i].value);
			continue;
		}
		if (!why)
			fail_msg("\"%s\" is accepted", cases[i].word);
		if (!strstr(why, cases[i].error))
			fail_msg("\"%s\": %s", cases[i].word, why);
		assert_int_equal(value, 12345);
	}
}

static void numbers(void **state)
{
	static const struct number_case cases[] = {
		GOOD("0", 0), GOOD("42", 42), GOOD("0x1F", 31), GOOD("007", 7),
		GOOD("18446744073709551615", UINT64_MAX),
		GOOD("0xffffffffffffffff", UINT64_MAX),
		BAD("", "not a number"), BAD("-1", "not a number"),
		BAD("+1", "not a number"), BAD(" 1", "not a number"),
		BAD("1 ", "not a number"), BAD("0x", "not a number"),
		BAD("0xg", "not a number"), BAD("1e3", "not a number"),
		BAD("18446744073709551616", "too large"),
		BAD("0x10000000000000000", "too large"),
	};

	(void)state;
	check_numbers(cases, COUNT_OF(cases), parse_number);
}

static void rates(void **state)
{
	static const struct number_case cases[] = {
		GOOD("200mbit", 200000000), GOOD("1gbit", 1000000000),
		GOOD("8kbit", 8000), GOOD("2500000bit", 2500000),
		GOOD("1.5mbit", 1500000), GOOD("0.001kbit", 1),
		GOOD("1TBIT", 1000000000000ULL), GOOD("10Gbit", 10000000000ULL),
		BAD("200", "needs a unit"), BAD("200mb", "needs a unit"),
		BAD("200 mbit", "needs a unit"), BAD("mbit", "not a number"),
		BAD("-5mbit", "not a number"), BAD("1.mbit", "not a number"),
		BAD("1.5bit", "smallest unit"), BAD("", "not a number"),
		BAD("99999999999999999999gbit", "too large"),
		BAD("18446744073709551615gbit", "too large"),
		BAD("1.1234567890123gbit", "too many digits"),
	};

	(void)state;
	check_numbers(cases, COUNT_OF(cases), parse_rate);
}

static void sizes(void **state)
{
	static const struct number_case cases[] = {
		GOOD("1514b", 1514), GOOD("64kb", 65536), GOOD("64KiB", 65536),
		GOOD("16mb", 16777216), GOOD("1gb", 1073741824),
		GOOD("1.5kb", 1536),
		BAD("20000", "needs a unit"), BAD("64kbit", "needs a unit"),
	};

	(void)state;
	check_numbers(cases, COUNT_OF(cases), parse_size);
}

static void times(void **state)
{
	static const struct number_case cases[] = {
		GOOD("500ms", 500), GOOD("300s", 300000), GOOD("5min", 300000),
		GOOD("2h", 7200000), GOOD("1.5s", 1500),
		BAD("300", "needs a unit"), BAD("5kpps", "needs a unit"),
		BAD("0.5ms", "smallest unit"),
	};

	(void)state;
	check_numbers(cases, COUNT_OF(cases), parse_time);
}

static void lifetimes(void **state)
{
	static const struct number_case cases[] = {
		GOOD("90s", 90), GOOD("2h", 7200), GOOD("30min", 1800),
		GOOD("7d", 604800), GOOD("1.5h", 5400), GOOD("0s", 0),
		BAD("300", "needs a unit"), BAD("5ms", "needs a unit"),
		BAD("0.5s", "smallest unit"), BAD("2m", "needs a unit"),
	};

	(void)state;
	check_numbers(cases, COUNT_OF(cases), parse_lifetime);
}

static void samples(void **state)
{
	static const struct number_case cases[] = {
		GOOD("1/1", 1), GOOD("1/100", 100),
		BAD("1/0", "1 or more"), BAD("1/", "form"), BAD("2/3", "form"),
		BAD("100", "form"), BAD("1/x", "form"), BAD("1/-1", "form"),
	};

	(void)state;
	check_numbers(cases, COUNT_OF(cases), parse_sample);
}

static void frames(void **state)
{
	static const struct number_case cases[] = {
		GOOD("300pps", 300), GOOD("50kpps", 50000), GOOD("2mpps", 2000000),
		BAD("1000", "needs a unit"), BAD("5mbit", "needs a unit"),
	};

	(void)state;
	check_numbers(cases, COUNT_OF(cases), parse_frames);
}

static void names(void **state)
{
	static const char *const bad[] = {
		"", "a b", "a/b", "a%d", "a:b", "a\n", "caf\xc3\xa9", "\xff", "*",
		"abcdefghijklmnopqrstuvwxyz012345",
	};
	size_t i;

	(void)state;
	assert_null(parse_name("a"));
	assert_null(parse_name("A-z_0.9"));
	assert_null(parse_name("abcdefghijklmnopqrstuvwxyz01234"));
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_non_null(parse_name(bad[i]));
}

static void macs(void **state)
{
	static const char *const bad[] = {
		"", "02:00:00:00:00", "02:00:00:00:00:0g", "02:00:00:00:00:011",
		"2:0:0:0:0:1", "02.00.00.00.00.01", "020000000001",
		"02:00:00:00:00:1 ", "02:00:00:00:00:01/",
	};
	struct vnet_mac mac, mask;
	struct text text;
	size_t i;

	(void)state;
	assert_null(parse_mac("02:00:AB:cd:00:01", &mac));
	assert_string_equal(format_mac(&text, &mac), "02:00:ab:cd:00:01");
	assert_null(parse_mac("02-00-ab-cd-00-01", &mac));
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_non_null(parse_mac(bad[i], &mac));
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_non_null(parse_mac_mask(bad[i], &mac, &mask));

	assert_null(parse_mac_mask("02:00:00:00:00:01", &mac, &mask));
	assert_string_equal(format_mac_mask(&text, &mac, &mask, 0),
			    "02:00:00:00:00:01");
	assert_string_equal(format_mac_mask(&text, &mac, &mask, 1),
			    "02:00:00:00:00:01/ff:ff:ff:ff:ff:ff");
	assert_null(parse_mac_mask("02:00:00:00:00:00/ff:ff:ff:00:00:00", &mac,
				   &mask));
	assert_string_equal(format_mac_mask(&text, &mac, &mask, 0),
			    "02:00:00:00:00:00/ff:ff:ff:00:00:00");
}

static void prefixes(void **state)
{
	static const struct {
		const char *word;
		const char *text;
		const char *full;
	} good[] = {
		{ "10.0.0.1", "10.0.0.1", "10.0.0.1/32" },
		{ "10.0.0.0/8", "10.0.0.0/8", "10.0.0.0/8" },
		{ "0.0.0.0/0", "0.0.0.0/0", "0.0.0.0/0" },
		{ "fd00::1", "fd00::1", "fd00::1/128" },
		{ "FD00:0::/64", "fd00::/64", "fd00::/64" },
	};
	static const char *const bad[] = {
		"", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1",
		"10.0.0.0/8/8", "fd00::/129", "fd00:::1", "/8", "host",
		"1111:2222:3333:4444:5555:6666:7777:8888:9999:aaaa:bbbb:cccc",
	};
	struct vnet_prefix prefix;
	struct text text;
	size_t i;

	(void)state;
	for (i = 0; i < COUNT_OF(good); i++) {
		assert_null(parse_prefix(good[i].word, &prefix));
		assert_string_equal(format_prefix(&text, &prefix, 0),
				    good[i].text);
		assert_string_equal(format_prefix(&text, &prefix, 1),
				    good[i].full);
	}
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_non_null(parse_prefix(bad[i], &prefix));
}

static void ranges(void **state)
{
	static const char *const bad[] = {
		"", "-", "80-", "-80", "70000", "1-70000", "20-10", "80,90",
		"99999999999999999999999", "http",
	};
	uint16_t first = 0, last = 0;
	struct text text;
	size_t i;

	(void)state;
	assert_null(parse_range("443", &first, &last));
	assert_string_equal(format_range(&text, first, last), "443");
	assert_null(parse_range("0-65535", &first, &last));
	assert_string_equal(format_range(&text, first, last), "0-65535");
	for (i = 0; i < COUNT_OF(bad); i++)
		assert_non_null(parse_range(bad[i], &first, &last));
}

static void words(void **state)
{
	struct text text;
	uint64_t value;

	(void)state;
	assert_null(parse_ethertype("arp", &value));
	assert_string_equal(format_word(&text, ethertype_words, value, 1),
			    "arp");
	assert_null(parse_ethertype("0x88cc", &value));
	assert_string_equal(format_word(&text, ethertype_words, value, 1),
			    "0x88cc");
	assert_non_null(parse_ethertype("ip", &value));
	assert_null(parse_proto("icmp6", &value));
	assert_int_equal(value, 58);
	assert_null(parse_proto("89", &value));
	assert_string_equal(format_word(&text, proto_words, value, 0), "89");
	assert_null(parse_icmp_type("echo-request", PROTO_ICMP, &value));
	assert_int_equal(value, 8);
	assert_null(parse_icmp_type("echo-request", PROTO_ICMP6, &value));
	assert_int_equal(value, 128);
	assert_null(parse_icmp_type("8", 0, &value));
	assert_non_null(parse_icmp_type("echo-request", 0, &value));
	assert_non_null(parse_icmp_type("echo-request", 6, &value));
}

static void lists(void **state)
{
	struct vnet_prefixes ips = { 0 };
	struct vnet_macs list = { 0 };
	char many[300 * 18 + 1] = "";
	int i;

	(void)state;
	assert_null(parse_macs("02:00:00:00:00:01,02:00:00:00:00:02", &list));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.items[1].byte[5], 2);
	free(list.items);
	assert_null(parse_macs("off", &list));
	assert_int_equal(list.count, 0);
	assert_non_null(parse_macs("02:00:00:00:00:01,", &list));
	assert_non_null(parse_macs(",", &list));
	for (i = 0; i < 257; i++)
		strcat(many, i ? ",02:00:00:00:00:01" : "02:00:00:00:00:01");
	assert_non_null(parse_macs(many, &list));
	many[256 * 18 - 1] = '\0';
	assert_null(parse_macs(many, &list));
	assert_int_equal(list.count, 256);
	free(list.items);

	assert_null(parse_prefixes("10.0.0.0/8,fd00::1", &ips));
	assert_int_equal(ips.count, 2);
	assert_int_equal(ips.items[1].len, 128);
	free(ips.items);
	assert_null(parse_prefixes("off", &ips));
	assert_int_equal(ips.count, 0);
	assert_non_null(parse_prefixes("10.0.0.0/8,x", &ips));
	/* Both families share the 256. */
	many[0] = '\0';
	for (i = 0; i < 257; i++)
		strcat(many, i % 2 ? ",10.0.0.0/8" : i ? ",fd00::/16" : "fd00::/16");
	assert_non_null(parse_prefixes(many, &ips));
	*strrchr(many, ',') = '\0';
	assert_null(parse_prefixes(many, &ips));
	assert_int_equal(ips.count, 256);
	free(ips.items);
}

static void check_endpoint(const char *word, const char *address, int want)
{
	struct vnet_prefix prefix;
	struct vnet_ip ip;
	int port = -2;

	assert_null(parse_endpoint(word, &ip, &port));
	assert_null(parse_prefix(address, &prefix));
	assert_int_equal(ip.size, prefix.ip.size);
	assert_memory_equal(ip.byte, prefix.ip.byte, ip.size);
	assert_int_equal(port, want);
}

static void endpoints(void **state)
{
	static const char *const bad[] = {
		"", ":", "10.0.0.1:", "10.0.0.1:65536", "10.0.0.1:a", "10.0.0.1:1:2",
		"10.0.0.0/8", "10.0.0.0/8:1", "[fd00::1", "[fd00::1]x", "[fd00::1]:",
		"[fd00::1]:65536", "[]:1", "[", "fd00::/64", "fd00::1::2", "host:1",
		"[0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000:0000]:1",
	};
	struct vnet_ip ip;
	size_t i;
	int port;

	(void)state;
	check_endpoint("10.0.0.1", "10.0.0.1", -1);
	check_endpoint("10.0.0.1:0", "10.0.0.1", 0);
	check_endpoint("10.0.0.1:443", "10.0.0.1", 443);
	check_endpoint("10.0.0.1:65535", "10.0.0.1", 65535);
	check_endpoint("fd00::1", "fd00::1", -1);
	check_endpoint("::", "::", -1);
	check_endpoint("[fd00::1]", "fd00::1", -1);
	check_endpoint("[fd00::1]:443", "fd00::1", 443);
	check_endpoint("[10.0.0.1]:7", "10.0.0.1", 7);
	for (i = 0; i < COUNT_OF(bad); i++) {
		port = -2;
		if (!parse_endpoint(bad[i], &ip, &port) || port != -2)
			fail_msg("\"%s\" is taken for an endpoint", bad[i]);
	}
}

static void scaled(void **state)
{
	struct text text;

	(void)state;
	assert_string_equal(format_scaled(&text, rate_units, 200000000),
			    "200mbit");
	assert_string_equal(format_scaled(&text, rate_units, 1500), "1500bit");
	assert_string_equal(format_scaled(&text, rate_units, 0), "0bit");
	assert_string_equal(format_scaled(&text, size_units, 262144), "256kb");
	assert_string_equal(format_scaled(&text, time_units, 300000), "300s");
	assert_string_equal(format_scaled(&text, time_units, 1500), "1500ms");
	assert_string_equal(format_scaled(&text, frame_units, 50000), "50kpps");
	assert_string_equal(format_scaled(&text, lifetime_units, 7200), "2h");
	assert_string_equal(format_scaled(&text, lifetime_units, 0), "0s");
	assert_string_equal(format_lifetime(&text, 0), "0s");
	assert_string_equal(format_lifetime(&text, 59), "59s");
	assert_string_equal(format_lifetime(&text, 60), "1min");
	assert_string_equal(format_lifetime(&text, 7199), "1h59min");
	assert_string_equal(format_lifetime(&text, 3659), "1h");
	assert_string_equal(format_lifetime(&text, 90000), "1d1h");
	assert_string_equal(format_lifetime(&text, 315360000), "3650d");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers), cmocka_unit_test(rates),
		cmocka_unit_test(sizes), cmocka_unit_test(times),
		cmocka_unit_test(lifetimes), cmocka_unit_test(samples),
		cmocka_unit_test(frames), cmocka_unit_test(names),
		cmocka_unit_test(macs), cmocka_unit_test(prefixes),
		cmocka_unit_test(ranges), cmocka_unit_test(words),
		cmocka_unit_test(lists), cmocka_unit_test(scaled),
		cmocka_unit_test(endpoints),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
