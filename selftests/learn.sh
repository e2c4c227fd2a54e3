#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# learn.sh: the table of addresses: learning, moves, ageing, fixed entries, flushing, and limits that are fair.
#
#      h1            h2            h3            h4
#   p1 |          p2 |          p3 |          p4 |
#  +---o-------------o-------------o-------------o---+
#  |                   network red                   |
#  +-------------------------------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	learns_the_source
	learns_per_tag
	moves
	ages
	traffic_keeps_an_address
	never_ages
	static_entries_stay
	static_replaces_learned
	sticky_entries_bind
	deleting_an_address
	flush
	flush_of_one_member
	learning_off
	dropped_frames_are_not_learned
	tables_are_separate
	member_limit
	network_limit_is_fair
	a_full_table_takes_a_newcomer
	limits_of_fixed_entries
	a_flood_of_addresses_harms_nobody
	removed_members_leave_nothing"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02
M3=02:00:00:00:00:03
M4=02:00:00:00:00:04
X=02:00:00:00:99:01

setup()
{
	local i

	host h1 p1 $M1
	host h2 p2 $M2
	host h3 p3 $M3
	host h4 p4 $M4
	for i in 1 2 3 4; do
		vq port add p$i
	done
}

# red_network [KEYS...]: red with h1, h2, h3
red_network()
{
	local p

	with_network red "$@"
	for p in p1 p2 p3; do
		vq member add $p network red
	done
}

kind_of()
{
	vnetctl -j fdb show red "$1" | jq -r --arg mac "$1" '.[] | select(.mac == $mac) | .kind'
}

age_of()
{
	vnetctl -j fdb show red "$1" | jq -r --arg mac "$1" '.[] | select(.mac == $mac) | .age_ms'
}

is_unknown()
{
	[ -z "$(fdb_where red "$1")" ]
}

learns_the_source()
{
	red_network
	check_eq "addresses at first" "$(fdb_count red)" 0
	probe from=h2,k=uni,d=h1,x=h1+h3
	check_eq "where h2 is" "$(fdb_where red $M2)" p2
	check_eq "kind of h2" "$(kind_of $M2)" learned
	check_eq "h1 is not known by being a destination" "$(fdb_where red $M1)" ""
	probe from=h1,k=uni,d=h2,x=h2 from=h3,k=udp4,d=h1,x=h1 from=h2,k=tcp6,d=h3,x=h3
	check_eq "addresses" "$(fdb_count red)" 3
	check_eq "addresses of p1" "$(member_get p1 macs)" 1
	check_eq "addresses of the network" "$(network_get red macs)" 3
}

learns_per_tag()
{
	with_network red
	vq member add p1 vlan 5 network red
	vq member add p1 svlan 6 cvlan 7 network red
	vq member add p2 network red
	probe from=h1,k=bcast,s=02:00:00:00:05:01,t=v5,x=h1:s6.v7+h2 \
	      from=h1,k=bcast,s=02:00:00:00:05:02,t=s6.v7,x=h1:v5+h2
	check_eq "behind vlan 5" "$(fdb_where red 02:00:00:00:05:01)" p1:vlan:5
	check_eq "behind svlan 6 cvlan 7" "$(fdb_where red 02:00:00:00:05:02)" p1:svlan:6:cvlan:7
	probe from=h2,k=uni,d=02:00:00:00:05:01,x=h1:v5 from=h2,k=uni,d=02:00:00:00:05:02,x=h1:s6.v7
}

moves()
{
	local moved

	red_network
	probe from=h1,k=bcast,s=$X,x=h2+h3 from=h3,k=uni,d=$X,x=h1
	check_eq "at first" "$(fdb_where red $X)" p1
	moved=$(vnetctl -j -s network show red | jq '.[0].moved')
	probe from=h2,k=bcast,s=$X,x=h1+h3 from=h3,k=uni,d=$X,x=h2
	check_eq "after it has moved" "$(fdb_where red $X)" p2
	check_eq "moves counted" $(($(vnetctl -j -s network show red | jq '.[0].moved') - moved)) 1
	check_eq "addresses of p1" "$(member_get p1 macs)" 0
	check_eq "addresses of p2" "$(member_get p2 macs)" 1
	probe from=h1,k=bcast,s=$X,x=h2+h3 from=h2,k=bcast,s=$X,x=h1+h3 from=h1,k=bcast,s=$X,x=h2+h3 \
	      from=h3,k=uni,d=$X,x=h1
}

ages()
{
	red_network ageing 300ms
	probe from=h1,k=bcast,x=h2+h3
	wait_for "h1 is forgotten" is_unknown $M1
	check_eq "addresses" "$(network_get red macs)" 0
	check_eq "addresses of p1" "$(member_get p1 macs)" 0
	probe from=h2,k=uni,d=h1,x=h1+h3
	probe from=h1,k=bcast,x=h2+h3
	vq network set red ageing 1h
	probe from=h1,k=bcast,x=h2+h3 from=h2,k=uni,d=h1,x=h1
}

traffic_keeps_an_address()
{
	red_network ageing 1h
	probe from=h1,k=bcast,x=h2+h3
	wait_for "h1 has an age" is_ge 1500 age_of $M1
	younger()
	{
		probe from=h1,k=uni,d=h2
		(($(age_of $M1) < 1500))
	}
	wait_for "h1 is young again" younger
}

never_ages()
{
	red_network ageing 100ms
	vq network set red ageing never
	check_eq "ageing" "$(network_get red ageing_ms)" 0
	probe from=h1,k=bcast,x=h2+h3
	wait_for "an age beyond the former limit" is_ge 500 age_of $M1
	check_eq "where h1 is" "$(fdb_where red $M1)" p1
}

static_entries_stay()
{
	red_network ageing 100ms
	vq fdb add red $X dev p2 static
	check_eq "kind" "$(kind_of $X)" static
	probe from=h1,k=uni,d=$X,x=h2
	# another member may use it, but does not get it
	expect_no_drop mac_sticky p1 probe from=h1,k=bcast,s=$X,x=h2+h3
	check_eq "where it is" "$(fdb_where red $X)" p2
	probe from=h1,k=bcast,x=h2+h3
	wait_for "a learned address is forgotten" is_unknown $M1
	check_eq "where it is" "$(fdb_where red $X)" p2
	probe from=h3,k=uni,d=$X,x=h2
}

static_replaces_learned()
{
	red_network
	probe from=h1,k=bcast,s=$X,x=h2+h3
	vq fdb add red $X dev p3 static
	check_eq "where it is" "$(fdb_where red $X)" p3
	check_eq "kind" "$(kind_of $X)" static
	check_eq "addresses of p1" "$(member_get p1 macs)" 0
	probe from=h1,k=uni,d=$X,x=h3
}

sticky_entries_bind()
{
	red_network
	vq fdb add red $X dev p2 sticky
	check_eq "kind" "$(kind_of $X)" sticky
	expect_drop mac_sticky=2 p1 probe from=h1,k=bcast,s=$X,x=- from=h1,k=udp4,s=$X,d=h2,x=-
	expect_no_drop mac_sticky p2 probe from=h2,k=bcast,s=$X,x=h1+h3
	check_eq "where it is" "$(fdb_where red $X)" p2
	vq fdb del red $X
	expect_no_drop mac_sticky p1 probe from=h1,k=bcast,s=$X,x=h2+h3
	check_eq "where it is" "$(fdb_where red $X)" p1
}

deleting_an_address()
{
	red_network
	probe from=h1,k=bcast,x=h2+h3
	vq fdb del red $M1
	check_eq "where h1 is" "$(fdb_where red $M1)" ""
	probe from=h2,k=uni,d=h1,x=h1+h3
	check_err "deleting it again" 2 . vnetctl fdb del red $M1
	vq fdb del red $M1 if-exists
}

flush()
{
	red_network
	vq fdb add red $X dev p2 static
	vq fdb add red 02:00:00:00:99:02 dev p3 sticky
	probe from=h1,k=bcast,n=50,inc=src,s=02:00:00:00:50:00,x=h2+h3
	check_eq "addresses" "$(fdb_count red)" 52
	vq fdb flush red
	check_eq "addresses after a flush" "$(fdb_count red)" 2
	probe from=h3,k=uni,d=02:00:00:00:50:07,x=h1+h2
	check_eq "learned after a flush" "$(fdb_where red $M3)" p3
	vq fdb flush red all
	check_eq "addresses after a flush of all" "$(fdb_count red)" 0
	check_eq "addresses of the network" "$(network_get red macs)" 0
}

flush_of_one_member()
{
	red_network
	vq member add p1 vlan 5 network red
	vq fdb add red $X dev p1 static
	probe from=h1,k=bcast,x=h1:v5+h2+h3 from=h1,k=bcast,t=v5,s=02:00:00:00:00:51,x=h1+h2+h3 \
	      from=h2,k=bcast,x=h1+h1:v5+h3
	vq fdb flush red dev p1
	check_eq "h1" "$(fdb_where red $M1)" ""
	check_eq "its tagged member" "$(fdb_where red 02:00:00:00:00:51)" p1:vlan:5
	check_eq "h2" "$(fdb_where red $M2)" p2
	check_eq "static" "$(fdb_where red $X)" p1
	vq fdb flush red dev p1 all
	check_eq "static" "$(fdb_where red $X)" ""
	check_eq "addresses" "$(fdb_count red)" 2
}

learning_off()
{
	red_network
	vq member set p1 learning off
	probe from=h1,k=bcast,x=h2+h3 from=h2,k=uni,d=h1,x=h1+h3
	check_eq "h1" "$(fdb_where red $M1)" ""
	check_eq "h2" "$(fdb_where red $M2)" p2
	vq fdb add red $M1 dev p1 static
	probe from=h2,k=uni,d=h1,x=h1
	vq fdb del red $M1
	vq member set p1 learning on
	probe from=h1,k=bcast,x=h2+h3 from=h2,k=uni,d=h1,x=h1
}

dropped_frames_are_not_learned()
{
	red_network
	vq member set p1 guard-mac $M1
	vq rule add red r prio 1 egress dev p2 ethertype ipv4 drop
	expect_drop guard_mac=1 p1 probe from=h1,k=bcast,s=$X,x=-
	expect_drop rule_egress=1 p2 probe from=h2,k=udp4,s=$X,d=h3,x=-
	check_eq "where it is" "$(fdb_where red $X)" ""
	probe from=h2,k=uni,s=$X,d=h3,x=h1+h3
	check_eq "where it is" "$(fdb_where red $X)" p2
}

tables_are_separate()
{
	with_network red
	with_network blue
	vq member add p1 network red
	vq member add p2 network red
	vq member add p3 network blue
	vq member add p4 network blue
	probe from=h1,k=bcast,s=$X,x=h2 from=h4,k=bcast,s=$X,x=h3
	check_eq "in red" "$(fdb_where red $X)" p1
	check_eq "in blue" "$(fdb_where blue $X)" p4
	probe from=h2,k=uni,d=$X,x=h1 from=h3,k=uni,d=$X,x=h4
	vq fdb flush red
	check_eq "in blue" "$(fdb_where blue $X)" p4
}

evicted()
{
	vnetctl -j -s network show red | jq '.[0].evicted'
}

member_limit()
{
	red_network
	vq member set p1 max-macs 10
	probe from=h2,k=bcast,x=h1+h3 from=h3,k=bcast,x=h1+h2 \
	      from=h1,k=bcast,n=30,inc=src,s=02:00:00:00:51:00,x=h2+h3
	check_eq "addresses of p1" "$(member_get p1 macs)" 10
	check_eq "addresses" "$(fdb_count red)" 12
	check_num "evicted" "$(evicted)" -ge 20
	check_eq "evicted of p1" "$(member_query .evicted p1)" "$(evicted)"
	check_eq "evicted of p2" "$(member_query .evicted p2)" 0
	check_eq "not learned" "$(member_query .unlearned p1)" 0
	check_eq "h2" "$(fdb_where red $M2)" p2
	check_eq "h3" "$(fdb_where red $M3)" p3
	check_eq "the newest address" "$(fdb_where red 02:00:00:00:51:1d)" p1
	check_err "a limit below what is in use" 2 . vnetctl member set p1 max-macs 5
	vq member set p1 max-macs 40
	probe from=h1,k=bcast,n=30,inc=src,s=02:00:00:00:52:00,x=h2+h3
	check_eq "addresses of p1" "$(member_get p1 macs)" 40
	# nothing of its own can make room: the address is not learned
	vq fdb flush red all
	vq member set p2 max-macs 1
	vq fdb add red 02:00:00:00:53:00 dev p2 static
	probe from=h2,k=bcast,n=3,x=h1+h3
	check_eq "not learned" "$(member_query .unlearned p2)" 3
	check_eq "h2" "$(fdb_where red $M2)" ""
	check_eq "addresses of p2" "$(member_get p2 macs)" 1
}

network_limit_is_fair()
{
	red_network max-macs 20
	probe from=h2,k=bcast,x=h1+h3 from=h3,k=bcast,x=h1+h2 \
	      from=h1,k=bcast,n=200,inc=src,s=02:00:00:00:51:00,x=h2+h3
	check_eq "addresses" "$(network_get red macs)" 20
	check_eq "h2" "$(fdb_where red $M2)" p2
	check_eq "h3" "$(fdb_where red $M3)" p3
	check_eq "addresses of p1" "$(member_get p1 macs)" 18
	# no frame of the victims reaches the attacker
	probe from=h2,k=uni,d=h3,n=20,x=h3 from=h3,k=udp4,d=h2,n=20,x=h2
	check_err "a limit below what is in use" 2 . vnetctl network set red max-macs 10
}

a_full_table_takes_a_newcomer()
{
	red_network max-macs 20
	vq member add p4 network red
	probe from=h2,k=bcast,x=h1+h3+h4 from=h1,k=bcast,n=100,inc=src,s=02:00:00:00:51:00,x=h2+h3+h4
	probe from=h4,k=bcast,x=h1+h2+h3
	check_eq "h4" "$(fdb_where red $M4)" p4
	check_eq "h2" "$(fdb_where red $M2)" p2
	check_eq "addresses" "$(network_get red macs)" 20
	probe from=h2,k=uni,d=h4,x=h4 from=h4,k=uni,d=h2,x=h2
}

limits_of_fixed_entries()
{
	red_network max-macs 4
	vq fdb add red 02:00:00:00:99:01 dev p1 static
	vq fdb add red 02:00:00:00:99:02 dev p1 static
	vq fdb add red 02:00:00:00:99:03 dev p2 sticky
	probe from=h3,k=bcast,x=h1+h2
	# a fixed entry takes the place of a learned one, but of no fixed one
	vq fdb add red 02:00:00:00:99:04 dev p2 static
	check_eq "addresses" "$(network_get red macs)" 4
	check_err "one more" 2 . vnetctl fdb add red 02:00:00:00:99:05 dev p3 static
	# nothing can be learned, and frames go on
	probe from=h3,k=bcast,x=h1+h2 from=h1,k=uni,d=h3,x=h2+h3 from=h3,k=uni,d=02:00:00:00:99:03,x=h2
	check_eq "addresses" "$(network_get red macs)" 4
	check_eq "fixed ones" "$(fdb_count red static)" 3
	vq network set red max-macs 100
	vq member set p1 max-macs 2
	check_err "one more of a full member" 2 . vnetctl fdb add red 02:00:00:00:99:06 dev p1 static
	vq fdb add red 02:00:00:00:99:06 dev p2 static
}

a_flood_of_addresses_harms_nobody()
{
	local n=20000 limit=4000

	[ "$VNET_SLOW" = 1 ] && n=2000 limit=400
	red_network max-macs $limit
	vq member add p4 network red
	probe from=h2,k=bcast,x=h1+h3+h4 from=h3,k=bcast,x=h1+h2+h4
	# while h1 floods, what h2 and h3 say to each other stays between them
	background frame send --ep=${ENDPOINTS[h1]} from=h1,k=uni,d=$M2,n=$n,inc=src,s=02:00:00:10:00:00 >/dev/null
	probe from=h2,k=uni,d=h3,n=500,x=h3 from=h3,k=udp4,d=h2,n=500,x=h2
	wait $BG
	probe from=h2,k=uni,d=h3,n=500,x=h3 from=h3,k=udp4,d=h2,n=500,x=h2
	check_eq "addresses" "$(network_get red macs)" $limit
	check_eq "addresses of p1" "$(member_get p1 macs)" $((limit - 2))
	check_num "evicted" "$(evicted)" -ge $((n - limit))
}

removed_members_leave_nothing()
{
	red_network
	vq member add p1 vlan 5 network red
	vq fdb add red $X dev p1 sticky
	probe from=h1,k=bcast,n=10,inc=src,s=02:00:00:00:51:00,x=h1:v5+h2+h3 \
	      from=h1,k=bcast,t=v5,s=02:00:00:00:51:50,x=h1+h2+h3
	vq member del p1
	check_eq "addresses" "$(fdb_count red)" 1
	probe from=h2,k=uni,d=$X,x=h1:v5+h3
	vq port del p1 keep-up
	check_eq "addresses" "$(fdb_count red)" 1
	check_eq "h2" "$(fdb_where red $M2)" p2
	vq port add p1
	vq member add p1 network red
	probe from=h1,k=bcast,x=h2+h3
}

run_tests
