// SPDX-License-Identifier: GPL-2.0-only
/*
 * msg: objects to attributes and back, driven by their schemas, and the two
 * kinds of request that all objects share. It knows no object by name.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

/* How often a dump is repeated that the configuration changed under. */
#define DUMP_TRIES	10

/* Room for what the message itself needs. */
#define MSG_OVERHEAD	256

#define COMMON(_attr, _member, _type, _told)				\
	[(_attr)] = {							\
		.name = #_attr,						\
		.attr = (_attr),					\
		.offset = offsetof(struct vnet_id, _member),		\
		.size = sizeof(((struct vnet_id *)NULL)->_member),	\
		.type = (_type),					\
		.told = (_told),					\
	}
#define COMMON_FLAG(_attr, _told)					\
	[(_attr)] = {							\
		.name = #_attr,						\
		.attr = (_attr),					\
		.type = VNET_TYPE_FLAG,					\
		.told = (_told),					\
	}

static const struct vnet_field common_fields[] = {
	COMMON(VNET_A_NETWORK, network, VNET_TYPE_STRING, false),
	COMMON(VNET_A_IFINDEX, ifindex, VNET_TYPE_U32, false),
	COMMON(VNET_A_IFNAME, ifname, VNET_TYPE_STRING, false),
	COMMON(VNET_A_TAG_PROTO, tag_proto, VNET_TYPE_U16, false),
	COMMON(VNET_A_VID, vid, VNET_TYPE_U16, false),
	COMMON(VNET_A_CVID, cvid, VNET_TYPE_U16, false),
	COMMON(VNET_A_EVENT, event, VNET_TYPE_U8, true),
	COMMON(VNET_A_GENERATION, generation, VNET_TYPE_U32, true),
	COMMON_FLAG(VNET_A_UNCHANGED, true),
	COMMON_FLAG(VNET_A_WITH_STATS, false),
	COMMON_FLAG(VNET_A_KEEP_UP, false),
};

/* Every attribute has a bit in vnet_id.has; PASSED, which repeats, needs none. */
_Static_assert(VNET_A_NET_MAX < 64 && VNET_A_PORT_MAX < 64 &&
	       VNET_A_MEMBER_MAX < 64 && VNET_A_FDB_MAX < 64 &&
	       VNET_A_RULE_PASSED - 1 < 64 && VNET_A_SET_MAX < 64 && VNET_A_CLASS_MAX < 64 &&
	       VNET_A_INFO_MAX < 64 && VNET_A_LIMIT_MAX < 64 && VNET_A_LOG_MAX < 64,
	       "too many attributes for VNET_HAS()");

/**
 * vnet_schema_field() - describe an attribute of an object
 * @schema: the kind of object
 * @attr: number of the attribute, common ones included
 *
 * Return: the description, NULL if objects of this kind have no such attribute.
 */
const struct vnet_field *vnet_schema_field(const struct vnet_schema *schema,
					   unsigned int attr)
{
	const struct vnet_field *field;

	if (attr < VNET_COUNT(common_fields))
		field = &common_fields[attr];
	else if (schema && attr > VNET_A_COMMON_MAX &&
		 attr - VNET_A_COMMON_MAX - 1 < schema->count)
		field = &schema->fields[attr - VNET_A_COMMON_MAX - 1];
	else
		return NULL;
	return field->name ? field : NULL;
}

/* Calls fn for each value that is set and may be sent; 0 or fn's error. */
static int walk_set(const struct vnet_schema *schema, const void *object,
		    int (*fn)(const struct vnet_field *field, const void *value,
			      void *arg),
		    void *arg)
{
	const struct vnet_id *id = object;
	unsigned int attr, end = VNET_A_COMMON_MAX + 1 + schema->count;
	int err;

	for (attr = 1; attr < end; attr++) {
		const struct vnet_field *f = vnet_schema_field(schema, attr);

		if (!f || f->told || !(id->has & VNET_HAS(attr)))
			continue;
		err = fn(f, (const char *)object + f->offset, arg);
		if (err)
			return err;
	}
	return 0;
}

static int add_room(const struct vnet_field *field, const void *value,
		    void *arg)
{
	size_t *room = arg;

	*room += nla_total_size(field->size);
	if (field->type == VNET_TYPE_MACS)
		*room += ((const struct vnet_macs *)value)->count * 12;
	else if (field->type == VNET_TYPE_PREFIXES)
		*room += ((const struct vnet_prefixes *)value)->count * 40;
	return 0;
}

/* Bytes that an object may need in a message. */
size_t vnet_msg_room(const struct vnet_schema *schema, const void *object)
{
	size_t room = 0;

	walk_set(schema, object, add_room, &room);
	return room;
}

/* A request with room for so many bytes of attributes; NULL without memory. */
struct nl_msg *vnet_msg_new(struct vnet *ctx, unsigned int cmd, int flags,
			    size_t room)
{
	struct nl_msg *msg = nlmsg_alloc_size(room + MSG_OVERHEAD);

	if (!msg)
		return NULL;
	if (!genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, ctx->family, 0, flags,
			 cmd, VNET_GENL_VERSION)) {
		nlmsg_free(msg);
		return NULL;
	}
	return msg;
}

static int put_value(const struct vnet_field *field, const void *value,
		     void *arg)
{
	const struct vnet_ip *ip = value;
	struct nl_msg *msg = arg;
	int err;

	switch (field->type) {
	case VNET_TYPE_FLAG:
		err = nla_put_flag(msg, field->attr);
		break;
	case VNET_TYPE_STRING:
		err = nla_put_string(msg, field->attr, value);
		break;
	case VNET_TYPE_IP:
		err = nla_put(msg, field->attr, ip->size, ip->byte);
		break;
	case VNET_TYPE_MACS:
		return vnet_macs_put(msg, field->attr, value);
	case VNET_TYPE_PREFIXES:
		return vnet_prefixes_put(msg, field->attr, value);
	case VNET_TYPE_U8:
	case VNET_TYPE_U16:
	case VNET_TYPE_U32:
	case VNET_TYPE_U64:
	case VNET_TYPE_MAC:
		err = nla_put(msg, field->attr, field->size, value);
		break;
	default:
		return 0;
	}
	return err ? vnet_errno_of_nl(err) : 0;
}

/* Appends what is set in the object. Returns 0 or a negative errno. */
int vnet_msg_put(struct nl_msg *msg, const struct vnet_schema *schema,
		 const void *object)
{
	return walk_set(schema, object, put_value, msg);
}

static int get_string(struct nlattr *attr, char *value, size_t size)
{
	size_t len = strnlen(nla_data(attr), nla_len(attr));

	if (len >= size)
		return -EBADMSG;
	memcpy(value, nla_data(attr), len);
	value[len] = '\0';
	return 0;
}

static int get_ip(struct nlattr *attr, struct vnet_ip *ip)
{
	if (nla_len(attr) != 4 && nla_len(attr) != 16)
		return -EBADMSG;
	ip->size = nla_len(attr);
	memcpy(ip->byte, nla_data(attr), ip->size);
	return 0;
}

/* As much of it as there is room for. */
static int get_bytes(struct nlattr *attr, struct vnet_bytes *bytes)
{
	size_t len = nla_len(attr);

	bytes->size = len < sizeof(bytes->byte) ? len : sizeof(bytes->byte);
	memcpy(bytes->byte, nla_data(attr), bytes->size);
	return 0;
}

static int get_value(struct nlattr *attr, const struct vnet_field *field,
		     void *value)
{
	switch (field->type) {
	case VNET_TYPE_STRING:
		return get_string(attr, value, field->size);
	case VNET_TYPE_IP:
		return get_ip(attr, value);
	case VNET_TYPE_MACS:
		return vnet_macs_get(attr, value);
	case VNET_TYPE_PREFIXES:
		return vnet_prefixes_get(attr, value);
	case VNET_TYPE_COUNTER:
		return vnet_counter_get(attr, value);
	case VNET_TYPE_DROPS:
		return vnet_drops_get(attr, value);
	case VNET_TYPE_STATS:
		return vnet_stats_get(attr, value);
	case VNET_TYPE_CLASS_STATS:
		return vnet_class_stats_get(attr, value);
	case VNET_TYPE_BYTES:
		return get_bytes(attr, value);
	case VNET_TYPE_U8:
	case VNET_TYPE_U16:
	case VNET_TYPE_U32:
	case VNET_TYPE_U64:
	case VNET_TYPE_MAC:
		if (nla_len(attr) != field->size)
			return -EBADMSG;
		memcpy(value, nla_data(attr), field->size);
		return 0;
	default:
		return 0;
	}
}

/*
 * Reads an answer into an empty object. What this library does not know is
 * skipped. Returns 0 or a negative errno; the object is to be cleared then too.
 */
int vnet_msg_get(const struct nlmsghdr *nlh, const struct vnet_schema *schema,
		 void *object)
{
	struct vnet_id *id = object;
	struct nlattr *attr;
	int rest, err;

	if (nlmsg_datalen(nlh) < (int)GENL_HDRLEN)
		return -EBADMSG;
	nlmsg_for_each_attr(attr, (struct nlmsghdr *)nlh, GENL_HDRLEN, rest) {
		const struct vnet_field *f =
			vnet_schema_field(schema, nla_type(attr));

		if (!f || id->has & VNET_HAS(f->attr))
			continue;
		err = get_value(attr, f, (char *)object + f->offset);
		if (err)
			return err;
		id->has |= VNET_HAS(f->attr);
	}
	return 0;
}

/**
 * vnet_object_clear() - empty an object and release its lists
 * @schema: the kind of object
 * @object: the object
 */
void vnet_object_clear(const struct vnet_schema *schema, void *object)
{
	if (schema == &vnet_member_schema) {
		struct vnet_member *member = object;

		free(member->guard_macs.items);
		free(member->guard_ips.items);
	}
	memset(object, 0, schema->size);
}

/* ---- one object ---- */

struct take_one {
	const struct vnet_schema *schema;
	void *object;
	bool taken;
};

static int reply_one(struct nlmsghdr *nlh, void *arg)
{
	struct take_one *take = arg;

	if (take->taken)
		return 0;
	take->taken = true;
	vnet_object_clear(take->schema, take->object);
	return vnet_msg_get(nlh, take->schema, take->object);
}

/**
 * vnet_do() - one request about one object
 * @ctx: the connection
 * @schema: the kind of object
 * @cmd: enum vnet_cmd
 * @object: what is set in it is sent; replaced by the object as the kernel
 *	answers it, untouched when the kernel refuses or has nothing to answer
 *
 * Return: 0 or a negative errno.
 */
int vnet_do(struct vnet *ctx, const struct vnet_schema *schema,
	    unsigned int cmd, void *object)
{
	struct take_one take = { .schema = schema, .object = object };
	struct nl_msg *msg;
	int err;

	msg = vnet_msg_new(ctx, cmd, 0, vnet_msg_room(schema, object));
	if (!msg)
		return vnet_fail(ctx, -ENOMEM, NULL);
	err = vnet_msg_put(msg, schema, object);
	if (err) {
		nlmsg_free(msg);
		return vnet_fail_system(ctx, err, "cannot build the request");
	}
	return vnet_transact(ctx, msg, schema, reply_one, &take);
}

/* ---- many ---- */

struct take_many {
	struct vnet_list *list;
	size_t room;
};

static int reply_many(struct nlmsghdr *nlh, void *arg)
{
	struct take_many *take = arg;
	struct vnet_list *list = take->list;
	void *object;

	if (list->count == take->room) {
		size_t room = take->room ? take->room * 2 : 16;
		void *items = reallocarray(list->items, room,
					   list->schema->size);

		if (!items)
			return -ENOMEM;
		list->items = items;
		take->room = room;
	}
	object = (char *)list->items + list->count * list->schema->size;
	memset(object, 0, list->schema->size);
	list->count++;
	return vnet_msg_get(nlh, list->schema, object);
}

static int dump_once(struct vnet *ctx, const void *filter,
		     struct vnet_list *list)
{
	struct take_many take = { .list = list };
	struct nl_msg *msg;
	int err;

	msg = vnet_msg_new(ctx, list->schema->get, NLM_F_DUMP,
			   vnet_msg_room(list->schema, filter));
	if (!msg)
		return vnet_fail(ctx, -ENOMEM, NULL);
	err = vnet_msg_put(msg, list->schema, filter);
	if (err) {
		nlmsg_free(msg);
		return vnet_fail_system(ctx, err, "cannot build the request");
	}
	return vnet_transact(ctx, msg, list->schema, reply_many, &take);
}

/**
 * vnet_dump() - all objects that match a filter
 * @ctx: the connection
 * @schema: the kind of object
 * @filter: an object of that kind; what is set in it is the filter
 * @list: receives the objects; release with vnet_list_clear()
 *
 * A dump that the configuration changed under is repeated a few times.
 *
 * Return: 0; -EAGAIN if it never came out consistent; other negative errno. On
 * error the list is empty.
 */
int vnet_dump(struct vnet *ctx, const struct vnet_schema *schema,
	      const void *filter, struct vnet_list *list)
{
	int tries, err = -EINTR;

	memset(list, 0, sizeof(*list));
	list->schema = schema;
	for (tries = 0; tries < DUMP_TRIES && err == -EINTR; tries++) {
		vnet_list_clear(list);
		err = dump_once(ctx, filter, list);
	}
	if (err)
		vnet_list_clear(list);
	if (err == -EINTR)
		return vnet_fail(ctx, -EAGAIN,
				 "the configuration changes faster than it can be read");
	return err;
}

/**
 * vnet_list_at() - one object of a list
 * @list: the list
 * @index: 0 .. count - 1
 *
 * Return: the object, owned by the list.
 */
void *vnet_list_at(const struct vnet_list *list, size_t index)
{
	return (char *)list->items + index * list->schema->size;
}

/**
 * vnet_list_clear() - release a list
 * @list: the list; empty afterwards, of the same kind
 */
void vnet_list_clear(struct vnet_list *list)
{
	size_t i;

	for (i = 0; i < list->count; i++)
		vnet_object_clear(list->schema, vnet_list_at(list, i));
	free(list->items);
	list->items = NULL;
	list->count = 0;
}
