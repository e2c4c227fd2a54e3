// SPDX-License-Identifier: GPL-2.0-only
/*
 * Telling what is in the forwarding table: one entry, or a walk through all.
 * Layer 1: it must not know netlink. It changes nothing.
 */

#include "fdb_table.h"

#include <linux/err.h>
#include <linux/rcupdate.h>

static void fill_info(struct vnet_fdb_info *info, const struct vnet_fdb_entry *entry)
{
	vnet_fdb_mac(info->mac, entry->key);
	info->kind = entry->kind;
	info->owner = READ_ONCE(entry->owner);
	info->age_ms = 0;
	if (entry->kind == VNET_FDB_LEARNED)
		info->age_ms = jiffies_to_msecs(jiffies - READ_ONCE(entry->used));
}

/**
 * vnet_fdb_get - tell one entry
 * @fdb: the table
 * @mac: the address
 * @info: filled in
 *
 * Context: RCU read side, or the caller keeps owners from being closed.
 * Return: 0, or -ENOENT if the address is not known (any more).
 */
int vnet_fdb_get(struct vnet_fdb *fdb, const u8 *mac, struct vnet_fdb_info *info)
{
	struct vnet_fdb_entry *entry;
	int err = -ENOENT;

	rcu_read_lock();
	entry = vnet_fdb_lookup(fdb, vnet_fdb_key(mac));
	if (entry && !vnet_fdb_expired(fdb, entry)) {
		fill_info(info, entry);
		err = 0;
	}
	rcu_read_unlock();
	return err;
}

/**
 * vnet_fdb_walk_start - begin to walk through all entries
 * @fdb: the table; it must not be destroyed before vnet_fdb_walk_stop()
 * @walk: the walk
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vnet_fdb_walk_start(struct vnet_fdb *fdb, struct vnet_fdb_walk *walk)
{
	walk->again = false;
	walk->resized = false;
	walk->last = 0;
	rhashtable_walk_enter(&fdb->table, &walk->iter);
	return 0;
}

/**
 * vnet_fdb_walk_begin - begin or resume a round
 * @walk: the walk
 *
 * Context: process context. Takes the RCU read lock.
 */
void vnet_fdb_walk_begin(struct vnet_fdb_walk *walk)
	__acquires(RCU)
{
	if (rhashtable_walk_start_check(&walk->iter))
		walk->resized = true;
}

/* The last entry again, unless it has gone since. */
static bool repeat_last(struct vnet_fdb_walk *walk, struct vnet_fdb_info *info)
{
	struct vnet_fdb *fdb = container_of(walk->iter.ht, struct vnet_fdb, table);
	u8 mac[6];

	walk->again = false;
	vnet_fdb_mac(mac, walk->last);
	return !vnet_fdb_get(fdb, mac, info);
}

static struct vnet_fdb_entry *walk_live(struct vnet_fdb_walk *walk)
{
	struct vnet_fdb *fdb = container_of(walk->iter.ht, struct vnet_fdb, table);
	struct vnet_fdb_entry *entry;

	do {
		entry = rhashtable_walk_next(&walk->iter);
	} while (!IS_ERR_OR_NULL(entry) && vnet_fdb_expired(fdb, entry));
	return entry;
}

/**
 * vnet_fdb_walk_next - tell the next entry
 * @walk: the walk
 * @info: filled in; its owner is valid until vnet_fdb_walk_end()
 *
 * Context: between vnet_fdb_walk_begin() and vnet_fdb_walk_end().
 * Return: 1 with an entry, 0 at the end, -EAGAIN if the table was resized:
 * entries may come twice or not at all.
 */
int vnet_fdb_walk_next(struct vnet_fdb_walk *walk, struct vnet_fdb_info *info)
{
	struct vnet_fdb_entry *entry;

	if (walk->resized) {
		walk->resized = false;
		return -EAGAIN;
	}
	if (walk->again && repeat_last(walk, info))
		return 1;
	entry = walk_live(walk);
	if (!entry)
		return 0;
	if (IS_ERR(entry))
		return PTR_ERR(entry);
	fill_info(info, entry);
	walk->last = entry->key;
	return 1;
}

/**
 * vnet_fdb_walk_back - have the last entry told again by the next call
 * @walk: the walk
 *
 * Context: between vnet_fdb_walk_begin() and vnet_fdb_walk_end().
 */
void vnet_fdb_walk_back(struct vnet_fdb_walk *walk)
{
	walk->again = true;
}

/**
 * vnet_fdb_walk_end - interrupt or end a round
 * @walk: the walk
 *
 * Context: process context. Releases the RCU read lock.
 */
void vnet_fdb_walk_end(struct vnet_fdb_walk *walk)
	__releases(RCU)
{
	rhashtable_walk_stop(&walk->iter);
}

/**
 * vnet_fdb_walk_stop - end a walk
 * @walk: the walk
 *
 * Context: process context.
 */
void vnet_fdb_walk_stop(struct vnet_fdb_walk *walk)
{
	rhashtable_walk_exit(&walk->iter);
}
