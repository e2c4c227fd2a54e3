/* SPDX-License-Identifier: GPL-2.0-only */
/* Recalling: what was decided about other frames like this one. Layer 3. */
#ifndef VNET_RECALL_H
#define VNET_RECALL_H

#include <linux/percpu.h>
#include "cache.h"
#include "pkt.h"

/**
 * struct vnet_recall - what a CPU knows of the frame that it has at hand, before
 *	anything is decided
 * @cache: its flow cache
 * @from: the sender, NULL: there is more to be found out about the frame
 * @known: what was decided about others like it, until the next decision is kept; NULL:
 *	nothing
 * @query: by what a decision is kept; without words: it is not to be kept
 */
struct vnet_recall {
	struct vnet_cache *cache;
	struct vnet_member *from;
	struct vnet_decision *known;
	struct vnet_cache_query query;
};

DECLARE_PER_CPU(struct vnet_recall, vnet_recall_cpu);

/**
 * vnet_recall_rules - by which rules a known frame was judged
 * @recall: with recall->known
 *
 * Return: their generation, as vnet_judge_begin() takes it.
 */
static inline u32 vnet_recall_rules(const struct vnet_recall *recall)
{
	return recall->query.generation >> 32;
}

void vnet_recall_keep(const struct vnet_pkt *pkt, const struct vnet_decision *decision);

int vnet_recall_init(void);
void vnet_recall_exit(void);

#endif /* VNET_RECALL_H */
