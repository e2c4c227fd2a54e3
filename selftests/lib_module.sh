# SPDX-License-Identifier: GPL-2.0-only
# lib_module.sh: finding, loading and unloading the module, for the selftests that do. Sourced after lib.sh.
# shellcheck shell=bash

# find_module: puts the file of the module under test into $MODULE: VNET_KO, that
# of the guest (scripts/vm-init), or the installed one; else skips
find_module()
{
	MODULE=${VNET_KO:-/run/vnet/ctl/vnet.ko}
	[ -f "$MODULE" ] || MODULE=$(modinfo -n vnet 2>/dev/null)
	[ -f "$MODULE" ] || skip "the module's file is not known: set VNET_KO"
	module_is_loaded || skip "the module is not loaded, or built in"
}

module_is_loaded()
{
	grep -q '^vnet ' /proc/modules
}

# load_module: unless it is there
load_module()
{
	module_is_loaded || { modprobe nf_conntrack && insmod "$MODULE"; }
}
