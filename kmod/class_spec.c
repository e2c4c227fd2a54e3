// SPDX-License-Identifier: GPL-2.0-only
/*
 * Values of a class as an operator gives them: defaults, ranges, comparison.
 * Layer 1: it must not know trees or classes that exist.
 */
#include "class_spec.h"

#include <linux/errno.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include "shaper.h"

#define SPEC_BURST_MIN	3028	/* of a default burst: two large frames */
#define SPEC_WEIGHT_RATE 1000000	/* bit/s of the rate that weigh 1 by default */

static u32 spec_default_burst(u64 rate)
{
	return max_t(u32, vnet_shaper_slice(rate), SPEC_BURST_MIN);
}

/**
 * vnet_class_spec_fill_defaults - give a value to all that was left open
 * @spec: what was given, by @spec.has; has effective values afterwards, and
 *	@spec.has tells still which of them were given. A ceil of 0 is none
 *
 * Context: any.
 */
void vnet_class_spec_fill_defaults(struct vnet_class_spec *spec)
{
	if (!(spec->has & VNET_CLASS_HAS_RATE))
		spec->rate = 0;
	if (!spec->ceil)
		spec->has &= ~VNET_CLASS_HAS_CEIL;
	if (!(spec->has & VNET_CLASS_HAS_CEIL))
		spec->ceil = spec->rate;
	if (!(spec->has & VNET_CLASS_HAS_BURST))
		spec->burst = spec_default_burst(spec->rate);
	if (!(spec->has & VNET_CLASS_HAS_CBURST))
		spec->cburst = spec_default_burst(spec->ceil);
	if (!(spec->has & VNET_CLASS_HAS_PRIO))
		spec->prio = 0;
	if (!(spec->has & VNET_CLASS_HAS_QUEUE))
		spec->queue = VNET_CLASS_QUEUE_DEFAULT;
	if (!(spec->has & VNET_CLASS_HAS_WEIGHT))
		spec->weight = max_t(u64, div_u64(spec->rate, SPEC_WEIGHT_RATE),
				     VNET_WEIGHT_MIN);
	if (!(spec->has & VNET_CLASS_HAS_DELAY_TARGET))
		spec->delay_target = VNET_DELAY_TARGET_DEFAULT;
	if (!(spec->has & VNET_CLASS_HAS_DELAY_LIMIT))
		spec->delay_limit = VNET_DELAY_LIMIT_DEFAULT;
	if (!(spec->has & VNET_CLASS_HAS_OVERHEAD))
		spec->overhead = 0;
}

/**
 * vnet_class_spec_merge - take over what another one gives
 * @spec: the values so far
 * @from: those it gives replace them; who is given a rate of 0 loses its ceil
 *
 * Context: any.
 */
void vnet_class_spec_merge(struct vnet_class_spec *spec,
			   const struct vnet_class_spec *from)
{
	if (from->has & VNET_CLASS_HAS_RATE) {
		spec->rate = from->rate;
		if (!spec->rate)
			spec->has &= ~VNET_CLASS_HAS_CEIL;
	}
	if (from->has & VNET_CLASS_HAS_CEIL)
		spec->ceil = from->ceil;
	if (from->has & VNET_CLASS_HAS_BURST)
		spec->burst = from->burst;
	if (from->has & VNET_CLASS_HAS_CBURST)
		spec->cburst = from->cburst;
	if (from->has & VNET_CLASS_HAS_PRIO)
		spec->prio = from->prio;
	if (from->has & VNET_CLASS_HAS_QUEUE)
		spec->queue = from->queue;
	if (from->has & VNET_CLASS_HAS_WEIGHT)
		spec->weight = from->weight;
	if (from->has & VNET_CLASS_HAS_DELAY_TARGET)
		spec->delay_target = from->delay_target;
	if (from->has & VNET_CLASS_HAS_DELAY_LIMIT)
		spec->delay_limit = from->delay_limit;
	if (from->has & VNET_CLASS_HAS_OVERHEAD)
		spec->overhead = from->overhead;
	spec->has |= from->has & VNET_CLASS_HAS_VALUES;
}

static bool spec_rate_valid(u64 rate)
{
	return rate >= VNET_RATE_MIN && rate <= VNET_RATE_MAX;
}

static bool spec_delays_valid(const struct vnet_class_spec *spec)
{
	return spec->delay_target <= VNET_DELAY_MAX && spec->delay_limit <= VNET_DELAY_MAX;
}

static bool spec_burst_valid(u32 burst)
{
	return burst >= VNET_BURST_MIN && burst <= VNET_BURST_MAX;
}

/* Only the root may be without a rate: nothing is guaranteed then. */
static bool spec_rates_valid(const struct vnet_class_spec *spec, bool root)
{
	if (root && !spec->rate)
		return !spec->ceil || spec_rate_valid(spec->ceil);
	return spec_rate_valid(spec->rate) && spec_rate_valid(spec->ceil) &&
	       spec->ceil >= spec->rate;
}

/**
 * vnet_class_spec_validate - check ranges
 * @spec: effective values
 * @root: whether it is for the root, which may be unlimited
 *
 * Context: any.
 * Return: 0 or -ERANGE.
 */
int vnet_class_spec_validate(const struct vnet_class_spec *spec, bool root)
{
	if (!spec_rates_valid(spec, root) || !spec_burst_valid(spec->burst) ||
	    !spec_burst_valid(spec->cburst) || spec->prio > VNET_CLASS_PRIO_MAX ||
	    spec->queue > VNET_CLASS_QUEUE_MAX || spec->weight < VNET_WEIGHT_MIN ||
	    spec->weight > VNET_WEIGHT_MAX || !spec_delays_valid(spec) ||
	    spec->overhead > (root ? VNET_OVERHEAD_MAX : 0))
		return -ERANGE;
	return 0;
}

/**
 * vnet_class_spec_same - compare values, not names or places
 * @a: effective values
 * @b: effective values
 *
 * Context: any.
 * Return: whether they are the same, given or by default.
 */
bool vnet_class_spec_same(const struct vnet_class_spec *a,
			  const struct vnet_class_spec *b)
{
	return a->rate == b->rate && a->ceil == b->ceil && a->burst == b->burst &&
	       a->cburst == b->cburst && a->prio == b->prio && a->queue == b->queue &&
	       a->weight == b->weight &&
	       a->delay_target == b->delay_target && a->delay_limit == b->delay_limit &&
	       a->overhead == b->overhead;
}
