#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shape_borrow.sh: in virtual time, who gets what for each combination of busy and idle classes, computed by hand.
#
#    h1 (sends)   h3 (gets)
#   p1 |         p3 |
#  +---o------------o---+
#  |    network red     |
#  +--------------------+
#
# Each class has a flow of its own, which is busy when it offers more than the network may send, 40 Mbit/s. In each
# table a row is which ones are busy, then what each is to get: Mbit/s within 2 %, which is what they say if the
# arithmetic is this: everyone has its rate; what is left of a parent goes to those of its children who want more, the
# best prio first and then by weight, up to their ceil; what then is left of the root to all who want more still,
# again so. The sum must be 98 % of the network's at least, wherever the ceils allow that.

. "$(dirname "$0")/lib.sh"
. "$TESTDIR/lib_shape.sh"

ALL_TESTS="
	two_levels
	two_levels_by_prio
	two_levels_by_weight
	three_levels"

H3=02:00:00:00:00:03
ROOT=40

setup()
{
	find_built flows
	FLOWS=$REPLY
	host h1 p1 02:00:00:00:00:01
	host h3 p3 $H3
	vq port add p1
	vq port add p3
}

red_network()
{
	[ "$EXACT" = 1 ] || skip "only virtual time is exact"
	with_network red
	vq member add p1 network red
	vq member add p3 network red
	vq fdb add red $H3 dev p3
	vq class set red root rate ${ROOT}mbit
	LEAVES=()
}

# class NAME RATE CEIL [KEYS...]
class()
{
	vq class add red $1 rate ${2}mbit ceil ${3}mbit "${@:4}"
}

# leaf NAME RATE CEIL [KEYS...]: a class with a flow; what it holds is gone soon
leaf()
{
	class "$@" queue 32kb
	vq rule add red $1 prio $((${#LEAVES[@]} + 1)) egress proto udp sport $((4001 + ${#LEAVES[@]})) allow class $1
	LEAVES+=("$1")
}

is_silent()
{
	vnetctl -j class show red | jq -e 'map(.egress.queued_packets) | add == 0' >/dev/null
}

# bits MBIT...: the sum, as bit/s
bits()
{
	local IFS=+

	awk "BEGIN {printf \"%d\", ($*) * 1000000}"
}

# row BUSY MBIT...: BUSY is 1 or 0 for each leaf, MBIT what it is to get
row()
{
	local busy=$1 want=("${@:2}") got args=() i sum=0

	for i in "${!LEAVES[@]}"; do
		[ ${busy:i:1} = 0 ] || args+=("from=$h1/eth0,d=$H3,size=1000,port=$((4001 + i)),rate=$((ROOT * 1100000))")
	done
	mapfile -t got < <("$FLOWS" time=600 warm=200 at=$h3/eth0 "${args[@]}" | jq '.flows[].mean')
	info "$busy: want ${want[*]} Mbit/s, got ${got[*]}"
	for i in "${!LEAVES[@]}"; do
		[ ${busy:i:1} = 1 ] || continue
		check_near "$busy: bit/s of ${LEAVES[i]}" "${got[0]:-0}" "$(bits ${want[i]})" 2
		sum=$((sum + ${got[0]:-0}))
		got=("${got[@]:1}")
	done
	check_num "$busy: bit/s of all" $sum -ge $(($(bits "${want[@]}") * 98 / 100))
	wait_for "all has left" is_silent
}

# Weights are the rates: 20, 8, 4.
two_levels()
{
	red_network
	leaf a 20 40
	leaf b 8 24
	leaf c 4 40
	row 100 40 0 0
	row 010 0 24 0
	row 001 0 0 40
	# of 12 that are left 20/28 and 8/28
	row 110 28.571 11.429 0
	# of 16: 20/24 and 4/24
	row 101 33.333 0 6.667
	# of 28: 8/12 would be 18.7, of which b may have 16
	row 011 0 24 16
	# of 8: 20/32, 8/32 and 4/32
	row 111 25 10 5
}

two_levels_by_prio()
{
	red_network
	leaf a 10 40 prio 2
	leaf b 8 40 prio 1
	leaf c 6 20 prio 0
	row 100 40 0 0
	row 010 0 40 0
	row 001 0 0 20
	row 110 10 30 0
	row 101 20 0 20
	row 011 0 20 20
	# 14 of 16 that are left go to c, up to its ceil, and 2 to b
	row 111 10 10 20
}

two_levels_by_weight()
{
	red_network
	leaf a 4 40 weight 1
	leaf b 4 40 weight 2
	leaf c 4 40 weight 5
	row 100 40 0 0
	row 010 0 40 0
	row 001 0 0 40
	# of 32: 1/3 and 2/3; 1/6 and 5/6; 2/7 and 5/7
	row 110 14.667 25.333 0
	row 101 9.333 0 30.667
	row 011 0 13.143 26.857
	# of 28: 1/8, 2/8 and 5/8
	row 111 7.5 11 21.5
}

#             root 40/40
#            /          \
#       x 20/40         y 12/32
#       /     \         /     \
#  a 10/40  b 5/40  c 3/32  d 6/14
three_levels()
{
	red_network
	class x 20 40
	class y 12 32
	leaf a 10 40 parent x
	leaf b 5 40 parent x
	leaf c 3 32 parent y
	leaf d 6 14 parent y
	row 1000 40 0 0 0
	row 0100 0 40 0 0
	row 0010 0 0 32 0
	row 0001 0 0 0 14
	# of x's 20, 5 are left; of the root 20: both times 2/3 and 1/3
	row 1100 26.667 13.333 0 0
	# each has all of its parent's: 20 and 12; of the root's 8: 10/13 and 3/13
	row 1010 26.154 0 13.846 0
	# d takes 2 of them
	row 1001 26 0 0 14
	# 5/8 and 3/8
	row 0110 0 25 15 0
	row 0101 0 26 0 14
	# y's ceil is 32, d's is 14
	row 0011 0 0 18 14
	# x 13.333 and 6.667, y 12; of 8: 10/18, 5/18 and 3/18
	row 1110 17.778 8.889 13.333 0
	# d takes 2 of 8, the others 4 and 2
	row 1101 17.333 8.667 0 14
	# x 20, y 4 and 8; of 8: 10/19, 3/19 and 6/19
	row 1011 24.211 0 5.263 10.526
	# 5/14, 3/14 and 6/14
	row 0111 0 22.857 5.714 11.429
	# 10/24, 5/24, 3/24 and 6/24
	row 1111 16.667 8.333 5 10
}

run_tests
