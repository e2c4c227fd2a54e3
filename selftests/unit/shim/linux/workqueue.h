/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: work in virtual time */
#ifndef SHIM_LINUX_WORKQUEUE_H
#define SHIM_LINUX_WORKQUEUE_H

#include <linux/container_of.h>
#include <linux/jiffies.h>
#include <linux/list.h>
#include <linux/types.h>

struct work_struct;
typedef void (*work_func_t)(struct work_struct *work);

/* Work runs, in process context, when shim_advance_ns() reaches its time. */
struct work_struct {
	work_func_t func;
	bool pending;
	unsigned long expires;
	struct workqueue_struct *queue;
	struct list_head node;
};

struct delayed_work {
	struct work_struct work;
};

struct workqueue_struct;
extern struct workqueue_struct *system_wq;

#define WQ_UNBOUND	0x1
#define WQ_MEM_RECLAIM	0x2
#define WQ_FREEZABLE	0x4

#define to_delayed_work(pointer) container_of(pointer, struct delayed_work, work)

#define INIT_WORK(work, func)		shim_work_init(work, func)
#define INIT_DELAYED_WORK(dwork, func)	shim_work_init(&(dwork)->work, func)

void shim_work_init(struct work_struct *work, work_func_t func);
struct workqueue_struct *alloc_workqueue(const char *name, unsigned int flags,
					 int max_active, ...);
/* Nothing may be pending on it. */
void destroy_workqueue(struct workqueue_struct *queue);

bool queue_work(struct workqueue_struct *queue, struct work_struct *work);
bool queue_delayed_work(struct workqueue_struct *queue, struct delayed_work *dwork,
			unsigned long delay);
bool mod_delayed_work(struct workqueue_struct *queue, struct delayed_work *dwork,
		      unsigned long delay);
bool cancel_work_sync(struct work_struct *work);
bool cancel_delayed_work(struct delayed_work *dwork);
bool cancel_delayed_work_sync(struct delayed_work *dwork);

#define schedule_work(work)		queue_work(system_wq, work)
#define schedule_delayed_work(dwork, delay) \
	queue_delayed_work(system_wq, dwork, delay)
#define work_pending(work)		((work)->pending)
#define delayed_work_pending(dwork)	((dwork)->work.pending)

#endif /* SHIM_LINUX_WORKQUEUE_H */
