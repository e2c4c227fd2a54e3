/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: per-CPU memory */
#ifndef SHIM_LINUX_PERCPU_H
#define SHIM_LINUX_PERCPU_H

#include <linux/bottom_half.h>
#include <linux/bug.h>
#include <linux/cpumask.h>
#include <linux/slab.h>
#include <linux/smp.h>

/* One object for each CPU, in cache lines of their own. */
#define shim_percpu_size(type)	((sizeof(type) + 63) / 64 * 64)

#define alloc_percpu_gfp(type, gfp) \
	((type *)shim_alloc(__FILE__, __LINE__, SHIM_CPUS * shim_percpu_size(type), \
			    (gfp) | __GFP_ZERO))
#define alloc_percpu(type)	alloc_percpu_gfp(type, GFP_KERNEL)
#define free_percpu(pointer)	shim_free(pointer)

#define per_cpu_ptr(pointer, cpu)					\
	((typeof(pointer))((char *)(pointer) +				\
			   (cpu) * shim_percpu_size(*(pointer))))
#define raw_cpu_ptr(pointer)	per_cpu_ptr(pointer, shim_cpu)
#define this_cpu_ptr(pointer)						\
({									\
	SHIM_ASSERT(in_softirq(), "this_cpu_ptr: we may migrate");	\
	raw_cpu_ptr(pointer);						\
})

#endif /* SHIM_LINUX_PERCPU_H */
