// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands about the elements of sets. It must not know how sets are asked.
 */
#include <linux/mm.h>
#include <linux/slab.h>
#include "member.h"
#include "netns.h"
#include "network.h"
#include "nl_ops.h"
#include "nl_policy.h"
#include "nl_request.h"
#include "nl_set.h"
#include "set_list.h"

/* Of an element, and of a GET. */
const struct nla_policy vnet_nl_element_policy[VNET_A_SET_PORT_MAX + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_IFINDEX] = VNET_NL_IFINDEX,
	[VNET_A_IFNAME] = VNET_NL_IFNAME,
	[VNET_A_TAG_PROTO] = VNET_NL_PROTO,
	[VNET_A_VID] = VNET_NL_VID,
	[VNET_A_CVID] = VNET_NL_VID,
	[VNET_A_SET_NAME] = VNET_NL_NAME,
	[VNET_A_SET_IP] = VNET_NL_IP,
	[VNET_A_SET_PREFIX_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[VNET_A_SET_MAC] = VNET_NL_MAC,
	[VNET_A_SET_PORT_MIN] = { .type = NLA_U16 },
	[VNET_A_SET_PORT_MAX] = { .type = NLA_U16 },
};

const struct nla_policy vnet_nl_elements_policy[VNET_A_SET_ELEMENT + 1] = {
	[VNET_A_NETWORK] = VNET_NL_NAME,
	[VNET_A_SET_NAME] = VNET_NL_NAME,
	[VNET_A_SET_ELEMENT] = NLA_POLICY_NESTED(vnet_nl_element_policy),
};

/*
 * An element as attributes
 */

#define HAS_IP		0x01
#define HAS_MAC		0x02
#define HAS_PORT	0x04
#define HAS_RANGE	0x08
#define HAS_MEMBER	0x10

static const u8 parts_of[] = {
	[VNET_SET_ADDRESSES] = HAS_IP,
	[VNET_SET_PORTS] = HAS_PORT | HAS_RANGE,
	[VNET_SET_MACS] = HAS_MAC,
	[VNET_SET_PAIRS] = HAS_IP | HAS_PORT,
	[VNET_SET_MEMBERS] = HAS_MEMBER,
};

static const struct {
	u8 attr;
	u8 part;
} parts[] = {
	{ VNET_A_SET_IP, HAS_IP },
	{ VNET_A_SET_PREFIX_LEN, HAS_IP },
	{ VNET_A_SET_MAC, HAS_MAC },
	{ VNET_A_SET_PORT_MIN, HAS_PORT },
	{ VNET_A_SET_PORT_MAX, HAS_RANGE },
	{ VNET_A_IFINDEX, HAS_MEMBER },
	{ VNET_A_IFNAME, HAS_MEMBER },
	{ VNET_A_TAG_PROTO, HAS_MEMBER },
	{ VNET_A_VID, HAS_MEMBER },
	{ VNET_A_CVID, HAS_MEMBER },
};

static int refuse_foreign(const struct nlattr *attr, enum vnet_set_type type,
			  struct netlink_ext_ack *extack)
{
	switch (type) {
	case VNET_SET_ADDRESSES:
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "the set consists of addresses: IP addresses and prefixes");
	case VNET_SET_PORTS:
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "the set consists of ports: numbers and ranges");
	case VNET_SET_MACS:
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "the set consists of MACs");
	case VNET_SET_MEMBERS:
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "the set consists of members: an interface with its tag");
	default:
		return vnet_nl_refuse(extack, attr, -EINVAL,
				      "the set consists of pairs: an address or a prefix with one port");
	}
}

static int check_parts(struct nlattr **attrs, enum vnet_set_type type,
		       struct netlink_ext_ack *extack)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (attrs[parts[i].attr] && !(parts[i].part & parts_of[type]))
			return refuse_foreign(attrs[parts[i].attr], type, extack);
	return 0;
}

static int get_address(struct nlattr **attrs, const struct nlattr *nest,
		       struct vnet_set_element *element, struct netlink_ext_ack *extack)
{
	struct vnet_prefix prefix;
	int err;

	err = vnet_nl_require(extack, nest, attrs, VNET_A_SET_IP) ?:
	      vnet_nl_get_prefix(attrs[VNET_A_SET_IP], attrs[VNET_A_SET_PREFIX_LEN],
				 &prefix, extack);
	if (err)
		return err;
	element->addr = prefix.addr;
	element->version = prefix.version;
	element->prefix_len = prefix.len;
	return 0;
}

static int get_ports(struct nlattr **attrs, const struct nlattr *nest,
		     struct vnet_set_element *element, struct netlink_ext_ack *extack)
{
	const struct nlattr *last = attrs[VNET_A_SET_PORT_MAX];
	int err;

	err = vnet_nl_require(extack, nest, attrs, VNET_A_SET_PORT_MIN);
	if (err)
		return err;
	element->port_min = nla_get_u16(attrs[VNET_A_SET_PORT_MIN]);
	element->port_max = last ? nla_get_u16(last) : element->port_min;
	if (element->port_min > element->port_max)
		return vnet_nl_refuse(extack, last, -EINVAL,
				      "the range of ports ends before it begins");
	return 0;
}

static int get_member(struct vnet_network *network, struct nlattr **attrs,
		      const struct nlattr *nest, struct vnet_set_element *element,
		      struct netlink_ext_ack *extack)
{
	struct vnet_member *member;
	int err;

	err = vnet_nl_names_interface(attrs) ? 0 :
	      vnet_nl_require(extack, nest, attrs, VNET_A_IFNAME);
	if (!err)
		err = vnet_nl_find_member_of(network, attrs, extack, &member);
	if (!err)
		element->member = member->id;
	return err;
}

/* @nest: where the attributes are, NULL = in the request itself. */
static int get_element(struct vnet_network *network, struct nlattr **attrs,
		       const struct nlattr *nest, enum vnet_set_type type,
		       struct vnet_set_element *element, struct netlink_ext_ack *extack)
{
	int err = check_parts(attrs, type, extack);

	memset(element, 0, sizeof(*element));
	if (!err && parts_of[type] & HAS_MAC) {
		err = vnet_nl_require(extack, nest, attrs, VNET_A_SET_MAC);
		if (!err)
			nla_memcpy(element->mac, attrs[VNET_A_SET_MAC], ETH_ALEN);
	}
	if (!err && parts_of[type] & HAS_IP)
		err = get_address(attrs, nest, element, extack);
	if (!err && parts_of[type] & HAS_PORT)
		err = get_ports(attrs, nest, element, extack);
	if (!err && parts_of[type] & HAS_MEMBER)
		err = get_member(network, attrs, nest, element, extack);
	return err;
}

static int put_address(struct sk_buff *skb, const struct vnet_set_element *element)
{
	return nla_put(skb, VNET_A_SET_IP, element->version == 4 ? 4 : 16,
		       element->addr.bytes) ?:
	       nla_put_u8(skb, VNET_A_SET_PREFIX_LEN, element->prefix_len);
}

static struct vnet_member *member_of(const struct vnet_network *network,
				     const struct vnet_set_element *element)
{
	struct vnet_member *member = vnet_member_next(network->vn, element->member - 1);

	return member && member->id == element->member ? member : NULL;
}

static int fill_element(struct sk_buff *skb, const struct vnet_nl_subject *subject,
			unsigned int how)
{
	u8 has = parts_of[vnet_set_type(subject->set->set)];
	const struct vnet_set_element *element = subject->element;

	if (nla_put_string(skb, VNET_A_NETWORK, subject->network->spec.name) ||
	    nla_put_string(skb, VNET_A_SET_NAME, subject->set->name) ||
	    (has & HAS_IP && put_address(skb, element)) ||
	    (has & HAS_MAC && nla_put(skb, VNET_A_SET_MAC, ETH_ALEN, element->mac)) ||
	    (has & HAS_PORT && nla_put_u16(skb, VNET_A_SET_PORT_MIN, element->port_min)) ||
	    (has & HAS_RANGE && nla_put_u16(skb, VNET_A_SET_PORT_MAX, element->port_max)) ||
	    (has & HAS_MEMBER &&
	     vnet_nl_put_member(skb, member_of(subject->network, element))))
		return -EMSGSIZE;
	return 0;
}

/*
 * Requests
 */

static int refuse(struct genl_info *info, const struct nlattr *attr, int err)
{
	switch (err) {
	case -ENOENT:
		return vnet_nl_refuse(info->extack, attr, err,
				      "the set has no such element; name it just as it was added");
	case -ENOSPC:
		return vnet_nl_refuse(info->extack, attr, err,
				      "the sets of the network would have more elements than max-set-elements allows");
	case -E2BIG:
		return vnet_nl_refuse(info->extack, attr, err,
				      "a set has at most 1000000 elements");
	default:
		return vnet_nl_refuse(info->extack, NULL, err, "out of memory");
	}
}

static int parse_one(struct genl_info *info, const struct nlattr *nest,
		     enum vnet_set_type type, struct vnet_set_element *element)
{
	struct nlattr *attrs[VNET_A_SET_PORT_MAX + 1];
	int err;

	err = nla_parse_nested(attrs, VNET_A_SET_PORT_MAX, nest, vnet_nl_element_policy,
			       info->extack);
	if (err)
		return err;
	if (attrs[VNET_A_NETWORK] || attrs[VNET_A_SET_NAME])
		return vnet_nl_refuse(info->extack,
				      attrs[VNET_A_NETWORK] ?: attrs[VNET_A_SET_NAME],
				      -EINVAL,
				      "the set is named once, outside the elements");
	return get_element(vnet_nl_request(info)->network, attrs, nest, type, element,
			   info->extack);
}

static int parse_all(struct genl_info *info, enum vnet_set_type type,
		     struct vnet_set_element *elements)
{
	const struct nlattr *nest = NULL;
	int err = 0;

	while (!err && (nest = vnet_nl_next_of(info, VNET_A_SET_ELEMENT, nest))) {
		err = parse_one(info, nest, type, elements++);
		cond_resched();
	}
	return err;
}

/**
 * struct change - elements that a request names
 * @set: the set
 * @elements: the elements
 * @count: their number
 * @bad: index of the one that is refused
 * @unchanged: set when nothing is different
 */
struct change {
	struct vnet_named_set *set;
	struct vnet_set_element *elements;
	u32 count;
	u32 bad;
	bool unchanged;
};

static int add(struct change *change)
{
	return vnet_set_change_add(change->set, change->elements, change->count,
				   &change->unchanged);
}

static int del(struct change *change)
{
	return vnet_set_change_del(change->set, change->elements, change->count,
				   &change->bad);
}

static int replace(struct change *change)
{
	return vnet_set_change_replace(change->set, change->elements, change->count,
				       &change->unchanged);
}

static int carry_out(struct genl_info *info, struct change *change,
		     int (*apply)(struct change *change))
{
	struct vnet_network *network = vnet_nl_request(info)->network;
	int err;

	err = parse_all(info, vnet_set_type(change->set->set), change->elements);
	if (err)
		return err;
	err = apply(change);
	/* Elements that were taken back may have decided about frames meanwhile. */
	if ((err || !change->unchanged) && change->set->users)
		vnet_rule_judge_again(&network->rules);
	if (err == -ENOENT)
		return refuse(info, vnet_nl_nth_of(info, VNET_A_SET_ELEMENT, change->bad),
			      err);
	if (err)
		return refuse(info, info->attrs[VNET_A_SET_NAME], err);
	return vnet_nl_set_done(info, change->set, VNET_EVENT_CHANGED,
				change->unchanged);
}

static int change_elements(struct genl_info *info, int (*apply)(struct change *change))
{
	struct change change = {
		.count = vnet_nl_count_of(info, VNET_A_SET_ELEMENT),
	};
	int err;

	err = vnet_nl_find_set(info, &change.set);
	if (err)
		return err;
	if (change.count > VNET_SET_ELEMENTS_MAX)
		return refuse(info, vnet_nl_nth_of(info, VNET_A_SET_ELEMENT,
						   VNET_SET_ELEMENTS_MAX), -E2BIG);
	change.elements = kvmalloc_array(change.count + 1, sizeof(*change.elements),
					 GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!change.elements)
		return refuse(info, NULL, -ENOMEM);
	err = carry_out(info, &change, apply);
	kvfree(change.elements);
	return err;
}

/* VNET_CMD_SET_ELEMENT_ADD */
int vnet_nl_element_add(struct sk_buff *skb, struct genl_info *info)
{
	return vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_SET_ELEMENT) ?:
	       change_elements(info, add);
}

/* VNET_CMD_SET_ELEMENT_DEL */
int vnet_nl_element_del(struct sk_buff *skb, struct genl_info *info)
{
	return vnet_nl_require(info->extack, NULL, info->attrs, VNET_A_SET_ELEMENT) ?:
	       change_elements(info, del);
}

/* VNET_CMD_SET_REPLACE */
int vnet_nl_element_replace(struct sk_buff *skb, struct genl_info *info)
{
	return change_elements(info, replace);
}

/* What to point at when an element of the request itself is not there. */
static const struct nlattr *first_part(struct nlattr **attrs)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(parts); i++)
		if (attrs[parts[i].attr])
			return attrs[parts[i].attr];
	return NULL;
}

/* VNET_CMD_SET_ELEMENT_GET, one */
int vnet_nl_element_get(struct sk_buff *skb, struct genl_info *info)
{
	struct vnet_set_element element;
	struct vnet_nl_subject subject = {
		.network = vnet_nl_request(info)->network,
	};
	int err;

	err = vnet_nl_find_set(info, &subject.set) ?:
	      get_element(subject.network, info->attrs, NULL,
			  vnet_set_type(subject.set->set), &element, info->extack);
	if (err)
		return err;
	if (!vnet_set_contains(subject.set->set, &element))
		return refuse(info, first_part(info->attrs), -ENOENT);
	subject.element = &element;
	return vnet_nl_reply(info, fill_element, &subject, 0);
}

/*
 * Dumps
 */

/**
 * struct snapshot - the set that a dump tells, as it was when the dump came to it
 * @network: its network, referenced; NULL = none now
 * @set: the set, referenced
 * @elements: a copy of its elements
 * @count: their number
 * @next: the next one
 */
struct snapshot {
	struct vnet_network *network;
	struct vnet_named_set *set;
	struct vnet_set_element *elements;
	u32 count;
	u32 next;
};

/**
 * struct state - in cb->ctx
 * @cursor: the network, and the set as cursor.after
 * @snapshot: allocated by the first part
 * @only: id of the only set that counts, 0 = all
 */
struct state {
	struct vnet_nl_cursor cursor;
	struct snapshot *snapshot;
	u32 only;
};

static struct state *state_of(struct netlink_callback *cb)
{
	BUILD_BUG_ON(sizeof(struct state) > sizeof(cb->ctx));
	return (struct state *)cb->ctx;
}

static int find_only(const struct vnet_nl_dump *dump, struct state *state,
		     struct netlink_ext_ack *extack)
{
	const struct nlattr *name = dump->attrs[VNET_A_SET_NAME];
	struct vnet_network *network;
	struct vnet_named_set *set;
	int err;

	if (!name)
		return 0;
	/* Refuses without a network. */
	err = vnet_nl_find_network(dump->vn, dump->attrs, extack, &network);
	if (err)
		return err;
	set = vnet_set_list_find(&network->sets, nla_data(name));
	if (!set)
		return vnet_nl_refuse(extack, name, -ENOENT,
				      "the network has no set of this name");
	state->only = set->id;
	state->cursor.after = set->id - 1;
	return 0;
}

static int check_filters(const struct vnet_nl_dump *dump, struct state *state,
			 struct netlink_ext_ack *extack)
{
	return vnet_nl_dump_filters(dump, &state->cursor, extack) ?:
	       find_only(dump, state, extack);
}

/* VNET_CMD_SET_ELEMENT_GET, many; see vnet_nl_dump_start() */
int vnet_nl_element_dump_start(struct netlink_callback *cb)
{
	struct state *state = state_of(cb);
	struct vnet_nl_dump dump;
	int err;

	if (!cb->extack)
		return 0;
	err = vnet_nl_dump_begin(&dump, cb);
	if (!err)
		err = check_filters(&dump, state, cb->extack);
	vnet_nl_dump_end(&dump, &state->cursor);
	return err;
}

static int take_snapshot(struct snapshot *s, struct vnet_network *network,
			 struct vnet_named_set *set)
{
	u32 count = vnet_set_count(set->set);

	s->elements = kvmalloc_array(count + 1, sizeof(*s->elements),
				     GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!s->elements)
		return -ENOMEM;
	s->count = vnet_set_copy(set->set, s->elements, count);
	s->next = 0;
	vnet_network_get(network);
	s->network = network;
	vnet_set_hold(set->set);
	s->set = set;
	return 0;
}

static void drop_snapshot(struct snapshot *s)
{
	kvfree(s->elements);
	vnet_set_release(s->set->set);
	vnet_network_put(s->network);
	s->network = NULL;
}

/* Returns 1, or 0 after the last set, or -ENOMEM. */
static int next_set(const struct vnet_nl_dump *dump, struct state *state)
{
	struct vnet_network *network;
	struct vnet_named_set *set;

	while ((network = vnet_nl_dump_network(dump, &state->cursor))) {
		set = vnet_set_list_next(&network->sets, state->cursor.after);
		if (!set || (state->only && set->id != state->only)) {
			vnet_nl_dump_leave(&state->cursor);
			continue;
		}
		state->cursor.after = set->id;
		return take_snapshot(state->snapshot, network, set) ?: 1;
	}
	return 0;
}

/* One that has gone since the set was copied cannot be told any more. */
static bool is_gone(const struct snapshot *s, const struct vnet_set_element *element)
{
	return vnet_set_type(s->set->set) == VNET_SET_MEMBERS &&
	       !member_of(s->network, element);
}

/* Returns 0 at the end of the set, -EMSGSIZE when the part is full. */
static int put_elements(struct sk_buff *skb, const struct vnet_nl_dump *dump,
			struct state *state)
{
	struct snapshot *s = state->snapshot;
	struct vnet_nl_subject subject = { .network = s->network, .set = s->set };
	struct vnet_nl_message message;
	int err;

	vnet_nl_dump_message(dump, &state->cursor, &message);
	for (; s->next < s->count; s->next++) {
		subject.element = &s->elements[s->next];
		if (is_gone(s, subject.element))
			continue;
		err = vnet_nl_put(skb, &message, fill_element, &subject);
		if (err)
			return err;
	}
	return 0;
}

static int put_sets(struct sk_buff *skb, const struct vnet_nl_dump *dump,
		    struct state *state)
{
	int err;

	for (;;) {
		if (!state->snapshot->network) {
			err = next_set(dump, state);
			if (err <= 0)
				return err;
		}
		err = put_elements(skb, dump, state);
		if (err)
			return err == -EMSGSIZE && skb->len ? 0 : err;
		drop_snapshot(state->snapshot);
	}
}

/* VNET_CMD_SET_ELEMENT_GET, many; see vnet_nl_dumpit() */
int vnet_nl_element_dumpit(struct sk_buff *skb, struct netlink_callback *cb)
{
	struct state *state = state_of(cb);
	struct vnet_nl_dump dump;
	int err;

	if (!state->snapshot)
		state->snapshot = kzalloc(sizeof(*state->snapshot), GFP_KERNEL);
	if (!state->snapshot)
		return vnet_nl_refuse(cb->extack, NULL, -ENOMEM, "out of memory");
	err = vnet_nl_dump_begin(&dump, cb);
	if (!err && !state->cursor.generation)
		err = check_filters(&dump, state, cb->extack);
	if (!err)
		err = put_sets(skb, &dump, state);
	vnet_nl_dump_end(&dump, &state->cursor);
	return err ?: skb->len;
}

/* The end of a dump, or of the socket in the middle of it. */
int vnet_nl_element_dump_done(struct netlink_callback *cb)
{
	struct snapshot *s = state_of(cb)->snapshot;

	if (s && s->network)
		drop_snapshot(s);
	kfree(s);
	return 0;
}

static const u8 single[] = {
	VNET_A_IFINDEX, VNET_A_IFNAME, VNET_A_TAG_PROTO, VNET_A_VID, VNET_A_CVID,
	VNET_A_SET_IP, VNET_A_SET_PREFIX_LEN, VNET_A_SET_MAC, VNET_A_SET_PORT_MIN,
	VNET_A_SET_PORT_MAX, 0
};

/* Only what cannot be in the request; the rest is above. */
const struct vnet_nl_dumper vnet_nl_element_dumper = {
	.fill = fill_element,
	.single = single,
	.volatile_objects = true,
};
