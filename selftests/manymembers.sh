#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# manymembers.sh: a network of many members: a flood reaches each of them once, unicast one of them.
#
#      h1            h2: vlan 1 ... vlan 256
#   p1 |          p2 |
#  +---o-------------o---+
#  |     network red     |
#  +---------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	a_flood_reaches_all
	unicast_reaches_one
	limit_of_members
	conservation"

N=256

setup()
{
	local i

	host h1 p1 02:00:00:00:00:01
	host h2 p2 02:00:00:00:00:02
	{
		echo "port add p1"
		echo "port add p2"
		echo "network add red up max-members $((N + 1))"
		echo "member add p1 network red"
		for i in $(seq $N); do
			echo "member add p2 vlan $i network red"
		done
	} >"$WORK/batch"
	v_batch <"$WORK/batch"
}

a_flood_reaches_all()
{
	local i all=''

	for i in $(seq $N); do
		all+=+h2:v$i
	done
	check_eq "members" "$(network_get red members)" $((N + 1))
	probe from=h1,k=bcast,n=5,x=${all#+} from=h1,k=mc6,x=${all#+}
	check_eq "copies" "$(member_stat p1 copies)" $((6 * (N - 1)))
}

unicast_reaches_one()
{
	local i specs=() learn=()

	for i in $(seq $N); do
		learn+=("from=h2,k=uni,d=h1,s=02:00:00:01:$(printf %02x:%02x $((i >> 8)) $((i & 255))),t=v$i,x=h1")
		specs+=("from=h1,k=uni,d=02:00:00:01:$(printf %02x:%02x $((i >> 8)) $((i & 255))),x=h2:v$i")
	done
	probe "${learn[@]}" && probe "${specs[@]}"
}

limit_of_members()
{
	check_err "one more" 2 . vnetctl member add p2 network red
	vq member del p2 vlan 1
	vq member add p2 network red
	probe from=h1,k=uni,d=02:00:00:01:00:02,x=h2:v2
}

run_tests
