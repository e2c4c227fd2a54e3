#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cli_nomodule.sh: without the module vnetctl exits with 3 and says what to do; what needs no module works.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_module.sh
. "$TESTDIR/lib_module.sh"

ALL_TESTS="with_module every_command batch prompt in_a_namespace without_needing_it completion_is_silent back_again"

setup()
{
	find_module
	rmmod vnet || die "cannot unload the module"
	if vnetctl network show >/dev/null 2>&1 && module_is_loaded; then
		skip "the kernel loads the module by itself"
	fi
	load_module
	defer load_module
}

# the module is away for the rest of the case
unload()
{
	rmmod vnet || die "cannot unload the module"
	defer load_module
}

with_module()
{
	check "network show" vnetctl network show
	check "info" vnetctl info
}

every_command()
{
	local line

	unload
	while read -r line; do
		# shellcheck disable=SC2086
		check_err "$line" 3 "modprobe vnet" timeout 20 vnetctl $line
	done <<-END
		network show
		-j network show
		-s -j member show
		network add red
		network del red if-exists
		port add lo
		member show
		fdb show
		rule show
		rule load red /dev/null
		class show
		info
		flush
		monitor
	END
	check_eq "JSON on stdout" "$(vnetctl -j network show 2>/dev/null)" ""
}

batch()
{
	unload
	check_err "-b" 3 "modprobe vnet" vnetctl -b - <<<"network show"
	check_err "-force -b" 3 "modprobe vnet" vnetctl -force -b - <<<"network show"
}

# the prompt says so too, and does not hang
prompt()
{
	unload
	check_err "standard input" 3 "modprobe vnet" timeout 20 vnetctl <<<"network show"
}

in_a_namespace()
{
	setup_ns away
	unload
	check_err "-n NETNS" 3 "modprobe vnet" vnetctl -n "$away" network show
}

without_needing_it()
{
	unload
	check "help" vnetctl help
	check "help network add" vnetctl help network add
	check "-h" vnetctl -h
	check "-V" vnetctl -V
	check "explain" vnetctl explain mtu
	check_err "an error of usage comes first" 1 . vnetctl network shwo
}

completion_is_silent()
{
	unload
	check_match "keywords" "$(vnetctl __complete network "" 2>&1)" "show"
	check_not "complaints" eval 'vnetctl __complete network show "" 2>&1 | grep -i modprobe'
}

back_again()
{
	unload
	check_err "unloaded" 3 . vnetctl info
	load_module
	check "loaded" vnetctl info
}

run_tests
