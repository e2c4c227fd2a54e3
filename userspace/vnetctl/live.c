// SPDX-License-Identifier: GPL-2.0-only
/*
 * live: the names that only the kernel knows: networks, ports, classes, rules,
 * sets, interfaces. Failing to ask is no error here, there is just nothing to offer.
 */
#include "live.h"

#include <net/if.h>
#include <stddef.h>
#include <string.h>

#include "format.h"
#include "tables.h"

/* More addresses than this help nobody who types, and take long to come. */
#define MACS_OFFERED	1000

/* How the names of a kind of live names are asked for. */
struct source {
	const struct vnet_schema *schema;
	uint16_t name;
	bool of_network;
};

static const struct source sources[] = {
	[LIVE_NETWORKS] = { &vnet_network_schema, VNET_A_NETWORK, false },
	[LIVE_PORTS] = { &vnet_port_schema, VNET_A_IFNAME, false },
	[LIVE_CLASSES] = { &vnet_class_schema, VNET_A_CLASS_NAME, true },
	[LIVE_RULES] = { &vnet_rule_schema, VNET_A_RULE_NAME, true },
	[LIVE_SETS] = { &vnet_set_schema, VNET_A_SET_NAME, true },
	[LIVE_MACS] = { &vnet_fdb_schema, VNET_A_FDB_MAC, true },
};

static void emit(candidate_fn fn, void *arg, const struct key *key,
		 const char *name)
{
	struct candidate c = {
		.text = name, .help = key->help, .key = key, .literal = true,
	};

	fn(arg, &c);
}

static void interface_names(const struct args *a, const struct key *key,
			    candidate_fn fn, void *arg)
{
	struct if_nameindex *all, *i;
	int code;

	/* It is the connection that enters another namespace. */
	if (a->ctl->opt.netns && !ctl_connect(a->ctl, &code))
		return;
	all = if_nameindex();
	for (i = all; i && i->if_index; i++)
		if (strcmp(i->if_name, "lo"))
			emit(fn, arg, key, i->if_name);
	if (all)
		if_freenameindex(all);
}

/* Classes and rules are asked for by their network; of a member that is already
 * there, the kernel knows which one that is.
 */
static bool find_network(const struct args *a, struct vnet *vnet,
			 union vnet_object *filter)
{
	struct vnet_member member = { .id = a->object.id };

	filter->id.has = VNET_HAS(VNET_A_NETWORK);
	memcpy(filter->id.network, a->object.id.network,
	       sizeof(filter->id.network));
	if (a->object.id.has & VNET_HAS(VNET_A_NETWORK))
		return true;
	if (a->cmd->schema == &vnet_member_schema &&
	    !vnet_member_get(vnet, &member)) {
		memcpy(filter->id.network, member.id.network,
		       sizeof(filter->id.network));
		vnet_member_clear(&member);
		return true;
	}
	memcpy(filter->id.network, a->ctl->network,
	       sizeof(filter->id.network));
	return a->ctl->network[0];
}

/* A network may have millions of addresses; their number is asked for first. */
static bool are_too_many(struct vnet *vnet, const struct source *source,
			 const union vnet_object *filter)
{
	struct vnet_network network = { .id = filter->id };

	if (source->schema != &vnet_fdb_schema)
		return false;
	return vnet_network_get(vnet, &network) || network.macs > MACS_OFFERED;
}

static const char *name_at(const struct slot *slot, const struct source *source,
			   struct text *text)
{
	const void *value = slot_value(slot, source->name);

	return source->name == VNET_A_FDB_MAC && slot->schema == &vnet_fdb_schema ?
	       format_mac(text, value) : value;
}

static void kernel_names(const struct args *a, const struct key *key,
			 const struct source *source, candidate_fn fn,
			 void *arg)
{
	union vnet_object filter = { .id.has = 0 };
	struct slot slot = { .key = key, .schema = source->schema };
	int code = CTL_OK;
	struct vnet *vnet = ctl_connect(a->ctl, &code);
	struct vnet_list list;
	struct text text;
	size_t i;

	if (!vnet || (source->of_network && !find_network(a, vnet, &filter)))
		return;
	if (are_too_many(vnet, source, &filter) ||
	    vnet_dump(vnet, source->schema, &filter, &list))
		return;
	for (i = 0; i < list.count; i++) {
		slot.object = vnet_list_at(&list, i);
		if (slot_has(&slot, source->name))
			emit(fn, arg, key, name_at(&slot, source, &text));
	}
	vnet_list_clear(&list);
}

/**
 * live_names() - the names that may stand for a key's value now
 * @a: arguments so far
 * @key: the key
 * @fn: is called for each name, which is gone afterwards
 * @arg: for @fn
 */
void live_names(const struct args *a, const struct key *key, candidate_fn fn,
		void *arg)
{
	enum live live = key->kind->live;
	bool quiet = a->ctl->quiet;

	a->ctl->quiet = true;
	if (live == LIVE_DEVICES)
		interface_names(a, key, fn, arg);
	else if (live < COUNT_OF(sources) &&
		 sources[live].schema)
		kernel_names(a, key, &sources[live], fn, arg);
	a->ctl->quiet = quiet;
}
