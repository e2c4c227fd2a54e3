// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse: from a typed word to a value. It knows neither commands nor messages
 * nor where values are kept.
 */
#include "parse.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tables.h"

#define TOO_LARGE "is too large"
#define NO_MEMORY "needs more memory than there is"

/**
 * parse_name() - check the name of an object
 * @word: what was typed
 *
 * Return: NULL or what is wrong.
 */
const char *parse_name(const char *word)
{
	static const char allowed[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
	size_t len = strlen(word);

	if (!len)
		return "is not a name: it is empty";
	if (len > VNET_NAME_MAX)
		return "is not a name: it is longer than 31 characters";
	if (strspn(word, allowed) != len)
		return "is not a name: it has characters other than A-Z a-z 0-9 _ . -";
	return NULL;
}

/* Digits only: no sign, no space. */
static const char *take_digits(const char **word, uint64_t *value)
{
	const char *p = *word;
	uint64_t sum = 0;

	if (!isdigit((unsigned char)*p))
		return "is not a number";
	for (; isdigit((unsigned char)*p); p++) {
		if (sum > (UINT64_MAX - (*p - '0')) / 10)
			return TOO_LARGE;
		sum = sum * 10 + (*p - '0');
	}
	*word = p;
	*value = sum;
	return NULL;
}

/**
 * parse_number() - a bare number, decimal or 0x
 * @word: what was typed
 * @value: receives it
 *
 * Return: NULL or what is wrong.
 */
const char *parse_number(const char *word, uint64_t *value)
{
	const char *why;
	uint64_t sum = 0;
	int c;

	if (word[0] != '0' || tolower((unsigned char)word[1]) != 'x') {
		why = take_digits(&word, &sum);
		if (!why && *word)
			why = "is not a number";
		if (!why)
			*value = sum;
		return why;
	}
	word += 2;
	if (!*word)
		return "is not a number";
	for (; *word; word++) {
		c = tolower((unsigned char)*word);
		if (!isxdigit(c))
			return "is not a number";
		if (sum >> 60)
			return TOO_LARGE;
		sum = sum << 4 | (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	*value = sum;
	return NULL;
}

/* The digits behind a decimal point, as a part of the unit's factor. */
static const char *take_fraction(const char **word, uint64_t *digits,
				 uint64_t *scale)
{
	const char *p = *word;
	uint64_t sum = 0, div = 1;

	if (!isdigit((unsigned char)*p))
		return "is not a number";
	for (; isdigit((unsigned char)*p); p++) {
		if (div >= 1000000000000ULL)
			return "has too many digits";
		sum = sum * 10 + (*p - '0');
		div *= 10;
	}
	*word = p;
	*digits = sum;
	*scale = div;
	return NULL;
}

static const struct unit *find_unit(const char *name, const struct unit *units)
{
	for (; units->name; units++)
		if (!strcasecmp(units->name, name))
			return units;
	return NULL;
}

/* A number and its unit. A bare number means nothing here and is refused. */
static const char *parse_scaled(const char *word, const struct unit *units,
				const char *needs, uint64_t *value)
{
	uint64_t whole, digits = 0, scale = 1, part;
	const struct unit *unit;
	const char *why;

	why = take_digits(&word, &whole);
	if (!why && *word == '.') {
		word++;
		why = take_fraction(&word, &digits, &scale);
	}
	if (why)
		return why;

	unit = find_unit(word, units);
	if (!unit)
		return needs;
	if (whole > UINT64_MAX / 2 / unit->factor ||
	    (digits && unit->factor > UINT64_MAX / digits))
		return TOO_LARGE;
	part = digits * unit->factor;
	if (part % scale)
		return "is no whole number of the smallest unit";
	*value = whole * unit->factor + part / scale;
	return NULL;
}

/**
 * parse_rate() - bits per second
 * @word: what was typed
 * @bits: receives the rate
 *
 * Return: NULL or what is wrong.
 */
const char *parse_rate(const char *word, uint64_t *bits)
{
	return parse_scaled(word, rate_units,
			    "needs a unit: bit, kbit, mbit, gbit or tbit", bits);
}

/**
 * parse_size() - bytes
 * @word: what was typed
 * @bytes: receives the size
 *
 * Return: NULL or what is wrong.
 */
const char *parse_size(const char *word, uint64_t *bytes)
{
	return parse_scaled(word, size_units,
			    "needs a unit: b, kb, mb or gb", bytes);
}

/**
 * parse_time() - a span of time
 * @word: what was typed
 * @ms: receives milliseconds
 *
 * Return: NULL or what is wrong.
 */
const char *parse_time(const char *word, uint64_t *ms)
{
	return parse_scaled(word, time_units,
			    "needs a unit: ms, s, min or h", ms);
}

/**
 * parse_lifetime() - a span of time in whole seconds
 * @word: what was typed
 * @seconds: receives them
 *
 * Return: NULL or what is wrong.
 */
const char *parse_lifetime(const char *word, uint64_t *seconds)
{
	return parse_scaled(word, lifetime_units,
			    "needs a unit: s, min, h or d", seconds);
}

/**
 * parse_sample() - one of so many, "1/N"
 * @word: what was typed
 * @one_in: receives N
 *
 * Return: NULL or what is wrong.
 */
const char *parse_sample(const char *word, uint64_t *one_in)
{
	uint64_t value;

	if (strncmp(word, "1/", 2) || parse_number(word + 2, &value))
		return "is not of the form 1/N";
	if (!value)
		return "is no share: N is 1 or more";
	*one_in = value;
	return NULL;
}

/**
 * parse_frames() - frames per second
 * @word: what was typed
 * @frames: receives the rate
 *
 * Return: NULL or what is wrong.
 */
const char *parse_frames(const char *word, uint64_t *frames)
{
	return parse_scaled(word, frame_units,
			    "needs a unit: pps, kpps or mpps", frames);
}

/**
 * parse_connections() - new connections per second
 * @word: what was typed
 * @connections: receives the rate
 *
 * Return: NULL or what is wrong.
 */
const char *parse_connections(const char *word, uint64_t *connections)
{
	return parse_scaled(word, connection_units,
			    "needs a unit: cps or kcps", connections);
}

static int hex_byte(const char *text)
{
	static const char digits[] = "0123456789abcdef";
	const char *high, *low;

	if (!text[0] || !text[1])
		return -1;
	high = strchr(digits, tolower((unsigned char)text[0]));
	low = strchr(digits, tolower((unsigned char)text[1]));
	if (!high || !low)
		return -1;
	return (high - digits) << 4 | (low - digits);
}

/**
 * parse_mac() - a MAC address
 * @word: what was typed, six pairs of digits with colons or dashes between
 * @mac: receives it
 *
 * Return: NULL or what is wrong.
 */
const char *parse_mac(const char *word, struct vnet_mac *mac)
{
	static const char why[] = "is not a MAC address such as 02:00:00:00:00:01";
	struct vnet_mac read;
	int i;

	if (strlen(word) != 17)
		return why;
	for (i = 0; i < 6; i++) {
		int byte = hex_byte(word + 3 * i);

		if (byte < 0)
			return why;
		if (i < 5 && word[3 * i + 2] != ':' && word[3 * i + 2] != '-')
			return why;
		read.byte[i] = byte;
	}
	*mac = read;
	return NULL;
}

/**
 * parse_mac_mask() - a MAC address and, behind a slash, its mask
 * @word: what was typed
 * @mac: receives the address
 * @mask: receives the mask, all ones if none was typed
 *
 * Return: NULL or what is wrong.
 */
const char *parse_mac_mask(const char *word, struct vnet_mac *mac,
			   struct vnet_mac *mask)
{
	const char *slash = strchr(word, '/');
	struct vnet_mac read, read_mask;
	char text[18];
	const char *why;

	memset(&read_mask, 0xff, sizeof(read_mask));
	if (!slash) {
		why = parse_mac(word, &read);
	} else {
		if (slash - word != 17)
			return parse_mac("", &read);
		snprintf(text, sizeof(text), "%.17s", word);
		why = parse_mac(text, &read);
		if (!why && parse_mac(slash + 1, &read_mask))
			why = "has no mask such as ff:ff:ff:00:00:00 behind the slash";
	}
	if (why)
		return why;
	*mac = read;
	*mask = read_mask;
	return NULL;
}

static const char *parse_ip(const char *word, struct vnet_ip *ip)
{
	memset(ip, 0, sizeof(*ip));
	if (inet_pton(AF_INET, word, ip->byte) == 1)
		ip->size = 4;
	else if (inet_pton(AF_INET6, word, ip->byte) == 1)
		ip->size = 16;
	else
		return "is not an address such as 10.0.0.1, 10.0.0.0/8 or fd00::/64";
	return NULL;
}

/**
 * parse_prefix() - an IPv4 or IPv6 address and, behind a slash, its length
 * @word: what was typed
 * @prefix: receives it; without a length the whole address counts
 *
 * Return: NULL or what is wrong.
 */
const char *parse_prefix(const char *word, struct vnet_prefix *prefix)
{
	const char *slash = strchr(word, '/');
	char text[INET6_ADDRSTRLEN];
	struct vnet_prefix read;
	size_t len = slash ? (size_t)(slash - word) : strlen(word);
	const char *why;
	uint64_t bits;

	snprintf(text, sizeof(text), "%.*s", (int)len, word);
	why = len < sizeof(text) ? parse_ip(text, &read.ip) :
				   parse_ip("", &read.ip);
	if (why)
		return why;

	bits = read.ip.size * 8;
	if (slash && (parse_number(slash + 1, &bits) ||
		      bits > read.ip.size * 8u))
		return read.ip.size == 4 ?
			"has a prefix length that is not 0..32" :
			"has a prefix length that is not 0..128";
	read.len = bits;
	*prefix = read;
	return NULL;
}

/**
 * parse_range() - a port or a range of ports
 * @word: what was typed, N or N-M
 * @first: receives N
 * @last: receives M, or N
 *
 * Return: NULL or what is wrong.
 */
const char *parse_range(const char *word, uint16_t *first, uint16_t *last)
{
	uint64_t from, to;
	const char *why;

	why = take_digits(&word, &from);
	to = from;
	if (!why && *word == '-') {
		word++;
		why = take_digits(&word, &to);
	}
	if (why || *word)
		return "is not a port N or a range N-M";
	if (from > UINT16_MAX || to > UINT16_MAX)
		return "has a port above 65535";
	if (from > to)
		return "ends before it begins";
	*first = from;
	*last = to;
	return NULL;
}

static const char *parse_word(const char *word, const struct word *words,
			      const char *what, uint64_t *value)
{
	const struct word *known = words ? word_find(words, word) : NULL;

	if (known) {
		*value = known->value;
		return NULL;
	}
	return parse_number(word, value) ? what : NULL;
}

/**
 * parse_ethertype() - an Ethernet type
 * @word: what was typed, a name or a number
 * @value: receives the number
 *
 * Return: NULL or what is wrong.
 */
const char *parse_ethertype(const char *word, uint64_t *value)
{
	return parse_word(word, ethertype_words,
			  "is not ipv4, ipv6, arp or a number such as 0x88cc",
			  value);
}

/**
 * parse_proto() - an IP protocol
 * @word: what was typed, a name or a number
 * @value: receives the number
 *
 * Return: NULL or what is wrong.
 */
const char *parse_proto(const char *word, uint64_t *value)
{
	return parse_word(word, proto_words,
			  "is not tcp, udp, icmp, icmp6, sctp or a number",
			  value);
}

/**
 * parse_icmp_type() - a type of ICMP or ICMPv6 messages
 * @word: what was typed, a name or a number
 * @proto: IP protocol, 0 if none was typed yet
 * @value: receives the number
 *
 * Return: NULL or what is wrong.
 */
const char *parse_icmp_type(const char *word, unsigned int proto,
			    uint64_t *value)
{
	const struct word *words = icmp_words_of(proto);

	return parse_word(word, words, words ?
			  "is not the name or number of a message type" :
			  "is not a number; names need proto icmp or icmp6 before",
			  value);
}

/* Splits a list at its commas and gives each part to one(), which stores it. */
static const char *parse_list(const char *word, size_t max,
			      const char *(*one)(const char *part, void *list),
			      void *list)
{
	const char *why = NULL;
	char *copy = strdup(word), *rest = copy, *part;
	size_t count = 0;

	if (!copy)
		return NO_MEMORY;
	while (!why && (part = strsep(&rest, ",")) != NULL)
		why = count++ == max ? "has more than 256 entries" :
				       one(part, list);
	free(copy);
	return why;
}

static const char *add_mac(const char *part, void *arg)
{
	struct vnet_macs *list = arg;

	return parse_mac(part, &list->items[list->count++]);
}

static const char *add_prefix(const char *part, void *arg)
{
	struct vnet_prefixes *list = arg;

	return parse_prefix(part, &list->items[list->count++]);
}

/**
 * parse_macs() - MAC addresses with commas between
 * @word: what was typed; "off" is the empty list
 * @list: receives them; its items are to be freed
 *
 * Return: NULL or what is wrong.
 */
const char *parse_macs(const char *word, struct vnet_macs *list)
{
	struct vnet_macs read = { 0 };
	const char *why = NULL;

	if (strcmp(word, "off")) {
		read.items = calloc(VNET_GUARD_ADDRESSES_MAX,
				    sizeof(*read.items));
		if (!read.items)
			return NO_MEMORY;
		why = parse_list(word, VNET_GUARD_ADDRESSES_MAX, add_mac,
				 &read);
	}
	if (why)
		free(read.items);
	else
		*list = read;
	return why;
}

/**
 * parse_prefixes() - IP prefixes with commas between
 * @word: what was typed; "off" is the empty list
 * @list: receives them; its items are to be freed
 *
 * Return: NULL or what is wrong.
 */
const char *parse_prefixes(const char *word, struct vnet_prefixes *list)
{
	struct vnet_prefixes read = { 0 };
	const char *why = NULL;

	if (strcmp(word, "off")) {
		/* Both families share the list. */
		read.items = calloc(VNET_GUARD_ADDRESSES_MAX,
				    sizeof(*read.items));
		if (!read.items)
			return NO_MEMORY;
		why = parse_list(word, VNET_GUARD_ADDRESSES_MAX, add_prefix,
				 &read);
	}
	if (why)
		free(read.items);
	else
		*list = read;
	return why;
}
