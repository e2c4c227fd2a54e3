// SPDX-License-Identifier: GPL-2.0-only
/*
 * Token bucket arithmetic. Layer 0: it must not know frames, classes, clocks or
 * locks.
 *
 * Ranges: burst <= 2^28 bytes = 2.15e18 tokens, floor >= -(2^28 + 2^20) bytes =
 * -2.16e18, so that burst - floor < 4.4e18 and every sum below stays under 2^63
 * (9.2e18) for any rate and any time.
 */
#include "bucket.h"

#include <linux/math64.h>
#include <linux/minmax.h>

static void bucket_configure(struct vnet_bucket *bucket, u64 rate, u32 burst, u64 now)
{
	bucket->rate = rate;
	bucket->burst = min_t(u32, burst, VNET_BURST_MAX) * VNET_BUCKET_BYTE;
	bucket->floor = -bucket->burst - VNET_BUCKET_FRAME_MAX * VNET_BUCKET_BYTE;
	bucket->span = rate ? div64_u64(bucket->burst - bucket->floor, rate) + 1 : 0;
	bucket->filled = now;
}

/**
 * vnet_bucket_init - begin with a full bucket
 * @bucket: the bucket
 * @rate: bit/s; 0 = unlimited: never in debt, whatever is charged
 * @burst: bytes that may pass at once
 * @now: time in ns
 *
 * Context: any.
 */
void vnet_bucket_init(struct vnet_bucket *bucket, u64 rate, u32 burst, u64 now)
{
	bucket_configure(bucket, rate, burst, now);
	bucket->tokens = bucket->burst;
	bucket->lent = 0;
}

/**
 * vnet_bucket_change - give a bucket another rate and burst
 * @bucket: the bucket, of which nothing is lent
 * @rate: bit/s; 0 = unlimited
 * @burst: bytes that may pass at once
 * @now: time in ns
 *
 * What was earned until now was earned at the old rate. Tokens and debts are
 * bits, not time, so they keep their worth; only what exceeds the new burst is
 * lost. A bucket that was unlimited begins full.
 *
 * Context: any; the owner's lock.
 */
void vnet_bucket_change(struct vnet_bucket *bucket, u64 rate, u32 burst, u64 now)
{
	if (!bucket->rate || !rate) {
		vnet_bucket_init(bucket, rate, burst, now);
		return;
	}
	vnet_bucket_fill(bucket, now);
	bucket_configure(bucket, rate, burst, now);
	bucket->tokens = clamp(bucket->tokens, bucket->floor, bucket->burst);
}

/**
 * vnet_bucket_fill - add what was earned since the last time
 * @bucket: the bucket
 * @now: time in ns; a time before the last one changes nothing
 *
 * Context: any; the owner's lock.
 */
void vnet_bucket_fill(struct vnet_bucket *bucket, u64 now)
{
	s64 room = bucket->burst - bucket->lent;
	u64 elapsed = now - bucket->filled;

	if ((s64)elapsed <= 0 || !bucket->rate)
		return;
	bucket->filled = now;
	/* Below the span the product is at most burst - floor. */
	if (elapsed >= bucket->span)
		bucket->tokens = room;
	else
		bucket->tokens = min_t(s64, bucket->tokens + elapsed * bucket->rate, room);
}

/**
 * vnet_bucket_charge - take a frame's tokens
 * @bucket: the bucket
 * @bytes: length of the frame
 *
 * The debt ends at the floor: who was served far above this rate by right of
 * other buckets (guarantees that add up to more than their parent has) must not
 * pay for it until tomorrow. The floor is deeper than the longest frame, so a
 * bucket that lets frames go only when it is ready never comes near it.
 *
 * Context: any; the owner's lock.
 */
void vnet_bucket_charge(struct vnet_bucket *bucket, u32 bytes)
{
	s64 cost = min_t(u32, bytes, VNET_BURST_MAX) * VNET_BUCKET_BYTE;

	if (bucket->rate)
		bucket->tokens = max(bucket->tokens - cost, bucket->floor);
}

/**
 * vnet_bucket_lend - take tokens out for frames to come
 * @bucket: the bucket; it has the tokens, or is one that may be in debt
 * @bytes: of these frames
 *
 * Until they are settled the bucket holds so much less than its burst: what is lent
 * and what it holds never exceed the burst together.
 *
 * Context: any; the owner's lock.
 */
void vnet_bucket_lend(struct vnet_bucket *bucket, u32 bytes)
{
	if (!bucket->rate)
		return;
	vnet_bucket_charge(bucket, bytes);
	bucket->lent += bytes * VNET_BUCKET_BYTE;
}

/**
 * vnet_bucket_settle - put back what was not used of a loan
 * @bucket: the bucket
 * @bytes: as it was lent
 * @unused: of these
 *
 * Context: any; the owner's lock.
 */
void vnet_bucket_settle(struct vnet_bucket *bucket, u32 bytes, u32 unused)
{
	if (!bucket->rate)
		return;
	bucket->lent -= bytes * VNET_BUCKET_BYTE;
	bucket->tokens += unused * VNET_BUCKET_BYTE;
}

/**
 * vnet_bucket_wait_ns - how long after its last filling a bucket is ready
 * @bucket: the bucket, filled
 *
 * The only division besides configuration; it is for arming timers.
 *
 * Context: any; the owner's lock.
 * Return: nanoseconds, 0 when it is ready already.
 */
u64 vnet_bucket_wait_ns(const struct vnet_bucket *bucket)
{
	if (vnet_bucket_ready(bucket))
		return 0;
	return div64_u64(-bucket->tokens - 1, bucket->rate) + 1;
}
