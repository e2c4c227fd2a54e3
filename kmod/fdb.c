// SPDX-License-Identifier: GPL-2.0-only
/*
 * The forwarding table of one network: learning, moving, setting, ageing.
 * Layer 1: it must not know skbs, ports, members or netlink.
 *
 * Readers are under RCU and write nothing but an entry's age, and that seldom.
 * All changes happen under fdb->lock; what they have to tell is collected in a
 * struct vnet_fdb_report and told behind the unlock.
 */

#include "fdb_table.h"

#include <linux/rcupdate.h>
#include <linux/slab.h>
#include <linux/string.h>

#define FLUSH_BATCH	256	/* entries removed under one hold of the lock */
#define GC_BATCH	512	/* entries looked at before others may run */

static struct kmem_cache *entry_cache;
static struct workqueue_struct *gc_queue;

/*
 * Telling
 */

static void free_entry(struct rcu_head *rcu)
{
	kmem_cache_free(entry_cache, container_of(rcu, struct vnet_fdb_entry, rcu));
}

static void tell(struct vnet_fdb *fdb, enum vnet_event event, u64 key,
		 struct vnet_fdb_owner *owner, enum vnet_fdb_kind kind)
{
	u8 mac[6];

	vnet_fdb_mac(mac, key);
	fdb->ops->changed(fdb, event, mac, owner, kind);
}

static void tell_all(struct vnet_fdb *fdb, struct vnet_fdb_report *r)
{
	struct vnet_fdb_entry *entry, *next;

	list_for_each_entry_safe(entry, next, &r->gone, node) {
		tell(fdb, VNET_EVENT_REMOVED, entry->key, entry->owner, entry->kind);
		call_rcu(&entry->rcu, free_entry);
	}
	if (r->event)
		tell(fdb, r->event, r->key, r->owner, r->kind);
	if (r->full)
		fdb->ops->limit(fdb, r->full, r->full_limit);
	if (r->fdb_limit)
		fdb->ops->limit(fdb, NULL, r->fdb_limit);
}

/*
 * Every change goes from begin() to finish(). The RCU read side spans both, so
 * the owners that the report names live until it is told; and bottom halves
 * are off even then, as whoever listens may expect.
 */
static void begin(struct vnet_fdb *fdb, struct vnet_fdb_report *r)
	__acquires(RCU) __acquires(&fdb->lock)
{
	memset(r, 0, sizeof(*r));
	INIT_LIST_HEAD(&r->gone);
	local_bh_disable();
	rcu_read_lock();
	spin_lock(&fdb->lock);
}

static void finish(struct vnet_fdb *fdb, struct vnet_fdb_report *r)
	__releases(&fdb->lock) __releases(RCU)
{
	spin_unlock(&fdb->lock);
	tell_all(fdb, r);
	rcu_read_unlock();
	local_bh_enable();
}

static void note(struct vnet_fdb_report *r, enum vnet_event event,
		 const struct vnet_fdb_entry *entry)
{
	r->event = event;
	r->key = entry->key;
	r->owner = entry->owner;
	r->kind = entry->kind;
}

/*
 * Changing the table
 */

static unsigned long gc_period(const struct vnet_fdb *fdb)
{
	return clamp(READ_ONCE(fdb->ageing) / 4, msecs_to_jiffies(50), 30UL * HZ);
}

/* The gc runs while there is anything that ages. */
static void arm_gc(struct vnet_fdb *fdb)
{
	lockdep_assert_held(&fdb->lock);
	if (fdb->learned && READ_ONCE(fdb->ageing))
		queue_delayed_work(gc_queue, &fdb->gc, gc_period(fdb));
}

/*
 * When the change can be seen, and before the grace period of whatever it took out begins:
 * so nobody who finds the new generation finds the old entry.
 */
static void decide_anew(struct vnet_fdb *fdb)
{
	lockdep_assert_held(&fdb->lock);
	/* Pairs with vnet_recall(). */
	smp_store_release(&fdb->generation, fdb->generation + 1);
}

static void remove(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry,
		   struct vnet_fdb_report *r)
{
	rhashtable_remove_fast(&fdb->table, &entry->hash, vnet_fdb_params);
	decide_anew(fdb);
	vnet_fdb_detach(fdb, entry);
	list_add_tail(&entry->node, &r->gone);
	vnet_fdb_ease_owner(entry->owner);
	vnet_fdb_ease(fdb);
}

/* Only when the entry that it makes room for is in: no limit seems to ease. */
static void evict(struct vnet_fdb *fdb, struct vnet_fdb_entry *victim,
		  struct vnet_fdb_report *r)
{
	if (!victim)
		return;
	victim->owner->evicted++;
	remove(fdb, victim, r);
	fdb->evicted++;
}

static void fill_entry(struct vnet_fdb_entry *entry, u64 key,
		       struct vnet_fdb_owner *owner, enum vnet_fdb_kind kind)
{
	entry->key = key;
	entry->owner = owner;
	entry->used = jiffies;
	entry->kind = kind;
	entry->touched = false;
}

static int insert(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry,
		  struct vnet_fdb_report *r)
{
	struct vnet_fdb_entry *victim;
	int err;

	if (!vnet_fdb_find_room(fdb, entry->owner, true, &victim, r))
		return -ENOSPC;
	err = rhashtable_insert_fast(&fdb->table, &entry->hash, vnet_fdb_params);
	if (err)
		return err;
	vnet_fdb_attach(fdb, entry);
	evict(fdb, victim, r);
	/* Nobody was told of an address that was not known, but that it may be used. */
	if (entry->kind != VNET_FDB_LEARNED)
		decide_anew(fdb);
	else if (fdb->learned == 1)
		arm_gc(fdb);
	note(r, VNET_EVENT_ADDED, entry);
	return 0;
}

/* An address is known to @owner or not at all; there is nothing to be told. */
static void learn_new(struct vnet_fdb *fdb, u64 key,
		      struct vnet_fdb_owner *owner, struct vnet_fdb_report *r)
{
	struct vnet_fdb_entry *entry;

	entry = kmem_cache_alloc(entry_cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!entry)
		return;
	fill_entry(entry, key, owner, VNET_FDB_LEARNED);
	if (!insert(fdb, entry, r))
		return;
	owner->unlearned++;
	kmem_cache_free(entry_cache, entry);
}

static void move(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry,
		 struct vnet_fdb_owner *owner, struct vnet_fdb_report *r)
{
	struct vnet_fdb_owner *old = entry->owner;
	struct vnet_fdb_entry *victim;

	if (!vnet_fdb_find_room(fdb, owner, false, &victim, r)) {
		owner->unlearned++;
		return;
	}
	vnet_fdb_detach(fdb, entry);
	WRITE_ONCE(entry->owner, owner);
	WRITE_ONCE(entry->used, jiffies);
	WRITE_ONCE(entry->touched, false);
	decide_anew(fdb);
	vnet_fdb_attach(fdb, entry);
	vnet_fdb_ease_owner(old);
	evict(fdb, victim, r);
	fdb->moved++;
	note(r, VNET_EVENT_CHANGED, entry);
}

/* The entry of an address; an expired one is removed first. */
static struct vnet_fdb_entry *lookup_live(struct vnet_fdb *fdb, u64 key,
					  struct vnet_fdb_report *r)
{
	struct vnet_fdb_entry *entry = vnet_fdb_lookup(fdb, key);

	if (!entry || !vnet_fdb_expired(fdb, entry))
		return entry;
	remove(fdb, entry, r);
	return NULL;
}

static int learn_locked(struct vnet_fdb *fdb, u64 key,
			struct vnet_fdb_owner *owner, struct vnet_fdb_report *r)
{
	struct vnet_fdb_entry *entry;

	if (owner->closed)
		return 0;
	entry = lookup_live(fdb, key, r);
	if (!entry)
		learn_new(fdb, key, owner, r);
	else if (entry->owner == owner)
		return 0;
	else if (entry->kind == VNET_FDB_STICKY)
		return VNET_DROP_MAC_STICKY;
	else if (entry->kind == VNET_FDB_LEARNED)
		move(fdb, entry, owner, r);
	return 0;
}

static int learn_slow(struct vnet_fdb *fdb, u64 key,
		      struct vnet_fdb_owner *owner)
{
	struct vnet_fdb_report r;
	int verdict;

	/* Spare the lock the frames of a member that must not learn. */
	if (!READ_ONCE(owner->limit))
		return 0;
	begin(fdb, &r);
	verdict = learn_locked(fdb, key, owner, &r);
	finish(fdb, &r);
	return verdict;
}

/*
 * Most frames come from an address that was used a moment ago. They must not
 * write to its entry, which all CPUs read.
 */
static void refresh(const struct vnet_fdb *fdb, struct vnet_fdb_entry *entry)
{
	unsigned long ageing = READ_ONCE(fdb->ageing);
	unsigned long now = jiffies;
	unsigned long step = HZ / 4;

	if (ageing && ageing / 4 < step)
		step = ageing / 4;
	if (now - READ_ONCE(entry->used) <= step)
		return;
	WRITE_ONCE(entry->used, now);
	WRITE_ONCE(entry->touched, true);
}

/**
 * vnet_fdb_learn - a frame came in: remember where its sender is
 * @fdb: the table
 * @mac: source address of the frame, a unicast one
 * @owner: where it came from
 *
 * Whatever keeps an address from being learned (a limit, no memory, a closing
 * owner) is no reason to drop the frame.
 *
 * Context: RCU read side, bottom halves off.
 * Return: 0, or %VNET_DROP_MAC_STICKY if the address is pinned to another owner.
 */
int vnet_fdb_learn(struct vnet_fdb *fdb, const u8 *mac,
		   struct vnet_fdb_owner *owner)
{
	u64 key = vnet_fdb_key(mac);
	struct vnet_fdb_entry *entry = vnet_fdb_lookup(fdb, key);

	if (!entry)
		return learn_slow(fdb, key, owner);
	if (READ_ONCE(entry->owner) == owner) {
		if (entry->kind == VNET_FDB_LEARNED)
			refresh(fdb, entry);
		return 0;
	}
	if (entry->kind == VNET_FDB_STATIC)
		return 0;
	if (entry->kind == VNET_FDB_STICKY)
		return VNET_DROP_MAC_STICKY;
	return learn_slow(fdb, key, owner);
}

/**
 * vnet_fdb_find - find out where an address is
 * @fdb: the table
 * @mac: destination address of a frame
 *
 * Context: RCU read side.
 * Return: the owner, valid until the RCU read side ends, or NULL if the address
 * is not known (any more).
 */
struct vnet_fdb_owner *vnet_fdb_find(struct vnet_fdb *fdb, const u8 *mac)
{
	struct vnet_fdb_entry *entry = vnet_fdb_lookup(fdb, vnet_fdb_key(mac));

	if (!entry || vnet_fdb_expired(fdb, entry))
		return NULL;
	return READ_ONCE(entry->owner);
}

/**
 * vnet_fdb_remember - what vnet_fdb_learn() and vnet_fdb_find() said of a frame
 * @fdb: the table
 * @src: its source, which vnet_fdb_learn() allowed, or which is not to be learned
 * @owner: where it came from; NULL: nothing is learned from there
 * @dst: its destination
 * @to: where vnet_fdb_find() found that
 * @pair: filled in
 *
 * Context: RCU read side.
 * Return: true if the same frame meets the same answers until the generation goes up,
 * but for the age of its destination.
 */
bool vnet_fdb_remember(struct vnet_fdb *fdb, const u8 *src, struct vnet_fdb_owner *owner,
		       const u8 *dst, struct vnet_fdb_owner *to, struct vnet_fdb_pair *pair)
{
	pair->target = vnet_fdb_lookup(fdb, vnet_fdb_key(dst));
	pair->to = to;
	pair->source = NULL;
	if (!pair->target || READ_ONCE(pair->target->owner) != to)
		return false;
	if (!owner)
		return true;
	pair->source = vnet_fdb_lookup(fdb, vnet_fdb_key(src));
	if (!pair->source)
		return false;
	if (pair->source->kind != VNET_FDB_LEARNED) {
		pair->source = NULL;
		return true;
	}
	return READ_ONCE(pair->source->owner) == owner;
}

/**
 * vnet_fdb_find_again - ask for what was remembered
 * @fdb: the table
 * @pair: from vnet_fdb_remember(), since when the generation is the same
 *
 * Its source has been used.
 *
 * Context: RCU read side.
 * Return: the owner of the destination, the same as before, valid until the RCU read
 * side ends; NULL if the address is too old, or has just moved.
 */
struct vnet_fdb_owner *vnet_fdb_find_again(const struct vnet_fdb *fdb,
					   const struct vnet_fdb_pair *pair)
{
	if (unlikely(vnet_fdb_expired(fdb, pair->target) ||
		     READ_ONCE(pair->target->owner) != pair->to))
		return NULL;
	if (pair->source)
		refresh(fdb, pair->source);
	return pair->to;
}

/* Readers see the old entry or the new one, each of them whole. */
static int replace(struct vnet_fdb *fdb, struct vnet_fdb_entry *old,
		   struct vnet_fdb_entry *entry, struct vnet_fdb_report *r)
{
	struct vnet_fdb_owner *loser = old->owner;
	struct vnet_fdb_entry *victim = NULL;
	int err;

	if (loser != entry->owner &&
	    !vnet_fdb_find_room(fdb, entry->owner, false, &victim, r))
		return -ENOSPC;
	err = rhashtable_replace_fast(&fdb->table, &old->hash, &entry->hash,
				      vnet_fdb_params);
	if (err)
		return err;
	decide_anew(fdb);
	vnet_fdb_detach(fdb, old);
	call_rcu(&old->rcu, free_entry);
	vnet_fdb_attach(fdb, entry);
	vnet_fdb_ease_owner(loser);
	evict(fdb, victim, r);
	note(r, VNET_EVENT_CHANGED, entry);
	return 0;
}

static int set_locked(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry,
		      bool *unchanged, struct vnet_fdb_report *r)
{
	struct vnet_fdb_entry *old;

	if (entry->owner->closed)
		return -ENOENT;
	old = lookup_live(fdb, entry->key, r);
	if (!old)
		return insert(fdb, entry, r);
	*unchanged = old->owner == entry->owner && old->kind == entry->kind;
	return *unchanged ? 0 : replace(fdb, old, entry, r);
}

/**
 * vnet_fdb_set - set an address, whatever the table knew about it before
 * @fdb: the table
 * @mac: the address
 * @owner: where it is
 * @kind: %VNET_FDB_STATIC or %VNET_FDB_STICKY
 * @unchanged: set to whether it was like this already
 *
 * Context: process context, may sleep.
 * Return: 0; -EINVAL if @mac is not a unicast address or @kind is another one,
 * -ENOSPC at a limit where no learned address can make room, -ENOENT if the
 * owner is going, -ENOMEM, or -EBUSY while the table has no room for a moment.
 */
int vnet_fdb_set(struct vnet_fdb *fdb, const u8 *mac,
		 struct vnet_fdb_owner *owner, enum vnet_fdb_kind kind,
		 bool *unchanged)
{
	u64 key = vnet_fdb_key(mac);
	struct vnet_fdb_entry *entry;
	struct vnet_fdb_report r;
	int err;

	*unchanged = false;
	if (!key || mac[0] & 1)
		return -EINVAL;
	if (kind != VNET_FDB_STATIC && kind != VNET_FDB_STICKY)
		return -EINVAL;
	entry = kmem_cache_alloc(entry_cache, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!entry)
		return -ENOMEM;
	fill_entry(entry, key, owner, kind);
	begin(fdb, &r);
	err = set_locked(fdb, entry, unchanged, &r);
	finish(fdb, &r);
	if (err || *unchanged)
		kmem_cache_free(entry_cache, entry);
	return err;
}

/**
 * vnet_fdb_forget - remove an address, of whatever kind
 * @fdb: the table
 * @mac: the address
 *
 * Context: any with interrupts on.
 * Return: 0, or -ENOENT if it is not in the table.
 */
int vnet_fdb_forget(struct vnet_fdb *fdb, const u8 *mac)
{
	struct vnet_fdb_entry *entry;
	struct vnet_fdb_report r;

	begin(fdb, &r);
	entry = vnet_fdb_lookup(fdb, vnet_fdb_key(mac));
	if (entry)
		remove(fdb, entry, &r);
	finish(fdb, &r);
	return entry ? 0 : -ENOENT;
}

static struct vnet_fdb_entry *first_of(struct vnet_fdb_owner *owner, bool all)
{
	struct list_head *list = &owner->entries;

	if (all && list_empty(list))
		list = &owner->fixed;
	return list_first_entry_or_null(list, struct vnet_fdb_entry, node);
}

static u32 flush_some(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner,
		      bool all, u32 most)
{
	struct vnet_fdb_entry *entry;
	struct vnet_fdb_report r;
	u32 removed;

	begin(fdb, &r);
	for (removed = 0; removed < most; removed++) {
		entry = first_of(owner, all);
		if (!entry)
			break;
		remove(fdb, entry, &r);
	}
	finish(fdb, &r);
	cond_resched();
	return removed;
}

/* What is learned meanwhile is not our concern, else this might never end. */
static u32 flush_owner(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner, bool all)
{
	u32 left = READ_ONCE(owner->count);
	u32 removed, total = 0;

	while (left) {
		removed = flush_some(fdb, owner, all, min_t(u32, left, FLUSH_BATCH));
		if (!removed)
			break;
		total += removed;
		left -= removed;
	}
	return total;
}

/**
 * vnet_fdb_flush - forget what was learned
 * @fdb: the table
 * @owner: of this owner only; NULL = of all
 * @all: static and sticky entries too
 *
 * Context: process context, may sleep. The caller keeps owners from being
 * opened and closed meanwhile.
 * Return: how many entries were removed.
 */
u32 vnet_fdb_flush(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner, bool all)
{
	u32 total = 0;

	if (owner)
		return flush_owner(fdb, owner, all);
	list_for_each_entry(owner, &fdb->owners, node)
		total += flush_owner(fdb, owner, all);
	return total;
}

/*
 * Owners
 */

/**
 * vnet_fdb_owner_open - let an owner have entries
 * @fdb: the table
 * @owner: the owner
 * @limit: most entries that it may have, 0 = none
 *
 * Context: process context; may not be called while the table is flushed.
 */
void vnet_fdb_owner_open(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner,
			 u32 limit)
{
	INIT_LIST_HEAD(&owner->entries);
	INIT_LIST_HEAD(&owner->fixed);
	owner->count = 0;
	owner->limit = limit;
	owner->closed = false;
	owner->limited = false;
	spin_lock_bh(&fdb->lock);
	list_add_tail(&owner->node, &fdb->owners);
	spin_unlock_bh(&fdb->lock);
}

/**
 * vnet_fdb_owner_close - remove all entries of an owner, for good
 * @fdb: the table
 * @owner: the owner
 *
 * Frames may still come from it; they add nothing any more. Readers may still
 * hold it: the caller waits for a grace period before it frees the owner.
 *
 * Context: process context, may sleep; may not be called while the table is
 * flushed.
 */
void vnet_fdb_owner_close(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner)
{
	spin_lock_bh(&fdb->lock);
	owner->closed = true;
	list_del(&owner->node);
	spin_unlock_bh(&fdb->lock);
	while (flush_some(fdb, owner, true, FLUSH_BATCH))
		;
}

/**
 * vnet_fdb_owner_set_limit - change the limit of an owner
 * @fdb: the table
 * @owner: the owner
 * @limit: most entries that it may have, 0 = none
 *
 * Context: any with interrupts on.
 * Return: 0, or -ENOSPC if it has more already.
 */
int vnet_fdb_owner_set_limit(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner,
			     u32 limit)
{
	int err = -ENOSPC;

	spin_lock_bh(&fdb->lock);
	if (limit >= owner->count) {
		WRITE_ONCE(owner->limit, limit);
		vnet_fdb_ease_owner(owner);
		err = 0;
	}
	spin_unlock_bh(&fdb->lock);
	return err;
}

/**
 * vnet_fdb_set_limit - change the limit of the whole table
 * @fdb: the table
 * @limit: most entries
 *
 * Context: any with interrupts on.
 * Return: 0, or -ENOSPC if it has more already.
 */
int vnet_fdb_set_limit(struct vnet_fdb *fdb, u32 limit)
{
	int err = -ENOSPC;

	spin_lock_bh(&fdb->lock);
	if (limit >= fdb->count) {
		fdb->limit = limit;
		vnet_fdb_ease(fdb);
		err = 0;
	}
	spin_unlock_bh(&fdb->lock);
	return err;
}

/**
 * vnet_fdb_set_ageing - change how long unused addresses are remembered
 * @fdb: the table
 * @milliseconds: the time, 0 = for ever
 *
 * Context: process context.
 */
void vnet_fdb_set_ageing(struct vnet_fdb *fdb, u32 milliseconds)
{
	WRITE_ONCE(fdb->ageing, msecs_to_jiffies(milliseconds));
	/* Also if there is nothing to age; then the gc does not come again. */
	if (milliseconds)
		mod_delayed_work(gc_queue, &fdb->gc, gc_period(fdb));
}

/*
 * Ageing
 */

/* The walk is lockless, so the entry may have gone or come alive meanwhile. */
static void forget_expired(struct vnet_fdb *fdb, struct vnet_fdb_entry *entry)
{
	struct vnet_fdb_report r;

	begin(fdb, &r);
	if (vnet_fdb_lookup(fdb, entry->key) == entry && vnet_fdb_expired(fdb, entry))
		remove(fdb, entry, &r);
	finish(fdb, &r);
}

/* Returns false at the end of the table. */
static bool gc_some(struct vnet_fdb *fdb, struct rhashtable_iter *iter)
{
	struct vnet_fdb_entry *entry;
	unsigned int i;

	for (i = 0; i < GC_BATCH; i++) {
		entry = rhashtable_walk_next(iter);
		if (!entry)
			return false;
		if (!IS_ERR(entry) && vnet_fdb_expired(fdb, entry))
			forget_expired(fdb, entry);
	}
	return true;
}

/*
 * An entry that a resize or our own removals hide from the walk is found the
 * next time. Nobody misses it: an expired one counts as absent anyway.
 */
static void run_gc(struct work_struct *work)
{
	struct vnet_fdb *fdb = container_of(to_delayed_work(work), struct vnet_fdb, gc);
	struct rhashtable_iter iter;
	bool more;

	rhashtable_walk_enter(&fdb->table, &iter);
	do {
		rhashtable_walk_start(&iter);
		more = gc_some(fdb, &iter);
		rhashtable_walk_stop(&iter);
		cond_resched();
	} while (more);
	rhashtable_walk_exit(&iter);

	spin_lock_bh(&fdb->lock);
	arm_gc(fdb);
	spin_unlock_bh(&fdb->lock);
}

/*
 * The table
 */

/**
 * vnet_fdb_init - make an empty table with the default limit and ageing
 * @fdb: the table
 * @ops: whom to tell
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vnet_fdb_init(struct vnet_fdb *fdb, const struct vnet_fdb_ops *ops)
{
	memset(fdb, 0, sizeof(*fdb));
	fdb->ops = ops;
	fdb->limit = VNET_MACS_DEFAULT;
	fdb->ageing = msecs_to_jiffies(VNET_AGEING_DEFAULT);
	spin_lock_init(&fdb->lock);
	INIT_LIST_HEAD(&fdb->owners);
	INIT_DELAYED_WORK(&fdb->gc, run_gc);
	return rhashtable_init(&fdb->table, &vnet_fdb_params);
}

static void free_left(void *object, void *unused)
{
	struct vnet_fdb_entry *entry = object;

	call_rcu(&entry->rcu, free_entry);
}

/**
 * vnet_fdb_destroy - free what vnet_fdb_init() made
 * @fdb: the table; all its owners are closed and nobody walks through it
 *
 * Context: process context, may sleep.
 */
void vnet_fdb_destroy(struct vnet_fdb *fdb)
{
	WARN_ON_ONCE(!list_empty(&fdb->owners));
	cancel_delayed_work_sync(&fdb->gc);
	rhashtable_free_and_destroy(&fdb->table, free_left, NULL);
}

/**
 * vnet_fdb_init_module - make what all tables share
 *
 * Context: process context, may sleep.
 * Return: 0 or -ENOMEM.
 */
int vnet_fdb_init_module(void)
{
	BUILD_BUG_ON(sizeof(struct vnet_fdb_entry) > 64);
	/* A cache line for each, so that a reader touches no second one. */
	entry_cache = KMEM_CACHE(vnet_fdb_entry, SLAB_HWCACHE_ALIGN);
	if (!entry_cache)
		return -ENOMEM;
	/* Unbound: a round through a large table takes its time. */
	gc_queue = alloc_workqueue("vnet_fdb", WQ_UNBOUND, 0);
	if (!gc_queue) {
		kmem_cache_destroy(entry_cache);
		return -ENOMEM;
	}
	return 0;
}

/**
 * vnet_fdb_exit_module - undo vnet_fdb_init_module()
 *
 * All tables are destroyed. Waits for all RCU callbacks of the module.
 *
 * Context: process context, may sleep.
 */
void vnet_fdb_exit_module(void)
{
	destroy_workqueue(gc_queue);
	rcu_barrier();
	kmem_cache_destroy(entry_cache);
}
