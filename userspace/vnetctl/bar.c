// SPDX-License-Identifier: GPL-2.0-only
/*
 * bar: a part of a whole, drawn with characters. It knows neither what is drawn nor
 * where it goes.
 */
#include "bar.h"

#include <string.h>

/* Eighths of a character. */
static const char *const blocks[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };

/**
 * bar_draw() - draw a bar
 * @text: receives it, BAR_SIZE bytes
 * @width: characters, up to BAR_WIDTH_MAX
 * @part: how much of it is filled; more than all of it is all of it
 * @whole: what fills it, 0: nothing does
 * @utf8: draw with blocks; otherwise with # and .
 *
 * What is not nothing is never drawn as nothing.
 *
 * Return: @text.
 */
const char *bar_draw(char *text, unsigned int width, uint64_t part, uint64_t whole,
		     bool utf8)
{
	unsigned int steps = utf8 ? 8 : 1, filled, i;
	char *end = text;

	if (width > BAR_WIDTH_MAX)
		width = BAR_WIDTH_MAX;
	if (part > whole)
		part = whole;
	filled = whole ? (double)part / whole * width * steps + 0.5 : 0;
	if (part && !filled)
		filled = 1;
	for (i = 0; i < width; i++) {
		unsigned int here = filled > steps ? steps : filled;
		const char *c = utf8 && here ? blocks[here] : utf8 ? " " : here ? "#" : ".";

		end = stpcpy(end, c);
		filled -= here;
	}
	*end = '\0';
	return text;
}
