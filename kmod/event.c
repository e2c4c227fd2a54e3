// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events: whom objects tell that they changed. It must not know netlink.
 */
#include "event.h"

static void no_network(struct vnet_network *network, enum vnet_event event)
{
}

static void no_port(struct vnet_port *port, enum vnet_event event)
{
}

static void no_member(struct vnet_member *member, enum vnet_event event)
{
}

static void no_rule(struct vnet_network *network, struct vnet_rule *rule,
		    enum vnet_event event)
{
}

static void no_set(struct vnet_network *network, struct vnet_named_set *set,
		   enum vnet_event event)
{
}

static void no_class(struct vnet_network *network, struct vnet_class *class,
		     enum vnet_event event)
{
}

static void no_fdb(struct vnet_network *network, struct vnet_member *member,
		   const u8 *mac, enum vnet_fdb_kind kind,
		   enum vnet_event event)
{
}

static void no_limit(struct vnet_network *network, struct vnet_member *member,
		     struct vnet_class *class, enum vnet_limit kind, u64 value)
{
}

static void no_log(const struct vnet_told *told)
{
}

static const struct vnet_listener nobody = {
	.network = no_network,
	.port = no_port,
	.member = no_member,
	.rule = no_rule,
	.set = no_set,
	.class = no_class,
	.fdb = no_fdb,
	.limit = no_limit,
	.log = no_log,
};

const struct vnet_listener *vnet_listener = &nobody;

/**
 * vnet_event_listen - set who is told about changes
 * @listener: complete set of callbacks, or NULL for nobody
 *
 * Context: module init and exit. The caller of NULL waits for a grace period
 * before the callbacks may go.
 */
void vnet_event_listen(const struct vnet_listener *listener)
{
	WRITE_ONCE(vnet_listener, listener ?: &nobody);
}
