/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * netdev: the network interfaces of this namespace.
 */
#ifndef VNETCTL_NETDEV_H
#define VNETCTL_NETDEV_H

#include <net/if.h>
#include <stdbool.h>

/**
 * struct netdev_stack - what keeps an interface busy
 * @master: the interface that owns it, "" for none
 * @master_kind: what that is (bridge, bond, ...)
 * @upper: an interface that stands on it, "" for none
 * @upper_kind: what that is (vlan, macvlan, ...)
 */
struct netdev_stack {
	char master[IFNAMSIZ];
	char master_kind[32];
	char upper[IFNAMSIZ];
	char upper_kind[32];
};

bool netdev_exists(const char *name);
int netdev_stack_read(const char *name, struct netdev_stack *stack);

#endif /* VNETCTL_NETDEV_H */
