/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Unit test shim: what a test controls. The headers in linux/ are what the
 * sources under test see of the kernel, no more than they need and for a single
 * thread: a grace period, a tick or another CPU comes when the test says so.
 */
#ifndef SHIM_H
#define SHIM_H

#include <linux/types.h>

/* Nothing is queued, held or due; the time is zero. Call it before each test. */
void shim_reset(void);

/* The @n-th allocation from now on fails, once; 0 = none does. */
void shim_fail_at(unsigned int n);
/* Whether it did; forgets it. */
bool shim_failed(void);
/* Allocations that have not been freed. */
size_t shim_allocated(void);

/* A grace period ends: callbacks run. Returns how many. */
unsigned int shim_rcu_run(void);

/* Time goes by; timers and work run when they are due, in their order. */
void shim_advance_ns(u64 ns);
void shim_advance_ms(u64 ms);
/* A busy CPU: time goes by and nothing runs; then, timers run this late. */
void shim_skip_ns(u64 ns);
void shim_late_ns(u64 ns);

/*
 * Random numbers of a test, the same for the same seed. shim_seed() takes it
 * from VNET_SEED or the clock and prints it.
 */
void shim_seed(void);
u64 shim_random(void);
/* One of 0..n-1. */
u32 shim_below(u32 n);

#endif /* SHIM_H */
