// SPDX-License-Identifier: GPL-2.0-only
/*
 * Limits of the forwarding table: who has how much, and who makes room when
 * there is no more. Layer 1: it must not know how entries are found or told.
 *
 * The rule is that an owner which has something to give makes room for itself.
 * So a member that invents addresses loses its own, nobody else's.
 */

#include "fdb_table.h"

#define SECOND_CHANCES	8	/* entries spared in the search for a victim */

/**
 * vnet_fdb_attach - count an entry and put it last on its owner's list
 * @fdb: the table
 * @entry: the entry
 *
 * Context: fdb->lock held.
 */
void vnet_fdb_attach(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry)
{
	struct vnet_fdb_owner *owner = entry->owner;

	lockdep_assert_held(&fdb->lock);
	WRITE_ONCE(owner->count, owner->count + 1);
	WRITE_ONCE(fdb->count, fdb->count + 1);
	if (entry->kind == VNET_FDB_LEARNED) {
		list_add_tail(&entry->node, &owner->entries);
		fdb->learned++;
	} else {
		list_add_tail(&entry->node, &owner->fixed);
	}
}

/**
 * vnet_fdb_detach - undo vnet_fdb_attach()
 * @fdb: the table
 * @entry: the entry
 *
 * Context: fdb->lock held.
 */
void vnet_fdb_detach(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry)
{
	struct vnet_fdb_owner *owner = entry->owner;

	lockdep_assert_held(&fdb->lock);
	list_del(&entry->node);
	WRITE_ONCE(owner->count, owner->count - 1);
	WRITE_ONCE(fdb->count, fdb->count - 1);
	if (entry->kind == VNET_FDB_LEARNED)
		fdb->learned--;
}

/*
 * A limit is told about once per episode, which ends when usage is an eighth
 * below it.
 */
static bool has_eased(u32 count, u32 limit)
{
	return (u64)count * 8 < (u64)limit * 7;
}

/**
 * vnet_fdb_ease - usage of the table has fallen or its limit has risen
 * @fdb: the table
 *
 * Context: fdb->lock held.
 */
void vnet_fdb_ease(struct vnet_fdb *fdb)
{
	lockdep_assert_held(&fdb->lock);
	if (fdb->limited && has_eased(fdb->count, fdb->limit))
		fdb->limited = false;
}

/**
 * vnet_fdb_ease_owner - usage of an owner has fallen or its limit has risen
 * @owner: the owner
 *
 * Context: fdb->lock held.
 */
void vnet_fdb_ease_owner(struct vnet_fdb_owner *owner)
{
	if (owner->limited && has_eased(owner->count, owner->limit))
		owner->limited = false;
}

static struct vnet_fdb_entry *first_learned(struct vnet_fdb_owner *owner)
{
	return list_first_entry_or_null(&owner->entries, struct vnet_fdb_entry, node);
}

/*
 * What an owner can best do without: what it learned first, but for addresses
 * that are in use; these go to the end. So the few that a member really has
 * survive any number of invented ones.
 */
static struct vnet_fdb_entry *dispensable(struct vnet_fdb_owner *owner)
{
	struct vnet_fdb_entry *entry;
	unsigned int i;

	for (i = 0; i < SECOND_CHANCES; i++) {
		entry = first_learned(owner);
		if (!entry || !READ_ONCE(entry->touched))
			return entry;
		WRITE_ONCE(entry->touched, false);
		list_move_tail(&entry->node, &owner->entries);
	}
	return first_learned(owner);
}

/*
 * The owner with most entries that has a learned one. Looks at all of them, but
 * not often: whoever asks gets an entry by it, and has its own to give from
 * then on.
 */
static struct vnet_fdb_owner *greediest(struct vnet_fdb *fdb)
{
	struct vnet_fdb_owner *owner, *most = NULL;

	if (!fdb->learned)
		return NULL;
	list_for_each_entry(owner, &fdb->owners, node) {
		if (list_empty(&owner->entries))
			continue;
		if (!most || owner->count > most->count)
			most = owner;
	}
	return most;
}

/* An owner that may have none at all has not reached anything. */
static void hit_owner_limit(struct vnet_fdb_owner *owner,
			    struct vnet_fdb_report *r)
{
	if (owner->limited || !owner->limit)
		return;
	owner->limited = true;
	r->full = owner;
	r->full_limit = owner->limit;
}

static void hit_fdb_limit(struct vnet_fdb *fdb, struct vnet_fdb_report *r)
{
	if (fdb->limited)
		return;
	fdb->limited = true;
	r->fdb_limit = fdb->limit;
}

/**
 * vnet_fdb_find_room - may an owner have one entry more?
 * @fdb: the table
 * @owner: the owner
 * @grows: the table gets one more by it too
 * @victim: set to the learned entry that has to go for it, or NULL
 * @r: told about limits reached for the first time
 *
 * Context: fdb->lock held.
 * Return: true if it may.
 */
bool vnet_fdb_find_room(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner,
			bool grows, struct vnet_fdb_entry **victim,
			struct vnet_fdb_report *r)
{
	struct vnet_fdb_owner *most;

	lockdep_assert_held(&fdb->lock);
	*victim = NULL;
	if (owner->count >= owner->limit) {
		hit_owner_limit(owner, r);
		*victim = dispensable(owner);
		return *victim;
	}
	if (!grows || fdb->count < fdb->limit)
		return true;
	hit_fdb_limit(fdb, r);
	most = list_empty(&owner->entries) ? greediest(fdb) : owner;
	if (most)
		*victim = dispensable(most);
	return *victim;
}
