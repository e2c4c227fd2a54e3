#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# expire.sh: rules that remove themselves: when, who is told, and what happens to those that cannot wait for it.
#
#      h1            h2            h3
#   p1 |          p2 |          p3 |
#  +---o-------------o-------------o---+
#  |            network red            |
#  +-----------------------------------+

# shellcheck disable=SC2119,SC2154,SC2317
# shellcheck source=selftests/lib.sh
. "$(dirname "$0")/lib.sh"
# shellcheck source=selftests/lib_rules.sh
. "$(dirname "$0")/lib_rules.sh"
# shellcheck source=selftests/lib_monitor.sh
. "$(dirname "$0")/lib_monitor.sh"
# shellcheck source=selftests/lib_module.sh
. "$TESTDIR/lib_module.sh"

ALL_TESTS="
	it_goes_by_itself
	shown
	one_after_the_other
	begins_again
	promoted_in_time
	many_at_once
	not_as_long_as_it_cannot
	deleted_earlier
	network_goes_first
	namespace_goes_first
	refusals
	module_goes_first"

rules()
{
	network_get red rules
}

names()
{
	vnetctl -j rule show red | jq -r '[.[].name] | join(" ")'
}

left()
{
	vnetctl -j rule show red "$1" | jq -r '.[0].expires_in_ms | if . then . / 1000 else . end'
}

it_goes_by_itself()
{
	local generation

	red_network
	monitor -j monitor config
	vq rule add red d prio 10 egress proto udp dport 7 drop expires 2s
	vq rule add red stays prio 20 egress proto udp dport 8 drop
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,dport=7,d=h2,x=-
	hear '.event == "added" and .name == "d" and .expires_ms == 2000 and .expires_in_ms == null'
	generation=$(network_get red rules_generation)
	wait_for "the rule is gone" is_eq 1 rules
	hear '.event == "removed" and .object == "rule" and .network == "red" and .name == "d"'
	check_num "generation of the rules" "$(network_get red rules_generation)" -gt "$generation"
	expect_no_drop rule_egress p1 probe from=h1,k=udp4,dport=7,d=h2,x=h2
	expect_drop rule_egress=1 p1 probe from=h1,k=udp4,dport=8,d=h2,x=-
	refused "no rule of this name" rule show red d
	# its name is free again
	vq rule add red d prio 10 egress proto udp dport 7 drop
	check_eq "rules" "$(names)" "d stays"
}

shown()
{
	red_network
	vq rule add red a prio 1 egress allow expires 2h
	vq rule add red b prio 2 egress allow expires 90s
	vq rule add red c prio 3 egress allow expires never
	vq rule add red d prio 4 egress allow expires 3650d
	check_match "hours" "$(vnetctl rule show red a)" "expires 2h left (2h|1h59min)$"
	check_match "seconds" "$(vnetctl rule show red b)" "expires 90s left 1min(30|2[0-9])s$"
	check_match "none" "$(vnetctl rule show red c)" "allow$"
	check_match "years" "$(vnetctl rule show red d)" "expires 3650d left (3650d|3649d23h)$"
	check_eq "in JSON" "$(vnetctl -j rule show red | jq -c '[.[].expires_ms]')" "[7200000,90000,null,315360000000]"
	check_num "left" "$(left a)" -le 7200
	check_num "left" "$(left a)" -ge 7100
	check_eq "of one that stays" "$(left c)" null
}

one_after_the_other()
{
	red_network
	monitor -j monitor config
	# at once: a slow machine takes a second for each
	v_batch <<-END
		rule add red c prio 1 egress allow expires 4s
		rule add red a prio 2 egress allow expires 2s
		rule add red x prio 3 egress allow expires 1h
		rule add red b prio 4 egress allow expires 3s
	END
	wait_for "three are gone" is_eq x names
	hear '.event == "removed" and .name == "c"'
	check_eq "their order" "$(jq -r 'select(.event == "removed") | .name' <"$WORK/out" | tr '\n' ' ')" "a b c "
}

# begun START: the hour of `a` began again at START or later; the clock that is read here has whole seconds
begun()
{
	check_num "time left" "$(left a)" -ge $((3600 - (EPOCHSECONDS - $1) - 2))
}

begins_again()
{
	local start

	red_network
	vq rule add red a prio 1 egress proto udp allow expires 1h
	vq rule add red b prio 2 egress proto tcp allow
	probe from=h1,k=udp4,d=h2,n=3,x=h2
	wait_for "some seconds pass" is_ge 4 since a 3600
	start=$EPOCHSECONDS
	monitor -j monitor config
	check_eq "the same again is not unchanged" "$(v rule add red a prio 1 egress proto udp allow expires 1h)" ""
	hear '.event == "changed" and .name == "a"'
	begun $start
	check_eq "counters stay" "$(rule_hits red a)" 3
	check_match "the other one" "$(v rule add red b prio 2 egress proto tcp allow)" unchanged

	wait_for "some seconds pass" is_ge 4 since a 3600
	start=$EPOCHSECONDS
	check_eq "set is not unchanged" "$(v rule set red a prio 1 egress proto udp allow expires 1h)" ""
	begun $start
	wait_for "some seconds pass" is_ge 4 since a 3600
	start=$EPOCHSECONDS
	vq rule load red - <<-END
		a prio 1 egress proto udp allow expires 1h
		b prio 2 egress proto tcp allow
	END
	begun $start
	check_eq "counters stay" "$(rule_hits red a)" 3
	wait_for "some seconds pass" is_ge 4 since a 3600
	start=$EPOCHSECONDS
	vq rule load red - <<-END
		new prio 1 egress proto icmp allow
		a prio 1 egress proto udp allow expires 1h
	END
	begun $start
	check_eq "counters stay" "$(rule_hits red a)" 3

	refused "another body" rule add red a prio 1 egress proto udp allow expires 2h
	vq rule set red a prio 1 egress proto udp allow expires 1s
	wait_for "it is gone" is_eq new names
	vq rule set red new prio 1 egress proto icmp allow expires 1h
	vq rule set red new prio 1 egress proto icmp allow
	check_eq "it stays" "$(left new)" null
}

# since RULE SECONDS: so many have passed of them
since()
{
	echo $(($2 - $(left "$1")))
}

promoted_in_time()
{
	red_network
	vq rule add red d prio 1 egress proto udp dport 7 drop audit expires 1h
	vq rule add red e prio 1 egress proto udp dport 8 drop audit expires 3s
	wait_for "a second passes" is_ge 1 since d 3600
	vq rule promote red
	check_num "it is not renewed" "$(left d)" -lt 3600
	wait_for "the other one is gone" is_eq d names
}

# while they go, others are served
many_at_once()
{
	local i began

	red_network max-rules 20000
	{
		for ((i = 0; i < 5000; i++)); do
			echo "r$i prio 10 egress src 10.1.$((i >> 8)).$((i & 255)) drop expires 1s"
		done
		echo "stays prio 20 egress proto udp allow"
	} | vq rule load red -
	began=$(now_ms)
	while [ "$(rules)" -gt 1 ]; do
		(($(now_ms) - began < 30000 * SLOWNESS)) || { fail "they do not go"; break; }
		vq network set red tenant "at-$(now_ms)"
	done
	check_eq "rules" "$(names)" stays
	probe from=h1,k=udp4,d=h2,x=h2
	check_num "hits" "$(rule_hits red stays)" -ge 1
}

# what hides so many vague rules that lookups would take too long without it
not_as_long_as_it_cannot()
{
	local i

	red_network max-rules 2000
	{
		for ((i = 1; i <= 600; i++)); do
			echo "v$i prio 100 egress proto udp not dport $i allow"
		done
		echo "hides prio 1 egress proto udp allow expires 1s"
		echo "other prio 1 egress proto tcp allow expires 2s"
	} | vq rule load red -
	wait_for "the other one is gone" is_eq 601 rules
	wait_for "its time is over" is_ge 0 left hides
	check_match "it is still there" "$(names)" "^hides "
	for ((i = 1; i <= 100; i++)); do
		echo "rule del red v$i"
	done | v_batch
	wait_for "now it is gone" is_eq 500 rules
}

deleted_earlier()
{
	red_network
	vq rule add red a prio 1 egress allow expires 4s
	vq rule add red b prio 1 egress allow expires 4s
	vq rule del red a
	vq rule add red a prio 1 egress allow
	wait_for "the other one is gone" is_eq a names
	vq rule load red - <<<"c prio 1 egress allow expires 1s"
	vq rule load red - <<<"d prio 1 egress allow"
	vq rule add red e prio 1 egress allow expires 2s
	wait_for "the last one is gone" is_eq d names
}

network_goes_first()
{
	local i

	red_network
	for i in 1 2 3; do
		vq network add blue
		vq rule add blue a prio 1 egress allow expires 1s
		vq network del blue
	done
	vq network add blue
	vq rule add blue a prio 1 egress allow
	vq rule add red a prio 1 egress allow expires 1s
	wait_for "the time is over" is_eq 0 rules
	check_eq "a rule of that name in a network of that name" "$(network_get blue rules)" 1
	vq network del blue
}

namespace_goes_first()
{
	local i gone

	red_network
	for i in 1 2 3 4 5 6; do
		setup_ns gone
		vq -n "$gone" network add blue
		vq -n "$gone" rule add blue a prio 1 egress allow expires 1s
		# some go before, some while they are removed
		[ $i -gt 3 ] && busywait 10 is_eq 0 there "$gone" >/dev/null
		vq -n "$gone" rule add blue b prio 1 egress allow expires 1h
		remove_ns "$gone"
	done
	vq rule add red a prio 1 egress allow expires 1s
	wait_for "the time is over" is_eq 0 rules
}

# there NETNS: rules of blue there
there()
{
	vnetctl -n "$1" -j network show blue | jq '.[0].rules'
}

module_goes_first()
{
	find_module
	vq flush
	defer load_module
	for _ in 1 2 3; do
		vq network add red
		vq rule add red a prio 1 egress allow expires 1h
		vq rule add red b prio 1 egress allow expires 1s
		check "unload" rmmod vnet
		check "load" load_module
	done
	check_eq "networks" "$(v -j network show | jq length)" 0
}

refusals()
{
	red_network
	check_err "no unit" 1 "needs a unit: s, min, h or d" vnetctl rule add red a prio 1 egress allow expires 10
	check_err "no such unit" 1 "needs a unit" vnetctl rule add red a prio 1 egress allow expires 10ms
	check_err "half a second" 1 "whole number" vnetctl rule add red a prio 1 egress allow expires 0.5s
	check_err "too long" 1 "too large" vnetctl rule add red a prio 1 egress allow expires 3651d
	check_err "no time" 1 "needs a value" vnetctl rule add red a prio 1 egress allow expires
	check_eq "rules" "$(rules)" 0
	vq rule add red a prio 1 egress allow expires 1.5h
	check_eq "one and a half" "$(vnetctl -j rule show red a | jq '.[0].expires_ms')" 5400000
	vq rule add red b prio 1 egress allow expires 0s
	check_eq "0 is never" "$(left b)" null
}

run_tests
