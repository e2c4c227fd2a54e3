/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Owns one shortcut for the uml-debug kernel; force-included by scripts/kernel into its stack walker only.
 *
 * User-Mode Linux looks at every word of the stack to find return addresses, and asks for each whether it lies in a
 * module. With lockdep that is a lock taken and dropped, with two CPUs four system calls on top, and KASAN and kmemleak
 * walk the stack at every allocation: 86 % of all time went there. Whether a word points into the area that modules come
 * from is enough: what gets recorded are the words in the place of a return address.
 */
#ifndef VNET_UML_STACKTRACE_H
#define VNET_UML_STACKTRACE_H

#include <linux/kernel.h>
#include <linux/mm.h>
#include <linux/kallsyms.h>

#define __kernel_text_address(addr) \
	(core_kernel_text(addr) || is_vmalloc_or_module_addr((const void *)(addr)))

#endif /* VNET_UML_STACKTRACE_H */
