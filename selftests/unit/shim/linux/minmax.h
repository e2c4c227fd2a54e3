/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: the smaller and the larger */
#ifndef SHIM_LINUX_MINMAX_H
#define SHIM_LINUX_MINMAX_H

/* As in the kernel, what is compared has to be of one type. */
#define shim_pick(a, b, op)						\
({									\
	__auto_type __a = (a);						\
	__auto_type __b = (b);						\
	(void)(&__a == &__b);						\
	__a op __b ? __a : __b;						\
})

#define min(a, b)		shim_pick(a, b, <)
#define max(a, b)		shim_pick(a, b, >)
#define min_t(type, a, b)	min((type)(a), (type)(b))
#define max_t(type, a, b)	max((type)(a), (type)(b))
#define min3(a, b, c)		min(min(a, b), c)
#define max3(a, b, c)		max(max(a, b), c)
#define clamp(value, low, high)	min(max(value, low), high)
#define clamp_t(type, value, low, high) \
	clamp((type)(value), (type)(low), (type)(high))

#define swap(a, b)							\
do {									\
	typeof(a) __swap = (a);						\
									\
	(a) = (b);							\
	(b) = __swap;							\
} while (0)

#endif /* SHIM_LINUX_MINMAX_H */
