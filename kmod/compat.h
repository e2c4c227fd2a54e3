/* SPDX-License-Identifier: GPL-2.0 */
/* Included before every file of the module: the only one that knows kernel versions. */
#ifndef VNET_COMPAT_H
#define VNET_COMPAT_H

#include <linux/version.h>

#endif /* VNET_COMPAT_H */
