/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of the forwarding table share among themselves; nobody else
 * includes this. Layer 1.
 */
#ifndef VNET_FDB_TABLE_H
#define VNET_FDB_TABLE_H

#include <linux/jhash.h>
#include <linux/jiffies.h>
#include "fdb.h"

/**
 * struct vnet_fdb_report - what a change has to tell when the lock is released
 * @gone: removed entries; telling frees them
 * @event: what happened to the address @key, 0 = nothing
 * @key: the address
 * @owner: whose it is now
 * @kind: of the entry
 * @full: the owner that reached its limit @full_limit, or NULL
 * @full_limit: see @full
 * @fdb_limit: the network's limit, if it was reached, or 0
 */
struct vnet_fdb_report {
	struct list_head gone;
	enum vnet_event event;
	u64 key;
	struct vnet_fdb_owner *owner;
	enum vnet_fdb_kind kind;
	struct vnet_fdb_owner *full;
	u32 full_limit;
	u32 fdb_limit;
};

static inline u64 vnet_fdb_key(const u8 *mac)
{
	return (u64)mac[0] << 40 | (u64)mac[1] << 32 | (u64)mac[2] << 24 |
	       (u64)mac[3] << 16 | (u64)mac[4] << 8 | mac[5];
}

static inline void vnet_fdb_mac(u8 *mac, u64 key)
{
	int i;

	for (i = 5; i >= 0; i--, key >>= 8)
		mac[i] = key;
}

/* Strangers choose the addresses, so the hash has to be a keyed one. */
static inline u32 vnet_fdb_hash(const void *data, u32 len, u32 seed)
{
	u64 key = *(const u64 *)data;

	return jhash_2words(key, key >> 32, seed);
}

static inline int vnet_fdb_compare(struct rhashtable_compare_arg *arg,
				   const void *object)
{
	const struct vnet_fdb_entry *entry = object;

	return entry->key != *(const u64 *)arg->key;
}

/* Constant where it is used, so that hash and comparison are compiled in. */
static const struct rhashtable_params vnet_fdb_params = {
	.head_offset = offsetof(struct vnet_fdb_entry, hash),
	.key_offset = offsetof(struct vnet_fdb_entry, key),
	.key_len = sizeof_field(struct vnet_fdb_entry, key),
	.hashfn = vnet_fdb_hash,
	.obj_cmpfn = vnet_fdb_compare,
	.automatic_shrinking = true,
};

/* RCU read side. */
static inline struct vnet_fdb_entry *vnet_fdb_lookup(struct vnet_fdb *fdb, u64 key)
{
	return rhashtable_lookup(&fdb->table, &key, vnet_fdb_params);
}

/* An expired entry counts as absent until the gc takes it away. */
static inline bool vnet_fdb_expired(const struct vnet_fdb *fdb,
				    const struct vnet_fdb_entry *entry)
{
	unsigned long ageing = READ_ONCE(fdb->ageing);

	return ageing && entry->kind == VNET_FDB_LEARNED &&
	       time_after(jiffies, READ_ONCE(entry->used) + ageing);
}

/* fdb_limit.c: all under fdb->lock */
void vnet_fdb_attach(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry);
void vnet_fdb_detach(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry);
void vnet_fdb_ease(struct vnet_fdb *fdb);
void vnet_fdb_ease_owner(struct vnet_fdb_owner *owner);
bool vnet_fdb_find_room(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner,
			bool grows, struct vnet_fdb_entry **victim,
			struct vnet_fdb_report *r);

#endif /* VNET_FDB_TABLE_H */
