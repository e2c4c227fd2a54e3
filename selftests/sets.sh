#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# sets.sh: named sets: every type and direction, elements that come and go under traffic, limits, isolation.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_rules.sh
. "$(dirname "$0")/lib_rules.sh"
# shellcheck source=selftests/lib_monitor.sh
. "$(dirname "$0")/lib_monitor.sh"

ALL_TESTS="
	empty_set_matches_nothing
	source_addresses
	destination_addresses
	source_ports
	destination_ports
	source_macs
	destination_macs
	source_pairs
	destination_pairs
	groups_of_members
	tagged_members
	members_that_go
	members_under_traffic
	many_prefix_lengths
	inverted_sets
	ingress_and_other_fields
	several_sets_in_a_rule
	elements_count_at_once
	add_and_del_are_all_or_nothing
	ranges_of_ports_come_and_go
	replace_is_all_or_nothing
	elements_under_traffic
	held_frames_are_judged_again
	used_sets_stay
	rules_that_are_loaded
	elements_are_shown
	wrong_elements
	wrong_sets_in_rules
	limits
	isolation
	deleted_network
	hundred_thousand_elements"

# one_set TYPE [ELEMENTS]: the set `s`, which no rule uses
one_set()
{
	vq rule del red r if-exists
	vq set del red s if-exists
	vq set add red s type "$1"
	[ -z "${2:-}" ] || vq set element-add red s "$2"
}

# set_get NETWORK SET KEY
set_get()
{
	vnetctl -j set show "$1" "$2" | jq -r ".[0].$3"
}

# elements NETWORK SET: in one line
elements()
{
	vnetctl -j set elements "$1" "$2" | jq -r '[.[].element] | join(" ")'
}

empty_set_matches_nothing()
{
	local type key

	red_network
	for type in addresses:src-set ports:dport-set macs:src-mac-set pairs:dst-pair-set members:member-set; do
		key=${type#*:}
		one_set "${type%:*}"
		one_rule "$key" s
		hits "" "k=udp4 k=tcp6 k=arp k=uni"
	done
}

source_addresses()
{
	red_network
	one_set addresses 10.0.0.1,10.1.0.0/16,fd00::1,fd01::/32
	one_rule src-set s
	hits "k=udp4 k=tcp4,sip=10.1.255.255 k=udp6 k=icmp6,sip=fd01:0:ffff::9 k=udp4,frag=later" \
	     "k=udp4,sip=10.0.0.2 k=udp4,sip=10.2.0.0 k=tcp6,sip=fd00::2 k=udp6,sip=fd01:1::1 k=arp k=uni"
	one_set addresses 0.0.0.0/0
	one_rule src-set s
	hits "k=udp4 k=tcp4,sip=255.255.255.255" "k=udp6 k=arp k=uni"
}

destination_addresses()
{
	red_network
	one_set addresses 10.0.0.2,fd00::2,fd02::/16
	one_rule dst-set s
	hits "k=udp4 k=tcp6 k=udp6,dip=fd02::1" "k=udp4,dip=10.0.0.3 k=udp6,dip=fd00::3 k=udp4,sip=10.0.0.2,dip=10.0.0.9 k=arp"
}

source_ports()
{
	red_network
	one_set ports 53,1000-1999,65535
	one_rule sport-set s
	hits "k=udp4,sport=53 k=tcp6,sport=1000 k=tcp4,sport=1999 k=sctp4,sport=1500 k=udp6,sport=65535" \
	     "k=udp4,sport=54 k=tcp4,sport=999 k=tcp4,sport=2000 k=udp4,sport=9,dport=53 k=icmp4 k=udp4,frag=later"
}

destination_ports()
{
	red_network
	one_set ports 0,80-81
	one_rule proto tcp dport-set s
	hits "k=tcp4,dport=80 k=tcp6,dport=81 k=tcp4,dport=0" "k=udp4,dport=80 k=tcp4,dport=82 k=tcp4,sport=80,dport=9"
	one_rule dport-set s
	hits "k=udp4,dport=80 k=tcp4,dport=80" "k=icmp4 k=uni k=udp4,dport=79"
}

source_macs()
{
	red_network
	one_set macs 02:00:00:00:77:01,02:00:00:00:77:03
	one_rule src-mac-set s
	hits "k=uni,s=02:00:00:00:77:01 k=udp4,s=02:00:00:00:77:03 k=arp,s=02:00:00:00:77:01" \
	     "k=uni,s=02:00:00:00:77:02 k=uni k=arp,sha=02:00:00:00:77:01"
}

destination_macs()
{
	red_network
	one_set macs 33:33:00:00:77:77,ff:ff:ff:ff:ff:ff
	one_rule dst-mac-set s
	hits "k=bcast,d=ff:ff:ff:ff:ff:ff k=mc6,d=33:33:00:00:77:77" "k=uni k=udp6"
}

source_pairs()
{
	red_network
	one_set pairs 10.0.0.1:53,10.8.0.0/16:99,[fd00::1]:53
	one_rule src-pair-set s
	hits "k=udp4,sport=53 k=tcp4,sip=10.8.1.1,sport=99 k=udp6,sport=53" \
	     "k=udp4,sport=54 k=udp4,sip=10.0.0.2,sport=53 k=udp4,sip=10.8.1.1,sport=53 k=udp6,sip=fd00::2,sport=53 k=icmp4"
}

destination_pairs()
{
	red_network
	one_set pairs 10.0.0.2:443,[fd00::/16]:443,0.0.0.0/0:22
	one_rule dst-pair-set s
	hits "k=tcp4,dport=443 k=tcp6,dport=443 k=udp6,dip=fd00:ffff::1,dport=443 k=tcp4,dip=1.2.3.4,dport=22" \
	     "k=tcp4,dport=444 k=tcp6,dport=22 k=tcp4,dip=10.0.0.3,dport=443 k=tcp4,sport=443,dport=9"
}

many_prefix_lengths()
{
	local i list="" inside="" outside=""

	red_network
	for i in $(seq 9 32); do
		list+=",$i.1.2.4/$i"
	done
	one_set addresses "${list#,}"
	one_rule src-set s
	for i in $(seq 9 32); do
		inside+=" k=udp4,sip=$i.1.2.4"
		[ "$i" -lt 30 ] || outside+=" k=udp4,sip=$i.1.2.8"
	done
	hits "$inside" "$outside k=udp4,sip=8.1.2.4 k=udp4,sip=33.1.2.4"
	check_eq "elements" "$(set_get red s elements)" 24
}

# Egress is about who sends, ingress about who receives, whatever the frame is.
groups_of_members()
{
	red_network
	one_set members p1,p3
	one_rule member-set s
	hits "k=udp4 k=uni k=arp k=udp6,frag=later" ""
	expect_drop rule_egress=1 p3 probe from=h3,k=udp4,d=h2,x=- from=h2,k=udp4,d=h1,x=h1
	one_rule not member-set s proto udp
	hits "" "k=udp4 k=uni"
	expect_drop rule_egress=1 p2 probe from=h2,k=udp4,d=h1,x=- from=h2,k=tcp4,d=h1,x=h1
	check_eq "as JSON" "$(vnetctl -j rule show red r | jq -c '.[0] | [.member_set, .not]')" '["s",["member_set"]]'
	vq rule del red r
	vq rule add red in prio 1 ingress proto tcp member-set s drop
	expect_drop rule_ingress=1 p3 probe from=h2,k=tcp4,d=h3,x=- from=h2,k=udp4,d=h3,x=h3 from=h1,k=tcp4,d=h2,x=h2
	# a copy for each
	expect_drop rule_ingress=1 p3 probe from=h1,k=tcp4,d=ff:ff:ff:ff:ff:ff,x=h2
	check_eq "of p1" "$(v -j rule test red ingress to p1 tcp 10.0.0.1:1 10.0.0.2:2 | jq -r '.[0].rule')" in
	check_eq "of p2" "$(v -j rule test red ingress to p2 tcp 10.0.0.1:1 10.0.0.2:2 | jq -r '.[0].rule')" default-ingress
	check_eq "of nobody" "$(v -j rule test red ingress tcp 10.0.0.1:1 10.0.0.2:2 | jq -r '.[0].rule')" default-ingress
	# it counts at once, and one member may be in many
	vq set add red t type members
	vq set element-add red t p2,p3
	vq set element-add red s p2
	vq set element-del red s p3
	vq rule add red both prio 2 ingress proto tcp member-set t drop
	expect_drop rule_ingress=1 p3 probe from=h2,k=tcp4,d=h3,x=-
	expect_drop rule_ingress=1 p2 probe from=h1,k=tcp4,d=h2,x=-
	check_eq "hits" "$(rule_hits red in) $(rule_hits red both)" "3 1"
	# what is shown can be loaded
	check_eq "elements" "$(elements red s)" "p1 p2"
	echo p3 | vq set load red s -
	check_eq "elements" "$(elements red s)" p3
	check_eq "users" "$(set_get red s users) $(set_get red s type)" "1 members"
	echo "in prio 1 ingress proto tcp member-set s drop" | vq rule load red -
	check_eq "hits are kept" "$(rule_hits red in)" 3
	refused "rules use the set" set del red s
}

tagged_members()
{
	red_network
	vq member add p1 vlan 5 network red
	vq member add p1 svlan 7 network red
	vq member add p1 svlan 7 cvlan 8 network red
	one_set members p1@5,p1@s7.8,p1@s7
	check_eq "elements" "$(elements red s)" "p1@5 p1@s7 p1@s7.8"
	vq set element-del red s p1@s7
	one_rule member-set s
	expect_drop rule_egress=1 p1:vlan:5 probe from=h1,k=udp4,d=h2,t=v5,x=- from=h1,k=udp4,d=h2,x=h2 \
		from=h1,k=udp4,d=h2,t=s7,x=h2
	vnetctl -j set elements red s | jq -r '.[].element' >"$WORK/elements"
	vq set load red s "$WORK/elements"
	check_eq "elements" "$(elements red s)" "p1@5 p1@s7.8"
	refused "no member with this tag" set element-add red s p1@6
	check_err "no tag" 1 "no tag behind the @" vnetctl set element-add red s p1@4095
}

# A member that is deleted leaves its sets, and is a new one when it is added again; a name is only a name.
members_that_go()
{
	red_network
	with_network blue
	host ha pa 02:00:00:00:00:0a
	vq port add pa network blue
	one_set members p1,p2
	one_rule member-set s
	vq set add red other type macs
	monitor -j monitor config
	vq member del p1
	hear '.object == "set" and .name == "s" and .event == "changed" and .elements == 1'
	stop_background "$BG"
	check_eq "elements" "$(elements red s) $(network_get red set_elements)" "p2 1"
	vq member add p1 network red
	probe from=h1,k=udp4,d=h2,x=h2
	vq set element-add red s p1
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,d=h2,x=-
	ip link set p1 down
	ip link set p1 name renamed1
	check_eq "another name" "$(elements red s)" "p2 renamed1"
	ip link set renamed1 name p1
	ip link set p1 up
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,d=h2,x=-
	vq port del p1
	check_eq "with its port" "$(elements red s)" "p2"
	refused "another network" set element-add red s pa
	refused "not attached" set element-add red s p1
	refused "no interface of this name" set element-add red s absent
	refused "p9: .*no interface of this name" set element-add red s p2,p9
	refused "consists of members" set element-add red s 10.0.0.1
	refused "set of members" rule add red bad prio 1 egress member-set other drop
	refused "no set of this name" rule add red bad prio 1 egress member-set absent drop
	vq network del red
	vq network add red up
	check_eq "sets" "$(vnetctl -j set show red)" "[]"
	vq port del pa
	vq port add p1
	ip link set p1 up
}

# Others come and go in the group; what its member sends stays dropped, the rest passes.
members_under_traffic()
{
	local pid round

	red_network
	vq member add p3 vlan 9 network red
	one_set members p1
	one_rule member-set s
	for _ in $(seq 1 150); do
		echo "set element-add red s p3@9,p2"
		echo "member del p3 vlan 9"
		echo "set element-del red s p2"
		echo "member add p3 vlan 9 network red"
		echo "set load red s $WORK/one"
	done >"$WORK/batch"
	echo p1 >"$WORK/one"
	# again and again, until there was enough traffic
	until [ -e "$WORK/enough" ]; do
		vnetctl -b "$WORK/batch" >"$WORK/out" 2>&1 || exit 1
	done &
	pid=$!
	for round in 1 2 3 4 5; do
		expect_drop rule_egress=100 p1 probe from=h1,k=udp4,n=100,d=h2,x=- from=h3,k=udp4,n=100,d=h2,x=h2 || break
		check "changes in round $round" kill -0 $pid
	done
	: >"$WORK/enough"
	wait $pid || { fail "the batch failed"; info "$(tail -n 5 "$WORK/out")"; }
	check_eq "elements" "$(elements red s)" p1
}

# The frame must have what the set is asked for.
inverted_sets()
{
	red_network
	one_set addresses 10.0.0.1,fd00::1
	one_rule not src-set s
	hits "k=udp4,sip=10.0.0.9 k=udp6,sip=fd00::9" "k=udp4 k=udp6"
	check_match "as text" "$(vnetctl rule show red r)" "not src-set s"
	check_eq "as JSON" "$(vnetctl -j rule show red r | jq -c '.[0] | [.src_set, .not]')" '["s",["src_set"]]'
	one_set ports 80
	one_rule proto tcp not dport-set s
	hits "k=tcp4,dport=81 k=tcp6,dport=79" "k=tcp4,dport=80 k=udp4,dport=81"
	one_set macs $M1
	one_rule not src-mac-set s
	hits "k=uni,s=02:00:00:00:77:01" "k=uni k=udp4 k=arp"
	one_set pairs 10.0.0.2:80
	one_rule proto udp not dst-pair-set s
	hits "k=udp4,dport=81 k=udp4,dip=10.0.0.3,dport=80" "k=udp4,dport=80 k=tcp4,dport=81"
}

ingress_and_other_fields()
{
	red_network
	one_set addresses 10.0.0.0/24
	vq rule add red in prio 1 ingress dev p2 proto tcp src-set s drop
	expect_drop rule_ingress=1 p2 probe from=h1,k=tcp4,d=h2,x=- from=h1,k=tcp4,d=h3,x=h3 from=h1,k=udp4,d=h2,x=h2 \
		from=h1,k=tcp6,d=h2,x=h2
	vq rule del red in
}

several_sets_in_a_rule()
{
	red_network
	vq set add red a type addresses
	vq set add red b type addresses
	vq set add red p type ports
	vq set element-add red a 10.0.0.1,10.0.0.9
	vq set element-add red b 10.0.0.2
	vq set element-add red p 80-90
	vq rule add red r prio 1 egress proto tcp src-set a dst-set b dport-set p not sport-set p drop
	hits "k=tcp4,dport=85 k=tcp4,sip=10.0.0.9,dport=80" \
	     "k=tcp4,dport=91 k=tcp4,sip=10.0.0.2,dport=85 k=tcp4,dip=10.0.0.1,dport=85 k=tcp4,sport=81,dport=85 k=udp4,dport=85"
	check_eq "users" "$(set_get red a users) $(set_get red b users) $(set_get red p users)" "1 1 2"
}

elements_count_at_once()
{
	local gen

	red_network
	one_set addresses
	one_rule src-set s
	hits "" "k=udp4 k=udp6"
	gen=$(network_get red rules_generation)
	vq set element-add red s 10.0.0.1
	check_eq "generation" "$(network_get red rules_generation)" $((gen + 1))
	hits "k=udp4" "k=udp6"
	check_match "again" "$(vnetctl set element-add red s 10.0.0.1)" unchanged
	check_eq "generation" "$(network_get red rules_generation)" $((gen + 1))
	vq set element-add red s fd00::/64
	hits "k=udp4 k=udp6" ""
	vq set element-del red s 10.0.0.1
	hits "k=udp6" "k=udp4"
	echo 10.0.0.1 | vq set load red s -
	hits "k=udp4" "k=udp6"
	vq set load red s - </dev/null
	hits "" "k=udp4 k=udp6"
	check_eq "elements" "$(set_get red s elements)" 0
	check_eq "hits are kept" "$(rule_hits red r)" 5
}

add_and_del_are_all_or_nothing()
{
	red_network max-set-elements 4
	one_set addresses 10.0.0.1,10.0.0.2
	refused max-set-elements set element-add red s 10.0.0.3,10.0.0.4,10.0.0.5
	check_eq "elements" "$(elements red s)" "10.0.0.1/32 10.0.0.2/32"
	# what is named twice, or is there, takes no room
	vq set element-add red s 10.0.0.1,10.0.0.3,10.0.0.3,10.0.0.4,10.0.0.2
	check_eq "elements" "$(network_get red set_elements)" 4
	refused "10.0.0.9.*no such element" set element-del red s 10.0.0.1,10.0.0.9,10.0.0.2
	check_eq "elements" "$(set_get red s elements)" 4
	refused "no such element" set element-del red s 10.0.0.0/30
	vq set element-del red s 10.0.0.1,10.0.0.2,10.0.0.1
	check_eq "elements" "$(elements red s)" "10.0.0.3/32 10.0.0.4/32"
	check_eq "elements of the network" "$(network_get red set_elements)" 2
}

ranges_of_ports_come_and_go()
{
	red_network
	one_set ports 80-90,85-95,100
	one_rule proto udp dport-set s
	hits "k=udp4,dport=82 k=udp4,dport=88 k=udp4,dport=95 k=udp4,dport=100" "k=udp4,dport=96"
	vq set element-del red s 80-90
	hits "k=udp4,dport=85 k=udp4,dport=95" "k=udp4,dport=82 k=udp4,dport=84"
	vq set element-add red s 1-2,2-3,80-90
	hits "k=udp4,dport=1 k=udp4,dport=3 k=udp4,dport=80" "k=udp4,dport=4"
	vq set element-del red s 1-2,85-95,80-90
	hits "k=udp4,dport=2 k=udp4,dport=3 k=udp4,dport=100" "k=udp4,dport=1 k=udp4,dport=80 k=udp4,dport=90"
	refused "no such element" set element-del red s 2-3,7
	check_eq "elements" "$(elements red s)" "2-3 100"
}

replace_is_all_or_nothing()
{
	local line

	red_network max-set-elements 3
	one_set addresses 10.0.0.1
	one_rule src-set s
	for line in nonsense 10.0.0.1/33 80 02:00:00:00:00:01 10.0.0.1:80 "10.0.0.7 10.0.0.8"; do
		printf '%s\n' 10.0.0.9 "$line" >"$WORK/elements"
		check_not "loading '$line'" vnetctl set load red s "$WORK/elements"
		check_eq "elements" "$(elements red s)" 10.0.0.1/32
	done
	printf '10.0.0.%d\n' 1 2 3 4 >"$WORK/elements"
	check_err "too many" 2 max-set-elements vnetctl set load red s "$WORK/elements"
	hits "k=udp4" "k=udp4,sip=10.0.0.2"
	printf '%s\n' "# three of them" "" 10.0.0.2 "10.0.0.3 # the second" 10.0.0.2 fd00::/8 >"$WORK/elements"
	check_match "loaded" "$(vnetctl set load red s "$WORK/elements")" "3 elements loaded"
	hits "k=udp4,sip=10.0.0.2 k=udp6" "k=udp4"
	check_eq "elements" "$(network_get red set_elements)" 3
}

# Elements that have nothing to do with the frames come and go, also all at once.
elements_under_traffic()
{
	local i pid rounds=0

	red_network
	one_set addresses 10.0.0.1,fd00::1
	one_rule src-set s
	for i in $(seq 0 999); do
		echo "172.16.$((i / 250)).$((i % 250))"
	done >"$WORK/other"
	{
		for i in $(seq 1 100); do
			echo "set element-add red s $(head -n 300 "$WORK/other" | paste -sd ,)"
			echo "set load red s $WORK/all"
			echo "set element-del red s 172.16.0.1,172.16.1.1"
			echo "set load red s $WORK/few"
		done
	} >"$WORK/batch"
	cat "$WORK/other" - >"$WORK/all" <<<$'10.0.0.1\nfd00::1'
	printf '%s\n' 10.0.0.1 fd00::1 >"$WORK/few"
	vnetctl -b "$WORK/batch" >"$WORK/out" 2>&1 &
	pid=$!
	while kill -0 $pid 2>/dev/null; do
		hits "k=udp4,n=1 k=udp6,n=1 k=tcp4,n=1" "k=udp4,sip=10.0.0.9,n=20 k=udp6,sip=fd00::9,n=20"
		expect_drop rule_egress=200 p1 probe from=h1,k=udp4,n=200,d=h2,x=- from=h1,k=udp4,sip=10.0.0.9,n=200,d=h2,x=h2 || break
		rounds=$((rounds + 1))
	done
	wait $pid || { fail "the batch failed"; info "$(tail -n 5 "$WORK/out")"; }
	check_num "rounds under traffic" $rounds -gt 1
	check_eq "elements" "$(elements red s)" "10.0.0.1/32 fd00::1/128"
}

# What a class holds when an element comes is judged again before it goes on.
held_frames_are_judged_again()
{
	red_network
	one_set addresses
	one_rule src-set s
	vq class add red slow rate 800bit burst 1514b delay-limit none
	vq member set p1 class-egress slow
	send_frames from=h1,k=udp4,size=1514,n=8,d=h2 from=h1,k=udp4,size=1514,sip=10.0.0.9,n=1,d=h2
	busywait 5 is_ge 1 member_get p1 stats.queued_packets || fail "nothing is held"
	vq set element-add red s 10.0.0.1
	vq class set red slow rate 1gbit
	busywait 20 is_eq 0 member_get p1 stats.queued_packets || fail "the frames stay"
	check_num "frames that were held and dropped" "$(rule_hits red r)" -ge 5
	vq member set p1 class-egress root
}

used_sets_stay()
{
	red_network
	one_set addresses 10.0.0.1
	one_rule src-set s
	check_eq "users" "$(set_get red s users)" 1
	refused "rules use the set" set del red s
	vq rule set red r prio 10 egress not src-set s drop
	refused "rules use the set" set del red s
	vq rule set red r prio 10 egress proto udp drop
	check_eq "users" "$(set_get red s users)" 0
	vq set del red s
	refused "no set of this name" set del red s
	refused "no set of this name" rule set red r prio 10 egress src-set s drop
	vq set del red s if-exists
	check_eq "elements" "$(network_get red set_elements)" 0
	# a rule that goes and a set that goes at once, under traffic
	for _ in $(seq 1 20); do
		one_set addresses 10.0.0.1
		one_rule src-set s
		send_frames from=h1,k=udp4,n=20,d=h2
	done
}

rules_that_are_loaded()
{
	red_network
	one_set addresses 10.0.0.1
	vq set add red p type ports
	vq set element-add red p 80
	vq rule load red - <<-END
		r prio 1 egress src-set s dport-set p drop
		other prio 2 egress not src-set s proto udp drop
	END
	check_eq "users" "$(set_get red s users) $(set_get red p users)" "2 1"
	hits "k=tcp4,dport=80 k=udp4,dport=80" "k=tcp4,dport=81"
	vq rule load red - <<<"r prio 1 egress src-set s dport-set p drop"
	check_eq "hits are kept" "$(rule_hits red r)" 2
	check_eq "users" "$(set_get red s users) $(set_get red p users)" "1 1"
	check_err "no such set" 2 "rule bad, dst-set: .*no set of this name" \
		vnetctl rule load red - <<<"bad prio 1 egress dst-set none drop"
	check_eq "users" "$(set_get red s users)" 1
	vq rule load red - </dev/null
	vq set del red s
	vq set del red p
}

elements_are_shown()
{
	red_network
	one_set addresses 10.0.0.0/8,10.0.0.0/16,10.0.0.1,fd00::1,fd00::/8
	check_eq "addresses" "$(elements red s)" "10.0.0.0/8 10.0.0.0/16 10.0.0.1/32 fd00::/8 fd00::1/128"
	one_set ports 443,80-90,80
	check_eq "ports" "$(elements red s)" "80 80-90 443"
	one_set macs 02:00:00:00:00:02,02:00:00:00:00:01
	check_eq "MACs" "$(elements red s)" "02:00:00:00:00:01 02:00:00:00:00:02"
	one_set pairs "10.0.0.1:80,[fd00::1]:443,10.0.0.0/8:1"
	check_eq "pairs" "$(elements red s)" "10.0.0.0/8:1 10.0.0.1/32:80 [fd00::1/128]:443"
	check_match "as text" "$(vnetctl set elements red s)" "10.0.0.1:80"
	# what is shown can be loaded
	vnetctl -j set elements red s | jq -r '.[].element' >"$WORK/elements"
	vq set load red s "$WORK/elements"
	check_eq "pairs" "$(elements red s)" "10.0.0.0/8:1 10.0.0.1/32:80 [fd00::1/128]:443"
	# bits behind the prefix are none
	one_set addresses 10.1.2.3/8
	check_eq "masked" "$(elements red s)" 10.0.0.0/8
}

wrong_elements()
{
	red_network
	one_set addresses
	refused "consists of addresses" set element-add red s 80
	refused "consists of addresses" set element-add red s 10.0.0.1:80
	refused "consists of addresses" set element-add red s 10.0.0.1,$M1
	one_set ports
	refused "consists of ports" set element-add red s 10.0.0.1
	one_set macs
	refused "consists of MACs" set element-add red s 80
	one_set pairs
	refused "consists of pairs" set element-add red s $M1
	refused "PORT_MIN is missing" set element-add red s 10.0.0.1
	check_err "a range in a pair" 1 "single port" vnetctl set element-add red s 10.0.0.1:80-90
	check_err "nonsense" 1 . vnetctl set element-add red s 10.0.0.1,,10.0.0.2
	check_err "a range that ends early" 1 "ends before" vnetctl set element-add red s 90-80
	refused "another type" set add red s type macs
	check_match "the same" "$(vnetctl set add red s type pairs)" unchanged
	check_eq "elements" "$(network_get red set_elements)" 0
}

wrong_sets_in_rules()
{
	red_network
	vq set add red a type addresses
	vq set add red p type ports
	refused "set of addresses" rule add red r prio 1 egress src-set p drop
	refused "set of ports" rule add red r prio 1 egress dport-set a drop
	refused "set of MACs" rule add red r prio 1 egress src-mac-set a drop
	refused "set of pairs" rule add red r prio 1 egress dst-pair-set p drop
	refused "no set of this name" rule add red r prio 1 egress dst-set none drop
	refused "has no ports" rule add red r prio 1 egress proto icmp dport-set p drop
	refused "only IPv4 and IPv6" rule add red r prio 1 egress ethertype arp src-set a drop
	check_eq "users" "$(set_get red a users) $(set_get red p users)" "0 0"
}

limits()
{
	local i

	red_network max-sets 3
	for i in 1 2 3; do
		vq set add red s$i type addresses
	done
	refused "max-sets" set add red s4 type addresses
	vq set del red s2
	vq set add red s4 type addresses
	refused "max-sets" network set red max-sets 2
	vq set element-add red s1 10.0.0.1,10.0.0.2
	refused "max-set-elements" network set red max-set-elements 1
	vq network set red max-set-elements 2
	refused "max-set-elements" set element-add red s3 10.0.0.1
	vq set del red s1
	vq set element-add red s3 10.0.0.1
	check_eq "sets" "$(network_get red sets)" 2
	check_eq "elements" "$(network_get red set_elements)" 1
	check_err "too large a limit" 2 . vnetctl network set red max-sets 4097
	vq network set red max-sets 4096 max-set-elements 16777216
}

isolation()
{
	red_network
	with_network blue
	host ha pa 02:00:00:00:00:0a
	host hb pb 02:00:00:00:00:0b
	vq port add pa network blue
	vq port add pb network blue
	vq set add red s type addresses
	vq set add blue s type addresses
	vq set element-add red s 10.0.0.1
	vq set element-add blue s 10.0.0.2
	vq rule add red r prio 1 egress src-set s drop
	vq rule add blue r prio 1 egress src-set s drop
	probe from=ha,k=bcast from=hb,k=bcast
	probe from=h1,k=udp4,sip=10.0.0.1,d=h2,x=- from=h1,k=udp4,sip=10.0.0.2,d=h2,x=h2 \
	      from=ha,k=udp4,sip=10.0.0.1,d=hb,x=hb from=ha,k=udp4,sip=10.0.0.2,d=hb,x=-
	vq set load red s - <<<10.0.0.7
	probe from=h1,k=udp4,sip=10.0.0.1,d=h2,x=h2 from=ha,k=udp4,sip=10.0.0.2,d=hb,x=-
	check_eq "sets of all networks" "$(vnetctl -j set show | jq -r '[.[] | "\(.network):\(.name):\(.elements)"] | sort | join(" ")')" \
		"blue:s:1 red:s:1"
	vq port del pa
	vq port del pb
}

deleted_network()
{
	red_network
	one_set addresses 10.0.0.1
	one_rule src-set s
	vq set add red p type ports
	vq set element-add red p 80-90,5
	send_frames from=h1,k=udp4,n=100,d=h2
	vq network del red
	vq network add red up
	check_eq "sets" "$(vnetctl -j set show red)" "[]"
}

hundred_thousand_elements()
{
	local n=100000 start i inside outside="k=udp4 k=udp4,sip=11.0.0.0 k=udp4,sip=11.9.0.1 k=udp6,sip=fd11:0:b::1 k=udp6"

	inside=
	[ "$VNET_SLOW" = 1 ] && n=20000
	red_network max-set-elements 200000
	one_set addresses
	one_rule src-set s
	awk -v n=$n 'BEGIN {
		for (i = 0; i < n; i++)
			if (i % 10)
				printf "11.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256
			else
				printf "fd11:%x:%x::/48\n", i / 65536, i % 65536
	}' >"$WORK/elements"
	start=$(now_ms)
	vq set load red s "$WORK/elements"
	info "$n elements loaded in $(($(now_ms) - start)) ms"
	check_eq "elements" "$(set_get red s elements)" $n
	for i in 1 2 $((n / 2 + 1)) $((n - 1)); do
		inside+=" k=udp4,sip=11.$((i / 65536)).$((i / 256 % 256)).$((i % 256))"
	done
	inside+=" k=udp6,sip=fd11:0:a::77 k=udp6,sip=fd11:0:4e16::1"
	hits "$inside" "$outside"
	start=$(now_ms)
	check_eq "elements in a dump" "$(vnetctl -j set elements red s | grep -o '"element"' | wc -l)" $n
	check_eq "different ones" "$(vnetctl -j set elements red s | jq -r '.[].element' | sort -u | wc -l)" $n
	info "two dumps took $(($(now_ms) - start)) ms"
	vq set element-add red s 10.0.0.1
	hits "$inside k=udp4" "k=udp6"
	start=$(now_ms)
	vq set load red s - <<<10.0.0.1
	info "replaced by one in $(($(now_ms) - start)) ms"
	hits "k=udp4" "$inside"
	check_eq "elements" "$(network_get red set_elements)" 1
}

run_tests
