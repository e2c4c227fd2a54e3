/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The forwarding table of one network: MAC address -> owner.
 * Layer 1: an owner is a member to everybody else; this file knows only that
 * it has entries and a limit. It must not know skbs, ports or netlink.
 */
#ifndef VNET_FDB_H
#define VNET_FDB_H

#include <linux/list.h>
#include <linux/rhashtable.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>
#include <linux/vnet.h>

struct vnet_fdb;

/**
 * struct vnet_fdb_owner - what one member has in the table; embedded in it
 * @entries: its learned entries, the one learned first in front; fdb->lock
 * @fixed: its static and sticky entries; fdb->lock
 * @count: length of @entries and @fixed; fdb->lock, read without
 * @limit: most entries that it may have; fdb->lock
 * @closed: the member is going, nothing may be added; fdb->lock
 * @evicted: its learned entries that were forgotten early because of a limit; fdb->lock
 * @unlearned: addresses that were not learned because nothing made room; fdb->lock
 * @limited: the limit event was sent and usage has not fallen since; fdb->lock
 * @node: in fdb->owners; fdb->lock
 */
struct vnet_fdb_owner {
	struct list_head entries;
	struct list_head fixed;
	u32 count;
	u32 limit;
	u64 evicted;
	u64 unlearned;
	bool closed;
	bool limited;
	struct list_head node;
};

/**
 * struct vnet_fdb_entry - one address; fits into one cache line
 * @hash: in fdb->table
 * @key: the address as a number
 * @owner: whose it is; RCU readers take one snapshot
 * @used: jiffies of the last frame from it, written only when it changes much
 * @kind: enum vnet_fdb_kind; never changes
 * @touched: frames came from it since it took its place in owner->entries
 * @node: in owner->entries or owner->fixed; fdb->lock
 * @rcu: readers may still hold it; only when it has left the lists
 */
struct vnet_fdb_entry {
	struct rhash_head hash;
	u64 key;
	struct vnet_fdb_owner *owner;
	unsigned long used;
	u8 kind;
	bool touched;
	union {
		struct list_head node;
		struct rcu_head rcu;
	};
};

/**
 * struct vnet_fdb_pair - two addresses of a frame that were found
 * @source: whose age its sender keeps young; NULL: it does not age
 * @target: whose age decides whether it is still known
 * @to: its owner, who gets the frame
 */
struct vnet_fdb_pair {
	struct vnet_fdb_entry *source;
	struct vnet_fdb_entry *target;
	struct vnet_fdb_owner *to;
};

/**
 * struct vnet_fdb_ops - what the table tells its network; may be called with
 *	bottom halves off but never with fdb->lock held; RCU read lock held
 * @changed: an address was added, moved (%VNET_EVENT_CHANGED) or removed
 * @limit: a limit was reached for the first time; @owner is NULL for the
 *	network's own limit
 */
struct vnet_fdb_ops {
	void (*changed)(struct vnet_fdb *fdb, enum vnet_event event,
			const u8 *mac, struct vnet_fdb_owner *owner,
			enum vnet_fdb_kind kind);
	void (*limit)(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner,
		      u32 limit);
};

/**
 * struct vnet_fdb - the table
 * @table: the hash table; it grows and shrinks by itself
 * @ageing: jiffies until a learned entry is forgotten, 0 = never
 * @lock: all changes; taken with bottom halves off
 * @count: entries; lock, read without
 * @learned: learned ones among them; lock
 * @limit: most entries; lock
 * @limited: as in the owner; lock
 * @generation: goes up when what was said of an address may be wrong now; lock, read
 *	without
 * @evicted: learned entries forgotten early because of a limit; lock
 * @moved: learned entries that changed their owner; lock
 * @owners: all open owners; lock
 * @ops: whom to tell
 * @gc: forgets expired entries, in process context
 */
struct vnet_fdb {
	struct rhashtable table;
	unsigned long ageing;
	spinlock_t lock;
	u32 count;
	u32 learned;
	u32 limit;
	bool limited;
	u32 generation;
	u64 evicted;
	u64 moved;
	struct list_head owners;
	const struct vnet_fdb_ops *ops;
	struct delayed_work gc;
};

int vnet_fdb_init(struct vnet_fdb *fdb, const struct vnet_fdb_ops *ops);
void vnet_fdb_destroy(struct vnet_fdb *fdb);
int vnet_fdb_set_limit(struct vnet_fdb *fdb, u32 limit);
void vnet_fdb_set_ageing(struct vnet_fdb *fdb, u32 milliseconds);

void vnet_fdb_owner_open(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner,
			 u32 limit);
void vnet_fdb_owner_close(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner);
int vnet_fdb_owner_set_limit(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner,
			     u32 limit);

struct vnet_fdb_owner *vnet_fdb_find(struct vnet_fdb *fdb, const u8 *mac);
int vnet_fdb_learn(struct vnet_fdb *fdb, const u8 *mac,
		   struct vnet_fdb_owner *owner);

/*
 * For who remembers what was said of two addresses, as long as the generation is the
 * same: what he must keep, and the question that is left to be asked.
 */
bool vnet_fdb_remember(struct vnet_fdb *fdb, const u8 *src, struct vnet_fdb_owner *owner,
		       const u8 *dst, struct vnet_fdb_owner *to, struct vnet_fdb_pair *pair);
struct vnet_fdb_owner *vnet_fdb_find_again(const struct vnet_fdb *fdb,
					   const struct vnet_fdb_pair *pair);

/* Configuration; see fdb.c for the errors. */
int vnet_fdb_set(struct vnet_fdb *fdb, const u8 *mac,
		 struct vnet_fdb_owner *owner, enum vnet_fdb_kind kind,
		 bool *unchanged);
int vnet_fdb_forget(struct vnet_fdb *fdb, const u8 *mac);
u32 vnet_fdb_flush(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner, bool all);

/** struct vnet_fdb_info - one entry as a dump tells it */
struct vnet_fdb_info {
	u8 mac[6];
	u8 kind;
	u32 age_ms;
	struct vnet_fdb_owner *owner;
};

int vnet_fdb_get(struct vnet_fdb *fdb, const u8 *mac, struct vnet_fdb_info *info);

/*
 * Walking: start (may sleep, -ENOMEM), then any number of rounds of
 * { begin, next..., end }, then stop. Between begin and end the RCU read lock
 * is held and nothing may sleep. next: 1 = one entry in info, 0 = no more,
 * -EAGAIN = the table was resized, entries may come twice or not at all: go on
 * and say so. back: the entry of the last next again (if it is still there),
 * for a dump whose message was full.
 */
struct vnet_fdb_walk {
	struct rhashtable_iter iter;
	bool again;
	bool resized;
	u64 last;
};

int vnet_fdb_walk_start(struct vnet_fdb *fdb, struct vnet_fdb_walk *walk);
void vnet_fdb_walk_begin(struct vnet_fdb_walk *walk);
int vnet_fdb_walk_next(struct vnet_fdb_walk *walk, struct vnet_fdb_info *info);
void vnet_fdb_walk_back(struct vnet_fdb_walk *walk);
void vnet_fdb_walk_end(struct vnet_fdb_walk *walk);
void vnet_fdb_walk_stop(struct vnet_fdb_walk *walk);

/* The slab of entries and the workqueue of the gc; module init and exit. */
int vnet_fdb_init_module(void);
void vnet_fdb_exit_module(void);

#endif /* VNET_FDB_H */
