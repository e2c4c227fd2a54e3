/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Groups of given rules, with the tables that they need.
 * Layer 0: it must not know how a set is read, nor how its changes are published.
 */
#ifndef VNET_MATCH_BUILD_H
#define VNET_MATCH_BUILD_H

#include "match_node.h"

/**
 * struct vnet_match_ports - the parts of a cut that a rule has a share of
 * @next: first port of the next part
 * @last: first port of the last part
 * @size: ports in a part; 0 = the table is no cut, and there is one way
 */
struct vnet_match_ports {
	u32 next;
	u32 last;
	u32 size;
};

void vnet_match_lead(u32 *words, const struct vnet_match_rule *rule,
		     const struct vnet_match_shape *shape, u32 port);
void vnet_match_step(struct vnet_match_path *next, const struct vnet_match_path *path,
		     const struct vnet_match_shape *shape, const u32 *words);
struct vnet_match_ports vnet_match_ports_of(const struct vnet_match_shape *shape,
					    const struct vnet_match_rule *rule,
					    const struct vnet_match_path *path);
bool vnet_match_next_part(struct vnet_match_ports *ports);
bool vnet_match_same_value(const struct vnet_match_shape *shape,
			   const struct vnet_match_rule *a,
			   const struct vnet_match_rule *b);

int vnet_match_compare_orders(const void *a, const void *b);
void vnet_match_set_slot(struct vnet_match_slot *slot,
			 const struct vnet_match_rule *rule);
bool vnet_match_is_covered(const struct vnet_match_slot *slot, u32 count,
			   const struct vnet_match_rule *rule,
			   const struct vnet_match_path *path);
struct vnet_match_group *vnet_match_build_of(struct vnet_match_edit *edit,
					     const struct vnet_match_rule *const *rules,
					     u32 count,
					     const struct vnet_match_path *path, u64 hash);
struct vnet_match_group *vnet_match_build_again(struct vnet_match_edit *edit,
						struct vnet_match_group *old,
						const struct vnet_match_rule *without,
						const struct vnet_match_path *path);

/* match_edit.c */
struct vnet_match_group *vnet_match_insert(struct vnet_match_edit *edit,
					   struct vnet_match_group *group,
					   const struct vnet_match_rule *rule,
					   const struct vnet_match_path *path);
struct vnet_match_group *vnet_match_remove(struct vnet_match_edit *edit,
					   struct vnet_match_group *group,
					   const struct vnet_match_rule *rule,
					   const struct vnet_match_path *path);

#endif /* VNET_MATCH_BUILD_H */
