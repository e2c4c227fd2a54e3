/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: a hash table */
#ifndef SHIM_LINUX_RHASHTABLE_H
#define SHIM_LINUX_RHASHTABLE_H

#include <linux/err.h>
#include <linux/list.h>
#include <linux/rcupdate.h>
#include <linux/types.h>

/*
 * A hash table for one thread with the interface of the kernel's. It resizes at
 * once, where the kernel's does so after a while; who walks through it is told
 * by -EAGAIN in both.
 */
struct rhash_head {
	struct rhash_head *next;
};

struct rhashtable;

struct rhashtable_compare_arg {
	struct rhashtable *ht;
	const void *key;
};

struct rhashtable_params {
	u16 nelem_hint;
	u16 key_len;
	u16 key_offset;
	u16 head_offset;
	unsigned int max_size;
	u16 min_size;
	bool automatic_shrinking;
	u32 (*hashfn)(const void *data, u32 length, u32 seed);
	u32 (*obj_hashfn)(const void *data, u32 length, u32 seed);
	int (*obj_cmpfn)(struct rhashtable_compare_arg *arg, const void *object);
};

struct rhashtable {
	struct rhash_head **buckets;
	unsigned int size;
	unsigned int nelems;
	unsigned int resizes;
	u32 seed;
	struct rhashtable_params p;
};

/* In order: in a bucket, the entry last told and how many were told before. */
struct rhashtable_iter {
	struct rhashtable *ht;
	struct rhash_head *p;
	unsigned int resizes;
	unsigned int slot;
	unsigned int skip;
	bool end;
	bool walking;
};

int rhashtable_init(struct rhashtable *ht, const struct rhashtable_params *params);
void rhashtable_destroy(struct rhashtable *ht);
void rhashtable_free_and_destroy(struct rhashtable *ht,
				 void (*free)(void *object, void *arg), void *arg);

void *rhashtable_lookup(struct rhashtable *ht, const void *key,
			const struct rhashtable_params params);
int rhashtable_insert_fast(struct rhashtable *ht, struct rhash_head *object,
			   const struct rhashtable_params params);
int rhashtable_remove_fast(struct rhashtable *ht, struct rhash_head *object,
			   const struct rhashtable_params params);
int rhashtable_replace_fast(struct rhashtable *ht, struct rhash_head *old,
			    struct rhash_head *new,
			    const struct rhashtable_params params);

static inline void *rhashtable_lookup_fast(struct rhashtable *ht, const void *key,
					   const struct rhashtable_params params)
{
	void *object;

	rcu_read_lock();
	object = rhashtable_lookup(ht, key, params);
	rcu_read_unlock();
	return object;
}

void rhashtable_walk_enter(struct rhashtable *ht, struct rhashtable_iter *iter);
void rhashtable_walk_exit(struct rhashtable_iter *iter);
int rhashtable_walk_start_check(struct rhashtable_iter *iter);
void *rhashtable_walk_next(struct rhashtable_iter *iter);
void rhashtable_walk_stop(struct rhashtable_iter *iter);

static inline void rhashtable_walk_start(struct rhashtable_iter *iter)
{
	rhashtable_walk_start_check(iter);
}

#endif /* SHIM_LINUX_RHASHTABLE_H */
