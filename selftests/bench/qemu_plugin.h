/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * As much of QEMU's plugin interface (version 1) as is used here: Debian has no header
 * for it. What it means: QEMU's docs/devel/tcg-plugins.
 */
#ifndef QEMU_PLUGIN_H
#define QEMU_PLUGIN_H

#include <stddef.h>

struct qemu_info;
struct qemu_plugin_tb;
struct qemu_plugin_insn;

void qemu_plugin_register_vcpu_tb_trans_cb(unsigned long long id,
					   void (*callback)(unsigned long long id,
							    struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*callback)(unsigned int cpu, void *data),
					    int flags, void *data);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn, int operation,
						void *counter, unsigned long long step);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb,
						 size_t number);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
unsigned long long qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);

/* What QEMU calls; and the version that this is. */
int qemu_plugin_install(unsigned long long id, const struct qemu_info *info, int argc, char **argv);
extern int qemu_plugin_version;

#endif /* QEMU_PLUGIN_H */
