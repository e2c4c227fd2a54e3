#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# nl_load.sh: a whole rule set is replaced at once: no frame sees a mixture, a bad entry changes nothing, counters stay.
#
#   h1 10.0.0.1 -- p1 [ red ] p2 -- h2 10.0.0.2 (allowed by both sets, at opposite ends), 10.0.0.3 (by none)

# shellcheck disable=SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"

ALL_TESTS="loads_and_counts swap_loses_nothing swap_leaks_nothing bad_line_changes_nothing bad_entry_changes_nothing
	   too_many_change_nothing unchanged_rules_keep_counters empty_set_removes_all load_while_rules_change"
RULES=1000

# noise FIRST PRIORITY: rules that match nothing of ours, FIRST and up
noise()
{
	local i

	for ((i = 0; i < RULES - 4; i++)); do
		echo "n$(($1 + i)) prio $(($2 + i)) egress src 198.18.$((i / 250)).$((i % 250)) proto udp drop"
	done
}

# allow PRIORITY: what the pings of swap_loses_nothing need
allow()
{
	echo "in1 prio $1 ingress dst 10.0.0.2 proto icmp allow"
	echo "out1 prio $1 egress dst 10.0.0.2 proto icmp allow"
	echo "in2 prio $1 ingress src 10.0.0.2 proto icmp allow"
	echo "out2 prio $1 egress src 10.0.0.2 proto icmp allow"
}

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24 10.0.0.3/24
	v_batch <<-END
		network add red up max-rules 2000
		port add p1 network red
		port add p2 network red
	END
	# no ARP in the rules: neighbours are known
	ip -n "$h1" neigh replace 10.0.0.2 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
	ip -n "$h1" neigh replace 10.0.0.3 lladdr 02:00:00:00:00:02 dev eth0 nud permanent
	ip -n "$h2" neigh replace 10.0.0.1 lladdr 02:00:00:00:00:01 dev eth0 nud permanent
	{ allow 1; noise 0 10; } >"$WORK/first"
	{ noise 5000 20000; allow 65000; } >"$WORK/last"
	{ echo "x1 prio 1 egress dst 10.0.0.3 drop"; noise 0 10; } >"$WORK/drop-first"
	{ noise 5000 20000; echo "x2 prio 65000 egress dst 10.0.0.3 drop"; } >"$WORK/drop-last"
}

rule_count()
{
	vnetctl -j rule show red | jq length
}

# swap SET SET PID: load them in turn while PID runs
swap()
{
	local n=0

	while kill -0 "$3" 2>/dev/null; do
		vq rule load red "$1"
		vq rule load red "$2"
		n=$((n + 1))
	done
	info "$((2 * n)) loads of $RULES rules under traffic"
	check_num "rounds" "$n" -ge 2
}

# received FILE: answers that a ping with -q counted
received()
{
	sed -n 's/.* \([0-9]*\) received.*/\1/p' "$1"
}

loads_and_counts()
{
	vq rule load red "$WORK/first"
	check_eq "rules" "$(rule_count)" "$RULES"
	check_eq "rules of the network" "$(network_get red rules)" "$RULES"
	check_eq "the first" "$(vnetctl -j rule show red | jq -r '.[0].prio')" 1
}

swap_loses_nothing()
{
	local pings=4000 pid

	[ "$VNET_SLOW" = 1 ] && pings=1500
	vq network set red policy-ingress drop policy-egress drop
	defer vnetctl network set red policy-ingress allow policy-egress allow
	vq rule load red "$WORK/first"
	check "the allowed host" reach h1 10.0.0.2
	check "the other host" no_reach h1 10.0.0.3
	on h1 ping -n -q -f -i 0.001 -c "$pings" -W $((2 * SLOWNESS)) 10.0.0.2 >"$WORK/ping" 2>&1 &
	pid=$!
	swap "$WORK/last" "$WORK/first" "$pid"
	check_eq "answers while sets are swapped" "$(received "$WORK/ping")" "$pings"
}

swap_leaks_nothing()
{
	local pings=2000 pid

	[ "$VNET_SLOW" = 1 ] && pings=600
	vq rule load red /dev/null
	check "without rules" reach h1 10.0.0.3
	vq rule load red "$WORK/drop-first"
	on h1 ping -n -q -i 0.002 -c "$pings" -W 1 10.0.0.3 >"$WORK/ping" 2>&1 &
	pid=$!
	swap "$WORK/drop-last" "$WORK/drop-first" "$pid"
	check_eq "answers while sets are swapped" "$(received "$WORK/ping")" 0
}

# changed_nothing WHAT STATUS REGEX FILE: loading FILE fails so and leaves the
# rules; STATUS 0: vnetctl or the kernel may find it
changed_nothing()
{
	local before status=$2

	before=$(vnetctl -j rule show red; network_get red rules_generation)
	if [ "$status" = 0 ]; then
		vnetctl rule load red "$4" >/dev/null 2>&1
		status=$?
		check_num "$1: exit status" $status -ge 1
		check_num "$1: exit status" $status -le 2
	fi
	check_err "$1" $status "$3" vnetctl rule load red "$4"
	check_eq "$1: the rules afterwards" \
		 "$(vnetctl -j rule show red; network_get red rules_generation)" "$before"
}

# what vnetctl finds itself is named with file and line
bad_line_changes_nothing()
{
	vq rule load red "$WORK/first"
	{ noise 0 10 | head -500; echo "bad prio 7 sideways drop"; noise 2000 10000 | head; } >"$WORK/bad"
	changed_nothing "a word that is none" 1 "bad:501" "$WORK/bad"
	{ noise 0 10 | head -20; echo "bad prio 70000 egress drop"; } >"$WORK/bad"
	changed_nothing "a priority out of range" 0 "." "$WORK/bad"
	changed_nothing "a file that is not there" 1 "no such file" "$WORK/absent"
}

# what only the kernel can find
bad_entry_changes_nothing()
{
	vq rule load red "$WORK/first"
	{ noise 0 10; echo "n0 prio 9 ingress drop"; } >"$WORK/bad"
	changed_nothing "a name twice" 2 "n0|name|twice|exist|duplicate" "$WORK/bad"
	{ noise 0 10; echo "bad prio 9 ingress src 10.0.0.1 dst fd00::1 drop"; } >"$WORK/bad"
	changed_nothing "two families" 0 "famil|IPv4|IPv6" "$WORK/bad"
	{ noise 0 10; echo "bad prio 9 ingress dev p1 vlan 77 drop"; } >"$WORK/bad"
	changed_nothing "a member that is not there" 2 "member" "$WORK/bad"
	{ echo "bad prio 9 ingress proto tcp icmp-type 8 drop"; noise 0 10; } >"$WORK/bad"
	changed_nothing "an ICMP type of TCP" 0 "icmp" "$WORK/bad"
}

too_many_change_nothing()
{
	vq rule load red "$WORK/first"
	{ noise 0 10; noise 3000 3000; noise 6000 6000; } >"$WORK/many"
	changed_nothing "more than max-rules" 2 "limit|max|many|2000" "$WORK/many"
	check_err "an unknown network" 2 "network|blue" vnetctl rule load blue "$WORK/first"
}

unchanged_rules_keep_counters()
{
	local before

	vq rule load red "$WORK/first"
	check "an answer" reach h1 10.0.0.2
	before=$(rule_hits red out1)
	check_num "hits" "$before" -ge 1
	{ allow 1; noise 3000 10; } >"$WORK/same"
	vq rule load red "$WORK/same"
	check_eq "hits of a rule that stayed" "$(rule_hits red out1)" "$before"
	{ allow 2; noise 3000 10; } >"$WORK/same"
	vq rule load red "$WORK/same"
	check_eq "hits of a rule that changed" "$(rule_hits red out1)" 0
}

empty_set_removes_all()
{
	vq rule load red "$WORK/first"
	printf '# nothing\n\n' >"$WORK/empty"
	vq rule load red "$WORK/empty"
	check_eq "rules" "$(rule_count)" 0
	vq rule load red - <"$WORK/last"
	check_eq "rules from standard input" "$(rule_count)" "$RULES"
}

# loads, additions and deletions at once: the count is right and nothing breaks
load_while_rules_change()
{
	local i pid

	vq rule load red "$WORK/first"
	on h1 ping -n -q -f -c $((VNET_SLOW ? 100 : 1000)) 10.0.0.2 >/dev/null 2>&1 &
	pid=$!
	for ((i = 0; i < 20; i++)); do
		vnetctl rule add red "extra$i" prio "$i" ingress src 10.9.9.9 drop >/dev/null 2>&1 &
		vq rule load red "$WORK/last"
		vnetctl rule del red "extra$i" if-exists >/dev/null &
		vq rule load red "$WORK/first"
	done
	wait "$pid"
	wait
	vq rule load red "$WORK/first"
	check_eq "rules" "$(rule_count)" "$RULES"
	check "an answer" reach h1 10.0.0.2
}

run_tests
