/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tables: units and named numbers, one table each for reading and writing.
 */
#ifndef VNETCTL_TABLES_H
#define VNETCTL_TABLES_H

#include <stdint.h>

#define COUNT_OF(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct unit - one unit of a quantity
 * @name: as it is typed, any case
 * @factor: how many base units it is
 * @written: used in output too
 *
 * A table ends with a NULL name.
 */
struct unit {
	const char *name;
	uint64_t factor;
	int written;
};

extern const struct unit rate_units[];
extern const struct unit size_units[];
extern const struct unit time_units[];
extern const struct unit frame_units[];
extern const struct unit connection_units[];
extern const struct unit lifetime_units[];

/**
 * struct word - a number with a name
 * @name: as it is typed and printed; the first of equal numbers is printed
 * @value: the number
 */
struct word {
	const char *name;
	unsigned int value;
};

extern const struct word ethertype_words[];
extern const struct word proto_words[];
extern const struct word icmp_words[];
extern const struct word icmp6_words[];
extern const struct word tcp_flag_words[];
extern const struct word fragment_words[];
extern const struct word state_words[];
extern const struct word dscp_words[];

#define PROTO_ICMP	1
#define PROTO_ICMP6	58

const char *word_name(const struct word *words, unsigned int value);
const struct word *word_find(const struct word *words, const char *name);
const struct word *icmp_words_of(unsigned int proto);

#endif /* VNETCTL_TABLES_H */
