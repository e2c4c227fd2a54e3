// SPDX-License-Identifier: GPL-2.0-only
/*
 * names: the words for the numbers of <linux/vnet.h>, for parsers and printers
 * alike. It knows nothing of messages or objects.
 */
#include "vnet.h"

#include <string.h>

#define DROP_NAME(symbol, name, cause, remedy)		\
	[VNET_DROP_##symbol] = (name),
#define DROP_CAUSE(symbol, name, cause, remedy)		\
	[VNET_DROP_##symbol] = (cause),
#define DROP_REMEDY(symbol, name, cause, remedy)	\
	[VNET_DROP_##symbol] = (remedy),

static const char *const role_names[] = {
	[VNET_ROLE_GUEST] = "guest",
	[VNET_ROLE_UPLINK] = "uplink",
};

static const char *const direction_names[] = {
	[VNET_DIR_INGRESS] = "ingress",
	[VNET_DIR_EGRESS] = "egress",
};

static const char *const action_names[] = {
	[VNET_ACTION_ALLOW] = "allow",
	[VNET_ACTION_DROP] = "drop",
	[VNET_ACTION_REJECT] = "reject",
};

static const char *const fdb_kind_names[] = {
	[VNET_FDB_LEARNED] = "learned",
	[VNET_FDB_STATIC] = "static",
	[VNET_FDB_STICKY] = "sticky",
};

static const char *const event_names[] = {
	[VNET_EVENT_ADDED] = "added",
	[VNET_EVENT_CHANGED] = "changed",
	[VNET_EVENT_REMOVED] = "removed",
	[VNET_EVENT_LOADED] = "loaded",
};

static const char *const limit_names[] = {
	[VNET_LIMIT_NETWORK_MACS] = "network_macs",
	[VNET_LIMIT_MEMBER_MACS] = "member_macs",
	[VNET_LIMIT_NETWORK_QUEUE] = "network_queue",
	[VNET_LIMIT_CLASS_QUEUE] = "class_queue",
	[VNET_LIMIT_FLOOD_RATE] = "flood_rate",
	[VNET_LIMIT_NETWORK_CONNECTIONS] = "network_connections",
	[VNET_LIMIT_MEMBER_CONNECTIONS] = "member_connections",
	[VNET_LIMIT_NETWORK_CONNECTION_RATE] = "network_connection_rate",
	[VNET_LIMIT_MEMBER_CONNECTION_RATE] = "member_connection_rate",
	[VNET_LIMIT_REJECT_RATE] = "reject_rate",
	[VNET_LIMIT_UPLINK_QUEUE] = "uplink_queue",
	[VNET_LIMIT_NETWORK_PACKET_RATE_INGRESS] = "network_packet_rate_ingress",
	[VNET_LIMIT_NETWORK_PACKET_RATE_EGRESS] = "network_packet_rate_egress",
	[VNET_LIMIT_MEMBER_PACKET_RATE_INGRESS] = "member_packet_rate_ingress",
	[VNET_LIMIT_MEMBER_PACKET_RATE_EGRESS] = "member_packet_rate_egress",
};

static const char *const set_type_names[] = {
	[VNET_SET_ADDRESSES] = "addresses",
	[VNET_SET_PORTS] = "ports",
	[VNET_SET_MACS] = "macs",
	[VNET_SET_PAIRS] = "pairs",
	[VNET_SET_MEMBERS] = "members",
};

static const char *const in_force_names[] = {
	[VNET_IN_FORCE_YES] = "yes",
	[VNET_IN_FORCE_NO_CAPACITY] = "no-capacity",
	[VNET_IN_FORCE_UNKNOWN] = "unknown",
	[VNET_IN_FORCE_OVERBOOKED] = "overbooked",
};

static const char *const drop_names[] = { VNET_DROP_REASONS(DROP_NAME) };
static const char *const drop_causes[] = { VNET_DROP_REASONS(DROP_CAUSE) };
static const char *const drop_remedies[] = { VNET_DROP_REASONS(DROP_REMEDY) };

#define NAME_SET(array) { (array), sizeof(array) / sizeof((array)[0]) }

static const struct {
	const char *const *names;
	unsigned int count;
} name_sets[] = {
	[VNET_NAMES_ROLE] = NAME_SET(role_names),
	[VNET_NAMES_DIRECTION] = NAME_SET(direction_names),
	[VNET_NAMES_ACTION] = NAME_SET(action_names),
	[VNET_NAMES_FDB_KIND] = NAME_SET(fdb_kind_names),
	[VNET_NAMES_EVENT] = NAME_SET(event_names),
	[VNET_NAMES_LIMIT] = NAME_SET(limit_names),
	[VNET_NAMES_DROP] = NAME_SET(drop_names),
	[VNET_NAMES_SET_TYPE] = NAME_SET(set_type_names),
	[VNET_NAMES_IN_FORCE] = NAME_SET(in_force_names),
};

/**
 * vnet_name() - the word for a number
 * @set: what the number counts
 * @value: the number
 *
 * Return: a constant string; NULL if this library does not know the number.
 */
const char *vnet_name(enum vnet_names set, unsigned int value)
{
	if (value >= name_sets[set].count)
		return NULL;
	return name_sets[set].names[value];
}

/**
 * vnet_value() - the number for a word
 * @set: what the number counts
 * @name: the word
 *
 * Return: the number, 0 if there is none.
 */
unsigned int vnet_value(enum vnet_names set, const char *name)
{
	unsigned int i;

	for (i = 1; i < name_sets[set].count; i++) {
		const char *known = name_sets[set].names[i];

		if (known && !strcmp(known, name))
			return i;
	}
	return 0;
}

/**
 * vnet_names_max() - the largest number that has a word
 * @set: what the number counts
 *
 * Return: the number; the smallest is 1 in every set.
 */
unsigned int vnet_names_max(enum vnet_names set)
{
	return name_sets[set].count - 1;
}

/**
 * vnet_drop_cause() - what a drop reason means
 * @reason: enum vnet_drop
 *
 * Return: a constant phrase, NULL if the reason is not known.
 */
const char *vnet_drop_cause(unsigned int reason)
{
	return vnet_name(VNET_NAMES_DROP, reason) ? drop_causes[reason] : NULL;
}

/**
 * vnet_drop_remedy() - what one does about a drop reason
 * @reason: enum vnet_drop
 *
 * Return: a constant phrase, NULL if the reason is not known.
 */
const char *vnet_drop_remedy(unsigned int reason)
{
	return vnet_name(VNET_NAMES_DROP, reason) ? drop_remedies[reason] : NULL;
}
