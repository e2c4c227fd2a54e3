// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/fdb.c kmod/fdb_limit.c kmod/fdb_walk.c
/*
 * The forwarding table. Whatever a test does, the events are replayed into a
 * shadow of the table: what they tell must be possible, and at the end of each
 * test the shadow must be what a walk through the table shows.
 */
#include "unit.h"

#include <time.h>

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/slab.h>

#include "fdb.h"

#define OWNERS		64
#define ADDRESSES	(1U << 21)

static struct vnet_fdb fdb;
static struct vnet_fdb_owner owners[OWNERS];
#define A (&owners[0])
#define B (&owners[1])
#define C (&owners[2])

/*
 * The shadow, and what was told
 */

static struct {
	struct vnet_fdb_owner *owner;
	u8 kind;
} shadow[ADDRESSES];
static u32 shadow_count;

static struct {
	u32 added, changed, removed;
	u32 owner_limits, fdb_limits;
	u32 limit;
	u32 last;
	struct vnet_fdb_owner *last_owner, *removed_owner;
} told;

static void check_context(struct vnet_fdb *from)
{
	assert_ptr_equal(from, &fdb);
	assert_false(fdb.lock.held);
	assert_true(in_softirq());
	assert_true(rcu_read_lock_held());
}

static u32 address_of(const u8 *mac)
{
	return mac[3] << 16 | mac[4] << 8 | mac[5];
}

static void on_change(struct vnet_fdb *from, enum vnet_event event, const u8 *mac,
		      struct vnet_fdb_owner *owner, enum vnet_fdb_kind kind)
{
	u32 address = address_of(mac);

	check_context(from);
	assert_non_null(owner);
	told.last = address;
	told.last_owner = owner;
	switch (event) {
	case VNET_EVENT_ADDED:
		assert_null(shadow[address].owner);
		told.added++;
		shadow_count++;
		break;
	case VNET_EVENT_CHANGED:
		assert_non_null(shadow[address].owner);
		assert_true(shadow[address].owner != owner || shadow[address].kind != kind);
		told.changed++;
		break;
	case VNET_EVENT_REMOVED:
		assert_ptr_equal(shadow[address].owner, owner);
		assert_int_equal(shadow[address].kind, kind);
		told.removed++;
		told.removed_owner = owner;
		shadow_count--;
		owner = NULL;
		break;
	default:
		fail();
	}
	shadow[address].owner = owner;
	shadow[address].kind = kind;
}

static void on_limit(struct vnet_fdb *from, struct vnet_fdb_owner *owner, u32 limit)
{
	check_context(from);
	told.limit = limit;
	told.last_owner = owner;
	if (owner)
		told.owner_limits++;
	else
		told.fdb_limits++;
}

static const struct vnet_fdb_ops ops = {
	.changed = on_change,
	.limit = on_limit,
};

/*
 * Shorthands
 */

static const u8 *mac(u32 address)
{
	static u8 bytes[6] = { 2 };

	bytes[3] = address >> 16;
	bytes[4] = address >> 8;
	bytes[5] = address;
	return bytes;
}

static int learn(u32 address, struct vnet_fdb_owner *owner)
{
	int verdict;

	local_bh_disable();
	rcu_read_lock();
	verdict = vnet_fdb_learn(&fdb, mac(address), owner);
	rcu_read_unlock();
	local_bh_enable();
	return verdict;
}

static void learn_range(u32 from, u32 count, struct vnet_fdb_owner *owner)
{
	for (; count--; from++)
		assert_int_equal(learn(from, owner), 0);
}

static struct vnet_fdb_owner *find(u32 address)
{
	struct vnet_fdb_owner *owner;

	rcu_read_lock();
	owner = vnet_fdb_find(&fdb, mac(address));
	rcu_read_unlock();
	return owner;
}

static int set(u32 address, struct vnet_fdb_owner *owner, enum vnet_fdb_kind kind)
{
	bool unchanged = true;
	int err = vnet_fdb_set(&fdb, mac(address), owner, kind, &unchanged);

	return unchanged ? 1 : err;
}

static int age(u32 address)
{
	struct vnet_fdb_info info;

	return vnet_fdb_get(&fdb, mac(address), &info) ? -1 : (int)info.age_ms;
}

/* The table is what was told of it, and the counts are right. */
static void check_table(void)
{
	struct vnet_fdb_info info;
	struct vnet_fdb_walk walk;
	u32 count = 0, sum = 0;
	unsigned int i;
	int more;

	assert_int_equal(fdb.count, shadow_count);
	assert_true(fdb.count <= fdb.limit);
	for (i = 0; i < OWNERS; i++) {
		if (owners[i].closed) {
			assert_int_equal(owners[i].count, 0);
			continue;
		}
		assert_int_equal(owners[i].count, list_count_nodes(&owners[i].entries) +
						  list_count_nodes(&owners[i].fixed));
		assert_true(owners[i].count <= owners[i].limit);
		sum += owners[i].count;
	}
	assert_int_equal(sum, fdb.count);
	assert_int_equal(vnet_fdb_walk_start(&fdb, &walk), 0);
	vnet_fdb_walk_begin(&walk);
	while ((more = vnet_fdb_walk_next(&walk, &info)) == 1) {
		assert_ptr_equal(info.owner, shadow[address_of(info.mac)].owner);
		assert_int_equal(info.kind, shadow[address_of(info.mac)].kind);
		count++;
	}
	assert_int_equal(more, 0);
	vnet_fdb_walk_end(&walk);
	vnet_fdb_walk_stop(&walk);
	/* Expired entries count, but are not shown. */
	assert_true(count <= fdb.count);
	if (!fdb.ageing)
		assert_int_equal(count, fdb.count);
}

static int setup(void **state)
{
	unsigned int i;

	shim_reset();
	memset(shadow, 0, sizeof(shadow));
	memset(&told, 0, sizeof(told));
	shadow_count = 0;
	assert_int_equal(vnet_fdb_init_module(), 0);
	assert_int_equal(vnet_fdb_init(&fdb, &ops), 0);
	for (i = 0; i < OWNERS; i++)
		vnet_fdb_owner_open(&fdb, &owners[i], VNET_MEMBER_MACS_DEFAULT);
	return 0;
}

static int teardown(void **state)
{
	unsigned int i;

	check_table();
	for (i = 0; i < OWNERS; i++)
		if (!owners[i].closed)
			vnet_fdb_owner_close(&fdb, &owners[i]);
	assert_int_equal(shadow_count, 0);
	assert_int_equal(fdb.count, 0);
	assert_int_equal(fdb.learned, 0);
	vnet_fdb_destroy(&fdb);
	vnet_fdb_exit_module();
	assert_int_equal(shim_allocated(), 0);
	return 0;
}

/*
 * Learning
 */

static void test_learn_and_find(void **state)
{
	assert_null(find(1));
	assert_int_equal(learn(1, A), 0);
	assert_int_equal(told.added, 1);
	assert_int_equal(told.last, 1);
	assert_ptr_equal(told.last_owner, A);
	assert_ptr_equal(find(1), A);
	assert_null(find(2));
	assert_int_equal(learn(1, A), 0);
	assert_int_equal(learn(2, B), 0);
	assert_ptr_equal(find(2), B);
	assert_int_equal(told.added, 2);
	assert_int_equal(told.changed + told.removed, 0);
	assert_int_equal(A->count, 1);
	assert_int_equal(fdb.count, 2);
}

static void test_move(void **state)
{
	learn(1, A);
	learn(2, A);
	assert_int_equal(learn(1, B), 0);
	assert_ptr_equal(find(1), B);
	assert_ptr_equal(find(2), A);
	assert_int_equal(A->count, 1);
	assert_int_equal(B->count, 1);
	assert_int_equal(fdb.count, 2);
	assert_int_equal(fdb.moved, 1);
	assert_int_equal(told.changed, 1);
	assert_ptr_equal(told.last_owner, B);
	learn(1, A);
	assert_int_equal(fdb.moved, 2);
	assert_int_equal(told.added, 2);
	assert_int_equal(told.removed, 0);
}

static void test_static(void **state)
{
	assert_int_equal(set(1, A, VNET_FDB_STATIC), 0);
	assert_int_equal(told.added, 1);
	assert_int_equal(learn(1, B), 0);
	assert_ptr_equal(find(1), A);
	assert_int_equal(fdb.moved, 0);
	shim_advance_ms(VNET_AGEING_DEFAULT * 10);
	assert_ptr_equal(find(1), A);
	assert_int_equal(age(1), 0);
	assert_int_equal(told.changed + told.removed, 0);
}

static void test_sticky(void **state)
{
	assert_int_equal(set(1, A, VNET_FDB_STICKY), 0);
	assert_int_equal(learn(1, A), 0);
	assert_int_equal(learn(1, B), VNET_DROP_MAC_STICKY);
	assert_ptr_equal(find(1), A);
	shim_advance_ms(VNET_AGEING_DEFAULT * 10);
	assert_int_equal(learn(1, B), VNET_DROP_MAC_STICKY);
	/* Also from a member that learns nothing. */
	assert_int_equal(vnet_fdb_owner_set_limit(&fdb, B, 0), 0);
	assert_int_equal(learn(1, B), VNET_DROP_MAC_STICKY);
	assert_int_equal(vnet_fdb_forget(&fdb, mac(1)), 0);
	assert_int_equal(learn(1, C), 0);
	assert_ptr_equal(find(1), C);
}

static void test_set(void **state)
{
	const u8 zero[6] = {}, group[6] = { 3 }, all[6] = { 255, 255, 255, 255, 255, 255 };
	bool unchanged;

	assert_int_equal(vnet_fdb_set(&fdb, zero, A, VNET_FDB_STATIC, &unchanged), -EINVAL);
	assert_int_equal(vnet_fdb_set(&fdb, group, A, VNET_FDB_STATIC, &unchanged), -EINVAL);
	assert_int_equal(vnet_fdb_set(&fdb, all, A, VNET_FDB_STICKY, &unchanged), -EINVAL);
	assert_int_equal(set(1, A, VNET_FDB_LEARNED), -EINVAL);
	assert_int_equal(set(1, A, 0), -EINVAL);
	assert_int_equal(set(1, A, VNET_FDB_KIND_MAX + 1), -EINVAL);
	assert_int_equal(told.added, 0);

	/* Learned, then set, there and elsewhere, in all ways. */
	learn(1, A);
	assert_int_equal(set(1, A, VNET_FDB_STATIC), 0);
	assert_int_equal(told.changed, 1);
	assert_int_equal(set(1, A, VNET_FDB_STATIC), 1);
	assert_int_equal(told.changed, 1);
	assert_int_equal(set(1, B, VNET_FDB_STATIC), 0);
	assert_int_equal(set(1, B, VNET_FDB_STICKY), 0);
	assert_int_equal(set(1, B, VNET_FDB_STICKY), 1);
	assert_int_equal(set(1, A, VNET_FDB_STATIC), 0);
	assert_int_equal(told.changed, 4);
	learn(2, A);
	assert_int_equal(set(2, B, VNET_FDB_STICKY), 0);
	assert_int_equal(told.changed, 5);
	assert_int_equal(told.added, 2);
	assert_int_equal(told.removed, 0);
	assert_int_equal(A->count, 1);
	assert_int_equal(B->count, 1);
	assert_int_equal(fdb.learned, 0);
	/* What the operator does is not a move. */
	assert_int_equal(fdb.moved, 0);
}

static void test_forget(void **state)
{
	assert_int_equal(vnet_fdb_forget(&fdb, mac(1)), -ENOENT);
	learn(1, A);
	set(2, A, VNET_FDB_STICKY);
	assert_int_equal(vnet_fdb_forget(&fdb, mac(1)), 0);
	assert_int_equal(vnet_fdb_forget(&fdb, mac(2)), 0);
	assert_int_equal(vnet_fdb_forget(&fdb, mac(1)), -ENOENT);
	assert_null(find(1));
	assert_int_equal(told.removed, 2);
	assert_int_equal(A->count, 0);
}

/*
 * Ageing
 */

static void test_ageing(void **state)
{
	vnet_fdb_set_ageing(&fdb, 10000);
	learn(1, A);
	shim_advance_ms(5000);
	learn(2, A);
	shim_advance_ms(5000);
	/* Used exactly the whole time ago. */
	assert_ptr_equal(find(1), A);
	shim_advance_ms(4);
	/* Absent at once, whenever the gc may come. */
	assert_null(find(1));
	assert_int_equal(age(1), -1);
	assert_ptr_equal(find(2), A);
	shim_advance_ms(2500);
	assert_int_equal(told.removed, 1);
	assert_int_equal(told.last, 1);
	assert_int_equal(fdb.count, 1);
	shim_advance_ms(5000);
	assert_int_equal(told.removed, 2);
	/* Nothing is left to wait for. */
	shim_advance_ms(30000);
	assert_false(delayed_work_pending(&fdb.gc));
	learn(1, A);
	assert_true(delayed_work_pending(&fdb.gc));
}

static void test_use_keeps_young(void **state)
{
	unsigned int i;

	vnet_fdb_set_ageing(&fdb, 10000);
	learn(1, A);
	for (i = 0; i < 100; i++) {
		shim_advance_ms(400);
		assert_ptr_equal(find(1), A);
		learn(1, A);
	}
	assert_int_equal(told.added, 1);
	/* No write for what hardly changes. */
	shim_advance_ms(248);
	learn(1, A);
	assert_int_equal(age(1), 248);
	shim_advance_ms(8);
	learn(1, A);
	assert_int_equal(age(1), 0);
}

/* The shortest ageing is shorter than what "hardly" means otherwise. */
static void test_shortest_ageing(void **state)
{
	unsigned int i;

	vnet_fdb_set_ageing(&fdb, VNET_AGEING_MIN);
	learn(1, A);
	for (i = 0; i < 100; i++) {
		shim_advance_ms(12);
		assert_ptr_equal(find(1), A);
		learn(1, A);
	}
	shim_advance_ms(VNET_AGEING_MIN + 4);
	assert_null(find(1));
	shim_advance_ms(60);
	assert_int_equal(fdb.count, 0);
	assert_int_equal(told.added, 1);
	assert_int_equal(told.removed, 1);
}

static void test_no_ageing(void **state)
{
	vnet_fdb_set_ageing(&fdb, 0);
	learn(1, A);
	shim_advance_ms(VNET_AGEING_MAX);
	assert_ptr_equal(find(1), A);
	assert_int_equal(age(1), VNET_AGEING_MAX);
	assert_false(delayed_work_pending(&fdb.gc));
	/* From now on it ages, and has done so before. */
	vnet_fdb_set_ageing(&fdb, 1000);
	assert_null(find(1));
	shim_advance_ms(500);
	assert_int_equal(told.removed, 1);
}

static void test_expired_is_absent(void **state)
{
	vnet_fdb_set_ageing(&fdb, 1000);
	learn(1, A);
	learn(2, A);
	learn(3, A);
	cancel_delayed_work(&fdb.gc);
	shim_advance_ms(2000);
	/* Back where it was: as if nothing had happened. */
	learn(1, A);
	assert_ptr_equal(find(1), A);
	assert_int_equal(told.added, 3);
	assert_int_equal(told.removed, 0);
	/* Elsewhere: it did not move, it is new there. */
	learn(2, B);
	assert_ptr_equal(find(2), B);
	assert_int_equal(fdb.moved, 0);
	assert_int_equal(told.added, 4);
	assert_int_equal(told.removed, 1);
	/* Set: likewise. */
	assert_int_equal(set(3, A, VNET_FDB_STATIC), 0);
	assert_int_equal(told.added, 5);
	assert_int_equal(told.removed, 2);
	assert_int_equal(told.changed, 0);
}

/*
 * Limits
 */

static void test_owner_limit(void **state)
{
	vnet_fdb_owner_set_limit(&fdb, A, 100);
	learn_range(0, 50, B);
	learn_range(1000, 100, A);
	assert_int_equal(told.owner_limits, 0);
	learn_range(2000, 1000, A);
	/* Told once, and only its own are gone, the oldest first. */
	assert_int_equal(told.owner_limits, 1);
	assert_int_equal(told.fdb_limits, 0);
	assert_int_equal(told.limit, 100);
	assert_int_equal(A->count, 100);
	assert_int_equal(B->count, 50);
	assert_int_equal(fdb.evicted, 1000);
	assert_int_equal(told.removed, 1000);
	assert_ptr_equal(find(49), B);
	assert_null(find(2899));
	assert_ptr_equal(find(2900), A);
}

static void test_limit_is_told_per_episode(void **state)
{
	u32 i;

	vnet_fdb_owner_set_limit(&fdb, A, 16);
	learn_range(0, 17, A);
	assert_int_equal(told.owner_limits, 1);
	/* 16 -> 14 is no fall below 7/8. */
	vnet_fdb_forget(&fdb, mac(16));
	vnet_fdb_forget(&fdb, mac(15));
	learn_range(100, 3, A);
	assert_int_equal(told.owner_limits, 1);
	/* 13 is. */
	for (i = 0; i < 3; i++)
		vnet_fdb_forget(&fdb, mac(100 + i));
	learn_range(200, 3, A);
	assert_int_equal(told.owner_limits, 1);
	learn(203, A);
	assert_int_equal(told.owner_limits, 2);
	/* A higher limit ends the episode, too. */
	vnet_fdb_owner_set_limit(&fdb, A, 20);
	learn_range(300, 5, A);
	assert_int_equal(told.owner_limits, 3);
	/* The smallest limit does not tell with every frame. */
	vnet_fdb_owner_set_limit(&fdb, B, 1);
	learn_range(400, 50, B);
	assert_int_equal(told.owner_limits, 4);
	assert_ptr_equal(find(449), B);
	vnet_fdb_forget(&fdb, mac(449));
	learn_range(500, 50, B);
	assert_int_equal(told.owner_limits, 5);
}

static void test_limit_zero(void **state)
{
	vnet_fdb_owner_set_limit(&fdb, A, 0);
	learn_range(0, 10, A);
	assert_int_equal(fdb.count, 0);
	assert_int_equal(set(1, A, VNET_FDB_STATIC), -ENOSPC);
	learn(1, B);
	learn(1, A);
	assert_ptr_equal(find(1), B);
	assert_int_equal(set(1, A, VNET_FDB_STATIC), -ENOSPC);
	assert_ptr_equal(find(1), B);
	/* Who is to learn nothing has not reached a limit. */
	assert_int_equal(told.owner_limits, 0);
	assert_int_equal(told.fdb_limits, 0);
}

static void test_network_limit(void **state)
{
	assert_int_equal(vnet_fdb_set_limit(&fdb, 100), 0);
	learn_range(0, 20, A);
	learn_range(100, 80, B);
	assert_int_equal(told.fdb_limits, 0);
	/* B floods: it is B who pays. */
	learn_range(200, 1000, B);
	assert_int_equal(told.fdb_limits, 1);
	assert_int_equal(told.owner_limits, 0);
	assert_int_equal(told.limit, 100);
	assert_int_equal(A->count, 20);
	assert_int_equal(B->count, 80);
	assert_int_equal(fdb.evicted, 1000);
	/* So does A when it wants more. */
	learn(50, A);
	assert_int_equal(A->count, 20);
	assert_null(find(0));
	/* C has nothing to give: who has most gives for its first. */
	learn(2000, C);
	assert_ptr_equal(find(2000), C);
	assert_ptr_equal(told.removed_owner, B);
	assert_int_equal(B->count, 79);
	learn_range(2001, 50, C);
	assert_int_equal(C->count, 1);
	assert_int_equal(B->count, 79);
	assert_int_equal(A->count, 20);
	assert_int_equal(fdb.count, 100);
	assert_int_equal(told.fdb_limits, 1);
}

static void test_network_limit_and_static(void **state)
{
	u32 i;

	vnet_fdb_set_limit(&fdb, 20);
	for (i = 0; i < 15; i++)
		assert_int_equal(set(i, A, VNET_FDB_STATIC), 0);
	learn_range(100, 5, B);
	/* A has most, but only static ones. */
	learn(200, C);
	assert_ptr_equal(told.removed_owner, B);
	/* Static ones take the places of learned ones, of their owner first. */
	assert_int_equal(set(15, C, VNET_FDB_STATIC), 0);
	assert_ptr_equal(told.removed_owner, C);
	for (i = 16; i < 20; i++) {
		assert_int_equal(set(i, A, VNET_FDB_STICKY), 0);
		assert_ptr_equal(told.removed_owner, B);
	}
	/* Nothing is left that could go. */
	assert_int_equal(fdb.learned, 0);
	assert_int_equal(set(20, A, VNET_FDB_STATIC), -ENOSPC);
	learn(300, C);
	assert_null(find(300));
	assert_int_equal(fdb.count, 20);
	/* What is there may be changed nevertheless. */
	assert_int_equal(set(0, B, VNET_FDB_STICKY), 0);
	assert_int_equal(set(0, B, VNET_FDB_STATIC), 0);
	assert_int_equal(told.fdb_limits, 1);
}

static void test_owner_limit_and_static(void **state)
{
	u32 i;

	vnet_fdb_owner_set_limit(&fdb, A, 4);
	learn_range(0, 4, A);
	for (i = 10; i < 14; i++)
		assert_int_equal(set(i, A, VNET_FDB_STATIC), 0);
	assert_int_equal(fdb.evicted, 4);
	assert_int_equal(set(14, A, VNET_FDB_STATIC), -ENOSPC);
	learn(20, B);
	assert_int_equal(set(20, A, VNET_FDB_STATIC), -ENOSPC);
	assert_ptr_equal(find(20), B);
	/* What moves to A needs room, too. */
	learn(20, A);
	assert_ptr_equal(find(20), B);
	assert_int_equal(fdb.moved, 0);
	assert_int_equal(set(13, A, VNET_FDB_STICKY), 0);
	assert_int_equal(vnet_fdb_forget(&fdb, mac(12)), 0);
	learn(20, A);
	assert_ptr_equal(find(20), A);
	/* The moved one makes room for the next that comes. */
	learn(21, B);
	learn(21, A);
	assert_ptr_equal(find(21), A);
	assert_null(find(20));
	assert_int_equal(fdb.moved, 2);
	assert_int_equal(A->count, 4);
}

static void test_set_limits(void **state)
{
	learn_range(0, 10, A);
	learn_range(100, 10, B);
	assert_int_equal(vnet_fdb_set_limit(&fdb, 19), -ENOSPC);
	assert_int_equal(vnet_fdb_set_limit(&fdb, 20), 0);
	assert_int_equal(vnet_fdb_owner_set_limit(&fdb, A, 9), -ENOSPC);
	assert_int_equal(vnet_fdb_owner_set_limit(&fdb, A, 10), 0);
	assert_int_equal(fdb.count, 20);
	assert_int_equal(fdb.evicted, 0);
	learn(50, A);
	assert_int_equal(A->count, 10);
}

/* The addresses that a member really has survive what it invents. */
static void test_second_chance(void **state)
{
	u32 i, real;

	vnet_fdb_owner_set_limit(&fdb, A, 100);
	learn_range(0, 5, A);
	for (i = 0; i < 5000; i++) {
		learn(1000 + i, A);
		if (i % 20)
			continue;
		shim_advance_ms(260);
		for (real = 0; real < 5; real++)
			learn(real, A);
	}
	for (real = 0; real < 5; real++)
		assert_ptr_equal(find(real), A);
	/* They were never evicted and learned again, either. */
	assert_int_equal(told.added, 5 + 5000);
}

static void test_second_chances_are_bounded(void **state)
{
	u32 i;

	vnet_fdb_owner_set_limit(&fdb, A, 50);
	learn_range(0, 50, A);
	shim_advance_ms(1000);
	learn_range(0, 50, A);
	/* All are in use; one has to go: the first behind those that are spared. */
	learn(100, A);
	assert_int_equal(told.removed, 1);
	assert_null(find(8));
	for (i = 0; i < 50; i++)
		assert_true(i == 8 || find(i) == A);
	/* Fewer than may be spared: nothing goes round for ever. */
	vnet_fdb_owner_set_limit(&fdb, B, 3);
	learn_range(200, 3, B);
	shim_advance_ms(1000);
	learn_range(200, 3, B);
	learn(300, B);
	assert_ptr_equal(find(300), B);
	assert_int_equal(B->count, 3);
}

/*
 * Many at once
 */

static void test_flush(void **state)
{
	u32 i;

	learn_range(0, 1000, A);
	learn_range(2000, 700, B);
	for (i = 5000; i < 5010; i++)
		set(i, i & 1 ? A : B, i & 2 ? VNET_FDB_STATIC : VNET_FDB_STICKY);
	assert_int_equal(vnet_fdb_flush(&fdb, A, false), 1000);
	assert_int_equal(A->count, 5);
	assert_int_equal(B->count, 705);
	assert_int_equal(told.removed, 1000);
	assert_int_equal(vnet_fdb_flush(&fdb, A, false), 0);
	learn_range(0, 300, A);
	assert_int_equal(vnet_fdb_flush(&fdb, NULL, false), 1000);
	assert_int_equal(fdb.count, 10);
	learn_range(0, 256, C);
	assert_int_equal(vnet_fdb_flush(&fdb, A, true), 5);
	assert_int_equal(vnet_fdb_flush(&fdb, NULL, true), 261);
	assert_int_equal(fdb.count, 0);
	assert_int_equal(fdb.evicted, 0);
}

static void test_close(void **state)
{
	u32 i;

	learn_range(0, 1000, A);
	set(5000, A, VNET_FDB_STATIC);
	set(5001, A, VNET_FDB_STICKY);
	learn(6000, B);
	vnet_fdb_owner_close(&fdb, A);
	assert_int_equal(A->count, 0);
	assert_int_equal(told.removed, 1002);
	for (i = 0; i < ADDRESSES; i++)
		assert_true(shadow[i].owner != A);
	/* Its frames go on for a moment. */
	assert_int_equal(learn(1, A), 0);
	assert_int_equal(learn(6000, A), 0);
	assert_null(find(1));
	assert_ptr_equal(find(6000), B);
	assert_int_equal(set(7, A, VNET_FDB_STATIC), -ENOENT);
	assert_int_equal(set(6000, A, VNET_FDB_STATIC), -ENOENT);
	assert_int_equal(fdb.count, 1);
	/* And if it comes again it is open. */
	vnet_fdb_owner_open(&fdb, A, 10);
	learn(1, A);
	assert_ptr_equal(find(1), A);
}

/*
 * Telling
 */

static void test_get(void **state)
{
	struct vnet_fdb_info info;

	assert_int_equal(vnet_fdb_get(&fdb, mac(1), &info), -ENOENT);
	learn(1, A);
	shim_advance_ms(1000);
	assert_int_equal(vnet_fdb_get(&fdb, mac(1), &info), 0);
	assert_memory_equal(info.mac, mac(1), 6);
	assert_ptr_equal(info.owner, A);
	assert_int_equal(info.kind, VNET_FDB_LEARNED);
	assert_int_equal(info.age_ms, 1000);
	set(1, B, VNET_FDB_STICKY);
	assert_int_equal(vnet_fdb_get(&fdb, mac(1), &info), 0);
	assert_ptr_equal(info.owner, B);
	assert_int_equal(info.kind, VNET_FDB_STICKY);
	assert_int_equal(info.age_ms, 0);
}

static u8 seen[4096];

/* Walks with a pause after every @round entries; returns how many it saw. */
static u32 walk_in_rounds(u32 round)
{
	struct vnet_fdb_info info;
	struct vnet_fdb_walk walk;
	u32 count = 0;
	int more;

	memset(seen, 0, sizeof(seen));
	vnet_fdb_walk_start(&fdb, &walk);
	do {
		u32 left = round;

		vnet_fdb_walk_begin(&walk);
		while ((more = vnet_fdb_walk_next(&walk, &info)) == 1) {
			if (!left--) {
				vnet_fdb_walk_back(&walk);
				break;
			}
			seen[address_of(info.mac)]++;
			count++;
		}
		vnet_fdb_walk_end(&walk);
	} while (more == 1);
	assert_int_equal(more, 0);
	vnet_fdb_walk_stop(&walk);
	return count;
}

static void test_walk(void **state)
{
	u32 rounds[] = { 1, 2, 7, 100, 10000 };
	unsigned int i, j;

	assert_int_equal(walk_in_rounds(5), 0);
	learn_range(0, 1000, A);
	for (i = 0; i < ARRAY_SIZE(rounds); i++) {
		assert_int_equal(walk_in_rounds(rounds[i]), 1000);
		for (j = 0; j < 1000; j++)
			assert_int_equal(seen[j], 1);
	}
	/* What has expired is not shown. */
	shim_advance_ms(VNET_AGEING_DEFAULT - 1000);
	learn_range(0, 10, A);
	cancel_delayed_work(&fdb.gc);
	shim_advance_ms(2000);
	assert_int_equal(walk_in_rounds(3), 10);
}

static void test_walk_back(void **state)
{
	struct vnet_fdb_info info, again;
	struct vnet_fdb_walk walk;

	learn_range(0, 5, A);
	vnet_fdb_walk_start(&fdb, &walk);
	vnet_fdb_walk_begin(&walk);
	assert_int_equal(vnet_fdb_walk_next(&walk, &info), 1);
	vnet_fdb_walk_back(&walk);
	vnet_fdb_walk_end(&walk);
	/* It moves meanwhile: what is told is where it is now. */
	learn(address_of(info.mac), B);
	vnet_fdb_walk_begin(&walk);
	assert_int_equal(vnet_fdb_walk_next(&walk, &again), 1);
	assert_memory_equal(again.mac, info.mac, 6);
	assert_ptr_equal(again.owner, B);
	assert_int_equal(vnet_fdb_walk_next(&walk, &info), 1);
	assert_memory_not_equal(again.mac, info.mac, 6);
	vnet_fdb_walk_back(&walk);
	vnet_fdb_walk_end(&walk);
	/* It is forgotten, and its memory is gone. */
	vnet_fdb_forget(&fdb, info.mac);
	shim_rcu_run();
	vnet_fdb_walk_begin(&walk);
	while (vnet_fdb_walk_next(&walk, &again) == 1)
		assert_memory_not_equal(again.mac, info.mac, 6);
	vnet_fdb_walk_end(&walk);
	vnet_fdb_walk_stop(&walk);
}

static void test_walk_tells_of_resize(void **state)
{
	struct vnet_fdb_info info;
	struct vnet_fdb_walk walk;
	u32 count = 0;

	learn_range(0, 10, A);
	vnet_fdb_walk_start(&fdb, &walk);
	vnet_fdb_walk_begin(&walk);
	assert_int_equal(vnet_fdb_walk_next(&walk, &info), 1);
	vnet_fdb_walk_end(&walk);
	/* Between two rounds. */
	learn_range(10, 90, A);
	vnet_fdb_walk_begin(&walk);
	assert_int_equal(vnet_fdb_walk_next(&walk, &info), -EAGAIN);
	assert_int_equal(vnet_fdb_walk_next(&walk, &info), 1);
	/* Within one, on another CPU. */
	learn_range(100, 900, A);
	assert_int_equal(vnet_fdb_walk_next(&walk, &info), -EAGAIN);
	while (vnet_fdb_walk_next(&walk, &info) == 1)
		count++;
	assert_int_equal(count, 1000);
	vnet_fdb_walk_end(&walk);
	vnet_fdb_walk_stop(&walk);
}

/* Readers may go on with what they found until the grace period ends. */
static void test_readers(void **state)
{
	struct vnet_fdb_entry *entry, *replaced;

	learn(1, A);
	learn(2, A);
	entry = list_first_entry(&A->entries, struct vnet_fdb_entry, node);
	replaced = list_last_entry(&A->entries, struct vnet_fdb_entry, node);
	vnet_fdb_forget(&fdb, mac(1));
	set(2, B, VNET_FDB_STATIC);
	assert_int_equal(entry->key & 0xff, 1);
	assert_ptr_equal(entry->owner, A);
	assert_ptr_equal(replaced->owner, A);
	assert_int_equal(replaced->kind, VNET_FDB_LEARNED);
	assert_int_equal(shim_rcu_run(), 2);
}

/*
 * Failing allocations
 */

static void test_failing_learn(void **state)
{
	unsigned int n;

	vnet_fdb_owner_set_limit(&fdb, A, 3);
	learn_range(0, 3, A);
	for (n = 1; ; n++) {
		shim_fail_at(n);
		assert_int_equal(learn(100, A), 0);
		if (!shim_failed())
			break;
		/* Not learned, and nothing evicted for it. */
		assert_null(find(100));
		assert_int_equal(told.removed, 0);
		assert_int_equal(A->count, 3);
		check_table();
	}
	assert_true(n > 2);
	assert_ptr_equal(find(100), A);
	assert_int_equal(told.removed, 1);
	/* A move needs no memory. */
	shim_fail_at(1);
	learn(100, B);
	assert_false(shim_failed());
	assert_ptr_equal(find(100), B);
}

static void test_failing_set(void **state)
{
	unsigned int n;
	int err;

	vnet_fdb_owner_set_limit(&fdb, A, 3);
	learn_range(0, 3, A);
	for (n = 1; ; n++) {
		shim_fail_at(n);
		err = set(100, A, VNET_FDB_STATIC);
		if (!shim_failed())
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(told.removed, 0);
		check_table();
	}
	assert_true(n > 2);
	assert_int_equal(err, 0);
	shim_fail_at(1);
	assert_int_equal(set(100, B, VNET_FDB_STICKY), -ENOMEM);
	assert_true(shim_failed());
	assert_ptr_equal(find(100), A);
}

static void test_failing_init(void **state)
{
	unsigned int n;
	int err;

	shim_reset();
	for (n = 1; ; n++) {
		shim_fail_at(n);
		err = vnet_fdb_init_module();
		if (!shim_failed())
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(shim_allocated(), 0);
	}
	assert_int_equal(err, 0);
	assert_true(n > 2);
	vnet_fdb_exit_module();
}

/*
 * Random changes: the fair rule, the limits and the events hold
 */

static u32 counts_before[OWNERS], learned_before[OWNERS];

static void remember_counts(void)
{
	unsigned int i;

	for (i = 0; i < OWNERS; i++) {
		counts_before[i] = owners[i].count;
		learned_before[i] = 0;
		if (!owners[i].closed)
			learned_before[i] = list_count_nodes(&owners[i].entries);
	}
}

/* @owner has caused one eviction: was it fair? */
static void check_fairness(const struct vnet_fdb_owner *owner)
{
	unsigned int self = owner - owners, victim = told.removed_owner - owners, i;

	if (learned_before[self] || counts_before[self] >= owner->limit) {
		assert_int_equal(victim, self);
		return;
	}
	for (i = 0; i < OWNERS; i++)
		if (learned_before[i])
			assert_true(counts_before[i] <= counts_before[victim]);
}

static void random_change(void)
{
	struct vnet_fdb_owner *owner = &owners[shim_below(5)];
	u32 address = shim_below(3) ? shim_below(200) : shim_below(2000);
	u64 evicted = fdb.evicted;
	int result;

	remember_counts();
	switch (shim_below(1000)) {
	case 0 ... 799:
		result = learn(address, owner);
		assert_int_equal(result == VNET_DROP_MAC_STICKY,
				 shadow[address].kind == VNET_FDB_STICKY &&
				 shadow[address].owner && shadow[address].owner != owner);
		break;
	case 800 ... 889:
		if (shim_below(3)) {
			result = set(address, owner, VNET_FDB_STATIC + shim_below(2));
			assert_true(result >= 0 || result == -ENOSPC ||
				    (result == -ENOENT && owner->closed));
			break;
		}
		/* fall through */
	case 890 ... 949:
		result = vnet_fdb_forget(&fdb, mac(address));
		assert_null(shadow[address].owner);
		break;
	case 950 ... 979:
		shim_advance_ms(shim_below(400));
		break;
	case 980 ... 984:
		if (!owner->closed)
			vnet_fdb_flush(&fdb, shim_below(2) ? owner : NULL, shim_below(2));
		break;
	case 985 ... 989:
		if (!owner->closed)
			vnet_fdb_owner_set_limit(&fdb, owner, shim_below(150));
		break;
	case 990 ... 992:
		vnet_fdb_set_limit(&fdb, 1 + shim_below(400));
		break;
	case 993 ... 995:
		vnet_fdb_set_ageing(&fdb, shim_below(2) ? 0 : 100 + shim_below(5000));
		break;
	default:
		if (owner->closed) {
			shim_rcu_run();
			vnet_fdb_owner_open(&fdb, owner, shim_below(150));
		} else {
			vnet_fdb_owner_close(&fdb, owner);
		}
	}
	assert_true(fdb.evicted - evicted <= 1);
	if (fdb.evicted != evicted)
		check_fairness(owner);
}

static void test_random_changes(void **state)
{
	unsigned int i;

	for (i = 5; i < OWNERS; i++)
		vnet_fdb_owner_close(&fdb, &owners[i]);
	vnet_fdb_set_ageing(&fdb, 1000);
	for (i = 0; i < 200000; i++) {
		random_change();
		if (i % 64 == 0)
			check_table();
		if (i % 1000 == 0)
			shim_rcu_run();
	}
	printf("# %u added, %u changed, %u removed, %llu of them evicted\n", told.added,
	       told.changed, told.removed, (unsigned long long)fdb.evicted);
	assert_true(fdb.evicted > 1000 && fdb.moved > 1000);
}

/*
 * A million
 */

static double seconds_since(clock_t start)
{
	return (double)(clock() - start) / CLOCKS_PER_SEC;
}

static void test_million(void **state)
{
	const u32 million = 1000000;
	double learned, found, forgotten;
	clock_t start = clock();
	u32 i;

	vnet_fdb_set_limit(&fdb, VNET_MACS_MAX);
	for (i = 0; i < million; i++)
		learn(i, &owners[i % OWNERS]);
	learned = seconds_since(start);
	assert_int_equal(fdb.count, million);
	assert_int_equal(fdb.evicted, 0);
	start = clock();
	for (i = 0; i < million; i++)
		assert_ptr_equal(find(i), &owners[i % OWNERS]);
	found = seconds_since(start);
	check_table();
	/* Half of them stay in use. */
	for (i = 0; i < 2; i++) {
		u32 j;

		shim_advance_ms(VNET_AGEING_DEFAULT / 2 + 1000);
		for (j = 0; j < million; j += 2)
			learn(j, &owners[j % OWNERS]);
	}
	start = clock();
	shim_advance_ms(31000);
	/* A gc that is hindered by its own removals comes again. */
	shim_advance_ms(120000);
	forgotten = seconds_since(start);
	assert_int_equal(fdb.count, million / 2);
	check_table();
	assert_int_equal(vnet_fdb_flush(&fdb, NULL, false), million / 2);
	printf("# a million: learned in %.0f ms, found in %.0f ms, half forgotten in %.0f ms\n",
	       learned * 1000, found * 1000, forgotten * 1000);
}

int main(void)
{
#define CASE(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		CASE(test_learn_and_find),
		CASE(test_move),
		CASE(test_static),
		CASE(test_sticky),
		CASE(test_set),
		CASE(test_forget),
		CASE(test_ageing),
		CASE(test_use_keeps_young),
		CASE(test_shortest_ageing),
		CASE(test_no_ageing),
		CASE(test_expired_is_absent),
		CASE(test_owner_limit),
		CASE(test_limit_is_told_per_episode),
		CASE(test_limit_zero),
		CASE(test_network_limit),
		CASE(test_network_limit_and_static),
		CASE(test_owner_limit_and_static),
		CASE(test_set_limits),
		CASE(test_second_chance),
		CASE(test_second_chances_are_bounded),
		CASE(test_flush),
		CASE(test_close),
		CASE(test_get),
		CASE(test_walk),
		CASE(test_walk_back),
		CASE(test_walk_tells_of_resize),
		CASE(test_readers),
		CASE(test_failing_learn),
		CASE(test_failing_set),
		cmocka_unit_test(test_failing_init),
		CASE(test_random_changes),
		CASE(test_million),
	};

	shim_seed();
	return cmocka_run_group_tests_name("fdb", tests, NULL, NULL);
}
