// SPDX-License-Identifier: GPL-2.0-only
/*
 * The rules of one network: named, ordered, counted, replaced atomically.
 * Layer 1: it must not know skbs, members (only their ids and names) or
 * netlink attributes.
 *
 * A change makes an array of the rules as they shall be, compiles rulesets for
 * the directions that it touches, and only when all of that is there publishes
 * them; then it brings the list in line with the array.
 */

#include "rule.h"

#include <linux/bits.h>
#include <linux/err.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>

#define DIR_BIT(direction)	BIT(vnet_dir(direction))
#define DIRS_ALL		(BIT(VNET_DIRS) - 1)
#define GFP_RULES		(GFP_KERNEL_ACCOUNT | __GFP_NOWARN)

/* Only changers come here, and the config mutex lets in one at a time. */
static struct vnet_ruleset *active_of(struct vnet_rule_table *table, unsigned int dir)
{
	return rcu_dereference_protected(table->active[dir], true);
}

/*
 * Rules
 */

static struct vnet_rule *create_rule(const struct vnet_rule_spec *spec, u64 id)
{
	struct vnet_rule *rule = kmalloc(sizeof(*rule), GFP_RULES);

	if (!rule)
		return NULL;
	rule->hits = vnet_stats_alloc_counter();
	if (!rule->hits) {
		kfree(rule);
		return NULL;
	}
	INIT_LIST_HEAD(&rule->node);
	rule->id = id;
	rule->spec = *spec;
	return rule;
}

/* NULL is fine; frees a rule that nobody reads. */
static void free_rule(struct vnet_rule *rule)
{
	if (!rule)
		return;
	free_percpu(rule->hits);
	kfree(rule);
}

static void free_rule_rcu(struct rcu_head *rcu)
{
	free_rule(container_of(rcu, struct vnet_rule, rcu));
}

static void drop_rule(struct vnet_rule *rule)
{
	list_del(&rule->node);
	call_rcu(&rule->rcu, free_rule_rcu);
}

static bool comes_before(const struct vnet_rule *a, const struct vnet_rule *b)
{
	if (a->spec.priority != b->spec.priority)
		return a->spec.priority < b->spec.priority;
	return a->id < b->id;
}

static bool same_spec(const struct vnet_rule_spec *a, const struct vnet_rule_spec *b)
{
	if (a->priority != b->priority || a->direction != b->direction ||
	    a->action != b->action || !vnet_match_equal(&a->match, &b->match))
		return false;
	if (!(a->match.fields & VNET_MATCH_MEMBER))
		return true;
	return a->tag == b->tag && !strcmp(a->ifname, b->ifname);
}

/*
 * Rulesets
 */

static void free_ruleset(struct vnet_ruleset *ruleset)
{
	if (!ruleset)
		return;
	vnet_match_free(ruleset->set);
	kvfree(ruleset);
}

/*
 * kvfree() does not sleep here: RCU callbacks run with bottom halves off, where
 * it leaves vmalloc memory to a worker.
 */
static void free_ruleset_rcu(struct rcu_head *rcu)
{
	free_ruleset(container_of(rcu, struct vnet_ruleset, rcu));
}

static void retire_ruleset(struct vnet_ruleset *ruleset)
{
	if (ruleset)
		call_rcu(&ruleset->rcu, free_ruleset_rcu);
}

/* Fills in those of @rules that are for direction @dir; returns how many. */
static u32 select_rules(struct vnet_ruleset *ruleset, unsigned int dir,
			struct vnet_rule *const *rules, u32 count)
{
	u32 i, n = 0;

	for (i = 0; i < count; i++) {
		if (vnet_dir(rules[i]->spec.direction) != dir)
			continue;
		if (ruleset)
			ruleset->rule[n] = rules[i];
		n++;
	}
	return n;
}

static struct vnet_match_set *build_set(const struct vnet_ruleset *ruleset)
{
	const struct vnet_match **matches;
	struct vnet_match_set *set;
	u32 i;

	matches = kvmalloc_array(ruleset->count, sizeof(*matches), GFP_RULES);
	if (!matches)
		return NULL;
	for (i = 0; i < ruleset->count; i++)
		matches[i] = &ruleset->rule[i]->spec.match;
	set = vnet_match_build(matches, ruleset->count);
	kvfree(matches);
	return set;
}

/* Compiles direction @dir of @rules, which are in order. No rule: NULL. */
static struct vnet_ruleset *compile(unsigned int dir,
				    struct vnet_rule *const *rules, u32 count)
{
	u32 n = select_rules(NULL, dir, rules, count);
	struct vnet_ruleset *ruleset;

	if (!n)
		return NULL;
	ruleset = kvmalloc(struct_size(ruleset, rule, n), GFP_RULES);
	if (!ruleset)
		return ERR_PTR(-ENOMEM);
	ruleset->count = n;
	select_rules(ruleset, dir, rules, count);
	ruleset->set = build_set(ruleset);
	if (!ruleset->set) {
		kvfree(ruleset);
		return ERR_PTR(-ENOMEM);
	}
	return ruleset;
}

/* Makes @rules those in force, for all directions of the bits @dirs or none. */
static int publish(struct vnet_rule_table *table, unsigned int dirs,
		   struct vnet_rule *const *rules, u32 count)
{
	struct vnet_ruleset *fresh[VNET_DIRS] = {};
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++) {
		if (!(dirs & BIT(dir)))
			continue;
		fresh[dir] = compile(dir, rules, count);
		if (IS_ERR(fresh[dir]))
			goto err_free_fresh;
	}
	for (dir = 0; dir < VNET_DIRS; dir++)
		if (dirs & BIT(dir))
			retire_ruleset(rcu_replace_pointer(table->active[dir],
							   fresh[dir], true));
	table->generation++;
	return 0;

err_free_fresh:
	while (dir--)
		free_ruleset(fresh[dir]);
	return -ENOMEM;
}

/*
 * Changes of one rule
 */

/* Writes down the list without @out and with @in at its place. */
static u32 arrange(const struct vnet_rule_table *table,
		   const struct vnet_rule *out, struct vnet_rule *in,
		   struct vnet_rule **rules)
{
	struct vnet_rule *rule;
	u32 count = 0;

	list_for_each_entry(rule, &table->rules, node) {
		if (rule == out)
			continue;
		if (in && comes_before(in, rule)) {
			rules[count++] = in;
			in = NULL;
		}
		rules[count++] = rule;
	}
	if (in)
		rules[count++] = in;
	return count;
}

/* Puts a rule into the list; those that come last anyway find their place first. */
static void link_rule(struct vnet_rule_table *table, struct vnet_rule *new)
{
	struct vnet_rule *rule;

	list_for_each_entry_reverse(rule, &table->rules, node)
		if (comes_before(rule, new))
			break;
	list_add(&new->node, &rule->node);
}

/*
 * Takes @out from the rules and puts @in among them; either may be NULL. The
 * bits @dirs say which directions that concerns. All or nothing.
 */
static int change(struct vnet_rule_table *table, unsigned int dirs,
		  struct vnet_rule *out, struct vnet_rule *in)
{
	struct vnet_rule **rules;
	u32 count;
	int err;

	rules = kvmalloc_array(table->count + 1, sizeof(*rules), GFP_RULES);
	if (!rules)
		return -ENOMEM;
	count = arrange(table, out, in, rules);
	err = publish(table, dirs, rules, count);
	kvfree(rules);
	if (err)
		return err;
	if (out)
		drop_rule(out);
	if (in)
		link_rule(table, in);
	table->count = count;
	return 0;
}

/**
 * vnet_rule_find - find a rule by its name
 * @table: rules of the network
 * @name: its name
 *
 * Context: config mutex.
 * Return: the rule, valid as long as the mutex is held, or NULL.
 */
struct vnet_rule *vnet_rule_find(struct vnet_rule_table *table, const char *name)
{
	struct vnet_rule *rule;

	list_for_each_entry(rule, &table->rules, node)
		if (!strcmp(rule->spec.name, name))
			return rule;
	return NULL;
}

/**
 * vnet_rule_add - add a rule
 * @table: rules of the network
 * @spec: the rule; copied
 * @unchanged: set to whether it was there already, just like this
 *
 * Context: config mutex, may sleep.
 * Return: 0; -EEXIST if the name has another body, -ENOSPC at the limit,
 * -ENOMEM. On failure nothing has changed.
 */
int vnet_rule_add(struct vnet_rule_table *table, const struct vnet_rule_spec *spec,
		  bool *unchanged)
{
	struct vnet_rule *rule = vnet_rule_find(table, spec->name);
	int err;

	*unchanged = rule && same_spec(&rule->spec, spec);
	if (rule)
		return *unchanged ? 0 : -EEXIST;
	if (table->count >= table->limit)
		return -ENOSPC;
	rule = create_rule(spec, table->next_id);
	if (!rule)
		return -ENOMEM;
	err = change(table, DIR_BIT(spec->direction), NULL, rule);
	if (err)
		free_rule(rule);
	else
		table->next_id++;
	return err;
}

/**
 * vnet_rule_set - replace the body of a rule
 * @table: rules of the network
 * @spec: the rule as it shall be; copied
 * @unchanged: set to whether it was like this already
 *
 * The rule keeps its id, thus its place among equal priorities; its counters
 * start again.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOENT if there is no rule of that name, -ENOMEM. On failure
 * nothing has changed.
 */
int vnet_rule_set(struct vnet_rule_table *table, const struct vnet_rule_spec *spec,
		  bool *unchanged)
{
	struct vnet_rule *old = vnet_rule_find(table, spec->name);
	struct vnet_rule *rule;
	int err;

	*unchanged = old && same_spec(&old->spec, spec);
	if (!old)
		return -ENOENT;
	if (*unchanged)
		return 0;
	rule = create_rule(spec, old->id);
	if (!rule)
		return -ENOMEM;
	err = change(table, DIR_BIT(old->spec.direction) | DIR_BIT(spec->direction),
		     old, rule);
	if (err)
		free_rule(rule);
	return err;
}

/**
 * vnet_rule_del - remove a rule
 * @table: rules of the network
 * @name: its name
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOENT if there is none, -ENOMEM. On failure nothing has changed.
 */
int vnet_rule_del(struct vnet_rule_table *table, const char *name)
{
	struct vnet_rule *rule = vnet_rule_find(table, name);

	if (!rule)
		return -ENOENT;
	return change(table, DIR_BIT(rule->spec.direction), rule, NULL);
}

/*
 * Replacing all rules
 */

/* Equal names keep the order in which they were given. */
static int compare_names(const void *a, const void *b)
{
	const struct vnet_rule_spec *const *p = a, *const *q = b;
	int order = strcmp((*p)->name, (*q)->name);

	return order ?: *p < *q ? -1 : 1;
}

static int compare_order(const void *a, const void *b)
{
	const struct vnet_rule *const *p = a, *const *q = b;

	return comes_before(*p, *q) ? -1 : 1;
}

/* What is to be loaded, by name. */
static const struct vnet_rule_spec **sort_new(const struct vnet_rule_spec *specs,
					      u32 count)
{
	const struct vnet_rule_spec **names;
	u32 i;

	names = kvmalloc_array(count + 1, sizeof(*names), GFP_RULES);
	if (!names)
		return NULL;
	for (i = 0; i < count; i++)
		names[i] = &specs[i];
	sort(names, count, sizeof(*names), compare_names, NULL);
	return names;
}

/* What is in force, by name. */
static const struct vnet_rule_spec **sort_old(const struct vnet_rule_table *table)
{
	const struct vnet_rule_spec **names;
	const struct vnet_rule *rule;
	u32 count = 0;

	names = kvmalloc_array(table->count + 1, sizeof(*names), GFP_RULES);
	if (!names)
		return NULL;
	list_for_each_entry(rule, &table->rules, node)
		names[count++] = &rule->spec;
	sort(names, count, sizeof(*names), compare_names, NULL);
	return names;
}

/* Index of the first spec that has the name of an earlier one, or @count. */
static u32 find_repeated(const struct vnet_rule_spec *specs,
			 const struct vnet_rule_spec **names, u32 count)
{
	u32 i, bad = count;

	for (i = 1; i < count; i++)
		if (!strcmp(names[i - 1]->name, names[i]->name))
			bad = min_t(u32, bad, names[i] - specs);
	return bad;
}

/*
 * Sets rules[i] to the rule in force that is just what specs[i] wants, if there
 * is one. Both sides are sorted by name, so one walk along both will do.
 */
static int keep_rules(const struct vnet_rule_table *table,
		      const struct vnet_rule_spec *specs,
		      const struct vnet_rule_spec **names, u32 count,
		      struct vnet_rule **rules)
{
	const struct vnet_rule_spec **old = sort_old(table);
	u32 i, j = 0;

	if (!old)
		return -ENOMEM;
	for (i = 0; i < count; i++) {
		while (j < table->count && strcmp(old[j]->name, names[i]->name) < 0)
			j++;
		if (j == table->count)
			break;
		if (!strcmp(old[j]->name, names[i]->name) &&
		    same_spec(old[j], names[i]))
			rules[names[i] - specs] = container_of(old[j], struct vnet_rule,
							       spec);
	}
	kvfree(old);
	return 0;
}

/* Frees the rules that create_missing() made: ids from next_id on are new. */
static void free_created(const struct vnet_rule_table *table,
			 struct vnet_rule **rules, u32 count)
{
	u32 i;

	for (i = 0; i < count; i++)
		if (rules[i] && rules[i]->id >= table->next_id)
			free_rule(rules[i]);
}

/* Fills the gaps that keep_rules() left; returns how many, or an error. */
static int create_missing(const struct vnet_rule_table *table,
			  const struct vnet_rule_spec *specs,
			  struct vnet_rule **rules, u32 count)
{
	u32 i, created = 0;

	for (i = 0; i < count; i++) {
		if (rules[i])
			continue;
		rules[i] = create_rule(&specs[i], table->next_id + created);
		if (!rules[i]) {
			free_created(table, rules, count);
			return -ENOMEM;
		}
		created++;
	}
	return created;
}

/* Makes the list what the array says; what is not in there any more is freed. */
static void relink(struct vnet_rule_table *table, struct vnet_rule **rules,
		   u32 count)
{
	struct vnet_rule *rule, *next;
	LIST_HEAD(old);
	u32 i;

	list_splice_init(&table->rules, &old);
	for (i = 0; i < count; i++)
		list_move_tail(&rules[i]->node, &table->rules);
	list_for_each_entry_safe(rule, next, &old, node)
		drop_rule(rule);
	table->count = count;
}

/* @rules has room for @count pointers, which are NULL. */
static int load(struct vnet_rule_table *table, const struct vnet_rule_spec *specs,
		const struct vnet_rule_spec **names, u32 count,
		struct vnet_rule **rules)
{
	int err, created;

	err = keep_rules(table, specs, names, count, rules);
	if (err)
		return err;
	created = create_missing(table, specs, rules, count);
	if (created < 0)
		return created;
	if (!created && count == table->count)
		return 0;
	sort(rules, count, sizeof(*rules), compare_order, NULL);
	err = publish(table, DIRS_ALL, rules, count);
	if (err) {
		free_created(table, rules, count);
		return err;
	}
	table->next_id += created;
	relink(table, rules, count);
	return 0;
}

/**
 * vnet_rule_load - replace all rules at once
 * @table: rules of the network
 * @specs: the rules as they shall be; copied
 * @count: their number, may be 0
 * @bad: on -EEXIST the index of the rule whose name is there already
 *
 * Rules that stay as they are keep their counters and id.
 *
 * Context: config mutex, may sleep.
 * Return: 0; -ENOSPC above the limit, -EEXIST, -ENOMEM. On failure nothing has
 * changed.
 */
int vnet_rule_load(struct vnet_rule_table *table, const struct vnet_rule_spec *specs,
		   u32 count, u32 *bad)
{
	const struct vnet_rule_spec **names;
	struct vnet_rule **rules;
	int err = -ENOMEM;

	if (count > table->limit)
		return -ENOSPC;
	names = sort_new(specs, count);
	rules = kvcalloc(count + 1, sizeof(*rules), GFP_RULES);
	if (!names || !rules)
		goto out_free;
	*bad = find_repeated(specs, names, count);
	if (*bad < count)
		err = -EEXIST;
	else
		err = load(table, specs, names, count, rules);
out_free:
	kvfree(rules);
	kvfree(names);
	return err;
}

/*
 * Dumps
 */

static bool comes_after(const struct vnet_rule *rule, u32 priority, u64 after_id)
{
	if (rule->spec.priority != priority)
		return rule->spec.priority > priority;
	return rule->id > after_id;
}

/* The rulesets are the list, sorted: search them rather than walk it. */
static struct vnet_rule *next_in(const struct vnet_ruleset *ruleset, u32 priority,
				 u64 after_id)
{
	u32 low = 0, high = ruleset ? ruleset->count : 0;
	u32 middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (comes_after(ruleset->rule[middle], priority, after_id))
			high = middle;
		else
			low = middle + 1;
	}
	return ruleset && low < ruleset->count ? ruleset->rule[low] : NULL;
}

/**
 * vnet_rule_next - the next rule in the order of evaluation, both directions
 * @table: rules of the network
 * @priority: priority of the last one, 0 to begin
 * @after_id: its id, 0 to begin
 *
 * Context: config mutex.
 * Return: the rule, valid as long as the mutex is held, or NULL at the end.
 */
struct vnet_rule *vnet_rule_next(struct vnet_rule_table *table, u32 priority,
				 u64 after_id)
{
	struct vnet_rule *next = NULL, *rule;
	unsigned int dir;

	for (dir = 0; dir < VNET_DIRS; dir++) {
		rule = next_in(active_of(table, dir), priority, after_id);
		if (rule && (!next || comes_before(rule, next)))
			next = rule;
	}
	return next;
}

/*
 * Members
 */

static bool is_for(const struct vnet_rule *rule, u32 member)
{
	return rule->spec.match.fields & VNET_MATCH_MEMBER &&
	       rule->spec.match.member == member;
}

/**
 * vnet_rule_bind - a member has come: give its id to the rules that name it
 * @table: rules of the network
 * @ifname: interface of its port
 * @tag: its tag
 * @member: its id
 *
 * Context: config mutex, may sleep.
 * Return: 0, or -ENOMEM and nothing has changed.
 */
int vnet_rule_bind(struct vnet_rule_table *table, const char *ifname, u32 tag,
		   u32 member)
{
	struct vnet_rule *rule;
	unsigned int dirs = 0;
	int err;

	list_for_each_entry(rule, &table->rules, node) {
		if (!is_for(rule, VNET_RULE_NO_MEMBER) || rule->spec.tag != tag ||
		    strcmp(rule->spec.ifname, ifname))
			continue;
		rule->spec.match.member = member;
		dirs |= DIR_BIT(rule->spec.direction);
	}
	if (!dirs)
		return 0;
	err = change(table, dirs, NULL, NULL);
	if (err)
		vnet_rule_unbind(table, member);
	return err;
}

/**
 * vnet_rule_unbind - a member is gone: its rules wait for the next of its name
 * @table: rules of the network
 * @member: its id
 *
 * The rulesets in force keep the id, which never occurs again. So this costs
 * no memory and cannot fail.
 *
 * Context: config mutex.
 */
void vnet_rule_unbind(struct vnet_rule_table *table, u32 member)
{
	struct vnet_rule *rule;

	list_for_each_entry(rule, &table->rules, node)
		if (is_for(rule, member))
			rule->spec.match.member = VNET_RULE_NO_MEMBER;
}

/**
 * vnet_rule_rename - the interface of a member has a new name
 * @table: rules of the network
 * @member: id of the member
 * @ifname: the name
 *
 * Context: config mutex.
 */
void vnet_rule_rename(struct vnet_rule_table *table, u32 member,
		      const char *ifname)
{
	struct vnet_rule *rule;

	list_for_each_entry(rule, &table->rules, node)
		if (is_for(rule, member))
			strscpy(rule->spec.ifname, ifname, sizeof(rule->spec.ifname));
}

/*
 * The table
 */

/**
 * vnet_rule_set_limit - change how many rules there may be
 * @table: rules of the network
 * @limit: the number
 *
 * Context: config mutex.
 * Return: 0, or -ENOSPC if there are more already.
 */
int vnet_rule_set_limit(struct vnet_rule_table *table, u32 limit)
{
	if (limit < table->count)
		return -ENOSPC;
	table->limit = limit;
	return 0;
}

/**
 * vnet_rule_table_init - make an empty table with the default limit
 * @table: the table
 *
 * Context: any.
 */
void vnet_rule_table_init(struct vnet_rule_table *table)
{
	memset(table, 0, sizeof(*table));
	INIT_LIST_HEAD(&table->rules);
	table->limit = VNET_RULES_DEFAULT;
	table->next_id = 1;
}

/**
 * vnet_rule_table_destroy - remove all rules
 * @table: the table; readers may still use it
 *
 * What it had is freed by RCU callbacks: rcu_barrier() before the module goes.
 *
 * Context: config mutex, or nobody else changes the table any more.
 */
void vnet_rule_table_destroy(struct vnet_rule_table *table)
{
	/* Without rules there is nothing to allocate, so this cannot fail. */
	publish(table, DIRS_ALL, NULL, 0);
	relink(table, NULL, 0);
}
