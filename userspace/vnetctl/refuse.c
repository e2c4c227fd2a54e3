// SPDX-License-Identifier: GPL-2.0-only
/*
 * refuse: tells why the kernel refused a command: its sentence, the word at
 * fault, how much of a limit is used, and what helps. It changes nothing.
 */
#include "refuse.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "diag.h"
#include "netdev.h"
#include "tables.h"

/* What a limit of a network counts, and for which objects it ends the room. */
static const struct limit {
	const struct vnet_schema *schema;
	uint16_t used;
	uint16_t max;
	const char *word;
} limits[] = {
	{ &vnet_member_schema, VNET_A_NET_MEMBERS, VNET_A_NET_MAX_MEMBERS,
	  "max-members" },
	{ &vnet_fdb_schema, VNET_A_NET_MACS, VNET_A_NET_MAX_MACS, "max-macs" },
	{ &vnet_rule_schema, VNET_A_NET_RULES, VNET_A_NET_MAX_RULES,
	  "max-rules" },
	{ &vnet_class_schema, VNET_A_NET_CLASSES, VNET_A_NET_MAX_CLASSES,
	  "max-classes" },
};

static uint64_t network_number(struct vnet_network *network, uint16_t attr)
{
	struct slot slot = {
		.schema = &vnet_network_schema, .object = network,
	};

	return slot_number(&slot, attr);
}

static int read_network(struct ctl *ctl, const struct args *a,
			struct vnet_network *network)
{
	memset(network, 0, sizeof(*network));
	network->id.has = VNET_HAS(VNET_A_NETWORK);
	snprintf(network->id.network, sizeof(network->id.network), "%s",
		 a->object.id.network);
	return vnet_network_get(ctl->vnet, network);
}

/* A network's limit is lower than what is used. */
static void explain_lowered(struct ctl *ctl, const struct args *a,
			    struct vnet_network *network)
{
	size_t i;

	for (i = 0; i < COUNT_OF(limits); i++) {
		if (!(a->object.id.has & VNET_HAS(limits[i].max)))
			continue;
		diag_hint(ctl, "%s: in use now: %" PRIu64, limits[i].word,
			  network_number(network, limits[i].used));
	}
}

static void explain_member_limit(struct ctl *ctl, const struct args *a)
{
	struct vnet_member member = { .id = a->object.id };
	const uint64_t identity = VNET_HAS(VNET_A_IFNAME) |
		VNET_HAS(VNET_A_TAG_PROTO) | VNET_HAS(VNET_A_VID) |
		VNET_HAS(VNET_A_CVID);

	member.id.has &= identity;
	if (!vnet_member_get(ctl->vnet, &member))
		diag_hint(ctl, "member %s: %u of %u addresses in use (max-macs)",
			  member.id.ifname, member.macs, member.max_macs);
	vnet_member_clear(&member);
}

static void explain_limit(struct ctl *ctl, const struct args *a)
{
	struct vnet_network network;
	size_t i;

	if (!(a->object.id.has & VNET_HAS(VNET_A_NETWORK)))
		return;
	if (read_network(ctl, a, &network)) {
		if (a->cmd->schema == &vnet_network_schema)
			diag_hint(ctl, "a namespace has at most %u networks",
				  VNET_NETWORKS_MAX);
		return;
	}
	if (a->cmd->schema == &vnet_network_schema)
		explain_lowered(ctl, a, &network);
	for (i = 0; i < COUNT_OF(limits); i++) {
		if (limits[i].schema != a->cmd->schema)
			continue;
		diag_hint(ctl, "network %s: %" PRIu64 " of %" PRIu64 " in use (%s)",
			  network.id.network,
			  network_number(&network, limits[i].used),
			  network_number(&network, limits[i].max),
			  limits[i].word);
		diag_hint(ctl, "raise it: vnetctl network set %s %s N",
			  network.id.network, limits[i].word);
	}
	if (a->cmd->schema == &vnet_fdb_schema)
		explain_member_limit(ctl, a);
}

static void explain_busy(struct ctl *ctl, const struct args *a)
{
	struct netdev_stack stack;

	if (a->cmd->schema == &vnet_class_schema) {
		diag_hint(ctl, "see its children and members: vnetctl class show %s; vnetctl member show network %s",
			  a->object.id.network, a->object.id.network);
		return;
	}
	if (a->cmd->schema != &vnet_port_schema ||
	    netdev_stack_read(a->object.id.ifname, &stack))
		return;
	if (stack.master[0])
		diag_hint(ctl, "%s belongs to %s%s%s%s; take it out: ip link set %s nomaster",
			  a->object.id.ifname, stack.master,
			  stack.master_kind[0] ? " (" : "", stack.master_kind,
			  stack.master_kind[0] ? ")" : "",
			  a->object.id.ifname);
	if (stack.upper[0])
		diag_hint(ctl, "%s%s%s%s stands on %s; remove it: ip link del %s",
			  stack.upper, stack.upper_kind[0] ? " (" : "",
			  stack.upper_kind, stack.upper_kind[0] ? ")" : "",
			  a->object.id.ifname, stack.upper);
}

static void explain_no_device(struct ctl *ctl, const struct args *a)
{
	const char *dev = a->object.id.ifname;

	if (!netdev_exists(dev))
		diag_hint(ctl, "there is no interface \"%s\" in this network namespace; see: ip link",
			  dev);
	else if (a->cmd->schema == &vnet_member_schema)
		diag_hint(ctl, "attach it first: vnetctl port add %s", dev);
	else
		diag_hint(ctl, "see what is attached: vnetctl port show");
}

static void explain_exists(struct ctl *ctl, const struct args *a)
{
	const struct vnet_schema *schema = a->cmd->schema;

	if (schema == &vnet_member_schema)
		diag_hint(ctl, "see: vnetctl member show %s",
			  a->object.id.ifname);
	else
		diag_hint(ctl, "see: vnetctl %s show; \"%s set\" changes what exists",
			  a->cmd->object, a->cmd->object);
}

static void explain(struct ctl *ctl, const struct args *a, int err)
{
	switch (err) {
	case -ENOSPC:
		explain_limit(ctl, a);
		break;
	case -EBUSY:
		explain_busy(ctl, a);
		break;
	case -ENODEV:
		explain_no_device(ctl, a);
		break;
	case -EEXIST:
		explain_exists(ctl, a);
		break;
	case -ENOENT:
		diag_hint(ctl, "see what there is: vnetctl %s show",
			  a->cmd->schema ? a->cmd->schema->name : "network");
		break;
	case -ENOMEM:
		diag_hint(ctl, "free memory on the host and try again");
		break;
	case -EAGAIN:
		diag_hint(ctl, "try again");
		break;
	}
}

/* The word that set an attribute; where two make one word, the first of them.
 * -1 if there is none, -2 if the key is there but was not given.
 */
static int word_of_attr(const struct args *a, unsigned int attr,
			const struct key **found)
{
	const struct key *key;
	int i;

	for (i = 0, key = a->cmd->keys; key && key->kind; key++, i++) {
		if (!(key->verbs & a->cmd->verbs) || !key->attr)
			continue;
		if (key->attr != attr && !(key->attr + 1u == attr &&
					   key->kind == &kind_mac_mask))
			continue;
		*found = key;
		if (a->word_of[i] > 0)
			return a->word_of[i] - 1;
	}
	return *found ? -2 : -1;
}

/* Without an attribute the object's own name is what is meant. */
static int word_of_identity(const struct args *a)
{
	const struct key *key;
	int i, word = -1;

	for (i = 0, key = a->cmd->keys; key && key->kind; key++, i++)
		if (key->flags & KEY_POSITIONAL && a->word_of[i] > 0)
			word = a->word_of[i] - 1;
	return word;
}

static void point(struct ctl *ctl, const struct args *a,
		  const struct vnet_error *e)
{
	const struct key *key = NULL;
	char remark[96] = "";
	int word;

	word = e->attr ? word_of_attr(a, e->attr, &key) : word_of_identity(a);
	if (e->missing) {
		snprintf(remark, sizeof(remark), "missing: %s",
			 key && key->word ? key->word : e->attr_name);
		diag_caret(ctl, ctl->line->count, remark);
		return;
	}
	if (word >= 0) {
		diag_caret(ctl, word, NULL);
		return;
	}
	diag_caret(ctl, word_of_identity(a) >= 0 ? word_of_identity(a) : 0,
		   NULL);
	if (e->attr_name)
		diag_hint(ctl, "because of: %s",
			  key && key->word ? key->word : e->attr_name);
}

/**
 * refuse_connection() - tell a failure that is not about one command's words
 * @ctl: the run
 * @err: negative errno
 *
 * Return: CTL_REFUSED.
 */
int refuse_connection(struct ctl *ctl, int err)
{
	const struct vnet_error *e = vnet_error(ctl->vnet);

	if (err == -EPERM && !e->from_kernel) {
		diag_error(ctl, "not permitted");
		diag_hint(ctl, "this needs CAP_NET_ADMIN in the initial user namespace: run it as root on the host");
		return CTL_REFUSED;
	}
	diag_error(ctl, e->from_kernel ? "%s" : "the kernel refuses: %s",
		   e->text);
	return CTL_REFUSED;
}

/**
 * refuse() - tell why the kernel refused
 * @ctl: the run
 * @a: the command's arguments
 * @err: negative errno
 *
 * Return: CTL_REFUSED.
 */
int refuse(struct ctl *ctl, const struct args *a, int err)
{
	struct vnet_error e = *vnet_error(ctl->vnet);

	refuse_connection(ctl, err);
	if (err == -EPERM && !e.from_kernel)
		return CTL_REFUSED;
	point(ctl, a, &e);
	explain(ctl, a, err);
	return CTL_REFUSED;
}
