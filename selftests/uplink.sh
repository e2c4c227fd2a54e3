#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# uplink.sh: a port with a capacity: networks share it by guarantee, priority and weight; promises are checked when made.
#
#    h1            h2            h3                       far
#   p1 |          p2 |          p3 |             up0 |  tag 10: far10   tag 20: far20
#  +---o-------------o-------------o-----------------o---+
#  |  red (p1, p3, up0 tag 10)      blue (p2, up0 tag 20)  |
#  +-------------------------------------------------------+
#
# What is measured, and when it is judged: lib_shape.sh.

. "$(dirname "$0")/lib.sh"
. "$TESTDIR/lib_shape.sh"

ALL_TESTS="
	without_capacity_nothing_is_shared
	shares_follow_guarantees
	what_one_leaves_is_lent
	weights_and_prios_decide
	ceil_of_a_network
	a_flood_is_its_own_problem
	the_other_direction
	local_frames_do_not_count
	frames_are_dropped_with_a_reason
	shares_are_told
	promises_are_checked
	children_are_promised_no_more_than_there_is
	overcommit
	the_link_says
	capacity_changes_under_backlog
	members_leave_under_backlog
	the_port_leaves_under_backlog
	values_out_of_range"

setup()
{
	local i vid

	for i in 1 2 3; do
		host h$i p$i 02:00:00:00:00:0$i
		vq port add p$i
	done
	host far up0 02:00:00:00:00:09
	# its devices with tags are the endpoints
	unset 'ENDPOINTS[far]'
	vq port add up0 uplink
	for vid in 10 20; do
		on far ip link add link eth0 name far$vid type vlan id $vid || skip "no VLAN devices in this kernel"
		on far ip link set far$vid address 02:00:00:00:00:$vid
		on far ip link set far$vid up
		ENDPOINTS[far$vid]=far$vid=$far/far$vid@up0
	done
}

# both [CAPACITY]: the networks as drawn, and what up0 carries
both()
{
	with_network red
	with_network blue
	vq member add p1 network red
	vq member add p3 network red
	vq member add up0 vlan 10 network red
	vq member add p2 network blue
	vq member add up0 vlan 20 network blue
	vq fdb add red 02:00:00:00:00:01 dev p1
	vq fdb add red 02:00:00:00:00:03 dev p3
	vq fdb add red 02:00:00:00:00:10 dev up0 vlan 10
	vq fdb add blue 02:00:00:00:00:02 dev p2
	vq fdb add blue 02:00:00:00:00:20 dev up0 vlan 20
	defer vq port set up0 capacity none overcommit 100%
	[ -z "${1:-}" ] || vq port set up0 capacity $1
}

# shares HOST1 MBIT1 HOST2 MBIT2: on a busy machine steps of a millisecond are late, and rates only about right
shares()
{
	if [ "$EXACT" = 1 ]; then
		check_share "$@"
	else
		check_rate $1 $2
		check_rate $3 $4
	fi
}

# where whatever waits for a disk takes seconds nobody can look at frames that leave once a second
with_seconds()
{
	[ "$EXACT" = 0 ] || skip "virtual time flies between two commands"
}

# patient NETWORK: its frames may wait as long as it takes
patient()
{
	vq class set $1 root delay-target none delay-limit none
}

# guarantee NETWORK RATE [KEYS...]: of its root class
guarantee()
{
	vq class set $1 root rate $2 "${@:3}"
}

# share_get DEV NETWORK FIELD
share_get()
{
	vnetctl -j -s share show $1 network $2 | jq -r ".[0].$3"
}

out_at_once()
{
	load --time=4 --warm=1 "$(flow h1 far10 ${1:-16} 1000)" "$(flow h2 far20 ${2:-16} 1000)"
}

without_capacity_nothing_is_shared()
{
	both
	guarantee red 1mbit ceil 100mbit
	check_eq "shares" "$(vnetctl -j share show | jq length)" 0
	check_eq "in force" "$(vnetctl -j class show red root | jq -r '.[0].in_force')" no-capacity
	probe from=h1,k=udp4,d=far10,n=20,x=far10
}

shares_follow_guarantees()
{
	both 8mbit
	guarantee red 6mbit ceil 8mbit
	guarantee blue 2mbit ceil 8mbit
	check_eq "in force" "$(vnetctl -j class show red root | jq -r '.[0].in_force')" yes
	out_at_once
	shares far10 6 far20 2
}

what_one_leaves_is_lent()
{
	both 8mbit
	guarantee red 2mbit ceil 8mbit
	guarantee blue 6mbit ceil 8mbit
	out_at_once 16 1
	check_rate far20 1
	check_rate far10 7
	# nobody else: all of it
	load --time=3 --warm=1 "$(flow h1 far10 16 1000)"
	check_rate far10 8
}

weights_and_prios_decide()
{
	both 8mbit
	guarantee red 1mbit ceil 8mbit weight 1
	guarantee blue 1mbit ceil 8mbit weight 2
	out_at_once
	shares far10 3 far20 5
	vq class set red root prio 0
	vq class set blue root prio 1
	out_at_once
	check_rate far10 7
	check_rate far20 1
	check_num "bit/s at far10" "$(bps far10)" -gt $(($(bps far20) * 4))
}

ceil_of_a_network()
{
	both 8mbit
	guarantee red none ceil 3mbit
	check_eq "rate of red" "$(vnetctl -j class show red root | jq -r '.[0].rate')" 0
	load --time=3 --warm=1 "$(flow h1 far10 16 1000)"
	check_rate far10 3
	# the cap is on all its frames, not only on those that leave
	load --time=3 --warm=1 "$(flow h1 h3 16 1000)"
	check_rate h3 3
}

# Who sends no more than it is guaranteed loses no frame to one that floods.
a_flood_is_its_own_problem()
{
	both 8mbit
	guarantee blue 4mbit ceil 8mbit
	out_at_once 40 2
	check_rate far20 2
	check_eq "drops at blue's uplink" "$(all_drops up0:vlan:20)" 0
	check_eq "drops at blue's guest" "$(all_drops p2)" 0
	check_num "drops of red" "$(drops up0:vlan:10 uplink_ingress)" -gt 0
}

the_other_direction()
{
	both 8mbit
	guarantee red 6mbit ceil 8mbit
	guarantee blue 2mbit ceil 8mbit
	load --time=4 --warm=1 "$(flow far10 h1 16 1000)" "$(flow far20 h2 16 1000)"
	shares h1 6 h2 2
	check_num "drops of red" "$(drops up0:vlan:10 uplink_egress)" -gt 0
	check_eq "ingress frames of red's share" "$(share_get up0 red ingress.packets)" 0
}

local_frames_do_not_count()
{
	both 100kbit
	load --time=2 --warm=0.5 "$(flow h1 h3 8 1000)"
	check_rate h3 8
	check_eq "frames of red's share" "$(share_get up0 red ingress.packets)" 0
}

frames_are_dropped_with_a_reason()
{
	local sent=600 got held

	both 8kbit
	patient red
	send_frames from=h1,k=udp4,d=02:00:00:00:00:10,size=1000,n=$sent
	got=$(drops up0:vlan:10 uplink_ingress)
	check_num "drops" "$got" -gt 300
	check_eq "drops of the share" "$(share_get up0 red ingress.dropped)" "$got"
	check_eq "drops of the sender" "$(all_drops p1)" 0
	# One goes each second meanwhile, and a second is short where nobody waits for it.
	held=$(share_get up0 red ingress.queued_packets)
	check_num "held" "$(member_stat up0:vlan:10 queued_packets)" -le "$held"
	check_num "held and gone" "$((held + $(member_stat up0:vlan:10 ingress_packets)))" -ge $((sent - got))
	check_num "held" "$held" -gt 100
}

shares_are_told()
{
	both 10mbit
	guarantee red 6mbit ceil 9mbit prio 3 weight 5
	check_eq "shares" "$(vnetctl -j share show up0 | jq length)" 2
	check_eq "shares of blue" "$(vnetctl -j share show network blue | jq -r '.[].port')" up0
	check_eq "share of red" "$(vnetctl -j share show up0 network red |
		jq -c '.[0] | [.guarantee, .ceil, .prio, .weight, .in_force]')" '[6000000,9000000,3,5,"yes"]'
	check_match "text" "$(vnetctl share show)" "red +6mbit +9mbit +3 +5 +yes +6mbit"
	check_eq "port" "$(vnetctl -j port show up0 | jq -c '.[0] | [.capacity, .overcommit, .capacity_now, .guaranteed]')" \
		'[10000000,100,10000000,6000000]'
	check_match "text of the port" "$(vnetctl port show up0)" "capacity 10mbit.*guaranteed 6mbit.*in-force yes"
	probe from=h1,k=udp4,d=far10,n=20,x=far10
	check_eq "frames" "$(share_get up0 red ingress.packets)" 20
	refused "no capacity, or the network no member" share show p1 network red
	vq member del up0 vlan 20
	check_eq "shares" "$(vnetctl -j share show | jq length)" 1
	# a second member of the same network has part of the same share
	vq member add up0 vlan 30 network red
	check_eq "shares" "$(vnetctl -j share show | jq length)" 1
	vq member del up0 vlan 10
	check_eq "shares" "$(vnetctl -j share show | jq length)" 1
}

promises_are_checked()
{
	both 10mbit
	guarantee red 7mbit ceil 10mbit
	guarantee blue 3mbit ceil 10mbit
	refused "up0: guarantees of 10001 > 10000 kbit/s x 100 %" class set blue root rate 3001kbit
	check_eq "rate of blue" "$(vnetctl -j class show blue root | jq -r '.[0].rate')" 3000000
	refused "guarantees of 10000 > 9000 kbit/s" port set up0 capacity 9mbit
	check_eq "capacity" "$(vnetctl -j port show up0 | jq -r '.[0].capacity')" 10000000
	with_network green
	guarantee green 1mbit
	refused "guarantees of 11000 > 10000 kbit/s" member add up0 vlan 30 network green
	check_eq "members of green" "$(network_get green members)" 0
	guarantee red 6mbit
	vq member add up0 vlan 30 network green
	# a capacity that comes later is checked as well
	vq port set up0 capacity none
	guarantee blue 50mbit ceil 50mbit
	refused "guarantees of 57000 > 10000 kbit/s" port set up0 capacity 10mbit
}

children_are_promised_no_more_than_there_is()
{
	with_network red
	guarantee red 10mbit ceil 20mbit
	vq class add red a rate 6mbit
	refused "children of root: 10001 kbit/s > its 10000 kbit/s" class add red b rate 4001kbit
	vq class add red b rate 4mbit ceil 20mbit
	refused "children of root: 11000 kbit/s > its 10000 kbit/s" class set red b rate 5mbit
	refused "its children are promised 10000 kbit/s" class set red root rate 9mbit
	vq class add red c parent b rate 4mbit
	refused "its children are promised 4000 kbit/s" class set red b rate 3mbit
}

overcommit()
{
	both 10mbit
	guarantee red 10mbit
	refused "guarantees of 15000 > 10000 kbit/s x 100 %" class set blue root rate 5mbit
	vq port set up0 overcommit 150%
	guarantee blue 5mbit
	check_eq "in force" "$(vnetctl -j port show up0 | jq -r '.[0].in_force')" yes
	refused "guarantees of 15000 > 10000 kbit/s x 100 %" port set up0 overcommit 100%
	check_err "a number without its unit" 1 "percentage" vnetctl port set up0 overcommit 120
}

in_force()
{
	vnetctl -j port show up0 | jq -r '.[0].in_force'
}

the_link_says()
{
	both
	guarantee red 10mbit
	vq port set up0 capacity link
	check_eq "capacity" "$(vnetctl -j port show up0 | jq -r '.[0].capacity')" link
	# a pair of veth devices says that it has 10 Gbit/s
	check_eq "what the link says" "$(vnetctl -j port show up0 | jq -r '.[0].capacity_now')" 10000000000
	check_eq "in force" "$(in_force)" yes
	on far ip link set eth0 down
	defer on far ip link set far10 up
	defer on far ip link set far20 up
	defer on far ip link set eth0 up
	wait_for "no speed is known" is_eq unknown in_force
	check_eq "of red" "$(vnetctl -j class show red root | jq -r '.[0].in_force')" unknown
	check_eq "capacity" "$(vnetctl -j port show up0 | jq -r '.[0].capacity_now')" 0
	on far ip link set eth0 up
	wait_for "the speed is back" is_eq yes in_force
}

capacity_changes_under_backlog()
{
	local held

	with_seconds
	both 8kbit
	patient red
	send_frames from=h1,k=udp4,d=02:00:00:00:00:10,size=1000,n=100
	held=$(share_get up0 red ingress.queued_packets)
	check_num "held" "$held" -gt 80
	vq port set up0 capacity 100mbit
	wait_for "all has left" is_eq 0 share_get up0 red ingress.queued_packets
	vq port set up0 capacity 8kbit
	send_frames from=h1,k=udp4,d=02:00:00:00:00:10,size=1000,n=100
	vq port set up0 capacity none
	wait_for "all has left" is_eq 0 member_stat up0:vlan:10 queued_packets
	check_eq "drops" "$(all_drops up0:vlan:10)" 0
	check_eq "frames sent" "$(member_stat up0:vlan:10 ingress_packets)" 200
}

members_leave_under_backlog()
{
	with_seconds
	both 8kbit
	patient red
	send_frames from=h1,k=udp4,d=02:00:00:00:00:10,size=1000,n=50 from=h3,k=udp4,d=02:00:00:00:00:10,size=1000,n=50
	check_num "held" "$(share_get up0 red ingress.queued_packets)" -gt 80
	# the sender's frames go with it, the others stay
	vq member del p1
	check_num "held" "$(share_get up0 red ingress.queued_packets)" -le 50
	check_num "held" "$(share_get up0 red ingress.queued_packets)" -gt 30
	vq member del up0 vlan 10
	check_eq "shares" "$(vnetctl -j share show network red | jq length)" 0
	wait_for "frames are given up" is_ge 80 network_get red stats.drops.member_gone
}

the_port_leaves_under_backlog()
{
	with_seconds
	both 8kbit
	patient red
	send_frames from=h1,k=udp4,d=02:00:00:00:00:10,size=1000,n=50 from=far10,k=udp4,d=02:00:00:00:00:01,size=1000,n=50
	check_num "held" "$(share_get up0 red ingress.queued_packets)" -gt 30
	vq port del up0
	defer vq port add up0 uplink
	wait_for "frames are given up" is_ge 60 network_get red stats.drops.member_gone
	check_eq "shares" "$(vnetctl -j share show | jq length)" 0
}

values_out_of_range()
{
	refused "up to 1000000000000 bit/s" port set up0 capacity 2tbit
	check_err "too much" 1 "too large" vnetctl port set up0 overcommit 20000%
	check_err "no weight" 1 "too small" vnetctl class set red root weight 0
	check_err "a word" 1 "link for the link's speed" vnetctl port set up0 capacity some
}

run_tests
