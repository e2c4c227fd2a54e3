#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# mtu.sh: a frame that the target's interface cannot take is dropped and counted; a large one whose segments fit passes.
#
#      h1            h2            h3
#   p1 |          p2 | mtu 1000 p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	too_large_is_dropped
	other_targets_get_it
	tags_do_not_count
	segments_that_fit_pass
	segments_too_large_are_dropped
	jumbo_frames"

setup()
{
	local i

	for i in 1 2 3; do
		host h$i p$i 02:00:00:00:00:0$i 10.0.0.$i/24
		vq port add p$i
	done
	ip link set p2 mtu 1000
}

red_network()
{
	local p

	with_network red
	for p in p1 p2 p3; do
		vq member add $p network red
	done
	probe from=h1,k=bcast,x=h2+h3 from=h2,k=bcast,x=h1+h3 from=h3,k=bcast,x=h1+h2
}

# What counts is the frame without its tag: MTU, Ethernet header, and 4 bytes
# that every interface grants to a tag.
too_large_is_dropped()
{
	red_network
	expect_no_drop mtu p2 probe from=h1,k=uni,d=h2,size=1014,x=h2 from=h1,k=udp4,d=h2,dip=10.0.0.9,size=1000,x=h2
	expect_drop mtu=3 p2 probe from=h1,k=uni,d=h2,size=1019,x=- from=h1,k=udp4,d=h2,dip=10.0.0.9,size=1500,x=- \
		from=h1,k=uni,d=h2,size=1514,x=-
	check_eq "drops of the sender" "$(all_drops p1)" 0
	ip link set p2 mtu 1500
	defer ip link set p2 mtu 1000
	expect_no_drop mtu p2 probe from=h1,k=uni,d=h2,size=1514,x=h2
}

other_targets_get_it()
{
	red_network
	expect_drop mtu=2 p2 probe from=h1,k=bcast,size=1300,x=h3 from=h3,k=multi,size=1300,x=h1
}

tags_do_not_count()
{
	with_network red
	vq member add p1 vlan 7 network red
	vq member add p3 svlan 8 cvlan 9 network red
	vq member add p2 vlan 5 network red
	probe from=h1,k=bcast,t=v7,size=1514,x=h3:s8.v9
	probe from=h1,k=bcast,t=v7,size=1014,x=h3:s8.v9+h2:v5
	check_eq "drops" "$(drops p2 vlan 5 mtu) $(drops p3 svlan 8 cvlan 9 mtu)" "1 0"
}

# transfer FROM TO ADDRESS BYTES: over TCP; prints what arrived
transfer()
{
	on $2 timeout $((20 * SLOWNESS)) socat -u TCP-LISTEN:7777,reuseaddr - >"$WORK/got" &
	wait_for "the receiver" on $2 sh -c 'ss -Hltn "sport = :7777" | grep -q .'
	head -c $4 /dev/zero | on $1 timeout $((20 * SLOWNESS)) socat -u -t 5 - TCP:$3:7777,connect-timeout=$((5 * SLOWNESS))
	wait $!
	stat -c %s "$WORK/got"
}

segments_that_fit_pass()
{
	local before frames

	need socat
	red_network
	# h2 tells a segment size that fits; h1 still sends many of them in one frame
	on h2 ip link set eth0 mtu 1000
	before=$(member_stat p2 ingress_packets)
	expect_no_drop mtu p2 is_eq 300000 transfer h1 h2 10.0.0.2 300000
	frames=$(($(member_stat p2 ingress_packets) - before))
	info "$frames frames for 300000 bytes"
	check_num "frames" "$frames" -lt $((300000 / 948))
}

segments_too_large_are_dropped()
{
	need socat
	red_network
	on h2 ip link set eth0 mtu 1500
	# h2 promises 1460 bytes, but its port only takes 1000: no path MTU discovery
	# on one link, so nothing large arrives
	background on h2 socat -u TCP-LISTEN:7778,reuseaddr CREATE:"$WORK/got"
	wait_for "the receiver" on h2 sh -c 'ss -Hltn "sport = :7778" | grep -q .'
	send_some()
	{
		head -c 100000 /dev/zero | on h1 timeout $((3 * SLOWNESS)) socat -u - TCP:10.0.0.2:7778
		true
	}
	expect_drop mtu p2 send_some
	check_num "bytes that arrived" "$(stat -c %s "$WORK/got")" -lt 100000
}

jumbo_frames()
{
	local i

	red_network
	for i in 1 2 3; do
		ip link set p$i mtu 9000
		on h$i ip link set eth0 mtu 9000
	done
	defer ip link set p2 mtu 1000
	probe from=h1,k=uni,d=h2,size=9014,x=h2 from=h1,k=bcast,size=9014,x=h2+h3 \
	      from=h3,k=udp4,d=h1,dip=10.0.0.9,size=9014,x=h1
}

run_tests
