// SPDX-License-Identifier: GPL-2.0
/* Starts and stops the module. */
#include <linux/init.h>
#include <linux/module.h>

static int __init vnet_init(void)
{
	return 0;
}

static void __exit vnet_exit(void)
{
}

module_init(vnet_init);
module_exit(vnet_exit);
MODULE_DESCRIPTION("Virtual switch with isolated networks, a firewall and shaping");
MODULE_LICENSE("GPL");
