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
#include "format.h"
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
	{ &vnet_set_schema, VNET_A_NET_SETS, VNET_A_NET_MAX_SETS, "max-sets" },
	{ &vnet_element_schema, VNET_A_NET_SET_ELEMENTS,
	  VNET_A_NET_MAX_SET_ELEMENTS, "max-set-elements" },
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

/* A member as it is typed: interface and tag. */
static void member_words(const struct vnet_id *id, char *text, size_t size)
{
	bool stacked = id->tag_proto == VNET_TAG_8021AD;
	bool inner = id->has & VNET_HAS(VNET_A_CVID);

	if (!(id->has & VNET_HAS(VNET_A_VID)))
		snprintf(text, size, "%s", id->ifname);
	else
		snprintf(text, size, inner ? "%s %s %u cvlan %u" : "%s %s %u",
			 id->ifname, stacked ? "svlan" : "vlan", id->vid,
			 id->cvid);
}

static int read_member(struct ctl *ctl, const struct args *a,
		       struct vnet_member *member)
{
	memset(member, 0, sizeof(*member));
	member->id = a->object.id;
	member->id.has &= VNET_HAS(VNET_A_IFNAME) |
		VNET_HAS(VNET_A_TAG_PROTO) | VNET_HAS(VNET_A_VID) |
		VNET_HAS(VNET_A_CVID);
	return vnet_member_get(ctl->vnet, member);
}

static void explain_member_limit(struct ctl *ctl, const struct args *a)
{
	struct vnet_member member;
	char words[64];

	if (read_member(ctl, a, &member))
		return;
	member_words(&member.id, words, sizeof(words));
	diag_hint(ctl, "member %s: %u of %u addresses in use (max-macs)",
		  words, member.macs, member.max_macs);
	if (member.macs >= member.max_macs)
		diag_hint(ctl, "raise it: vnetctl member set %s max-macs N",
			  words);
	vnet_member_clear(&member);
}

static void explain_network_limit(struct ctl *ctl, const struct limit *limit,
				  struct vnet_network *network)
{
	uint64_t used = network_number(network, limit->used);
	uint64_t max = network_number(network, limit->max);

	diag_hint(ctl, "network %s: %" PRIu64 " of %" PRIu64 " in use (%s)",
		  network->id.network, used, max, limit->word);
	/* Of elements, one request may bring too many at once. */
	if (used >= max || limit->schema == &vnet_element_schema)
		diag_hint(ctl, "raise it: vnetctl network set %s %s N",
			  network->id.network, limit->word);
}

/* What there is one more of when a command succeeds. */
static const struct vnet_schema *counted(const struct args *a)
{
	/* The interface becomes a member of the network at once. */
	if (a->cmd->schema == &vnet_port_schema)
		return &vnet_member_schema;
	return a->cmd->schema;
}

static void explain_limit(struct ctl *ctl, const struct args *a)
{
	struct vnet_network network;
	size_t i;

	if (!(a->object.id.has & VNET_HAS(VNET_A_NETWORK))) {
		if (a->cmd->schema == &vnet_member_schema)
			explain_member_limit(ctl, a);
		return;
	}
	if (read_network(ctl, a, &network)) {
		if (a->cmd->schema == &vnet_network_schema)
			diag_hint(ctl, "a namespace has at most %u networks",
				  VNET_NETWORKS_MAX);
		return;
	}
	if (a->cmd->schema == &vnet_network_schema)
		explain_lowered(ctl, a, &network);
	for (i = 0; i < COUNT_OF(limits); i++)
		if (limits[i].schema == counted(a))
			explain_network_limit(ctl, &limits[i], &network);
	if (a->cmd->schema == &vnet_fdb_schema)
		explain_member_limit(ctl, a);
}

/* A set counts by itself: what is in use now would be replaced. */
static void explain_set(struct ctl *ctl, const struct args *a, size_t count)
{
	struct vnet_network network;

	if (read_network(ctl, a, &network))
		return;
	diag_hint(ctl, "the set has %zu rules, network %s takes %" PRIu64 " (max-rules)",
		  count, network.id.network,
		  network_number(&network, VNET_A_NET_MAX_RULES));
	diag_hint(ctl, "raise it: vnetctl network set %s max-rules N",
		  network.id.network);
}

static void explain_busy(struct ctl *ctl, const struct args *a)
{
	struct netdev_stack stack;

	if (a->cmd->schema == &vnet_class_schema) {
		diag_hint(ctl, "see its children and members: vnetctl class show %s; vnetctl member show network %s",
			  a->object.id.network, a->object.id.network);
		return;
	}
	if (a->cmd->schema == &vnet_set_schema) {
		diag_hint(ctl, "see which: vnetctl rule show %s",
			  a->object.id.network);
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

static void explain_exists(struct ctl *ctl, const struct args *a,
			   unsigned int attr)
{
	const struct vnet_schema *schema = a->cmd->schema;
	const char *network = a->object.id.network;
	struct text mac;

	if (schema == &vnet_network_schema && attr == VNET_A_NET_VNI)
		diag_hint(ctl, "see: vnetctl network show");
	else if (schema == &vnet_member_schema ||
		 (schema == &vnet_port_schema && attr == VNET_A_NETWORK))
		diag_hint(ctl, "see: vnetctl member show %s",
			  a->object.id.ifname);
	else if (schema == &vnet_fdb_schema)
		diag_hint(ctl, "see: vnetctl fdb show %s %s; \"fdb del\" makes room for it",
			  network, format_mac(&mac, &a->object.fdb.mac));
	else if (schema == &vnet_set_schema)
		diag_hint(ctl, "see: vnetctl set show %s %s", network,
			  a->object.set.name);
	else
		diag_hint(ctl, "see: vnetctl %s show; \"%s set\" changes what exists",
			  a->cmd->object, a->cmd->object);
}

/* The interface is not attached, or what it has is another tag or elsewhere. */
static void explain_no_member(struct ctl *ctl, const struct args *a)
{
	struct vnet_port port = { .id = a->object.id };

	port.id.has &= VNET_HAS(VNET_A_IFNAME);
	if (a->cmd->schema == &vnet_port_schema ||
	    vnet_port_get(ctl->vnet, &port))
		diag_hint(ctl, "see what is attached: vnetctl port show");
	else
		diag_hint(ctl, "see what it has: vnetctl member show %s",
			  a->object.id.ifname);
}

static void explain_no_class(struct ctl *ctl, const struct args *a)
{
	struct vnet_member member = { .id = a->object.id };

	if (!(a->object.id.has & VNET_HAS(VNET_A_NETWORK)) &&
	    read_member(ctl, a, &member))
		return;
	diag_hint(ctl, "see what there is: vnetctl class show %s",
		  member.id.network);
	vnet_member_clear(&member);
}

/* Of a rule, a name behind one of the keys of sets. */
static bool names_set(const struct args *a, unsigned int attr)
{
	return a->cmd->schema == &vnet_rule_schema &&
	       ((attr >= VNET_A_RULE_SRC_SET && attr <= VNET_A_RULE_DST_PAIR_SET) ||
		attr == VNET_A_RULE_MEMBER_SET);
}

static const struct vnet_class *find_class(const struct vnet_list *list, const char *name)
{
	size_t i;

	for (i = 0; i < list->count; i++) {
		const struct vnet_class *class_ = vnet_list_at(list, i);

		if (!strcmp(class_->name, name))
			return class_;
	}
	return NULL;
}

static bool is_below(const struct vnet_list *list, const struct vnet_class *class_,
		     const char *name)
{
	unsigned int level;

	for (level = 0; class_ && level < VNET_CLASS_DEPTH_MAX; level++) {
		if (!strcmp(class_->name, name))
			return true;
		class_ = find_class(list, class_->parent);
	}
	return false;
}

/* How many levels a class and those below it take; 1 if it is new. */
static unsigned int levels_of(const struct vnet_list *list, const char *name)
{
	const struct vnet_class *top = find_class(list, name);
	unsigned int levels = 1;
	size_t i;

	for (i = 0; top && i < list->count; i++) {
		const struct vnet_class *class_ = vnet_list_at(list, i);

		if (class_->level >= top->level + levels && is_below(list, class_, name))
			levels = class_->level - top->level + 1;
	}
	return levels;
}

/* A class would come too deep. */
static void explain_depth(struct ctl *ctl, const struct args *a)
{
	const struct vnet_class *wanted = &a->object.class_, *parent;
	struct vnet_class filter = { .id.has = VNET_HAS(VNET_A_NETWORK) };
	struct vnet_list list;
	unsigned int levels;

	snprintf(filter.id.network, sizeof(filter.id.network), "%s", wanted->id.network);
	if (vnet_class_list(ctl->vnet, &filter, &list))
		return;
	parent = find_class(&list, wanted->parent);
	if (parent) {
		levels = levels_of(&list, wanted->name);
		diag_hint(ctl, "%s has %u levels above it, %s itself and what is below it take %u: %u + 1 + %u > %u",
			  parent->name, parent->level, wanted->name, levels,
			  parent->level, levels, VNET_CLASS_DEPTH_MAX);
	}
	vnet_list_clear(&list);
}

/* What is absent is the object that the attribute names. */
static void explain_absent(struct ctl *ctl, const struct args *a,
			   unsigned int attr)
{
	const struct vnet_schema *schema = a->cmd->schema;

	if (attr == VNET_A_NETWORK || schema == &vnet_network_schema)
		diag_hint(ctl, "see what there is: vnetctl network show");
	else if (names_set(a, attr))
		diag_hint(ctl, "see what there is: vnetctl set show %s",
			  a->object.id.network);
	else if (attr == VNET_A_IFNAME || attr == VNET_A_VID)
		explain_no_member(ctl, a);
	else if (schema == &vnet_member_schema || schema == &vnet_class_schema)
		explain_no_class(ctl, a);
	else
		diag_hint(ctl, "see what there is: vnetctl %s show %s",
			  a->cmd->object, a->object.id.network);
}

static void explain(struct ctl *ctl, const struct args *a, int err,
		    unsigned int attr)
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
		explain_exists(ctl, a, attr);
		break;
	case -ENOENT:
		explain_absent(ctl, a, attr);
		break;
	case -E2BIG:
		if (a->cmd->schema == &vnet_class_schema)
			explain_depth(ctl, a);
		break;
	case -ENOMEM:
		diag_hint(ctl, "free memory on the host and try again");
		break;
	case -EAGAIN:
		diag_hint(ctl, "try again");
		break;
	}
}

static bool key_sets(const struct key *key, unsigned int attr)
{
	if (!key->attr)
		return false;
	return key->attr == attr ||
	       (key->kind->pair && key->attr + 1u == attr) ||
	       (key->attr == VNET_A_VID && attr == VNET_A_TAG_PROTO);
}

/* The key that sets an attribute, NULL if none does; the one that was given if
 * there are several. word receives the index of its word, -1 if it has none.
 */
static const struct key *key_of_attr(const struct args *a, unsigned int verbs,
				     unsigned int attr, int *word)
{
	const struct key *key, *found = NULL;
	int i;

	*word = -1;
	for (i = 0, key = a->cmd->keys; key && key->kind; key++, i++) {
		if (!(key->verbs & verbs) || !key_sets(key, attr))
			continue;
		found = key;
		*word = a->word_of[i] > 0 ? a->word_of[i] - 1 : -1;
		if (*word >= 0)
			break;
	}
	return found;
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
	const struct key *key;
	char remark[96] = "";
	int word, identity = word_of_identity(a);

	key = key_of_attr(a, a->cmd->verbs, e->attr, &word);
	if (e->missing) {
		snprintf(remark, sizeof(remark), "missing: %s",
			 key && key->word ? key->word : e->attr_name);
		diag_caret(ctl, ctl->line->count, remark);
		return;
	}
	diag_caret(ctl, word >= 0 ? word : identity >= 0 ? identity : 0, NULL);
	if (word < 0 && e->attr_name)
		diag_hint(ctl, "because of: %s",
			  key && key->word ? key->word : e->attr_name);
}

/* Every sentence that reaches a user is about vnet. */
static const char *sentence(const struct vnet_error *e)
{
	static const char prefix[] = "vnet: ";
	size_t length = sizeof(prefix) - 1;

	return strncmp(e->text, prefix, length) ? e->text : e->text + length;
}

/* An ENOENT without a sentence may mean that the family itself is not there any
 * more: the module was unloaded, perhaps loaded again.
 */
static bool is_gone(struct ctl *ctl, const struct vnet_error *e)
{
	struct vnet_info info = { .id.has = 0 };

	return e->code == -ENOENT && !e->from_kernel &&
	       vnet_info_get(ctl->vnet, &info) == -ENOENT;
}

static int refuse_gone(struct ctl *ctl)
{
	int code = CTL_REFUSED;

	vnet_close(ctl->vnet);
	ctl->vnet = NULL;
	if (!ctl_connect(ctl, &code))
		return code;
	diag_error(ctl, "the vnet module was loaded anew");
	diag_hint(ctl, "its configuration is gone; give the command again");
	return code;
}

static bool is_permission(const struct vnet_error *e)
{
	return e->code == -EPERM && !e->from_kernel;
}

static void tell(struct ctl *ctl, const struct vnet_error *e)
{
	if (is_permission(e)) {
		diag_error(ctl, "not permitted");
		diag_hint(ctl, "this needs CAP_NET_ADMIN in the initial user namespace: run it as root on the host");
		return;
	}
	/* An errno by itself is no sentence. */
	diag_error(ctl, e->from_kernel || e->from_library ? "%s" :
		   "the kernel refuses: %s", sentence(e));
}

/**
 * refuse_connection() - tell a failure that is not about one command's words
 * @ctl: the run
 *
 * Return: CTL_REFUSED, CTL_ABSENT if the module has gone.
 */
int refuse_connection(struct ctl *ctl)
{
	const struct vnet_error e = *vnet_error(ctl->vnet);

	if (is_gone(ctl, &e))
		return refuse_gone(ctl);
	tell(ctl, &e);
	return CTL_REFUSED;
}

/**
 * refuse_entry() - tell why the kernel refused a rule of a set
 * @ctl: the run; its line is where the rule stands
 * @a: arguments of the command that loads the set
 * @name: name of the rule
 * @count: how many rules the set has
 *
 * Return: CTL_REFUSED.
 */
int refuse_entry(struct ctl *ctl, const struct args *a, const char *name,
		 size_t count)
{
	const struct vnet_error e = *vnet_error(ctl->vnet);
	const struct key *key;
	int word;

	key = key_of_attr(a, V_ADD, e.attr, &word);
	if (key && key->word)
		diag_error(ctl, "rule %s, %s: %s", name, key->word,
			   sentence(&e));
	else
		diag_error(ctl, "rule %s: %s", name, sentence(&e));
	if (e.code == -ENOSPC)
		explain_set(ctl, a, count);
	diag_hint(ctl, "the rules in force are as they were");
	return CTL_REFUSED;
}

/**
 * refuse_element() - tell why the kernel refused one of many elements
 * @ctl: the run
 * @a: arguments of the command that names the elements
 * @word: the element
 *
 * Return: CTL_REFUSED.
 */
int refuse_element(struct ctl *ctl, const struct args *a, const char *word)
{
	const struct vnet_error e = *vnet_error(ctl->vnet);
	int at = word_of_identity(a);

	diag_error(ctl, "element %s: %s", word, sentence(&e));
	diag_caret(ctl, at >= 0 ? at : 0, NULL);
	if (e.attr && e.attr <= VNET_A_COMMON_MAX)
		diag_hint(ctl, "see what there is: vnetctl member show network %s",
			  a->object.id.network);
	else if (e.code == -ENOENT)
		diag_hint(ctl, "see what there is: vnetctl set elements %s %s",
			  a->object.id.network, a->object.element.set);
	diag_hint(ctl, "the set is as it was");
	return CTL_REFUSED;
}

/**
 * refuse() - tell why the kernel refused
 * @ctl: the run
 * @a: the command's arguments
 * @err: negative errno
 *
 * Return: CTL_REFUSED, CTL_ABSENT if the module has gone.
 */
int refuse(struct ctl *ctl, const struct args *a, int err)
{
	const struct vnet_error e = *vnet_error(ctl->vnet);

	if (is_gone(ctl, &e))
		return refuse_gone(ctl);
	tell(ctl, &e);
	if (is_permission(&e))
		return CTL_REFUSED;
	point(ctl, a, &e);
	explain(ctl, a, err, e.attr);
	return CTL_REFUSED;
}
