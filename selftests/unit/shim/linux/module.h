/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: modules */
#ifndef SHIM_LINUX_MODULE_H
#define SHIM_LINUX_MODULE_H

#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/printk.h>

#define THIS_MODULE		NULL
#define EXPORT_SYMBOL_GPL(x)
#define MODULE_LICENSE(x)

#endif /* SHIM_LINUX_MODULE_H */
