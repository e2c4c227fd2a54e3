// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/datagram.c
/*
 * Datagrams: every order of fragments, what contradicts itself, and the bounds.
 */
#include "unit.h"

#include <linux/kernel.h>
#include <linux/ktime.h>

#include "datagram.h"

static struct vnet_datagrams all;
static struct sk_buff_head whole, lost;
static atomic_t shared;

static int setup(void **state)
{
	shim_reset();
	atomic_set(&shared, 0);
	vnet_datagrams_init(&all, &shared);
	__skb_queue_head_init(&whole);
	__skb_queue_head_init(&lost);
	return 0;
}

static u32 drain(struct sk_buff_head *list)
{
	struct sk_buff *skb;
	u32 count = 0;

	while ((skb = __skb_dequeue(list))) {
		kfree_skb(skb);
		count++;
	}
	return count;
}

static int teardown(void **state)
{
	drain(&whole);
	drain(&lost);
	vnet_datagrams_close(&all, &lost);
	drain(&lost);
	assert_int_equal(all.bytes, 0);
	assert_int_equal(atomic_read(&shared), 0);
	assert_int_equal(shim_allocated(), 0);
	return 0;
}

/* A fragment of packet @id; its frame has the offset as its length, to be known by. */
static enum vnet_datagram_verdict add_at(u32 id, u32 offset, u32 length, bool last, u64 now)
{
	struct vnet_part part = {
		.version = 4,
		.proto = 17,
		.last = last,
		.offset = offset,
		.length = length,
		.id = (__force __be32)id,
	};
	struct sk_buff *skb = alloc_skb(offset, GFP_KERNEL);
	enum vnet_datagram_verdict verdict;

	assert_non_null(skb);
	skb->truesize = 2048;
	verdict = vnet_datagrams_add(&all, &part, skb, now, &whole, &lost);
	if (verdict > VNET_DATAGRAM_WHOLE)
		kfree_skb(skb);
	return verdict;
}

static enum vnet_datagram_verdict add(u32 id, u32 offset, u32 length, bool last)
{
	return add_at(id, offset, length, last, 0);
}

static void test_every_order(void **state)
{
	u32 order[4], n, i, j, left, place;
	struct sk_buff *skb;

	for (n = 0; n < 24; n++) {
		for (i = 0, left = n; i < 4; left /= 4 - i, i++) {
			place = left % (4 - i);
			for (j = 0; ; j++) {
				u32 k, used = 0;

				for (k = 0; k < i; k++)
					used |= order[k] == j;
				if (!used && !place--)
					break;
			}
			order[i] = j;
		}
		for (i = 0; i < 4; i++)
			assert_int_equal(add(n, order[i] * 8, 8, order[i] == 3),
					 i < 3 ? VNET_DATAGRAM_KEPT : VNET_DATAGRAM_WHOLE);
		assert_int_equal(skb_queue_len(&whole), 4);
		for (i = 0; i < 4; i++) {
			skb = __skb_dequeue(&whole);
			assert_int_equal(skb->len, i * 8);
			kfree_skb(skb);
		}
		assert_int_equal(all.bytes, 0);
	}
}

static void test_packets_are_apart(void **state)
{
	struct vnet_part part = { .version = 4, .length = 8, .last = true, .offset = 8 };
	struct sk_buff *skb;
	u32 i;

	assert_int_equal(add(0, 0, 8, false), VNET_DATAGRAM_KEPT);
	for (i = 0; i < 5; i++) {
		part.version = i == 0 ? 6 : 4;
		part.proto = i == 1 ? 6 : 17;
		part.id = (__force __be32)(i == 2);
		part.saddr.v4 = (__force __be32)(i == 3);
		part.daddr.v4 = (__force __be32)(i == 4);
		skb = alloc_skb(8, GFP_KERNEL);
		assert_int_equal(vnet_datagrams_add(&all, &part, skb, 0, &whole, &lost),
				 VNET_DATAGRAM_KEPT);
	}
	assert_int_equal(add(0, 8, 8, true), VNET_DATAGRAM_WHOLE);
}

static void test_repeated(void **state)
{
	assert_int_equal(add(1, 0, 8, false), VNET_DATAGRAM_KEPT);
	assert_int_equal(add(1, 0, 8, false), VNET_DATAGRAM_REPEATED);
	assert_int_equal(add(1, 8, 8, true), VNET_DATAGRAM_WHOLE);
	assert_int_equal(drain(&whole), 2);
}

static void test_contradictions(void **state)
{
	const struct {
		u32 offset, length;
		bool last;
	} bad[] = {
		{ 0, 16, false },	/* into the next one */
		{ 16, 8, true },	/* behind the end */
		{ 12, 4, true },	/* another end */
		{ 4, 4, true },		/* an end before others */
		{ 8, 4, false },	/* inside another */
		{ 8, 8, false },	/* the last one that is not */
		{ 65528, 8, false },	/* beyond all packets */
	};
	u32 i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		assert_int_equal(add(i, 8, 8, true), VNET_DATAGRAM_KEPT);
		if (bad[i].offset == 8 && bad[i].length == 8) {
			assert_int_equal(add(i, 8, 8, false), VNET_DATAGRAM_REPEATED);
			continue;
		}
		assert_int_equal(add(i, bad[i].offset, bad[i].length, bad[i].last),
				 VNET_DATAGRAM_BAD);
		assert_int_equal(drain(&lost), 1);
	}
	assert_int_equal(add(99, 65528, 7, true), VNET_DATAGRAM_KEPT);
	assert_int_equal(add(98, 65528, 8, true), VNET_DATAGRAM_BAD);
}

static void test_too_many_fragments(void **state)
{
	u32 i;

	for (i = 0; i < VNET_DATAGRAM_FRAGMENTS; i++)
		assert_int_equal(add(1, i * 8, 8, false), VNET_DATAGRAM_KEPT);
	assert_int_equal(add(1, i * 8, 8, true), VNET_DATAGRAM_BAD);
	assert_int_equal(drain(&lost), VNET_DATAGRAM_FRAGMENTS);
}

/* The oldest go, of this sender only. */
static void test_bound_of_a_sender(void **state)
{
	u32 i, kept = 0;

	for (i = 0; i < 1000; i++) {
		assert_int_equal(add(i, 0, 8, false), VNET_DATAGRAM_KEPT);
		assert_true(all.bytes <= VNET_DATAGRAM_BYTES);
		kept = i + 1 - skb_queue_len(&lost);
	}
	assert_true(kept >= 32 && kept <= 64);
	assert_int_equal(add(999, 8, 8, true), VNET_DATAGRAM_WHOLE);
	assert_int_equal(add(0, 8, 8, true), VNET_DATAGRAM_KEPT);
}

static void test_bound_of_all_senders(void **state)
{
	assert_int_equal(add(1, 0, 8, false), VNET_DATAGRAM_KEPT);
	atomic_add(VNET_DATAGRAM_SHARED - 6000, &shared);
	assert_int_equal(add(2, 0, 8, false), VNET_DATAGRAM_KEPT);
	assert_int_equal(drain(&lost), 1);
	atomic_add(6000, &shared);
	assert_int_equal(add(3, 0, 8, false), VNET_DATAGRAM_FULL);
	assert_int_equal(drain(&lost), 1);
	atomic_sub(VNET_DATAGRAM_SHARED, &shared);
}

static void test_expire(void **state)
{
	assert_int_equal(add_at(1, 0, 8, false, 1 * NSEC_PER_SEC), VNET_DATAGRAM_KEPT);
	assert_int_equal(add_at(1, 16, 8, false, 20 * NSEC_PER_SEC), VNET_DATAGRAM_KEPT);
	assert_int_equal(add_at(2, 0, 8, false, 5 * NSEC_PER_SEC), VNET_DATAGRAM_KEPT);
	vnet_datagrams_expire(&all, 30 * NSEC_PER_SEC, &lost);
	assert_int_equal(drain(&lost), 0);
	vnet_datagrams_expire(&all, 31 * NSEC_PER_SEC, &lost);
	assert_int_equal(drain(&lost), 2);
	vnet_datagrams_expire(&all, U64_MAX, &lost);
	assert_int_equal(drain(&lost), 1);
}

static void test_closed(void **state)
{
	assert_int_equal(add(1, 0, 8, false), VNET_DATAGRAM_KEPT);
	vnet_datagrams_close(&all, &lost);
	assert_int_equal(drain(&lost), 1);
	assert_int_equal(add(1, 0, 8, false), VNET_DATAGRAM_FULL);
}

static void test_no_memory(void **state)
{
	struct vnet_part part = { .version = 4, .length = 8 };
	struct sk_buff *skb = alloc_skb(0, GFP_KERNEL);

	shim_fail_at(1);
	assert_int_equal(vnet_datagrams_add(&all, &part, skb, 0, &whole, &lost),
			 VNET_DATAGRAM_FULL);
	assert_true(shim_failed());
	kfree_skb(skb);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_every_order),
		CASE(test_packets_are_apart),
		CASE(test_repeated),
		CASE(test_contradictions),
		CASE(test_too_many_fragments),
		CASE(test_bound_of_a_sender),
		CASE(test_bound_of_all_senders),
		CASE(test_expire),
		CASE(test_closed),
		CASE(test_no_memory),
	};

	return cmocka_run_group_tests_name("datagram", tests, NULL, NULL);
}
