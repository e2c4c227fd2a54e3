/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: hashes of names */
#ifndef SHIM_LINUX_STRINGHASH_H
#define SHIM_LINUX_STRINGHASH_H

#include <linux/types.h>

static inline unsigned int full_name_hash(const void *salt, const char *name,
					  unsigned int length)
{
	unsigned int hash = 2166136261U ^ (unsigned int)(uintptr_t)salt;

	while (length--)
		hash = (hash ^ (u8)*name++) * 16777619U;
	return hash;
}

#endif /* SHIM_LINUX_STRINGHASH_H */
