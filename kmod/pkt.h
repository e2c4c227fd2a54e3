/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The packet: a frame on its way through the switch, and what the stages have
 * found out about it. Lives on the stack. Layer 3.
 */
#ifndef VNET_PKT_H
#define VNET_PKT_H

#include <linux/skbuff.h>
#include "key.h"
#include "member.h"
#include "network.h"
#include "port.h"

struct vnet_cache_query;

/**
 * enum vnet_verdict - what a stage says
 * @VNET_CONTINUE: the next stage
 * @VNET_CONSUMED: the frame is somebody else's now, pkt->skb is gone
 *
 * Every other value is an enum vnet_drop: the pipeline drops the frame.
 */
enum vnet_verdict {
	VNET_CONSUMED = -1,
	VNET_CONTINUE = 0,
};

/* A stage's way to say why: VNET_REFUSED(MTU) is VNET_DROP_MTU as a verdict. */
#define VNET_REFUSED(reason) ((enum vnet_verdict)VNET_DROP_##reason)

/*
 * Hops travel in skb->tc_index: a mark that is not likely to be anybody else's,
 * and the number of switches that the frame has passed.
 */
#define VNET_HOPS_MAGIC	0x5e70
#define VNET_HOPS_MASK	0x000f
#define VNET_HOPS_MAX	8

/* A rule wrote a DSCP. */
#define VNET_PKT_MARKED	0x80

/**
 * struct vnet_pkt - one frame between hook and transmit
 * @skb: the frame. From the tag stage on it has "switch form": data is the
 *	Ethernet header, the member's tag is gone, the network header is right.
 * @port: where it came in; NULL when a class has held it
 * @from: the member that sent it, from the tag stage on
 * @network: its network
 * @to: the member that is to get it, or NULL before forwarding
 * @len: bytes in switch form
 * @rules: those of its network that it is judged by, from the known stage on
 * @rule: which rule allowed it, by vnet_dir(); NULL: the default policy
 * @class: what the last rule wants to shape it, or NULL: its member's
 * @generation: of the rules, and of what else it was last judged by
 * @pcp: 802.1p priority that it came with
 * @tagged: it came with a tag, if only one that tells the priority
 * @hops: how often it has entered a switch of this host
 * @old_dscp: with %VNET_PKT_MARKED, the DSCP that it came with, before rules wrote another
 * @flooded: it goes, or may have gone, to more than one target
 * @parsed: @key is filled beyond the Ethernet header
 * @plain: nothing was done with it but to let it pass
 * @query: where the cache may keep what is decided about it, or NULL
 * @stateful: key.state was found out
 * @round: of its zone when that was done
 * @key: its headers
 */
struct vnet_pkt {
	struct sk_buff *skb;
	struct vnet_port *port;
	struct vnet_member *from;
	struct vnet_network *network;
	struct vnet_member *to;
	const struct vnet_ruleset *rules;
	struct vnet_rule *rule[VNET_DIRS];
	struct vnet_class *class;
	const struct vnet_cache_query *query;
	unsigned int len;
	u32 generation;
	u8 pcp;
	bool tagged;
	u8 hops;
	u8 old_dscp;
	bool flooded;
	bool parsed;
	bool plain;
	bool stateful;
	u8 round;
	struct vnet_key key;
};

#endif /* VNET_PKT_H */
