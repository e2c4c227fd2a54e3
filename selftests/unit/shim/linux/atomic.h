/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: atomics of a single thread */
#ifndef SHIM_LINUX_ATOMIC_H
#define SHIM_LINUX_ATOMIC_H

#include <linux/compiler.h>
#include <linux/types.h>

#define ATOMIC_INIT(value)	{ (value) }
#define atomic_read(v)		READ_ONCE((v)->counter)
#define atomic_set(v, i)	WRITE_ONCE((v)->counter, i)
#define atomic_add(i, v)	((void)((v)->counter += (i)))
#define atomic_sub(i, v)	((void)((v)->counter -= (i)))
#define atomic_inc(v)		((void)(v)->counter++)
#define atomic_dec(v)		((void)(v)->counter--)
#define atomic_inc_return(v)	(++(v)->counter)
#define atomic_dec_return(v)	(--(v)->counter)
#define atomic_add_return(i, v)	((v)->counter += (i))
#define atomic_dec_and_test(v)	(!--(v)->counter)

#define atomic64_read(v)	READ_ONCE((v)->counter)
#define atomic64_set(v, i)	WRITE_ONCE((v)->counter, i)
#define atomic64_add(i, v)	((void)((v)->counter += (i)))
#define atomic64_inc(v)		((void)(v)->counter++)
#define atomic64_dec(v)		((void)(v)->counter--)
#define atomic64_try_cmpxchg(v, old, new)				\
	((v)->counter == *(old) ? ((v)->counter = (new), true) :	\
				  (*(old) = (v)->counter, false))

#define cmpxchg(p, old, new)						\
({									\
	typeof(*(p)) __was = *(p);					\
									\
	if (__was == (old))						\
		*(p) = (new);						\
	__was;								\
})
#define xchg(p, new)							\
({									\
	typeof(*(p)) __was = *(p);					\
									\
	*(p) = (new);							\
	__was;								\
})

#endif /* SHIM_LINUX_ATOMIC_H */
