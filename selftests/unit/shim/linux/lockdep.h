/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: who holds what */
#ifndef SHIM_LINUX_LOCKDEP_H
#define SHIM_LINUX_LOCKDEP_H

#include <linux/bug.h>

#define lockdep_assert_held(lock) \
	SHIM_ASSERT((lock)->held, "not held: " #lock)
#define lockdep_assert_not_held(lock) \
	SHIM_ASSERT(!(lock)->held, "held: " #lock)
#define lockdep_is_held(lock)	((lock)->held)

#endif /* SHIM_LINUX_LOCKDEP_H */
