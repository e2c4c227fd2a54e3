/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * diag: errors for people, on the standard error.
 */
#ifndef VNETCTL_DIAG_H
#define VNETCTL_DIAG_H

#include "ctl.h"

void diag_error(const struct ctl *ctl, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void diag_hint(const struct ctl *ctl, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void diag_caret(const struct ctl *ctl, int word, const char *remark);

#endif /* VNETCTL_DIAG_H */
