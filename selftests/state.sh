#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# state.sh: rules about the state of connections: what is new, established, related or invalid, one zone for each
# network, limits, and what becomes of connections when rules, networks and the module come and go.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_rules.sh
. "$(dirname "$0")/lib_rules.sh"
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
	fragments_of_a_datagram
	fragments_out_of_order
	fragments_of_ping
	fragments_that_overlap
	fragments_of_too_many
	fragments_that_stay_alone
	checksums_of_real_frames
	networks_do_not_share
	zone_is_told
	conntrack_lists_them
	last_rule_ends_the_zone
	rules_change_under_a_connection
	helper_of_ftp
	helper_refusals
	recheck_ends_connections
	recheck_of_answers
	recheck_spares_others
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

SYN=2 SYNACK=18 ACK=16 RST=4 RSTACK=20

# Answers come in, nothing else that does.
guarded()
{
	red_network policy-ingress drop "$@"
	vq rule add red back prio 1 ingress ct established,related allow
	vq rule add red open prio 2 ingress dev p2 ct new allow
}

# passes SPEC..., stopped SPEC...: frames from h1 to h2, or the other way round with from=h2
to_peer()
{
	local s

	for s; do
		case $s in
		from=h2*) echo "$s,d=h1,x=h1";;
		*)	echo "from=h1,$s,d=h2,x=h2";;
		esac
	done
}

passes()
{
	local specs

	mapfile -t specs < <(to_peer "$@")
	probe "${specs[@]}"
}

# stopped REASON PORT SPEC...: all of them are dropped for REASON by the member of PORT
stopped()
{
	local reason=$1 port=$2 specs; shift 2

	mapfile -t specs < <(to_peer "$@")
	expect_drop "$reason=$#" "$port" probe "${specs[@]/%x=h[12]/x=-}"
}

connections()
{
	network_get red connections
}

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
	with_network red policy-ingress drop
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24 fd00::10/64
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24 fd00::11/64
	vq port add pra network red
	vq port add prb network red
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

# Real fragments: programs send datagrams larger than the MTU. In SIZES are the lengths of the frames that arrive.
fragment_hosts()
{
	with_network red policy-ingress drop
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24 fd00::10/64
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24 fd00::11/64
	vq port add pra network red
	vq port add prb network red
	vq rule load red - <<-END
		arp prio 1 ingress ethertype arp allow
		ns prio 2 ingress proto icmp6 icmp-type neighbour-solicitation allow
		na prio 3 ingress proto icmp6 icmp-type neighbour-advertisement allow
		back prio 4 ingress ct established allow
		open prio 5 ingress dev prb proto udp dport 9 ct new allow
	END
	background on rb python3 -c 'import select, socket
ports = [socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) for i in range(2)]
for s, port in zip(ports, (9, 10)):
    s.bind(("::", port))
while True:
    for s in select.select(ports, [], [])[0]:
        s.sendto(*s.recvfrom(65536))'
	wait_for "the servers" on rb sh -c 'ss -Hlun "sport = :10" | grep -q .'
}

# echoed HOST:PORT SIZE: what comes back of so many bytes
echoed()
{
	on ra python3 - "$1" "$2" $((3 * SLOWNESS)) <<-'END'
		import socket, sys
		host, port = sys.argv[1].rsplit(":", 1)
		s = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_DGRAM)
		s.settimeout(float(sys.argv[3]))
		sent = bytes(i * 7 % 251 for i in range(int(sys.argv[2])))
		s.sendto(sent, (host, int(port)))
		try:
		    print("same" if s.recv(65536) == sent else "other")
		except TimeoutError:
		    print("nothing")
	END
}

not_echoed()
{
	check_eq "echo" "$(echoed "$@")" nothing
}

fragments_of_a_datagram()
{
	local before

	fragment_hosts
	check_eq "IPv4" "$(echoed 10.0.0.11:9 5000)" same
	check_eq "IPv6" "$(echoed fd00::11:9 5000)" same
	check_eq "the largest" "$(echoed 10.0.0.11:9 64000)" same
	# Fragments came out as they went in, and each was judged by the rule about the port.
	before=$(rule_hits red open)
	check_eq "three fragments" "$(on ra python3 -c 'import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.bind(("10.0.0.10", 5555))
print(s.sendto(b"x" * 4000, ("10.0.0.11", 9)))')" 4000
	wait_for "three frames" is_eq $((before + 3)) rule_hits red open
	expect_drop policy_ingress=4 prb not_echoed 10.0.0.11:10 5000
	check_eq "none is left" "$(member_stat pra queued_packets)" 0
}

# The last one first: they arrive in the order of the packet.
fragments_out_of_order()
{
	with_network red
	vq member add p1 network red
	vq member add p2 network red
	vq rule add red new prio 1 ingress proto udp dport 9 ct new allow
	check_eq "they arrive" "$(in_pieces p2 3 2 1)" "1 2 3"
	check_eq "judged" "$(rule_hits red new)" 3
	check_eq "with padding" "$(in_pieces p2 2 1 3)" "1 2 3"
	check_eq "connections" "$(network_get red connections)" 1
}

# in_pieces TARGET N...: sends the Nth fragments of a UDP datagram from h1 to h2, says which ones arrive in which order
in_pieces()
{
	# shellcheck disable=SC2154
	python3 - "$h1" "$h2" "${@:2}" <<-'END'
		import ctypes, os, socket, struct, sys, time
		libc = ctypes.CDLL(None)
		def sock(ns):
		    fd = os.open("/run/netns/" + ns, os.O_RDONLY)
		    assert libc.setns(fd, 0x40000000) == 0
		    s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x0800))
		    s.bind(("eth0", 0x0800))
		    return s
		a, b = sock(sys.argv[1]), sock(sys.argv[2])
		b.settimeout(float(os.environ.get("SLOWNESS", "1")))
		data = struct.pack("!HHHH", 7, 9, 8 + 40, 0) + bytes(40)
		def ip(n):
		    part, more = data[(n - 1) * 16:n * 16], 0 if n == 3 else 0x2000
		    h = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(part), os.getpid() & 0xffff, more | (n - 1) * 2, 64, 17, 0,
		                    bytes((10, 0, 0, 1)), bytes((10, 0, 0, 2)))
		    c = sum(struct.unpack("!10H", h))
		    c = (c & 0xffff) + (c >> 16)
		    return h[:10] + struct.pack("!H", ~c & 0xffff) + h[12:] + part
		for n in sys.argv[3:]:
		    a.send(bytes.fromhex("020000000002020000000001" "0800") + ip(int(n)) + bytes(6))
		got = []
		try:
		    while len(got) < len(sys.argv) - 3:
		        f = b.recv(2000)
		        if f[14 + 9] == 17:
		            got.append((struct.unpack("!H", f[20:22])[0] & 0x1fff) // 2 + 1)
		except TimeoutError:
		    pass
		print(*got)
	END
}

fragments_of_ping()
{
	with_network red
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24 fd00::10/64
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24 fd00::11/64
	vq port add pra network red
	vq port add prb network red
	vq rule add red odd prio 1 egress ct invalid drop
	vq rule add red ask prio 2 egress proto icmp icmp-type echo-request ct new,established allow
	vq rule add red ask6 prio 2 egress proto icmp6 icmp-type echo-request ct new,established allow
	check "IPv4" on ra ping -n -q -c 3 -i 0.2 -s 4000 -W $((5 * SLOWNESS)) 10.0.0.11
	check "IPv6" on ra ping -n -q -c 3 -i 0.2 -s 4000 -W $((5 * SLOWNESS)) fd00::11
	check_eq "all fragments of the requests" "$(rule_hits red ask) $(rule_hits red ask6)" "9 9"
	check_eq "invalid" "$(rule_hits red odd)" 0
}

fragments_that_overlap()
{
	guarded
	probe from=h1,k=udp4,d=h2,frag=later,size=100,x=-
	expect_drop fragment_overlap=2 p1 probe from=h1,k=udp4,d=h2,frag=later,size=120,x=-
	probe from=h1,k=udp4,d=h2,frag=later,size=100,x=-
	expect_drop fragment_overlap=1 p1 probe from=h1,k=udp4,d=h2,frag=later,size=100,x=-
	check_eq "the first stays" "$(member_stat p1 queued_packets)" 1
	vq member del p1
}

fragments_of_too_many()
{
	guarded
	expect_drop fragment_limit=36 p1 probe from=h1,k=udp4,d=h2,frag=later,n=100,inc=sip,x=-
	check_eq "waiting" "$(member_stat p1 queued_packets)" 64
	probe from=h3,k=udp4,d=h2,frag=later,x=-
	check_eq "of another" "$(member_stat p3 queued_packets)" 1
	vq rule load red /dev/null
	wait_for "the end of the zone" is_eq 0 member_stat p1 queued_packets
	check_eq "drops" "$(drops p1 fragment_timeout)" 64
}

fragments_that_stay_alone()
{
	guarded
	probe from=h1,k=udp6,d=h2,frag=first,x=-
	check_eq "waiting" "$(member_stat p1 queued_packets)" 1
	vq member del p1
	wait_for "the drop" is_eq 1 network_get red stats.drops.member_gone
}

# Whoever sums up a frame on its way must not leave its receiver with the wrong sum.
checksums_of_real_frames()
{
	local offload

	need ethtool
	fragment_hosts
	for offload in on off; do
		on ra ethtool -K eth0 tx $offload >/dev/null 2>&1
		on rb ethtool -K eth0 tx $offload >/dev/null 2>&1
		check_eq "IPv4, offload $offload" "$(echoed 10.0.0.11:9 300)" same
		check_eq "IPv6, offload $offload" "$(echoed fd00::11:9 300)" same
		check_eq "fragments, offload $offload" "$(echoed 10.0.0.11:9 3000)" same
	done
	check_eq "wrong sums" "$(on rb nstat -asz UdpInCsumErrors Udp6InCsumErrors | awk '/Csum/ { n += $2 } END { print n + 0 }')" 0
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

# ftp_data RULES...: what a client gets over the data connection that a server has told it of
ftp_data()
{
	on ra python3 - $((3 * SLOWNESS)) <<-'END'
		import re, socket, sys
		try:
		    c = socket.create_connection(("10.0.0.11", 21), float(sys.argv[1]))
		    f = c.makefile("rw", newline="\r\n")
		    f.readline()
		    f.write("PASV\r\n")
		    f.flush()
		    n = re.search(r"\((.*)\)", f.readline()).group(1).split(",")
		    d = socket.create_connection((".".join(n[:4]), int(n[4]) * 256 + int(n[5])), float(sys.argv[1]))
		    print(d.recv(100).decode())
		except TimeoutError:
		    print("nothing")
	END
}

ftp_server()
{
	background on rb python3 -c 'import socket
control = socket.create_server(("10.0.0.11", 21))
data = socket.create_server(("10.0.0.11", 40123))
while True:
    c = control.accept()[0]
    f = c.makefile("rw", newline="\r\n")
    f.write("220 hello\r\n")
    f.flush()
    f.readline()
    f.write("227 Entering Passive Mode (10,0,0,11,%d,%d)\r\n" % (40123 >> 8, 40123 & 255))
    f.flush()
    data.settimeout(5)
    try:
        d = data.accept()[0]
        d.send(b"listing")
        d.close()
    except TimeoutError:
        pass
    c.close()'
	wait_for "the server" on rb sh -c 'ss -Hltn "sport = :40123" | grep -q .'
}

helper_of_ftp()
{
	with_network red policy-ingress drop
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24
	vq port add pra network red
	vq port add prb network red
	vq rule add red arp prio 1 ingress ethertype arp allow
	vq rule add red back prio 2 ingress ct established,related allow
	vq rule add red ftp prio 3 ingress dev prb proto tcp dport 21 ct new allow
	ftp_server
	check_eq "without" "$(ftp_data)" nothing
	vq rule set red ftp prio 3 ingress dev prb proto tcp dport 21 ct new allow helper ftp
	check_eq "with it" "$(ftp_data)" listing
	check_eq "told" "$(v -j rule show red ftp | jq -r '.[0].helper')" ftp
}

helper_refusals()
{
	red_network
	refused "no helper of this name" rule add red r prio 1 egress proto tcp allow helper nobody
	refused "only a rule that allows" rule add red r prio 1 egress proto tcp drop helper ftp
	refused "needs the protocol" rule add red r prio 1 egress allow helper ftp
	refused "no helper of this name" rule add red r prio 1 egress proto udp allow helper ftp
	check_err "too long" 1 "15 characters" vnetctl rule add red r prio 1 egress proto tcp allow helper nnnnnnnnnnnnnnnn
	check_eq "no zone" "$(network_get red zone)" null
	vq rule add red r prio 1 egress proto tcp allow helper ftp
	check_match "a zone" "$(network_get red zone)" "^[0-9]+$"
	vq rule del red r
	check_eq "none any more" "$(network_get red zone)" null
}

recheck_ends_connections()
{
	guarded
	check_match "without connections" "$(v rule recheck red)" "^$"
	passes k=tcp4,sport=1019,dport=80,flags=$SYN
	passes from=h2,k=tcp4,sport=80,dport=1019,flags=$SYNACK
	vq rule add red no prio 2 ingress dev p2 proto tcp dport 80 tcp-flags syn drop
	vq rule set red open prio 3 ingress dev p2 ct new allow
	passes k=tcp4,sport=1019,dport=80,flags=$ACK,seq=18
	vq rule recheck red
	stopped recheck p2 k=tcp4,sport=1019,dport=80,flags=$ACK,seq=18
	stopped policy_ingress p1 from=h2,k=tcp4,sport=80,dport=1019,flags=$SYN
	wait_for "its end" is_eq 0 connections
}

# The first frame behind a recheck is one of the server.
recheck_of_answers()
{
	guarded
	passes k=udp4,sport=1020,dport=53 k=icmp4,type=8 k=udp6,sport=1020,dport=53
	passes from=h2,k=udp4,sport=53,dport=1020 from=h2,k=icmp4,type=0 from=h2,k=udp6,sport=53,dport=1020
	vq rule recheck red
	passes from=h2,k=udp4,sport=53,dport=1020 from=h2,k=icmp4,type=0 from=h2,k=udp6,sport=53,dport=1020
	vq rule set red open prio 2 ingress dev p2 proto tcp ct new allow
	passes from=h2,k=udp4,sport=53,dport=1020 from=h2,k=icmp4,type=0
	vq rule recheck red
	stopped recheck p1 from=h2,k=udp4,sport=53,dport=1020 from=h2,k=icmp4,type=0 from=h2,k=udp6,sport=53,dport=1020
}

recheck_spares_others()
{
	guarded
	vq rule add red ping prio 3 ingress dev p3 ct new allow
	passes k=udp4,sport=1021,dport=53
	probe from=h1,k=udp4,d=h3,sport=1021,dport=53,x=h3
	passes from=h2,k=udp4,sport=53,dport=1021
	vq rule del red open
	vq rule recheck red
	stopped recheck p1 from=h2,k=udp4,sport=53,dport=1021
	probe from=h3,k=udp4,d=h1,sport=53,dport=1021,x=h1
	vq network set red policy-ingress allow
	vq rule recheck red
	probe from=h3,k=udp4,d=h1,sport=53,dport=1021,x=h1
	vq rule load red /dev/null
	check_eq "no rule asks" "$(v -j rule recheck red)" '[{"unchanged":true}]'
}

held_frames_keep_their_state()
{
	guarded
	vq class add red slow rate 1mbit burst 1514b
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
	with_network red policy-ingress drop
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24 fd00::10/64
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24 fd00::11/64
	vq port add pra network red
	vq port add prb network red
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
