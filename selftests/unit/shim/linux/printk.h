/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: messages */
#ifndef SHIM_LINUX_PRINTK_H
#define SHIM_LINUX_PRINTK_H

#include <stdio.h>

/* Diagnostics of a test begin with '#'. */
#define pr_err(...)	printf("# " __VA_ARGS__)
#define pr_warn(...)	printf("# " __VA_ARGS__)
#define pr_info(...)	printf("# " __VA_ARGS__)
#define pr_debug(...)	do { } while (0)

#endif /* SHIM_LINUX_PRINTK_H */
