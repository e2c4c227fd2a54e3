#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# life_detach.sh: ports are detached and attached under a flood, a thousand times; nothing hangs, leaks or stays behind.
#
#   h1 (floods) -- p1 [ red ] p2 -- h2 (floods)

# shellcheck disable=SC2119,SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="works_before the_sender the_receiver both_at_once closes_every_time no_address_of_a_dead_port
	   works_afterwards conservation"
ROUNDS=1000
[ "$VNET_SLOW" = 1 ] && ROUNDS=100

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	vq network add red up
	vq port add p1 network red
	vq port add p2 network red
}

flood()
{
	background "$PYTHON" "$TESTDIR/life_flood.py" "${!1}" eth
}

# rounds PORT N: lines that detach and attach it N times
rounds()
{
	local i

	for ((i = 0; i < $2; i++)); do
		echo "port del $1 keep-up"
		echo "port add $1 network red"
	done
}

is_busy()
{
	is_ge "$(($1 + 100))" network_get red stats.egress_packets
}

# the switch has frames to forward now
under_load()
{
	wait_for "the flood" is_busy "$(network_get red stats.egress_packets)"
}

# both ports are members again and frames pass
all_is_well()
{
	check_eq "ports" "$(vnetctl -j port show | jq length)" 2
	check_eq "members" "$(network_get red members)" 2
	check "h1 reaches h2" busywait 5 reach h1 10.0.0.2
}

works_before()
{
	all_is_well
	check_not "nothing is attached twice" vnetctl port add p1 uplink
}

the_sender()
{
	flood h1
	under_load
	check "$ROUNDS times" vnetctl -b - < <(rounds p1 "$ROUNDS")
	under_load
	all_is_well
}

the_receiver()
{
	flood h1
	under_load
	check "$ROUNDS times" vnetctl -b - < <(rounds p2 "$ROUNDS")
	under_load
	all_is_well
}

both_at_once()
{
	local pid

	flood h1
	flood h2
	under_load
	rounds p1 $((ROUNDS / 2)) | vnetctl -b - >"$WORK/other" 2>&1 &
	pid=$!
	check "p2" vnetctl -b - < <(rounds p2 $((ROUNDS / 2)))
	wait $pid || fail "p1: $(cat "$WORK/other")"
	under_load
	all_is_well
}

closes_every_time()
{
	local i

	flood h1
	under_load
	for ((i = 0; i < ROUNDS / 25; i++)); do
		vq port del p1
		ip link show p1 | head -n 1 | grep -q '[<,]UP[,>]' && fail "detached and up"
		ip link set p1 up
		vq port add p1 network red
	done
	under_load
	all_is_well
}

# addresses of p1, by name and by whatever number
addresses_elsewhere()
{
	vnetctl -j fdb show red | jq '[.[] | select(.port != "p2")] | length'
}

no_address_of_a_dead_port()
{
	local i

	flood h1
	for ((i = 0; i < ROUNDS / 50; i++)); do
		under_load
		check_num "addresses of p1" "$(addresses_elsewhere)" -ge 1
		vq port del p1 keep-up
		check_eq "addresses of a port that is gone" "$(addresses_elsewhere)" 0
		vq port add p1 network red
	done
}

works_afterwards()
{
	all_is_well
	vq port del p1
	check "a cut wire" no_reach h1 10.0.0.2
	ip link set p1 up
	vq port add p1 network red
	all_is_well
}

run_tests
