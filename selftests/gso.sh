#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# gso.sh: large frames and unfinished checksums pass whole and right, with every offload on or off, tagged or not.
#
#     h1 (10.0.0.1)                       h2
#     |                                   |  eth0            10.0.1.2
#     |  eth0        10.0.1.1             |  eth0.100        10.0.2.2
#     |              10.0.2.1             |  eth0.s200.20    10.0.3.2
#     |              10.0.3.1             |
#  p1 |                                p2 |
#  +--o-----------------------------------o--+
#  |  n1: untagged         untagged          |
#  |  n2: vlan 2           vlan 100          |
#  |  n3: svlan 3 cvlan 3  svlan 200 cvlan 20|
#  |  n4: untagged of p3   vlan 400          |    h3 = p3, untagged
#  |  n5: untagged of p4   svlan 500 cvlan 50|    h4 = p4, untagged
#  +-----------------------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	untagged_to_untagged
	vlan_to_vlan
	qinq_to_qinq
	untagged_to_vlan
	untagged_to_qinq
	large_frames_pass_whole
	ipv6
	udp_with_unfinished_checksums
	udp_gso
	flooded_large_frames
	limited_large_frames_are_split
	segments_of_known_frames
	conservation"

SIZE=4M
[ "$VNET_SLOW" = 1 ] && SIZE=100K

# vlan HOST LOWER NAME PROTOCOL ID [ADDRESS...]
vlan()
{
	local ns=${!1} a

	ip -n "$ns" link add link $2 name $3 type vlan protocol $4 id $5 || die "cannot make $3"
	ip -n "$ns" link set $3 up
	for a in "${@:6}"; do
		host_address $1 $3 $a
	done
}

setup()
{
	need socat sha256sum ethtool
	host h1 p1 02:00:00:00:00:01 10.0.1.1/24 fd00:1::1/64
	host h2 p2 02:00:00:00:00:02 10.0.1.2/24 fd00:1::2/64
	host h3 p3 02:00:00:00:00:03 10.0.4.1/24
	host h4 p4 02:00:00:00:00:04 10.0.5.1/24 fd00:5::1/64
	vlan h1 eth0 eth0.2 802.1Q 2 10.0.2.1/24
	vlan h2 eth0 eth0.100 802.1Q 100 10.0.2.2/24
	vlan h1 eth0 eth0.s3 802.1ad 3
	vlan h1 eth0.s3 eth0.s3.3 802.1Q 3 10.0.3.1/24
	vlan h2 eth0 eth0.s200 802.1ad 200
	vlan h2 eth0.s200 eth0.s200.20 802.1Q 20 10.0.3.2/24
	vlan h2 eth0 eth0.400 802.1Q 400 10.0.4.2/24
	vlan h2 eth0 eth0.s500 802.1ad 500
	vlan h2 eth0.s500 eth0.s500.50 802.1Q 50 10.0.5.2/24 fd00:5::2/64
	v_batch <<-END
		port add p1
		port add p2
		port add p3
		port add p4
		network add n1 up
		network add n2 up
		network add n3 up
		network add n4 up
		network add n5 up
		member add p1 network n1
		member add p2 network n1
		member add p1 vlan 2 network n2
		member add p2 vlan 100 network n2
		member add p1 svlan 3 cvlan 3 network n3
		member add p2 svlan 200 cvlan 20 network n3
		member add p3 network n4
		member add p2 vlan 400 network n4
		member add p4 network n5
		member add p2 svlan 500 cvlan 50 network n5
	END
	head -c $SIZE /dev/urandom >"$WORK/data"
	SUM=$(sha256sum <"$WORK/data")
}

# offloads HOST FEATURE:STATE...: of its cable, both ends
offloads()
{
	local host=$1 f; shift

	for f; do
		on $host ethtool -K eth0 ${f%:*} ${f#*:} >/dev/null 2>&1
		ethtool -K p${host#h} ${f%:*} ${f#*:} >/dev/null 2>&1
	done
}

# send_file FROM TO ADDRESS [6]: over TCP, and compare
send_file()
{
	local port=$((20000 + RANDOM % 20000))

	rm -f "$WORK/got"
	background on $2 socat -u -T $((20 * SLOWNESS)) "TCP${4:-}-LISTEN:$port,reuseaddr" "CREATE:$WORK/got"
	wait_for "the receiver" on $2 sh -c "ss -Hltn 'sport = :$port' | grep -q ."
	check "sending from $1 to $3" on $1 timeout $((30 * SLOWNESS)) \
		socat -u "OPEN:$WORK/data" "TCP${4:-}:$3:$port,connect-timeout=$((5 * SLOWNESS))" ||
		kill $BG
	wait $BG
	check_eq "what $3 got from $1" "$(sha256sum <"$WORK/got")" "$SUM"
}

# matrix FROM TO FROMADDRESS TOADDRESS: both ways with every combination that
# changes how frames look. Not among them: 802.1ad tags that the kernel has to
# insert into large frames with two tags, it loses these without any switch.
matrix()
{
	local set

	for set in "tso:on gso:on tx:on gro:on" "tso:off gso:on tx:on gro:off" "tso:off gso:off tx:on gro:off" \
		   "tx:off gro:off" "tx:on tso:on gso:on txvlan:off" "tx:on tso:on gso:on rxvlan:off sg:off"; do
		offloads $1 txvlan:on rxvlan:on sg:on $set
		offloads $2 txvlan:on rxvlan:on sg:on $set
		send_file $1 $2 $4 || info "   with $set"
		send_file $2 $1 $3 || info "   with $set"
	done
	offloads $1 txvlan:on rxvlan:on sg:on tx:on tso:on gso:on gro:off
	offloads $2 txvlan:on rxvlan:on sg:on tx:on tso:on gso:on gro:off
}

untagged_to_untagged()
{
	matrix h1 h2 10.0.1.1 10.0.1.2
}

vlan_to_vlan()
{
	matrix h1 h2 10.0.2.1 10.0.2.2
}

qinq_to_qinq()
{
	matrix h1 h2 10.0.3.1 10.0.3.2
}

untagged_to_vlan()
{
	matrix h3 h2 10.0.4.1 10.0.4.2
}

untagged_to_qinq()
{
	matrix h4 h2 10.0.5.1 10.0.5.2
}

# The sender's stack makes frames of many segments: the switch must not cut them
# where the target takes them whole.
large_frames_pass_whole()
{
	local m segments egress ingress size

	size=$(stat -c %s "$WORK/data")
	segments=$((size / 1448))
	for m in "h1 p1 h2 p2 10.0.1.2" "h3 p3 h2 p2:vlan:400 10.0.4.2"; do
		set -- $m
		offloads $1 tso:on gso:on tx:on
		egress=$(member_stat $2 egress_packets)
		ingress=$(member_stat $4 ingress_packets)
		send_file $1 $3 $5
		egress=$(($(member_stat $2 egress_packets) - egress))
		ingress=$(($(member_stat $4 ingress_packets) - ingress))
		info "$size bytes, $segments segments: $egress frames into the switch, $ingress out to $4"
		check_num "frames from $2" $egress -lt $((segments * 2 / 3))
		check_eq "frames to $4" "$ingress" "$egress"
	done
}

ipv6()
{
	send_file h1 h2 '[fd00:1::2]' 6
	send_file h2 h1 '[fd00:1::1]' 6
	send_file h4 h2 '[fd00:5::2]' 6
	offloads h4 tx:off
	send_file h4 h2 '[fd00:5::2]' 6
	offloads h4 tx:on
}

# datagrams FROM TO ADDRESS: each arrives, which its checksum decides
datagrams()
{
	local i got

	background on $2 socat -u UDP4-RECV:9999,reuseaddr CREATE:"$WORK/datagrams"
	wait_for "the receiver" on $2 sh -c 'ss -Hlun "sport = :9999" | grep -q .'
	for i in 1 2 3; do
		echo "datagram $i from $1" | on $1 socat -u - UDP4-SENDTO:$3:9999
	done
	wait_for "three datagrams at $3" is_ge 3 sh -c "wc -l <'$WORK/datagrams'"
	got=$(tr '\n' ' ' <"$WORK/datagrams")
	check_eq "datagrams" "$got" "datagram 1 from $1 datagram 2 from $1 datagram 3 from $1 "
	kill $BG
	wait $BG 2>/dev/null
}

udp_with_unfinished_checksums()
{
	local state

	for state in on off; do
		offloads h1 tx:$state
		offloads h3 tx:$state
		offloads h4 tx:$state
		datagrams h1 h2 10.0.1.2
		datagrams h1 h2 10.0.2.2
		datagrams h1 h2 10.0.3.2
		datagrams h3 h2 10.0.4.2
		datagrams h4 h2 10.0.5.2
	done
	offloads h1 tx:on
	offloads h3 tx:on
	offloads h4 tx:on
	offloads h1 tso:on gso:on
	offloads h3 tso:on gso:on
	offloads h4 tso:on gso:on
}

# One send of many datagrams (UDP_SEGMENT): all arrive, each of its own size.
udp_gso()
{
	local a prog

	prog='
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(17, 103, 1000)		# UDP_SEGMENT
s.sendto(bytes(range(250)) * 40, (sys.argv[1], 9998))'
	for a in "h1 10.0.1.2" "h3 10.0.4.2" "h4 10.0.5.2"; do
		set -- $a
		background on h2 socat -u UDP4-RECV:9998,reuseaddr CREATE:"$WORK/udp"
		wait_for "the receiver" on h2 sh -c 'ss -Hlun "sport = :9998" | grep -q .'
		check "sending ten datagrams at once" on $1 "$PYTHON" -S -E -c "$prog" $2
		wait_for "10000 bytes at $2" is_ge 10000 stat -c %s "$WORK/udp"
		check_eq "content" "$(sha256sum <"$WORK/udp")" \
			"$("$PYTHON" -S -E -c 'import sys; sys.stdout.buffer.write(bytes(range(250)) * 40)' | sha256sum)"
		kill $BG
		wait $BG 2>/dev/null
		rm -f "$WORK/udp"
	done
}

# A large frame to an address that nobody knows reaches all members right.
flooded_large_frames()
{
	vq member add p3 vlan 77 network n1
	defer vnetctl member del p3 vlan 77
	vq member set p2 learning off
	defer vnetctl member set p2 learning on
	vq fdb flush n1 all
	send_file h1 h2 10.0.1.2
	check_num "copies of p1" "$(member_stat p1 copies)" -gt 0
}

# limited NETWORK MEMBER DIRECTION FROM TO ADDRESS [6]: what is larger than a burst is
# split there, and arrives right
limited()
{
	local copies before frames member=${2//:/ }

	vq class add $1 slow rate 40mbit
	vq member set $member class-$3 slow
	copies=$(member_stat $2 copies)
	frames=$(class_stat $1 slow $3 packets)
	before=$(class_stat $1 slow $3 bytes)
	send_file "${@:4}"
	copies=$(($(member_stat $2 copies) - copies))
	frames=$(($(class_stat $1 slow $3 packets) - frames))
	before=$(($(class_stat $1 slow $3 bytes) - before))
	info "$1: $frames frames of $((before / frames)) bytes, $copies of them made by the class"
	check_num "frames made" $copies -gt 0
	# 10000 bytes in 2 ms
	check_num "bytes of a frame" $((before / frames)) -le 10000
	vq member set $member class-$3 root
	vq class del $1 slow
}

limited_large_frames_are_split()
{
	local state

	limited n1 p1 egress h1 h2 10.0.1.2
	limited n1 p2 ingress h1 h2 10.0.1.2
	limited n1 p2 ingress h1 h2 '[fd00:1::2]' 6
	limited n2 p1:vlan:2 egress h1 h2 10.0.2.2
	limited n3 p2:svlan:200:cvlan:20 ingress h1 h2 10.0.3.2
	limited n4 p3 egress h3 h2 10.0.4.2
	for state in off on; do
		offloads h2 tx:$state gro:off
		limited n5 p4 egress h4 h2 '[fd00:5::2]' 6
		limited n5 p2:svlan:500:cvlan:50 ingress h4 h2 10.0.5.2
	done
}

# What a class makes of a frame that is known goes by the same rules as the frame: all of it passes by one that allows
# it, none is for the policy.
segments_of_known_frames()
{
	local before copies policy

	vq network set n1 policy-ingress drop
	defer vnetctl network set n1 policy-ingress allow
	vq rule add n1 tcp prio 1 ingress proto tcp allow
	defer vnetctl rule del n1 tcp
	vq rule add n1 rest prio 2 ingress allow
	defer vnetctl rule del n1 rest
	vq class add n1 slow rate 40mbit
	defer vnetctl class del n1 slow
	vq member set p1 class-egress slow
	defer vnetctl member set p1 class-egress root
	before=$(member_stat p1 cached)
	copies=$(member_stat p1 copies)
	policy=$(policy_hits n1 ingress)
	background on h2 socat -u TCP4-LISTEN:9997,reuseaddr CREATE:"$WORK/bursts"
	wait_for "the receiver" on h2 sh -c 'ss -Hltn "sport = :9997" | grep -q .'
	# with breaks, so that some of each burst goes at once
	check "sending bursts" on h1 "$PYTHON" -S -E -c '
import socket, time
s = socket.create_connection(("10.0.1.2", 9997))
for i in range(50):
    s.sendall(bytes(20000))
    time.sleep(0.03)'
	wait_for "all of it" is_eq 1000000 stat -c %s "$WORK/bursts"
	check_num "frames that were known" $(($(member_stat p1 cached) - before)) -ge 20
	check_num "segments" $(($(member_stat p1 copies) - copies)) -ge 40
	check_num "segments that the rule allowed" "$(rule_hits n1 tcp)" -ge 200
	check_eq "frames for the policy" $(($(policy_hits n1 ingress) - policy)) 0
}

run_tests
