// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owns the counting of instructions by address, outside of the guest: a plugin of QEMU.
 *
 *   qemu-system-x86_64 -plugin file=profile.so,out=FILE
 *
 * Two instructions that do nothing, and that no compiler makes, are marks in the guest's
 * code: `xchg %bx,%bx` begins and ends a stretch that counts; `xchg %cx,%cx` ends a run,
 * which becomes a line "run NUMBER" in FILE, with a line "ADDRESS COUNT" behind it for each
 * instruction of its stretches.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "qemu_plugin.h"

int qemu_plugin_version = 1;

#define ADDRESSES_SHIFT	20	/* more than a kernel runs instructions */
#define ADDRESSES	(1U << ADDRESSES_SHIFT)

/* Of one address; one whose count is not wanted yet has what it had when the stretch began. */
struct counter {
	unsigned long long address, now, before, run;
};

static struct counter *counters;
static unsigned int counter_count;
static FILE *out;
static unsigned int runs;
static bool counting;

static struct counter *counter_of(unsigned long long address)
{
	unsigned int i = address * 0x9e3779b97f4a7c15ULL >> (64 - ADDRESSES_SHIFT);

	for (;; i = (i + 1) & (ADDRESSES - 1)) {
		if (counters[i].address == address)
			return &counters[i];
		if (counters[i].address)
			continue;
		if (++counter_count > ADDRESSES / 4 * 3) {
			fputs("profile: more instructions than there is room for\n", stderr);
			exit(1);
		}
		counters[i].address = address;
		return &counters[i];
	}
}

static void end_stretch(void)
{
	unsigned int i;

	for (i = 0; i < ADDRESSES; i++)
		counters[i].run += counters[i].now - counters[i].before;
}

static void begin_stretch(void)
{
	unsigned int i;

	for (i = 0; i < ADDRESSES; i++)
		counters[i].before = counters[i].now;
}

static void at_stretch(unsigned int cpu, void *data)
{
	(void)cpu;
	(void)data;
	if (counting)
		end_stretch();
	else
		begin_stretch();
	counting = !counting;
}

static void at_run(unsigned int cpu, void *data)
{
	unsigned int i;

	(void)cpu;
	(void)data;
	fprintf(out, "run %u\n", runs++);
	for (i = 0; i < ADDRESSES; i++) {
		if (counters[i].run)
			fprintf(out, "%llx %llu\n", counters[i].address, counters[i].run);
		counters[i].run = 0;
	}
	fflush(out);
}

static void at_translation(unsigned long long id, struct qemu_plugin_tb *tb)
{
	static const unsigned char stretch[] = { 0x66, 0x87, 0xdb }, run[] = { 0x66, 0x87, 0xc9 };
	size_t i, count = qemu_plugin_tb_n_insns(tb);

	(void)id;
	for (i = 0; i < count; i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		unsigned long long address = qemu_plugin_insn_vaddr(insn);

		/* The kernel's. */
		if (!(address >> 63))
			continue;
		if (qemu_plugin_insn_size(insn) == sizeof(run)) {
			const void *bytes = qemu_plugin_insn_data(insn);

			if (!memcmp(bytes, stretch, sizeof(stretch)))
				qemu_plugin_register_vcpu_insn_exec_cb(insn, at_stretch, 0, NULL);
			if (!memcmp(bytes, run, sizeof(run)))
				qemu_plugin_register_vcpu_insn_exec_cb(insn, at_run, 0, NULL);
		}
		qemu_plugin_register_vcpu_insn_exec_inline(insn, 0, &counter_of(address)->now, 1);
	}
}

__attribute__((visibility("default")))
int qemu_plugin_install(unsigned long long id, const struct qemu_info *info, int argc, char **argv)
{
	(void)info;
	if (argc != 1 || strncmp(argv[0], "out=", 4))
		return -1;
	out = fopen(argv[0] + 4, "w");
	counters = calloc(ADDRESSES, sizeof(*counters));
	if (!out || !counters)
		return -1;
	qemu_plugin_register_vcpu_tb_trans_cb(id, at_translation);
	return 0;
}
