/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: strings */
#ifndef SHIM_LINUX_STRING_H
#define SHIM_LINUX_STRING_H

#include_next <linux/string.h>

#include <errno.h>
#include <string.h>

#include <linux/types.h>

static inline ssize_t strscpy(char *to, const char *from, size_t size)
{
	size_t i;

	for (i = 0; i < size; i++) {
		to[i] = from[i];
		if (!from[i])
			return i;
	}
	if (size)
		to[size - 1] = '\0';
	return -E2BIG;
}

#define strscpy_pad(to, from, size)					\
({									\
	memset(to, 0, size);						\
	strscpy(to, from, size);					\
})

#endif /* SHIM_LINUX_STRING_H */
