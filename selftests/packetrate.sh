#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# packetrate.sh: packets/s of a member and of a network, each direction by itself, and nobody else loses anything.
#
#      h1            h2            h3                h4            h5
#   p1 |          p2 |          p3 |              p4 |          p5 |     t
#  +---o-------------o-------------o---+   +---------o-------------o-----o-+
#  |            network red            |   |          network blue         |
#  +-----------------------------------+   +-------------------------------+

. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/lib_monitor.sh"

ALL_TESTS="
	off_by_default
	egress_of_a_member
	ingress_of_a_member
	directions_are_apart
	egress_of_a_network
	ingress_of_a_network
	ingress_counts_copies
	what_rules_drop_is_not_got
	what_a_guard_drops_was_sent
	large_frames_count_as_their_segments
	told_once
	others_lose_nothing
	a_new_rate_counts_at_once
	off_again"

TOLERANCE=15
[ "${VNET_ICOUNT:-0}" = 1 ] && TOLERANCE=2
T=02:00:00:00:00:07

setup()
{
	local i

	for i in 1 2 3 4 5; do
		host h$i p$i 02:00:00:00:00:0$i
		vq port add p$i
	done
}

red_network()
{
	local i

	with_network red "$@"
	for i in 1 2 3; do
		vq member add p$i network red
		vq fdb add red 02:00:00:00:00:0$i dev p$i
	done
}

# rates [OPTION] FLOW...: blast; the result is in $RESULT
rates()
{
	RESULT=$(frame blast "${ENDPOINTS[@]/#/--ep=}" --time=3 --warm=1 "$@" 2>&1) || die "blast: $RESULT"
	info "$RESULT"
}

# flow FROM TO: 1000 frames/s
flow()
{
	echo "from=$1,to=$2,d=$2,k=udp4,size=100,rate=800000"
}

per_second()
{
	jq ".$1 | .frames / .seconds | floor" <<<"$RESULT"
}

# check_rate HOST PACKETS
check_rate()
{
	check_near "packets/s at $1" "$(per_second $1)" $2 $TOLERANCE
}

off_by_default()
{
	red_network
	check_eq "of the member" "$(member_get p1 packet_rate_egress) $(member_get p1 packet_rate_ingress)" "0 0"
	check_eq "of the network" "$(network_get red packet_rate_egress) $(network_get red packet_rate_ingress)" "0 0"
	probe from=h1,k=udp4,d=h2,n=300,x=h2
	check_eq "drops" "$(($(all_drops p1) + $(all_drops p2)))" 0
}

egress_of_a_member()
{
	red_network
	vq member set p1 packet-rate-egress 100pps
	rates "$(flow h1 h2)" "$(flow h2 h3)" "$(flow h3 h1)"
	check_rate h2 100
	check_num "drops" "$(drops p1 packet_rate_egress)" -gt 1000
	check_eq "drops of the others" "$(($(all_drops p2) + $(all_drops p3)))" 0
	check_eq "frames of one of them" "$(member_stat p3 ingress_packets)" "$(member_stat p2 egress_packets)"
	check_eq "what it is" "$(member_get p1 packet_rate_egress)" 100
}

ingress_of_a_member()
{
	red_network
	vq member set p2 packet-rate-ingress 200pps
	rates "$(flow h1 h2)" "$(flow h1 h3)"
	check_rate h2 200
	check_rate h3 1000
	check_num "drops" "$(drops p2 packet_rate_ingress)" -gt 1000
	check_eq "drops of the others" "$(($(all_drops p1) + $(all_drops p3)))" 0
}

# Used up is a rate only in its own direction.
directions_are_apart()
{
	red_network
	vq member set p1 packet-rate-egress 1pps
	vq member set p2 packet-rate-ingress 1pps
	send_frames from=h1,k=udp4,d=h2,n=100
	expect_no_drop packet_rate_ingress p1 probe from=h3,k=udp4,d=h1,n=100,x=h1
	expect_no_drop packet_rate_egress p2 probe from=h2,k=udp4,d=h3,n=100,x=h3
}

egress_of_a_network()
{
	red_network packet-rate-egress 400pps
	rates "$(flow h1 h3)" "$(flow h2 h3)"
	check_rate h3 400
	check_num "drops of each" "$(drops p1 packet_rate_egress)" -gt 500
	check_num "drops of each" "$(drops p2 packet_rate_egress)" -gt 500
	check_eq "drops of the target" "$(all_drops p3)" 0
}

ingress_of_a_network()
{
	local sum

	red_network packet-rate-ingress 400pps
	rates "$(flow h1 h2)" "$(flow h1 h3)"
	sum=$(($(per_second h2) + $(per_second h3)))
	check_near "packets/s of both" $sum 400 $TOLERANCE
	check_eq "drops of the sender" "$(all_drops p1)" 0
	check_num "drops" "$(drops p2 packet_rate_ingress)" -gt 500
	check_num "drops" "$(drops p3 packet_rate_ingress)" -gt 500
}

# Each copy is one packet of the network.
ingress_counts_copies()
{
	red_network packet-rate-ingress 1pps
	expect_drop packet_rate_ingress+1 p3 send_frames from=h1,k=bcast,n=12
	check_num "of 24 copies 17 pass, or some more" "$(($(drops p2 packet_rate_ingress) + $(drops p3 packet_rate_ingress)))" -ge 4
	check_eq "drops of the sender" "$(all_drops p1)" 0
}

what_rules_drop_is_not_got()
{
	red_network
	vq member set p2 packet-rate-ingress 1pps
	vq rule add red no prio 1 ingress proto udp dport 53 drop
	send_frames from=h1,k=udp4,d=h2,dport=53,n=200
	check_eq "drops of the rule" "$(drops p2 rule_ingress)" 200
	expect_no_drop packet_rate_ingress p2 probe from=h1,k=udp4,d=h2,dport=80,n=10,x=h2
}

# The limit is there to keep work away from the switch: it comes first.
what_a_guard_drops_was_sent()
{
	red_network
	vq member set p1 packet-rate-egress 1pps guard-mac 02:00:00:00:00:01
	send_frames from=h1,k=udp4,d=h2,s=02:00:00:00:00:66,n=200
	check_num "drops of the guard" "$(drops p1 guard_mac)" -le 50
	check_num "drops of the rate" "$(drops p1 packet_rate_egress)" -ge 150
}

# 20 packets/s: two frames of 14 packets come at once, as 16 packets may be early.
large_frames_count_as_their_segments()
{
	local large=from=t,k=tcp4,d=h5,size=14014,gso=1000

	modprobe -q tun
	busywait 5 test -c /dev/net/tun || skip "no tap devices"
	ip tuntap add dev vttap0 mode tap || skip "no tap devices"
	defer ip link del vttap0
	ip link set vttap0 up
	vq port add vttap0
	ENDPOINTS[t]=t=tap:vttap0:gso%$T
	with_network blue
	vq member add p5 network blue
	vq member add vttap0 network blue packet-rate-egress 20pps
	vq fdb add blue 02:00:00:00:00:05 dev p5
	frame send "${ENDPOINTS[@]/#/--ep=}" $large,n=5
	check_eq "drops of 5 frames of 14 packets" "$(drops vttap0 packet_rate_egress)" 3
	vq member set vttap0 packet-rate-egress off
	vq member set p5 packet-rate-ingress 20pps
	frame send "${ENDPOINTS[@]/#/--ep=}" $large,n=5
	check_eq "drops at the target" "$(drops p5 packet_rate_ingress)" 3
	unset "ENDPOINTS[t]"
}

told_once()
{
	red_network packet-rate-egress 2pps
	vq member set p1 packet-rate-egress 1pps
	vq member set p3 packet-rate-ingress 1pps
	monitor -j monitor config
	send_frames from=h1,k=udp4,d=h2,n=100
	hear '.limit == "member_packet_rate_egress" and .port == "p1" and .value == 1'
	send_frames from=h2,k=udp4,d=h3,n=200
	hear '.limit == "network_packet_rate_egress" and .value == 2 and .port == null'
	vq network set red packet-rate-egress off packet-rate-ingress 3pps
	send_frames from=h2,k=udp4,d=h3,n=100 from=h2,k=udp4,d=h1,n=100
	hear '.limit == "member_packet_rate_ingress" and .port == "p3" and .value == 1'
	hear '.limit == "network_packet_rate_ingress" and .value == 3'
	hear '.limit == "member_packet_rate_egress"'
	stop_background $BG
}

# A tenant that is limited and floods, and one that is not, on the same machine.
others_lose_nothing()
{
	red_network packet-rate-egress 10pps packet-rate-ingress 10pps
	with_network blue
	vq member add p4 network blue
	vq member add p5 network blue
	vq fdb add blue 02:00:00:00:00:05 dev p5
	rates "$(flow h1 h2)" "$(flow h3 h2)" "$(flow h4 h5)"
	check_rate h2 10
	check_eq "drops in blue" "$(($(all_drops p4) + $(all_drops p5)))" 0
	check_eq "all that was sent in blue has arrived" "$(member_stat p5 ingress_packets)" "$(member_stat p4 egress_packets)"
	check_eq "frames sent" "$(member_stat p4 egress_packets)" "$(jq '.sent[2]' <<<"$RESULT")"
}

a_new_rate_counts_at_once()
{
	red_network
	vq member set p1 packet-rate-egress 1pps
	send_frames from=h1,k=udp4,d=h2,n=100
	vq member set p1 packet-rate-egress 1mpps
	expect_no_drop packet_rate_egress p1 probe from=h1,k=udp4,d=h2,n=300,x=h2
}

off_again()
{
	red_network packet-rate-egress 1pps
	vq member set p1 packet-rate-egress 1pps
	send_frames from=h1,k=udp4,d=h2,n=100
	vq member set p1 packet-rate-egress off
	vq network set red packet-rate-egress off
	expect_no_drop packet_rate_egress p1 probe from=h1,k=udp4,d=h2,n=300,x=h2
}

run_tests
