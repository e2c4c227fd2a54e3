# SPDX-License-Identifier: GPL-2.0-only
# lib_rules.sh: three hosts in one network and one rule that drops, for the selftests of what rules match. Sourced
# behind lib.sh.
# shellcheck shell=bash

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02

setup()
{
	local p

	host h1 p1 $M1
	host h2 p2 $M2
	host h3 p3 02:00:00:00:00:03
	for p in p1 p2 p3; do
		vq port add $p
	done
}

red_network()
{
	local p

	with_network red "$@"
	for p in p1 p2 p3; do
		vq member add $p network red
	done
	probe from=h1,k=bcast from=h2,k=bcast from=h3,k=bcast
}

# A list of specs of frames from h1, unicast to h2 unless they name a target.
complete()
{
	local s

	for s; do
		case $s in
		*,d=*)	;;
		*)	s+=,d=h2;;
		esac
		echo "from=h1,$s"
	done
}

# hits "SPEC..." "SPEC...": with the egress rule `r`, which drops, the first
# frames are dropped and counted, the others pass
hits()
{
	local yes=() no=() before

	mapfile -t yes < <(complete $1)
	mapfile -t no < <(complete $2)
	before=$(rule_hits red r)
	expect_drop rule_egress=${#yes[@]} p1 probe "${yes[@]/%/,x=-}" "${no[@]/%/,x=h2}"
	check_eq "hits of the rule" $(($(rule_hits red r) - before)) ${#yes[@]}
}

# one_rule MATCH...: the only rule
one_rule()
{
	vq rule del red r if-exists
	vq rule add red r prio 10 egress "$@" drop
}
