#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# stacked.sh: devices that stand on other devices as ports: VLAN, macvlan, bond, team, bridge, dummy, macvlan on a VLAN.
#
#      h1                 h2 (eth0, and what stands on it)
#   p1 |               q2 |
#      |               [device made of q2]
#      |                  | s2
#  +---o------------------o---+
#  |       network red        |
#  +--------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	vlan_device
	vlan_device_with_tagged_members
	macvlan_device
	macvlan_on_vlan
	bond_device
	bridge_device
	dummy_swallows
	eight_devices_high
	conservation"

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 q2 02:00:00:00:00:02
	vq port add p1
	ENDPOINTS[h2]=h2=$h2/eth0		# the other end is not the port itself
}

red_network()
{
	with_network red
	vq member add p1 network red
	vq port add "$1" network red
	defer vnetctl port del "$1" keep-up if-exists
}

# Frames of some kinds and sizes both ways, tagged with $1 on the far side.
both_ways()
{
	probe from=h1,k=bcast,x=h2:$1 from=h2,k=bcast,t=$1,x=h1 from=h1,k=uni,d=h2,x=h2:$1 from=h2,k=udp4,t=$1,d=h1,dip=10.0.0.9,x=h1 \
	      from=h1,k=mc6,x=h2:$1 from=h2,k=udp6,t=$1,d=h1,size=1500,x=h1 from=h1,k=uni,d=h2,size=1514,x=h2:$1
}

# TCP, so that large frames come along
tcp_through()
{
	need socat sha256sum
	ip -n "$h2" addr add 10.0.0.2/24 dev $1
	defer ip -n "$h2" addr flush dev $1
	head -c 1M /dev/urandom >"$WORK/data"
	on h2 timeout $((20 * SLOWNESS)) socat -u TCP-LISTEN:7777,reuseaddr - >"$WORK/got" &
	wait_for "the receiver" on h2 sh -c 'ss -Hltn "sport = :7777" | grep -q .'
	check "sending" on h1 timeout $((20 * SLOWNESS)) socat -u OPEN:"$WORK/data" TCP:10.0.0.2:7777
	wait $!
	check_eq "what arrived" "$(sha256sum <"$WORK/got")" "$(sha256sum <"$WORK/data")"
}

vlan_device()
{
	need_device dummy
	ip link add link q2 name s2 type vlan id 7 || skip "no VLAN devices"
	defer ip link del s2
	ip link set s2 up
	red_network s2
	both_ways v7
	ip -n "$h2" link add link eth0 name eth0.7 type vlan id 7
	defer ip -n "$h2" link del eth0.7
	ip -n "$h2" link set eth0.7 up
	tcp_through eth0.7
}

# Tags of members come on top of the device's own.
vlan_device_with_tagged_members()
{
	ip link add link q2 name s2 type vlan id 7 || skip "no VLAN devices"
	defer ip link del s2
	ip link set s2 up
	with_network red
	vq member add p1 network red
	vq port add s2
	vq member add s2 vlan 100 network red
	probe from=h1,k=bcast,x=h2:v7.v100 from=h2,k=bcast,t=v7.v100,x=h1 from=h1,k=uni,d=h2,x=h2:v7.v100
	expect_drop no_member=1 s2 probe from=h2,k=bcast,t=v7,x=-
}

macvlan_device()
{
	ip link add link q2 name s2 type macvlan mode bridge || skip "no macvlan devices"
	defer ip link del s2
	ip link set s2 up
	out=$(vnetctl port add s2 2>&1) || skip "macvlan cannot be a port: $out"
	vq port del s2
	ip link set s2 up promisc on
	red_network s2
	probe from=h1,k=bcast,x=h2 from=h2,k=bcast,x=h1 from=h2,k=multi,x=h1 from=h1,k=uni,d=h2,x=h2
}

macvlan_on_vlan()
{
	ip link add link q2 name q2.7 type vlan id 7 || skip "no VLAN devices"
	defer ip link del q2.7
	ip link set q2.7 up
	ip link add link q2.7 name s2 type macvlan mode bridge || skip "no macvlan devices"
	ip link set s2 up
	out=$(vnetctl port add s2 2>&1) || skip "macvlan cannot be a port: $out"
	vq port del s2
	ip link set s2 up
	red_network s2
	probe from=h1,k=bcast,x=h2:v7 from=h2,k=bcast,t=v7,x=h1
}

bond_device()
{
	ip link add s2 type bond mode active-backup || skip "no bond devices"
	defer ip link set q2 up		# a bond that goes leaves it down
	defer ip link del s2
	ip link set q2 down
	ip link set q2 master s2 || skip "cannot be bonded"
	ip link set s2 up
	ip link set q2 up
	wait_for "the bond has a carrier" grep -q up /sys/class/net/s2/operstate
	red_network s2
	check_err "a slave cannot be a port" 2 bond vnetctl port add q2
	both_ways ""
	tcp_through eth0
}

bridge_device()
{
	ip link add s2 type bridge || skip "no bridge devices"
	defer ip link del s2
	ip link set q2 master s2
	ip link set s2 up
	wait_for "the port forwards" grep -q 3 /sys/class/net/q2/brport/state
	out=$(vnetctl port add s2 2>&1) || skip "a bridge cannot be a port: $out"
	vq port del s2
	ip link set s2 up promisc on
	red_network s2
	probe from=h1,k=bcast,x=h2 from=h2,k=bcast,x=h1 from=h1,k=uni,d=h2,x=h2
}

dummy_swallows()
{
	local before

	need_device dummy
	ip link add s2 type dummy
	defer ip link del s2
	ip link set s2 up
	red_network s2
	before=$(member_stat s2 ingress_packets)
	send_frames from=h1,k=bcast,n=10
	check_eq "frames given to it" $(($(member_stat s2 ingress_packets) - before)) 10
}

eight_devices_high()
{
	local i lower=q2 tags=''

	for i in 1 2 3 4 5 6; do
		ip link add link $lower name st$i type vlan id $((10 + i)) || skip "no VLAN devices"
		ip link set st$i up
		[ $i = 1 ] && defer ip link del st1
		tags+=.v$((10 + i))
		lower=st$i
	done
	red_network st6
	probe from=h1,k=bcast,x=h2:${tags#.} from=h2,k=bcast,t=${tags#.},x=h1 from=h1,k=uni,d=h2,size=1400,x=h2:${tags#.}
}

run_tests
