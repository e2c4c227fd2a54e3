// SPDX-License-Identifier: GPL-2.0-only
/*
 * test: what the rules in force would do with a frame, and the rules that it passes
 * on its way to the one that decides.
 */
#include "internal.h"

#include <errno.h>
#include <string.h>

/* How often it is asked again when the configuration has changed meanwhile. */
#define TEST_TRIES	10

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
	if (!cut_at(passed, verdict)) {
		vnet_list_clear(passed);
		return -EINTR;
	}
	leave_out_audit(passed);
	return 0;
}

/* The same verdict before and after the rules were read, or -EINTR. */
static int test_once(struct vnet *ctx, const struct vnet_rule *frame,
		     struct vnet_rule *verdict, struct vnet_list *passed)
{
	struct vnet_rule again = *frame;
	int err;

	*verdict = *frame;
	err = vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_TEST, verdict);
	if (!err)
		err = list_passed(ctx, verdict, passed);
	if (err)
		return err;
	err = vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_TEST, &again);
	if (!err && again.id.generation != verdict->id.generation)
		err = -EINTR;
	if (err)
		vnet_list_clear(passed);
	return err;
}

/**
 * vnet_rule_test() - ask what the rules in force would do with a frame
 * @ctx: the connection
 * @frame: network, direction, the member (interface and tag) if any, and what the
 *	frame has, see VNET_CMD_RULE_TEST. Replaced by the verdict: network,
 *	direction and action; name and priority of the rule that decides, which are
 *	not set when the default policy does
 * @passed: receives the rules that come before that one in the order of evaluation
 *	and do not match, but for those in audit; release with vnet_list_clear(). NULL
 *	if nobody wants them
 *
 * Return: 0; -EAGAIN if the configuration never stood still; other negative errno.
 */
int vnet_rule_test(struct vnet *ctx, struct vnet_rule *frame,
		   struct vnet_list *passed)
{
	struct vnet_rule verdict;
	int tries, err = -EINTR;

	if (!passed)
		return vnet_do(ctx, &vnet_rule_schema, VNET_CMD_RULE_TEST, frame);
	memset(passed, 0, sizeof(*passed));
	for (tries = 0; tries < TEST_TRIES && err == -EINTR; tries++)
		err = test_once(ctx, frame, &verdict, passed);
	if (err == -EINTR)
		return vnet_fail(ctx, -EAGAIN,
				 "the configuration changes faster than it can be read");
	if (!err)
		*frame = verdict;
	return err;
}
