// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/queue_hash.c
/*
 * Which frames are of one flow: real frames, and those that are cut, fragments or
 * something else, for which the kernel is asked.
 */
#include "unit.h"

#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <net/ip.h>

#include "queue.h"

#define KEY	0x1234567
#define KERNEL	0xabcdef01	/* what the kernel says of any frame */
#define BYTES	80
#define NET_IP_ALIGN	2

/* A frame, and its skb. As in a kernel it is the IP header that is aligned. */
struct frame {
	u8 pad[NET_IP_ALIGN] __aligned(4);
	u8 bytes[BYTES];
	struct sk_buff skb;
};

static void frame_begin(struct frame *frame, u16 ethertype)
{
	struct ethhdr *eth = (struct ethhdr *)frame->bytes;

	memset(frame, 0, sizeof(*frame));
	eth->h_proto = htons(ethertype);
	frame->skb.data = frame->bytes;
	frame->skb.len = BYTES;
	frame->skb.hash = KERNEL;
}

static void frame_ports(struct frame *frame, unsigned int offset, u16 sport, u16 dport)
{
	const __be16 ports[] = { htons(sport), htons(dport) };

	memcpy(frame->bytes + offset, ports, sizeof(ports));
}

static struct iphdr *frame_ip(struct frame *frame)
{
	return (struct iphdr *)(frame->bytes + ETH_HLEN);
}

static struct ipv6hdr *frame_ipv6(struct frame *frame)
{
	return (struct ipv6hdr *)(frame->bytes + ETH_HLEN);
}

static void frame_v4(struct frame *frame, u8 proto, u16 dport)
{
	frame_begin(frame, ETH_P_IP);
	*frame_ip(frame) = (struct iphdr){
		.version = 4, .ihl = 5, .protocol = proto, .saddr = htonl(0x0a000001),
		.daddr = htonl(0x0a000002),
	};
	frame_ports(frame, ETH_HLEN + 20, 1000, dport);
}

static void frame_v6(struct frame *frame, u8 proto, u16 dport)
{
	frame_begin(frame, ETH_P_IPV6);
	*frame_ipv6(frame) = (struct ipv6hdr){
		.version = 6, .nexthdr = proto, .saddr.s6_addr = { 0xfd, 1 },
		.daddr.s6_addr = { 0xfd, 2 },
	};
	frame_ports(frame, ETH_HLEN + 40, 1000, dport);
}

static u32 hash(struct frame *frame)
{
	return vnet_queue_hash(&frame->skb, KEY);
}

/* Each of the five things that a flow is told by counts, and nothing else does. */
static void test_ipv4(void **state)
{
	struct frame a, b;

	frame_v4(&a, IPPROTO_UDP, 80);
	frame_v4(&b, IPPROTO_UDP, 80);
	frame_ip(&b)->id = 7;
	frame_ip(&b)->tos = 0xb8;
	frame_ip(&b)->ttl = 3;
	b.bytes[BYTES - 1] = 1;
	assert_int_equal(hash(&a), hash(&b));
	assert_int_not_equal(hash(&a), KERNEL);
	assert_int_not_equal(hash(&a), vnet_queue_hash(&a.skb, KEY + 1));
	frame_v4(&b, IPPROTO_UDP, 81);
	assert_int_not_equal(hash(&a), hash(&b));
	frame_v4(&b, IPPROTO_TCP, 80);
	assert_int_not_equal(hash(&a), hash(&b));
	frame_v4(&b, IPPROTO_UDP, 80);
	frame_ports(&b, ETH_HLEN + 20, 1001, 80);
	assert_int_not_equal(hash(&a), hash(&b));
	frame_v4(&b, IPPROTO_UDP, 80);
	frame_ip(&b)->saddr = htonl(0x0a000003);
	assert_int_not_equal(hash(&a), hash(&b));
	frame_v4(&b, IPPROTO_UDP, 80);
	frame_ip(&b)->daddr = htonl(0x0a000003);
	assert_int_not_equal(hash(&a), hash(&b));
}

/* Options do not make another flow of it. */
static void test_options(void **state)
{
	struct frame a, b;

	frame_v4(&a, IPPROTO_TCP, 80);
	frame_v4(&b, IPPROTO_TCP, 80);
	frame_ip(&b)->ihl = 8;
	frame_ports(&b, ETH_HLEN + 20, 5, 6);
	frame_ports(&b, ETH_HLEN + 32, 1000, 80);
	assert_int_equal(hash(&a), hash(&b));
}

static void test_ipv6(void **state)
{
	struct frame a, b;

	frame_v6(&a, IPPROTO_TCP, 80);
	frame_v6(&b, IPPROTO_TCP, 80);
	frame_ipv6(&b)->hop_limit = 3;
	assert_int_equal(hash(&a), hash(&b));
	assert_int_not_equal(hash(&a), KERNEL);
	frame_v6(&b, IPPROTO_TCP, 81);
	assert_int_not_equal(hash(&a), hash(&b));
	frame_v6(&b, IPPROTO_UDP, 80);
	assert_int_not_equal(hash(&a), hash(&b));
	frame_v6(&b, IPPROTO_TCP, 80);
	frame_ipv6(&b)->saddr.s6_addr[15] = 1;
	assert_int_not_equal(hash(&a), hash(&b));
	frame_v6(&b, IPPROTO_TCP, 80);
	frame_ipv6(&b)->daddr.s6_addr[15] = 1;
	assert_int_not_equal(hash(&a), hash(&b));
}

/* What has a hash already keeps it. */
static void test_hash_that_came_along(void **state)
{
	struct frame a;

	frame_v4(&a, IPPROTO_UDP, 80);
	a.skb.l4_hash = true;
	assert_int_equal(hash(&a), KERNEL);
	frame_v4(&a, IPPROTO_UDP, 80);
	a.skb.sw_hash = true;
	assert_int_equal(hash(&a), KERNEL);
}

/* Only the first fragment has ports, so none of them must be told by these. */
static void test_fragments(void **state)
{
	struct frame a;

	frame_v4(&a, IPPROTO_UDP, 80);
	frame_ip(&a)->frag_off = htons(IP_MF);
	assert_int_equal(hash(&a), KERNEL);
	frame_ip(&a)->frag_off = htons(185);
	assert_int_equal(hash(&a), KERNEL);
	frame_ip(&a)->frag_off = htons(0x4000);
	assert_int_not_equal(hash(&a), KERNEL);
}

/* Other protocols, other versions than the Ethernet header tells, and no IP at all. */
static void test_others(void **state)
{
	struct frame a;

	frame_v4(&a, IPPROTO_ICMP, 80);
	assert_int_equal(hash(&a), KERNEL);
	frame_v6(&a, IPPROTO_FRAGMENT, 80);
	assert_int_equal(hash(&a), KERNEL);
	frame_v4(&a, IPPROTO_UDP, 80);
	frame_ip(&a)->version = 5;
	assert_int_equal(hash(&a), KERNEL);
	frame_v4(&a, IPPROTO_UDP, 80);
	frame_ip(&a)->ihl = 4;
	assert_int_equal(hash(&a), KERNEL);
	frame_v6(&a, IPPROTO_UDP, 80);
	frame_ipv6(&a)->version = 4;
	assert_int_equal(hash(&a), KERNEL);
	frame_begin(&a, ETH_P_ARP);
	assert_int_equal(hash(&a), KERNEL);
}

/* A frame that ends anywhere, in room of its own so that the sanitizer sees its end. */
static void check_cuts(const struct frame *whole, unsigned int header)
{
	unsigned int length;

	for (length = ETH_HLEN; length < BYTES; length++) {
		struct frame cut = *whole;

		cut.skb.data = malloc(length);
		assert_non_null(cut.skb.data);
		memcpy(cut.skb.data, whole->bytes, length);
		cut.skb.len = length;
		if (length < ETH_HLEN + header + 4)
			assert_int_equal(hash(&cut), KERNEL);
		else
			assert_int_not_equal(hash(&cut), KERNEL);
		free(cut.skb.data);
	}
}

static void test_cuts(void **state)
{
	struct frame a;

	frame_v4(&a, IPPROTO_TCP, 80);
	check_cuts(&a, 20);
	frame_ip(&a)->ihl = 15;
	check_cuts(&a, 60);
	frame_v6(&a, IPPROTO_UDP, 80);
	check_cuts(&a, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ipv4),
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_ipv6),
		cmocka_unit_test(test_hash_that_came_along),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_cuts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
