/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: mutexes that know whether they are held */
#ifndef SHIM_LINUX_MUTEX_H
#define SHIM_LINUX_MUTEX_H

#include <linux/kernel.h>
#include <linux/lockdep.h>
#include <linux/types.h>

struct mutex {
	bool held;
};

#define DEFINE_MUTEX(name)	struct mutex name = { false }
#define mutex_init(mutex)	((mutex)->held = false)
#define mutex_destroy(mutex)	SHIM_ASSERT(!(mutex)->held, "destroying a held mutex")

static inline void mutex_lock(struct mutex *mutex)
{
	might_sleep();
	SHIM_ASSERT(!mutex->held, "mutex deadlock");
	mutex->held = true;
}

static inline void mutex_unlock(struct mutex *mutex)
{
	SHIM_ASSERT(mutex->held, "mutex not held");
	mutex->held = false;
}

static inline bool mutex_is_locked(const struct mutex *mutex)
{
	return mutex->held;
}

#endif /* SHIM_LINUX_MUTEX_H */
