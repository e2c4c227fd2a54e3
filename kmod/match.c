// SPDX-License-Identifier: GPL-2.0-only
/*
 * The classifier: which of many rules decides about a key, at a bounded cost.
 * Layer 0: it must not know skbs, names, counters or who asks.
 */

#include "match.h"

#include <linux/kernel.h>
#include "match_node.h"

/**
 * DOC: Theory of operation
 *
 * A set finds, of all rules that match a key, the one of the smallest order, in a
 * number of steps that does not depend on the number of rules but on how much they
 * overlap, and that is never larger than a limit of ours. It is never changed: a
 * change makes a new set, which shares all but a few nodes with the old one.
 *
 * How rules are tested is explained in match_compile.c. Here is how they are found.
 *
 * Groups. A group has some rules that stand side by side, in order, to be tested one
 * after the other, and some tables. Up to VNET_MATCH_LEAF rules need no table, so that
 * a small set is one group and a walk along it.
 *
 * Tables. When a group gets more, some bits of the key are chosen that many of its
 * rules want, and want differently: whole fields, or prefixes that are shorter than
 * what the rules want, so that rules of many prefix lengths fit (as TupleMerge does:
 * Daly et al., 2019). The rules that want all of these bits move to a table, which is
 * a trie over a hash of the bits. Its leaves are groups again, which get tables of
 * their own if they have too many rules, where other fields are chosen. What is left is
 * put into one more table, and so on, until what is left is short or no choice of
 * bits is worth a table.
 *
 * If a group may have two rules side by side, then
 *
 *	1  from 10.1.0.0/16	to 10.9.0.1	port 80		allow
 *	2  from 10.1.2.0/24	to 10.9.0.1			drop
 *	3			to 10.9.0.1	port 22		allow
 *	4  from 10.2.0.0/16	to 10.9.0.2	port 80		allow
 *	5			to 10.9.0.2			drop
 *	6  from 10.3.0.0/16			port 53		allow
 *	7						port 53		drop
 *
 * become this, where the numbers in braces are the smallest orders below:
 *
 *	group {1}
 *	 |  6, 7
 *	 +- table {1}: destination/32
 *	     +- branch {1}
 *	         +- 10.9.0.1: group {1}
 *	         |   |  2
 *	         |   +- table {1}: destination port
 *	         |       +- branch {1}
 *	         |           +- 80: group {1}   1
 *	         |           +- 22: group {3}   3
 *	         +- 10.9.0.2: group {4}   4, 5
 *
 * A key from 10.3.0.1 to 10.9.0.2, port 53, is tested against 6, which matches. The
 * best order is 6 now. The table may have something better, as {1} says, so it is
 * probed: the hash leads to the group of 10.9.0.2, where 4 fails and 5 matches. No
 * table is left that could have something better than 5, so 5 decides. Tables are
 * sorted by their smallest order, and the walk ends at the first one that has nothing
 * better, as it does at any branch or group.
 *
 * Cover. Of the rules of a group it is known what leads to it: all keys that come by
 * "10.9.0.1" above go there (but for those whose hashes are equal, and these fail in
 * the full test that each rule is given). A rule that takes all that a later one could
 * match there hides it: rule 5 would hide an 8 to 10.9.0.2. Hidden rules stand behind
 * the seen ones, and no lookup comes by them; they are seen again when what hides them
 * goes. So thousands of equal rules, or ranges one in the other, cost one step.
 *
 * Cuts. Rules that differ by ranges of ports have no bits in common. When nothing else
 * helps, a table cuts the ports of the group into 16 parts, and each part that a range
 * has a share of gets the rule. Where the range takes the whole part it is settled:
 * there it covers, and it is cut no more. So a range is at no more than about a hundred
 * places, four cuts one inside the other tell all ports apart, and a port among
 * thousands of ranges is found in some twenty steps.
 *
 * The bound. A step is a rule that is tested, a table that is probed, or a branch that
 * is passed. Each node knows how many steps a lookup takes from there on at most: a
 * group as many as it has seen rules and its tables take together; a table one more
 * than its root; a branch one more than the worst of its children, for a key has one
 * hash. The sum at the root is the worst case of the set for any key whatever. A change
 * that would bring it above VNET_MATCH_STEPS_MAX is tried again with all tables chosen
 * afresh, and if that does not help, refused. Likewise for the places that the rules
 * take together, so that memory is proportional to their number: about 200 bytes each.
 * Recursion is bounded too: VNET_MATCH_DEPTH groups one inside the other, and
 * VNET_MATCH_LEVELS branches in each trie.
 *
 * Changes. A node that is published never changes. The nodes on the way from the root
 * to the change are made again, the rest is shared; that is a few kilobytes for one
 * rule among 100,000. As readers take the root once, they see all of a change or
 * nothing of it, however many rules it is about; what is retired is freed after a grace
 * period; and a change that fails has changed nothing. This is why there are tries and
 * no arrays of buckets: they grow and shrink without ever being copied as a whole.
 */

/* Looks at the rules that stand side by side in a group, as far as one may be better. */
static __always_inline const struct vnet_match_rule *scan(const struct vnet_match_group *group,
							  const u32 *words,
							  const struct vnet_key *key,
							  u64 best, u32 *steps)
{
	const struct vnet_match_slot *slot = group->slot, *end = slot + group->seen;

	for (; slot < end && slot->order < best; slot++) {
		if (steps)
			++*steps;
		if (vnet_match_passes(slot->rule, words, key))
			return slot->rule;
	}
	return NULL;
}

/* The group of a table that a key belongs to, if it may have something better. */
static __always_inline const struct vnet_match_group *probe(const struct vnet_match_table *table,
							    u64 seed, const u32 *words,
							    u64 best, u32 *steps)
{
	u64 hash = vnet_match_hash(&table->shape, seed, words), rest = hash;
	const struct vnet_match_node *node = table->root;

	if (steps)
		++*steps;
	while (node && node->best < best && node->kind == VNET_MATCH_BRANCH) {
		if (steps)
			++*steps;
		node = vnet_match_child(to_branch(node), vnet_match_way(rest, 0));
		rest <<= VNET_MATCH_BRANCH_BITS;
	}
	if (!node || node->best >= best || to_group(node)->hash != hash)
		return NULL;
	return to_group(node);
}

/* Of the rules of a smaller order than @order, which is set to that of the one found. */
static __always_inline void *find(const struct vnet_match_set *set,
				  const struct vnet_key *key, u32 member, u64 *order,
				  u32 *steps)
{
	struct {
		const struct vnet_match_group *group;
		u32 next;
	} stack[VNET_MATCH_DEPTH], *here = stack;
	const struct vnet_match_rule *rule, *found = NULL;
	const struct vnet_match_group *group = set->root;
	u64 best = *order;
	u32 words[WORDS];

	vnet_match_lay_out(words, key, member);
	for (;;) {
		rule = scan(group, words, key, best, steps);
		if (rule) {
			found = rule;
			best = rule->order;
		}
		here->group = group;
		here->next = 0;
		do {
			/* Up, when no table of this group can have anything better. */
			while (here->next == here->group->tables ||
			       here->group->table[here->next]->node.best >= best) {
				if (here-- == stack) {
					*order = best;
					return found ? found->owner : NULL;
				}
			}
			group = probe(here->group->table[here->next++], set->seed, words,
				      best, steps);
		} while (!group);
		here++;
	}
}

/**
 * vnet_match_find - find the rule that decides about a key
 * @set: the rules
 * @key: the frame's headers
 * @member: id of the sender (egress) or the receiver (ingress)
 *
 * Context: any; the caller keeps @set and its rules alive.
 * Return: owner of the rule of the smallest order that matches, NULL if none does.
 */
void *vnet_match_find(const struct vnet_match_set *set, const struct vnet_key *key,
		      u32 member)
{
	u64 order = U64_MAX;

	return find(set, key, member, &order, NULL);
}

/**
 * vnet_match_find_before - find the rule that decides, if it comes before another
 * @set: the rules
 * @key: the frame's headers
 * @member: id of the sender (egress) or the receiver (ingress)
 * @order: only rules of a smaller order count, U64_MAX = all; set to the order of
 *	the one that is found
 *
 * So rules of two sets can be ordered, whose orders are comparable.
 *
 * Context: any; the caller keeps @set and its rules alive.
 * Return: as vnet_match_find().
 */
void *vnet_match_find_before(const struct vnet_match_set *set,
			     const struct vnet_key *key, u32 member, u64 *order)
{
	return find(set, key, member, order, NULL);
}

/**
 * vnet_match_find_counted - find the rule that decides, and say what it took
 * @set: the rules
 * @key: the frame's headers
 * @member: id of the sender (egress) or the receiver (ingress)
 * @steps: set to the steps that the lookup took, see the theory of operation
 *
 * Context: any; the caller keeps @set and its rules alive.
 * Return: as vnet_match_find().
 */
void *vnet_match_find_counted(const struct vnet_match_set *set,
			      const struct vnet_key *key, u32 member, u32 *steps)
{
	u64 order = U64_MAX;

	*steps = 0;
	return find(set, key, member, &order, steps);
}

/**
 * vnet_match_count - how many rules a set has
 * @set: the set, or NULL
 *
 * Context: any.
 * Return: their number.
 */
u32 vnet_match_count(const struct vnet_match_set *set)
{
	return set ? set->count : 0;
}

/**
 * vnet_match_steps - how many steps a lookup takes at most
 * @set: the set, or NULL
 *
 * Context: any.
 * Return: their number, at most %VNET_MATCH_STEPS_MAX.
 */
u32 vnet_match_steps(const struct vnet_match_set *set)
{
	return set ? set->root->node.steps : 0;
}

/**
 * vnet_match_places - how many places the rules of a set take
 * @set: the set, or NULL
 *
 * Context: any.
 * Return: the number of rules, each as often as it is there.
 */
u32 vnet_match_places(const struct vnet_match_set *set)
{
	return set ? set->root->node.places : 0;
}

/**
 * vnet_match_bytes - how much memory a set takes, its rules included
 * @set: the set, or NULL
 *
 * Context: any.
 * Return: bytes.
 */
size_t vnet_match_bytes(const struct vnet_match_set *set)
{
	return set ? set->bytes : 0;
}
