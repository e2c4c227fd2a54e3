/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * format: from a value to the word that one would type for it.
 */
#ifndef VNETCTL_FORMAT_H
#define VNETCTL_FORMAT_H

#include <stdint.h>
#include <vnet.h>

#include "tables.h"

/** struct text - room for one formatted value, to be used in place */
struct text {
	char s[64];
};

const char *format_scaled(struct text *text, const struct unit *units,
			  uint64_t value);
const char *format_rough(struct text *text, const struct unit *units, uint64_t value);
const char *format_lifetime(struct text *text, uint64_t seconds);
const char *format_mac(struct text *text, const struct vnet_mac *mac);
const char *format_mac_mask(struct text *text, const struct vnet_mac *mac,
			    const struct vnet_mac *mask, int full);
const char *format_prefix(struct text *text, const struct vnet_prefix *prefix,
			  int full);
const char *format_range(struct text *text, uint16_t first, uint16_t last);
const char *format_word(struct text *text, const struct word *words,
			unsigned int value, int hex);

#endif /* VNETCTL_FORMAT_H */
