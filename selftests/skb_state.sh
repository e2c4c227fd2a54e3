#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# skb_state.sh: with rules about connections too, the verdict depends on a frame's bytes alone, however they lie in
# memory: in one piece or several, cut at any offset, tagged in metadata or payload, as fragments, as one large frame.

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_skb.sh
. "$(dirname "$0")/lib_skb.sh"

ALL_TESTS="
	every_split_same_handshake
	every_split_same_pairs
	every_split_same_invalid
	every_split_same_tagged
	every_split_same_fragments
	fragments_of_splits_that_are_dropped
	large_frames
	conservation"

# TCP flags
SYN=2 SYNACK=18 ACK=16

# What begins a connection, goes on with it, and neither, each counted by one rule; other frames go by the policy.
stateful_network()
{
	red_network policy-egress drop policy-ingress allow
	vq rule load red - <<-END
		odd prio 1 egress ct invalid drop
		back prio 2 egress ct established allow
		no prio 3 egress proto tcp dport 81 ct new drop
		no-u prio 3 egress proto udp dport 81 ct new drop
		open prio 4 egress ct new allow
	END
}

# states: what each rule has counted
states()
{
	vnetctl -j -s rule show red | jq -r '[.[] | "\(.name) \(.packets)"] | join(" ")' | sed 's/ default.*//'
}

# counted WHAT STATES: what the rules have counted since the last time; and no policy decided
counted()
{
	check_eq "$1" "$(states)" "$2"
	check_eq "$1: decided by the policy" "$(policy_hits red egress)" 0
}

# geometries SPEC EXPECTATION: one frame in each geometry, with a source port or address of its own, which stands for @
# in SPEC; sets SPECS and N
geometries()
{
	local s spec

	N=0
	SPECS=()
	for s in "" $SPLITS; do
		N=$((N + 1))
		spec=${1//@/$N}
		SPECS+=("$spec${s:+,split=$s},x=$2")
	done
}

# answers SPEC EXPECTATION: as many frames, of h2, which is no tap
answers()
{
	local i

	SPECS=()
	for ((i = 1; i <= N; i++)); do
		SPECS+=("${1//@/$i},x=$2")
	done
}

# in_one_piece: the frames in SPECS, undivided
in_one_piece()
{
	SPECS=("${SPECS[@]/,split=*,x/,x}")
}

every_split_same_handshake()
{
	local k

	for k in tcp4 tcp6 tcp6,ext=hop.dst tcp4,options=20; do
		(
			DEFERS=()
			trap run_defers EXIT
			stateful_network
			geometries "from=t,k=$k,d=h2,sport=100@,dport=80,flags=$SYN,seq=1" h2
			probe "${SPECS[@]}"
			counted "$k: new" "odd 0 back 0 no 0 no-u 0 open $N"
			answers "from=h2,d=t,k=${k%%,*},sport=80,dport=100@,flags=$SYNACK,seq=1,ack=18" t
			probe "${SPECS[@]}"
			geometries "from=t,k=$k,d=h2,sport=100@,dport=80,flags=$ACK,seq=18,ack=18" h2
			probe "${SPECS[@]}"
			counted "$k: established" "odd 0 back $((2 * N)) no 0 no-u 0 open $N"
			geometries "from=t,k=$k,d=h2,sport=100@,dport=80,flags=$ACK,seq=300000000,ack=18" -
			expect_drop rule_egress=$N vttap0 probe "${SPECS[@]}"
			counted "$k: out of window" "odd $N back $((2 * N)) no 0 no-u 0 open $N"
			geometries "from=t,k=$k,d=h2,sport=200@,dport=81,flags=$SYN" -
			expect_drop rule_egress=$N vttap0 probe "${SPECS[@]}"
			counted "$k: refused" "odd $N back $((2 * N)) no $N no-u 0 open $N"
			check_eq "connections" "$(network_get red connections)" "$N"
		)
	done
}

every_split_same_pairs()
{
	local k v

	for v in 4 6; do
		(
			DEFERS=()
			trap run_defers EXIT
			stateful_network
			geometries "from=t,k=udp$v,d=h2,sport=100@,dport=53" h2
			probe "${SPECS[@]}"
			answers "from=h2,d=t,k=udp$v,sport=53,dport=100@" t
			probe "${SPECS[@]}"
			geometries "from=t,k=udp$v,d=h2,sport=100@,dport=53" h2
			probe "${SPECS[@]}"
			counted "UDP over IPv$v" "odd 0 back $((2 * N)) no 0 no-u 0 open $N"
			geometries "from=t,k=udp$v,d=h2,sport=200@,dport=81" -
			expect_drop rule_egress=$N vttap0 probe "${SPECS[@]}"
			counted "refused" "odd 0 back $((2 * N)) no 0 no-u $N open $N"
		)
	done
	for k in icmp4,sip=10.0.1.@,type=8 icmp6,sip=fd00::1:@,type=128 icmp6,sip=fd00::2:@,type=128,ext=hop.dst; do
		(
			DEFERS=()
			trap run_defers EXIT
			stateful_network
			geometries "from=t,k=$k,d=h2" h2
			probe "${SPECS[@]}"
			counted "$k" "odd 0 back 0 no 0 no-u 0 open $N"
		)
	done
}

# A checksum that is wrong, an answer to nothing, a header that ends early.
every_split_same_invalid()
{
	local k n=0

	stateful_network
	for k in tcp4,sport=100@,dport=80,bad=sum tcp6,sport=100@,dport=80,bad=sum udp4,sport=100@,dport=53,bad=sum \
		 tcp4,sport=200@,dport=80,flags=$SYNACK tcp6,sport=200@,dport=80,flags=$SYNACK,ext=hop \
		 icmp4,type=0,sip=10.0.2.@ icmp4,type=8,sip=10.0.3.@,bad=sum; do
		geometries "from=t,k=$k,d=h2" -
		expect_drop rule_egress=$N vttap0 probe "${SPECS[@]}"
		n=$((n + N))
		counted "$k" "odd $n back 0 no 0 no-u 0 open 0"
	done
	check_eq "connections" "$(network_get red connections)" 0
}

# The tag of the member lies in the payload at first, or in what the interface tells.
every_split_same_tagged()
{
	local tag mac ports frame reply open=0 back=0

	stateful_network
	vq member add vttap0 vlan 5 network red
	vq member add vttap0 svlan 6 cvlan 7 network red
	vq member add p2 vlan 9 network red
	vq fdb add red 02:00:00:00:00:05 dev vttap0 vlan 5
	vq fdb add red 02:00:00:00:00:67 dev vttap0 svlan 6 cvlan 7
	vq fdb add red 02:00:00:00:00:99 dev p2 vlan 9
	while read -r tag mac ports; do
		frame="from=t,k=tcp4,s=$mac,d=02:00:00:00:00:99,sip=10.0.0.7,dip=10.0.0.2,t=$tag,sport=$ports,dport=80"
		reply="from=h2,k=tcp4,s=02:00:00:00:00:99,d=$mac,sip=10.0.0.2,dip=10.0.0.7,t=v9,sport=80,dport=$ports"
		geometries "$frame,flags=$SYN,seq=1" h2:v9
		probe "${SPECS[@]}"
		open=$((open + N))
		counted "$tag: new" "odd 0 back $back no 0 no-u 0 open $open"
		answers "$reply,flags=$SYNACK,seq=1,ack=18" "t:${tag%p3}"
		probe "${SPECS[@]}"
		back=$((back + N))
		counted "$tag: answered" "odd 0 back $back no 0 no-u 0 open $open"
		geometries "$frame,flags=$ACK,seq=18,ack=18" h2:v9
		probe "${SPECS[@]}"
		back=$((back + N))
		counted "$tag: established" "odd 0 back $back no 0 no-u 0 open $open"
	done <<-END
		v5 02:00:00:00:00:05 100@
		s6.v7 02:00:00:00:00:67 200@
		v5p3 02:00:00:00:00:05 300@
	END
	check_eq "connections" "$(network_get red connections)" "$open"
}

# pairs SPEC EXPECTATION: both fragments of a packet, each in every geometry while the other is in one piece or in the
# same; the later one comes first by turns. @ as in geometries
pairs()
{
	local s pair first later

	N=0
	SPECS=()
	for s in $SPLITS; do
		for pair in "$s " " $s" "$s $s"; do
			N=$((N + 1))
			first=${1//@/$N},frag=first,size=$FIRST
			[ -z "${pair% *}" ] || first+=,split=${pair% *}
			later=${1//@/$N},frag=later
			[ -z "${pair#* }" ] || later+=,split=${pair#* }
			if ((N % 2)); then
				SPECS+=("$first,x=$2" "$later,x=$2")
			else
				SPECS+=("$later,x=$2" "$first,x=$2")
			fi
		done
	done
}

every_split_same_fragments()
{
	local port

	stateful_network
	# the first one ends where the later one of frame.py begins
	FIRST=1514
	pairs "from=t,k=udp4,d=h2,sip=10.0.@.7,sum=none,dport=53" h2
	probe "${SPECS[@]}"
	counted "IPv4" "odd 0 back 0 no 0 no-u 0 open $((2 * N))"
	check_eq "connections" "$(network_get red connections)" "$N"
	FIRST=1542
	for port in vttap0 p2; do
		ip link set $port mtu 2000
		defer ip link set $port mtu 1500
	done
	# shellcheck disable=SC2154
	ip -n "$h2" link set eth0 mtu 2000
	defer ip -n "$h2" link set eth0 mtu 1500
	pairs "from=t,k=udp6,proto=200,d=h2,sip=fd00::7:@" h2
	probe "${SPECS[@]}"
	counted "IPv6" "odd 0 back 0 no 0 no-u 0 open $((4 * N))"
	check_eq "connections" "$(network_get red connections)" $((2 * N))
	check_eq "none waits" "$(member_stat vttap0 queued_packets)" 0
}

# A rule about a port is about the fragment without ports too.
fragments_of_splits_that_are_dropped()
{
	stateful_network
	FIRST=1514
	pairs "from=t,k=udp4,d=h2,sip=10.0.@.7,sum=none,dport=81" -
	expect_drop rule_egress=$((2 * N)) vttap0 probe "${SPECS[@]}"
	counted "dropped" "odd 0 back 0 no 0 no-u $((2 * N)) open 0"
	check_eq "connections" "$(network_get red connections)" 0
	check_eq "none waits" "$(member_stat vttap0 queued_packets)" 0
}

# A frame that is to be cut into segments is one frame of its connection, in one piece or in many.
large_frames()
{
	local v how

	for how in gso frags:gso; do
		(
			DEFERS=()
			trap run_defers EXIT
			ENDPOINTS[t]=t=tap:vttap0:$how%$T
			stateful_network
			for v in 4 6; do
				handshakes "$v"
				geometries "from=t,k=tcp$v,d=h2,sport=100@,dport=80,flags=$ACK,seq=18,ack=18,size=4014,gso=1000" h2
				[ $how = gso ] && in_one_piece
				probe "${SPECS[@]}"
			done
			# of each connection: the answer, and the large frame
			counted "$how" "odd 0 back $((4 * N)) no 0 no-u 0 open $((2 * N))"
			geometries "from=t,k=tcp4,d=h2,sport=300@,dport=81,flags=$ACK,size=4014,gso=1000" -
			[ $how = gso ] && in_one_piece
			expect_drop rule_egress=$N vttap0 probe "${SPECS[@]}"
			counted "$how: refused" "odd 0 back $((4 * N)) no $N no-u 0 open $((2 * N))"
		)
	done
}

# handshakes 4|6: one for each geometry, by small frames
handshakes()
{
	geometries "from=t,k=tcp$1,d=h2,sport=100@,dport=80,flags=$SYN,seq=1" h2
	in_one_piece
	probe "${SPECS[@]}"
	answers "from=h2,d=t,k=tcp$1,sport=80,dport=100@,flags=$SYNACK,seq=1,ack=18" t
	probe "${SPECS[@]}"
}

run_tests
