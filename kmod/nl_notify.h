/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Notifications: the listener of all events. It must not know what changed them.
 */
#ifndef VNET_NL_NOTIFY_H
#define VNET_NL_NOTIFY_H

#include "event.h"

/* Multicast groups, in the order of the family's table. */
enum vnet_nl_group {
	VNET_NL_GROUP_CONFIG,
	VNET_NL_GROUP_FDB,
	VNET_NL_GROUP_LOG,
};

extern const struct vnet_listener vnet_nl_listener;

void vnet_nl_notify_class_gone(struct vnet_network *network, const char *name);

#endif /* VNET_NL_NOTIFY_H */
