#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# hostile.sh: a tenant that attacks the memory of connections and fragments. The victim, in a network of its own on
# the same switch, keeps its connection, and what the attacker takes stays within its limits.
#
#   va            vb             h1            h2
#   pva |     pvb |           p1 |          p2 |
#  +----o---------o----+     +---o-------------o---+
#  |  network victim   |     |     network red     |
#  +-------------------+     +---------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	syn_flood
	random_connections
	answers_that_nobody_asked_for
	fragments_that_are_never_whole
	errors_about_nothing
	rates_of_a_member
	rejected_flood"

setup()
{
	local p

	host h1 p1 02:00:00:00:00:01
	host h2 p2 02:00:00:00:00:02
	host va pva 02:00:00:00:00:01 10.0.0.1/24
	host vb pvb 02:00:00:00:00:02 10.0.0.2/24
	for p in p1 p2 pva pvb; do
		vq port add $p
	done
}

# Both networks go by connections; the attacker may have 500 of them.
attacked()
{
	with_network victim policy-ingress drop
	with_network red max-connections 500
	vq member add pva network victim
	vq member add pvb network victim
	vq member add p1 network red
	vq member add p2 network red
	vq rule add victim arp prio 1 ingress ethertype arp allow
	vq rule add victim back prio 2 ingress ct established allow
	vq rule add victim open prio 3 ingress dev pvb proto tcp dport 7 ct new allow
	vq rule add red back prio 1 ingress ct established allow
	vq rule add red open prio 2 ingress ct new allow
	probe from=h1,k=bcast from=h2,k=bcast
	start_conversation
}

# One TCP connection that says a number every few milliseconds and hears it again; each one heard is a line.
start_conversation()
{
	background on vb python3 -c 'import socket
s = socket.create_server(("10.0.0.2", 7))
c = s.accept()[0]
while True:
    data = c.recv(4096)
    if not data:
        break
    c.sendall(data)'
	wait_for "the server" on vb sh -c 'ss -Hltn "sport = :7" | grep -q .'
	: >"$WORK/heard"
	background on va python3 -c 'import socket, sys, time
c = socket.create_connection(("10.0.0.2", 7))
c.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
f, n = c.makefile("rw"), 0
while True:
    f.write("%d\n" % n)
    f.flush()
    if int(f.readline()) != n:
        sys.exit("another number")
    print(n, flush=True)
    n += 1
    time.sleep(0.005)' >"$WORK/heard"
	wait_for "the conversation" heard_more 0
}

heard()
{
	wc -l <"$WORK/heard"
}

heard_more()
{
	[ "$(heard)" -gt "$1" ]
}

# under_attack SPEC...: the frames are sent while the victim talks on; nothing of its own is lost
under_attack()
{
	local before lost

	before=$(heard)
	lost="$(all_drops pva) $(all_drops pvb)"
	check "the attack" send_frames "$@"
	wait_for "the conversation goes on" heard_more $((before + 20))
	check_eq "drops of the victim" "$(all_drops pva) $(all_drops pvb)" "$lost"
	check_eq "connections of the victim" "$(network_get victim connections)" 1
	vnetctl network show red >/dev/null || fail "the switch does not answer"
}

# within: what the attacker has is no more than it may
within()
{
	check "connections $(network_get red connections)" [ "$(network_get red connections)" -le 500 ]
	check "held fragments" [ "$(member_stat p1 queued_packets)" -le 64 ]
}

syn_flood()
{
	attacked
	under_attack from=h1,k=tcp4,d=h2,flags=2,dport=80,inc=sport,n=20000
	within
	check_eq "up to its limit" "$(network_get red connections)" 500
	check "the rest is counted" [ "$(drops p2 connections)" -ge 19000 ]
}

random_connections()
{
	attacked
	under_attack from=h1,k=udp4,d=h2,inc=sip,n=10000 from=h1,k=udp6,d=h2,inc=sport,n=5000 \
		from=h1,k=icmp4,d=h2,inc=sip,n=5000
	within
	check_eq "up to its limit" "$(network_get red connections)" 500
}

answers_that_nobody_asked_for()
{
	attacked
	vq rule add red odd prio 0 egress ct invalid drop
	under_attack from=h1,k=tcp4,d=h2,flags=18,inc=sport,n=5000 from=h1,k=tcp4,d=h2,flags=4,inc=sport,n=5000 \
		from=h1,k=icmp4,d=h2,type=0,inc=sip,n=5000
	check_eq "invalid" "$(rule_hits red odd)" 15000
	check_eq "connections" "$(network_get red connections)" 0
}

fragments_that_are_never_whole()
{
	attacked
	under_attack from=h1,k=udp4,d=h2,frag=first,inc=sip,n=10000 from=h1,k=udp6,d=h2,frag=later,inc=sport,n=5000
	within
	check "the rest is counted" [ $(($(drops p1 fragment_limit) + $(drops p1 fragment_overlap))) -ge 14900 ]
	vq rule load red /dev/null
	wait_for "nothing is held" is_eq 0 member_stat p1 queued_packets
}

errors_about_nothing()
{
	attacked
	vq rule add red odd prio 0 egress ct invalid drop
	under_attack from=h1,k=icmp4,d=h2,type=3,code=1,inc=sip,n=5000 from=h1,k=icmp6,d=h2,type=1,n=5000
	check_eq "connections" "$(network_get red connections)" 0
	check_eq "invalid" "$(rule_hits red odd)" 10000
}

rates_of_a_member()
{
	attacked
	vq member set p1 connection-rate 100cps max-connections 100
	under_attack from=h1,k=tcp4,d=h2,flags=2,dport=80,inc=sport,n=10000
	check "no more than its own" [ "$(member_get p1 connections)" -le 100 ]
	probe from=h2,k=udp4,d=h1,sport=9,dport=9,x=h1
}

rejected_flood()
{
	attacked
	vq network set red reject-rate 100pps
	vq rule add red no prio 0 egress proto tcp reject
	under_attack from=h1,k=tcp4,d=h2,flags=2,dport=80,inc=sport,n=10000
	check_eq "rejected" "$(rule_hits red no)" 10000
	check "few answers" [ "$(member_stat p1 answers)" -lt 5000 ]
	check_eq "connections" "$(network_get red connections)" 0
}

run_tests
