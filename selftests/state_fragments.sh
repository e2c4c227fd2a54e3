#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# state_fragments.sh: the state of fragmented packets: they wait until they are whole, are judged as what
# the first one says, and go on as they came.
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

ALL_TESTS="
	fragments_of_a_datagram
	fragments_out_of_order
	fragments_of_ping
	fragments_that_overlap
	fragments_of_too_many
	fragments_that_stay_alone
	checksums_of_real_frames"

# Real fragments: programs send datagrams larger than the MTU. In SIZES are the lengths of the frames that arrive.
fragment_hosts()
{
	real_hosts
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

run_tests
