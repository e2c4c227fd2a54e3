/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The generic-netlink family: its start and its end. Layer 4: it knows the
 * objects; it must not know how frames travel.
 */
#ifndef VNET_NETLINK_H
#define VNET_NETLINK_H

int vnet_netlink_init(void);
void vnet_netlink_exit(void);

#endif /* VNET_NETLINK_H */
