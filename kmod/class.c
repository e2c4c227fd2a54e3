// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration of the class tree of one network: names, ids, places in the
 * tree, limits, users. Layer 1: it must not know when frames may go (that is the
 * shaper's), members (only as opaque pointers), the packet path (only as
 * callbacks) or netlink.
 */
#include "class.h"

#include <linux/errno.h>
#include <linux/ktime.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/stringhash.h>
#include <linux/xarray.h>
#include "class_node.h"
#include "class_spec.h"

#define CLASS_BUCKETS		256
#define CLASS_PATIENCE_NS	(500 * NSEC_PER_USEC)

/**
 * struct vnet_class_tree - the classes of a network; config mutex
 * @ops: callbacks
 * @root: always there
 * @count: classes, the root included
 * @limit: how many there may be
 * @last_id: the youngest class's
 * @by_id: classes by their ids; read under RCU too
 * @by_name: classes by the hash of their names
 * @measured_at: time in ns
 * @shapers: the two directions
 * @rcu: the packet path holds classes under RCU, and they point here
 */
struct vnet_class_tree {
	const struct vnet_class_ops *ops;
	struct vnet_class *root;
	u32 count;
	u32 limit;
	u32 last_id;
	struct xarray by_id;
	struct hlist_head by_name[CLASS_BUCKETS];
	u64 measured_at;
	struct vnet_shaper shapers[VNET_DIRS];
	struct rcu_head rcu;
};

static bool class_is_root(const struct vnet_class_spec *spec)
{
	return !strcmp(spec->name, VNET_CLASS_ROOT);
}

/* The parent's name as @spec means it: the root has none. */
static const char *class_parent_name(const struct vnet_class_spec *spec)
{
	if (spec->has & VNET_CLASS_HAS_PARENT)
		return spec->parent;
	return class_is_root(spec) ? "" : VNET_CLASS_ROOT;
}

/* Objects */

static struct hlist_head *class_bucket(struct vnet_class_tree *tree, const char *name)
{
	u32 hash = full_name_hash(NULL, name, strlen(name));

	return &tree->by_name[hash % CLASS_BUCKETS];
}

static void class_free(struct vnet_class *class)
{
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++)
		vnet_shaper_free_leases(&class->nodes[dir]);
	kfree(class);
}

static void class_free_rcu(struct rcu_head *rcu)
{
	class_free(container_of(rcu, struct vnet_class, rcu));
}

/* Without values and place yet. */
static struct vnet_class *class_alloc(void)
{
	struct vnet_class *class = kzalloc(sizeof(*class), GFP_KERNEL);
	unsigned int dir;

	for (dir = 0; class && dir < VNET_DIRS; dir++) {
		if (!vnet_shaper_alloc_leases(&class->nodes[dir]))
			continue;
		class_free(class);
		return NULL;
	}
	return class;
}

/*
 * What the shaper makes of it. Nobody lends to the root, so within its network the
 * root lends what it may reach; its rate is the business of uplinks.
 */
static struct vnet_class_spec class_shape(const struct vnet_class_spec *spec)
{
	struct vnet_class_spec shape = *spec;

	if (class_is_root(spec)) {
		shape.rate = spec->ceil;
		shape.burst = spec->cburst;
	}
	return shape;
}

/* What the children of a class may be promised together; 0: whatever they want. */
static u64 class_disposable(const struct vnet_class_spec *spec)
{
	return spec->rate ?: spec->ceil;
}

/*
 * Whether @parent can keep its promises when those to its children grow from @before
 * by @after.
 */
static bool class_can_promise(const struct vnet_class *parent, u64 before, u64 after)
{
	u64 disposable = class_disposable(&parent->spec);

	return !disposable || parent->promised - before + after <= disposable;
}

/* Memory for the id of the next class, the only thing about joining that can fail. */
static int class_reserve_id(struct vnet_class_tree *tree)
{
	return xa_reserve_bh(&tree->by_id, tree->last_id + 1, GFP_KERNEL);
}

/* Publish @class, which cannot fail any more. Its spec is effective, its id reserved. */
static void class_join(struct vnet_class_tree *tree, struct vnet_class *class,
		       struct vnet_class *parent)
{
	struct vnet_class_spec shape = class_shape(&class->spec);
	unsigned int dir;

	class->tree = tree;
	class->parent = parent;
	class->id = ++tree->last_id;
	for (dir = 0; dir < VNET_DIRS; dir++)
		vnet_shaper_join(&tree->shapers[dir], &class->nodes[dir],
				 parent ? &parent->nodes[dir] : NULL, class, &shape);
	if (parent) {
		parent->children++;
		parent->promised += class->spec.rate;
	}
	tree->count++;
	hlist_add_head(&class->by_name, class_bucket(tree, class->spec.name));
	xa_store_bh(&tree->by_id, class->id, class, GFP_KERNEL);
}

static void class_give_up(struct vnet_class_tree *tree, unsigned int dir,
			  struct sk_buff_head *frames)
{
	struct sk_buff *skb;

	if (skb_queue_empty(frames))
		return;
	local_bh_disable();
	rcu_read_lock();
	while ((skb = __skb_dequeue(frames)))
		tree->ops->drop(skb, VNET_DIR_INGRESS + dir, VNET_CLASS_GONE);
	rcu_read_unlock();
	local_bh_enable();
}

/* From now on no frame is taken for @class; those it holds are given up. */
static void class_leave(struct vnet_class *class)
{
	struct sk_buff_head frames;
	unsigned int dir;

	__skb_queue_head_init(&frames);
	for (dir = 0; dir < VNET_DIRS; dir++) {
		vnet_shaper_leave(&class->nodes[dir], &frames);
		class_give_up(class->tree, dir, &frames);
	}
}

static struct vnet_class *class_create_root(void)
{
	struct vnet_class *root = class_alloc();

	if (!root)
		return NULL;
	strscpy(root->spec.name, VNET_CLASS_ROOT, sizeof(root->spec.name));
	vnet_class_spec_fill_defaults(&root->spec);
	return root;
}

/**
 * vnet_class_tree_create - a tree with an unlimited root
 * @ops: callbacks
 * @owner: the first argument of ops->limit
 *
 * Context: process context; may sleep.
 * Return: the tree, the caller's; NULL when there is no memory.
 */
struct vnet_class_tree *vnet_class_tree_create(const struct vnet_class_ops *ops,
					       void *owner)
{
	struct vnet_class_tree *tree = kzalloc(sizeof(*tree), GFP_KERNEL);
	unsigned int dir;

	if (!tree)
		return NULL;
	xa_init_flags(&tree->by_id, XA_FLAGS_LOCK_BH);
	tree->root = class_create_root();
	if (!tree->root || class_reserve_id(tree)) {
		if (tree->root)
			class_free(tree->root);
		kfree(tree);
		return NULL;
	}
	tree->ops = ops;
	tree->limit = VNET_CLASSES_DEFAULT;
	tree->measured_at = ktime_get_ns();
	for (dir = 0; dir < VNET_DIRS; dir++)
		vnet_shaper_init(&tree->shapers[dir], ops, owner, VNET_DIR_INGRESS + dir,
				 CLASS_PATIENCE_NS);
	class_join(tree, tree->root, NULL);
	return tree;
}

static void class_tree_free_rcu(struct rcu_head *rcu)
{
	struct vnet_class_tree *tree = container_of(rcu, struct vnet_class_tree, rcu);
	struct vnet_class *class;
	unsigned long id;

	xa_for_each(&tree->by_id, id, class)
		class_free(class);
	xa_destroy(&tree->by_id);
	kfree(tree);
}

/**
 * vnet_class_tree_destroy - end a tree
 * @tree: the tree, consumed; users of its classes do not matter any more
 *
 * Every class refuses frames from now on and gives up those it holds. The memory
 * stays for a grace period, so a packet that found a class just before is safe.
 * Modules that call this need rcu_barrier() before they are unloaded.
 *
 * Context: process context; may sleep.
 */
void vnet_class_tree_destroy(struct vnet_class_tree *tree)
{
	struct vnet_class *class;
	unsigned int dir;
	unsigned long id;

	xa_for_each(&tree->by_id, id, class)
		class_leave(class);
	for (dir = 0; dir < VNET_DIRS; dir++)
		vnet_shaper_stop(&tree->shapers[dir]);
	call_rcu(&tree->rcu, class_tree_free_rcu);
}

/* Configuration */

/**
 * vnet_class_find - the class of a name
 * @tree: the tree
 * @name: NUL-terminated
 *
 * Context: config mutex.
 * Return: the class, NULL when there is none.
 */
struct vnet_class *vnet_class_find(struct vnet_class_tree *tree, const char *name)
{
	struct vnet_class *class;

	hlist_for_each_entry(class, class_bucket(tree, name), by_name) {
		if (!strcmp(class->spec.name, name))
			return class;
	}
	return NULL;
}

/* Whether a further class fits below @parent. */
static int class_check_room(const struct vnet_class_tree *tree,
			    const struct vnet_class *parent)
{
	if (!parent)
		return -ENOENT;
	if (vnet_class_level(parent) + 1 >= VNET_CLASS_DEPTH_MAX)
		return -E2BIG;
	if (tree->count >= tree->limit || tree->last_id == U32_MAX)
		return -ENOSPC;
	return 0;
}

/**
 * vnet_class_add - add a class
 * @tree: the tree
 * @spec: what it should be; defaults are used for what it leaves open
 * @unchanged: set to whether the same class exists already
 *
 * Context: config mutex; may sleep.
 * Return: 0; -ERANGE (a value, or ceil below rate), -EEXIST (with other values),
 * -ENOENT (parent), -E2BIG (depth), -ENOSPC (number of classes), -EDQUOT (the rates
 * of the parent's children would exceed the parent's), -ENOMEM.
 */
int vnet_class_add(struct vnet_class_tree *tree, const struct vnet_class_spec *spec,
		   bool *unchanged)
{
	const char *parent_name = class_parent_name(spec);
	struct vnet_class *class, *parent;
	struct vnet_class_spec values = *spec;
	int err;

	*unchanged = false;
	vnet_class_spec_fill_defaults(&values);
	err = vnet_class_spec_validate(&values, class_is_root(spec));
	if (err)
		return err;

	class = vnet_class_find(tree, spec->name);
	if (class) {
		*unchanged = vnet_class_spec_same(&class->spec, &values) &&
			     !strcmp(class->spec.parent, parent_name);
		return *unchanged ? 0 : -EEXIST;
	}

	parent = vnet_class_find(tree, parent_name);
	err = class_check_room(tree, parent);
	if (err)
		return err;
	if (!class_can_promise(parent, 0, values.rate))
		return -EDQUOT;

	err = class_reserve_id(tree);
	if (err)
		return err;
	class = class_alloc();
	if (!class)
		return -ENOMEM;
	class->spec = values;
	strscpy(class->spec.parent, parent_name, sizeof(class->spec.parent));
	class_join(tree, class, parent);
	return 0;
}

/* Whether a class of @values could keep its promises, and @parent those to it. */
static bool class_admits(const struct vnet_class *class, const struct vnet_class *parent,
			 const struct vnet_class_spec *values)
{
	u64 disposable = class_disposable(values);

	if (disposable && class->promised > disposable)
		return false;
	return !parent ||
	       class_can_promise(parent, parent == class->parent ? class->spec.rate : 0,
				 values->rate);
}

/* The overhead is said of the root and counts for all classes. */
static void class_set_overhead(struct vnet_class_tree *tree, struct vnet_class *class,
			       u32 overhead)
{
	unsigned long id;
	unsigned int dir;

	if (class->parent || class->spec.overhead == overhead)
		return;
	xa_for_each(&tree->by_id, id, class)
		for (dir = 0; dir < VNET_DIRS; dir++)
			vnet_shaper_set_overhead(&class->nodes[dir], overhead);
}

/* Where @spec wants @class to be: @parent is set, also if it stays. */
static int class_check_move(struct vnet_class_tree *tree, struct vnet_class *class,
			    const struct vnet_class_spec *spec, struct vnet_class **parent)
{
	const struct vnet_class *at;

	*parent = class->parent;
	if (!(spec->has & VNET_CLASS_HAS_PARENT) || !strcmp(spec->parent, class->spec.parent))
		return 0;
	if (!class->parent)
		return -EINVAL;
	*parent = vnet_class_find(tree, spec->parent);
	if (!*parent)
		return -ENOENT;
	for (at = *parent; at; at = at->parent)
		if (at == class)
			return -ELOOP;
	if (vnet_class_level(*parent) + vnet_shaper_height(&class->nodes[0]) >=
	    VNET_CLASS_DEPTH_MAX)
		return -E2BIG;
	return 0;
}

/* For a moment one direction is in the new place and the other is not: they are apart. */
static void class_move(struct vnet_class *class, struct vnet_class *parent)
{
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++)
		vnet_shaper_move(&class->nodes[dir], &parent->nodes[dir]);
	class->parent->children--;
	parent->children++;
	class->parent = parent;
	strscpy(class->spec.parent, parent->spec.name, sizeof(class->spec.parent));
}

/**
 * vnet_class_set - change a class
 * @tree: the tree
 * @spec: name and new values; what it leaves open stays, but what the class got
 *	by default follows: a ceil never given goes with the rate. With another parent
 *	the class moves there with all classes below it
 * @unchanged: set to whether nothing changed
 *
 * Held frames stay held and go by the new values, in the new place, at once.
 *
 * Context: config mutex.
 * Return: 0; -ENOENT (the class, or its new parent), -EINVAL (a parent of the root),
 * -ELOOP (it would be below itself), -E2BIG (depth), -ERANGE (a value, or ceil below
 * rate), -EDQUOT (rates of children would exceed their parent's).
 */
int vnet_class_set(struct vnet_class_tree *tree, const struct vnet_class_spec *spec,
		   bool *unchanged)
{
	struct vnet_class *class = vnet_class_find(tree, spec->name), *parent;
	struct vnet_class_spec values, shape;
	unsigned int dir;
	bool same;
	int err;

	*unchanged = false;
	if (!class)
		return -ENOENT;
	err = class_check_move(tree, class, spec, &parent);
	if (err)
		return err;

	values = class->spec;
	vnet_class_spec_merge(&values, spec);
	vnet_class_spec_fill_defaults(&values);
	err = vnet_class_spec_validate(&values, class_is_root(spec));
	if (err)
		return err;

	if (!class_admits(class, parent, &values))
		return -EDQUOT;

	same = vnet_class_spec_same(&class->spec, &values);
	*unchanged = same && parent == class->parent;
	if (parent) {
		class->parent->promised -= class->spec.rate;
		parent->promised += values.rate;
	}
	class_set_overhead(tree, class, values.overhead);
	class->spec = values;
	if (parent != class->parent)
		class_move(class, parent);
	shape = class_shape(&values);
	for (dir = 0; dir < VNET_DIRS && !same; dir++)
		vnet_shaper_change(&class->nodes[dir], &shape);
	return 0;
}

/**
 * vnet_class_del - remove a class
 * @tree: the tree
 * @name: of the class
 *
 * Frames that it holds still, from members that left it, are given up.
 *
 * Context: config mutex.
 * Return: 0; -ENOENT, -EBUSY (the root, children, users or rules).
 */
int vnet_class_del(struct vnet_class_tree *tree, const char *name)
{
	struct vnet_class *class = vnet_class_find(tree, name);

	if (!class)
		return -ENOENT;
	if (!class->parent || class->children || class->users || class->rules)
		return -EBUSY;

	hlist_del(&class->by_name);
	xa_erase_bh(&tree->by_id, class->id);
	tree->count--;
	class->parent->children--;
	class->parent->promised -= class->spec.rate;
	class_leave(class);
	call_rcu(&class->rcu, class_free_rcu);
	return 0;
}

/**
 * vnet_class_root - the class that always exists
 * @tree: the tree
 *
 * Context: any.
 * Return: the root.
 */
struct vnet_class *vnet_class_root(struct vnet_class_tree *tree)
{
	return tree->root;
}

/**
 * vnet_class_next - the class with the smallest id above another one
 * @tree: the tree
 * @after_id: 0 for the first
 *
 * Context: config mutex.
 * Return: the class, NULL when there is none.
 */
struct vnet_class *vnet_class_next(struct vnet_class_tree *tree, u32 after_id)
{
	unsigned long id = after_id;

	return xa_find_after(&tree->by_id, &id, U32_MAX, XA_PRESENT);
}

/**
 * vnet_class_count - how many classes there are
 * @tree: the tree
 *
 * Context: config mutex.
 * Return: their number, the root included.
 */
u32 vnet_class_count(const struct vnet_class_tree *tree)
{
	return tree->count;
}

/**
 * vnet_class_set_limits - bound a tree
 * @tree: the tree
 * @classes: how many there may be, the root included
 * @queue: bytes that they may hold together, per direction; what is held stays
 *
 * Context: config mutex.
 * Return: 0; -ENOSPC when there are more classes already.
 */
int vnet_class_set_limits(struct vnet_class_tree *tree, u32 classes, u32 queue)
{
	unsigned int dir;

	if (classes < tree->count)
		return -ENOSPC;
	tree->limit = classes;
	for (dir = 0; dir < VNET_DIRS; dir++)
		vnet_shaper_set_limit(&tree->shapers[dir], queue);
	return 0;
}

/**
 * vnet_class_use - hold a class in place
 * @class: the class
 *
 * Context: config mutex.
 */
void vnet_class_use(struct vnet_class *class)
{
	class->users++;
}

/**
 * vnet_class_unuse - let go of a class
 * @class: the class, from vnet_class_use()
 *
 * Context: config mutex.
 */
void vnet_class_unuse(struct vnet_class *class)
{
	class->users--;
}

/**
 * vnet_class_use_by_rule - hold a class in place because a rule names it
 * @class: the class
 *
 * Context: config mutex.
 */
void vnet_class_use_by_rule(struct vnet_class *class)
{
	class->rules++;
}

/**
 * vnet_class_unuse_by_rule - take vnet_class_use_by_rule() back
 * @class: the class
 *
 * Context: config mutex, or nobody else changes the tree any more.
 */
void vnet_class_unuse_by_rule(struct vnet_class *class)
{
	class->rules--;
}

/* Telling */

/**
 * vnet_class_describe - what is in force
 * @class: the class
 * @spec: filled in with effective values, all of them marked as given but the
 *	parent of the root, which is empty
 *
 * Context: config mutex.
 */
void vnet_class_describe(const struct vnet_class *class, struct vnet_class_spec *spec)
{
	*spec = class->spec;
	spec->has = VNET_CLASS_HAS_VALUES | (class->parent ? VNET_CLASS_HAS_PARENT : 0);
}

/**
 * vnet_class_name - its name
 * @class: the class
 *
 * Context: RCU read side or config mutex; names never change.
 * Return: the name, as long as the class lives.
 */
const char *vnet_class_name(const struct vnet_class *class)
{
	return class->spec.name;
}

/**
 * vnet_class_id - its id
 * @class: the class
 *
 * Context: RCU read side or config mutex.
 * Return: the id, 1 for the root.
 */
u32 vnet_class_id(const struct vnet_class *class)
{
	return class->id;
}

/**
 * vnet_class_level - its distance from the root
 * @class: the class
 *
 * Context: config mutex.
 * Return: the level, 0 for the root.
 */
u8 vnet_class_level(const struct vnet_class *class)
{
	return class->nodes[0].level;
}

/**
 * vnet_class_users - how many assignments hold it in place
 * @class: the class
 *
 * Context: config mutex.
 * Return: their number.
 */
u32 vnet_class_users(const struct vnet_class *class)
{
	return class->users;
}

/**
 * vnet_class_rules - how many rules name it
 * @class: the class
 *
 * Context: config mutex.
 * Return: their number.
 */
u32 vnet_class_rules(const struct vnet_class *class)
{
	return class->rules;
}

/**
 * vnet_class_promised - what the children of a class may always use
 * @class: the class
 *
 * Context: config mutex.
 * Return: the sum of their rates in bit/s.
 */
u64 vnet_class_promised(const struct vnet_class *class)
{
	return class->promised;
}

/**
 * vnet_class_read - counters of one direction
 * @class: the class
 * @direction: the direction
 * @sum: filled in
 *
 * Context: config mutex.
 */
void vnet_class_read(const struct vnet_class *class, enum vnet_direction direction,
		     struct vnet_class_sum *sum)
{
	unsigned int dir = vnet_dir(direction);

	vnet_shaper_read(&class->nodes[dir], sum);
	sum->measured = class->flow[dir].measured;
	if (!class->flow[dir].borrows)
		sum->lender = NULL;
}

/* What went through @class itself since @time_us ago. */
static void class_measure(struct vnet_class *class, unsigned int dir, u64 time_us)
{
	struct vnet_class_flow *flow = &class->flow[dir];
	struct vnet_class_sum sum;

	vnet_shaper_read(&class->nodes[dir], &sum);
	flow->own = div64_u64((sum.bytes - flow->bytes) * 8 * USEC_PER_SEC, time_us);
	flow->borrows = sum.borrowed != flow->borrowed;
	flow->bytes = sum.bytes;
	flow->borrowed = sum.borrowed;
	flow->measured = 0;
}

/**
 * vnet_class_measure - find out how much went through each class since the last time
 * @tree: the tree
 * @now: time in ns
 *
 * A class has what went through those below it as well: that is what its ceil caps.
 * Rates are summed and not bytes, as classes may move.
 *
 * Context: config mutex; may sleep. Takes the lock of a shaper for a moment per class.
 */
void vnet_class_measure(struct vnet_class_tree *tree, u64 now)
{
	u64 time_us = div_u64(now - tree->measured_at, NSEC_PER_USEC);
	struct vnet_class *class, *at;
	unsigned long id;
	unsigned int dir;

	if (!time_us)
		return;
	tree->measured_at = now;
	xa_for_each(&tree->by_id, id, class) {
		for (dir = 0; dir < VNET_DIRS; dir++)
			class_measure(class, dir, time_us);
		cond_resched();
	}
	xa_for_each(&tree->by_id, id, class)
		for (at = class; at; at = at->parent)
			for (dir = 0; dir < VNET_DIRS; dir++)
				at->flow[dir].measured += class->flow[dir].own;
}

/* Frames */

/**
 * vnet_class_admit - let a frame go, hold it or refuse it
 * @class: the class of the frame's member
 * @direction: which way it goes
 * @skb: the frame, its vnet_hold() filled in
 * @divisible: the caller can split it, and each part is then asked for by itself
 *
 * Context: RCU read side, bottom halves off.
 * Return: a verdict; with %VNET_CLASS_HELD the class owns @skb, otherwise the
 * caller still does.
 */
enum vnet_class_verdict vnet_class_admit(struct vnet_class *class,
					 enum vnet_direction direction,
					 struct sk_buff *skb, bool divisible)
{
	return vnet_shaper_admit(&class->nodes[vnet_dir(direction)], skb, divisible);
}

/**
 * vnet_class_purge - give up every held frame of a member
 * @tree: the tree
 * @member: source or target of the frames
 *
 * Frames that the timer has just taken out of a queue are on their way to
 * ops->release within an RCU read side; a grace period after this call there are
 * none of these either.
 *
 * Context: process context or softirq.
 */
void vnet_class_purge(struct vnet_class_tree *tree, const void *member)
{
	struct sk_buff_head frames;
	struct vnet_class *class;
	unsigned int dir;
	unsigned long id;

	__skb_queue_head_init(&frames);
	rcu_read_lock();
	xa_for_each(&tree->by_id, id, class) {
		for (dir = 0; dir < VNET_DIRS; dir++) {
			vnet_shaper_take(&class->nodes[dir], member, &frames);
			class_give_up(tree, dir, &frames);
		}
	}
	rcu_read_unlock();
}
