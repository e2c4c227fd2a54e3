// SPDX-License-Identifier: GPL-2.0-only
/*
 * format: from a value to the word that one would type for it. It knows neither
 * objects nor where the words go.
 */
#include "format.h"

#include <arpa/inet.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/**
 * format_scaled() - a number and its largest fitting unit
 * @text: receives the word
 * @units: units of this quantity
 * @value: in base units
 *
 * Return: the word, in @text.
 */
const char *format_scaled(struct text *text, const struct unit *units,
			  uint64_t value)
{
	const struct unit *best = units, *u;

	for (u = units; u->name; u++)
		if (u->written && value && value % u->factor == 0 &&
		    u->factor > best->factor)
			best = u;
	snprintf(text->s, sizeof(text->s), "%" PRIu64 "%s",
		 value / best->factor, best->name);
	return text->s;
}

/**
 * format_rough() - a number that was measured, in three digits
 * @text: receives the word
 * @units: units of this quantity, the smallest first
 * @value: in base units
 *
 * Return: the word, in @text.
 */
const char *format_rough(struct text *text, const struct unit *units, uint64_t value)
{
	const struct unit *best = units, *u;
	double number;

	for (u = units; u->name; u++)
		if (u->written && value >= u->factor && u->factor > best->factor)
			best = u;
	number = (double)value / best->factor;
	snprintf(text->s, sizeof(text->s), "%.*f%s",
		 best == units || number >= 99.95 ? 0 : number >= 9.995 ? 1 : 2, number,
		 best->name);
	return text->s;
}

/**
 * format_lifetime() - seconds in the two largest units that they fill
 * @text: receives the words
 * @seconds: how many
 *
 * Return: the words, in @text; not always what could be typed.
 */
const char *format_lifetime(struct text *text, uint64_t seconds)
{
	const struct unit *unit = lifetime_units;
	struct text rest;

	while (unit[1].name && seconds >= unit[1].factor)
		unit++;
	rest.s[0] = '\0';
	if (seconds % unit->factor >= (unit > lifetime_units ? unit[-1].factor : 1))
		snprintf(rest.s, sizeof(rest.s), "%u%s",
			 (unsigned int)(seconds % unit->factor / unit[-1].factor),
			 unit[-1].name);
	snprintf(text->s, sizeof(text->s), "%" PRIu64 "%s%.16s",
		 seconds / unit->factor, unit->name, rest.s);
	return text->s;
}

/**
 * format_mac() - a MAC address
 * @text: receives the word
 * @mac: the address
 *
 * Return: the word, in @text.
 */
const char *format_mac(struct text *text, const struct vnet_mac *mac)
{
	const uint8_t *b = mac->byte;

	snprintf(text->s, sizeof(text->s), "%02x:%02x:%02x:%02x:%02x:%02x",
		 b[0], b[1], b[2], b[3], b[4], b[5]);
	return text->s;
}

/**
 * format_mac_mask() - a MAC address and its mask
 * @text: receives the word
 * @mac: the address
 * @mask: the mask
 * @full: write a mask of all ones too
 *
 * Return: the word, in @text.
 */
const char *format_mac_mask(struct text *text, const struct vnet_mac *mac,
			    const struct vnet_mac *mask, int full)
{
	static const struct vnet_mac ones = { "\xff\xff\xff\xff\xff\xff" };
	struct text m;

	format_mac(text, mac);
	if (full || memcmp(mask, &ones, sizeof(ones)))
		snprintf(text->s + 17, sizeof(text->s) - 17, "/%.17s",
			 format_mac(&m, mask));
	return text->s;
}

/**
 * format_prefix() - an IP prefix
 * @text: receives the word
 * @prefix: the prefix
 * @full: write the length of a whole address too
 *
 * Return: the word, in @text.
 */
const char *format_prefix(struct text *text, const struct vnet_prefix *prefix,
			  int full)
{
	int family = prefix->ip.size == 4 ? AF_INET : AF_INET6;
	size_t len;

	if (!inet_ntop(family, prefix->ip.byte, text->s, sizeof(text->s)))
		text->s[0] = '\0';
	len = strlen(text->s);
	if (full || prefix->len != prefix->ip.size * 8)
		snprintf(text->s + len, sizeof(text->s) - len, "/%u",
			 prefix->len);
	return text->s;
}

/**
 * format_range() - a range of ports
 * @text: receives the word
 * @first: first port
 * @last: last port
 *
 * Return: the word, in @text.
 */
const char *format_range(struct text *text, uint16_t first, uint16_t last)
{
	if (first == last)
		snprintf(text->s, sizeof(text->s), "%u", first);
	else
		snprintf(text->s, sizeof(text->s), "%u-%u", first, last);
	return text->s;
}

/**
 * format_word() - a named number
 * @text: receives the word
 * @words: names, or NULL
 * @value: the number
 * @hex: write a number without a name in hexadecimal
 *
 * Return: the word, in @text or constant.
 */
const char *format_word(struct text *text, const struct word *words,
			unsigned int value, int hex)
{
	const char *name = words ? word_name(words, value) : NULL;

	if (name)
		return name;
	snprintf(text->s, sizeof(text->s), hex ? "0x%04x" : "%u", value);
	return text->s;
}
