#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# shape.sh: classes: rates, borrowing, priorities, bounded queues, and frames that are not limited go straight through.
#
#    h1 (sends)   h2 (sends)   h3 (gets)    h4 (gets)
#   p1 |         p2 |         p3 |         p4 |
#  +---o------------o------------o------------o---+
#  |                 network red                  |
#  +----------------------------------------------+
#
# What is measured, and when it is judged: lib_shape.sh.
#
# What frames wait is the subject of shape_delay.sh: classes of this test that are to
# hold many frames for long have no bound on it.

. "$(dirname "$0")/lib.sh"
. "$TESTDIR/lib_shape.sh"

ALL_TESTS="
	idle_class_is_straight_through
	rate_1mbit
	rate_10mbit
	rate_100mbit
	rate_1gbit
	rate_of_ingress
	directions_are_separate
	borrowing_from_the_parent
	no_borrowing_beyond_ceil
	shares_follow_rates
	priority_borrows_first
	root_caps_all_members
	three_levels
	queue_limit_egress
	queue_limit_ingress
	queue_limit_of_the_network
	held_frames_come_in_order
	held_frames_are_judged_again
	rate_changes_under_backlog
	unlimited_again_releases
	deleting_a_member_with_held_frames
	deleting_a_network_with_held_frames
	classes_of_one_network_only
	tcp_fills_its_class"

PATIENT="delay-target none delay-limit none"

setup()
{
	local i

	for i in 1 2 3 4; do
		host h$i p$i 02:00:00:00:00:0$i
		ip link set p$i mtu 9000
		on h$i ip link set eth0 mtu 9000
		vq port add p$i
	done
}

red_network()
{
	local i

	with_network red "$@"
	for i in 1 2 3 4; do
		vq member add p$i network red
	done
	vq fdb add red 02:00:00:00:00:03 dev p3
	vq fdb add red 02:00:00:00:00:04 dev p4
	vq fdb add red 02:00:00:00:00:01 dev p1
	vq fdb add red 02:00:00:00:00:02 dev p2
}

# class NAME RATE CEIL [KEYS...]: in red; an empty CEIL is no ceil
class()
{
	rate $2 $3
	vq class add red $1 $REPLY ${4:-}
}

# one_class RATE SIZE: what h1 sends is limited; twice of it is offered
one_class()
{
	local mbit=$1 size=$2 seconds=${3:-4}

	red_network
	class gold $mbit ""
	vq member set p1 class-egress gold
	load --time=$seconds --warm="$(awk "BEGIN {print $seconds / 4}")" "$(flow h1 h3 $((mbit * 2)) $size)"
	check_rate h3 $mbit
	check_num "delayed frames" "$(class_stat red gold egress delayed)" -gt 0
	check_eq "frames borrowed" "$(class_stat red gold egress borrowed)" 0
	check_eq "ingress frames" "$(class_stat red gold ingress packets)" 0
}

rate_1mbit()
{
	one_class 1 500
}

rate_10mbit()
{
	one_class 10 1514
}

rate_100mbit()
{
	one_class 100 9000
}

rate_1gbit()
{
	[ "$EXACT" = 1 ] || skip "only virtual time is sure to have room for the load"
	one_class 1000 9000 0.4
}

idle_class_is_straight_through()
{
	red_network
	vq class add red gold rate 10mbit burst 100kb cburst 100kb
	vq member set p1 class-egress gold
	vq member set p3 class-ingress gold
	probe from=h1,k=udp4,d=h3,n=20,size=1000,x=h3
	check_eq "delayed frames of egress" "$(class_stat red gold egress delayed)" 0
	check_eq "delayed frames of ingress" "$(class_stat red gold ingress delayed)" 0
	check_eq "frames of egress" "$(class_stat red gold egress packets)" 20
	check_eq "bytes of ingress" "$(class_stat red gold ingress bytes)" 20000
	check_eq "held" "$(class_stat red gold egress queued_packets)" 0
}

rate_of_ingress()
{
	red_network
	class gold 5 ""
	vq member set p3 class-ingress gold
	load --time=3 --warm=1 "$(flow h1 h3 5 1000)" "$(flow h2 h3 5 1000)" "$(flow h2 h4 3 1000)"
	check_rate h3 5
	check_rate h4 3
	check_eq "egress frames" "$(class_stat red gold egress packets)" 0
}

directions_are_separate()
{
	red_network
	class gold 4 ""
	vq member set p1 class-egress gold class-ingress gold
	load --time=3 --warm=1 "$(flow h1 h3 8 1000)" "$(flow h2 h1 8 1000)"
	check_rate h3 4
	check_rate h1 4
}

# two_children RATE1 CEIL1 RATE2 CEIL2 [KEYS1 [KEYS2]]: under a parent of 8 Mbit/s
two_children()
{
	red_network
	class top 8 ""
	class a $1 "$2" "parent top ${5:-}"
	class b $3 "$4" "parent top ${6:-}"
	vq member set p1 class-egress a
	vq member set p2 class-egress b
}

both_at_once()
{
	load --time=4 --warm=1.5 "$(flow h1 h3 16 1000)" "$(flow h2 h4 16 1000)"
}

borrowing_from_the_parent()
{
	two_children 4 8 4 8
	load --time=3 --warm=1 "$(flow h1 h3 16 1000)"
	check_rate h3 8
	check_num "frames borrowed" "$(class_stat red a egress borrowed)" -gt 0
	both_at_once
	check_share h3 4 h4 4
	# what one leaves is for the other
	load --time=4 --warm=1.5 "$(flow h1 h3 1 1000)" "$(flow h2 h4 16 1000)"
	check_rate h3 1
	check_rate h4 7
	check_num "bit/s at h4" "$(bps h4)" -gt 4400000
}

no_borrowing_beyond_ceil()
{
	two_children 2 "" 2 3
	both_at_once
	check_share h3 2 h4 3
}

shares_follow_rates()
{
	two_children 6 8 2 8
	both_at_once
	check_share h3 6 h4 2
}

priority_borrows_first()
{
	two_children 1 8 1 8 "prio 0" "prio 3"
	both_at_once
	check_rate h3 7
	check_rate h4 1
	check_num "bit/s at h3" "$(bps h3)" -gt $(($(bps h4) * 4))
	vq class set red a prio 5
	both_at_once
	check_rate h3 1
	check_rate h4 7
	check_num "bit/s at h4" "$(bps h4)" -gt $(($(bps h3) * 4))
}

root_caps_all_members()
{
	local sum

	red_network
	rate 6
	vq class set red root $REPLY
	load --time=4 --warm=1.5 "$(flow h1 h3 12 1000)" "$(flow h2 h4 12 1000)"
	sum=$(($(bps h3) + $(bps h4)))
	RESULT=$(jq ".all.bps = $sum" <<<"$RESULT")
	check_rate all 6
	vq class set red root rate unlimited
	load --time=2 --warm=0.5 "$(flow h1 h3 12 1000)"
	check_rate h3 12
}

three_levels()
{
	red_network
	rate 8
	vq class set red root $REPLY
	class tenant 6 6
	class a 1 6 "parent tenant"
	class b 2 8
	check_eq "level of a" "$(vnetctl -j class show red a | jq '.[0].level')" 2
	vq member set p1 class-egress a
	vq member set p2 class-egress b
	both_at_once
	check_share h3 6 h4 2
}

queue_limit_egress()
{
	local sent=400 got drops

	red_network
	vq class add red slow rate 8kbit queue 32kb $PATIENT
	vq member set p1 class-egress slow
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=$sent
	got=$(class_stat red slow egress queued_bytes)
	check_num "bytes held" "$got" -le 32768
	check_num "bytes held" "$got" -ge 28000
	drops=$(drops p1 queue_egress)
	check_num "drops" "$drops" -ge $((sent - 50))
	check_eq "drops of the class" "$(class_stat red slow egress dropped)" "$drops"
	same_number()
	{
		[ "$(member_stat p1 queued_packets)" = "$(class_stat red slow egress queued_packets)" ]
	}
	wait_for "the same held frames in class and member" same_number
	vq class set red slow rate 100mbit
	wait_for "the queue is empty" is_eq 0 class_stat red slow egress queued_packets
	check_eq "frames sent" "$(class_stat red slow egress packets)" $((sent - drops))
}

queue_limit_ingress()
{
	local drops

	red_network
	vq class add red slow rate 100kbit queue 16kb
	vq member set p3 class-ingress slow
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=500,n=400
	check_num "bytes held" "$(class_stat red slow ingress queued_bytes)" -le 16384
	drops=$(drops p3 queue_ingress)
	check_num "drops" "$drops" -ge 300
	check_eq "drops of the class" "$(class_stat red slow ingress dropped)" "$drops"
	check_eq "drops of the sender" "$(all_drops p1)" 0
	vq class set red slow rate 100mbit
}

queue_limit_of_the_network()
{
	local held

	red_network max-queue 20kb
	vq class add red a rate 8kbit queue 1mb $PATIENT
	vq class add red b rate 8kbit queue 1mb $PATIENT
	vq member set p1 class-egress a
	vq member set p2 class-egress b
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=15 \
		from=h2,k=udp4,d=02:00:00:00:00:04,size=1000,n=100
	held=$(($(class_stat red a egress queued_bytes) + $(class_stat red b egress queued_bytes)))
	check_num "bytes held" $held -le 20480
	check_num "bytes held" $held -ge 17000
	check_num "drops" "$(drops p2 queue_egress)" -ge 80
	# a bound below what is held is for what comes next
	vq network set red max-queue 4kb
	check_eq "held frames given up" "$(($(drops p1 member_gone) + $(drops p2 member_gone)))" 0
	vq class set red a rate 100mbit
	vq class set red b rate 100mbit
}

# Frames of a flow are not reordered, and all that were held arrive unaltered.
held_frames_come_in_order()
{
	local n=150

	red_network
	vq class add red slow rate 2mbit queue 1mb $PATIENT
	vq member set p1 class-egress slow
	vq member set p3 class-ingress slow
	frame listen --ep=${ENDPOINTS[h3]} --count=$n --timeout=$((10 * SLOWNESS)) --ready="$WORK/ready" >"$WORK/got" &
	wait_for "the listener" test -s "$WORK/ready"
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=$n
	wait $! || fail "not all frames arrived"
	check_eq "order" "$(jq -r .i "$WORK/got" | tr '\n' ' ')" "$(seq -s ' ' 0 $((n - 1))) "
	check_num "delayed frames" "$(class_stat red slow egress delayed)" -gt 50
}

# A frame that waits for its class is delivered as the rules are when it leaves.
held_frames_are_judged_again()
{
	local held

	red_network
	vq class add red slow rate 100kbit queue 1mb $PATIENT
	vq member set p3 class-ingress slow
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=100
	held=$(class_stat red slow ingress queued_packets)
	check_num "frames held" "$held" -gt 50
	vq rule add red late prio 1 ingress proto udp drop
	vq class set red slow rate 100mbit
	wait_for "the queue is empty" is_eq 0 class_stat red slow ingress queued_packets
	check_num "frames that the new rule dropped" "$(drops p3 rule_ingress)" -ge $((held - 20))
	check_eq "its hits" "$(rule_hits red late)" "$(drops p3 rule_ingress)"
}

rate_changes_under_backlog()
{
	red_network
	vq class add red gold rate 1mbit queue 4mb $PATIENT
	vq member set p1 class-egress gold
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=1000
	check_num "frames held" "$(class_stat red gold egress queued_packets)" -gt 500
	rate 10
	vq class set red gold $REPLY
	load --time=2 --warm=0.5 "$(flow h1 h3 20 1000)"
	check_rate h3 10
	vq class set red gold rate 1gbit
	wait_for "the queue is empty" is_eq 0 class_stat red gold egress queued_packets
	check_eq "drops" "$(drops p1 member_gone)" 0
}

unlimited_again_releases()
{
	red_network
	vq class set red root rate 100kbit $PATIENT
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=100
	check_num "frames held" "$(class_stat red root egress queued_packets)" -gt 50
	vq class set red root rate unlimited
	wait_for "the queue is empty" is_eq 0 class_stat red root egress queued_packets
	check_eq "frames sent" "$(class_stat red root egress packets)" 100
}

deleting_a_member_with_held_frames()
{
	red_network
	vq class add red slow rate 100kbit queue 1mb $PATIENT
	vq member set p1 class-egress slow
	vq member set p3 class-ingress slow
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=100 \
		from=h2,k=udp4,d=02:00:00:00:00:03,size=1000,n=100
	check_num "frames held" "$(class_stat red slow egress queued_packets)" -gt 50
	vq member del p1
	check_eq "frames held of the sender" "$(class_stat red slow egress queued_packets)" 0
	vq member del p3
	check_eq "frames held for the target" "$(class_stat red slow ingress queued_packets)" 0
	check_num "frames given up" "$(network_get red stats.drops.member_gone)" -gt 100
	vq class del red slow
}

deleting_a_network_with_held_frames()
{
	vq network add blue up
	vq member add p1 network blue
	vq member add p3 network blue
	vq class set blue root rate 100kbit queue 1mb $PATIENT
	send_frames from=h1,k=udp4,d=02:00:00:00:00:03,size=1000,n=100
	check_num "frames held" "$(class_stat blue root egress queued_packets)" -gt 50
	vq network del blue
	red_network
	probe from=h1,k=udp4,d=h3,x=h3
}

classes_of_one_network_only()
{
	with_network red
	with_network blue
	vq member add p1 network red
	vq member add p3 network red
	vq member add p2 network blue
	vq member add p4 network blue
	vq class set red root rate 1mbit
	load --time=3 --warm=1 "$(flow h1 h3 8 1000)" "$(flow h2 h4 8 1000)"
	check_rate h3 1
	check_rate h4 8
	check_eq "drops in blue" "$(all_drops p2)" 0
}

tcp_fills_its_class()
{
	local got

	need iperf3
	red_network
	on h1 ip addr add 10.0.0.1/24 dev eth0
	on h3 ip addr add 10.0.0.3/24 dev eth0
	defer on h1 ip addr flush dev eth0
	defer on h3 ip addr flush dev eth0
	class gold 20 ""
	vq member set p1 class-egress gold
	background on h3 iperf3 -s -1
	wait_for "the server" on h3 sh -c 'ss -Hltn "sport = :5201" | grep -q .'
	got=$(on h1 timeout $((30 * SLOWNESS)) iperf3 -c 10.0.0.3 -t 4 -J | jq '.end.sum_received.bits_per_second | floor')
	info "TCP through 20 Mbit/s: $got bit/s"
	check_num "bit/s of TCP" "${got:-0}" -ge 15000000
	check_num "bit/s of TCP" "${got:-0}" -le 23000000
}

run_tests
