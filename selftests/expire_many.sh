#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# expire_many.sh: a hundred thousand rules remove themselves at once: frames pass and commands are carried out
# meanwhile, and their memory is free again. VNET_RULES=N takes another number of them.
#
#   h1 10.0.0.1 -- p1 [ red ] p2 -- h2 10.0.0.2

. "$(dirname "$0")/lib.sh"

ALL_TESTS="
	they_go_under_traffic
	memory_comes_back
	the_network_goes_first"

RULES=${VNET_RULES:-$((VNET_SLOW == 1 ? 10000 : 100000))}
# Seconds that they live: they must all be there before the first one goes.
LIFE=$((VNET_SLOW == 1 ? 60 : 15))

setup()
{
	host h1 p1 02:00:00:00:00:01 10.0.0.1/24
	host h2 p2 02:00:00:00:00:02 10.0.0.2/24
	vq port add p1
	vq port add p2
	# of two kinds, so that the classifier has more than one table to take apart
	awk -v n="$RULES" -v life="$LIFE" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "r%d prio %d egress src 172.%d.%d.%d proto %s drop expires %ds\n", i, i % 100 + 10,
				16 + int(i / 65536), int(i / 256) % 256, i % 256, i % 2 ? "udp dport " i % 60000 + 1 : "tcp", life
		print "stays prio 5000 egress proto icmp allow"
	}' >"$WORK/rules"
}

red_network()
{
	with_network red max-rules 131072
	vq member add p1 network red
	vq member add p2 network red
	check "a ping" reach h1 10.0.0.2
}

rules()
{
	network_get red rules
}

load_all()
{
	local began

	began=$(now_ms)
	vq rule load red "$WORK/rules"
	info "$RULES rules loaded in $(($(now_ms) - began)) ms"
	check_eq "rules" "$(rules)" $((RULES + 1))
}

# wait_until_gone: tells how long it took from the first one to the last, and the longest that a command waited
wait_until_gone()
{
	local began='' end asked took longest=0 commands=0 left

	end=$(($(now_ms) + (LIFE + 120 * SLOWNESS) * 1000))
	while left=$(rules) && ((left > 1)); do
		(($(now_ms) < end)) || die "$left rules do not go"
		if ((left > RULES)); then
			sleep 0.02
			continue
		fi
		: "${began:=$(now_ms)}"
		asked=$(now_ms)
		vq network set red tenant "at-$asked"
		took=$(($(now_ms) - asked))
		commands=$((commands + 1))
		((took <= longest)) || longest=$took
	done
	GONE_MS=$(($(now_ms) - ${began:-$(now_ms)}))
	info "$RULES rules gone in $GONE_MS ms; $commands commands meanwhile, the slowest took $longest ms"
}

they_go_under_traffic()
{
	local pings

	red_network
	load_all
	background on h1 ping -n -q -i 0.01 -W $((2 * SLOWNESS)) 10.0.0.2 >"$WORK/ping" 2>&1
	wait_until_gone
	check "a ping behind them" reach h1 10.0.0.2
	kill -INT "$BG"
	wait "$BG"
	pings=$(tail -n 3 "$WORK/ping")
	info "$pings"
	check_match "pings" "$pings" "[0-9]+ packets transmitted"
	check_match "lost pings" "$pings" " 0% packet loss"
	check_num "pings" "$(sed -n 's/ packets transmitted.*//p' "$WORK/ping")" -ge 10
	check_eq "rules" "$(vnetctl -j rule show red | jq -r '[.[].name] | join(" ")')" stays
	check_num "hits of the one that stays" "$(rule_hits red stays)" -ge 20
	check_eq "drops" "$(all_drops p1) $(all_drops p2)" "0 0"
}

# memory KIND: kilobytes, as /proc/meminfo has them
memory()
{
	awk -v kind="$1:" '$1 == kind { print $2 }' /proc/meminfo
}

# is_freed KIND BEFORE FULL: all but a tenth of what the rules took, as allocators keep some
is_freed()
{
	(($(memory "$1") <= $2 + ($3 - $2) / 10))
}

memory_comes_back()
{
	local kind
	local -A before full

	# kmemleak tells there what is lost
	[ "$VNET_SLOW" = 1 ] && skip "too few rules to tell their memory from what allocators keep"
	red_network
	for kind in SUnreclaim Percpu; do
		before[$kind]=$(memory $kind)
	done
	load_all
	for kind in SUnreclaim Percpu; do
		full[$kind]=$(memory $kind)
	done
	check_num "memory of their counters" $((full[Percpu] - before[Percpu])) -ge $((RULES / 64))
	wait_until_gone
	for kind in SUnreclaim Percpu; do
		wait_for "$kind is free again" is_freed $kind ${before[$kind]} ${full[$kind]}
		info "$kind: ${before[$kind]} kB, with rules ${full[$kind]} kB, without $(memory $kind) kB"
	done
}

# Nobody waits for those that are about to go.
the_network_goes_first()
{
	local began

	red_network
	load_all
	busywait 60 is_fewer || die "they do not begin to go"
	began=$(now_ms)
	vq network del red
	info "the network went in $(($(now_ms) - began)) ms"
	check_eq "networks" "$(vnetctl -j network show | jq length)" 0
}

is_fewer()
{
	[ "$(rules)" -le $RULES ]
}

run_tests
