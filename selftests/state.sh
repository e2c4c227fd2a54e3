#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# state.sh: rules about the state of connections: what is new, established, related or invalid, one zone for each
# network, limits, and what becomes of connections when rules, networks and the module come and go. Fragments, helpers
# and recheck have scripts of their own.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_rules.sh
. "$(dirname "$0")/lib_rules.sh"
# shellcheck source=selftests/lib_state.sh
. "$(dirname "$0")/lib_state.sh"
# shellcheck source=selftests/lib_module.sh
. "$(dirname "$0")/lib_module.sh"

ALL_TESTS="
	tcp_handshake
	tcp_without_handshake
	tcp_reset
	tcp_out_of_window
	udp_pair
	icmp_pair
	icmp_error_is_related
	ipv6_pairs
	what_has_no_state
	inverted_state
	what_is_dropped_leaves_nothing
	flooded_frames_are_one_connection
	tags_do_not_matter
	networks_do_not_share
	zone_is_told
	conntrack_lists_them
	last_rule_ends_the_zone
	rules_change_under_a_connection
	held_frames_keep_their_state
	member_limit
	network_limit
	ended_connections_are_forgotten
	rate_limit
	limit_events
	network_goes_with_connections
	module_goes_with_connections
	bad_requests
	security_group"

tcp_handshake()
{
	guarded
	passes k=tcp4,sport=1001,dport=80,flags=$SYN
	check_eq "new" "$(rule_hits red open)" 1
	passes from=h2,k=tcp4,sport=80,dport=1001,flags=$SYNACK
	passes k=tcp4,sport=1001,dport=80,flags=$ACK,seq=18
	check_eq "established" "$(rule_hits red back)" 2
	check_eq "connections" "$(connections)" 1
	stopped policy_ingress p1 from=h2,k=tcp4,sport=81,dport=1001,flags=$SYN from=h2,k=udp4,sport=80,dport=1001
}

tcp_without_handshake()
{
	guarded
	vq rule add red odd prio 0 egress ct invalid drop
	stopped rule_egress p2 from=h2,k=tcp4,sport=80,dport=1002,flags=$SYNACK from=h2,k=tcp4,sport=80,dport=1002,flags=$RST
	check_eq "invalid" "$(rule_hits red odd)" 2
	check_eq "connections" "$(connections)" 0
}

tcp_reset()
{
	guarded
	vq rule add red odd prio 0 egress ct invalid drop
	passes k=tcp4,sport=1003,dport=80,flags=$SYN,seq=1
	passes from=h2,k=tcp4,sport=80,dport=1003,flags=$RSTACK,seq=0,ack=18
	wait_for "its end" is_eq 0 connections
	stopped policy_ingress p1 from=h2,k=tcp4,sport=80,dport=1003,flags=$SYN
}

tcp_out_of_window()
{
	guarded
	vq rule add red odd prio 0 egress ct invalid drop
	passes k=tcp4,sport=1004,dport=80,flags=$SYN,seq=1
	passes from=h2,k=tcp4,sport=80,dport=1004,flags=$SYNACK,seq=1,ack=18
	passes k=tcp4,sport=1004,dport=80,flags=$ACK,seq=18,ack=18
	stopped rule_egress p1 k=tcp4,sport=1004,dport=80,flags=$ACK,seq=300000000,ack=18
	check_eq "invalid" "$(rule_hits red odd)" 1
	passes k=tcp4,sport=1004,dport=80,flags=$ACK,seq=34,ack=18
}

udp_pair()
{
	guarded
	stopped policy_ingress p1 from=h2,k=udp4,sport=53,dport=1005
	passes k=udp4,sport=1005,dport=53
	passes from=h2,k=udp4,sport=53,dport=1005
	stopped policy_ingress p1 from=h2,k=udp4,sport=54,dport=1005
	check_eq "new" "$(rule_hits red open)" 1
}

icmp_pair()
{
	guarded
	stopped policy_ingress p1 from=h2,k=icmp4,type=8
	vq rule add red odd prio 0 egress ct invalid drop
	stopped rule_egress p2 from=h2,k=icmp4,type=0
	passes k=icmp4,type=8
	passes from=h2,k=icmp4,type=0
}

ipv6_pairs()
{
	guarded
	passes k=udp6,sport=1006,dport=53
	passes from=h2,k=udp6,sport=53,dport=1006
	passes k=tcp6,sport=1006,dport=80,flags=$SYN
	passes from=h2,k=tcp6,sport=80,dport=1006,flags=$SYNACK
	passes k=udp6,ext=hop.dst,sport=1007,dport=53
	passes from=h2,k=udp6,ext=dst,sport=53,dport=1007
	stopped policy_ingress p1 from=h2,k=tcp6,sport=81,dport=1006,flags=$SYN from=h2,k=udp6,sport=53,dport=1008
}

# An error quotes the packet that it is about: programs make real ones.
icmp_error_is_related()
{
	real_hosts
	vq rule add red arp prio 1 ingress ethertype arp allow
	vq rule add red nd prio 2 ingress proto icmp6 icmp-type neighbour-solicitation allow
	vq rule add red na prio 2 ingress proto icmp6 icmp-type neighbour-advertisement allow
	vq rule add red open prio 3 ingress dev prb ct new allow
	vq rule add red error prio 4 ingress ct related allow
	check_eq "IPv4" "$(refused_by_peer 10.0.0.11)" refused
	check_eq "IPv6" "$(refused_by_peer fd00::11)" refused
	check_eq "related" "$(rule_hits red error)" 2
	vq rule del red error
	expect_drop policy_ingress+1 pra hears 10.0.0.11 silent
}

hears()
{
	check_eq "what it learns" "$(refused_by_peer "$1")" "$2"
}

# refused_by_peer ADDRESS: what a UDP socket of ra learns of a closed port
refused_by_peer()
{
	on ra python3 - "$1" $((2 * SLOWNESS)) <<-'END'
		import socket, sys
		s = socket.socket(socket.AF_INET6 if ":" in sys.argv[1] else socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(float(sys.argv[2]))
		s.connect((sys.argv[1], 7777))
		s.send(b"x")
		try:
		    s.recv(1)
		except ConnectionRefusedError:
		    print("refused")
		except TimeoutError:
		    print("silent")
	END
}

what_has_no_state()
{
	guarded
	stopped policy_ingress p2 k=arp k=uni k=na
	vq rule add red none prio 9 ingress not ct new,established,related,invalid allow
	stopped policy_ingress p2 k=arp k=uni
}

inverted_state()
{
	red_network
	vq rule add red r prio 1 egress not ct new drop
	passes k=udp4,sport=1010,dport=53
	stopped rule_egress p2 from=h2,k=udp4,sport=53,dport=1010
	passes k=arp
}

what_is_dropped_leaves_nothing()
{
	guarded
	stopped policy_ingress p1 from=h2,k=udp4,sport=53,dport=1011
	vq rule add red no prio 0 egress dev p1 proto tcp drop
	stopped rule_egress p1 k=tcp4,sport=1011,dport=80,flags=$SYN
	check_eq "connections" "$(connections)" 0
	vq rule del red no
	stopped policy_ingress p1 from=h2,k=tcp4,sport=80,dport=1011,flags=$SYN
}

flooded_frames_are_one_connection()
{
	red_network
	vq rule add red all prio 1 ingress ct new allow
	probe from=h1,k=mc4,x=h2+h3
	check_eq "copies" "$(rule_hits red all)" 2
	check_eq "connections" "$(connections)" 1
	probe from=h1,k=udp4,d=02:00:00:00:77:77,sport=1,dport=2,x=h2+h3
	check_eq "connections" "$(connections)" 2
}

tags_do_not_matter()
{
	with_network red policy-ingress drop
	vq member add p1 network red
	vq member add p2 vlan 20 network red
	vq rule add red back prio 1 ingress ct established allow
	vq rule add red open prio 2 ingress dev p2 vlan 20 ct new allow
	probe from=h1,k=tcp4,d=h2,sport=1012,dport=80,flags=$SYN,x=h2:v20
	probe from=h2,k=tcp4,d=h1,t=v20,sport=80,dport=1012,flags=$SYNACK,x=h1
	expect_drop policy_ingress=1 p1 probe from=h2,k=tcp4,d=h1,t=v20,sport=81,dport=1012,flags=$SYN,x=-
}

networks_do_not_share()
{
	with_network red policy-ingress drop
	with_network blue policy-ingress drop
	for n in red blue; do
		vq rule add $n back prio 1 ingress ct established allow
	done
	vq rule add red open prio 2 ingress ct new allow
	vq member add p1 vlan 1 network red
	vq member add p2 vlan 1 network red
	vq member add p1 vlan 2 network blue
	vq member add p2 vlan 2 network blue
	probe from=h1,k=udp4,d=h2,t=v1,sport=1013,dport=53,x=h2:v1 from=h2,k=udp4,d=h1,t=v1,sport=53,dport=1013,x=h1:v1
	expect_drop policy_ingress=1 p1:vlan:2 probe from=h2,k=udp4,d=h1,t=v2,sport=53,dport=1013,x=-
	check_not "the same zone" [ "$(network_get red zone)" = "$(network_get blue zone)" ]
	check_eq "connections of blue" "$(network_get blue connections)" 0
}

zone_is_told()
{
	red_network
	check_eq "without state" "$(network_get red zone)" null
	vq rule add red r prio 1 egress ct new allow
	check "a zone" [ "$(network_get red zone)" -ge 32768 ]
}

conntrack_lists_them()
{
	need conntrack
	guarded
	passes k=udp4,sport=1014,dport=53,sip=10.9.9.1,dip=10.9.9.2
	check_match "the connection" "$(conntrack -L -w "$(network_get red zone)" 2>/dev/null)" \
		"src=10.9.9.1 dst=10.9.9.2 sport=1014 dport=53"
}

last_rule_ends_the_zone()
{
	guarded
	passes k=udp4,sport=1015,dport=53
	vq rule del red back
	check_match "still one" "$(network_get red zone)" "^[0-9]+$"
	vq rule del red open
	check_eq "no rule" "$(network_get red zone)" null
	vq rule add red back prio 1 ingress ct established allow
	stopped policy_ingress p1 from=h2,k=udp4,sport=53,dport=1015
	printf '%s\n' "x prio 1 ingress proto tcp allow" >"$WORK/rules"
	vq rule load red "$WORK/rules"
	check_eq "replaced" "$(network_get red zone)" null
	printf '%s\n' "x prio 1 ingress ct new allow" >"$WORK/rules"
	vq rule load red "$WORK/rules"
	check_match "loaded" "$(network_get red zone)" "^[0-9]+$"
}

rules_change_under_a_connection()
{
	local i

	guarded
	passes k=udp4,sport=1016,dport=53
	for i in $(seq 10); do
		vq rule add red "r$i" prio "1$i" ingress proto udp dport "$i" drop
		passes from=h2,k=udp4,sport=53,dport=1016
	done
	vq rule del red open
	passes from=h2,k=udp4,sport=53,dport=1016 k=udp4,sport=1016,dport=53
	stopped policy_ingress p2 k=udp4,sport=1017,dport=53
}

held_frames_keep_their_state()
{
	guarded
	vq class add red slow rate 1mbit burst 1514b delay-target none delay-limit none
	vq member set p2 class-egress slow
	passes k=udp4,sport=1018,dport=53
	probe from=h2,k=udp4,d=h1,sport=53,dport=1018,size=1000,n=10,x=h1
	check_eq "established" "$(rule_hits red back)" 10
	check "some were held" [ "$(class_stat red slow egress delayed)" -gt 0 ]
}

member_limit()
{
	guarded
	vq member set p1 max-connections 3
	passes k=udp4,sport=1,dport=53 k=udp4,sport=2,dport=53 k=udp4,sport=3,dport=53
	stopped connections p2 k=udp4,sport=4,dport=53 k=tcp4,sport=4,dport=53
	passes k=udp4,sport=1,dport=53 from=h2,k=udp4,sport=53,dport=1
	probe from=h3,k=udp4,d=h2,sport=9,dport=53,x=h2
	check_eq "of the member" "$(member_get p1 connections)" 3
	check_eq "of the network" "$(connections)" 4
}

network_limit()
{
	guarded max-connections 2
	passes k=udp4,sport=1,dport=53 k=udp4,sport=2,dport=53
	stopped connections p2 k=udp4,sport=3,dport=53
	check_eq "of the member" "$(member_get p1 connections)" 2
	vq network set red max-connections 3
	passes k=udp4,sport=3,dport=53
}

ended_connections_are_forgotten()
{
	need conntrack
	guarded max-connections 2
	passes k=udp4,sport=1,dport=53 k=udp4,sport=2,dport=53
	stopped connections p2 k=udp4,sport=3,dport=53
	check "conntrack -D" conntrack -D -w "$(network_get red zone)" -p udp --sport 1
	wait_for "the count" is_eq 1 network_get red connections
	passes k=udp4,sport=3,dport=53
	check_eq "of the member" "$(member_get p1 connections)" 2
}

rate_limit()
{
	guarded
	vq member set p1 connection-rate 1cps
	probe from=h1,k=udp4,d=h2,dport=53,inc=sport,n=10,x=h2
	expect_drop connection_rate+1 p2 send_frames from=h1,k=udp4,d=h2,sport=5000,dport=53,inc=sport,n=100
	probe from=h3,k=udp4,d=h2,dport=53,inc=sport,n=60,x=h2
	check "most were refused" [ "$(drops p2 connection_rate)" -gt 60 ]
}

limit_events()
{
	guarded
	vq member set p1 max-connections 1
	background vnetctl -j monitor >"$WORK/out"
	wait_for "the monitor" listening
	passes k=udp4,sport=1,dport=53
	stopped connections p2 k=udp4,sport=2,dport=53 k=udp4,sport=3,dport=53
	wait_for "the event" grep -q member_connections "$WORK/out"
	check_eq "once" "$(grep -c member_connections "$WORK/out")" 1
}

# Something to hear about, until it is heard.
listening()
{
	vq network set red ageing "$((RANDOM + 1000))ms"
	[ -s "$WORK/out" ]
}

network_goes_with_connections()
{
	local zone

	need conntrack
	guarded
	passes k=udp4,sport=1,dport=53 k=tcp4,sport=1,dport=80,flags=$SYN
	zone=$(network_get red zone)
	check_eq "before" "$(conntrack -L -w "$zone" 2>/dev/null | wc -l)" 2
	vq network del red
	wait_for "an empty zone" sh -c "! conntrack -L -w $zone 2>/dev/null | grep -q ."
}

module_goes_with_connections()
{
	find_module
	guarded
	passes k=udp4,sport=1,dport=53 k=tcp4,sport=1,dport=80,flags=$SYN
	defer load_module
	vq flush
	check "rmmod" rmmod vnet
	check "it is back" load_module
	for p in p1 p2 p3; do
		vq port add $p
	done
}

bad_requests()
{
	red_network
	refused "only IPv4 and IPv6 packets belong to connections" rule add red r prio 1 egress ethertype arp ct new drop
	check_eq "no zone" "$(network_get red zone)" null
	vq rule add red r prio 1 egress proto tcp drop
	refused "exists with another body" rule add red r prio 1 egress ct new drop
	check_eq "no zone yet" "$(network_get red zone)" null
}

# What a newcomer would write: everything out, answers in, and a web server that all may reach.
security_group()
{
	need socat
	real_hosts
	background on rb socat TCP6-LISTEN:80,ipv6only=0,reuseaddr,fork SYSTEM:'echo hello'
	background on ra socat TCP6-LISTEN:80,ipv6only=0,reuseaddr,fork SYSTEM:'echo hello'
	wait_for "the server" on rb sh -c 'ss -Hltn "sport = :80" | grep -q .'
	vq rule load red - <<-END
		arp prio 1 ingress ethertype arp allow
		ns prio 2 ingress proto icmp6 icmp-type neighbour-solicitation allow
		na prio 3 ingress proto icmp6 icmp-type neighbour-advertisement allow
		answers prio 10 ingress ct established,related allow
		web prio 20 ingress dev prb proto tcp dport 80 ct new allow
	END
	check_eq "web" "$(fetch ra 10.0.0.11)" hello
	check_eq "web over IPv6" "$(fetch ra "[fd00::11]")" hello
	expect_drop policy_ingress+1 pra no_fetch rb 10.0.0.10
	expect_drop policy_ingress+1 prb no_reach ra 10.0.0.11
}

fetch()
{
	on "$1" socat -T $((5 * SLOWNESS)) - "TCP:$2:80,connect-timeout=$((2 * SLOWNESS))" </dev/null 2>/dev/null
}

no_fetch()
{
	! fetch "$@"
}

run_tests
