// SPDX-License-Identifier: GPL-2.0-only
/*
 * The network: creation, settings, end, and what its tables report. It must not
 * know how frames travel or how it is configured.
 */
#include <linux/slab.h>
#include "event.h"
#include "measure.h"
#include "member.h"
#include "network.h"
#include "trace.h"
#include "zone.h"

/* Where held frames go; set at load, before any network exists. */
static struct vnet_class_ops class_ops __ro_after_init;
static void (*lose_frame)(struct sk_buff *skb, enum vnet_drop reason) __ro_after_init;
/* The last step of each network; sleeps, so it cannot be an RCU callback. */
static struct workqueue_struct *free_queue;

static void fdb_changed(struct vnet_fdb *fdb, enum vnet_event event,
			const u8 *mac, struct vnet_fdb_owner *owner,
			enum vnet_fdb_kind kind)
{
	struct vnet_network *network = container_of(fdb, struct vnet_network, fdb);
	struct vnet_member *member = vnet_member_of(owner);

	trace_vnet_fdb(network->id, member->id, mac, kind, event);
	READ_ONCE(vnet_listener)->fdb(network, member, mac, kind, event);
}

static void fdb_limit(struct vnet_fdb *fdb, struct vnet_fdb_owner *owner, u32 limit)
{
	struct vnet_network *network = container_of(fdb, struct vnet_network, fdb);

	READ_ONCE(vnet_listener)->limit(network,
					owner ? vnet_member_of(owner) : NULL, NULL,
					owner ? VNET_LIMIT_MEMBER_MACS :
						VNET_LIMIT_NETWORK_MACS,
					limit);
}

static const struct vnet_fdb_ops fdb_ops = {
	.changed = fdb_changed,
	.limit = fdb_limit,
};

static void class_limit(void *owner, struct vnet_class *class,
			u64 limit)
{
	READ_ONCE(vnet_listener)->limit(owner, NULL, class,
					class ? VNET_LIMIT_CLASS_QUEUE :
						VNET_LIMIT_NETWORK_QUEUE,
					limit);
}

/**
 * vnet_network_find - a network by its name
 * @vn: registry of the namespace
 * @name: the name
 *
 * Context: config mutex held.
 * Return: the network, valid while the mutex is held, or NULL.
 */
struct vnet_network *vnet_network_find(struct vnet_netns *vn, const char *name)
{
	struct vnet_network *network;
	unsigned long id;

	vnet_assert_config(vn);
	xa_for_each(&vn->networks, id, network)
		if (!strcmp(network->spec.name, name))
			return network;
	return NULL;
}

/**
 * vnet_network_next - the network with the smallest id above another
 * @vn: registry of the namespace
 * @after_id: 0 for the first one
 *
 * Context: config mutex held.
 * Return: the network, valid while the mutex is held, or NULL.
 */
struct vnet_network *vnet_network_next(struct vnet_netns *vn, u32 after_id)
{
	unsigned long id = after_id;

	vnet_assert_config(vn);
	return xa_find_after(&vn->networks, &id, UINT_MAX, XA_PRESENT);
}

static struct vnet_network *find_vni(struct vnet_netns *vn, u32 vni)
{
	struct vnet_network *network;
	unsigned long id;

	xa_for_each(&vn->networks, id, network)
		if (network->spec.vni == vni)
			return network;
	return NULL;
}

static const struct vnet_network_spec defaults = {
	.policy = { VNET_ACTION_ALLOW, VNET_ACTION_ALLOW },
	.ageing_ms = VNET_AGEING_DEFAULT,
	.max_members = VNET_MEMBERS_DEFAULT,
	.max_macs = VNET_MACS_DEFAULT,
	.max_rules = VNET_RULES_DEFAULT,
	.max_classes = VNET_CLASSES_DEFAULT,
	.max_queue = VNET_QUEUE_DEFAULT,
	.max_sets = VNET_SETS_DEFAULT,
	.max_elements = VNET_ELEMENTS_DEFAULT,
	.max_connections = VNET_CONNECTIONS_DEFAULT,
	.reject_rate = VNET_REJECT_RATE_DEFAULT,
	.log_rate = VNET_LOG_RATE_DEFAULT,
};

/* Overlay the given fields of @spec on @base. */
static void merge(struct vnet_network_spec *base, const struct vnet_network_spec *spec)
{
	if (spec->has & VNET_NETWORK_HAS_VNI)
		base->vni = spec->vni;
	if (spec->has & VNET_NETWORK_HAS_TENANT)
		strscpy(base->tenant, spec->tenant, sizeof(base->tenant));
	if (spec->has & VNET_NETWORK_HAS_UP)
		base->up = spec->up;
	if (spec->has & VNET_NETWORK_HAS_POLICY_INGRESS)
		base->policy[vnet_dir(VNET_DIR_INGRESS)] =
			spec->policy[vnet_dir(VNET_DIR_INGRESS)];
	if (spec->has & VNET_NETWORK_HAS_POLICY_EGRESS)
		base->policy[vnet_dir(VNET_DIR_EGRESS)] =
			spec->policy[vnet_dir(VNET_DIR_EGRESS)];
	if (spec->has & VNET_NETWORK_HAS_AUDIT_INGRESS)
		base->audit[vnet_dir(VNET_DIR_INGRESS)] =
			spec->audit[vnet_dir(VNET_DIR_INGRESS)];
	if (spec->has & VNET_NETWORK_HAS_AUDIT_EGRESS)
		base->audit[vnet_dir(VNET_DIR_EGRESS)] =
			spec->audit[vnet_dir(VNET_DIR_EGRESS)];
	if (spec->has & VNET_NETWORK_HAS_AGEING)
		base->ageing_ms = spec->ageing_ms;
	if (spec->has & VNET_NETWORK_HAS_MAX_MEMBERS)
		base->max_members = spec->max_members;
	if (spec->has & VNET_NETWORK_HAS_MAX_MACS)
		base->max_macs = spec->max_macs;
	if (spec->has & VNET_NETWORK_HAS_MAX_RULES)
		base->max_rules = spec->max_rules;
	if (spec->has & VNET_NETWORK_HAS_MAX_CLASSES)
		base->max_classes = spec->max_classes;
	if (spec->has & VNET_NETWORK_HAS_MAX_QUEUE)
		base->max_queue = spec->max_queue;
	if (spec->has & VNET_NETWORK_HAS_MAX_SETS)
		base->max_sets = spec->max_sets;
	if (spec->has & VNET_NETWORK_HAS_MAX_ELEMENTS)
		base->max_elements = spec->max_elements;
	if (spec->has & VNET_NETWORK_HAS_MAX_CONNECTIONS)
		base->max_connections = spec->max_connections;
	if (spec->has & VNET_NETWORK_HAS_CONNECTION_RATE)
		base->connection_rate = spec->connection_rate;
	if (spec->has & VNET_NETWORK_HAS_REJECT_RATE)
		base->reject_rate = spec->reject_rate;
	if (spec->has & VNET_NETWORK_HAS_LOG_RATE)
		base->log_rate = spec->log_rate;
	if (spec->has & VNET_NETWORK_HAS_PACKET_RATE_INGRESS)
		base->packet_rate[vnet_dir(VNET_DIR_INGRESS)] =
			spec->packet_rate[vnet_dir(VNET_DIR_INGRESS)];
	if (spec->has & VNET_NETWORK_HAS_PACKET_RATE_EGRESS)
		base->packet_rate[vnet_dir(VNET_DIR_EGRESS)] =
			spec->packet_rate[vnet_dir(VNET_DIR_EGRESS)];
}

static bool same(const struct vnet_network_spec *a, const struct vnet_network_spec *b)
{
	return !strcmp(a->tenant, b->tenant) && a->vni == b->vni && a->up == b->up &&
	       !memcmp(a->policy, b->policy, sizeof(a->policy)) &&
	       !memcmp(a->audit, b->audit, sizeof(a->audit)) &&
	       a->ageing_ms == b->ageing_ms && a->max_members == b->max_members &&
	       a->max_macs == b->max_macs && a->max_rules == b->max_rules &&
	       a->max_classes == b->max_classes && a->max_queue == b->max_queue &&
	       a->max_sets == b->max_sets && a->max_elements == b->max_elements &&
	       a->max_connections == b->max_connections &&
	       a->connection_rate == b->connection_rate &&
	       a->reject_rate == b->reject_rate &&
	       a->log_rate == b->log_rate &&
	       !memcmp(a->packet_rate, b->packet_rate, sizeof(a->packet_rate));
}

static int check_vni(struct vnet_netns *vn, const struct vnet_network *self,
		     u32 vni, struct netlink_ext_ack *extack)
{
	const struct vnet_network *other = vni ? find_vni(vn, vni) : NULL;

	if (!other || other == self)
		return 0;
	NL_SET_ERR_MSG_MOD(extack, "another network has this VNI; choose a free one");
	return -EEXIST;
}

/* The limits that can be refused; all of them or none. */
static int apply_limits(struct vnet_network *network,
			const struct vnet_network_spec *spec,
			struct netlink_ext_ack *extack)
{
	int err = -ENOSPC;

	if (spec->max_members < network->member_count) {
		NL_SET_ERR_MSG_MOD(extack, "max-members is below the members in use; delete some first");
		return err;
	}
	if (spec->max_rules < network->rules.count) {
		NL_SET_ERR_MSG_MOD(extack, "max-rules is below the rules in use; delete some first");
		return err;
	}
	if (spec->max_classes < vnet_class_count(network->classes)) {
		NL_SET_ERR_MSG_MOD(extack, "max-classes is below the classes in use; delete some first");
		return err;
	}
	if (spec->max_sets < network->sets.count) {
		NL_SET_ERR_MSG_MOD(extack, "max-sets is below the sets in use; delete some first");
		return err;
	}
	if (spec->max_elements < network->sets.elements) {
		NL_SET_ERR_MSG_MOD(extack, "max-set-elements is below the elements in use; delete some first");
		return err;
	}
	err = vnet_fdb_set_limit(&network->fdb, spec->max_macs);
	if (err) {
		NL_SET_ERR_MSG_MOD(extack, "max-macs is below the addresses in use; flush some first");
		return err;
	}
	/* Nobody but us adds classes, sets or rules: what was checked still holds. */
	vnet_set_list_set_limits(&network->sets, spec->max_sets, spec->max_elements);
	vnet_class_set_limits(network->classes, spec->max_classes, spec->max_queue);
	return vnet_rule_set_limit(&network->rules, spec->max_rules);
}

static int apply(struct vnet_network *network, const struct vnet_network_spec *spec,
		 struct netlink_ext_ack *extack)
{
	unsigned int dir;
	bool changed;
	int err;

	err = apply_limits(network, spec, extack);
	if (err)
		return err;
	vnet_fdb_set_ageing(&network->fdb, spec->ageing_ms);
	vnet_quota_set(&network->connections, spec->max_connections, spec->connection_rate);
	vnet_pace_set(&network->answers, spec->reject_rate);
	if (spec->log_rate != network->spec.log_rate)
		vnet_log_set_rate(&network->log, spec->log_rate);
	changed = memcmp(network->policy, spec->policy, sizeof(network->policy)) ||
		  memcmp(network->audit, spec->audit, sizeof(network->audit));
	for (dir = 0; dir < VNET_DIRS; dir++) {
		vnet_pace_set(&network->packets[dir], spec->packet_rate[dir]);
		WRITE_ONCE(network->policy[dir], spec->policy[dir]);
		WRITE_ONCE(network->audit[dir], spec->audit[dir]);
	}
	if (changed) {
		/* Frames that a class holds are judged again by what is new. */
		smp_store_release(&network->rules.generation,
				  network->rules.generation + 1);
	}
	WRITE_ONCE(network->paced, spec->packet_rate[0] || spec->packet_rate[1]);
	WRITE_ONCE(network->up, spec->up);
	network->spec = *spec;
	return 0;
}

static void free_tables(struct vnet_network *network)
{
	unsigned int dir;

	vnet_rule_table_destroy(&network->rules);
	vnet_set_list_destroy(&network->sets);
	if (network->classes)
		vnet_class_tree_destroy(network->classes);
	vnet_fdb_destroy(&network->fdb);
	for (dir = 0; dir < VNET_DIRS; dir++) {
		free_percpu(network->policy_hits[dir]);
		free_percpu(network->audit_hits[dir]);
	}
	kfree(network);
}

static void free_in_work(struct work_struct *work)
{
	free_tables(container_of(to_rcu_work(work), struct vnet_network, free_work));
}

static bool has_counters(const struct vnet_network *network)
{
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++)
		if (!network->policy_hits[dir] || !network->audit_hits[dir])
			return false;
	return true;
}

/* Networks so far: what is remembered of one is never taken for another's. */
static atomic_t last_network;

static struct vnet_network *alloc_tables(void)
{
	struct vnet_network *network;
	unsigned int dir;
	int err;

	network = kzalloc(sizeof(*network), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!network)
		return NULL;
	err = vnet_fdb_init(&network->fdb, &fdb_ops);
	if (err) {
		kfree(network);
		return NULL;
	}
	network->number = atomic_inc_return(&last_network);
	INIT_LIST_HEAD(&network->members);
	vnet_rule_table_init(&network->rules);
	vnet_set_list_init(&network->sets);
	vnet_log_init(&network->log, VNET_LOG_RATE_DEFAULT);
	spin_lock_init(&network->retired_lock);
	refcount_set(&network->refs, 1);
	INIT_RCU_WORK(&network->free_work, free_in_work);
	network->classes = vnet_class_tree_create(&class_ops, network);
	for (dir = 0; dir < VNET_DIRS; dir++) {
		network->policy_hits[dir] = vnet_stats_alloc_counter();
		network->audit_hits[dir] = vnet_stats_alloc_counter();
	}
	if (!network->classes || !has_counters(network)) {
		free_tables(network);
		return NULL;
	}
	return network;
}

static int add(struct vnet_netns *vn, struct vnet_network *network,
	       struct netlink_ext_ack *extack)
{
	int err;

	err = xa_alloc(&vn->networks, &network->id, network,
		       XA_LIMIT(1, VNET_NETWORKS_MAX), GFP_KERNEL);
	if (err == -EBUSY) {
		NL_SET_ERR_MSG_MOD(extack, "this namespace has as many networks as vnet allows (4096)");
		return -ENOSPC;
	}
	if (err)
		return err;
	network->vn = vn;
	vn->network_count++;
	vnet_measure_arm(vn);
	vnet_netns_changed(vn);
	READ_ONCE(vnet_listener)->network(network, VNET_EVENT_ADDED);
	return 0;
}

static struct vnet_network *add_again(struct vnet_network *network,
				      const struct vnet_network_spec *spec,
				      bool *unchanged,
				      struct netlink_ext_ack *extack)
{
	struct vnet_network_spec wanted = network->spec;

	merge(&wanted, spec);
	if (same(&wanted, &network->spec)) {
		*unchanged = true;
		return network;
	}
	NL_SET_ERR_MSG_MOD(extack, "a network of this name exists with other settings; change it with set");
	return ERR_PTR(-EEXIST);
}

/**
 * vnet_network_create - make a network
 * @vn: registry of the namespace
 * @spec: name and settings; what is not given gets its default
 * @unchanged: set when a network with these settings exists already
 * @extack: gets the sentence of a refusal
 *
 * Context: config mutex held; sleeps.
 * Return: the network, owned by the registry, or -EEXIST, -ENOSPC, -ENOMEM.
 */
struct vnet_network *vnet_network_create(struct vnet_netns *vn,
					 const struct vnet_network_spec *spec,
					 bool *unchanged,
					 struct netlink_ext_ack *extack)
{
	struct vnet_network_spec wanted = defaults;
	struct vnet_network *network;
	int err;

	network = vnet_network_find(vn, spec->name);
	if (network)
		return add_again(network, spec, unchanged, extack);
	strscpy(wanted.name, spec->name, sizeof(wanted.name));
	merge(&wanted, spec);
	err = check_vni(vn, NULL, wanted.vni, extack);
	if (err)
		return ERR_PTR(err);
	network = alloc_tables();
	if (!network)
		return ERR_PTR(-ENOMEM);
	err = apply(network, &wanted, extack);
	if (!err)
		err = add(vn, network, extack);
	if (err) {
		free_tables(network);
		return ERR_PTR(err);
	}
	return network;
}

/**
 * vnet_network_set - change settings of a network
 * @network: the network
 * @spec: what is given in it is changed
 * @unchanged: set when nothing is different
 * @extack: gets the sentence of a refusal
 *
 * Context: config mutex held; sleeps.
 * Return: 0 or -EEXIST, -ENOSPC, -ENOMEM; then nothing has changed.
 */
int vnet_network_set(struct vnet_network *network,
		     const struct vnet_network_spec *spec, bool *unchanged,
		     struct netlink_ext_ack *extack)
{
	struct vnet_network_spec wanted = network->spec;
	int err;

	vnet_assert_config(network->vn);
	merge(&wanted, spec);
	if (same(&wanted, &network->spec)) {
		*unchanged = true;
		return 0;
	}
	err = check_vni(network->vn, network, wanted.vni, extack);
	if (!err)
		err = apply(network, &wanted, extack);
	if (err)
		return err;
	vnet_network_decide_anew(network);
	vnet_netns_changed(network->vn);
	READ_ONCE(vnet_listener)->network(network, VNET_EVENT_CHANGED);
	return 0;
}

/**
 * vnet_network_destroy - delete a network with all that belongs to it
 * @network: the network; the registry's reference is dropped
 *
 * Nothing waits: memory goes back after a grace period, from a work queue.
 *
 * Context: config mutex held; sleeps.
 */
void vnet_network_destroy(struct vnet_network *network)
{
	struct vnet_member *member, *next;
	struct vnet_netns *vn = network->vn;

	vnet_assert_config(vn);
	WRITE_ONCE(network->up, false);
	list_for_each_entry_safe(member, next, &network->members, node)
		vnet_member_destroy(member);
	READ_ONCE(vnet_listener)->network(network, VNET_EVENT_REMOVED);
	vnet_zone_close(network);
	xa_erase(&vn->networks, network->id);
	vn->network_count--;
	vnet_netns_changed(vn);
	vnet_network_put(network);
}

/**
 * vnet_network_get - keep the memory of a network
 * @network: the network, that somebody keeps already
 *
 * A reference keeps the tables allocated, not the network registered.
 */
void vnet_network_get(struct vnet_network *network)
{
	refcount_inc(&network->refs);
}

/**
 * vnet_network_put - give a reference back
 * @network: the network
 *
 * Context: any.
 */
void vnet_network_put(struct vnet_network *network)
{
	if (refcount_dec_and_test(&network->refs))
		queue_rcu_work(free_queue, &network->free_work);
}

/**
 * vnet_network_retire - keep the counters of a member that is gone
 * @network: its network
 * @stats: its counters, which nobody writes any more
 *
 * Context: any but hard interrupts.
 */
void vnet_network_retire(struct vnet_network *network,
			 const struct vnet_member_cpu __percpu *stats)
{
	spin_lock_bh(&network->retired_lock);
	vnet_stats_add_member(&network->retired, stats);
	spin_unlock_bh(&network->retired_lock);
}

/**
 * vnet_network_read - counters of a network: its members', gone ones included
 * @network: the network
 * @sum: where the counters go
 *
 * Context: config mutex held.
 */
void vnet_network_read(struct vnet_network *network, struct vnet_member_sum *sum)
{
	struct vnet_member *member;

	vnet_assert_config(network->vn);
	spin_lock_bh(&network->retired_lock);
	*sum = network->retired;
	spin_unlock_bh(&network->retired_lock);
	list_for_each_entry(member, &network->members, node)
		vnet_stats_add_member(sum, member->stats);
}

/**
 * vnet_network_lose - give up fragments that waited for others
 * @frames: the frames; emptied
 * @reason: why
 *
 * Context: process context; their members are still there, or their readers.
 */
void vnet_network_lose(struct sk_buff_head *frames, enum vnet_drop reason)
{
	struct sk_buff *skb;

	if (skb_queue_empty(frames))
		return;
	rcu_read_lock();
	local_bh_disable();
	while ((skb = __skb_dequeue(frames)))
		lose_frame(skb, reason);
	local_bh_enable();
	rcu_read_unlock();
}

/**
 * vnet_network_set_path - where frames go that a class held
 * @release: they may go on
 * @drop: they are given up
 * @mark: their receivers are to be told of congestion
 * @lose: fragments are given up that waited for others
 *
 * Context: module init.
 */
void __init vnet_network_set_path(void (*release)(struct sk_buff *skb,
						  enum vnet_direction direction),
				  void (*drop)(struct sk_buff *skb,
					       enum vnet_direction direction,
					       enum vnet_class_verdict why),
				  bool (*mark)(struct sk_buff *skb),
				  void (*lose)(struct sk_buff *skb, enum vnet_drop reason))
{
	lose_frame = lose;
	class_ops.release = release;
	class_ops.drop = drop;
	class_ops.mark = mark;
	class_ops.limit = class_limit;
}

/**
 * vnet_network_init - make what all networks share
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vnet_network_init(void)
{
	free_queue = alloc_workqueue("vnet", WQ_UNBOUND, 0);
	return free_queue ? 0 : -ENOMEM;
}

/**
 * vnet_network_exit - wait until the last network is freed
 *
 * Context: module init on failure, and exit.
 */
void vnet_network_exit(void)
{
	/* Members give their references back in RCU callbacks, networks are
	 * queued by one more.
	 */
	rcu_barrier();
	rcu_barrier();
	destroy_workqueue(free_queue);
	rcu_barrier();
}
