# SPDX-License-Identifier: GPL-2.0-only
# lib_slow.sh: tells whether this machine is so slow that tests must be patient. Sets and exports VNET_SLOW.
# shellcheck shell=bash

# is_slow: true on QEMU without KVM, and on a kernel that checks every memory access
is_slow()
{
	grep -q 'TCG' /proc/cpuinfo 2>/dev/null && return 0
	grep -qw 'kasan_report' /proc/kallsyms 2>/dev/null
}

if [ -z "${VNET_SLOW+set}" ]; then
	VNET_SLOW=0
	is_slow && VNET_SLOW=1
fi
export VNET_SLOW
