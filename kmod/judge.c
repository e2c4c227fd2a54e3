// SPDX-License-Identifier: GPL-2.0-only
/*
 * Judging: what the rules of a network say of a frame, counted, and what they want
 * besides. It must not know where frames come from or go.
 */
#include "judge.h"
#include "mark.h"
#include "parse.h"
#include "reject.h"
#include "state.h"
#include "tell.h"
#include "trace.h"

/* What the rule that allows a frame wants besides; @rule may be NULL. */
static enum vnet_verdict obey(struct vnet_pkt *pkt, const struct vnet_rule *rule)
{
	pkt->class = rule ? rule->spec.class : NULL;
	if (likely(!rule))
		return VNET_CONTINUE;
	if (unlikely(rule->spec.helper[0]) && pkt->stateful)
		vnet_state_help(pkt, rule->spec.helper);
	if (likely(!rule->spec.set_dscp))
		return VNET_CONTINUE;
	pkt->plain = false;
	return vnet_mark_dscp(pkt, rule->spec.set_dscp & ~VNET_RULE_SETS_DSCP);
}

/* Frames that are to be dropped pass nevertheless when their direction is in audit. */
static enum vnet_verdict unless_audit(struct vnet_pkt *pkt, enum vnet_direction direction,
				      enum vnet_verdict verdict)
{
	unsigned int dir = vnet_dir(direction);

	if (likely(!READ_ONCE(pkt->network->audit[dir])))
		return verdict;
	pkt->plain = false;
	vnet_stats_count(pkt->network->audit_hits[dir], pkt->len);
	return VNET_CONTINUE;
}

static void count_rule(struct vnet_pkt *pkt, enum vnet_direction direction,
		       struct vnet_member *member, const struct vnet_rule *rule)
{
	vnet_stats_count(rule->hits, pkt->len);
	if (likely(!vnet_tells(rule)))
		return;
	pkt->plain = false;
	vnet_tell(pkt, direction, member, rule);
}

/*
 * Asks the rules of a direction. Rules that are all in audit do not see a frame that
 * cannot be parsed.
 */
static enum vnet_verdict ask_rules(struct vnet_pkt *pkt, enum vnet_direction direction,
				   struct vnet_member *member,
				   struct vnet_rule_verdict *said)
{
	vnet_parse_network(pkt);
	if (unlikely(vnet_parse_failed(&pkt->key)))
		return vnet_rule_any_enforced(pkt->rules, direction) ?
		       VNET_REFUSED(BAD_HEADERS) : VNET_CONTINUE;
	if (unlikely(pkt->key.flags & VNET_KEY_LATER) && pkt->stateful)
		vnet_state_complete(&pkt->key, pkt->skb);
	*said = vnet_rule_decide(pkt->rules, direction, &pkt->key, member->id);
	if (unlikely(said->audit)) {
		pkt->plain = false;
		count_rule(pkt, direction, member, said->audit);
	}
	return VNET_CONTINUE;
}

/*
 * What the rules of a direction say: @by_rule or @by_policy when the frame is to
 * be dropped.
 */
static enum vnet_verdict decide(struct vnet_pkt *pkt, enum vnet_direction direction,
				struct vnet_member *member,
				enum vnet_verdict by_rule, enum vnet_verdict by_policy)
{
	struct vnet_network *network = pkt->network;
	struct vnet_rule_verdict said = {};
	unsigned int dir = vnet_dir(direction);
	enum vnet_verdict verdict;
	enum vnet_action action;

	if (vnet_rule_any(pkt->rules, direction)) {
		verdict = ask_rules(pkt, direction, member, &said);
		if (unlikely(verdict != VNET_CONTINUE)) {
			verdict = unless_audit(pkt, direction, verdict);
			return verdict == VNET_CONTINUE ? obey(pkt, NULL) : verdict;
		}
	}
	if (said.rule)
		count_rule(pkt, direction, member, said.rule);
	else
		vnet_stats_count(network->policy_hits[dir], pkt->len);
	action = said.rule ? said.rule->spec.action : READ_ONCE(network->policy[dir]);
	trace_vnet_verdict(network->id, member->id, pkt->skb, direction,
			   said.rule ? said.rule->id : 0, action);
	pkt->rule[dir] = said.rule;
	if (action == VNET_ACTION_ALLOW)
		return obey(pkt, said.rule);
	verdict = unless_audit(pkt, direction, said.rule ? by_rule : by_policy);
	if (verdict == VNET_CONTINUE)
		return obey(pkt, NULL);
	if (action == VNET_ACTION_REJECT)
		vnet_reject(pkt);
	return verdict;
}

/**
 * vnet_judge_begin - take the rules that a frame is to go by
 * @pkt: a frame of a network
 *
 * Both directions go by the same rules, however these change meanwhile: two sets that
 * would both drop a frame must not let it through together.
 *
 * Context: RCU read side.
 */
void vnet_judge_begin(struct vnet_pkt *pkt)
{
	/* Before they are asked: a change from here on is seen by vnet_judge_again(). */
	pkt->generation = smp_load_acquire(&pkt->network->rules.generation);
	pkt->rules = vnet_rule_active(&pkt->network->rules);
}

/**
 * vnet_judge_egress - ask the rules of the sender's side, and do what they want besides
 * @pkt: a frame in switch form, with vnet_judge_begin() done
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONTINUE or the drop reason.
 */
enum vnet_verdict vnet_judge_egress(struct vnet_pkt *pkt)
{
	return decide(pkt, VNET_DIR_EGRESS, pkt->from, VNET_REFUSED(RULE_EGRESS),
		      VNET_REFUSED(POLICY_EGRESS));
}

/**
 * vnet_judge_ingress - ask the rules of the receiver's side, as vnet_judge_egress()
 * @pkt: likewise, with pkt->to
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONTINUE or the drop reason.
 */
enum vnet_verdict vnet_judge_ingress(struct vnet_pkt *pkt)
{
	return decide(pkt, VNET_DIR_INGRESS, pkt->to, VNET_REFUSED(RULE_INGRESS),
		      VNET_REFUSED(POLICY_INGRESS));
}

/* The rules may be newer already than the generation tells. */
static bool is_newer(const struct vnet_ruleset *rules, u32 generation)
{
	return rules && (s32)(rules->generation - generation) > 0;
}

/**
 * vnet_judge_knows - whether a frame was judged by rules of a generation
 * @pkt: the frame
 * @generation: of the rules, read before
 *
 * Return: false if its rules are newer, which that generation does not tell yet.
 */
bool vnet_judge_knows(const struct vnet_pkt *pkt, u32 generation)
{
	return !is_newer(pkt->rules, generation);
}

/**
 * vnet_judge_same - count a frame that is allowed as others like it were
 * @pkt: the frame
 * @direction: which way it goes
 * @member: its sender, or its receiver
 * @rule: the rule that allows it, NULL: the default policy
 *
 * Context: RCU read side, bottom halves off.
 */
void vnet_judge_same(struct vnet_pkt *pkt, enum vnet_direction direction,
		     const struct vnet_member *member, const struct vnet_rule *rule)
{
	struct vnet_counter_cpu __percpu *hits = rule ? rule->hits :
		pkt->network->policy_hits[vnet_dir(direction)];

	pkt->class = rule ? rule->spec.class : NULL;
	vnet_stats_count(hits, pkt->len);
	trace_vnet_verdict(pkt->network->id, member->id, pkt->skb, direction,
			   rule ? rule->id : 0, VNET_ACTION_ALLOW);
}

/**
 * vnet_judge_again - judge a frame that was held, if there is anything new
 * @pkt: the frame, with the generation that it was judged at
 *
 * A frame must not go by rules that were replaced while it was held; it is judged,
 * and counted by what judges it, again: by all that judged it before, or it would go by
 * old egress rules and new ingress rules; and with the DSCP that it had for them. It has
 * had its turn, so the class that a rule wants now does not matter.
 *
 * Context: RCU read side, bottom halves off.
 * Return: %VNET_CONTINUE or the drop reason.
 */
enum vnet_verdict vnet_judge_again(struct vnet_pkt *pkt)
{
	u32 generation = pkt->generation;
	enum vnet_verdict verdict = VNET_CONTINUE;

	if (unlikely(!READ_ONCE(pkt->network->up)))
		return VNET_REFUSED(NETWORK_DOWN);
	vnet_judge_begin(pkt);
	if (likely(generation == pkt->generation && !is_newer(pkt->rules, generation)))
		return VNET_CONTINUE;
	if (unlikely(pkt->old_dscp))
		verdict = vnet_mark_dscp(pkt, vnet_mark_first_dscp(pkt));
	pkt->old_dscp = 0;
	if (verdict == VNET_CONTINUE)
		verdict = vnet_judge_egress(pkt);
	if (verdict == VNET_CONTINUE && pkt->to)
		verdict = vnet_judge_ingress(pkt);
	return verdict;
}
