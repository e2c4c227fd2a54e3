#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# life_rename.sh: an attached interface gets another name, MTU or address, goes down and up, moves away: the port follows.
#
#   h1 10.0.0.1 -- p1 [ red ] p2 -- h2 10.0.0.2

# shellcheck disable=SC2119,SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="name alternative_name mtu address down_and_up peer_down promiscuity moved_away ifindex_is_not_reused
	   conservation"

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	vq network add red up
	vq port add p1 network red
	vq port add p2 network red
}

names()
{
	vnetctl -j "$1" show | jq -r '[.[].port] | sort | join(" ")'
}

rename()
{
	ip link set "$1" down && ip link set "$1" name "$2" && ip link set "$2" up
}

name()
{
	local ifindex

	vq fdb add red 02:00:00:00:00:01 dev p1
	vq rule add red one prio 1 ingress dev p1 proto icmp allow
	defer vnetctl rule del red one
	defer vnetctl fdb flush red all
	ifindex=$(cat /sys/class/net/p1/ifindex)
	check "rename" rename p1 q1
	defer rename q1 p1
	check_eq "ports" "$(names port)" "p2 q1"
	check_eq "members" "$(names member)" "p2 q1"
	check_eq "ifindex" "$(v -j port show q1 | jq '.[0].ifindex')" "$ifindex"
	check_eq "the address" "$(fdb_where red 02:00:00:00:00:01)" q1
	check_eq "the rule" "$(v -j rule show red one | jq -r '.[0].port')" q1
	check_not "the old name" vnetctl port show p1
	check "h1 reaches h2" reach h1 10.0.0.2
	check "settings by the new name" vnetctl member set q1 isolated off
}

alternative_name()
{
	ip link property add dev p1 altname anothername4p1 2>/dev/null || skip "no alternative names"
	defer ip link property del dev p1 altname anothername4p1
	check_eq "ports" "$(names port)" "p1 p2"
	check "h1 reaches h2" reach h1 10.0.0.2
}

# what is larger than the target's MTU is a counted drop; what fits passes
mtu()
{
	on h1 ip route replace 10.0.0.2 dev eth0 mtu lock 1500
	check "1400 bytes before" on h1 ping -n -q -c 1 -W 5 -M dont -s 1372 10.0.0.2
	ip link set p2 mtu 1000
	defer ip link set p2 mtu 1500
	expect_drop mtu p2 no_reach_large
	check "what fits" reach h1 10.0.0.2
	ip link set p2 mtu 1500
	check "1400 bytes afterwards" on h1 ping -n -q -c 1 -W 5 -M dont -s 1372 10.0.0.2
}

no_reach_large()
{
	! on h1 ping -n -q -c 2 -i 0.2 -W 1 -M dont -s 1372 10.0.0.2
}

address()
{
	local mac

	mac=$(cat /sys/class/net/p1/address)
	ip link set p1 address 02:00:00:00:00:aa
	defer ip link set p1 address "$mac"
	check_eq "ports" "$(names port)" "p1 p2"
	check "h1 reaches h2" reach h1 10.0.0.2
}

down_and_up()
{
	local before

	check "before" reach h1 10.0.0.2
	ip link set p2 down
	defer ip link set p2 up
	check_eq "members" "$(names member)" "p1 p2"
	before=$(drops p2 port_down)
	check "while down" no_reach h1 10.0.0.2
	check_num "drops port_down" "$(drops p2 port_down)" -gt "$before"
	ip link set p2 up
	check "up again" busywait 5 reach h1 10.0.0.2
}

# the other end of the cable goes: no carrier, the port stays
peer_down()
{
	on h2 ip link set eth0 down
	check_eq "members" "$(names member)" "p1 p2"
	check "while the peer is down" no_reach h1 10.0.0.2
	on h2 ip link set eth0 up
	check "up again" busywait 5 reach h1 10.0.0.2
}

# the kernel counts who wants everything; detaching gives back what attaching took
promiscuity()
{
	local before

	ip link add d0 type dummy || skip "no dummy devices in this kernel"
	defer ip link del d0
	before=$(ip -d link show d0 | grep -o 'promiscuity [0-9]*')
	for _ in 1 2 3; do
		vq port add d0
		check_match "attached" "$(ip -d link show d0)" "promiscuity [1-9]"
		vq port del d0
	done
	check_eq "detached" "$(ip -d link show d0 | grep -o 'promiscuity [0-9]*')" "$before"
}

moved_away()
{
	setup_ns away
	wire m0 m1 h2
	vq port add m0 network red
	vq member add m0 vlan 9 network red
	vq fdb add red 02:00:00:00:00:77 dev m0
	check_eq "ports" "$(names port)" "m0 p1 p2"
	ip link set m0 netns "$away" || fail "cannot move a port"
	check_eq "ports" "$(names port)" "p1 p2"
	check_eq "members" "$(network_get red members)" 2
	check_not "its address" vnetctl fdb show red 02:00:00:00:00:77
	check_eq "ports there" "$(v -n "$away" -j port show | jq length)" 0
	ip -n "$away" link show m0 | head -n 1 | grep -q '[<,]UP[,>]' && fail "it is up there"
	check "h1 reaches h2" reach h1 10.0.0.2
	ip -n "$away" link set m0 netns 1 || fail "cannot move it back"
	check_eq "ports" "$(names port)" "p1 p2"
	check "it attaches again" vnetctl port add m0 network red
}

# a new interface with a number or name of one that has gone is a stranger
ifindex_is_not_reused()
{
	local ifindex

	ip link add d0 type dummy || skip "no dummy devices in this kernel"
	vq port add d0 network red
	ifindex=$(cat /sys/class/net/d0/ifindex)
	ip link del d0
	ip link add d0 index "$ifindex" type dummy || die "cannot make it again"
	defer ip link del d0
	check_eq "ports" "$(names port)" "p1 p2"
	check_not "the new one is a port" vnetctl port show d0
	check "it attaches" vnetctl port add d0 network red
}

run_tests
