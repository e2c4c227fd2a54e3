/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * element: elements of sets as words: 10.0.0.0/8, 80-90, 02:00:00:00:00:01,
 * 10.0.0.1:80 or [fd00::/8]:80.
 */
#ifndef VNETCTL_ELEMENT_H
#define VNETCTL_ELEMENT_H

#include <stddef.h>
#include <vnet.h>

#include "format.h"

/**
 * struct elements - many of them
 * @items: the elements
 * @count: how many
 * @room: how many fit
 */
struct elements {
	struct vnet_element *items;
	size_t count;
	size_t room;
};

const char *element_parse(const char *word, struct vnet_element *element);
const char *element_format(struct text *text, const struct vnet_element *element,
			   int full);
int element_compare(const void *a, const void *b);

const char *elements_add(struct elements *elements, const char *word);
const char *elements_parse(const char *word, struct elements *elements);
void elements_clear(struct elements *elements);

#endif /* VNETCTL_ELEMENT_H */
