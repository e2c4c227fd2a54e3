/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * libvnet: configure and watch the vnet switch from C. This header owns what
 * programs may use of the library; how messages are built is not shown here.
 *
 * Every function that talks to the kernel returns 0 or a negative errno and
 * leaves a sentence for people in vnet_errstr(). Nothing is printed, nothing is
 * global: two threads may each use a context of their own.
 *
 * Objects are plain structs. The member id.has says which of their values are
 * set: VNET_HAS(attribute number of <linux/vnet.h>). In a request it names what
 * to send, in an answer what the kernel told. An object that holds lists (only
 * struct vnet_member does) is released with its _clear() function.
 */
#ifndef _LIBVNET_VNET_H
#define _LIBVNET_VNET_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/vnet.h>

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* Bit of an attribute in struct vnet_id.has. */
#define VNET_HAS(attr)		(UINT64_C(1) << (attr))

#define VNET_NAME_SIZE		(VNET_NAME_MAX + 1)
#define VNET_TENANT_SIZE	256
#define VNET_VERSION_SIZE	64

/* Slots for drop counters: room for reasons that a newer module may add. */
#define VNET_DROP_SLOTS		64

#define VNET_TAG_8021Q		0x8100
#define VNET_TAG_8021AD		0x88a8

struct vnet;

/**
 * struct vnet_error - why the last request failed
 * @code: negative errno
 * @text: the kernel's sentence, or the library's where the kernel gave none
 * @from_kernel: @text is the kernel's own
 * @from_library: the library failed, or could not understand the kernel;
 *	neither this nor @from_kernel: the kernel refused without a sentence
 * @attr: number of the attribute at fault, 0 if none was told
 * @attr_name: its name as in <linux/vnet.h>, or NULL
 * @missing: the attribute is absent rather than wrong
 * @entry: of many rules or elements, index of the one at fault, -1 if none was
 *	told
 */
struct vnet_error {
	int code;
	char text[256];
	bool from_kernel;
	bool from_library;
	uint16_t attr;
	const char *attr_name;
	bool missing;
	long entry;
};

/**
 * struct vnet_id - what every object begins with
 * @has: VNET_HAS() of each value that is set, flags included
 * @ifindex: interface of the port
 * @generation: configuration generation, told
 * @tag_proto: VNET_TAG_8021Q or VNET_TAG_8021AD
 * @vid: (outer) VLAN; not set means untagged
 * @cvid: inner VLAN
 * @event: enum vnet_event, in notifications
 * @network: name of the network
 * @ifname: interface by name
 */
struct vnet_id {
	uint64_t has;
	uint32_t ifindex;
	uint32_t generation;
	uint16_t tag_proto;
	uint16_t vid;
	uint16_t cvid;
	uint8_t event;
	char network[VNET_NAME_SIZE];
	char ifname[IFNAMSIZ];
};

/** struct vnet_mac - a MAC address, bytes as on the wire */
struct vnet_mac {
	uint8_t byte[6];
};

/** struct vnet_ip - an IP address; @size is 4 or 16 */
struct vnet_ip {
	uint8_t size;
	uint8_t byte[16];
};

/** struct vnet_prefix - an IP prefix */
struct vnet_prefix {
	struct vnet_ip ip;
	uint8_t len;
};

/** struct vnet_macs - list of addresses; @items comes from malloc() */
struct vnet_macs {
	size_t count;
	struct vnet_mac *items;
};

/** struct vnet_prefixes - list of prefixes; @items comes from malloc() */
struct vnet_prefixes {
	size_t count;
	struct vnet_prefix *items;
};

/** struct vnet_bytes - the first bytes of a frame */
struct vnet_bytes {
	uint8_t size;
	uint8_t byte[VNET_LOG_FRAME_MAX];
};

/** struct vnet_drops - frames per drop reason, indexed by enum vnet_drop */
struct vnet_drops {
	uint64_t frames[VNET_DROP_SLOTS];
};

/** struct vnet_counter - enum vnet_attr_counter */
struct vnet_counter {
	uint64_t packets;
	uint64_t bytes;
};

/** struct vnet_stats - enum vnet_attr_stats */
struct vnet_stats {
	uint64_t egress_packets;
	uint64_t egress_bytes;
	uint64_t copies;
	uint64_t forwarded;
	uint64_t offered;
	uint64_t ingress_packets;
	uint64_t ingress_bytes;
	uint64_t queued_packets;
	uint64_t answers;
	uint64_t cached;
	struct vnet_drops drops;
};

/** struct vnet_class_stats - enum vnet_attr_class_stats */
struct vnet_class_stats {
	uint64_t packets;
	uint64_t bytes;
	uint64_t delayed;
	uint64_t borrowed;
	uint64_t dropped;
	uint64_t queued_packets;
	uint64_t queued_bytes;
	uint64_t marked;
	uint64_t late;
	uint64_t measured_bps;		/* over the last second, all below it included */
	char lender[VNET_NAME_SIZE];	/* borrowed from in this second, or "" */
};

/** struct vnet_info - the module; enum vnet_attr_info */
struct vnet_info {
	struct vnet_id id;
	char version[VNET_VERSION_SIZE];
	uint32_t networks;
	uint32_t ports;
	uint32_t members;
	uint32_t drop_reasons;
};

/** struct vnet_network - a network; enum vnet_attr_net */
struct vnet_network {
	struct vnet_id id;
	uint32_t vni;
	char tenant[VNET_TENANT_SIZE];
	uint8_t up;
	uint8_t policy_ingress;
	uint8_t policy_egress;
	uint32_t ageing;
	uint32_t max_members;
	uint32_t max_macs;
	uint32_t max_rules;
	uint32_t max_classes;
	uint32_t max_queue;
	uint32_t max_sets;
	uint32_t max_set_elements;
	uint32_t max_connections;
	uint32_t connection_rate;	/* new ones per second, 0 = any */
	uint32_t reject_rate;
	uint8_t audit_ingress;
	uint8_t audit_egress;
	uint32_t log_rate;
	uint32_t network_id;
	uint32_t members;
	uint32_t macs;
	uint32_t rules;
	uint32_t classes;
	uint32_t sets;
	uint32_t set_elements;
	uint32_t rules_generation;
	uint32_t zone;	/* of nf_conntrack */
	uint32_t connections;
	struct vnet_stats stats;
	struct vnet_counter policy_ingress_stats;
	struct vnet_counter policy_egress_stats;
	struct vnet_counter audit_ingress_stats;
	struct vnet_counter audit_egress_stats;
	uint64_t evicted;
	uint64_t moved;
	uint32_t packet_rate_ingress;	/* packets/s, 0 = any */
	uint32_t packet_rate_egress;
};

/** struct vnet_port - an attached interface; enum vnet_attr_port */
struct vnet_port {
	struct vnet_id id;
	uint8_t role;
	uint64_t capacity;
	uint32_t overcommit;
	uint64_t capacity_now;
	uint64_t guaranteed;
	uint8_t in_force;
	uint32_t port_id;
	uint32_t members;
	struct vnet_drops drops;
};

/** struct vnet_member - a member; enum vnet_attr_member */
struct vnet_member {
	struct vnet_id id;
	uint8_t learning;
	uint8_t flood_unicast;
	uint8_t flood_multicast;
	uint8_t flood_broadcast;
	uint8_t isolated;
	uint8_t hairpin;
	uint8_t guard_dhcp;
	uint8_t guard_ra;
	uint32_t max_macs;
	uint32_t flood_rate;
	uint32_t max_connections;
	uint32_t connection_rate;
	char class_ingress[VNET_NAME_SIZE];
	char class_egress[VNET_NAME_SIZE];
	struct vnet_macs guard_macs;
	struct vnet_prefixes guard_ips;
	uint32_t member_id;
	uint32_t macs;
	uint32_t connections;
	struct vnet_stats stats;
	uint64_t evicted;
	uint64_t unlearned;
	uint32_t packet_rate_ingress;	/* packets/s, 0 = any */
	uint32_t packet_rate_egress;
};

/** struct vnet_fdb - an address of a network; enum vnet_attr_fdb */
struct vnet_fdb {
	struct vnet_id id;
	struct vnet_mac mac;
	uint8_t kind;
	uint32_t age;
	uint32_t count;
};

/** struct vnet_rule - a rule; enum vnet_attr_rule */
struct vnet_rule {
	struct vnet_id id;
	char name[VNET_NAME_SIZE];
	uint32_t priority;
	uint8_t direction;
	uint8_t action;
	struct vnet_mac src_mac;
	struct vnet_mac src_mac_mask;
	struct vnet_mac dst_mac;
	struct vnet_mac dst_mac_mask;
	uint16_t ethertype;
	struct vnet_ip src_ip;
	uint8_t src_prefix_len;
	struct vnet_ip dst_ip;
	uint8_t dst_prefix_len;
	uint8_t proto;
	uint16_t src_port_min;
	uint16_t src_port_max;
	uint16_t dst_port_min;
	uint16_t dst_port_max;
	uint8_t icmp_type;
	uint8_t icmp_code;
	uint8_t tcp_flags;
	uint8_t tcp_flags_mask;
	uint8_t fragment;
	uint8_t dscp;
	uint8_t pcp;
	struct vnet_ip arp_sender;
	uint8_t arp_sender_prefix_len;
	struct vnet_ip target;
	uint8_t target_prefix_len;
	char src_set[VNET_NAME_SIZE];
	char dst_set[VNET_NAME_SIZE];
	char sport_set[VNET_NAME_SIZE];
	char dport_set[VNET_NAME_SIZE];
	char src_mac_set[VNET_NAME_SIZE];
	char dst_mac_set[VNET_NAME_SIZE];
	char src_pair_set[VNET_NAME_SIZE];
	char dst_pair_set[VNET_NAME_SIZE];
	uint8_t state;	/* enum vnet_state, any of these bits */
	uint64_t inverted;	/* VNET_HAS() of the fields that must not be so */
	char class[VNET_NAME_SIZE];
	uint8_t set_dscp;
	char helper[VNET_HELPER_MAX + 1];
	uint8_t audit;
	uint8_t log;
	uint32_t sample;
	uint32_t expires;
	char member_set[VNET_NAME_SIZE];
	struct vnet_counter stats;
	uint32_t count;
	uint32_t expires_in;
};

/** struct vnet_set - a set; enum vnet_attr_set */
struct vnet_set {
	struct vnet_id id;
	char name[VNET_NAME_SIZE];
	uint8_t type;
	uint32_t set_id;
	uint32_t elements;
	uint32_t users;
};

/**
 * struct vnet_element - an element of a set; enum vnet_attr_set. Of members it is the
 * interface and tag in @id
 */
struct vnet_element {
	struct vnet_id id;
	char set[VNET_NAME_SIZE];
	struct vnet_ip ip;
	uint8_t prefix_len;
	struct vnet_mac mac;
	uint16_t port_min;
	uint16_t port_max;
};

/** struct vnet_class - a class; enum vnet_attr_class */
struct vnet_class {
	struct vnet_id id;
	char name[VNET_NAME_SIZE];
	char parent[VNET_NAME_SIZE];
	uint64_t rate;
	uint64_t ceil;
	uint32_t burst;
	uint32_t cburst;
	uint8_t prio;
	uint32_t queue;
	uint32_t weight;
	uint32_t class_id;
	uint8_t level;
	uint32_t members;
	uint32_t rules;
	uint8_t in_force;
	uint32_t delay_target;
	uint32_t delay_limit;
	uint32_t overhead;
	struct vnet_class_stats ingress_stats;
	struct vnet_class_stats egress_stats;
};

/** struct vnet_share - what a network may have of a port; enum vnet_attr_share */
struct vnet_share {
	struct vnet_id id;
	uint64_t guarantee;
	uint64_t ceil;
	uint32_t weight;
	uint8_t prio;
	uint8_t in_force;
	uint64_t ingress_allowed;
	uint64_t egress_allowed;
	uint64_t ingress_measured;
	uint64_t egress_measured;
	struct vnet_class_stats ingress_stats;
	struct vnet_class_stats egress_stats;
};

/** struct vnet_limit_hit - a limit was reached; enum vnet_attr_limit */
struct vnet_limit_hit {
	struct vnet_id id;
	uint8_t kind;
	uint64_t value;
	char class_name[VNET_NAME_SIZE];
};

/** struct vnet_log - what a rule said about a frame; enum vnet_attr_log */
struct vnet_log {
	struct vnet_id id;
	char rule[VNET_NAME_SIZE];
	uint8_t direction;
	uint8_t action;
	uint8_t audit;
	uint32_t length;
	struct vnet_bytes frame;
	uint32_t suppressed;
};

/** union vnet_object - any object; @id is part of all of them */
union vnet_object {
	struct vnet_id id;
	struct vnet_info info;
	struct vnet_network network;
	struct vnet_port port;
	struct vnet_member member;
	struct vnet_fdb fdb;
	struct vnet_rule rule;
	struct vnet_set set;
	struct vnet_element element;
	struct vnet_class class_;
	struct vnet_share share;
	struct vnet_limit_hit limit;
	struct vnet_log log;
};

/* ---- the objects described, for programs that treat them alike ---- */

/** enum vnet_type - how a value is stored and sent */
enum vnet_type {
	VNET_TYPE_NONE,		/* a number without an attribute */
	VNET_TYPE_FLAG,		/* its VNET_HAS() bit only */
	VNET_TYPE_U8,
	VNET_TYPE_U16,
	VNET_TYPE_U32,
	VNET_TYPE_U64,
	VNET_TYPE_STRING,
	VNET_TYPE_MAC,
	VNET_TYPE_IP,
	VNET_TYPE_MACS,
	VNET_TYPE_PREFIXES,
	VNET_TYPE_COUNTER,
	VNET_TYPE_DROPS,
	VNET_TYPE_STATS,
	VNET_TYPE_CLASS_STATS,
	VNET_TYPE_BYTES,
};

/**
 * struct vnet_field - one attribute of an object
 * @name: its name as in <linux/vnet.h>
 * @attr: its number
 * @offset: where the object's struct keeps it
 * @size: how much room it has there
 * @type: enum vnet_type
 * @told: only the kernel sets it; never sent
 */
struct vnet_field {
	const char *name;
	uint16_t attr;
	uint16_t offset;
	uint16_t size;
	uint8_t type;
	bool told;
};

/**
 * struct vnet_schema - one kind of object
 * @name: what people call it
 * @size: of its struct
 * @count: number of @fields
 * @fields: its own attributes, by number, from VNET_A_COMMON_MAX + 1 on
 * @add: command, 0 if there is none; likewise @set, @del, @get
 * @ntf: notification
 */
struct vnet_schema {
	const char *name;
	uint16_t size;
	uint16_t count;
	const struct vnet_field *fields;
	uint8_t add;
	uint8_t set;
	uint8_t del;
	uint8_t get;
	uint8_t ntf;
};

extern const struct vnet_schema vnet_info_schema;
extern const struct vnet_schema vnet_network_schema;
extern const struct vnet_schema vnet_port_schema;
extern const struct vnet_schema vnet_member_schema;
extern const struct vnet_schema vnet_fdb_schema;
extern const struct vnet_schema vnet_rule_schema;
extern const struct vnet_schema vnet_set_schema;
extern const struct vnet_schema vnet_element_schema;
extern const struct vnet_schema vnet_class_schema;
extern const struct vnet_schema vnet_share_schema;
extern const struct vnet_schema vnet_limit_schema;
extern const struct vnet_schema vnet_log_schema;

const struct vnet_field *vnet_schema_field(const struct vnet_schema *schema,
					   unsigned int attr);

/**
 * struct vnet_list - the objects of a dump
 * @schema: their kind
 * @count: how many
 * @items: array of that kind's structs
 */
struct vnet_list {
	const struct vnet_schema *schema;
	size_t count;
	void *items;
};

void *vnet_list_at(const struct vnet_list *list, size_t index);
void vnet_list_clear(struct vnet_list *list);

/* ---- a connection ---- */

int vnet_open(struct vnet **ctx, const char *netns);
void vnet_close(struct vnet *ctx);
const char *vnet_errstr(const struct vnet *ctx);
const struct vnet_error *vnet_error(const struct vnet *ctx);

/* ---- requests, whatever the object ---- */

int vnet_do(struct vnet *ctx, const struct vnet_schema *schema,
	    unsigned int cmd, void *object);
int vnet_dump(struct vnet *ctx, const struct vnet_schema *schema,
	      const void *filter, struct vnet_list *list);
void vnet_object_clear(const struct vnet_schema *schema, void *object);

/* ---- requests, one object each ---- */

int vnet_info_get(struct vnet *ctx, struct vnet_info *info);
int vnet_flush(struct vnet *ctx, bool keep_up);

int vnet_network_add(struct vnet *ctx, struct vnet_network *network);
int vnet_network_set(struct vnet *ctx, struct vnet_network *network);
int vnet_network_del(struct vnet *ctx, const char *name);
int vnet_network_get(struct vnet *ctx, struct vnet_network *network);
int vnet_network_list(struct vnet *ctx, const struct vnet_network *filter,
		      struct vnet_list *list);

int vnet_port_add(struct vnet *ctx, struct vnet_port *port);
int vnet_port_set(struct vnet *ctx, struct vnet_port *port);
int vnet_port_del(struct vnet *ctx, struct vnet_port *port);
int vnet_port_get(struct vnet *ctx, struct vnet_port *port);
int vnet_port_list(struct vnet *ctx, const struct vnet_port *filter,
		   struct vnet_list *list);

int vnet_member_add(struct vnet *ctx, struct vnet_member *member);
int vnet_member_set(struct vnet *ctx, struct vnet_member *member);
int vnet_member_del(struct vnet *ctx, struct vnet_member *member);
int vnet_member_get(struct vnet *ctx, struct vnet_member *member);
int vnet_member_list(struct vnet *ctx, const struct vnet_member *filter,
		     struct vnet_list *list);
void vnet_member_clear(struct vnet_member *member);

int vnet_fdb_add(struct vnet *ctx, struct vnet_fdb *fdb);
int vnet_fdb_del(struct vnet *ctx, struct vnet_fdb *fdb);
int vnet_fdb_get(struct vnet *ctx, struct vnet_fdb *fdb);
int vnet_fdb_list(struct vnet *ctx, const struct vnet_fdb *filter,
		  struct vnet_list *list);
int vnet_fdb_flush(struct vnet *ctx, struct vnet_fdb *filter);

int vnet_rule_add(struct vnet *ctx, struct vnet_rule *rule);
int vnet_rule_set(struct vnet *ctx, struct vnet_rule *rule);
int vnet_rule_promote(struct vnet *ctx, struct vnet_rule *rule);
int vnet_rule_recheck(struct vnet *ctx, struct vnet_rule *network);
int vnet_rule_del(struct vnet *ctx, struct vnet_rule *rule);
int vnet_rule_get(struct vnet *ctx, struct vnet_rule *rule);
int vnet_rule_list(struct vnet *ctx, const struct vnet_rule *filter,
		   struct vnet_list *list);
int vnet_rule_load(struct vnet *ctx, const char *network,
		   const struct vnet_rule *rules, size_t count,
		   uint32_t *loaded);
int vnet_rule_test(struct vnet *ctx, struct vnet_rule *frame,
		   struct vnet_list *passed);

int vnet_set_add(struct vnet *ctx, struct vnet_set *set);
int vnet_set_del(struct vnet *ctx, struct vnet_set *set);
int vnet_set_get(struct vnet *ctx, struct vnet_set *set);
int vnet_set_list(struct vnet *ctx, const struct vnet_set *filter,
		  struct vnet_list *list);
int vnet_set_elements_add(struct vnet *ctx, struct vnet_set *set,
			  const struct vnet_element *elements, size_t count);
int vnet_set_elements_del(struct vnet *ctx, struct vnet_set *set,
			  const struct vnet_element *elements, size_t count);
int vnet_set_replace(struct vnet *ctx, struct vnet_set *set,
		     const struct vnet_element *elements, size_t count);
int vnet_element_get(struct vnet *ctx, struct vnet_element *element);
int vnet_element_list(struct vnet *ctx, const struct vnet_element *filter,
		      struct vnet_list *list);

int vnet_class_add(struct vnet *ctx, struct vnet_class *class_);
int vnet_class_set(struct vnet *ctx, struct vnet_class *class_);
int vnet_class_del(struct vnet *ctx, struct vnet_class *class_);
int vnet_class_get(struct vnet *ctx, struct vnet_class *class_);
int vnet_class_list(struct vnet *ctx, const struct vnet_class *filter,
		    struct vnet_list *list);

int vnet_share_get(struct vnet *ctx, struct vnet_share *share);
int vnet_share_list(struct vnet *ctx, const struct vnet_share *filter,
		    struct vnet_list *list);

/* ---- events ---- */

/**
 * struct vnet_notice - one notification
 * @schema: kind of the object
 * @object: it; id.event says what happened (not set for a limit or a frame)
 */
struct vnet_notice {
	const struct vnet_schema *schema;
	union vnet_object object;
};

int vnet_subscribe(struct vnet *ctx, const char *group);
int vnet_event_fd(const struct vnet *ctx);
int vnet_event_read(struct vnet *ctx, struct vnet_notice *notice);

/* ---- names of numbers ---- */

/** enum vnet_names - sets of named numbers */
enum vnet_names {
	VNET_NAMES_ROLE,
	VNET_NAMES_DIRECTION,
	VNET_NAMES_ACTION,
	VNET_NAMES_FDB_KIND,
	VNET_NAMES_EVENT,
	VNET_NAMES_LIMIT,
	VNET_NAMES_DROP,
	VNET_NAMES_SET_TYPE,
	VNET_NAMES_IN_FORCE,
};

const char *vnet_name(enum vnet_names set, unsigned int value);
unsigned int vnet_value(enum vnet_names set, const char *name);
unsigned int vnet_names_max(enum vnet_names set);
const char *vnet_drop_cause(unsigned int reason);
const char *vnet_drop_remedy(unsigned int reason);

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif

#endif /* _LIBVNET_VNET_H */
