// SPDX-License-Identifier: GPL-2.0-only
/*
 * Unit test shim: the part of a kernel that the sources under test lean on, for
 * one thread, with assertions where a real kernel would hang or sleep.
 */

#include "shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/percpu.h>
#include <linux/random.h>
#include <linux/rcupdate.h>
#include <linux/rhashtable.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/u64_stats_sync.h>
#include <linux/workqueue.h>

#define NS_PER_JIFFY	(NSEC_PER_SEC / HZ)
/* Ticks wrap after half a minute, so that every test of ageing sees it. */
#define FIRST_JIFFY	((unsigned long)(-30L * HZ))

static unsigned int bh_depth;
static unsigned int rcu_depth;
static unsigned int locks_held;

void shim_die(const char *file, int line, const char *what)
{
	fflush(stdout);
	fprintf(stderr, "%s:%d: %s\n", file, line, what);
	abort();
}

/*
 * Contexts
 */

void local_bh_disable(void)
{
	bh_depth++;
}

void local_bh_enable(void)
{
	SHIM_ASSERT(bh_depth, "bottom halves are on already");
	bh_depth--;
}

bool in_softirq(void)
{
	return bh_depth;
}

void shim_may_sleep(const char *file, int line)
{
	if (bh_depth || rcu_depth || locks_held)
		shim_die(file, line, "sleeps where it must not");
}

void spin_lock_init(spinlock_t *lock)
{
	lock->held = false;
}

void spin_lock(spinlock_t *lock)
{
	SHIM_ASSERT(!lock->held, "deadlock");
	lock->held = true;
	locks_held++;
}

void spin_unlock(spinlock_t *lock)
{
	SHIM_ASSERT(lock->held, "unlocks what is not held");
	lock->held = false;
	locks_held--;
}

/*
 * Memory
 */

static unsigned int fail_countdown;
static bool has_failed;
static size_t allocated;

void shim_fail_at(unsigned int n)
{
	fail_countdown = n;
	has_failed = false;
}

bool shim_failed(void)
{
	bool failed = has_failed;

	fail_countdown = 0;
	has_failed = false;
	return failed;
}

size_t shim_allocated(void)
{
	return allocated;
}

static bool fails_now(void)
{
	if (!fail_countdown || --fail_countdown)
		return false;
	has_failed = true;
	return true;
}

void *shim_alloc(const char *file, int line, size_t size, gfp_t gfp)
{
	void *pointer;

	if (gfpflags_allow_blocking(gfp))
		shim_may_sleep(file, line);
	if (fails_now() || size > (size_t)1 << 34)
		return NULL;
	pointer = malloc(size);
	if (!pointer)
		shim_die(file, line, "this machine has no memory left");
	memset(pointer, gfp & __GFP_ZERO ? 0 : 0xa5, size);
	allocated++;
	return pointer;
}

void *shim_memdup(const char *file, int line, const void *from, size_t size, gfp_t gfp)
{
	void *pointer = shim_alloc(file, line, size, gfp);

	return pointer ? memcpy(pointer, from, size) : NULL;
}

void shim_free(const void *pointer)
{
	if (!pointer)
		return;
	SHIM_ASSERT(allocated, "more freed than allocated");
	allocated--;
	free((void *)pointer);
}

struct kmem_cache {
	size_t size;
	size_t objects;
};

struct kmem_cache *kmem_cache_create(const char *name, unsigned int size,
				     unsigned int align, unsigned int flags,
				     void (*ctor)(void *object))
{
	struct kmem_cache *cache = kzalloc(sizeof(*cache), GFP_KERNEL);

	if (cache)
		cache->size = size;
	return cache;
}

void kmem_cache_destroy(struct kmem_cache *cache)
{
	SHIM_ASSERT(!cache || !cache->objects, "the cache still has objects");
	kfree(cache);
}

void *shim_cache_alloc(const char *file, int line, struct kmem_cache *cache, gfp_t gfp)
{
	void *object = shim_alloc(file, line, cache->size, gfp);

	if (object)
		cache->objects++;
	return object;
}

void kmem_cache_free(struct kmem_cache *cache, void *object)
{
	SHIM_ASSERT(cache->objects, "more freed than the cache had");
	cache->objects--;
	kfree(object);
}

/*
 * RCU
 */

/* A function below this is no function: kfree_rcu(), and the offset. */
#define KFREE_OFFSETS	4096

static struct rcu_head *callbacks, **callbacks_end = &callbacks;

void rcu_read_lock(void)
{
	rcu_depth++;
}

void rcu_read_unlock(void)
{
	SHIM_ASSERT(rcu_depth, "no RCU read side to leave");
	rcu_depth--;
}

bool rcu_read_lock_held(void)
{
	return rcu_depth;
}

void shim_rcu_assert(const char *file, int line, bool otherwise)
{
	if (!rcu_depth && !otherwise)
		shim_die(file, line, "reads without the RCU read lock");
}

void call_rcu(struct rcu_head *head, rcu_callback_t func)
{
	head->func = func;
	head->next = NULL;
	*callbacks_end = head;
	callbacks_end = &head->next;
}

void shim_kvfree_rcu(struct rcu_head *head, size_t offset)
{
	SHIM_ASSERT(offset < KFREE_OFFSETS, "kfree_rcu: the head is too far inside");
	call_rcu(head, (rcu_callback_t)offset);
}

static void run_callback(struct rcu_head *head)
{
	uintptr_t offset = (uintptr_t)head->func;

	if (offset < KFREE_OFFSETS)
		kvfree((char *)head - offset);
	else
		head->func(head);
}

unsigned int shim_rcu_run(void)
{
	struct rcu_head *head = callbacks, *next;
	unsigned int count = 0;

	SHIM_ASSERT(!rcu_depth, "a grace period ends while somebody reads");
	callbacks = NULL;
	callbacks_end = &callbacks;
	local_bh_disable();
	for (; head; head = next, count++) {
		next = head->next;
		run_callback(head);
	}
	local_bh_enable();
	return count;
}

void synchronize_rcu(void)
{
	might_sleep();
	shim_rcu_run();
}

void rcu_barrier(void)
{
	might_sleep();
	while (shim_rcu_run())
		;
}

/*
 * Per-CPU counters
 */

int shim_cpu;

bool u64_stats_fetch_retry(const struct u64_stats_sync *syncp, unsigned int start)
{
	static unsigned int calls;

	/* Now and then a writer came in between. */
	return syncp->sequence != start || ++calls % 5 == 0;
}

/*
 * Time
 */

static u64 now_ns;
static u64 late_ns;
volatile unsigned long jiffies = FIRST_JIFFY;

static LIST_HEAD(timers);
static LIST_HEAD(works);
static struct workqueue_struct {
	const char *name;
} default_queue = { "events" };
struct workqueue_struct *system_wq = &default_queue;

u64 ktime_get_ns(void)
{
	return now_ns;
}

void hrtimer_setup(struct hrtimer *timer,
		   enum hrtimer_restart (*function)(struct hrtimer *timer),
		   int clock, enum hrtimer_mode mode)
{
	memset(timer, 0, sizeof(*timer));
	timer->function = function;
	INIT_LIST_HEAD(&timer->node);
}

void hrtimer_start(struct hrtimer *timer, ktime_t time, enum hrtimer_mode mode)
{
	hrtimer_try_to_cancel(timer);
	timer->expires = mode & HRTIMER_MODE_REL ? (ktime_t)now_ns + time : time;
	timer->queued = true;
	list_add_tail(&timer->node, &timers);
}

int hrtimer_try_to_cancel(struct hrtimer *timer)
{
	if (!timer->queued)
		return 0;
	timer->queued = false;
	list_del(&timer->node);
	return 1;
}

int hrtimer_cancel(struct hrtimer *timer)
{
	SHIM_ASSERT(!locks_held, "waits for a timer with a lock held");
	return hrtimer_try_to_cancel(timer);
}

u64 hrtimer_forward_now(struct hrtimer *timer, ktime_t interval)
{
	u64 overruns = 0;

	if ((ktime_t)now_ns < timer->expires)
		return 0;
	overruns = ((ktime_t)now_ns - timer->expires) / interval + 1;
	timer->expires += overruns * interval;
	return overruns;
}

static void run_timer(struct hrtimer *timer)
{
	enum hrtimer_restart restart;

	hrtimer_try_to_cancel(timer);
	local_bh_disable();
	restart = timer->function(timer);
	local_bh_enable();
	if (restart == HRTIMER_RESTART && !timer->queued)
		hrtimer_start(timer, timer->expires, HRTIMER_MODE_ABS);
}

void shim_work_init(struct work_struct *work, work_func_t func)
{
	memset(work, 0, sizeof(*work));
	work->func = func;
	INIT_LIST_HEAD(&work->node);
}

struct workqueue_struct *alloc_workqueue(const char *name, unsigned int flags,
					 int max_active, ...)
{
	struct workqueue_struct *queue = kzalloc(sizeof(*queue), GFP_KERNEL);

	if (queue)
		queue->name = name;
	return queue;
}

void destroy_workqueue(struct workqueue_struct *queue)
{
	struct work_struct *work;

	might_sleep();
	list_for_each_entry(work, &works, node)
		SHIM_ASSERT(work->queue != queue, "work is pending on a dying queue");
	kfree(queue);
}

static bool queue_after(struct workqueue_struct *queue, struct work_struct *work,
			unsigned long delay)
{
	if (work->pending)
		return false;
	work->pending = true;
	work->queue = queue;
	work->expires = jiffies + delay;
	list_add_tail(&work->node, &works);
	return true;
}

bool queue_work(struct workqueue_struct *queue, struct work_struct *work)
{
	return queue_after(queue, work, 0);
}

bool queue_delayed_work(struct workqueue_struct *queue, struct delayed_work *dwork,
			unsigned long delay)
{
	return queue_after(queue, &dwork->work, delay);
}

static bool dequeue(struct work_struct *work)
{
	if (!work->pending)
		return false;
	work->pending = false;
	list_del(&work->node);
	return true;
}

bool mod_delayed_work(struct workqueue_struct *queue, struct delayed_work *dwork,
		      unsigned long delay)
{
	bool was_pending = dequeue(&dwork->work);

	queue_after(queue, &dwork->work, delay);
	return was_pending;
}

bool cancel_work_sync(struct work_struct *work)
{
	might_sleep();
	return dequeue(work);
}

bool cancel_delayed_work(struct delayed_work *dwork)
{
	return dequeue(&dwork->work);
}

bool cancel_delayed_work_sync(struct delayed_work *dwork)
{
	return cancel_work_sync(&dwork->work);
}

static void run_work(struct work_struct *work)
{
	dequeue(work);
	might_sleep();
	work->func(work);
	might_sleep();
}

static void set_time(u64 ns)
{
	now_ns = ns;
	jiffies = FIRST_JIFFY + ns / NS_PER_JIFFY;
}

static struct hrtimer *next_timer(void)
{
	struct hrtimer *timer, *next = NULL;

	list_for_each_entry(timer, &timers, node)
		if (!next || timer->expires < next->expires)
			next = timer;
	return next;
}

static struct work_struct *next_work(void)
{
	struct work_struct *work, *next = NULL;

	list_for_each_entry(work, &works, node)
		if (!next || time_before(work->expires, next->expires))
			next = work;
	return next;
}

static u64 work_time(const struct work_struct *work)
{
	return (work->expires - FIRST_JIFFY) * NS_PER_JIFFY;
}

static u64 timer_time(const struct hrtimer *timer)
{
	return max(timer->expires, (ktime_t)0) + late_ns;
}

void shim_advance_ns(u64 ns)
{
	u64 end = now_ns + ns;
	struct work_struct *work;
	struct hrtimer *timer;

	for (;;) {
		timer = next_timer();
		work = next_work();
		if (timer && (!work || timer_time(timer) <= work_time(work))) {
			if (timer_time(timer) > end)
				break;
			set_time(max(now_ns, timer_time(timer)));
			run_timer(timer);
		} else if (work && work_time(work) <= end) {
			set_time(max(now_ns, work_time(work)));
			run_work(work);
		} else {
			break;
		}
	}
	set_time(end);
}

void shim_advance_ms(u64 ms)
{
	shim_advance_ns(ms * NSEC_PER_MSEC);
}

void shim_skip_ns(u64 ns)
{
	set_time(now_ns + ns);
}

void shim_late_ns(u64 ns)
{
	late_ns = ns;
}

/*
 * Random numbers
 */

static u64 random_state = 1;

void shim_seed(void)
{
	const char *given = getenv("VNET_SEED");

	random_state = given ? strtoull(given, NULL, 0) : (u64)time(NULL);
	printf("# VNET_SEED=%llu\n", (unsigned long long)random_state);
	fflush(stdout);
}

u64 shim_random(void)
{
	u64 mix = random_state += 0x9e3779b97f4a7c15ULL;

	mix = (mix ^ mix >> 30) * 0xbf58476d1ce4e5b9ULL;
	mix = (mix ^ mix >> 27) * 0x94d049bb133111ebULL;
	return mix ^ mix >> 31;
}

u32 shim_below(u32 n)
{
	return shim_random() % n;
}

u32 get_random_u32(void)
{
	return shim_random();
}

/* Frames of most tests have no bytes, only a hash; who tests the real one brings it. */
__attribute__((weak)) u32 vnet_queue_hash(struct sk_buff *skb, u32 key)
{
	return skb->hash;
}

void shim_reset(void)
{
	SHIM_ASSERT(!bh_depth && !rcu_depth && !locks_held, "the last test left something held");
	SHIM_ASSERT(list_empty(&timers) && list_empty(&works), "the last test left something due");
	rcu_barrier();
	SHIM_ASSERT(!allocated, "the last test left memory");
	shim_fail_at(0);
	shim_cpu = 0;
	shim_late_ns(0);
	set_time(0);
}

/*
 * Hash table
 */

#define SIZE_MIN	16U

static void *to_object(const struct rhashtable *ht, struct rhash_head *head)
{
	return (char *)head - ht->p.head_offset;
}

static const void *key_of(const struct rhashtable *ht, struct rhash_head *head)
{
	return (char *)to_object(ht, head) + ht->p.key_offset;
}

static struct rhash_head **bucket_of(const struct rhashtable *ht, const void *key)
{
	return &ht->buckets[ht->p.hashfn(key, ht->p.key_len, ht->seed) & (ht->size - 1)];
}

static bool has_key(struct rhashtable *ht, struct rhash_head *head, const void *key)
{
	struct rhashtable_compare_arg arg = { ht, key };

	if (ht->p.obj_cmpfn)
		return !ht->p.obj_cmpfn(&arg, to_object(ht, head));
	return !memcmp(key_of(ht, head), key, ht->p.key_len);
}

static void resize(struct rhashtable *ht, unsigned int size)
{
	struct rhash_head **old = ht->buckets, *head, *next;
	unsigned int old_size = ht->size, i;
	struct rhash_head **bucket;

	/* Not by shim_alloc(): the kernel goes on with the old size. */
	ht->buckets = calloc(size, sizeof(*ht->buckets));
	ht->size = size;
	ht->seed = get_random_u32();
	ht->resizes++;
	for (i = 0; i < old_size; i++) {
		for (head = old[i]; head; head = next) {
			next = head->next;
			bucket = bucket_of(ht, key_of(ht, head));
			head->next = *bucket;
			*bucket = head;
		}
	}
	free(old);
}

int rhashtable_init(struct rhashtable *ht, const struct rhashtable_params *params)
{
	SHIM_ASSERT(params->hashfn && params->key_len, "the shim needs both");
	might_sleep();
	memset(ht, 0, sizeof(*ht));
	ht->p = *params;
	resize(ht, SIZE_MIN);
	return 0;
}

void rhashtable_free_and_destroy(struct rhashtable *ht,
				 void (*free_object)(void *object, void *arg), void *arg)
{
	struct rhash_head *head, *next;
	unsigned int i;

	might_sleep();
	for (i = 0; i < ht->size; i++) {
		for (head = ht->buckets[i]; head; head = next) {
			next = head->next;
			if (free_object)
				free_object(to_object(ht, head), arg);
		}
	}
	free(ht->buckets);
	memset(ht, 0, sizeof(*ht));
}

void rhashtable_destroy(struct rhashtable *ht)
{
	rhashtable_free_and_destroy(ht, NULL, NULL);
}

void *rhashtable_lookup(struct rhashtable *ht, const void *key,
			const struct rhashtable_params params)
{
	struct rhash_head *head;

	SHIM_ASSERT(rcu_depth, "a lookup without the RCU read lock");
	for (head = *bucket_of(ht, key); head; head = head->next)
		if (has_key(ht, head, key))
			return to_object(ht, head);
	return NULL;
}

int rhashtable_insert_fast(struct rhashtable *ht, struct rhash_head *object,
			   const struct rhashtable_params params)
{
	struct rhash_head **bucket;

	if (fails_now())
		return -ENOMEM;
	if (ht->nelems >= ht->size / 4 * 3)
		resize(ht, ht->size * 2);
	bucket = bucket_of(ht, key_of(ht, object));
	object->next = *bucket;
	*bucket = object;
	ht->nelems++;
	return 0;
}

/* The link that leads to an object, NULL if none does. */
static struct rhash_head **link_to(struct rhashtable *ht, struct rhash_head *object)
{
	struct rhash_head **link = bucket_of(ht, key_of(ht, object));

	while (*link && *link != object)
		link = &(*link)->next;
	return *link ? link : NULL;
}

int rhashtable_remove_fast(struct rhashtable *ht, struct rhash_head *object,
			   const struct rhashtable_params params)
{
	struct rhash_head **link = link_to(ht, object);

	if (!link)
		return -ENOENT;
	/* The object keeps its own link for those who stand on it. */
	*link = object->next;
	ht->nelems--;
	if (ht->p.automatic_shrinking && ht->size > SIZE_MIN &&
	    ht->nelems < ht->size / 10 * 3)
		resize(ht, ht->size / 2);
	return 0;
}

int rhashtable_replace_fast(struct rhashtable *ht, struct rhash_head *old,
			    struct rhash_head *new,
			    const struct rhashtable_params params)
{
	struct rhash_head **link = link_to(ht, old);

	if (!link)
		return -ENOENT;
	new->next = old->next;
	*link = new;
	return 0;
}

void rhashtable_walk_enter(struct rhashtable *ht, struct rhashtable_iter *iter)
{
	memset(iter, 0, sizeof(*iter));
	iter->ht = ht;
	iter->resizes = ht->resizes;
}

void rhashtable_walk_exit(struct rhashtable_iter *iter)
{
	SHIM_ASSERT(!iter->walking, "leaves a walk that goes on");
}

static bool was_resized(struct rhashtable_iter *iter)
{
	struct rhashtable *ht = iter->ht;

	if (iter->resizes == ht->resizes)
		return false;
	iter->resizes = ht->resizes;
	iter->p = NULL;
	iter->slot = 0;
	iter->skip = 0;
	iter->end = false;
	return true;
}

int rhashtable_walk_start_check(struct rhashtable_iter *iter)
{
	struct rhash_head *head;
	unsigned int skip = 0;

	rcu_read_lock();
	iter->walking = true;
	if (was_resized(iter))
		return -EAGAIN;
	if (!iter->p)
		return 0;
	for (head = iter->ht->buckets[iter->slot]; head; head = head->next) {
		skip++;
		if (head == iter->p) {
			iter->skip = skip;
			return 0;
		}
	}
	iter->p = NULL;
	return 0;
}

static struct rhash_head *nth(struct rhash_head *head, unsigned int n)
{
	while (head && n--)
		head = head->next;
	return head;
}

void *rhashtable_walk_next(struct rhashtable_iter *iter)
{
	struct rhashtable *ht = iter->ht;
	struct rhash_head *head;

	SHIM_ASSERT(iter->walking, "walks outside of a round");
	if (was_resized(iter))
		return ERR_PTR(-EAGAIN);
	if (iter->end)
		return NULL;
	for (; iter->slot < ht->size; iter->slot++, iter->skip = 0, iter->p = NULL) {
		head = iter->p ? iter->p->next : nth(ht->buckets[iter->slot], iter->skip);
		if (!head)
			continue;
		iter->p = head;
		iter->skip++;
		return to_object(ht, head);
	}
	iter->end = true;
	return NULL;
}

void rhashtable_walk_stop(struct rhashtable_iter *iter)
{
	iter->walking = false;
	rcu_read_unlock();
}
