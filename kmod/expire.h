/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The end of rules that expire. Layer 2: it must not know how frames travel or how
 * rules are configured.
 */
#ifndef VNET_EXPIRE_H
#define VNET_EXPIRE_H

struct vnet_netns;
struct vnet_network;

/* Config mutex held: rules of the network may expire earlier than any before. */
void vnet_expire_arm(struct vnet_network *network);

/* Birth and end of a namespace; stop: config mutex and RTNL not held. */
void vnet_expire_start(struct vnet_netns *vn);
void vnet_expire_stop(struct vnet_netns *vn);

void vnet_expire_flush(void);
int vnet_expire_init(void);
void vnet_expire_exit(void);

#endif /* VNET_EXPIRE_H */
