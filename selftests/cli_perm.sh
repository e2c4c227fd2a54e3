#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# cli_perm.sh: without CAP_NET_ADMIN in the initial user namespace vnetctl gets nothing, says so, and changes nothing.

# shellcheck disable=SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="root_may nobody_may_not user_namespace_may_not own_namespace_may_not"

# what needs no more than its answer; nl_perm.c tries every command
COMMANDS='network show
network add mine
network set red up
network del red
port show
port add vtd1
port set vtd0 uplink
port del vtd0
member show
member add vtd0 vlan 7 network red
member set vtd0 isolated on
member del vtd0
fdb show
fdb add red 02:00:00:00:00:01 dev vtd0
fdb del red 02:00:00:00:00:02
fdb flush red all
rule show
rule add red r prio 1 ingress allow
rule set red web prio 1 ingress drop
rule del red web
class show
class add red c rate 1mbit
class set red gold rate 1mbit
class del red gold
info
flush
monitor'

setup()
{
	need unshare setpriv
	need_device dummy
	ip link add vtd0 type dummy
	defer ip link del vtd0
	ip link add vtd1 type dummy
	defer ip link del vtd1
	vq network add red
	vq port add vtd0 network red
	vq fdb add red 02:00:00:00:00:02 dev vtd0
	vq rule add red web prio 100 ingress proto tcp dport 80 allow
	vq class add red gold rate 100mbit
}

everything()
{
	local object

	for object in network port member fdb rule set class; do
		vnetctl -j "$object" show || echo "$object failed"
	done
}

# refuse_all CMD...: CMD in front of vnetctl and each of COMMANDS fails
refuse_all()
{
	local before line

	before=$(everything)
	while read -r line; do
		# shellcheck disable=SC2086
		check_err "$line" 2 "permi|CAP_NET_ADMIN|root" "$@" vnetctl $line
	done <<<"$COMMANDS"
	check_eq "the configuration afterwards" "$(everything)" "$before"
}

root_may()
{
	check "network show" vnetctl network show
	check_eq "networks" "$(vnetctl -j network show | jq -r '.[].network')" red
}

nobody_may_not()
{
	check "nobody can run programs" setpriv --reuid 65534 --regid 65534 --clear-groups true
	refuse_all setpriv --reuid 65534 --regid 65534 --clear-groups
}

# one of each kind
FEW='network show
network add mine
member set vtd0 isolated on
fdb flush red all
flush'

# the root of a child user namespace, in the switch's own network namespace
user_namespace_may_not()
{
	unshare -Ur true 2>/dev/null || skip "no user namespaces"
	COMMANDS=$FEW
	refuse_all unshare -Ur
}

# ... and in a network namespace that belongs to it
own_namespace_may_not()
{
	unshare -Urn true 2>/dev/null || skip "no user namespaces"
	COMMANDS=$FEW
	refuse_all unshare -Urn
}

run_tests
