#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shape_cpus.sh: a class that several CPUs feed at once has its rate, and not more.
#
#    h1 (CPU a)   h2 (CPU b)   h3 (gets)
#   p1 |         p2 |         p3 |
#  +---o------------o------------o---+
#  |            network red          |
#  +---------------------------------+
#
# Each of the two offers all that the class may send. What is sent is counted by the class, and held against the clock:
# never more than rate * time, a burst and a frame, however busy the machine is. That it is 90 % at least wants a burst
# that is longer than the machine makes a guest wait.

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	egress_of_two_members
	ingress_of_one_member"

MBIT=100
[ "$VNET_SLOW" = 1 ] && MBIT=20
RATE=$((MBIT * 1000000))
BURST=$((RATE / 8 / 4))			# 250 ms
SIZE=1500
H3=02:00:00:00:00:03

setup()
{
	local i

	need taskset
	[ "$(nproc)" -ge 2 ] || skip "there is only one CPU"
	find_built flows
	FLOWS=$REPLY
	for i in 1 2 3; do
		host h$i p$i 02:00:00:00:00:0$i
		vq port add p$i
	done
}

red_network()
{
	local i

	with_network red
	for i in 1 2 3; do
		vq member add p$i network red
		vq fdb add red 02:00:00:00:00:0$i dev p$i
	done
	vq class add red gold rate ${MBIT}mbit burst ${BURST}b cburst ${BURST}b
}

# flood HOST CPU: until the end of the case
flood()
{
	background taskset -c "$2" "$FLOWS" time=1000000 "from=${!1}/eth0,d=$H3,size=$SIZE,rate=$RATE"
}

# now_us: microseconds of a clock
now_us()
{
	local t=$EPOCHREALTIME

	echo $((${t/[.,]/}))
}

# held_to_its_rate DIRECTION: with both CPUs busy, over the time of three seconds' worth of frames
held_to_its_rate()
{
	local before after begin end bytes began ended cpus

	mapfile -t cpus < <(taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' | sed 's/\(.*\)-\(.*\)/seq \1 \2/e')
	flood h1 "${cpus[0]}"
	flood h2 "${cpus[1]}"
	wait_for "the class is busy" is_ge 1 class_stat red gold $1 dropped
	began=$(now_us)
	before=$(class_stat red gold $1 bytes)
	begin=$(now_us)
	busywait 60 is_ge $((before + 3 * RATE / 8)) class_stat red gold $1 bytes >/dev/null || fail "the class stands still"
	end=$(now_us)
	after=$(class_stat red gold $1 bytes)
	ended=$(now_us)
	bytes=$((after - before))
	info "$bytes bytes in $((end - begin)) to $((ended - began)) us, at $RATE bit/s"
	check_num "bytes" $bytes -le $((RATE / 8 * (ended - began) / 1000000 + BURST + SIZE))
	check_num "bytes" $bytes -ge $((RATE / 8 * (end - begin) / 1000000 * 90 / 100))
	check_num "frames of h1" "$(member_stat p1 egress_packets)" -gt 100
	check_num "frames of h2" "$(member_stat p2 egress_packets)" -gt 100
}

egress_of_two_members()
{
	red_network
	vq member set p1 class-egress gold
	vq member set p2 class-egress gold
	held_to_its_rate egress
}

ingress_of_one_member()
{
	red_network
	vq member set p3 class-ingress gold
	held_to_its_rate ingress
}

run_tests
