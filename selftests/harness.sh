#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# harness.sh: the tests delete nothing that was there before them, and leave the host as it was.

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="used_switch_is_left_alone used_switch_ends_the_run force_deletes ipv6_is_as_before"

# one_case: a small test, started as a runner of kselftests starts it
one_case()
{
	env -u VNET_TEST_FORCE TESTS=comments "$TESTDIR/cli_batch.sh"
}

used_switch_is_left_alone()
{
	local out

	vq network add precious
	defer vnetctl network del precious if-exists
	out=$(one_case 2>&1)
	check_eq "exit status" $? $KSFT_SKIP
	check_match "the sentence" "$out" "^1\.\.0 # SKIP .*VNET_TEST_FORCE=1"
	check "the network" vnetctl network show precious
}

used_switch_ends_the_run()
{
	local out

	vq network add precious
	defer vnetctl network del precious if-exists
	out=$(env -u VNET_TEST_FORCE "$TESTDIR/run" cli_batch 2>&1)
	check_eq "exit status" $? 1
	check_match "the sentence" "$out" "^Bail out! .*VNET_TEST_FORCE=1"
	check "the network" vnetctl network show precious
}

force_deletes()
{
	vq network add precious
	check "forced" env VNET_TEST_FORCE=1 TESTS=comments "$TESTDIR/cli_batch.sh"
	check_not "the network" vnetctl network show precious
}

ipv6_is_as_before()
{
	local value was

	was=$(cat /proc/sys/net/ipv6/conf/default/disable_ipv6 2>/dev/null) || skip "no IPv6 in this kernel"
	defer set_ipv6_default "$was"
	for value in 0 1; do
		set_ipv6_default $value
		check "a test" one_case
		check_eq "disable_ipv6" "$(cat /proc/sys/net/ipv6/conf/default/disable_ipv6)" $value
	done
}

run_tests
