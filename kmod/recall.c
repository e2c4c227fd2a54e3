// SPDX-License-Identifier: GPL-2.0-only
/*
 * Recalling: the flow cache of each CPU. It must not know how decisions are made or what
 * becomes of frames.
 */
#include "recall_find.h"

#include <linux/jiffies.h>
#include <linux/percpu.h>

DEFINE_PER_CPU(struct vnet_recall, vnet_recall_cpu);

bool vnet_recall_renew(struct vnet_recall *recall, u32 now)
{
	struct vnet_decision *known = recall->known;

	if (vnet_fdb_find_again(&recall->from->network->fdb, &known->addresses)) {
		known->used = now;
		return true;
	}
	recall->known = NULL;
	return false;
}

/**
 * vnet_recall_keep - remember what was decided
 * @pkt: the frame, with pkt->query, which vnet_recall() has made
 * @decision: the decision
 *
 * Context: the RCU read side of vnet_recall().
 */
void vnet_recall_keep(const struct vnet_pkt *pkt, const struct vnet_decision *decision)
{
	vnet_cache_keep(this_cpu_read(vnet_recall_cpu.cache), pkt->query, decision, jiffies);
}

/**
 * vnet_recall_exit - undo vnet_recall_init()
 *
 * Context: process context; no frame comes any more.
 */
void vnet_recall_exit(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		vnet_cache_destroy(per_cpu(vnet_recall_cpu, cpu).cache);
		per_cpu(vnet_recall_cpu, cpu).cache = NULL;
	}
}

/**
 * vnet_recall_init - make empty caches
 *
 * Context: module init.
 * Return: 0 or -ENOMEM.
 */
int __init vnet_recall_init(void)
{
	int cpu;

	for_each_possible_cpu(cpu) {
		per_cpu(vnet_recall_cpu, cpu).cache = vnet_cache_create(cpu_to_node(cpu));
		if (!per_cpu(vnet_recall_cpu, cpu).cache) {
			vnet_recall_exit();
			return -ENOMEM;
		}
	}
	return 0;
}
