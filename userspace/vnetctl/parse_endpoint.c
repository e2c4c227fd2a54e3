// SPDX-License-Identifier: GPL-2.0-only
/*
 * parse_endpoint: where a packet comes from or goes to: an address and perhaps a
 * port in one word. It knows neither commands nor messages.
 */
#include "parse.h"

#include <stdio.h>
#include <string.h>

/**
 * parse_address() - a whole IPv4 or IPv6 address
 * @word: what was typed
 * @ip: receives it
 *
 * Return: NULL or what is wrong.
 */
const char *parse_address(const char *word, struct vnet_ip *ip)
{
	struct vnet_prefix prefix;

	if (strchr(word, '/') || parse_prefix(word, &prefix))
		return "is not an address such as 10.0.0.1 or fd00::1";
	*ip = prefix.ip;
	return NULL;
}

/* Where the port begins, NULL if there is none; *length becomes the address's. */
static const char *split(const char *word, size_t *length)
{
	const char *colon = strchr(word, ':');

	*length = strlen(word);
	/* More than one: an IPv6 address, to which nothing can be added. */
	if (!colon || strchr(colon + 1, ':'))
		return NULL;
	*length = colon - word;
	return colon + 1;
}

/* The same of an address in brackets, whose inside becomes *inside. */
static const char *split_brackets(const char *word, const char **inside,
				  size_t *length, const char **port)
{
	const char *end = strchr(word, ']');

	if (!end || (end[1] && end[1] != ':'))
		return "is not an address with a port such as [fd00::1]:443";
	*inside = word + 1;
	*length = end - *inside;
	*port = end[1] ? end + 2 : NULL;
	return NULL;
}

/**
 * parse_endpoint() - an address and, behind a colon, a port
 * @word: what was typed: 10.0.0.1, 10.0.0.1:443, fd00::1 or [fd00::1]:443
 * @ip: receives the address
 * @port: receives the port, -1 if none was typed
 *
 * Return: NULL or what is wrong.
 */
const char *parse_endpoint(const char *word, struct vnet_ip *ip, int *port)
{
	const char *behind = NULL, *why = NULL;
	uint64_t number = 0;
	struct vnet_ip read;
	char text[64];
	size_t length;

	if (word[0] == '[')
		why = split_brackets(word, &word, &length, &behind);
	else
		behind = split(word, &length);
	if (!why) {
		snprintf(text, sizeof(text), "%.*s", (int)length, word);
		why = parse_address(length < sizeof(text) ? text : "", &read);
	}
	if (!why && behind && (parse_number(behind, &number) || number > UINT16_MAX))
		why = "has no port 0..65535 behind the colon";
	if (why)
		return why;
	*ip = read;
	*port = behind ? (int)number : -1;
	return NULL;
}
