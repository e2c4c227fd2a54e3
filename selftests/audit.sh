#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# audit.sh: rules and directions in audit: what would happen is counted, nothing else happens; rule promote enforces.
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
	a_drop_in_audit_passes
	an_allow_in_audit_opens_nothing
	what_would_decide
	first_of_the_audited
	ingress_of_each_copy
	set_moves_a_rule_between_lanes
	load_with_audit
	bad_headers_and_audited_rules
	audited_rule_of_a_member
	promote_one
	promote_all
	promote_is_all_or_nothing
	promote_is_refused
	egress_in_audit
	ingress_in_audit
	network_in_audit
	direction_and_rule_in_audit
	bad_headers_in_audit
	held_frames_are_judged_again
	shown
	real_programs"

# frames N PORT: N frames from h1 to that port of h2, which arrive
frames()
{
	probe "from=h1,k=udp4,dport=$2,d=h2,n=$1,size=100,x=h2"
}

# lost N PORT: which do not
lost()
{
	probe "from=h1,k=udp4,dport=$2,d=h2,n=$1,size=100,x=-"
}

audit_hits()
{
	network_get red "audit_$1_stats.${2:-packets}"
}

rule_get()
{
	vnetctl -j rule show red "$1" | jq -r ".[0].$2"
}

a_drop_in_audit_passes()
{
	red_network
	vq rule add red d prio 10 egress proto udp dport 7 drop audit
	expect_no_drop rule_egress p1 frames 5 7
	expect_no_drop rule_egress p1 frames 3 8
	check_eq "what it would have dropped" "$(rule_hits red d)" 5
	check_eq "its bytes" "$(rule_hits red d bytes)" 500
	check_eq "by the policy" "$(policy_hits red egress)" 11
	check_eq "thanks to a direction in audit" "$(audit_hits egress)" 0
	vq rule set red d prio 10 egress proto udp dport 7 drop
	expect_drop rule_egress=2 p1 lost 2 7
	check_eq "hits of another body" "$(rule_hits red d)" 2
}

an_allow_in_audit_opens_nothing()
{
	red_network policy-egress drop
	vq rule add red a prio 10 egress proto udp dport 7 allow audit
	expect_drop policy_egress=4 p1 lost 4 7
	check_eq "what it would have let through" "$(rule_hits red a)" 4
	vq rule add red d prio 20 egress proto udp drop
	expect_drop rule_egress=3 p1 lost 3 7
	check_eq "hits in front of a rule that drops" "$(rule_hits red a)" 7
	check_eq "hits of that rule" "$(rule_hits red d)" 3
}

# an enforced rule that comes first leaves nothing to decide
what_would_decide()
{
	red_network
	vq rule add red first prio 10 egress proto udp dport 7 allow
	vq rule add red late prio 20 egress proto udp drop audit
	frames 2 7
	frames 3 8
	check_eq "hits of the first" "$(rule_hits red first)" 2
	check_eq "hits of what comes later" "$(rule_hits red late)" 3
	vq rule set red late prio 5 egress proto udp drop audit
	frames 4 7
	check_eq "hits of the one behind it" "$(rule_hits red first)" 6
	check_eq "hits when it comes first" "$(rule_hits red late)" 4
	# among equals the older one
	vq rule set red late prio 10 egress proto udp drop audit
	frames 1 7
	check_eq "hits of the older one" "$(rule_hits red first)" 7
	check_eq "hits of the younger one" "$(rule_hits red late)" 0
	vq rule del red first
	vq rule add red first prio 10 egress proto udp dport 7 allow
	frames 1 7
	check_eq "hits of the older one" "$(rule_hits red late)" 1
	check_eq "hits of the one that decides" "$(rule_hits red first)" 1
}

first_of_the_audited()
{
	red_network
	vq rule add red a prio 10 egress proto udp dport 7 drop audit
	vq rule add red b prio 20 egress proto udp drop audit
	frames 3 7
	frames 2 8
	check_eq "hits of the first" "$(rule_hits red a)" 3
	check_eq "hits of the second" "$(rule_hits red b)" 2
}

ingress_of_each_copy()
{
	red_network
	vq rule add red d prio 10 ingress dst-mac ff:ff:ff:ff:ff:ff drop audit
	vq rule add red e prio 10 ingress dev p3 dst-mac ff:ff:ff:ff:ff:ff drop
	expect_drop rule_ingress=2 p3 probe from=h1,k=bcast,d=ff:ff:ff:ff:ff:ff,n=2,x=h2
	check_eq "copies that it would have dropped" "$(rule_hits red d)" 4
	check_eq "copies that the other one dropped" "$(rule_hits red e)" 2
}

set_moves_a_rule_between_lanes()
{
	red_network
	vq rule add red r prio 10 egress proto udp dport 7 drop
	expect_drop rule_egress=1 p1 lost 1 7
	vq rule set red r prio 10 egress proto udp dport 7 drop audit
	frames 1 7
	check_match "the same again" "$(v rule set red r prio 10 egress proto udp dport 7 drop audit)" unchanged
	refused "another body" rule add red r prio 10 egress proto udp dport 7 drop
	vq rule set red r prio 10 ingress proto udp dport 7 drop audit
	frames 1 7
	check_eq "hits the other way" "$(rule_hits red r)" 1
	vq rule set red r prio 10 ingress proto udp dport 7 drop
	expect_drop rule_ingress=1 p2 lost 1 7
	vq rule del red r
	frames 1 7
}

load_with_audit()
{
	local rules="a prio 1 egress proto udp dport 7 drop audit
		b prio 2 egress proto udp dport 8 drop
		c prio 3 ingress proto udp dport 9 drop audit"

	red_network
	vq rule load red - <<<"$rules"
	frames 2 7
	expect_drop rule_egress=3 p1 lost 3 8
	frames 4 9
	check_eq "hits" "$(rule_hits red a) $(rule_hits red b) $(rule_hits red c)" "2 3 4"
	# what stays as it is keeps its counters; audit is a part of it
	vq rule load red - <<<"${rules/dport 7 drop audit/dport 7 drop}"
	expect_drop rule_egress=1 p1 lost 1 7
	check_eq "hits" "$(rule_hits red a) $(rule_hits red b) $(rule_hits red c)" "1 3 4"
	vq rule load red - </dev/null
	frames 1 7
}

# rules that decide nothing do not drop what they cannot read
bad_headers_and_audited_rules()
{
	red_network
	vq rule add red d prio 10 egress proto tcp dport 80 drop audit
	expect_no_drop bad_headers p1 probe from=h1,k=tcp4,d=h2,cut=12,x=h2
	check_eq "hits" "$(rule_hits red d)" 0
	vq rule add red e prio 20 egress proto tcp dport 81 drop
	expect_drop bad_headers=1 p1 probe from=h1,k=tcp4,d=h2,cut=12,x=-
}

audited_rule_of_a_member()
{
	red_network
	vq rule add red d prio 10 egress dev p1 proto udp drop audit
	frames 2 7
	probe from=h3,k=udp4,d=h2,x=h2
	check_eq "hits" "$(rule_hits red d)" 2
	vq member del p1
	vq rule promote red d
	vq member add p1 network red
	expect_drop rule_egress=1 p1 lost 1 7
	check_eq "hits" "$(rule_hits red d)" 1
}

promote_one()
{
	local before

	red_network
	vq rule add red d prio 10 egress proto udp dport 7 drop audit
	vq rule add red a prio 10 egress proto udp drop audit
	frames 2 7
	frames 1 8
	before=$(network_get red rules_generation)
	monitor -j monitor config
	vq rule promote red d
	hear '.event == "changed" and .object == "rule" and .name == "d" and .audit == false'
	check_num "generation of the rules" "$(network_get red rules_generation)" -gt "$before"
	check_eq "counters begin again" "$(rule_hits red d)" 0
	check_eq "in audit" "$(rule_get d audit) $(rule_get a audit)" "false true"
	expect_drop rule_egress=3 p1 lost 3 7
	expect_no_drop rule_egress p1 frames 1 8
	check_eq "hits" "$(rule_hits red d) $(rule_hits red a)" "3 2"
	check_match "again" "$(v rule promote red d)" unchanged
	check_eq "its place" "$(vnetctl -j rule show red | jq -r '[.[].name] | join(" ")')" "d a"
	check_eq "again, in JSON" "$(vnetctl -j rule promote red d | jq -c .)" '[{"unchanged":true}]'
}

promote_all()
{
	red_network
	vq rule add red a prio 10 egress proto udp dport 7 drop audit
	vq rule add red b prio 20 ingress proto udp dport 8 drop audit
	vq rule add red c prio 30 egress proto udp dport 9 drop
	vq rule add red w prio 40 egress proto udp dport 10 drop audit expires 1h
	frames 1 7
	frames 1 8
	monitor -j monitor config
	check_eq "promoted" "$(vnetctl -j rule promote red | jq -r '.[0].promoted')" 3
	hear '.event == "loaded" and .object == "rule" and .network == "red" and .rules == 4'
	expect_drop rule_egress=2 p1 lost 2 7
	expect_drop rule_ingress=2 p2 lost 2 8
	expect_drop rule_egress=1 p1 lost 1 10
	check_eq "hits" "$(rule_hits red a) $(rule_hits red b) $(rule_hits red w)" "2 2 1"
	check_eq "in audit" "$(vnetctl -j rule show red | jq -r '[.[].audit] | any')" false
	check_num "the time that one has left" "$(rule_get w expires_in_ms)" -gt 3000000
	check_match "again" "$(v rule promote red)" unchanged
	vq rule add red x prio 50 egress proto udp drop audit
	check_match "in text" "$(v rule promote red)" "^1 rules promoted$"
}

# vague_rules FIRST LAST WORDS...: which only inverted fields tell apart; 512 of them are as many as lookups take
vague_rules()
{
	local i

	for ((i = $1; i <= $2; i++)); do
		echo "v$i prio 100 egress proto udp not dport $i" "${@:3}"
	done
}

promote_is_all_or_nothing()
{
	red_network max-rules 2000
	{
		vague_rules 1 500 allow
		vague_rules 501 600 drop audit
		echo "one prio 1 egress proto udp dport 7 drop audit"
	} | vq rule load red -
	refused "too many rules overlap" rule promote red
	check_eq "still in audit" "$(vnetctl -j rule show red | jq '[.[] | select(.audit)] | length')" 101
	expect_no_drop rule_egress p1 frames 1 7
	check_eq "and counting" "$(rule_hits red one)" 1
	vq rule promote red one
	expect_drop rule_egress=1 p1 lost 1 7
}

promote_is_refused()
{
	red_network
	refused "no rule of this name" rule promote red none
	refused "no network of this name" rule promote nowhere
	check_err "no network" 1 "NETWORK" vnetctl rule promote
	check_err "a word too many" 1 . vnetctl rule promote red a b
	check_eq "nothing to promote" "$(vnetctl rule promote red)" unchanged
}

egress_in_audit()
{
	red_network audit egress
	vq rule add red d prio 10 egress proto udp dport 7 drop
	vq rule add red i prio 10 ingress proto udp dport 8 drop
	expect_no_drop rule_egress p1 frames 4 7
	check_eq "the rule would have dropped" "$(rule_hits red d)" 4
	check_eq "they passed by audit alone" "$(audit_hits egress) $(audit_hits egress bytes)" "4 400"
	expect_drop rule_ingress=2 p2 lost 2 8
	vq network set red policy-egress drop
	expect_no_drop policy_egress p1 frames 3 9
	check_eq "by the policy too" "$(audit_hits egress)" 7
	check_eq "the other way" "$(audit_hits ingress)" 0
	vq network set red audit none
	expect_drop policy_egress=1 p1 lost 1 9
	expect_drop rule_egress=1 p1 lost 1 7
	check_eq "no more" "$(audit_hits egress)" 7
}

ingress_in_audit()
{
	red_network policy-ingress drop audit ingress
	vq rule add red d prio 10 ingress dev p2 drop
	probe from=h1,k=bcast,d=ff:ff:ff:ff:ff:ff,x=h2+h3
	check_eq "the rule would have dropped" "$(rule_hits red d)" 1
	check_eq "copies that passed by audit alone" "$(audit_hits ingress)" 8
	vq network set red audit egress
	expect_drop rule_ingress=1 p2 lost 1 9
}

network_in_audit()
{
	red_network policy-ingress drop policy-egress drop audit both
	expect_no_drop policy_egress p1 frames 3 7
	check_eq "policies" "$(policy_hits red ingress) $(policy_hits red egress)" "9 6"
	check_eq "passed by audit alone" "$(audit_hits ingress) $(audit_hits egress)" "9 6"
	vq network set red audit ingress
	expect_drop policy_egress=2 p1 lost 2 7
	check_match "no change" "$(v network set red audit ingress)" unchanged
}

# a rule in audit does not decide even where nothing is enforced
direction_and_rule_in_audit()
{
	red_network audit both
	vq rule add red a prio 10 egress proto udp dport 7 drop audit
	vq rule add red d prio 20 egress proto udp dport 7 drop
	frames 2 7
	check_eq "would decide" "$(rule_hits red a)" 2
	check_eq "would drop" "$(rule_hits red d)" 2
	check_eq "passed by audit alone" "$(audit_hits egress)" 2
}

bad_headers_in_audit()
{
	red_network audit egress
	vq rule add red d prio 10 egress proto tcp dport 80 drop
	expect_no_drop bad_headers p1 probe from=h1,k=tcp4,d=h2,cut=12,x=h2
	check_eq "passed by audit alone" "$(audit_hits egress)" 1
	check_eq "hits" "$(rule_hits red d)" 0
}

# what a class holds goes by the rules of the moment when it is let go
held_frames_are_judged_again()
{
	local held

	red_network audit egress
	vq class add red slow rate 8kbit burst 1514b delay-limit none
	vq member set p1 class-egress slow
	vq rule add red d prio 10 egress proto udp dport 7 drop
	send_frames from=h1,k=udp4,dport=7,d=h2,n=10,size=1000
	wait_for "some are held" is_ge 5 class_stat red slow egress queued_packets
	vq network set red audit none
	held=$(class_stat red slow egress queued_packets)
	vq class set red slow rate 100mbit ceil 100mbit
	wait_for "none is held" is_eq 0 class_stat red slow egress queued_packets
	wait_for "they are dropped" is_ge $((held - 1)) drops p1 rule_egress
}

shown()
{
	red_network audit ingress log-rate 5kpps
	vq rule add red d prio 10 egress drop audit
	vq rule add red a prio 20 egress allow
	check_match "a rule in audit" "$(vnetctl rule show red d)" "drop +audit$"
		check_not "the other one" grep -q audit <<<"$(vnetctl rule show red a)"
	check_eq "in JSON" "$(vnetctl -j rule show red | jq -c '[.[].audit]')" "[true,false]"
	check_match "a network" "$(vnetctl network show red)" "audit ingress log-rate 5kpps"
	check_eq "in JSON" "$(vnetctl -j network show red | jq -c '.[0] | [.audit, .log_rate]')" '["ingress",5000]'
	check_match "counters" "$(vnetctl -s network show red)" "ingress audit"
	check_err "not a direction" 1 "none, ingress, egress or both" vnetctl network set red audit on
	check_err "no rate" 1 "too small" vnetctl network set red log-rate 0pps
	check_err "no unit" 1 "needs a unit" vnetctl network set red log-rate 100
	vq network add also audit none
	vq network del also
}

real_programs()
{
	local server

	need socat
	with_network red
	host ra pra 02:00:00:00:00:0a 10.0.0.10/24
	host rb prb 02:00:00:00:00:0b 10.0.0.11/24
	vq port add pra network red
	vq port add prb network red
	background on rb socat TCP-LISTEN:80,reuseaddr,fork SYSTEM:'echo hello'
	wait_for "the server" on rb sh -c 'ss -Hltn "sport = :80" | grep -q .'
	vq rule add red ping prio 1 ingress dev prb proto icmp icmp-type echo-request drop audit
	vq rule add red web prio 2 ingress dev prb proto tcp dport 80 drop audit
	check "ping" reach ra 10.0.0.11
	check_eq "echo requests" "$(rule_hits red ping)" 1
	server=TCP:10.0.0.11:80,connect-timeout=$((5 * SLOWNESS))
	check_eq "web" "$(on ra socat -T $((5 * SLOWNESS)) - "$server" </dev/null)" hello
	check_num "segments" "$(rule_hits red web)" -ge 3
	vq rule promote red
	expect_drop rule_ingress=3 prb no_reach ra 10.0.0.11
	expect_drop rule_ingress prb sh -c "! nsenter --net=/run/netns/$ra socat - TCP:10.0.0.11:80,connect-timeout=1 </dev/null"
	check_eq "echo requests" "$(rule_hits red ping)" 3
	vq network set red audit ingress
	check "ping" reach ra 10.0.0.11
}

run_tests
