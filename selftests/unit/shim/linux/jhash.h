/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: a keyed hash */
#ifndef SHIM_LINUX_JHASH_H
#define SHIM_LINUX_JHASH_H

#include <linux/types.h>

/* Not the kernel's function, but as good for a test. */
static inline u32 jhash_2words(u32 a, u32 b, u32 seed)
{
	u64 mix = ((u64)a << 32 | b) ^ seed * 0x9e3779b97f4a7c15ULL;

	mix = (mix ^ mix >> 30) * 0xbf58476d1ce4e5b9ULL;
	mix = (mix ^ mix >> 27) * 0x94d049bb133111ebULL;
	return mix ^ mix >> 31;
}

static inline u32 jhash_1word(u32 a, u32 seed)
{
	return jhash_2words(a, 0, seed);
}

static inline u32 jhash(const void *key, u32 length, u32 seed)
{
	const u8 *byte = key;
	u32 hash = seed;

	while (length--)
		hash = jhash_2words(*byte++, length, hash);
	return hash;
}

#endif /* SHIM_LINUX_JHASH_H */
