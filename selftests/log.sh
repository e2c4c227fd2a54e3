#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# log.sh: rules that tell of frames: what is told, of which frames, how often, and to whom.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_rules.sh
. "$(dirname "$0")/lib_rules.sh"
# shellcheck source=selftests/lib_monitor.sh
. "$(dirname "$0")/lib_monitor.sh"

ALL_TESTS="
	each_frame_is_told
	log_changes_nothing
	headers
	fragments_and_short_frames
	only_the_beginning_is_told
	member_and_tag
	ingress_of_each_copy
	audit_is_told
	policies_tell_nothing
	text
	sample_of_all
	sample_is_a_share
	rate_is_limited
	rate_of_each_network
	groups
	own_namespace_only
	shown
	refusals"

# frames N PORT...: N frames from h1 to each of these ports of h2
frames()
{
	local n=$1; shift

	send_frames "${@/#/from=h1,k=udp4,d=h2,size=100,n=$n,dport=}"
}

# logged [FILTER]: how many messages "out" has
logged()
{
	jq -n "[inputs | select(.object == \"frame\") | select(${1:-true})] | length" <"$WORK/out"
}

# expect_logged N [FILTER]: so many, and no more
expect_logged()
{
	busywait 10 is_ge "$1" logged "${2:-true}" >/dev/null
	check_eq "messages with ${2:-whatever}" "$(logged "${2:-true}")" "$1"
}

# one SPEC FILTER: a frame of h1 is told once, and FILTER is true
one()
{
	: >"$WORK/out"
	probe "from=h1,d=h2,$1,x=h2"
	expect_logged 1
	expect_logged 1 "$2"
}

each_frame_is_told()
{
	red_network
	vq rule add red d prio 10 egress proto udp dport 7 drop log
	monitor -j monitor log
	probe from=h1,k=udp4,dport=7,sport=9,d=h2,n=3,size=100,x=- from=h1,k=udp4,dport=8,d=h2,x=h2
	expect_logged 3
	expect_logged 3 '.event == "logged" and .network == "red" and .rule == "d" and .direction == "egress"'
	expect_logged 3 '.port == "p1" and .vlan == null and .action == "drop" and .audit == false'
	expect_logged 3 ".src_mac == \"$M1\" and .dst_mac == \"$M2\" and .ethertype == \"ipv4\""
	expect_logged 3 '.src == "10.0.0.1" and .dst == "10.0.0.2" and .proto == "udp" and .sport == 9 and .dport == 7'
	expect_logged 3 '.length == 100 and .suppressed == 0'
	expect_logged 3 '(.frame | length) == 200 and (.frame | startswith("0200000000020200000000010800"))'
	check_eq "hits" "$(rule_hits red d)" 3
}

log_changes_nothing()
{
	red_network
	vq rule add red a prio 10 egress proto udp dport 7 allow log
	vq rule add red d prio 20 egress proto udp drop sample 1/1
	monitor -j monitor log
	probe from=h1,k=udp4,dport=7,d=h2,x=h2
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,dport=8,d=h2,x=-
	expect_logged 2
	expect_logged 1 '.rule == "a" and .action == "allow"'
	expect_logged 1 '.rule == "d" and .action == "drop"'
	stop_background "$BG"
	# nobody listens
	probe from=h1,k=udp4,dport=7,d=h2,x=h2
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,dport=8,d=h2,x=-
	check_eq "hits" "$(rule_hits red a) $(rule_hits red d)" "2 2"
}

headers()
{
	red_network
	vq rule add red a prio 10 egress dev p1 allow log
	monitor -j monitor log
	one k=tcp4,sport=1000,dport=80,flags=18 \
		'.proto == "tcp" and .sport == 1000 and .dport == 80 and .tcp_flags == "syn,ack"'
	one k=icmp4,type=8,code=0 '.proto == "icmp" and .icmp_type == 8 and .icmp_code == 0 and .sport == null'
	one k=sctp4,sport=5,dport=6 '.proto == "sctp" and .sport == 5 and .dport == 6'
	one k=udp6,sport=5,dport=6 '.ethertype == "ipv6" and .src == "fd00::1" and .dst == "fd00::2" and .dport == 6'
	one k=tcp6,dport=80,ext=hop.dst,flags=2 '.proto == "tcp" and .dport == 80 and .tcp_flags == "syn"'
	one k=icmp6,type=128 '.proto == "icmp6" and .icmp_type == 128'
	one k=arp '.ethertype == "arp" and .arp_sender == "10.0.0.1" and .arp_target == "10.0.0.2" and .src == null'
	one k=ns,target=fd00::7 '.icmp_type == 135 and .nd_target == "fd00::7" and .arp_target == null'
	one k=uni,et=88cc '.ethertype == "0x88cc" and .src == null and .proto == null'
}

fragments_and_short_frames()
{
	red_network
	vq rule add red a prio 10 egress dev p1 allow log
	monitor -j monitor log
	one k=udp4,dport=6,frag=first '.fragment == "first" and .dport == 6'
	one k=udp4,dport=6,frag=later '.fragment == "later" and .proto == "udp" and .dport == null'
	one k=udp6,dport=6,frag=later '.fragment == "later" and .proto == "udp" and .dport == null'
	one k=udp4,dport=6 '.fragment == null'
	one k=uni,size=14 '.length == 14 and (.frame | length) == 28'
}

only_the_beginning_is_told()
{
	red_network
	vq rule add red a prio 10 egress dev p1 allow log
	monitor -j monitor log
	one k=udp4,dport=6,size=128 '.length == 128 and (.frame | length) == 256'
	one k=udp4,dport=6,size=129 '.length == 129 and (.frame | length) == 256'
	one k=tcp4,dport=6,size=1400 '.length == 1400 and (.frame | length) == 256 and .dport == 6'
}

member_and_tag()
{
	red_network
	vq member add p1 svlan 10 cvlan 20 network red
	vq rule add red a prio 10 egress allow log
	monitor -j monitor log
	probe from=h1,k=udp4,dport=5,t=s10.v20,d=h2,x=h2
	expect_logged 1
	expect_logged 1 '.port == "p1" and .svlan == 10 and .cvlan == 20 and .dport == 5'
	# the tag is not a part of what is told
	expect_logged 1 '.frame | startswith("0200000000020200000000010800")'
}

ingress_of_each_copy()
{
	red_network
	vq rule add red d prio 10 ingress src-mac $M1 drop log
	monitor -j monitor log
	probe from=h1,k=bcast,d=ff:ff:ff:ff:ff:ff,x=-
	expect_logged 2
	expect_logged 1 '.port == "p2" and .direction == "ingress"'
	expect_logged 1 '.port == "p3" and .direction == "ingress"'
}

audit_is_told()
{
	red_network
	vq rule add red d prio 10 egress proto udp dport 7 drop audit log
	vq rule add red e prio 20 egress proto udp drop log
	monitor -j monitor log
	frames 2 7
	expect_logged 4
	expect_logged 2 '.rule == "d" and .action == "drop" and .audit'
	expect_logged 2 '.rule == "e" and .action == "drop" and (.audit | not)'
	vq network set red audit egress
	: >"$WORK/out"
	probe from=h1,k=udp4,dport=8,d=h2,n=3,x=h2
	expect_logged 3
	expect_logged 3 '.rule == "e" and .action == "drop" and .audit'
}

policies_tell_nothing()
{
	red_network policy-egress drop audit egress
	vq rule add red a prio 10 egress proto udp dport 7 allow log
	monitor -j monitor log
	frames 2 8
	frames 1 7
	expect_logged 1
	check_num "by the policy" "$(policy_hits red egress)" -ge 2
}

text()
{
	red_network
	vq rule add red web prio 10 egress proto tcp dport 80 drop log audit
	vq rule add red web2 prio 10 egress proto tcp dport 81 drop log
	monitor -t monitor log
	probe from=h1,k=tcp4,sport=1000,dport=80,d=h2,size=100,x=h2 from=h1,k=tcp4,dport=81,d=h2,x=-
	said "^[0-9T:.-]+Z logged frame network red rule web egress dev p1 untagged would drop src-mac $M1 dst-mac $M2 "
	said "ethertype ipv4 src 10.0.0.1 dst 10.0.0.2 proto tcp sport 1000 dport 80 tcp-flags syn length 100$"
	said "rule web2 egress dev p1 untagged drop src-mac"
}

sample_of_all()
{
	red_network
	vq rule add red a prio 10 egress proto udp allow sample 1/1
	monitor -j monitor log
	frames 20 7
	expect_logged 20
}

# 3200 frames, one in 8: 400 with a deviation of 19; 130 is nearly seven of these
sample_is_a_share()
{
	local n

	red_network log-rate 1mpps
	vq rule add red a prio 10 egress proto udp dport 7 allow sample 1/8
	vq rule add red b prio 10 egress proto udp dport 8 allow sample 1/4294967295
	vq rule add red last prio 20 egress proto udp dport 9 allow log
	monitor -j monitor log
	frames 400 7 7 7 7 7 7 7 7 8
	frames 1 9
	busywait 10 told '.rule == "last"' >/dev/null || fail "the last frame is not told"
	check_eq "frames" "$(rule_hits red a)" 3200
	n=$(logged '.rule == "a"')
	check_num "messages" "$n" -ge 270
	check_num "messages" "$n" -le 530
	check_num "messages of one in many" "$(logged '.rule == "b"')" -le 1
	check_eq "suppressed" "$(jq -n '[inputs.suppressed] | add' <"$WORK/out")" 0
}

# told_more THAN: one more frame, and there are more messages than before
told_more()
{
	frames 1 7
	SENT=$((SENT + 1))
	sleep 0.1
	[ "$(logged)" -gt "$1" ]
}

# the account: of what was sent, each is told, or told of
rate_is_limited()
{
	local SENT=300 begin before allowed

	red_network log-rate 5pps
	vq rule add red a prio 10 egress proto udp allow log
	monitor -j monitor log
	begin=$(now_ms)
	frames 300 7
	# a burst of one, one more that runs into debt, and the time that has passed
	allowed=$((2 + 5 * ($(now_ms) - begin + 1000) / 1000))
	check_eq "hits" "$(rule_hits red a)" 300
	before=$(logged)
	check_num "messages" "$before" -ge 1
	check_num "messages" "$before" -le $allowed
	for _ in $(seq 100); do
		told_more "$before" && break
	done
	check_num "messages later" "$(logged)" -gt "$before"
	# what is sent now comes when the bucket is full again
	sleep 1
	told_more "$(logged)" || fail "nothing is told of a single frame"
	check_eq "told or told of" "$(jq -n '[inputs | 1 + .suppressed] | add' <"$WORK/out")" $SENT
	vq network set red log-rate 1kpps
	: >"$WORK/out"
	sleep 0.1
	frames 50 7
	expect_logged 50
}

rate_of_each_network()
{
	red_network log-rate 1pps
	host h4 p4 02:00:00:00:00:04
	host h5 p5 02:00:00:00:00:05
	with_network blue
	vq port add p4 network blue
	vq port add p5 network blue
	vq rule add red a prio 10 egress proto udp allow log
	vq rule add blue a prio 10 egress proto udp allow log
	monitor -j monitor log
	frames 100 7
	probe from=h4,k=udp4,d=h5,n=20,x=h5
	expect_logged 20 '.network == "blue" and .suppressed == 0'
	check_num "messages of red" "$(logged '.network == "red"')" -lt 90
}

groups()
{
	local words

	red_network
	vq rule add red a prio 10 egress proto udp allow log
	for words in "" config "config fdb"; do
		# shellcheck disable=SC2086
		monitor -j monitor $words
		frames 2 7
		vq network set red tenant "of${words// /-}"
		wait_for "monitor $words tells" grep -q "\"of${words// /-}\"" "$WORK/out" ||
			[ "$words" = fdb ]
		check_not "frames without log" grep -q '"frame"' "$WORK/out"
		stop_background "$BG"
	done
	monitor -j monitor log
	frames 2 7
	vq network set red tenant last
	frames 1 7
	expect_logged 3
	check_not "changes with log only" grep -q '"changed"' "$WORK/out"
	stop_background "$BG"
	monitor -j monitor config log
	frames 1 7
	vq network set red tenant both
	expect_logged 1
	hear '.event == "changed" and .tenant == "both"'
}

own_namespace_only()
{
	red_network
	vq rule add red a prio 10 egress proto udp allow log
	setup_ns away
	background vnetctl -n "$away" -j monitor log >"$WORK/away" 2>&1
	monitor -j monitor log
	frames 3 7
	expect_logged 3
	check_eq "elsewhere" "$(cat "$WORK/away")" ""
}

shown()
{
	red_network
	vq rule add red l prio 10 egress allow log
	vq rule add red s prio 20 egress allow sample 1/100
	check_match "log" "$(vnetctl rule show red l)" "allow +log$"
	check_match "sample" "$(vnetctl rule show red s)" "allow +sample 1/100$"
	check_eq "in JSON" "$(vnetctl -j rule show red | jq -c '[.[] | [.log, .sample]]')" "[[true,null],[false,100]]"
	check_match "the same" "$(v rule add red l prio 10 egress allow log)" unchanged
	refused "another body" rule add red l prio 10 egress allow
	vq rule set red l prio 10 egress allow
	check_eq "no more" "$(vnetctl -j rule show red l | jq '.[0].log')" false
	refused "not both" rule load red - <<<"l prio 10 egress allow log sample 1/1"
	vq rule load red - <<<"l prio 10 egress allow sample 1/7"
	check_eq "loaded" "$(vnetctl -j rule show red l | jq '.[0].sample')" 7
}

refusals()
{
	red_network
	refused "all of its frames or a sample" rule add red a prio 10 egress allow log sample 1/2
	check_err "none" 1 "1 or more" vnetctl rule add red a prio 10 egress allow sample 1/0
	check_err "not a share" 1 "of the form 1/N" vnetctl rule add red a prio 10 egress allow sample 100
	check_err "too many" 1 "too large" vnetctl rule add red a prio 10 egress allow sample 1/4294967296
	check_err "twice" 1 "twice" vnetctl rule add red a prio 10 egress allow log log
	check_err "too fast" 1 "too large" vnetctl network set red log-rate 2mpps
	check_eq "rules" "$(network_get red rules)" 0
}

run_tests
