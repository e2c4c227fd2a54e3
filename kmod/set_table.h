/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sets of addresses, ports, MACs, pairs or members: what they consist of, and how that changes.
 * Layer 1: it must not know rules, the names of sets, or netlink attributes.
 */
#ifndef VNET_SET_TABLE_H
#define VNET_SET_TABLE_H

#include <linux/vnet.h>
#include "set.h"

/**
 * struct vnet_set_element - an element of a set; what its type does not use is ignored
 * @addr: of addresses and pairs, in its first bytes; already masked
 * @mac: of MACs
 * @member: of members, the id
 * @version: of @addr, 4 or 6
 * @prefix_len: of @addr, 0..32 or 0..128
 * @port_min: of ports, the first one; of pairs, the port; host order
 * @port_max: of ports, the last one, not less than @port_min
 */
struct vnet_set_element {
	union vnet_addr addr;
	u8 mac[6];
	u8 version;
	u8 prefix_len;
	u16 port_min;
	u16 port_max;
	u32 member;
};

struct vnet_set *vnet_set_create(enum vnet_set_type type);
void vnet_set_destroy(struct vnet_set *set);
int vnet_set_add(struct vnet_set *set, const struct vnet_set_element *element,
		 bool *unchanged);
int vnet_set_del(struct vnet_set *set, const struct vnet_set_element *element);
int vnet_set_replace(struct vnet_set *set, const struct vnet_set_element *elements,
		     u32 count);
bool vnet_set_contains(struct vnet_set *set, const struct vnet_set_element *element);
u32 vnet_set_count(const struct vnet_set *set);
enum vnet_set_type vnet_set_type(const struct vnet_set *set);
u32 vnet_set_copy(struct vnet_set *set, struct vnet_set_element *to, u32 room);

#endif /* VNET_SET_TABLE_H */
