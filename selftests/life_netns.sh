#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# life_netns.sh: each network namespace has a switch of its own; it goes with the namespace, ports and traffic or not.

# shellcheck disable=SC2119,SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="own_world same_names_everywhere deleted_when_idle deleted_under_traffic deleted_together
	   deleted_while_configured port_moves_to_another_namespace works_afterwards"
ROUNDS=50
[ "$VNET_SLOW" = 1 ] && ROUNDS=10

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	v_batch <<-END
		network add red up vni 5
		port add p1 network red
		port add p2 network red
	END
	setup_ns src
	REFERENCES=$(cat /sys/module/vnet/refcnt)
}

references()
{
	cat /sys/module/vnet/refcnt
}

# switch NS N: a switch in NS with all kinds of objects and N ports whose other
# ends, xN..., are in src
switch()
{
	local i

	for ((i = 0; i < $2; i++)); do
		ip -n "$1" link add "t$i" type veth peer name "x${1: -8}$i" netns "$src" ||
			die "cannot make veth t$i"
		ip -n "$1" link set "t$i" up
	done
	ip -n "$src" -o link | awk -F'[ @:]+' '$2 ~ /^x/ {print "link set " $2 " up"}' |
		ip -n "$src" -batch -
	{
		echo "network add red up vni 5 max-members 2000"
		echo "network add blue up"
		echo "class add red gold rate 100mbit"
		for ((i = 0; i < $2; i++)); do
			echo "port add t$i network red"
			echo "member add t$i vlan 7 network blue"
			echo "member set t$i class-egress gold guard-ip 10.0.0.0/8,fd00::/8"
		done
		echo "fdb add red 02:00:00:00:00:01 dev t0 sticky"
		for ((i = 0; i < 100; i++)); do
			echo "rule add red r$i prio $i ingress src 10.1.0.$i allow"
		done
	} >"$WORK/switch"
	check "a switch in $1" vnetctl -n "$1" -b "$WORK/switch"
}

# end NS: delete it now; what is in it goes soon
end()
{
	ip netns del "$1" || fail "cannot delete $1"
}

ends_are_gone()
{
	! ip -n "$src" -o link | grep -q ' x'
}

# the devices went with their namespaces, and so did all that the module had there
nothing_is_left()
{
	wait_for "the devices to go" ends_are_gone
	wait_for "the module's references to go" is_eq "$REFERENCES" references
}

flood()
{
	background "$PYTHON" "$TESTDIR/life_flood.py" "${!1}" "$2"
}

own_world()
{
	setup_ns sw
	check_eq "networks there" "$(v -n "$sw" -j network show | jq length)" 0
	vq -n "$sw" network add there
	check_eq "networks there" "$(v -n "$sw" -j network show | jq -r '.[].network')" there
	check_eq "networks here" "$(v -j network show | jq -r '.[].network')" red
	check_not "its network here" vnetctl network show there
	check_not "our port there" vnetctl -n "$sw" port show p1
	vq -n "$sw" flush
	check_eq "ports here after a flush there" "$(v -j port show | jq length)" 2
	refused_there=$(vnetctl -n no-such-namespace network show 2>&1) && fail "a namespace that is not there"
	check_match "its message" "$refused_there" "no-such-namespace"
}

same_names_everywhere()
{
	setup_ns sw
	switch "$sw" 1
	check_eq "VNI there" "$(v -n "$sw" -j network show red | jq '.[0].vni')" 5
	check_eq "VNI here" "$(v -j network show red | jq '.[0].vni')" 5
	check_eq "members here" "$(network_get red members)" 2
	vq -n "$sw" network set red down
	check_eq "up here" "$(v -j network show red | jq '.[0].up')" true
	check "h1 reaches h2" reach h1 10.0.0.2
	end "$sw"
	nothing_is_left
}

deleted_when_idle()
{
	local i

	for ((i = 0; i < ROUNDS; i++)); do
		setup_ns sw
		switch "$sw" 2
		end "$sw"
	done
	nothing_is_left
}

is_busy()
{
	is_ge 100 eval "vnetctl -n $1 -j -s network show red | jq '.[0].stats.egress_packets'"
}

deleted_under_traffic()
{
	local i

	flood src x
	for ((i = 0; i < ROUNDS; i++)); do
		setup_ns sw
		switch "$sw" 3
		((i % 10)) || wait_for "traffic" is_busy "$sw"
		end "$sw"
	done
	nothing_is_left
}

# the kernel cleans up many at once
deleted_together()
{
	local i all=()

	flood src x
	for ((i = 0; i < 6; i++)); do
		setup_ns sw
		switch "$sw" 2
		all+=("$sw")
	done
	for sw in "${all[@]}"; do
		end "$sw"
	done
	nothing_is_left
}

# somebody configures the switch while its namespace loses its name; the last
# process in it ends it
deleted_while_configured()
{
	local i j pid

	for ((i = 0; i < ROUNDS / 5; i++)); do
		setup_ns sw
		switch "$sw" 2
		for ((j = 0; j < 2000; j++)); do
			echo "network add n$j up"
			echo "network del n$j"
		done | nsenter --net="/run/netns/$sw" vnetctl -b - >/dev/null 2>&1 &
		pid=$!
		end "$sw"
		kill $pid 2>/dev/null
		wait $pid 2>/dev/null
	done
	nothing_is_left
}

port_moves_to_another_namespace()
{
	setup_ns sw
	wire m0 m1 src
	vq port add m0 network red
	check_eq "members" "$(network_get red members)" 3
	ip link set m0 netns "$sw" || fail "cannot move a port"
	check_not "still a port here" vnetctl port show m0
	check_eq "members" "$(network_get red members)" 2
	check_eq "ports there" "$(v -n "$sw" -j port show | jq length)" 0
	ip -n "$sw" link show m0 | head -n 1 | grep -q '[<,]UP[,>]' && fail "it arrived there up"
	vq -n "$sw" network add red
	check "it attaches there" vnetctl -n "$sw" port add m0 network red
	end "$sw"
	nothing_is_left
}

works_afterwards()
{
	check "h1 reaches h2" reach h1 10.0.0.2
	conservation
}

run_tests
