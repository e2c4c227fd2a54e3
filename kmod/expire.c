// SPDX-License-Identifier: GPL-2.0-only
/*
 * The end of rules that expire: one work for each namespace, which removes those
 * whose time is over. It must not know how frames travel or how rules are configured.
 *
 * The work takes the config mutex and nothing else. So nobody may wait for it who has
 * that mutex, and the end of a namespace waits for it last, when no network is left.
 */
#include <linux/jiffies.h>
#include <linux/minmax.h>
#include <linux/timekeeping.h>
#include <linux/workqueue.h>
#include "event.h"
#include "expire.h"
#include "network.h"
#include "zone.h"

/* So many rules are removed before others get the mutex. */
#define BATCH		64
/* A rule that cannot be removed now is tried again. */
#define RETRY_NS	NSEC_PER_SEC
/* Timers stand still while the machine sleeps, lifetimes do not: look at times. */
#define SLEEP_MAX_NS	(60 * NSEC_PER_SEC)

static struct workqueue_struct *queue;

static void arm(struct vnet_netns *vn, u64 at)
{
	u64 now = ktime_get_boottime_ns();
	u64 delay = at > now ? min_t(u64, at - now, SLEEP_MAX_NS) : 0;

	if (vn->expiry_at && vn->expiry_at <= at)
		return;
	vn->expiry_at = at;
	mod_delayed_work(queue, &vn->expiry, delay ? nsecs_to_jiffies(delay) + 1 : 0);
}

/**
 * vnet_expire_arm - see to it that the next rule of a network expires in time
 * @network: the network
 *
 * Context: config mutex held.
 */
void vnet_expire_arm(struct vnet_network *network)
{
	const struct vnet_rule *rule = vnet_rule_next_expiring(&network->rules);

	vnet_assert_config(network->vn);
	if (rule)
		arm(network->vn, rule->expires_at);
}

static void expire(struct vnet_network *network, struct vnet_rule *rule)
{
	/* Listeners are told what is gone only when it is. */
	struct vnet_rule gone = {};

	strscpy(gone.spec.name, rule->spec.name, sizeof(gone.spec.name));
	if (vnet_rule_del(&network->rules, gone.spec.name)) {
		vnet_rule_postpone(&network->rules, rule, RETRY_NS);
		return;
	}
	vnet_zone_close_unused(network);
	vnet_netns_changed(network->vn);
	READ_ONCE(vnet_listener)->rule(network, &gone, VNET_EVENT_REMOVED);
}

/* Removes what is due, up to @most rules; returns how many it dealt with. */
static unsigned int expire_some(struct vnet_network *network, unsigned int most)
{
	struct vnet_rule *rule;
	unsigned int n;

	for (n = 0; n < most; n++) {
		rule = vnet_rule_next_expiring(&network->rules);
		if (!rule || vnet_rule_expires_in(rule))
			break;
		expire(network, rule);
	}
	return n;
}

static void run(struct work_struct *work)
{
	struct vnet_netns *vn = container_of(to_delayed_work(work), struct vnet_netns,
					     expiry);
	struct vnet_network *network;
	unsigned int done = 0;
	unsigned long id;

	mutex_lock(&vn->lock);
	vn->expiry_at = 0;
	xa_for_each(&vn->networks, id, network) {
		done += expire_some(network, BATCH - done);
		vnet_expire_arm(network);
	}
	mutex_unlock(&vn->lock);
}

/**
 * vnet_expire_start - let rules of a new namespace expire
 * @vn: registry of the namespace
 *
 * Context: birth of the namespace.
 */
void vnet_expire_start(struct vnet_netns *vn)
{
	vn->expiry_at = 0;
	INIT_DELAYED_WORK(&vn->expiry, run);
}

/**
 * vnet_expire_stop - let no rule expire any more
 * @vn: registry of a namespace that has no network, and gets none
 *
 * Context: end of the namespace, neither RTNL nor the config mutex held; sleeps.
 */
void vnet_expire_stop(struct vnet_netns *vn)
{
	cancel_delayed_work_sync(&vn->expiry);
}

/**
 * vnet_expire_flush - wait until nobody here tells an old listener of events
 *
 * Context: after vnet_event_listen(); config mutex not held; sleeps.
 */
void vnet_expire_flush(void)
{
	flush_workqueue(queue);
}

/**
 * vnet_expire_init - make what all namespaces share
 *
 * Context: module init, before the first namespace.
 * Return: 0 or -ENOMEM.
 */
int __init vnet_expire_init(void)
{
	queue = alloc_workqueue("vnet_expire", WQ_UNBOUND, 0);
	return queue ? 0 : -ENOMEM;
}

/**
 * vnet_expire_exit - take vnet_expire_init() back
 *
 * Context: module init on failure, and exit, behind the last namespace.
 */
void vnet_expire_exit(void)
{
	destroy_workqueue(queue);
}
