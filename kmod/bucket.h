/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A token bucket as pure arithmetic. Layer 0: it must not know frames, classes,
 * clocks or locks; the caller says what time it is.
 */
#ifndef VNET_BUCKET_H
#define VNET_BUCKET_H

#include <linux/types.h>
#include <linux/vnet.h>

/*
 * Tokens are billionths of a bit. A nanosecond at R bit/s then earns exactly R
 * of them and a byte costs exactly 8e9, whatever the rate: nothing is rounded,
 * so nothing can drift, and neither earning nor paying takes a division.
 */
#define VNET_BUCKET_BYTE	8000000000LL

/* The longest frame whose whole debt is remembered; more than GSO can make. */
#define VNET_BUCKET_FRAME_MAX	1048576U

/**
 * struct vnet_bucket - a token bucket; the owner's lock protects it
 * @rate: bit/s, that is tokens per ns; 0 = unlimited
 * @burst: most tokens that it holds
 * @floor: deepest debt that it remembers, negative
 * @span: after so many ns it is full, whatever it held
 * @tokens: what it holds, negative: a debt
 * @lent: what was taken out in advance, for frames to come
 * @filled: time of the last filling in ns
 */
struct vnet_bucket {
	u64 rate;
	s64 burst;
	s64 floor;
	u64 span;
	s64 tokens;
	s64 lent;
	u64 filled;
};

void vnet_bucket_init(struct vnet_bucket *bucket, u64 rate, u32 burst, u64 now);
void vnet_bucket_change(struct vnet_bucket *bucket, u64 rate, u32 burst, u64 now);
void vnet_bucket_fill(struct vnet_bucket *bucket, u64 now);
void vnet_bucket_charge(struct vnet_bucket *bucket, u32 bytes);
void vnet_bucket_lend(struct vnet_bucket *bucket, u32 bytes);
void vnet_bucket_settle(struct vnet_bucket *bucket, u32 bytes, u32 unused);
u64 vnet_bucket_wait_ns(const struct vnet_bucket *bucket);

/**
 * vnet_bucket_ready - whether a frame may go now
 * @bucket: the bucket, filled
 *
 * Whoever is not in debt may send one frame of any length and pay afterwards,
 * so over any time at most burst + rate * time + one frame pass.
 *
 * Return: true when it may.
 */
static inline bool vnet_bucket_ready(const struct vnet_bucket *bucket)
{
	return bucket->tokens >= 0;
}

/**
 * vnet_bucket_holds - whether a frame is no longer than the burst
 * @bucket: the bucket
 * @bytes: length of the frame
 *
 * Return: true when the bucket can have the tokens for all of it.
 */
static inline bool vnet_bucket_holds(const struct vnet_bucket *bucket, u32 bytes)
{
	return !bucket->rate || bytes * VNET_BUCKET_BYTE <= bucket->burst;
}

#endif /* VNET_BUCKET_H */
