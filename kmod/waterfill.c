// SPDX-License-Identifier: GPL-2.0-only
/*
 * Water-filling. Layer 0: it must not know who wants a part or of what.
 *
 * The three steps, for a capacity of 100 and
 *
 *		guarantee  want   weight	1st	2nd	3rd
 *	a	   50	    all      1		 50	 65	 65
 *	b	   20	    all      1		 20	 35	 35
 *	c	   20	     0       1		  0	  0	  0
 *
 * 1. Everybody gets the guarantee as far as it is wanted: 70. What c does not use
 *    is not set aside.
 * 2. What is left, 30, is poured prio by prio and within a prio by weight. Who has
 *    enough leaves its part to the others: max-min fairness (D. Bertsekas, R. Gallager,
 *    "Data Networks", 1992, 6.5.2), weighted.
 * 3. What nobody wants is spread by weight nevertheless, as room to grow: with all
 *    wants met the capacity would lie idle until somebody has asked for it.
 *
 * Guarantees that add up to more than the capacity are cut in proportion.
 */
#include "waterfill.h"

#include <linux/limits.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/vnet.h>

/*
 * Each round fills one at least, most rounds fill many; after these the rest is given
 * out by weight, and what somebody has no use for goes into the next step.
 */
#define POUR_ROUNDS	16
#define ANY_PRIO	(VNET_CLASS_PRIO_MAX + 1)

static u64 ceil_of(const struct vnet_want *want)
{
	return want->ceil ?: U64_MAX;
}

/* How much one may have in this step: all of its ceil, or what it can use. */
static u64 bound_of(const struct vnet_want *want, bool beyond_want)
{
	return beyond_want ? ceil_of(want) : min(ceil_of(want), want->want);
}

static bool thirsty(const struct vnet_want *want, u8 prio, bool beyond_want)
{
	return (prio == ANY_PRIO || want->prio == prio) &&
	       want->got < bound_of(want, beyond_want);
}

static u64 weigh(const struct vnet_want *wants, unsigned int count, u8 prio,
		 bool beyond_want)
{
	u64 weight = 0;
	unsigned int i;

	for (i = 0; i < count; i++)
		if (thirsty(&wants[i], prio, beyond_want))
			weight += wants[i].weight;
	return weight;
}

/*
 * One round: each gets its part of @left, or what it lacks if that is less. With
 * @only_full those who would not be full get nothing yet. Returns what was given.
 */
static u64 pour_once(struct vnet_want *wants, unsigned int count, u8 prio,
		     bool beyond_want, u64 left, bool only_full)
{
	u64 weight = weigh(wants, count, prio, beyond_want);
	u64 given = 0, part, lack;
	unsigned int i;

	for (i = 0; i < count; i++) {
		if (!thirsty(&wants[i], prio, beyond_want))
			continue;
		part = mul_u64_u64_div_u64(left, wants[i].weight, weight);
		lack = bound_of(&wants[i], beyond_want) - wants[i].got;
		if (only_full && lack > part)
			continue;
		part = min(part, lack);
		wants[i].got += part;
		given += part;
	}
	return given;
}

/* Returns what is left of @left. */
static u64 pour(struct vnet_want *wants, unsigned int count, u8 prio, bool beyond_want,
		u64 left)
{
	unsigned int round;
	u64 given;

	for (round = 0; round < POUR_ROUNDS; round++) {
		given = pour_once(wants, count, prio, beyond_want, left, true);
		if (!given)
			break;
		left -= given;
	}
	return left - pour_once(wants, count, prio, beyond_want, left, false);
}

/* Returns the sum of what everybody gets for sure, before it is cut. */
static u64 give_guarantees(struct vnet_want *wants, unsigned int count)
{
	unsigned int i;
	u64 sum = 0;

	for (i = 0; i < count; i++) {
		wants[i].got = min(wants[i].guarantee, bound_of(&wants[i], false));
		sum += wants[i].got;
	}
	return sum;
}

/**
 * vnet_waterfill - divide a capacity
 * @wants: who wants what; @got is filled in
 * @count: their number, up to 65536
 * @capacity: bit/s, up to 2^62 as all guarantees together
 *
 * Looks at each of them a bounded number of times, some hundred at worst.
 *
 * Context: any.
 */
void vnet_waterfill(struct vnet_want *wants, unsigned int count, u64 capacity)
{
	u64 sum = give_guarantees(wants, count), left;
	unsigned int i;
	u8 prio;

	if (sum > capacity) {
		for (i = 0; i < count; i++)
			wants[i].got = mul_u64_u64_div_u64(wants[i].got, capacity, sum);
		return;
	}
	left = capacity - sum;
	for (prio = 0; prio <= VNET_CLASS_PRIO_MAX && left; prio++)
		left = pour(wants, count, prio, false, left);
	pour(wants, count, ANY_PRIO, true, left);
}
