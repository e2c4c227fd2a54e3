/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: from a member to its struct */
#ifndef SHIM_LINUX_CONTAINER_OF_H
#define SHIM_LINUX_CONTAINER_OF_H

#include <stddef.h>

#define container_of(pointer, type, member)				\
	((type *)((char *)(pointer) - offsetof(type, member) +		\
		  0 * sizeof((pointer) == &((type *)0)->member)))

#endif /* SHIM_LINUX_CONTAINER_OF_H */
