#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# manyclasses.sh: ten thousand classes in one network: they are added, shown, used and removed, and frames flow.
#
#      h1            h2
#   p1 |          p2 |
#  +---o-------------o---+
#  |     network red     |
#  +---------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	all_are_shown_once
	one_is_found
	frames_are_shaped
	a_group_moves
	a_member_leaves
	the_limit
	all_go"

# Below 100 groups; on a slow kernel fewer, the root comes on top.
N=10000
[ "$VNET_SLOW" = 1 ] && N=1000
PER=$((N / 100))

setup()
{
	host h1 p1 02:00:00:00:00:01
	host h2 p2 02:00:00:00:00:02
	{
		echo "port add p1"
		echo "port add p2"
		echo "network add red up max-classes $((N + 101))"
		echo "member add p1 network red"
		echo "member add p2 network red"
		echo "fdb add red 02:00:00:00:00:02 dev p2"
	} | v_batch
	awk -v per=$PER 'BEGIN {
		for (g = 0; g < 100; g++) {
			print "class add red g" g " rate 10mbit ceil 1gbit"
			for (c = 0; c < per; c++)
				print "class add red c" g * per + c " parent g" g " rate 100kbit ceil 100mbit"
		}
	}' >"$WORK/batch"
	v_batch <"$WORK/batch"
}

all_are_shown_once()
{
	check_eq "classes" "$(network_get red classes)" $((N + 101))
	check_eq "names" "$(v -j class show red | jq '[.[].name] | unique | length')" $((N + 101))
	check_eq "with counters" "$(v -j -s class show red | jq '[.[] | select(.ingress.packets == 0)] | length')" $((N + 101))
	check_num "lines" "$(v class show red | wc -l)" -gt $((N + 100))
}

one_is_found()
{
	check_eq "its parent" "$(v -j class show red c$((N - 1)) | jq -r '.[0].parent')" g99
	vq class set red c$((N - 1)) rate 50kbit
	check_eq "its rate" "$(v -j class show red c$((N - 1)) | jq '.[0].rate')" 50000
}

frames_are_shaped()
{
	vq member set p1 class-egress c7
	vq class set red c7 ceil 1mbit queue 1mb delay-target none delay-limit none
	send_frames from=h1,k=udp4,d=02:00:00:00:00:02,size=1000,n=500
	wait_for "the queue is empty" is_eq 0 class_stat red c7 egress queued_packets
	check_eq "frames" "$(class_stat red c7 egress packets)" 500
	check_num "delayed" "$(class_stat red c7 egress delayed)" -gt 100
}

a_group_moves()
{
	# it is promised what all its own classes are
	vq class set red g0 rate 30mbit
	vq class set red g1 parent g0
	check_eq "levels" "$(v -j class show red | jq "[.[] | select(.parent == \"g1\" and .level == 3)] | length")" $PER
	vq class set red g1 parent root
}

a_member_leaves()
{
	vq member set p1 class-egress c8
	vq class set red c8 rate 8kbit ceil 8kbit queue 1mb delay-target none delay-limit none
	send_frames from=h1,k=udp4,d=02:00:00:00:00:02,size=1000,n=100
	check_num "held" "$(class_stat red c8 egress queued_packets)" -gt 50
	vq member del p1
	check_eq "held" "$(class_stat red c8 egress queued_packets)" 0
}

the_limit()
{
	refused "max-classes" class add red more rate 1mbit
}

all_go()
{
	awk -v n=$N 'BEGIN {
		for (c = 0; c < n; c++)
			print "class del red c" c
		for (g = 0; g < 100; g++)
			print "class del red g" g
	}' >"$WORK/batch"
	v_batch <"$WORK/batch"
	check_eq "classes" "$(network_get red classes)" 1
}

run_tests
