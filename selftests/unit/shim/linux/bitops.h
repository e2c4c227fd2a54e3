/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: finding and changing bits */
#ifndef SHIM_LINUX_BITOPS_H
#define SHIM_LINUX_BITOPS_H

#include <linux/bits.h>
#include <linux/types.h>

/* Undefined for 0, as in the kernel. */
static inline unsigned long __ffs(unsigned long word)
{
	return __builtin_ctzl(word);
}

static inline unsigned long __fls(unsigned long word)
{
	return 63 - __builtin_clzl(word);
}

static inline unsigned long __ffs64(u64 word)
{
	return __ffs(word);
}

static inline u64 rol64(u64 word, unsigned int shift)
{
	return word << shift | word >> (64 - shift);
}

static inline int fls(unsigned int word)
{
	return word ? 32 - __builtin_clz(word) : 0;
}

static inline int fls64(u64 word)
{
	return word ? 64 - __builtin_clzll(word) : 0;
}

static inline unsigned int hweight32(u32 word)
{
	return __builtin_popcount(word);
}

static inline unsigned int hweight64(u64 word)
{
	return __builtin_popcountll(word);
}

static inline bool test_bit(unsigned int n, const unsigned long *words)
{
	return words[n / BITS_PER_LONG] >> n % BITS_PER_LONG & 1;
}

static inline void __set_bit(unsigned int n, unsigned long *words)
{
	words[n / BITS_PER_LONG] |= BIT(n % BITS_PER_LONG);
}

static inline void __clear_bit(unsigned int n, unsigned long *words)
{
	words[n / BITS_PER_LONG] &= ~BIT(n % BITS_PER_LONG);
}

#define set_bit(n, words)	__set_bit(n, words)
#define clear_bit(n, words)	__clear_bit(n, words)

#endif /* SHIM_LINUX_BITOPS_H */
