/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The uplink: a capacity that networks share, each by a share of its own.
 * Layer 1: it must not know ports, networks (only as opaque owners) or the packet
 * path (only as callbacks).
 */
#ifndef VNET_UPLINK_H
#define VNET_UPLINK_H

#include <linux/list.h>
#include "class.h"

struct vnet_uplink;
struct vnet_share;

/**
 * struct vnet_share_spec - what an owner may have of an uplink
 * @guarantee: bit/s that it gets whenever it has that much to send, 0 = none
 * @ceil: bit/s that it never gets more than, 0 = the capacity
 * @weight: its part of what others leave, see struct vnet_class_spec
 * @prio: 0 is served first with what others leave
 * @delay_target: ms, see struct vnet_class_spec
 * @delay_limit: ms, likewise
 */
struct vnet_share_spec {
	u64 guarantee;
	u64 ceil;
	u32 weight;
	u8 prio;
	u32 delay_target;
	u32 delay_limit;
};

/**
 * struct vnet_share_sum - one direction of a share, as read
 * @allowed: bit/s that it may send now; 0: nothing limits it
 * @measured: bit/s that it sent in the last second
 * @counters: frames; of @counters.borrowed nothing is known
 */
struct vnet_share_sum {
	u64 allowed;
	u64 measured;
	struct vnet_class_sum counters;
};

/*
 * Configuration, under the config mutex of the namespace; may sleep. All frames that
 * a share holds are given up when it is left.
 */
struct vnet_uplink *vnet_uplink_create(const struct vnet_class_ops *ops);
void vnet_uplink_stop(struct vnet_uplink *uplink);
void vnet_uplink_free(struct vnet_uplink *uplink);
void vnet_uplink_set_capacity(struct vnet_uplink *uplink, u64 capacity);
u64 vnet_uplink_capacity(const struct vnet_uplink *uplink);
u64 vnet_uplink_guaranteed(const struct vnet_uplink *uplink);

struct vnet_share *vnet_share_find(struct vnet_uplink *uplink, const void *owner);
struct vnet_share *vnet_share_next(struct vnet_uplink *uplink, u32 after_id);
struct vnet_share *vnet_share_join(struct vnet_uplink *uplink, void *owner, u32 id,
				   const struct vnet_share_spec *spec);
void vnet_share_use(struct vnet_share *share);
void vnet_share_leave(struct vnet_share *share);
void vnet_share_change(struct vnet_share *share, const struct vnet_share_spec *spec);
void vnet_share_purge(struct vnet_share *share, const void *member);

void *vnet_share_owner(const struct vnet_share *share);
u32 vnet_share_id(const struct vnet_share *share);
struct vnet_uplink *vnet_share_uplink(const struct vnet_share *share);
const struct vnet_share_spec *vnet_share_spec(const struct vnet_share *share);
void vnet_share_read(const struct vnet_share *share, enum vnet_direction direction,
		     struct vnet_share_sum *sum);

/*
 * Packet path, RCU read side, bottom halves off. The caller has filled
 * vnet_hold(skb).
 */
bool vnet_share_pass(const struct vnet_share *share, enum vnet_direction direction, u32 bytes);
enum vnet_class_verdict vnet_share_admit(struct vnet_share *share,
					 enum vnet_direction direction,
					 struct sk_buff *skb, bool divisible);

#endif /* VNET_UPLINK_H */
