#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# actions.sh: what rules do besides allowing and dropping: reject with an answer, choose a class, write a DSCP.
#
#      h1            h2            h3            h4
#   p1 |          p2 |          p3 |          p4 | vlan 10, svlan 20 cvlan 30
#  +---o-------------o-------------o-------------o---+
#  |                   network red                   |
#  +-------------------------------------------------+

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	tcp_is_refused_on_egress
	tcp_is_refused_on_ingress
	a_connection_is_reset
	udp_is_told
	ping_is_told
	default_policies_reject
	tagged_members_get_tagged_answers
	answers_fit_what_they_answer
	large_frames_are_answered
	what_is_not_answered
	a_flooded_frame_is_not_answered_by_receivers
	only_the_sender_is_answered
	no_answer_through_a_port_that_is_down
	held_frames_are_rejected
	rate_of_answers
	rate_of_one_network_only
	dscp_is_written
	dscp_is_seen_by_ingress_rules
	dscp_of_each_copy
	dscp_of_large_frames
	dscp_of_held_frames
	class_of_a_rule
	class_of_an_ingress_rule
	class_in_use
	told_as_given
	refusals"

M1=02:00:00:00:00:01
M2=02:00:00:00:00:02

setup()
{
	host h1 p1 $M1 10.0.0.1/24 fd00::1/64
	host h2 p2 $M2 10.0.0.2/24 fd00::2/64
	host h3 p3 02:00:00:00:00:03 10.0.0.3/24 fd00::3/64
	host h4 p4 02:00:00:00:00:04
	# shellcheck disable=SC2154
	ip -n "$h4" link add link eth0 name v10 type vlan id 10 || die "no vlan devices"
	# shellcheck disable=SC2154
	{
		ip -n "$h4" link add link eth0 name s20 type vlan protocol 802.1ad id 20
		ip -n "$h4" link add link s20 name c30 type vlan id 30
		ip -n "$h4" link set s20 up
		ip -n "$h4" link set v10 up
		ip -n "$h4" link set c30 up
	}
	host_address h4 v10 10.0.0.4/24
	host_address h4 v10 fd00::4/64
	host_address h4 c30 10.0.1.4/24
	v_batch <<-END
		port add p1
		port add p2
		port add p3
		port add p4 uplink
	END
}

# red_network [KEYS...]: all hosts know each other, and the switch where they are
red_network()
{
	with_network red "$@"
	v_batch <<-END
		member add p1 network red
		member add p2 network red
		member add p3 network red
		member add p4 vlan 10 network red
		fdb add red $M1 dev p1
		fdb add red $M2 dev p2
		fdb add red 02:00:00:00:00:03 dev p3
	END
	probe from=h1,k=bcast from=h2,k=bcast from=h3,k=bcast from=h4,k=bcast,t=v10
}

# allow_neighbours: hosts may always look for each other, when they like
allow_neighbours()
{
	local d

	for d in ingress egress; do
		v_batch <<-END
			rule add red arp-$d prio 1 $d ethertype arp allow
			rule add red ns-$d prio 1 $d proto icmp6 icmp-type 135 allow
			rule add red na-$d prio 1 $d proto icmp6 icmp-type 136 allow
		END
	done
}

# reject_all [KEYS...]: but for that
reject_all()
{
	allow_neighbours
	vq rule add red r prio 10 "${@:-egress}" reject
}

# dial HOST tcp|udp ADDRESS PORT WANT: what a program there learns. Silence takes a second, all else is waited for.
dial()
{
	local seconds=$((10 * SLOWNESS)) got

	[ "$5" != silence ] || seconds=1
	got=$(on "$1" "$PYTHON" -S -E "$TESTDIR/dial.py" "$2" "$3" "$4" $seconds 2>&1)
	check_eq "$2 from $1 to $3 port $4" "$got" "$5"
}

# server HOST PORT: TCP, both IP versions, says hello
server()
{
	background on "$1" socat TCP6-LISTEN:"$2",ipv6only=0,reuseaddr,fork SYSTEM:'echo hello; cat'
	wait_for "the server on $1" on "$1" sh -c "ss -Hltn 'sport = :$2' | grep -q ."
}

# sink HOST PORT FILE: likewise; takes what it is given
sink()
{
	background on "$1" socat -u TCP6-LISTEN:"$2",ipv6only=0,reuseaddr,fork OPEN:"$3",creat,append
	wait_for "the server on $1" on "$1" sh -c "ss -Hltn 'sport = :$2' | grep -q ."
}

# pass SPEC...: as probe, but for addresses that no host has: none of them says anything to that
pass()
{
	local s specs=()

	for s; do
		[[ ! $s =~ k=(udp|tcp)4 ]] || s+=,dip=10.0.0.99
		[[ ! $s =~ k=(udp|tcp)6 ]] || s+=,dip=fd00::99
		specs+=("$s")
	done
	probe "${specs[@]}"
}

# bad_sums HOST: what its stack found to have a wrong checksum
bad_sums()
{
	on "$1" sh -c 'cat /proc/net/snmp6; awk "/^(Icmp|Tcp|Udp):/ { if (!(\$1 in n)) { split(\$0, w); for (i in w) name[\$1 i] = w[i]; n[\$1] = 1 }
		else for (i = 2; i <= NF; i++) print \$1 name[\$1 i], \$i }" /proc/net/snmp; grep -A1 ^Ip: /proc/net/snmp | tail -n 1 |
		awk "{ print \"IpInHdrErrors\", \$5 }"' |
		awk '/InCsumErrors|Ip6InHdrErrors|IpInHdrErrors/ { n += $2 } END { print n + 0 }'
}

answers()
{
	member_stat "$@" answers
}

# answered N MEMBER SPEC...: of these frames N are answered, and all dropped by the rule or policy
answered()
{
	local want=$1 member=$2 before; shift 2

	before=$(answers "$member")
	send_frames "$@"
	check_eq "answers to $*" $(($(answers "$member") - before)) "$want"
}

tcp_is_refused_on_egress()
{
	need socat
	red_network
	server h2 80
	dial h1 tcp 10.0.0.2 80 connected
	wait_for "its end" on h1 sh -c "! ss -Htan exclude time-wait 'dport = :80' | grep -q ."
	vq rule add red r prio 10 egress proto tcp dport 80 reject
	expect_drop rule_egress=1 p1 dial h1 tcp 10.0.0.2 80 ECONNREFUSED
	expect_drop rule_egress=1 p1 dial h1 tcp fd00::2 80 ECONNREFUSED
	check_eq "answers" "$(answers p1)" 2
	check_eq "hits" "$(rule_hits red r)" 2
	check_eq "wrong checksums" "$(bad_sums h1)" 0
	vq rule set red r prio 10 egress proto tcp dport 80 drop
	expect_drop rule_egress p1 dial h1 tcp 10.0.0.2 80 silence
	expect_drop rule_egress p1 dial h1 tcp fd00::2 80 silence
	check_eq "answers" "$(answers p1)" 2
}

tcp_is_refused_on_ingress()
{
	need socat
	red_network
	server h2 80
	vq rule add red r prio 10 ingress dev p2 proto tcp dport 80 reject
	expect_drop rule_ingress=1 p2 dial h1 tcp 10.0.0.2 80 ECONNREFUSED
	expect_drop rule_ingress=1 p2 dial h1 tcp fd00::2 80 ECONNREFUSED
	check_eq "answers to h1" "$(answers p1)" 2
	check_eq "answers to h2" "$(answers p2)" 0
	check_eq "wrong checksums" "$(bad_sums h1)" 0
	vq rule set red r prio 10 ingress dev p2 proto tcp dport 80 drop
	expect_drop rule_ingress p2 dial h1 tcp 10.0.0.2 80 silence
	expect_drop rule_ingress p2 dial h1 tcp fd00::2 80 silence
	check_eq "answers to h1" "$(answers p1)" 2
}

# A rule that comes into force resets what goes on: the answer has the number that the sender waits for.
a_connection_is_reset()
{
	local address pid

	need socat
	red_network
	server h2 80
	for address in 10.0.0.2 '[fd00::2]'; do
		mkfifo "$WORK/in"
		on h1 socat -d -d - "TCP:$address:80" <"$WORK/in" >"$WORK/out" 2>"$WORK/err" &
		pid=$!
		exec {IN}>"$WORK/in"
		wait_for "a connection" grep -q hello "$WORK/out"
		vq rule add red r prio 10 egress proto tcp dport 80 reject
		echo more >&"$IN"
		wait_for "its end" sh -c "! kill -0 $pid"
		exec {IN}>&-
		wait $pid
		check_match "what it says" "$(cat "$WORK/err")" "reset by peer"
		vq rule del red r
		rm -f "$WORK/in" "$WORK/err" "$WORK/out"
	done
	check_eq "answers" "$(answers p1)" 2
	check_eq "wrong checksums" "$(bad_sums h1)" 0
}

udp_is_told()
{
	red_network
	vq rule add red r prio 10 egress proto udp dport 53 reject
	expect_drop rule_egress p1 dial h1 udp 10.0.0.2 53 EHOSTUNREACH
	expect_drop rule_egress p1 dial h1 udp fd00::2 53 EACCES
	vq rule set red r prio 10 ingress dev p2 proto udp dport 53 reject
	expect_drop rule_ingress p2 dial h1 udp 10.0.0.2 53 EHOSTUNREACH
	expect_drop rule_ingress p2 dial h1 udp fd00::2 53 EACCES
	check_eq "wrong checksums" "$(bad_sums h1)" 0
	vq rule set red r prio 10 egress proto udp dport 53 drop
	expect_drop rule_egress p1 dial h1 udp 10.0.0.2 53 silence
}

ping_is_told()
{
	local out

	red_network
	vq rule add red r4 prio 10 egress proto icmp icmp-type echo-request reject
	vq rule add red r6 prio 10 egress proto icmp6 icmp-type echo-request reject
	out=$(on h1 ping -n -c 1 -W $((5 * SLOWNESS)) 10.0.0.2)
	check_match "what ping says" "$out" "From 10.0.0.2.*Packet filtered"
	out=$(on h1 ping -n -c 1 -W $((5 * SLOWNESS)) fd00::2)
	check_match "what ping says" "$out" "From fd00::2.*[Aa]dministratively prohibited"
	check_eq "wrong checksums" "$(bad_sums h1)" 0
}

default_policies_reject()
{
	red_network
	allow_neighbours
	vq network set red policy-egress reject
	check_eq "policy" "$(network_get red policy_egress)" reject
	expect_drop policy_egress=1 p1 dial h1 tcp 10.0.0.2 81 ECONNREFUSED
	expect_drop policy_egress=1 p1 dial h1 tcp fd00::2 81 ECONNREFUSED
	vq network set red policy-egress allow policy-ingress reject
	expect_drop policy_ingress=1 p2 dial h1 tcp 10.0.0.2 81 ECONNREFUSED
	expect_drop policy_ingress p2 dial h1 udp fd00::2 81 EACCES
	vq rule add red x prio 1 ingress proto tcp dport 82 allow
	expect_drop policy_ingress=1 p2 dial h1 tcp fd00::2 81 ECONNREFUSED
}

tagged_members_get_tagged_answers()
{
	red_network
	vq member add p4 svlan 20 cvlan 30 network red
	vq rule add red r prio 10 egress proto tcp dport 80 reject
	vq rule add red u prio 10 ingress dev p2 proto udp reject
	dial h4 tcp 10.0.0.2 80 ECONNREFUSED
	dial h4 tcp fd00::2 80 ECONNREFUSED
	dial h4 udp 10.0.0.2 80 EHOSTUNREACH
	check_num "answers with vlan 10" "$(answers p4 vlan 10)" -ge 3
	# through both tags; there is nobody in that subnet, so it is told whose address is whose
	on h4 ip neigh add 10.0.1.2 lladdr $M2 dev c30
	expect_drop rule_egress=1 p4:svlan:20:cvlan:30 dial h4 tcp 10.0.1.2 80 ECONNREFUSED
	check_eq "answers with two tags" "$(member_stat p4 svlan 20 cvlan 30 answers)" 1
	check_eq "wrong checksums" "$(bad_sums h4)" 0
}

# sniff HOST FILTER N CMD...: the text of N frames that arrive there while CMD runs
sniff()
{
	local host=$1 filter=$2 n=$3 pid; shift 3

	: >"$WORK/sniffed"
	on "$host" tcpdump -i eth0 -Q in -nn -vv -S -e -l -c "$n" "$filter" >"$WORK/sniffed" 2>"$WORK/sniffer" &
	pid=$!
	wait_for "the sniffer" grep -q "listening on" "$WORK/sniffer"
	"$@"
	busywait 10 sh -c "! kill -0 $pid" >/dev/null || { kill $pid; fail "fewer than $n frames: $filter"; }
	wait $pid
	cat "$WORK/sniffed"
}

answers_fit_what_they_answer()
{
	local out

	need tcpdump
	red_network
	reject_all
	# number 1, 34 bytes of payload: a SYN is one more
	out=$(sniff h1 tcp 1 send_frames from=h1,k=tcp4,d=h2,size=88)
	check_match "of a SYN" "$out" "$M2 > $M1, ethertype IPv4"
	check_match "of a SYN" "$out" "10.0.0.2.5000 > 10.0.0.1.4000: Flags \[R\.\], cksum 0x[0-9a-f]+ \(correct\), seq 0, ack 36, win 0, length 0"
	check_match "of a SYN" "$out" "ttl 64, id 0, offset 0, flags \[DF\], proto TCP \(6\), length 40\)"
	out=$(sniff h1 'ip6 proto 6' 1 send_frames from=h1,k=tcp6,d=h2,size=108,flags=16)
	check_match "of an ACK" "$out" "fd00::2.5000 > fd00::1.4000: Flags \[R\], cksum 0x[0-9a-f]+ \(correct\), seq 0, win 0, length 0"
	out=$(sniff h1 'ip6 proto 6' 1 send_frames from=h1,k=tcp6,d=h2,size=108,flags=1)
	check_match "of a FIN" "$out" "Flags \[R\.\], cksum 0x[0-9a-f]+ \(correct\), seq 0, ack 36,"
	# what is quoted of a large packet, and of padding nothing
	out=$(sniff h1 icmp 1 send_frames from=h1,k=udp4,d=h2,size=1400)
	check_match "of UDP" "$out" "proto ICMP \(1\), length 576\)"
	check_match "of UDP" "$out" "host 10.0.0.2 unreachable - admin prohibited filter, length 556"
	out=$(sniff h1 icmp 1 send_frames from=h1,k=sctp4,d=h2,pad=200)
	check_match "of SCTP" "$out" "proto ICMP \(1\), length 76\)"
	out=$(sniff h1 icmp6 1 send_frames from=h1,k=udp6,d=h2,size=1400)
	check_match "of UDP" "$out" "payload length: 1240\) fd00::2 > fd00::1: \[icmp6 sum ok\] ICMP6, destination unreachable, +unreachable prohibited"
	out=$(sniff h1 icmp6 1 send_frames from=h1,k=udp6,d=h2,ext=hop.dst)
	check_match "behind extensions" "$out" "\[icmp6 sum ok\] ICMP6, destination unreachable, +unreachable prohibited"
	check_eq "wrong checksums" "$(bad_sums h1)" 0
}

# Many segments in one frame, and a checksum that nobody has made yet.
large_frames_are_answered()
{
	need socat
	red_network
	sink h2 80 /dev/null
	background on h1 socat -u /dev/zero TCP:10.0.0.2:80
	wait_for "traffic" is_ge 1000000 member_stat p1 egress_bytes
	vq rule add red r prio 10 ingress dev p2 proto tcp dport 80 reject
	wait_for "the sender has ended" sh -c "! kill -0 $BG"
	check_num "answers" "$(answers p1)" -ge 1
	check_eq "wrong checksums" "$(bad_sums h1)" 0
}

what_is_not_answered()
{
	red_network
	reject_all
	answered 6 p1 from=h1,k=udp4,d=h2 from=h1,k=tcp4,d=h2 from=h1,k=udp6,d=h2 from=h1,k=tcp6,d=h2 from=h1,k=icmp4,d=h2 \
		from=h1,k=icmp6,d=h2
	answered 0 p1 from=h1,k=uni,d=h2 from=h1,k=arp,d=h2 from=h1,k=uni,d=h2,et=8847
	# an answer to an answer
	answered 0 p1 from=h1,k=tcp4,d=h2,flags=4 from=h1,k=tcp6,d=h2,flags=20 from=h1,k=icmp4,d=h2,type=3,code=13 \
		from=h1,k=icmp4,d=h2,type=11 from=h1,k=icmp4,d=h2,type=5 from=h1,k=icmp6,d=h2,type=1,code=1 \
		from=h1,k=icmp6,d=h2,type=100 from=h1,k=redirect,d=h2
	# to many, or from nobody
	answered 0 p1 from=h1,k=bcast from=h1,k=mc4 from=h1,k=mc6 from=h1,k=udp4,d=ff:ff:ff:ff:ff:ff,dip=10.0.0.255 \
		from=h1,k=udp4,d=h2,dip=239.1.2.3 from=h1,k=udp4,d=h2,dip=255.255.255.255 from=h1,k=udp6,d=h2,dip=ff02::1 \
		from=h1,k=udp4,d=h2,sip=224.0.0.1 from=h1,k=udp4,d=h2,sip=255.255.255.255 from=h1,k=udp4,d=h2,sip=0.0.0.0 \
		from=h1,k=udp4,d=h2,sip=127.0.0.1 from=h1,k=udp6,d=h2,sip=ff02::1 from=h1,k=udp6,d=h2,sip=:: from=h1,k=udp6,d=h2,sip=::1
	# parts
	answered 2 p1 from=h1,k=udp4,d=h2,frag=first from=h1,k=udp6,d=h2,frag=first
	answered 0 p1 from=h1,k=udp4,d=h2,frag=later from=h1,k=udp6,d=h2,frag=later from=h1,k=tcp4,d=h2,frag=first \
		from=h1,k=tcp6,d=h2,frag=first from=h1,k=tcp4,d=h2,frag=later
	# damaged
	answered 0 p1 from=h1,k=udp4,d=h2,bad=ip from=h1,k=udp4,d=h2,bad=sum from=h1,k=tcp4,d=h2,bad=sum from=h1,k=udp6,d=h2,bad=sum \
		from=h1,k=tcp6,d=h2,bad=sum from=h1,k=icmp4,d=h2,bad=sum from=h1,k=icmp6,d=h2,bad=sum from=h1,k=tcp4,d=h2,cut=3 \
		from=h1,k=tcp4,d=h2,cut=15 from=h1,k=udp4,d=h2,told=1000 from=h1,k=udp6,d=h2,told=1000
	check_eq "drops" "$(drops p1 bad_headers)" 1
}

# One of many who get a copy must not end what another one wants.
a_flooded_frame_is_not_answered_by_receivers()
{
	red_network
	reject_all ingress dev p3
	answered 0 p1 from=h1,k=tcp4,d=02:ff:ff:ff:ff:fe from=h1,k=udp6,d=02:ff:ff:ff:ff:fe
	check_eq "drops" "$(drops p3 rule_ingress)" 2
	answered 1 p1 from=h1,k=tcp4,d=h3
	vq rule set red r prio 10 egress reject
	answered 1 p1 from=h1,k=tcp4,d=02:ff:ff:ff:ff:fe
}

only_the_sender_is_answered()
{
	red_network
	with_network blue
	vq member add p4 vlan 11 network blue
	reject_all
	# whoever it says that it is
	answered 2 p1 from=h1,k=udp4,s=$M2,d=h3 from=h1,k=udp4,s=02:00:00:00:00:99,d=h3,sip=10.0.0.3
	check_eq "answers to others" "$(answers p2) $(answers p3) $(answers p4 vlan 10) $(answers p4 vlan 11)" "0 0 0 0"
	check_eq "answers of red" "$(network_get red stats.answers)" 2
	probe from=h1,k=tcp4,s=$M2,d=h3,x=- from=h1,k=tcp6,d=h2,x=-
	check_eq "answers of blue" "$(network_get blue stats.answers)" 0
	conservation strict
}

no_answer_through_a_port_that_is_down()
{
	red_network
	vq rule add red r prio 10 ingress dev p2 proto udp reject
	vq class add red slow rate 8kbit burst 1514b delay-target none delay-limit none
	vq member set p1 class-egress slow
	send_frames from=h1,k=udp4,size=1514,n=6,d=h2
	busywait 5 is_ge 2 member_get p1 stats.queued_packets || fail "nothing is held"
	ip link set p1 down
	defer ip link set p1 up
	vq class set red slow rate 1gbit
	busywait 20 is_eq 0 member_get p1 stats.queued_packets || fail "the frames stay"
	check_eq "drops" "$(drops p2 rule_ingress)" 6
	check_num "answers" "$(answers p1)" -lt 6
	vq member set p1 class-egress root
}

held_frames_are_rejected()
{
	red_network
	vq class add red slow rate 8kbit burst 1514b delay-target none delay-limit none
	vq member set p1 class-egress slow
	send_frames from=h1,k=udp4,size=1514,n=8,d=h2
	busywait 5 is_ge 5 member_get p1 stats.queued_packets || fail "nothing is held"
	check_eq "answers" "$(answers p1)" 0
	vq rule add red r prio 10 egress proto udp reject
	vq class set red slow rate 1gbit
	busywait 20 is_eq 0 member_get p1 stats.queued_packets || fail "the frames stay"
	check_num "answers" "$(answers p1)" -ge 5
	check_eq "answers" "$(answers p1)" "$(rule_hits red r)"
	vq member set p1 class-egress root
}

rate_of_answers()
{
	local got began

	red_network reject-rate 10pps
	check_eq "rate" "$(network_get red reject_rate)" 10
	reject_all
	background vnetctl -j monitor >"$WORK/events" 2>&1
	wait_for "the monitor" is_heard
	began=$(now_ms)
	send_frames from=h1,k=udp4,d=h2,n=2000 from=h1,k=tcp6,d=h2,n=2000
	got=$(answers p1)
	check_eq "drops" "$(drops p1 rule_egress)" 4000
	check_num "answers" "$got" -ge 16
	check_num "answers" "$got" -le $((18 + ($(now_ms) - began) / 100))
	wait_for "the event" told_once
	# it goes on after a while
	wait_for "more answers" more_answers "$got"
	vq network set red reject-rate off
	check_eq "rate" "$(network_get red reject_rate)" 0
	answered 0 p1 from=h1,k=udp4,d=h2 from=h1,k=tcp4,d=h2
	vq network set red reject-rate 1mpps
	answered 500 p1 from=h1,k=udp4,d=h2,n=500
}

# whoever listens hears of a change
is_heard()
{
	vnetctl network set red reject-rate 11pps >/dev/null
	vnetctl network set red reject-rate 10pps >/dev/null
	[ -s "$WORK/events" ]
}

told_once()
{
	jq -e -n '[inputs | select(.limit == "reject_rate" and .network == "red" and .value == 10)] | length == 1' \
		<"$WORK/events" >/dev/null
}

more_answers()
{
	send_frames from=h1,k=udp4,d=h2
	[ "$(answers p1)" -gt "$1" ]
}

rate_of_one_network_only()
{
	red_network reject-rate 1pps
	with_network blue
	vq member add p4 vlan 11 network blue
	check_eq "rate of blue" "$(network_get blue reject_rate)" 1000
	reject_all
	vq rule add blue r prio 10 egress proto udp reject
	send_frames from=h1,k=udp4,d=h2,n=100
	answered 20 "p4:vlan:11" from=h4,k=udp4,d=h2,t=v11,n=20
}

dscp_is_written()
{
	red_network
	vq rule add red r prio 10 egress proto udp set-dscp ef allow
	pass from=h1,k=udp4,d=h2,x=h2,xdscp=46 from=h1,k=udp6,d=h2,x=h2,xdscp=46 from=h1,k=udp4,d=h2,dscp=46,x=h2 \
		from=h1,k=udp4,d=h2,dscp=63,ecn=3,x=h2,xdscp=46 from=h1,k=udp6,d=h2,dscp=10,ecn=1,x=h2,xdscp=46 \
		from=h1,k=udp4,d=h4,t=v0p5,x=h4:v10p5,xdscp=46 from=h4,k=udp4,d=h2,t=v10,x=h2,xdscp=46 \
		from=h1,k=udp6,d=h2,ext=hop.dst,x=h2,xdscp=46 from=h1,k=udp4,d=h2,frag=later,x=h2,xdscp=46 \
		from=h1,k=tcp4,d=h2,dscp=5,x=h2 from=h1,k=uni,d=h2,x=h2
	vq rule set red r prio 10 egress set-dscp 0 allow
	pass from=h1,k=udp4,d=h2,dscp=46,x=h2,xdscp=0 from=h1,k=udp6,d=h2,dscp=1,ecn=2,x=h2,xdscp=0 from=h1,k=uni,d=h2,x=h2 \
		from=h1,k=arp,d=h2,x=h2 from=h1,k=udp4,d=h2,t=v0.v77,dscp=9,x=-
	check_eq "what stacks say" "$(bad_sums h2)" 0
	check_eq "drops" "$(drops p1 copy_failed) $(drops p2 copy_failed)" "0 0"
}

dscp_is_seen_by_ingress_rules()
{
	red_network
	vq rule add red e prio 10 egress proto udp set-dscp af11 allow
	vq rule add red i prio 10 ingress dscp af11 set-dscp af12 allow
	pass from=h1,k=udp4,d=h2,x=h2,xdscp=12 from=h1,k=udp6,d=h2,x=h2,xdscp=12 from=h1,k=tcp4,d=h2,x=h2 \
		from=h1,k=tcp4,dscp=10,d=h2,x=h2,xdscp=12
	check_eq "hits" "$(rule_hits red e) $(rule_hits red i)" "2 3"
}

# Copies share what they are copied from, but for what is written into one.
dscp_of_each_copy()
{
	red_network
	vq rule add red i prio 10 ingress dev p3 set-dscp cs5 allow
	pass from=h1,k=mc4,n=20,x=h2+h3+h4:v10,xdscp=h3:40 from=h1,k=mc6,n=20,x=h2+h3+h4:v10,xdscp=h3:40
	vq rule add red e prio 10 egress set-dscp cs1 allow
	pass from=h1,k=mc4,n=20,x=h2+h3+h4:v10,xdscp=8+h3:40 from=h1,k=mc6,n=20,x=h2+h3+h4:v10,xdscp=8+h3:40
	vq rule add red j prio 10 ingress dev p2 set-dscp cs2 allow
	vq rule add red k prio 10 ingress dev p4 vlan 10 set-dscp cs3 allow
	pass from=h1,k=mc4,n=20,x=h2+h3+h4:v10,xdscp=h2:16+h3:40+h4:24 from=h1,k=mc6,n=20,x=h2+h3+h4:v10,xdscp=h2:16+h3:40+h4:24
}

dscp_of_large_frames()
{
	need socat sha256sum
	red_network
	head -c 1000000 /dev/urandom >"$WORK/data"
	vq rule add red r prio 10 egress proto tcp set-dscp af21 allow
	vq rule add red s prio 10 ingress proto tcp dscp af21 allow
	sink h2 90 "$WORK/got"
	for address in 10.0.0.2 '[fd00::2]'; do
		rm -f "$WORK/got"
		check "sent" on h1 socat -u "$WORK/data" "TCP:$address:90"
		wait_for "all of it" same_files "$WORK/data" "$WORK/got"
	done
	check_num "hits" "$(rule_hits red s)" -ge 10
	check_eq "wrong checksums" "$(bad_sums h2)" 0
}

same_files()
{
	cmp -s "$1" "$2"
}

# They are judged again by what they were, not by what was written into them.
dscp_of_held_frames()
{
	red_network
	vq class add red slow rate 8kbit burst 1514b delay-target none delay-limit none
	vq rule add red r prio 10 egress dscp 0 set-dscp 7 class slow allow
	send_frames from=h1,k=udp4,size=1514,n=8,d=h2
	busywait 5 is_ge 5 member_get p1 stats.queued_packets || fail "nothing is held"
	vq rule add red other prio 5 egress dscp 7 drop
	vq class set red slow rate 1gbit
	busywait 20 is_eq 0 member_get p1 stats.queued_packets || fail "the frames stay"
	check_eq "dropped" "$(rule_hits red other)" 0
	check_num "decided again" "$(rule_hits red r)" -ge 13
	check_eq "drops" "$(all_drops p1)" 0
}

# class_packets CLASS ingress|egress
class_packets()
{
	vnetctl -j -s class show red "$1" | jq -r ".[0].$2.packets"
}

class_of_a_rule()
{
	local before

	red_network
	vq class add red gold rate 1gbit
	vq class add red mine rate 1gbit
	vq member set p1 class-egress mine
	vq rule add red r prio 10 egress proto udp class gold allow
	pass from=h1,k=udp4,d=h2,n=10,x=h2 from=h1,k=udp6,d=h2,n=5,x=h2 from=h1,k=tcp4,d=h2,n=3,x=h2
	check_eq "frames of gold" "$(class_packets gold egress) $(class_packets gold ingress)" "15 0"
	check_eq "frames of the member's" "$(class_packets mine egress)" 3
	# it shapes
	vq class set red gold rate 8kbit ceil 8kbit burst 1514b cburst 1514b queue 3kb delay-target none delay-limit none
	expect_drop queue_egress p1 send_frames from=h1,k=udp4,d=h2,size=1000,n=20
	pass from=h1,k=tcp4,d=h2,n=20,x=h2
	vq class set red gold rate 1gbit ceil 1gbit
	busywait 20 is_eq 0 member_get p1 stats.queued_packets || fail "the frames stay"
	# the root passes what it gets
	vq rule set red r prio 10 egress proto udp class root allow
	before=$(class_packets root egress)
	pass from=h1,k=udp4,d=h2,n=20,x=h2
	check_num "frames of the root" "$(class_packets root egress)" -ge $((before + 20))
	check_num "frames of the member's" "$(class_packets mine egress)" -lt 43
	vq member set p1 class-egress root
}

class_of_an_ingress_rule()
{
	red_network
	vq class add red gold rate 1gbit
	vq class add red mine rate 1gbit
	vq member set p2 class-ingress mine
	vq rule add red r prio 10 ingress proto udp class gold allow
	pass from=h1,k=udp4,d=h2,n=10,x=h2 from=h1,k=tcp4,d=h2,n=3,x=h2 from=h1,k=mc4,n=2,x=h2+h3+h4:v10
	check_eq "frames of gold" "$(class_packets gold ingress) $(class_packets gold egress)" "16 0"
	check_eq "frames of the member's" "$(class_packets mine ingress)" 3
	# a held frame of a member that goes
	vq class set red gold rate 8kbit ceil 8kbit burst 1514b cburst 1514b delay-limit none
	send_frames from=h1,k=udp4,d=h2,size=1500,n=10
	busywait 5 is_ge 3 member_get p2 stats.queued_packets || fail "nothing is held"
	vq member del p2
	check_eq "held" "$(vnetctl -j -s class show red gold | jq .[0].ingress.queued_packets)" 0
	conservation
}

class_in_use()
{
	red_network
	vq class add red gold rate 1gbit
	vq rule add red r prio 10 egress class gold allow
	vq rule add red s prio 10 ingress class gold allow
	check_eq "rules of it" "$(vnetctl -j class show red gold | jq .[0].rules)" 2
	check_eq "members of it" "$(vnetctl -j class show red gold | jq .[0].members)" 0
	refused "rules name it" class del red gold
	vq rule del red r
	refused "rules name it" class del red gold
	echo "s prio 10 ingress allow" | vq rule load red -
	check_eq "rules of it" "$(vnetctl -j class show red gold | jq .[0].rules)" 0
	echo "s prio 10 ingress class gold allow" | vq rule load red -
	refused "rules name it" class del red gold
	vq rule set red s prio 10 ingress drop
	vq class del red gold
	# and it goes with its network, rules and all
	vq class add red gold rate 8kbit burst 1514b delay-target none delay-limit none
	vq rule add red r prio 10 egress class gold allow
	send_frames from=h1,k=udp4,d=h2,size=1500,n=10
	vq network del red
}

told_as_given()
{
	local before

	red_network
	vq class add red gold rate 1gbit
	cat >"$WORK/rules" <<-END
		a prio 1 egress proto tcp class gold set-dscp ef allow
		b prio 2 ingress set-dscp 0 allow
		c prio 3 egress dev p1 reject
	END
	vq rule load red "$WORK/rules"
	check_eq "a" "$(v -j rule show red a | jq -c '.[0] | [.action, .class, .set_dscp]')" '["allow","gold",46]'
	check_eq "b" "$(v -j rule show red b | jq -c '.[0] | [.action, .set_dscp, has("class")]')" '["allow",0,false]'
	check_eq "c" "$(v -j rule show red c | jq -c '.[0] | [.action, has("class"), has("set_dscp")]')" '["reject",false,false]'
	check_match "a" "$(v rule show red a)" "allow +proto tcp class gold set-dscp ef"
	check_match "c" "$(v rule show red c)" "reject +dev p1"
	# the same again is no change, another one is
	before=$(network_get red rules_generation)
	vq rule load red "$WORK/rules"
	check_match "again" "$(v rule add red a prio 1 egress proto tcp class gold set-dscp ef allow)" unchanged
	check_eq "generation" "$(network_get red rules_generation)" "$before"
	refused "another body" rule add red a prio 1 egress proto tcp class gold set-dscp 45 allow
	refused "another body" rule add red a prio 1 egress proto tcp class root set-dscp ef allow
	refused "another body" rule add red a prio 1 egress proto tcp set-dscp ef allow
	refused "another body" rule add red b prio 2 ingress allow
	refused "another body" rule add red c prio 3 egress dev p1 drop
	check_match "monitor" "$(vnetctl -j network show red | jq -c '.[0].reject_rate')" 1000
}

refusals()
{
	red_network
	vq class add red gold rate 1gbit
	refused "no class of this name" rule add red r prio 1 egress class none allow
	refused "only a rule that allows can choose" rule add red r prio 1 egress class gold drop
	refused "only a rule that allows can choose" rule add red r prio 1 egress class gold reject
	refused "only a rule that allows can do it" rule add red r prio 1 egress set-dscp 1 drop
	refused "only a rule that allows can do it" rule add red r prio 1 egress set-dscp 1 reject
	echo "r prio 1 egress class none allow" >"$WORK/rules"
	refused "no class of this name" rule load red "$WORK/rules"
	check_err "too large" 1 "63" vnetctl rule add red r prio 1 egress set-dscp 64 allow
	check_err "no field" 1 . vnetctl rule add red r prio 1 egress not class gold allow
	check_err "too fast" 1 . vnetctl network set red reject-rate 2mpps
	check_eq "rules" "$(network_get red rules)" 0
	# of another network
	with_network blue
	refused "no class of this name" rule add blue r prio 1 egress class gold allow
}

run_tests
