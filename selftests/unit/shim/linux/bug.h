/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: what must not happen ends the program */
#ifndef SHIM_LINUX_BUG_H
#define SHIM_LINUX_BUG_H

#include <linux/build_bug.h>
#include <linux/compiler.h>

/* Ends the test program: in a test, what cannot happen must not. */
void shim_die(const char *file, int line, const char *what) __attribute__((noreturn));

#define SHIM_ASSERT(condition, what)					\
	do {								\
		if (!(condition))					\
			shim_die(__FILE__, __LINE__, what);		\
	} while (0)

#define BUG_ON(x)	SHIM_ASSERT(!(x), "BUG_ON(" #x ")")
#define BUG()		shim_die(__FILE__, __LINE__, "BUG()")
#define WARN_ON(x)	({						\
	bool __warn = !!(x);						\
									\
	SHIM_ASSERT(!__warn, "WARN_ON(" #x ")");			\
	__warn;								\
})
#define WARN_ON_ONCE(x)	WARN_ON(x)
#define WARN_ONCE(x, ...) WARN_ON(x)

#endif /* SHIM_LINUX_BUG_H */
