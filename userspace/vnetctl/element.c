// SPDX-License-Identifier: GPL-2.0-only
/*
 * element: elements of sets as words. Which of them a set may have is known to the
 * kernel, not here.
 */
#include "element.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parse.h"

#define NO_MEMORY "needs more memory than there is"

static void set_prefix(struct vnet_element *element, const struct vnet_prefix *prefix)
{
	element->ip = prefix->ip;
	element->id.has |= VNET_HAS(VNET_A_SET_IP);
	if (prefix->len == prefix->ip.size * 8)
		return;
	element->prefix_len = prefix->len;
	element->id.has |= VNET_HAS(VNET_A_SET_PREFIX_LEN);
}

/* The port is behind the last colon; brackets keep IPv6 together. */
static const char *parse_pair(const char *word, struct vnet_element *element)
{
	const char *colon = strrchr(word, ':');
	size_t length = colon ? (size_t)(colon - word) : 0;
	struct vnet_prefix prefix;
	uint16_t first, last;
	char address[64];

	if (!length || length >= sizeof(address))
		return "is not an address with a port";
	if (word[0] == '[' && word[length - 1] == ']')
		snprintf(address, sizeof(address), "%.*s", (int)length - 2, word + 1);
	else
		snprintf(address, sizeof(address), "%.*s", (int)length, word);
	if (parse_prefix(address, &prefix) ||
	    (prefix.ip.size == 16 && word[0] != '['))
		return "is not an address with a port such as 10.0.0.1:80 or [fd00::1]:80";
	if (parse_range(colon + 1, &first, &last) || first != last)
		return "has no single port behind the colon";
	set_prefix(element, &prefix);
	element->port_min = first;
	element->id.has |= VNET_HAS(VNET_A_SET_PORT_MIN);
	return NULL;
}

static const char *parse_ports(const char *word, struct vnet_element *element)
{
	const char *why = parse_range(word, &element->port_min, &element->port_max);

	if (why)
		return why;
	element->id.has |= VNET_HAS(VNET_A_SET_PORT_MIN);
	if (element->port_max != element->port_min)
		element->id.has |= VNET_HAS(VNET_A_SET_PORT_MAX);
	return NULL;
}

/* What else has only such characters, or a colon, is never the name of an interface. */
static bool is_number(const char *word)
{
	return !word[strspn(word, "0123456789./-")];
}

/* N of 802.1Q, sN or sN.M of 802.1ad; nothing at all means untagged. */
static const char *parse_tag(const char *word, struct vnet_id *id)
{
	unsigned int outer, inner = 0;
	bool stacked = *word == 's';
	int length = 0, longer = 0;

	if (!*word)
		return NULL;
	word += stacked;
	if (strspn(word, "0123456789.") != strlen(word) || strlen(word) > 9 ||
	    sscanf(word, "%u%n.%u%n", &outer, &length, &inner, &longer) < 1 ||
	    word[longer ? longer : length] || (longer && !stacked) ||
	    outer < VNET_VID_MIN || outer > VNET_VID_MAX ||
	    (longer && (inner < VNET_VID_MIN || inner > VNET_VID_MAX)))
		return "has no tag behind the @: a VLAN 1 to 4094, or s and one or two of them";
	id->tag_proto = stacked ? VNET_TAG_8021AD : VNET_TAG_8021Q;
	id->vid = outer;
	id->cvid = inner;
	id->has |= VNET_HAS(VNET_A_TAG_PROTO) | VNET_HAS(VNET_A_VID) |
		   (longer ? VNET_HAS(VNET_A_CVID) : 0);
	return NULL;
}

/* The tag is behind the last @; one with nothing behind it makes any word a name. */
static const char *parse_member(const char *word, struct vnet_element *element)
{
	const char *end = strrchr(word, '@');
	size_t length = end ? (size_t)(end - word) : strlen(word);

	if (!length || length >= sizeof(element->id.ifname) || memchr(word, '/', length))
		return "is no element such as 10.0.0.0/8, 80-90, 10.0.0.1:80, a MAC or tap7@100";
	snprintf(element->id.ifname, sizeof(element->id.ifname), "%.*s", (int)length, word);
	element->id.has |= VNET_HAS(VNET_A_IFNAME);
	return end ? parse_tag(end + 1, &element->id) : NULL;
}

static const char *format_member(struct text *text, const struct vnet_id *id)
{
	bool stacked = id->tag_proto == VNET_TAG_8021AD;

	if (!(id->has & VNET_HAS(VNET_A_VID)))
		snprintf(text->s, sizeof(text->s), "%s%s", id->ifname,
			 is_number(id->ifname) || strchr(id->ifname, '@') ? "@" : "");
	else if (id->has & VNET_HAS(VNET_A_CVID))
		snprintf(text->s, sizeof(text->s), "%s@s%u.%u", id->ifname, id->vid, id->cvid);
	else
		snprintf(text->s, sizeof(text->s), "%s@%s%u", id->ifname, stacked ? "s" : "",
			 id->vid);
	return text->s;
}

/**
 * element_parse() - an element of a set of any type
 * @word: what was typed
 * @element: receives it
 *
 * Return: NULL or what is wrong.
 */
const char *element_parse(const char *word, struct vnet_element *element)
{
	struct vnet_prefix prefix;

	memset(element, 0, sizeof(*element));
	if (!*word)
		return "has an empty part";
	if (!parse_mac(word, &element->mac)) {
		element->id.has = VNET_HAS(VNET_A_SET_MAC);
		return NULL;
	}
	if (!parse_prefix(word, &prefix)) {
		set_prefix(element, &prefix);
		return NULL;
	}
	if (!strpbrk(word, ":[") && !is_number(word))
		return parse_member(word, element);
	if (!strpbrk(word, ".:"))
		return parse_ports(word, element);
	/* With a slash and no colon behind it, it was meant to be a prefix. */
	if (!strchr(word, '[') && (!strchr(word, '.') || !strchr(word, ':')))
		return parse_prefix(word, &prefix);
	return parse_pair(word, element);
}

/**
 * element_format() - an element as one would type it
 * @text: receives the word
 * @element: the element
 * @full: write the length of a whole address too
 *
 * Return: the word, in @text.
 */
const char *element_format(struct text *text, const struct vnet_element *element,
			   int full)
{
	struct vnet_prefix prefix = { .ip = element->ip, .len = element->ip.size * 8 };
	uint64_t has = element->id.has;
	bool six = element->ip.size == 16;
	struct text address;

	if (has & VNET_HAS(VNET_A_IFNAME))
		return format_member(text, &element->id);
	if (has & VNET_HAS(VNET_A_SET_MAC))
		return format_mac(text, &element->mac);
	if (!(has & VNET_HAS(VNET_A_SET_IP)))
		return format_range(text, element->port_min,
				    has & VNET_HAS(VNET_A_SET_PORT_MAX) ?
				    element->port_max : element->port_min);
	if (has & VNET_HAS(VNET_A_SET_PREFIX_LEN))
		prefix.len = element->prefix_len;
	if (!(has & VNET_HAS(VNET_A_SET_PORT_MIN)))
		return format_prefix(text, &prefix, full);
	snprintf(text->s, sizeof(text->s), "%s%.49s%s:%u", six ? "[" : "",
		 format_prefix(&address, &prefix, full), six ? "]" : "",
		 element->port_min);
	return text->s;
}

/**
 * element_compare() - the order that people look for elements in
 * @a: struct vnet_element
 * @b: another
 *
 * Return: as strcmp().
 */
int element_compare(const void *a, const void *b)
{
	const struct vnet_element *x = a, *y = b;
	int order = strcmp(x->id.network, y->id.network);

	if (!order)
		order = strcmp(x->set, y->set);
	if (!order)
		order = strcmp(x->id.ifname, y->id.ifname);
	if (!order)
		order = x->id.tag_proto - y->id.tag_proto;
	if (!order)
		order = x->id.vid - y->id.vid;
	if (!order)
		order = x->id.cvid - y->id.cvid;
	if (!order)
		order = x->ip.size - y->ip.size;
	if (!order)
		order = memcmp(x->ip.byte, y->ip.byte, sizeof(x->ip.byte));
	if (!order)
		order = x->prefix_len - y->prefix_len;
	if (!order)
		order = memcmp(&x->mac, &y->mac, sizeof(x->mac));
	if (!order)
		order = x->port_min - y->port_min;
	return order ? order : x->port_max - y->port_max;
}

/**
 * elements_add() - one more
 * @elements: receives it
 * @word: what was typed
 *
 * Return: NULL or what is wrong.
 */
const char *elements_add(struct elements *elements, const char *word)
{
	size_t room = elements->room ? elements->room * 2 : 64;
	const char *why;
	void *items;

	if (elements->count == elements->room) {
		items = reallocarray(elements->items, room, sizeof(*elements->items));
		if (!items)
			return NO_MEMORY;
		elements->items = items;
		elements->room = room;
	}
	why = element_parse(word, &elements->items[elements->count]);
	if (!why)
		elements->count++;
	return why;
}

/**
 * elements_parse() - elements with commas between
 * @word: what was typed
 * @elements: receives them; to be cleared afterwards in any case
 *
 * Return: NULL or what is wrong.
 */
const char *elements_parse(const char *word, struct elements *elements)
{
	const char *why = NULL, *end;
	char part[64];

	memset(elements, 0, sizeof(*elements));
	for (; !why && word; word = *end ? end + 1 : NULL) {
		end = strchrnul(word, ',');
		if (end - word >= (long)sizeof(part))
			return "has a part that is too long";
		snprintf(part, sizeof(part), "%.*s", (int)(end - word), word);
		why = elements_add(elements, part);
	}
	return why;
}

/**
 * elements_clear() - release elements
 * @elements: the elements
 */
void elements_clear(struct elements *elements)
{
	free(elements->items);
	memset(elements, 0, sizeof(*elements));
}
