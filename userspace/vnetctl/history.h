/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * history: the file that keeps what was typed at the prompt.
 */
#ifndef VNETCTL_HISTORY_H
#define VNETCTL_HISTORY_H

char *history_file(void);

#endif /* VNETCTL_HISTORY_H */
