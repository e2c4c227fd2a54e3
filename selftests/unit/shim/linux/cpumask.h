/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: CPUs */
#ifndef SHIM_LINUX_CPUMASK_H
#define SHIM_LINUX_CPUMASK_H

/* As many CPUs as it takes to notice who forgets that there are several. */
#define SHIM_CPUS	4
#define nr_cpu_ids	SHIM_CPUS

#define for_each_possible_cpu(cpu) \
	for ((cpu) = 0; (cpu) < SHIM_CPUS; (cpu)++)
#define for_each_online_cpu(cpu)	for_each_possible_cpu(cpu)
#define num_possible_cpus()		SHIM_CPUS

#endif /* SHIM_LINUX_CPUMASK_H */
