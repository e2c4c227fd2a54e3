// SPDX-License-Identifier: GPL-2.0-only
/*
 * Leases: what a CPU may send of a node without asking for the shaper's lock.
 * Layer 1: it must not know queues, timers or turns. See the theory of operation in
 * shaper.c.
 */
#include "shaper.h"

#include <linux/limits.h>
#include <linux/minmax.h>

#define LEASE_MIN	4096U		/* bytes; less is not worth the while */
#define LEASE_MAX	(1024 * 1024U)
#define LEASE_PART	4		/* of what there is, so that others find some too */
#define LEASE_HOT_NS	(4 * NSEC_PER_MSEC)	/* who asks again before that sends a lot */
#define LEASE_EXPIRE	16		/* leases ended in one go */

/**
 * vnet_shaper_alloc_leases - memory for the leases of a node
 * @node: the node, zeroed, to be freed by vnet_shaper_free_leases() in any case
 *
 * Context: process context; may sleep.
 * Return: 0, -ENOMEM.
 */
int vnet_shaper_alloc_leases(struct vnet_shaper_node *node)
{
	node->leases = alloc_percpu_gfp(struct vnet_lease, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	return node->leases ? 0 : -ENOMEM;
}

/**
 * vnet_shaper_free_leases - take vnet_shaper_alloc_leases() back
 * @node: the node, which left a grace period ago or never joined
 *
 * Context: any but hard interrupts.
 */
void vnet_shaper_free_leases(struct vnet_shaper_node *node)
{
	free_percpu(node->leases);
}

/*
 * Its CPU may be sending by it just now: then one frame goes that nobody pays for. What
 * it counts is never lost.
 */
static void lease_end(struct vnet_lease *lease, u64 now)
{
	struct vnet_shaper_node *at, *node = lease->node;
	bool lent = false;
	u32 unused;

	WRITE_ONCE(lease->open, false);
	unused = min(READ_ONCE(lease->left), lease->granted);
	list_del(&lease->place);
	if (node != lease->lender)
		node->sum.borrowed += READ_ONCE(lease->packets) - lease->packets_before;
	for (at = node; at; at = at->parent) {
		lent |= at == lease->lender;
		if (lent)
			vnet_bucket_settle(&at->rate, lease->granted, unused);
		vnet_bucket_settle(&at->ceil, lease->granted, unused);
	}
	vnet_shaper_update(node, now);
}

/**
 * vnet_shaper_end_lease - end the lease that this CPU has of a node
 * @node: the node
 * @now: time in ns
 *
 * A CPU that asks again soon will get twice as much, one that seldom sends nothing:
 * what it does not use is missing elsewhere.
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_end_lease(struct vnet_shaper_node *node, u64 now)
{
	struct vnet_lease *lease = this_cpu_ptr(node->leases);

	lockdep_assert_held(&node->shaper->lock);
	if (lease->open)
		lease_end(lease, now);
	if (now - lease->since < LEASE_HOT_NS)
		lease->wanted = clamp(2 * lease->wanted, LEASE_MIN, LEASE_MAX);
	else
		lease->wanted = 0;
	lease->since = now;
}

/**
 * vnet_shaper_end_leases_of - end the leases that any CPU has of a node
 * @node: the node
 * @now: time in ns
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_end_leases_of(struct vnet_shaper_node *node, u64 now)
{
	struct vnet_lease *lease;

	lockdep_assert_held(&node->shaper->lock);
	list_for_each_entry(lease, &node->lessees, beside)
		if (lease->open)
			lease_end(lease, now);
}

/**
 * vnet_shaper_end_leases - end all leases
 * @shaper: the shaper
 * @now: time in ns
 *
 * Whoever changes rates or the tree does so before: a lease is settled with those that
 * paid for it.
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_end_leases(struct vnet_shaper *shaper, u64 now)
{
	struct vnet_lease *lease, *next;

	lockdep_assert_held(&shaper->lock);
	list_for_each_entry_safe(lease, next, &shaper->leases, place)
		lease_end(lease, now);
}

/**
 * vnet_shaper_end_old_leases - end leases that their CPUs did not use up soon
 * @shaper: the shaper
 * @now: time in ns
 *
 * A few of them only; the others when this is called again.
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_end_old_leases(struct vnet_shaper *shaper, u64 now)
{
	struct vnet_lease *lease, *next;
	unsigned int count = LEASE_EXPIRE;

	lockdep_assert_held(&shaper->lock);
	list_for_each_entry_safe(lease, next, &shaper->leases, place) {
		if (now - lease->since < LEASE_HOT_NS || !count--)
			break;
		lease_end(lease, now);
	}
}

/* What every bucket has that would pay for a frame. */
static s64 lease_tokens(const struct vnet_shaper_node *node,
			const struct vnet_shaper_node *lender)
{
	s64 tokens = lender->rate.rate ? lender->rate.tokens : S64_MAX;

	for (; node; node = node->parent)
		if (node->ceil.rate)
			tokens = min(tokens, node->ceil.tokens);
	return tokens;
}

static void lease_begin(struct vnet_lease *lease, struct vnet_shaper_node *node,
			struct vnet_shaper_node *lender, u32 bytes)
{
	struct vnet_shaper_node *at;
	bool lent = false;

	for (at = node; at; at = at->parent) {
		lent |= at == lender;
		if (lent)
			vnet_bucket_lend(&at->rate, bytes);
		vnet_bucket_lend(&at->ceil, bytes);
	}
	if (!lease->node) {
		lease->node = node;
		list_add_tail(&lease->beside, &node->lessees);
	}
	lease->lender = lender;
	lease->granted = bytes;
	lease->packets_before = lease->packets;
	list_add_tail(&lease->place, &node->shaper->leases);
	lease->left = bytes;
	WRITE_ONCE(lease->open, true);
}

/**
 * vnet_shaper_begin_lease - let this CPU send some more frames without the lock
 * @node: the node, of which a frame may pass now
 * @lender: from vnet_shaper_lender(), for that frame
 *
 * Context: the shaper's lock, after vnet_shaper_end_lease() under the same, and followed
 * by vnet_shaper_update().
 */
void vnet_shaper_begin_lease(struct vnet_shaper_node *node, struct vnet_shaper_node *lender)
{
	struct vnet_lease *lease = this_cpu_ptr(node->leases);
	s64 most = lease_tokens(node, lender) / LEASE_PART;
	u32 bytes = lease->wanted;

	lockdep_assert_held(&node->shaper->lock);
	while (bytes >= LEASE_MIN && bytes * VNET_BUCKET_BYTE > most)
		bytes /= 2;
	if (bytes >= LEASE_MIN)
		lease_begin(lease, node, lender, bytes);
}

/**
 * vnet_shaper_read_leases - add what went without the lock to the counters of a node
 * @node: the node
 * @sum: its other counters
 *
 * Context: the shaper's lock.
 */
void vnet_shaper_read_leases(const struct vnet_shaper_node *node, struct vnet_class_sum *sum)
{
	const struct vnet_lease *lease;

	list_for_each_entry(lease, &node->lessees, beside) {
		u64 packets = READ_ONCE(lease->packets);

		sum->packets += packets;
		sum->bytes += READ_ONCE(lease->bytes);
		if (lease->open && lease->lender != node)
			sum->borrowed += packets - lease->packets_before;
	}
}
