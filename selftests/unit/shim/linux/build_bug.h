/* SPDX-License-Identifier: GPL-2.0-only */
/* Unit test shim: checks of the compiler */
#ifndef SHIM_LINUX_BUILD_BUG_H
#define SHIM_LINUX_BUILD_BUG_H

#define BUILD_BUG_ON_MSG(condition, text) _Static_assert(!(condition), text)
#define BUILD_BUG_ON(condition) BUILD_BUG_ON_MSG(condition, #condition)
#define static_assert(condition, ...) _Static_assert(condition, #condition)

#endif /* SHIM_LINUX_BUILD_BUG_H */
