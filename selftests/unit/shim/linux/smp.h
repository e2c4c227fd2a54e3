/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: on which CPU we are */
#ifndef SHIM_LINUX_SMP_H
#define SHIM_LINUX_SMP_H

#include <linux/cpumask.h>

/* The CPU that "runs": tests change it. */
extern int shim_cpu;

#define smp_processor_id()	shim_cpu
#define raw_smp_processor_id()	shim_cpu

#endif /* SHIM_LINUX_SMP_H */
