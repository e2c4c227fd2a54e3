/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: counters of 64 bits */
#ifndef SHIM_LINUX_U64_STATS_SYNC_H
#define SHIM_LINUX_U64_STATS_SYNC_H

#include <linux/bug.h>
#include <linux/types.h>

/* Complains of writers within writers, and of readers that do not retry. */
struct u64_stats_sync {
	unsigned int sequence;
};

typedef struct {
	u64 v;
} u64_stats_t;

static inline void u64_stats_init(struct u64_stats_sync *syncp)
{
	syncp->sequence = 0;
}

static inline void u64_stats_update_begin(struct u64_stats_sync *syncp)
{
	SHIM_ASSERT(!(syncp->sequence++ & 1), "statistics: nested update");
}

static inline void u64_stats_update_end(struct u64_stats_sync *syncp)
{
	SHIM_ASSERT(syncp->sequence++ & 1, "statistics: no update to end");
}

static inline unsigned int u64_stats_fetch_begin(const struct u64_stats_sync *syncp)
{
	SHIM_ASSERT(!(syncp->sequence & 1), "statistics: read during an update");
	return syncp->sequence;
}

bool u64_stats_fetch_retry(const struct u64_stats_sync *syncp, unsigned int start);

static inline u64 u64_stats_read(const u64_stats_t *p)
{
	return p->v;
}

static inline void u64_stats_set(u64_stats_t *p, u64 value)
{
	p->v = value;
}

static inline void u64_stats_add(u64_stats_t *p, unsigned long value)
{
	p->v += value;
}

static inline void u64_stats_inc(u64_stats_t *p)
{
	p->v++;
}

#endif /* SHIM_LINUX_U64_STATS_SYNC_H */
