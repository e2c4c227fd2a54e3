/* SPDX-License-Identifier: GPL-2.0-only */
/* The hook: where frames come in. Layer 3. */
#ifndef VNET_HOOK_H
#define VNET_HOOK_H

#include <linux/netdevice.h>

rx_handler_result_t vnet_hook(struct sk_buff **pskb);

#endif /* VNET_HOOK_H */
