// SPDX-License-Identifier: GPL-2.0-only
/*
 * tables: units and named numbers. It knows neither how they are read nor how
 * they are written.
 */
#include "tables.h"

#include <stddef.h>
#include <string.h>

#include <vnet.h>

#define K 1000ULL
#define KI 1024ULL

/* Rates count bits in powers of ten, as all network gear does. */
const struct unit rate_units[] = {
	{ "bit", 1, 1 }, { "kbit", K, 1 }, { "mbit", K * K, 1 },
	{ "gbit", K * K * K, 1 }, { "tbit", K * K * K * K, 1 },
	{ NULL, 0, 0 }
};

/* Sizes count bytes in powers of 1024, as tc does. */
const struct unit size_units[] = {
	{ "b", 1, 1 }, { "kb", KI, 1 }, { "mb", KI * KI, 1 },
	{ "gb", KI * KI * KI, 1 }, { "kib", KI, 0 }, { "mib", KI * KI, 0 },
	{ "gib", KI * KI * KI, 0 }, { NULL, 0, 0 }
};

const struct unit time_units[] = {
	{ "ms", 1, 1 }, { "s", K, 1 }, { "min", 60 * K, 0 },
	{ "h", 3600 * K, 0 }, { NULL, 0, 0 }
};

/* Seconds are the smallest. */
const struct unit lifetime_units[] = {
	{ "s", 1, 1 }, { "min", 60, 1 }, { "h", 3600, 1 }, { "d", 86400, 1 },
	{ NULL, 0, 0 }
};

const struct unit frame_units[] = {
	{ "pps", 1, 1 }, { "kpps", K, 1 }, { "mpps", K * K, 1 },
	{ NULL, 0, 0 }
};

const struct unit connection_units[] = {
	{ "cps", 1, 1 }, { "kcps", K, 1 }, { NULL, 0, 0 }
};

const struct word ethertype_words[] = {
	{ "ipv4", 0x0800 }, { "ipv6", 0x86dd }, { "arp", 0x0806 }, { NULL, 0 }
};

const struct word proto_words[] = {
	{ "tcp", 6 }, { "udp", 17 }, { "icmp", PROTO_ICMP },
	{ "icmp6", PROTO_ICMP6 }, { "sctp", 132 }, { NULL, 0 }
};

const struct word icmp_words[] = {
	{ "echo-request", 8 }, { "echo-reply", 0 }, { "unreachable", 3 },
	{ "redirect", 5 }, { "router-advertisement", 9 },
	{ "router-solicitation", 10 }, { "time-exceeded", 11 },
	{ "parameter-problem", 12 }, { "timestamp-request", 13 },
	{ "timestamp-reply", 14 }, { NULL, 0 }
};

const struct word icmp6_words[] = {
	{ "echo-request", 128 }, { "echo-reply", 129 }, { "unreachable", 1 },
	{ "packet-too-big", 2 }, { "time-exceeded", 3 },
	{ "parameter-problem", 4 }, { "router-solicitation", 133 },
	{ "router-advertisement", 134 }, { "neighbour-solicitation", 135 },
	{ "neighbour-advertisement", 136 }, { "redirect", 137 }, { NULL, 0 }
};

const struct word tcp_flag_words[] = {
	{ "fin", 0x01 }, { "syn", 0x02 }, { "rst", 0x04 }, { "psh", 0x08 },
	{ "ack", 0x10 }, { "urg", 0x20 }, { "ece", 0x40 }, { "cwr", 0x80 },
	{ NULL, 0 }
};

const struct word fragment_words[] = {
	{ "any", VNET_FRAGMENT_ANY }, { "first", VNET_FRAGMENT_FIRST },
	{ "later", VNET_FRAGMENT_LATER }, { "no", VNET_FRAGMENT_NONE },
	{ NULL, 0 }
};

const struct word state_words[] = {
	{ "new", VNET_STATE_NEW }, { "established", VNET_STATE_ESTABLISHED },
	{ "related", VNET_STATE_RELATED }, { "invalid", VNET_STATE_INVALID },
	{ NULL, 0 }
};

/* RFC 2474, 2597, 3246, 5865, 8622 */
const struct word dscp_words[] = {
	{ "cs0", 0 }, { "le", 1 }, { "cs1", 8 }, { "af11", 10 }, { "af12", 12 },
	{ "af13", 14 }, { "cs2", 16 }, { "af21", 18 }, { "af22", 20 },
	{ "af23", 22 }, { "cs3", 24 }, { "af31", 26 }, { "af32", 28 },
	{ "af33", 30 }, { "cs4", 32 }, { "af41", 34 }, { "af42", 36 },
	{ "af43", 38 }, { "cs5", 40 }, { "va", 44 }, { "ef", 46 }, { "cs6", 48 },
	{ "cs7", 56 }, { NULL, 0 }
};

/**
 * word_name() - the name of a number
 * @words: table
 * @value: the number
 *
 * Return: the name, NULL if it has none.
 */
const char *word_name(const struct word *words, unsigned int value)
{
	for (; words->name; words++)
		if (words->value == value)
			return words->name;
	return NULL;
}

/**
 * word_find() - the entry of a name
 * @words: table
 * @name: the name
 *
 * Return: the entry, NULL if there is none.
 */
const struct word *word_find(const struct word *words, const char *name)
{
	for (; words->name; words++)
		if (!strcmp(words->name, name))
			return words;
	return NULL;
}

/**
 * icmp_words_of() - the message types of a protocol
 * @proto: IP protocol
 *
 * Return: a table, NULL if the protocol is neither ICMP nor ICMPv6.
 */
const struct word *icmp_words_of(unsigned int proto)
{
	if (proto == PROTO_ICMP)
		return icmp_words;
	return proto == PROTO_ICMP6 ? icmp6_words : NULL;
}
