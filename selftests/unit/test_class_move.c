// SPDX-License-Identifier: GPL-2.0-only
// SOURCES: kmod/class_spec.c kmod/shaper.c kmod/shaper_lease.c kmod/shaper_order.c kmod/shaper_tokens.c
// SOURCES: kmod/shaper_run.c kmod/shaper_move.c kmod/queue.c kmod/queue_flow.c kmod/codel.c kmod/bucket.c kmod/stats.c
/*
 * Classes that change their place while frames are held: nothing is lost, nothing
 * stalls, and the tree is what a naive one would be.
 */
#include "class_world.h"

/* Its structs are looked into. */
#include "class.c"

static int setup(void **state)
{
	world_begin();
	return 0;
}

static int teardown(void **state)
{
	world_end();
	return 0;
}

static int try_move(const char *name, const char *parent)
{
	struct vnet_class_spec spec = { .has = VNET_CLASS_HAS_PARENT };
	bool unchanged;
	int err;

	snprintf(spec.name, sizeof(spec.name), "%s", name);
	snprintf(spec.parent, sizeof(spec.parent), "%s", parent);
	err = vnet_class_set(world.tree, &spec, &unchanged);
	return err ? err : unchanged;
}

static void assert_parent(const char *name, const char *parent, u8 level)
{
	struct vnet_class *class = world_class(name);
	struct vnet_class_spec spec;

	vnet_class_describe(class, &spec);
	assert_string_equal(spec.parent, parent);
	assert_int_equal(vnet_class_level(class), level);
}

/* What may move where */

static void test_places(void **state)
{
	world_add("a", NULL, MBIT, 0);
	world_add("b", "a", MBIT, 0);
	world_add("c", "b", MBIT, 0);
	world_add("d", NULL, MBIT, 0);

	assert_int_equal(try_move("c", "b"), 1);
	assert_int_equal(try_move("b", "d"), 0);
	assert_parent("b", "d", 2);
	assert_parent("c", "b", 3);
	/* The old parent has no children any more, the new one has. */
	assert_int_equal(vnet_class_del(world.tree, "d"), -EBUSY);
	assert_int_equal(vnet_class_del(world.tree, "a"), 0);
	assert_int_equal(try_move("b", "root"), 0);
	assert_parent("b", "root", 1);
	assert_parent("c", "b", 2);

	assert_int_equal(try_move("nobody", "b"), -ENOENT);
	assert_int_equal(try_move("b", "nobody"), -ENOENT);
	assert_int_equal(try_move("b", "b"), -ELOOP);
	assert_int_equal(try_move("b", "c"), -ELOOP);
	assert_int_equal(try_move("root", "b"), -EINVAL);
	assert_parent("b", "root", 1);
	assert_parent("c", "b", 2);
	/* What a class is now can be added again. */
	assert_int_equal(try_move("c", "d"), 0);
	assert_int_equal(vnet_class_add(world.tree, &world_class("c")->spec, &(bool){ 0 }), 0);
}

static void test_depth(void **state)
{
	char name[16], parent[16] = "root";
	unsigned int level;

	/* Two branches: seven levels below the root, and three. */
	for (level = 1; level < VNET_CLASS_DEPTH_MAX; level++) {
		snprintf(name, sizeof(name), "deep%u", level);
		/* Each has a little more than what is below it. */
		world_add(name, parent, (20 - level) * MBIT, 0);
		strcpy(parent, name);
	}
	world_add("flat1", NULL, MBIT, 0);
	world_add("flat2", "flat1", MBIT, 0);
	world_add("flat3", "flat2", MBIT, 0);

	assert_int_equal(try_move("flat1", "deep5"), -E2BIG);
	assert_parent("flat1", "root", 1);
	assert_parent("flat3", "flat2", 3);
	assert_int_equal(try_move("flat1", "deep4"), 0);
	assert_parent("flat3", "flat2", 7);
	assert_int_equal(try_move("flat3", "deep7"), -E2BIG);
	assert_int_equal(try_move("deep2", "root"), 0);
	assert_parent("deep7", "deep6", 6);
	assert_parent("flat3", "flat2", 6);
	/* What it is promised now is more than the new parent has. */
	assert_int_equal(try_move("deep1", "deep7"), -EDQUOT);
	assert_parent("deep1", "root", 1);
	world_set("deep1", MBIT, 0);
	assert_int_equal(try_move("deep1", "deep7"), 0);
	assert_parent("deep1", "deep7", 7);
}

/* A change of place and of values at once; a refused one changes neither. */
static void test_with_values(void **state)
{
	struct vnet_class_spec spec = world_spec("b", "a", 2 * MBIT, 0);
	bool unchanged;

	world_add("a", NULL, 3 * MBIT, 0);
	world_add("b", NULL, MBIT, 0);
	assert_int_equal(vnet_class_set(world.tree, &spec, &unchanged), 0);
	assert_false(unchanged);
	assert_parent("b", "a", 2);
	assert_int_equal(world_class("b")->nodes[0].rate.rate, 2 * MBIT);

	spec = world_spec("b", "root", 4 * MBIT, MBIT);
	assert_int_equal(vnet_class_set(world.tree, &spec, &unchanged), -ERANGE);
	assert_parent("b", "a", 2);
	spec = world_spec("a", "b", 4 * MBIT, 0);
	assert_int_equal(vnet_class_set(world.tree, &spec, &unchanged), -ELOOP);
	assert_int_equal(world_class("a")->nodes[0].rate.rate, 3 * MBIT);
}

/* What a move does to rates */

static double rate_of(struct flow *flow, u64 time)
{
	u64 before = flow->sent_bytes;

	shim_advance_ns(time);
	return (flow->sent_bytes - before) * 8.0 * SECOND / time / MBIT;
}

static void assert_mbit(double real, double ideal)
{
	if (real < ideal * 0.99 || real > ideal * 1.01)
		fail_msg("%f and not %f Mbit/s", real, ideal);
}

/* The new ancestors cap and lend from the moment on, the old ones no longer. */
static void test_rates(void **state)
{
	struct flow a, b;

	world_set("root", 100 * MBIT, 0);
	world_add("small", NULL, 10 * MBIT, 10 * MBIT);
	world_add("large", NULL, 5 * MBIT, 60 * MBIT);
	a = flow_of(world_add("a", "small", MBIT, 100 * MBIT), 1000);
	b = flow_of(world_add("b", "small", MBIT, 100 * MBIT), 1000);
	a.greedy = b.greedy = 100;
	flow_refill(&a);
	flow_refill(&b);
	shim_advance_ns(SECOND);
	assert_mbit(rate_of(&a, SECOND), 5);
	assert_int_equal(try_move("a", "large"), 0);
	shim_advance_ns(SECOND / 10);
	assert_mbit(rate_of(&a, SECOND), 60);
	assert_mbit(rate_of(&b, SECOND), 10);
	assert_int_equal(try_move("b", "large"), 0);
	shim_advance_ns(SECOND / 10);
	assert_mbit(rate_of(&a, SECOND), 30);
	assert_mbit(rate_of(&b, SECOND), 30);
	assert_int_equal(try_move("b", "root"), 0);
	shim_advance_ns(SECOND / 10);
	/* 94 are left by who has its own: half of it for each. */
	assert_mbit(rate_of(&b, SECOND), 48);
	/* A whole group, with what is below it. */
	assert_int_equal(try_move("large", "small"), 0);
	shim_advance_ns(SECOND / 10);
	assert_mbit(rate_of(&a, SECOND), 10);
	assert_int_equal(a.given_up + b.given_up + a.gone + b.gone, 0);
	flow_end(&a);
	flow_end(&b);
}

/* What waits for hours below a slow parent goes at once below a fast one. */
static void test_no_stall(void **state)
{
	struct flow flow;

	world_add("slow", NULL, 1, 0);
	world_add("fast", NULL, GBIT, 0);
	flow = flow_of(world_add("a", "slow", 1, GBIT), 1000);
	flow_exhaust(&flow);
	flow_offer(&flow);
	shim_advance_ns(SECOND);
	assert_int_equal(flow.held, 2);
	assert_int_equal(try_move("a", "fast"), 0);
	shim_advance_ns(MS);
	assert_int_equal(flow.held, 0);
	flow_check(&flow);
}

/* Random trees */

#define NAMES	24
#define FLOWS	24
#define STEPS	60000

static struct flow flows[FLOWS];
static int parent_of[NAMES];		/* the naive tree: -1 = root, -2 = is not there */
static u64 rate_of_name[NAMES], rate_of_root;	/* the root's: 0 = unlimited */

static const char *name_of(int i)
{
	static char names[2][8];
	static unsigned int turn;
	char *name = names[turn++ % 2];

	snprintf(name, sizeof(names[0]), "c%d", i);
	return i < 0 ? VNET_CLASS_ROOT : name;
}

static int naive_level(int i)
{
	int level = 0;

	for (; i >= 0; i = parent_of[i])
		level++;
	return level;
}

static bool naive_below(int i, int top)
{
	for (; i >= 0; i = parent_of[i])
		if (i == top)
			return true;
	return top < 0;
}

static int naive_height(int top)
{
	int i, height = 1;

	for (i = 0; i < NAMES; i++)
		if (parent_of[i] > -2 && naive_below(i, top))
			height = max(height, naive_level(i) - naive_level(top) + 1);
	return height;
}

/* Whether @parent has enough for its children, with @i of @rate among them. */
static bool naive_promise(int i, int parent, u64 rate)
{
	u64 sum = rate;
	int j;

	for (j = 0; j < NAMES; j++)
		sum += j != i && parent_of[j] == parent ? rate_of_name[j] : 0;
	if (parent < 0)
		return !rate_of_root || sum <= rate_of_root;
	return sum <= rate_of_name[parent];
}

static int naive_move(int i, int parent)
{
	if (parent_of[i] == -2 || parent == -2)
		return -ENOENT;
	if (parent == parent_of[i])
		return 1;
	if (parent >= 0 && parent_of[parent] == -2)
		return -ENOENT;
	if (parent >= 0 && naive_below(parent, i))
		return -ELOOP;
	if (naive_level(parent) + naive_height(i) >= VNET_CLASS_DEPTH_MAX)
		return -E2BIG;
	if (!naive_promise(i, parent, rate_of_name[i]))
		return -EDQUOT;
	parent_of[i] = parent;
	return 0;
}

static void random_move(void)
{
	int i = shim_below(NAMES), parent = (int)shim_below(NAMES + 1) - 1;

	assert_int_equal(try_move(name_of(i), name_of(parent)), naive_move(i, parent));
}

static void random_add(void)
{
	int i = shim_below(NAMES), parent = (int)shim_below(NAMES + 1) - 1;
	u64 rate = 8000ULL << shim_below(14);
	struct vnet_class_spec spec = world_spec(name_of(i), name_of(parent), rate,
						 rate << shim_below(6));
	bool unchanged;

	if (parent_of[i] > -2)
		return;
	spec.prio = shim_below(8);
	spec.has |= VNET_CLASS_HAS_PRIO;
	if (vnet_class_add(world.tree, &spec, &unchanged))
		return;
	assert_true(naive_promise(i, parent, rate));
	parent_of[i] = parent;
	rate_of_name[i] = rate;
}

/* Classes of flows stay: what they hold must come out. */
static void random_del(void)
{
	int i = shim_below(NAMES);

	if (!vnet_class_del(world.tree, name_of(i)))
		parent_of[i] = -2;
}

static void random_change(void)
{
	u64 rate = 8000ULL << shim_below(14);
	int i = (int)shim_below(NAMES + 1) - 1;
	struct vnet_class_spec spec = world_spec(name_of(i), NULL, rate,
						 rate << shim_below(6));
	bool unchanged;

	if (vnet_class_set(world.tree, &spec, &unchanged))
		return;
	if (i < 0) {
		rate_of_root = rate;
		assert_true(naive_promise(-1, -1, 0));
		return;
	}
	assert_true(naive_promise(i, parent_of[i], rate));
	rate_of_name[i] = rate;
	assert_true(naive_promise(-1, i, 0));
}

static void check_node(const struct vnet_class *class, unsigned int dir)
{
	const struct vnet_shaper_node *node = &class->nodes[dir], *at, *top = node;
	const struct vnet_class *other;
	unsigned long id;
	u32 children = 0, waiting = 0;
	u8 level = 0;

	assert_ptr_equal(node->parent, class->parent ? &class->parent->nodes[dir] : NULL);
	for (at = node; at->parent; at = at->parent) {
		level++;
		top = at;
	}
	assert_int_equal(node->level, level);
	assert_ptr_equal(node->top, top);
	assert_ptr_equal(at, node->shaper->root);
	xa_for_each(&world.tree->by_id, id, other) {
		children += other->parent == class;
		for (at = &other->nodes[dir]; at && at != node; at = at->parent)
			;
		waiting += at == node && other->nodes[dir].queue.packets;
	}
	assert_int_equal(node->children, children);
	assert_int_equal(class->children, children);
	assert_int_equal(list_empty(&node->below), !children);
	/* Who has something below it that waits is known to the order, and nobody else. */
	assert_int_equal(node->own.on, !!node->queue.packets);
	if (node->own.on)
		assert_true(node->event.on || node->lend.on || node->lends < VNET_SHAPER_RANKS);
	if (!waiting)
		assert_false(node->active || node->event.on || node->lend.on || node->borrow.on);
}

/* Every count and link is what the tree says. */
static void check_tree(void)
{
	const struct vnet_class *class;
	unsigned int dir;
	unsigned long id;
	u64 bytes;
	u32 waiting;
	int i;

	for (i = 0; i < NAMES; i++) {
		class = vnet_class_find(world.tree, name_of(i));
		assert_int_equal(!class, parent_of[i] == -2);
		if (class)
			assert_string_equal(class->parent->spec.name, name_of(parent_of[i]));
	}
	for (dir = 0; dir < VNET_DIRS; dir++) {
		const struct vnet_shaper *shaper = &world.tree->shapers[dir];

		bytes = 0;
		waiting = 0;
		xa_for_each(&world.tree->by_id, id, class) {
			check_node(class, dir);
			waiting += !!class->nodes[dir].queue.packets;
			bytes += class->nodes[dir].queue.bytes;
		}
		assert_int_equal(shaper->bytes, bytes);
		/* Whatever waits, somebody will come and look. */
		assert_int_equal(shaper->waiting, waiting);
		assert_int_equal(shaper->expires == U64_MAX, !waiting);
	}
}

static void flow_assign(struct flow *flow)
{
	struct vnet_class *class = vnet_class_find(world.tree, name_of(shim_below(NAMES)));

	if (flow->held || !class)
		return;
	vnet_class_unuse(flow->class);
	flow->class = class;
	vnet_class_use(class);
}

static void random_step(void)
{
	struct flow *flow = &flows[shim_below(FLOWS)];
	unsigned int n;

	switch (shim_below(16)) {
	case 0:
	case 1:
	case 2:
		random_move();
		break;
	case 3:
		random_add();
		break;
	case 4:
		if (!shim_below(4))
			random_del();
		break;
	case 5:
		random_change();
		break;
	case 6:
		flow_assign(flow);
		break;
	case 7:
		shim_late_ns(shim_below(MS));
		break;
	case 8:
	case 9:
	case 10:
		shim_advance_ns(shim_below(5 * MS));
		break;
	default:
		flow->greedy = shim_below(8);
		for (n = shim_below(20); n; n--) {
			flow->bytes = 60 + shim_below(shim_below(20) ? 1500 : 65000);
			flow_offer(flow);
		}
	}
}

/* No frame is given up or refused but for a full queue, and all come in order. */
static void test_random_moves(void **state)
{
	u64 released = 0;
	unsigned int i;

	shim_seed();
	memset(flows, 0, sizeof(flows));
	rate_of_root = 0;
	for (i = 0; i < NAMES; i++)
		parent_of[i] = -2;
	for (i = 0; i < FLOWS; i++) {
		flows[i] = flow_of(vnet_class_root(world.tree), 1000);
		flows[i].direction = i % 2 ? VNET_DIR_INGRESS : VNET_DIR_EGRESS;
		vnet_class_use(flows[i].class);
	}
	for (i = 0; i < STEPS; i++) {
		random_step();
		check_tree();
	}
	for (i = 0; i < FLOWS; i++)
		flows[i].greedy = 0;
	shim_advance_ns(100000 * SECOND);
	check_tree();
	for (i = 0; i < FLOWS; i++) {
		flow_check(&flows[i]);
		assert_int_equal(flows[i].held + flows[i].gone + flows[i].given_up, 0);
		released += flows[i].released;
		vnet_class_unuse(flows[i].class);
	}
	assert_true(released > STEPS / 10);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_places),
		TEST(test_depth),
		TEST(test_with_values),
		TEST(test_rates),
		TEST(test_no_stall),
		TEST(test_random_moves),
	};

	return cmocka_run_group_tests_name("class_move", tests, NULL, NULL);
}
