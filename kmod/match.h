/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The classifier: which of many rules decides about a key, at a bounded cost.
 * Layer 0: it must not know skbs, names, counters or who asks.
 */
#ifndef VNET_MATCH_H
#define VNET_MATCH_H

#include <linux/types.h>
#include "key.h"
#include "set.h"

/* Which fields of a struct vnet_match are compared. */
#define VNET_MATCH_MEMBER	0x00000001
#define VNET_MATCH_SRC_MAC	0x00000002
#define VNET_MATCH_DST_MAC	0x00000004
#define VNET_MATCH_ETHERTYPE	0x00000008
#define VNET_MATCH_SRC_IP	0x00000010
#define VNET_MATCH_DST_IP	0x00000020
#define VNET_MATCH_PROTO	0x00000040
#define VNET_MATCH_SPORT	0x00000080
#define VNET_MATCH_DPORT	0x00000100
#define VNET_MATCH_ICMP_TYPE	0x00000200
#define VNET_MATCH_ICMP_CODE	0x00000400
#define VNET_MATCH_TCP_FLAGS	0x00000800
#define VNET_MATCH_FRAGMENT	0x00001000
#define VNET_MATCH_DSCP		0x00002000
#define VNET_MATCH_PCP		0x00004000
#define VNET_MATCH_STATE	0x00008000
#define VNET_MATCH_ARP_SENDER	0x00010000	/* src_ip, of an ARP message */
#define VNET_MATCH_ARP_TARGET	0x00020000	/* dst_ip, of an ARP message */
#define VNET_MATCH_ND_TARGET	0x00040000	/* of neighbour discovery; it is IPv6 */
/* Membership in sets; bit VNET_MATCH_SETS_SHIFT + i is about sets[i]. */
#define VNET_MATCH_SETS_SHIFT	19
#define VNET_MATCH_IN(what)	(1U << (VNET_MATCH_SETS_SHIFT + (what)))

/**
 * struct vnet_match - what one rule wants of a frame
 * @fields: VNET_MATCH_*, the fields below that count
 * @inverted: those of @fields that must not be so. The frame has to have such a
 *	a field nevertheless: "not source port 80" wants ports, and "not from
 *	10.0.0.0/8" wants IPv4
 * @member: id of the sender (egress) or the receiver (ingress)
 * @src_mac: address, already masked
 * @src_mac_mask: set bits are compared
 * @dst_mac: address, already masked
 * @dst_mac_mask: set bits are compared
 * @ethertype: payload type
 * @version: 4 or 6 when an IP address counts, else 0
 * @src_prefix_len: leading bits of @src_ip that count, 0..32 or 0..128
 * @dst_prefix_len: likewise for @dst_ip
 * @target_prefix_len: likewise for @target, 0..128
 * @proto: IP protocol
 * @src_ip: address, already masked
 * @dst_ip: address, already masked
 * @target: address, already masked
 * @sport_min: first source port, host order
 * @sport_max: last one
 * @dport_min: first destination port
 * @dport_max: last one
 * @icmp_type: ICMP or ICMPv6 type
 * @icmp_code: code
 * @tcp_flags: flags that must be set, already masked
 * @tcp_flags_mask: the flags that are compared
 * @fragment: enum vnet_fragment
 * @dscp: 0..63
 * @pcp: 0..7
 * @states: VNET_STATE_*, any of which will do
 * @sets: with VNET_MATCH_IN(i), the set that part i of the key must be in; it has
 *	to live as long as the rule, and until readers of the rule are done
 */
struct vnet_match {
	u32 fields;
	u32 inverted;
	u32 member;
	u8 src_mac[6];
	u8 src_mac_mask[6];
	u8 dst_mac[6];
	u8 dst_mac_mask[6];
	__be16 ethertype;
	u8 version;
	u8 src_prefix_len;
	u8 dst_prefix_len;
	u8 target_prefix_len;
	u8 proto;
	union vnet_addr src_ip;
	union vnet_addr dst_ip;
	union vnet_addr target;
	u16 sport_min;
	u16 sport_max;
	u16 dport_min;
	u16 dport_max;
	u8 icmp_type;
	u8 icmp_code;
	u8 tcp_flags;
	u8 tcp_flags_mask;
	u8 fragment;
	u8 dscp;
	u8 pcp;
	u8 states;
	const struct vnet_set *sets[VNET_SET_WHATS];
};

/* The worst case, see "DOC: Theory of operation". */
#define VNET_MATCH_STEPS_MAX	512
/* Places that a rule may take in a set, on the average; a small set may have more. */
#define VNET_MATCH_PLACES_PER_RULE	128
#define VNET_MATCH_PLACES_SMALL		65536

struct vnet_match_rule;
struct vnet_match_set;
struct vnet_match_node;

/**
 * struct vnet_match_edit - a change of a set that nobody sees yet
 * @set: the set as it will be, NULL = without rules
 * @made: what the change allocated
 * @retired: parts of the old set that the new one does without
 * @seed: of the hashes
 * @bytes: size of @made minus that of @retired
 *
 * All members are private. Lives from vnet_match_change() or
 * vnet_match_replace() to vnet_match_commit() or vnet_match_abort().
 */
struct vnet_match_edit {
	struct vnet_match_set *set;
	struct vnet_match_node *made;
	struct rcu_head *retired;
	u64 seed;
	s64 bytes;
};

struct vnet_match_rule *vnet_match_compile(const struct vnet_match *match, u64 order,
					   void *owner);
void vnet_match_rule_free(struct vnet_match_rule *rule);
void vnet_match_rule_free_rcu(struct rcu_head *rcu);
struct rcu_head *vnet_match_rule_rcu(struct vnet_match_rule *rule);
bool vnet_match_rule_passes(const struct vnet_match_rule *rule,
			    const struct vnet_key *key, u32 member);
bool vnet_match_equal(const struct vnet_match *a, const struct vnet_match *b);

int vnet_match_change(struct vnet_match_edit *edit, const struct vnet_match_set *old,
		      struct vnet_match_rule *const *out, u32 out_count,
		      struct vnet_match_rule *const *in, u32 in_count);
int vnet_match_replace(struct vnet_match_edit *edit, const struct vnet_match_set *old,
		       struct vnet_match_rule *const *rules, u32 count);
struct vnet_match_set *vnet_match_commit(struct vnet_match_edit *edit,
					 struct rcu_head **retired);
void vnet_match_abort(struct vnet_match_edit *edit);
void vnet_match_node_free_rcu(struct rcu_head *rcu);
void vnet_match_retire(struct vnet_match_set *set, struct rcu_head **retired);
void vnet_match_free(struct vnet_match_set *set);

void *vnet_match_find(const struct vnet_match_set *set, const struct vnet_key *key,
		      u32 member);
void *vnet_match_find_before(const struct vnet_match_set *set,
			     const struct vnet_key *key, u32 member, u64 *order);
void *vnet_match_find_counted(const struct vnet_match_set *set,
			      const struct vnet_key *key, u32 member, u32 *steps);
u32 vnet_match_count(const struct vnet_match_set *set);
u32 vnet_match_steps(const struct vnet_match_set *set);
u32 vnet_match_places(const struct vnet_match_set *set);
size_t vnet_match_bytes(const struct vnet_match_set *set);

#endif /* VNET_MATCH_H */
