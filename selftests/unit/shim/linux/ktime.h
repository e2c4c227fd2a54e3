/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: time in nanoseconds */
#ifndef SHIM_LINUX_KTIME_H
#define SHIM_LINUX_KTIME_H

#include <linux/math64.h>
#include <linux/types.h>

typedef s64 ktime_t;

#define NSEC_PER_USEC	1000L
#define NSEC_PER_MSEC	1000000L
#define NSEC_PER_SEC	1000000000L
#define USEC_PER_SEC	1000000L
#define MSEC_PER_SEC	1000L
#define KTIME_MAX	((s64)~(1ULL << 63))

/* Virtual: it stands still until shim_advance_ns(). */
u64 ktime_get_ns(void);

/* Nobody sleeps. */
static inline u64 ktime_get_boottime_ns(void)
{
	return ktime_get_ns();
}

static inline ktime_t ktime_get(void)
{
	return ktime_get_ns();
}

static inline ktime_t ns_to_ktime(u64 ns)
{
	return ns;
}

static inline s64 ktime_to_ns(ktime_t time)
{
	return time;
}

static inline ktime_t ktime_set(s64 seconds, unsigned long ns)
{
	return seconds * NSEC_PER_SEC + ns;
}

static inline ktime_t ms_to_ktime(u64 ms)
{
	return ms * NSEC_PER_MSEC;
}

static inline ktime_t ktime_add_ns(ktime_t time, u64 ns)
{
	return time + ns;
}

static inline ktime_t ktime_add(ktime_t a, ktime_t b)
{
	return a + b;
}

static inline ktime_t ktime_sub(ktime_t a, ktime_t b)
{
	return a - b;
}

static inline bool ktime_before(ktime_t a, ktime_t b)
{
	return a < b;
}

static inline bool ktime_after(ktime_t a, ktime_t b)
{
	return a > b;
}

#endif /* SHIM_LINUX_KTIME_H */
