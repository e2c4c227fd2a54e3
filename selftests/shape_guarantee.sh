#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shape_guarantee.sh: in virtual time, who has a guarantee gets it 5 ms after it wants it, while another one floods.
#
#    h0            h1 ... h4           far
#   p0 |          p1 |            up0 |  tags 10 ... 14
#  +---o-------------o---------------o---+
#  |  n0 (floods)   n1 ... n4 (tenants)  |
#  +-------------------------------------+
#
# All of the capacity is promised, to the flood as well, and everyone wants more than its part.
# A tenant is on and off in turns, each for 10 ms to 1 s. From 5 ms after the beginning of each time to its end it must
# have 99 % of its guarantee, within one frame.

. "$(dirname "$0")/lib.sh"
. "$TESTDIR/lib_shape.sh"

ALL_TESTS="
	tenants_against_a_flood
	tenants_against_a_flood_from_the_wire
	tenants_alone
	what_tenants_leave_is_lent"

TENANTS="1 2 3 4"
CAPACITY=100
GUARANTEE=20
SIZE=1000

setup()
{
	local i

	find_built flows
	FLOWS=$REPLY
	for i in 0 $TENANTS; do
		host h$i p$i 02:00:00:00:00:0$i
		vq port add p$i
	done
	host far up0 02:00:00:00:00:09
	vq port add up0 uplink
	on far ip link add link eth0 name far10 type vlan id 10 || skip "no VLAN devices in this kernel"
	for i in 0 $TENANTS; do
		[ $i = 0 ] || on far ip link add link eth0 name far1$i type vlan id 1$i
		on far ip link set far1$i address 02:00:00:00:00:1$i
		on far ip link set far1$i up
	done
}

networks()
{
	local i

	[ "$EXACT" = 1 ] || skip "only virtual time is exact"
	vq port set up0 capacity ${CAPACITY}mbit
	defer vq port set up0 capacity none
	for i in 0 $TENANTS; do
		with_network n$i
		vq member add p$i network n$i
		vq member add up0 vlan 1$i network n$i
		vq fdb add n$i 02:00:00:00:00:0$i dev p$i
		vq fdb add n$i 02:00:00:00:00:1$i dev up0 vlan 1$i
		vq class set n$i root rate ${GUARANTEE}mbit ceil ${CAPACITY}mbit
	done
}

# outward NUMBER KEYS, inward NUMBER KEYS: a flow of that host to the wire, or the other way
outward()
{
	local host=h$1

	echo "from=${!host}/eth0,d=02:00:00:00:00:1$1,size=$SIZE,port=400$1,$2"
}

inward()
{
	echo "from=$far/far1$1,d=02:00:00:00:00:0$1,size=$SIZE,port=400$1,$2"
}

# A tenant wants half more than it is guaranteed, as long as it is on.
PHASES="rate=$((GUARANTEE * 1500000)),phases=10-1000,least=$((GUARANTEE * 1000000)),grace=5"

# run WORD...: flows; the result is in $RESULT
run()
{
	RESULT=$("$FLOWS" time=4000 warm=200 "$@" 2>&1) || die "$RESULT"
	info "$(jq -c '(.at[] | {mean, longest}), (.flows[] | {mean, phases, worst, sent})' <<<"$RESULT" | tr '\n' ' ')"
}

# check_guarantees FIRST: of the flows from that number on
check_guarantees()
{
	local phases worst

	while read -r phases worst; do
		check_num "times that a tenant was on" "$phases" -ge 4
		check_num "1/1000 of its guarantee" "$worst" -ge 990
	done < <(jq -r ".flows[$1:][] | \"\(.phases) \(.worst)\"" <<<"$RESULT")
}

tenants_against_a_flood()
{
	local i args=()

	networks
	for i in $TENANTS; do
		args+=("$(outward $i $PHASES)")
	done
	run at=$far/eth0 "$(outward 0 rate=200000000)" "${args[@]}"
	check_guarantees 1
	check_num "bit/s of all" "$(jq '.at[0].mean' <<<"$RESULT")" -ge $((CAPACITY * 980000))
	check_num "bit/s of all" "$(jq '.at[0].mean' <<<"$RESULT")" -le $((CAPACITY * 1010000))
}

tenants_against_a_flood_from_the_wire()
{
	local i args=() receivers=() host

	networks
	for i in $TENANTS; do
		args+=("$(inward $i $PHASES)")
	done
	for i in 0 $TENANTS; do
		host=h$i
		receivers+=("at=${!host}/eth0")
	done
	run "${receivers[@]}" "$(inward 0 rate=200000000)" "${args[@]}"
	check_guarantees 1
	check_num "bit/s of all" "$(jq '[.at[].mean] | add' <<<"$RESULT")" -ge $((CAPACITY * 980000))
	check_num "bit/s of all" "$(jq '[.at[].mean] | add' <<<"$RESULT")" -le $((CAPACITY * 1010000))
}

# Nobody else wants anything: they have all that they want.
tenants_alone()
{
	networks
	run at=$far/eth0 "$(outward 1 $PHASES)" "$(outward 2 $PHASES)"
	check_guarantees 0
	check_eq "drops" "$(($(all_drops up0:vlan:11) + $(all_drops up0:vlan:12)))" 0
}

# A guarantee that nobody uses is the flood's.
what_tenants_leave_is_lent()
{
	networks
	run at=$far/eth0 "$(outward 0 rate=200000000)"
	check_num "bit/s" "$(jq '.at[0].mean' <<<"$RESULT")" -ge $((CAPACITY * 980000))
	check_num "bit/s" "$(jq '.at[0].mean' <<<"$RESULT")" -le $((CAPACITY * 1010000))
}

run_tests
