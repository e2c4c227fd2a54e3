/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints: what happens to frames, addresses and the configuration, for
 * perf, bpftrace and trace-cmd. It must not know the structs of the switch.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM vnet

#if !defined(VNET_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define VNET_TRACE_H

#include <linux/etherdevice.h>
#include <linux/skbuff.h>
#include <linux/tracepoint.h>
#include <linux/vnet.h>

#define VNET_TRACE_REASON(name, text, cause, remedy) { VNET_DROP_##name, text },

TRACE_EVENT(vnet_drop,
	TP_PROTO(u32 network, u32 member, const struct sk_buff *skb, u32 reason),
	TP_ARGS(network, member, skb, reason),
	TP_STRUCT__entry(
		__field(u32, network)
		__field(u32, member)
		__field(const void *, skb)
		__field(u32, reason)
	),
	TP_fast_assign(
		__entry->network = network;
		__entry->member = member;
		__entry->skb = skb;
		__entry->reason = reason;
	),
	TP_printk("network=%u member=%u skb=%p reason=%s",
		  __entry->network, __entry->member, __entry->skb,
		  __print_symbolic(__entry->reason,
				   VNET_DROP_REASONS(VNET_TRACE_REASON)
				   { VNET_DROP_UNSPEC, "unspec" }))
);

/* A rule (by its id, 0 = the default policy) decided about a frame. */
TRACE_EVENT(vnet_verdict,
	TP_PROTO(u32 network, u32 member, const struct sk_buff *skb,
		 u8 direction, u64 rule, u8 action),
	TP_ARGS(network, member, skb, direction, rule, action),
	TP_STRUCT__entry(
		__field(u32, network)
		__field(u32, member)
		__field(const void *, skb)
		__field(u64, rule)
		__field(u8, direction)
		__field(u8, action)
	),
	TP_fast_assign(
		__entry->network = network;
		__entry->member = member;
		__entry->skb = skb;
		__entry->rule = rule;
		__entry->direction = direction;
		__entry->action = action;
	),
	TP_printk("network=%u member=%u skb=%p direction=%s rule=%llu action=%s",
		  __entry->network, __entry->member, __entry->skb,
		  __entry->direction == VNET_DIR_EGRESS ? "egress" : "ingress",
		  __entry->rule,
		  __entry->action == VNET_ACTION_ALLOW ? "allow" :
		  __entry->action == VNET_ACTION_DROP ? "drop" : "reject")
);

DECLARE_EVENT_CLASS(vnet_held,
	TP_PROTO(u32 network, u32 member, const struct sk_buff *skb, u8 direction),
	TP_ARGS(network, member, skb, direction),
	TP_STRUCT__entry(
		__field(u32, network)
		__field(u32, member)
		__field(const void *, skb)
		__field(u8, direction)
	),
	TP_fast_assign(
		__entry->network = network;
		__entry->member = member;
		__entry->skb = skb;
		__entry->direction = direction;
	),
	TP_printk("network=%u member=%u skb=%p direction=%s",
		  __entry->network, __entry->member, __entry->skb,
		  __entry->direction == VNET_DIR_EGRESS ? "egress" : "ingress")
);

/* A class holds a frame; skb tells which, but may be gone already. */
DEFINE_EVENT(vnet_held, vnet_enqueue,
	TP_PROTO(u32 network, u32 member, const struct sk_buff *skb, u8 direction),
	TP_ARGS(network, member, skb, direction));

DEFINE_EVENT(vnet_held, vnet_dequeue,
	TP_PROTO(u32 network, u32 member, const struct sk_buff *skb, u8 direction),
	TP_ARGS(network, member, skb, direction));

/* An address was learned or set (1), moved or changed (2), forgotten (3). */
TRACE_EVENT(vnet_fdb,
	TP_PROTO(u32 network, u32 member, const u8 *mac, u8 kind, u8 event),
	TP_ARGS(network, member, mac, kind, event),
	TP_STRUCT__entry(
		__field(u32, network)
		__field(u32, member)
		__array(u8, mac, ETH_ALEN)
		__field(u8, kind)
		__field(u8, event)
	),
	TP_fast_assign(
		__entry->network = network;
		__entry->member = member;
		ether_addr_copy(__entry->mac, mac);
		__entry->kind = kind;
		__entry->event = event;
	),
	TP_printk("network=%u member=%u mac=%pM kind=%u event=%u",
		  __entry->network, __entry->member, __entry->mac,
		  __entry->kind, __entry->event)
);

TRACE_EVENT(vnet_config,
	TP_PROTO(u32 generation),
	TP_ARGS(generation),
	TP_STRUCT__entry(__field(u32, generation)),
	TP_fast_assign(__entry->generation = generation;),
	TP_printk("generation=%u", __entry->generation)
);

#endif /* VNET_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
