/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Events: how objects tell that they changed, without knowing who listens.
 * Layer 2: it must not know netlink; the listener is set once by main.c.
 */
#ifndef VNET_EVENT_H
#define VNET_EVENT_H

#include <linux/types.h>
#include <linux/vnet.h>

struct sk_buff;
struct vnet_class;
struct vnet_member;
struct vnet_named_set;
struct vnet_network;
struct vnet_port;
struct vnet_rule;

/**
 * struct vnet_told - what a rule said about a frame
 * @network: where
 * @member: the sender (egress) or the receiver (ingress)
 * @rule: it decided, or would have
 * @skb: the frame, whose data is its Ethernet header, without the member's tag
 * @audit: it only would have: it is in audit, or its direction is
 */
struct vnet_told {
	struct vnet_network *network;
	struct vnet_member *member;
	const struct vnet_rule *rule;
	const struct sk_buff *skb;
	bool audit;
};

/**
 * struct vnet_listener - called after a change, with the object still whole
 *
 * All but @fdb, @limit and @log: process context, config mutex held. These: any
 * context with bottom halves off, RCU read side.
 *
 * @network: a network was added, changed or is about to go
 * @port: likewise a port
 * @member: likewise a member
 * @rule: likewise a rule; for %VNET_EVENT_LOADED @rule is NULL
 * @set: likewise a set; %VNET_EVENT_CHANGED is about its elements
 * @class: likewise a class
 * @fdb: an address was learned or set, moved, or is forgotten
 * @limit: a limit was reached; @member and @class may be NULL
 * @log: a rule tells about a frame
 */
struct vnet_listener {
	void (*network)(struct vnet_network *network, enum vnet_event event);
	void (*port)(struct vnet_port *port, enum vnet_event event);
	void (*member)(struct vnet_member *member, enum vnet_event event);
	void (*rule)(struct vnet_network *network, struct vnet_rule *rule,
		     enum vnet_event event);
	void (*set)(struct vnet_network *network, struct vnet_named_set *set,
		    enum vnet_event event);
	void (*class)(struct vnet_network *network, struct vnet_class *class,
		      enum vnet_event event);
	void (*fdb)(struct vnet_network *network, struct vnet_member *member,
		    const u8 *mac, enum vnet_fdb_kind kind,
		    enum vnet_event event);
	void (*limit)(struct vnet_network *network, struct vnet_member *member,
		      struct vnet_class *class, enum vnet_limit kind,
		      u64 value);
	void (*log)(const struct vnet_told *told);
};

/* Never NULL: until a listener is set, events go nowhere. */
extern const struct vnet_listener *vnet_listener;

void vnet_event_listen(const struct vnet_listener *listener);

#endif /* VNET_EVENT_H */
