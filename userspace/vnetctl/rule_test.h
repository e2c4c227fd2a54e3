/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * rule_test: the command that asks what the rules would do with a frame.
 */
#ifndef VNETCTL_RULE_TEST_H
#define VNETCTL_RULE_TEST_H

#include "args.h"

extern const struct key rule_test_keys[];

int rule_test(struct ctl *ctl, struct args *a);
const char *rule_of_policy(unsigned int direction);

#endif /* VNETCTL_RULE_TEST_H */
