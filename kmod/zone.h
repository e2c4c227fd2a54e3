/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The zone: where nf_conntrack keeps the connections of one network, apart from
 * those of all others. It must not know frames. Layer 2.
 */
#ifndef VNET_ZONE_H
#define VNET_ZONE_H

#include <linux/percpu.h>
#include <linux/types.h>
#include <linux/workqueue.h>

struct net;
struct nf_conn;
struct vnet_member;
struct vnet_netns;
struct vnet_network;

/**
 * struct vnet_zone - connections of a network; exists while a rule asks for state
 * @id: number of the conntrack zone, which no other network of the host has
 * @net: namespace
 * @network: its network; a reference is held
 * @round: of judging connections, see recheck.c; changed under the config mutex
 * @templates: what frames carry into nf_conntrack to say which zone is meant; one
 *	for each CPU, because each frame takes and gives back a reference
 * @free_work: the end, in process context after a grace period
 */
struct vnet_zone {
	u32 id;
	struct net *net;
	struct vnet_network *network;
	u8 round;
	struct nf_conn * __percpu *templates;
	struct rcu_work free_work;
};

/* What a connection remembers in its mark: the member that began it, and the round. */
#define VNET_ZONE_MEMBER	0x00ffffff
#define VNET_ZONE_ROUND_SHIFT	24

int vnet_zone_open(struct vnet_network *network);
void vnet_zone_close(struct vnet_network *network);
void vnet_zone_close_unused(struct vnet_network *network);
bool vnet_zone_next_round(struct vnet_network *network);
void vnet_zone_wait(struct vnet_netns *vn);

bool vnet_zone_has_helper(const char *name, u8 proto);
bool vnet_zone_load_helper(const char *name, u8 proto);

int vnet_zone_init(void);
void vnet_zone_exit(void);

#endif /* VNET_ZONE_H */
