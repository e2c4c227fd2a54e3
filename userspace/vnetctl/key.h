/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * key: one row of an object's key table, from which its commands are parsed,
 * completed, explained and printed. The tables stand in the cmd_<object>.c.
 */
#ifndef VNETCTL_KEY_H
#define VNETCTL_KEY_H

#include <vnet.h>

#include "out.h"

/* Verbs that take a key. */
#define V_ADD		(1u << 0)
#define V_SET		(1u << 1)
#define V_DEL		(1u << 2)
#define V_SHOW		(1u << 3)
#define V_FLUSH		(1u << 4)
#define V_LOAD		(1u << 5)
#define V_USE		(1u << 6)
#define V_OTHER		(1u << 7)
#define V_PROMOTE	(1u << 8)
#define V_RECHECK	(1u << 9)

/* How a key is written. */
#define KEY_POSITIONAL	(1u << 0)	/* by its place; the word names it in usage */
#define KEY_BARE	(1u << 1)	/* the value alone is enough */
#define KEY_ALONE	(1u << 2)	/* the keyword alone, without a value */
#define KEY_TAG		(1u << 3)	/* one of the words of a tag */
#define KEY_PROMPT	(1u << 4)	/* left out, the prompt's network stands for it */
#define KEY_ALWAYS	(1u << 6)	/* shown even if the kernel does not tell it */
#define KEY_IDENTITY	(1u << 5)	/* says which object, changes nothing */
#define KEY_FIELD	(1u << 7)	/* may be inverted */
#define KEY_NOT		(1u << 8)	/* inverts the field that follows */
#define KEY_FORM	(1u << 9)	/* by its form; the word names it in usage */

/* What KEY_ALONE switches on that no attribute carries. */
#define SWITCH_IF_EXISTS	(1u << 0)
#define SWITCH_CONFIG		(1u << 1)
#define SWITCH_FDB		(1u << 2)
#define SWITCH_LOG		(1u << 3)

struct kind;

/**
 * struct key - one row
 * @word: keyword; NULL for a value that is only printed
 * @kind: how its value is read and written
 * @attr: attribute that it sets and prints; 0 if none
 * @verbs: which take it
 * @needs: which cannot do without it
 * @flags: KEY_*
 * @switches: SWITCH_* that it sets
 * @out: how it is printed; no key: never
 * @of: attribute of the limit that it is shown against
 * @min: smallest number; for named numbers the first that may be typed
 * @max: largest number, 0 for what the attribute can hold
 * @normal: value that text does not mention
 * @help: what it is for
 */
struct key {
	const char *word;
	const struct kind *kind;
	uint16_t attr;
	uint16_t verbs;
	uint16_t needs;
	uint16_t flags;
	uint16_t switches;
	uint16_t of;
	struct out_field out;
	uint64_t min;
	uint64_t max;
	uint64_t normal;
	const char *help;
};

#define KEY_END { .kind = NULL }

/* How many rows a table may have. */
#define KEYS_MAX	64

/* The rows that tables share. */
#define KEY_TAGS(_verbs)						\
	{ .word = "vlan", .kind = &kind_vlan, .attr = VNET_A_VID,	\
	  .verbs = (_verbs), .flags = KEY_TAG | KEY_IDENTITY,		\
	  .min = VNET_VID_MIN, .max = VNET_VID_MAX,			\
	  .help = "802.1Q tag; no tag word means untagged" },		\
	{ .word = "svlan", .kind = &kind_svlan, .attr = VNET_A_VID,	\
	  .verbs = (_verbs), .flags = KEY_TAG | KEY_IDENTITY,		\
	  .min = VNET_VID_MIN, .max = VNET_VID_MAX,			\
	  .help = "802.1ad tag" },					\
	{ .word = "cvlan", .kind = &kind_vid, .attr = VNET_A_CVID,	\
	  .verbs = (_verbs), .flags = KEY_TAG | KEY_IDENTITY,		\
	  .min = VNET_VID_MIN, .max = VNET_VID_MAX,			\
	  .help = "802.1Q tag inside of the 802.1ad tag" }

#define KEY_TAG_SHOWN(_place)						\
	{ .kind = &kind_tag, .attr = VNET_A_IFNAME,			\
	  .out = { "vlan", "tag", (_place) } }

#define KEY_IF_EXISTS							\
	{ .word = "if-exists", .kind = &kind_switch, .verbs = V_DEL,	\
	  .flags = KEY_ALONE, .switches = SWITCH_IF_EXISTS,		\
	  .help = "succeed when there is no such object" }

#endif /* VNETCTL_KEY_H */
