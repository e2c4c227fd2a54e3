// SPDX-License-Identifier: GPL-2.0-only
/*
 * The member: creation, settings, end, and the rate of what it has flooded. It
 * must not know how frames travel or how it is configured.
 */
#include <linux/slab.h>
#include "capacity.h"
#include "event.h"
#include "member.h"
#include "network.h"
#include "port.h"
#include "zone.h"

/**
 * vnet_member_find - the member that has a tag of a port
 * @port: the port
 * @tag: see vnet_tag()
 *
 * Context: config mutex held.
 * Return: the member, valid while the mutex is held, or NULL.
 */
struct vnet_member *vnet_member_find(struct vnet_port *port, u32 tag)
{
	vnet_assert_config(port->vn);
	if (tag == VNET_TAG_NONE)
		return rcu_dereference_protected(port->untagged,
						 lockdep_is_held(&port->vn->lock));
	return xa_load(&port->members, tag);
}

/**
 * vnet_member_next - the member with the smallest id above another
 * @vn: registry of the namespace
 * @after_id: 0 for the first one
 *
 * Context: config mutex held.
 * Return: the member, valid while the mutex is held, or NULL.
 */
struct vnet_member *vnet_member_next(struct vnet_netns *vn, u32 after_id)
{
	unsigned long id = after_id;

	vnet_assert_config(vn);
	return xa_find_after(&vn->members, &id, UINT_MAX, XA_PRESENT);
}

static struct vnet_guard *guard_of(const struct vnet_member *member)
{
	return rcu_dereference_protected(member->guard,
					 lockdep_is_held(&member->network->vn->lock));
}

static struct vnet_class *class_of(const struct vnet_member *member, unsigned int dir)
{
	return rcu_dereference_protected(member->class[dir],
					 lockdep_is_held(&member->network->vn->lock));
}

static const u32 guard_fields = VNET_MEMBER_HAS_GUARD_MACS | VNET_MEMBER_HAS_GUARD_IPS |
				VNET_MEMBER_HAS_GUARD_DHCP | VNET_MEMBER_HAS_GUARD_RA;

/* What the guard is to be: the given fields of @spec, the rest from @old. */
static void merge_guard(struct vnet_member_spec *wanted, const struct vnet_guard *old,
			const struct vnet_member_spec *spec)
{
	*wanted = *spec;
	if (!old)
		return;
	if (!(spec->has & VNET_MEMBER_HAS_GUARD_MACS)) {
		wanted->macs = old->macs;
		wanted->mac = (const u8 (*)[ETH_ALEN])old->mac;
	}
	if (!(spec->has & VNET_MEMBER_HAS_GUARD_IPS)) {
		wanted->prefixes = old->prefixes;
		wanted->prefix = old->prefix;
	}
	if (!(spec->has & VNET_MEMBER_HAS_GUARD_DHCP))
		wanted->guard_dhcp = old->dhcp;
	if (!(spec->has & VNET_MEMBER_HAS_GUARD_RA))
		wanted->guard_ra = old->ra;
}

static bool same_guard(const struct vnet_member_spec *wanted, const struct vnet_guard *old)
{
	if (!old)
		return !wanted->macs && !wanted->prefixes &&
		       !wanted->guard_dhcp && !wanted->guard_ra;
	return wanted->macs == old->macs && wanted->prefixes == old->prefixes &&
	       wanted->guard_dhcp == old->dhcp && wanted->guard_ra == old->ra &&
	       !memcmp(wanted->mac, old->mac, wanted->macs * ETH_ALEN) &&
	       !memcmp(wanted->prefix, old->prefix,
		       wanted->prefixes * sizeof(*wanted->prefix));
}

/* NULL when there is nothing to check; ERR_PTR(-ENOMEM). */
static struct vnet_guard *build_guard(const struct vnet_member_spec *wanted)
{
	struct vnet_guard *guard;
	unsigned int i;

	if (same_guard(wanted, NULL))
		return NULL;
	guard = kvzalloc(struct_size(guard, prefix, wanted->prefixes) +
			 wanted->macs * ETH_ALEN, GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!guard)
		return ERR_PTR(-ENOMEM);
	guard->dhcp = wanted->guard_dhcp;
	guard->ra = wanted->guard_ra;
	guard->macs = wanted->macs;
	guard->prefixes = wanted->prefixes;
	guard->mac = (void *)(guard->prefix + wanted->prefixes);
	memcpy(guard->mac, wanted->mac, wanted->macs * ETH_ALEN);
	memcpy(guard->prefix, wanted->prefix,
	       wanted->prefixes * sizeof(*wanted->prefix));
	for (i = 0; i < guard->prefixes; i++) {
		if (guard->prefix[i].version == 4)
			guard->has_v4 = true;
		else
			guard->has_v6 = true;
	}
	return guard;
}

static const u32 class_fields[VNET_DIRS] = {
	VNET_MEMBER_HAS_CLASS_INGRESS, VNET_MEMBER_HAS_CLASS_EGRESS,
};

static const u32 packet_fields[VNET_DIRS] = {
	VNET_MEMBER_HAS_PACKET_RATE_INGRESS, VNET_MEMBER_HAS_PACKET_RATE_EGRESS,
};

static struct vnet_class *find_class(struct vnet_network *network,
				     const struct vnet_member_spec *spec,
				     unsigned int dir, struct vnet_class *otherwise)
{
	if (!(spec->has & class_fields[dir]))
		return otherwise;
	if (!spec->class[dir][0])
		return vnet_class_root(network->classes);
	return vnet_class_find(network->classes, spec->class[dir]);
}

/*
 * Everything about a member that a request may change, checked and allocated
 * before anything is touched.
 */
struct change {
	u32 flags;
	u32 max_macs;
	u32 flood_rate;
	u32 max_connections;
	u32 connection_rate;
	u32 packet_rate[VNET_DIRS];
	struct vnet_class *class[VNET_DIRS];
	struct vnet_guard *guard;
	bool new_guard;
	bool any;
};

static int prepare_guard(struct change *change, const struct vnet_member *member,
			 const struct vnet_member_spec *spec)
{
	struct vnet_member_spec wanted;

	if (!(spec->has & guard_fields))
		return 0;
	merge_guard(&wanted, guard_of(member), spec);
	if (same_guard(&wanted, guard_of(member)))
		return 0;
	change->guard = build_guard(&wanted);
	if (IS_ERR(change->guard))
		return PTR_ERR(change->guard);
	change->new_guard = true;
	change->any = true;
	return 0;
}

static int prepare(struct change *change, struct vnet_member *member,
		   const struct vnet_member_spec *spec, struct netlink_ext_ack *extack)
{
	unsigned int dir;

	*change = (struct change) {
		.flags = (member->flags & ~spec->flags_given) |
			 (spec->flags & spec->flags_given),
		.max_macs = spec->has & VNET_MEMBER_HAS_MAX_MACS ?
			    spec->max_macs : member->fdb.limit,
		.flood_rate = spec->has & VNET_MEMBER_HAS_FLOOD_RATE ?
			      spec->flood_rate : member->flood.rate,
		.max_connections = spec->has & VNET_MEMBER_HAS_MAX_CONNECTIONS ?
				   spec->max_connections : member->connections.limit,
		.connection_rate = spec->has & VNET_MEMBER_HAS_CONNECTION_RATE ?
				   spec->connection_rate : member->connections.pace.rate,
	};
	for (dir = 0; dir < VNET_DIRS; dir++) {
		change->packet_rate[dir] = spec->has & packet_fields[dir] ?
					   spec->packet_rate[dir] :
					   member->packets[dir].rate;
		change->any |= change->packet_rate[dir] != member->packets[dir].rate;
		change->class[dir] = find_class(member->network, spec, dir,
						class_of(member, dir));
		if (!change->class[dir]) {
			NL_SET_ERR_MSG_MOD(extack, "the network has no class of this name; add it first");
			return -ENOENT;
		}
		change->any |= change->class[dir] != class_of(member, dir);
	}
	change->any |= change->flags != member->flags ||
		       change->max_macs != member->fdb.limit ||
		       change->flood_rate != member->flood.rate ||
		       change->max_connections != member->connections.limit ||
		       change->connection_rate != member->connections.pace.rate;
	return prepare_guard(change, member, spec);
}

static void discard(struct change *change)
{
	if (change->new_guard)
		kvfree(change->guard);
}

static void assign_class(struct vnet_member *member, unsigned int dir,
			 struct vnet_class *class)
{
	struct vnet_class *old = class_of(member, dir);

	if (old == class)
		return;
	vnet_class_use(class);
	rcu_assign_pointer(member->class[dir], class);
	if (old)
		vnet_class_unuse(old);
}

static void assign_guard(struct vnet_member *member, struct vnet_guard *guard)
{
	struct vnet_guard *old = guard_of(member);

	rcu_assign_pointer(member->guard, guard);
	if (old)
		kvfree_rcu(old, rcu);
}

static int commit(struct vnet_member *member, const struct change *change,
		  struct netlink_ext_ack *extack)
{
	unsigned int dir;
	int err;

	err = vnet_fdb_owner_set_limit(&member->network->fdb, &member->fdb,
				       change->max_macs);
	if (err) {
		NL_SET_ERR_MSG_MOD(extack, "max-macs is below the member's addresses in use; flush them first");
		return err;
	}
	for (dir = 0; dir < VNET_DIRS; dir++) {
		assign_class(member, dir, change->class[dir]);
		vnet_pace_set(&member->packets[dir], change->packet_rate[dir]);
	}
	WRITE_ONCE(member->paced, change->packet_rate[0] || change->packet_rate[1]);
	if (change->new_guard)
		assign_guard(member, change->guard);
	WRITE_ONCE(member->flags, change->flags);
	vnet_pace_set(&member->flood, change->flood_rate);
	vnet_quota_set(&member->connections, change->max_connections,
		       change->connection_rate);
	vnet_network_decide_anew(member->network);
	return 0;
}

static void free_member(struct vnet_member *member)
{
	kvfree(rcu_dereference_protected(member->guard, true));
	free_percpu(member->stats);
	kfree(member);
}

static struct vnet_member *alloc_member(struct vnet_network *network,
					struct vnet_port *port, u32 tag)
{
	struct vnet_class *root = vnet_class_root(network->classes);
	struct vnet_member *member;

	member = kzalloc(sizeof(*member), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!member)
		return NULL;
	member->stats = vnet_stats_alloc_member();
	if (!member->stats) {
		kfree(member);
		return NULL;
	}
	member->network = network;
	member->port = port;
	member->tag = tag;
	member->flags = VNET_MEMBER_FLAGS_DEFAULT;
	vnet_datagrams_init(&member->datagrams, &network->fragment_bytes);
	RCU_INIT_POINTER(member->class[0], root);
	RCU_INIT_POINTER(member->class[1], root);
	return member;
}

static bool has_one_vid(u32 tag)
{
	return tag != VNET_TAG_NONE && !(tag & VNET_TAG_AD) && !vnet_tag_cvid(tag);
}

/* Where the hit path looks for a member; NULL: nowhere, it has no tag or more than one. */
static struct vnet_member __rcu **place_by_vid(const struct vnet_member *member)
{
	struct vnet_member __rcu **by_vid;

	if (!has_one_vid(member->tag))
		return NULL;
	by_vid = rcu_dereference_protected(member->port->by_vid, true);
	return &by_vid[vnet_tag_vid(member->tag)];
}

/* Stays with the port: most that have one tagged member get more of them. */
static int alloc_by_vid(struct vnet_port *port)
{
	struct vnet_member __rcu **by_vid;

	if (rcu_access_pointer(port->by_vid))
		return 0;
	by_vid = kvcalloc(VLAN_N_VID, sizeof(*by_vid), GFP_KERNEL_ACCOUNT | __GFP_NOWARN);
	if (!by_vid)
		return -ENOMEM;
	rcu_assign_pointer(port->by_vid, by_vid);
	return 0;
}

static int reserve_tag(const struct vnet_member *member)
{
	struct vnet_port *port = member->port;
	int err = 0;

	if (member->tag == VNET_TAG_NONE)
		return 0;
	if (has_one_vid(member->tag))
		err = alloc_by_vid(port);
	return err ?: xa_reserve(&port->members, member->tag, GFP_KERNEL);
}

/* Everything that can fail, before anybody sees the member. */
static int reserve(struct vnet_member *member, struct netlink_ext_ack *extack)
{
	struct vnet_port *port = member->port;
	struct vnet_netns *vn = port->vn;
	int err;

	err = xa_alloc_cyclic(&vn->members, &member->id, member,
			      XA_LIMIT(1, VNET_ZONE_MEMBER), &vn->next_member, GFP_KERNEL);
	if (err < 0)
		return err;
	err = reserve_tag(member);
	if (err)
		goto err_id;
	err = vnet_capacity_join(member, extack);
	if (err)
		goto err_tag;
	err = vnet_rule_bind(&member->network->rules, port->dev->name,
			     member->tag, member->id);
	if (err == -E2BIG)
		NL_SET_ERR_MSG_MOD(extack, "the rules that wait for this member overlap with too many others: lookups would become too slow");
	if (err)
		goto err_share;
	return 0;

err_share:
	vnet_capacity_leave(member);
err_tag:
	if (member->tag != VNET_TAG_NONE)
		xa_release(&port->members, member->tag);
err_id:
	xa_erase(&vn->members, member->id);
	return err;
}

/* From here on frames flow. */
static void publish(struct vnet_member *member)
{
	struct vnet_member __rcu **by_vid = place_by_vid(member);
	struct vnet_network *network = member->network;
	struct vnet_port *port = member->port;

	vnet_network_get(network);
	list_add_tail_rcu(&member->node, &network->members);
	network->member_count++;
	port->member_count++;
	port->vn->member_count++;
	if (member->tag == VNET_TAG_NONE)
		rcu_assign_pointer(port->untagged, member);
	else
		xa_store(&port->members, member->tag, member, GFP_KERNEL);
	if (by_vid)
		rcu_assign_pointer(*by_vid, member);
}

static struct vnet_member *add_again(struct vnet_member *member,
				     struct vnet_network *network,
				     const struct vnet_member_spec *spec,
				     bool *unchanged, struct netlink_ext_ack *extack)
{
	struct change change;
	int err;

	if (member->network != network) {
		NL_SET_ERR_MSG_MOD(extack, "this tag of the port belongs to another network; delete that member first");
		return ERR_PTR(-EEXIST);
	}
	err = prepare(&change, member, spec, extack);
	if (err)
		return ERR_PTR(err);
	discard(&change);
	if (change.any) {
		NL_SET_ERR_MSG_MOD(extack, "the member exists with other settings; change it with set");
		return ERR_PTR(-EEXIST);
	}
	*unchanged = true;
	return member;
}

/**
 * vnet_member_create - bind a tag of a port to a network
 * @network: the network
 * @port: an attached port of the same namespace
 * @tag: see vnet_tag()
 * @spec: settings; what is not given gets its default
 * @unchanged: set when such a member exists already
 * @extack: gets the sentence of a refusal
 *
 * Context: config mutex held; sleeps.
 * Return: the member, owned by its network, or -EEXIST, -ENOENT, -ENOSPC,
 * -E2BIG (rules that waited for it), -EDQUOT (its port cannot keep the guarantee of its
 * network), -ENOMEM.
 */
struct vnet_member *vnet_member_create(struct vnet_network *network,
				       struct vnet_port *port, u32 tag,
				       const struct vnet_member_spec *spec,
				       bool *unchanged,
				       struct netlink_ext_ack *extack)
{
	struct vnet_member *member = vnet_member_find(port, tag);
	struct change change;
	int err;

	if (member)
		return add_again(member, network, spec, unchanged, extack);
	if (network->member_count >= network->spec.max_members) {
		NL_SET_ERR_MSG_MOD(extack, "the network has as many members as max-members allows");
		return ERR_PTR(-ENOSPC);
	}
	member = alloc_member(network, port, tag);
	if (!member)
		return ERR_PTR(-ENOMEM);
	member->fdb.limit = VNET_MEMBER_MACS_DEFAULT;
	member->connections.limit = VNET_MEMBER_CONNECTIONS_DEFAULT;
	err = prepare(&change, member, spec, extack);
	if (err)
		goto err_member;
	err = reserve(member, extack);
	if (err)
		goto err_change;
	vnet_class_use(class_of(member, 0));
	vnet_class_use(class_of(member, 1));
	vnet_fdb_owner_open(&network->fdb, &member->fdb, change.max_macs);
	/* A new member has no address yet, so its limit cannot be refused. */
	commit(member, &change, extack);
	publish(member);
	vnet_netns_changed(network->vn);
	READ_ONCE(vnet_listener)->member(member, VNET_EVENT_ADDED);
	return member;

err_change:
	discard(&change);
err_member:
	free_member(member);
	return ERR_PTR(err);
}

/**
 * vnet_member_set - change settings of a member
 * @member: the member
 * @spec: what is given in it is changed; guard lists are replaced as a whole
 * @unchanged: set when nothing is different
 * @extack: gets the sentence of a refusal
 *
 * Context: config mutex held; sleeps.
 * Return: 0 or -ENOENT, -ENOSPC, -ENOMEM; then nothing has changed.
 */
int vnet_member_set(struct vnet_member *member, const struct vnet_member_spec *spec,
		    bool *unchanged, struct netlink_ext_ack *extack)
{
	struct change change;
	int err;

	vnet_assert_config(member->network->vn);
	err = prepare(&change, member, spec, extack);
	if (err)
		return err;
	if (!change.any) {
		*unchanged = true;
		return 0;
	}
	err = commit(member, &change, extack);
	if (err) {
		discard(&change);
		return err;
	}
	vnet_netns_changed(member->network->vn);
	READ_ONCE(vnet_listener)->member(member, VNET_EVENT_CHANGED);
	return 0;
}

/* No frame can reach the member any more: its counters are final. */
static void free_after_readers(struct rcu_head *rcu)
{
	struct vnet_member *member = container_of(rcu, struct vnet_member, rcu);

	vnet_network_retire(member->network, member->stats);
	vnet_network_put(member->network);
	free_member(member);
}

static void unpublish(struct vnet_member *member)
{
	struct vnet_member __rcu **by_vid = place_by_vid(member);
	struct vnet_network *network = member->network;
	struct vnet_port *port = member->port;

	if (member->tag == VNET_TAG_NONE)
		RCU_INIT_POINTER(port->untagged, NULL);
	else
		xa_erase(&port->members, member->tag);
	if (by_vid)
		RCU_INIT_POINTER(*by_vid, NULL);
	list_del_rcu(&member->node);
	network->member_count--;
	port->member_count--;
	port->vn->member_count--;
	vnet_network_decide_anew(network);
}

static void lose_fragments(struct vnet_member *member)
{
	struct sk_buff_head lost;

	__skb_queue_head_init(&lost);
	vnet_datagrams_close(&member->datagrams, &lost);
	vnet_network_lose(&lost, VNET_DROP_MEMBER_GONE);
}

/* Rules that name these sets are not about it any more. */
static void leave_sets(struct vnet_member *member)
{
	struct vnet_network *network = member->network;
	struct vnet_named_set *named;

	list_for_each_entry(named, &network->sets.by_id, by_id) {
		if (!vnet_set_change_forget(named, member->id))
			continue;
		if (named->users)
			vnet_rule_judge_again(&network->rules);
		READ_ONCE(vnet_listener)->set(network, named, VNET_EVENT_CHANGED);
	}
}

/**
 * vnet_member_destroy - unbind a tag of a port from its network
 * @member: the member; freed after a grace period
 *
 * Its addresses are forgotten, its held frames dropped and its sets left when this
 * returns.
 *
 * Context: config mutex held; sleeps.
 */
void vnet_member_destroy(struct vnet_member *member)
{
	struct vnet_network *network = member->network;
	unsigned int dir;

	vnet_assert_config(network->vn);
	READ_ONCE(vnet_listener)->member(member, VNET_EVENT_REMOVED);
	unpublish(member);
	/* From here on a frame that is under way is not learned from (closed
	 * under the table's lock) and not held (seen under the tree's lock).
	 */
	WRITE_ONCE(member->closed, true);
	vnet_fdb_owner_close(&network->fdb, &member->fdb);
	vnet_class_purge(network->classes, member);
	vnet_capacity_purge(network, member);
	vnet_capacity_leave(member);
	lose_fragments(member);
	vnet_rule_unbind(&network->rules, member->id);
	leave_sets(member);
	for (dir = 0; dir < VNET_DIRS; dir++)
		vnet_class_unuse(class_of(member, dir));
	xa_erase(&network->vn->members, member->id);
	vnet_netns_changed(network->vn);
	call_rcu(&member->rcu, free_after_readers);
}

/**
 * vnet_member_may_flood - whether one more frame of a member may be flooded
 * @member: the sender
 *
 * Context: packet path; flooded frames of one member share a cache line.
 */
bool vnet_member_may_flood(struct vnet_member *member)
{
	bool tell, may;

	if (!READ_ONCE(member->flood.gap))
		return true;
	may = vnet_pace_take(&member->flood, ktime_get_ns(), &tell);
	if (tell)
		READ_ONCE(vnet_listener)->limit(member->network, member, NULL,
						VNET_LIMIT_FLOOD_RATE,
						READ_ONCE(member->flood.rate));
	return may;
}
