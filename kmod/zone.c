// SPDX-License-Identifier: GPL-2.0-only
/*
 * The zone: where nf_conntrack keeps the connections of one network, apart from
 * those of all others. It must not know frames.
 *
 * A zone is opened before the first rule that asks for state is published, and is
 * closed when there is no such rule any more: then its connections are forgotten,
 * because what they know of sequence numbers would soon be wrong. Its number is
 * free for another network only when the last of them is gone.
 */
#include <linux/ktime.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/xarray.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_helper.h>
#include <net/netfilter/nf_conntrack_zones.h>
#include "member.h"
#include "network.h"
#include "zone.h"

/* People and other switches number their zones from 1; ours come from the top. */
#define ZONE_MIN	0x8000
#define ZONE_MAX	0xffff

/* Counting may take one part in so many of one CPU's time, once a second at most. */
#define COUNT_SHARE	50

/* By number; nobody leaves while the lock is held, and nobody else counts. */
static DEFINE_XARRAY_ALLOC(zones);
static DEFINE_MUTEX(lock);
static struct workqueue_struct *queue;

static void count_in_work(struct work_struct *work);
static DECLARE_DELAYED_WORK(count_work, count_in_work);

/*
 * Counting
 */

/* Called for each connection of a namespace; 0 leaves it where it is. */
static int count_one(struct nf_conn *ct, void *unused)
{
	struct vnet_zone *zone = xa_load(&zones, nf_ct_zone(ct)->id);
	struct vnet_member *member;

	if (!zone || !net_eq(zone->net, nf_ct_net(ct)))
		return 0;
	zone->network->connections.counting++;
	rcu_read_lock();
	member = xa_load(&zone->network->vn->members, READ_ONCE(ct->mark) & VNET_ZONE_MEMBER);
	if (member && member->network == zone->network)
		member->connections.counting++;
	rcu_read_unlock();
	return 0;
}

static void all_quotas(void (*act)(struct vnet_quota *quota))
{
	struct vnet_member *member;
	struct vnet_zone *zone;
	unsigned long id;

	xa_for_each(&zones, id, zone) {
		act(&zone->network->connections);
		rcu_read_lock();
		list_for_each_entry_rcu(member, &zone->network->members, node)
			act(&member->connections);
		rcu_read_unlock();
	}
}

/* Whether another zone comes first in the same namespace. */
static bool seen_before(const struct vnet_zone *zone)
{
	const struct vnet_zone *other;
	unsigned long id;

	xa_for_each(&zones, id, other)
		if (other->net == zone->net)
			return other != zone;
	return false;
}

/* Finds out how many connections there are now. */
static void count_all(void)
{
	struct nf_ct_iter_data all = {};
	struct vnet_zone *zone;
	unsigned long id;

	mutex_lock(&lock);
	all_quotas(vnet_quota_begin_count);
	xa_for_each(&zones, id, zone) {
		if (seen_before(zone))
			continue;
		all.net = zone->net;
		nf_ct_iterate_cleanup_net(count_one, &all);
	}
	all_quotas(vnet_quota_end_count);
	mutex_unlock(&lock);
}

/* Of each member of a network, those that began to wait too long before @now. */
static void expire_fragments(struct vnet_network *network, u64 now)
{
	struct vnet_member *member;
	struct sk_buff_head lost;

	__skb_queue_head_init(&lost);
	rcu_read_lock();
	list_for_each_entry_rcu(member, &network->members, node)
		vnet_datagrams_expire(&member->datagrams, now, &lost);
	vnet_network_lose(&lost, VNET_DROP_FRAGMENT_TIMEOUT);
	rcu_read_unlock();
}

static void expire_all(u64 now)
{
	struct vnet_zone *zone;
	unsigned long id;

	mutex_lock(&lock);
	xa_for_each(&zones, id, zone)
		expire_fragments(zone->network, now);
	mutex_unlock(&lock);
}

static void count_in_work(struct work_struct *work)
{
	u64 began = ktime_get_ns(), took;

	expire_all(began);
	count_all();
	took = ktime_get_ns() - began;
	if (!xa_empty(&zones))
		queue_delayed_work(queue, &count_work,
				   max_t(u64, HZ, nsecs_to_jiffies(took * COUNT_SHARE)));
}

/*
 * From beginning to end
 */

static void free_templates(struct vnet_zone *zone)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		struct nf_conn *template = *per_cpu_ptr(zone->templates, cpu);

		if (template)
			nf_ct_put(template);
	}
	free_percpu(zone->templates);
}

static int make_templates(struct vnet_zone *zone)
{
	struct nf_conntrack_zone number;
	struct nf_conn *template;
	int cpu;

	zone->templates = alloc_percpu_gfp(struct nf_conn *,
					   GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!zone->templates)
		return -ENOMEM;
	nf_ct_zone_init(&number, zone->id, NF_CT_DEFAULT_ZONE_DIR, 0);
	for_each_possible_cpu(cpu) {
		template = nf_ct_tmpl_alloc(zone->net, &number, GFP_KERNEL_ACCOUNT);
		if (!template) {
			free_templates(zone);
			return -ENOMEM;
		}
		__set_bit(IPS_CONFIRMED_BIT, &template->status);
		*per_cpu_ptr(zone->templates, cpu) = template;
	}
	return 0;
}

static int is_in(struct nf_conn *ct, void *zone)
{
	return nf_ct_zone(ct)->id == ((struct vnet_zone *)zone)->id;
}

static void free_zone(struct vnet_zone *zone)
{
	struct vnet_netns *vn = zone->network->vn;

	mutex_lock(&lock);
	xa_erase(&zones, zone->id);
	mutex_unlock(&lock);
	vnet_network_put(zone->network);
	kfree(zone);
	/* Behind this the namespace may go. */
	if (atomic_dec_and_test(&vn->zones))
		wake_up_var(&vn->zones);
}

/* No frame can get into the zone any more. */
static void free_in_work(struct work_struct *work)
{
	struct vnet_zone *zone = container_of(to_rcu_work(work), struct vnet_zone, free_work);
	struct nf_ct_iter_data all = { .net = zone->net, .data = zone };

	/* Whatever their age, unless they wait for the network's next zone. */
	if (!rcu_access_pointer(zone->network->zone))
		expire_fragments(zone->network, U64_MAX);
	nf_ct_iterate_cleanup_net(is_in, &all);
	free_templates(zone);
	free_zone(zone);
}

static struct vnet_zone *alloc_zone(struct vnet_network *network)
{
	struct vnet_zone *zone = kzalloc(sizeof(*zone), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	int err;

	if (!zone)
		return ERR_PTR(-ENOMEM);
	/* The place is taken, but the zone is not seen in it yet. */
	err = xa_alloc(&zones, &zone->id, NULL, XA_LIMIT(ZONE_MIN, ZONE_MAX), GFP_KERNEL);
	if (err) {
		kfree(zone);
		return ERR_PTR(err == -EBUSY ? -ENOSPC : err);
	}
	zone->net = network->vn->net;
	zone->network = network;
	INIT_RCU_WORK(&zone->free_work, free_in_work);
	err = make_templates(zone);
	if (err) {
		xa_erase(&zones, zone->id);
		kfree(zone);
		return ERR_PTR(err);
	}
	return zone;
}

/* A zone begins without connections, and takes all of them along when it ends. */
static void forget_connections(struct vnet_network *network)
{
	struct vnet_member *member;

	mutex_lock(&lock);
	vnet_quota_begin_count(&network->connections);
	vnet_quota_end_count(&network->connections);
	list_for_each_entry(member, &network->members, node) {
		vnet_quota_begin_count(&member->connections);
		vnet_quota_end_count(&member->connections);
	}
	mutex_unlock(&lock);
}

/**
 * vnet_zone_open - see to it that frames of a network get a state
 * @network: the network; nothing happens if they do already
 *
 * Context: config mutex; sleeps.
 * Return: 0, -ENOMEM, or -ENOSPC if the host has no zone left.
 */
int vnet_zone_open(struct vnet_network *network)
{
	struct vnet_zone *zone;

	vnet_assert_config(network->vn);
	if (rcu_access_pointer(network->zone))
		return 0;
	zone = alloc_zone(network);
	if (IS_ERR(zone))
		return PTR_ERR(zone);
	forget_connections(network);
	vnet_network_get(network);
	atomic_inc(&network->vn->zones);
	xa_store(&zones, zone->id, zone, GFP_KERNEL);
	rcu_assign_pointer(network->zone, zone);
	queue_delayed_work(queue, &count_work, HZ);
	return 0;
}

/**
 * vnet_zone_close - frames of a network get no state any more
 * @network: the network; nothing happens if they do not already
 *
 * Its connections are forgotten, after a grace period and by somebody else.
 *
 * Context: config mutex.
 */
void vnet_zone_close(struct vnet_network *network)
{
	struct vnet_zone *zone = rcu_dereference_protected(network->zone, true);

	vnet_assert_config(network->vn);
	if (!zone)
		return;
	RCU_INIT_POINTER(network->zone, NULL);
	forget_connections(network);
	queue_rcu_work(queue, &zone->free_work);
}

/**
 * vnet_zone_close_unused - as vnet_zone_close(), unless a rule asks for state
 * @network: the network, whose rules may have changed
 *
 * Context: config mutex.
 */
void vnet_zone_close_unused(struct vnet_network *network)
{
	if (!network->rules.stateful)
		vnet_zone_close(network);
}

/**
 * vnet_zone_next_round - have all connections of a network judged again
 * @network: the network
 *
 * One that is not used for 255 rounds passes for one that was judged.
 *
 * Context: config mutex.
 * Return: false if it has no connections, because no rule asks for state.
 */
bool vnet_zone_next_round(struct vnet_network *network)
{
	struct vnet_zone *zone = rcu_dereference_protected(network->zone, true);

	vnet_assert_config(network->vn);
	if (!zone)
		return false;
	/* Who sees the round sees the rules that it is about. */
	smp_store_release(&zone->round, zone->round + 1);
	return true;
}

/**
 * vnet_zone_wait - wait until all zones of a namespace are gone
 * @vn: the namespace, all of whose zones were closed
 *
 * Context: process context, no lock held; sleeps.
 */
void vnet_zone_wait(struct vnet_netns *vn)
{
	wait_var_event(&vn->zones, !atomic_read(&vn->zones));
}

static bool has_helper(const char *name, u16 family, u8 proto)
{
	bool has;

	/* Connections find it in the same way, for as long as it is there. */
	rcu_read_lock();
	has = __nf_conntrack_helper_find(name, family, proto);
	rcu_read_unlock();
	return has;
}

/**
 * vnet_zone_has_helper - whether somebody can read along in connections
 * @name: of the helper
 * @proto: of the connections
 *
 * Context: any.
 * Return: true if so, for IPv4 or IPv6.
 */
bool vnet_zone_has_helper(const char *name, u8 proto)
{
	return has_helper(name, NFPROTO_IPV4, proto) || has_helper(name, NFPROTO_IPV6, proto);
}

static void load_helper(const char *name, u16 family, u8 proto)
{
	struct nf_conntrack_helper *helper;

	helper = nf_conntrack_helper_try_module_get(name, family, proto);
	if (helper)
		nf_conntrack_helper_put(helper);
}

/**
 * vnet_zone_load_helper - see to it that a helper's module is loaded, if there is one
 * @name: of the helper
 * @proto: of the connections
 *
 * That runs a program and takes as long as that does, so nobody should wait meanwhile.
 *
 * Context: process context, the config mutex not held; sleeps.
 * Return: as vnet_zone_has_helper().
 */
bool vnet_zone_load_helper(const char *name, u8 proto)
{
	if (!vnet_zone_has_helper(name, proto))
		load_helper(name, NFPROTO_IPV4, proto);
	if (!vnet_zone_has_helper(name, proto))
		load_helper(name, NFPROTO_IPV6, proto);
	return vnet_zone_has_helper(name, proto);
}

/**
 * vnet_zone_init - make what all zones share
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vnet_zone_init(void)
{
	queue = alloc_workqueue("vnet_zone", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

/**
 * vnet_zone_exit - the opposite, when all namespaces have waited for their zones
 *
 * Context: module init on failure, and exit.
 */
void vnet_zone_exit(void)
{
	cancel_delayed_work_sync(&count_work);
	destroy_workqueue(queue);
	xa_destroy(&zones);
}
