// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: userspace/vnetctl/frame.c
/*
 * What vnetctl reads out of the first bytes of a frame, however many there are and
 * whatever they say.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "frame.h"

#define MACS	"\x02\0\0\0\0\x02\x02\0\0\0\0\x01"
#define IPV4(proto, frag)						\
	"\x08\0\x45\0\0\x28\0\0" frag "\x40" proto "\0\0\x0a\0\0\1\x0a\0\0\2"
#define IPV6(next)							\
	"\x86\xdd\x60\0\0\0\0\x20" next "\x40"				\
	"\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1\xfd\0\0\0\0\0\0\0\0\0\0\0\0\0\0\2"
#define PORTS	"\x03\xe8\0\x50"
#define TCP	PORTS "\0\0\0\0\0\0\0\0\x50\x12\0\0\0\0\0\0"

static struct vnet_rule rule;

/* From memory of just that size, so that what is read beyond it is noticed. */
static void read_copy(const void *data, size_t size)
{
	uint8_t *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	memcpy(copy, data, size);
	frame_read(copy, size, &rule);
	free(copy);
}

#define READ(text)	read_copy(text, sizeof(text) - 1)

static int has(unsigned int attr)
{
	return !!(rule.id.has & VNET_HAS(attr));
}

static void test_ipv4(void **state)
{
	(void)state;
	READ(MACS IPV4("\6", "\0\0") TCP);
	assert_int_equal(rule.src_mac.byte[5], 1);
	assert_int_equal(rule.dst_mac.byte[5], 2);
	assert_int_equal(rule.ethertype, 0x800);
	assert_memory_equal(rule.src_ip.byte, "\x0a\0\0\1", 4);
	assert_int_equal(rule.dst_ip.size, 4);
	assert_int_equal(rule.proto, 6);
	assert_int_equal(rule.src_port_min, 1000);
	assert_int_equal(rule.dst_port_min, 80);
	assert_int_equal(rule.tcp_flags, 0x12);
	assert_false(has(VNET_A_RULE_FRAGMENT));
	READ(MACS IPV4("\x11", "\x20\0") PORTS);
	assert_int_equal(rule.fragment, VNET_FRAGMENT_FIRST);
	assert_true(has(VNET_A_RULE_DST_PORT_MIN));
	READ(MACS IPV4("\x11", "\0\7") PORTS);
	assert_int_equal(rule.fragment, VNET_FRAGMENT_LATER);
	assert_false(has(VNET_A_RULE_DST_PORT_MIN));
	READ(MACS IPV4("\1", "\0\0") "\x08\3");
	assert_int_equal(rule.icmp_type, 8);
	assert_int_equal(rule.icmp_code, 3);
}

static void test_ipv6(void **state)
{
	(void)state;
	READ(MACS IPV6("\x11") PORTS);
	assert_int_equal(rule.src_ip.size, 16);
	assert_int_equal(rule.proto, 17);
	assert_int_equal(rule.dst_port_min, 80);
	/* Hop by hop, authentication, fragment. */
	READ(MACS IPV6("\0") "\x33\0\1\4\0\0\0\0" "\x2c\1\0\0\0\0\0\0\0\0\0\0"
	     "\x3a\0\0\1\0\0\0\0" "\x80\0");
	assert_int_equal(rule.proto, 58);
	assert_int_equal(rule.icmp_type, 128);
	assert_int_equal(rule.fragment, VNET_FRAGMENT_FIRST);
	READ(MACS IPV6("\x2c") "\x3a\0\0\x08\0\0\0\0" "\x80\0");
	assert_int_equal(rule.fragment, VNET_FRAGMENT_LATER);
	assert_false(has(VNET_A_RULE_ICMP_TYPE));
	READ(MACS IPV6("\x3a") "\x87\0\0\0\0\0\0\0" "0123456789abcdef");
	assert_int_equal(rule.target.size, 16);
	assert_memory_equal(rule.target.byte, "0123456789abcdef", 16);
	READ(MACS IPV6("\x3a") "\x87\0\0\0\0\0\0\0" "0123456789abcde");
	assert_int_equal(rule.icmp_type, 135);
	assert_false(has(VNET_A_RULE_TARGET));
	READ(MACS IPV6("\x3a") "\x86\0\0\0\0\0\0\0" "0123456789abcdef");
	assert_false(has(VNET_A_RULE_TARGET));
	/* An extension that ends beyond what is there. */
	READ(MACS IPV6("\0") "\x11\xff\1\4\0\0\0\0" PORTS);
	assert_true(has(VNET_A_RULE_SRC_IP));
	assert_false(has(VNET_A_RULE_PROTO));
}

static void test_others(void **state)
{
	(void)state;
	READ(MACS "\x08\6" "\0\1\x08\0\6\4\0\1" "\2\0\0\0\0\1\x0a\0\0\1" "\0\0\0\0\0\0\x0a\0\0\2");
	assert_memory_equal(rule.arp_sender.byte, "\x0a\0\0\1", 4);
	assert_memory_equal(rule.target.byte, "\x0a\0\0\2", 4);
	READ(MACS "\x88\xcc" "anything");
	assert_int_equal(rule.ethertype, 0x88cc);
	READ(MACS "\0\x26" "\x42\x42\3");
	assert_false(has(VNET_A_RULE_ETHERTYPE));
	READ("");
	assert_int_equal(rule.id.has, 0);
}

/* Cut off anywhere, and with any byte wrong. */
static void test_broken(void **state)
{
	static const char frames[][100] = {
		MACS IPV4("\6", "\0\0") TCP,
		MACS IPV6("\0") "\x2c\0\1\4\0\0\0\0" "\6\0\0\1\0\0\0\0" TCP,
		MACS "\x08\6" "\0\1\x08\0\6\4\0\1" "\2\0\0\0\0\1\x0a\0\0\1",
	};
	char frame[100];
	unsigned int i, n;
	size_t size;

	(void)state;
	srand(7);
	for (i = 0; i < 3; i++)
		for (size = 0; size <= sizeof(frame); size++)
			read_copy(frames[i], size);
	for (n = 0; n < 100000; n++) {
		memcpy(frame, frames[n % 3], sizeof(frame));
		for (i = rand() % 4; i; i--)
			frame[12 + rand() % 70] = rand();
		read_copy(frame, rand() % (sizeof(frame) + 1));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
