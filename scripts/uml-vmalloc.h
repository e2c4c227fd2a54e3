/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Owns one correction for the uml-debug kernel; force-included by scripts/kernel into mm/vmalloc.c only.
 *
 * Freed areas of vmalloc() are purged in batches, each ended by a flush of the TLB for the shadow memory of everything
 * between the lowest and the highest of them. On User-Mode Linux that request does not flush but writes all that shadow
 * memory. Areas of per-CPU memory lie at the other end of the address space: a batch with one of them costs the host
 * tens of gigabytes, and it kills the guest. What is freed itself was written before; the flush is nothing here.
 */
#ifndef VNET_UML_VMALLOC_H
#define VNET_UML_VMALLOC_H

#include <linux/kasan.h>

#define kasan_release_vmalloc(start, end, free_start, free_end, flags) do {		\
	if ((flags) & KASAN_VMALLOC_PAGE_RANGE)					\
		kasan_release_vmalloc(start, end, free_start, free_end, flags);		\
} while (0)

#endif /* VNET_UML_VMALLOC_H */
