// SPDX-License-Identifier: GPL-2.0-only
/*
 * From one set of the classifier to the next, all or nothing.
 * Layer 0: it must not know how the next set is published.
 */

#include "match.h"

#include <linux/err.h>
#include <linux/kernel.h>
#include <linux/random.h>
#include <linux/slab.h>
#include <linux/sort.h>
#include <linux/string.h>
#include "match_build.h"

/* Seeds that are tried; hardly any is bad. */
#define SEEDS	4
/* Changes at once that are done one by one in any set. */
#define MANY	256

static const struct vnet_match_path top = {};

static void begin(struct vnet_match_edit *edit, u64 seed)
{
	memset(edit, 0, sizeof(*edit));
	edit->seed = seed;
}

static u64 random_seed(void)
{
	return (u64)get_random_u32() << 32 | get_random_u32();
}

/**
 * vnet_match_abort - forget a change
 * @edit: the edit; the old set stays as it is
 *
 * Context: process context.
 */
void vnet_match_abort(struct vnet_match_edit *edit)
{
	struct vnet_match_node *node, *next;

	for (node = edit->made; node; node = next) {
		next = node->made;
		vnet_match_node_free(node);
	}
	begin(edit, 0);
}

/**
 * vnet_match_commit - take over the new set of a change
 * @edit: the edit
 * @retired: what the new set does without is put in front of this list, linked by
 *	next; when the new set is what readers see, each of them has to be passed to
 *	call_rcu() with vnet_match_node_free_rcu()
 *
 * Context: any.
 * Return: the set, NULL if it has no rules; to be published in place of the old one.
 */
struct vnet_match_set *vnet_match_commit(struct vnet_match_edit *edit,
					 struct rcu_head **retired)
{
	struct rcu_head *head, *next;

	for (head = edit->retired; head; head = next) {
		next = head->next;
		head->next = *retired;
		*retired = head;
	}
	return edit->set;
}

/* Makes the set that the edit ends with. */
static int finish(struct vnet_match_edit *edit, struct vnet_match_group *root,
		  const struct vnet_match_set *old, u32 count, u32 changes, s64 rule_bytes)
{
	struct vnet_match_node *node;

	if (root->node.steps > VNET_MATCH_STEPS_MAX ||
	    root->node.places > (u64)count * VNET_MATCH_PLACES_PER_RULE +
				VNET_MATCH_PLACES_SMALL)
		return -E2BIG;
	node = vnet_match_node_make(edit, VNET_MATCH_SET, sizeof(*edit->set));
	if (!node)
		return -ENOMEM;
	edit->set = container_of(node, struct vnet_match_set, node);
	edit->set->seed = edit->seed;
	edit->set->root = root;
	edit->set->count = count;
	edit->set->changes = changes;
	edit->set->bytes = (old ? old->bytes : 0) + edit->bytes + rule_bytes;
	return 0;
}

static s64 bytes_of(const struct vnet_match_rule *const *rules, u32 count)
{
	s64 bytes = 0;
	u32 i;

	for (i = 0; i < count; i++)
		bytes += rules[i]->bytes;
	return bytes;
}

/* One attempt; @rules are sorted. */
static int try_replace(struct vnet_match_edit *edit,
		       const struct vnet_match_rule *const *rules, u32 count)
{
	struct vnet_match_group *root;

	begin(edit, random_seed());
	root = vnet_match_build_of(edit, rules, count, &top, 0);
	if (IS_ERR(root))
		return PTR_ERR(root);
	return finish(edit, root, NULL, count, 0, bytes_of(rules, count));
}

static int replace_sorted(struct vnet_match_edit *edit, const struct vnet_match_set *old,
			  const struct vnet_match_rule *const *rules, u32 count)
{
	u32 seeds = SEEDS;
	int err;

	begin(edit, 0);
	if (count) {
		do {
			vnet_match_abort(edit);
			err = try_replace(edit, rules, count);
		} while (err == -EAGAIN && --seeds);
		if (err) {
			vnet_match_abort(edit);
			return err == -EAGAIN ? -ENOMEM : err;
		}
	}
	if (old) {
		vnet_match_node_retire_all(edit, &old->root->node);
		vnet_match_node_retire(edit, (struct vnet_match_node *)&old->node);
	}
	return 0;
}

/**
 * vnet_match_replace - begin to replace a whole set
 * @edit: the edit, to be committed or aborted by the caller if this succeeds
 * @old: the set that is to be replaced, or NULL
 * @rules: the rules of the new one, in any order; they have to live as long as the
 *	sets that they are in, and until readers of these are done
 * @count: their number, may be 0
 *
 * Context: process context, may sleep; one edit of a set at a time.
 * Return: 0; -E2BIG if a lookup could take too many steps, -ENOMEM.
 */
int vnet_match_replace(struct vnet_match_edit *edit, const struct vnet_match_set *old,
		       struct vnet_match_rule *const *rules, u32 count)
{
	const struct vnet_match_rule **sorted;
	int err;

	sorted = kvmalloc_array(count + 1, sizeof(*sorted), GFP_KERNEL | __GFP_NOWARN);
	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, rules, count * sizeof(*sorted));
	sort(sorted, count, sizeof(*sorted), vnet_match_compare_orders, NULL);
	err = replace_sorted(edit, old, sorted, count);
	kvfree(sorted);
	return err;
}

/* The rules of a set, sorted. */
static u32 list_rules(const struct vnet_match_set *set, const struct vnet_match_rule **all)
{
	u32 places = vnet_match_places(set), count = 0, i;

	if (set)
		vnet_match_gather(&set->root->node, all);
	sort(all, places, sizeof(*all), vnet_match_compare_orders, NULL);
	for (i = 0; i < places; i++)
		if (!count || all[count - 1] != all[i])
			all[count++] = all[i];
	return count;
}

/* Takes away those that are in @out; both are sorted. */
static u32 subtract(const struct vnet_match_rule **all, u32 count,
		    const struct vnet_match_rule *const *out, u32 out_count)
{
	u32 i, kept = 0;

	for (i = 0; i < count; i++) {
		if (out_count && *out == all[i]) {
			out++;
			out_count--;
		} else {
			all[kept++] = all[i];
		}
	}
	return kept;
}

/* The same change, with all tables chosen afresh. */
static int change_afresh(struct vnet_match_edit *edit, const struct vnet_match_set *old,
			 struct vnet_match_rule *const *out, u32 out_count,
			 struct vnet_match_rule *const *in, u32 in_count)
{
	const struct vnet_match_rule **all, **gone;
	u32 room = vnet_match_places(old) + in_count, count;
	int err = -ENOENT;

	all = kvmalloc_array(room + out_count + 1, sizeof(*all), GFP_KERNEL | __GFP_NOWARN);
	if (!all)
		return -ENOMEM;
	gone = &all[room];
	memcpy(gone, out, out_count * sizeof(*out));
	sort(gone, out_count, sizeof(*gone), vnet_match_compare_orders, NULL);
	count = subtract(all, list_rules(old, all), gone, out_count);
	if (count == vnet_match_count(old) - out_count) {
		memcpy(&all[count], in, in_count * sizeof(*in));
		count += in_count;
		sort(all, count, sizeof(*all), vnet_match_compare_orders, NULL);
		err = replace_sorted(edit, old, all, count);
	}
	kvfree(all);
	return err;
}

static struct vnet_match_group *apply(struct vnet_match_edit *edit,
				      struct vnet_match_group *root,
				      struct vnet_match_rule *const *out, u32 out_count,
				      struct vnet_match_rule *const *in, u32 in_count)
{
	u32 i;

	for (i = 0; i < out_count && !IS_ERR(root); i++)
		root = root ? vnet_match_remove(edit, root, out[i], &top) :
			      ERR_PTR(-ENOENT);
	for (i = 0; i < in_count && !IS_ERR(root); i++)
		root = root ? vnet_match_insert(edit, root, in[i], &top) :
			      vnet_match_build_of(edit, (const struct vnet_match_rule **)&in[i],
						  1, &top, 0);
	return root;
}

static int try_change(struct vnet_match_edit *edit, const struct vnet_match_set *old,
		      struct vnet_match_rule *const *out, u32 out_count,
		      struct vnet_match_rule *const *in, u32 in_count)
{
	struct vnet_match_group *root;

	begin(edit, old ? old->seed : random_seed());
	root = apply(edit, old ? old->root : NULL, out, out_count, in, in_count);
	if (IS_ERR(root))
		return PTR_ERR(root);
	if (old)
		vnet_match_node_retire(edit, (struct vnet_match_node *)&old->node);
	if (!root)
		return 0;
	return finish(edit, root, old, vnet_match_count(old) + in_count - out_count,
		      (old ? old->changes : 0) + in_count + out_count,
		      bytes_of((const struct vnet_match_rule **)in, in_count) -
		      bytes_of((const struct vnet_match_rule **)out, out_count));
}

/**
 * vnet_match_change - begin to change some rules of a set
 * @edit: the edit, to be committed or aborted by the caller if this succeeds
 * @old: the set, NULL = without rules
 * @out: rules that go
 * @out_count: their number
 * @in: rules that come; they have to live as long as the sets that they are in, and
 *	until readers of these are done
 * @in_count: their number
 *
 * The cost does not depend on the number of rules, unless the set has to be built
 * as a whole to stay within its limits.
 *
 * Context: process context, may sleep; one edit of a set at a time.
 * Return: 0; -E2BIG if a lookup could take too many steps, -ENOENT if one of @out
 * is not there, -ENOMEM.
 */
int vnet_match_change(struct vnet_match_edit *edit, const struct vnet_match_set *old,
		      struct vnet_match_rule *const *out, u32 out_count,
		      struct vnet_match_rule *const *in, u32 in_count)
{
	int err;

	/* One by one would take longer, and much memory for what is made in between. */
	if (out_count + in_count > MANY + vnet_match_count(old) / 4)
		return change_afresh(edit, old, out, out_count, in, in_count);
	err = try_change(edit, old, out, out_count, in, in_count);
	if (!err)
		return 0;
	vnet_match_abort(edit);
	if (err != -E2BIG && err != -EAGAIN)
		return err;
	/* A set that is fresh would hardly become better. But rules should be able to go. */
	if (err == -E2BIG && in_count && old && old->changes < old->count / 64)
		return err;
	return change_afresh(edit, old, out, out_count, in, in_count);
}

/**
 * vnet_match_retire - do without a set
 * @set: the set, or NULL; its rules are not touched
 * @retired: its parts are put in front of this list, as by vnet_match_commit()
 *
 * Context: any.
 */
void vnet_match_retire(struct vnet_match_set *set, struct rcu_head **retired)
{
	struct vnet_match_edit edit;

	if (!set)
		return;
	begin(&edit, 0);
	vnet_match_node_retire_all(&edit, &set->root->node);
	vnet_match_node_retire(&edit, &set->node);
	vnet_match_commit(&edit, retired);
}

/**
 * vnet_match_free - free a set that nobody reads; not its rules
 * @set: the set, or NULL
 *
 * Context: process context.
 */
void vnet_match_free(struct vnet_match_set *set)
{
	struct rcu_head *head = NULL, *next;

	for (vnet_match_retire(set, &head); head; head = next) {
		next = head->next;
		vnet_match_node_free_rcu(head);
	}
}
