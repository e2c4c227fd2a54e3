// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of addresses, ports, MACs, pairs or members: what they consist of, and how that changes.
 * Layer 1: it must not know rules, the names of sets, or netlink attributes.
 */

#include "set_table.h"

#include <linux/bitmap.h>
#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include "set_element.h"

/**
 * DOC: Sets
 *
 * All elements are in one hash table, by all that they consist of. Whether an address
 * is in the set is looked up once for each prefix length that any element of its IP
 * version has; that is one lookup for a set of hosts, a few for one of nets, and never
 * more than 33 or 129. Ports are looked up in a bitmap, which has all ports of all
 * ranges; what remains of it when a range goes is found in the hash table.
 *
 * A set that is replaced is built aside, bitmap and all, and published with one
 * pointer. Single elements come and go in place, so that a reader sees all of an
 * element or nothing of it: a frame asks for one value of a set. Elements are freed
 * after a grace period.
 */

#define GFP_SET		(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)
#define RESCHED_MASK	0xfff

/* Only changers come here, and the config mutex lets in one at a time. */
static struct vnet_set_elements *elements_of(const struct vnet_set *set)
{
	return rcu_dereference_protected(set->elements, true);
}

/*
 * Keys
 */

static void write_key(struct vnet_set_key *key, enum vnet_set_type type,
		      const struct vnet_set_element *element)
{
	memset(key, 0, sizeof(*key));
	if (type == VNET_SET_MACS)
		memcpy(key->addr.bytes, element->mac, sizeof(element->mac));
	if (type == VNET_SET_MEMBERS)
		memcpy(key->addr.bytes, &element->member, sizeof(element->member));
	if (type == VNET_SET_PORTS || type == VNET_SET_PAIRS)
		key->port = element->port_min;
	if (type == VNET_SET_PORTS)
		key->port_max = element->port_max;
	if (type != VNET_SET_ADDRESSES && type != VNET_SET_PAIRS)
		return;
	key->version = element->version;
	key->len = element->prefix_len;
	vnet_set_mask(&key->addr, &element->addr, key->version, key->len);
}

/*
 * Elements
 */

static void free_entry(void *entry, void *arg)
{
	kfree(entry);
}

static void free_elements(struct vnet_set_elements *elements)
{
	rhashtable_free_and_destroy(&elements->hash, free_entry, NULL);
	kvfree(elements->ports);
	kvfree(elements);
}

/* A bitmap of all ports, none of them set. */
static unsigned long *make_ports(void)
{
	return kvcalloc(BITS_TO_LONGS(VNET_SET_PORT_COUNT), sizeof(unsigned long), GFP_SET);
}

static struct vnet_set_elements *make_elements(enum vnet_set_type type)
{
	struct vnet_set_elements *elements = kvmalloc(sizeof(*elements), GFP_SET | __GFP_ZERO);

	if (!elements)
		return NULL;
	if (rhashtable_init(&elements->hash, &vnet_set_params)) {
		kvfree(elements);
		return NULL;
	}
	if (type != VNET_SET_PORTS)
		return elements;
	elements->ports = make_ports();
	if (elements->ports)
		return elements;
	free_elements(elements);
	return NULL;
}

static struct vnet_set_entry *find_entry(struct vnet_set_elements *elements,
					 const struct vnet_set_key *key)
{
	return rhashtable_lookup_fast(&elements->hash, key, vnet_set_params);
}

/* Readers look for a prefix length only after there is an element that has it. */
static void note_len(struct vnet_set_elements *elements, const struct vnet_set_key *key, int change)
{
	bool six = key->version == 6;
	u32 *count = &elements->len_count[six][key->len];

	if (!key->version)
		return;
	*count += change;
	if (*count)
		set_bit(key->len, elements->lens[six]);
	else
		clear_bit(key->len, elements->lens[six]);
}

/* Word by word: a range may have all ports, and a set a million of ranges. */
static void note_ports(unsigned long *ports, const struct vnet_set_key *key)
{
	bitmap_set(ports, key->port, key->port_max - key->port + 1);
}

/* The key is not there. */
static int insert(struct vnet_set_elements *elements, const struct vnet_set_key *key)
{
	struct vnet_set_entry *entry;

	if (elements->count == VNET_SET_ELEMENTS_MAX)
		return -ENOSPC;
	entry = kmalloc(sizeof(*entry), GFP_SET);
	if (!entry)
		return -ENOMEM;
	entry->key = *key;
	entry->walk = 0;
	if (rhashtable_insert_fast(&elements->hash, &entry->node, vnet_set_params)) {
		kfree(entry);
		return -ENOMEM;
	}
	elements->count++;
	note_len(elements, key, 1);
	if (elements->ports)
		note_ports(elements->ports, key);
	return 0;
}

static int fill(struct vnet_set_elements *elements, enum vnet_set_type type,
		const struct vnet_set_element *element, u32 count)
{
	struct vnet_set_key key;
	int err = 0;
	u32 i;

	for (i = 0; i < count && !err; i++) {
		write_key(&key, type, &element[i]);
		if (!find_entry(elements, &key))
			err = insert(elements, &key);
		if (!(i & RESCHED_MASK))
			cond_resched();
	}
	return err;
}

/* Whether a port is in any range, asked of all elements. */
static void note_again(struct vnet_set_elements *elements, unsigned long *ports)
{
	struct rhashtable_iter iter;
	struct vnet_set_entry *entry;
	u32 seen = 0;

	rhashtable_walk_enter(&elements->hash, &iter);
	rhashtable_walk_start(&iter);
	while ((entry = rhashtable_walk_next(&iter))) {
		/* It begins again, and what is noted twice does no harm. */
		if (IS_ERR(entry))
			continue;
		note_ports(ports, &entry->key);
		if (++seen & RESCHED_MASK)
			continue;
		rhashtable_walk_stop(&iter);
		cond_resched();
		rhashtable_walk_start(&iter);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
}

/* Takes away the ports of a range that has gone, unless other ranges have them. */
static void forget_ports(struct vnet_set_elements *elements, const struct vnet_set_key *key,
			 unsigned long *scratch)
{
	u32 port;

	note_again(elements, scratch);
	for (port = key->port; port <= key->port_max; port++)
		if (!test_bit(port, scratch))
			clear_bit(port, elements->ports);
}

/*
 * Sets
 */

/**
 * vnet_set_create - make an empty set
 * @type: what it will consist of
 *
 * Context: process context, may sleep.
 * Return: the set, to be destroyed with vnet_set_destroy(), or NULL.
 */
struct vnet_set *vnet_set_create(enum vnet_set_type type)
{
	struct vnet_set *set = kzalloc(sizeof(*set), GFP_SET);
	struct vnet_set_elements *elements;

	if (!set)
		return NULL;
	elements = make_elements(type);
	if (!elements) {
		kfree(set);
		return NULL;
	}
	set->type = type;
	RCU_INIT_POINTER(set->elements, elements);
	return set;
}

/**
 * vnet_set_destroy - free a set
 * @set: the set, or NULL; no reader can find it any more, and a grace period has
 *	passed since that is so
 *
 * Context: process context, may sleep.
 */
void vnet_set_destroy(struct vnet_set *set)
{
	if (!set)
		return;
	free_elements(elements_of(set));
	kfree(set);
}

/**
 * vnet_set_add - add an element
 * @set: the set
 * @element: the element; copied
 * @unchanged: set to whether it was there already
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOSPC at the limit, -ENOMEM, and nothing has changed.
 */
int vnet_set_add(struct vnet_set *set, const struct vnet_set_element *element,
		 bool *unchanged)
{
	struct vnet_set_elements *elements = elements_of(set);
	struct vnet_set_key key;

	write_key(&key, set->type, element);
	*unchanged = find_entry(elements, &key);
	return *unchanged ? 0 : insert(elements, &key);
}

/**
 * vnet_set_del - remove an element
 * @set: the set
 * @element: the element, just as it was added
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOENT if it is not there, -ENOMEM, and nothing has changed.
 */
int vnet_set_del(struct vnet_set *set, const struct vnet_set_element *element)
{
	struct vnet_set_elements *elements = elements_of(set);
	unsigned long *scratch = NULL;
	struct vnet_set_entry *entry;
	struct vnet_set_key key;

	write_key(&key, set->type, element);
	entry = find_entry(elements, &key);
	if (!entry)
		return -ENOENT;
	if (elements->ports) {
		scratch = make_ports();
		if (!scratch)
			return -ENOMEM;
	}
	rhashtable_remove_fast(&elements->hash, &entry->node, vnet_set_params);
	elements->count--;
	note_len(elements, &key, -1);
	if (scratch)
		forget_ports(elements, &key, scratch);
	kvfree(scratch);
	kfree_rcu(entry, rcu);
	return 0;
}

/**
 * vnet_set_replace - replace all elements at once
 * @set: the set
 * @element: the elements as they shall be, copied; one that is there twice counts once
 * @count: their number, may be 0
 *
 * Waits for a grace period.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOSPC above the limit, -ENOMEM, and nothing has changed.
 */
int vnet_set_replace(struct vnet_set *set, const struct vnet_set_element *element,
		     u32 count)
{
	struct vnet_set_elements *fresh = make_elements(set->type), *old;
	int err;

	if (!fresh)
		return -ENOMEM;
	err = fill(fresh, set->type, element, count);
	if (err) {
		free_elements(fresh);
		return err;
	}
	old = rcu_replace_pointer(set->elements, fresh, true);
	synchronize_rcu();
	free_elements(old);
	return 0;
}

/**
 * vnet_set_contains - whether an element is in a set, just as it is
 * @set: the set
 * @element: the element
 *
 * A prefix that is part of another one, or a port that is in a range, is not.
 *
 * Context: config mutex.
 * Return: true if it is.
 */
bool vnet_set_contains(struct vnet_set *set, const struct vnet_set_element *element)
{
	struct vnet_set_key key;

	write_key(&key, set->type, element);
	return find_entry(elements_of(set), &key);
}

/**
 * vnet_set_count - how many elements a set has
 * @set: the set
 *
 * Context: config mutex.
 * Return: their number.
 */
u32 vnet_set_count(const struct vnet_set *set)
{
	return elements_of(set)->count;
}

/**
 * vnet_set_type - what a set consists of
 * @set: the set
 *
 * Context: any.
 * Return: its type.
 */
enum vnet_set_type vnet_set_type(const struct vnet_set *set)
{
	return set->type;
}

static void read_key(struct vnet_set_element *element, enum vnet_set_type type,
		     const struct vnet_set_key *key)
{
	memset(element, 0, sizeof(*element));
	if (type == VNET_SET_MACS) {
		memcpy(element->mac, key->addr.bytes, sizeof(element->mac));
		return;
	}
	if (type == VNET_SET_MEMBERS) {
		memcpy(&element->member, key->addr.bytes, sizeof(element->member));
		return;
	}
	element->addr = key->addr;
	element->version = key->version;
	element->prefix_len = key->len;
	element->port_min = key->port;
	element->port_max = type == VNET_SET_PORTS ? key->port_max : key->port;
}

/**
 * vnet_set_copy - copy all elements
 * @set: the set
 * @to: where to; room for vnet_set_count() of them is enough
 * @room: elements that fit there
 *
 * The order means nothing.
 *
 * Context: config mutex, may sleep.
 * Return: how many there are in @to.
 */
u32 vnet_set_copy(struct vnet_set *set, struct vnet_set_element *to, u32 room)
{
	struct vnet_set_elements *elements = elements_of(set);
	u32 walk = ++elements->walks, count = 0, seen = 0;
	struct vnet_set_entry *entry;
	struct rhashtable_iter iter;

	rhashtable_walk_enter(&elements->hash, &iter);
	rhashtable_walk_start(&iter);
	while (count < room && (entry = rhashtable_walk_next(&iter))) {
		/* A table that grows is walked through again from its beginning. */
		if (IS_ERR(entry) || entry->walk == walk)
			continue;
		entry->walk = walk;
		read_key(&to[count++], set->type, &entry->key);
		if (++seen & RESCHED_MASK)
			continue;
		rhashtable_walk_stop(&iter);
		cond_resched();
		rhashtable_walk_start(&iter);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);
	return count;
}
