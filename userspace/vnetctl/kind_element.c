// SPDX-License-Identifier: GPL-2.0-only
/*
 * kind_element: the values that are elements of sets. It knows no object.
 */
#include "element.h"
#include "kind.h"

static const char *elements_check(const char *word, const struct slot *slot)
{
	struct elements elements;
	const char *why = elements_parse(word, &elements);

	(void)slot;
	elements_clear(&elements);
	return why;
}

const struct kind kind_elements = {
	.metavar = "ELEMENT[,ELEMENT...]",
	.what = "addresses (10.0.0.0/8, fd00::1), ports (80, 8000-8099), MACs, pairs (10.0.0.1:80, [fd00::1]:80), or members (tap7, tap7@100, eth1@s200.5)",
	.parse = elements_check,
};

static void element_show(struct out *o, const struct slot *slot)
{
	struct text text, full;

	out_string(o, &slot->key->out, element_format(&full, slot->object, 1),
		   element_format(&text, slot->object, 0));
}

const struct kind kind_element = { .show = element_show };
