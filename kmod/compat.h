/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Force-included before every file of the module, and the only one that knows
 * kernel versions. The rest is written against the newest kernel; here older
 * ones get what they lack. Differences of behaviour are told by feature names,
 * VNET_HAVE_X.
 */
#ifndef VNET_COMPAT_H
#define VNET_COMPAT_H

#include <linux/version.h>
#include <linux/hrtimer.h>
#include <linux/netlink.h>
#include <linux/timer.h>
#include <net/genetlink.h>

/* pre_doit() and post_doit() take split ops since 6.2. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
typedef struct genl_split_ops vnet_genl_doit_ops;
#else
typedef struct genl_ops vnet_genl_doit_ops;
#endif

/* genl_info_dump() replaced genl_dumpit_info() in 6.6. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 6, 0)
#define vnet_nl_dump_attrs(cb) (genl_info_dump(cb)->attrs)
#else
#define vnet_nl_dump_attrs(cb) (genl_dumpit_info(cb)->attrs)
#endif

/* The ranges that policies point at are constant since 6.7. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 7, 0)
#define VNET_NL_RANGE const struct netlink_range_validation
#else
#define VNET_NL_RANGE struct netlink_range_validation
#endif

/* Since 6.2, nf_confirm() is a hook that finds out by itself what the frame is. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 2, 0)
#define VNET_HAVE_CONFIRM_HOOK
#endif

/* Reading what is not aligned is a matter of all machines alike since 6.12. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 12, 0)
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

/* GSO moved to a header of its own in 6.5. */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 5, 0)
#include <net/gso.h>
#endif

/*
 * Sentences with numbers: since 6.2 each acknowledgment has room for one. Before that
 * they are built in some room of the module, used in turn. One that is not sent by the
 * time that so many others were built would say what another should have said.
 */
#ifndef NL_SET_ERR_MSG_FMT_MOD
#define VNET_SENTENCES	64
#define NL_SET_ERR_MSG_FMT_MOD(extack, fmt, args...)				\
do {										\
	static char __sentences[VNET_SENTENCES][80];				\
	static atomic_t __last;							\
	char *__sentence = __sentences[(unsigned int)atomic_inc_return(&__last) % \
				       VNET_SENTENCES];				\
	struct netlink_ext_ack *__extack = (extack);				\
										\
	if (__extack) {								\
		snprintf(__sentence, sizeof(__sentences[0]),			\
			 KBUILD_MODNAME ": " fmt, ##args);			\
		__extack->_msg = __sentence;					\
	}									\
} while (0)
#endif

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#endif /* VNET_COMPAT_H */
