#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# loop.sh: networks that are patched in a ring settle in counted drops, the CPU goes idle, and nothing is left behind.
#
#      h1                                     h2
#   p1 |                                   p2 |
#  +---o--------+   x1 ---- x2   +------------o---+
#  | network    o----------------o    network     |
#  |  red       |   y1 ---- y2   |     blue       |
#  |            o----------------o                |
#  |            |   z1 ---- z2   |                |
#  |            o----------------o                |
#  +------------+                +----------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	one_patch_is_no_loop
	two_patches_settle
	three_patches_settle
	a_cable_back_into_the_same_network
	a_bridge_between_two_members
	a_storm_of_frames_settles
	nothing_is_left_behind"

setup()
{
	local c

	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	for c in x y z; do
		wire ${c}1 ${c}2
	done
	for c in p1 p2 x1 x2 y1 y2 z1 z2; do
		vq port add $c
	done
}

# patched CABLE...: red and blue, connected by these
patched()
{
	local c

	with_network red
	with_network blue
	vq member add p1 network red
	vq member add p2 network blue
	for c; do
		vq member add ${c}1 network red
		vq member add ${c}2 network blue
	done
}

loop_drops()
{
	vnetctl -j -s port show | jq '[.[].drops.loop // 0] | add'
}

# settles N: at least one frame was dropped for its loop, and counters stand still
settles()
{
	local before=$1

	busywait 20 at_rest >/dev/null || fail "the counters do not stand still"
	check_num "loop drops" $(($(loop_drops) - before)) -ge 1
	info "$(($(loop_drops) - before)) frames ended in the loop"
}

one_patch_is_no_loop()
{
	local before

	patched x
	before=$(loop_drops)
	check "ping through the patch" reach h1 10.0.0.2
	probe from=h1,k=bcast,x=h2 from=h2,k=mc6,x=h1 from=h1,k=uni,d=h2,x=h2
	check_eq "loop drops" "$(loop_drops)" "$before"
}

two_patches_settle()
{
	local before

	patched x y
	before=$(loop_drops)
	send_frames from=h1,k=bcast,n=10 from=h1,k=mc6,n=10 \
		from=h1,k=uni,d=02:ff:ff:ff:ff:fe,n=10
	settles $before
}

three_patches_settle()
{
	local before

	patched x y z
	before=$(loop_drops)
	send_frames from=h1,k=bcast
	settles $before
}

a_cable_back_into_the_same_network()
{
	local before

	with_network red
	vq member add p1 network red
	vq member add x1 network red
	vq member add x2 network red
	before=$(loop_drops)
	send_frames from=h1,k=bcast,n=20
	settles $before
	# tags are changed on the way
	vq member del x2
	vq member add x2 vlan 5 network red
	vq member add x1 vlan 5 network red
	send_frames from=h1,k=bcast,n=20
	busywait 20 at_rest >/dev/null || fail "the counters do not stand still"
}

# The other end of the ring is a device that hands frames on at once.
a_bridge_between_two_members()
{
	local before

	need_device bridge
	ip link add vtbr0 type bridge
	defer ip link del vtbr0
	wire v1 v2
	wire w1 w2
	ip link set v2 master vtbr0
	ip link set w2 master vtbr0
	ip link set vtbr0 up
	vq port add v1
	vq port add w1
	with_network red
	vq member add p1 network red
	vq member add v1 network red
	vq member add w1 network red
	busywait 5 grep -q forwarding /sys/class/net/v2/brport/state
	before=$(loop_drops)
	send_frames from=h1,k=bcast,n=5
	busywait 20 at_rest >/dev/null || fail "the counters do not stand still"
	info "$(($(loop_drops) - before)) frames ended in the loop"
}

a_storm_of_frames_settles()
{
	local before n=3000

	[ "$VNET_SLOW" = 1 ] && n=200
	patched x y
	before=$(loop_drops)
	send_frames from=h1,k=bcast,n=$n,inc=src,s=02:00:00:00:40:00 \
		from=h2,k=bcast,n=$n,inc=src,s=02:00:00:00:60:00
	settles $before
	# without the second cable all is well again
	vq member del y1
	vq member del y2
	vq fdb flush red
	vq fdb flush blue
	before=$(loop_drops)
	probe from=h1,k=bcast,x=h2 from=h2,k=bcast,x=h1 from=h1,k=uni,d=h2,x=h2
	check_eq "loop drops" "$(loop_drops)" "$before"
}

nothing_is_left_behind()
{
	local before

	patched x y
	vq class set red root rate 1mbit
	before=$(loop_drops)
	send_frames from=h1,k=bcast,n=50
	settles $before
	vq network del red
	conservation
}

run_tests
