/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bar: a part of a whole, drawn with characters.
 */
#ifndef VNETCTL_BAR_H
#define VNETCTL_BAR_H

#include <stdbool.h>
#include <stdint.h>

#define BAR_WIDTH_MAX	40
/* Room for a bar: every character takes up to three bytes. */
#define BAR_SIZE	(3 * BAR_WIDTH_MAX + 1)

const char *bar_draw(char *text, unsigned int width, uint64_t part, uint64_t whole,
		     bool utf8);

#endif /* VNETCTL_BAR_H */
