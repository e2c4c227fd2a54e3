/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The network: the unit of isolation. It owns its tables and its members list
 * and must not know how frames travel or how it is configured. Layer 2.
 */
#ifndef VNET_NETWORK_H
#define VNET_NETWORK_H

#include <linux/netlink.h>
#include <linux/refcount.h>
#include <linux/workqueue.h>
#include "class.h"
#include "fdb.h"
#include "log.h"
#include "netns.h"
#include "pace.h"
#include "quota.h"
#include "rule.h"
#include "set_list.h"
#include "stats.h"

/* Which fields of a struct vnet_network_spec are given. */
#define VNET_NETWORK_HAS_VNI		0x0001
#define VNET_NETWORK_HAS_TENANT		0x0002
#define VNET_NETWORK_HAS_UP		0x0004
#define VNET_NETWORK_HAS_POLICY_INGRESS	0x0008
#define VNET_NETWORK_HAS_POLICY_EGRESS	0x0010
#define VNET_NETWORK_HAS_AGEING		0x0020
#define VNET_NETWORK_HAS_MAX_MEMBERS	0x0040
#define VNET_NETWORK_HAS_MAX_MACS	0x0080
#define VNET_NETWORK_HAS_MAX_RULES	0x0100
#define VNET_NETWORK_HAS_MAX_CLASSES	0x0200
#define VNET_NETWORK_HAS_MAX_QUEUE	0x0400
#define VNET_NETWORK_HAS_MAX_SETS	0x0800
#define VNET_NETWORK_HAS_MAX_ELEMENTS	0x1000
#define VNET_NETWORK_HAS_MAX_CONNECTIONS 0x2000
#define VNET_NETWORK_HAS_CONNECTION_RATE 0x4000
#define VNET_NETWORK_HAS_REJECT_RATE	0x8000
#define VNET_NETWORK_HAS_AUDIT_INGRESS	0x10000
#define VNET_NETWORK_HAS_AUDIT_EGRESS	0x20000
#define VNET_NETWORK_HAS_LOG_RATE	0x40000
#define VNET_NETWORK_HAS_PACKET_RATE_INGRESS 0x80000
#define VNET_NETWORK_HAS_PACKET_RATE_EGRESS 0x100000

struct vnet_zone;

/**
 * struct vnet_network_spec - a network as the operator gives it; see the
 *	attributes VNET_A_NET_* for meaning, units and ranges
 */
struct vnet_network_spec {
	u32 has;
	char name[VNET_NAME_MAX + 1];
	char tenant[VNET_NAME_MAX + 1];
	u32 vni;
	bool up;
	u8 policy[VNET_DIRS];
	u8 audit[VNET_DIRS];
	u32 ageing_ms;
	u32 max_members;
	u32 max_macs;
	u32 max_rules;
	u32 max_classes;
	u32 max_queue;
	u32 max_sets;
	u32 max_elements;
	u32 max_connections;
	u32 connection_rate;
	u32 reject_rate;
	u32 log_rate;
	u32 packet_rate[VNET_DIRS];
};

/**
 * struct vnet_network - a network
 * @up: frames are forwarded; written under the config mutex
 * @paced: one of @packets is set; likewise
 * @policy: enum vnet_action when no rule decides, by vnet_dir(); likewise
 * @audit: what rules and policy would drop passes, by vnet_dir(); likewise
 * @number: no other network of any namespace has, or soon had, the same
 * @generation: goes up when members come, go or change, or what is asked of each frame:
 *	@up, @paced, shares. Config mutex, read without
 * @members: of struct vnet_member, RCU list; changed under the config mutex
 * @fdb: addresses
 * @rules: firewall
 * @sets: what its rules may name
 * @classes: shaping tree
 * @zone: RCU, its connections; NULL = no rule asks for state
 * @connections: how many it may have
 * @fragment_bytes: what fragments take that its members have waiting
 * @policy_hits: frames that the default policies decided
 * @answers: to rejected frames; a rate of 0 means none here
 * @audit_hits: frames that passed only because their direction is in audit
 * @log: what its rules may tell about frames
 * @packets: how many its members may get and send, by vnet_dir()
 * @spec: settings as they are now; config mutex
 * @vn: its namespace; valid while the network is registered
 * @id: dense id
 * @member_count: length of @members; config mutex
 * @refs: the registry, each member until its grace period ended, each dump
 * @retired: counters of members that are gone; retired_lock
 * @retired_lock: see @retired
 * @free_work: the last step, in process context after a grace period
 */
struct vnet_network {
	bool up;
	bool paced;
	u8 policy[VNET_DIRS];
	u8 audit[VNET_DIRS];
	u32 number;
	u32 generation;
	struct list_head members;
	struct vnet_fdb fdb;
	struct vnet_rule_table rules;
	struct vnet_set_list sets;
	struct vnet_class_tree *classes;
	struct vnet_zone __rcu *zone;
	struct vnet_quota connections;
	atomic_t fragment_bytes;
	struct vnet_counter_cpu __percpu *policy_hits[VNET_DIRS];
	struct vnet_pace answers;
	struct vnet_counter_cpu __percpu *audit_hits[VNET_DIRS];
	struct vnet_log log;
	struct vnet_pace packets[VNET_DIRS];

	struct vnet_network_spec spec;
	struct vnet_netns *vn;
	u32 id;
	u32 member_count;
	refcount_t refs;
	struct vnet_member_sum retired;
	spinlock_t retired_lock;
	struct rcu_work free_work;
};

/* Configuration: config mutex held, may sleep, sentences go to extack. */
struct vnet_network *vnet_network_find(struct vnet_netns *vn, const char *name);
struct vnet_network *vnet_network_next(struct vnet_netns *vn, u32 after_id);
struct vnet_network *vnet_network_create(struct vnet_netns *vn,
					 const struct vnet_network_spec *spec,
					 bool *unchanged,
					 struct netlink_ext_ack *extack);
int vnet_network_set(struct vnet_network *network,
		     const struct vnet_network_spec *spec, bool *unchanged,
		     struct netlink_ext_ack *extack);
void vnet_network_destroy(struct vnet_network *network);

/**
 * vnet_network_decide_anew - what was decided about frames does not hold any more
 * @network: the network, of which a member or a setting is different now
 *
 * When the change can be seen, and before the grace period of whatever it took away
 * begins.
 *
 * Context: config mutex held.
 */
static inline void vnet_network_decide_anew(struct vnet_network *network)
{
	/* Pairs with vnet_recall(). */
	smp_store_release(&network->generation, network->generation + 1);
}

void vnet_network_get(struct vnet_network *network);
void vnet_network_put(struct vnet_network *network);

void vnet_network_read(struct vnet_network *network, struct vnet_member_sum *sum);
void vnet_network_retire(struct vnet_network *network,
			 const struct vnet_member_cpu __percpu *stats);

void vnet_network_lose(struct sk_buff_head *frames, enum vnet_drop reason);

/* Set once at load, before any network exists: where held frames go. */
void vnet_network_set_path(void (*release)(struct sk_buff *skb,
					   enum vnet_direction direction),
			   void (*drop)(struct sk_buff *skb,
					enum vnet_direction direction,
					enum vnet_class_verdict why),
			   bool (*mark)(struct sk_buff *skb),
			   void (*lose)(struct sk_buff *skb, enum vnet_drop reason));
int vnet_network_init(void);
void vnet_network_exit(void);

#endif /* VNET_NETWORK_H */
