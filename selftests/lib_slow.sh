# SPDX-License-Identifier: GPL-2.0-only
# lib_slow.sh: tells whether this machine is so slow that tests must be patient. Sets and exports VNET_SLOW, and
# VNET_EMULATED where every instruction is slow, not only those of the kernel.
# shellcheck shell=bash

# is_emulated: true on QEMU without KVM
is_emulated()
{
	grep -q 'TCG' /proc/cpuinfo 2>/dev/null
}

# is_slow: true also on a kernel that checks every memory access
is_slow()
{
	is_emulated && return 0
	grep -qw 'kasan_report' /proc/kallsyms 2>/dev/null
}

if [ -z "${VNET_SLOW+set}" ]; then
	VNET_SLOW=0
	is_slow && VNET_SLOW=1
fi
if [ -z "${VNET_EMULATED+set}" ]; then
	VNET_EMULATED=0
	is_emulated && VNET_EMULATED=1
fi
export VNET_SLOW VNET_EMULATED
