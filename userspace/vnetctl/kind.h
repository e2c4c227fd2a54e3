/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kind: how the values of a key are read, written, named and completed.
 */
#ifndef VNETCTL_KIND_H
#define VNETCTL_KIND_H

#include <vnet.h>

#include "key.h"
#include "out.h"

/** enum live - names that only the kernel knows */
enum live {
	LIVE_NONE,
	LIVE_NETWORKS,
	LIVE_PORTS,
	LIVE_CLASSES,
	LIVE_RULES,
	LIVE_SETS,
	LIVE_MACS,
	LIVE_DEVICES,
	LIVE_FILES,
};

/**
 * struct slot - a value of an object
 * @key: which value
 * @schema: kind of the object
 * @object: the object
 */
struct slot {
	const struct key *key;
	const struct vnet_schema *schema;
	void *object;
};

/**
 * struct kind - a kind of values
 * @metavar: what usage calls a value
 * @what: a phrase that explains it; NULL if @words say all
 * @words: words that may be typed, NULL-terminated; NULL for names of @names
 * @names: set of named numbers, when @named
 * @named: the values are the names of @names
 * @pair: two attributes make one word; the second follows the first
 * @live: names that complete
 * @fits: does the word look like one? NULL: every word does
 * @parse: read a word; NULL or a phrase that says what is wrong
 * @suits: is the value of this kind? NULL: always. For attributes with several keys
 * @show: write the value
 */
struct kind {
	const char *metavar;
	const char *what;
	const char *const *words;
	enum vnet_names names;
	bool named;
	bool pair;
	enum live live;
	bool (*fits)(const char *word);
	const char *(*parse)(const char *word, const struct slot *slot);
	bool (*suits)(const struct slot *slot);
	void (*show)(struct out *o, const struct slot *slot);
};

/* kind_number.c */
extern const struct kind kind_count;
extern const struct kind kind_class_prio;
extern const struct kind kind_vni;
extern const struct kind kind_time;
extern const struct kind kind_delay;
extern const struct kind kind_age;
extern const struct kind kind_size;
extern const struct kind kind_rate;
extern const struct kind kind_class_rate;
extern const struct kind kind_guarantee;
extern const struct kind kind_measured;
extern const struct kind kind_capacity;
extern const struct kind kind_percent;
extern const struct kind kind_weight;
extern const struct kind kind_frames;
extern const struct kind kind_connections;
extern const struct kind kind_on_off;
extern const struct kind kind_vid;
extern const struct kind kind_vlan;
extern const struct kind kind_svlan;
extern const struct kind kind_tag;

/* kind_name.c */
extern const struct kind kind_new_name;
extern const struct kind kind_network;
extern const struct kind kind_port;
extern const struct kind kind_device;
extern const struct kind kind_class;
extern const struct kind kind_member_class;
extern const struct kind kind_rule;
extern const struct kind kind_set;
extern const struct kind kind_helper;
extern const struct kind kind_set_type;
extern const struct kind kind_label;
extern const struct kind kind_state;
extern const struct kind kind_role;
extern const struct kind kind_in_force;
extern const struct kind kind_direction;
extern const struct kind kind_action;
extern const struct kind kind_fdb_kind;
extern const struct kind kind_limit;
extern const struct kind kind_switch;
extern const struct kind kind_reason;
extern const struct kind kind_file;

/* kind_address.c */
extern const struct kind kind_mac;
extern const struct kind kind_mac_mask;
extern const struct kind kind_prefix;
extern const struct kind kind_macs;
extern const struct kind kind_prefixes;
extern const struct kind kind_ethertype;
extern const struct kind kind_proto;
extern const struct kind kind_ports;
extern const struct kind kind_icmp_type;
extern const struct kind kind_prefix4;
extern const struct kind kind_prefix6;

/* kind_element.c */
extern const struct kind kind_elements;
extern const struct kind kind_element;

/* kind_header.c */
extern const struct kind kind_tcp_flags;
extern const struct kind kind_fragment;
extern const struct kind kind_dscp;
extern const struct kind kind_states;

/* kind_frame.c */
extern const struct kind kind_address;
extern const struct kind kind_address4;
extern const struct kind kind_address6;
extern const struct kind kind_endpoint;
extern const struct kind kind_transport;
extern const struct kind kind_flag_set;
extern const struct kind kind_part;

/* kind_audit.c */
extern const struct kind kind_audit;
extern const struct kind kind_flag;
extern const struct kind kind_sample;
extern const struct kind kind_lifetime;
extern const struct kind kind_time_left;
extern const struct kind kind_log_rate;

/* kind_frame.c */
extern const struct kind kind_would;
extern const struct kind kind_frame;
extern const struct kind kind_suppressed;

/* kind_stats.c */
extern const struct kind kind_counter;
extern const struct kind kind_hits;
extern const struct kind kind_drops;
extern const struct kind kind_stats;
extern const struct kind kind_class_stats;

/* slot.c */
void *slot_value(const struct slot *slot, unsigned int attr);
bool slot_has(const struct slot *slot, unsigned int attr);
void slot_mark(const struct slot *slot, unsigned int attr);
uint64_t slot_number(const struct slot *slot, unsigned int attr);
bool slot_is_ip4(const struct slot *slot);
bool slot_is_ip6(const struct slot *slot);
const char *slot_set_number(const struct slot *slot, uint64_t value);
const char *slot_set_string(const struct slot *slot, const char *text);
bool slot_is_normal(const struct slot *slot, uint64_t value);
const char *kind_word_at(const struct key *key, unsigned int index);

#endif /* VNETCTL_KIND_H */
