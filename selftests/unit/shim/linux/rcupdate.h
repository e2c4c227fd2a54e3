/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: read-copy-update; a grace period ends when the test says so */
#ifndef SHIM_LINUX_RCUPDATE_H
#define SHIM_LINUX_RCUPDATE_H

#include <linux/bottom_half.h>
#include <linux/compiler.h>
#include <linux/kernel.h>
#include <linux/types.h>

typedef void (*rcu_callback_t)(struct rcu_head *head);

/* Readers nest; callbacks wait for shim_rcu_run(), or for a barrier. */
void rcu_read_lock(void);
void rcu_read_unlock(void);
bool rcu_read_lock_held(void);
void call_rcu(struct rcu_head *head, rcu_callback_t func);
void synchronize_rcu(void);
void rcu_barrier(void);
void shim_kvfree_rcu(struct rcu_head *head, size_t offset);
void shim_rcu_assert(const char *file, int line, bool otherwise);

#define synchronize_net()	synchronize_rcu()
#define synchronize_rcu_expedited() synchronize_rcu()

#define rcu_access_pointer(p)	READ_ONCE(p)
#define rcu_dereference_check(p, otherwise)				\
({									\
	shim_rcu_assert(__FILE__, __LINE__, otherwise);			\
	READ_ONCE(p);							\
})
#define rcu_dereference(p)	rcu_dereference_check(p, false)
#define rcu_dereference_bh(p)	rcu_dereference_check(p, false)
#define rcu_dereference_protected(p, condition)				\
({									\
	SHIM_ASSERT(condition, "rcu_dereference_protected: " #condition); \
	(p);								\
})
#define rcu_dereference_raw(p)	READ_ONCE(p)
#define rcu_assign_pointer(p, value) WRITE_ONCE(p, value)
#define RCU_INIT_POINTER(p, value) WRITE_ONCE(p, value)
#define rcu_replace_pointer(p, value, condition)			\
({									\
	typeof(p) __old = rcu_dereference_protected(p, condition);	\
									\
	rcu_assign_pointer(p, value);					\
	__old;								\
})

#define kvfree_rcu(pointer, member)					\
do {									\
	typeof(pointer) __gone = (pointer);				\
									\
	if (__gone)							\
		shim_kvfree_rcu(&__gone->member,			\
				offsetof(typeof(*__gone), member));	\
} while (0)
#define kfree_rcu(pointer, member) kvfree_rcu(pointer, member)
#define kfree_rcu_mightsleep(pointer)					\
do {									\
	synchronize_rcu();						\
	kfree(pointer);							\
} while (0)

#endif /* SHIM_LINUX_RCUPDATE_H */
