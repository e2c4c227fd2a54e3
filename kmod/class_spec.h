/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Values of a class as an operator gives them: defaults, ranges, comparison.
 * Layer 1: it must not know trees or classes that exist.
 */
#ifndef VNET_CLASS_SPEC_H
#define VNET_CLASS_SPEC_H

#include "class.h"

/* All that has a default, unlike the place in the tree. */
#define VNET_CLASS_HAS_VALUES	(VNET_CLASS_HAS_RATE | VNET_CLASS_HAS_CEIL |	\
				 VNET_CLASS_HAS_BURST | VNET_CLASS_HAS_CBURST |	\
				 VNET_CLASS_HAS_PRIO | VNET_CLASS_HAS_QUEUE |	\
				 VNET_CLASS_HAS_WEIGHT | VNET_CLASS_HAS_DELAY_TARGET |	\
				 VNET_CLASS_HAS_DELAY_LIMIT | VNET_CLASS_HAS_OVERHEAD)

void vnet_class_spec_fill_defaults(struct vnet_class_spec *spec);
void vnet_class_spec_merge(struct vnet_class_spec *spec,
			   const struct vnet_class_spec *from);
int vnet_class_spec_validate(const struct vnet_class_spec *spec, bool root);
bool vnet_class_spec_same(const struct vnet_class_spec *a,
			  const struct vnet_class_spec *b);

#endif /* VNET_CLASS_SPEC_H */
