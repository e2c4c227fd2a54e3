#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# rule_test.sh: `rule test` says of a frame what the rules then do to the real one, and which rules it passed.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_rules.sh
. "$(dirname "$0")/lib_rules.sh"

ALL_TESTS="
	every_field_of_egress
	every_field_of_ingress
	policies_that_drop
	members
	tagged_members
	sets
	states
	nothing_is_counted
	rules_that_were_passed
	many_rules
	rules_that_change_meanwhile
	many_rules_that_change_meanwhile
	ways_to_write_a_frame
	frames_that_make_no_sense
	default_policies_among_the_rules
	names_of_the_policies"

# One rule for each field and kind of value; each decides about frames that no rule before it is about.
RULES="
	smac	src-mac 02:00:00:00:77:01
	smacs	src-mac 02:aa:00:00:00:00/ff:ff:00:00:00:00
	dmac	dst-mac 02:00:00:00:00:03
	type	ethertype 0x88b6
	asend	arp-sender 10.0.0.1
	atarg	arp-target 10.9.0.0/16
	arp	ethertype arp
	first	fragment first
	later	fragment later proto udp
	anyfrag	fragment any
	ef	dscp ef
	tos6	dscp 1 ethertype ipv6
	syn	proto tcp tcp-flags syn,ack dport 7
	rst	proto tcp tcp-flags rst
	null	proto tcp tcp-flags !fin,!syn,!rst,!psh,!ack,!urg
	sport	proto tcp sport 1000-2000
	dport	proto tcp dport 443
	udp	proto udp sport 53 dport 1024-65535
	both	proto udp src 10.1.0.0/16 dst 10.2.3.4
	sctp	proto sctp dport 9
	ping	proto icmp icmp-type 8
	unreach	proto icmp icmp-type 3 icmp-code 4
	ping6	proto icmp6 icmp-type 128
	ndt	nd-target 2001:db8:7::/48 icmp-type 136 proto icmp6
	ndany	not nd-target ::/64 src fd00::9
	na	proto icmp6 icmp-type 136
	src6	src 2001:db8::/32
	dst6	dst 2001:db8:1::1
	notsrc	not src 10.0.0.0/8
	proto	proto 200
	v6	ethertype ipv6
	v4	dst 10.0.0.2 proto tcp"

# What is sent, and how one asks about it.
FRAMES="
	k=uni,s=02:00:00:00:77:01	ethertype 0x88b5 src-mac 02:00:00:00:77:01 dst-mac $M2
	k=uni,s=02:aa:00:01:02:03	ethertype 0x88b5 src-mac 02:aa:00:01:02:03 dst-mac $M2
	k=uni,s=02:ab:00:01:02:03	ethertype 0x88b5 src-mac 02:ab:00:01:02:03 dst-mac $M2
	k=uni				ethertype 0x88b5
	k=uni,et=88b6			ethertype 0x88b6
	k=arp				arp 10.0.0.1 10.0.0.2
	k=arp,sip=10.0.0.7		arp 10.0.0.7 10.0.0.2
	k=arp,sip=10.0.0.7,target=10.9.1.1	arp 10.0.0.7 10.9.1.1
	k=udp4,frag=first		udp 10.0.0.1:4000 10.0.0.2:5000 fragment first
	k=udp4,frag=later		udp 10.0.0.1 10.0.0.2 fragment later
	k=tcp6,frag=later		tcp fd00::1 fd00::2 fragment later
	k=udp6,frag=first		udp [fd00::1]:4000 [fd00::2]:5000 fragment first
	k=udp6,frag=later		udp fd00::1 fd00::2 fragment later
	k=icmp4,frag=later		icmp 10.0.0.1 10.0.0.2 fragment later
	k=udp4,dscp=46			udp 10.0.0.1:4000 10.0.0.2:5000 dscp ef
	k=tcp6,dscp=46			tcp [fd00::1]:4000 [fd00::2]:5000 dscp 46
	k=udp6,dscp=1			udp [fd00::1]:4000 [fd00::2]:5000 dscp le
	k=udp4,dscp=1			udp 10.0.0.1:4000 10.0.0.2:5000 dscp le
	k=tcp4,dport=7,flags=18		tcp 10.0.0.1:4000 10.0.0.2:7 tcp-flags syn,ack
	k=tcp4,dport=7			tcp 10.0.0.1:4000 10.0.0.2:7
	k=tcp6,dport=7,flags=18		tcp [fd00::1]:4000 [fd00::2]:7 tcp-flags ack,syn
	k=tcp4,flags=20			tcp 10.0.0.1:4000 10.0.0.2:5000 tcp-flags rst,ack
	k=tcp4,flags=0			tcp 10.0.0.1:4000 10.0.0.2:5000 tcp-flags none
	k=tcp4,flags=192		tcp 10.0.0.1:4000 10.0.0.2:5000 tcp-flags ece,cwr
	k=tcp4,sport=1000		tcp 10.0.0.1:1000 10.0.0.2:5000
	k=tcp6,sport=2000		tcp [fd00::1]:2000 [fd00::2]:5000
	k=tcp4,sport=2001		tcp 10.0.0.1:2001 10.0.0.2:5000
	k=tcp4,sport=999,dport=443	tcp 10.0.0.1:999 10.0.0.2:443
	k=tcp6,dport=443,ext=hop	tcp [fd00::1]:4000 [fd00::2]:443
	k=udp4,sport=53,dport=1024	udp 10.0.0.1:53 10.0.0.2:1024
	k=udp4,sport=53,dport=1023	udp 10.0.0.1:53 10.0.0.2:1023
	k=udp4,sip=10.1.9.9,dip=10.2.3.4	udp 10.1.9.9:4000 10.2.3.4:5000
	k=udp4,sip=10.0.9.9,dip=10.2.3.4	udp 10.0.9.9:4000 10.2.3.4:5000
	k=sctp4,dport=9			sctp 10.0.0.1:4000 10.0.0.2:9
	k=sctp4,dport=8			sctp 10.0.0.1:4000 10.0.0.2:8
	k=icmp4				icmp 10.0.0.1 10.0.0.2
	k=icmp4,type=0			icmp 10.0.0.1 10.0.0.2 icmp-type echo-reply
	k=icmp4,type=3,code=4		icmp 10.0.0.1 10.0.0.2 icmp-type 3 icmp-code 4
	k=icmp4,type=3,code=3		icmp 10.0.0.1 10.0.0.2 icmp-type unreachable icmp-code 3
	k=icmp6				icmp6 fd00::1 fd00::2
	k=na,d=h2			icmp6 fd00::1 ff02::1 icmp-type neighbour-advertisement
	k=na,d=h2,target=2001:db8:7::1	icmp6 fd00::1 ff02::1 icmp-type neighbour-advertisement nd-target 2001:db8:7::1
	k=na,d=h2,target=2001:db8:8::1	icmp6 fd00::1 ff02::1 icmp-type neighbour-advertisement nd-target 2001:db8:8::1
	k=ns,d=h2,target=2001:db8:7::1	icmp6 fd00::1 ff02::1:ff00:1 icmp-type 135 nd-target 2001:db8:7::1
	k=redirect,d=h2,sip=fd00::9,target=2001:db8:7::1	icmp6 fd00::9 ff02::1 icmp-type 137 nd-target 2001:db8:7::1
	k=icmp6,type=2			icmp6 fd00::1 fd00::2 icmp-type 2
	k=udp6,sip=2001:db8:5::1	udp [2001:db8:5::1]:4000 [fd00::2]:5000
	k=udp6,dip=2001:db8:1::1	udp [fd00::1]:4000 [2001:db8:1::1]:5000
	k=udp6,dip=2001:db8:1::2	udp [fd00::1]:4000 [2001:db8:1::2]:5000
	k=udp4,sip=192.0.2.1		udp 192.0.2.1:4000 10.0.0.2:5000
	k=udp4,proto=200		proto 200 10.0.0.1 10.0.0.2
	k=udp6,proto=200		proto 200 fd00::1 fd00::2
	k=udp4,proto=136,dport=6	proto 136 10.0.0.1:4000 10.0.0.2:6
	k=udp4				udp 10.0.0.1:4000 10.0.0.2:5000"

# hits DIRECTION: a line "RULE PACKETS" for each rule and the policy
hits_of()
{
	vnetctl -j -s rule show red "$1" | jq -r '.[] | "\(.name) \(.packets)"'
}

# questions DIRECTION MEMBER <LINES of FRAMES: as commands, MACs added
questions()
{
	local spec words

	while read -r spec words; do
		[ -n "$spec" ] || continue
		case $words in
		*src-mac*) ;;
		*) words+=" src-mac $M1 dst-mac $M2";;
		esac
		echo "rule test red $1 $2 $words"
	done
}

# same_as_real DIRECTION "from|to MEMBER" LINES: the verdicts are those of the real frames of h1 to h2
same_as_real()
{
	local dir=$1 spec words specs=() verdicts=() i=0 before after rule n

	before=$(hits_of "$dir")
	mapfile -t verdicts < <(questions "$dir" "$2" <<<"$3" | vnetctl -j -b - 2>&1 |
		jq -r '.[0] | "\(.verdict) \(.rule)"' 2>&1)
	while read -r spec words; do
		[ -n "$spec" ] || continue
		case ${verdicts[i]:-} in
		allow*)	specs+=("from=h1,d=h2,$spec,x=h2");;
		*)	specs+=("from=h1,d=h2,$spec,x=-");;
		esac
		i=$((i + 1))
	done <<<"$3"
	check_eq "frames with a verdict" ${#verdicts[@]} $i
	probe "${specs[@]}"
	after=$(hits_of "$dir")
	while read -r rule n; do
		check_eq "frames that $rule decided about" \
			"$(($(awk -v r="$rule" '$1 == r { print $2 }' <<<"$after") - n))" \
			"$(printf '%s\n' "${verdicts[@]}" | awk -v r="$rule" '$2 == r { n++ } END { print n + 0 }')"
	done <<<"$before"
	info "$i frames, $(printf '%s\n' "${verdicts[@]}" | awk '{ print $2 }' | sort -u | wc -l) rules and policies"
}

# load_rules DIRECTION: RULES, by turns allow and drop
load_rules()
{
	local name match prio=1

	while read -r name match; do
		[ -n "$name" ] || continue
		echo "$name prio $prio $1 $match $([ $((prio % 2)) = 0 ] && echo allow || echo drop)"
		prio=$((prio + 1))
	done <<<"$RULES" >"$WORK/rules"
	vq rule load red "$WORK/rules"
}

# verdict WORDS...: VERDICT RULE
verdict()
{
	v -j rule test red "$@" | jq -r '.[0] | "\(.verdict) \(.rule)"'
}

every_field_of_egress()
{
	red_network
	load_rules egress
	same_as_real egress "from p1" "$FRAMES"
	check_eq "rules that decided about nothing" "$(hits_of egress | awk '$2 == 0 { print $1 }' | xargs)" "dmac"
	check_eq "another receiver" "$(verdict egress from p1 ethertype 0x88b5 dst-mac 02:00:00:00:00:03)" "drop dmac"
}

every_field_of_ingress()
{
	red_network
	load_rules ingress
	same_as_real ingress "to p2" "$FRAMES"
}

policies_that_drop()
{
	red_network
	load_rules egress
	vq network set red policy-egress drop
	same_as_real egress "from p1" "$(awk 'NR % 3 == 1' <<<"$FRAMES")
		k=uni	ethertype 0x88b5"
	check_eq "no rule at all" "$(verdict ingress to p2 udp 10.0.0.1:1 10.0.0.2:2)" "allow default-ingress"
	vq network set red policy-ingress drop
	check_eq "no rule at all, and drop" "$(verdict ingress to p2 udp 10.0.0.1:1 10.0.0.2:2)" "drop default-ingress"
	check_eq "egress" "$(verdict egress from p1 ethertype 0x88b5)" "drop default-egress"
}

members()
{
	red_network
	vq rule add red mine prio 1 egress dev p1 proto udp drop
	vq rule add red others prio 2 egress not dev p1 proto udp drop
	vq rule add red to2 prio 3 ingress dev p2 drop
	same_as_real egress "from p1" "k=udp4	udp 10.0.0.1:4000 10.0.0.2:5000"
	check_eq "of another" "$(verdict egress from p3 udp 10.0.0.1:1 10.0.0.2:2)" "drop others"
	check_eq "of nobody" "$(verdict egress udp 10.0.0.1:1 10.0.0.2:2)" "drop others"
	check_eq "to p2" "$(verdict ingress to p2 udp 10.0.0.1:1 10.0.0.2:2)" "drop to2"
	check_eq "to p3" "$(verdict ingress to p3 udp 10.0.0.1:1 10.0.0.2:2)" "allow default-ingress"
	vq network add blue
	defer vnetctl network del blue
	refused "belongs to another network" rule test blue egress from p1 udp 10.0.0.1:1 10.0.0.2:2
	refused "no untagged member|not attached|no interface" rule test red egress from absent udp 10.0.0.1:1 10.0.0.2:2
	refused "no member with this tag" rule test red egress from p1 vlan 9 udp 10.0.0.1:1 10.0.0.2:2
}

# What a tagged member sends has a priority, 0 if nothing else is said.
tagged_members()
{
	local before

	red_network
	vq member del p1
	vq member add p1 vlan 5 network red
	vq rule add red six prio 1 egress pcp 6 drop
	vq rule add red zero prio 2 egress pcp 0 drop
	check_eq "6" "$(verdict egress from p1 vlan 5 udp 10.0.0.1:4000 10.0.0.2:5000 pcp 6)" "drop six"
	check_eq "0" "$(verdict egress from p1 vlan 5 udp 10.0.0.1:4000 10.0.0.2:5000)" "drop zero"
	check_eq "5" "$(verdict egress from p1 vlan 5 udp 10.0.0.1:4000 10.0.0.2:5000 pcp 5)" "allow default-egress"
	check_eq "no tag" "$(verdict egress from p3 udp 10.0.0.1:4000 10.0.0.2:5000)" "allow default-egress"
	check_eq "no tag, but a priority" "$(verdict egress from p3 udp 10.0.0.1:4000 10.0.0.2:5000 pcp 0)" "drop zero"
	before=$(hits_of egress)
	probe from=h1,k=udp4,d=h2,t=v5p6,x=- from=h1,k=udp4,d=h2,t=v5,x=- from=h1,k=udp4,d=h2,t=v5p5,x=h2 \
		from=h3,k=udp4,d=h2,x=h2 from=h3,k=udp4,d=h2,t=v0p0,x=-
	check_eq "what counted before" "$(xargs <<<"$before")" "six 0 zero 0 default-egress 3"
	check_eq "what counted" "$(hits_of egress | xargs)" "six 1 zero 2 default-egress 5"
}

sets()
{
	red_network
	vq set add red hosts type addresses
	vq set element-add red hosts 10.0.0.1,2001:db8::/64
	vq set add red doors type ports
	vq set element-add red doors 22,8000-8010
	vq rule add red a prio 1 egress src-set hosts dport-set doors proto tcp drop
	vq rule add red b prio 2 egress not src-set hosts ethertype ipv4 drop
	same_as_real egress "from p1" "
		k=tcp4,dport=22		tcp 10.0.0.1:4000 10.0.0.2:22
		k=tcp4,dport=8011	tcp 10.0.0.1:4000 10.0.0.2:8011
		k=tcp6,sip=2001:db8::7,dport=8010	tcp [2001:db8::7]:4000 [fd00::2]:8010
		k=tcp4,sip=10.0.0.9	tcp 10.0.0.9:4000 10.0.0.2:5000"
	vq set element-add red hosts 10.0.0.9
	check_eq "an element that is new" "$(verdict egress from p1 tcp 10.0.0.9:1 10.0.0.2:22)" "drop a"
}

nothing_is_counted()
{
	local before i

	red_network
	load_rules egress
	before=$(vnetctl -j -s rule show red; vnetctl -j -s network show red; vnetctl -j -s member show)
	questions egress "from p1" <<<"$FRAMES" | v_batch
	check_eq "counters" "$(vnetctl -j -s rule show red; vnetctl -j -s network show red; vnetctl -j -s member show)" "$before"
}

rules_that_were_passed()
{
	local out i

	red_network
	for i in $(seq 25); do
		echo "rule add red r$i prio $((100 - i)) egress proto tcp dport $i allow"
		echo "rule add red other$i prio $((100 - i)) ingress proto tcp dport $i allow"
	done | v_batch
	out=$(v -j rule test red egress tcp 10.0.0.1:1 10.0.0.2:22)
	check_eq "passed" "$(jq -r '.[0] | .passed | join(" ")' <<<"$out")" "r25 r24 r23"
	check_eq "decided" "$(jq -c '.[0] | del(.passed)' <<<"$out")" \
		'{"network":"red","direction":"egress","verdict":"allow","rule":"r22","prio":78}'
	check_match "as text" "$(v rule test red egress tcp 10.0.0.1:1 10.0.0.2:22)" "^    passed: r25 r24 r23$"
	check_match "the heading" "$(v rule test red egress tcp 10.0.0.1:1 10.0.0.2:22)" "VERDICT +RULE +PRIO"
	check_match "the verdict" "$(v rule test red egress tcp 10.0.0.1:1 10.0.0.2:22)" "red +egress +allow +r22 +78"
	check_match "the first" "$(v rule test red egress tcp 10.0.0.1:1 10.0.0.2:25)" "passed: none"
	out=$(v rule test red egress tcp 10.0.0.1:1 10.0.0.2:99)
	check_match "more than fit" "$out" "passed: ... and 15 more before r10 r9 r8 r7 r6 r5 r4 r3 r2 r1$"
	check_match "no rule" "$out" "allow +default-egress"
	check_eq "all of them" "$(v -j rule test red egress tcp 10.0.0.1:1 10.0.0.2:99 | jq '.[0].passed | length')" 25
	check_eq "no priority" "$(v -j rule test red egress tcp 10.0.0.1:1 10.0.0.2:99 | jq -c '.[0] | [.rule, has("prio")]')" \
		'["default-egress",false]'
}

many_rules()
{
	local n=$((VNET_SLOW == 1 ? 2000 : 20000)) i out

	red_network max-rules $n
	for ((i = 1; i <= n; i++)); do
		echo "r$i prio $((i % 65536)) egress src 10.$((i >> 16 & 255)).$((i >> 8 & 255)).$((i & 255)) drop"
	done >"$WORK/many"
	vq rule load red "$WORK/many"
	out=$(v -j rule test red egress udp 10.0.$((n >> 8)).$((n & 255)):1 10.0.0.2:2)
	check_eq "the last" "$(jq -r '.[0] | "\(.rule) \(.passed | length) \(.passed[0]) \(.passed[-1])"' <<<"$out")" \
		"r$n $((n - 1)) r1 r$((n - 1))"
	info "asked about $n rules"
}

# What is told as passed belongs to the verdict, whatever happens meanwhile.
churn()
{
	while :; do
		echo "rule add red first prio 1 egress proto tcp dport 1 drop"
		echo "rule add red second prio 2 egress proto tcp allow"
		echo "rule del red first"
		echo "rule del red second"
	done | vnetctl -b - >/dev/null 2>&1
}

# asked FILTER: many questions are all answered, each in a way that jq's filter knows
asked()
{
	local i out

	for i in $(seq $((VNET_SLOW == 1 ? 10 : 40))); do
		if out=$(vnetctl -j rule test red egress tcp 10.0.0.1:1 10.0.0.2:2 2>&1); then
			jq -e ".[0] | $1" <<<"$out" >/dev/null || fail "a verdict that never was: $out"
		else
			fail "not answered: $out"
		fi
	done
}

rules_that_change_meanwhile()
{
	red_network
	background churn
	asked 'if .rule == "second" then .passed == ["first"] or .passed == []
	       else .rule == "default-egress" and (.passed == ["first"] or .passed == []) end'
}

# More than one answer has room for: either all are read, or it is told how many are missing.
many_rules_that_change_meanwhile()
{
	local i

	red_network
	for i in $(seq 300); do
		echo "rule add red x$i prio 0 egress proto udp dport $i drop"
	done | v_batch
	asked '(.passed | length) == 300 and .passed_before == null and .passed[299] == "x300"'
	background churn
	# shellcheck disable=SC2016
	asked '.passed[-1] as $last | ((.passed | length) + (.passed_before // 0)) as $n |
	       if $last == "first" then $n == 301 else $last == "x300" and $n == 300 end'
}

ways_to_write_a_frame()
{
	red_network
	vq rule add red r prio 1 egress src 10.0.0.7 dst 10.0.0.9 proto tcp sport 40000 dport 443 drop
	vq rule add red six prio 2 egress src fd00::7 dst fd00::9 proto tcp sport 40000 dport 443 drop
	check_eq "short" "$(verdict egress from p1 tcp 10.0.0.7:40000 10.0.0.9:443)" "drop r"
	check_eq "another order" "$(verdict from p1 10.0.0.7:40000 egress 10.0.0.9:443 tcp)" "drop r"
	check_eq "in keywords" "$(verdict egress proto 6 dst 10.0.0.9 src 10.0.0.7 dport 443 sport 40000)" "drop r"
	check_eq "in both" "$(verdict egress tcp 10.0.0.7 10.0.0.9:443 sport 40000)" "drop r"
	check_eq "one address in its place" "$(verdict egress tcp dst 10.0.0.9 dport 443 10.0.0.7:40000)" "drop r"
	check_eq "IPv6" "$(verdict egress tcp [fd00::7]:40000 [fd00::9]:443)" "drop six"
	check_eq "IPv6 without a port" "$(verdict egress tcp fd00::7 [fd00::9] sport 40000 dport 443)" "drop six"
	check_eq "no rule" "$(verdict egress icmp 10.0.0.7 10.0.0.9)" "allow default-egress"
	check "at a drop too the status is 0" vnetctl rule test red egress tcp 10.0.0.7:40000 10.0.0.9:443
}

frames_that_make_no_sense()
{
	red_network
	check_err "no direction" 1 "missing: ingress" vnetctl rule test red tcp 10.0.0.1:1 10.0.0.2:2
	check_err "from of ingress" 1 "to, not from" vnetctl rule test red ingress from p1 tcp 10.0.0.1:1 10.0.0.2:2
	check_err "to of egress" 1 "from, not to" vnetctl rule test red to p1 egress tcp 10.0.0.1:1 10.0.0.2:2
	check_err "a third address" 1 "not known here" vnetctl rule test red egress tcp 10.0.0.1:1 10.0.0.2:2 10.0.0.3:3
	check_err "an address twice" 1 "not known here" vnetctl rule test red egress tcp 10.0.0.1:1 10.0.0.2:2 src 10.0.0.3
	check_err "two protocols" 1 "is given twice" vnetctl rule test red egress tcp udp 10.0.0.1:1 10.0.0.2:2
	check_err "half an address" 1 "is not an address" vnetctl rule test red egress tcp 10.0.0:1 10.0.0.2:2
	check_err "a prefix" 1 "is not an address" vnetctl rule test red egress tcp 10.0.0.0/8 10.0.0.2:2
	check_err "a port that is none" 1 "no port" vnetctl rule test red egress tcp 10.0.0.1:70000 10.0.0.2:2
	check_err "an open bracket" 1 "with a port such as" vnetctl rule test red egress tcp [fd00::1 10.0.0.2:2
	check_err "behind a bracket" 1 "with a port such as" vnetctl rule test red egress tcp [fd00::1]7 10.0.0.2:2
	check_err "a range" 1 "number" vnetctl rule test red egress tcp 10.0.0.1 10.0.0.2 sport 1-2 dport 2
	check_err "a flag that is none" 1 "no TCP flag" vnetctl rule test red egress tcp 10.0.0.1:1 10.0.0.2:2 tcp-flags syn,foo
	check_err "any part" 1 "first, later" vnetctl rule test red egress icmp 10.0.0.1 10.0.0.2 fragment any
	check_err "ARP of IPv6" 1 "is not IPv4" vnetctl rule test red egress ethertype arp arp-sender fd00::1 arp-target 10.0.0.1
	check_err "ND of IPv4" 1 "is not IPv6" vnetctl rule test red egress icmp6 fd00::1 fd00::2 icmp-type 135 nd-target 10.0.0.1
	refused "135, 136 or 137" rule test red egress icmp6 fd00::1 fd00::2 nd-target fd00::7
	refused "have a target" rule test red egress icmp6 fd00::1 fd00::2 icmp-type 133 nd-target fd00::7
	refused "protocol 58" rule test red egress udp [fd00::1]:1 [fd00::2]:2 icmp-type 135 nd-target fd00::7
	refused "source and a destination address" rule test red egress nd-target fd00::7
	refused "destination port" rule test red egress tcp 10.0.0.1 10.0.0.2:443
	refused "has a protocol" rule test red egress 10.0.0.1 10.0.0.2
	refused "source and a destination address" rule test red egress udp 10.0.0.1:1
	refused "sender and a target" rule test red egress arp 10.0.0.1
	refused "its ethertype" rule test red egress from p1
	refused "IPv4 and the other IPv6" rule test red egress icmp 10.0.0.1 fd00::1
	refused "protocol that has them" rule test red egress icmp 10.0.0.1:1 10.0.0.2:2
	refused "no network of this name" rule test absent egress icmp 10.0.0.1 10.0.0.2
}

# answers RULE WORDS...: which rule decides about the frame
answers()
{
	local want=$1; shift

	check_eq "$*" "$(v -j rule test red egress "$@" | jq -r '.[0].rule')" "$want"
}

states()
{
	red_network
	vq rule add red back prio 1 egress ct established,related drop
	vq rule add red odd prio 2 egress not ct new drop
	vq rule add red open prio 3 egress ct new drop
	answers open udp 10.0.0.1:1 10.0.0.2:2
	answers back udp 10.0.0.1:1 10.0.0.2:2 ct established
	answers odd tcp 10.0.0.1:1 10.0.0.2:2 ct invalid
	answers default-egress arp 10.0.0.1 10.0.0.2
	answers default-egress icmp6 fd00::1 ff02::1 icmp-type neighbour-solicitation
	refused "one state, not several" rule test red egress udp 10.0.0.1:1 10.0.0.2:2 ct new,established
}

default_policies_among_the_rules()
{
	red_network policy-ingress drop
	vq rule add red one prio 1 egress proto tcp drop
	probe from=h1,k=udp4,d=h2,x=- from=h1,k=tcp4,d=h2,x=-
	check_eq "with counters" "$(v -j -s rule show red | jq -r '[.[].name] | join(" ")')" "one default-ingress default-egress"
	check_eq "of one direction" "$(v -j -s rule show red ingress | jq -c '.[] | [.name, .action, .packets, .prio]')" \
		'["default-ingress","drop",7,null]'
	check_eq "without" "$(v -j rule show red | jq -r '[.[].name] | join(" ")')" "one"
	check_match "as text" "$(v -s rule show red)" "red +default-egress +- +egress +allow"
	check_match "the network" "$(v -s network show red)" "default-ingress: packets 7"
	vq network add blue policy-egress drop
	defer vnetctl network del blue
	check_eq "of all networks" "$(v -j -s rule show | jq -r '[.[] | .network + ":" + .name] | join(" ")')" \
		"red:one red:default-ingress red:default-egress blue:default-ingress blue:default-egress"
}

names_of_the_policies()
{
	red_network
	refused "name of a default policy" rule add red default-egress prio 1 egress drop
	refused "name of a default policy" rule add red default-ingress prio 1 egress drop
	echo "default-egress prio 1 egress drop" >"$WORK/set"
	refused "name of a default policy" rule load red "$WORK/set"
	vq rule add red default-egress1 prio 1 egress drop
}

run_tests
