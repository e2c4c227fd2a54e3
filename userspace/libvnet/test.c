// SPDX-License-Identifier: GPL-2.0-only
/*
 * test: what the rules in force would do with a frame, and the rules that it passes
 * on its way to the one that decides.
 */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <linux/genetlink.h>
#include <netlink/genl/genl.h>

/* How often all rules are read again when the configuration has changed meanwhile. */
#define TEST_TRIES	3

/* Cuts off the rule that decided and all behind it; false if it is not there. */
static bool cut_at(struct vnet_list *list, const struct vnet_rule *verdict)
{
	const struct vnet_rule *rules = list->items;
	size_t i;

	if (!(verdict->id.has & VNET_HAS(VNET_A_RULE_NAME)))
		return true;
	for (i = 0; i < list->count; i++) {
		if (strcmp(rules[i].name, verdict->name))
			continue;
		list->count = i;
		return true;
	}
	return false;
}

/* A rule in audit decides nothing, so a frame that meets it was not let pass by it. */
static void leave_out_audit(struct vnet_list *list)
{
	struct vnet_rule *rules = list->items;
	size_t i, kept = 0;

	for (i = 0; i < list->count; i++)
		if (!rules[i].audit)
			rules[kept++] = rules[i];
	list->count = kept;
}

struct answer {
	struct vnet_rule verdict;
	struct vnet_list passed;
	bool taken;
};

static int add_passed(struct vnet_list *list, struct nlattr *attr)
{
	struct vnet_rule *rule = (struct vnet_rule *)list->items + list->count;

	if (list->count == VNET_PASSED_MAX)
		return -EBADMSG;
	memset(rule, 0, sizeof(*rule));
	rule->id.has = VNET_HAS(VNET_A_RULE_NAME);
	nla_strlcpy(rule->name, attr, sizeof(rule->name));
	list->count++;
	return 0;
}

static int reply_answer(struct nlmsghdr *nlh, void *arg)
{
	struct answer *answer = arg;
	struct nlattr *attr;
	int rest, err;

	if (answer->taken)
		return 0;
	answer->taken = true;
	err = vnet_msg_get(nlh, &vnet_rule_schema, &answer->verdict);
	if (err)
		return err;
	nlmsg_for_each_attr(attr, nlh, GENL_HDRLEN, rest) {
		if (nla_type(attr) == VNET_A_RULE_PASSED)
			err = add_passed(&answer->passed, attr);
		if (err)
			return err;
	}
	return 0;
}

/* The verdict, and the names of the last rules that were passed, as of one moment. */
static int ask(struct vnet *ctx, const struct vnet_rule *frame, struct answer *answer)
{
	struct nl_msg *msg;
	int err;

	memset(answer, 0, sizeof(*answer));
	answer->passed.schema = &vnet_rule_schema;
	answer->passed.items = calloc(VNET_PASSED_MAX, sizeof(struct vnet_rule));
	if (!answer->passed.items)
		return vnet_fail(ctx, -ENOMEM, NULL);
	msg = vnet_msg_new(ctx, VNET_CMD_RULE_TEST, 0,
			   vnet_msg_room(&vnet_rule_schema, frame));
	err = msg ? vnet_msg_put(msg, &vnet_rule_schema, frame) : -ENOMEM;
	if (err) {
		nlmsg_free(msg);
		vnet_list_clear(&answer->passed);
		return vnet_fail_system(ctx, err, "cannot build the request");
	}
	err = vnet_transact(ctx, msg, &vnet_rule_schema, reply_answer, answer);
	if (err)
		vnet_list_clear(&answer->passed);
	return err;
}

/* All rules that were passed, if they are as many as the answer tells; else -EINTR. */
static int list_passed(struct vnet *ctx, const struct vnet_rule *verdict,
		       struct vnet_list *passed)
{
	struct vnet_rule filter = {
		.id.has = VNET_HAS(VNET_A_NETWORK) | VNET_HAS(VNET_A_RULE_DIRECTION),
		.direction = verdict->direction,
	};
	int err;

	memcpy(filter.id.network, verdict->id.network, sizeof(filter.id.network));
	err = vnet_rule_list(ctx, &filter, passed);
	if (err)
		return err;
	if (cut_at(passed, verdict)) {
		leave_out_audit(passed);
		return 0;
	}
	vnet_list_clear(passed);
	return -EINTR;
}

/*
 * Puts the list of all into the answer, if the configuration stands still meanwhile:
 * the same generation before and after they were read, or -EINTR; -EAGAIN if they
 * could not be read at all, though that was tried often.
 */
static int complete(struct vnet *ctx, const struct vnet_rule *frame,
		    struct answer *answer)
{
	struct vnet_list all;
	struct answer again;
	int err;

	err = list_passed(ctx, &answer->verdict, &all);
	if (err)
		return err;
	err = ask(ctx, frame, &again);
	if (err) {
		vnet_list_clear(&all);
		return err;
	}
	if (again.verdict.id.generation != answer->verdict.id.generation) {
		/* The newer answer is as good, and perhaps the next list is of its time. */
		vnet_list_clear(&all);
		vnet_list_clear(&answer->passed);
		*answer = again;
		return -EINTR;
	}
	vnet_list_clear(&again.passed);
	vnet_list_clear(&answer->passed);
	answer->passed = all;
	return 0;
}

/**
 * vnet_rule_test() - ask what the rules in force would do with a frame
 * @ctx: the connection
 * @frame: network, direction, the member (interface and tag) if any, and what the
 *	frame has, see VNET_CMD_RULE_TEST. Replaced by the verdict: network,
 *	direction and action; name and priority of the rule that decides, which are
 *	not set when the default policy does; in count, how many rules were passed
 * @passed: receives the rules that come before that one in the order of evaluation
 *	and do not match, but for those in audit: at least their names; release with
 *	vnet_list_clear(). NULL if nobody wants them. When there are more than
 *	%VNET_PASSED_MAX, and the configuration does not stand still, only the last of
 *	them
 *
 * Verdict and list are of one moment.
 *
 * Return: 0 or a negative errno.
 */
int vnet_rule_test(struct vnet *ctx, struct vnet_rule *frame,
		   struct vnet_list *passed)
{
	struct answer answer;
	int tries = 0, err;

	if (!passed)
		return vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_TEST, frame);
	memset(passed, 0, sizeof(*passed));
	err = ask(ctx, frame, &answer);
	if (err)
		return err;
	while (answer.passed.count < answer.verdict.count && tries++ < TEST_TRIES) {
		err = complete(ctx, frame, &answer);
		if (err != -EINTR)
			break;
	}
	if (err && err != -EINTR && err != -EAGAIN) {
		vnet_list_clear(&answer.passed);
		return err;
	}
	*passed = answer.passed;
	*frame = answer.verdict;
	return 0;
}
