/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Which table to make for rules that are too many to stand side by side.
 * Layer 0: it must not know how tables are filled or looked up.
 */
#ifndef VNET_MATCH_SPLIT_H
#define VNET_MATCH_SPLIT_H

#include "match_node.h"

u32 vnet_match_count_seen(const struct vnet_match_rule *const *rules, u32 count,
			  const struct vnet_match_path *path, u32 limit);
int vnet_match_choose(const struct vnet_match_rule *const *rules, u32 count,
		      const struct vnet_match_path *path, u64 seed,
		      struct vnet_match_shape *shape);
bool vnet_match_takes(const struct vnet_match_shape *shape,
		      const struct vnet_match_rule *rule,
		      const struct vnet_match_path *path);

#endif /* VNET_MATCH_SPLIT_H */
