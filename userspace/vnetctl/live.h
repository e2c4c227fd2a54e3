/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * live: the names that only the kernel knows, for completion.
 */
#ifndef VNETCTL_LIVE_H
#define VNETCTL_LIVE_H

#include "args.h"
#include "expect.h"

void live_names(const struct args *a, const struct key *key, candidate_fn fn,
		void *arg);

#endif /* VNETCTL_LIVE_H */
